package documents

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// MostOfVendor is how many documents a vendor may have: 1 GB at most.
const MostOfVendor = 200

const (
	added    audit.Action = "document.added"
	changed  audit.Action = "document.changed"
	replaced audit.Action = "document.replaced"
	removed  audit.Action = "document.removed"
	checked  audit.Action = "document.checked"
)

// ErrTwice says that the vendor has the content already, as the document Of.
type ErrTwice struct{ Of Document }

// Error says as which document.
func (e ErrTwice) Error() string { return fmt.Sprintf("the content is that of document %d", e.Of.ID) }

// Expect notes that a content is about to be kept, so that nobody lets go of it before
// it has a document. Only who keeps the documents of a vendor brings any.
func Expect(ctx context.Context, tx *db.Tx, s Stored, m Media) error {
	if !writes(tx.Actor) {
		return fmt.Errorf("bring a document: %w", models.ErrForbidden)
	}
	const q = `INSERT INTO blobs (hash, size, media_type, reading, brought_at) VALUES (?, ?, ?, 'expected', ?)
		ON CONFLICT (hash) DO UPDATE SET brought_at = excluded.brought_at`
	if _, err := tx.Exec(ctx, q, s.Hash, s.Size, m, tx.Now); err != nil {
		return fmt.Errorf("expect content %s: %w", s.Hash, err)
	}
	return nil
}

// Add makes a document of a content that was expected and is kept, for the vendor that
// the actor writes for: d says its Hash and details, and is given the rest. When old is
// not 0, d comes in the place of that document, which stays as long as listings show it.
//
// It fails with [models.Invalid] when the details make no sense, with [ErrTwice] when
// the vendor has the content already, with [models.ErrNotFound] when old is not the
// vendor's, and with [models.ErrConflict] when something else came in its place.
func Add(ctx context.Context, tx *db.Tx, d *Document, words string, how Reading, old int64) error {
	if !writes(tx.Actor) {
		return fmt.Errorf("add document: %w", models.ErrForbidden)
	}
	d.Vendor, d.By, d.At = tx.Actor.OrgID, tx.Actor.AccountID, tx.Now
	if err := d.Details.Check(models.DateOf(tx.Now.Time)); err != nil {
		return err
	}
	if err := roomFor(ctx, tx, d); err != nil {
		return err
	}
	var before Document
	action := added
	if old != 0 {
		var err error
		if before, err = replace(ctx, tx, old); err != nil {
			return err
		}
		action = replaced
	}
	const read = `UPDATE blobs SET words = ?, reading = ? WHERE hash = ? AND reading IN ('expected', 'failed')`
	if _, err := tx.Exec(ctx, read, words, how, d.Hash); err != nil {
		return fmt.Errorf("text of content %s: %w", d.Hash, err)
	}
	const q = `INSERT INTO documents (vendor_id, hash, title, language, kind, issued, valid_until, line, uploaded_by, uploaded_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	err := tx.Get(ctx, &d.ID, q, d.Vendor, d.Hash, d.Title, d.Language, d.Kind, d.Issued, d.ValidUntil, db.NullID(before.Line), db.NullID(d.By), d.At)
	if err != nil {
		return fmt.Errorf("add document %s: %w", d.Hash, err)
	}
	if d.Line = before.Line; d.Line == 0 {
		d.Line = d.ID
	}
	changes := d.Details.changes(before.Details)
	changes.Add("file", before.Hash, d.Hash)
	return audit.Record(ctx, tx, action, Subject(d.ID), changes...)
}

// roomFor refuses what the vendor has already, and more than a vendor may have.
func roomFor(ctx context.Context, tx *db.Tx, d *Document) error {
	var same Document
	err := tx.Get(ctx, &same, `/* documents.roomFor */`+query+`WHERE d.vendor_id = ? AND d.hash = ?`, d.Vendor, d.Hash)
	if err == nil {
		return ErrTwice{same}
	}
	if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	var n int
	if err := tx.Get(ctx, &n, `/* documents.roomFor */ SELECT COUNT(*) FROM documents WHERE vendor_id = ?`, d.Vendor); err != nil {
		return err
	}
	if n >= MostOfVendor {
		return models.Invalid{"file": "document.too_many"}
	}
	return nil
}

// replace ends the time of a document that another comes in the place of.
func replace(ctx context.Context, tx *db.Tx, id int64) (Document, error) {
	before, err := own(ctx, tx, id)
	if err != nil {
		return Document{}, err
	}
	n, err := tx.Exec(ctx, `UPDATE documents SET replaced_at = ? WHERE id = ? AND replaced_at IS NULL`, tx.Now, id)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return Document{}, fmt.Errorf("replace document %d: %w", id, err)
	}
	return before, nil
}

// own finds a document of the vendor that the actor writes for.
func own(ctx context.Context, tx *db.Tx, id int64) (Document, error) {
	d, err := find(ctx, tx, id)
	if err == nil && (!writes(tx.Actor) || tx.Actor.OrgID != d.Vendor) {
		err = models.ErrNotFound
	}
	if err != nil {
		return Document{}, fmt.Errorf("document %d: %w", id, err)
	}
	return d, nil
}

// Change makes the details of a document others. Versions that show it keep theirs. It
// fails with [models.Invalid], or with [models.ErrNotFound] when it is not the actor's.
func Change(ctx context.Context, tx *db.Tx, id int64, to Details) error {
	d, err := own(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := to.Check(models.Date{}); err != nil {
		return err
	}
	changes := to.changes(d.Details)
	if len(changes) == 0 {
		return nil
	}
	const q = `UPDATE documents SET title = ?, language = ?, kind = ?, issued = ?, valid_until = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, to.Title, to.Language, to.Kind, to.Issued, to.ValidUntil, id); err != nil {
		return fmt.Errorf("change document %d: %w", id, err)
	}
	return audit.Record(ctx, tx, changed, Subject(id), changes...)
}

// Remove takes a document away; its content goes with the last document that has it.
// It fails with [models.ErrNotFound] when it is not the actor's, and with
// [models.ErrConflict] while a published listing, or one that waits to be, shows it.
func Remove(ctx context.Context, tx *db.Tx, id int64) error {
	d, err := own(ctx, tx, id)
	if err != nil {
		return err
	}
	const q = `DELETE FROM documents AS d WHERE d.id = ? AND ` + unneeded
	n, err := tx.Exec(ctx, q, id)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("remove document %d: %w", id, err)
	}
	changes := Details{}.changes(d.Details)
	changes.Add("file", d.Hash, "")
	return audit.Record(ctx, tx, removed, Subject(id), changes...)
}

// Check notes that the actor has looked at a document for the operator, so that its text
// is searched. It is for those who decide on listings. Whoever checks a second time does
// no harm.
func Check(ctx context.Context, tx *db.Tx, id int64) error {
	if !decides(tx.Actor) {
		return fmt.Errorf("check document %d: %w", id, models.ErrForbidden)
	}
	if _, err := find(ctx, tx, id); err != nil {
		return fmt.Errorf("check document %d: %w", id, err)
	}
	const q = `UPDATE documents SET checked_by = ?, checked_at = ? WHERE id = ? AND checked_at IS NULL`
	n, err := tx.Exec(ctx, q, db.NullID(tx.Actor.AccountID), tx.Now, id)
	if err != nil || n == 0 {
		return err
	}
	in, err := ShownIn(ctx, tx, []int64{id})
	if err != nil {
		return err
	}
	for _, offering := range in[id] {
		if err := catalogue.Renew(ctx, tx, offering); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, checked, Subject(id))
}

var languageShape = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// Check says what is wrong with the details, as [models.Invalid]. A document that is over already is not
// taken in; a zero today does not mind.
func (d *Details) Check(today models.Date) error {
	wrong := models.Invalid{}
	d.Title = strings.Join(strings.Fields(d.Title), " ")
	switch {
	case d.Title == "":
		wrong["title"] = "document.title_missing"
	case utf8.RuneCountInString(d.Title) > catalogue.MaxPaperTitle:
		wrong["title"] = "document.title_long"
	case !utf8.ValidString(d.Title) || strings.ContainsFunc(d.Title, hidden):
		wrong["title"] = "document.title_unclear"
	}
	if !languageShape.MatchString(d.Language) {
		wrong["language"] = "document.language_missing"
	}
	if !slices.Contains(catalogue.PaperKinds, d.Kind) {
		wrong["kind"] = "document.kind_missing"
	}
	switch {
	case d.ValidUntil.IsZero():
	case !d.Issued.IsZero() && d.ValidUntil.Before(d.Issued):
		wrong["valid_until"] = "document.until_before"
	case !today.IsZero() && d.ValidUntil.Before(today):
		wrong["valid_until"] = "document.until_over"
	}
	return wrong.Or()
}

// hidden reports whether a sign is not seen, or changes how others are: control signs
// and those that turn the direction of writing.
func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// changes are what became of the details before.
func (d Details) changes(before Details) audit.Changes {
	var c audit.Changes
	c.Add("title", before.Title, d.Title)
	c.Add("written_in", before.Language, d.Language)
	c.Add("document_kind", string(before.Kind), string(d.Kind))
	c.Add("issued", before.Issued.String(), d.Issued.String())
	c.Add("valid_until", before.ValidUntil.String(), d.ValidUntil.String())
	return c
}
