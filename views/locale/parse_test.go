package locale

import (
	"errors"
	"strings"
	"testing"

	"pilveturg/models"
)

func TestTypedNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	for _, tt := range []struct{ name, typed, want string }{
		{"the Estonian way", "12 345,67", "12345.67"},
		{"with no-break spaces", "12\u00a0345,67", "12345.67"},
		{"with thin spaces", "12\u202f345,67", "12345.67"},
		{"with a comma only", "12345,67", "12345.67"},
		{"with a point only", "12345.67", "12345.67"},
		{"the English way", "12,345.67", "12345.67"},
		{"the German way", "12.345,67", "12345.67"},
		{"with the euro behind", "12 345,67 €", "12345.67"},
		{"with the euro in front", "€12,345.67", "12345.67"},
		{"with the currency's code", "5 EUR", "5"},
		{"with the minus of mathematics", "−987 654,30 €", "-987654.3"},
		{"with a minus before the euro", "-€5", "-5"},
		{"with a minus after the euro", "€-5", "-5"},
		{"with a plus", "+5", "5"},
		{"whole", "1000", "1000"},
		{"whole, in groups", "1 000", "1000"},
		{"two commas are between thousands", "1,234,567", "1234567"},
		{"two points are between thousands", "1.234.567", "1234567"},
		{"three decimals after a space are a fraction", "1 234,567", "1234.567"},
		{"three decimals after nought are a fraction", "0,042", "0.042"},
		{"four decimals are a fraction", "1.2340", "1.234"},
		{"two decimals are a fraction", "1,23", "1.23"},
		{"four digits before the mark are no group", "1234.567", "1234.567"},
		{"nothing before the mark is nought", ",5", "0.5"},
		{"spaces around", "  7\t", "7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseDecimal(tt.typed)
			if err != nil || got.String() != tt.want {
				t.Errorf("ParseDecimal(%q) = %s, %v; want %s", tt.typed, got, err, tt.want)
			}
		})
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name, typed string
		want        error
	}{
		{"nothing", "", ErrNoNumber},
		{"spaces", " \u00a0 ", ErrNoNumber},
		{"a currency only", "€", ErrNoNumber},
		{"a word", "many", ErrNotNumber},
		{"a number and a word", "5 pupils", ErrNotNumber},
		{"an exponent", "1e5", ErrNotNumber},
		{"a range", "5-6", ErrNotNumber},
		{"two minuses", "--5", ErrNotNumber},
		{"plus and minus", "+-5", ErrNotNumber},
		{"a mark and nothing after it", "5,", ErrNotNumber},
		{"a mark only", ".", ErrNotNumber},
		{"groups of two", "12 34", ErrNotNumber},
		{"a group of two after a comma", "1,23,456", ErrNotNumber},
		{"a space inside the fraction", "1,234 5", ErrNotNumber},
		{"three kinds of mark", "1 234.567,8", ErrNotNumber},
		{"digits of another script", "١٢٣", ErrNotNumber},
		{"hexadecimal", "0x10", ErrNotNumber},
		{"an endless number", strings.Repeat("9", 1000), ErrNotNumber},
		{"more than fits", strings.Repeat("9", 40), models.ErrOverflow},
		{"not UTF-8", "\xff5", ErrNotNumber},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := ParseDecimal(tt.typed); !errors.Is(err, tt.want) {
				t.Errorf("ParseDecimal(%q) = %s, %v; want error %v", tt.typed, got, err, tt.want)
			}
		})
	}
}

func TestANumberThatCanBeReadInTwoWaysSaysBoth(t *testing.T) {
	for _, tt := range []struct{ typed, fraction, thousands string }{
		{"1.234", "1.234", "1234"},
		{"1,234", "1.234", "1234"},
		{" 123,456 €", "123.456", "123456"},
		{"-12.345", "-12.345", "-12345"},
	} {
		_, err := ParseDecimal(tt.typed)
		var two *UnclearError
		if !errors.As(err, &two) || two.Fraction.String() != tt.fraction || two.Thousands.String() != tt.thousands {
			t.Errorf("ParseDecimal(%q) fails with %v; want both %s and %s", tt.typed, err, tt.fraction, tt.thousands)
		}
	}
}

func TestAProblemWithANumberSaysWhatToDo(t *testing.T) {
	for _, tt := range []struct{ tag, typed, want string }{
		{"en", "1.234", "“1.234” can be read in two ways. Write 1234 or 1.2340"},
		{"et", "1.234", "„1.234“ saab lugeda kahel viisil. Kirjutage 1234 või 1,2340"},
		{"en", "", "Enter a number, like 1000"},
		{"en", "x", "Write the number in digits, like 12,345.67"},
		{"en", strings.Repeat("9", 40), "Write a smaller number, with fewer decimals"},
	} {
		_, err := ParseDecimal(tt.typed)
		if got := speak(t, tt.tag).NumberProblem(err); got != tt.want {
			t.Errorf("%s %q: %q; want %q", tt.tag, tt.typed, got, tt.want)
		}
	}
}

// Both numbers that an unclear one is answered with must themselves be clear.
func TestTheAdviceCanBeTyped(t *testing.T) {
	for _, typed := range []string{"1234", "1.2340", "1,2340"} {
		if _, err := ParseDecimal(typed); err != nil {
			t.Errorf("ParseDecimal(%q): %v", typed, err)
		}
	}
}

// What we write, we also read.
func FuzzWhatIsWrittenCanBeTyped(f *testing.F) {
	for _, n := range []int64{0, 5, -5, 1234567, -98765430, 1 << 62} {
		f.Add(n)
	}
	et, en := speak(f, "et"), speak(f, "en")
	f.Fuzz(func(t *testing.T, minor int64) {
		m := models.Money{Minor: minor, Currency: "EUR"}
		for _, l := range []*Locale{et, en} {
			written := l.Money(m)
			if got, err := ParseDecimal(written); err != nil || got != m.Decimal() {
				t.Errorf("%s: ParseDecimal(%q) = %s, %v; want %s", l.Tag, written, got, err, m.Decimal())
			}
		}
	})
}

// Whatever is typed gives a number that writes itself, or one of the errors.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"12 345,67", "1.234", "-€5", "1,234,567.8", "", "€", "\xff"} {
		f.Add(s)
	}
	et := speak(f, "et")
	f.Fuzz(func(t *testing.T, typed string) {
		d, err := ParseDecimal(typed)
		var two *UnclearError
		switch {
		case err == nil:
			written := et.decimal(d.String(), 4)
			if again, err := ParseDecimal(written); err != nil || again != d {
				t.Fatalf("%q is read as %s, which is written %q and read as %s, %v", typed, d, written, again, err)
			}
		case errors.As(err, &two), errors.Is(err, ErrNoNumber), errors.Is(err, ErrNotNumber), errors.Is(err, models.ErrOverflow):
		default:
			t.Errorf("ParseDecimal(%q): an error nobody can test: %v", typed, err)
		}
	})
}
