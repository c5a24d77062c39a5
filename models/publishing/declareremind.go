package publishing

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// declarationReminders are how many days before its last day a vendor is told that its
// declaration ends, the longest first.
var declarationReminders = []int{90, 30, 7}

// RemindDeclarations tells vendors whose declaration ends, once for each of the
// reminders; those who come late are told of the latest only. Whose next declaration is
// begun is told all the same: it counts once it is signed. date writes a day in a
// language. It returns how many it told of.
func RemindDeclarations(ctx context.Context, tx *db.Tx, date func(language string, day models.Date) string) (told int, err error) {
	today := models.DateOf(tx.Now.Time)
	var all []Declaration
	const q = `/* publishing.RemindDeclarations */` + declarationSelect + ` WHERE state = 'signed' AND valid_until BETWEEN ? AND ? ORDER BY id`
	if err := tx.Select(ctx, &all, q, today, today.AddDays(declarationReminders[0])); err != nil {
		return 0, fmt.Errorf("declarations that end: %w", err)
	}
	for i := range all {
		due, err := all[i].remindersDue(ctx, tx, today)
		if err != nil {
			return told, fmt.Errorf("reminders of declaration %d: %w", all[i].ID, err)
		}
		if !due {
			continue
		}
		told++
		if err := all[i].tellEnding(ctx, tx, date); err != nil {
			return told, err
		}
	}
	return told, nil
}

// remindersDue notes which reminders the declaration has come to, and reports whether
// the latest of them is new.
func (d *Declaration) remindersDue(ctx context.Context, tx *db.Tx, today models.Date) (due bool, err error) {
	left := int(d.ValidUntil.Time().Sub(today.Time()) / (24 * time.Hour))
	for _, days := range declarationReminders {
		if left > days {
			break
		}
		const q = `INSERT INTO declaration_reminders (declaration_id, days, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
		n, err := tx.Exec(ctx, q, d.ID, days, tx.Now)
		if err != nil {
			return false, err
		}
		due = n > 0
	}
	return due, nil
}

// tellEnding tells those who write for the vendor.
func (d *Declaration) tellEnding(ctx context.Context, tx *db.Tx, date func(string, models.Date) string) error {
	to, err := identity.Writers(ctx, tx, d.Vendor)
	if err != nil {
		return err
	}
	for _, who := range to {
		err := work.Tell(ctx, tx, work.Message{Kind: work.DeclarationEnding, AccountID: who.ID, Mail: who.Mail, Language: who.Language,
			Args: []string{date(who.Language, d.ValidUntil)}, Path: "/vendor/declaration"})
		if err != nil {
			return err
		}
	}
	return nil
}
