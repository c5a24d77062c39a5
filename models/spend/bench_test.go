package spend_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pilveturg/db"
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

// BenchmarkImport reads a table into the ledger and accepts it. Where the program sqlite3
// is there, it has it import the same table right afterwards, into one with two indexes,
// and says how many times as long the ledger took.
func BenchmarkImport(b *testing.B) {
	content := tableOf(benchRows)
	path := filepath.Join(b.TempDir(), "table.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	var ledger, plain used
	for b.Loop() {
		ledger.add(func() { importTable(b, content) })
		plain.add(func() { importPlain(b, path) })
	}
	b.ReportMetric(float64(b.N)*benchRows/ledger.wall.Seconds(), "rows/s")
	b.ReportMetric(ledger.wall.Seconds()/float64(b.N), "s/import")
	b.ReportMetric(ledger.cpu.Seconds()/float64(b.N), "cpu-s/import")
	if plain.wall > 0 {
		b.ReportMetric(plain.wall.Seconds()/float64(b.N), "s/.import")
		b.ReportMetric(plain.cpu.Seconds()/float64(b.N), "cpu-s/.import")
		b.ReportMetric(ledger.wall.Seconds()/plain.wall.Seconds(), "times/.import")
	}
}

const benchRows = 1_000_000

// importTable does what the command does with a file that is too large to be kept.
func importTable(b *testing.B, content []byte) {
	o := newOffice(b)
	o.finance.Program = "bench"
	var batch *spend.Batch
	try := func(f func(context.Context, *db.Tx) error) {
		if err := o.try(o.finance, f); err != nil {
			b.Fatal(err)
		}
	}
	work := func() {
		if err := o.worker.Work(b.Context(), batch.ID, openOf(content)); err != nil {
			b.Fatal(err)
		}
	}
	try(func(ctx context.Context, tx *db.Tx) (err error) {
		batch, err = spend.Bring(ctx, tx, spend.File{Name: "bench.csv", Hash: strings.Repeat("a", 64), Bytes: int64(len(content))})
		return err
	})
	work()
	found := o.batch(batch.ID)
	try(func(ctx context.Context, tx *db.Tx) error {
		return spend.Read(ctx, tx, batch.ID, spend.Charges, found.Mapping())
	})
	work()
	if at := o.batch(batch.ID); at.Taken != benchRows {
		b.Fatalf("%+v", at)
	}
	try(func(ctx context.Context, tx *db.Tx) error { return spend.Accept(ctx, tx, batch.ID) })
}

// importPlain has the program of SQLite read a table into one with two indexes.
func importPlain(b *testing.B, path string) {
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		return
	}
	c := exec.CommandContext(b.Context(), program, filepath.Join(b.TempDir(), "plain.db"))
	c.Stdin = strings.NewReader(`PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE charges (supplier TEXT, buyer TEXT, day TEXT, number TEXT, category TEXT, service TEXT, amount NUMERIC, currency TEXT);
CREATE INDEX charges_cell ON charges (buyer, day, supplier);
CREATE INDEX charges_number ON charges (number);
.import --csv --skip 1 "` + path + `" charges
`)
	if said, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, said)
	}
}

// used is time that passed and time of processors, of this program and of those it ran.
type used struct{ wall, cpu time.Duration }

func (u *used) add(f func()) {
	start, before := time.Now(), processor()
	f()
	u.wall += time.Since(start)
	u.cpu += processor() - before
}

func processor() (all time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var r syscall.Rusage
		_ = syscall.Getrusage(who, &r) // of what is measured nothing depends on it
		all += time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	return all
}
