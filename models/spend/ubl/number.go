package ubl

import (
	"math/big"
	"strings"
	"time"

	"pilveturg/models"
)

// Amount is a number of a document, as it was written and as it was understood.
type Amount struct {
	Value    models.Exact // 0 where nothing was written, or no number
	Text     string       // as written, "" for nothing
	Currency string       // as written; "" for rates, percentages and quantities
}

// Given reports whether the document has the number at all.
func (a Amount) Given() bool { return a.Text != "" }

// amount reads the number at a path below n.
func (n *node) amount(path string) Amount {
	f := n.first(path)
	if f == nil {
		return Amount{}
	}
	a := Amount{Text: f.value(), Currency: f.attr("currencyID")}
	if plain, ok := plainDecimal(a.Text); ok {
		a.Value, _ = models.ParseExact(plain) // what does not fit is found by Check
	}
	return a
}

// plainDecimal makes a number of XML Schema (part 2, decimal: "+1.", ".5", no exponent)
// one that [models.ParseExact] reads.
func plainDecimal(s string) (string, bool) {
	digits, signed := strings.CutPrefix(s, "+")
	negative := false
	if !signed {
		digits, negative = strings.CutPrefix(s, "-")
	}
	whole, part, _ := strings.Cut(digits, ".")
	if whole+part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return "", false
	}
	if whole == "" {
		whole = "0"
	}
	if part = strings.TrimRight(part, "0"); part != "" {
		whole += "." + part
	}
	if negative {
		whole = "-" + whole
	}
	return whole, true
}

// rat returns the number at a path below n; nil where there is none, which no rule that
// compares it is content with.
func (n *node) rat(path string) *big.Rat { return n.first(path).number() }

func (n *node) number() *big.Rat {
	if n == nil {
		return nil
	}
	plain, ok := plainDecimal(n.value())
	if !ok {
		return nil
	}
	e, err := models.ParseExact(plain)
	if err != nil {
		return nil
	}
	return ratOf(e)
}

// ratOf is [models.Exact.Rat], quicker for the few decimals that invoices have.
func ratOf(e models.Exact) *big.Rat {
	whole, nano, atto, ronto := e.Parts()
	switch {
	case nano|atto|ronto == 0:
		return new(big.Rat).SetInt64(whole)
	case atto|ronto == 0 && whole < 1e9 && whole > -1e9:
		return big.NewRat(whole*1e9+nano, 1e9)
	}
	return e.Rat()
}

// sum adds up what there is of numbers; without any it is 0.
func sum(nodes []*node, path string) *big.Rat {
	total := new(big.Rat)
	for _, n := range nodes {
		if r := n.rat(path); r != nil {
			total.Add(total, r)
		}
	}
	return total
}

// The next ones return nil when they are given nil, as XPath does with empty operands.

func plus(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Add(a, b)
}

func minus(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Sub(a, b)
}

func times(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return new(big.Rat).Mul(a, b)
}

func equal(a, b *big.Rat) bool { return a != nil && b != nil && a.Cmp(b) == 0 }

var (
	half    = big.NewRat(1, 2)
	one     = big.NewRat(1, 1)
	percent = big.NewRat(1, 100)
	slack   = big.NewRat(2, 100) // what PEPPOL-EN16931-R040 and R120 allow
)

// cents rounds to two decimals as round() of XPath does, which the official rules use:
// halves go up, so that -0.125 is -0.12. [models.Exact.Round] would make that -0.13.
func cents(r *big.Rat) *big.Rat {
	if r == nil {
		return nil
	}
	hundred := big.NewRat(100, 1)
	return new(big.Rat).Quo(units(times(r, hundred)), hundred)
}

// units rounds to a whole number as round() of XPath does.
func units(r *big.Rat) *big.Rat {
	if r == nil {
		return nil
	}
	up := new(big.Rat).Add(r, half)
	// Div of big.Int rounds down where the divisor is positive.
	return new(big.Rat).SetInt(new(big.Int).Div(up.Num(), up.Denom()))
}

// near reports whether two numbers are less than one apart.
func near(a, b *big.Rat) bool {
	d := minus(a, b)
	return d != nil && d.Abs(d).Cmp(one) < 0
}

// within reports whether two numbers are no more than slack apart.
func within(a, b *big.Rat) bool {
	d := minus(a, b)
	return d != nil && d.Abs(d).Cmp(slack) <= 0
}

// shown writes a number for people: exactly where it has few decimals.
func shown(r *big.Rat) string {
	if r == nil {
		return ""
	}
	s := r.FloatString(6)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// date reads a day of XML Schema, which may carry a time zone ("2026-01-31Z"): the day
// that was written is meant.
func date(s string) models.Date {
	s = strings.TrimSuffix(s, "Z")
	if len(s) == len("2006-01-02+02:00") {
		if _, err := time.Parse("-07:00", s[10:]); err == nil {
			s = s[:10]
		}
	}
	d, err := models.ParseDate(s)
	if err != nil {
		return models.Date{}
	}
	return d
}
