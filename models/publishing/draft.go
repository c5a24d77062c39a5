package publishing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// The actions of the audit log. Not every saving of a draft is one: people save every
// few seconds, and what matters is what is sent. That somebody took over a draft is.
const (
	draftBegun     audit.Action = "listing_draft.begun"
	draftTaken     audit.Action = "listing_draft.taken_over"
	draftDiscarded audit.Action = "listing_draft.discarded"
	draftRestored  audit.Action = "listing_draft.restored"
)

// MaxDraft is the most bytes of a draft, as JSON.
const MaxDraft = 4 << 20

// Draft is what people of a vendor write of an offering before it is sent.
type Draft struct {
	Offering  int64
	Vendor    int64
	Base      int // number of the version it began from; 0: none
	Published int // number of the version that buyers see now; 0: none
	Content   catalogue.Content
	Typed     map[string]url.Values // forms of sections that have problems, as they were typed
	Note      models.Text           // what changes, in a sentence
	Revision  int64                 // counts the changes, over all drafts of the offering
	EditedBy  int64                 // account; 0: a command
	EditedAt  models.Time
	CreatedAt models.Time
}

// Conflict says that somebody else saved a draft since it was read. It is
// [models.ErrConflict].
type Conflict struct {
	Kept Draft // as the other one saved it
}

// Error says who saved when.
func (c *Conflict) Error() string {
	return fmt.Sprintf("draft of %s: account %d saved revision %d at %s: %v", catalogue.Number(c.Kept.Offering), c.Kept.EditedBy,
		c.Kept.Revision, c.Kept.EditedAt.Format("15:04:05"), models.ErrConflict)
}

// Unwrap makes it a conflict.
func (c *Conflict) Unwrap() error { return models.ErrConflict }

// row is a draft as it is kept.
type row struct {
	Offering  int64       `db:"offering_id"`
	Vendor    int64       `db:"vendor_id"`
	Base      int         `db:"base"`
	Published int         `db:"published"`
	Content   string      `db:"content"`
	Typed     string      `db:"typed"`
	Note      string      `db:"note"`
	Thrown    string      `db:"thrown"`
	Revision  int64       `db:"revision"`
	EditedBy  int64       `db:"edited_by"`
	EditedAt  models.Time `db:"edited_at"`
	CreatedAt models.Time `db:"created_at"`
}

const draftSelect = `
	SELECT d.offering_id, o.vendor_id, d.base, COALESCE(o.published, 0) AS published, d.content, d.typed, d.note, d.thrown, d.revision,
		COALESCE(d.edited_by, 0) AS edited_by, d.edited_at, d.created_at
	FROM drafts d
	JOIN offerings o ON o.id = d.offering_id `

// FindDraft returns the draft of an offering to those who write it: editors and
// managers of its vendor, and administrators. All others, and everybody when there is
// none, get [models.ErrNotFound].
func FindDraft(ctx context.Context, r db.Reader, a models.Actor, offering int64) (Draft, error) {
	w, err := findRow(ctx, r, a, offering)
	if err == nil && w.Content == "" {
		err = notFound(offering)
	}
	if err != nil {
		return Draft{}, err
	}
	return w.draft()
}

func notFound(offering int64) error {
	return fmt.Errorf("draft of %s: %w", catalogue.Number(offering), models.ErrNotFound)
}

// findRow returns the row of a draft, also when the draft is gone.
func findRow(ctx context.Context, r db.Reader, a models.Actor, offering int64) (w row, err error) {
	err = r.Get(ctx, &w, `/* publishing.FindDraft */`+draftSelect+`WHERE d.offering_id = ?`, offering)
	if err == nil && !catalogue.Writes(a, w.Vendor) {
		err = models.ErrNotFound
	}
	if err != nil {
		return row{}, fmt.Errorf("draft of %s: %w", catalogue.Number(offering), err)
	}
	return w, nil
}

func (w row) draft() (Draft, error) {
	d := Draft{Offering: w.Offering, Vendor: w.Vendor, Base: w.Base, Published: w.Published, Revision: w.Revision,
		EditedBy: w.EditedBy, EditedAt: w.EditedAt, CreatedAt: w.CreatedAt}
	err := errors.Join(read(w.Content, &d.Content), read(w.Typed, &d.Typed), read(w.Note, &d.Note))
	if err != nil {
		return Draft{}, fmt.Errorf("draft of %s: %w", catalogue.Number(w.Offering), err)
	}
	return d, nil
}

// read takes apart what [written] made.
func read(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}

// written is v as JSON, "" for an empty map.
func written(v any) (string, error) {
	b, err := json.Marshal(v)
	if s := string(b); err != nil || s == "null" || s == "{}" {
		return "", err
	}
	return string(b), nil
}

// Begin makes a new offering of a vendor with a draft of it, and returns its id. It is
// for those who write the vendor's listings.
func Begin(ctx context.Context, tx *db.Tx, vendor int64, content catalogue.Content) (offering int64, err error) {
	offering, err = catalogue.OpenNew(ctx, tx, vendor, nameOf(content))
	if err != nil {
		return 0, err
	}
	return offering, begin(ctx, tx, offering, 0, content)
}

// begin keeps a new draft.
func begin(ctx context.Context, tx *db.Tx, offering int64, base int, content catalogue.Content) error {
	text, err := contentText(content)
	if err != nil {
		return err
	}
	const q = `
		INSERT INTO drafts (offering_id, base, content, revision, edited_by, edited_at, created_at) VALUES (?, ?, ?, 1, ?, ?, ?)
		ON CONFLICT (offering_id) DO UPDATE SET base = excluded.base, content = excluded.content, typed = '', note = '', thrown = '',
			revision = drafts.revision + 1, edited_by = excluded.edited_by, edited_at = excluded.edited_at, created_at = excluded.created_at
			WHERE drafts.content = ''`
	n, err := tx.Exec(ctx, q, offering, base, text, db.NullID(tx.Actor.AccountID), tx.Now, tx.Now)
	if err == nil && n == 0 {
		err = fmt.Errorf("there is one: %w", models.ErrConflict)
	}
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM draft_hands WHERE offering_id = ?`, offering)
	}
	if err == nil {
		err = hand(ctx, tx, offering)
	}
	if err != nil {
		return fmt.Errorf("begin a draft of %s: %w", catalogue.Number(offering), err)
	}
	var c audit.Changes
	c.Add("base", "", count(base))
	return audit.Record(ctx, tx, draftBegun, catalogue.Number(offering), c...)
}

// count is a number as text, "" for 0.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// contentText is the content as it is kept.
func contentText(c catalogue.Content) (string, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	if len(b) > MaxDraft {
		return "", models.Invalid{"content": "publishing.too_large"}
	}
	return string(b), nil
}

// hand notes that the actor had a hand in the draft.
func hand(ctx context.Context, tx *db.Tx, offering int64) error {
	if !tx.Actor.SignedIn() {
		return nil
	}
	const q = `INSERT INTO draft_hands (offering_id, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING`
	_, err := tx.Exec(ctx, q, offering, tx.Actor.AccountID)
	return err
}

// nameOf is what the content calls the offering in its own language, or in any.
func nameOf(c catalogue.Content) string {
	name, _ := namesOf(c).Pick(c.Language)
	return name
}

// namesOf are the names of the offering by language.
func namesOf(c catalogue.Content) models.Text {
	names := models.Text{}
	for lang, w := range c.Words {
		names.Set(lang, w.Name)
	}
	return names
}

// Edit returns the draft of an offering; when there is none, it begins one from what
// buyers see. A draft that began from an older version than buyers see now follows it:
// see [Merge]. It is for those who write, and fails with [models.ErrNotFound] for all
// others, or when there is nothing to begin from.
func Edit(ctx context.Context, tx *db.Tx, offering int64) (Draft, error) {
	o, err := own(ctx, tx, offering)
	if err != nil {
		return Draft{}, err
	}
	d, err := FindDraft(ctx, tx, tx.Actor, offering)
	switch {
	case err == nil && d.Base != o.Published:
		return follow(ctx, tx, d)
	case err == nil || !errors.Is(err, models.ErrNotFound):
		return d, err
	case o.Published == 0:
		return Draft{}, notFound(offering)
	}
	e, err := catalogue.FindEdition(ctx, tx, offering, o.Published)
	if err != nil {
		return Draft{}, err
	}
	if err := begin(ctx, tx, offering, o.Published, e.Content); err != nil {
		return Draft{}, err
	}
	return FindDraft(ctx, tx, tx.Actor, offering)
}

// own returns an offering that the actor writes.
func own(ctx context.Context, r *db.Tx, offering int64) (catalogue.Offering, error) {
	o, err := catalogue.Find(ctx, r, offering)
	if err == nil && !catalogue.Writes(r.Actor, o.VendorID) {
		err = notFound(offering)
	}
	return o, err
}

// PutBack begins a draft from an older version that buyers have seen, to be sent as any
// other. It fails like [Edit], and with [models.ErrConflict] when there is a draft.
func PutBack(ctx context.Context, tx *db.Tx, offering int64, number int) (Draft, error) {
	o, err := own(ctx, tx, offering)
	if err != nil {
		return Draft{}, err
	}
	e, err := catalogue.FindEdition(ctx, tx, offering, number)
	if err == nil && e.State != catalogue.Published && e.State != catalogue.Superseded {
		err = notFound(offering)
	}
	if err != nil {
		return Draft{}, err
	}
	if err := begin(ctx, tx, offering, o.Published, e.Content); err != nil {
		return Draft{}, err
	}
	return FindDraft(ctx, tx, tx.Actor, offering)
}
