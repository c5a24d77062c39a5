package work

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// Message is something that a person is to be told.
type Message struct {
	Kind      Kind
	AccountID int64    // 0: somebody without an account
	Mail      string   // where letters go; "" tells on the site only
	Language  string   // of letters
	Args      []string // what the words of the kind are given; see [Kind]
	Path      string   // what its link leads to, after the language: "/approvals/7"
}

// Tell keeps the message in the inbox of the person and as a letter, as the person
// prefers. The caller knows who is to be told; what the message says is not checked,
// but how: the kind, the number of its args and a path are needed.
func Tell(ctx context.Context, tx *db.Tx, m Message) error {
	how, ok := m.Kind.manner()
	switch {
	case !ok || m.Kind == Digest:
		return fmt.Errorf("tell %q: there is no such message", m.Kind)
	case len(m.Args) != how.args:
		return fmt.Errorf("tell %s: %d args; want %d", m.Kind, len(m.Args), how.args)
	case !strings.HasPrefix(m.Path, "/"):
		return fmt.Errorf("tell %s: %q is no path", m.Kind, m.Path)
	case m.Mail == "" && (m.AccountID == 0 || how.secret):
		return fmt.Errorf("tell %s: there is nobody to tell", m.Kind)
	}
	letter, err := m.letter(ctx, tx, how)
	if err != nil {
		return fmt.Errorf("tell %s: %w", m.Kind, err)
	}
	if m.AccountID == 0 || how.secret {
		return nil
	}
	if err := m.notice(ctx, tx, letter); err != nil {
		return fmt.Errorf("tell %s: %w", m.Kind, err)
	}
	return nil
}

// letter puts the message into the outbox and returns the id of the letter that tells
// it, 0 for none.
func (m Message) letter(ctx context.Context, tx *db.Tx, how manner) (int64, error) {
	often := AtOnce
	if !how.fixed && m.AccountID != 0 {
		var err error
		if often, err = frequency(ctx, tx, m.AccountID, m.Kind); err != nil {
			return 0, err
		}
	}
	switch {
	case m.Mail == "" || often == Never:
		return 0, nil
	case often == Daily:
		return m.gather(ctx, tx)
	}
	const q = `
		INSERT INTO outbox (message_id, account_id, mail, kind, language, args, path, created_at, next_at, state)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting') RETURNING id`
	var id int64
	err := tx.Get(ctx, &id, q, rand.Text(), reference(m.AccountID), m.Mail, m.Kind, m.Language, written(m.Args), m.Path, tx.Now, tx.Now)
	return id, err
}

// gather returns the digest that the person gets next. A second transaction that
// gathers for the same person, or the one that sends the digest off, waits here.
func (m Message) gather(ctx context.Context, tx *db.Tx) (int64, error) {
	const q = `
		INSERT INTO outbox (message_id, account_id, mail, kind, language, args, path, created_at, state)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
		ON CONFLICT (account_id) WHERE state = 'waiting' AND next_at IS NULL
			DO UPDATE SET mail = excluded.mail, language = excluded.language
		RETURNING id`
	var id int64
	err := tx.Get(ctx, &id, q, rand.Text(), m.AccountID, m.Mail, Digest, m.Language, written(nil), inboxPath, tx.Now)
	return id, err
}

// inboxPath is where a digest leads.
const inboxPath = "/inbox"

func (m Message) notice(ctx context.Context, tx *db.Tx, letter int64) error {
	const q = `INSERT INTO notices (account_id, kind, args, path, created_at, outbox_id) VALUES (?, ?, ?, ?, ?, ?)`
	_, err := tx.Exec(ctx, q, m.AccountID, m.Kind, written(m.Args), m.Path, tx.Now, reference(letter))
	return err
}

// reference keeps the number of what there is not as NULL.
func reference(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// written keeps words as text that both engines take.
func written(args []string) string {
	if args == nil {
		args = []string{}
	}
	b, _ := json.Marshal(args) // strings always have JSON
	return string(b)
}

// read takes apart what [written] made; nothing is left of what was forgotten.
func read(text string) (args []string, err error) {
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &args); err != nil {
		return nil, fmt.Errorf("args %q: %w", text, err)
	}
	return args, nil
}

// frequency is how often the person wants letters of the kind.
func frequency(ctx context.Context, r db.Reader, account int64, k Kind) (often Frequency, err error) {
	const q = `/* work.frequency */ SELECT frequency FROM notice_preferences WHERE account_id = ? AND kind = ?`
	if err = r.Get(ctx, &often, q, account, k); errors.Is(err, models.ErrNotFound) {
		return AtOnce, nil
	}
	return often, err
}
