package models

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// MaxPlaces is how many decimal places a [Decimal] can have.
const MaxPlaces = 18

// The ways exact arithmetic can fail. Results never wrap and are never rounded
// to make them fit.
var (
	ErrOverflow = errors.New("number too large or with too many decimals")
	ErrDivision = errors.New("division by zero")
)

// Decimal is an exact decimal number: at most [MaxPlaces] decimals, and at most
// 9223372036854775807 when the point is left out. The zero Decimal is 0. Equal
// numbers are equal values, so == may be used. Its canonical text has no exponent,
// no plus sign and no zeros at the end: "-0.45".
type Decimal struct {
	coef  int64 // never math.MinInt64, so that it can always be negated
	scale uint8 // coef / 10^scale; no zeros at the end of coef unless scale is 0
}

// NewDecimal returns coef / 10^places: NewDecimal(45, 2) is 0.45. It fails with
// [ErrOverflow] when that does not fit.
func NewDecimal(coef int64, places int) (Decimal, error) {
	if coef == math.MinInt64 || places < 0 || places > MaxPlaces {
		return fromBig(big.NewInt(coef), places)
	}
	return trimmed(coef, uint8(places)), nil
}

// Whole returns n, or the nearest number that fits for the one int64 that does not.
func Whole(n int64) Decimal { return Decimal{coef: max(n, -math.MaxInt64)} }

// ParseDecimal reads digits with at most one point between them and an optional
// minus before them: "0.45", "-12", "4.50". It fails on anything else, and with
// [ErrOverflow] when the number does not fit.
func ParseDecimal(s string) (Decimal, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, part, point := strings.Cut(digits, ".")
	if !allDigits(whole) || point && !allDigits(part) {
		return Decimal{}, fmt.Errorf("number %q: want digits with a point, like 0.45", clip(s))
	}
	part = strings.TrimRight(part, "0")
	text := strings.TrimLeft(whole+part, "0")
	if text == "" {
		return Decimal{}, nil
	}
	coef, err := strconv.ParseInt(text, 10, 64)
	if err != nil || len(part) > MaxPlaces {
		return Decimal{}, fmt.Errorf("number %q: %w", clip(s), ErrOverflow)
	}
	if negative {
		coef = -coef
	}
	return Decimal{coef, uint8(len(part))}, nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// trimmed makes the canonical value of coef / 10^scale.
func trimmed(coef int64, scale uint8) Decimal {
	if coef == 0 {
		return Decimal{}
	}
	for scale >= 4 && coef%1e4 == 0 {
		coef /= 1e4
		scale -= 4
	}
	for scale > 0 && coef%10 == 0 {
		coef /= 10
		scale--
	}
	return Decimal{coef, scale}
}

// fromBig is the slow way round: for results that do not fit before their zeros
// are taken off.
func fromBig(coef *big.Int, scale int) (Decimal, error) {
	if coef.Sign() == 0 {
		return Decimal{}, nil
	}
	ten, rest, less := big.NewInt(10), new(big.Int), new(big.Int)
	for ; scale < 0; scale++ {
		coef = new(big.Int).Mul(coef, ten)
		if coef.BitLen() > 64 {
			return Decimal{}, ErrOverflow
		}
	}
	for scale > 0 {
		if less.QuoRem(coef, ten, rest); rest.Sign() != 0 {
			break
		}
		coef, less = less, new(big.Int)
		scale--
	}
	if scale > MaxPlaces || !coef.IsInt64() || coef.Int64() == math.MinInt64 {
		return Decimal{}, ErrOverflow
	}
	return Decimal{coef.Int64(), uint8(scale)}, nil
}

// Places returns how many decimals the canonical text has.
func (d Decimal) Places() int { return int(d.scale) }

// IsZero reports whether d is 0; encoding/json's omitzero uses it.
func (d Decimal) IsZero() bool { return d.coef == 0 }

// Sign returns -1, 0 or 1.
func (d Decimal) Sign() int { return cmp.Compare(d.coef, 0) }

// Neg returns -d.
func (d Decimal) Neg() Decimal { return Decimal{-d.coef, d.scale} }

// Int64 returns d when it is a whole number.
func (d Decimal) Int64() (n int64, whole bool) { return d.coef, d.scale == 0 }

// Cmp returns -1, 0 or 1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int {
	if d.scale == e.scale || d.Sign() != e.Sign() {
		return cmp.Compare(d.coef, e.coef)
	}
	scale := max(d.scale, e.scale)
	a, okA := d.at(scale)
	b, okB := e.at(scale)
	if okA && okB {
		return cmp.Compare(a, b)
	}
	return d.big(scale).Cmp(e.big(scale))
}

// at returns the coefficient d has when written with more decimals.
func (d Decimal) at(scale uint8) (coef int64, ok bool) {
	if scale == d.scale {
		return d.coef, true
	}
	return mulInt(d.coef, pow10(scale-d.scale))
}

func (d Decimal) big(scale uint8) *big.Int {
	c := big.NewInt(d.coef)
	return c.Mul(c, big.NewInt(pow10(scale-d.scale)))
}

// mulInt returns a * b when that fits.
func mulInt(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(abs(a), abs(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func abs(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// pow10 returns 10^n for n up to 18.
func pow10(n uint8) int64 {
	return [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
		1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}[n]
}

// Add returns d + e, or [ErrOverflow].
func (d Decimal) Add(e Decimal) (Decimal, error) {
	scale := max(d.scale, e.scale)
	a, okA := d.at(scale)
	b, okB := e.at(scale)
	sum := a + b
	if okA && okB && (a < 0) != (b < 0) || okA && okB && (sum < 0) == (a < 0) && sum != math.MinInt64 {
		return trimmed(sum, scale), nil
	}
	c := d.big(scale)
	return fromBig(c.Add(c, e.big(scale)), int(scale))
}

// Sub returns d - e, or [ErrOverflow].
func (d Decimal) Sub(e Decimal) (Decimal, error) { return d.Add(e.Neg()) }

// Mul returns d × e exactly, or [ErrOverflow].
func (d Decimal) Mul(e Decimal) (Decimal, error) {
	scale := d.scale + e.scale
	if c, ok := mulInt(d.coef, e.coef); ok && scale <= MaxPlaces {
		return trimmed(c, scale), nil
	}
	c := big.NewInt(d.coef)
	return fromBig(c.Mul(c, big.NewInt(e.coef)), int(scale))
}

// Div returns d ÷ e rounded to places decimals (0 to [MaxPlaces]), half away from
// zero. It fails with [ErrDivision] when e is 0, or [ErrOverflow].
func (d Decimal) Div(e Decimal, places int) (Decimal, error) {
	if e.coef == 0 {
		return Decimal{}, ErrDivision
	}
	if places < 0 || places > MaxPlaces {
		return Decimal{}, ErrOverflow
	}
	if q, ok := d.div(e, places); ok {
		return q, nil
	}
	num, den := big.NewInt(d.coef), big.NewInt(e.coef)
	num.Mul(num, tenTo(places+int(e.scale)))
	den.Mul(den, tenTo(int(d.scale)))
	negative := num.Sign() != den.Sign()
	num.Abs(num).Lsh(num, 1)
	den.Abs(den)
	num.Add(num, den).Quo(num, den.Lsh(den, 1))
	if negative {
		num.Neg(num)
	}
	return fromBig(num, places)
}

// div is Div for numbers that fit in two machine words on the way.
func (d Decimal) div(e Decimal, places int) (Decimal, bool) {
	up := places + int(e.scale) - int(d.scale)
	if up < 0 || up > MaxPlaces {
		return Decimal{}, false
	}
	den := abs(e.coef)
	hi, lo := bits.Mul64(abs(d.coef), uint64(pow10(uint8(up))))
	if hi >= den {
		return Decimal{}, false
	}
	q, rest := bits.Div64(hi, lo, den)
	if q >= math.MaxInt64 {
		return Decimal{}, false
	}
	if rest >= den-rest {
		q++
	}
	if (d.coef < 0) != (e.coef < 0) {
		return trimmed(-int64(q), uint8(places)), true
	}
	return trimmed(int64(q), uint8(places)), true
}

func tenTo(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// Round returns d with at most places decimals, halves away from zero: 0.125 to
// two places is 0.13, -0.125 is -0.13. Fewer than 0 places count as 0.
func (d Decimal) Round(places int) Decimal {
	places = max(places, 0)
	if int(d.scale) <= places {
		return d
	}
	unit := pow10(d.scale - uint8(places))
	q, rest := d.coef/unit, d.coef%unit
	// rest and unit-rest are both below 10^18, so nothing here can overflow.
	switch {
	case rest > 0 && rest >= unit-rest:
		q++
	case rest < 0 && -rest >= unit+rest:
		q--
	}
	return trimmed(q, uint8(places))
}

// Ceil returns the least whole number that is not below d.
func (d Decimal) Ceil() Decimal {
	unit := pow10(d.scale)
	q := d.coef / unit
	if d.coef%unit > 0 {
		q++
	}
	return Decimal{coef: q}
}

// String returns the canonical text.
func (d Decimal) String() string { return string(d.append(nil)) }

func (d Decimal) append(b []byte) []byte {
	if d.scale == 0 {
		return strconv.AppendInt(b, d.coef, 10)
	}
	if d.coef < 0 {
		b = append(b, '-')
	}
	unit := uint64(pow10(d.scale))
	b = strconv.AppendUint(b, abs(d.coef)/unit, 10)
	start := len(b)
	b = strconv.AppendUint(b, unit+abs(d.coef)%unit, 10)
	b[start] = '.' // in the place of the 1 that kept the leading zeros
	return b
}

// MarshalText writes the canonical text; in JSON it is a string.
func (d Decimal) MarshalText() ([]byte, error) { return d.append(nil), nil }

// UnmarshalText reads what [ParseDecimal] reads.
func (d *Decimal) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDecimal(string(b))
	return err
}

// UnmarshalJSON reads a string as [ParseDecimal] does, or a JSON number, which is
// taken digit by digit and so stays exact. null changes nothing.
func (d *Decimal) UnmarshalJSON(b []byte) (err error) {
	s := string(b)
	if s == "null" {
		return nil
	}
	if text, ok := strings.CutPrefix(s, `"`); ok {
		*d, err = ParseDecimal(strings.TrimSuffix(text, `"`))
		return err
	}
	*d, err = parseNumber(s)
	return err
}

// parseNumber reads a JSON number: other programs write small ones as 1e-05.
func parseNumber(s string) (Decimal, error) {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return ParseDecimal(s)
	}
	d, err := ParseDecimal(s[:i])
	if err != nil || d.IsZero() {
		return d, err
	}
	exp, err := strconv.Atoi(s[i+1:])
	if err != nil {
		return Decimal{}, fmt.Errorf("number %q: %w", clip(s), ErrOverflow)
	}
	d, err = fromBig(big.NewInt(d.coef), int(d.scale)-exp)
	if err != nil {
		return Decimal{}, fmt.Errorf("number %q: %w", clip(s), err)
	}
	return d, nil
}

// Value implements [driver.Valuer]: the canonical text.
func (d Decimal) Value() (driver.Value, error) { return d.String(), nil }

// Scan implements sql.Scanner for text and whole numbers. It refuses NULL, for
// which *Decimal is the type, and binary floats, which are not exact.
func (d *Decimal) Scan(v any) (err error) {
	switch v := v.(type) {
	case string:
		*d, err = ParseDecimal(v)
	case []byte:
		*d, err = ParseDecimal(string(v))
	case int64:
		*d, err = NewDecimal(v, 0)
	default:
		err = fmt.Errorf("scan %T into Decimal", v)
	}
	return err
}

// MinorPlaces returns how many decimals the amounts of a currency have by ISO
// 4217: 2 for EUR, 0 for JPY, 3 for BHD. Codes it does not know have 2.
func MinorPlaces(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
		"UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	case "CLF", "UYW":
		return 4
	}
	return 2
}

// Money returns d in minor units of the currency, rounded half away from zero, or
// [ErrOverflow].
func (d Decimal) Money(currency string) (Money, error) {
	places := MinorPlaces(currency)
	r := d.Round(places)
	minor, ok := r.at(uint8(places))
	if !ok {
		return Money{}, ErrOverflow
	}
	return Money{minor, currency}, nil
}

// Decimal returns the amount in whole units of its currency: 12.50 for 1250 cents.
func (m Money) Decimal() Decimal {
	return trimmed(max(m.Minor, -math.MaxInt64), uint8(MinorPlaces(m.Currency)))
}
