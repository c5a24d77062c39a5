package spend

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Basis is by what a charge is seen in a month.
type Basis string

// The bases.
const (
	Billed    Basis = "billed"    // when it was billed
	Effective Basis = "effective" // over which its service runs
	Cash      Basis = "cash"      // when it is due
)

// Bases are all of them.
func Bases() []Basis { return []Basis{Billed, Effective, Cash} }

// cellKey tells the sums apart that are kept of charges.
type cellKey struct {
	basis                   Basis
	month                   string
	buyer, vendor, category int64 // names
	kind                    Kind
	currency                string
}

// cell is what the charges of a key come to.
type cell struct {
	rows, unconverted int64
	amount, euros     models.Exact
}

// cells are the sums of a batch.
type cells map[cellKey]*cell

// everyBasis is the basis of sums that are the same in every view, which most are: they are kept
// once.
const everyBasis Basis = "all"

// add counts a charge in all three views.
func (c cells) add(ch *Charge, buyer, vendor, category int64) error {
	key := cellKey{Billed, ch.Month, buyer, vendor, category, ch.Kind, ch.Currency}
	due := cmp.Or(monthOf(ch.Due), ch.Month)
	if !ch.Effective.Known && due == ch.Month && (!spreads(ch.From, ch.To) || monthOf(ch.From) == ch.Month && monthOf(ch.To.AddDays(-1)) == ch.Month) {
		key.basis = everyBasis
		return c.put(key, 1, ch.Billed, ch.Euros)
	}
	if err := c.put(key, 1, ch.Billed, ch.Euros); err != nil {
		return err
	}
	key.basis, key.month = Cash, due
	if err := c.put(key, 1, ch.Billed, ch.Euros); err != nil {
		return err
	}
	key.basis, key.month = Effective, ch.Month
	return c.accrue(key, ch)
}

// accrue counts what a charge is worth over its service.
func (c cells) accrue(key cellKey, ch *Charge) error {
	amount, euros := ch.Billed, ch.Euros
	if ch.Effective.Known {
		amount = ch.Effective.Exact
		euros = inEuros(amount, ch.Rate)
	}
	if !spreads(ch.From, ch.To) {
		return c.put(key, 1, amount, euros)
	}
	parts, err := spread(amount, ch.From, ch.To)
	if err != nil {
		return err
	}
	var inEuro []part
	if euros.Known {
		if inEuro, err = spread(euros.Exact, ch.From, ch.To); err != nil {
			return err
		}
	}
	for i, p := range parts {
		key.month = p.month
		own := Amount{}
		if euros.Known {
			own = Known(inEuro[i].amount)
		}
		if err := c.put(key, 1, p.amount, own); err != nil {
			return err
		}
	}
	return nil
}

func (c cells) put(key cellKey, rows int64, amount models.Exact, euros Amount) (err error) {
	at := c[key]
	if at == nil {
		at = &cell{}
		c[key] = at
	}
	at.rows += rows
	if at.amount, err = at.amount.Add(amount); err != nil {
		return err
	}
	if !euros.Known {
		at.unconverted += rows
		return nil
	}
	at.euros, err = at.euros.Add(euros.Exact)
	return err
}

var cellColumns = []string{"batch_id", "basis", "month", "buyer_id", "vendor_id", "category_id", "kind", "currency", "rows", "whole", "nano", "atto", "ronto", "eur_whole", "eur_nano", "eur_atto", "unconverted"}

// cellsAtOnce is how many sums are written by one statement.
const cellsAtOnce = 60

// write adds sums to those of a batch.
func (c cells) write(ctx context.Context, tx *db.Tx, batch int64) error {
	keys := slices.SortedFunc(maps.Keys(c), cellKey.compare)
	one := `(?` + strings.Repeat(`, ?`, len(cellColumns)-1) + `)`
	for part := range slices.Chunk(keys, cellsAtOnce) {
		args := make([]any, 0, len(part)*len(cellColumns))
		for _, k := range part {
			at := c[k]
			whole, nano, atto, ronto := at.amount.Parts()
			eurWhole, eurNano, eurAtto, _ := at.euros.Parts() // euros have 12 decimals
			args = append(args, batch, string(k.basis), k.month, k.buyer, k.vendor, k.category, string(k.kind), k.currency, at.rows, whole, nano, atto, ronto, eurWhole, eurNano, eurAtto, at.unconverted)
		}
		q := `INSERT INTO ledger_batch_cells (` + strings.Join(cellColumns, ", ") + `) VALUES ` + one + strings.Repeat(`, `+one, len(part)-1) + ` ON CONFLICT (batch_id, basis, month, buyer_id, vendor_id, category_id, kind, currency) DO UPDATE SET ` + added("ledger_batch_cells")
		if _, err := tx.Exec(ctx, q, args...); err != nil {
			return fmt.Errorf("sums of batch %d: %w", batch, err)
		}
	}
	return nil
}

// added adds the sums of a row that is there already to those of a table.
func added(table string) string {
	var parts []string
	for _, column := range strings.Split(cellSums, ", ") {
		parts = append(parts, column+` = `+table+`.`+column+` + excluded.`+column)
	}
	return strings.Join(parts, ", ")
}

func (k cellKey) compare(l cellKey) int {
	return cmp.Or(cmp.Compare(k.basis, l.basis), cmp.Compare(k.month, l.month), cmp.Compare(k.buyer, l.buyer), cmp.Compare(k.vendor, l.vendor), cmp.Compare(k.category, l.category), cmp.Compare(k.kind, l.kind), cmp.Compare(k.currency, l.currency))
}

// cellsOf are the columns by which cells are told apart, and those that are summed.
const (
	cellsBy  = `basis, buyer_id, month, vendor_id, category_id, kind, currency`
	cellSums = `rows, whole, nano, atto, ronto, eur_whole, eur_nano, eur_atto, unconverted`
)

// sumsOf are the sums over several cells; PostgreSQL adds whole numbers to a wider kind.
const sumsOf = `CAST(SUM(rows) AS BIGINT), CAST(SUM(whole) AS BIGINT), CAST(SUM(nano) AS BIGINT), CAST(SUM(atto) AS BIGINT), CAST(SUM(ronto) AS BIGINT), CAST(SUM(eur_whole) AS BIGINT), CAST(SUM(eur_nano) AS BIGINT), CAST(SUM(eur_atto) AS BIGINT), CAST(SUM(unconverted) AS BIGINT)`

// count makes a batch count, or stop counting, in the sums of all.
func count(ctx context.Context, tx *db.Tx, batch int64) error {
	if err := move(ctx, tx); err != nil {
		return err
	}
	const q = `INSERT INTO ledger_cells (` + cellsBy + `, ` + cellSums + `)
		SELECT ` + cellsBy + `, ` + cellSums + ` FROM ledger_batch_cells WHERE batch_id = ?
		ON CONFLICT (` + cellsBy + `) DO UPDATE SET `
	if _, err := tx.Exec(ctx, q+added("ledger_cells"), batch); err != nil {
		return err
	}
	return roll(ctx, tx, `ledger_batch_cells`, `c.batch_id = ?`, batch)
}

func uncount(ctx context.Context, tx *db.Tx, batch int64) error {
	if err := move(ctx, tx); err != nil {
		return err
	}
	const same = `FROM ledger_batch_cells b WHERE b.batch_id = ? AND b.basis = ledger_cells.basis AND b.buyer_id = ledger_cells.buyer_id AND b.month = ledger_cells.month AND b.vendor_id = ledger_cells.vendor_id
		AND b.category_id = ledger_cells.category_id AND b.kind = ledger_cells.kind AND b.currency = ledger_cells.currency`
	const gone = `DELETE FROM ledger_cells WHERE (` + cellsBy + `) IN (SELECT ` + cellsBy + ` FROM ledger_batch_cells WHERE batch_id = ?) AND rows = (SELECT b.rows ` + same + `)`
	if _, err := tx.Exec(ctx, gone, batch, batch); err != nil {
		return err
	}
	const q = `UPDATE ledger_cells SET rows = ledger_cells.rows - b.rows, whole = ledger_cells.whole - b.whole, nano = ledger_cells.nano - b.nano, atto = ledger_cells.atto - b.atto, ronto = ledger_cells.ronto - b.ronto,
			eur_whole = ledger_cells.eur_whole - b.eur_whole, eur_nano = ledger_cells.eur_nano - b.eur_nano, eur_atto = ledger_cells.eur_atto - b.eur_atto, unconverted = ledger_cells.unconverted - b.unconverted `
	if _, err := tx.Exec(ctx, q+same, batch); err != nil {
		return err
	}
	return unroll(ctx, tx, `ledger_batch_cells`, `c.batch_id = ?`, batch)
}

// Rebuild makes the sums of all batches that count anew.
func Rebuild(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("rebuild the ledger's sums: %w", models.ErrForbidden)
	}
	for _, table := range []string{"ledger_cells", "ledger_rollups", "ledger_packs"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table); err != nil {
			return fmt.Errorf("rebuild the ledger's sums: %w", err)
		}
	}
	const q = `INSERT INTO ledger_cells (` + cellsBy + `, ` + cellSums + `)
		SELECT ` + cellsBy + `, ` + sumsOf + ` FROM ledger_batch_cells WHERE batch_id IN (SELECT id FROM ledger_batches WHERE state = 'accepted') GROUP BY ` + cellsBy
	_, err := tx.Exec(ctx, q)
	if err == nil {
		err = roll(ctx, tx, `ledger_cells`, `c.rows > 0`)
	}
	if err == nil {
		err = move(ctx, tx)
	}
	if err != nil {
		return fmt.Errorf("rebuild the ledger's sums: %w", err)
	}
	return audit.Record(ctx, tx, rebuilt, "ledger")
}
