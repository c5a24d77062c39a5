package spend_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/spend"
)

// The ledger of the benchmark: in each of 36 months 200 bodies pay 30 of 300 vendors each
// for services of 20 categories; a fifth of the rows is VAT.
const (
	fiveMonths = 36
	fiveRows   = 138_889 // a month
)

// fiveCharges are the charges of a month; its number is the first argument, the second
// its batch.
const fiveCharges = `INSERT INTO ledger_charges (batch_id, line, buyer_id, vendor_id, category_id, kind, service, reference, month, invoiced, billed, currency, rate, rate_day, euros)
	WITH RECURSIVE n (i, h) AS (SELECT 0, 17 UNION ALL SELECT i + 1, (h * 48271) % 2147483647 FROM n WHERE i < 138888),
	v (m, batch) AS (SELECT ?, ?),
	c AS (SELECT i, h, i % 200 AS buyer, ((i % 200) * 7 + (h / 7 % 30) * 31) % 300 AS vendor, m, batch, printf('%04d-%02d', 2024 + m / 12, m % 12 + 1) AS month, printf('%d.%02d', h / 11 % 5000, h / 13 % 100) AS billed FROM n, v)
	SELECT batch, i + 2, buyer + 1, vendor + 201, (vendor + h / 17 % 2) % 20 + 501, CASE WHEN h / 23 % 5 = 0 THEN 'tax' ELSE 'purchase' END, 'Service ' || vendor, printf('IN-%d-%06d', m, i), month, printf('%s-%02d', month, h / 19 % 28 + 1), billed, 'EUR', '1', printf('%s-%02d', month, h / 19 % 28 + 1), billed FROM c`

// fiveCells are the sums of a batch.
const fiveCells = `INSERT INTO ledger_batch_cells (batch_id, basis, month, buyer_id, vendor_id, category_id, kind, currency, rows, whole, nano, atto, ronto, eur_whole, eur_nano, eur_atto, unconverted)
	SELECT batch_id, 'all', month, buyer_id, vendor_id, category_id, kind, currency, COUNT(*), SUM(CAST(billed AS INTEGER)), SUM(CAST(SUBSTR(billed, -2) AS INTEGER) * 10000000), 0, 0, SUM(CAST(billed AS INTEGER)), SUM(CAST(SUBSTR(billed, -2) AS INTEGER) * 10000000), 0, 0
	FROM ledger_charges WHERE batch_id = ? GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`

// fiveNames are the names of bodies, vendors and categories, in the books of an
// organisation.
const fiveNames = `INSERT INTO ledger_names (id, organisation_id, kind, name)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 520)
	SELECT i, ?, CASE WHEN i <= 200 THEN 'buyer' WHEN i <= 500 THEN 'vendor' ELSE 'category' END, printf('Name %03d', i) FROM n`

// five opens a ledger of 5,000,000 charges. Making it takes minutes, so it is kept until
// it would be made otherwise.
func five(b *testing.B) *db.DB {
	if os.Getenv("PILVETURG_LEDGER_FIVE") == "" {
		b.Skip("PILVETURG_LEDGER_FIVE is not set: it makes a database of 5,000,000 charges, which takes minutes")
	}
	files, err := filepath.Glob("../../db/migrations/*")
	if err != nil {
		b.Fatal(err)
	}
	hash := sha256.Sum256([]byte(fmt.Sprint(files, fiveCharges, fiveCells, fiveNames, fiveMonths, fiveRows)))
	path := filepath.Join(os.TempDir(), "pilveturg-five-"+hex.EncodeToString(hash[:6])+".db")
	if _, err := os.Stat(path); err != nil {
		part := path + ".part"
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(part + end) // of a run that was ended
		}
		d := openFive(b, part)
		makeFive(b, d)
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		if err := os.Rename(part, path); err != nil {
			b.Fatal(err)
		}
	}
	d := openFive(b, path)
	b.Cleanup(func() { d.Close() })
	return d
}

func openFive(b *testing.B, path string) *db.DB {
	d, err := db.Open(b.Context(), path)
	if err == nil {
		err = d.Migrate(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func makeFive(b *testing.B, d *db.DB) {
	write := func(f func(context.Context, *db.Tx) error) {
		if err := d.WriteAlone(b.Context(), admin, func(tx *db.Tx) error { return f(b.Context(), tx) }); err != nil {
			b.Fatal(err)
		}
	}
	org := identity.Organisation{Key: models.Key{Scheme: "test", Code: "state"}, Kind: identity.Agency, Names: models.Text{"en": "State of Samples"}}
	write(func(ctx context.Context, tx *db.Tx) error {
		if _, _, err := identity.Put(ctx, tx, &org); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, fiveNames, org.ID)
		return err
	})
	for month := range fiveMonths {
		write(func(ctx context.Context, tx *db.Tx) error {
			var id int64
			if err := tx.Get(ctx, &id, `INSERT INTO ledger_batches (organisation_id, state, file, hash, bytes, kept, created_at) VALUES (?, 'uploaded', 'made.csv', ?, 1, 0, ?) RETURNING id`, org.ID, fmt.Sprintf("%064d", month), tx.Now); err != nil {
				return err
			}
			for _, step := range []struct {
				text string
				args []any
			}{
				{`UPDATE ledger_batches SET state = 'loading' WHERE id = ?`, []any{id}},
				{fiveCharges, []any{month, id}},
				{fiveCells, []any{id}},
				{`UPDATE ledger_batches SET state = 'staged', rows = ?, taken = rows WHERE id = ?`, []any{0, id}},
				{`UPDATE ledger_batches SET state = 'accepted', accepted_at = ? WHERE id = ?`, []any{tx.Now, id}},
			} {
				if _, err := tx.Exec(ctx, step.text, step.args...); err != nil {
					return fmt.Errorf("%s: %w", step.text, err)
				}
			}
			return nil
		})
	}
	write(spend.Rebuild)
	if err := d.Analyze(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFive asks a ledger of 5,000,000 charges, as somebody who sees all of it.
func BenchmarkFive(b *testing.B) {
	d := five(b)
	state := models.Actor{AccountID: 1, OrgID: 1, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
	year, month, agency := spend.Query{Year: 2025}, spend.Query{Month: "2025-03"}, spend.Query{Buyer: "n17"}
	vendor := spend.Query{Vendor: "n219"}
	agencyYear := spend.Query{Buyer: "n17", Year: 2025}
	for _, one := range []struct {
		name string
		q    spend.Query
		bys  []spend.By
	}{
		{"category and agency in a month", month, []spend.By{spend.ByCategory, spend.ByBuyer}},
		{"category and agency in a year", year, []spend.By{spend.ByCategory, spend.ByBuyer}},
		{"category and agency", spend.Query{}, []spend.By{spend.ByCategory, spend.ByBuyer}},
		{"month and category of an agency", agency, []spend.By{spend.ByMonth, spend.ByCategory}},
		{"month and category in a year", year, []spend.By{spend.ByMonth, spend.ByCategory}},
		{"month and agency in a year", year, []spend.By{spend.ByMonth, spend.ByBuyer}},
		{"month and agency of a category", spend.Query{Category: "n507"}, []spend.By{spend.ByMonth, spend.ByBuyer}},
		{"month and agency of a category in a year", spend.Query{Category: "n507", Year: 2025}, []spend.By{spend.ByMonth, spend.ByBuyer}},
		{"month, category and agency, all", spend.Query{}, []spend.By{spend.ByMonth, spend.ByCategory, spend.ByBuyer}},
		{"month, category and agency in a year", year, []spend.By{spend.ByMonth, spend.ByCategory, spend.ByBuyer}},
	} {
		ask(b, one.name, 20*time.Millisecond, func() (int, error) {
			rows, err := spend.SumsBy(b.Context(), d, state, one.q, one.bys...)
			return len(rows), err
		})
	}
	for _, by := range spend.Bys() {
		for what, q := range map[string]spend.Query{"all": {}, "year": year, "month": month, "agency": agency, "agency's year": agencyYear, "vendor": vendor} {
			ask(b, "by "+string(by)+", "+what, 20*time.Millisecond, func() (int, error) {
				rows, err := spend.Sums(b.Context(), d, state, q, by)
				return len(rows), err
			})
		}
	}
	for what, q := range map[string]spend.Query{"agency, month, vendor": {Buyer: "n17", Month: "2025-03", Vendor: "n312"}, "agency, month, category": {Buyer: "n17", Month: "2025-03", Category: "n507"}, "agency, month": {Buyer: "n17", Month: "2025-03"}, "agency, year, vendor": {Buyer: "n17", Year: 2025, Vendor: "n312"}} {
		ask(b, "lines of "+what, 50*time.Millisecond, func() (int, error) {
			lines, err := spend.Lines(b.Context(), d, state, q, models.Page{Number: 1, Size: 50})
			if err != nil || len(lines) == 0 {
				return 0, fmt.Errorf("no lines, %w", err)
			}
			return spend.CountLines(b.Context(), d, state, q)
		})
	}
}

// ask reports how long a question takes: at best, in the middle, and of the processor.
func ask(b *testing.B, name string, wanted time.Duration, f func() (int, error)) {
	b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
		var took []time.Duration
		n, all := 0, used{}
		for b.Loop() {
			start := time.Now()
			all.add(func() {
				var err error
				if n, err = f(); err != nil {
					b.Fatal(err)
				}
			})
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(n), "rows")
		b.ReportMetric(all.cpu.Seconds()*1000/float64(len(took)), "cpu-ms/op")
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/p50")
		b.ReportMetric(float64(took[0].Microseconds())/1000, "ms/min")
		if took[0] > wanted {
			b.Logf("%v where %v is wanted", took[0], wanted)
		}
	})
}
