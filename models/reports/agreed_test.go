package reports_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
)

// subscribed notes two subscriptions of the ministry, one of which is counted.
func (o *office) subscribed() (today models.Date) {
	o.t.Helper()
	today = models.DateOf(o.Now())
	who := models.Actor{AccountID: o.finance.AccountID, OrgID: o.ministry, Roles: []models.Role{models.Buyer}, Rights: models.Rights}
	begin := today.AddMonths(-6)
	i := contracts.Imported{Hash: strings.Repeat("a", 64)}
	o.write(who, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Import(ctx, tx, "once", &i, []contracts.Outside{
			{Line: 2, Service: "Mail", Vendor: "S", Unit: "user", Quantity: "10", Year: 1200_00, Starts: begin, Ends: begin.AddMonths(12).AddDays(-1), Renewal: contracts.NoRenewal},
			{Line: 3, Service: "Maps", Vendor: "S", Year: 600_00, Starts: begin, Ends: begin.AddMonths(12).AddDays(-1), Renewal: contracts.NoRenewal},
		})
	})
	if i.Added != 2 {
		o.t.Fatalf("%d subscriptions are noted: %+v", i.Added, i)
	}
	for month, used := range map[int]int64{-2: 8, -1: 4} {
		o.write(who, func(ctx context.Context, tx *db.Tx) error {
			return contracts.NoteUsage(ctx, tx, i.New[0].ID, contracts.Month{Month: today.AddMonths(month).String()[:7], Assigned: 9, Used: used})
		})
	}
	return today
}

// Of ten that cost 120 euros a year each, four are used.
func TestWhatIsBoughtIsComparedWithWhatIsUsed(t *testing.T) {
	o := newOffice(t)
	today := o.subscribed()
	c := answers{o, reports.Ask{}}
	a := c.of("used", "")
	c.total(a, "720")
	c.figure(a, "no_usage", "1")
	c.row(a, 0, map[string]string{"service": "Mail", "bought": "10", "assigned": "9", "used": "4", "used_share": "40", "year_cost": "1200", "amount": "720", "month": today.AddMonths(-1).String()[:7]})
	c.row(a, 1, map[string]string{"service": "Maps", "bought": "unknown", "amount": "unknown"})
	a = c.of("unit_cost", "")
	c.total(a, "100")
	c.row(a, 0, map[string]string{"used": "4", "unit_cost": "25", "unit_cost_then": "12.5", "change": "100"})
	c.figure(a, "not_counted", "1")
	a = c.of("promised", "")
	c.total(a, "1800")
	c.row(a, 0, map[string]string{"service": "Mail", "promised": "1200", "billed": "0", "amount": "1200"})
	if a := o.ask(o.analyst, "used", reports.Ask{Under: o.stranger}); len(a.Rows) != 0 {
		t.Errorf("another body has %d subscriptions", len(a.Rows))
	}
	other := models.Actor{AccountID: 1, OrgID: o.stranger, Roles: []models.Role{models.Finance}}
	if a := o.ask(other, "used", reports.Ask{}); len(a.Rows) != 0 {
		t.Errorf("another body sees %d subscriptions", len(a.Rows))
	}
}

// A file that comes later changes a month; one that is undone in between does not.
func TestMonthsThatChangedAreTold(t *testing.T) {
	o := newOffice(t)
	now := o.Now()
	at := func(days int) {
		o.DB.Now = func() time.Time { return now.AddDate(0, 0, days) }
	}
	const head = "Supplier,Invoice date,Amount,Currency\n"
	o.bring("first.csv", []byte(head+"S,2026-01-05,10,EUR\nS,2026-02-05,20,EUR\n"))
	at(5)
	o.bring("late.csv", []byte(head+"S,2026-01-09,2.5,EUR\n"))
	wrong := o.bring("wrong.csv", []byte(head+"S,2026-02-09,99,EUR\n"))
	at(6)
	o.write(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Undo(ctx, tx, wrong.ID) })
	since := models.Time{Time: now.AddDate(0, 0, 1)}
	c := answers{o, reports.Ask{Before: since}}
	a := c.of("revised", "")
	c.total(a, "2.5")
	c.row(a, 0, map[string]string{"month": "2026-01", "was": "10", "now": "12.5", "amount": "2.5", "cause": "late.csv"})
	if len(a.Rows) != 1 {
		t.Errorf("%d months changed", len(a.Rows))
	}
	c.ask.Before.Time = now.AddDate(0, 0, 5).Add(time.Hour)
	a = c.of("revised", "")
	c.total(a, "-99")
	c.row(a, 0, map[string]string{"month": "2026-02", "was": "119", "now": "20"})
	c.ask.Before, c.ask.Known = since, models.Time{Time: now.AddDate(0, 0, 5).Add(time.Hour)}
	a = c.of("revised", "")
	c.total(a, "101.5")
	if a := o.ask(o.finance, "revised", reports.Ask{}); a.Need != "before" {
		t.Errorf("without a day it needs %q", a.Need)
	}
	c.ask = reports.Ask{}
	a = c.of("quality", "file")
	c.row(a, 0, map[string]string{"file": "late.csv", "taken": "1", "rejected": "0"})
	a = c.of("quality", "aspect")
	c.row(a, 0, map[string]string{"aspect": "no_category", "charges": "3", "amount": "32.5", "share": "100"})
}

// What was paid ahead to a cloud is told with what of it was used.
func TestCommitmentsAreToldWithTheirUse(t *testing.T) {
	o := newOffice(t)
	const head = "BillingAccountId,BillingAccountName,BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ProviderName,PublisherName,InvoiceIssuerName,ServiceName,ServiceCategory,PricingQuantity,PricingUnit,InvoiceId,CommitmentDiscountId,CommitmentDiscountName,CommitmentDiscountStatus\n"
	row := func(billed, effective, category, status string) string {
		return "1,Ministry of Samples," + billed + "," + effective + "," + effective + "," + effective + ",EUR,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z," + category + ",,,One-Time,Cloud,Cloud,Cloud,Machines,Compute,1,Hour,F-1,block-1,Prepaid hours," + status + "\n"
	}
	o.bring("focus.csv", []byte(head+row("100", "0", "Purchase", "")+row("0", "60.5", "Usage", "Used")+row("0", "9.5", "Usage", "Unused")))
	c := answers{o, reports.Ask{}}
	a := c.of("promised", "commitment")
	c.total(a, "30")
	c.row(a, 0, map[string]string{"commitment": "Prepaid hours", "vendor": "Cloud", "bought": "100", "used_of_it": "60.5", "unused_of_it": "9.5", "amount": "30"})
}

func TestReportsAreSentOnTheirDays(t *testing.T) {
	o := newOffice(t)
	for name, c := range map[string]struct {
		on       time.Time
		schedule reports.Schedule
		want     string
	}{
		"on a Friday":   {time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC), reports.Weekly, "2026-11-30"},
		"on a Monday":   {time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), reports.Weekly, "2026-12-07"},
		"in December":   {time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), reports.Monthly, "2027-01-01"},
		"never":         {time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), reports.Never, ""},
		"on a Saturday": {time.Date(2028, 2, 26, 9, 0, 0, 0, time.UTC), reports.Monthly, "2028-03-01"},
	} {
		o.DB.Now = func() time.Time { return c.on }
		s := reports.Report{Name: name, Question: "spent", Schedule: c.schedule}
		o.write(o.finance, func(ctx context.Context, tx *db.Tx) error { return reports.Keep(ctx, tx, &s) })
		kept, err := reports.FindReport(t.Context(), o, o.finance, s.ID)
		if err != nil || kept.Next.String() != c.want {
			t.Errorf("%s: the next day is %s, %v; want %s", name, kept.Next, err, c.want)
		}
		if _, err := reports.FindReport(t.Context(), o, o.analyst, s.ID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: a colleague finds it: %v", name, err)
		}
		if err := o.Write(t.Context(), o.analyst, func(tx *db.Tx) error { return reports.Remove(t.Context(), tx, s.ID) }); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: a colleague removes it: %v", name, err)
		}
	}
}
