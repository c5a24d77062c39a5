package sheet

import (
	"strings"
	"unicode/utf8"
)

// mark is a sign that may part thousands or decimals.
type mark byte

const (
	none  mark = 0
	point mark = '.'
	comma mark = ','
)

// written is a number as it stands in a cell, before it is known what its signs mean.
type written struct {
	negative bool
	digits   string // with points and commas; the spaces between thousands are gone
	exponent string // "-05"
	gapped   bool   // it had spaces or apostrophes between thousands
}

// nothing are words that offices write where there is no number.
func nothing(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "-", "–", "n/a", "na", "null", "none", "nil", "xxx", "tbc", "#n/a", "#ref!", "#value!":
		return true
	}
	return false
}

// readNumber reads a cell as a number in any style. It accepts a minus before or behind
// it or the brackets of accountants, a currency sign or code before or behind it, and
// thousands parted by spaces or apostrophes.
func readNumber(cell string) (w written, ok bool) {
	s := trimSpaces(cell)
	if s == "" || len(s) > 60 {
		return w, false
	}
	if s[0] == '(' && s[len(s)-1] == ')' {
		w.negative, s = true, trimSpaces(s[1:len(s)-1])
	}
	s = trimCurrency(s)
	if n := len(s); n > 2 && s[0] == '(' && s[n-1] == ')' && !w.negative {
		w.negative, s = true, trimSpaces(s[1:n-1])
	}
	for _, minus := range []string{"-", "−", "–"} {
		if rest, found := strings.CutPrefix(s, minus); found && !w.negative {
			w.negative, s = true, trimCurrency(trimSpaces(rest))
			break
		}
		if rest, found := strings.CutSuffix(s, minus); found && !w.negative {
			w.negative, s = true, trimCurrency(trimSpaces(rest))
			break
		}
	}
	s = strings.TrimPrefix(s, "+")
	if i := strings.IndexAny(s, "eE"); i > 0 {
		w.exponent, s = s[i+1:], s[:i]
		if rest := strings.TrimLeft(w.exponent, "+-"); rest == "" || strings.Trim(rest, "0123456789") != "" {
			return w, false
		}
	}
	w.digits, w.gapped, ok = closeGaps(s)
	return w, ok
}

// closeGaps takes the spaces and apostrophes out that part thousands: each must have
// three digits behind it, up to the next sign.
func closeGaps(s string) (digits string, gapped, ok bool) {
	plain := true
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != ',' {
			plain = false
			break
		}
	}
	if plain {
		return s, false, strings.Trim(s, ".,") != ""
	}
	var b strings.Builder
	run := -1 // digits since the last gap
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if run >= 0 {
				run++
			}
			b.WriteRune(r)
		case r == '.' || r == ',':
			if run >= 0 && run != 3 {
				return "", false, false
			}
			run = -1
			b.WriteRune(r)
		case isGap(r):
			if run >= 0 && run != 3 || b.Len() == 0 {
				return "", false, false
			}
			run, gapped = 0, true
		default:
			return "", false, false
		}
	}
	if run >= 0 && run != 3 {
		return "", false, false
	}
	return b.String(), gapped, strings.Trim(b.String(), ".,") != ""
}

func isGap(r rune) bool {
	return r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\'' || r == '’'
}

func trimSpaces(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\u00a0' || r == '\u202f' || r == '\ufeff' || r == '\n' || r == '\r'
	})
}

// trimCurrency takes a currency sign, or a code of three capitals, off either end.
func trimCurrency(s string) string {
	if s == "" || s[0] >= '0' && s[0] <= '9' && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' {
		return s
	}
	for _, sign := range currencySigns() {
		if rest, found := strings.CutPrefix(s, sign); found {
			return trimSpaces(rest)
		}
		if rest, found := strings.CutSuffix(s, sign); found {
			return trimSpaces(rest)
		}
	}
	if code, _ := currencyCode(s); code != "" {
		if rest, found := strings.CutPrefix(s, code); found {
			return trimSpaces(rest)
		}
		return trimSpaces(strings.TrimSuffix(s, code))
	}
	return s
}

// currencySigns are those that are taken off numbers, longer ones first.
func currencySigns() []string {
	return []string{"US$", "€", "£", "$", "¥", "₹", "kr", "zł", "Kč"}
}

// Currency is what a cell of an amount says of its currency: a code of three capitals or
// a sign such as "€", which may stand for several currencies; "" where it says nothing.
func Currency(cell string) string {
	cell = strings.Trim(trimSpaces(cell), "()-−–+ ")
	if cell == "" || cell[0] >= '0' && cell[0] <= '9' && cell[len(cell)-1] >= '0' && cell[len(cell)-1] <= '9' {
		return ""
	}
	if code, found := currencyCode(cell); found {
		return code
	}
	for _, sign := range currencySigns() {
		if strings.HasPrefix(cell, sign) || strings.HasSuffix(cell, sign) {
			return sign
		}
	}
	return ""
}

// currencyCode is the code of three capitals at either end of a cell that has digits.
func currencyCode(s string) (code string, found bool) {
	if len(s) < 4 || !strings.ContainsAny(s, "0123456789") {
		return "", false
	}
	for _, part := range []string{s[:3], s[len(s)-3:]} {
		if strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && utf8.ValidString(part) {
			return part, true
		}
	}
	return "", false
}

// fits reports whether a written number can be read with a decimal mark: then the other
// sign, if there, must part thousands.
func (w written) fits(decimal mark) bool {
	group := point
	if decimal == point {
		group = comma
	}
	whole := w.digits
	if i := strings.IndexByte(whole, byte(decimal)); i >= 0 {
		part := whole[i+1:]
		if strings.IndexByte(part, byte(decimal)) >= 0 || strings.IndexByte(part, byte(group)) >= 0 {
			return false
		}
		whole = whole[:i]
	}
	if strings.IndexByte(whole, byte(group)) < 0 {
		return true
	}
	if w.gapped {
		return false
	}
	groups := strings.Split(whole, string(rune(group)))
	if decimal == point && isIndian(groups) {
		return true
	}
	for i, g := range groups {
		if i == 0 && (g == "" || len(g) > 3) || i > 0 && len(g) != 3 {
			return false
		}
	}
	return true
}

// isIndian reports whether digits are grouped as in India: 1,23,456 is a lakh and more.
func isIndian(groups []string) bool {
	last := len(groups) - 1
	for i, g := range groups {
		if i == 0 && (g == "" || len(g) > 2) || i > 0 && i < last && len(g) != 2 || i == last && len(g) != 3 {
			return false
		}
	}
	return last > 1
}

// decides reports whether only one of the decimal marks fits, and which; a number
// without signs says nothing.
func (w written) decides() mark {
	byPoint, byComma := w.fits(point), w.fits(comma)
	switch {
	case byPoint && !byComma:
		return point
	case byComma && !byPoint:
		return comma
	}
	return none
}

// plain is the number as digits with a point, for models.ParseExact.
func (w written) plain(decimal mark) string {
	group := ","
	if decimal == comma {
		group = "."
	}
	s := strings.ReplaceAll(w.digits, group, "")
	if decimal == comma {
		s = strings.Replace(s, ",", ".", 1)
	}
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	s = strings.TrimSuffix(s, ".")
	if w.exponent != "" {
		s += "e" + w.exponent
	}
	if w.negative {
		s = "-" + s
	}
	return s
}
