package spend

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
)

// level says what the rows of a coarser sum tell apart, beside the kind and the currency.
type level int

const (
	byBuyer level = 1 << iota
	byVendor
	byCategory
	byMonth // otherwise by year
)

// levels are those that are kept, the coarsest first. Of body and vendor by month there is
// none: it would be as large as ledger_cells.
var levels = []level{byMonth, byMonth | byCategory, byBuyer, byVendor, byVendor | byCategory, byMonth | byBuyer, byMonth | byVendor, byMonth | byVendor | byCategory,
	byBuyer | byCategory, byBuyer | byVendor | byCategory, byMonth | byBuyer | byCategory}

// levelFor returns the coarsest level that tells apart what is needed; 0: there is none.
func levelFor(need level) level {
	for _, l := range levels {
		if l&need == need {
			return l
		}
	}
	return 0
}

const rollupsBy = `level, ` + cellsBy

// rolled is a query for the sums of all levels of some cells.
func rolled(sums, table, only string) string {
	var all []string
	for _, l := range levels {
		all = append(all, `SELECT `+strconv.Itoa(int(l))+` AS level`)
	}
	return `SELECT l.level, c.basis, c.buyer_id * (l.level & 1), CASE WHEN l.level >= 8 THEN c.month ELSE SUBSTR(c.month, 1, 4) END, c.vendor_id * ((l.level >> 1) & 1), c.category_id * ((l.level >> 2) & 1), c.kind, c.currency, ` + sums + `
		FROM ` + table + ` c CROSS JOIN (` + strings.Join(all, ` UNION ALL `) + `) l WHERE ` + only + ` GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`
}

// roll adds those cells of a table to the coarser sums that only is true of.
func roll(ctx context.Context, tx *db.Tx, table, only string, args ...any) error {
	if err := rollSums(ctx, tx, sumsOf, table, only, args); err != nil {
		return err
	}
	return repack(ctx, tx, table, only, args)
}

// unroll takes cells from the coarser sums.
func unroll(ctx context.Context, tx *db.Tx, table, only string, args ...any) error {
	if err := rollSums(ctx, tx, strings.ReplaceAll(sumsOf, `SUM(`, `-SUM(`), table, only, args); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM ledger_rollups WHERE rows = 0`); err != nil {
		return err
	}
	return repack(ctx, tx, table, only, args)
}

func rollSums(ctx context.Context, tx *db.Tx, sums, table, only string, args []any) error {
	q := `INSERT INTO ledger_rollups (` + rollupsBy + `, ` + cellSums + `) ` + rolled(sums, table, only) + ` ON CONFLICT (` + rollupsBy + `) DO UPDATE SET ` + added("ledger_rollups")
	_, err := tx.Exec(ctx, q, args...)
	return err
}

// rollups compares the coarser sums with those of the ledger.
func (c *Checked) rollups(ctx context.Context, r db.Reader, ledger cells) error {
	for l := level(1); l <= byBuyer|byVendor|byCategory|byMonth; l++ {
		want := cells{}
		for key, at := range ledger {
			if !slices.Contains(levels, l) {
				break
			}
			if err := want.join(l.of(key), at); err != nil {
				return err
			}
		}
		kept, err := keptCells(ctx, r, `FROM ledger_rollups WHERE level = ?`, int(l))
		if err != nil {
			return err
		}
		c.compare(fmt.Sprintf("level %d of the ledger", l), kept, want)
	}
	return c.packs(ctx, r, ledger)
}

// of is the key of a cell in a level.
func (l level) of(k cellKey) cellKey {
	if l&byBuyer == 0 {
		k.buyer = 0
	}
	if l&byVendor == 0 {
		k.vendor = 0
	}
	if l&byCategory == 0 {
		k.category = 0
	}
	if l&byMonth == 0 && k.month != "" {
		k.month = k.month[:4]
	}
	return k
}

// join adds a sum to that of a key.
func (c cells) join(key cellKey, add *cell) error {
	at := c[key]
	if at == nil {
		at = &cell{}
		c[key] = at
	}
	return at.add(add)
}

// add adds a sum. It fails with [models.ErrOverflow].
func (c *cell) add(add *cell) (err error) {
	c.rows += add.rows
	c.unconverted += add.unconverted
	if c.amount, err = c.amount.Add(add.amount); err != nil {
		return err
	}
	c.euros, err = c.euros.Add(add.euros)
	return err
}

// source is where a question is answered from.
func (w *where) source(q *Query, need level) (table string) {
	l := levelFor(need)
	w.apart = w.apart && l == need && (l&byMonth != 0 || q.Year != 0 || q.From != "" && q.From[:4] == q.Until[:4])
	switch {
	case !q.Known.IsZero():
		w.apart = false
		w.and(`c.batch_id IN (SELECT id FROM ledger_batches WHERE accepted_at <= ? AND (undone_at IS NULL OR undone_at > ?))`, q.Known, q.Known)
		return `ledger_batch_cells c`
	case l == 0:
		return `ledger_cells c`
	}
	w.and(`c.level = ` + strconv.Itoa(int(l))) // written out, so that an index of one level may be used
	if l&byBuyer == 0 {
		w.and(`c.buyer_id = 0`)
	}
	if l&byMonth == 0 && q.Year != 0 {
		q.Month, q.Year = fmt.Sprintf("%04d", q.Year), 0
	}
	if l&byMonth == 0 && q.From != "" {
		q.From, q.Until = q.From[:4], q.Until[:4]
	}
	return `ledger_rollups c`
}

// parts reports whether a period has parts of years.
func (q *Query) parts() bool {
	return q.From != "" && (!strings.HasSuffix(q.From, "-01") || !strings.HasSuffix(q.Until, "-12"))
}

// need is what a question tells apart or asks for one of.
func (q *Query) need(limited bool, bys []By) (n level) {
	for _, one := range []struct {
		bit  level
		by   By
		only bool
	}{{byBuyer, ByBuyer, q.Buyer != "" || q.Under != 0 || limited}, {byVendor, ByVendor, q.Vendor != ""}, {byCategory, ByCategory, q.Category != ""}, {byMonth, ByMonth, q.Month != "" || q.parts()}} {
		if one.only {
			n |= one.bit
		}
		for _, by := range bys {
			if by == one.by {
				n |= one.bit
			}
		}
	}
	return n
}
