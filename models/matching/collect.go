package matching

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// chargesAtOnce is how many charges are taken into bills by one transaction, and
// billsAtOnce how many bills are matched by one: other writers wait for it.
const (
	chargesAtOnce = 2000
	billsAtOnce   = 100
)

// row is a charge as a bill is made of it.
type row struct {
	spend.Charge
	BuyerID  int64 `db:"buyer_id"`
	VendorID int64 `db:"vendor_id"`
}

// billKey tells the bills of a batch apart.
type billKey struct {
	buyer, vendor                        int64
	reference, contract, currency, month string
}

func (k billKey) compare(l billKey) int {
	return strings.Compare(fmt.Sprintf("%020d %020d ", k.buyer, k.vendor)+k.reference+"\x00"+k.contract+k.currency+k.month, fmt.Sprintf("%020d %020d ", l.buyer, l.vendor)+l.reference+"\x00"+l.contract+l.currency+l.month)
}

// heap is what charges add to a bill.
type heap struct {
	invoiced, from, to  models.Date
	first, last         int
	charges, unknown    int64
	net, euros          models.Exact
	months              map[string]models.Exact
	documentID, foundID int64
}

// collect takes the next charges of a batch into bills. It returns the line up to which
// they are taken now, and whether there may be more.
func collect(ctx context.Context, tx *db.Tx, batch int64, after int) (line int, more bool, err error) {
	const q = `/* matching.collect */ SELECT c.id, c.batch_id, c.line, c.document_id, c.buyer_id, c.vendor_id, c.kind, c.reference, c.contract, c.month, c.invoiced, c.service_from, c.service_to, c.billed, c.effective, c.currency, c.rate, c.euros
		FROM ledger_charges c WHERE c.batch_id = ? AND c.line > ? ORDER BY c.line, c.id LIMIT ?`
	var rows []row
	if err := tx.Select(ctx, &rows, q, batch, after, chargesAtOnce+1); err != nil {
		return after, false, fmt.Errorf("charges of batch %d: %w", batch, err)
	}
	if rows, more, err = wholeLines(rows); err != nil || len(rows) == 0 {
		return after, false, err
	}
	heaps := map[billKey]*heap{}
	for i := range rows {
		if err := pile(heaps, &rows[i]); err != nil {
			return after, false, fmt.Errorf("charge %d: %w", rows[i].ID, err)
		}
	}
	first, line := rows[0].Line, rows[len(rows)-1].Line
	if err := writeBills(ctx, tx, batch, heaps); err != nil {
		return after, false, err
	}
	return line, more, writeMonths(ctx, tx, batch, first, heaps)
}

// wholeLines leaves of the charges that were read those whose line was read to its end:
// several charges may come of one.
func wholeLines(rows []row) ([]row, bool, error) {
	if len(rows) <= chargesAtOnce {
		return rows, false, nil
	}
	last := rows[len(rows)-1].Line
	n := len(rows)
	for n > 0 && rows[n-1].Line == last {
		n--
	}
	if n == 0 {
		return nil, false, fmt.Errorf("line %d has more than %d charges", last, chargesAtOnce)
	}
	return rows[:n], true, nil
}

// pile adds a charge to its bill.
func pile(heaps map[billKey]*heap, c *row) (err error) {
	key := billKey{c.BuyerID, c.VendorID, c.Reference, c.Charge.Contract, c.Currency, c.Month}
	h := heaps[key]
	if h == nil {
		h = &heap{first: c.Line, invoiced: c.Invoiced, months: map[string]models.Exact{}}
		heaps[key] = h
	}
	if c.DocumentID != nil {
		h.documentID = *c.DocumentID
	}
	h.last = c.Line
	h.charges++
	if h.invoiced.IsZero() {
		h.invoiced = c.Invoiced
	}
	if !c.From.IsZero() && (h.from.IsZero() || c.From.Before(h.from)) {
		h.from = c.From
	}
	if !c.To.IsZero() && h.to.Before(c.To) {
		h.to = c.To
	}
	if c.Kind == spend.Tax {
		return nil
	}
	if h.net, err = h.net.Add(c.Billed); err != nil {
		return err
	}
	if !c.Euros.Known {
		h.unknown++
		return nil
	}
	if h.euros, err = h.euros.Add(c.Euros.Exact); err != nil {
		return err
	}
	parts, known, err := c.Accrued()
	if !known || err != nil {
		return err
	}
	for _, p := range parts {
		if h.months[p.Month], err = h.months[p.Month].Add(p.Euros); err != nil {
			return err
		}
	}
	return nil
}

var billColumns = []string{"batch_id", "document_id", "buyer_id", "vendor_id", "reference", "contract", "currency", "month", "invoiced", "service_from", "service_to", "first_line", "last_line", "charges",
	"whole", "nano", "atto", "ronto", "eur_whole", "eur_nano", "eur_atto", "unconverted"}

// rowsAtOnce is how many rows are written by one statement.
const rowsAtOnce = 40

// sorted are the keys of what is written, so that all writers lock rows in one order.
func sorted(heaps map[billKey]*heap) []billKey {
	return slices.SortedFunc(maps.Keys(heaps), billKey.compare)
}

// writeBills adds to the bills of a batch, and makes those that are new.
func writeBills(ctx context.Context, tx *db.Tx, batch int64, heaps map[billKey]*heap) error {
	one := `(?` + strings.Repeat(`, ?`, len(billColumns)-1) + `)`
	for part := range slices.Chunk(sorted(heaps), rowsAtOnce) {
		var args []any
		for _, k := range part {
			h := heaps[k]
			whole, nano, atto, ronto := h.net.Parts()
			eurWhole, eurNano, eurAtto, _ := h.euros.Parts()
			args = append(args, batch, db.NullID(h.documentID), k.buyer, k.vendor, k.reference, k.contract, k.currency, k.month, h.invoiced, h.from, h.to, h.first, h.last, h.charges, whole, nano, atto, ronto, eurWhole, eurNano, eurAtto, h.unknown)
		}
		q := `INSERT INTO ledger_bills (` + strings.Join(billColumns, ", ") + `) VALUES ` + one + strings.Repeat(`, `+one, len(part)-1) + `
			ON CONFLICT (batch_id, buyer_id, vendor_id, reference, contract, currency, month) DO UPDATE SET last_line = excluded.last_line, charges = ledger_bills.charges + excluded.charges,
			service_from = CASE WHEN ledger_bills.service_from IS NULL OR excluded.service_from < ledger_bills.service_from THEN excluded.service_from ELSE ledger_bills.service_from END,
			service_to = CASE WHEN ledger_bills.service_to IS NULL OR excluded.service_to > ledger_bills.service_to THEN excluded.service_to ELSE ledger_bills.service_to END,
			whole = ledger_bills.whole + excluded.whole, nano = ledger_bills.nano + excluded.nano, atto = ledger_bills.atto + excluded.atto, ronto = ledger_bills.ronto + excluded.ronto,
			eur_whole = ledger_bills.eur_whole + excluded.eur_whole, eur_nano = ledger_bills.eur_nano + excluded.eur_nano, eur_atto = ledger_bills.eur_atto + excluded.eur_atto, unconverted = ledger_bills.unconverted + excluded.unconverted`
		if _, err := tx.Exec(ctx, q, args...); err != nil {
			return fmt.Errorf("bills of batch %d: %w", batch, err)
		}
	}
	return nil
}

// writeMonths adds to what of the bills falls into which month. The bills that were
// written have charges from a line on.
func writeMonths(ctx context.Context, tx *db.Tx, batch int64, from int, heaps map[billKey]*heap) error {
	var made []Bill
	const find = `/* matching.writeMonths */ SELECT id, buyer_id, vendor_id, reference, contract, currency, month FROM ledger_bills WHERE batch_id = ? AND last_line >= ?`
	if err := tx.Select(ctx, &made, find, batch, from); err != nil {
		return fmt.Errorf("bills of batch %d: %w", batch, err)
	}
	for _, b := range made {
		if h := heaps[billKey{b.BuyerID, b.VendorID, b.Reference, b.Contract, b.Currency, b.Month}]; h != nil {
			h.foundID = b.ID
		}
	}
	var args []any
	n := 0
	write := func() error {
		if n == 0 {
			return nil
		}
		q := `INSERT INTO ledger_bill_months (bill_id, month, eur_whole, eur_nano, eur_atto) VALUES (?, ?, ?, ?, ?)` + strings.Repeat(`, (?, ?, ?, ?, ?)`, n-1) + `
			ON CONFLICT (bill_id, month) DO UPDATE SET eur_whole = ledger_bill_months.eur_whole + excluded.eur_whole, eur_nano = ledger_bill_months.eur_nano + excluded.eur_nano, eur_atto = ledger_bill_months.eur_atto + excluded.eur_atto`
		_, err := tx.Exec(ctx, q, args...)
		args, n = args[:0], 0
		return err
	}
	for _, k := range sorted(heaps) {
		h := heaps[k]
		for _, month := range slices.Sorted(maps.Keys(h.months)) {
			whole, nano, atto, _ := h.months[month].Parts()
			args = append(args, h.foundID, month, whole, nano, atto)
			if n++; n == rowsAtOnce {
				if err := write(); err != nil {
					return fmt.Errorf("months of bills of batch %d: %w", batch, err)
				}
			}
		}
	}
	return write()
}
