package reports

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// What the quality of data is told apart by.
const (
	byAspect = "aspect"
	byFile   = "file"
)

func qualityQuestions() []Question {
	return []Question{
		{Code: "quality", Number: 21, Group: Quality, Bys: []string{byAspect, byFile}, Asks: []string{"under", "known"}, answer: answerQuality},
		{Code: "duplicates", Number: 14, Group: Quality, Asks: []string{"under", "vendor"}, answer: answerDuplicates},
		{Code: "outside", Number: 10, Group: Quality, Path: "/spend/bills?state=outside"},
		{Code: "odd", Number: 13, Group: Quality, Path: "/spend/anomalies"},
	}
}

// aspect is something that charges lack.
type aspect struct {
	code   string
	rows   int64
	amount models.Exact
	below  *Below
}

// answerQuality tells how much of the money has something missing.
func answerQuality(ctx context.Context, q *asking) (*Answer, error) {
	if q.By == byFile {
		return q.qualityByFile(ctx)
	}
	all, rows, total, err := q.aspects(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"aspect", Name}, {"charges", Count}, {"charges_share", Percent}, {"amount", Money}, {"share", Percent}}, Sums: 3, Notes: []string{"aspects_meet"}}
	whole := count(rows).Amount
	for _, one := range all {
		a.Rows = append(a.Rows, Row{Values: []Value{code(one.code), count(one.rows), share(count(one.rows).Amount, whole), amount(one.amount), share(one.amount, total)}, Below: one.below})
	}
	a.Figures = []Figure{{"all_charges", Count, count(rows)}, {"all_spend", Money, amount(total)}}
	return q.answered(ctx, a)
}

// aspects are what charges of the period lack, and how many charges there are in all.
func (q *asking) aspects(ctx context.Context) (all []aspect, rows int64, total models.Exact, err error) {
	for _, one := range []struct {
		by      spend.By
		code    string
		missing func(spend.Label) bool
	}{
		{spend.ByCategory, "no_category", func(l spend.Label) bool { return l.Name == "" }},
		{spend.ByCategory, "foreign_category", func(l spend.Label) bool { return l.Name != "" && !strings.HasPrefix(l.Key, "c") }},
		{spend.ByVendor, "no_vendor", func(l spend.Label) bool { return l.Name == "" }},
		{spend.ByVendor, "unknown_vendor", func(l spend.Label) bool { return l.Name != "" && l.Is == 0 }},
		{spend.ByBuyer, "unknown_buyer", func(l spend.Label) bool { return l.Is == 0 }},
	} {
		sums, err := q.sums(ctx, one.by)
		if err != nil {
			return nil, 0, total, err
		}
		at := aspect{code: one.code, below: &Below{Question: "spent", By: string(one.by)}}
		rows, total = 0, models.Exact{}
		for i := range sums {
			worth := q.of(&sums[i].Sum)
			rows, total = rows+sums[i].Rows, add(total, worth)
			if one.missing(sums[i].Of[0]) {
				at.rows, at.amount = at.rows+sums[i].Rows, add(at.amount, worth)
			}
		}
		all = append(all, at)
	}
	return all, rows, total, nil
}

// fileRow is a file with how its rows were taken.
type fileRow struct {
	spend.Batch
	Last string `db:"last_month"` // of its charges
}

// qualityByFile tells how each file came.
func (q *asking) qualityByFile(ctx context.Context) (*Answer, error) {
	files, err := q.files(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"file", Name}, {"publisher", Name}, {"brought", Day}, {"rows", Count}, {"taken", Count}, {"rejected", Count}, {"left_out", Count}, {"flagged", Count}, {"undated", Count}, {"unconverted", Count}, {"no_unit", Count}, {"days_late", Count}}, Sums: 4}
	for i := range files {
		f := &files[i]
		late := Value{Unknown: true}
		if day, err := models.ParseDate(f.Last + "-01"); err == nil {
			late = count(max(0, int(models.DateOf(f.AcceptedAt.Time).Time().Sub(day.AddMonths(1).Time()).Hours()/24)))
		}
		unit := 0
		if _, ok := f.Mapping().Columns[spend.RoleUnit]; !ok && f.Format != spend.FOCUS && f.Format != spend.UBL {
			unit = f.Taken
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(f.File), text(f.Publisher), text(models.DateOf(f.AcceptedAt.Time).String()), count(f.Rows), count(f.Taken), count(f.Rejected), count(f.LeftOut), count(f.Flagged), count(f.Undated), count(f.Unconverted), count(unit), late}, Below: &Below{Batch: f.ID}})
	}
	return q.answered(ctx, a)
}

// files are those of the books that the actor sees.
func (q *asking) files(ctx context.Context) (all []fileRow, err error) {
	orgs, everybody, err := spend.Reach(ctx, q.r, q.actor)
	if err != nil {
		return nil, err
	}
	only, args := ``, []any{}
	if !everybody {
		marks, ids := db.In(orgs)
		only, args = ` AND b.organisation_id IN `+marks, ids
	}
	if !q.Known.IsZero() {
		only, args = only+` AND b.accepted_at <= ?`, append(args, q.Known)
	}
	text := `/* reports.files */ SELECT b.id, b.file, b.publisher, b.format, b.mapping, b.rows, b.taken, b.rejected, b.left_out, b.flagged, b.undated, b.unconverted, b.accepted_at, COALESCE((SELECT MAX(c.month) FROM ledger_batch_cells c WHERE c.batch_id = b.id AND c.basis IN ('all', 'billed')), '') AS last_month
		FROM ledger_batches b WHERE b.state = 'accepted'` + only + ` ORDER BY b.accepted_at DESC, b.id DESC`
	if err := q.r.Select(ctx, &all, text, args...); err != nil {
		return nil, fmt.Errorf("files of the ledger: %w", err)
	}
	return all, nil
}

// answerDuplicates tells which charges are written the same as another of their file: some
// are charged twice, and some are two of a kind, so none is taken away.
func answerDuplicates(ctx context.Context, q *asking) (*Answer, error) {
	charges, err := spend.EachRepeated(ctx, q.r, q.actor, q.Query())
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var all []credit
	for i := range charges {
		n, ok := at[charges[i].Vendor.Key]
		if !ok {
			n = len(all)
			at[charges[i].Vendor.Key] = n
			all = append(all, credit{Label: charges[i].Vendor})
		}
		worth, _ := q.worth(&charges[i])
		all[n].amount, all[n].rows = add(all[n].amount, worth), all[n].rows+1
	}
	most(all, func(c *credit) (models.Exact, string) { return c.amount, named(c.Label) })
	a := &Answer{Columns: []Column{{"vendor", Name}, {"charges", Count}, {"amount", Money}}, Sums: 2}
	for i := range all {
		a.Rows = append(a.Rows, Row{Values: []Value{text(named(all[i].Label)), count(all[i].rows), amount(all[i].amount)}, Below: &Below{Vendor: all[i].Key, Flag: spend.FlagSameRow}})
	}
	a.Figures = []Figure{{"repeated", Count, count(len(charges))}}
	return q.answered(ctx, a)
}
