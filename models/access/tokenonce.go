package access

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// AnswersLife is how long an answer to a request that has a name is given again.
const AnswersLife = 24 * time.Hour

// Once is a request of a program that has a name, by which it is known when it comes
// again.
type Once struct {
	Token int64
	Name  string   // that the program gave it
	Asked [32]byte // SHA-256 of all that it asks
}

// Answered returns what the request was answered when it came before; false when it has
// not come. It fails with [models.Invalid] when a request of that name asked something
// else.
func Answered(ctx context.Context, r db.Reader, o Once, now models.Time) (answer []byte, ok bool, err error) {
	var kept struct {
		Asked  []byte `db:"asked"`
		Answer string `db:"answer"`
	}
	const q = `/* access.Answered */ SELECT asked, answer FROM token_answers WHERE token_id = ? AND name = ? AND created_at > ?`
	err = r.Get(ctx, &kept, q, o.Token, o.Name, models.Time{Time: now.Add(-AnswersLife)})
	switch {
	case isNotFound(err):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("request %q of token %d: %w", o.Name, o.Token, err)
	case !bytes.Equal(kept.Asked, o.Asked[:]):
		return nil, false, models.Invalid{"name": "token.name_reused"}
	}
	return []byte(kept.Answer), true, nil
}

// KeepAnswer keeps what a request is answered, in the transaction of what it does. It
// fails with [models.ErrConflict] when the same request is being answered just now.
func KeepAnswer(ctx context.Context, tx *db.Tx, o Once, answer []byte) error {
	if _, err := tx.Exec(ctx, `DELETE FROM token_answers WHERE created_at <= ?`, models.Time{Time: tx.Now.Add(-AnswersLife)}); err != nil {
		return fmt.Errorf("sweep answers: %w", err)
	}
	const q = `INSERT INTO token_answers (token_id, name, asked, answer, created_at) VALUES (?, ?, ?, ?, ?)`
	_, err := tx.Exec(ctx, q, o.Token, o.Name, o.Asked[:], string(answer), tx.Now)
	if db.Taken(err) {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("keep the answer to %q of token %d: %w", o.Name, o.Token, err)
	}
	return nil
}
