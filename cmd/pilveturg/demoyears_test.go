package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/spend"
)

// yearsOn is a database with the whole demonstration, made on a day.
func yearsOn(t *testing.T, day string) (*db.DB, *catalogue.Schema) {
	t.Helper()
	d := dbtest.New(t)
	now, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	d.Now = func() time.Time { return now.Add(9 * time.Hour) }
	schema, err := loadSchema()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second start adds nothing
		if _, err := demonstrate(t.Context(), &env{out: io.Discard}, config{demo: true}, d, schema); err != nil {
			t.Fatal(err)
		}
		if err := yearsDemonstration(t.Context(), d, schema, spend.NewWorker(d, schema)); err != nil {
			t.Fatal(err)
		}
	}
	return d, schema
}

// charged is a charge of the demonstration, with whose it is.
type charged struct {
	spend.Charge
	BodyCode   string `db:"body_code"`
	VendorCode string `db:"vendor_code"`
	Slug       string `db:"slug"`
	File       string `db:"file"`
}

// chargesOf are all charges that count, in the order of the ledger.
func chargesOf(t *testing.T, d *db.DB) (all []charged) {
	t.Helper()
	const q = `/* chargesOf */ SELECT c.id, c.document_id, c.kind, c.service, c.reference, c.contract, c.month, c.invoiced, c.service_from, c.service_to, c.quantity, c.unit_price, c.billed, c.currency, c.rate_day, c.euros, c.vat_rate, c.flags,
		COALESCE(o.code, '') AS body_code, COALESCE(v.code, '') AS vendor_code, n.category AS slug, b.file
		FROM ledger_charges c JOIN ledger_batches b ON b.id = c.batch_id AND b.state = 'accepted' JOIN ledger_names bn ON bn.id = c.buyer_id LEFT JOIN organisations o ON o.id = bn.is_id
		JOIN ledger_names vn ON vn.id = c.vendor_id LEFT JOIN organisations v ON v.id = vn.is_id JOIN ledger_names n ON n.id = c.category_id ORDER BY c.id`
	if err := d.Select(t.Context(), &all, q); err != nil {
		t.Fatal(err)
	}
	return all
}

func add(t *testing.T, sum *models.Exact, n models.Exact) {
	t.Helper()
	var err error
	if *sum, err = sum.Add(n); err != nil {
		t.Fatal(err)
	}
}

// within reports whether an amount of euros is within a hundredth of an amount of cents.
func within(got models.Exact, cents int64) bool {
	f, _ := got.Rat().Float64()
	want := float64(cents) / 100
	return f > want*0.99 && f < want*1.01
}

// Whatever the day, as many subscriptions run at the ends of years, and as much is billed
// in them, as is told.
func TestThreeYearsAreToldOnAnyDay(t *testing.T) {
	for _, tt := range []struct {
		day   string
		years [3]string
		over  int // so many of them
	}{{"2026-11-22", [3]string{"2024", "2025", "2026"}, 2}, {"2027-01-15", [3]string{"2024", "2025", "2026"}, 3}, {"2026-02-10", [3]string{"2024", "2025", "2026"}, 2}} {
		t.Run(tt.day, func(t *testing.T) {
			d, _ := yearsOn(t, tt.day)
			sums, rows, last := map[string]models.Exact{}, 0, ""
			for _, c := range chargesOf(t, d) {
				if c.Kind != spend.Tax {
					rows++
					sum := sums[c.Month[:4]]
					add(t, &sum, c.Euros.Exact)
					sums[c.Month[:4]] = sum
				}
				last = max(last, c.Month)
			}
			if got := slices.Sorted(maps.Keys(sums)); !slices.Equal(got, tt.years[:]) {
				t.Errorf("there are charges in %v", got)
			}
			now, _ := models.ParseDate(tt.day)
			if want := now.AddMonths(-1).String()[:7]; last != want {
				t.Errorf("the last month is %s, want %s", last, want)
			}
			for i, cents := range []int64{310_000_00, 480_000_00, 655_000_00} {
				got := sums[tt.years[i]]
				if over := i < tt.over; over && !within(got, cents) || !over && got.Rat().Cmp(models.ExactOf(models.Whole(cents/100)).Rat()) >= 0 {
					t.Errorf("%s comes to %s, want %d cents for a whole year", tt.years[i], got, cents)
				}
			}
			for day, want := range map[string]int{tt.years[0] + "-12-31": 26, tt.years[1] + "-12-31": 41, tt.day: 58} {
				at, _ := models.ParseDate(day)
				if n, err := contracts.InventedRunning(t.Context(), d, at, "nothing"); err != nil || n != want {
					t.Errorf("%d run on %s, want %d, %v", n, day, want, err)
				}
			}
			if checked, err := spend.Check(t.Context(), d); err != nil || len(checked.Wrong) > 0 || checked.Charges < rows {
				t.Errorf("%+v, %v", checked, err)
			}
		})
	}
}

// Nothing is left to chance: two databases of one day are told the same.
func TestThreeYearsAreTheSameEachTime(t *testing.T) {
	var before []string
	for range 2 {
		d, _ := yearsOn(t, "2026-11-22")
		var got []string
		if err := d.Select(t.Context(), &got, `SELECT file || ' ' || hash FROM ledger_batches ORDER BY id`); err != nil || len(got) < 40 {
			t.Fatalf("%d files, %v", len(got), err)
		}
		if before != nil && !slices.Equal(got, before) {
			t.Errorf("the files are other ones: %v and %v", got, before)
		}
		before = got
	}
}

// All these look at one database.
func TestThreeYears(t *testing.T) {
	d, _ := yearsOn(t, "2026-11-22")
	if f := os.Getenv("KEEP"); f != "" {
		if err := d.Copy(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	all := chargesOf(t, d)
	for _, tt := range []struct {
		name string
		f    func(*testing.T, *db.DB, []charged)
	}{{"came as files", yearsAreFiles}, {"invoices name their contracts", yearsNameContracts}, {"VAT follows the law", yearsHaveVAT}, {"there is something to find", yearsHaveFindings},
		{"what is found comes to what is told", yearsAddUp}, {"use follows the year", yearsHaveSeasons}} {
		t.Run(tt.name, func(t *testing.T) { tt.f(t, d, all) })
	}
}

// yearsAreFiles: every file is read without a loss, by the worker and through the doors of everybody, and
// all in it is known here but the vendors of contracts that bodies brought themselves.
func yearsAreFiles(t *testing.T, d *db.DB, all []charged) {
	var batches []struct {
		File                                        string
		State                                       spend.State
		Kept                                        int
		Account                                     *int64 `db:"accepted_by"`
		Rows, Taken, Rejected, LeftOut, Unconverted int
	}
	if err := d.Select(t.Context(), &batches, `SELECT file, state, kept, accepted_by, rows, taken, rejected, left_out AS leftout, unconverted FROM ledger_batches ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, b := range batches {
		lines += b.Rows
		if b.State != spend.Accepted || b.Kept == 0 || b.Account == nil || b.Rows == 0 || b.Taken != b.Rows || b.Rejected+b.LeftOut+b.Unconverted > 0 {
			t.Errorf("%+v", b)
		}
	}
	if lines < 1100 || lines > 1600 {
		t.Errorf("there are %d rows", lines)
	}
	seen := map[string]string{} // by number: what is on it
	for _, c := range all {
		if c.BodyCode == "" || c.VendorCode == "" && !strings.HasPrefix(c.Service, "Näidis-") || c.Slug == "" && !strings.HasPrefix(c.Service, "Näidis-") && c.Kind != spend.Tax {
			t.Fatalf("not all is known of %+v", c)
		}
		if len(c.Reference) != len("IN-2026-00001") || !strings.HasPrefix(c.Reference, "IN-"+c.Month[:4]+"-") {
			t.Errorf("a number is %q in %s", c.Reference, c.Month)
		}
		what := fmt.Sprint(c.BodyCode, c.VendorCode, c.Contract, c.Invoiced)
		if was, ok := seen[c.Reference]; ok && was != what {
			t.Errorf("%s is of %s and of %s", c.Reference, was, what)
		}
		seen[c.Reference] = what
		for _, real := range []string{"koolitoode", "nutiteq", "positium", "3d-technologies"} {
			if c.VendorCode == real {
				t.Errorf("a real company is paid: %+v", c)
			}
		}
	}
}

// yearsNameContracts: what invoices name as their contract is how pages name it.
func yearsNameContracts(t *testing.T, d *db.DB, all []charged) {
	var subscribed []contracts.Subscription
	if err := d.Select(t.Context(), &subscribed, `SELECT id, organisation_id, reference FROM subscriptions`); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, s := range subscribed {
		known[s.Code()], known[s.Reference] = true, s.Reference != ""
	}
	named := map[string]bool{}
	for _, c := range all {
		if c.Contract != "" && !known[c.Contract] {
			t.Errorf("%s names contract %q, which nobody has", c.Reference, c.Contract)
		}
		named[c.Contract] = true
	}
	if len(named) < 56 {
		t.Errorf("only %d contracts are named", len(named))
	}
}

// yearsHaveVAT: VAT is that of the day, to the cent of each row, and none is on what comes from abroad.
func yearsHaveVAT(t *testing.T, _ *db.DB, all []charged) {
	abroad := []string{"00000002", "00000008", "00000019", "00000022"}
	net, vat := map[string]models.Exact{}, map[string]models.Exact{}
	for _, c := range all {
		if c.DocumentID != nil {
			continue // whose VAT is one row for the whole
		}
		rate := "0.22"
		switch {
		case slices.Contains(abroad, c.VendorCode):
			rate = "0"
		case c.Month >= "2025-07":
			rate = "0.24"
		}
		key := c.Month + " " + rate
		into := net
		if c.Kind == spend.Tax {
			into = vat
		}
		sum := into[key]
		add(t, &sum, c.Billed)
		into[key] = sum
	}
	for key, sum := range net {
		rate, _ := models.ParseExact(strings.Fields(key)[1])
		want, _ := rate.Rat().Mul(rate.Rat(), sum.Rat()).Float64()
		if got, _ := vat[key].Rat().Float64(); got < want-0.5 || got > want+0.5 {
			t.Errorf("VAT of %s on %s is %s, want about %.2f", key, sum, vat[key], want)
		}
	}
	if len(net) < 40 {
		t.Errorf("only %d sums", len(net))
	}
}
