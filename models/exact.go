package models

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// ExactPlaces is how many decimal places an [Exact] can have: what cloud providers write
// for one unit of use, with room to spare.
const ExactPlaces = 27

const billion = 1_000_000_000

// Exact is an amount of a ledger: a decimal number with up to [ExactPlaces] decimals and
// a whole part below 2^63, never rounded. Where [Decimal] is for prices that people type,
// an Exact takes what a meter counted and adds millions of them. The zero Exact is 0;
// equal numbers are equal values, so == may be used. Its parts have one sign, and can be
// kept and summed in a database as the whole numbers that they are ([Exact.Parts]).
type Exact struct {
	whole             int64
	nano, atto, ronto int64 // 10^-9, 10^-18 and 10^-27: each below a billion, of one sign
}

// ExactOf returns a decimal as an Exact; every Decimal is one.
func ExactOf(d Decimal) Exact {
	unit := int64(1)
	for range d.scale {
		unit *= 10
	}
	rest := d.coef % unit
	for range MaxPlaces - int(d.scale) {
		rest *= 10
	}
	return Exact{whole: d.coef / unit, nano: rest / billion, atto: rest % billion}
}

// ParseExact reads digits with at most one point, an optional minus before them and an
// optional exponent of ten after them, as programs write numbers: "-12.50", "5.64902E-05".
// It fails with [ErrOverflow] when the number does not fit.
func ParseExact(s string) (Exact, error) {
	number, exponent, scientific := strings.Cut(s, "E")
	if !scientific {
		number, exponent, scientific = strings.Cut(s, "e")
	}
	digits, negative := strings.CutPrefix(number, "-")
	whole, part, point := strings.Cut(digits, ".")
	if !allDigits(whole) || point && !allDigits(part) {
		return Exact{}, fmt.Errorf("number %q: want digits with a point, like 0.45", clip(s))
	}
	if scientific {
		var err error
		if whole, part, err = shifted(whole, part, exponent); err != nil {
			return Exact{}, fmt.Errorf("number %q: %w", clip(s), err)
		}
	}
	e, err := exactOf(whole, strings.TrimRight(part, "0"))
	if err != nil {
		return Exact{}, fmt.Errorf("number %q: %w", clip(s), err)
	}
	if negative {
		e = e.Neg()
	}
	return e, nil
}

// shifted moves the point of a number by an exponent of ten.
func shifted(whole, part, exponent string) (string, string, error) {
	by, err := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
	if err != nil || strings.HasPrefix(exponent, "++") || strings.HasPrefix(exponent, "+-") {
		return "", "", errors.New("want a whole number after the E, like 5.6E-05")
	}
	if by > 40 || by < -60 {
		return "", "", ErrOverflow
	}
	if by >= 0 {
		part += strings.Repeat("0", max(0, by-len(part)))
		return whole + part[:by], part[by:], nil
	}
	whole = strings.Repeat("0", max(0, 1-by-len(whole))) + whole
	at := len(whole) + by
	return whole[:at], whole[at:] + part, nil
}

func exactOf(whole, part string) (Exact, error) {
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || len(part) > ExactPlaces {
		return Exact{}, ErrOverflow
	}
	return Exact{n, digitsAt(part, 0), digitsAt(part, 9), digitsAt(part, 18)}, nil
}

// digitsAt are nine decimals from a place on, as a number.
func digitsAt(part string, from int) int64 {
	var n int64
	for i := from; i < from+9; i++ {
		n *= 10
		if i < len(part) {
			n += int64(part[i] - '0')
		}
	}
	return n
}

// ExactFromParts puts together what [Exact.Parts] took apart, or sums of such parts.
func ExactFromParts(whole, nano, atto, ronto int64) (Exact, error) {
	atto += ronto / billion
	nano += atto / billion
	carry := nano / billion
	sum := whole + carry
	if (sum < whole) != (carry < 0) {
		return Exact{}, ErrOverflow
	}
	return Exact{sum, nano % billion, atto % billion, ronto % billion}.oneSign()
}

// oneSign lends between the parts until they have one sign.
func (e Exact) oneSign() (Exact, error) {
	parts := [...]*int64{&e.whole, &e.nano, &e.atto, &e.ronto}
	sign := e.leading()
	if sign == 0 {
		return e, nil
	}
	for i := len(parts) - 1; i > 0; i-- {
		if *parts[i] != 0 && (*parts[i] > 0) != (sign > 0) {
			*parts[i] += int64(sign) * billion
			*parts[i-1] -= int64(sign)
		}
	}
	if e.whole == math.MinInt64 {
		return Exact{}, ErrOverflow
	}
	return e, nil
}

// leading is the sign of the first part that is not 0.
func (e Exact) leading() int {
	return cmp.Or(cmp.Compare(e.whole, 0), cmp.Compare(e.nano, 0), cmp.Compare(e.atto, 0), cmp.Compare(e.ronto, 0))
}

// Parts are the whole part and the decimals in groups of nine. They may be added up part
// by part; [ExactFromParts] puts the sums together.
func (e Exact) Parts() (whole, nano, atto, ronto int64) { return e.whole, e.nano, e.atto, e.ronto }

// IsZero reports whether e is 0; encoding/json's omitzero uses it.
func (e Exact) IsZero() bool { return e == Exact{} }

// Sign returns -1, 0 or 1.
func (e Exact) Sign() int { return e.leading() }

// Neg returns -e.
func (e Exact) Neg() Exact { return Exact{-e.whole, -e.nano, -e.atto, -e.ronto} }

// Cmp returns -1, 0 or 1 as e is less than, equal to or greater than f.
func (e Exact) Cmp(f Exact) int {
	return cmp.Or(cmp.Compare(e.whole, f.whole), cmp.Compare(e.nano, f.nano), cmp.Compare(e.atto, f.atto), cmp.Compare(e.ronto, f.ronto))
}

// Add returns e + f, or [ErrOverflow].
func (e Exact) Add(f Exact) (Exact, error) {
	whole := e.whole + f.whole
	if (whole < e.whole) != (f.whole < 0) {
		return Exact{}, ErrOverflow
	}
	return ExactFromParts(whole, e.nano+f.nano, e.atto+f.atto, e.ronto+f.ronto)
}

// Sub returns e - f, or [ErrOverflow].
func (e Exact) Sub(f Exact) (Exact, error) { return e.Add(f.Neg()) }

// Rat returns e as a fraction, for products and quotients.
func (e Exact) Rat() *big.Rat {
	n := big.NewInt(e.whole)
	for _, part := range [...]int64{e.nano, e.atto, e.ronto} {
		n.Mul(n, big.NewInt(billion)).Add(n, big.NewInt(part))
	}
	return new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(ExactPlaces), nil))
}

// RoundRat rounds a fraction to some places, halves away from zero as money is rounded
// (EN 16931 and the Estonian VAT act both mean that).
func RoundRat(r *big.Rat, places int) (Exact, error) {
	if places < 0 || places > ExactPlaces {
		return Exact{}, ErrOverflow
	}
	scaled := new(big.Int).Mul(r.Num(), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	q, rest := new(big.Int).QuoRem(scaled, r.Denom(), new(big.Int))
	if rest.Abs(rest).Lsh(rest, 1).Cmp(r.Denom()) >= 0 {
		q.Add(q, big.NewInt(int64(r.Sign())))
	}
	text := q.String()
	digits, negative := strings.CutPrefix(text, "-")
	if places > 0 {
		digits = strings.Repeat("0", max(0, places+1-len(digits))) + digits
		digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
	}
	if negative {
		digits = "-" + digits
	}
	return ParseExact(digits)
}

// Round returns e with at most some places, halves away from zero.
func (e Exact) Round(places int) (Exact, error) {
	if e.Places() <= places {
		return e, nil
	}
	return RoundRat(e.Rat(), places)
}

// Places returns how many decimals the text of e has.
func (e Exact) Places() int {
	_, part, _ := strings.Cut(e.String(), ".")
	return len(part)
}

// String returns the canonical text: no exponent, no plus, no zeros at the end: "-0.45".
func (e Exact) String() string { return string(e.Append(nil)) }

// Append appends the canonical text to b.
func (e Exact) Append(b []byte) []byte {
	if e.leading() < 0 {
		b = append(b, '-')
		e = e.Neg()
	}
	b = strconv.AppendInt(b, e.whole, 10)
	if e.nano|e.atto|e.ronto == 0 {
		return b
	}
	b = append(b, '.')
	for _, part := range [...]int64{e.nano, e.atto, e.ronto} {
		for unit := int64(billion / 10); unit > 0; unit /= 10 {
			b = append(b, byte('0'+part/unit%10))
		}
	}
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

// MarshalText and UnmarshalText are the canonical text.
func (e Exact) MarshalText() ([]byte, error) { return e.Append(nil), nil }

// UnmarshalText reads what [ParseExact] reads.
func (e *Exact) UnmarshalText(text []byte) (err error) {
	*e, err = ParseExact(string(text))
	return err
}

// Value writes the canonical text to the database.
func (e Exact) Value() (driver.Value, error) { return e.String(), nil }

// Scan reads an exact number of either engine.
func (e *Exact) Scan(src any) (err error) {
	switch v := src.(type) {
	case string:
		*e, err = ParseExact(v)
	case []byte:
		*e, err = ParseExact(string(v))
	case int64:
		*e = Exact{whole: v}
	default:
		err = fmt.Errorf("amount: cannot read %T", src)
	}
	return err
}
