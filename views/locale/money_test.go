package locale

import (
	"testing"

	"pilveturg/models"
)

func TestAnExactAmountKeepsItsDecimals(t *testing.T) {
	l, err := Load("et")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ number, currency, exact, rounded string }{
		{"20.52022672899", "USD", "20,52022672899\u00a0$", "20,52\u00a0$"},
		{"-1234.5", "EUR", "−1\u00a0234,50\u00a0€", "−1\u00a0234,50\u00a0€"},
		{"25", "", "25", "25"},
		{"0.005", "EUR", "0,005\u00a0€", "0,01\u00a0€"},
	} {
		e, err := models.ParseExact(c.number)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Exact(e, c.currency); got != c.exact {
			t.Errorf("%s %s is %q, want %q", c.number, c.currency, got, c.exact)
		}
		if got := l.Rounded(e, c.currency); c.currency != "" && got != c.rounded {
			t.Errorf("%s %s rounded is %q, want %q", c.number, c.currency, got, c.rounded)
		}
	}
}
