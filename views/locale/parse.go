package locale

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"pilveturg/models"
)

// What can be wrong with a typed number, beside [UnclearError] and
// [models.ErrOverflow].
var (
	ErrNoNumber  = errors.New("no number was typed")
	ErrNotNumber = errors.New("not a number")
)

// UnclearError says that a typed number can be read in two ways: "1.234" may be a
// little over one or more than a thousand.
type UnclearError struct {
	Text      string         // as it was typed
	Fraction  models.Decimal // with the mark before a fraction
	Thousands models.Decimal // with the mark between thousands
}

// Error implements error.
func (e *UnclearError) Error() string {
	return fmt.Sprintf("number %q: may be %s or %s", e.Text, e.Fraction, e.Thousands)
}

const longest = 60 // characters of a typed number

// ParseDecimal reads a number as people of any of our languages type it:
// "12 345,67", "12345.67", "12 345,67 €", "−5". It fails with [ErrNoNumber] for
// nothing, [ErrNotNumber], [*UnclearError], or [models.ErrOverflow].
func ParseDecimal(typed string) (models.Decimal, error) {
	s, negative := bare(typed)
	if s == "" {
		return models.Decimal{}, ErrNoNumber
	}
	if len(s) > longest || strings.Trim(s, "0123456789., ") != "" {
		return models.Decimal{}, ErrNotNumber
	}
	whole, fraction, err := split(s)
	if err != nil {
		return models.Decimal{}, err
	}
	if unclear(s, whole, fraction) {
		return models.Decimal{}, twoReadings(typed, negative, whole, fraction)
	}
	return canonical(negative, whole, fraction)
}

// bare strips the sign and the currency, and makes all spaces the same.
func bare(typed string) (s string, negative bool) {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, typed))
	s, sign := cutSign(s)
	for _, currency := range []string{"€", "EUR"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, currency), currency))
	}
	if sign == "" {
		s, sign = cutSign(s)
	}
	return s, sign == "-" || sign == "\u2212"
}

func cutSign(s string) (rest, sign string) {
	for _, sign := range []string{"-", "\u2212", "+"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return strings.TrimSpace(rest), sign
		}
	}
	return s, ""
}

// split parts a number into the digits before the fraction, their groups put
// together, and those after it.
func split(s string) (whole, fraction string, err error) {
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		whole, err = ungroup(s, " ")
		return whole, "", err
	}
	mark, before := s[last:last+1], s[:last]
	if strings.Contains(before, mark) { // twice: it stands between thousands
		whole, err = ungroup(s, mark)
		return whole, "", err
	}
	if fraction = s[last+1:]; fraction == "" || strings.Trim(fraction, "0123456789") != "" {
		return "", "", ErrNotNumber
	}
	if before == "" {
		return "0", fraction, nil
	}
	whole, err = ungroup(before, strings.Trim(before, "0123456789"))
	return whole, fraction, err
}

// ungroup takes out the marks between groups of three digits.
func ungroup(s, between string) (string, error) {
	if between == "" || !strings.Contains(s, between[:1]) {
		if s == "" || strings.Trim(s, "0123456789") != "" {
			return "", ErrNotNumber
		}
		return s, nil
	}
	groups := strings.Split(s, between[:1])
	for i, g := range groups {
		if strings.Trim(g, "0123456789") != "" || len(g) > 3 || len(g) < 3 && (i > 0 || g == "") {
			return "", ErrNotNumber
		}
	}
	return strings.Join(groups, ""), nil
}

// unclear reports whether the only mark of s may stand before a fraction or
// between thousands.
func unclear(s, whole, fraction string) bool {
	return len(fraction) == 3 && len(s) == len(whole)+4 && len(whole) <= 3 && whole[0] != '0'
}

func twoReadings(typed string, negative bool, whole, fraction string) error {
	e := &UnclearError{Text: strings.TrimSpace(typed)}
	var err error
	if e.Fraction, err = canonical(negative, whole, fraction); err != nil {
		return err
	}
	if e.Thousands, err = canonical(negative, whole+fraction, ""); err != nil {
		return err
	}
	return e
}

func canonical(negative bool, whole, fraction string) (models.Decimal, error) {
	s := whole
	if fraction != "" {
		s += "." + fraction
	}
	if negative {
		s = "-" + s
	}
	return models.ParseDecimal(s)
}

// NumberProblem says in words what to do about an error of [ParseDecimal], beside
// the field where the number was typed.
func (l *Locale) NumberProblem(err error) string {
	var two *UnclearError
	switch {
	case errors.As(err, &two):
		// One more decimal leaves no doubt that it is a fraction.
		return l.T("number.unclear", two.Text, two.Thousands.String(), l.decimal(two.Fraction.String(), 4))
	case errors.Is(err, ErrNoNumber):
		return l.T("number.missing")
	case errors.Is(err, models.ErrOverflow):
		return l.T("number.large")
	default:
		return l.T("number.wrong")
	}
}
