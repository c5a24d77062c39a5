package spend

import (
	"encoding/json"
	"hash/maphash"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/spend/sheet"
)

// table is a source of rows with a heading: what its columns mean is said by a mapping.
type table struct {
	rows       rowReader
	format     Format
	m          *Mapping
	columns    []sheet.Column
	scale      *big.Rat // nil: 1
	seed       maphash.Seed
	names      []string     // of the columns, each once
	ignored    map[int]bool // columns that number the rows
	totals     sheet.Totals
	blank      int
	pending    *Charge  // the tax of the row before
	others     []string // sheets that are not read
	otherLists []string // of objects in JSON that are not read
	cpv        *vocabulary
	width      int // cells of the heading of a text; 0: rows cannot be shifted
	charge     Charge
	line       int
}

// rowReader is where rows come from: a text or a workbook.
type rowReader interface {
	Next() (sheet.Row, error)
}

// newTable reads rows behind the heading.
func newTable(rows rowReader, format Format, m *Mapping, columns []sheet.Column) *table {
	t := &table{rows: rows, format: format, m: m, columns: columns, seed: maphash.MakeSeed(), ignored: map[int]bool{}}
	if n, err := strconv.ParseInt(m.Scale, 10, 64); err == nil && n != 1 {
		t.scale = big.NewRat(n, 1)
	}
	for i, c := range columns {
		if slices.Contains([]string{"id", "row", "rowid", "rownumber", "nr", "no", "jrk", "jrknr"}, fold(c.Heading)) {
			t.ignored[i] = true
		}
	}
	return t
}

// Notices tell of the rows with nothing in them, and of other sheets.
func (t *table) Notices() (all []Notice) {
	if t.blank > 0 {
		all = append(all, Notice{Code: "blank_rows", Args: []string{strconv.Itoa(t.blank)}})
	}
	if len(t.others) > 0 {
		all = append(all, Notice{Code: "other_tabs", Args: []string{clean(strings.Join(t.others, ", "), 500)}})
	}
	if len(t.otherLists) > 0 {
		all = append(all, Notice{Code: "other_lists", Args: []string{clean(strings.Join(t.otherLists, ", "), 500)}})
	}
	return all
}

// Next returns the next row that is not blank.
func (t *table) Next() (Row, error) {
	if t.pending != nil {
		c := t.pending
		t.pending = nil
		return Row{Line: t.line, Charge: c, more: true}, nil
	}
	for {
		row, err := t.rows.Next()
		if err != nil {
			return Row{}, err
		}
		t.line = row.Line
		out := Row{Line: row.Line, Raw: row.Raw}
		if row.Problem != "" {
			out.Problem = &Problem{Code: row.Problem}
			return out, nil
		}
		if row.Blank() {
			t.blank++
			t.totals.Blank()
			continue
		}
		if out.Problem = t.shifted(row.Cells); out.Problem == nil {
			t.read(row.Cells, &out)
		}
		return out, nil
	}
}

func (t *table) cell(cells []string, role Role) string {
	i, ok := t.m.Columns[role]
	if !ok || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}

func (t *table) column(role Role) sheet.Column {
	if i, ok := t.m.Columns[role]; ok && i < len(t.columns) {
		c := t.columns[i]
		if c.AskDecimal && t.m.Decimal != "" {
			c.Decimal = t.m.Decimal
		}
		if c.AskOrder && t.m.Order != "" || c.Order == "" {
			c.Order = t.m.Order
		}
		return c
	}
	return sheet.Column{}
}

// read makes a charge of the cells of a row, or says why it is none.
func (t *table) read(cells []string, out *Row) {
	amount, known, problem := t.amount(cells)
	switch {
	case problem != nil:
		out.Problem = problem
		if t.isHeading(cells) {
			out.Problem = &Problem{Code: "heading_again"}
		}
		return
	case !known:
		out.Problem = &Problem{Code: "amount_missing", Column: t.column(t.amountRole()).Heading}
		return
	}
	if total, found := t.totals.Add(out.Line, cells, amount); found {
		if out.LeftOut = total.Reason; total.Reason == sheet.TotalOff {
			out.LeftOut, out.Problem = "", &Problem{Code: total.Reason, Column: t.column(t.amountRole()).Heading, Got: amount.String()}
		}
		return
	}
	t.charge = Charge{Billed: amount, Kind: t.kind(cells, amount), More: t.more(cells)}
	if out.Problem = t.fill(cells, &t.charge); out.Problem != nil {
		return
	}
	out.Charge, out.Hash = &t.charge, t.hash(cells)
}

// isHeading reports whether a row is the heading once more.
func (t *table) isHeading(cells []string) bool {
	same := 0
	for i, cell := range cells {
		if i < len(t.columns) && fold(cell) != "" && fold(cell) == fold(t.columns[i].Heading) {
			same++
		}
	}
	return same >= 2
}

func (t *table) number(cells []string, role Role) (models.Exact, bool, *Problem) {
	cell := t.cell(cells, role)
	c := t.column(role)
	n, known, fault := sheet.Number(cell, c.Decimal)
	if fault != nil {
		return n, false, &Problem{Code: fault.Code, Column: c.Heading, Got: clean(cell, 200), Repair: fault.Repair}
	}
	if known && t.scale != nil && role != RoleQuantity {
		r := n.Rat()
		scaled, err := models.RoundRat(r.Mul(r, t.scale), models.ExactPlaces)
		if err != nil {
			return n, false, &Problem{Code: sheet.NoNumber, Column: c.Heading, Got: clean(cell, 200)}
		}
		n = scaled
	}
	return n, known, nil
}

func (t *table) day(cells []string, role Role) (models.Date, *Problem) {
	cell := t.cell(cells, role)
	if cell == "" {
		return models.Date{}, nil
	}
	c := t.column(role)
	d, _, fault := c.Day(cell)
	if fault != nil {
		return d, &Problem{Code: fault.Code, Column: c.Heading, Got: clean(cell, 200), Repair: fault.Repair}
	}
	return d, nil
}

// fill reads all but the amount. A day that cannot be read does not lose the money: the
// charge is undated, and flagged.
func (t *table) fill(cells []string, c *Charge) *Problem {
	c.Vendor, c.Buyer, c.Category = t.cell(cells, RoleVendor), t.cell(cells, RoleBuyer), t.cell(cells, RoleCategory)
	c.Service, c.Description = t.cell(cells, RoleService), t.cell(cells, RoleDescription)
	c.Reference, c.Contract, c.Unit = t.cell(cells, RoleReference), t.cell(cells, RoleContract), t.cell(cells, RoleUnit)
	if t.offCPV(c.Category) {
		c.flagOnce(FlagNoCPV)
	}
	var problem *Problem
	for _, one := range []struct {
		role Role
		into *models.Date
	}{{RoleDate, &c.Invoiced}, {RoleDue, &c.Due}, {RoleFrom, &c.From}, {RoleTo, &c.To}} {
		if *one.into, problem = t.day(cells, one.role); problem != nil {
			c.flagOnce(FlagSource)
		}
	}
	if t.m.ToIsLast && !c.To.IsZero() {
		c.To = c.To.AddDays(1)
	}
	if c.To.IsZero() || c.From.IsZero() || !c.From.Before(c.To) {
		if !c.From.IsZero() && !c.To.IsZero() {
			c.flagOnce(FlagSource)
		}
		c.From, c.To = models.Date{}, models.Date{}
	}
	for _, one := range []struct {
		role Role
		into *Amount
	}{{RoleQuantity, &c.Quantity}, {RoleUnitPrice, &c.UnitPrice}} {
		n, known, problem := t.number(cells, one.role)
		if problem != nil {
			c.flagOnce(FlagSource)
		}
		*one.into = Amount{n, known}
	}
	if c.offPrice() {
		c.flagOnce(FlagMath)
	}
	if problem := t.currencyOf(cells, c); problem != nil {
		return problem
	}
	return t.taxOf(cells, c)
}

// offCPV reports whether a category is a code of the vocabulary that there is not. A
// category without a check digit is a code only where the heading says so: offices number
// their accounts too.
func (t *table) offCPV(category string) bool {
	if category == "" || t.cpv == nil || !strings.Contains(fold(t.column(RoleCategory).Heading), "cpv") && (!isCPV(category) || len(category) == 8) {
		return false
	}
	return t.cpv.lacks(category)
}

// taxOf makes a row of its own of the VAT of a row.
func (t *table) taxOf(cells []string, c *Charge) *Problem {
	if t.format == UK25k && strings.HasPrefix(fold(c.Category), "vatinput") {
		c.Kind = Tax
	}
	tax, known, problem := t.tax(cells, c.Billed)
	if problem != nil || !known || tax.IsZero() {
		return problem
	}
	own := *c
	own.Kind, own.Billed, own.Quantity, own.UnitPrice, own.More, own.FlagText = Tax, tax, Amount{}, Amount{}, "", ""
	t.pending = &own
	return nil
}

func (t *table) hash(cells []string) uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	for i, cell := range cells {
		if !t.ignored[i] {
			_, _ = h.WriteString(cell)
			_ = h.WriteByte(0)
		}
	}
	return max(1, h.Sum64())
}

// more keeps the cells that have no role, as JSON. Columns without a name are known by
// where they stand, the second of one name by its number.
func (t *table) more(cells []string) string {
	b := []byte{'{'}
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell == "" || t.hasRole(i) {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = appendJSON(b, t.nameOf(i))
		b = append(b, ':')
		b = appendJSON(b, clean(cell, 1000))
	}
	if len(b) == 1 {
		return ""
	}
	return string(append(b, '}'))
}

// nameOf is the name of a column, which no other column has.
func (t *table) nameOf(i int) string {
	for at := len(t.names); at <= i; at++ {
		name, base := "", ""
		if at < len(t.columns) {
			base = t.columns[at].Heading
		}
		if name = base; base == "" {
			name = "#" + strconv.Itoa(at+1)
		}
		for n := 2; slices.Contains(t.names, name); n++ {
			name = base + " (" + strconv.Itoa(n) + ")"
		}
		t.names = append(t.names, name)
	}
	return t.names[i]
}

func (t *table) hasRole(i int) bool {
	for _, at := range t.m.Columns {
		if at == i {
			return true
		}
	}
	return false
}

// appendJSON appends a text as JSON.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, err := json.Marshal(s)
			if err != nil {
				return append(b, `""`...)
			}
			return append(b, text...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

var _ Source = (*table)(nil)
