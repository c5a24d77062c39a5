package work

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// How long what letters say is kept.
const (
	keepText   = 30 * 24 * time.Hour // after they ended
	keepSecret = 24 * time.Hour      // the same where a link is secret; after sending, not at all
	keepTrying = 3 * 24 * time.Hour  // after they were to go: what nobody could send by then is old news
)

// Tidy forgets what letters said that ended 30 days ago, and drops those that should
// have gone out three days ago: where no mail server was set for a while, people do
// not get weeks of letters at once. Notices stay in the inbox.
func Tidy(ctx context.Context, tx *db.Tx) error {
	ago := func(d time.Duration) models.Time { return models.Time{Time: tx.Now.Add(-d)} }
	const stale = `UPDATE outbox SET state = 'dropped', ended_at = ? WHERE state = 'waiting' AND next_at <= ?`
	if _, err := tx.Exec(ctx, stale, tx.Now, ago(keepTrying)); err != nil {
		return fmt.Errorf("drop old letters: %w", err)
	}
	if err := forget(ctx, tx, `args <> '' AND ended_at <= ?`, ago(keepText)); err != nil {
		return err
	}
	marks, kinds := db.In(secrets())
	return forget(ctx, tx, `args <> '' AND ended_at <= ? AND kind IN `+marks, append([]any{ago(keepSecret)}, kinds...)...)
}

// forget wipes what the letters say of which the condition is true.
func forget(ctx context.Context, tx *db.Tx, condition string, args ...any) error {
	q := `UPDATE outbox SET args = '', path = '', subject = '', text = '', html = '' WHERE ` + condition
	if _, err := tx.Exec(ctx, q, args...); err != nil {
		return fmt.Errorf("forget letters: %w", err)
	}
	return nil
}

// end ends a claimed letter without sending it.
func end(ctx context.Context, tx *db.Tx, id int64, s State, why string) error {
	const q = `UPDATE outbox SET state = ?, ended_at = ?, last_error = ?, claimed_by = NULL, claimed_until = NULL WHERE id = ?`
	if _, err := tx.Exec(ctx, q, s, tx.Now, why, id); err != nil {
		return fmt.Errorf("%s letter: %w", s, err)
	}
	return nil
}

// Forget removes what a person was told and preferred, letters included, and the
// letters to the mail from before there was an account; those that wait do not go. It
// is for whoever erases the account.
func Forget(ctx context.Context, tx *db.Tx, account int64, mail string) error {
	const q = `DELETE FROM outbox WHERE account_id IS NULL AND LOWER(mail) = LOWER(?)`
	if _, err := tx.Exec(ctx, q, mail); err != nil {
		return fmt.Errorf("forget account %d: %w", account, err)
	}
	for _, q := range []string{
		`DELETE FROM notices WHERE account_id = ?`,
		`DELETE FROM notice_preferences WHERE account_id = ?`,
		`DELETE FROM outbox WHERE account_id = ?`,
	} {
		if _, err := tx.Exec(ctx, q, account); err != nil {
			return fmt.Errorf("forget account %d: %w", account, err)
		}
	}
	return nil
}
