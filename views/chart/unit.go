package chart

import (
	"math/big"

	"pilveturg/models"
	"pilveturg/views/locale"
)

// unit is what short numbers are counted in: ones, thousands, millions or billions.
type unit struct {
	zeros  int // of it
	places int // that short numbers have
}

// The units: how many zeros they have.
const (
	thousands = 3
	millions  = 6
	billions  = 9
)

// unitOf is the unit in which the largest of some amounts has at most three digits before
// its point.
func (d *drawing) unitOf(amounts []models.Exact) unit {
	most := new(big.Rat)
	for _, e := range amounts {
		if n := e.Rat(); n.Abs(n).Cmp(most) > 0 {
			most = n
		}
	}
	u := unit{}
	for u.zeros < billions && most.Cmp(new(big.Rat).SetInt64(1000)) >= 0 {
		u.zeros += thousands
		most.Quo(most, new(big.Rat).SetInt64(1000))
	}
	if u.zeros > 0 && most.Cmp(new(big.Rat).SetInt64(hundred)) < 0 {
		u.places = 1
	}
	return u
}

// short writes an amount in the unit.
func (u unit) short(l *locale.Locale, e models.Exact) string {
	n := e.Rat()
	for range u.zeros / thousands {
		n.Quo(n, new(big.Rat).SetInt64(1000))
	}
	rounded, err := models.RoundRat(n, u.places)
	if err != nil {
		return ""
	}
	return l.Exact(rounded, "")
}

// words say what the numbers are.
func (u unit) words(l *locale.Locale, currency, basis string) string {
	text := currency
	switch {
	case u.zeros == thousands:
		text = l.T("chart.thousand", currency)
	case u.zeros == millions:
		text = l.T("chart.million", currency)
	case u.zeros == billions:
		text = l.T("chart.billion", currency)
	}
	if text != "" && basis != "" {
		text += ", "
	}
	return text + basis
}
