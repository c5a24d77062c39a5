package ubl

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"pilveturg/models"
)

// ChargeKind says what a [Charge] is for.
type ChargeKind string

// The kinds of charges. The first three are without VAT and together what was bought.
const (
	ChargeLine      ChargeKind = "line"      // a line, less its share of the document's allowances
	ChargeAllowance ChargeKind = "allowance" // an allowance of the document that no line shares
	ChargeExtra     ChargeKind = "charge"    // a charge of the document
	ChargeTax       ChargeKind = "tax"       // an entry of the VAT breakdown
	ChargeRounding  ChargeKind = "rounding"  // what rounds the payable amount
)

// Net reports whether charges of the kind are without VAT and part of what was bought.
func (k ChargeKind) Net() bool {
	return k == ChargeLine || k == ChargeAllowance || k == ChargeExtra
}

// Charge is what a ledger books of a document, in the document's currency.
type Charge struct {
	Kind      ChargeKind
	Line      *Line        // of ChargeLine; nil for the others
	Name      string       // of the item, or the reason of an allowance or a charge; may be ""
	Amount    models.Exact // with the sign of the ledger: negative is money back
	Allowance models.Exact // what the allowances of the document took off within Amount, with the same sign
	Quantity  models.Exact // of ChargeLine, with the sign of the ledger; 0 for the others
	Category  string       // of VAT; "" for rounding
	Rate      models.Exact // of VAT, percent
	Period    Period       // of the line, else of the document; may be zero
}

// ErrUnclear is a document of which no ledger can say what it charges: an amount is
// missing, is no number or is in another currency, or nothing says whether it is an
// allowance or a charge.
var ErrUnclear = errors.New("what the document charges is not clear")

// Charges takes a document apart for a ledger: a charge for each line, each charge of the
// document, each entry of the VAT breakdown, and for the rounding. Lines and taxes of 0
// are among them, other charges of 0 are not.
// Amounts have the sign of [Document.Sign] on top of their own, so that a credit note and
// a negative invoice both take money back, once.
//
// An allowance of the document is spread over the lines of the same category and rate of
// VAT in proportion to their net amounts, to the cent by largest remainder. Lines whose
// amount has the other sign than their sum have no share; where there are no lines to
// share it, the allowance is a charge of its own.
//
// For a document without findings of BR-CO-10 to BR-CO-16 (EN 16931-1:2017, 6.4.1):
//
//	Σ charges of net kinds  = sign × tax exclusive amount (BT-109)
//	Σ all charges           = sign × (payable amount + prepaid amount) (BT-115 + BT-113)
//
// What was paid before is no discount, so it is not taken off. Charges fails with
// [ErrUnclear], or with [models.ErrOverflow].
func Charges(d *Document) ([]Charge, error) {
	if err := sound(d); err != nil {
		return nil, err
	}
	l := ledger{d: d}
	shares, alone, err := d.shares()
	if err != nil {
		return nil, err
	}
	for i := range d.Lines {
		if err := l.line(&d.Lines[i], shares[i]); err != nil {
			return nil, err
		}
	}
	for _, a := range d.Adjustments {
		switch {
		case a.Amount.Value.IsZero():
		case a.Charge:
			l.add(Charge{Kind: ChargeExtra, Name: a.Reason, Amount: a.Amount.Value, Category: a.Category, Rate: a.Rate.Value})
		case alone[a.key()]:
			l.add(Charge{Kind: ChargeAllowance, Name: a.Reason, Amount: a.Amount.Value.Neg(), Category: a.Category, Rate: a.Rate.Value})
		}
	}
	for _, t := range d.Taxes {
		l.add(Charge{Kind: ChargeTax, Amount: t.Amount.Value, Category: t.Category, Rate: t.Rate.Value})
	}
	if len(d.Taxes) == 0 && !d.Tax.Value.IsZero() {
		l.add(Charge{Kind: ChargeTax, Amount: d.Tax.Value})
	}
	if r := d.Totals.Rounding.Value; !r.IsZero() {
		l.add(Charge{Kind: ChargeRounding, Amount: r})
	}
	return l.charges, nil
}

// sound fails unless all amounts that are booked are there, and can be added up.
func sound(d *Document) error {
	for i, line := range d.Lines {
		if err := d.booked(line.Net); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
		if q := line.Quantity; q.Given() && !q.readable() {
			return fmt.Errorf("line %d: quantity %.40q: %w", i+1, q.Text, ErrUnclear)
		}
	}
	for i, a := range d.Adjustments {
		if err := d.booked(a.Amount); err != nil {
			return fmt.Errorf("allowance or charge %d: %w", i+1, err)
		}
		if a.unclear {
			return fmt.Errorf("allowance or charge %d: which of the two: %w", i+1, ErrUnclear)
		}
	}
	for i, t := range d.Taxes {
		if err := d.booked(t.Amount); err != nil {
			return fmt.Errorf("tax %d: %w", i+1, err)
		}
	}
	for _, a := range []Amount{d.Tax, d.Totals.Rounding} {
		if !a.Given() {
			continue
		}
		if err := d.booked(a); err != nil {
			return fmt.Errorf("totals: %w", err)
		}
	}
	return nil
}

// booked fails unless a ledger can book an amount.
func (d *Document) booked(a Amount) error {
	if !a.readable() || a.Currency != "" && norm(a.Currency) != d.Currency {
		return fmt.Errorf("amount %.40q %.10q: %w", a.Text, a.Currency, ErrUnclear)
	}
	return nil
}

// readable reports whether the text is a number that fits.
func (a Amount) readable() bool {
	plain, ok := plainDecimal(a.Text)
	if !ok {
		return false
	}
	_, err := models.ParseExact(plain)
	return err == nil
}

// ledger collects the charges of a document.
type ledger struct {
	d       *Document
	charges []Charge
}

// add adds a charge whose amounts are still as the document writes them.
func (l *ledger) add(c Charge) {
	if c.Line == nil {
		c.Period = l.d.Period
	}
	if l.d.Sign() < 0 {
		c.Amount, c.Allowance, c.Quantity = c.Amount.Neg(), c.Allowance.Neg(), c.Quantity.Neg()
	}
	l.charges = append(l.charges, c)
}

func (l *ledger) line(line *Line, share models.Exact) error {
	amount, err := line.Net.Value.Sub(share)
	if err != nil {
		return err
	}
	period := line.Period
	if period.IsZero() {
		period = l.d.Period
	}
	l.add(Charge{
		Kind: ChargeLine, Line: line, Name: line.Name, Amount: amount, Allowance: share.Neg(), Quantity: line.Quantity.Value,
		Category: line.Category, Rate: line.Rate.Value, Period: period,
	})
	return nil
}

// taxKey is what lines and allowances must have in common to share.
type taxKey struct {
	category string
	rated    bool
	rate     models.Exact
}

func (a Adjustment) key() taxKey { return taxKey{a.Category, a.Rate.Given(), a.Rate.Value} }

// shares returns what the allowances of the document take off each line, and those that
// no line shares.
func (d *Document) shares() ([]models.Exact, map[taxKey]bool, error) {
	totals := map[taxKey]models.Exact{}
	for _, a := range d.Adjustments {
		if a.Charge {
			continue
		}
		total, err := totals[a.key()].Add(a.Amount.Value)
		if err != nil {
			return nil, nil, err
		}
		totals[a.key()] = total
	}
	lines := map[taxKey][]int{}
	for i, l := range d.Lines {
		key := taxKey{l.Category, l.Rate.Given(), l.Rate.Value}
		if _, allowed := totals[key]; allowed {
			lines[key] = append(lines[key], i)
		}
	}
	shares, alone := make([]models.Exact, len(d.Lines)), map[taxKey]bool{}
	for key, total := range totals {
		spread, err := d.spread(total, lines[key], shares)
		if err != nil {
			return nil, nil, err
		}
		alone[key] = !spread
	}
	return shares, alone, nil
}

// spread writes into shares what some lines have of a total, and reports whether there
// are lines that can share it.
func (d *Document) spread(total models.Exact, lines []int, shares []models.Exact) (bool, error) {
	sum := new(big.Rat)
	for _, i := range lines {
		sum.Add(sum, ratOf(d.Lines[i].Net.Value))
	}
	var sharing []int
	var weights []*big.Rat
	all := new(big.Rat)
	for _, i := range lines {
		if w := ratOf(d.Lines[i].Net.Value); w.Sign() == sum.Sign() && w.Sign() != 0 {
			sharing, weights = append(sharing, i), append(weights, w)
			all.Add(all, w)
		}
	}
	if len(sharing) == 0 {
		return false, nil
	}
	parts, err := largestRemainder(total, weights, all)
	if err != nil {
		return false, err
	}
	for k, i := range sharing {
		shares[i] = parts[k]
	}
	return true, nil
}

// largestRemainder divides a total in proportion to weights of one sign, into parts of
// whole cents (or of finer ones, where the total has more decimals) that add up to it.
// What is left after rounding towards 0 goes, a cent each, to the parts that lost most,
// the earlier first.
func largestRemainder(total models.Exact, weights []*big.Rat, all *big.Rat) ([]models.Exact, error) {
	places := max(2, total.Places())
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	left := new(big.Rat).Mul(ratOf(total), new(big.Rat).SetInt(unit)).Num() // whole, by the choice of places
	whole := new(big.Rat).SetInt(left)
	left = new(big.Int).Set(left)
	parts, lost := make([]*big.Int, len(weights)), make([]*big.Rat, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		quota := new(big.Rat).Mul(whole, new(big.Rat).Quo(w, all))
		parts[i] = new(big.Int).Quo(quota.Num(), quota.Denom())
		lost[i] = new(big.Rat).Sub(quota, new(big.Rat).SetInt(parts[i]))
		lost[i].Abs(lost[i])
		left.Sub(left, parts[i])
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return lost[b].Cmp(lost[a]) })
	cent := big.NewInt(int64(left.Sign()))
	for k := 0; left.Sign() != 0; k++ {
		parts[order[k]].Add(parts[order[k]], cent)
		left.Sub(left, cent)
	}
	exact := make([]models.Exact, len(parts))
	for i, p := range parts {
		var err error
		if exact[i], err = models.RoundRat(new(big.Rat).SetFrac(p, unit), places); err != nil {
			return nil, err
		}
	}
	return exact, nil
}
