package db

import (
	"context"
	"fmt"
	"time"

	"pilveturg/models"
)

// Tx is a transaction that writes, on behalf of Actor, at the moment Now (UTC,
// whole seconds). A function that takes a *Tx changes data; one that takes a
// [Reader] does not. It is for one goroutine, and only until the function it was
// given to returns.
type Tx struct {
	session
	Actor models.Actor
	Now   models.Time

	piles []pile // of what is written just before the commit
	after []func()
}

// Write runs f in a transaction on behalf of actor, and commits it unless f fails
// or panics. When it returns nil, the changes are on disk.
//
// f may be run more than once, when the database asks for it, so it changes
// nothing outside but what it overwrites each time; see also [Tx.AfterCommit].
// On SQLite, calls that wait for each other share one commit. An error of the
// commit comes from Write as well; it is [ErrBusy] when another program does not
// let go of the file.
func (d *DB) Write(ctx context.Context, actor models.Actor, f func(*Tx) error) error {
	return d.write(ctx, actor, shared, f)
}

// WriteAlone is [DB.Write] for long work, such as an import: it shares its commit
// with nobody. On SQLite all other writers wait until it is done.
func (d *DB) WriteAlone(ctx context.Context, actor models.Actor, f func(*Tx) error) error {
	return d.write(ctx, actor, alone, f)
}

func (d *DB) write(ctx context.Context, actor models.Actor, m mode, f func(*Tx) error) error {
	var tx *Tx
	run := func(s *session) error {
		tx = &Tx{session: *s, Actor: actor, Now: models.Time{Time: d.Now().UTC().Truncate(time.Second)}}
		defer tx.end()
		if err := f(tx); err != nil {
			return err
		}
		if err := tx.writePiles(ctx); err != nil {
			return err
		}
		return tx.dead // f may have overlooked it
	}
	if err := d.transact(ctx, m, run); err != nil {
		return err
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

func (d *DB) transact(ctx context.Context, m mode, f func(*session) error) error {
	if d.writer != nil {
		return d.writer.write(ctx, m, f)
	}
	return d.writePostgres(ctx, f)
}

// Exec runs a statement and returns the number of rows it changed. See [Taken]
// and [Refused] for its errors.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, err := t.ready(ctx)
	if err != nil {
		return 0, err
	}
	res, err := t.q.ExecContext(ctx, bind(t.engine, query), args...)
	if err != nil {
		return 0, t.check(err)
	}
	return res.RowsAffected()
}

// Try runs f so that, when f fails, what it wrote is undone and the transaction
// can go on: on PostgreSQL a statement that fails spoils it otherwise. It returns
// the error of f.
func (t *Tx) Try(ctx context.Context, f func() error) error {
	if err := t.exec(ctx, `SAVEPOINT part`); err != nil {
		return err
	}
	hooks, gathered := len(t.after), t.pileSizes()
	kept := false
	defer func() {
		if !kept {
			t.after = t.after[:hooks]
			t.cutPiles(gathered)
			t.takeBack(context.WithoutCancel(ctx))
		}
	}()
	if err := f(); err != nil {
		return err
	}
	if err := t.exec(ctx, `RELEASE SAVEPOINT part`); err != nil {
		return err
	}
	kept = true
	return nil
}

// takeBack undoes a part. If it cannot, the rest is not to be committed either.
func (t *Tx) takeBack(ctx context.Context) {
	const q = `ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part`
	if err := t.exec(ctx, q); err != nil && t.dead == nil {
		t.dead = fmt.Errorf("undo a part of the transaction: %w", err)
	}
}

// AfterCommit has f run once the transaction is on disk, and not at all if it is
// undone. Those of one transaction run in order; those of different transactions
// in any order and at once, so an f that refreshes something reads it anew under
// its own lock.
func (t *Tx) AfterCommit(f func()) { t.after = append(t.after, f) }
