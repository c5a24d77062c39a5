package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// note is an event that waits for its place in the chain.
type note struct {
	action  Action
	subject string
	changes string // as the chain holds them
	secrets []secret
}

// secret is a value that is about a person, as audit_personal holds it.
type secret struct {
	Event   int64  `db:"event"`
	Place   int    `db:"place"`
	Side    string `db:"side"`
	Account int64  `db:"account_id"`
	Salt    string `db:"salt"` // "" and no Value: erased
	Value   string `db:"value"`
}

var personalColumns = strings.Fields(`event place side account_id salt value`)

// saltSize is the size of a salt in bytes.
const saltSize = 16

func newSecret(place int, side string, account int64, value string) secret {
	var salt [saltSize]byte
	_, _ = rand.Read(salt[:]) // never fails
	return secret{Place: place, Side: side, Account: account, Salt: hex.EncodeToString(salt[:]), Value: value}
}

// commitment is what the chain holds instead of the value.
func (s secret) commitment() string {
	sum := sha256.Sum256([]byte(s.Salt + s.Value))
	return hex.EncodeToString(sum[:])
}

func (s secret) erased() bool { return s.Salt == "" }

// take makes of changes what the chain holds and what is kept apart from it.
func (n *note) take(changes []Change) error {
	kept := make([]Change, len(changes)) // not nil, so that none are []
	for i, c := range changes {
		if c.Person != 0 {
			c.Old, c.New = n.hide(i+1, "old", c.Person, c.Old), n.hide(i+1, "new", c.Person, c.New)
		}
		kept[i] = c
	}
	if len(kept) == 0 {
		n.changes = "[]"
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(kept)
	n.changes = strings.TrimSuffix(b.String(), "\n")
	return err
}

func (n *note) hide(place int, side string, person int64, value string) string {
	if value == "" {
		return ""
	}
	s := newSecret(place, side, person, value)
	n.secrets = append(n.secrets, s)
	return s.commitment()
}

// valuesField is the field of [Erased] and [Forgotten] that tells how many values
// were blanked.
const valuesField = "values"

// Erase blanks all that the log says about a person: the values of changes, and the
// network addresses of what the person did. That there was an event, and that the
// account did it, stays. It returns how many values it blanked, and records that. It is
// for the person and for administrators.
func Erase(ctx context.Context, tx *db.Tx, account int64) (values int64, err error) {
	const q = `/* audit.Erase */ UPDATE audit_personal SET salt = NULL, value = NULL WHERE account_id = ? AND value IS NOT NULL`
	if tx.Actor.AccountID != account && !tx.Actor.Is(models.Administrator) || account == 0 {
		err = models.ErrForbidden
	} else {
		values, err = blank(ctx, tx, Erased, fmt.Sprintf("account %d", account), q, account)
	}
	if err != nil {
		return 0, fmt.Errorf("erase account %d from the audit log: %w", account, err)
	}
	return values, nil
}

// Forget blanks the network addresses of all events before a moment. It returns how
// many there were, and records that.
func Forget(ctx context.Context, tx *db.Tx, before models.Time) (values int64, err error) {
	const q = `/* audit.Forget */
		UPDATE audit_personal
		SET salt = NULL, value = NULL
		WHERE place = 0 AND value IS NOT NULL AND event IN (SELECT seq FROM audit_events WHERE at < ?)`
	if !tx.Actor.Is(models.Administrator) {
		return 0, fmt.Errorf("forget network addresses: %w", models.ErrForbidden)
	}
	values, err = blank(ctx, tx, Forgotten, "network addresses before "+stamp(before), q, before)
	if err != nil {
		return 0, fmt.Errorf("forget network addresses: %w", err)
	}
	return values, nil
}

func blank(ctx context.Context, tx *db.Tx, action Action, subject, q string, args ...any) (int64, error) {
	n, err := tx.Exec(ctx, q, args...)
	if err != nil || n == 0 {
		return 0, err
	}
	return n, Record(ctx, tx, action, subject, Change{Field: valuesField, New: strconv.FormatInt(n, 10)})
}
