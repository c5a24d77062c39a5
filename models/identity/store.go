package identity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Outcome tells what [Put] did.
type Outcome int

// The outcomes of a [Put].
const (
	Unchanged Outcome = iota
	Created
	Changed
)

// Put makes the organisation with o's key be as o says, and sets o.ID. Its
// parent must be known already. It returns what stood there before, the zero
// Organisation when it is new. Only administrators put organisations.
func Put(ctx context.Context, tx *db.Tx, o *Organisation) (Outcome, Organisation, error) {
	if !tx.Actor.Is(models.Administrator) {
		return Unchanged, Organisation{}, fmt.Errorf("put organisation %s: %w", o.Key, models.ErrForbidden)
	}
	return put(ctx, tx, o)
}

func put(ctx context.Context, tx *db.Tx, o *Organisation) (Outcome, Organisation, error) {
	if err := o.settle().Or(); err != nil {
		return Unchanged, Organisation{}, err
	}
	before, err := FindByKey(ctx, tx, o.Key)
	if err != nil && !isNotFound(err) {
		return Unchanged, Organisation{}, err
	}
	o.ID = before.ID
	if before.ID != 0 && o.equal(before) {
		return Unchanged, before, nil
	}
	parent, err := parentID(ctx, tx, o.Parent)
	if err != nil {
		return Unchanged, Organisation{}, err
	}
	outcome, action := Changed, audit.OrganisationChanged
	if before.ID == 0 {
		outcome, action = Created, audit.OrganisationAdded
		err = insert(ctx, tx, o, parent)
	} else {
		err = update(ctx, tx, o, parent)
	}
	if err != nil {
		return Unchanged, Organisation{}, fmt.Errorf("put organisation %s: %w", o.Key, err)
	}
	if err := writeWords(ctx, tx, o); err != nil {
		return Unchanged, Organisation{}, fmt.Errorf("put organisation %s: %w", o.Key, err)
	}
	return outcome, before, audit.Record(ctx, tx, action, o.Key.String(), o.changesFrom(before)...)
}

// changesFrom tells the audit log what o says otherwise than what stood there before.
func (o *Organisation) changesFrom(b Organisation) []audit.Change {
	var c audit.Changes
	c.Add("slug", b.Slug, o.Slug)
	c.Add("kind", string(b.Kind), string(o.Kind))
	c.Add("parent", b.Parent.String(), o.Parent.String())
	c.Add("country", b.Country, o.Country)
	c.AddText("names", b.Names, o.Names)
	c.AddText("about", b.About, o.About)
	c.Add("size", sized(b), sized(*o))
	c.Add("size_class", string(b.Class), string(o.Class))
	c.Add("website", b.Website, o.Website)
	c.Add("xroad_member", b.XRoad, o.XRoad)
	c.Add("markets", strings.Join(b.Markets, " "), strings.Join(o.Markets, " "))
	if o.Invented || b.Invented {
		c.AddFlag("invented", b.Invented, o.Invented)
	}
	return c
}

// sized is "2100 pupil", or "" when the size is not known.
func sized(o Organisation) string {
	if o.Size == 0 {
		return ""
	}
	return strings.TrimSpace(strconv.FormatInt(o.Size, 10) + " " + o.SizeUnit)
}

// Remove deletes an organisation that nothing refers to. It fails with
// [models.ErrConflict] when something does, and with [models.ErrNotFound] when there
// is no such organisation.
func Remove(ctx context.Context, tx *db.Tx, id int64) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove organisation %d: %w", id, models.ErrForbidden)
	}
	before, err := Find(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("remove: %w", err)
	}
	const q = `DELETE FROM organisations WHERE id = ?`
	if _, err := tx.Exec(ctx, q, id); err != nil {
		if db.Refused(err) {
			return fmt.Errorf("remove organisation %d: in use: %w", id, models.ErrConflict)
		}
		return fmt.Errorf("remove organisation %d: %w", id, err)
	}
	if err := bump(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.OrganisationRemoved, before.Key.String(), new(Organisation).changesFrom(before)...)
}

// settle puts o into the form it is kept in, or says what is wrong with it.
func (o *Organisation) settle() models.Invalid {
	wrong := models.Invalid{}
	if o.Key.IsZero() {
		wrong["key"] = "organisation.key_missing"
	}
	if name, _ := o.Names.Pick("en"); strings.TrimSpace(name) == "" {
		wrong["names"] = "organisation.name_missing"
	} else if o.Slug == "" {
		o.Slug = models.Slug(name)
	}
	if !slices.Contains(Kinds, o.Kind) {
		wrong["kind"] = "organisation.kind_unknown"
	}
	if o.Country != "" && len(o.Country) != 2 {
		wrong["country"] = "organisation.country_unknown"
	}
	if o.Size < 0 {
		wrong["size"] = "organisation.size_negative"
	}
	if o.Website != "" && !strings.HasPrefix(o.Website, "https://") && !strings.HasPrefix(o.Website, "http://") {
		wrong["website"] = "organisation.website_not_http"
	}
	if o.Class != "" && !slices.Contains(SizeClasses, o.Class) {
		wrong["size_class"] = "organisation.size_class_unknown"
	}
	if o.XRoad != "" && !isXRoadMember(o.XRoad) {
		wrong["xroad_member"] = "organisation.xroad_member_unclear"
	}
	slices.Sort(o.Markets)
	o.Markets = slices.Compact(o.Markets)
	return wrong
}

// isXRoadMember reports whether s names a member: instance, class and code.
func isXRoadMember(s string) bool {
	parts := strings.Split(s, "/")
	return len(parts) == 3 && !slices.Contains(parts, "") && !strings.ContainsAny(s, " \t\r\n;%\\")
}

func (o *Organisation) equal(b Organisation) bool {
	return o.Slug == b.Slug && o.Kind == b.Kind && o.Parent == b.Parent && o.Country == b.Country &&
		o.Size == b.Size && o.SizeUnit == b.SizeUnit && o.Website == b.Website && o.Invented == b.Invented &&
		o.Class == b.Class && o.XRoad == b.XRoad &&
		o.Names.Equal(b.Names) && o.About.Equal(b.About) && slices.Equal(o.Markets, b.Markets)
}

func parentID(ctx context.Context, r db.Reader, parent models.Key) (any, error) {
	if parent.IsZero() {
		return nil, nil
	}
	id, err := FindID(ctx, r, parent)
	if isNotFound(err) {
		return nil, models.Invalid{"parent": "organisation.parent_unknown"}
	}
	return id, err
}

func insert(ctx context.Context, tx *db.Tx, o *Organisation, parent any) error {
	const q = `
		INSERT INTO organisations (scheme, code, slug, kind, parent_id, country, size, size_unit, size_class, website, xroad_member, invented)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`
	return tx.Get(ctx, &o.ID, q, o.Key.Scheme, o.Key.Code, o.Slug, o.Kind, parent, db.Null(o.Country),
		o.Size, o.SizeUnit, o.Class, o.Website, o.XRoad, db.Flag(o.Invented))
}

func update(ctx context.Context, tx *db.Tx, o *Organisation, parent any) error {
	const q = `
		UPDATE organisations
		SET slug = ?, kind = ?, parent_id = ?, country = ?, size = ?, size_unit = ?, size_class = ?,
			website = ?, xroad_member = ?, invented = ?,
			revision = revision + 1
		WHERE id = ?`
	_, err := tx.Exec(ctx, q, o.Slug, o.Kind, parent, db.Null(o.Country), o.Size, o.SizeUnit, o.Class,
		o.Website, o.XRoad, db.Flag(o.Invented), o.ID)
	return err
}

func writeWords(ctx context.Context, tx *db.Tx, o *Organisation) error {
	for _, q := range []string{
		`DELETE FROM organisation_words WHERE organisation_id = ?`,
		`DELETE FROM organisation_markets WHERE organisation_id = ?`,
	} {
		if _, err := tx.Exec(ctx, q, o.ID); err != nil {
			return err
		}
	}
	words, markets := [][]any{}, [][]any{}
	for _, l := range models.Languages(o.Names, o.About) {
		words = append(words, []any{o.ID, l, o.Names[l], o.About[l]})
	}
	for _, c := range o.Markets {
		markets = append(markets, []any{o.ID, c})
	}
	if err := tx.Insert(ctx, "organisation_words", []string{"organisation_id", "language", "name", "about"}, words); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "organisation_markets", []string{"organisation_id", "country"}, markets); err != nil {
		return err
	}
	return bump(ctx, tx)
}

// Moved says that something has changed that pages show of organisations and that is
// kept elsewhere. It is for the rooms that keep such things, and asks nobody who they
// are.
func Moved(ctx context.Context, tx *db.Tx) error {
	if err := bump(ctx, tx); err != nil {
		return fmt.Errorf("organisations moved: %w", err)
	}
	return nil
}

func bump(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE organisation_revision SET value = value + 1 WHERE one = 1`)
	return err
}
