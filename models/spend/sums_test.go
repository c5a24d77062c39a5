package spend_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// What a ministry's total is can be followed down to the line of the file.
func TestATotalIsTracedToTheLineOfItsFile(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	q := spend.Query{Year: 2026}
	vendors, err := spend.Sums(t.Context(), o.DB, o.finance, q, spend.ByVendor)
	if err != nil || len(vendors) != 2 || vendors[0].Is != o.vendor || vendors[0].Euros.String() != "742.3" || vendors[1].Euros.String() != "-20.005" || vendors[1].Name != "Somebody else" {
		t.Fatalf("by vendor: %+v, %v", vendors, err)
	}
	q.Vendor = vendors[0].Key
	months, err := spend.Sums(t.Context(), o.DB, o.finance, q, spend.ByMonth)
	if err != nil || len(months) != 1 || months[0].Key != "2026-01" || months[0].Rows != 3 {
		t.Fatalf("by month: %+v, %v", months, err)
	}
	q.Month = months[0].Key
	lines, err := spend.Lines(t.Context(), o.DB, o.finance, q, models.Page{Number: 1, Size: 10})
	if err != nil || len(lines) != 3 || lines[0].Reference != "IN-1" || lines[0].Line != 2 || lines[0].Euros.String() != "12.3" || lines[0].UnitPrice.String() != "0.0123" {
		t.Fatalf("lines: %+v, %v", lines, err)
	}
	if n, err := spend.CountLines(t.Context(), o.DB, o.finance, q); err != nil || n != 3 {
		t.Errorf("%d lines, %v", n, err)
	}
	if q.WithTax = true; true {
		if n, err := spend.CountLines(t.Context(), o.DB, o.finance, q); err != nil || n != 4 {
			t.Errorf("%d lines with tax, %v", n, err)
		}
	}
	c, err := spend.FindLine(t.Context(), o.DB, o.finance, lines[0].ID)
	if err != nil || c.Vendor != "Sample Maps Ltd" || c.Service != "Map views" {
		t.Errorf("%+v, %v", c, err)
	}
}

// A body sees what it pays, in whose books it may stand; an analyst sees as far as the
// reach that was given.
func TestEverybodySeesTheMoneyInReach(t *testing.T) {
	o := newOffice(t)
	ministry := o.organisation("ministry", "ministry", "Ministry of Samples")
	dbtest.Write(t, o.DB, admin, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE organisations SET parent_id = ? WHERE id = ?`, ministry, o.other)
		return err
	})
	b := o.staged("january.csv", []byte(plain))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	analyst := models.Actor{AccountID: 1, OrgID: ministry, Roles: []models.Role{models.Analyst}}
	own, all := analyst, analyst
	own.Reach, all.Reach = models.ReachOwn, models.ReachAll
	for what, c := range map[string]struct {
		who  models.Actor
		want string
		err  error
	}{
		"whose books they are":          {o.finance, "723.295", nil},
		"a body that pays some of it":   {o.stranger, "-20.005", nil},
		"its ministry":                  {own, "-20.005", nil},
		"an analyst of all":             {all, "723.295", nil},
		"an analyst without a reach":    {analyst, "", models.ErrForbidden},
		"somebody of an unrelated body": {models.Actor{AccountID: 1, OrgID: o.vendor, Roles: []models.Role{models.Buyer}}, "0", nil},
		"a vendor":                      {models.Actor{AccountID: 1, OrgID: o.vendor, Roles: []models.Role{models.VendorManager}}, "", models.ErrForbidden},
	} {
		var sum models.Exact
		sums, err := spend.Sums(t.Context(), o.DB, c.who, spend.Query{}, spend.ByBuyer)
		for _, s := range sums {
			sum, _ = sum.Add(s.Euros)
		}
		if !errors.Is(err, c.err) || err == nil && sum.String() != c.want {
			t.Errorf("%s: %s, %v; want %s", what, sum, err, c.want)
		}
		n, err := spend.CountLines(t.Context(), o.DB, c.who, spend.Query{})
		if !errors.Is(err, c.err) || err == nil && (n > 0) != (c.want != "0") {
			t.Errorf("%s: %d lines, %v", what, n, err)
		}
	}
}

// What was known on a day is what had been accepted and not yet undone.
func TestReportsSayWhatWasKnownOnADay(t *testing.T) {
	o := newOffice(t)
	now := o.Now()
	o.Now = func() time.Time { return now }
	b := o.staged("january.csv", []byte(plain))
	now = now.AddDate(0, 0, 1)
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, 5)
	if err := o.undo(b.ID); err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]int{-1: 0, 0: 5, 3: 5, 5: 0, 9: 0} {
		known := models.Time{Time: dbtest.Moment.AddDate(0, 0, 1+days)}
		sums, err := spend.Sums(t.Context(), o.DB, o.finance, spend.Query{Known: known}, spend.ByCurrency)
		rows := 0
		for _, s := range sums {
			rows += int(s.Rows)
		}
		n, err2 := spend.CountLines(t.Context(), o.DB, o.finance, spend.Query{Known: known})
		if err := errors.Join(err, err2); err != nil || rows != want || n != want {
			t.Errorf("%d days after it was accepted %d rows and %d lines are known, want %d, %v", days, rows, n, want, err)
		}
	}
}

// Who somebody is can be said later, and no charge is touched by it.
func TestANameCanBeExplainedLater(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	unknown, err := spend.Unknown(t.Context(), o.DB, o.finance, spend.VendorName, 10)
	if err != nil || len(unknown) != 1 || unknown[0].Name != "Somebody else" {
		t.Fatalf("unknown vendors: %+v, %v", unknown, err)
	}
	if err := o.try(o.stranger, func(ctx context.Context, tx *db.Tx) error { return spend.SayWho(ctx, tx, unknown[0].ID, o.vendor, "") }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody of another body says: %v", err)
	}
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.SayWho(ctx, tx, unknown[0].ID, o.vendor, "") }); err != nil {
		t.Fatal(err)
	}
	sums, err := spend.Sums(t.Context(), o.DB, o.finance, spend.Query{}, spend.ByVendor)
	if err != nil || len(sums) != 1 || sums[0].Is != o.vendor || sums[0].Euros.String() != "723.295" {
		t.Errorf("by vendor: %+v, %v", sums, err)
	}
	o.agrees()
}

// An amount that is not price times quantity is taken as it stands, and flagged; one that
// was rounded to cents is not.
func TestAnAmountThatItsPriceDoesNotMakeIsFlagged(t *testing.T) {
	o := newOffice(t)
	b := o.staged("prices.csv", []byte("Supplier,Invoice date,Quantity,Unit price,Amount,Currency\nA,2026-01-31,3,0.333,1.00,EUR\nB,2026-01-31,3,0.333,1.10,EUR\nC,2026-01-31,,0.333,7.25,EUR\n"))
	flags, err := spend.CountFlags(t.Context(), o.DB, o.finance, b.ID)
	if err != nil || len(flags) != 1 || !containsFlag(flags, spend.FlagMath, 1) || b.Totals()[0].Billed.String() != "9.35" {
		t.Errorf("flags %+v, %s, %v", flags, b.TotalsText, err)
	}
}

// Where there are no rates the most money comes first nevertheless.
func TestMostMoneyComesFirstWithoutRates(t *testing.T) {
	o := newOffice(t)
	b := o.staged("pounds.csv", []byte("Supplier,Invoice date,Amount,Currency\nSmall,2026-01-31,1.00,GBP\nSmall,2026-01-31,2.00,GBP\nLarge,2026-01-31,9.00,GBP\nOther,2026-01-31,500.00,SEK\nEuro,2026-01-31,0.50,EUR\n"))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	sums, err := spend.Sums(t.Context(), o.DB, o.finance, spend.Query{}, spend.ByVendor)
	var names []string
	for _, s := range sums {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); err != nil || got != "Euro Large Small Other" {
		t.Errorf("the order is %s, %v", got, err)
	}
}
