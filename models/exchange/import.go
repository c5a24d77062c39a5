package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/search"
)

// Kind says what sort of file an import reads.
type Kind string

// The kinds of import.
const (
	FedRAMP       Kind = "fedramp"
	Listings      Kind = "listings"
	PublicCode    Kind = "publiccode"
	CPV           Kind = "cpv"
	Demonstration Kind = "demonstration"
)

// Source is a file to import.
type Source struct {
	Kind Kind
	File string                 // its name, for the report
	Open func() (Reader, error) // may be called again when the database asks for another try
}

// Tally counts what an import did with the records of one kind.
type Tally struct {
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

// Total is how many records there were.
func (t Tally) Total() int { return t.Created + t.Changed + t.Unchanged }

// Touched is how many records the import changed.
func (t Tally) Touched() int { return t.Created + t.Changed }

// Report tells what an import did.
type Report struct {
	ID            int64          `json:"import,omitempty"` // 0 when nothing changed
	Kind          Kind           `json:"kind"`
	File          string         `json:"file"`
	Applied       bool           `json:"applied"` // false: nothing was changed, because of grave problems or a dry run
	Organisations Tally          `json:"organisations"`
	Listings      Tally          `json:"listings"`
	Codes         Tally          `json:"codes,omitzero"` // of a vocabulary
	Counts        []Count        `json:"counts,omitempty"`
	Effects       map[Effect]int `json:"effects,omitempty"`  // how many problems of each effect
	Problems      []*Problem     `json:"problems,omitempty"` // the first MaxProblems of them, in the order of the file
}

// MaxProblems is how many problems a report holds; the rest are counted.
const MaxProblems = 5000

// ErrRefused says that an import was not applied because of what is wrong in the
// file; the report tells what.
var ErrRefused = errors.New("import not applied")

// errDry rolls a dry run back.
var errDry = errors.New("dry run")

// Import puts all the records of a file into the database, in one transaction:
// either all of them or, with [ErrRefused], none. Records that say what is known
// already change nothing. With dry nothing is kept. Only administrators import.
func Import(ctx context.Context, d *db.DB, actor models.Actor, s *catalogue.Schema, src Source, dry bool) (Report, error) {
	var done Report
	err := d.WriteAlone(ctx, actor, func(tx *db.Tx) error {
		r, err := src.Open()
		if err != nil {
			return err
		}
		im := &importing{tx: tx, schema: s, report: Report{Kind: src.Kind, File: src.File, Effects: map[Effect]int{}}}
		err = im.run(ctx, r)
		im.report.Counts = r.Counts()
		done = im.report
		if err == nil && dry {
			return errDry
		}
		return err
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	done.Applied = err == nil && !dry
	if err != nil && !errors.Is(err, ErrRefused) {
		err = fmt.Errorf("import %s: %w", src.File, err)
	}
	if !done.Applied {
		done.ID = 0
	}
	if done.Applied && done.Listings.Touched() > 0 {
		err = d.Analyze(ctx)
	}
	return done, err
}

// importing is an import under way.
type importing struct {
	tx      *db.Tx
	schema  *catalogue.Schema
	report  Report
	grave   bool // nothing will be kept: read on only to tell what else is wrong
	changes []change
	written int       // of changes
	touched []int64   // listings that changed
	links   []pending // successors to look up when all listings are there
}

// change is what an import did to one thing, with what stood there before.
type change struct {
	subject  string
	id       int64
	revision int64
	before   any // nil when it was new
}

type pending struct {
	id        int64
	where     string
	successor models.Key
}

func (im *importing) run(ctx context.Context, r Reader) error {
	if !im.tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("import: %w", models.ErrForbidden)
	}
	id, err := startImport(ctx, im.tx, im.report.Kind, im.report.File)
	if err != nil {
		return err
	}
	im.report.ID = id
	if err := im.records(ctx, r); err != nil {
		return err
	}
	if err := im.link(ctx); err != nil {
		return err
	}
	if im.grave {
		return ErrRefused
	}
	if err := im.index(ctx); err != nil {
		return err
	}
	return im.finish(ctx)
}

// index makes the listings that changed be found as they are now. Those of vendors
// that changed follow when the index next looks at the organisations.
func (im *importing) index(ctx context.Context) error {
	if len(im.touched) == 0 {
		return nil
	}
	return search.Save(ctx, im.tx, search.NewLayout(im.schema), im.touched)
}

func (im *importing) records(ctx context.Context, r Reader) error {
	for {
		rec, err := r.Next()
		var p *Problem
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &p):
			im.problem(p)
			continue
		case err != nil:
			return err
		}
		if err := im.record(ctx, rec); err != nil {
			return fmt.Errorf("%s: %w", rec.Where, err)
		}
	}
}

func (im *importing) problem(p *Problem) {
	im.report.Effects[p.Effect]++
	im.grave = im.grave || p.Effect.Grave()
	if len(im.report.Problems) < MaxProblems {
		im.report.Problems = append(im.report.Problems, p)
	}
}

// wrong makes a complaint of the models about a record a problem of the file; other
// errors come back.
func (im *importing) wrong(where, kind string, err error) error {
	var v models.Invalid
	if !errors.As(err, &v) {
		return err
	}
	for _, field := range v.Fields() {
		im.problem(&Problem{File: im.report.File, Where: where, Field: kind + "." + field, Effect: Refused, Key: v[field]})
	}
	return nil
}

func (im *importing) record(ctx context.Context, rec Record) error {
	if rec.Organisation != nil {
		return im.organisation(ctx, rec.Where, rec.Organisation)
	}
	return im.listing(ctx, rec.Where, rec.Listing)
}

func (im *importing) organisation(ctx context.Context, where string, o *identity.Organisation) error {
	if im.grave {
		return nil
	}
	outcome, before, err := identity.Put(ctx, im.tx, o)
	if err != nil {
		return im.wrong(where, "organisation", err)
	}
	switch outcome {
	case identity.Unchanged:
		im.report.Organisations.Unchanged++
		return nil
	case identity.Created:
		im.report.Organisations.Created++
		return im.note(ctx, change{subject: "organisation", id: o.ID, revision: 1})
	default:
		im.report.Organisations.Changed++
	}
	revision, err := identity.Revision(ctx, im.tx, o.ID)
	if err != nil {
		return err
	}
	return im.note(ctx, change{"organisation", o.ID, revision, before})
}

func (im *importing) listing(ctx context.Context, where string, l *catalogue.Listing) error {
	var wrong catalogue.Problems
	if err := im.schema.CheckListing(l); errors.As(err, &wrong) {
		for _, p := range wrong {
			im.problem(&Problem{File: im.report.File, Where: where, Field: "listing." + p.Path, Effect: Refused, Key: p.Key, Args: p.Args})
		}
	}
	if im.grave {
		return nil
	}
	done, err := catalogue.Put(ctx, im.tx, l, im.report.ID)
	if err != nil {
		return im.wrong(where, "listing", err)
	}
	if done.Successor {
		im.links = append(im.links, pending{done.ID, where, l.Successor})
	}
	c := change{subject: "offering", id: done.ID, revision: done.Revision}
	switch done.Outcome {
	case catalogue.Unchanged:
		im.report.Listings.Unchanged++
		return nil
	case catalogue.Created:
		im.report.Listings.Created++
	default:
		im.report.Listings.Changed++
		c.before = done.Before
	}
	im.touched = append(im.touched, done.ID)
	return im.note(ctx, c)
}

// link sets the successors that came later in the file than what they follow.
func (im *importing) link(ctx context.Context) error {
	if im.grave {
		return nil
	}
	for _, p := range im.links {
		err := catalogue.Link(ctx, im.tx, p.id, p.successor)
		im.touched = append(im.touched, p.id)
		if errors.Is(err, models.ErrNotFound) {
			err = models.Invalid{"successor": "listing.successor_unknown"}
		}
		if err = im.wrong(p.where, "listing", err); err != nil {
			return err
		}
	}
	return nil
}

// keepChanges is how many changes are written at a time.
const keepChanges = 500

func (im *importing) note(ctx context.Context, c change) error {
	im.changes = append(im.changes, c)
	if len(im.changes) < keepChanges {
		return nil
	}
	return im.flush(ctx)
}

func (im *importing) flush(ctx context.Context) error {
	rows := make([][]any, len(im.changes))
	for i, c := range im.changes {
		before := ""
		if c.before != nil {
			b, err := json.Marshal(c.before)
			if err != nil {
				return err
			}
			before = string(b)
		}
		im.written++
		rows[i] = []any{im.report.ID, im.written, c.subject, c.id, c.revision, before}
	}
	im.changes = im.changes[:0]
	return im.tx.Insert(ctx, "import_changes", []string{"import_id", "position", "subject", "subject_id", "revision", "previous"}, rows)
}

// finish writes what the import did; one that did nothing leaves no trace.
func (im *importing) finish(ctx context.Context) error {
	if err := im.flush(ctx); err != nil {
		return err
	}
	if im.written == 0 {
		id := im.report.ID
		im.report.ID = 0
		_, err := im.tx.Exec(ctx, `DELETE FROM imports WHERE id = ?`, id)
		return err
	}
	problems := 0
	for _, n := range im.report.Effects {
		problems += n
	}
	all := []Tally{im.report.Organisations, im.report.Listings, im.report.Codes}
	var sum Tally
	for _, t := range all {
		sum.Created, sum.Changed, sum.Unchanged = sum.Created+t.Created, sum.Changed+t.Changed, sum.Unchanged+t.Unchanged
	}
	const q = `UPDATE imports SET created = ?, changed = ?, unchanged = ?, problems = ? WHERE id = ?`
	if _, err := im.tx.Exec(ctx, q, sum.Created, sum.Changed, sum.Unchanged, problems, im.report.ID); err != nil {
		return err
	}
	var c audit.Changes
	c.AddNumber("added", sum.Created)
	c.AddNumber("changed", sum.Changed)
	c.AddNumber("unchanged", sum.Unchanged)
	c.AddNumber("problems", problems)
	return audit.Record(ctx, im.tx, audit.ImportDone, fmt.Sprintf("import %d of %s", im.report.ID, im.report.File), c...)
}

func startImport(ctx context.Context, tx *db.Tx, kind Kind, file string) (id int64, err error) {
	const q = `INSERT INTO imports (kind, file, started_at) VALUES (?, ?, ?) RETURNING id`
	err = tx.Get(ctx, &id, q, kind, file, tx.Now)
	return id, err
}
