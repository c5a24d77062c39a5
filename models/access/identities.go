package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

const (
	identityConnected    audit.Action = "identity.connected"
	identityDisconnected audit.Action = "identity.disconnected"
)

// Blind is HMAC-SHA-256 of what a provider calls somebody or something, a personal
// code perhaps: who has the database but not the key can neither read nor guess it.
// The same code at two providers has two hashes. That of "" is nil.
func Blind(key []byte, provider, name string) []byte {
	if name == "" {
		return nil
	}
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s\x00%s", provider, name)
	return h.Sum(nil)
}

// Proof is what a provider of identities said about who signed in there.
type Proof struct {
	Provider string   // its id in the configuration
	Subject  []byte   // [Blind] of whom it means
	Earlier  [][]byte // the same by the keys of before, so that a new key costs nobody an identity
	SID      []byte   // [Blind] of what it calls its own session; nil when it has none
	ACR      string   // how sure it is
	AMR      []string // by what the person showed it
	Strong   bool     // it counts as two factors
}

// subjects are all by which the identity may be known here.
func (p Proof) subjects() [][]byte { return append([][]byte{p.Subject}, p.Earlier...) }

// Identity is a way to sign in that another provider keeps.
type Identity struct {
	ID       int64       `db:"id"`
	Provider string      `db:"provider"`
	ACR      string      `db:"acr"` // how sure the provider was, the last time
	Added    models.Time `db:"added_at"`
	Used     models.Time `db:"used_at"` // the last time
}

// Identities returns the identities of an account in the order in which they were
// connected.
func Identities(ctx context.Context, r db.Reader, account int64) ([]Identity, error) {
	const q = `/* access.Identities */ SELECT id, provider, acr, added_at, used_at FROM identities WHERE account_id = ? ORDER BY id`
	var all []Identity
	if err := r.Select(ctx, &all, q, account); err != nil {
		return nil, fmt.Errorf("identities of account %d: %w", account, err)
	}
	return all, nil
}

// ByIdentity returns whose identity a provider means. It fails with
// [models.ErrNotFound] when it is nobody's, and with [models.Invalid] when the account
// is locked.
func ByIdentity(ctx context.Context, r db.Reader, p Proof) (identity.Account, error) {
	marks, subjects := db.In(p.subjects())
	q := `/* access.ByIdentity */ SELECT account_id FROM identities WHERE provider = ? AND subject IN ` + marks
	var id int64
	if err := r.Get(ctx, &id, q, append([]any{p.Provider}, subjects...)...); err != nil {
		return identity.Account{}, fmt.Errorf("identity of %s: %w", p.Provider, err)
	}
	a, err := identity.FindAccount(ctx, r, id)
	if err == nil && a.State != identity.Active {
		err = models.Invalid{"identity": "sign_in.locked"}
	}
	return a, err
}

// BeginBy is [Begin] for who has shown an identity of the account, and remembers which
// it was. It fails with [models.ErrNotFound] when it is none of the account's.
func BeginBy(ctx context.Context, tx *db.Tx, account int64, p Proof, d Device) (secret string, err error) {
	marks, subjects := db.In(p.subjects())
	used := `
		UPDATE identities SET subject = ?, acr = ?, amr = ?, used_at = ? WHERE provider = ? AND account_id = ? AND subject IN ` + marks + `
		RETURNING id`
	args := append([]any{p.Subject, p.ACR, strings.Join(p.AMR, " "), tx.Now, p.Provider, account}, subjects...)
	var id int64
	if err := tx.Get(ctx, &id, used, args...); err != nil {
		return "", fmt.Errorf("identity of account %d: %w", account, err)
	}
	if secret, err = Begin(ctx, tx, account, d); err != nil {
		return "", err
	}
	const q = `
		INSERT INTO session_identities (session_id, identity_id, strong, sid)
		SELECT s.id, ?, ?, ? FROM sessions s WHERE s.hash = ?`
	if _, err := tx.Exec(ctx, q, id, db.Flag(p.Strong), p.SID, identity.HashSecret(secret)); err != nil {
		return "", fmt.Errorf("begin a session of account %d by an identity: %w", account, err)
	}
	return secret, nil
}

// IsStrong reports whether a session was begun by an identity that counted as two
// factors.
func IsStrong(ctx context.Context, r db.Reader, session int64) (bool, error) {
	const q = `/* access.IsStrong */ SELECT count(*) FROM session_identities WHERE session_id = ? AND strong = 1`
	var n int
	if err := r.Get(ctx, &n, q, session); err != nil {
		return false, fmt.Errorf("factors of session %d: %w", session, err)
	}
	return n > 0, nil
}

// Connect lets the person of the actor sign in with the identity from now on, and
// reports whether that is new. It fails
// with [models.Invalid] when the identity is somebody else's, or the person has one of
// the provider; and with [models.ErrForbidden] for invented people, whom many become.
func Connect(ctx context.Context, tx *db.Tx, p Proof) (fresh bool, err error) {
	account := tx.Actor.AccountID
	a, err := identity.FindAccount(ctx, tx, account)
	if err == nil && (a.Invented || a.State != identity.Active) {
		err = models.ErrForbidden
	}
	if err != nil {
		return false, fmt.Errorf("connect an identity: %w", err)
	}
	if _, err := ByIdentity(ctx, tx, p); err == nil || !isNotFound(err) {
		return false, notConnected(ctx, tx, p)
	}
	const q = `
		INSERT INTO identities (provider, subject, account_id, acr, amr, added_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`
	n, err := tx.Exec(ctx, q, p.Provider, p.Subject, account, p.ACR, strings.Join(p.AMR, " "), tx.Now, tx.Now)
	switch {
	case err != nil:
		return false, fmt.Errorf("connect an identity to account %d: %w", account, err)
	case n == 0:
		return false, notConnected(ctx, tx, p)
	}
	return true, audit.Record(ctx, tx, identityConnected, accountSubject(account), audit.Change{Field: "provider", New: p.Provider})
}

// notConnected says why an identity could not be connected. One that is the actor's
// already is as good as connected.
func notConnected(ctx context.Context, r *db.Tx, p Proof) error {
	a, err := ByIdentity(ctx, r, p)
	switch {
	case isNotFound(err):
		return models.Invalid{"identity": "identity.second"}
	case a.ID != 0 && a.ID != r.Actor.AccountID:
		return models.Invalid{"identity": "identity.taken"}
	}
	return err
}

// Disconnect takes from the person of the actor the way to sign in by a provider, and
// ends the sessions that were begun by it but one. It fails with [models.ErrNotFound]
// when there is none, and with [models.Invalid] when it is the last way in: live are
// the providers by which people can sign in today.
func Disconnect(ctx context.Context, tx *db.Tx, provider string, live []string, but int64) error {
	account := tx.Actor.AccountID
	const end = `
		UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL AND id <> ? AND id IN (
			SELECT b.session_id FROM session_identities b JOIN identities i ON i.id = b.identity_id
			WHERE i.account_id = ? AND i.provider = ?)`
	if _, err := tx.Exec(ctx, end, tx.Now, but, account, provider); err != nil {
		return fmt.Errorf("disconnect %s: %w", provider, err)
	}
	n, err := tx.Exec(ctx, `DELETE FROM identities WHERE account_id = ? AND provider = ?`, account, provider)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("disconnect %s from account %d: %w", provider, account, err)
	}
	if err := notTheLastWay(ctx, tx, live, models.Invalid{"identity": "identity.last"}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, identityDisconnected, accountSubject(account), audit.Change{Field: "provider", Old: provider})
}

// notTheLastWay fails with wrong when the actor has nothing left to sign in with, after
// something was removed in the same transaction: no password, no passkey, and no
// identity of the providers by which people can sign in today. The codes of an app are
// no way in by themselves.
func notTheLastWay(ctx context.Context, tx *db.Tx, live []string, wrong models.Invalid) error {
	account := tx.Actor.AccountID
	has, err := HasPassword(ctx, tx, account)
	if err != nil || has {
		return err
	}
	keys, err := passkeysOf(ctx, tx, account)
	if err != nil || len(keys) > 0 {
		return err
	}
	all, err := Identities(ctx, tx, account)
	if err != nil || slices.ContainsFunc(all, func(i Identity) bool { return slices.Contains(live, i.Provider) }) {
		return err
	}
	return wrong
}

// EndByProvider ends the sessions that a provider says are over: those of its own
// session, or, when it names none, all of whom it means; the other may be nil. It
// returns how many it ended.
func EndByProvider(ctx context.Context, tx *db.Tx, p Proof) (int, error) {
	const q = `
		UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL AND id IN (
			SELECT b.session_id FROM session_identities b JOIN identities i ON i.id = b.identity_id
			WHERE i.provider = ? AND `
	marks, subjects := db.In(p.subjects())
	by, args := `i.subject IN `+marks+`)`, append([]any{tx.Now, p.Provider}, subjects...)
	switch {
	case p.SID != nil && p.Subject != nil:
		by, args = `b.sid = ? AND `+by, append([]any{tx.Now, p.Provider, p.SID}, subjects...)
	case p.SID != nil:
		by, args = `b.sid = ?)`, []any{tx.Now, p.Provider, p.SID}
	}
	var ended []int64
	if err := tx.Select(ctx, &ended, q+by+` RETURNING account_id`, args...); err != nil {
		return 0, fmt.Errorf("end sessions by the word of %s: %w", p.Provider, err)
	}
	for _, account := range ended {
		change := audit.Change{Field: "provider", New: p.Provider}
		if err := audit.Record(ctx, tx, sessionEnded, accountSubject(account), change); err != nil {
			return 0, err
		}
	}
	return len(ended), nil
}
