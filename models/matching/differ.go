package matching

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// The kinds of differences between a bill and what was agreed.
const (
	DiffVendor      = "vendor"       // another one charges
	DiffCurrency    = "currency"     // another one than that of the contract
	DiffAmount      = "amount"       // it comes to something else for its time
	DiffPrice       = "price"        // one of a unit costs something else
	DiffQuantity    = "quantity"     // another number of units is charged
	DiffBefore      = "before"       // its time begins before the subscription
	DiffAfter       = "after"        // its time ends after the subscription
	DiffPeriodTwice = "period_twice" // another bill is for the same days
	DiffNumberTwice = "number_twice" // another file has a bill of this vendor and number
	DiffAmountTwice = "amount_twice" // another bill of this vendor has the same amount and day
)

// Differences are all of them.
func Differences() []string {
	return []string{DiffVendor, DiffCurrency, DiffAmount, DiffPrice, DiffQuantity, DiffBefore, DiffAfter, DiffPeriodTwice, DiffNumberTwice, DiffAmountTwice}
}

// Difference is something of a bill that is not as it was agreed.
type Difference struct {
	Code string `json:"code"`
	Line int64  `json:"line,omitempty"` // charge that it is about; 0: the whole bill
	Got  string `json:"got,omitempty"`
	Want string `json:"want,omitempty"`
	Bill int64  `json:"bill,omitempty"` // other bill that it is about
}

// mostCharges is how many charges of a bill are looked at.
const mostCharges = 2000

// charges are those of a bill.
func (b *Bill) charges(ctx context.Context, r db.Reader) ([]spend.Charge, error) {
	return spend.GroupLines(ctx, r, spend.Group{Batch: b.BatchID, Buyer: b.BuyerID, Vendor: b.VendorID, Reference: b.Reference, Contract: b.Contract, Currency: b.Currency, Month: b.Month, First: b.First, Last: b.Last}, mostCharges)
}

// differences finds how a bill differs from what was agreed.
func differences(ctx context.Context, r db.Reader, b *Bill, a *Agreement) ([]Difference, error) {
	if b.Written {
		return nil, nil // nobody agreed on it
	}
	lines, err := b.charges(ctx, r)
	if err != nil {
		return nil, err
	}
	all := append(b.against(a), perLine(b, a, lines)...)
	others, err := b.others(ctx, r, a.ID)
	return append(all, b.doubles(others, a.ID)...), err
}

// against compares the bill as a whole.
func (b *Bill) against(a *Agreement) (all []Difference) {
	add := func(code, got, want string) { all = append(all, Difference{Code: code, Got: got, Want: want}) }
	if same, known := a.sells(b); known && !same {
		add(DiffVendor, b.Vendor, a.Vendor)
	}
	if begins := a.Begins(); !b.From.IsZero() && b.From.Before(begins) {
		add(DiffBefore, b.From.String(), begins.String())
	}
	if !b.To.IsZero() && !a.Ends.IsZero() && a.Ends.AddDays(1).Before(b.To) {
		add(DiffAfter, b.To.AddDays(-1).String(), a.Ends.String())
	}
	if b.Currency != "EUR" {
		add(DiffCurrency, b.Currency, "EUR")
		return all
	}
	if _, fits := a.fit(b); !fits && !a.Metered && b.Net().Sign() > 0 {
		if want := a.fits(b); len(want) > 0 {
			add(DiffAmount, b.Net().String(), want[0].Want.String())
		}
	}
	return all
}

// perLine compares the charges with the agreed number of units, and the price of one.
// What a unit costs is the yearly price over the number of units, by the time of the
// charge: a plan may have a price that does not depend on it, so that only a bill whose
// whole is not as agreed is looked at.
func perLine(b *Bill, a *Agreement, lines []spend.Charge) (all []Difference) {
	terms := a.On(b.day())
	agreed, err := models.ParseDecimal(terms.Quantity)
	if err != nil || a.Metered || agreed.Sign() <= 0 || b.Currency != "EUR" {
		return nil
	}
	if _, fits := a.fit(b); fits {
		return nil
	}
	for i := range lines {
		c := &lines[i]
		if c.Kind == spend.Tax || c.Kind == spend.Credit || !c.Quantity.Known || !unitOf(c.Unit, terms.Unit) || c.Quantity.Sign() <= 0 {
			continue
		}
		want := models.ExactOf(agreed)
		if c.Quantity.Exact != want {
			all = append(all, Difference{Code: DiffQuantity, Line: c.ID, Got: c.Quantity.String(), Want: want.String()})
		}
		if price, ok := unitPrice(c, terms.Year, agreed); ok && c.UnitPrice.Known && c.UnitPrice.Cmp(price) != 0 {
			all = append(all, Difference{Code: DiffPrice, Line: c.ID, Got: c.UnitPrice.String(), Want: price.String()})
		}
	}
	return all
}

// unitOf reports whether a charge counts what the subscription counts: by its name, or by
// a code of UN/ECE Recommendation 20 for single things, or where it says nothing.
func unitOf(charged, agreed string) bool {
	switch strings.ToUpper(charged) {
	case "", "C62", "H87", "EA", "XXE", "NAR", "IE":
		return true
	}
	return strings.EqualFold(charged, agreed)
}

// unitPrice is what one unit costs for the time of a charge, to four decimals.
func unitPrice(c *spend.Charge, year int64, agreed models.Decimal) (models.Exact, bool) {
	if c.From.IsZero() || c.To.IsZero() || year == 0 {
		return models.Exact{}, false
	}
	price := new(big.Rat).Mul(big.NewRat(year, 100), yearsBetween(c.From, c.To))
	e, err := models.RoundRat(price.Quo(price, models.ExactOf(agreed).Rat()), 4)
	return e, err == nil
}

// other is a bill that may be the same as another one.
type other struct {
	ID        int64       `db:"id"`
	SubID     int64       `db:"subscription_id"`
	SameName  bool        `db:"same_vendor"`
	Reference string      `db:"reference"`
	Invoiced  models.Date `db:"invoiced"`
	From      models.Date `db:"service_from"`
	To        models.Date `db:"service_to"`
	Currency  string      `db:"currency"`
	sums
}

// others reads the bills of the same body that are of the same vendor or subscription,
// near in time. Of files that were undone there are none.
func (b *Bill) others(ctx context.Context, r db.Reader, sub int64) (all []other, err error) {
	const q = `/* matching.others */ SELECT c.id, COALESCE(c.subscription_id, 0) AS subscription_id, CASE WHEN v.id = ? OR v.is_id = ? THEN 1 ELSE 0 END AS same_vendor, c.reference, c.invoiced, c.service_from, c.service_to, c.currency, c.whole, c.nano, c.atto, c.ronto, c.eur_whole, c.eur_nano, c.eur_atto
		FROM ledger_bills c JOIN ledger_batches t ON t.id = c.batch_id JOIN ledger_names b ON b.id = c.buyer_id JOIN ledger_names v ON v.id = c.vendor_id
		WHERE c.id <> ? AND t.state = 'accepted' AND t.format NOT IN ('correction', 'share') AND COALESCE(b.is_id, b.organisation_id) = ? AND (c.subscription_id = ? OR v.id = ? OR v.is_id = ?) AND (c.reference = ? OR c.month BETWEEN ? AND ? OR c.service_from < ? AND c.service_to > ?) ORDER BY c.id LIMIT 500`
	from, to := b.From, b.To
	if from.IsZero() || to.IsZero() {
		from, to = b.day(), b.day()
	}
	before, after := b.day().AddDays(-400), b.day().AddDays(400)
	seller := any(nil)
	if b.SellerID != 0 {
		seller = b.SellerID
	}
	if err := r.Select(ctx, &all, q, b.VendorID, seller, b.ID, b.BodyID, sub, b.VendorID, seller, b.Reference, before.String()[:7], after.String()[:7], to, from); err != nil {
		return nil, fmt.Errorf("bills beside bill %d: %w", b.ID, err)
	}
	return all, nil
}

// doubles finds what is charged twice.
func (b *Bill) doubles(others []other, sub int64) (all []Difference) {
	seen := map[string]bool{}
	add := func(code string, o other) {
		if !seen[code] { // one of them tells enough
			seen[code] = true
			all = append(all, Difference{Code: code, Got: o.Reference, Bill: o.ID})
		}
	}
	for _, o := range others {
		if b.Net().Sign() <= 0 || o.Net().Sign() <= 0 {
			continue // a credit is no second charge
		}
		same := o.Currency == b.Currency && o.Net() == b.Net()
		switch {
		case o.SameName && b.Reference != "" && o.Reference == b.Reference:
			add(DiffNumberTwice, o)
		case o.SameName && same && !b.Invoiced.IsZero() && o.Invoiced == b.Invoiced:
			add(DiffAmountTwice, o)
		case sub != 0 && o.SubID == sub && !b.From.IsZero() && !o.From.IsZero() && b.From.Before(o.To) && o.From.Before(b.To):
			add(DiffPeriodTwice, o)
		}
	}
	return all
}

// written is how differences are kept; none are "".
func written(all []Difference) string {
	if len(all) == 0 {
		return ""
	}
	text, _ := json.Marshal(all) // texts and numbers always can be
	return string(text)
}
