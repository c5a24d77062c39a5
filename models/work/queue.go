package work

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// State says where a letter stands.
type State string

// The states of a letter.
const (
	waiting State = "waiting"
	sending State = "sending"
	sent    State = "sent"
	failed  State = "failed"
	dropped State = "dropped"
)

// States lists the states, those that need somebody first.
func States() []State { return []State{failed, waiting, sending, sent, dropped} }

const (
	letterRetried audit.Action = "letter.retried"
	letterDropped audit.Action = "letter.dropped"
)

// Entry is a letter as administrators see it: all about it, but not what it says.
type Entry struct {
	ID      int64       `db:"id" json:"id"`
	Kind    Kind        `db:"kind" json:"kind"`
	Mail    string      `db:"mail" json:"mail"`
	State   State       `db:"state" json:"state"`
	Tries   int         `db:"tries" json:"tries"`
	Created models.Time `db:"created_at" json:"created_at"`
	Next    models.Time `db:"next_at" json:"next_at"`   // when it is tried; zero: with the next digests
	Ended   models.Time `db:"ended_at" json:"ended_at"` // zero: not yet
	Error   string      `db:"last_error" json:"error"`  // of the last try
	Kept    bool        `db:"kept" json:"kept"`         // what it says is not forgotten
}

// Waits reports whether the letter is still to go out.
func (e Entry) Waits() bool { return e.State == waiting }

// May says what can be done about the letter: [Retry] and [Drop].
func (e Entry) May() (retry, drop bool) {
	again := e.State == waiting && e.Tries > 0 || e.State == failed || e.State == dropped
	return again && e.Kept && !e.Next.IsZero(), e.State == waiting || e.State == failed
}

// Queue returns a page of the letters in a state, "" for all, the newest first.
// It is for administrators.
func Queue(ctx context.Context, r db.Reader, s State, p models.Page) ([]Entry, error) {
	q := `/* work.Queue */
		SELECT id, kind, mail, state, tries, created_at, next_at, ended_at, last_error, args <> '' AS kept FROM outbox`
	var args []any
	if s != "" {
		q, args = q+` WHERE state = ?`, append(args, s)
	}
	var all []Entry
	if err := r.Select(ctx, &all, q+` ORDER BY id DESC LIMIT ? OFFSET ?`, append(args, p.Size, p.Offset())...); err != nil {
		return nil, fmt.Errorf("queue of letters: %w", err)
	}
	return all, nil
}

// CountQueue counts the letters by state.
func CountQueue(ctx context.Context, r db.Reader) (map[State]int, error) {
	var rows []struct {
		State State `db:"state"`
		N     int   `db:"n"`
	}
	if err := r.Select(ctx, &rows, `/* work.CountQueue */ SELECT state, COUNT(*) AS n FROM outbox GROUP BY state`); err != nil {
		return nil, fmt.Errorf("queue of letters: %w", err)
	}
	n := map[State]int{}
	for _, w := range rows {
		n[w.State] = w.N
	}
	return n, nil
}

// Backlog is what of the letters an administrator should know of.
type Backlog struct {
	Failed       int         `db:"failed"`        // that could not be sent
	FailedSince  models.Time `db:"failed_since"`  // when the oldest of them was given up
	Waiting      int         `db:"waiting"`       // that should have gone by now
	WaitingSince models.Time `db:"waiting_since"` // since when the oldest of them waits
}

// FindBacklog counts the letters that failed, and those that should have gone by now.
// Daily letters that gather notices are none of them.
func FindBacklog(ctx context.Context, r db.Reader, now models.Time) (b Backlog, err error) {
	const gave, late = ` FROM outbox WHERE state = 'failed'`, ` FROM outbox WHERE state IN ('waiting', 'sending') AND next_at <= ?`
	const q = `/* work.FindBacklog */ SELECT
		(SELECT COUNT(*)` + gave + `) AS failed, (SELECT MIN(ended_at)` + gave + `) AS failed_since,
		(SELECT COUNT(*)` + late + `) AS waiting, (SELECT MIN(created_at)` + late + `) AS waiting_since`
	if err := r.Get(ctx, &b, q, now, now); err != nil {
		return b, fmt.Errorf("backlog of letters: %w", err)
	}
	return b, nil
}

// Retry lets a letter that failed, waits for its next try or was dropped go out at
// once, with all its tries before it. It fails with [models.ErrConflict] when it is
// on its way, has gone, or what it says is forgotten. Only administrators and
// commands retry.
func Retry(ctx context.Context, tx *db.Tx, id int64) error {
	const q = `
		UPDATE outbox SET state = 'waiting', next_at = ?, tries = 0, ended_at = NULL
		WHERE id = ? AND state IN ('waiting', 'failed', 'dropped') AND args <> '' AND next_at IS NOT NULL`
	return settle(ctx, tx, id, letterRetried, waiting, q, tx.Now, id)
}

// RetryAll is [Retry] for all letters that failed; it returns how many there were.
func RetryAll(ctx context.Context, tx *db.Tx) (int, error) {
	var ids []int64
	const q = `/* work.RetryAll */ SELECT id FROM outbox WHERE state = 'failed' AND args <> '' ORDER BY id`
	if err := tx.Select(ctx, &ids, q); err != nil {
		return 0, fmt.Errorf("letters that failed: %w", err)
	}
	for _, id := range ids {
		if err := Retry(ctx, tx, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// Drop keeps a letter that waits or failed from going out. It fails with
// [models.ErrConflict] when it is on its way or has ended otherwise. Only
// administrators and commands drop.
func Drop(ctx context.Context, tx *db.Tx, id int64) error {
	const q = `UPDATE outbox SET state = 'dropped', ended_at = ? WHERE id = ? AND state IN ('waiting', 'failed')`
	return settle(ctx, tx, id, letterDropped, dropped, q, tx.Now, id)
}

// settle brings a letter into another state by a statement.
func settle(ctx context.Context, tx *db.Tx, id int64, action audit.Action, after State, q string, args ...any) error {
	if !tx.Actor.Is(models.Administrator) && tx.Actor.Program == "" {
		return fmt.Errorf("letter %d: %w", id, models.ErrForbidden)
	}
	var before State
	if err := tx.Get(ctx, &before, `/* work.settle */ SELECT state FROM outbox WHERE id = ?`, id); err != nil {
		return fmt.Errorf("letter %d: %w", id, err)
	}
	switch n, err := tx.Exec(ctx, q, args...); {
	case err != nil:
		return fmt.Errorf("letter %d: %w", id, err)
	case n == 0:
		return fmt.Errorf("letter %d: its state does not allow it: %w", id, models.ErrConflict)
	}
	return audit.Record(ctx, tx, action, fmt.Sprintf("letter %d", id), audit.Change{Field: "state", Old: string(before), New: string(after)})
}
