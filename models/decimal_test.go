package models

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
)

func decimal(t testing.TB, s string) Decimal {
	t.Helper()
	d, err := ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseDecimal(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"a price keeps its decimals", "0.45", "0.45"},
		{"zeros at the end go", "4.500", "4.5"},
		{"zeros at the end of a whole number stay", "1000", "1000"},
		{"zeros at the start go", "007.10", "7.1"},
		{"there is no minus zero", "-0.00", "0"},
		{"a minus stays", "-12.05", "-12.05"},
		{"small parts keep their zeros", "0.0042", "0.0042"},
		{"the largest", "9223372036854775807", "9223372036854775807"},
		{"the smallest", "-9223372036854775807", "-9223372036854775807"},
		{"the finest", "0.000000000000000001", "0.000000000000000001"},
		{"many zeros do not count", "1." + strings.Repeat("0", 300), "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseDecimal(tt.in)
			if err != nil || got.String() != tt.want {
				t.Errorf("ParseDecimal(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		overflow bool
	}{
		{"nothing", "", false},
		{"only a minus", "-", false},
		{"a plus", "+1", false},
		{"two minuses", "--1", false},
		{"a comma", "1,5", false},
		{"a space", "1 000", false},
		{"an exponent", "1e3", false},
		{"no digits before the point", ".5", false},
		{"no digits after the point", "5.", false},
		{"two points", "1.2.3", false},
		{"other digits", "١", false},
		{"words", "NaN", false},
		{"one too many", "9223372036854775808", true},
		{"too fine", "0.0000000000000000001", true},
		{"very long", strings.Repeat("9", 1000), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseDecimal(tt.in)
			if err == nil || errors.Is(err, ErrOverflow) != tt.overflow {
				t.Errorf("ParseDecimal(%q) = %v, %v; want an error, overflow %t", tt.in, got, err, tt.overflow)
			}
		})
	}
}

func TestDecimalArithmetic(t *testing.T) {
	add, sub, mul := Decimal.Add, Decimal.Sub, Decimal.Mul
	for _, tt := range []struct {
		name string
		op   func(a, b Decimal) (Decimal, error)
		a, b string
		want string // "" for overflow
	}{
		{"decimals line up", add, "0.1", "0.02", "0.12"},
		{"a sum may lose its decimals", add, "0.75", "0.25", "1"},
		{"opposites make nothing", add, "0.3", "-0.3", "0"},
		{"a sum that fits once its zeros go", add, "9223372036854775.800", "9223372036854775.800", "18446744073709551.6"},
		{"a sum of two large ones does not fit", add, "9223372036854775807", "1", ""},
		{"a large and a fine one do not fit together", add, "9223372036854775807", "0.1", ""},
		{"a difference across the limit fits", sub, "922337203685477581", "0.5", "922337203685477580.5"},
		{"below the smallest does not fit", sub, "-9223372036854775807", "1", ""},
		{"a price times pupils", mul, "0.45", "1000", "450"},
		{"signs multiply", mul, "-0.2", "-0.3", "0.06"},
		{"a product that fits once its zeros go", mul, "9000000000000000000", "0.5", "4500000000000000000"},
		{"a product too large", mul, "9223372036854775807", "2", ""},
		{"a product too fine", mul, "0.0000000001", "0.0000000001", ""},
		{"a fine product that fits once its zeros go", mul, "0.0000000005", "0.000000002", "0.000000000000000001"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.op(decimal(t, tt.a), decimal(t, tt.b))
			if tt.want == "" {
				if !errors.Is(err, ErrOverflow) {
					t.Errorf("got %v, %v; want overflow", got, err)
				}
				return
			}
			if err != nil || got != decimal(t, tt.want) {
				t.Errorf("got %v, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestDecimalRound(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		places   int
		want     string
	}{
		{"half goes up", "0.125", 2, "0.13"},
		{"half of a credit goes down", "-0.125", 2, "-0.13"},
		{"under half stays", "0.124999", 2, "0.12"},
		{"a carry runs through", "9.995", 2, "10"},
		{"nothing to round", "9.9", 2, "9.9"},
		{"to whole numbers", "0.5", 0, "1"},
		{"fewer than no places count as none", "149.6", -2, "150"},
		{"the largest stays", "922337203685477580.7", 0, "922337203685477581"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := decimal(t, tt.in).Round(tt.places); got != decimal(t, tt.want) {
				t.Errorf("%s rounded to %d places = %v; want %s", tt.in, tt.places, got, tt.want)
			}
		})
	}
}

func TestDecimalDiv(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		places     int
		want       string
		err        error
	}{
		{"a third is rounded", "1", "3", 4, "0.3333", nil},
		{"two thirds go up", "2", "3", 4, "0.6667", nil},
		{"half away from zero", "-1", "8", 2, "-0.13", nil},
		{"exact stays exact", "4.80", "1000", 18, "0.0048", nil},
		{"nothing can be shared by nobody", "1", "0", 2, "", ErrDivision},
		{"a result too large", "9223372036854775807", "0.1", 0, "", ErrOverflow},
		{"a result too large by a hair", "9223372036854775807", "499999999999999999", 18, "", ErrOverflow},
		{"too many places asked", "1", "3", 19, "", ErrOverflow},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decimal(t, tt.a).Div(decimal(t, tt.b), tt.places)
			if !errors.Is(err, tt.err) || err == nil && got != decimal(t, tt.want) {
				t.Errorf("%s / %s = %v, %v; want %s, %v", tt.a, tt.b, got, err, tt.want, tt.err)
			}
		})
	}
}

func TestDecimalJSON(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"a string", `"0.450"`, `"0.45"`},
		{"a number is taken digit by digit", `0.1000000000000001`, `"0.1000000000000001"`},
		{"a number with an exponent", `1e-05`, `"0.00001"`},
		{"a large exponent", `4.80E+3`, `"4800"`},
		{"null changes nothing", `null`, `"7"`},
		{"an exponent out of reach", `1e300`, ""},
		{"a fine exponent out of reach", `1e-300`, ""},
		{"an exponent beyond all numbers", `1e-99999999999999999999`, ""},
		{"an exponent in a string", `"1e3"`, ""},
		{"something else", `true`, ""},
		{"an empty string", `""`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Whole(7)
			err := json.Unmarshal([]byte(tt.in), &d)
			if (err != nil) != (tt.want == "") {
				t.Fatalf("%s = %v, %v; want %q", tt.in, d, err, tt.want)
			}
			if got, _ := json.Marshal(d); err == nil && string(got) != tt.want {
				t.Errorf("%s came back as %s; want %s", tt.in, got, tt.want)
			}
		})
	}
}

func TestDecimalScan(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   any
		want string // "" for an error
	}{
		{"text", "4.20", "4.2"},
		{"bytes", []byte("-1"), "-1"},
		{"a whole number", int64(12), "12"},
		{"a float is not exact", 1.5, ""},
		{"NULL is not a number", nil, ""},
		{"the one number without an opposite", int64(math.MinInt64), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Decimal
			err := d.Scan(tt.in)
			if (err != nil) != (tt.want == "") || err == nil && d.String() != tt.want {
				t.Errorf("Scan(%v) = %v, %v; want %q", tt.in, d, err, tt.want)
			}
			if v, _ := d.Value(); v != d.String() {
				t.Errorf("Value() = %v; want the canonical text", v)
			}
		})
	}
}

func TestDecimalMoney(t *testing.T) {
	for _, tt := range []struct {
		name, in, currency string
		want               int64
		err                error
	}{
		{"cents", "12.345", "EUR", 1235, nil},
		{"yen have no cents", "12.5", "JPY", 13, nil},
		{"dinars have three decimals", "1.2345", "BHD", 1235, nil},
		{"a credit", "-0.005", "SEK", -1, nil},
		{"too much money", "9223372036854775807", "EUR", 0, ErrOverflow},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decimal(t, tt.in).Money(tt.currency)
			if !errors.Is(err, tt.err) || got.Minor != tt.want {
				t.Fatalf("got %v, %v; want %d, %v", got, err, tt.want, tt.err)
			}
			if back := got.Decimal(); err == nil && back != decimal(t, tt.in).Round(MinorPlaces(tt.currency)) {
				t.Errorf("%v is %v in whole units", got, back)
			}
		})
	}
}

// FuzzDecimal compares with math/big: a result is exactly right, or it is refused
// because it truly does not fit.
func FuzzDecimal(f *testing.F) {
	f.Add(int64(45), uint8(2), int64(1000), uint8(0))
	f.Add(int64(math.MaxInt64), uint8(0), int64(-5), uint8(1))
	f.Add(int64(-math.MaxInt64), uint8(18), int64(math.MaxInt64), uint8(17))
	f.Add(int64(9e18), uint8(3), int64(1e18), uint8(3))
	f.Fuzz(func(t *testing.T, ca int64, sa uint8, cb int64, sb uint8) {
		a, errA := NewDecimal(ca, int(sa%19))
		b, errB := NewDecimal(cb, int(sb%19))
		if errA != nil || errB != nil {
			return
		}
		ra, rb := rat(a), rat(b)
		same(t, "add", new(big.Rat).Add(ra, rb))(a.Add(b))
		same(t, "sub", new(big.Rat).Sub(ra, rb))(a.Sub(b))
		same(t, "mul", new(big.Rat).Mul(ra, rb))(a.Mul(b))
		if a.Cmp(b) != ra.Cmp(rb) {
			t.Errorf("%v cmp %v = %d; want %d", a, b, a.Cmp(b), ra.Cmp(rb))
		}
		if back := decimal(t, a.String()); back != a {
			t.Errorf("%v came back as %v", a, back)
		}
		if places := int(sb % 19); rat(a.Round(places)).Cmp(rounded(ra, places)) != 0 {
			t.Errorf("%v rounded to %d places = %v", a, places, a.Round(places))
		}
		if whole := new(big.Rat).Sub(rat(a.Ceil()), ra); whole.Sign() < 0 || whole.Cmp(big.NewRat(1, 1)) >= 0 {
			t.Errorf("%v up to a whole number = %v", a, a.Ceil())
		}
		if b.Sign() != 0 {
			same(t, "div", rounded(new(big.Rat).Quo(ra, rb), int(sa%19)))(a.Div(b, int(sa%19)))
		}
	})
}

// FuzzParseDecimal checks that what is read means what was written.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0.45", "-0", "1e5", "9223372036854775808", "00.10", "1_0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		if err != nil {
			return
		}
		if want, ok := new(big.Rat).SetString(s); !ok || rat(d).Cmp(want) != 0 {
			t.Errorf("ParseDecimal(%q) = %v", s, d)
		}
		if back, err := ParseDecimal(d.String()); err != nil || back != d {
			t.Errorf("%v came back as %v, %v", d, back, err)
		}
	})
}

func rat(d Decimal) *big.Rat {
	r, _ := new(big.Rat).SetString(d.String())
	return r
}

// same checks a result against the exact one.
func same(t *testing.T, op string, want *big.Rat) func(Decimal, error) {
	return func(got Decimal, err error) {
		t.Helper()
		if err != nil {
			if fits(want) {
				t.Errorf("%s: %v, but %s fits", op, err, want.RatString())
			}
			return
		}
		if rat(got).Cmp(want) != 0 {
			t.Errorf("%s = %v; want %s", op, got, want.RatString())
		}
	}
}

// fits reports whether a Decimal can hold r.
func fits(r *big.Rat) bool {
	ten, x := big.NewRat(10, 1), new(big.Rat).Set(r)
	places := 0
	for ; !x.IsInt() && places <= MaxPlaces; places++ {
		x.Mul(x, ten)
	}
	return places <= MaxPlaces && x.Num().CmpAbs(big.NewInt(math.MaxInt64)) <= 0
}

// rounded rounds half away from zero with integers only.
func rounded(r *big.Rat, places int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	num := new(big.Int).Mul(new(big.Int).Abs(r.Num()), scale)
	num.Add(num.Lsh(num, 1), r.Denom()).Quo(num, new(big.Int).Lsh(r.Denom(), 1))
	if r.Sign() < 0 {
		num.Neg(num)
	}
	return new(big.Rat).SetFrac(num, scale)
}

func BenchmarkDecimalMulAdd(b *testing.B) {
	price, pupils, setup := decimal(b, "0.45"), decimal(b, "1234"), decimal(b, "900.5")
	for b.Loop() {
		amount, _ := price.Mul(pupils)
		if _, err := amount.Add(setup); err != nil {
			b.Fatal(err)
		}
	}
}
