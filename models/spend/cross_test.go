package spend_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// mixed is a table of charges of everything that sums are told apart by: with services
// over several months, VAT, credits, currencies without a rate and rows without a day.
func mixed(seed uint64, rows int) []byte {
	r := rand.New(rand.NewPCG(seed, 3))
	var b strings.Builder
	b.WriteString("Supplier,Buyer,Invoice date,Service from,Service to,Category,Amount,VAT,Currency\n")
	for range rows {
		year, month := 2025+r.IntN(2), 1+r.IntN(11)
		day := fmt.Sprintf("%d-%02d-%02d", year, month, 1+r.IntN(28))
		from, to, tax := "", "", ""
		if r.IntN(3) == 0 {
			from, to = fmt.Sprintf("%d-%02d-10", year, month), fmt.Sprintf("%d-%02d-09", year, month+1)
		}
		if r.IntN(4) == 0 {
			tax = fmt.Sprintf("%d.%03d", r.IntN(90), r.IntN(1000))
		}
		if r.IntN(20) == 0 {
			day = ""
		}
		fmt.Fprintf(&b, "Vendor %d,Agency %d,%s,%s,%s,Category %d,%d.%02d,%s,%s\n", r.IntN(5), r.IntN(4), day, from, to, r.IntN(3), r.IntN(900)-100, r.IntN(100), tax, []string{"EUR", "EUR", "GBP"}[r.IntN(3)])
	}
	return []byte(b.String())
}

// What was known on a day is answered from the sums of batches, all else from sums that
// were put together: both must say the same.
func TestSumsAreTheSameFromWhicheverTheyAreAnswered(t *testing.T) {
	o := newOffice(t)
	first, second, third := o.staged("first.csv", mixed(1, 300)), o.staged("second.csv", mixed(2, 200)), o.staged("third.csv", mixed(3, 100))
	for _, b := range []*spend.Batch{first, second, third} {
		if err := o.accept(b.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.undo(second.ID); err != nil {
		t.Fatal(err)
	}
	o.agrees()
	all := models.Actor{AccountID: 1, OrgID: o.body, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
	keys := map[spend.By]string{}
	for _, by := range spend.Bys() {
		sums, err := spend.Sums(t.Context(), o.DB, all, spend.Query{WithTax: true}, by)
		if err != nil || len(sums) < 2 {
			t.Fatalf("by %s: %+v, %v", by, sums, err)
		}
		keys[by] = sums[1].Key
	}
	for _, who := range []models.Actor{o.finance, all} {
		for _, bys := range [][]spend.By{nil, {spend.ByMonth}, {spend.ByVendor}, {spend.ByBuyer, spend.ByCategory}, {spend.ByMonth, spend.ByCategory, spend.ByBuyer}, {spend.ByVendor, spend.ByKind, spend.ByCurrency}, {spend.ByMonth, spend.ByVendor}, {spend.ByMonth, spend.ByVendor, spend.ByBuyer}} {
			for _, q := range []spend.Query{{}, {Year: 2025}, {Year: 2026, WithTax: true}, {Month: "2025-03"}, {Month: "-"}, {Kind: spend.Tax}, {Currency: "GBP"}, {Vendor: keys[spend.ByVendor]}, {Buyer: keys[spend.ByBuyer], Year: 2025}, {Category: keys[spend.ByCategory], WithTax: true}, {Vendor: keys[spend.ByVendor], Category: keys[spend.ByCategory], Year: 2026}} {
				for _, q.Basis = range spend.Bases() {
					o.sameSums(who, q, bys)
				}
			}
		}
	}
}

func (o *office) sameSums(who models.Actor, q spend.Query, bys []spend.By) {
	o.t.Helper()
	got, err := spend.SumsBy(o.t.Context(), o.DB, who, q, bys...)
	q.Known = models.Time{Time: dbtest.Moment.AddDate(0, 0, 1)}
	want, err2 := spend.SumsBy(o.t.Context(), o.DB, who, q, bys...)
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w || err != nil || err2 != nil {
		o.t.Errorf("by %v of %+v:\n%s, %v; want\n%s, %v", bys, q, g, err, w, err2)
	}
}

// What is known by two names is one here, in every direction.
func TestNamesOfOneOrganisationAreOneInACross(t *testing.T) {
	o := newOffice(t)
	b := o.staged("mixed.csv", mixed(4, 200))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, o.DB, admin, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE ledger_names SET is_id = ? WHERE kind = 'vendor' AND name IN ('Vendor 1', 'Vendor 2', 'Vendor 3')`, o.vendor)
		return err
	})
	rows, err := spend.SumsBy(t.Context(), o.DB, o.finance, spend.Query{WithTax: true}, spend.ByVendor, spend.ByMonth)
	if err != nil {
		t.Fatal(err)
	}
	seen, sum := map[string]int64{}, int64(0)
	for i, row := range rows {
		key := row.Of[0].Key + " " + row.Of[1].Key
		if seen[key] != 0 || i > 0 && slices.Compare([]string{rows[i-1].Of[0].Key, rows[i-1].Of[1].Key}, []string{row.Of[0].Key, row.Of[1].Key}) >= 0 {
			t.Errorf("%s comes twice, or too late", key)
		}
		seen[key] = row.Rows
		sum += row.Rows
	}
	vendors, err := spend.Sums(t.Context(), o.DB, o.finance, spend.Query{WithTax: true}, spend.ByVendor)
	if err != nil || len(vendors) != 3 || !slices.ContainsFunc(vendors, func(s spend.Sum) bool { return s.Is == o.vendor }) {
		t.Errorf("%d vendors, %v", len(vendors), err)
	}
	n, err := spend.CountLines(t.Context(), o.DB, o.finance, spend.Query{WithTax: true})
	if err != nil || int64(n) != sum {
		t.Errorf("%d rows in the sums, %d lines, %v", sum, n, err)
	}
}

// A question of four directions, or of one that there is not, has no answer.
func TestACrossHasUpToThreeDirections(t *testing.T) {
	o := newOffice(t)
	for _, bys := range [][]spend.By{{"batch"}, {spend.ByMonth, spend.ByVendor, spend.ByBuyer, spend.ByKind}, {spend.ByMonth, ""}} {
		if rows, err := spend.SumsBy(t.Context(), o.DB, o.finance, spend.Query{}, bys...); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("by %q: %+v, %v", bys, rows, err)
		}
	}
}

// Check finds a coarser sum that is not what its charges come to.
func TestCheckFindsACoarserSumThatIsWrong(t *testing.T) {
	for what, spoil := range map[string]string{
		"changed":        `UPDATE ledger_rollups SET whole = whole + 1 WHERE level = 9`,
		"missing":        `DELETE FROM ledger_rollups WHERE level = 5`,
		"packed wrongly": `UPDATE ledger_packs SET months = years`,
		"not packed":     `DELETE FROM ledger_packs`,
		"strange":        `INSERT INTO ledger_rollups SELECT 3, basis, buyer_id, month, vendor_id, category_id, kind, currency, rows, whole, nano, atto, ronto, eur_whole, eur_nano, eur_atto, unconverted FROM ledger_rollups WHERE level = 13`,
	} {
		o := newOffice(t)
		b := o.staged("mixed.csv", mixed(5, 60))
		if err := o.accept(b.ID); err != nil {
			t.Fatal(err)
		}
		dbtest.Write(t, o.DB, admin, func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), spoil); return err })
		if c, err := spend.Check(t.Context(), o.DB); err != nil || len(c.Wrong) == 0 {
			t.Errorf("%s: nothing is wrong, %v", what, err)
		}
		dbtest.Write(t, o.DB, admin, func(tx *db.Tx) error { return spend.Rebuild(t.Context(), tx) })
		o.agrees()
	}
}

// Packs that wait, as all do right after they came to be, change no answer, and are made
// when there is nothing else to do.
func TestPacksThatWaitChangeNoAnswer(t *testing.T) {
	o := newOffice(t)
	b := o.staged("mixed.csv", mixed(6, 200))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, o.DB, admin, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE ledger_packs SET years = NULL, months = NULL WHERE year = '2025'`)
		return err
	})
	cross := []spend.By{spend.ByMonth, spend.ByCategory, spend.ByBuyer}
	o.sameSums(o.finance, spend.Query{WithTax: true}, cross)
	o.agrees()
	for more := true; more; {
		dbtest.Write(t, o.DB, admin, func(tx *db.Tx) (err error) { more, err = spend.Sweep(t.Context(), tx); return err })
	}
	var waiting int
	if err := o.DB.Get(t.Context(), &waiting, `SELECT COUNT(*) FROM ledger_packs WHERE months IS NULL`); err != nil || waiting != 0 {
		t.Errorf("%d packs wait still, %v", waiting, err)
	}
	o.sameSums(o.finance, spend.Query{WithTax: true}, cross)
	o.agrees()
}
