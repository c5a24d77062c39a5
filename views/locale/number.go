package locale

import (
	"strconv"
	"strings"

	"pilveturg/models"
)

// Number writes a whole number with its thousands apart: "12 345", "12,345".
func (l *Locale) Number(n int64) string {
	return l.signed(n < 0, l.grouped(strconv.FormatUint(magnitude(n), 10)))
}

// Percent writes a percentage: "12,5%", "12.5%".
func (l *Locale) Percent(p models.Decimal) string { return l.Decimal(p) + l.format.percent }

// Decimal writes a number with all the decimals it has: "1 234,5".
func (l *Locale) Decimal(d models.Decimal) string { return l.decimal(d.String(), 0) }

// decimal writes canonical text with at least so many decimals.
func (l *Locale) decimal(canonical string, atLeast int) string {
	digits, negative := strings.CutPrefix(canonical, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if n := atLeast - len(fraction); n > 0 {
		fraction += strings.Repeat("0", n)
	}
	s := l.grouped(whole)
	if fraction != "" {
		s += l.format.decimal + fraction
	}
	return l.signed(negative, s)
}

func (l *Locale) signed(negative bool, s string) string {
	if negative {
		return l.format.minus + s
	}
	return s
}

// grouped sets the thousands of a row of digits apart.
func (l *Locale) grouped(digits string) string {
	first := len(digits) % 3
	if first == 0 {
		first = 3
	}
	if len(digits) <= first {
		return digits
	}
	var b strings.Builder
	b.WriteString(digits[:first])
	for i := first; i < len(digits); i += 3 {
		b.WriteString(l.format.group)
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// magnitude is |n|, also of the smallest number there is.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func itoa(n int) string { return strconv.Itoa(n) }

func pad(n int) string {
	if n < 10 {
		return "0" + itoa(n)
	}
	return itoa(n)
}

func year(n int) string {
	s := itoa(n)
	return strings.Repeat("0", max(0, 4-len(s))) + s
}
