package focus

import (
	"encoding/json"
	"strings"
	"time"

	"pilveturg/models"
)

// formulas begin a cell that a spreadsheet would compute.
const formulas = "=+-@\t\r"

// text takes off the apostrophe that [Writer] puts before what a spreadsheet would compute,
// and has line ends as one character, as CSV readers do.
func (h *Heading) text(cell string) string {
	if guarded(cell) && cell[0] == '\'' {
		cell = cell[1:]
	}
	for strings.Contains(cell, "\r\n") {
		cell = strings.ReplaceAll(cell, "\r\n", "\n")
	}
	return cell
}

// guarded reports whether a text begins with apostrophes, or none, and then as a formula.
func guarded(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.IndexByte(formulas, s[0]) >= 0
}

func (h *Heading) number(at int, cell string) Number {
	if n, err := models.ParseExact(cell); err == nil {
		return Number{n, true}
	}
	c := columns[at]
	bare, ok := undress(cell)
	n, err := models.ParseExact(bare)
	if !ok || err != nil {
		h.tell(NotNumber, c.name, cell, c.cost)
		return Number{}
	}
	h.tell(Dressed, c.name, cell, false)
	return Number{n, true}
}

// undress takes spaces, a plus, a currency sign and commas between groups of three digits
// off a number.
func undress(s string) (string, bool) {
	s = strings.TrimSpace(s)
	s, minus := strings.CutPrefix(s, "-")
	for _, sign := range []string{"+", "$", "€", "£"} {
		s = strings.TrimPrefix(s, sign)
	}
	s = strings.TrimSpace(s)
	whole, part, point := strings.Cut(s, ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if len(groups) > 1 && (i > 0 && len(g) != 3 || len(g) == 0 || len(g) > 3) {
			return "", false
		}
	}
	s = strings.Join(groups, "")
	if strings.HasPrefix(s, "-") || s == "" {
		return "", false
	}
	if point {
		s += "." + part
	}
	if minus {
		s = "-" + s
	}
	return s, true
}

func (h *Heading) moment(at int, cell string) time.Time {
	if t, ok := standard(cell); ok {
		return t
	}
	name := columns[at].name
	t, ok := lenient(strings.TrimSpace(cell))
	if !ok {
		h.tell(NotMoment, name, cell, true)
		return time.Time{}
	}
	h.tell(Moment, name, cell, false)
	return t
}

// standard reads 2024-09-01T00:00:00Z, which is all that FOCUS allows.
func standard(s string) (time.Time, bool) {
	if len(s) != 20 || s[10] != 'T' || s[19] != 'Z' {
		return time.Time{}, false
	}
	return clock(s)
}

// clock reads digits at the places of 2024-09-01 00:00:00.
func clock(s string) (time.Time, bool) {
	if s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	y, mo, d := digits(s[0:4]), digits(s[5:7]), digits(s[8:10])
	hh, mi, ss := digits(s[11:13]), digits(s[14:16]), digits(s[17:19])
	if y < 1 || mo < 1 || d < 1 || mo > 12 || hh < 0 || hh > 23 || mi < 0 || mi > 59 || ss < 0 || ss > 59 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(mo), d, hh, mi, ss, 0, time.UTC)
	return t, t.Day() == d
}

// digits is a number without sign, or -1.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// lenient reads the times that real files have: with a space and without zone (then in
// UTC), with an offset, only a day, and 4/1/25 for the first of April.
func lenient(s string) (time.Time, bool) {
	if len(s) == 19 && (s[10] == ' ' || s[10] == 'T') || len(s) == 20 && (s[10] == ' ' || s[10] == 't') && (s[19] == 'Z' || s[19] == 'z') {
		return clock(s)
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999", "2006-01-02", "1/2/06", "1/2/2006", "1/2/06 15:04", "1/2/2006 15:04", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1 {
			t = t.UTC()
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC), t.Year() >= 1 && t.Year() <= 9999
		}
	}
	return time.Time{}, false
}

func readCurrency(h *Heading, name, cell string, c *Charge) {
	code := strings.ToUpper(strings.TrimSpace(cell))
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		h.tell(Currency, name, cell, true)
		return
	}
	if code != cell {
		h.tell(Spelled, name, cell, false)
	}
	c.Currency = code
}

// words are the values of a list: as FOCUS writes them, and as a charge has them.
type words []struct{ focus, ours string }

var (
	categories = words{
		{"Usage", string(Usage)}, {"Purchase", string(Purchase)}, {"Tax", string(Tax)},
		{"Credit", string(Credit)}, {"Adjustment", string(Adjustment)},
	}
	frequencies = words{{"Usage-Based", string(UsageBased)}, {"One-Time", string(OneTime)}, {"Recurring", string(Recurring)}}
)

// word is how FOCUS writes a value.
func (l words) word(ours string) string {
	for _, w := range l {
		if w.ours == ours {
			return w.focus
		}
	}
	return ""
}

// read finds a value, with a warning where its capitals or spaces differ.
func (l words) read(h *Heading, name, cell string, fatal bool) string {
	for _, w := range l {
		if w.focus == cell {
			return w.ours
		}
	}
	plain := strings.NewReplacer(" ", "-", "_", "-").Replace(strings.TrimSpace(cell))
	for _, w := range l {
		if strings.EqualFold(w.focus, plain) || strings.EqualFold(strings.ReplaceAll(w.focus, "-", ""), plain) {
			h.tell(Spelled, name, cell, false)
			return w.ours
		}
	}
	h.tell(NotListed, name, cell, fatal)
	return ""
}

func readCategory(h *Heading, name, cell string, c *Charge) {
	c.Category = Category(categories.read(h, name, cell, true))
}

func readFrequency(h *Heading, name, cell string, c *Charge) {
	c.Frequency = Frequency(frequencies.read(h, name, cell, false))
}

func readClass(h *Heading, name, cell string, c *Charge) {
	c.Correction = strings.EqualFold(strings.TrimSpace(cell), "Correction")
	switch {
	case !c.Correction:
		h.tell(NotListed, name, cell, false)
	case cell != "Correction":
		h.tell(Spelled, name, cell, false)
	}
}

func writeClass(c *Charge) string {
	if c.Correction {
		return "Correction"
	}
	return ""
}

func readTags(h *Heading, name, cell string, c *Charge) { c.Tags = h.object(name, cell, c) }

func readDetails(h *Heading, name, cell string, c *Charge) { c.SKUDetails = h.object(name, cell, c) }

// object is the text of a JSON object; another text goes to the other columns.
func (h *Heading) object(name, cell string, c *Charge) string {
	if t := strings.TrimSpace(cell); strings.HasPrefix(t, "{") && nested(t) {
		return h.text(t)
	}
	h.tell(NotObject, name, cell, false)
	var o object
	o.text = append(o.text, c.Other...)
	if n := len(o.text); n > 0 {
		o.text = o.text[:n-1]
	}
	o.add(name, cell)
	c.Other = o.join("")
	return ""
}

// nested reports whether a text is a JSON object or list that a database takes: none with
// an escaped NUL.
func nested(s string) bool {
	return s != "" && (s[0] == '{' || s[0] == '[') && !strings.Contains(s, `\u0000`) && json.Valid([]byte(s))
}

// object is the text of a JSON object as it grows.
type object struct{ text []byte }

func (o *object) add(name, cell string) {
	lead := byte(',')
	if len(o.text) == 0 {
		lead = '{'
	}
	o.text = append(o.text, lead)
	key, _ := json.Marshal(name)
	o.text = append(append(o.text, key...), ':')
	if t := strings.TrimSpace(cell); nested(t) {
		o.text = append(o.text, t...)
		return
	}
	value, _ := json.Marshal(cell)
	o.text = append(o.text, value...)
}

// isObject reports whether a text is the text of a JSON object with something in it.
func isObject(s string) bool {
	return len(s) > 2 && s[0] == '{' && s[len(s)-1] == '}' && strings.TrimSpace(s[1:len(s)-1]) != "" && nested(s)
}

// take adds what another object, already closed, has.
func (o *object) take(closed string) {
	if len(o.text) > 0 {
		o.text = append(o.text, ',')
		closed = closed[1:]
	}
	o.text = append(o.text, closed[:len(closed)-1]...)
}

// join closes the object, with what another one, already closed, has.
func (o *object) join(closed string) string {
	switch {
	case len(o.text) == 0:
		return closed
	case closed == "":
		return string(o.text) + "}"
	}
	return string(o.text) + "," + closed[1:]
}
