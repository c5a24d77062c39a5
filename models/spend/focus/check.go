package focus

import (
	"cmp"
	"math/big"
	"slices"

	"pilveturg/models"
)

// Limits of a [Check]: how many invoices and commitments it follows, and how many rows it
// names for each rule.
const (
	MaxGroups   = 100_000
	MaxExamples = 10
)

// Totals are the sums of the four costs in one currency, each over the rows that have it.
// They answer different questions and must not be added.
type Totals struct {
	Currency                            string
	Rows                                int
	Billed, Effective, List, Contracted models.Exact
	NoEffective, NoList, NoContracted   int // rows where the cost is null
}

// Invoice is what the rows of one invoice add up to: what its payable amount should be,
// before taxes that are not in the file.
type Invoice struct {
	ID, Currency string
	Rows         int
	Billed       models.Exact
}

// Commitment is what was paid ahead for a commitment discount, and what of it the file has
// used and unused. Over the whole term the two are equal.
type Commitment struct {
	ID, Currency string
	Purchased    models.Exact // billed, of purchases
	Used         models.Exact // effective, of usage
	Difference   models.Exact // Purchased - Used
}

// Finding is a rule that rows break: how many, and the numbers of the first of them.
type Finding struct {
	Count int
	Rows  []int // at most MaxExamples
}

func (f *Finding) add(row int) {
	f.Count++
	if len(f.Rows) < MaxExamples {
		f.Rows = append(f.Rows, row)
	}
}

// Result is what a [Check] found.
type Result struct {
	Totals      []Totals     // by currency
	Invoices    []Invoice    // by id
	Commitments []Commitment // by id
	NotInvoiced int          // rows without an invoice
	NotFollowed int          // rows of invoices or commitments beyond MaxGroups
	Overflow    int          // sums that no ledger can hold and that lack a row

	TaxQuantity     Finding // taxes with a pricing quantity
	CreditCosts     Finding // credits whose four costs are not one
	ListPrice       Finding // list price × pricing quantity is not the list cost
	ContractedPrice Finding // the same for the contracted price and cost
	UsagePurchase   Finding // purchases that are usage-based
}

type group struct{ id, currency string }

// Check adds up charges as they are read, in bounded memory. Rows that are not taken must
// not be added.
type Check struct {
	totals      map[string]*Totals
	invoices    map[group]*Invoice
	commitments map[group]*Commitment
	found       Result
}

// NewCheck returns a check that has no rows.
func NewCheck() *Check {
	return &Check{totals: map[string]*Totals{}, invoices: map[group]*Invoice{}, commitments: map[group]*Commitment{}}
}

// Add takes a charge; the number is what a finding calls its row.
func (k *Check) Add(row int, c *Charge) {
	k.total(c)
	k.invoice(c)
	k.commitment(c)
	if c.Category == Tax && c.PricingQuantity.Known {
		k.found.TaxQuantity.add(row)
	}
	if c.Category == Credit && (c.List != c.Billed || c.Contracted != c.Billed || c.Effective != c.Billed) {
		k.found.CreditCosts.add(row)
	}
	if c.Category == Purchase && c.Frequency == UsageBased {
		k.found.UsagePurchase.add(row)
	}
	if c.Correction {
		return
	}
	if !multiplies(c.ListPrice, c.PricingQuantity, c.List) {
		k.found.ListPrice.add(row)
	}
	if !multiplies(c.ContractedPrice, c.PricingQuantity, c.Contracted) {
		k.found.ContractedPrice.add(row)
	}
}

// plus adds a number to a sum; one that does not fit is counted.
func (k *Check) plus(sum *models.Exact, n Number) {
	next, err := sum.Add(n.Value)
	if err != nil {
		k.found.Overflow++
		return
	}
	*sum = next
}

func (k *Check) total(c *Charge) {
	t := k.totals[c.Currency]
	if t == nil {
		t = &Totals{Currency: c.Currency}
		k.totals[c.Currency] = t
	}
	t.Rows++
	k.plus(&t.Billed, c.Billed)
	k.plus(&t.Effective, c.Effective)
	k.plus(&t.List, c.List)
	k.plus(&t.Contracted, c.Contracted)
	for _, n := range [...]struct {
		known bool
		nulls *int
	}{{c.Effective.Known, &t.NoEffective}, {c.List.Known, &t.NoList}, {c.Contracted.Known, &t.NoContracted}} {
		if !n.known {
			*n.nulls++
		}
	}
}

func (k *Check) invoice(c *Charge) {
	if c.InvoiceID == "" {
		k.found.NotInvoiced++
		return
	}
	g := group{c.InvoiceID, c.Currency}
	i := k.invoices[g]
	if i == nil {
		if len(k.invoices) >= MaxGroups {
			k.found.NotFollowed++
			return
		}
		i = &Invoice{ID: c.InvoiceID, Currency: c.Currency}
		k.invoices[g] = i
	}
	i.Rows++
	k.plus(&i.Billed, c.Billed)
}

func (k *Check) commitment(c *Charge) {
	if c.CommitmentID == "" || c.Category != Usage && c.Category != Purchase {
		return
	}
	g := group{c.CommitmentID, c.Currency}
	m := k.commitments[g]
	if m == nil {
		if len(k.commitments) >= MaxGroups {
			k.found.NotFollowed++
			return
		}
		m = &Commitment{ID: c.CommitmentID, Currency: c.Currency}
		k.commitments[g] = m
	}
	if c.Category == Purchase {
		k.plus(&m.Purchased, c.Billed)
		return
	}
	k.plus(&m.Used, c.Effective)
}

// Providers round costs and prices on their own, so a product is as good as a cost when
// they differ by no more than the larger of a millionth of the currency's unit and a
// millionth of the cost.
var millionth = big.NewRat(1, 1_000_000)

// multiplies reports whether a price and a quantity give a cost, or one of them is null.
func multiplies(price, quantity, cost Number) bool {
	if !price.Known || !quantity.Known || !cost.Known {
		return true
	}
	if price.Value.IsZero() || quantity.Value.IsZero() {
		return cost.Value.IsZero()
	}
	if whole, nano, atto, ronto := quantity.Value.Parts(); whole == 1 && nano|atto|ronto == 0 && price.Value == cost.Value {
		return true
	}
	want := cost.Value.Rat()
	diff := new(big.Rat).Mul(price.Value.Rat(), quantity.Value.Rat())
	diff.Sub(diff, want).Abs(diff)
	if diff.Cmp(millionth) <= 0 {
		return true
	}
	return diff.Cmp(want.Abs(want).Mul(want, millionth)) <= 0
}

// Result says what was found so far.
func (k *Check) Result() Result {
	r := k.found
	for _, t := range k.totals {
		r.Totals = append(r.Totals, *t)
	}
	for _, i := range k.invoices {
		r.Invoices = append(r.Invoices, *i)
	}
	for _, m := range k.commitments {
		var err error
		if m.Difference, err = m.Purchased.Sub(m.Used); err != nil {
			r.Overflow++
		}
		r.Commitments = append(r.Commitments, *m)
	}
	slices.SortFunc(r.Totals, func(a, b Totals) int { return cmp.Compare(a.Currency, b.Currency) })
	slices.SortFunc(r.Invoices, func(a, b Invoice) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Currency, b.Currency)) })
	slices.SortFunc(r.Commitments, func(a, b Commitment) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Currency, b.Currency)) })
	return r
}
