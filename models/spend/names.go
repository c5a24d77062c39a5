package spend

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// NameKind is what a name in a file is of.
type NameKind string

// The kinds of names.
const (
	BuyerName    NameKind = "buyer"
	VendorName   NameKind = "vendor"
	CategoryName NameKind = "category"
)

// Name is what a body, a vendor or a category is called in files, and who or what that
// is here.
type Name struct {
	ID       int64    `db:"id"`
	OrgID    int64    `db:"organisation_id"` // in whose books
	Kind     NameKind `db:"kind"`
	Name     string   `db:"name"`
	Is       int64    `db:"is_id"`    // organisation; 0: not known
	Category string   `db:"category"` // slug; "": not known
}

// maxName is how many bytes of a name are told apart.
const maxName = 300

type nameKey struct {
	kind NameKind
	name string
}

// nameBook finds the names of a batch, and adds those that its books do not have.
type nameBook struct {
	org        int64
	categories map[string]string // slugs by names
	known      map[nameKey]int64
	fresh      map[nameKey]int64 // added by a transaction that is not over
}

// maxKnown is how many names are remembered while a file is read.
const maxKnown = 200_000

func newNameBook(org int64, categories map[string]string) *nameBook {
	return &nameBook{org, categories, map[nameKey]int64{}, map[nameKey]int64{}}
}

// keep remembers what a transaction found, once it is over.
func (n *nameBook) keep() {
	if len(n.known) > maxKnown {
		clear(n.known)
	}
	for k, id := range n.fresh {
		n.known[k] = id
	}
	clear(n.fresh)
}

// clean makes a text one that both engines keep: valid UTF-8, without NUL, and not longer
// than some bytes.
func clean(s string, most int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(s), "\x00", ""), "\uFFFD")
	for len(s) > most {
		s = strings.ToValidUTF8(s[:most-3], "") + "…"
	}
	return s
}

// nameIn is how a name is kept: however many spaces a source has between its words, there
// is one.
func nameIn(name string) string {
	for i := range len(name) {
		if c := name[i]; c < ' ' || c == ' ' && i > 0 && name[i-1] == ' ' || c == 0xA0 {
			name = strings.Join(strings.Fields(name), " ")
			break
		}
	}
	return clean(name, maxName)
}

// id returns the id of a name. code is the number by which a register knows it, "" where
// the file does not say.
func (n *nameBook) id(ctx context.Context, tx *db.Tx, kind NameKind, name, code string) (int64, error) {
	name = nameIn(name)
	key := nameKey{kind, name}
	for _, m := range []map[nameKey]int64{n.known, n.fresh} {
		if id, ok := m[key]; ok {
			return id, nil
		}
	}
	var ids []int64
	const find = `/* spend.nameBook */ SELECT id FROM ledger_names WHERE organisation_id = ? AND kind = ? AND name = ?`
	if err := tx.Select(ctx, &ids, find, n.org, string(kind), name); err != nil {
		return 0, fmt.Errorf("name %q: %w", name, err)
	}
	if len(ids) == 0 {
		id, err := n.add(ctx, tx, kind, name, code)
		if err != nil {
			return 0, fmt.Errorf("name %q: %w", name, err)
		}
		ids = []int64{id}
	}
	n.fresh[key] = ids[0]
	return ids[0], nil
}

func (n *nameBook) add(ctx context.Context, tx *db.Tx, kind NameKind, name, code string) (id int64, err error) {
	is, category, err := n.recognise(ctx, tx, kind, name, code)
	if err != nil {
		return 0, err
	}
	const q = `INSERT INTO ledger_names (organisation_id, kind, name, is_id, category) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (organisation_id, kind, name) DO UPDATE SET name = excluded.name RETURNING id`
	err = tx.Get(ctx, &id, q, n.org, string(kind), name, db.NullID(is), category)
	return id, err
}

// recognise says who or what a name is: the only organisation with that number or that
// name in some language, or the only category. The actor's own organisation pays where a
// file does not say who does.
func (n *nameBook) recognise(ctx context.Context, tx *db.Tx, kind NameKind, name, code string) (is int64, category string, err error) {
	if kind == BuyerName && name == "" && code == "" {
		return n.org, "", nil
	}
	if kind == CategoryName {
		return 0, n.categories[strings.ToLower(name)], nil
	}
	var ids []int64
	if code != "" {
		const q = `/* spend.recognise */ SELECT id FROM organisations WHERE code = ?`
		if err = tx.Select(ctx, &ids, q, code); err == nil && len(ids) == 1 {
			return ids[0], "", nil
		}
	}
	if name != "" && err == nil {
		const q = `/* spend.recognise */ SELECT DISTINCT organisation_id FROM organisation_words WHERE name = ?`
		if err = tx.Select(ctx, &ids, q, name); err == nil && len(ids) == 1 {
			is = ids[0]
		}
	}
	return is, "", err
}

// Unknown returns the names of the actor's books that nobody knows who or what they are,
// those with the most money first, up to most of them.
func Unknown(ctx context.Context, r db.Reader, a models.Actor, kind NameKind, most int) ([]Name, error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	column := map[NameKind]string{BuyerName: "buyer_id", VendorName: "vendor_id", CategoryName: "category_id"}[kind]
	if column == "" {
		return nil, fmt.Errorf("names of kind %q: %w", kind, models.ErrNotFound)
	}
	q := `/* spend.Unknown */ SELECT n.id, n.organisation_id, n.kind, n.name, COALESCE(n.is_id, 0) AS is_id, n.category FROM ledger_names n
		JOIN (SELECT ` + column + ` AS name_id, SUM(ABS(whole)) AS much FROM ledger_cells WHERE basis IN ('billed', 'all') GROUP BY ` + column + `) s ON s.name_id = n.id
		WHERE n.organisation_id = ? AND n.kind = ? AND n.is_id IS NULL AND n.category = '' ORDER BY s.much DESC, n.id LIMIT ?`
	var all []Name
	if err := r.Select(ctx, &all, q, a.OrgID, string(kind), most); err != nil {
		return nil, fmt.Errorf("unknown names: %w", err)
	}
	return all, nil
}

// SayWho says who or what a name in the actor's books is: an organisation, or the slug
// of a category; 0 and "" take it back. No charge is touched by it.
func SayWho(ctx context.Context, tx *db.Tx, id, is int64, category string) error {
	if err := keeps(tx.Actor); err != nil {
		return err
	}
	n, err := FindName(ctx, tx, tx.Actor, id)
	if err != nil {
		return err
	}
	if n.Kind == CategoryName && is != 0 || n.Kind != CategoryName && category != "" {
		return fmt.Errorf("name %d is of a %s: %w", id, n.Kind, models.ErrNotFound)
	}
	if _, err := tx.Exec(ctx, `UPDATE ledger_names SET is_id = ?, category = ? WHERE id = ?`, db.NullID(is), category, id); err != nil {
		return fmt.Errorf("name %d: %w", id, err)
	}
	if err := move(ctx, tx); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("is_organisation", text(n.Is), text(is))
	c.Add("ledger_category", n.Category, category)
	return audit.Record(ctx, tx, named, fmt.Sprintf("ledger name %d", id), c...)
}

func text(id int64) string {
	if id == 0 {
		return ""
	}
	return fmt.Sprint(id)
}

// HasName reports whether the actor's books have a name.
func HasName(ctx context.Context, r db.Reader, a models.Actor, kind NameKind, name string) (bool, error) {
	if err := keeps(a); err != nil {
		return false, err
	}
	var n int
	const q = `/* spend.HasName */ SELECT COUNT(*) FROM ledger_names WHERE organisation_id = ? AND kind = ? AND name = ?`
	if err := r.Get(ctx, &n, q, a.OrgID, string(kind), nameIn(name)); err != nil {
		return false, fmt.Errorf("name %q: %w", name, err)
	}
	return n > 0, nil
}

// FindName returns a name in the actor's books.
func FindName(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Name, error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	n := &Name{}
	const q = `/* spend.FindName */ SELECT id, organisation_id, kind, name, COALESCE(is_id, 0) AS is_id, category FROM ledger_names WHERE id = ? AND organisation_id = ?`
	if err := r.Get(ctx, n, q, id, a.OrgID); err != nil {
		return nil, fmt.Errorf("name %d: %w", id, err)
	}
	return n, nil
}
