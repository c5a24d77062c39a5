package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// A batch is committed when nobody is in the queue, and at the latest after so
// many writes or so much time, so that the first of them does not wait for ever.
const (
	batchWrites = 256
	batchTime   = 20 * time.Millisecond
)

// mode says how a writer shares the database with others.
type mode int

const (
	shared mode = iota // several may share a commit
	alone              // a commit of its own
	schema             // alone, and foreign keys are not looked at
)

// writer lets one goroutine at a time write to SQLite. Those that wait meanwhile
// are let in one after another to the same transaction, each behind a savepoint,
// and the last one commits for all: one wait for the disk instead of many. Each
// runs its own function in its own goroutine, so a panic stays where it belongs.
type writer struct {
	pool *sqlx.DB // one connection

	mu    sync.Mutex // guards the following
	taken bool       // somebody has the turn
	queue []*ticket
}

// ticket is a place in the queue.
type ticket struct {
	mode mode
	turn chan *batch // holds the turn, with the batch to join
}

// batch is a transaction that several share.
type batch struct {
	conn  *sqlx.Conn    // nil until somebody begins
	mode  mode          // of whoever began
	kept  int           // writes that wait for the commit
	since time.Time     // when the first of them began to wait
	done  chan struct{} // closed after the commit
	err   error         // of the commit
}

// write runs f when its turn comes and returns once its work is on disk.
func (w *writer) write(ctx context.Context, m mode, f func(*session) error) error {
	b, err := w.enter(ctx, m)
	if err != nil {
		return err
	}
	if err := w.join(ctx, b, m, f); err != nil {
		return err
	}
	<-b.done
	if b.kept > 1 && Refused(b.err) {
		// A deferred foreign key of one of us; alone, each learns whether it is theirs.
		return w.write(ctx, alone, f)
	}
	return b.err
}

// enter waits for the turn. It fails when ctx is over first.
func (w *writer) enter(ctx context.Context, m mode) (*batch, error) {
	t := &ticket{m, make(chan *batch, 1)}
	w.mu.Lock()
	if !w.taken {
		w.taken = true
		t.turn <- newBatch()
	} else {
		w.queue = append(w.queue, t)
	}
	w.mu.Unlock()
	select {
	case b := <-t.turn:
		if err := ctx.Err(); err != nil {
			w.leave(b)
			return nil, err
		}
		return b, nil
	case <-ctx.Done():
		w.giveUp(t)
		return nil, ctx.Err()
	}
}

func newBatch() *batch { return &batch{done: make(chan struct{})} }

// giveUp takes t out of the queue, or passes the turn on if it has just come.
func (w *writer) giveUp(t *ticket) {
	w.mu.Lock()
	i := slices.Index(w.queue, t)
	if i >= 0 {
		w.queue = slices.Delete(w.queue, i, i+1)
	}
	w.mu.Unlock()
	if i < 0 {
		w.leave(<-t.turn)
	}
}

// join runs f inside b and passes the turn on, also when f panics.
func (w *writer) join(ctx context.Context, b *batch, m mode, f func(*session) error) error {
	defer w.leave(b)
	if b.conn == nil {
		if err := b.begin(ctx, w.pool, m); err != nil {
			return err
		}
	}
	return b.run(f)
}

// leave passes the turn on: inside the same batch if it may, or else after the
// commit.
func (w *writer) leave(b *batch) {
	if t := w.next(b); t != nil {
		t.turn <- b
		return
	}
	b.commit()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		w.taken = false
		return
	}
	w.pop().turn <- newBatch()
}

// next returns who may join b, or nil when b is to be committed first.
func (w *writer) next(b *batch) *ticket {
	w.mu.Lock()
	defer w.mu.Unlock()
	full := b.kept >= batchWrites || b.kept > 0 && time.Since(b.since) > batchTime
	if b.conn == nil || b.mode != shared || full || len(w.queue) == 0 || w.queue[0].mode != shared {
		return nil
	}
	return w.pop()
}

func (w *writer) pop() *ticket {
	t := w.queue[0]
	w.queue = slices.Delete(w.queue, 0, 1)
	return t
}

func (b *batch) begin(ctx context.Context, pool *sqlx.DB, m mode) error {
	conn, err := pool.Connx(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	b.conn, b.mode = conn, m
	if err := b.exec(beginAs[m]); err != nil {
		b.end(nil)
		var e sqlite3.Error
		if errors.As(err, &e) && e.Code == sqlite3.ErrBusy {
			err = ErrBusy
		}
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

// SQLite does not hear of foreign keys inside a transaction.
var beginAs = [...]string{
	shared: `BEGIN IMMEDIATE`,
	alone:  `BEGIN IMMEDIATE`,
	schema: `PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE`,
}

// run runs f so that only its own work is undone when it fails.
func (b *batch) run(f func(*session) error) (err error) {
	if b.kept > 0 {
		if err := b.exec(`SAVEPOINT share`); err != nil {
			return err
		}
	}
	kept := false
	defer func() {
		if !kept {
			b.undo()
		}
	}()
	if err := f(&session{q: b.conn, engine: SQLite, conn: b.conn}); err != nil {
		return err
	}
	if b.kept > 0 {
		if err := b.exec(`RELEASE share`); err != nil {
			return err
		}
	}
	kept = true
	if b.kept++; b.kept == 1 {
		b.since = time.Now()
	}
	return nil
}

func (b *batch) exec(text string) error {
	_, err := b.conn.ExecContext(context.Background(), text)
	return err
}

// undo takes back what the present writer did. When that cannot be done alone, the
// whole batch is lost, and all who wait for it are told.
func (b *batch) undo() {
	if b.kept == 0 {
		b.end(nil)
		return
	}
	if err := firstError(b.exec(`ROLLBACK TO share`), b.exec(`RELEASE share`)); err != nil {
		b.end(fmt.Errorf("commit: undone with the failure of another: %w", err))
	}
}

// end gives up the transaction and the connection.
func (b *batch) end(err error) {
	if inTransaction(b.conn) {
		err = firstError(err, b.exec(`ROLLBACK`))
	}
	b.release(err)
}

func (b *batch) release(err error) {
	if b.mode == schema { // the next connection looks at foreign keys again
		b.conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	b.conn.Close()
	b.conn, b.err = nil, err
}

func (b *batch) commit() {
	defer close(b.done)
	if b.conn == nil {
		return
	}
	if err := b.exec(`COMMIT`); err != nil {
		b.end(fmt.Errorf("commit: %w", err))
		return
	}
	b.release(nil)
}
