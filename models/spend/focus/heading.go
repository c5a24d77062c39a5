package focus

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a heading: how many columns a file may have, of which FOCUS 1.2 has 57, and how
// many bytes the name of one.
const (
	MaxColumns = 1000
	MaxName    = 256
)

// bom is how some programs begin a file in UTF-8.
const bom = "\ufeff"

// Heading knows where the columns of a file are. It is for one reader at a time.
type Heading struct {
	names    []string // as the file has them
	at       []int    // for each cell its place in columns, or -1
	has      [64]bool // by place in columns
	absent   bool     // a column that is not there was told of already
	version  int
	problems []Problem // of the row that is read
}

// NewHeading finds the columns of FOCUS among those of a file: by their exact names, or
// with other capitals and spaces around them. The problems say what is missing, unknown
// (unless it begins with x_, as FOCUS wants of additional columns) or there twice. A file
// without BilledCost, without BillingCurrency, or without the start of either period cannot
// be imported: such a problem is an error.
func NewHeading(names []string) (*Heading, []Problem) {
	h := &Heading{absent: true}
	long := func(name string) bool { return len(name) > MaxName }
	if len(names) > MaxColumns || slices.ContainsFunc(names, long) {
		return h, []Problem{{Code: TooMany, Error: true}}
	}
	var problems []Problem
	for i, name := range names {
		if p, bad := h.add(name, i == 0); bad {
			problems = append(problems, p)
		}
	}
	return h, append(problems, h.missing()...)
}

// add takes one more column.
func (h *Heading) add(name string, first bool) (Problem, bool) {
	if first {
		name = strings.TrimPrefix(name, bom)
	}
	trimmed := strings.TrimSpace(clean(name))
	i, ok := byName[strings.ToLower(trimmed)]
	if ok && h.has[i] {
		h.names, h.at = append(h.names, trimmed), append(h.at, skipped)
		return Problem{Code: Twice, Column: columns[i].name, Got: clip(name), Error: columns[i].name == "BilledCost"}, true
	}
	if !ok {
		h.names, h.at = append(h.names, trimmed), append(h.at, other)
		own := trimmed == "" || strings.HasPrefix(strings.ToLower(trimmed), "x_")
		return Problem{Code: Unknown, Column: clip(trimmed), Got: clip(name)}, !own
	}
	h.names, h.at = append(h.names, columns[i].name), append(h.at, i)
	h.has[i] = true
	h.version = max(h.version, columns[i].since)
	return Problem{Code: Spelled, Column: columns[i].name, Got: clip(name)}, name != columns[i].name
}

// Where a cell goes that is of no column of FOCUS.
const (
	other   = -1
	skipped = -2
)

func (h *Heading) missing() []Problem {
	var problems []Problem
	for i, c := range columns {
		if c.must && !h.has[i] {
			problems = append(problems, Problem{Code: Missing, Column: c.name, Error: c.name == "BilledCost" || c.name == "BillingCurrency"})
		}
	}
	if !h.Has("ChargePeriodStart") && !h.Has("BillingPeriodStart") {
		problems = append(problems, Problem{Code: NoPeriod, Column: "ChargePeriodStart", Error: true})
	}
	return problems
}

// Has reports whether the file has a column, by the name that FOCUS has for it.
func (h *Heading) Has(name string) bool {
	i, ok := byName[strings.ToLower(name)]
	return ok && h.has[i]
}

// Known is how many columns of FOCUS the file has, to tell whether it is one.
func (h *Heading) Known() int {
	n := 0
	for _, has := range h.has {
		if has {
			n++
		}
	}
	return n
}

// Version is the oldest version of FOCUS that has all the columns of the file that FOCUS
// has: one of [Versions].
func (h *Heading) Version() string { return Versions[h.version] }

// Read reads a row into a charge; what was in it is forgotten. The problems are those of
// the row, and are good until the next Read. With an error among them ([Fatal]) the row
// must not be taken; what could be read of it is in the charge nevertheless. The texts of
// the charge are those of the cells, not copies.
func (h *Heading) Read(cells []string, into *Charge) []Problem {
	h.problems = h.problems[:0]
	*into = Charge{}
	if blank(cells) {
		h.tell(Blank, "", "", true)
		return h.problems
	}
	var rest object
	for i, cell := range cells {
		if i >= len(h.at) {
			if strings.TrimSpace(cell) != "" {
				h.tell(Cells, "", cell, true)
				break
			}
			continue
		}
		h.cell(i, cell, into, &rest)
	}
	if len(cells) < len(h.at) {
		h.tell(Short, "", "", false)
	}
	into.Other = rest.join(into.Other)
	h.whole(into)
	return h.problems
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// cell reads one cell into its place.
func (h *Heading) cell(i int, cell string, into *Charge, rest *object) {
	at := h.at[i]
	if at == skipped {
		return
	}
	if garbled(cell) {
		cell = clean(cell)
		h.tell(Garbled, h.names[i], cell, false)
	}
	if at == other {
		switch {
		case h.names[i] == OtherColumn && isObject(cell):
			rest.take(cell)
		case cell != "" && cell != "NULL" && h.names[i] != "":
			rest.add(h.names[i], cell)
		}
		return
	}
	if h.null(at, cell) {
		return
	}
	switch c := columns[at]; {
	case c.text != nil:
		*c.text(into) = h.text(cell)
	case c.number != nil:
		*c.number(into) = h.number(at, cell)
	case c.moment != nil:
		*c.moment(into) = h.moment(at, cell)
	default:
		c.own(h, c.name, cell, into)
	}
}

// garbled reports whether a cell has what no database takes as text: other bytes than
// UTF-8, or NUL.
func garbled(s string) bool { return !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 }

func clean(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }

// null is nothing, or a word for it, of which people are told.
func (h *Heading) null(at int, cell string) bool {
	if cell == "" {
		return true
	}
	if first := cell[0]; first > ' ' && first != 'N' && first != 'n' {
		return false
	}
	switch strings.TrimSpace(cell) {
	case "":
		return true
	case "NULL", "null", "Null":
		h.tell(NullWord, columns[at].name, cell, false)
		return true
	}
	return false
}

func (h *Heading) tell(code, column, got string, fatal bool) {
	h.problems = append(h.problems, Problem{Code: code, Column: column, Got: clip(got), Error: fatal})
}

// whole looks at what only the cells together say.
func (h *Heading) whole(c *Charge) {
	if !c.Billed.Known && h.asked("BilledCost") {
		h.tell(Missing, "BilledCost", "", true)
	}
	if c.Currency == "" && h.asked("BillingCurrency") {
		h.tell(Missing, "BillingCurrency", "", true)
	}
	if c.Category == "" && h.has[categoryAt] && !h.told("ChargeCategory") {
		h.tell(Missing, "ChargeCategory", "", false)
	}
	if c.Start.IsZero() && c.BillingStart.IsZero() && !h.told("ChargePeriodStart") && !h.told("BillingPeriodStart") {
		if !h.absent || h.Has("ChargePeriodStart") || h.Has("BillingPeriodStart") {
			h.tell(NoPeriod, "ChargePeriodStart", "", true)
		}
	}
	h.period("ChargePeriodEnd", c.Start.Compare(c.End), c.Start.IsZero() || c.End.IsZero())
	h.period("BillingPeriodEnd", c.BillingStart.Compare(c.BillingEnd), c.BillingStart.IsZero() || c.BillingEnd.IsZero())
}

var categoryAt = byName["chargecategory"]

// asked reports whether a value that is not there should be spoken of: not where a column
// is missing, which the heading has said, nor where what stands there is an error already.
func (h *Heading) asked(name string) bool {
	return (!h.absent || h.Has(name)) && !h.told(name)
}

func (h *Heading) told(name string) bool {
	for _, p := range h.problems {
		if p.Column == name && p.Error {
			return true
		}
	}
	return false
}

func (h *Heading) period(end string, order int, open bool) {
	switch {
	case open:
	case order > 0:
		h.tell(Backwards, end, "", true)
	case order == 0:
		h.tell(NoTime, end, "", false)
	}
}
