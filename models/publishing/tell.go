package publishing

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// Where links lead, after the language.
const (
	queuePath   = "/admin/moderation/listings"
	vendorPath  = "/vendor/listings"
	servicePath = "/services"
)

// person is somebody who is told something: of the account the id, mail and language.
type person = identity.Account

// peopleWith is whom to tell; invented people get no letters.
const peopleWith = `
	SELECT DISTINCT a.id, CASE WHEN a.invented = 1 THEN '' ELSE a.mail END AS mail, a.language
	FROM accounts a
	JOIN memberships m ON m.account_id = a.id AND m.ended_at IS NULL
	JOIN membership_roles x ON x.membership_id = m.id
	WHERE a.state = 'active' AND `

// tell tells all the people the same, each in their own language. words are what the
// message is given.
func tell(ctx context.Context, tx *db.Tx, to []person, kind work.Kind, path string, words ...models.Text) error {
	for _, p := range to {
		args := make([]string, len(words))
		for i, t := range words {
			args[i], _ = t.Pick(p.Language)
		}
		m := work.Message{Kind: kind, AccountID: p.ID, Mail: p.Mail, Language: p.Language, Args: args, Path: path}
		if err := work.Tell(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// tellWaiting tells the moderators, or the administrators where there are none, that
// something waits; not whoever sent it.
func tellWaiting(ctx context.Context, tx *db.Tx, vendor identity.Organisation, c catalogue.Content, submission int64) error {
	var to []person
	for _, role := range []models.Role{models.Moderator, models.Administrator} {
		const q = `/* publishing.tellWaiting */` + peopleWith + `x.role = ? AND a.id <> ? ORDER BY a.id`
		if err := tx.Select(ctx, &to, q, role, tx.Actor.AccountID); err != nil {
			return fmt.Errorf("who decides: %w", err)
		}
		if len(to) > 0 {
			break
		}
	}
	return tell(ctx, tx, to, work.ListingWaiting, fmt.Sprintf("%s/%d", queuePath, submission), namesOf(c), vendor.Names)
}

// tellVendor tells the managers of the vendor, and whoever sent, what was decided.
func tellVendor(ctx context.Context, tx *db.Tx, s Submission, kind work.Kind) error {
	var to []person
	const q = `/* publishing.tellVendor */` + peopleWith + `
		(x.role = 'vendor_manager' AND m.organisation_id = ? OR a.id = ?) ORDER BY a.id`
	if err := tx.Select(ctx, &to, q, s.Vendor, s.SentBy); err != nil {
		return fmt.Errorf("people of vendor %d: %w", s.Vendor, err)
	}
	return tell(ctx, tx, to, kind, fmt.Sprintf("%s/%d", vendorPath, s.Offering), namesOf(s.Content))
}

// using are the bodies that use an offering: that are recorded to do so, or subscribe to
// it. It takes the id of the offering twice.
const using = `SELECT organisation_id FROM uses WHERE offering_id = ? AND phase = 'in_use'
	UNION SELECT organisation_id FROM subscriptions WHERE offering_id = ? AND state IN ('accepted', 'active', 'suspended')`

// subscribers returns the bodies that use the offering.
func subscribers(ctx context.Context, r db.Reader, offering int64) (bodies []int64, err error) {
	const q = `/* publishing.subscribers */ SELECT organisation_id FROM (` + using + `) u ORDER BY organisation_id`
	if err := r.Select(ctx, &bodies, q, offering, offering); err != nil {
		return nil, fmt.Errorf("who uses %s: %w", catalogue.Number(offering), err)
	}
	return bodies, nil
}

// tellRise tells the buyers of the bodies that use the offering that its price rises,
// and that theirs stays until renewal. It returns how many bodies use it, 0 when the
// price does not rise.
func tellRise(ctx context.Context, tx *db.Tx, o catalogue.Offering, c catalogue.Content, risks []Risk) (int, error) {
	if !hasKind(risks, PriceUp) {
		return 0, nil
	}
	bodies, err := subscribers(ctx, tx, o.ID)
	if err != nil {
		return 0, err
	}
	var to []person
	const q = `/* publishing.tellRise */` + peopleWith + `
		x.role = 'buyer' AND m.organisation_id IN (` + using + `) ORDER BY a.id`
	if err := tx.Select(ctx, &to, q, o.ID, o.ID); err != nil {
		return 0, fmt.Errorf("buyers of who uses %s: %w", catalogue.Number(o.ID), err)
	}
	path := fmt.Sprintf("%s/sc-%d-%s/changes", servicePath, o.ID, o.Slug)
	return len(bodies), tell(ctx, tx, to, work.PriceUp, path, namesOf(c))
}

const infected audit.Action = "document.infected"

// mostSaid is how many characters of what somebody else says are kept.
const mostSaid = 200

// Infected notes that a file of the actor's organisation was refused because a virus
// scanner found something in it, and warns the moderators and administrators: file is
// what it was called, found what the scanner said.
func Infected(ctx context.Context, tx *db.Tx, file, found string) error {
	vendor, err := identity.Find(ctx, tx, tx.Actor.OrgID)
	if err != nil {
		return err
	}
	file, found = short(file), short(found)
	var to []person
	const q = `/* publishing.Infected */` + peopleWith + `x.role IN (?, ?) AND a.id <> ? ORDER BY a.id`
	if err := tx.Select(ctx, &to, q, models.Moderator, models.Administrator, tx.Actor.AccountID); err != nil {
		return fmt.Errorf("who is warned: %w", err)
	}
	if err := tell(ctx, tx, to, work.FileInfected, fmt.Sprintf("/vendors/v-%d-%s", vendor.ID, vendor.Slug), vendor.Names, models.Text{"": file + ": " + found}); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("file", "", file)
	c.Add("found", "", found)
	return audit.Record(ctx, tx, infected, vendor.Key.String(), c...)
}

func short(s string) string {
	letters := []rune(strings.ToValidUTF8(s, ""))
	return string(letters[:min(len(letters), mostSaid)])
}
