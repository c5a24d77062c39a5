package pricing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pilveturg/models"
)

func dec(t testing.TB, s string) models.Decimal {
	t.Helper()
	d, err := models.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// parse reads a plan strictly; what it leaves out of code and currency is filled in.
func parse(t testing.TB, text string) Plan {
	t.Helper()
	p := Plan{Code: "standard", Currency: "EUR"}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Fatalf("plan %s: %v", text, err)
	}
	return p
}

// plan is parse for a plan without problems.
func plan(t testing.TB, text string) Plan {
	t.Helper()
	p := parse(t, text)
	if err := p.Check(); err != nil {
		t.Fatalf("plan %s: %v", text, err)
	}
	return p
}

// use reads quantities like "pupil=1000 map_load=5000/month"; those with /month
// are flows.
func use(t testing.TB, text string) Usage {
	t.Helper()
	var u Usage
	for _, word := range strings.Fields(text) {
		unit, amount, _ := strings.Cut(word, "=")
		amount, flow := strings.CutSuffix(amount, "/month")
		u.Quantities = append(u.Quantities, Quantity{unit, dec(t, amount), flow})
	}
	return u
}

// quote is what the tests see of Quote, after Yearly has agreed with it.
func quote(t testing.TB, p Plan, u Usage) Quote {
	t.Helper()
	q, err := p.Quote(u)
	if err != nil {
		t.Fatal(err)
	}
	total, err := p.Yearly(u)
	if want := (Total{q.Year.Net, q.Once.Net, q.OnRequest}); err != nil || total != want {
		t.Errorf("Yearly = %+v, %v; Quote says %+v", total, err, want)
	}
	return q
}

// show writes an amount like "4500.00", "8000.00–45000.00" or "4.50–".
func show(s Span) string {
	text := amount(s.Low)
	switch {
	case s.Open:
		text += "–"
	case s.Low != s.High:
		text += "–" + amount(s.High)
	}
	return text
}

func amount(m models.Money) string {
	places := models.MinorPlaces(m.Currency)
	text := fmt.Sprintf("%0*d", places+1, m.Minor)
	if places == 0 {
		return text
	}
	return text[:len(text)-places] + "." + text[len(text)-places:]
}

func TestPlanJSON(t *testing.T) {
	// Every field once, in the order of the struct: what an import file may hold.
	const text = `{"code":"all","name":{"en":"All","et":"Kõik"},"kind":"listed","currency":"EUR","vat":"24",` +
		`"billing":"quarter","year":{"months":10,"start":9},` +
		`"terms":{"minimum_months":0,"notice_days":60,"renewal_months":12,"rise_cap":"0"},` +
		`"payers":{"who":"families","note":{"en":"Parents may buy more."}},"charges":[` +
		`{"code":"pupils","name":{"en":"Pupils"},"unit":"pupil","per":"month","mode":"graduated",` +
		`"steps":[{"to":"1000","price":"0.45"},{"price":"0"}],"minimum":"25","minimum_unit":"school","maximum":"900"},` +
		`{"code":"loads","unit":"map_load","per":"month","price":"0","batch":"1000","begun":true,"included":"20000"},` +
		`{"code":"schools","unit":"pupil","per":"month","each":"school","mode":"band","steps":[{"to":"200","price":"29"}]},` +
		`{"code":"cut","kind":"percent","unit":"turnover","per":"month","rate":"3.5"},` +
		`{"code":"study","kind":"project","per":"once","from":"8000","to":"45000","milestones":["40","60"],"optional":true},` +
		`{"code":"screen","kind":"pass_through","per":"once","from":"2500","note":{"en":"From any shop."}}],` +
		`"note":{"en":"A note."}}`
	p := plan(t, text)
	got, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, []byte(text)) {
		t.Errorf("a plan changed on its way:\n%s\nwant\n%s", got, text)
	}
}
