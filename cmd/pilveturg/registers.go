package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/registers"
	"pilveturg/models/systems"
)

// systemsKind is what registers of owned systems are to the command import.
const systemsKind = "systems"

// errLooked takes back what was only looked at.
var errLooked = errors.New("only looked at")

// registrar reads registers of owned systems.
type registrar struct {
	e         *env
	d         *db.DB
	json, dry bool
}

func (g *registrar) bring(ctx context.Context, c config, words []string) error {
	var err error
	if g.d, err = openNewest(ctx, c); err != nil {
		return err
	}
	defer g.d.Close()
	b := &bookkeeping{e: g.e}
	return b.each(ctx, words, g.file)
}

// file takes a register over, or says what would become of it.
func (g *registrar) file(ctx context.Context, in *input) error {
	r, err := in.reader(ctx, &progress{e: g.e})
	if err != nil {
		return err
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	f, err := registers.Read(content)
	if err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	sum := sha256.Sum256(content)
	counts := f.Count()
	did := f.Bringing(in.name, hex.EncodeToString(sum[:]))
	actor := models.Actor{Program: "command import", Roles: []models.Role{models.Administrator}}
	err = g.d.Write(ctx, actor, func(tx *db.Tx) error {
		if err := systems.Bring(ctx, tx, did, f.Brought()); err != nil || !g.dry {
			return err
		}
		return errLooked
	})
	if err != nil && !errors.Is(err, errLooked) {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	return g.report(f, &counts, did)
}

// registerReport is what became of a file, for programs. Totals are exact.
type registerReport struct {
	File     string            `json:"file"`
	Kind     string            `json:"kind"`
	Import   int64             `json:"import,omitempty"`
	Rows     int               `json:"rows"`
	Added    int               `json:"added"`
	Changed  int               `json:"changed"`
	Same     int               `json:"same"`
	Rejected int               `json:"rejected"`
	Flagged  int               `json:"flagged"`
	Bodies   int               `json:"bodies_added"`
	Flags    map[string]int    `json:"flags"`
	Totals   map[string]string `json:"totals"`
	Problems []registerProblem `json:"problems"`
}

type registerProblem struct {
	Row   int    `json:"row"`
	Code  string `json:"code"`
	Value string `json:"value,omitempty"`
}

func (g *registrar) report(f *registers.File, counts *registers.Counts, did *systems.Bringing) error {
	r := registerReport{File: did.File, Kind: did.Kind, Import: did.ID, Rows: did.Rows, Added: did.Added, Changed: did.Changed, Same: did.Same, Rejected: did.Refused, Flagged: counts.Flagged, Bodies: did.Bodies, Flags: counts.Flags, Totals: map[string]string{}, Problems: []registerProblem{}}
	if g.dry {
		r.Import = 0
	}
	for code, sum := range counts.Totals {
		r.Totals[code] = sum.FloatString(2)
	}
	for i := range f.Entries {
		if e := &f.Entries[i]; e.Problem != "" {
			r.Problems = append(r.Problems, registerProblem{e.Line, e.Problem, e.ProblemWhat})
		}
	}
	for _, fault := range did.Faults {
		r.Problems = append(r.Problems, registerProblem{fault.Line, fault.Key, fault.Field})
	}
	if g.json {
		return writeJSON(g.e.out, r)
	}
	return r.print(g.e.out, g.dry)
}

// shownProblems is how many problems are printed one by one.
const shownProblems = 20

func (r *registerReport) print(out io.Writer, dry bool) error {
	did := "were added"
	if dry {
		did = "would be added"
	}
	fmt.Fprintf(out, "%s (%s): of %s %d %s, %d changed, %d said nothing new, %d rejected; %d flagged; %s added for their owners\n", r.File, r.Kind, count(r.Rows, "system"), r.Added, did, r.Changed, r.Same, r.Rejected, r.Flagged, count(r.Bodies, "organisation"))
	for _, code := range slices.Sorted(maps.Keys(r.Totals)) {
		fmt.Fprintf(out, "  cost lines come to %s %s\n", r.Totals[code], code)
	}
	for _, flag := range slices.Sorted(maps.Keys(r.Flags)) {
		fmt.Fprintf(out, "  flagged %s: %d\n", flag, r.Flags[flag])
	}
	for i, p := range r.Problems {
		if i == shownProblems {
			fmt.Fprintf(out, "  and %d more; -json lists them all\n", len(r.Problems)-i)
			break
		}
		fmt.Fprintf(out, "  row %d rejected: %s %s\n", p.Row, p.Code, cmp.Or(p.Value, ""))
	}
	if dry || r.Import == 0 {
		return nil
	}
	_, err := fmt.Fprintf(out, "  undo it for %d days: pilveturg undo systems %d\n", systems.UndoDays, r.Import)
	return err
}

// undoRegister takes the import of a register back.
func undoRegister(ctx context.Context, e *env, c config, word string) error {
	id, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return wrongUsage("%q is no number of an import; pilveturg imports lists them", word)
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	actor := models.Actor{Program: "command undo", Roles: []models.Role{models.Administrator}}
	undone, left := 0, 0
	err = d.Write(ctx, actor, func(tx *db.Tx) error {
		undone, left, err = systems.UndoBringing(ctx, tx, id)
		return err
	})
	if err != nil {
		return cannotUndo(id, err)
	}
	_, err = fmt.Fprintf(e.out, "Import %d of systems is undone: %s taken out or put back as before; %d left as they are, since somebody changed them. Organisations that were added stay.\n", id, count(undone, "system"), left)
	return err
}

// listRegisters lists the registers that were brought, if any were, and says whether.
func listRegisters(ctx context.Context, out io.Writer, d *db.DB) (bool, error) {
	all, err := systems.Bringings(ctx, d, models.Actor{Program: "command imports", Roles: []models.Role{models.Administrator}})
	if err != nil || len(all) == 0 {
		return false, err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "systems\tkind\tfile\twhen\tnew\tchanged\tas before\trejected\tundone")
	for _, i := range all {
		undone := ""
		if !i.Undone.IsZero() {
			undone = i.Undone.UTC().Format(moment)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\n", i.ID, i.Kind, i.File, i.Created.UTC().Format(moment), i.Added, i.Changed, i.Same, i.Refused, undone)
	}
	return true, w.Flush()
}
