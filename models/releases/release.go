package releases

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// What a release may hold.
const (
	MaxVersion = 40     // characters
	MaxTitle   = 200    // characters
	MaxText    = 20_000 // bytes of Markdown
	maxLink    = 2000   // bytes
)

// Release is what a vendor says of a release of a service.
type Release struct {
	ID       int64       `db:"id"`
	Offering int64       `db:"offering_id"`
	Day      models.Date `db:"released_on"`
	Version  string      `db:"version"` // "2.4.1"; "" when it has no such label
	Link     string      `db:"link"`    // where the vendor says more; may be ""
	Read     bool        `db:"read"`    // in the vendor's feed; otherwise it was written here
	Revision int64       `db:"revision"`
	Titles   models.Text `db:"-"` // in one language at least
	Texts    models.Text `db:"-"` // Markdown; may be missing
}

const (
	releaseAdded   audit.Action = "offering.release_added"
	releaseChanged audit.Action = "offering.release_changed"
	releaseRemoved audit.Action = "offering.release_removed"
)

// settle puts r into the form it is kept in, or says what is wrong with it: under "day",
// "version", "link", "titles" and "texts", or "titles.et" and "texts.et" for a language.
func (r *Release) settle(today models.Date) error {
	wrong := models.Invalid{}
	r.Version, r.Link = strings.TrimSpace(r.Version), strings.TrimSpace(r.Link)
	titles, texts := models.Text{}, models.Text{}
	for lang, words := range r.Titles {
		titles.Set(lang, strings.Join(strings.Fields(words), " "))
	}
	for lang, words := range r.Texts {
		texts.Set(lang, strings.TrimSpace(strings.ReplaceAll(words, "\r\n", "\n")))
	}
	r.Titles, r.Texts = titles, texts
	switch {
	case r.Day.IsZero():
		wrong["day"] = "release.day_missing"
	case today.Before(r.Day):
		wrong["day"] = "release.day_future"
	case r.Day.Before(firstDay):
		wrong["day"] = "release.day_old"
	}
	if utf8.RuneCountInString(r.Version) > MaxVersion || !plain(r.Version) {
		wrong["version"] = "release.version_unclear"
	}
	if r.Link != "" && !isLink(r.Link) {
		wrong["link"] = "release.link_unclear"
	}
	if len(r.Titles) == 0 {
		wrong["titles"] = "release.title_missing"
	}
	for lang, words := range r.Titles {
		if utf8.RuneCountInString(words) > MaxTitle || !plain(words) {
			wrong["titles."+lang] = "release.title_unclear"
		}
	}
	for lang, words := range r.Texts {
		switch {
		case r.Titles[lang] == "":
			wrong["titles."+lang] = "release.title_missing_here"
		case len(words) > MaxText:
			wrong["texts."+lang] = "release.text_long"
		case !printable(words):
			wrong["texts."+lang] = "release.text_unclear"
		}
	}
	return wrong.Or()
}

// firstDay is before any software as a service was released.
var firstDay = models.NewDate(1990, 1, 1)

// plain reports whether words are a line that says what it seems to: no signs that act,
// turn the direction of writing, or cannot be seen.
func plain(words string) bool {
	return utf8.ValidString(words) && strings.IndexFunc(words, func(r rune) bool { return !unicode.IsGraphic(r) || hides(r) }) < 0
}

// printable is the same for several lines.
func printable(words string) bool {
	return utf8.ValidString(words) && strings.IndexFunc(words, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || hides(r) }) < 0
}

// hides reports whether a sign turns the direction of writing or is not seen, other than
// those that join letters.
func hides(r rune) bool {
	return r != '\u200c' && r != '\u200d' && unicode.Is(unicode.Cf, r)
}

func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= maxLink && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && plain(s) && !strings.Contains(s, " ")
}

// Keeps reports whether the actor keeps the releases of the vendor's services: its
// editors and managers do, and those who run the portal.
func Keeps(a models.Actor, vendor int64) bool {
	return a.IsAny(models.Moderator, models.Administrator) || a.OrgID == vendor && a.IsAny(models.VendorEditor, models.VendorManager)
}

// own returns an offering whose releases the actor keeps; others are not there for it:
// [models.ErrNotFound].
func own(ctx context.Context, r db.Reader, a models.Actor, offering int64) (catalogue.Offering, error) {
	o, err := catalogue.Find(ctx, r, offering)
	if err == nil && !Keeps(a, o.VendorID) {
		err = fmt.Errorf("releases of %s: %w", catalogue.Number(offering), models.ErrNotFound)
	}
	return o, err
}

// Add keeps a release that the vendor wrote, and gives it its id. It fails with
// [models.Invalid] under the names of its parts, and with [models.ErrNotFound] for whom
// the offering's releases are not.
func Add(ctx context.Context, tx *db.Tx, r *Release) error {
	if _, err := own(ctx, tx, tx.Actor, r.Offering); err != nil {
		return err
	}
	if err := r.settle(models.DateOf(tx.Now.Time)); err != nil {
		return err
	}
	if err := r.insert(ctx, tx, nil); err != nil {
		return fmt.Errorf("add release of %s: %w", catalogue.Number(r.Offering), err)
	}
	return r.note(ctx, tx, releaseAdded, Release{})
}

// insert adds r; guid is nil for what was written here.
func (r *Release) insert(ctx context.Context, tx *db.Tx, guid any) error {
	const q = `
		INSERT INTO releases (offering_id, guid, released_on, version, link, created_at, changed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`
	r.Revision = 1
	if err := tx.Get(ctx, &r.ID, q, r.Offering, guid, r.Day, r.Version, r.Link, tx.Now, tx.Now); err != nil {
		return err
	}
	return r.writeWords(ctx, tx)
}

func (r *Release) writeWords(ctx context.Context, tx *db.Tx) error {
	var rows [][]any
	for _, lang := range models.Languages(r.Titles) {
		rows = append(rows, []any{r.ID, lang, r.Titles[lang], r.Texts[lang]})
	}
	return tx.Insert(ctx, "release_words", []string{"release_id", "language", "title", "text"}, rows)
}

// Change makes a release that was written here be as r says. It fails with
// [models.ErrConflict] when it was changed since the revision seen, with
// [models.Invalid] under the names of its parts, and with [models.ErrNotFound] when
// there is none of that id that the actor keeps; what was read in a feed is changed
// there.
func Change(ctx context.Context, tx *db.Tx, seen int64, r *Release) error {
	before, err := FindOwn(ctx, tx, tx.Actor, r.Offering, r.ID)
	if err != nil {
		return err
	}
	if before.Read {
		return fmt.Errorf("release %d was read in a feed: %w", r.ID, models.ErrNotFound)
	}
	if before.Revision != seen {
		return fmt.Errorf("release %d has revision %d, not %d: %w", r.ID, before.Revision, seen, models.ErrConflict)
	}
	if err := r.settle(models.DateOf(tx.Now.Time)); err != nil {
		return err
	}
	if r.says(before) {
		return nil
	}
	if err := r.update(ctx, tx); err != nil {
		return fmt.Errorf("change release %d: %w", r.ID, err)
	}
	return r.note(ctx, tx, releaseChanged, before)
}

func (r *Release) update(ctx context.Context, tx *db.Tx) error {
	const q = `
		UPDATE releases SET released_on = ?, version = ?, link = ?, changed_at = ?, revision = revision + 1
		WHERE id = ? RETURNING revision`
	if err := tx.Get(ctx, &r.Revision, q, r.Day, r.Version, r.Link, tx.Now, r.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM release_words WHERE release_id = ?`, r.ID); err != nil {
		return err
	}
	return r.writeWords(ctx, tx)
}

// says reports whether both say the same.
func (r *Release) says(o Release) bool {
	return r.Day == o.Day && r.Version == o.Version && r.Link == o.Link && r.Titles.Equal(o.Titles) && r.Texts.Equal(o.Texts)
}

// Remove takes a release off the list. One that was read in a feed does not come back
// from there. It fails with [models.ErrNotFound] when there is none of that id that the
// actor keeps.
func Remove(ctx context.Context, tx *db.Tx, offering, id int64) error {
	before, err := FindOwn(ctx, tx, tx.Actor, offering, id)
	if err != nil {
		return err
	}
	q := `DELETE FROM releases WHERE id = ?`
	if before.Read {
		q = `UPDATE releases SET hidden = 1, revision = revision + 1 WHERE id = ?`
	}
	if _, err := tx.Exec(ctx, q, id); err != nil {
		return fmt.Errorf("remove release %d: %w", id, err)
	}
	after := Release{Offering: offering}
	return after.note(ctx, tx, releaseRemoved, before)
}

// note records what became of a release, and that the pages of its service are to be
// made anew.
func (r *Release) note(ctx context.Context, tx *db.Tx, action audit.Action, before Release) error {
	if err := touch(ctx, tx, r.Offering); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("released", before.Day.String(), r.Day.String())
	c.Add("release_version", before.Version, r.Version)
	c.Add("link", before.Link, r.Link)
	c.AddText("titles", before.Titles, r.Titles)
	c.AddText("texts", before.Texts, r.Texts)
	return audit.Record(ctx, tx, action, catalogue.Number(r.Offering), c...)
}

// touch counts a change of what buyers see of the releases of an offering.
func touch(ctx context.Context, tx *db.Tx, offering int64) error {
	const q = `
		INSERT INTO release_revisions (offering_id, revision) VALUES (?, 1)
		ON CONFLICT (offering_id) DO UPDATE SET revision = release_revisions.revision + 1`
	if _, err := tx.Exec(ctx, q, offering); err != nil {
		return fmt.Errorf("releases of %s: %w", catalogue.Number(offering), err)
	}
	return nil
}
