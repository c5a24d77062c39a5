package reports_test

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
	"pilveturg/models/reports"
	"pilveturg/models/spend"
)

// The ledger of the benchmark: in each of 36 months 2,000 bodies pay 10 to 40 of 300
// vendors each for services of 20 categories; a fifth of the rows is VAT, and one in 500 is
// below zero.
const (
	fiveMonths = 36
	fiveRows   = 138_889 // a month
)

// fiveCharges are the charges of a month; its number is the first argument, the second
// its batch.
const fiveCharges = `INSERT INTO ledger_charges (batch_id, line, buyer_id, vendor_id, category_id, kind, service, reference, month, invoiced, billed, currency, rate, rate_day, euros, flags)
	WITH RECURSIVE n (i, h) AS (SELECT 0, 17 UNION ALL SELECT i + 1, (h * 48271) % 2147483647 FROM n WHERE i < 138888),
	v (m, batch) AS (SELECT ?, ?),
	c AS (SELECT i, h, i % 2000 AS buyer, ((i % 2000) * 7 + (h / 7 % (10 + i % 2000 % 31)) * 31) % 300 AS vendor, m, batch, printf('%04d-%02d', 2024 + m / 12, m % 12 + 1) AS month, printf('%s%d.%02d', CASE WHEN h / 29 % 500 = 0 THEN '-' ELSE '' END, h / 11 % 5000 + 1, h / 13 % 100) AS billed FROM n, v)
	SELECT batch, i + 2, buyer + 1, vendor + 2001, (vendor + h / 17 % 2) % 20 + 2301, CASE WHEN h / 23 % 5 = 0 THEN 'tax' ELSE 'purchase' END, 'Service ' || (vendor * 3 + h / 31 % 3), printf('IN-%d-%06d', m, i), month, printf('%s-%02d', month, h / 19 % 28 + 1), billed, 'EUR', '1', printf('%s-%02d', month, h / 19 % 28 + 1), billed, CASE WHEN h / 37 % 400 = 0 THEN 'same_row' ELSE '' END FROM c`

// fiveCells are the sums of a batch.
const fiveCells = `INSERT INTO ledger_batch_cells (batch_id, basis, month, buyer_id, vendor_id, category_id, kind, currency, rows, whole, nano, atto, ronto, eur_whole, eur_nano, eur_atto, unconverted)
	SELECT batch_id, 'all', month, buyer_id, vendor_id, category_id, kind, currency, COUNT(*), SUM(w), SUM(n), 0, 0, SUM(w), SUM(n), 0, 0
	FROM (SELECT *, CAST(billed AS INTEGER) AS w, CAST(SUBSTR(billed, -2) AS INTEGER) * 10000000 * (CASE WHEN SUBSTR(billed, 1, 1) = '-' THEN -1 ELSE 1 END) AS n FROM ledger_charges WHERE batch_id = ?) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`

// fiveNames are the names of bodies, vendors and categories, in the books of an
// organisation.
const fiveNames = `INSERT INTO ledger_names (id, organisation_id, kind, name)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2320)
	SELECT i, ?, CASE WHEN i <= 2000 THEN 'buyer' WHEN i <= 2300 THEN 'vendor' ELSE 'category' END, printf('Name %04d', i) FROM n`

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
	path := filepath.Join(os.TempDir(), "pilveturg-reports-five-"+hex.EncodeToString(hash[:6])+".db")
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
				{`UPDATE ledger_batches SET state = 'staged' WHERE id = ?`, []any{id}},
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

// BenchmarkFive asks every question of a ledger of 5,000,000 charges, as somebody who sees
// all of it; 50 ms are wanted.
func BenchmarkFive(b *testing.B) {
	d := five(b)
	state := models.Actor{AccountID: 1, OrgID: 1, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
	for what, ask := range map[string]reports.Ask{"all": {}, "year": {Year: 2025}, "April": {Year: 2025, First: time.April}, "body": {Buyer: "n17"}, "vendor": {Vendor: "n2019"}} {
		for _, q := range reports.Questions() {
			if q.Path != "" {
				continue
			}
			for _, by := range append(slices.Clone(q.Bys), "")[:max(1, len(q.Bys))] {
				one := ask
				one.By = by
				b.Run(strings.ReplaceAll(q.Code+" by "+by+", "+what, " ", "_"), func(b *testing.B) { answered(b, d, state, q, one) })
			}
		}
	}
}

// answered reports how long an answer takes: at best and in the middle.
func answered(b *testing.B, d *db.DB, who models.Actor, q reports.Question, ask reports.Ask) {
	var took []time.Duration
	rows := 0
	for b.Loop() {
		start := time.Now()
		a, err := q.Answer(b.Context(), d, who, ask)
		if err != nil {
			b.Fatal(err)
		}
		took, rows = append(took, time.Since(start)), len(a.Rows)
	}
	slices.Sort(took)
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/p50")
	b.ReportMetric(float64(took[0].Microseconds())/1000, "ms/min")
}
