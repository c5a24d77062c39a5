package spend

import (
	"hash/maphash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/models"
	"pilveturg/models/spend/currency"
	"pilveturg/models/spend/focus"
	"pilveturg/models/spend/sheet"
)

// bill is a source of the rows of a cloud provider's bill in FOCUS.
type bill struct {
	rows     rowReader // nil: JSON Lines
	lines    *focus.LineReader
	heading  *focus.Heading
	check    *focus.Check
	warnings map[[2]string]int // by code and column
	seed     maphash.Seed
	blank    int
	code     string // currency of a bill without a column for it …
	width    int    // … which is put behind so many cells; 0: it has one
	from     focus.Charge
	charge   Charge
}

// isBill reports whether a heading is that of a bill in FOCUS.
func isBill(cells []string) bool {
	h, _ := focus.NewHeading(cells)
	return h != nil && h.Has("BilledCost") && h.Known() >= 5
}

// lacksCurrency reports whether a bill has no column for its currency, as excerpts do not.
func lacksCurrency(cells []string) bool {
	h, _ := focus.NewHeading(cells)
	return h == nil || !h.Has(currencyColumn)
}

const currencyColumn = "BillingCurrency"

// newBill reads the rows behind a heading. code is the currency of a bill that has no
// column for it.
func newBill(rows rowReader, cells []string, code string) (*bill, error) {
	width := 0
	if code != "" && lacksCurrency(cells) {
		width = len(cells)
		cells = append(slices.Clone(cells), currencyColumn)
	}
	h, problems := focus.NewHeading(cells)
	if focus.Fatal(problems) {
		return nil, errWhy(WhyBroken)
	}
	b := &bill{rows: rows, heading: h, code: code, width: width, check: focus.NewCheck(), warnings: map[[2]string]int{}, seed: maphash.MakeSeed()}
	b.warn(problems)
	return b, nil
}

// newBillLines reads JSON Lines.
func newBillLines(r io.Reader) *bill {
	return &bill{lines: focus.Lines(r), check: focus.NewCheck(), warnings: map[[2]string]int{}}
}

func (b *bill) warn(problems []focus.Problem) {
	for _, p := range problems {
		if !p.Error {
			b.warnings[[2]string{p.Code, p.Column}]++
		}
	}
}

// Next returns the next row that is not blank.
func (b *bill) Next() (Row, error) {
	if b.rows == nil {
		return b.nextLine()
	}
	for {
		row, err := b.rows.Next()
		if err != nil {
			return Row{}, err
		}
		out := Row{Line: row.Line, Raw: row.Raw}
		if row.Problem != "" && row.Problem != sheet.BrokenText {
			out.Problem = &Problem{Code: row.Problem}
			return out, nil
		}
		if row.Blank() {
			b.blank++
			continue
		}
		b.take(&out, b.heading.Read(b.withCurrency(row.Cells), &b.from))
		out.Hash = max(1, maphash.String(b.seed, row.Raw))
		return out, nil
	}
}

// withCurrency puts the currency behind the cells of a bill without one.
func (b *bill) withCurrency(cells []string) []string {
	if b.width == 0 {
		return cells
	}
	own := make([]string, b.width+1)
	copy(own, cells[:min(len(cells), b.width)])
	own[b.width] = b.code
	return own
}

func (b *bill) nextLine() (Row, error) {
	problems, err := b.lines.Read(&b.from)
	if err != nil {
		return Row{}, err
	}
	out := Row{Line: b.lines.Line()}
	b.take(&out, problems)
	return out, nil
}

// take makes a charge of a row, or says why it is none.
func (b *bill) take(out *Row, problems []focus.Problem) {
	b.warn(problems)
	for _, p := range problems {
		if p.Error {
			out.Problem = &Problem{Code: "focus_" + p.Code, Column: p.Column, Got: clean(p.Got, 200)}
			return
		}
	}
	if _, ok := currency.Lookup(b.from.Currency); !ok {
		out.Problem = &Problem{Code: "currency_wrong", Column: "BillingCurrency", Got: b.from.Currency}
		return
	}
	b.check.Add(out.Line, &b.from)
	b.charge = Charge{}
	chargeOf(&b.from, &b.charge)
	out.Charge = &b.charge
}

// chargeOf is what the ledger books of a row of a bill.
func chargeOf(f *focus.Charge, c *Charge) {
	c.Buyer, c.Vendor, c.Category = orElse(f.BillingAccount, f.BillingAccountID), orElse(f.Issuer, f.Provider), f.ServiceCategory
	c.Service, c.Description, c.Reference = f.Service, f.Description, f.InvoiceID
	c.Kind, c.Frequency, c.Correction = Kind(orElse(string(f.Category), string(Usage))), frequencies[f.Frequency], f.Correction
	c.Billed, c.Currency = f.Billed.Value, f.Currency
	c.Effective, c.List, c.Contracted = amountOf(f.Effective), amountOf(f.List), amountOf(f.Contracted)
	c.Quantity, c.Unit = amountOf(f.PricingQuantity), f.PricingUnit
	if !c.Quantity.Known {
		c.Quantity, c.Unit = amountOf(f.ConsumedQuantity), f.ConsumedUnit
	}
	if c.UnitPrice = amountOf(f.ContractedPrice); !c.UnitPrice.Known {
		c.UnitPrice = amountOf(f.ListPrice)
	}
	c.Invoiced = lastDay(f.BillingStart, f.BillingEnd)
	if c.Invoiced.IsZero() {
		c.Invoiced = lastDay(f.Start, f.End)
	}
	if !f.Start.IsZero() && f.End.After(f.Start) {
		c.From, c.To = models.DateOf(f.Start), dayAfter(f.End)
	}
	c.keepMore(f)
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

var frequencies = map[focus.Frequency]string{focus.OneTime: "one_time", focus.Recurring: "recurring", focus.UsageBased: "usage"}

func amountOf(n focus.Number) Amount { return Amount{n.Value, n.Known} }

// lastDay is the last day of a billing period, but none outside the month in which it
// begins: that is the month for which is billed.
func lastDay(start, end time.Time) models.Date {
	if start.IsZero() {
		return models.Date{}
	}
	first := models.DateOf(start)
	last := firstOfNext(first).AddDays(-1)
	if end.After(start) {
		if day := dayAfter(end).AddDays(-1); day.Before(last) {
			return day
		}
	}
	return last
}

// dayAfter is the first day that a period which ends at a time has nothing of.
func dayAfter(end time.Time) models.Date {
	day := models.DateOf(end)
	if end.Equal(day.Time()) {
		return day
	}
	return day.AddDays(1)
}

// Notices tell which version the bill follows, what it bends, and which of its sums do
// not agree.
func (b *bill) Notices() (all []Notice) {
	h := b.heading
	if h == nil {
		var problems []focus.Problem
		h, problems = b.lines.Heading()
		b.warn(problems)
	}
	all = append(all, Notice{Code: "focus_version", Args: []string{h.Version()}})
	keys := slices.SortedFunc(maps.Keys(b.warnings), func(x, y [2]string) int { return strings.Compare(x[0]+"\x00"+x[1], y[0]+"\x00"+y[1]) })
	for _, key := range keys {
		all = append(all, Notice{Code: "focus_" + key[0], Args: []string{key[1], strconv.Itoa(b.warnings[key])}})
	}
	r := b.check.Result()
	for _, c := range r.Commitments {
		if !c.Difference.IsZero() {
			all = append(all, Notice{Code: "focus_commitment", Args: []string{c.ID, c.Purchased.String(), c.Used.String(), c.Difference.String(), c.Currency}})
		}
	}
	for _, one := range []struct {
		code string
		f    focus.Finding
	}{{"focus_tax_quantity", r.TaxQuantity}, {"focus_credit_costs", r.CreditCosts}, {"focus_list_price", r.ListPrice}, {"focus_contracted_price", r.ContractedPrice}, {"focus_usage_purchase", r.UsagePurchase}} {
		if one.f.Count > 0 {
			all = append(all, Notice{Code: one.code, Line: one.f.Rows[0], Args: []string{strconv.Itoa(one.f.Count), rowList(one.f.Rows)}})
		}
	}
	if b.blank > 0 {
		all = append(all, Notice{Code: "blank_rows", Args: []string{strconv.Itoa(b.blank)}})
	}
	return all[:min(len(all), mostNotices)]
}

// mostNotices are kept of a file.
const mostNotices = 200

func rowList(rows []int) string {
	var texts []string
	for _, n := range rows {
		texts = append(texts, strconv.Itoa(n))
	}
	return strings.Join(texts, ", ")
}

// FOCUSProblems are the codes by which rows of bills are rejected.
func FOCUSProblems() (codes []string) {
	for _, code := range focus.Codes {
		codes = append(codes, "focus_"+code)
	}
	return codes
}
