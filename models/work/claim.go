package work

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// Lease is how long a worker has for what it claimed; then others take it over.
const Lease = 5 * time.Minute

// pauses lie between the tries of a letter: after the first, the second … try. When
// there is none left, it is given up.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour}

// Letter is a claimed letter.
type Letter struct {
	ID        int64       `db:"id"`
	MessageID string      `db:"message_id"` // stands before the @ of its Message-ID
	AccountID int64       `db:"account_id"` // 0: somebody without an account
	Mail      string      `db:"mail"`
	Kind      Kind        `db:"kind"`
	Language  string      `db:"language"`
	Path      string      `db:"path"`
	Subject   string      `db:"subject"` // "" before it was composed; so are the next two
	Text      string      `db:"text"`
	HTML      string      `db:"html"`
	Tries     int         `db:"tries"` // this one included
	Until     models.Time `db:"claimed_until"`
	Args      []string    `db:"-"`
	Notices   []Notice    `db:"-"` // what a digest that is not composed yet tells

	Written string `db:"args"` // Args as they are kept
}

const letterColumns = `id, message_id, COALESCE(account_id, 0) AS account_id, mail, kind, language, args, path,
	subject, text, html, tries, claimed_until`

// due finds the letters that may be claimed: those whose time has come, and those
// whose worker let its time pass.
const due = `(state = 'waiting' AND next_at <= ? OR state = 'sending' AND claimed_until <= ?)`

// Due reports whether there is anything to [Claim] at the moment. It spares a
// transaction where nothing waits, which is nearly always.
func Due(ctx context.Context, r db.Reader, now models.Time) (bool, error) {
	return finds(ctx, r, `/* work.Due */ SELECT 1 FROM outbox WHERE `+due+` LIMIT 1`, now, now)
}

// finds reports whether a query finds anything.
func finds(ctx context.Context, r db.Reader, q string, args ...any) (bool, error) {
	var one int
	err := r.Get(ctx, &one, q, args...)
	if errors.Is(err, models.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Claim gives the worker up to n letters that are due, for the time of a [Lease]. No
// two workers get the same letter; a letter whose worker has let its time pass is
// given to the next. A digest whose notices were all read meanwhile is dropped.
func Claim(ctx context.Context, tx *db.Tx, worker string, n int) ([]Letter, error) {
	// Whoever waits here for another worker's claim looks at the row again after it,
	// and finds it taken.
	const q = `/* work.Claim */
		UPDATE outbox SET state = 'sending', claimed_by = ?, claimed_until = ?, tries = tries + 1
		WHERE ` + due + ` AND id IN (SELECT id FROM outbox WHERE ` + due + ` ORDER BY next_at, id LIMIT ?)
		RETURNING ` + letterColumns
	var claimed []Letter
	until := models.Time{Time: tx.Now.Add(Lease)}
	if err := tx.Select(ctx, &claimed, q, worker, until, tx.Now, tx.Now, tx.Now, tx.Now, n); err != nil {
		return nil, fmt.Errorf("claim letters: %w", err)
	}
	var letters []Letter
	for _, l := range claimed {
		ok, err := l.complete(ctx, tx)
		if err != nil {
			return nil, fmt.Errorf("claim letter %d: %w", l.ID, err)
		}
		if ok {
			letters = append(letters, l)
		}
	}
	return letters, nil
}

// complete adds what is needed to compose the letter. It is not ok when there is
// nothing left to tell.
func (l *Letter) complete(ctx context.Context, tx *db.Tx) (ok bool, err error) {
	if l.Tries > len(pauses)+1 { // workers that had it never came back from the last tries
		return false, end(ctx, tx, l.ID, failed, "every try was broken off")
	}
	if gone, err := l.gone(ctx, tx); err != nil || gone {
		if err == nil {
			err = end(ctx, tx, l.ID, dropped, "the account is closed")
		}
		return false, err
	}
	if l.Args, err = read(l.Written); err != nil || l.Kind != Digest || l.Text != "" {
		return err == nil, err
	}
	q := `/* work.Claim */ SELECT ` + noticeColumns + ` FROM notices WHERE outbox_id = ? AND read_at IS NULL ORDER BY id`
	if l.Notices, err = notices(ctx, tx, q, l.ID); err != nil || len(l.Notices) > 0 {
		return err == nil, err
	}
	return false, end(ctx, tx, l.ID, dropped, "")
}

// gone reports whether the reader is to get no such letters any more: the account is
// erased, or locked and the letter not about its safety.
func (l *Letter) gone(ctx context.Context, r db.Reader) (bool, error) {
	if l.AccountID == 0 {
		return false, nil
	}
	state, err := stateOf(ctx, r, l.AccountID)
	return state == "erased" || state == "locked" && l.Kind.Optional(), err
}

// stateOf is how open an account is.
func stateOf(ctx context.Context, r db.Reader, account int64) (state string, err error) {
	if err := r.Get(ctx, &state, `/* work.stateOf */ SELECT state FROM accounts WHERE id = ?`, account); err != nil {
		return "", fmt.Errorf("account %d: %w", account, err)
	}
	return state, nil
}

// Compose writes down what a claimed letter says, before it is tried for the first
// time. It fails with [models.ErrConflict] when the letter is no longer the worker's.
func Compose(ctx context.Context, tx *db.Tx, l Letter, worker string) error {
	const q = `UPDATE outbox SET subject = ?, text = ?, html = ? WHERE id = ? AND claimed_by = ?`
	return l.own(ctx, tx, "compose", q, l.Subject, l.Text, l.HTML, l.ID, worker)
}

// Sent says that the mail server took the letter. What is secret in it is forgotten
// at once. It fails with [models.ErrConflict] when another worker took it over.
func Sent(ctx context.Context, tx *db.Tx, l Letter, worker string) error {
	const q = `
		UPDATE outbox SET state = 'sent', ended_at = ?, last_error = '', claimed_by = NULL, claimed_until = NULL
		WHERE id = ? AND claimed_by = ?`
	if err := l.own(ctx, tx, "sent", q, tx.Now, l.ID, worker); err != nil {
		return err
	}
	if m, _ := l.Kind.manner(); m.secret {
		return forget(ctx, tx, `id = ?`, l.ID)
	}
	return nil
}

// Failed says why the letter did not go out. It is tried again after 1 minute, 5 and
// 30 minutes, 2 and 12 hours, and then given up; at once when it failed for good. It
// fails with [models.ErrConflict] when another worker took it over.
func Failed(ctx context.Context, tx *db.Tx, l Letter, worker, why string, forGood bool) error {
	if forGood || l.Tries > len(pauses) {
		const q = `
			UPDATE outbox SET state = 'failed', ended_at = ?, last_error = ?, claimed_by = NULL, claimed_until = NULL
			WHERE id = ? AND claimed_by = ?`
		return l.own(ctx, tx, "failed", q, tx.Now, why, l.ID, worker)
	}
	const q = `
		UPDATE outbox SET state = 'waiting', next_at = ?, last_error = ?, claimed_by = NULL, claimed_until = NULL
		WHERE id = ? AND claimed_by = ?`
	next := models.Time{Time: tx.Now.Add(pauses[max(0, l.Tries-1)])}
	return l.own(ctx, tx, "failed", q, next, why, l.ID, worker)
}

// own runs a statement about a letter that must still be the worker's.
func (l Letter) own(ctx context.Context, tx *db.Tx, what, q string, args ...any) error {
	switch n, err := tx.Exec(ctx, q, args...); {
	case err != nil:
		return fmt.Errorf("%s: letter %d: %w", what, l.ID, err)
	case n == 0:
		return fmt.Errorf("%s: letter %d belongs to another worker: %w", what, l.ID, models.ErrConflict)
	}
	return nil
}

// GiveBack lets others have at once what the worker claimed and did not try.
func GiveBack(ctx context.Context, tx *db.Tx, worker string) error {
	const q = `
		UPDATE outbox SET state = 'waiting', tries = tries - 1, claimed_by = NULL, claimed_until = NULL
		WHERE claimed_by = ?`
	if _, err := tx.Exec(ctx, q, worker); err != nil {
		return fmt.Errorf("give letters back: %w", err)
	}
	return nil
}
