package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// InventedPerson is somebody of the demonstration, called by their role.
type InventedPerson struct {
	Mail         string         `json:"mail"`
	Name         string         `json:"name"`
	Language     string         `json:"language"`
	Organisation models.Key     `json:"organisation"`
	Roles        []models.Role  `json:"roles"`
	Rights       []models.Right `json:"rights,omitempty"`
	Limit        int64          `json:"limit_cents,omitempty"`
	Reach        models.Reach   `json:"reach,omitempty"`
}

const inventedRemoved audit.Action = "account.removed"

// ReadPeople reads the people of the demonstration, one JSON object after another.
func ReadPeople(r io.Reader) ([]InventedPerson, error) {
	var all []InventedPerson
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	for {
		var p InventedPerson
		err := d.Decode(&p)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("person %d: %w", len(all)+1, err)
		}
		all = append(all, p)
	}
}

// PutPeople makes accounts for those of the people who have none; whoever belongs to
// an organisation that is not there is left out. It returns how many it made. They
// have no passwords. Only administrators put people.
func PutPeople(ctx context.Context, tx *db.Tx, people []InventedPerson) (made int, err error) {
	for _, p := range people {
		org, err := FindID(ctx, tx, p.Organisation)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return 0, err
		}
		a := Account{Mail: p.Mail, Name: p.Name, Language: p.Language, Invented: true}
		err = AddAccount(ctx, tx, &a)
		if v := (models.Invalid)(nil); errors.As(err, &v) && v["mail"] == "account.mail_taken" {
			continue
		}
		if err == nil {
			_, err = AddMember(ctx, tx, a.ID, org, Powers{p.Roles, p.Rights, p.Limit, p.Reach})
		}
		if err != nil {
			return 0, fmt.Errorf("invented person %s: %w", p.Mail, err)
		}
		made++
	}
	return made, nil
}

// People returns the invented people who can sign in, in the order in which they were
// made, each with what they may act for.
func People(ctx context.Context, r db.Reader) ([]Member, error) {
	var rows []memberRow
	q := `/* identity.People */` + memberQuery + `a.invented = 1 AND a.state = ? ORDER BY a.id, m.id`
	if err := r.Select(ctx, &rows, q, Active); err != nil {
		return nil, fmt.Errorf("invented people: %w", err)
	}
	var all []Member
	for _, w := range rows {
		all = append(all, w.member())
	}
	return all, nil
}

// RemovePeople removes the invented people with all that is theirs alone. It fails
// with [models.ErrConflict] when something refers to them that stays. Only
// administrators remove people.
func RemovePeople(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove invented people: %w", models.ErrForbidden)
	}
	for _, q := range []string{
		`DELETE FROM membership_roles WHERE membership_id IN (SELECT m.id FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.invented = 1)`,
		`DELETE FROM membership_rights WHERE membership_id IN (SELECT m.id FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.invented = 1)`,
		`DELETE FROM memberships WHERE account_id IN (SELECT id FROM accounts WHERE invented = 1)`,
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return removal(err)
		}
	}
	var gone []int64
	if err := tx.Select(ctx, &gone, `DELETE FROM accounts WHERE invented = 1 RETURNING id`); err != nil {
		return removal(err)
	}
	for _, id := range gone {
		if err := audit.Record(ctx, tx, inventedRemoved, accountSubject(id)); err != nil {
			return err
		}
	}
	return nil
}

func removal(err error) error {
	switch {
	case err == nil:
		return nil
	case db.Refused(err):
		return fmt.Errorf("remove invented people: something stays that is theirs: %w", models.ErrConflict)
	default:
		return fmt.Errorf("remove invented people: %w", err)
	}
}
