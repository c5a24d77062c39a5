package models_test

import (
	"errors"
	"math/big"
	"testing"

	"pilveturg/models"
)

func exact(t *testing.T, s string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAnExactNumberIsReadAsProgramsWriteIt(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "0.00": "0", "12": "12", "-12.50": "-12.5", "007.10": "7.1",
		"5.64902E-05": "0.0000564902", "1e3": "1000", "1.2345e2": "123.45", "-1.5E+1": "-15", "12345.678E-3": "12.345678",
		"3.3333333333333335E-05": "0.000033333333333333335", "9223372036854775807": "9223372036854775807",
		"0.000000000000000000000000001": "0.000000000000000000000000001", "273316781282.123456789012345": "273316781282.123456789012345",
	} {
		e, err := models.ParseExact(text)
		if err != nil || e.String() != want {
			t.Errorf("%q is read as %q, %v; want %q", text, e, err, want)
		}
	}
	for _, text := range []string{"", "-", ".5", "5.", "+5", "1,5", "1 000", "1e", "1e+-5", "0x10", "NaN", "1e5.0", "--1", "1ee2", "٣"} {
		if e, err := models.ParseExact(text); err == nil {
			t.Errorf("%q is read as %q", text, e)
		}
	}
	for _, text := range []string{"9223372036854775808", "1e19", "1e-28", "1e999999999", "0.0000000000000000000000000001"} {
		if e, err := models.ParseExact(text); !errors.Is(err, models.ErrOverflow) {
			t.Errorf("%q is read as %q, %v; want ErrOverflow", text, e, err)
		}
	}
}

// Every pair is added and compared once more by fractions.
func TestExactSumsAreTheSumsOfFractions(t *testing.T) {
	texts := []string{"0", "1", "-1", "0.5", "-0.5", "0.000000001", "-0.000000001", "0.999999999999999999999999999",
		"-0.999999999999999999999999999", "123456789.000000000987654321", "-123456789.1", "9223372036854775806.9", "-9223372036854775806.000000000000000000000000001"}
	for _, a := range texts {
		for _, b := range texts {
			x, y := exact(t, a), exact(t, b)
			if got, want := x.Cmp(y), x.Rat().Cmp(y.Rat()); got != want {
				t.Errorf("%s against %s: %d, want %d", a, b, got, want)
			}
			sum, err := x.Add(y)
			want := new(big.Rat).Add(x.Rat(), y.Rat())
			if err != nil {
				if !errors.Is(err, models.ErrOverflow) || new(big.Rat).Abs(want).Cmp(big.NewRat(1<<62, 1)) < 0 {
					t.Errorf("%s + %s: %v", a, b, err)
				}
				continue
			}
			if sum.Rat().Cmp(want) != 0 || exact(t, sum.String()) != sum {
				t.Errorf("%s + %s = %s, want %s", a, b, sum, want.FloatString(27))
			}
		}
	}
}

func TestSumsOfPartsArePutTogether(t *testing.T) {
	var whole, nano, atto, ronto int64
	want := models.Exact{}
	for _, text := range []string{"-3.9", "2.000000000999999999", "-0.000000000000000001", "7", "-7.1", "0.999999999999999999999999999"} {
		w, n, a, r := exact(t, text).Parts()
		whole, nano, atto, ronto = whole+w, nano+n, atto+a, ronto+r
		want, _ = want.Add(exact(t, text))
	}
	if got, err := models.ExactFromParts(whole, nano, atto, ronto); err != nil || got != want {
		t.Errorf("the parts make %s, %v; want %s", got, err, want)
	}
}

func TestHalvesAreRoundedAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		text   string
		places int
		want   string
	}{{"1.005", 2, "1.01"}, {"-1.005", 2, "-1.01"}, {"1.00499999999999999999", 2, "1"}, {"0.5", 0, "1"}, {"-0.4", 0, "0"}, {"2.5", 2, "2.5"}} {
		if got, err := exact(t, c.text).Round(c.places); err != nil || got.String() != c.want {
			t.Errorf("%s to %d places is %s, %v; want %s", c.text, c.places, got, err, c.want)
		}
	}
	if third, err := models.RoundRat(big.NewRat(-2, 3), 11); err != nil || third.String() != "-0.66666666667" {
		t.Errorf("two thirds are %s, %v", third, err)
	}
}

func TestEveryDecimalIsExact(t *testing.T) {
	for _, text := range []string{"0", "-0.000000000000000001", "9.223372036854775807", "-9223372036854775807", "12.34"} {
		d, err := models.ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := models.ExactOf(d); got.String() != text {
			t.Errorf("%s becomes %s", text, got)
		}
	}
}

func FuzzParseExact(f *testing.F) {
	for _, seed := range []string{"-12.50", "5.64902E-05", "1e40", "0.0e-60", "9e18", "-1.5E+1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := models.ParseExact(s)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(s)
		if !ok || e.Rat().Cmp(want) != 0 {
			t.Errorf("%q is read as %s", s, e)
		}
		if back, err := models.ParseExact(e.String()); err != nil || back != e {
			t.Errorf("%q is written as %s, and that read as %s, %v", s, e, back, err)
		}
	})
}
