package reports

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// revised is what is known otherwise of a month.
type revised struct {
	by    models.Exact
	files []string
	batch int64 // of the only file; 0 where there are several
}

// fewFiles is how many files are named as the cause; of more, how many they are.
const fewFiles = 3

// answerRevised tells which months came to something else since a day, and by which files.
func answerRevised(ctx context.Context, q *asking) (*Answer, error) {
	a := &Answer{Columns: []Column{{"month", Month}, {"was", Money}, {"now", Money}, {"amount", Money}, {"files", Count}, {"cause", Name}}, Sums: 3}
	if q.Before.IsZero() {
		a.Need = "before"
		return q.answered(ctx, a)
	}
	changes, err := spend.ChangesSince(ctx, q.r, q.actor, q.Query(), q.Before)
	if err != nil {
		return nil, err
	}
	found := map[string]*revised{}
	for i := range changes {
		c := &changes[i]
		at := found[c.Month]
		if at == nil {
			at = &revised{batch: c.Batch}
			found[c.Month] = at
		}
		by := c.Euros
		if q.Currency != "" {
			by = c.Amount
		}
		at.by = add(at.by, by)
		if !slices.Contains(at.files, c.File) {
			at.files = append(at.files, c.File)
		}
		if at.batch != c.Batch {
			at.batch = 0
		}
	}
	rows, err := q.sums(ctx, spend.ByMonth)
	if err != nil {
		return nil, err
	}
	now := map[string]models.Exact{}
	for i := range rows {
		now[rows[i].Of[0].Key] = q.of(&rows[i].Sum)
	}
	for _, month := range slices.Sorted(maps.Keys(found)) {
		at := found[month]
		was, err := now[month].Sub(at.by)
		if err != nil {
			return nil, err
		}
		below := &Below{Question: "spent", By: byVendor, Month: cmp.Or(month, "-")}
		if at.batch != 0 {
			below = &Below{Batch: at.batch, Month: cmp.Or(month, "-")}
		}
		named := at.files[:min(fewFiles, len(at.files))]
		a.Rows = append(a.Rows, Row{Values: []Value{text(month), amount(was), amount(now[month]), amount(at.by), count(len(at.files)), text(strings.Join(named, ", "))}, Below: below})
	}
	return q.answered(ctx, a)
}
