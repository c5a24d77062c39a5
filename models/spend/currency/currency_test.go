package currency

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pilveturg/models"
)

// shared opens a file of the data that lies beside the project, and skips the test where
// it is not.
func shared(t testing.TB, name string) *os.File {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if f, err := os.Open(filepath.Join(dir, "shared", "data", "spend", filepath.FromSlash(name))); err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
	}
	t.Skipf("shared/data/spend/%s is not beside the project", name)
	return nil
}

func day(t *testing.T, s string) models.Date {
	t.Helper()
	d, err := models.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheCurrenciesAreThoseOfISO4217(t *testing.T) {
	lines := csv.NewReader(shared(t, "fx/iso4217_codes-all.csv"))
	all, err := lines.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	active := map[string]bool{}
	for _, cells := range all[1:] {
		code, minor, withdrawn := cells[2], cells[4], cells[5]
		if code == "" || withdrawn != "" {
			continue
		}
		active[code] = true
		want, err := strconv.Atoi(minor)
		if err != nil {
			want = NoUnits
		}
		if c, ok := Lookup(code); !ok || c.Units != want || !c.Ended.IsZero() {
			t.Errorf("%s is %+v, %v; want %d decimals, still there", code, c, ok, want)
		}
	}
	for code, c := range table {
		if active[code] != c.Ended.IsZero() {
			t.Errorf("%s: ended %q, but in ISO 4217 it is there: %v", code, c.Ended, active[code])
		}
	}
}

const history = "Date,USD,JPY,EEK,\n2010-12-31,1.3362,108.65,15.6466,\n2010-12-30,1.3280,108.10,15.6466,\n2010-12-24,1.3103,N/A,,\n"

func tableOf(t *testing.T, content []byte) *Table {
	t.Helper()
	table := NewTable()
	err := Read(bytes.NewReader(content), func(q Quote) error {
		table.Add(q.Currency, q.Day, q.Rate)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestARateIsThatOfTheLastWorkingDay(t *testing.T) {
	table := tableOf(t, []byte(history))
	for _, c := range []struct {
		code, day, from, value string
		err                    error
	}{
		{"USD", "2010-12-31", "2010-12-31", "1.3362", nil},
		{"USD", "2010-12-26", "2010-12-24", "1.3103", nil},
		{"USD", "2011-01-02", "2010-12-31", "1.3362", nil},
		{"USD", "2011-01-11", "", "", ErrNoRate},
		{"USD", "2010-12-23", "", "", ErrNoRate},
		{"JPY", "2010-12-26", "", "", ErrNoRate},
		{"EEK", "2010-12-31", "2010-12-31", "15.6466", nil},
		{"EEK", "2011-01-01", "", "", ErrWithdrawn},
		{"EUR", "1999-01-01", "1999-01-01", "1", nil},
		{"ABC", "2010-12-31", "", "", ErrUnknown},
		{"SEK", "2010-12-31", "", "", ErrNoRate},
	} {
		rate, err := table.Find(c.code, day(t, c.day))
		if !errors.Is(err, c.err) || err == nil && (rate.Day.String() != c.from || rate.Value.String() != c.value) {
			t.Errorf("%s on %s: %+v, %v; want %s of %s, %v", c.code, c.day, rate, err, c.value, c.from, c.err)
		}
	}
}

func TestTheFilesOfTheBankAreReadInEachForm(t *testing.T) {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("eurofxref-hist.csv")
	if err == nil {
		_, err = w.Write([]byte(history))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	const daily = `<?xml version="1.0"?><gesmes:Envelope xmlns:gesmes="g" xmlns="e"><Cube><Cube time="2010-12-31"><Cube currency="USD" rate="1.3362"/><Cube currency="JPY" rate="108.65"/></Cube></Cube></gesmes:Envelope>`
	for what, content := range map[string][]byte{"CSV": []byte(history), "ZIP": packed.Bytes(), "XML": []byte(daily), "BOM": []byte("\ufeff" + history)} {
		if rate, err := tableOf(t, content).Find("JPY", day(t, "2010-12-31")); err != nil || rate.Value.String() != "108.65" {
			t.Errorf("%s: %+v, %v", what, rate, err)
		}
	}
	for _, bad := range []string{"", "x", "Date,USD\n2010-13-31,1\n", "Date,USD\n2010-12-31,-1\n", "Date,US\n2010-12-31,1\n", "Date,USD\n2010-12-31,1,2\n", "<Cube><Cube currency='USD' rate='1'/></Cube>", "<a></a>", "PK\x03\x04", "Date,USD\n\"2010"} {
		if err := Read(strings.NewReader(bad), func(Quote) error { return nil }); !errors.Is(err, ErrNotRates) {
			t.Errorf("%q: %v, want ErrNotRates", bad, err)
		}
	}
}

func TestTheHistoryOfTheBankConvertsAsAnotherProgramDoes(t *testing.T) {
	table := NewTable()
	days := map[string]bool{}
	if err := Read(shared(t, "fx/eurofxref-hist.csv"), func(q Quote) error {
		days[q.Day.String()] = true
		table.Add(q.Currency, q.Day, q.Rate)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var oracle struct {
		Rows        int `json:"rows"`
		Conversions []struct {
			Currency, Amount string
			Day              string `json:"requested_day"`
			From             string `json:"rate_day_used"`
			Rate             string
			Exact            string `json:"eur_exact_12dp"`
		}
	}
	if err := json.NewDecoder(shared(t, "fx/eurofxref-hist.csv.oracle.json")).Decode(&oracle); err != nil {
		t.Fatal(err)
	}
	if len(days) != oracle.Rows {
		t.Errorf("%d days, want %d", len(days), oracle.Rows)
	}
	for _, c := range oracle.Conversions {
		rate, err := table.Find(c.Currency, day(t, c.Day))
		if err != nil {
			t.Fatal(err)
		}
		amount, err := models.ParseExact(c.Amount)
		if err != nil {
			t.Fatal(err)
		}
		euros, err := models.RoundRat(new(big.Rat).Quo(amount.Rat(), rate.Value.Rat()), 12)
		if err != nil || rate.Day.String() != c.From || rate.Value.String() != c.Rate || euros.String() != c.Exact {
			t.Errorf("%s %s on %s is %s by %s of %s, %v; want %s by %s of %s", c.Amount, c.Currency, c.Day, euros, rate.Value, rate.Day, err, c.Exact, c.Rate, c.From)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(history))
	f.Add([]byte("<Cube time='2010-12-31'><Cube currency='USD' rate='1'/></Cube>"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) {
		_ = Read(bytes.NewReader(content), func(q Quote) error {
			if q.Rate.Sign() <= 0 || q.Day.IsZero() || !isCode(q.Currency) {
				t.Errorf("a quote %+v", q)
			}
			return nil
		})
	})
}
