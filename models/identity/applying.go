package identity

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Applicant is who applies without an account.
type Applicant struct {
	Mail, Name, Language string
}

// Apply sends an application with its first words, and sets a.ID. Whoever is signed
// in applies at once. Others get a secret for the link of a letter to the mail of
// who: until it is taken, nobody sees the application.
func Apply(ctx context.Context, tx *db.Tx, a *Application, who Applicant, words string) (secret string, err error) {
	wrong := a.settle(words)
	if !tx.Actor.SignedIn() {
		for field, key := range (&Account{Mail: who.Mail, Name: who.Name, Language: who.Language}).settle() {
			wrong[field] = key
		}
	}
	if err := wrong.Or(); err != nil {
		return "", err
	}
	a.State, a.AccountID, a.Created = Sent, tx.Actor.AccountID, tx.Now
	const q = `
		INSERT INTO vendor_applications (account_id, scheme, code, name, country, size_class, website, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`
	err = tx.Get(ctx, &a.ID, q, db.NullID(a.AccountID), a.Key.Scheme, a.Key.Code, a.Name, a.Country, a.Class, a.Website, a.State, a.Created)
	if err == nil {
		err = tx.Insert(ctx, "application_markets", []string{"application_id", "country"}, pairs(a.ID, a.Markets))
	}
	if err == nil {
		err = say(ctx, tx, a.ID, false, words)
	}
	if err != nil {
		return "", fmt.Errorf("apply to become a vendor: %w", err)
	}
	if tx.Actor.SignedIn() {
		return "", audit.Record(ctx, tx, applicationSent, applicationSubject(a.ID))
	}
	return addInvitation(ctx, tx, &Invitation{ApplicationID: a.ID, Mail: who.Mail, Name: who.Name, Language: who.Language})
}

func applicationSubject(id int64) string { return fmt.Sprintf("vendor application %d", id) }

// confirm says whose an application is.
func confirm(ctx context.Context, tx *db.Tx, id, account int64) error {
	const q = `UPDATE vendor_applications SET account_id = ? WHERE id = ? AND account_id IS NULL`
	n, err := tx.Exec(ctx, q, account, id)
	if err != nil || n == 0 {
		return fmt.Errorf("confirm vendor application %d: %w", id, firstOf(err, models.ErrConflict))
	}
	return audit.Record(ctx, tx, applicationSent, applicationSubject(id))
}

// say adds a message to what was said.
func say(ctx context.Context, tx *db.Tx, id int64, operator bool, words string) error {
	by := "vendor"
	if operator {
		by = "operator"
	}
	const q = `INSERT INTO application_messages (application_id, said_by, account_id, words, created_at) VALUES (?, ?, ?, ?, ?)`
	_, err := tx.Exec(ctx, q, id, by, db.NullID(tx.Actor.AccountID), strings.TrimSpace(words), tx.Now)
	return err
}

// Answer says something more about one's own application, and makes it the
// operator's turn. It fails with [models.ErrConflict] when it is decided.
func Answer(ctx context.Context, tx *db.Tx, id int64, words string) error {
	a, err := FindApplication(ctx, tx, tx.Actor, id)
	if err == nil && a.AccountID != tx.Actor.AccountID {
		err = fmt.Errorf("answer for the applicant of vendor application %d: %w", id, models.ErrForbidden)
	}
	if err != nil {
		return err
	}
	return turn(ctx, tx, a, Sent, 0, words)
}

// Ask asks the company something. It fails with [models.ErrConflict] when the
// application is decided. It is for administrators and moderators.
func Ask(ctx context.Context, tx *db.Tx, id int64, words string) error {
	a, err := deciding(ctx, tx, id)
	if err != nil {
		return err
	}
	return turn(ctx, tx, a, Asked, 0, words)
}

// Refuse ends an application with the reasons. It fails like [Ask].
func Refuse(ctx context.Context, tx *db.Tx, id int64, words string) error {
	a, err := deciding(ctx, tx, id)
	if err != nil {
		return err
	}
	return turn(ctx, tx, a, Refused, 0, words)
}

// Accept makes the company a vendor with the applicant as its manager, and returns
// the id of the organisation. A vendor that is in the catalogue already, and that
// nobody acts for, becomes the applicant's; when somebody does, it is up to them to
// invite others, and Accept fails with [models.Invalid]. It fails like [Ask], too.
func Accept(ctx context.Context, tx *db.Tx, id int64, words string) (int64, error) {
	a, err := deciding(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	org, err := a.organisation(ctx, tx)
	if err != nil {
		return 0, err
	}
	if err := turn(ctx, tx, a, Accepted, org, words); err != nil {
		return 0, err
	}
	_, err = addMember(ctx, tx, a.AccountID, org, Powers{Roles: []models.Role{models.VendorManager}})
	return org, err
}

func deciding(ctx context.Context, tx *db.Tx, id int64) (Application, error) {
	if !decides(tx.Actor) {
		return Application{}, fmt.Errorf("decide about vendor application %d: %w", id, models.ErrForbidden)
	}
	return FindApplication(ctx, tx, tx.Actor, id)
}

// organisation is the company as an organisation, made if it is not there.
func (a Application) organisation(ctx context.Context, tx *db.Tx) (int64, error) {
	o, err := FindByKey(ctx, tx, a.Key)
	switch {
	case isNotFound(err):
		o = Organisation{Key: a.Key, Kind: Vendor, Country: a.Country, Class: a.Class, Website: a.Website, Markets: a.Markets,
			Names: models.Text{"en": a.Name, "et": a.Name}}
		_, _, err = put(ctx, tx, &o)
		return o.ID, err
	case err != nil:
		return 0, err
	case o.Kind != Vendor:
		return 0, models.Invalid{"code": "application.not_a_vendor"}
	}
	members, err := Members(ctx, tx, o.ID)
	if err == nil && len(members) > 0 {
		err = models.Invalid{"code": "application.has_members"}
	}
	return o.ID, err
}

// turn says something and moves the application to the state.
func turn(ctx context.Context, tx *db.Tx, a Application, to ApplicationState, org int64, words string) error {
	if key := wordsProblem(words); key != "" {
		return models.Invalid{"words": key}
	}
	var decided models.Time
	if to == Accepted || to == Refused {
		decided = tx.Now
	}
	const q = `UPDATE vendor_applications SET state = ?, organisation_id = ?, decided_at = ? WHERE id = ? AND decided_at IS NULL`
	n, err := tx.Exec(ctx, q, to, db.NullID(org), decided, a.ID)
	if err != nil {
		return fmt.Errorf("vendor application %d: %w", a.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("vendor application %d is decided: %w", a.ID, models.ErrConflict)
	}
	if err := say(ctx, tx, a.ID, to != Sent, words); err != nil {
		return fmt.Errorf("vendor application %d: %w", a.ID, err)
	}
	actions := map[ApplicationState]audit.Action{Sent: applicationAnswered, Asked: applicationAsked, Accepted: applicationAccepted, Refused: applicationRefused}
	return audit.Record(ctx, tx, actions[to], applicationSubject(a.ID))
}
