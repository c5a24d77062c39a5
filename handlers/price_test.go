package handlers

import (
	"net/url"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// priced adds a service with these plans and returns the path of its page.
func (s *testSite) priced(plans string) string {
	s.t.Helper()
	const slug = "priced"
	id := s.put(s.listing(slug, func(_ *catalogue.Listing, v *catalogue.Version) { v.Plans = readPlans(s.t, plans) }))
	return servicePath(id, slug)
}

const (
	ekoolPlan = `[{"currency":"EUR","vat":"24","year":{"months":10,"start":9},"payers":{"who":"families"},"terms":{"notice_days":60,"rise_cap":"3"},
		"charges":[{"unit":"pupil","per":"month","minimum":"25","minimum_unit":"school","steps":[{"to":"1000","price":"0.45"},{"price":"0.40"}]}]}]`
	kioskPlan = `[{"currency":"EUR","vat":"24","charges":[{"unit":"kiosk","per":"month","price":"39"},{"unit":"floor","per":"once","price":"900"},
		{"code":"web","name":{"en":"Web map","et":"Veebikaart"},"per":"month","price":"49","optional":true},
		{"kind":"pass_through","name":{"en":"Hardware"},"unit":"kiosk","per":"once","from":"2500","to":"7500"}]}]`
	mapPlans = `[{"name":{"en":"By users"},"currency":"EUR","charges":[{"unit":"active_user","per":"month","each":"app","mode":"band",
			"steps":[{"to":"5000","price":"0"},{"to":"50000","price":"99"},{"to":"250000","price":"399"}]}]},
		{"name":{"en":"By views"},"currency":"EUR","charges":[{"per":"month","price":"49"},
			{"unit":"map_view","per":"month","batch":"1000","included":"20000","steps":[{"to":"250000","price":"4.80"},{"price":"3.20"}]}]}]`
	studyPlan = `[{"currency":"EUR","vat":"24","charges":[{"kind":"project","per":"once","from":"8000","to":"45000","milestones":["40","40","20"]}]}]`
)

// The sums were worked out by hand; see the oracle test of models/pricing.
func TestThePriceIsWorkedOutForTheQuantitiesInTheAddress(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, plans, query string
		texts              []string
	}{
		{"two steps, ten months", ekoolPlan, "n.pupil=2400&n.school=3", []string{"€10,100.00", "a year, without VAT; for 2,400 pupils, 3 schools", "with VAT €12,524.00",
			"1,000 pupils × €0.45", "1,400 pupils (above 1,000) × €0.40", "Together", "€1,010.00", "10 × monthly invoice of €1,010.00",
			"Charged months: September, October, November, December, January, February, March, April, May, June.", "Families", "!No quantity was given"}},
		{"twelve months from March", ekoolPlan, "n.pupil=1000&n.school=1&months=12&start=3", []string{"€5,400.00", "12 × monthly invoice", "!Charged months:"}},
		{"the minimum is for each school", ekoolPlan, "n.pupil=200&n.school=6", []string{"€1,500.00", "Raised to the minimum: €25 per school a month", "€150.00"}},
		{"one school is taken when none is told", ekoolPlan, "n.pupil=1000", []string{"€4,500.00", "No quantity was given; taken: 1 school."}},
		{"a number as Estonians write it", ekoolPlan, "n.pupil=" + url.QueryEscape("2\u00a0400") + "&n.school=3", []string{"€10,100.00"}},
		{"three years", ekoolPlan, "n.pupil=1000&n.school=1&years=3", []string{"€13,500.00", "for 3 years, without VAT", "3 years, one-off charges included", "with VAT €16,740.00"}},
		{"one-off charges beside", kioskPlan, "n.kiosk=4&n.floor=3", []string{"€1,872.00", "and €2,700.00 once", "First year", "€4,572.00", "€1,097.28", "€5,669.28",
			"Paid to others, not in the sum", "€2,500–€7,500 per kiosk once"}},
		{"with the add-on", kioskPlan, "n.kiosk=4&n.floor=3&option=web", []string{"€2,460.00", "!Raised", "€6,398.40"}},
		{"five years with one-off charges", kioskPlan, "n.kiosk=4&n.floor=3&years=5", []string{"€12,060.00", "of which €2,700.00 once"}},
		{"a free band", mapPlans, "n.active_user=5000&n.app=1", []string{"€0.00", "5,000 active users (up to 5,000 active users): €0.00"}},
		{"bands are for each app", mapPlans, "n.active_user=60000&n.app=2", []string{"€2,376.00", "60,000 active users over 2 apps", "€99.00 × 2 apps"}},
		{"above the last band", mapPlans, "n.active_user=250001&n.app=1", []string{"Price on request", "No price is told for this quantity"}},
		{"the second plan", mapPlans, "plan=p2&n.map_view=120000&n.active_user=1&n.app=1", []string{"€6,348.00", "20,000 map views, included",
			"100,000 map views (above 20,000) ÷ 1,000 = 100 × €4.80", "120,000 map views a month", "VAT: unknown", `value="p2" selected`}},
		{"the table sets the plans side by side", mapPlans, "n.active_user=60000&n.app=2&n.map_view=120000", []string{"€2,376.00", "€6,348.00",
			"plan=p2#price\">", "By users", "By views"}},
		{"less than a cent is rounded on the invoice", mapPlans, "plan=p2&n.map_view=20001", []string{"€588.00", "Rounded on the monthly invoice: €0.0048"}},
		{"a range, by milestones", studyPlan, "years=1", []string{"€8,000.00–€45,000.00", "once, without VAT", "with VAT €9,920.00–€55,800.00", "of which 40%", "€3,200.00–€18,000.00"}},
		{"an open range", `{"kind":"project","unit":"answer","per":"once","from":"4.50","minimum":"1500"}`, "n.answer=1000",
			[]string{"€4,500.00", "or more, once, without VAT; for 1,000 answers a month"}},
		{"begun batches", `{"unit":"call","per":"month","batch":"1000","begun":true,"price":"2"}`, "n.call=1001",
			[]string{"€48.00", "1,001 API calls, batches of 1,000 begun: 2 × €2.00", "a batch of 1,000 API calls that is begun is paid whole"}},
		{"a share of turnover", `{"kind":"percent","unit":"turnover","per":"month","rate":"3.5"}`, "n.turnover=12345.67",
			[]string{"€5,185.20", "3.5% × 12,345.67 euros of turnover", "Rounded on the monthly invoice: €432.09845"}},
		{"a quarter that is begun", `{"unit":"sms","per":"quarter","price":"0.10"}`, "n.sms=100&months=4",
			[]string{"In a period of 3 months:", "In a period of 1 month:", "300 text messages × €0.10", "100 text messages × €0.10", "€40.00"}},
		{"a maximum", `{"unit":"user","per":"month","price":"1","maximum":"50"}`, "n.user=80", []string{"€600.00", "Lowered to the maximum: €50 a month"}},
		{"usual quantities are such that there is a price for them", `{"unit":"pupil","per":"month","each":"school","mode":"band","steps":[{"to":"200","price":"29"},{"to":"600","price":"59"}]}`,
			"years=1", []string{"€1,416.00", "taken: 1,000 pupils, 2 schools", "1,000 pupils over 2 schools (above 200 up to 600 pupils): €59.00 × 2 schools"}},
		{"but what was typed stays", `{"unit":"pupil","per":"month","each":"school","mode":"band","steps":[{"to":"200","price":"29"},{"to":"600","price":"59"}]}`,
			"n.pupil=1000", []string{"Price on request", "taken: 1 school", "!€0.00"}},
		{"a usual quantity is no more than is sold", `{"unit":"form","per":"month","mode":"band","steps":[{"to":"15","price":"149"}]}`,
			"years=1", []string{"€1,788.00", "taken: 15 forms"}},
		{"on request", `[{"kind":"request","currency":"EUR"}]`, "years=2", []string{"Price on request"}},
		{"free", `[{"kind":"free","currency":"EUR"}]`, "years=2", []string{`<span class="stat">Free</span>`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			path := s.priced(tt.plans)
			s.want("GET", "/en"+path+"?"+tt.query, 200, append(tt.texts, `content="noindex,follow"`)...)
			s.want("GET", "/en"+path+"/price?"+tt.query, 200, "Price of e-Journal for classes")
			s.want("GET", "/et"+path+"?"+tt.query, 200, "!€0", "!%!", "!price.", "!plan.")
		})
	}
}

func TestWhatIsTypedWronglyStaysAndIsExplained(t *testing.T) {
	s := newSite(t)
	journal, kiosk := s.priced(ekoolPlan), "/services/sc-7-kiosks"
	s.put(s.listing("kiosks", func(_ *catalogue.Listing, v *catalogue.Version) { v.Plans = readPlans(t, kioskPlan) }))
	for _, tt := range []struct {
		name, path, field, value string
		texts                    []string
	}{
		{"no number", journal, "n.pupil", "many", []string{`<a href="#n-pupil">How many pupils: Write the number in digits`, `value="many"`, "<title>Error:", `aria-invalid="true"`}},
		{"a number that may be two", journal, "n.pupil", "1,234", []string{"can be read in two ways", `value="1,234"`}},
		{"less than nothing", journal, "n.pupil", "-5", []string{"How many pupils: Enter 0 or more", `value="-5"`}},
		{"more than there is", journal, "n.pupil", "9000000000000", []string{"Enter a smaller number"}},
		{"the second field", journal, "n.school", "x", []string{`<a href="#n-school">How many schools: Write the number`}},
		{"too many months", journal, "months", "13", []string{`<a href="#price-months">Choose from 1 to 12 months`}},
		{"no months", journal, "months", "abc", []string{"Choose from 1 to 12 months"}},
		{"no such month", journal, "start", "0", []string{"Choose a month from the list"}},
		{"too many years", journal, "years", "6", []string{"Choose from 1 to 5 years"}},
		{"no such plan", journal, "plan", "gold", []string{"Choose one of the plans"}},
		{"no such add-on", kiosk, "option", "gold", []string{"Choose add-ons of this service only"}},
		{"markup is text", journal, "n.pupil", `"><b>`, []string{`<input id="n-pupil" type="text" name="n.pupil" value="&#34;&gt;&lt;b&gt;"`, `!"><b>`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			query := "?" + url.Values{tt.field: {tt.value}, "n.floor": {"7"}}.Encode()
			for _, end := range []string{"", "/price"} {
				s.want("GET", "/en"+tt.path+end+query, 422, tt.texts...)
				s.want("GET", "/en"+tt.path+end+query, 422, "Put the marked fields right to see the price", "There is a problem", "!€4,500.00")
			}
			s.want("GET", "/et"+tt.path+query, 422, "Vormil on viga", "!Enter", "!Choose")
		})
	}
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	s := newSite(t)
	path := s.priced(ekoolPlan)
	s.want("GET", "/en"+path+"?n.pupil=-1&n.school=x&months=0", 422, "How many pupils: Enter 0 or more", "How many schools: Write the number",
		"Choose from 1 to 12 months")
	s.want("GET", "/en"+path+"?n.pupil=2000000000000&n.school=-1", 422, "How many pupils: Enter a smaller number", "How many schools: Enter 0 or more")
}

func TestASumTooLargeIsExplained(t *testing.T) {
	s := newSite(t)
	path := s.priced(`{"unit":"user","per":"month","price":"1000000000"}`)
	s.want("GET", "/en"+path+"?n.user=1000000000000", 422, "How many users", "the sum is too large to be worked out", `value="1000000000000"`)
}

func TestNoneToSpreadOverIsExplained(t *testing.T) {
	s := newSite(t)
	path := s.priced(mapPlans)
	s.want("GET", "/en"+path+"?n.active_user=10&n.app=0", 422, "How many apps: Enter at least 1")
}

func TestPricePage(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, address string
		code          int
		texts         []string
	}{
		{"it says what for, from which list and when", "/en" + journalPath + "/price?n.pupil=2400", 200, []string{
			"Price of e-Journal for classes for 2,400 pupils", "<dt>Pupil</dt>", "<dt>Version of the listing</dt><dd>3",
			"<dt>In force since</dt><dd>10 January 2026", "€1,010.00", "VAT 24%", `action="/en` + journalPath + `/price"`}},
		{"without quantities the usual ones are taken", "/en" + journalPath + "/price", 200, []string{"for 1,000 pupils", "Taken because no number was given"}},
		{"in Estonian", "/et" + journalPath + "/price?n.pupil=2400", 200, []string{"Hind: Klassipäevik, 2 400 õpilast", "Kirje versioon", "10. jaanuar 2026"}},
		{"a service without plans has no such page", "/en/services/sc-5-acme-platform-gov-and-more/price", 404, nil},
		{"the service page leads there with all that was typed", "/en" + journalPath + "?n.pupil=2400&years=2&x=1", 200, []string{
			journalPath + `/price?n.pupil=2400&years=2"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			s.want("GET", tt.address, tt.code, tt.texts...)
		})
	}
}

func TestEveryUnitHasAUsualQuantity(t *testing.T) {
	for _, u := range loadSchema(t).Units {
		if _, ok := usual[u.ID]; !ok {
			t.Errorf("no usual quantity of %s", u.ID)
		}
	}
}

func TestPlansOfEveryShapeAreWorded(t *testing.T) {
	s := newSite(t)
	path := s.priced(`[{"currency":"EUR","billing":"quarter","terms":{"minimum_months":0,"notice_days":0,"renewal_months":0,"rise_cap":"0"},"payers":{"who":"users","note":{"et":"Märkus"}},
		"note":{"en":"A note."},"charges":[
		{"unit":"user","per":"month","mode":"volume","steps":[{"to":"99","price":"9.50"},{"to":"500","price":"7.90"},{"to":"900","price":"5"}],"note":{"en":"Seats."}},
		{"unit":"page","per":"month","each":"agency","steps":[{"to":"10","price":"1"},{"price":"0.5"}],"maximum":"20"},
		{"name":{"en":"Care"},"per":"once","from":"5"},{"per":"once","price":"3"}]},
		{"kind":"request","currency":"EUR","year":{"months":9},"terms":{"minimum_months":1,"renewal_months":12}}]`)
	s.want("GET", "/en"+path, 200, "All of the quantity at the price of the step it reaches:", "up to 99 users: €9.50 per user a month",
		"above 99 up to 500 users: €7.90 per user a month", "above 900 users: price on request", "worked out for each agency by itself",
		"at most €20 per agency a month", "from €5 once", "No minimum term", "No notice needed", "Does not renew by itself", "Prices may not rise", "Billed quarterly",
		"Users", "Only in Estonian", "A note.", "Seats.", "Plan 2", "9 months of a year are charged", "Minimum term: 1 month", "Renews by 12 months unless notice is given",
		"One-off fee", "!%!")
	s.want("GET", "/et"+path, 200, "kuni 99 kasutajat: 9,50 € kasutaja kohta kuus", "üle 99 kuni 500 kasutajat: 7,90 € kasutaja kohta kuus",
		"üle 900 kasutaja: hind kokkuleppel", "arvutatakse iga asutuse kohta eraldi", "2. hinnapakett", "!%!")
}

func TestTheFormOfASuspendedServiceStays(t *testing.T) {
	s := newSite(t)
	id := s.put(s.listing("halted", func(l *catalogue.Listing, _ *catalogue.Version) {
		l.Life, l.Reason = catalogue.Suspended, models.Text{"en": "Under review."}
	}))
	s.want("GET", "/en"+servicePath(id, "halted")+"/price?n.pupil=10", 200, "No price is promised now", "Suspended", "!How this price was worked out")
}
