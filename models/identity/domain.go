package identity

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Domain is a mail domain whose people may register as buyers of an organisation.
type Domain struct {
	Name    string      `db:"domain"` // small letters, without @
	OrgID   int64       `db:"organisation_id"`
	AddedBy int64       `db:"adder"` // account; 0 for a command
	Added   models.Time `db:"added_at"`
}

const (
	domainAdded   audit.Action = "mail_domain.added"
	domainRemoved audit.Action = "mail_domain.removed"
)

const domainColumns = `domain, organisation_id, COALESCE(added_by, 0) AS adder, added_at`

// Domains returns all mail domains in the order of their names.
func Domains(ctx context.Context, r db.Reader) ([]Domain, error) {
	var all []Domain
	if err := r.Select(ctx, &all, `/* identity.Domains */ SELECT `+domainColumns+` FROM mail_domains ORDER BY domain`); err != nil {
		return nil, fmt.Errorf("mail domains: %w", err)
	}
	return all, nil
}

// CheckDomain says what is wrong with a new domain, as [models.Invalid] under "domain",
// or nil.
func CheckDomain(ctx context.Context, r db.Reader, domain string) error {
	domain = strings.TrimPrefix(FoldMail(domain), "@")
	if !IsDomain(domain) {
		return models.Invalid{"domain": "domain.unclear"}
	}
	var n int
	if err := r.Get(ctx, &n, `/* identity.CheckDomain */ SELECT count(*) FROM mail_domains WHERE domain = ?`, domain); err != nil {
		return fmt.Errorf("mail domain %s: %w", domain, err)
	}
	if n > 0 {
		return models.Invalid{"domain": "domain.taken"}
	}
	return nil
}

// AddDomain lets whoever has a mailbox under the domain register as a buyer of a
// public body. Only administrators add domains.
func AddDomain(ctx context.Context, tx *db.Tx, domain string, org int64) error {
	domain = strings.TrimPrefix(FoldMail(domain), "@")
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("add mail domain %s: %w", domain, models.ErrForbidden)
	}
	o, err := keyOf(ctx, tx, org)
	if err != nil {
		return err
	}
	switch {
	case !IsDomain(domain):
		return models.Invalid{"domain": "domain.unclear"}
	case !o.Kind.Public():
		return models.Invalid{"organisation": "domain.not_public"}
	}
	const q = `INSERT INTO mail_domains (domain, organisation_id, added_by, added_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
	n, err := tx.Exec(ctx, q, domain, org, db.NullID(tx.Actor.AccountID), tx.Now)
	if err != nil {
		return fmt.Errorf("add mail domain %s: %w", domain, err)
	}
	if n == 0 {
		return models.Invalid{"domain": "domain.taken"}
	}
	return audit.Record(ctx, tx, domainAdded, domain, audit.Change{Field: "organisation", New: o.Key.String()})
}

// RemoveDomain takes a domain off the list; who registered by it stays. It fails with
// [models.ErrNotFound] when it is not there. Only administrators remove domains.
func RemoveDomain(ctx context.Context, tx *db.Tx, domain string) error {
	domain = FoldMail(domain)
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove mail domain %s: %w", domain, models.ErrForbidden)
	}
	var org int64
	if err := tx.Get(ctx, &org, `DELETE FROM mail_domains WHERE domain = ? RETURNING organisation_id`, domain); err != nil {
		return fmt.Errorf("remove mail domain %s: %w", domain, err)
	}
	o, err := keyOf(ctx, tx, org)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, domainRemoved, domain, audit.Change{Field: "organisation", Old: o.Key.String()})
}

// Registration is what came of somebody's wish to register.
type Registration struct {
	Account Account // who has that mail already; zero when nobody does
	Invitation
	Secret string // of the link to be sent to the mailbox
}

// Register invites a mail to the organisation of its domain as a buyer. For who is in
// it already there is no invitation. It fails with [models.Invalid] when no
// organisation has the domain. Anyone may try to register: only the letter tells
// them more.
func Register(ctx context.Context, tx *db.Tx, mail, language string) (Registration, error) {
	mail = strings.TrimSpace(mail)
	if !IsMail(mail) {
		return Registration{}, models.Invalid{"mail": "account.mail_unclear"}
	}
	_, domain, _ := strings.Cut(FoldMail(mail), "@")
	var org int64
	err := tx.Get(ctx, &org, `/* identity.Register */ SELECT organisation_id FROM mail_domains WHERE domain = ?`, domain)
	if isNotFound(err) {
		return Registration{}, models.Invalid{"mail": "sign_up.domain_unknown"}
	}
	if err != nil {
		return Registration{}, fmt.Errorf("register by mail domain %s: %w", domain, err)
	}
	known, err := FindAccountByMail(ctx, tx, mail)
	if err != nil && !isNotFound(err) {
		return Registration{}, err
	}
	r := Registration{Account: known, Invitation: Invitation{OrgID: org, Mail: mail, Language: language,
		Powers: Powers{Roles: []models.Role{models.Buyer}, Rights: []models.Right{models.Draft}}}}
	member, err := isMember(ctx, tx, mail, org)
	if err == nil && !member {
		r.Secret, err = invite(ctx, tx, &r.Invitation)
	}
	return r, err
}
