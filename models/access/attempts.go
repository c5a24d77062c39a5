package access

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// limit says how often something may be tried without waiting, and how the waiting
// grows after that: it doubles with each attempt.
type limit struct {
	kind        string
	free        int
	first, most time.Duration
}

// The limits. An address may be that of a whole agency, so it has more room than an
// account; letters have less, because somebody else has to read them. What devices are
// asked cannot be guessed, and is limited only so that nobody fills the database.
var (
	byAccount   = limit{"account", 5, 15 * time.Second, 15 * time.Minute}
	byAddress   = limit{"address", 30, 15 * time.Second, 15 * time.Minute}
	letters     = limit{"letter", 3, 15 * time.Minute, 24 * time.Hour}
	lettersFrom = limit{"letters_from", 20, time.Minute, time.Hour}
	challenged  = limit{"challenge", 60, time.Second, time.Minute}
)

// forgotten is how long after the last attempt those before it count.
const forgotten = 24 * time.Hour

// WaitError says that something has been tried too often, and until when to wait.
type WaitError struct{ Until models.Time }

// Error says until when.
func (e *WaitError) Error() string {
	return "tried too often; wait until " + e.Until.UTC().Format(time.RFC3339)
}

// delay is how long to wait after so many attempts.
func (l limit) delay(count int) time.Duration {
	if count < l.free {
		return 0
	}
	const doublings = 20 // more than any limit needs, and fewer than overflow
	return min(l.most, l.first<<min(count-l.free, doublings))
}

// attempt counts an attempt before it is made, and returns how many there were. It
// fails with a [*WaitError], and does not count, when it is too early.
func (l limit) attempt(ctx context.Context, tx *db.Tx, key string) (count int, err error) {
	hash := sha256.Sum256([]byte(key))
	const q = `/* access.attempt */
		INSERT INTO attempts (kind, key, count, last_at, next_at) VALUES (?, ?, 1, ?, ?)
		ON CONFLICT (kind, key) DO UPDATE
		SET count = CASE WHEN attempts.last_at < ? THEN 1 ELSE attempts.count + 1 END, last_at = excluded.last_at
		WHERE attempts.next_at <= excluded.last_at
		RETURNING count`
	old := models.Time{Time: tx.Now.Add(-forgotten)}
	err = tx.Get(ctx, &count, q, l.kind, hash[:], tx.Now, tx.Now, old)
	if isNotFound(err) {
		return 0, l.wait(ctx, tx, hash[:])
	}
	if err != nil {
		return 0, fmt.Errorf("count attempts: %w", err)
	}
	next := models.Time{Time: tx.Now.Add(l.delay(count))}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET next_at = ? WHERE kind = ? AND key = ?`, next, l.kind, hash[:]); err != nil {
		return 0, fmt.Errorf("count attempts: %w", err)
	}
	return count, nil
}

func (l limit) wait(ctx context.Context, r db.Reader, hash []byte) error {
	var w WaitError
	if err := r.Get(ctx, &w.Until, `/* access.wait */ SELECT next_at FROM attempts WHERE kind = ? AND key = ?`, l.kind, hash); err != nil {
		return fmt.Errorf("count attempts: %w", err)
	}
	return &w
}

// forgive forgets what was tried in an account, and one attempt from the address,
// because it was the right one. What else came from there still counts, or whoever
// has one account could try others for ever.
func forgive(ctx context.Context, tx *db.Tx, mail, from string) error {
	account, address := sha256.Sum256([]byte(identity.FoldMail(mail))), sha256.Sum256([]byte(from))
	if _, err := tx.Exec(ctx, `DELETE FROM attempts WHERE kind = ? AND key = ?`, byAccount.kind, account[:]); err != nil {
		return fmt.Errorf("forgive attempts: %w", err)
	}
	const q = `UPDATE attempts SET count = count - 1, next_at = last_at WHERE kind = ? AND key = ? AND count > 0`
	if _, err := tx.Exec(ctx, q, byAddress.kind, address[:]); err != nil {
		return fmt.Errorf("forgive attempts: %w", err)
	}
	return nil
}

// MayWrite counts a letter to a mail that somebody at an address asks for, and
// reports whether it is to be sent: neither may be asked for without end.
func MayWrite(ctx context.Context, tx *db.Tx, mail, from string) (bool, error) {
	_, err := lettersFrom.attempt(ctx, tx, from)
	if err == nil {
		_, err = letters.attempt(ctx, tx, identity.FoldMail(mail))
	}
	if _, wait := err.(*WaitError); wait {
		return false, nil
	}
	return err == nil, err
}
