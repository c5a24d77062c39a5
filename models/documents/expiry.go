package documents

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// Path is where a vendor keeps its documents, after the language.
const Path = "/vendor/documents"

// reminders are how many days before its last day a vendor is told that a document
// ends, the longest first.
var reminders = []int{90, 60, 30, 7}

// Expiring returns the newest documents of a vendor that end within the first of the
// reminders from the day, or have ended, the soonest first.
func Expiring(ctx context.Context, r db.Reader, vendor int64, day models.Date) (all []Document, err error) {
	const q = `/* documents.Expiring */` + query + `WHERE d.vendor_id = ? AND d.replaced_at IS NULL AND d.valid_until <= ? ORDER BY d.valid_until, d.id`
	if err := r.Select(ctx, &all, q, vendor, after(day, reminders[0])); err != nil {
		return nil, fmt.Errorf("documents of vendor %d that end: %w", vendor, err)
	}
	return all, nil
}

func after(day models.Date, days int) models.Date {
	return models.DateOf(day.Time().AddDate(0, 0, days))
}

// Remind tells vendors of documents that end, once for each of the reminders; those who
// come late are told of the latest only. date writes a day in a language. Whoever runs
// it again, or at the same time, does no harm. It returns how many documents it told of.
func Remind(ctx context.Context, tx *db.Tx, date func(language string, day models.Date) string) (told int, err error) {
	today := models.DateOf(tx.Now.Time)
	const q = `/* documents.Remind */` + query + `WHERE d.replaced_at IS NULL AND d.valid_until BETWEEN ? AND ? ORDER BY d.id`
	var all []Document
	if err := tx.Select(ctx, &all, q, today, after(today, reminders[0])); err != nil {
		return 0, fmt.Errorf("documents that end: %w", err)
	}
	for _, d := range all {
		due, err := d.due(ctx, tx, today)
		if err != nil {
			return told, fmt.Errorf("reminders of document %d: %w", d.ID, err)
		}
		if !due {
			continue
		}
		told++
		if err := d.tell(ctx, tx, date); err != nil {
			return told, err
		}
	}
	return told, nil
}

// due notes which reminders the document has come to, and reports whether the latest of
// them is new.
func (d Document) due(ctx context.Context, tx *db.Tx, today models.Date) (due bool, err error) {
	left := int(d.ValidUntil.Time().Sub(today.Time()) / (24 * time.Hour))
	for _, days := range reminders {
		if left > days {
			break
		}
		const q = `INSERT INTO document_reminders (document_id, valid_until, days, told_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
		n, err := tx.Exec(ctx, q, d.ID, d.ValidUntil, days, tx.Now)
		if err != nil {
			return false, err
		}
		due = n > 0
	}
	return due, nil
}

// tell tells those who keep the documents of the vendor.
func (d Document) tell(ctx context.Context, tx *db.Tx, date func(string, models.Date) string) error {
	to, err := identity.Writers(ctx, tx, d.Vendor)
	if err != nil {
		return err
	}
	for _, who := range to {
		err := work.Tell(ctx, tx, work.Message{Kind: work.DocumentExpiring, AccountID: who.ID, Mail: who.Mail, Language: who.Language,
			Args: []string{d.Title, date(who.Language, d.ValidUntil)}, Path: Path + "/" + strconv.FormatInt(d.ID, 10)})
		if err != nil {
			return err
		}
	}
	return nil
}
