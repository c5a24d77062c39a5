package access

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

const (
	appAdded   audit.Action = "authenticator.added"
	appRemoved audit.Action = "authenticator.removed"
)

// offerLife is how long somebody may take to set up an app.
const offerLife = 30 * time.Minute

// Offer is a secret that an app may take, before it has. Nothing of it is kept here:
// the form in which it is confirmed carries it, sealed.
type Offer struct {
	Secret string // in base32, as apps take it
	Sealed string // for the form
}

// NewOffer makes a secret for an account.
func (s *Seal) NewOffer(account int64, now time.Time) Offer {
	secret := random(codeSecret)
	text := append(binary.BigEndian.AppendUint64(nil, uint64(now.Unix())), secret...)
	return offer(secret, base64.RawURLEncoding.EncodeToString(s.close(text, offerUse(account))))
}

func offer(secret []byte, sealed string) Offer {
	return Offer{base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret), sealed}
}

func offerUse(account int64) string { return fmt.Sprintf("offer to account %d", account) }

func appUse(account int64) string { return fmt.Sprintf("authenticator of account %d", account) }

// FindOffer returns the offer that a form carried. It fails with [models.ErrNotFound]
// when it is not one to the account, or too old.
func (s *Seal) FindOffer(account int64, sealed string, now time.Time) (Offer, error) {
	secret, err := s.offered(account, sealed, now)
	return offer(secret, sealed), err
}

func (s *Seal) offered(account int64, sealed string, now time.Time) (secret []byte, err error) {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err == nil {
		b, err = s.open(b, offerUse(account))
	}
	const head = 8 // bytes of the moment
	if err != nil || len(b) != head+codeSecret {
		return nil, fmt.Errorf("offer to account %d: %w", account, models.ErrNotFound)
	}
	if made := time.Unix(int64(binary.BigEndian.Uint64(b)), 0); now.Sub(made) > offerLife {
		return nil, fmt.Errorf("offer to account %d: too old: %w", account, models.ErrNotFound)
	}
	return b[head:], nil
}

// AddApp makes the app that took an offer a factor of the actor, in place of the app
// before, when its code was typed. For the first factor it returns recovery codes, and
// ends all sessions. It fails with [models.Invalid] when the code is not right, with
// [models.ErrNotFound] like [Seal.FindOffer], and with [models.ErrForbidden] for
// invented people.
func AddApp(ctx context.Context, tx *db.Tx, s *Seal, sealed, code string) (codes []string, err error) {
	account := tx.Actor.AccountID
	if err := mayHaveFactors(ctx, tx, tx.Actor); err != nil {
		return nil, err
	}
	secret, err := s.offered(account, sealed, tx.Now.Time)
	if err != nil {
		return nil, err
	}
	step := matchCode(secret, plainCode(code), tx.Now.Time, 0)
	if step == 0 {
		return nil, models.Invalid{"code": "factor.code_wrong"}
	}
	had, err := HasFactor(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	const q = `
		INSERT INTO authenticators (account_id, secret, used_step, created_at, used_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account_id) DO UPDATE
		SET secret = excluded.secret, used_step = excluded.used_step, created_at = excluded.created_at, used_at = excluded.used_at`
	if _, err := tx.Exec(ctx, q, account, s.close(secret, appUse(account)), step, tx.Now, tx.Now); err != nil {
		return nil, fmt.Errorf("add the authenticator of account %d: %w", account, err)
	}
	if err := audit.Record(ctx, tx, appAdded, accountSubject(account)); err != nil {
		return nil, err
	}
	return firstFactor(ctx, tx, had)
}

// RemoveApp removes the app of the actor; with the last factor its recovery codes go.
// It fails with [models.ErrNotFound] when there is none.
func RemoveApp(ctx context.Context, tx *db.Tx) error {
	account := tx.Actor.AccountID
	n, err := tx.Exec(ctx, `DELETE FROM authenticators WHERE account_id = ?`, account)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("remove the authenticator of account %d: %w", account, err)
	}
	if err := lastFactor(ctx, tx, account); err != nil {
		return err
	}
	return audit.Record(ctx, tx, appRemoved, accountSubject(account))
}

// useApp uses up a code of the app, and seals its secret anew, in case that the key is
// another by now. It reports false when it is not one, or was used.
func useApp(ctx context.Context, tx *db.Tx, s *Seal, account int64, code string) (bool, error) {
	var kept struct {
		Secret []byte `db:"secret"`
		Used   int64  `db:"used_step"`
	}
	const q = `/* access.useApp */ SELECT secret, used_step FROM authenticators WHERE account_id = ?`
	err := tx.Get(ctx, &kept, q, account)
	if isNotFound(err) {
		return false, nil
	}
	var secret []byte
	if err == nil {
		secret, err = s.open(kept.Secret, appUse(account))
	}
	if err != nil {
		return false, fmt.Errorf("authenticator of account %d: %w", account, err)
	}
	step := matchCode(secret, code, tx.Now.Time, kept.Used)
	if step == 0 {
		return false, nil
	}
	const use = `UPDATE authenticators SET secret = ?, used_step = ?, used_at = ? WHERE account_id = ? AND used_step < ?`
	n, err := tx.Exec(ctx, use, s.close(secret, appUse(account)), step, tx.Now, account, step)
	if err != nil {
		return false, fmt.Errorf("authenticator of account %d: %w", account, err)
	}
	return n > 0, nil
}

// Then is what follows, in the same transaction, when a code was right. recovery says
// that it was a recovery code.
type Then func(ctx context.Context, tx *db.Tx, recovery bool) error

// ByCode checks a code of an account's app, or a recovery code, uses it up, and does
// what follows: when that fails, the code was not used. It fails with
// [models.Invalid] when the code is not right, and with a [*WaitError] when it was
// tried too often, for which attempts count like those of the password. t needs no
// password.
func ByCode(ctx context.Context, d *db.DB, s *Seal, a identity.Account, code string, t Try, then Then) error {
	t.Mail = a.Mail
	err := d.Write(ctx, models.Actor{From: t.From}, func(tx *db.Tx) error { return t.count(ctx, tx) })
	if err != nil {
		return err
	}
	return d.Write(ctx, models.Actor{AccountID: a.ID, From: t.From}, func(tx *db.Tx) error {
		plain := plainCode(code)
		right, err := useApp(ctx, tx, s, a.ID, plain)
		recovery := false
		if err == nil && !right {
			right, err = useRecovery(ctx, tx, a.ID, plain)
			recovery = right
		}
		switch {
		case err != nil:
			return err
		case !right:
			return models.Invalid{"code": "factor.code_wrong"}
		}
		return then(ctx, tx, recovery)
	})
}
