package sheet

import (
	"slices"
	"strconv"
	"strings"

	"pilveturg/models"
)

// Column is what the cells of a column are, by all of them.
type Column struct {
	Heading string   `json:"heading"`
	Filled  int      `json:"filled"`
	Numbers int      `json:"numbers"`
	Days    int      `json:"days"`
	Samples []string `json:"samples,omitempty"` // the first that differ, three at most

	Decimal     string `json:"decimal,omitempty"`     // "." or ","; "" where no number has a sign that tells
	AskDecimal  bool   `json:"ask_decimal,omitempty"` // every number fits both marks, and they differ
	Order       Order  `json:"order,omitempty"`       // DMY or MDY of days with the year last; of numbers that can all be days, how
	AskOrder    bool   `json:"ask_order,omitempty"`   // every day fits both orders, and they differ
	Swapped     bool   `json:"swapped,omitempty"`     // days with the year first have day and month in the wrong places
	Currency    string `json:"currency,omitempty"`    // the only code or sign that its numbers have
	Conflicting int    `json:"conflicting,omitempty"` // numbers or days that the decision does not fit
}

// IsNumber and IsDay report what most cells of a column are.
func (c *Column) IsNumber() bool { return c.Numbers*10 >= c.Filled*6 && c.Numbers > 0 }

// IsDay reports whether most cells of a column are days.
func (c *Column) IsDay() bool { return c.Days*10 >= c.Filled*6 && c.Days > 0 }

// columnCounts are what is counted of a column while its cells go by.
type columnCounts struct {
	Column
	point, comma, either int // numbers that only this mark fits; that both fit, with another value
	dmy, mdy, both       int // days that only this order fits; that both fit, with another day
	iso, swappable       int
	counted, compact     int // numbers that can be days counted from 1899; written as 20260314
	months               map[Order]map[string]bool
	currencies           map[string]bool
	given                bool // it is text: nothing more is counted
}

// Columns find out what the cells of each column are.
type Columns struct {
	counts []*columnCounts
}

// NewColumns begins with the cells of a heading.
func NewColumns(heading []string) *Columns {
	c := &Columns{}
	for _, h := range heading {
		c.column(len(c.counts)).Heading = strings.Join(strings.Fields(strings.TrimPrefix(h, "\ufeff")), " ")
	}
	return c
}

func (c *Columns) column(i int) *columnCounts {
	for len(c.counts) <= i {
		c.counts = append(c.counts, &columnCounts{months: map[Order]map[string]bool{}, currencies: map[string]bool{}})
	}
	return c.counts[i]
}

// Add counts the cells of a row.
func (c *Columns) Add(cells []string) {
	for i, cell := range cells {
		if cell = trimSpaces(cell); cell != "" {
			c.column(i).add(cell)
		}
	}
}

// giveUp is how many cells of a column have to be text before it is taken for text.
const giveUp = 500

func (c *columnCounts) add(cell string) {
	c.Filled++
	if len(c.Samples) < 3 && !slices.Contains(c.Samples, cell) {
		c.Samples = append(c.Samples, strings.Clone(cell[:min(len(cell), 80)]))
	}
	if c.given || nothing(cell) {
		return
	}
	if days := readDay(cell); len(days) > 0 {
		c.Days++
		c.addDay(days)
		return
	}
	if w, ok := readNumber(cell); ok {
		c.Numbers++
		c.addNumber(w, cell)
		return
	}
	c.given = c.Filled >= giveUp && c.Numbers == 0 && c.Days == 0
}

// As counted days only these are taken, 1990 to 2050, as long as nobody says that others
// are.
const firstCounted, lastCounted = 32874, 54789

func (c *columnCounts) addNumber(w written, cell string) {
	if n := len(cell); n >= 5 && n < 24 && cell[0] >= '2' && cell[0] <= '5' {
		whole, _, _ := strings.Cut(cell, ".")
		if n, err := strconv.Atoi(whole); err == nil && n >= firstCounted && n <= lastCounted {
			c.counted++
		}
		if _, ok := compactDay(cell); ok {
			c.compact++
		}
	}
	switch w.decides() {
	case point:
		c.point++
	case comma:
		c.comma++
	default:
		if w.fits(point) && w.plain(point) != w.plain(comma) {
			c.either++
		}
	}
	if len(c.currencies) < 3 {
		if code := currencyOf(cell); code != "" {
			c.currencies[code] = true
		}
	}
}

// currencyOf is the currency that a cell names by a code, or by a sign that stands for
// one currency only; the dollar stands for many.
func currencyOf(cell string) string {
	for sign, code := range map[string]string{"€": "EUR", "£": "GBP"} {
		if strings.Contains(cell, sign) {
			return code
		}
	}
	code, _ := currencyCode(cell)
	return code
}

// mostMonths are remembered of a column, to tell orders apart.
const mostMonths = 600

func (c *columnCounts) addDay(days map[Order]models.Date) {
	d, hasD := days[DMY]
	m, hasM := days[MDY]
	switch {
	case hasD && !hasM:
		c.dmy++
	case hasM && !hasD:
		c.mdy++
	case hasD && d != m:
		c.both++
	}
	if _, ok := days[YMD]; ok {
		c.iso++
		if _, ok := days[YDM]; ok {
			c.swappable++
		}
	}
	for order, day := range days {
		if c.months[order] == nil {
			c.months[order] = map[string]bool{}
		}
		if len(c.months[order]) < mostMonths {
			c.months[order][day.String()[:7]] = true
		}
	}
}

// List decides about each column. A column whose numbers fit both marks is read by the
// one that the other columns of the file decide for, if any does.
func (c *Columns) List() []Column {
	all := make([]Column, len(c.counts))
	byPoint, byComma := 0, 0
	for _, one := range c.counts {
		byPoint, byComma = byPoint+one.point, byComma+one.comma
	}
	for i, one := range c.counts {
		one.decideNumbers(byPoint, byComma)
		one.decideDays()
		if len(one.currencies) == 1 {
			for code := range one.currencies {
				one.Currency = code
			}
		}
		all[i] = one.Column
	}
	return all
}

func (c *columnCounts) decideNumbers(byPoint, byComma int) {
	switch {
	case c.point > c.comma:
		c.Decimal, c.Conflicting = string(point), c.comma
	case c.comma > c.point:
		c.Decimal, c.Conflicting = string(comma), c.point
	case c.point > 0: // as many of both
		c.Decimal, c.Conflicting, c.AskDecimal = string(point), c.comma, true
	case c.either == 0:
	case byPoint > byComma:
		c.Decimal = string(point)
	case byComma > byPoint:
		c.Decimal = string(comma)
	default:
		c.Decimal, c.AskDecimal = string(point), true
	}
}

func (c *columnCounts) decideDays() {
	switch {
	case c.Days == 0 && c.Numbers > 0 && c.counted == c.Numbers:
		c.Order = Count
	case c.Days == 0 && c.Numbers > 0 && c.compact == c.Numbers:
		c.Order = YMD
	case c.dmy > c.mdy:
		c.Order, c.Conflicting = DMY, c.Conflicting+c.mdy
	case c.mdy > c.dmy:
		c.Order, c.Conflicting = MDY, c.Conflicting+c.dmy
	case c.dmy > 0:
		c.Order, c.Conflicting, c.AskOrder = DMY, c.Conflicting+c.mdy, true
	case c.both > 0: // files are of few months: the order by which there are fewer is likelier
		c.Order, c.AskOrder = DMY, true
		if len(c.months[MDY]) < len(c.months[DMY]) {
			c.Order = MDY
		}
	}
	if c.iso > 0 && c.iso == c.swappable && c.Order != "" {
		c.Swapped = within(c.months[YDM], c.months[c.Order]) && !within(c.months[YMD], c.months[c.Order])
	}
}

// within reports whether all months of a are in b.
func within(a, b map[string]bool) bool {
	for month := range a {
		if !b[month] {
			return false
		}
	}
	return true
}

// Fault is why a cell cannot be read, and what it could have meant.
type Fault struct {
	Code   string
	Repair string // the cell as it may have been meant; "" when nobody can say
}

// The faults.
const (
	NoNumber = "number_wrong"
	NoDay    = "day_wrong"
)

// Number reads a cell as a number by the decimal mark of its column. known is false where
// the cell says that there is none.
func Number(cell, decimal string) (n models.Exact, known bool, fault *Fault) {
	cell = trimSpaces(cell)
	if nothing(cell) {
		return n, false, nil
	}
	w, ok := readNumber(cell)
	by := point
	if decimal == string(comma) {
		by = comma
	}
	if !ok || !w.fits(by) {
		return n, false, &Fault{NoNumber, repairNumber(cell, w, ok, decimal)}
	}
	n, err := models.ParseExact(w.plain(by))
	if err != nil {
		return n, false, &Fault{Code: NoNumber}
	}
	return n, true, nil
}

// repairNumber says what a cell could have meant: letters that look like digits, or the
// other decimal mark.
func repairNumber(cell string, w written, ok bool, decimal string) string {
	if ok {
		other := comma
		if decimal == string(comma) {
			other = point
		}
		if w.fits(other) {
			return w.plain(other)
		}
		return ""
	}
	guess := strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1", "S", "5", " ", "").Replace(cell)
	own := point
	if decimal == string(comma) {
		own = comma
	}
	if w, ok := readNumber(guess); ok && guess != cell && w.fits(own) {
		return w.plain(own)
	}
	return ""
}

// Day reads a cell as a day by what its column decided. known is false where the cell
// says that there is none.
func (c *Column) Day(cell string) (d models.Date, known bool, fault *Fault) {
	cell = trimSpaces(cell)
	if nothing(cell) {
		return d, false, nil
	}
	if c.Order == Count {
		if d, ok := countedDay(cell); ok {
			return d, true, nil
		}
	}
	if d, ok := compactDay(cell); ok {
		return d, true, nil
	}
	days := readDay(cell)
	order, other := c.Order, MDY
	switch {
	case days[Named] != models.Date{}:
		order = Named
	case yearFirst(cell):
		order, other = YMD, YDM
		if c.Swapped {
			order, other = YDM, YMD
		}
	case order == MDY:
		other = DMY
	default:
		order = DMY
	}
	if d, ok := days[order]; ok {
		return d, true, nil
	}
	fault = &Fault{Code: NoDay}
	if d, ok := days[other]; ok {
		fault.Repair = d.String()
	} else if d, ok := strayDay(cell); ok {
		fault.Repair = d.String()
	}
	return d, false, fault
}

func yearFirst(cell string) bool {
	return len(cell) > 4 && strings.Trim(cell[:4], "0123456789") == "" && strings.IndexByte("-/.", cell[4]) >= 0
}

// strayDay reads a day with the year first in which a letter strayed.
func strayDay(cell string) (models.Date, bool) {
	guess := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, cell)
	d, ok := readDay(guess)[YMD]
	return d, ok && guess != cell
}
