package identity

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// Membership is a person in an organisation.
type Membership struct {
	ID        int64
	AccountID int64
	OrgID     int64
	Kind      Kind        // of the organisation
	Org       models.Text // what the organisation is called
	Since     models.Time
	Powers
}

// Actor is the person acting for the organisation.
func (m Membership) Actor() models.Actor {
	return models.Actor{AccountID: m.AccountID, OrgID: m.OrgID, Roles: m.Roles, Rights: m.Rights, Limit: m.Limit, Reach: m.Reach}
}

// Member is a membership with whose it is.
type Member struct {
	Membership
	Name, Mail string
	State      State
}

// MembershipRow is a membership as a query reads it with [MembershipColumns].
type MembershipRow struct {
	ID      int64        `db:"membership"`
	OrgID   int64        `db:"organisation"`
	Kind    Kind         `db:"kind"`
	Names   string       `db:"names"`
	Roles   string       `db:"roles"`
	Granted string       `db:"granted"`
	Limit   int64        `db:"limit_cents"`
	Reach   models.Reach `db:"reach"`
	Since   models.Time  `db:"since"`
}

// MembershipColumns are what a query selects of memberships m and their
// organisations o, for a [MembershipRow]. They hold for a left join without a
// match, too: the id is 0 then.
const MembershipColumns = `
	COALESCE(m.id, 0) AS membership, COALESCE(m.organisation_id, 0) AS organisation, COALESCE(o.kind, '') AS kind,
	COALESCE(m.limit_cents, 0) AS limit_cents, COALESCE(m.reach, '') AS reach, m.since,
	COALESCE((SELECT string_agg(w.language || ':' || w.name, '` + between + `') FROM organisation_words w WHERE w.organisation_id = o.id), '') AS names,
	COALESCE((SELECT string_agg(r.role, ' ') FROM membership_roles r WHERE r.membership_id = m.id), '') AS roles,
	COALESCE((SELECT string_agg(g.granted, ' ') FROM membership_rights g WHERE g.membership_id = m.id), '') AS granted`

// between stands between names that are read as one text: no name holds it.
const between = "\x1f"

// Of makes the row a membership of the account.
func (w MembershipRow) Of(account int64) Membership {
	m := Membership{ID: w.ID, AccountID: account, OrgID: w.OrgID, Kind: w.Kind, Org: namesIn(w.Names), Since: w.Since,
		Powers: Powers{Limit: w.Limit, Reach: w.Reach}}
	for _, role := range strings.Fields(w.Roles) {
		m.Roles = append(m.Roles, models.Role(role))
	}
	for _, right := range strings.Fields(w.Granted) {
		m.Rights = append(m.Rights, models.Right(right))
	}
	m.order()
	return m
}

// Memberships returns what the account may act for now, the oldest first.
func Memberships(ctx context.Context, r db.Reader, account int64) ([]Membership, error) {
	const q = `/* identity.Memberships */ SELECT ` + MembershipColumns + `
		FROM memberships m JOIN organisations o ON o.id = m.organisation_id
		WHERE m.account_id = ? AND m.ended_at IS NULL
		ORDER BY m.id`
	var rows []MembershipRow
	if err := r.Select(ctx, &rows, q, account); err != nil {
		return nil, fmt.Errorf("memberships of account %d: %w", account, err)
	}
	var all []Membership
	for _, w := range rows {
		all = append(all, w.Of(account))
	}
	return all, nil
}

type memberRow struct {
	MembershipRow
	AccountID int64  `db:"account_id"`
	Name      string `db:"name"`
	Mail      string `db:"mail"`
	State     State  `db:"state"`
}

const memberQuery = ` SELECT ` + MembershipColumns + `, m.account_id, a.name, a.mail, a.state
	FROM memberships m
	JOIN organisations o ON o.id = m.organisation_id
	JOIN accounts a ON a.id = m.account_id
	WHERE m.ended_at IS NULL AND `

func (w memberRow) member() Member {
	return Member{Membership: w.Of(w.AccountID), Name: w.Name, Mail: w.Mail, State: w.State}
}

// Members returns the people of an organisation in the order of their names.
func Members(ctx context.Context, r db.Reader, org int64) ([]Member, error) {
	var rows []memberRow
	if err := r.Select(ctx, &rows, `/* identity.Members */`+memberQuery+`m.organisation_id = ? ORDER BY a.name, a.id`, org); err != nil {
		return nil, fmt.Errorf("members of organisation %d: %w", org, err)
	}
	var all []Member
	for _, w := range rows {
		all = append(all, w.member())
	}
	return all, nil
}

// Writers returns those who write the listings of a vendor, each once. Invented people
// have no mail here: they get no letters.
func Writers(ctx context.Context, r db.Reader, vendor int64) (all []Account, err error) {
	const q = `/* identity.Writers */
		SELECT id, CASE WHEN invented = 1 THEN '' ELSE mail END AS mail, name, language, state, invented, created_at FROM accounts a
		WHERE state = 'active' AND EXISTS (
			SELECT 1 FROM memberships m JOIN membership_roles x ON x.membership_id = m.id
			WHERE m.account_id = a.id AND m.organisation_id = ? AND m.ended_at IS NULL AND x.role IN ('vendor_manager', 'vendor_editor'))
		ORDER BY id`
	if err := r.Select(ctx, &all, q, vendor); err != nil {
		return nil, fmt.Errorf("people of vendor %d: %w", vendor, err)
	}
	return all, nil
}

// FindMember returns the membership with this id, or [models.ErrNotFound] when there
// is none or it has ended.
func FindMember(ctx context.Context, r db.Reader, id int64) (Member, error) {
	var w memberRow
	if err := r.Get(ctx, &w, `/* identity.FindMember */`+memberQuery+`m.id = ?`, id); err != nil {
		return Member{}, fmt.Errorf("membership %d: %w", id, err)
	}
	return w.member(), nil
}

// CountAdministrators returns how many people can administer the portal now.
func CountAdministrators(ctx context.Context, r db.Reader) (int, error) {
	var n int
	if err := r.Get(ctx, &n, `/* identity.CountAdministrators */`+countAdministrators, Active); err != nil {
		return 0, fmt.Errorf("administrators: %w", err)
	}
	return n, nil
}

const countAdministrators = ` SELECT count(DISTINCT a.id)
	FROM membership_roles r
	JOIN memberships m ON m.id = r.membership_id AND m.ended_at IS NULL
	JOIN accounts a ON a.id = m.account_id
	WHERE r.role = 'administrator' AND a.state = ?`

// notTheLast fails with [models.ErrConflict] when those that the condition names are
// the only administrators that there are. Transactions that ask so wait for each
// other, or two administrators could each make the other the last.
func notTheLast(ctx context.Context, tx *db.Tx, condition string, args ...any) error {
	var leave, stay int
	all := append([]any{Active}, args...)
	if err := tx.Get(ctx, &leave, countAdministrators+` AND `+condition, all...); err != nil || leave == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE membership_roles SET role = role WHERE role = 'administrator'`); err != nil {
		return err
	}
	if err := tx.Get(ctx, &stay, countAdministrators+` AND NOT (`+condition+`)`, all...); err != nil || stay > 0 {
		return err
	}
	return fmt.Errorf("the last administrator: %w", models.ErrConflict)
}
