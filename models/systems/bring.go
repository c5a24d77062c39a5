package systems

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// UndoDays is for how many days an import of a register can be undone.
const UndoDays = 30

// Brought is a system as a register has it.
type Brought struct {
	Line      int // in the file
	Owner     models.Key
	OwnerName string
	OwnerKind identity.Kind // where the owner has to be added
	System    System        // without ids; Source and External tell it apart
	Costs     []Cost
	Product   string // by what the register tells the standard product that it is one of; "": none
}

// RowFault is why a row of a register was not taken.
type RowFault struct {
	Line  int
	Field string
	Key   string // message
}

// Bringing is what became of a register.
type Bringing struct {
	ID      int64       `db:"id"`
	Kind    string      `db:"kind"`
	File    string      `db:"file"`
	Hash    string      `db:"hash"` // SHA-256, hexadecimal
	Rows    int         `db:"rows"`
	Added   int         `db:"added"`
	Changed int         `db:"changed"`
	Same    int         `db:"same"`
	Refused int         `db:"refused"`
	Bodies  int         `db:"bodies"` // organisations that were added
	Created models.Time `db:"created_at"`
	Undone  models.Time `db:"undone_at"`
	Faults  []RowFault  `db:"-"`
}

const (
	registerBrought audit.Action = "register.brought"
	registerUndone  audit.Action = "register.undone"
)

func bringingOf(id int64) string { return fmt.Sprintf("register import %d", id) }

// earlier is a system as it was before an import.
type earlier struct {
	System System
	Costs  []Cost
}

// bringer takes a register over.
type bringer struct {
	*Bringing
	only     int64 // organisation whose systems only are taken; 0: anybody's
	owners   map[models.Key]int64
	known    map[string]int64 // systems of the source
	products map[string]int64
	changes  [][]any
}

// Bring takes a register over, whole: systems that are not known are added, those that
// are get what the register says, and a row that says nothing new changes nothing, so that
// the same file again adds nothing. Owners that are not known are added as organisations.
// b.Refused are rows that could not be read; others that are refused are counted to them.
// Administrators do, and who keeps the systems of an organisation for that one: rows of
// other owners are refused.
func Bring(ctx context.Context, tx *db.Tx, b *Bringing, all []Brought) error {
	only, err := bringsFor(tx.Actor)
	if err != nil {
		return err
	}
	w := &bringer{Bringing: b, only: only, owners: map[models.Key]int64{}, known: map[string]int64{}, products: map[string]int64{}}
	if err = w.learn(ctx, tx, all); err != nil {
		return err
	}
	for i := range all {
		if err := w.take(ctx, tx, &all[i]); err != nil {
			return fmt.Errorf("row %d: %w", all[i].Line, err)
		}
	}
	const q = `INSERT INTO owned_imports (organisation_id, kind, file, hash, rows, added, changed, same, refused, bodies, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	b.Created = tx.Now
	if err := tx.Get(ctx, &b.ID, q, db.NullID(only), b.Kind, b.File, b.Hash, b.Rows, b.Added, b.Changed, b.Same, b.Refused, b.Bodies, tx.Now); err != nil {
		return fmt.Errorf("bring a register: %w", err)
	}
	for i := range w.changes {
		w.changes[i][0] = b.ID
	}
	if err := tx.Insert(ctx, "owned_import_changes", []string{"import_id", "system_id", "before", "revision"}, w.changes); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("file", "", b.File)
	c.Add("hash", "", b.Hash)
	c.AddNumber("added", b.Added)
	c.AddNumber("changed", b.Changed)
	c.AddNumber("refused", b.Refused)
	return audit.Record(ctx, tx, registerBrought, bringingOf(b.ID), c...)
}

// bringsFor is the organisation whose systems only the actor brings; 0: anybody's.
func bringsFor(a models.Actor) (only int64, err error) {
	switch {
	case a.Is(models.Administrator):
		return 0, nil
	case Manages(a):
		return a.OrgID, nil
	}
	return 0, fmt.Errorf("registers of systems: %w", models.ErrForbidden)
}

// learn finds who and what of the register is known.
func (w *bringer) learn(ctx context.Context, tx *db.Tx, all []Brought) (err error) {
	var keys []models.Key
	for i := range all {
		keys = append(keys, all[i].Owner)
	}
	if w.owners, err = identity.FindIDs(ctx, tx, keys); err != nil {
		return err
	}
	type row struct {
		ID       int64  `db:"id"`
		External string `db:"external"`
	}
	if len(all) == 0 {
		return nil
	}
	source := all[0].System.Source
	for one, err := range db.Each[row](ctx, tx, `/* systems.learn */ SELECT id, external FROM owned_systems WHERE source = ? AND external <> '' AND removed_at IS NULL`, source) {
		if err != nil {
			return fmt.Errorf("systems of %s: %w", source, err)
		}
		w.known[one.External] = one.ID
	}
	for one, err := range db.Each[row](ctx, tx, `/* systems.learn */ SELECT id, external FROM owned_products WHERE source = ?`, source) {
		if err != nil {
			return fmt.Errorf("products of %s: %w", source, err)
		}
		w.products[one.External] = one.ID
	}
	return nil
}

// take takes a row over.
func (w *bringer) take(ctx context.Context, tx *db.Tx, one *Brought) error {
	s := one.System
	var err error
	if w.only != 0 && w.owners[one.Owner] != w.only {
		w.Faults = append(w.Faults, RowFault{one.Line, "owner", "systems.not_own"})
		w.Refused++
		return nil
	}
	if s.OrgID, err = w.owner(ctx, tx, one); err != nil {
		return err
	}
	if one.Product != "" {
		if s.ProductID, err = w.product(ctx, tx, s.Source, one.Product); err != nil {
			return err
		}
		s.ProductBy = ByFile
	}
	s.tidy()
	wrong := s.check()
	for field, key := range checkCosts(one.Costs) {
		wrong[field] = key
	}
	if len(wrong) > 0 {
		field := wrong.Fields()[0]
		w.Faults = append(w.Faults, RowFault{one.Line, field, wrong[field]})
		w.Refused++
		return nil
	}
	if id := w.known[s.External]; id != 0 {
		return w.change(ctx, tx, id, &s, one.Costs)
	}
	if err := insert(ctx, tx, &s); err != nil {
		return err
	}
	w.known[s.External] = s.ID
	w.Added++
	w.changes = append(w.changes, []any{0, s.ID, "", s.Revision})
	return keepCosts(ctx, tx, &s, one.Costs)
}

// change gives a system that is known what the register says of it. What registers do not
// say stays.
func (w *bringer) change(ctx context.Context, tx *db.Tx, id int64, s *System, costs []Cost) error {
	was, err := found(ctx, tx, id)
	if err != nil {
		return err
	}
	lines, err := Costs(ctx, tx, id)
	if err != nil {
		return err
	}
	s.ID, s.Revision = id, was.Revision
	s.keep(was)
	for _, one := range []struct{ now, before *string }{{&s.Category, &was.Category}, {&s.Contact, &was.Contact}, {&s.StandsOn, &was.StandsOn}, {&s.Served, &was.Served}, {&s.Unit, &was.Unit}, {&s.NameEn, &was.NameEn}, {&s.Purpose, &was.Purpose}, {&s.Department, &was.Department}, {&s.Homepage, &was.Homepage}, {&s.SecurityStandard, &was.SecurityStandard}, {&s.SecurityClass, &was.SecurityClass}, {&s.SecurityLevel, &was.SecurityLevel}} {
		*one.now = cmp.Or(*one.now, *one.before)
	}
	if s.ProductID == 0 {
		s.ProductID, s.ProductBy = was.ProductID, was.ProductBy
	}
	sameCosts := len(costs) == 0 || slices.EqualFunc(lines, costs, sameCost)
	if len(s.changes(was)) == 0 && sameCosts {
		w.Same++
		return nil
	}
	before, err := json.Marshal(earlier{*was, lines})
	if err != nil {
		return fmt.Errorf("system %d: %w", id, err)
	}
	if err := update(ctx, tx, was, s); err != nil {
		return err
	}
	if !sameCosts {
		if err := keepCosts(ctx, tx, s, costs); err != nil {
			return err
		}
	}
	w.Changed++
	w.changes = append(w.changes, []any{0, id, string(before), s.Revision})
	return nil
}

// keep keeps of what a system was what is no text and the register does not say.
func (s *System) keep(was *System) {
	for _, one := range []struct{ now, before *models.Date }{{&s.InUseSince, &was.InUseSince}, {&s.PlannedEnd, &was.PlannedEnd}, {&s.SupportEnd, &was.SupportEnd}, {&s.LastRelease, &was.LastRelease}} {
		if one.now.IsZero() {
			*one.now = *one.before
		}
	}
	if s.State == Closed && s.ClosedOn.IsZero() {
		s.ClosedOn = was.ClosedOn
	}
	s.Shareable, s.Rating = s.Shareable || was.Shareable, cmp.Or(s.Rating, was.Rating)
	if len(s.Subsystems) == 0 {
		s.Subsystems = was.Subsystems
	}
}

// found is a system whosever it is.
func found(ctx context.Context, tx *db.Tx, id int64) (*System, error) {
	all, err := list(ctx, tx, `/* systems.found */ SELECT `+columns+` AND s.id = ?`, id)
	if err == nil && len(all) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("system %d: %w", id, err)
	}
	return &all[0], nil
}

// owner is the organisation that owns a system; one that is not known is added.
func (w *bringer) owner(ctx context.Context, tx *db.Tx, one *Brought) (int64, error) {
	if id := w.owners[one.Owner]; id != 0 {
		return id, nil
	}
	o := identity.Organisation{Key: one.Owner, Kind: one.OwnerKind, Names: models.Text{"et": cmp.Or(one.OwnerName, one.Owner.Code)}}
	if _, _, err := identity.Put(ctx, tx, &o); err != nil {
		return 0, fmt.Errorf("owner %s: %w", one.Owner, err)
	}
	w.owners[one.Owner] = o.ID
	w.Bodies++
	return o.ID, nil
}

// product is the standard product that a register tells apart so; one that is not known is
// added under that number, for an administrator to name.
func (w *bringer) product(ctx context.Context, tx *db.Tx, source, external string) (int64, error) {
	if id := w.products[external]; id != 0 {
		return id, nil
	}
	var id int64
	const q = `INSERT INTO owned_products (name, source, external) VALUES (?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &id, q, strings.ToUpper(source)+" "+external, source, external); err != nil {
		return 0, fmt.Errorf("product %s: %w", external, err)
	}
	w.products[external] = id
	return id, nil
}

// UndoBringing takes an import back within [UndoDays]: what it added goes, and what it
// changed is as before, unless somebody changed it since; left is how many that are. It
// fails with [models.ErrConflict] when it is undone already or too old. Organisations that
// it added stay. Who brings does, see [Bring].
func UndoBringing(ctx context.Context, tx *db.Tx, id int64) (undone, left int, err error) {
	only, err := bringsFor(tx.Actor)
	if err != nil {
		return 0, 0, err
	}
	n, err := tx.Exec(ctx, `UPDATE owned_imports SET undone_at = ? WHERE id = ? AND undone_at IS NULL AND COALESCE(organisation_id, 0) = ? AND created_at > ?`, tx.Now, id, only, models.Time{Time: tx.Now.Add(-UndoDays * 24 * time.Hour)})
	switch {
	case err != nil:
		return 0, 0, fmt.Errorf("undo register import %d: %w", id, err)
	case n == 0:
		return 0, 0, fmt.Errorf("undo register import %d: it is undone, or too old: %w", id, models.ErrConflict)
	}
	var rows []struct {
		System   int64  `db:"system_id"`
		Before   string `db:"before"`
		Revision int64  `db:"revision"`
	}
	if err := tx.Select(ctx, &rows, `/* systems.UndoBringing */ SELECT system_id, before, revision FROM owned_import_changes WHERE import_id = ? ORDER BY system_id`, id); err != nil {
		return 0, 0, fmt.Errorf("undo register import %d: %w", id, err)
	}
	for _, row := range rows {
		now, err := found(ctx, tx, row.System)
		if errors.Is(err, models.ErrNotFound) || err == nil && now.Revision != row.Revision {
			left++
			continue
		}
		if err == nil {
			err = putBack(ctx, tx, now, row.Before)
		}
		if err != nil {
			return undone, left, err
		}
		undone++
	}
	return undone, left, audit.Record(ctx, tx, registerUndone, bringingOf(id), audit.Change{Field: "removed", New: fmt.Sprint(undone)})
}

// putBack makes a system what it was, or takes out what was not there.
func putBack(ctx context.Context, tx *db.Tx, now *System, before string) error {
	if before == "" {
		return drop(ctx, tx, now)
	}
	var was earlier
	if err := json.Unmarshal([]byte(before), &was); err != nil {
		return fmt.Errorf("system %d: %w", now.ID, err)
	}
	s := was.System
	s.Revision = now.Revision
	if err := update(ctx, tx, now, &s); err != nil {
		return err
	}
	return keepCosts(ctx, tx, &s, was.Costs)
}

// FindBringing returns an import of those that the actor may undo.
func FindBringing(ctx context.Context, r db.Reader, a models.Actor, id int64) (b Bringing, err error) {
	only, err := bringsFor(a)
	if err != nil {
		return b, err
	}
	const q = `/* systems.FindBringing */ SELECT ` + bringingColumns + ` WHERE id = ? AND COALESCE(organisation_id, 0) = ?`
	if err := r.Get(ctx, &b, q, id, only); err != nil {
		return b, fmt.Errorf("import %d of systems: %w", id, err)
	}
	return b, nil
}

const bringingColumns = `id, kind, file, hash, rows, added, changed, same, refused, bodies, created_at, undone_at FROM owned_imports`

// Bringings are the registers that were brought for anybody's systems, the newest first.
// Only administrators see them.
func Bringings(ctx context.Context, r db.Reader, a models.Actor) (all []Bringing, err error) {
	if !a.Is(models.Administrator) {
		return nil, fmt.Errorf("imports of registers: %w", models.ErrForbidden)
	}
	const q = `/* systems.Bringings */ SELECT ` + bringingColumns + ` ORDER BY id DESC`
	if err := r.Select(ctx, &all, q); err != nil {
		return nil, fmt.Errorf("imports of registers: %w", err)
	}
	return all, nil
}
