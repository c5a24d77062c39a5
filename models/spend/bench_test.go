package spend_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pilveturg/models/spend"
)

// tableOf is a table of charges of 200 bodies that buy from ten of 300 vendors each.
func tableOf(rows int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("Supplier,Buyer,Invoice date,Invoice number,Category,Service,Amount,Currency\n")
	for i := range rows {
		buyer := r.IntN(200)
		vendor := (buyer*7 + r.IntN(10)*31) % 300
		fmt.Fprintf(&b, "Vendor %d,Agency %d,2026-%02d-%02d,IN-%06d,Category %d,Service number %d,%d.%02d,EUR\n", vendor, buyer, 1+r.IntN(11), 1+r.IntN(28), i, vendor%40, r.IntN(500), r.IntN(5000), r.IntN(100))
	}
	return []byte(b.String())
}

// BenchmarkImport reads a table into the ledger and accepts it.
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	content := tableOf(rows)
	for b.Loop() {
		o := newOffice(b)
		batch, err := o.bring(o.finance, "bench.csv", content)
		if err != nil {
			b.Fatal(err)
		}
		if err := o.worker.Work(b.Context(), batch.ID, openOf(content)); err != nil {
			b.Fatal(err)
		}
		at := o.batch(batch.ID)
		o.read(at, spend.Charges, at.Mapping())
		if at = o.batch(batch.ID); at.Taken != rows {
			b.Fatalf("%+v", at)
		}
		if err := o.accept(batch.ID); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
