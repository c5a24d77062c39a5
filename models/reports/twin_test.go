package reports_test

import (
	"errors"
	"testing"

	"pilveturg/models"
	"pilveturg/models/reports"
)

// twin is a small file with the traps of a large one: names with too many spaces, one
// thing in several spellings, a year that begins in April, a credit, nothing for nothing,
// charges that come to nothing together, and two rows that are written the same.
const twin = "SupplierName,CustomerName,ReturnMonth,LotDescription,ProjectNameAndDescription,EvidencedSpend,Sector,SMEorLarge\n" +
	"Alpha  Ltd,Home,2013-03-01,1,Mail  boxes,100,Central,SME\n" +
	"Alpha Ltd,Home,2013-04-01,1,mail boxes,60,Central,SME\n" +
	"Alpha Ltd,Town,2013-04-01,1,Mail Boxes,40,Local,SME\n" +
	"Beta,Home,2013-04-01,2,Compute,200000,Central,Large\n" +
	"Beta,Town,2014-04-01,2,Compute,50000,Local,Large\n" +
	"Beta,Town,2014-04-01,2,Compute,-1000.0001,Local,Large\n" +
	"Gamma,Home,2014-05-01,2,Nothing,0,Central,SME\n" +
	"Gamma,Town,2014-05-01,2,Something,5,Local,SME\n" +
	"Gamma,Town,2014-05-01,2,Something,-5,Local,SME\n" +
	"Delta,Home,2014-05-01,3,,10,Central,Large\n" +
	"Delta,Home,2014-05-01,3,,10,Central,Large\n"

// The answers of the twin were worked out by hand.
func TestAnswersOfASmallFileComeOutExactly(t *testing.T) {
	o := newOffice(t)
	o.bring("twin.csv", []byte(twin))
	c := answers{o, reports.Ask{First: 4, Currency: "GBP"}}
	a := c.of("concentration", "")
	c.total(a, "249219.9999")
	c.row(a, 0, map[string]string{"vendor": "Beta", "amount": "248999.9999", "share": "99.9117"})
	c.row(a, 1, map[string]string{"vendor": "Alpha Ltd", "amount": "200", "charges": "3"})
	c.figure(a, "hhi", "9982.36")
	c.figure(a, "vendors", "4")
	c.figure(a, "vendors_80", "1")
	a = c.of("reuse", "")
	c.figure(a, "reused_vendors", "3")
	c.total(a, "249199.9999")
	c.figure(a, "reused_share", "99.992")
	a = c.of("dependency", "")
	c.figure(a, "dependent", "1")
	c.row(a, 0, map[string]string{"vendor": "Beta", "buyer": "Home", "from_buyer": "200000", "share": "80.3213", "buyers": "2"})
	a = c.of("relations", "")
	c.row(a, 0, map[string]string{"year": "2012/13", "amount": "100", "relations": "1", "kept": "0", "new": "1", "ended": "0"})
	c.row(a, 1, map[string]string{"year": "2013/14", "amount": "200100", "relations": "3", "kept": "1", "new": "2", "ended": "0"})
	c.row(a, 2, map[string]string{"year": "2014/15", "amount": "49019.9999", "relations": "3", "kept": "0", "new": "3", "ended": "3"})
	a = c.of("credits", "")
	c.figure(a, "credits", "2")
	c.total(a, "-1005.0001")
	c.row(a, 0, map[string]string{"vendor": "Beta", "credits": "1", "amount": "-1000.0001", "billed": "250000", "share_of_billed": "0.4"})
	a = c.of("duplicates", "")
	c.figure(a, "repeated", "1")
	c.total(a, "10")
	a = c.of("small", "")
	c.figure(a, "small_share", "0.0803")
	c.row(a, 0, map[string]string{"year": "2012/13", "small": "100", "large": "0", "small_share": "100"})
	c.row(a, 1, map[string]string{"year": "2013/14", "small": "100", "large": "200000", "small_share": "0.05"})
	a = c.of("small", "sector")
	c.row(a, 0, map[string]string{"sector": "Central", "category": "1", "amount": "160", "small_share": "100"})
	c.row(a, 4, map[string]string{"sector": "Local", "category": "2", "amount": "48999.9999", "small": "0"})
}

func TestPricesAndMonthsOfASmallFile(t *testing.T) {
	o := newOffice(t)
	o.bring("twin.csv", []byte(twin))
	c := answers{o, reports.Ask{First: 4, Currency: "GBP"}}
	a := c.of("prices", "")
	c.figure(a, "services", "2")
	c.figure(a, "unsaid", "2")
	c.total(a, "249199.9999")
	c.row(a, 0, map[string]string{"vendor": "Alpha Ltd", "service": "mail boxes", "buyers": "2", "priced": "3", "minimum": "40", "median": "60", "maximum": "100", "ratio": "2.5", "comparable": "too_few"})
	c.row(a, 1, map[string]string{"vendor": "Beta", "priced": "2", "minimum": "50000", "median": "125000", "maximum": "200000", "ratio": "4", "unit": "charge"})
	a = c.of("spent", "month")
	c.row(a, 1, map[string]string{"month": "2013-04", "amount": "200100", "cumulative": "200200", "change": "200000"})
	c.row(a, 3, map[string]string{"month": "2014-05", "amount": "20", "cumulative": "249219.9999", "change": "-99.96"})
	a = c.of("overlap", "buyer")
	c.row(a, 0, map[string]string{"buyer": "Home", "vendors": "4", "amount": "200180", "largest_vendor": "Beta"})
	c.row(a, 1, map[string]string{"buyer": "Town", "vendors": "3", "amount": "49039.9999"})
	a = c.of("overlap", "category")
	c.row(a, 0, map[string]string{"category": "2", "buyers": "2", "vendors": "2", "several": "2", "amount": "248999.9999"})
	c.ask.Year = 2013
	a = c.of("spent", "vendor")
	c.total(a, "200100")
	c.row(a, 1, map[string]string{"vendor": "Alpha Ltd", "amount": "100", "before": "100", "change": "0"})
	a = c.of("relations", "")
	c.row(a, 0, map[string]string{"year": "2013/14", "kept": "1", "new": "2", "ended": "0"})
	c.ask.Year, c.ask.From, c.ask.Until = 0, "2014-04", "2014-05"
	a = c.of("spent", "buyer")
	c.total(a, "49019.9999")
	c.row(a, 0, map[string]string{"buyer": "Town", "amount": "48999.9999", "before": "0", "change": "unknown"})
}

// What is not in a total stands beside it.
func TestWhatIsNotInATotalStandsBesideIt(t *testing.T) {
	o := newOffice(t)
	o.bring("mixed.csv", []byte("Supplier,Customer,Invoice date,Category,Amount,Currency\n"+
		"Sample Maps Ltd,School of Samples,2026-01-05,software,10.50,EUR\n"+
		"Sample Maps Ltd,School of Samples,2026-01-06,Unheard,4,EUR\n"+
		"Other,Office of Samples,,software,7,EUR\n"+
		"Other,Office of Samples,2026-02-01,software,3.25,GBP\n"))
	a := o.ask(o.analyst, "spent", reports.Ask{By: "buyer", Year: 2026})
	if a.Total.String() != "14.5" || a.Currency != "EUR" {
		t.Errorf("the total is %s %s", a.Total, a.Currency)
	}
	b := a.Beside
	if b.Unclassified.Rows != 1 || b.Unclassified.Amounts[0].Amount.String() != "4" {
		t.Errorf("unclassified: %+v", b.Unclassified)
	}
	if b.Undated.Rows != 1 || b.Undated.Amounts[0].Amount.String() != "7" {
		t.Errorf("undated: %+v", b.Undated)
	}
	if b.Unconverted.Rows != 1 || b.Unconverted.Amounts[0].Amount.String() != "3.25" {
		t.Errorf("unconverted: %+v", b.Unconverted)
	}
	a = o.ask(o.analyst, "spent", reports.Ask{By: "vendor", Currency: "GBP"})
	if a.Total.String() != "3.25" || a.Beside.Others.Rows != 3 || a.Beside.Others.Amounts[0].Amount.String() != "21.5" {
		t.Errorf("in pounds: %s beside %+v", a.Total, a.Beside.Others)
	}
}

// Money goes from the country to the ministry to the body, and everybody sees what is
// theirs to see.
func TestMoneyIsToldApartByMinistry(t *testing.T) {
	o := newOffice(t)
	o.bring("bodies.csv", []byte("Supplier,Customer,Invoice date,Invoice number,Amount,Currency\n"+
		"S,School of Samples,2026-01-05,A-1,10,EUR\nS,Office of Samples,2026-01-06,A-2,20,EUR\nS,Town of Others,2026-01-06,A-3,40,EUR\nS,Nobody here,2026-01-06,A-4,80,EUR\n"))
	a := o.ask(o.analyst, "spent", reports.Ask{})
	if len(a.Rows) != 3 || a.Rows[1].Values[0].Org != o.stranger || a.Rows[2].Values[0].Org != o.ministry || a.Rows[2].Values[1].Amount.String() != "30" || a.Rows[2].Below.Under != o.ministry {
		t.Errorf("by ministry: %+v", a.Rows)
	}
	a = o.ask(o.analyst, "spent", reports.Ask{By: "buyer", Under: o.ministry})
	if len(a.Rows) != 2 || a.Total.String() != "30" || a.Rows[0].Values[0].Text != "Office of Samples" {
		t.Errorf("under the ministry: %+v", a.Rows)
	}
	a = o.ask(o.analyst, "spent", reports.Ask{By: "invoice", Under: o.ministry})
	if len(a.Rows) != 2 || a.Rows[0].Values[0].Text != "A-1" || a.Rows[0].Below.Month != "2026-01" {
		t.Errorf("by invoice: %+v", a.Rows)
	}
	own := models.Actor{AccountID: 1, OrgID: o.stranger, Roles: []models.Role{models.Buyer}}
	if a := o.ask(own, "spent", reports.Ask{By: "buyer"}); a.Total.String() != "40" {
		t.Errorf("a buyer of one body sees %s", a.Total)
	}
	q, err := reports.Find("spent")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Answer(t.Context(), o, models.Actor{AccountID: 1, OrgID: o.vendor, Roles: []models.Role{models.VendorEditor}}, reports.Ask{}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a vendor is answered: %v", err)
	}
}
