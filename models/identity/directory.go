package identity

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// PeopleFilter says which people are wanted: those who fit everything that is set. A
// role and an organisation are held together: the role in the organisation.
type PeopleFilter struct {
	State State
	Role  models.Role
	Orgs  []int64 // any of them; nil: whoever, empty: nobody
}

// Directory returns the accounts that fit, in the order in which they were made, those
// of erased people left out unless they are asked for. They are for administrators.
func Directory(ctx context.Context, r db.Reader, f PeopleFilter) ([]Account, error) {
	where, args := f.where()
	var all []Account
	q := `/* identity.Directory */ SELECT ` + accountColumns + ` FROM accounts WHERE ` + where + ` ORDER BY id`
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return all, nil
}

func (f PeopleFilter) where() (string, []any) {
	cond, args := []string{`state <> ?`}, []any{Erased}
	if f.State != "" {
		cond, args = []string{`state = ?`}, []any{f.State}
	}
	if f.Role == "" && f.Orgs == nil {
		return cond[0], args
	}
	member := `id IN (SELECT m.account_id FROM memberships m WHERE m.ended_at IS NULL`
	if f.Orgs != nil {
		marks, ids := db.In(f.Orgs)
		member, args = member+` AND m.organisation_id IN `+marks, append(args, ids...)
	}
	if f.Role != "" {
		member, args = member+` AND EXISTS (SELECT 1 FROM membership_roles r WHERE r.membership_id = m.id AND r.role = ?)`, append(args, f.Role)
	}
	return strings.Join(append(cond, member+`)`), ` AND `), args
}

// atOnce is how many ids a query takes; a statement takes only so many parameters.
const atOnce = 500

// MembershipsOf returns what the accounts may act for now, by account, the oldest
// first.
func MembershipsOf(ctx context.Context, r db.Reader, accounts []int64) (map[int64][]Membership, error) {
	all := map[int64][]Membership{}
	for len(accounts) > 0 {
		n := min(atOnce, len(accounts))
		marks, args := db.In(accounts[:n])
		accounts = accounts[n:]
		q := `/* identity.MembershipsOf */ SELECT ` + MembershipColumns + `, m.account_id
			FROM memberships m JOIN organisations o ON o.id = m.organisation_id
			WHERE m.ended_at IS NULL AND m.account_id IN ` + marks + `
			ORDER BY m.id`
		var rows []struct {
			MembershipRow
			AccountID int64 `db:"account_id"`
		}
		if err := r.Select(ctx, &rows, q, args...); err != nil {
			return nil, fmt.Errorf("memberships: %w", err)
		}
		for _, w := range rows {
			all[w.AccountID] = append(all[w.AccountID], w.Of(w.AccountID))
		}
	}
	return all, nil
}

// EverIn returns the keys of all organisations that the account has been in, by which
// the audit log tells of it.
func EverIn(ctx context.Context, r db.Reader, account int64) ([]models.Key, error) {
	const q = `/* identity.EverIn */ SELECT scheme, code FROM organisations
		WHERE id IN (SELECT organisation_id FROM memberships WHERE account_id = ?) ORDER BY id`
	var keys []models.Key
	if err := r.Select(ctx, &keys, q, account); err != nil {
		return nil, fmt.Errorf("organisations of account %d: %w", account, err)
	}
	return keys, nil
}

// AccountSubjects are what the audit log calls the account, by itself and in the
// organisations.
func AccountSubjects(account int64, in []models.Key) []string {
	all := []string{accountSubject(account)}
	for _, key := range in {
		all = append(all, memberSubject(account, key))
	}
	return all
}

// ApplicationSubject is what the audit log calls the application.
func ApplicationSubject(id int64) string { return applicationSubject(id) }

// Tally is how many there are of what administrators look after.
type Tally struct {
	Active       int         `db:"active"` // accounts
	Locked       int         `db:"locked"` // accounts
	Public       int         `db:"public"` // public bodies
	Vendors      int         `db:"vendors"`
	Domains      int         `db:"domains"`
	Invitations  int         `db:"invitations"`  // open ones
	InvitedSince models.Time `db:"invited"`      // the oldest of them
	Applications int         `db:"applications"` // that the operator is to decide
	AppliedSince models.Time `db:"applied"`      // the oldest of them
}

// Count counts what administrators look after.
func Count(ctx context.Context, r db.Reader) (Tally, error) {
	const open = ` FROM invitations WHERE used_at IS NULL AND revoked_at IS NULL`
	const sent = ` FROM vendor_applications WHERE state = 'sent' AND account_id IS NOT NULL`
	const q = `/* identity.Count */ SELECT
		(SELECT count(*) FROM accounts WHERE state = 'active') AS active,
		(SELECT count(*) FROM accounts WHERE state = 'locked') AS locked,
		(SELECT count(*) FROM organisations WHERE kind NOT IN ('vendor', 'operator')) AS public,
		(SELECT count(*) FROM organisations WHERE kind = 'vendor') AS vendors,
		(SELECT count(*) FROM mail_domains) AS domains,
		(SELECT count(*)` + open + `) AS invitations, (SELECT min(created_at)` + open + `) AS invited,
		(SELECT count(*)` + sent + `) AS applications, (SELECT min(created_at)` + sent + `) AS applied`
	var t Tally
	if err := r.Get(ctx, &t, q); err != nil {
		return Tally{}, fmt.Errorf("counts: %w", err)
	}
	return t, nil
}
