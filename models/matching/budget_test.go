package matching_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/matching"
	"pilveturg/models/spend/outlook"
)

// line adds a line to the budget of this year.
func (o *office) line(code string, euros int64) {
	o.t.Helper()
	b := contracts.Budget{Code: code, Name: "Line " + code, Year: o.year(), Cents: euros * 100}
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return contracts.SaveBudget(ctx, tx, b) }); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) today() models.Date { return models.DateOf(o.Now()) }
func (o *office) year() int          { return o.today().Time().Year() }

// spending finds what became of a line of a year, as the books are on a day.
func (o *office) spending(year int, code string, today models.Date) *matching.Spending {
	o.t.Helper()
	all, err := matching.Spendings(o.t.Context(), o, o.finance, year, today)
	if err != nil {
		o.t.Fatal(err)
	}
	for i := range all {
		if all[i].Code == code {
			return &all[i]
		}
	}
	o.t.Fatalf("no line %q among %d", code, len(all))
	return nil
}

// A bill counts on the line that somebody chose for it, in the month in which it was
// billed; what falls into the year is split by days.
func TestALineShowsWhatWasBilledAccruedAndPromised(t *testing.T) {
	o := newOffice(t)
	o.line("5525", 1000)
	year := o.year()
	row := func(number, month, from, to, amount string) string {
		return fmt.Sprintf("Office of Samples,Sample Maps Ltd,%d-%s-15,%s,,Maps,%s,%s,,,,%s,,EUR\n", year, month, number, from, to, amount)
	}
	o.matched("one.csv", row("L-1", "01", fmt.Sprintf("%d-01-01", year), fmt.Sprintf("%d-02-01", year), "100.00")+
		row("L-2", "01", fmt.Sprintf("%d-12-17", year-1), fmt.Sprintf("%d-01-16", year), "30.00")+row("L-3", "02", "", "", "60.00"))
	for _, number := range []string{"L-1", "L-2", "L-3"} {
		b := o.bill(number)
		if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error {
			return matching.SetBudget(ctx, tx, b.ID, b.Revision, "5525")
		}); err != nil {
			t.Fatal(err)
		}
	}
	s := o.spending(year, "5525", o.today())
	if s.Bills != 3 || s.Actual.String() != "190" || s.Accrued.String() != "175" || s.Left().String() != "810" || !s.Committed.IsZero() {
		t.Errorf("%d bills, billed %s, accrued %s, promised %s, left %s", s.Bills, s.Actual, s.Accrued, s.Committed, s.Left())
	}
	b := o.bill("L-3")
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error {
		return matching.SetBudget(ctx, tx, b.ID, b.Revision, "9999")
	}); err == nil {
		t.Error("a line that is not there is taken")
	}
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return matching.SetBudget(ctx, tx, b.ID, b.Revision, "") }); err != nil {
		t.Fatal(err)
	}
	if none := o.spending(year, "", o.today()); none.ID != 0 || none.Actual.String() != "60" {
		t.Errorf("on no line: %s", none.Actual)
	}
	if all, err := matching.Spendings(t.Context(), o, o.stranger, year, o.today()); err != nil || len(all) != 0 {
		t.Errorf("a stranger sees %d lines, %v", len(all), err)
	}
}

// What is reserved for a subscription is promised until it is billed, and never twice.
func TestWhatIsBilledIsPromisedNoMore(t *testing.T) {
	o := newOffice(t)
	o.line("5525", 5000)
	i := contracts.Imported{Hash: strings.Repeat("b", 64)}
	line := contracts.Outside{Line: 2, Service: "Maps", Vendor: "Sample Maps Ltd", Reference: "M-1", Year: 1200_00, Starts: o.begin, Ends: o.begin.AddMonths(12).AddDays(-1), Renewal: contracts.Express, NoticeDays: 30, Budget: fmt.Sprintf("%d 5525", o.year())}
	if err := o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Import(ctx, tx, "x", &i, []contracts.Outside{line})
	}); err != nil || i.Added != 1 {
		t.Fatalf("%+v, %v", i, err)
	}
	day := fmt.Sprintf("%d-01-20", o.year())
	row := func(number, amount string) string {
		return fmt.Sprintf("Office of Samples,Sample Maps Ltd,%s,%s,M-1,Maps,,,,,,%s,,EUR\n", day, number, amount)
	}
	o.matched("one.csv", row("P-1", "300.00"))
	if s := o.spending(o.year(), "5525", o.today()); s.Actual.String() != "300" || s.Committed.String() != "900" || s.Left().String() != "3800" {
		t.Errorf("billed %s, promised %s, left %s", s.Actual, s.Committed, s.Left())
	}
	o.matched("two.csv", row("P-2", "1500.00"))
	if s := o.spending(o.year(), "5525", o.today()); s.Actual.String() != "1800" || !s.Committed.IsZero() || s.Left().String() != "3200" {
		t.Errorf("more than was reserved: billed %s, promised %s, left %s", s.Actual, s.Committed, s.Left())
	}
}

// The forecast stands on the months that are over, and says on which day the line is spent.
func TestALineSaysWhereItIsHeading(t *testing.T) {
	o := newOffice(t)
	o.line("5525", 1000)
	var rows strings.Builder
	for m := 1; m <= 6; m++ {
		fmt.Fprintf(&rows, "Office of Samples,Sample Maps Ltd,%d-%02d-10,N-%d,,Maps,,,,,,100.00,,EUR\n", o.year(), m, m)
	}
	o.matched("half.csv", rows.String())
	for m := 1; m <= 6; m++ {
		b := o.bill(fmt.Sprintf("N-%d", m))
		if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error {
			return matching.SetBudget(ctx, tx, b.ID, b.Revision, "5525")
		}); err != nil {
			t.Fatal(err)
		}
	}
	july := models.NewDate(o.year(), 7, 5)
	s := o.spending(o.year(), "5525", july)
	ahead, err := s.Ahead()
	if err != nil {
		t.Fatal(err)
	}
	f, end := ahead.Forecast()
	if f.Method != outlook.MethodLinear || ahead.Seasonal.Code != outlook.CodeFewMonths || end.YearEnd.String() != "1200" || !end.Crossed || end.Day != models.NewDate(o.year(), 11, 1) {
		t.Errorf("by %s (%s) it comes to %s on %v %s", f.Method, ahead.Seasonal.Code, end.YearEnd, end.Crossed, end.Day)
	}
	got := ""
	for _, a := range ahead.Alerts {
		got += fmt.Sprintf("%s %d; ", a.On, a.Share)
	}
	if got != "forecast 80; forecast 100; " {
		t.Errorf("alerts: %s", got)
	}
	months := s.Year(&ahead)
	if len(months) != 12 || !months[5].Over || months[5].Actual.String() != "100" || months[6].Over || months[6].Linear.String() != "100" {
		t.Errorf("%+v", months)
	}
}

func TestWhoLooksAfterTheMoneyIsToldOnce(t *testing.T) {
	o := newOffice(t)
	o.joins(o.finance.AccountID, models.Finance)
	o.line("5525", 100)
	o.matched("one.csv", fmt.Sprintf("Office of Samples,Sample Maps Ltd,%d-01-10,R-1,,Maps,,,,,,90.00,,EUR\n", o.year()))
	b := o.bill("R-1")
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error {
		return matching.SetBudget(ctx, tx, b.ID, b.Revision, "5525")
	}); err != nil {
		t.Fatal(err)
	}
	told := func() (n int) {
		if err := o.try(admin, func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = matching.Alert(ctx, tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	first, second := told(), told()
	if first < 1 || second != 0 {
		t.Errorf("told of %d, then of %d", first, second)
	}
	var notices []string
	if err := o.Select(t.Context(), &notices, `SELECT kind FROM notices WHERE account_id = ?`, o.finance.AccountID); err != nil || len(notices) != 1 || notices[0] != "budget_passed" {
		t.Errorf("notices: %v, %v", notices, err)
	}
}
