package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// invitationLife is how long the link of an invitation works.
const invitationLife = 7 * 24 * time.Hour

// Invitation lets whoever has the secret of its link join an organisation, or
// confirm that an application to become a vendor is theirs.
type Invitation struct {
	ID            int64
	OrgID         int64 // 0 for an application
	ApplicationID int64 // 0 for an organisation
	Org           models.Text
	Mail          string
	Name          string // of the person, to be corrected by them; may be empty
	Language      string
	InvitedBy     int64 // account; 0 for a command or the person
	Created       models.Time
	Expires       models.Time
	Powers
}

const (
	invitationAdded   audit.Action = "invitation.added"
	invitationRenewed audit.Action = "invitation.renewed"
	invitationRevoked audit.Action = "invitation.revoked"
	invitationUsed    audit.Action = "invitation.used"
)

// invitationRow is an invitation as the database keeps it.
type invitationRow struct {
	ID            int64        `db:"id"`
	OrgID         int64        `db:"organisation"`
	ApplicationID int64        `db:"application"`
	Names         string       `db:"names"`
	Mail          string       `db:"mail"`
	Name          string       `db:"name"`
	Language      string       `db:"language"`
	InvitedBy     int64        `db:"inviter"`
	Roles         string       `db:"roles"`
	Granted       string       `db:"granted"`
	Limit         int64        `db:"limit_cents"`
	Reach         models.Reach `db:"reach"`
	Created       models.Time  `db:"created_at"`
	Expires       models.Time  `db:"expires_at"`
}

const invitationQuery = ` SELECT i.id, COALESCE(i.organisation_id, 0) AS organisation, COALESCE(i.application_id, 0) AS application,
	i.mail, i.name, i.language, COALESCE(i.invited_by, 0) AS inviter, i.limit_cents, i.reach, i.created_at, i.expires_at,
	COALESCE((SELECT string_agg(w.language || ':' || w.name, '` + between + `') FROM organisation_words w WHERE w.organisation_id = i.organisation_id), '') AS names,
	COALESCE((SELECT string_agg(r.role, ' ') FROM invitation_roles r WHERE r.invitation_id = i.id), '') AS roles,
	COALESCE((SELECT string_agg(g.granted, ' ') FROM invitation_rights g WHERE g.invitation_id = i.id), '') AS granted
	FROM invitations i
	WHERE i.used_at IS NULL AND i.revoked_at IS NULL AND `

func (w invitationRow) invitation() Invitation {
	m := MembershipRow{Names: w.Names, Roles: w.Roles, Granted: w.Granted, Limit: w.Limit, Reach: w.Reach}.Of(0)
	return Invitation{ID: w.ID, OrgID: w.OrgID, ApplicationID: w.ApplicationID, Org: m.Org, Mail: w.Mail, Name: w.Name,
		Language: w.Language, InvitedBy: w.InvitedBy, Created: w.Created, Expires: w.Expires, Powers: m.Powers}
}

// Invite invites the mail of i to the organisation of i with the powers of i, sets
// i.ID, and returns the secret of the link. Earlier invitations of the same mail there
// are taken back. It is for administrators, and for managers of the vendor.
func Invite(ctx context.Context, tx *db.Tx, i *Invitation) (secret string, err error) {
	if !keepsTeam(tx.Actor, i.OrgID) {
		return "", fmt.Errorf("invite to organisation %d: %w", i.OrgID, models.ErrForbidden)
	}
	member, err := isMember(ctx, tx, i.Mail, i.OrgID)
	if err != nil {
		return "", err
	}
	if member {
		return "", models.Invalid{"mail": "invitation.already_member"}
	}
	return invite(ctx, tx, i)
}

func invite(ctx context.Context, tx *db.Tx, i *Invitation) (secret string, err error) {
	o, err := keyOf(ctx, tx, i.OrgID)
	if err != nil {
		return "", err
	}
	if err := i.Powers.settle(o.Kind); err != nil {
		return "", err
	}
	const q = `UPDATE invitations SET revoked_at = ? WHERE folded = ? AND organisation_id = ? AND used_at IS NULL AND revoked_at IS NULL`
	if _, err := tx.Exec(ctx, q, tx.Now, FoldMail(i.Mail), i.OrgID); err != nil {
		return "", fmt.Errorf("invite to organisation %d: %w", i.OrgID, err)
	}
	return addInvitation(ctx, tx, i)
}

// addInvitation writes the invitation down as it is.
func addInvitation(ctx context.Context, tx *db.Tx, i *Invitation) (secret string, err error) {
	i.Mail, i.Name = strings.TrimSpace(i.Mail), strings.Join(strings.Fields(i.Name), " ")
	if !IsMail(i.Mail) {
		return "", models.Invalid{"mail": "account.mail_unclear"}
	}
	if key := nameProblem(i.Name); i.Name != "" && key != "" {
		return "", models.Invalid{"name": key}
	}
	secret, hash := NewSecret()
	i.InvitedBy, i.Created, i.Expires = tx.Actor.AccountID, tx.Now, models.Time{Time: tx.Now.Add(invitationLife)}
	const q = `
		INSERT INTO invitations (organisation_id, application_id, mail, folded, name, language, limit_cents, reach, hash, invited_by, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`
	err = tx.Get(ctx, &i.ID, q, db.NullID(i.OrgID), db.NullID(i.ApplicationID), i.Mail, FoldMail(i.Mail), i.Name, i.Language,
		i.Limit, i.Reach, hash, db.NullID(i.InvitedBy), i.Created, i.Expires)
	if err == nil {
		err = tx.Insert(ctx, "invitation_roles", []string{"invitation_id", "role"}, pairs(i.ID, i.Roles))
	}
	if err == nil {
		err = tx.Insert(ctx, "invitation_rights", []string{"invitation_id", "granted"}, pairs(i.ID, i.Rights))
	}
	if err != nil {
		return "", fmt.Errorf("add an invitation: %w", err)
	}
	return secret, i.record(ctx, tx, invitationAdded, i.Powers.changes(Powers{})...)
}

// record notes what was done with an invitation. Whose mail it went to is not noted:
// there may be no account yet by which it could be erased.
func (i Invitation) record(ctx context.Context, tx *db.Tx, action audit.Action, changes ...audit.Change) error {
	if i.ApplicationID != 0 {
		return audit.Record(ctx, tx, action, fmt.Sprintf("invitation %d for %s", i.ID, applicationSubject(i.ApplicationID)), changes...)
	}
	o, err := keyOf(ctx, tx, i.OrgID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, action, fmt.Sprintf("invitation %d to %s", i.ID, o.Key), changes...)
}

func isMember(ctx context.Context, r db.Reader, mail string, org int64) (bool, error) {
	const q = `/* identity.isMember */
		SELECT count(*) FROM memberships m JOIN accounts a ON a.id = m.account_id
		WHERE a.folded = ? AND m.organisation_id = ? AND m.ended_at IS NULL`
	var n int
	if err := r.Get(ctx, &n, q, FoldMail(mail), org); err != nil {
		return false, fmt.Errorf("members of organisation %d: %w", org, err)
	}
	return n > 0, nil
}

// Renew gives an open invitation a new link with its full life; the old link stops
// working. It is for those who may invite there.
func Renew(ctx context.Context, tx *db.Tx, id int64) (secret string, err error) {
	i, err := openInvitation(ctx, tx, id)
	if err != nil {
		return "", err
	}
	secret, hash := NewSecret()
	const q = `UPDATE invitations SET hash = ?, expires_at = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, hash, models.Time{Time: tx.Now.Add(invitationLife)}, id); err != nil {
		return "", fmt.Errorf("renew invitation %d: %w", id, err)
	}
	return secret, i.record(ctx, tx, invitationRenewed)
}

// Revoke takes an open invitation back. It is for those who may invite there.
func Revoke(ctx context.Context, tx *db.Tx, id int64) error {
	i, err := openInvitation(ctx, tx, id)
	if err != nil {
		return err
	}
	const q = `UPDATE invitations SET revoked_at = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, tx.Now, id); err != nil {
		return fmt.Errorf("revoke invitation %d: %w", id, err)
	}
	return i.record(ctx, tx, invitationRevoked)
}

// openInvitation finds an invitation that the actor may change; an expired one is
// open still.
func openInvitation(ctx context.Context, tx *db.Tx, id int64) (Invitation, error) {
	i, err := OpenInvitation(ctx, tx, id)
	if err == nil && !keepsTeam(tx.Actor, i.OrgID) {
		err = fmt.Errorf("change invitation %d: %w", id, models.ErrForbidden)
	}
	return i, err
}

// OpenInvitation returns the invitation with this id. It fails with
// [models.ErrNotFound] when there is none, or it was taken or taken back.
func OpenInvitation(ctx context.Context, r db.Reader, id int64) (Invitation, error) {
	var w invitationRow
	if err := r.Get(ctx, &w, `/* identity.OpenInvitation */`+invitationQuery+`i.id = ?`, id); err != nil {
		return Invitation{}, fmt.Errorf("invitation %d: %w", id, err)
	}
	return w.invitation(), nil
}

// AllInvitations returns the open invitations of all organisations and applications,
// the newest first. Expired ones are among them. They are for administrators.
func AllInvitations(ctx context.Context, r db.Reader) ([]Invitation, error) {
	return invitations(ctx, r, `/* identity.AllInvitations */`+invitationQuery+`1 = 1 ORDER BY i.id DESC`)
}

// Invitations returns the open invitations of an organisation, the newest first.
// Expired ones are among them.
func Invitations(ctx context.Context, r db.Reader, org int64) ([]Invitation, error) {
	return invitations(ctx, r, `/* identity.Invitations */`+invitationQuery+`i.organisation_id = ? ORDER BY i.id DESC`, org)
}

// InvitationsOf returns the open invitations of a mail, the newest first. Expired
// ones are among them.
func InvitationsOf(ctx context.Context, r db.Reader, mail string) ([]Invitation, error) {
	return invitations(ctx, r, `/* identity.InvitationsOf */`+invitationQuery+`i.folded = ? ORDER BY i.id DESC`, FoldMail(mail))
}

func invitations(ctx context.Context, r db.Reader, q string, args ...any) ([]Invitation, error) {
	var rows []invitationRow
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("invitations: %w", err)
	}
	var all []Invitation
	for _, w := range rows {
		all = append(all, w.invitation())
	}
	return all, nil
}

// FindInvitation returns the invitation whose link has the secret. It fails with
// [models.ErrNotFound] when there is none, or it has expired by now, was taken or
// taken back.
func FindInvitation(ctx context.Context, r db.Reader, secret string, now models.Time) (Invitation, error) {
	var w invitationRow
	q := `/* identity.FindInvitation */` + invitationQuery + `i.hash = ? AND i.expires_at > ?`
	if err := r.Get(ctx, &w, q, HashSecret(secret), now); err != nil {
		return Invitation{}, fmt.Errorf("invitation: %w", err)
	}
	return w.invitation(), nil
}
