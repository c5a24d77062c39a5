package matching

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/spend"
	"pilveturg/models/spend/outlook"
)

// historyYears is how many years before that of a budget its forecast may stand on.
const historyYears = 3

// Spending is what became of a line of a budget. All sums are in euros without VAT.
type Spending struct {
	contracts.Budget              // without an ID: bills on no line of that year
	Body             int64        // organisation
	Bills            int64        // of the year
	Unconverted      int64        // charges of the year that are in no sum, for want of a rate
	Actual           models.Exact // billed in the year
	Accrued          models.Exact // that falls into the year by the days of the services
	Committed        models.Exact // reserved for subscriptions, and not billed yet
	Months           outlook.Series
	AccruedMonths    map[string]models.Exact // by "2026-03", of the year
}

// Left is what is neither billed nor promised; below 0: so much is missing.
func (s *Spending) Left() models.Exact {
	left, _ := ofCents(s.Cents).Sub(s.Actual) // what a ledger holds fits by far
	left, _ = left.Sub(s.Committed)
	return left
}

// ofCents is an amount of euro cents.
func ofCents(cents int64) models.Exact {
	return models.ExactOf(models.Money{Minor: cents, Currency: "EUR"}.Decimal())
}

// lineKey tells the lines of bodies apart, over the years.
type lineKey struct {
	body int64
	code string
}

// monthRow is what bills on a line come to in a month.
type monthRow struct {
	Body        int64  `db:"body_id"`
	Code        string `db:"code"`
	Month       string `db:"month"`
	Bills       int64  `db:"n"`
	Unconverted int64  `db:"unconverted"`
	sums
}

// onLine is the code of the line on which a bill counts.
const onLine = `COALESCE(NULLIF(c.budget, ''), l.code, '')`

const lineFrom = ` FROM ledger_bills c JOIN ledger_batches t ON t.id = c.batch_id JOIN ledger_names b ON b.id = c.buyer_id LEFT JOIN subscriptions s ON s.id = c.subscription_id LEFT JOIN budget_lines l ON l.id = s.budget_id`

// Spendings returns what became of the lines of a year of all bodies whose money the
// actor sees, and of bills on none. today is the day up to which the books are.
func Spendings(ctx context.Context, r db.Reader, a models.Actor, year int, today models.Date) ([]Spending, error) {
	lines, err := linesOf(ctx, r, a, year)
	if err != nil {
		return nil, err
	}
	billed, err := monthsOf(ctx, r, a, year, `c.month`, ``, `c.`)
	if err != nil {
		return nil, err
	}
	accrued, err := monthsOf(ctx, r, a, year, `m.month`, ` JOIN ledger_bill_months m ON m.bill_id = c.id`, `m.`)
	if err != nil {
		return nil, err
	}
	all := map[lineKey]*Spending{}
	for i := range lines {
		all[lineKey{lines[i].Body, lines[i].Code}] = &lines[i]
	}
	for _, rows := range [][]monthRow{billed, accrued} { // bills on no line have one too
		for _, row := range rows {
			key := lineKey{row.Body, row.Code}
			if all[key] == nil && row.Month >= fmt.Sprintf("%04d-01", year) {
				all[key] = &Spending{Body: row.Body, Budget: contracts.Budget{Code: row.Code, Year: year}}
			}
		}
	}
	if err := fill(all, billed, accrued, year, today); err != nil {
		return nil, err
	}
	if err := addCommitted(ctx, r, all, year); err != nil {
		return nil, err
	}
	var found []Spending
	for _, s := range all {
		found = append(found, *s)
	}
	slices.SortFunc(found, func(x, y Spending) int {
		return cmp.Or(cmp.Compare(x.Body, y.Body), cmp.Compare(db.Flag(x.ID == 0), db.Flag(y.ID == 0)), cmp.Compare(x.Code, y.Code))
	})
	return found, nil
}

// YearOf returns the year of a line, or [models.ErrNotFound]. [Spendings] of that year say
// who sees it.
func YearOf(ctx context.Context, r db.Reader, line int64) (year int, err error) {
	if err := r.Get(ctx, &year, `/* matching.YearOf */ SELECT year FROM budget_lines WHERE id = ?`, line); err != nil {
		return 0, fmt.Errorf("budget line %d: %w", line, err)
	}
	return year, nil
}

func linesOf(ctx context.Context, r db.Reader, a models.Actor, year int) ([]Spending, error) {
	ids, all, err := spend.Reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	q, args := `/* matching.linesOf */ SELECT id, organisation_id AS body_id, code, name, year, cents, reserved, revision FROM budget_lines WHERE year = ?`, []any{year}
	if !all {
		marks, of := db.In(ids)
		q, args = q+` AND organisation_id IN `+marks, append(args, of...)
	}
	var rows []struct {
		contracts.Budget
		Body int64 `db:"body_id"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("budget lines of %d: %w", year, err)
	}
	lines := make([]Spending, len(rows))
	for i, row := range rows {
		lines[i] = Spending{Budget: row.Budget, Body: row.Body}
	}
	return lines, nil
}

// monthsOf adds up bills by body, line and month, of a year and those before it.
func monthsOf(ctx context.Context, r db.Reader, a models.Actor, year int, month, join, from string) (rows []monthRow, err error) {
	seen, args, err := spend.Seen(ctx, r, a)
	if err != nil {
		return nil, err
	}
	q := `/* matching.monthsOf */ SELECT COALESCE(b.is_id, b.organisation_id) AS body_id, ` + onLine + ` AS code, ` + month + ` AS month, COUNT(*) AS n, CAST(SUM(c.unconverted) AS BIGINT) AS unconverted,
		CAST(SUM(` + from + `eur_whole) AS BIGINT) AS eur_whole, CAST(SUM(` + from + `eur_nano) AS BIGINT) AS eur_nano, CAST(SUM(` + from + `eur_atto) AS BIGINT) AS eur_atto` + lineFrom + join + ` WHERE t.state = 'accepted' AND ` + month + ` BETWEEN ? AND ?`
	all := []any{fmt.Sprintf("%04d-01", year-historyYears), fmt.Sprintf("%04d-12", year)}
	if seen != "" {
		q += ` AND ` + seen
		all = append(all, args...)
	}
	if err := r.Select(ctx, &rows, q+` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, all...); err != nil {
		return nil, fmt.Errorf("bills by month: %w", err)
	}
	return rows, nil
}

// fill adds what was billed and what falls into which month.
func fill(all map[lineKey]*Spending, billed, accrued []monthRow, year int, today models.Date) (err error) {
	january := fmt.Sprintf("%04d-01", year)
	newest := map[int64]string{} // the last month of which a body has bills
	months := map[lineKey][]monthRow{}
	for _, row := range billed {
		newest[row.Body] = max(newest[row.Body], row.Month)
		s := all[lineKey{row.Body, row.Code}]
		if s == nil {
			continue
		}
		months[lineKey{row.Body, row.Code}] = append(months[lineKey{row.Body, row.Code}], row)
		if row.Month < january {
			continue
		}
		s.Bills += row.Bills
		s.Unconverted += row.Unconverted
		if s.Actual, err = s.Actual.Add(row.Euros()); err != nil {
			return err
		}
	}
	for key, rows := range months {
		all[key].Months = seriesOf(rows, newest[key.body], today)
	}
	for _, row := range accrued {
		s := all[lineKey{row.Body, row.Code}]
		if s == nil || row.Month < january {
			continue
		}
		if s.AccruedMonths == nil {
			s.AccruedMonths = map[string]models.Exact{}
		}
		s.AccruedMonths[row.Month] = row.Euros()
		if s.Accrued, err = s.Accrued.Add(row.Euros()); err != nil {
			return err
		}
	}
	return nil
}

// seriesOf puts the months of a line into a row, from its first bill to the newest month
// of its body; that of today is not over.
func seriesOf(rows []monthRow, newest string, today models.Date) outlook.Series {
	s := outlook.Series{First: rows[0].Month}
	at := map[string]monthRow{}
	for _, row := range rows {
		at[row.Month] = row
	}
	thisMonth := today.String()[:7]
	for month := s.First; month <= newest; month = spend.MonthAfter(month) {
		row := at[month]
		s.Amounts = append(s.Amounts, row.Euros())
		s.Counts = append(s.Counts, int(row.Bills))
		if month == thisMonth {
			s.Days = today.Time().Day()
			if spend.MonthAfter(month) == monthOf(today.AddDays(1)) {
				s.Days = 0 // the last day: it is over
			}
			break
		}
	}
	return s
}

func monthOf(d models.Date) string { return d.String()[:7] }

// addCommitted works out what is reserved on the lines of a year and not billed yet: for
// each subscription what is held for it, less what was billed for it in the year.
func addCommitted(ctx context.Context, r db.Reader, all map[lineKey]*Spending, year int) error {
	byLine := map[int64]*Spending{}
	var ids []int64
	for _, s := range all {
		if s.ID != 0 {
			byLine[s.ID] = s
			ids = append(ids, s.ID)
			s.Committed = ofCents(s.Reserved)
		}
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, 400) {
		marks, args := db.In(part)
		var rows []struct {
			Budget int64 `db:"budget_id"`
			Held   int64 `db:"held"`
			sums
		}
		q := `/* matching.addCommitted */ SELECT s.budget_id, s.held, CAST(SUM(c.eur_whole) AS BIGINT) AS eur_whole, CAST(SUM(c.eur_nano) AS BIGINT) AS eur_nano, CAST(SUM(c.eur_atto) AS BIGINT) AS eur_atto
			FROM ledger_bills c JOIN ledger_batches t ON t.id = c.batch_id JOIN subscriptions s ON s.id = c.subscription_id WHERE t.state = 'accepted' AND s.budget_id IN ` + marks + ` AND c.month BETWEEN ? AND ? GROUP BY s.id, s.budget_id, s.held ORDER BY s.id`
		if err := r.Select(ctx, &rows, q, append(args, fmt.Sprintf("%04d-01", year), fmt.Sprintf("%04d-12", year))...); err != nil {
			return fmt.Errorf("commitments of %d: %w", year, err)
		}
		for _, row := range rows {
			billed := row.Euros()
			if held := ofCents(row.Held); held.Cmp(billed) < 0 {
				billed = held
			}
			if billed.Sign() < 0 {
				continue
			}
			s := byLine[row.Budget]
			var err error
			if s.Committed, err = s.Committed.Sub(billed); err != nil {
				return err
			}
		}
	}
	return nil
}
