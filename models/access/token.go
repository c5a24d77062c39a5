package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

const (
	tokenMade    audit.Action = "token.made"
	tokenRevoked audit.Action = "token.revoked"
)

// Scope says what a token is for.
type Scope string

// The scopes. Who may write listings may also read them.
const (
	ReadsListings  Scope = "listings:read"
	WritesListings Scope = "listings:write"
	WritesUsage    Scope = "usage:write" // and reads orders
)

// Scopes lists the scopes in the order in which they are shown.
func Scopes() []Scope { return []Scope{WritesListings, ReadsListings, WritesUsage} }

// Allows reports whether a token of the scope may do what asks for the other.
func (s Scope) Allows(asked Scope) bool {
	return s == asked || s == WritesListings && asked == ReadsListings
}

// rolesOfTokens are the roles that tokens hold, as far as their makers do.
var rolesOfTokens = []models.Role{models.VendorManager, models.VendorEditor}

// MayHaveTokens reports whether the actor may make tokens for the organisation acted
// for.
func MayHaveTokens(a models.Actor) bool {
	return a.SignedIn() && a.OrgID != 0 && a.IsAny(rolesOfTokens...)
}

// How long a token may live, in days.
const (
	UsualTokenDays = 365
	MostTokenDays  = 730
)

const (
	longestTokenName = 60 // characters
	mostTokens       = 20 // of an account that work
)

// Token is what a program shows instead of a person. What it is itself, nobody knows
// but who was shown it; see [MakeToken].
type Token struct {
	ID        int64       `db:"id"`
	AccountID int64       `db:"account_id"`
	Person    string      `db:"person"` // what its maker is called
	OrgID     int64       `db:"organisation"`
	Hint      string      `db:"hint"` // its last characters
	Name      string      `db:"name"`
	Scope     Scope       `db:"scope"`
	Created   models.Time `db:"created_at"`
	Expires   models.Time `db:"expires_at"`
	Used      models.Date `db:"used_on"`   // the day of its last use; zero: never
	UsedFrom  string      `db:"used_from"` // the network of that use: "192.0.2.0/24"
	Revoked   models.Time `db:"revoked_at"`
	Works     bool        `db:"works"` // its maker still may what it is for, and nobody has revoked it
}

// State says whether a token works now, and if not, why.
func (t Token) State(now models.Time) TokenState {
	switch {
	case !t.Revoked.IsZero():
		return TokenRevoked
	case !t.Expires.After(now.Time):
		return TokenExpired
	case !t.Works:
		return TokenPowerless
	default:
		return TokenWorks
	}
}

// TokenState says whether a token works.
type TokenState string

// The states.
const (
	TokenWorks     TokenState = "works"
	TokenRevoked   TokenState = "revoked"
	TokenExpired   TokenState = "expired"
	TokenPowerless TokenState = "powerless" // its maker may no longer do what it is for
)

// tokenTables are tokens t with their makers a and what these may do; power is true of
// those that have any.
const (
	tokenTables = `
	FROM tokens t
	JOIN accounts a ON a.id = t.account_id
	JOIN memberships m ON m.id = t.membership_id
	JOIN organisations o ON o.id = m.organisation_id`
	tokenPower = `(a.state = 'active' AND m.ended_at IS NULL AND EXISTS (
		SELECT 1 FROM membership_roles x WHERE x.membership_id = m.id AND x.role IN ('vendor_manager', 'vendor_editor')))`
	tokenColumns = `t.id, t.account_id, a.name AS person, m.organisation_id AS organisation, t.hint, t.name, t.scope, t.created_at, t.expires_at, t.used_on, t.used_from, t.revoked_at,
		` + tokenPower + ` AS works`
)

// tokens returns those of which the condition holds, the newest first.
func tokens(ctx context.Context, r db.Reader, condition string, args ...any) (all []Token, err error) {
	q := `/* access.tokens */ SELECT ` + tokenColumns + tokenTables + condition + ` ORDER BY t.id DESC`
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return all, nil
}

// TokensOf returns the tokens that a person has made, for whichever organisation, the
// newest first. Those that have been over for long are gone.
func TokensOf(ctx context.Context, r db.Reader, account int64) ([]Token, error) {
	return tokens(ctx, r, ` WHERE t.account_id = ?`, account)
}

// TokensFor returns the tokens that act for an organisation, the newest first. They are
// for its managers.
func TokensFor(ctx context.Context, r db.Reader, org int64) ([]Token, error) {
	return tokens(ctx, r, ` WHERE m.organisation_id = ?`, org)
}

// Tokens returns the tokens of all people, the newest first. They are for
// administrators.
func Tokens(ctx context.Context, r db.Reader) ([]Token, error) { return tokens(ctx, r, ``) }

// TokenIn returns a token that the actor may look after: their own, one that acts for
// the vendor that they manage, or any when they administer. All others get
// [models.ErrNotFound].
func TokenIn(ctx context.Context, r db.Reader, a models.Actor, id int64) (Token, error) {
	all, err := tokens(ctx, r, ` WHERE t.id = ?`, id)
	if err == nil && (len(all) == 0 || !mayRevoke(a, all[0])) {
		err = models.ErrNotFound
	}
	if err != nil {
		return Token{}, fmt.Errorf("token %d: %w", id, err)
	}
	return all[0], nil
}

func mayRevoke(a models.Actor, t Token) bool {
	return a.SignedIn() && a.AccountID == t.AccountID || a.Is(models.Administrator) || a.Is(models.VendorManager) && a.OrgID == t.OrgID
}

// MakeToken makes a token by which programs act for the organisation that the actor
// acts for, and returns it, to be shown once: only its hash is kept. It lasts for so
// many days. It fails with [models.Invalid] when the name, scope or days are not fit, or
// there are too many, and with [models.ErrForbidden] for who has no power that a token
// could have. The person is told by letter.
func MakeToken(ctx context.Context, tx *db.Tx, name string, scope Scope, days int) (token string, err error) {
	if !MayHaveTokens(tx.Actor) {
		return "", fmt.Errorf("make a token: %w", models.ErrForbidden)
	}
	account := tx.Actor.AccountID
	name = strings.Join(strings.Fields(name), " ")
	if err := checkToken(name, scope, days).Or(); err != nil {
		return "", err
	}
	made, err := TokensOf(ctx, tx, account)
	if err != nil {
		return "", err
	}
	if len(slices.DeleteFunc(made, func(t Token) bool { return t.State(tx.Now) != TokenWorks })) >= mostTokens {
		return "", models.Invalid{"name": "token.too_many"}
	}
	token, hint := newToken()
	expires := models.Time{Time: tx.Now.Add(time.Duration(days) * 24 * time.Hour)}
	const q = `
		INSERT INTO tokens (hash, hint, name, account_id, membership_id, scope, created_at, expires_at)
		SELECT ?, ?, ?, account_id, id, ?, ?, ? FROM memberships WHERE account_id = ? AND organisation_id = ? AND ended_at IS NULL
		RETURNING id`
	var id int64
	if err := tx.Get(ctx, &id, q, identity.HashSecret(token), hint, name, string(scope), tx.Now, expires, account, tx.Actor.OrgID); err != nil {
		return "", fmt.Errorf("make a token of account %d: %w", account, err)
	}
	if err := tellToken(ctx, tx, account, name); err != nil {
		return "", err
	}
	return token, audit.Record(ctx, tx, tokenMade, accountSubject(account), audit.Change{Field: "token", New: fmt.Sprint(id)}, named(account, name),
		audit.Change{Field: "scope", New: string(scope)}, audit.Change{Field: "expires", New: expires.UTC().Format(time.RFC3339)})
}

func checkToken(name string, scope Scope, days int) models.Invalid {
	wrong := models.Invalid{}
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		wrong["name"] = "token.name_missing"
	case n > longestTokenName || strings.ContainsFunc(name, unicode.IsControl):
		wrong["name"] = "token.name_unclear"
	}
	if !slices.Contains(Scopes(), scope) {
		wrong["scope"] = "token.scope_missing"
	}
	if days < 1 || days > MostTokenDays {
		wrong["days"] = "token.days_wrong"
	}
	return wrong
}

// tellToken tells a person that a token was made in their name.
func tellToken(ctx context.Context, tx *db.Tx, account int64, name string) error {
	a, err := identity.FindAccount(ctx, tx, account)
	if err != nil {
		return err
	}
	return work.Tell(ctx, tx, work.Message{Kind: work.TokenMade, AccountID: a.ID, Mail: a.Mail, Language: a.Language, Args: []string{name}, Path: "/account/tokens"})
}

// RevokeToken ends a token for good. It is for who may see it, see [TokenIn], and fails
// like it; also when the token was revoked before.
func RevokeToken(ctx context.Context, tx *db.Tx, id int64) error {
	t, err := TokenIn(ctx, tx, tx.Actor, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL`, tx.Now, id)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("revoke token %d: %w", id, err)
	}
	return recordRevoked(ctx, tx, t)
}

func recordRevoked(ctx context.Context, tx *db.Tx, t Token) error {
	return audit.Record(ctx, tx, tokenRevoked, accountSubject(t.AccountID), audit.Change{Field: "token", Old: fmt.Sprint(t.ID)},
		audit.Change{Field: "name", Old: t.Name, Person: t.AccountID})
}

// LockFor locks an account like [identity.LockFor], and revokes its tokens: those of
// somebody who had to be locked are not to work again when the account does.
func LockFor(ctx context.Context, tx *db.Tx, account int64, reason string) error {
	if err := identity.LockFor(ctx, tx, account, reason); err != nil {
		return err
	}
	all, err := TokensOf(ctx, tx, account)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.Revoked.IsZero() {
			if err := RevokeToken(ctx, tx, t.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
