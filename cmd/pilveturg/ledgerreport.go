package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
	"text/tabwriter"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// broughtFile is what became of a file, as JSON says it.
type broughtFile struct {
	File        string         `json:"file"`
	Batch       int64          `json:"batch"`
	State       spend.State    `json:"state"`
	Known       bool           `json:"known"` // it was in the books already, and adds nothing
	Format      spend.Format   `json:"format"`
	Rows        int            `json:"rows"`
	Accepted    int            `json:"accepted"`
	Rejected    int            `json:"rejected"`
	LeftOut     int            `json:"left_out"`
	Flagged     int            `json:"flagged"`
	Undated     int            `json:"undated"`
	Unconverted int            `json:"unconverted"`
	Totals      []spend.Total  `json:"totals"`
	Notices     []spend.Notice `json:"notices"`
	OffControl  string         `json:"off_control,omitempty"`
}

// tell says what became of a file.
func (b *bookkeeping) tell(at *spend.Batch, known bool) error {
	r := broughtFile{at.File, at.ID, at.State, known, at.Format, at.Rows, at.Taken, at.Rejected, at.LeftOut, at.Flagged, at.Undated, at.Unconverted, at.Totals(), append([]spend.Notice{}, at.Notices()...), ""}
	if by, said := at.OffControl(); said {
		r.OffControl = by.String()
	}
	if b.dry {
		r.State = spend.Discarded
	}
	if b.json {
		return writeJSON(b.e.out, r)
	}
	return r.write(b)
}

func (r *broughtFile) write(b *bookkeeping) error {
	t := tabwriter.NewWriter(b.e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	switch {
	case r.Known:
		fmt.Fprintf(t, "%s adds nothing: it is batch %d already.\n", r.File, r.Batch)
	case b.dry:
		fmt.Fprintf(t, "%s (%s) was only tried.\n", r.File, r.Format)
	default:
		fmt.Fprintf(t, "%s (%s) is batch %d of the ledger.\n", r.File, r.Format, r.Batch)
	}
	fmt.Fprintf(t, "rows read\taccepted\trejected\tleft out\tflagged\tundated\tnot in euros\t\n%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", r.Rows, r.Accepted, r.Rejected, r.LeftOut, r.Flagged, r.Undated, r.Unconverted)
	if len(r.Totals) > 0 {
		fmt.Fprint(t, "currency\tcharges\tbilled\tof which tax\teffective\t\n")
	}
	for _, total := range r.Totals {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t\n", total.Currency, total.Rows, total.Billed, total.Tax, total.Effective)
	}
	if r.OffControl != "" && r.OffControl != "0" {
		fmt.Fprintf(t, "The charges come to %s more than they should.\n", r.OffControl)
	}
	return t.Flush()
}

// writeRejects writes the rows that are no charges to a file, as CSV.
func (b *bookkeeping) writeRejects(ctx context.Context, at *spend.Batch) (err error) {
	if b.problems == "" {
		return nil
	}
	f, err := os.Create(b.problems)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	_ = w.Write([]string{"line", "problem", "column", "value", "perhaps", "row"})
	each, err := spend.EachReject(ctx, b.d, b.actor, at.ID)
	if err != nil {
		return err
	}
	for r, err := range each {
		if err != nil {
			return err
		}
		_ = w.Write([]string{strconv.Itoa(r.Line), r.Problem.Code, r.Problem.Column, r.Problem.Got, r.Problem.Repair, r.Raw})
	}
	w.Flush()
	return w.Error()
}

// checkLedger proves that the sums of the ledger are those of its charges; the word
// rebuild has them made anew before.
func checkLedger(ctx context.Context, e *env, c config, words []string) error {
	if len(words) > 1 || len(words) == 1 && words[0] != "rebuild" {
		return wrongUsage("want check ledger, or check ledger rebuild")
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	if len(words) == 1 {
		actor := models.Actor{Program: "command check", Roles: []models.Role{models.Administrator}}
		if err := d.WriteAlone(ctx, actor, func(tx *db.Tx) error { return spend.Rebuild(ctx, tx) }); err != nil {
			return err
		}
	}
	var found *spend.Checked
	if err := d.Read(ctx, func(r db.Reader) (err error) { found, err = spend.Check(ctx, r); return err }); err != nil {
		return err
	}
	for _, wrong := range found.Wrong {
		fmt.Fprintln(e.out, wrong)
	}
	if len(found.Wrong) > 0 {
		return fmt.Errorf("the sums of the ledger are not those of its charges: %s", count(len(found.Wrong), "difference"))
	}
	_, err = fmt.Fprintf(e.out, "the sums of the ledger are those of its charges: %s, %s\n", count(found.Batches, "file"), count(found.Charges, "charge"))
	return err
}
