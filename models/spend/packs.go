package spend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
)

// packLevel is the level of the sums that stand in packs.
const packLevel = byBuyer | byCategory | byMonth

// packsAtOnce is how many packs that wait one sweep makes.
const packsAtOnce = 200

// packKey tells packs apart.
type packKey struct {
	Basis Basis  `db:"basis"`
	Buyer int64  `db:"buyer_id"`
	Year  string `db:"year"`
}

// repack makes the packs of some cells of a table anew.
func repack(ctx context.Context, tx *db.Tx, table, only string, args []any) error {
	of := `SELECT DISTINCT c.basis, c.buyer_id, SUBSTR(c.month, 1, 4) AS year FROM ` + table + ` c WHERE ` + only
	if _, err := tx.Exec(ctx, `INSERT INTO ledger_packs (basis, buyer_id, year) `+of+` ON CONFLICT (basis, buyer_id, year) DO UPDATE SET years = NULL, months = NULL`, args...); err != nil {
		return err
	}
	var keys []packKey
	if err := tx.Select(ctx, &keys, `/* spend.repack */ `+of, args...); err != nil {
		return err
	}
	return fillPacks(ctx, tx, keys)
}

func fillPacks(ctx context.Context, tx *db.Tx, keys []packKey) error {
	for _, key := range keys {
		if err := key.fill(ctx, tx); err != nil {
			return fmt.Errorf("pack %s of body %d in %q: %w", key.Basis, key.Buyer, key.Year, err)
		}
	}
	return nil
}

// packWaiting makes packs that wait, such as those of before there were any. It returns
// whether it made any.
func packWaiting(ctx context.Context, tx *db.Tx) (did bool, err error) {
	var before, after int
	const waiting = `/* spend.packWaiting */ SELECT COUNT(*) FROM ledger_packs WHERE months IS NULL`
	if err := tx.Get(ctx, &before, waiting); err != nil || before == 0 {
		return false, err
	}
	var keys []packKey
	if err := tx.Select(ctx, &keys, `/* spend.packWaiting */ SELECT basis, buyer_id, year FROM ledger_packs WHERE months IS NULL ORDER BY buyer_id, basis, year LIMIT ?`, packsAtOnce); err != nil {
		return false, fmt.Errorf("packs that wait: %w", err)
	}
	if err := fillPacks(ctx, tx, keys); err != nil {
		return false, err
	}
	err = tx.Get(ctx, &after, waiting)
	return after < before, err
}

func (k packKey) fill(ctx context.Context, tx *db.Tx) error {
	from, to := "", ""
	if k.Year != "" {
		from, to = k.Year+"-01", k.Year+"-12"
	}
	cells, err := keptCells(ctx, tx, `FROM ledger_rollups WHERE level = `+strconv.Itoa(int(packLevel))+` AND basis = ? AND buyer_id = ? AND month BETWEEN ? AND ?`, string(k.Basis), k.Buyer, from, to)
	if errors.Is(err, models.ErrOverflow) {
		return nil // it waits on: who asks for such a sum is told so
	}
	if err != nil {
		return err
	}
	if len(cells) == 0 {
		_, err := tx.Exec(ctx, `DELETE FROM ledger_packs WHERE basis = ? AND buyer_id = ? AND year = ?`, string(k.Basis), k.Buyer, k.Year)
		return err
	}
	months, err := packOf(cells, true)
	if err != nil {
		return nil // the same
	}
	years, err := packOf(cells, false)
	if err != nil {
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE ledger_packs SET years = ?, months = ? WHERE basis = ? AND buyer_id = ? AND year = ?`, years, months, string(k.Basis), k.Buyer, k.Year)
	return err
}

// packOf packs the cells of one body and year, by month or not. It fails with
// [models.ErrOverflow].
func packOf(all cells, byMonths bool) ([]byte, error) {
	type slotted struct {
		kind     Kind
		currency string
		category int64
		slot     int
	}
	sums := map[slotted]cell{}
	for key, at := range all {
		to := slotted{key.kind, key.currency, key.category, 0}
		if byMonths {
			to.slot = monthSlot(key.month)
		}
		sum := sums[to]
		if err := sum.add(at); err != nil {
			return nil, err
		}
		sums[to] = sum
	}
	list := make([]packCell, 0, len(sums))
	for key, sum := range sums {
		list = append(list, packCell{key.kind, key.currency, key.category, key.slot, sum})
	}
	slices.SortFunc(list, func(x, y packCell) int {
		return cmp.Or(cmp.Compare(x.kind, y.kind), cmp.Compare(x.currency, y.currency), cmp.Compare(x.category, y.category), cmp.Compare(x.slot, y.slot))
	})
	return pack(list), nil
}

// monthSlot is where a month stands in a pack: "2025-03" in 3, an unknown one in 0.
func monthSlot(month string) int {
	if len(month) != len("2025-03") {
		return 0
	}
	n, err := strconv.Atoi(month[5:])
	if err != nil || n < 1 || n > 12 {
		return 0
	}
	return n
}

// slotMonth is the month of a slot.
func slotMonth(year string, slot int) string {
	if year == "" || slot == 0 {
		return year
	}
	return year + "-" + strconv.Itoa(100 + slot)[1:]
}

// packRow is a pack with what it is of.
type packRow struct {
	packKey
	Years  []byte `db:"years"`
	Months []byte `db:"months"`
}

// packs compares the packs that are made with the sums of the ledger.
func (c *Checked) packs(ctx context.Context, r db.Reader, ledger cells) error {
	for _, byMonths := range []bool{true, false} {
		what, l := "packs of years", byBuyer|byCategory
		if byMonths {
			what, l = "packs of months", packLevel
		}
		want, kept, waits := cells{}, cells{}, map[packKey]bool{}
		for row, err := range db.Each[packRow](ctx, r, `/* spend.packs */ SELECT basis, buyer_id, year, years, months FROM ledger_packs`) {
			if err == nil {
				err = row.into(kept, waits, byMonths)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
		}
		for key, at := range ledger {
			key = l.of(key)
			if waits[packKey{key.basis, key.buyer, key.month[:min(4, len(key.month))]}] {
				continue // such are asked of ledger_rollups
			}
			if err := want.join(key, at); err != nil {
				return err
			}
		}
		c.compare(what, kept, want)
	}
	return nil
}

// into adds what is in a pack to cells, or says that it waits.
func (p *packRow) into(kept cells, waits map[packKey]bool, byMonths bool) error {
	content := p.Years
	if byMonths {
		content = p.Months
	}
	if content == nil {
		waits[p.packKey] = true
		return nil
	}
	all, err := unpackAll(content)
	for i, one := range all {
		key := cellKey{p.Basis, slotMonth(p.Year, one.slot), p.Buyer, 0, one.category, one.kind, one.currency}
		if err := kept.join(key, &all[i].cell); err != nil {
			return err
		}
	}
	return err
}
