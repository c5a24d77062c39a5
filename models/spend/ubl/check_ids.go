package ubl

import (
	"strconv"
	"strings"
)

// identifier judges the number of a party by the scheme it says it is of (ISO 6523, and
// the list of electronic addresses of Peppol), with its check digit where it has one.
func (c *checker) identifier(n *node) {
	scheme, given := n.lookup("schemeID")
	if !given {
		return
	}
	if n.name == "cbc:EndpointID" && !addressSchemes[scheme] {
		c.fail("PEPPOL-EN16931-CL008", n, scheme, "")
	}
	rule, right := "", true
	v := n.value()
	switch scheme {
	case "0088":
		rule, right = "R040", allDigits(v) && gln(v)
	case "0192":
		rule, right = "R041", len(v) == 9 && allDigits(v) && mod11(v)
	case "0184":
		rule, right = "R042", danish(n.raw())
	case "0208":
		rule, right = "R043", len(v) == 10 && allDigits(v) && belgian(v)
	case "0201":
		rule, right = "R044", len(v) == 6 && only(v, isLetter, isDigit)
	case "0210":
		rule, right = "R045", fiscalCode(v)
	case "9907":
		rule, right = "R046", n.name != "cbc:EndpointID" || fiscalCode(v)
	case "0211":
		rule, right = "R047", italianVAT(v)
	case "0007":
		rule, right = "R049", len(v) == 10 && allDigits(v) && luhn(v)
	case "0151":
		rule, right = "R050", len(v) == 11 && allDigits(v) && australian(v)
	}
	if !right {
		c.fail("PEPPOL-COMMON-"+rule, n, v, "")
	}
}

func isDigit(b byte) bool  { return '0' <= b && b <= '9' }
func isLetter(b byte) bool { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }

// only reports whether all of s is of some kinds.
func only(s string, kinds ...func(byte) bool) bool {
	for i := range len(s) {
		some := false
		for _, is := range kinds {
			some = some || is(s[i])
		}
		if !some {
			return false
		}
	}
	return true
}

func allDigits(s string) bool { return s != "" && only(s, isDigit) }

// weighted adds up the digits before the last, from the right, each times a weight.
func weighted(s string, weight func(i int) int) (total, check int) {
	last := len(s) - 1
	for i := range last {
		total += int(s[last-1-i]-'0') * weight(i)
	}
	return total, int(s[last] - '0')
}

// gln is the check digit of GS1: weights 3 and 1 by turns.
func gln(s string) bool {
	total, check := weighted(s, func(i int) int { return 3 - 2*(i%2) })
	return (10-total%10)%10 == check
}

// mod11 is the check digit of Norwegian numbers: weights 2 to 7.
func mod11(s string) bool {
	total, check := weighted(s, func(i int) int { return i%6 + 2 })
	return strings.Trim(s, "0") != "" && (11-total%11)%11 == check
}

// danish is a CVR number, eight digits with or without DK.
func danish(s string) bool {
	if len(s) == 10 {
		s, _ = strings.CutPrefix(s, "DK")
	}
	return len(s) == 8 && allDigits(s)
}

// belgian is the check number of an enterprise: 97 less the rest of the first eight.
func belgian(s string) bool {
	first, _ := strconv.Atoi(s[:8])
	check, _ := strconv.Atoi(s[8:])
	return 97-first%97 == check
}

// fiscalCode is the shape of an Italian tax code: eleven digits, or sixteen characters.
func fiscalCode(s string) bool {
	switch len(s) {
	case 11:
		return whole(s)
	case 16:
		return only(s[:6]+s[8:9]+s[15:], isLetter) && whole(s[6:8]) && whole(s[9:11]) && whole(s[14:15])
	}
	return false
}

// whole reports whether s is a whole number, with a sign or without, around which the
// official files also take white space.
func whole(s string) bool {
	s = norm(s)
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") {
		s = s[1:]
	}
	return allDigits(s)
}

// italianVAT judges numbers that start with IT: eleven digits, every second doubled.
func italianVAT(s string) bool {
	if len(s) < 2 || s[:2] != "IT" && s[:2] != "it" {
		return true
	}
	s = s[2:]
	if len(s) != 11 || !allDigits(s) {
		return false
	}
	total := 0
	for i := range len(s) {
		total += doubled(int(s[i]-'0'), i%2 == 1)
	}
	return total%10 == 0
}

// doubled is a digit, or the digits of twice it added up.
func doubled(d int, twice bool) int {
	if twice {
		d *= 2
	}
	return d/10 + d%10
}

// luhn is the check digit of Swedish numbers.
func luhn(s string) bool {
	total, last := 0, len(s)-1
	for i := range last {
		total += doubled(int(s[last-1-i]-'0'), i%2 == 0)
	}
	return (10-total%10)%10 == int(s[last]-'0')
}

// australian is the check of a business number: weighted digits, the first less one.
func australian(s string) bool {
	weights := [...]int{10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19}
	total := -weights[0]
	for i, w := range weights {
		total += int(s[i]-'0') * w
	}
	return total%89 == 0
}
