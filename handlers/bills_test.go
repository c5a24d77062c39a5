package handlers

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
	"pilveturg/views/locale"
)

// From bills that nobody knows to those of a subscription, to the budget and its forecast.
func TestBillsAreMatchedAndCountOnTheBudget(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	year := p.Site.today().Year()
	f.post("/en/budget/lines/new", 200, "code", "5525", "name", "Services", "year", fmt.Sprint(year), "amount", "1000", "")
	i := contracts.Imported{Hash: strings.Repeat("a", 64)}
	today := models.DateOf(p.Site.today())
	p.writeAs(models.Actor{AccountID: 1, OrgID: 2, Roles: []models.Role{models.Buyer}, Rights: models.Rights}, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Import(ctx, tx, "x", &i, []contracts.Outside{{Line: 2, Service: "Office mail", Vendor: "Somebody else", Year: 600_00, Starts: models.NewDate(year, 1, 1), Ends: today.AddMonths(12), Renewal: contracts.Express, Budget: fmt.Sprint(year, " 5525")}})
	})
	var file strings.Builder
	file.WriteString("Supplier,Invoice date,Invoice number,Service,Amount,Currency\n")
	for m := 1; m <= 3; m++ {
		fmt.Fprintf(&file, "Somebody else,%d-%02d-05,M-%d,Office mail,%d,EUR\n", year, m, m, 55)
	}
	fmt.Fprintf(&file, "Lunch,%d-01-05,L-1,Soup,12.50,EUR\n", year)
	f.post("/en/imports", 200, "file", file.String(), "")
	f.post("/en/imports/1/mapping", 200, append(pairs("vendor=0 date=1 reference=2 service=3 amount=4 currency=5 scale=1"), "")...)
	f.post("/en/imports/1/acceptance", 200, "")
	f.open("/en/spend/unmatched", 200, "1 file is still being matched", "No bills")
	p.matchBills()
	code := fmt.Sprintf("SUB-%d", i.New[0].ID)
	f.open("/en/spend/unmatched", 200, "4 bills", "They come to €177.50 without VAT", code+" Office mail", "Same vendor, names the service, ran at that time", "L-1")
	f.open("/en/spend", 200, "Without a subscription (4 bills, €177.50)")
	body := f.open("/en/spend/bills/1", 200, "Bill M-1", code+" Office mail, €600.00 a year (Same vendor", "Note as outside")
	seen := hiddenIn(t, body, fieldSeen)
	f.post("/en/spend/bills/1/match", 422, fieldSeen, seen, fieldSubscription, "", "", "Choose a subscription of the body that pays")
	f.post("/en/spend/bills/1/match", 200, fieldSeen, seen, fieldSubscription, fmt.Sprint(i.New[0].ID), "", "It is matched", "Another amount", "The bill has €55.00; agreed is €50.00", "Somebody said so")
	f.post("/en/spend/bills/1/match", 409, fieldSeen, seen, fieldSubscription, fmt.Sprint(i.New[0].ID), "", "Nothing was done: somebody was faster")
	f.post("/en/spend/bills/1/outside", 409, fieldSeen, seen, fieldReason, "Not ours", "", "You wrote: Not ours")
	f.post("/en/spend/bills/4/outside", 422, fieldSeen, "1", fieldReason, " ", "", "Write why")
	f.post("/en/spend/bills/4/outside", 200, fieldSeen, "1", fieldReason, "A lunch", "", "Outside the catalogue", "A lunch")
	f.open("/en/spend/bills?state=outside", 200, "1 bill", "L-1", "!M-1")
	f.open("/en/spend/bills.csv", 200, "M-1,", "A lunch", "Another amount")
	f.open("/en/spend/bills?state=no", 404)
	f.open("/en/spend/bills?year=x", 404)
	p.buyer.open("/en/spend/bills/1", 200, "Bill M-1", "!Note as outside", "!Open it again")
	p.buyer.open("/en/subscriptions/"+strings.ToLower(code), 200, "1 bill, which come to €55.00 without VAT", "M-1")
	p.seller.open("/en/spend/bills/1", 404)
	f.open("/en/budget", 200, "5525 Services", "€55.00", "€545.00", "€400.00")
	f.open("/en/spend/forecast/1", 200, "Linear forecast", "Seasonal forecast", "There are fewer than 24 months of bills", "Reserved for subscriptions, less what was billed for them")
	f.open("/en/spend/forecast/99", 404)
	f.open("/en/spend/forecast", 200, "5525 Services", "On no line", "€122.50")
	f.open(fmt.Sprintf("/en/spend/forecast.csv?year=%d", year), 200, "1000,55,55,545,400")
	f.open("/en/spend/anomalies", 200, "Odd months of", "2 pairs of body and vendor were looked at")
	f.open("/et/spend/anomalies.csv", 200, "Oodatud")
	f.open("/en/spend/forecast?year=1", 404)
	seen = hiddenIn(t, f.open("/en/spend/bills/1", 200), fieldSeen)
	f.post("/en/spend/bills/1/reopen", 200, fieldSeen, seen, "", "It is open again")
	f.post("/en/spend/unmatched", 200, "", "were tried again")
}

// matchBills has all bills made and matched.
func (p *purchaser) matchBills() {
	p.t.Helper()
	for w := (&matching.Worker{DB: p.DB}); ; {
		did, err := w.Next(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

// writeAs writes for somebody else than the operator.
func (p *purchaser) writeAs(who models.Actor, f func(context.Context, *db.Tx) error) {
	p.t.Helper()
	if err := p.DB.Write(p.t.Context(), who, func(tx *db.Tx) error { return f(p.t.Context(), tx) }); err != nil {
		p.t.Fatal(err)
	}
}

// Every code of bills, budgets and odd months has words in every language.
func TestEveryCodeOfBillsHasWords(t *testing.T) {
	var keys []string
	add := func(before string, codes ...string) {
		for _, code := range codes {
			keys = append(keys, before+code)
		}
	}
	for _, s := range matching.States() {
		add("matching.state.", string(s))
	}
	add("matching.differs.", matching.Differences()...)
	add("matching.why.", matching.WhyNamed, matching.WhyBefore, matching.WhyVendor, matching.WhyPrice, matching.WhyService, matching.WhyRuns)
	add("matching.how.", matching.ByContract, matching.ByBefore, matching.ByCorrection, matching.ByPrice, matching.ByHand)
	add("matching.fit.", "period", "tenth", "month", "quarter", "half", "year", "once")
	for _, m := range []outlook.Method{outlook.MethodLinear, outlook.MethodMean, outlook.MethodSingle, outlook.MethodSeasonal} {
		add("ahead.method.", string(m))
	}
	for _, c := range []outlook.Code{outlook.CodeSeries, outlook.CodeNoMonths, outlook.CodeFewMonths, outlook.CodeGaps, outlook.CodeNoLevel, outlook.CodeTooLarge} {
		add("ahead.code.", string(c))
	}
	add("ahead.alert.", string(outlook.OnActual), string(outlook.OnForecast))
	for _, r := range []outlook.Rule{outlook.RuleJump, outlook.RuleSeasonal, outlook.RuleMissing, outlook.RuleStep, outlook.RuleDouble} {
		add("odd.rule.", string(r))
	}
	add("odd.figure.", outlook.FigureMedian, outlook.FigureDeviation, outlook.FigureMinimum, outlook.FigureYearBefore, outlook.FigureTrend, outlook.FigureExpected, outlook.FigureCharged, outlook.FigureBefore, outlook.FigureAfter, outlook.FigurePercent, outlook.FigureRatio, outlook.FigureCount, outlook.FigureUsualCount, outlook.FigureEmpty)
	for _, tag := range locale.Tags() {
		l, err := locale.Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if !l.Has(key) {
				t.Errorf("%s has no %s", tag, key)
			}
		}
	}
}
