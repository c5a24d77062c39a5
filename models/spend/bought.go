package spend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/cases"

	"pilveturg/db"
	"pilveturg/models"
)

// minus is the condition that a charge is below zero; an index has only those.
const minus = `SUBSTR(CAST(c.billed AS TEXT), 1, 1) = '-'`

// bought is what a charge is for, in the words of its source.
const bought = `CASE WHEN c.service <> '' THEN c.service ELSE c.description END`

// Fold makes the words of sources for one thing the same: spaces and capitals do not
// matter.
func Fold(words string) string { return cases.Fold().String(strings.Join(strings.Fields(words), " ")) }

// service limits a query to charges for one thing.
func (w *where) service(ctx context.Context, r db.Reader, q Query) error {
	if q.Vendor == "" {
		return fmt.Errorf("a service without its vendor: %w", models.ErrNotFound)
	}
	of := where{}
	if err := of.name("vendor_id", q.Vendor); err != nil {
		return err
	}
	if err := of.ofVendor(Query{Vendor: q.Vendor}); err != nil {
		return err
	}
	var all []string
	if err := r.Select(ctx, &all, `/* spend.service */ SELECT DISTINCT `+bought+` FROM ledger_charges c`+of.String(), of.args...); err != nil {
		return fmt.Errorf("services of a vendor: %w", err)
	}
	marks, args := db.In(slices.DeleteFunc(all, func(words string) bool { return Fold(words) != q.Service }))
	w.and(bought+` IN `+marks, args...)
	return nil
}

// ofVendor says by whom and when a vendor was paid, so that its charges are found by the
// index of those: an index by vendor of its own would make each import longer.
func (w *where) ofVendor(q Query) error {
	if q.Vendor == "" || q.Buyer != "" {
		return nil
	}
	of := where{}
	if err := of.name("vendor_id", q.Vendor); err != nil {
		return err
	}
	w.and(`(c.buyer_id, c.month) IN (SELECT c.buyer_id, c.month FROM ledger_cells c`+of.String()+`)`, of.args...)
	return nil
}

// Bought is what one body is charged for one thing, in the words of its source.
type Bought struct {
	Vendor, Buyer Label
	Words         string // as a source has them; "" where it does not say
	Unit          string
	Month         string
	Document      int64  // 0: none
	Reference     string // number of the invoice or transaction
	Invoiced      models.Date
	Kind          Kind
	More          string // JSON: the other columns of the source
	Money
	Euros     Amount
	Effective Amount // without it the charge is worth what was billed
	Quantity  Amount
	Price     Amount // of a unit
}

// boughtRow is a charge as a row of a query.
type boughtRow struct {
	VendorID  int64        `db:"vendor_id"`
	BuyerID   int64        `db:"buyer_id"`
	Words     string       `db:"words"`
	Unit      string       `db:"unit"`
	Month     string       `db:"month"`
	Document  int64        `db:"document_id"`
	Reference string       `db:"reference"`
	Invoiced  models.Date  `db:"invoiced"`
	Kind      Kind         `db:"kind"`
	More      string       `db:"more"`
	Effective Amount       `db:"effective"`
	Billed    models.Exact `db:"billed"`
	Currency  string       `db:"currency"`
	Euros     Amount       `db:"euros"`
	Quantity  Amount       `db:"quantity"`
	UnitPrice Amount       `db:"unit_price"`
}

// EachBought returns what was charged for what, charge by charge, of those that a query
// finds. It reads charges, not sums: ask for a vendor, for what is below zero, or of a
// ledger that is not large.
func EachBought(ctx context.Context, r db.Reader, a models.Actor, q Query) ([]Bought, error) {
	return eachBought(ctx, r, a, q, `''`)
}

// EachCommitted returns the same of charges for what was paid for ahead, as bills of clouds
// have it; More has what they say of it.
func EachCommitted(ctx context.Context, r db.Reader, a models.Actor, q Query) ([]Bought, error) {
	return eachBought(ctx, r, a, q, `c.more`, committed)
}

// committed is the condition that a charge is for what was paid for ahead; an index has
// only those.
const committed = `REPLACE(c.more, '"CommitmentDiscountId"', '') <> c.more`

func eachBought(ctx context.Context, r db.Reader, a models.Actor, q Query, more string, only ...string) ([]Bought, error) {
	w, err := lines(ctx, r, a, q)
	if err != nil {
		return nil, err
	}
	for _, one := range only {
		w.and(one)
	}
	text := `/* spend.EachBought */ SELECT c.vendor_id, c.buyer_id, ` + bought + ` AS words, c.unit, c.month, COALESCE(c.document_id, 0) AS document_id, c.reference, c.invoiced, c.kind, ` + more + ` AS more, c.effective, c.billed, c.currency, c.euros, c.quantity, c.unit_price FROM ledger_charges c` + w.String()
	var rows []boughtRow
	if err := r.Select(ctx, &rows, text, w.args...); err != nil {
		return nil, fmt.Errorf("what was bought: %w", err)
	}
	names, err := labels(ctx, r, rows)
	if err != nil {
		return nil, err
	}
	all := make([]Bought, len(rows))
	for i, row := range rows {
		all[i] = Bought{Vendor: names[row.VendorID], Buyer: names[row.BuyerID], Words: row.Words, Unit: row.Unit, Month: row.Month, Document: row.Document, Reference: row.Reference, Invoiced: row.Invoiced, Kind: row.Kind, More: row.More,
			Money: Money{row.Currency, row.Billed}, Euros: row.Euros, Effective: row.Effective, Quantity: row.Quantity, Price: row.UnitPrice}
	}
	return all, nil
}

// labels are the names in rows, by their ids.
func labels(ctx context.Context, r db.Reader, rows []boughtRow) (map[int64]Label, error) {
	seen := map[int64]bool{}
	var ids []int64
	for _, row := range rows {
		for _, id := range []int64{row.VendorID, row.BuyerID} {
			if !seen[id] {
				seen[id], ids = true, append(ids, id)
			}
		}
	}
	return Labels(ctx, r, ids)
}

// Labels are names of the ledger, by their ids.
func Labels(ctx context.Context, r db.Reader, ids []int64) (map[int64]Label, error) {
	all := make(map[int64]Label, len(ids))
	for part := range slices.Chunk(ids, 500) {
		marks, args := db.In(part)
		q := `/* spend.Labels */ SELECT id, organisation_id, kind, name, COALESCE(is_id, 0) AS is_id, category FROM ledger_names WHERE id IN ` + marks
		for n, err := range db.Each[Name](ctx, r, q, args...) {
			if err != nil {
				return nil, fmt.Errorf("names: %w", err)
			}
			all[n.ID] = Label{n.key(), n.Name, n.Is}
		}
	}
	return all, nil
}

// CompareLabels puts labels into the order of their names.
func CompareLabels(x, y Label) int {
	return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Key, y.Key))
}

// EachRepeated returns the same of charges that are written the same as an earlier one of
// their file.
func EachRepeated(ctx context.Context, r db.Reader, a models.Actor, q Query) ([]Bought, error) {
	return eachBought(ctx, r, a, q, `''`, repeated)
}

// repeated is the condition that a charge has [FlagSameRow]; an index has only those.
const repeated = `REPLACE(c.flags, 'same_row', '') <> c.flags`
