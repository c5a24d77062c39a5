package pricing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
)

// What a plan may hold at most.
const (
	MaxCharges = 50
	MaxSteps   = 100
	MaxPrice   = 1_000_000_000 // of anything, in whole units of the currency
	MaxDecimal = 6             // decimals of any number in a plan
	MaxName    = 200           // characters, in one language
	MaxNote    = 2000
)

// Check returns everything that is wrong with the plan as [Problems], or nil. A
// plan without problems can be quoted. It does not know which units exist.
func (p *Plan) Check() error {
	var k check
	k.code("code", p.Code)
	k.text("name", p.Name, MaxName)
	k.text("note", p.Note, MaxNote)
	choice(&k, "kind", p.Kind, "", Listed, Request, Free)
	if len(p.Currency) != 3 || strings.Trim(p.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		k.add("currency", "plan.currency", p.Currency)
	}
	k.percent("vat", p.VAT)
	choice(&k, "billing", p.Billing, "", PerMonth, PerQuarter, PerYear, Once)
	k.whole("year.months", p.Year.Months, 0, 12)
	k.whole("year.start", int(p.Year.Start), 0, 12)
	k.terms(p.Terms)
	k.text("payers.note", p.Payers.Note, MaxNote)
	choice(&k, "payers.who", p.Payers.Who, "", Nobody, Families, Users, Unknown)
	k.charges(p)
	return k.found.Or()
}

// check gathers problems; at is the path of what is being looked at.
type check struct {
	found Problems
	at    string
}

func (k *check) add(field, key string, args ...any) {
	k.found = append(k.found, Problem{k.at + field, key, args})
}

// code checks a code, which stands in addresses.
func (k *check) code(field, s string) {
	if !named(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") {
		k.add(field, "plan.code", s)
	}
}

func (k *check) unit(field, s string) {
	if s != "" && !named(s, "abcdefghijklmnopqrstuvwxyz0123456789_") {
		k.add(field, "plan.unit", s)
	}
}

func named(s, letters string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, letters) == ""
}

// choice checks that a word is one of those allowed.
func choice[T ~string](k *check, field string, got T, allowed ...T) {
	if slices.Contains(allowed, got) {
		return
	}
	var names []string
	for _, a := range allowed {
		if a != "" {
			names = append(names, string(a))
		}
	}
	k.add(field, "plan.choice", string(got), strings.Join(names, ", "))
}

// text checks words: written in languages that have a tag, not empty, not endless.
func (k *check) text(field string, t models.Text, most int) {
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		if !named(lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") {
			k.add(field, "plan.language", lang)
		}
		switch n := utf8.RuneCountInString(t[lang]); {
		case strings.TrimSpace(t[lang]) == "":
			k.add(field+"."+lang, "plan.text_empty")
		case n > most:
			k.add(field+"."+lang, "plan.text_long", most, n)
		}
	}
}

func (k *check) whole(field string, n, least, most int) {
	if n < least || n > most {
		k.add(field, "plan.whole_number", least, most, n)
	}
}

func (k *check) percent(field string, d *models.Decimal) {
	if d == nil {
		return
	}
	if d.Sign() < 0 || d.Cmp(models.Whole(100)) > 0 {
		k.add(field, "plan.percent", *d)
	}
	k.fine(field, *d)
}

func (k *check) fine(field string, d models.Decimal) {
	if d.Places() > MaxDecimal {
		k.add(field, "plan.too_fine", MaxDecimal, d)
	}
}

func (k *check) price(field string, d *models.Decimal)    { k.number(field, d, MaxPrice) }
func (k *check) quantity(field string, d *models.Decimal) { k.number(field, d, MaxQuantity) }

// number checks a number of 0 or more; nil is none.
func (k *check) number(field string, d *models.Decimal, greatest int64) {
	if d == nil {
		return
	}
	if d.Sign() < 0 {
		k.add(field, "plan.negative", *d)
	}
	if most := models.Whole(greatest); d.Cmp(most) > 0 {
		k.add(field, "plan.too_large", most, *d)
	}
	k.fine(field, *d)
}

func (k *check) terms(t Terms) {
	for _, f := range []struct {
		field string
		n     *int
	}{{"minimum_months", t.MinimumMonths}, {"notice_days", t.NoticeDays}, {"renewal_months", t.RenewalMonths}} {
		if f.n != nil {
			k.whole("terms."+f.field, *f.n, 0, 3660)
		}
	}
	k.percent("terms.rise_cap", t.RiseCap)
}

func (k *check) charges(p *Plan) {
	switch n := len(p.Charges); {
	case n == 0 && (p.Kind == "" || p.Kind == Listed):
		k.add("charges", "plan.no_charge")
	case n > MaxCharges:
		k.add("charges", "plan.too_many", MaxCharges, n)
		return
	}
	codes := map[string]bool{}
	for i := range p.Charges {
		c := &p.Charges[i]
		k.at = fmt.Sprintf("charges[%d].", i)
		if codes[c.Code] {
			k.add("code", "plan.code_twice", c.Code)
		}
		codes[c.Code] = true
		k.charge(p, c)
	}
	k.at = ""
}
