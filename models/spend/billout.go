package spend

import (
	"context"
	"fmt"
	"io"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend/focus"
)

// BillWritten is what became of charges that were to be written as a bill.
type BillWritten struct {
	Rows    int // that were written
	Undated int // charges without a month: FOCUS has no way to say them
	Unread  int // of the rows those whose other columns cannot be read; the rest of them was written
}

// WriteBill writes the charges of a query that the actor sees as a bill in FOCUS 1.2, and
// tells what became of them. A charge that came in such a bill goes out with the same
// values; of others the columns say what the ledger knows. It holds none in memory.
func WriteBill(ctx context.Context, w io.Writer, r db.Reader, a models.Actor, q Query) (done BillWritten, err error) {
	from, err := sources(ctx, r)
	if err != nil {
		return done, err
	}
	each, err := EachLine(ctx, r, a, q)
	if err != nil {
		return done, err
	}
	out := focus.NewWriter(w)
	for c, err := range each {
		if err != nil {
			return done, err
		}
		if c.Month == "" || c.Invoiced.IsZero() {
			done.Undated++
			continue
		}
		f := billOf(&c)
		if source := from[c.BatchID]; source.Format == FOCUS {
			kept := f
			if putBack(c.More, &kept) == nil {
				f = kept
			} else {
				done.Unread++
			}
		} else {
			f.BillingAccountID = orElse(f.BillingAccountID, source.Scheme+":"+source.Code)
		}
		if err := out.Write(&f); err != nil {
			return done, err
		}
		done.Rows++
	}
	return done, out.Close()
}

// sourceRow is what a batch is and in whose books.
type sourceRow struct {
	ID     int64  `db:"id"`
	Format Format `db:"format"`
	Scheme string `db:"scheme"`
	Code   string `db:"code"`
}

// sources are those of all batches that count or counted, or wait to.
func sources(ctx context.Context, r db.Reader) (map[int64]sourceRow, error) {
	var rows []sourceRow
	const q = `/* spend.sources */ SELECT b.id, b.format, o.scheme, o.code FROM ledger_batches b JOIN organisations o ON o.id = b.organisation_id WHERE b.state IN ('staged', 'accepted', 'undone')`
	if err := r.Select(ctx, &rows, q); err != nil {
		return nil, fmt.Errorf("sources of the ledger: %w", err)
	}
	all := make(map[int64]sourceRow, len(rows))
	for _, one := range rows {
		all[one.ID] = one
	}
	return all, nil
}

// NotInBills returns how many charges of a query have no month, so that [WriteBill] leaves
// them out.
func NotInBills(ctx context.Context, r db.Reader, a models.Actor, q Query) (int, error) {
	if q.Month != "" && q.Month != "-" || q.Year != 0 && q.Month == "" {
		return 0, nil
	}
	q.Month = "-"
	return CountLines(ctx, r, a, q)
}
