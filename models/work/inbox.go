package work

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Notice is a message in the inbox of a person.
type Notice struct {
	ID      int64       `db:"id"`
	Kind    Kind        `db:"kind"`
	Path    string      `db:"path"` // what it leads to, after the language
	Created models.Time `db:"created_at"`
	Read    models.Time `db:"read_at"` // zero: not yet
	Args    []string    `db:"-"`       // what the words of its kind are given

	Written string `db:"args"` // Args as they are kept
}

const noticeColumns = `id, kind, args, path, created_at, read_at`

// Inbox returns a page of what a person was told: first what was not read, and of
// both the newest first.
func Inbox(ctx context.Context, r db.Reader, account int64, p models.Page) ([]Notice, error) {
	const q = `/* work.Inbox */
		SELECT ` + noticeColumns + ` FROM notices WHERE account_id = ?
		ORDER BY CASE WHEN read_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT ? OFFSET ?`
	all, err := notices(ctx, r, q, account, p.Size, p.Offset())
	if err != nil {
		return nil, fmt.Errorf("inbox of account %d: %w", account, err)
	}
	return all, nil
}

func notices(ctx context.Context, r db.Reader, q string, args ...any) (all []Notice, err error) {
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Args, err = read(all[i].Written); err != nil {
			return nil, fmt.Errorf("notice %d: %w", all[i].ID, err)
		}
	}
	return all, nil
}

// CountInbox counts what a person was told, and what of it was not read.
func CountInbox(ctx context.Context, r db.Reader, account int64) (all, unread int, err error) {
	var n struct {
		All    int `db:"all_notices"`
		Unread int `db:"unread"`
	}
	const q = `/* work.CountInbox */
		SELECT COUNT(*) AS all_notices, COUNT(*) - COUNT(read_at) AS unread FROM notices WHERE account_id = ?`
	if err := r.Get(ctx, &n, q, account); err != nil {
		return 0, 0, fmt.Errorf("inbox of account %d: %w", account, err)
	}
	return n.All, n.Unread, nil
}

// MarkRead notes that the actor has read a notice. It fails with [models.ErrNotFound]
// when the actor was told no such thing.
func MarkRead(ctx context.Context, tx *db.Tx, id int64) error {
	const q = `UPDATE notices SET read_at = COALESCE(read_at, ?) WHERE id = ? AND account_id = ?`
	switch n, err := tx.Exec(ctx, q, tx.Now, id, tx.Actor.AccountID); {
	case err != nil:
		return fmt.Errorf("read notice %d: %w", id, err)
	case n == 0:
		return fmt.Errorf("read notice %d: %w", id, models.ErrNotFound)
	}
	return nil
}

// MarkAllRead notes that the actor has read everything up to the notice last. What
// came later, and may not have been seen, stays unread.
func MarkAllRead(ctx context.Context, tx *db.Tx, last int64) error {
	const q = `UPDATE notices SET read_at = ? WHERE account_id = ? AND id <= ? AND read_at IS NULL`
	if _, err := tx.Exec(ctx, q, tx.Now, tx.Actor.AccountID, last); err != nil {
		return fmt.Errorf("read all notices: %w", err)
	}
	return nil
}
