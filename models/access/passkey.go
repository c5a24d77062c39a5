package access

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

const (
	passkeyAdded   audit.Action = "passkey.added"
	passkeyRemoved audit.Action = "passkey.removed"
	passkeyRefused audit.Action = "passkey.refused"
)

const (
	longestPasskeyName = 60 // characters
	mostPasskeys       = 20 // of an account
)

// Passkey is a key pair of a person's device, which signs in place of a password and a
// code. The device keeps the secret half.
type Passkey struct {
	ID         int64       `db:"id"`
	AccountID  int64       `db:"account_id"`
	Name       string      `db:"name"`
	Credential []byte      `db:"credential"` // its id
	PublicKey  []byte      `db:"public_key"` // COSE
	Counter    int64       `db:"counter"`    // of signatures; 0 when the device does not count
	Synced     bool        `db:"synced"`     // it may be on several devices
	Transports string      `db:"transports"` // with spaces between
	Created    models.Time `db:"created_at"`
	Used       models.Time `db:"used_at"`
}

const passkeyColumns = `id, account_id, name, credential, public_key, counter, synced = 1 AS synced, transports, created_at, used_at`

func passkeysOf(ctx context.Context, r db.Reader, account int64) (all []Passkey, err error) {
	const q = `/* access.passkeysOf */ SELECT ` + passkeyColumns + ` FROM passkeys WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &all, q, account); err != nil {
		return nil, fmt.Errorf("passkeys of account %d: %w", account, err)
	}
	return all, nil
}

// FindPasskey finds a passkey by the id of its credential. It fails with
// [models.ErrNotFound] when there is none.
func FindPasskey(ctx context.Context, r db.Reader, credential []byte) (p Passkey, err error) {
	const q = `/* access.FindPasskey */ SELECT ` + passkeyColumns + ` FROM passkeys WHERE credential = ?`
	if err := r.Get(ctx, &p, q, credential); err != nil {
		return Passkey{}, fmt.Errorf("passkey: %w", err)
	}
	return p, nil
}

// AddPasskey gives the actor a passkey. For the first factor it returns recovery
// codes, and ends all sessions. It fails with [models.Invalid] when its name is not
// fit, or somebody has it, and with [models.ErrForbidden] for invented people.
func AddPasskey(ctx context.Context, tx *db.Tx, p Passkey) (codes []string, err error) {
	account := tx.Actor.AccountID
	if err := mayHaveFactors(ctx, tx, tx.Actor); err != nil {
		return nil, err
	}
	p.Name = strings.Join(strings.Fields(p.Name), " ")
	switch n := utf8.RuneCountInString(p.Name); {
	case n == 0:
		return nil, models.Invalid{"name": "passkey.name_missing"}
	case n > longestPasskeyName || strings.ContainsFunc(p.Name, unicode.IsControl):
		return nil, models.Invalid{"name": "passkey.name_unclear"}
	}
	before, err := passkeysOf(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	if len(before) >= mostPasskeys {
		return nil, models.Invalid{"name": "passkey.too_many"}
	}
	had, err := HasFactor(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	const q = `
		INSERT INTO passkeys (account_id, name, credential, public_key, counter, synced, transports, created_at, used_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (credential) DO NOTHING`
	n, err := tx.Exec(ctx, q, account, p.Name, p.Credential, p.PublicKey, p.Counter, db.Flag(p.Synced), p.Transports, tx.Now, tx.Now)
	switch {
	case err != nil:
		return nil, fmt.Errorf("add a passkey of account %d: %w", account, err)
	case n == 0:
		return nil, models.Invalid{"name": "passkey.taken"}
	}
	if err := audit.Record(ctx, tx, passkeyAdded, accountSubject(account), named(account, p.Name)); err != nil {
		return nil, err
	}
	return firstFactor(ctx, tx, had)
}

// named is what the owner calls a passkey, which may be anything.
func named(account int64, name string) audit.Change {
	return audit.Change{Field: "name", New: name, Person: account}
}

// RemovePasskey removes a passkey of the actor; with the last factor the recovery
// codes go. It fails with [models.ErrNotFound] when it is not the actor's, and with
// [models.Invalid] when it is the last way in: live are the providers by which people
// can sign in today.
func RemovePasskey(ctx context.Context, tx *db.Tx, id int64, live []string) error {
	account := tx.Actor.AccountID
	var name string
	const q = `DELETE FROM passkeys WHERE id = ? AND account_id = ? RETURNING name`
	if err := tx.Get(ctx, &name, q, id, account); err != nil {
		return fmt.Errorf("remove passkey %d of account %d: %w", id, account, err)
	}
	if err := notTheLastWay(ctx, tx, live, models.Invalid{"passkey": "passkey.last"}); err != nil {
		return err
	}
	if err := lastFactor(ctx, tx, account); err != nil {
		return err
	}
	return audit.Record(ctx, tx, passkeyRemoved, accountSubject(account), audit.Change{Field: "name", Old: name, Person: account})
}

// ByPasskey writes down that a passkey signed, when its counter has risen or does not
// count, and does what follows in the same transaction. A counter that has not risen
// tells of a copy of the device: that is refused with [models.Invalid] and recorded.
func ByPasskey(ctx context.Context, d *db.DB, p Passkey, counter int64, from string, then func(context.Context, *db.Tx) error) error {
	actor := models.Actor{AccountID: p.AccountID, From: from}
	refused := false
	err := d.Write(ctx, actor, func(tx *db.Tx) error {
		const q = `UPDATE passkeys SET counter = ?, used_at = ? WHERE id = ? AND (counter < ? OR (counter = 0 AND ? = 0))`
		n, err := tx.Exec(ctx, q, counter, tx.Now, p.ID, counter, counter)
		if err != nil {
			return fmt.Errorf("passkey %d of account %d: %w", p.ID, p.AccountID, err)
		}
		if refused = n == 0; refused {
			return audit.Record(ctx, tx, passkeyRefused, accountSubject(p.AccountID), named(p.AccountID, p.Name))
		}
		return then(ctx, tx)
	})
	if err == nil && refused {
		err = models.Invalid{"credential": "passkey.copied"}
	}
	return err
}
