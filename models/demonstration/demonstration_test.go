package demonstration

import (
	"bytes"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/spend/ubl"
)

func day(t *testing.T, s string) models.Date {
	t.Helper()
	d, err := models.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheLastYearIsThatOfTheMonthBefore(t *testing.T) {
	for _, tt := range []struct {
		today, last, first, december, begun string // the last: of what begins in the last year's seventh month
	}{
		{"2026-11-22", "2026-10", "2024-01", "2025-12", "2026-06"},
		{"2027-01-15", "2026-12", "2024-01", "2025-12", "2026-07"},
		{"2026-02-28", "2026-01", "2024-01", "2025-12", "2026-01"},
	} {
		c := newCalendar(day(t, tt.today))
		if c.last.String() != tt.last || c.january(-2).String() != tt.first || c.at(-1, 12).String() != tt.december || c.at(0, 7).String() != tt.begun {
			t.Errorf("on %s: %s, %s, %s and %s", tt.today, c.last, c.january(-2), c.at(-1, 12), c.at(0, 7))
		}
	}
}

func TestMonthsAreThoseOfTheirDays(t *testing.T) {
	for _, tt := range []struct{ of, first, last string }{{"2024-02-29", "2024-02-01", "2024-02-29"}, {"2025-12-31", "2025-12-01", "2025-12-31"}, {"2026-01-01", "2026-01-01", "2026-01-31"}} {
		m := monthOf(day(t, tt.of))
		if m.first().String() != tt.first || m.last().String() != tt.last {
			t.Errorf("%s is of %s to %s", tt.of, m.first(), m.last())
		}
	}
}

func TestVATIsOfTheDayAndRoundedToCents(t *testing.T) {
	for _, tt := range []struct {
		day         string
		cents, want int64
	}{{"2023-12-31", 10000, 2000}, {"2024-01-01", 10000, 2200}, {"2025-06-30", 10000, 2200}, {"2025-07-01", 10000, 2400}, {"2026-01-01", 2, 0}, {"2026-01-01", 3, 1}, {"2026-01-01", -3, -1}} {
		if got := tax(tt.cents, vatOn(day(t, tt.day))); got != tt.want {
			t.Errorf("VAT on %d of %s is %d, want %d", tt.cents, tt.day, got, tt.want)
		}
	}
}

func TestWhatLooksLikeChanceIsNone(t *testing.T) {
	seen := map[int64]int{}
	for a := range int64(50) {
		for b := range int64(50) {
			n := wobble(7, a, b, 1)
			if n != wobble(7, a, b, 1) || n < -7 || n > 7 {
				t.Fatalf("%d", n)
			}
			seen[n]++
		}
	}
	for n := int64(-7); n <= 7; n++ {
		if seen[n] < 100 || seen[n] > 240 {
			t.Errorf("%d comes %d times of 2500", n, seen[n])
		}
	}
}

// sample is a bill with two lines, one of them with a price.
func sampleBill() *bill {
	price, _ := models.ParseDecimal("0.35")
	return &bill{body: &bodyAt{org: identity.Organisation{Names: models.Text{"et": "Näidisamet & Ko"}}}, number: "IN-2026-00001", issued: models.NewDate(2026, 3, 31), due: models.NewDate(2026, 4, 21),
		vendor: vendor{"Arvepuu Näidis OÜ", "00000020", "EE"}, contract: "SUB-7", order: "SUB-7", service: "E-arved; kõik", cpv: "48444100-3", currency: "EUR", vat: 24,
		lines: []billLine{{text: "Kuutasu", cents: 2500, from: models.NewDate(2026, 3, 1), to: models.NewDate(2026, 3, 31)}, {text: "Arved", quantity: models.Whole(101), unit: "arve", price: price, cents: 3535}}}
}

func TestInvoicesKeepTheRules(t *testing.T) {
	first := sampleBill()
	abroad := sampleBill()
	abroad.vat, abroad.vendor.country, abroad.currency = 0, "GB", "USD"
	credit := sampleBill()
	credit.credits, credit.lines = first, credit.lines[1:]
	credit.lines[0].cents = -credit.lines[0].cents
	second := sampleBill()
	second.copyOf = first
	bare := sampleBill()
	bare.contract, bare.order = "", ""
	for name, tt := range map[string]struct {
		b    *bill
		want string // booked
	}{"an invoice": {first, "60.35 14.48"}, "one from abroad": {abroad, "60.35 0"}, "a credit note": {credit, "-35.35 -8.48"}, "a copy": {second, "60.35 14.48"}, "without a contract": {bare, "60.35 14.48"}} {
		doc, err := ubl.Read(bytes.NewReader(invoice(tt.b)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, f := range ubl.Check(doc) {
			if !f.Peppol() {
				t.Errorf("%s: %+v", name, f)
			}
		}
		charges, err := ubl.Charges(doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var net, vat models.Exact
		for _, c := range charges {
			into := &net
			if c.Kind == ubl.ChargeTax {
				into = &vat
			}
			*into, _ = into.Add(c.Amount)
		}
		if got := net.String() + " " + vat.String(); got != tt.want || doc.Contract != tt.b.contract || doc.Order != tt.b.order || doc.Seller.Legal != "00000020" {
			t.Errorf("%s: %s, %+v", name, got, doc)
		}
	}
}

func TestATableQuotesWhatItHasTo(t *testing.T) {
	got := strings.Split(string(table([]*bill{sampleBill()})), "\r\n")
	want := `2026-03-31;IN-2026-00001;Arvepuu Näidis OÜ;Näidisamet & Ko;;"E-arved; kõik";Arved;SUB-7;101;arve;0,35;35,35;8,48;EUR;;;2026-04-21`
	if len(got) != 4 || got[2] != want || strings.Count(heading, ";") != strings.Count(strings.ReplaceAll(want, "; ", ""), ";") {
		t.Errorf("it is\n%s\nwant\n%s", got[2], want)
	}
}

func TestNumbersBeginAnewEachYear(t *testing.T) {
	a, b, c := sampleBill(), sampleBill(), sampleBill()
	a.issued, b.rank = models.NewDate(2027, 1, 31), 2
	second := *c
	second.copyOf = c
	number([]*bill{a, b, &second, c})
	if a.number != "IN-2027-00001" || c.number != "IN-2026-00001" || b.number != "IN-2026-00002" || second.number != c.number {
		t.Errorf("%s, %s, %s", a.number, b.number, c.number)
	}
}

func TestASeasonSaysWhatIsPaid(t *testing.T) {
	for _, tt := range []struct {
		season  season
		of      int
		percent int64
		pays    bool
	}{{"school", 7, 100, false}, {"school", 9, 100, true}, {"maps", 7, 160, true}, {"maps", 8, 100, true}, {"invoices", 1, 170, true}, {"summer", 5, 200, true}, {"summer", 10, 30, true}, {"kiosks", 4, 25, true}, {"kiosks", 6, 100, true}, {"", 1, 100, true}} {
		if percent, pays := tt.season.share(tt.of); percent != tt.percent || pays != tt.pays {
			t.Errorf("%s in month %d: %d, %v", tt.season, tt.of, percent, pays)
		}
	}
}

func TestAStoryWithWordsNobodyKnowsIsRefused(t *testing.T) {
	if _, err := ReadStory(strings.NewReader(`{"runs":[],"more":1}`)); err == nil {
		t.Error("it was read")
	}
	if _, err := ReadRates(strings.NewReader("neither")); err == nil {
		t.Error("rates were read of nothing")
	}
}
