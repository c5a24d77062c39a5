package chart

import (
	"html"
	"math/big"
	"slices"
	"strconv"

	"pilveturg/models"
	"pilveturg/views/locale"
)

// Kind is how a chart looks.
type Kind string

// The kinds.
const (
	Bars   Kind = "bars"   // a bar across for each series of a row, from zero
	Stacks Kind = "stacks" // a column for each row, its series one upon the other, from zero
	Lines  Kind = "lines"  // a line for each series, its name at its end
)

// MaxSeries is how many series a chart has at most: more cannot be told apart.
const MaxSeries = 4

// Chart is what a figure shows. A chart without rows, without series or with more than
// [MaxSeries] is drawn as nothing.
type Chart struct {
	ID       string // unique on the page
	Kind     Kind
	Title    string   // what it is, in a few words
	Message  string   // what is to be seen, in one sentence
	Currency string   // ISO 4217; "" when the values are no money
	Basis    string   // what the values are: "without VAT"
	Series   []string // their names, in the order of the values of a row
	Rows     []Row
}

// Row is what belongs to one label: a bar, a month.
type Row struct {
	Label  string
	Values []Value // one for each series
}

// Value is one mark. Unknown leaves its place empty, which is not the same as zero.
type Value struct {
	models.Exact
	Unknown bool
}

// Known returns values that are all known.
func Known(all ...models.Exact) []Value {
	values := make([]Value, len(all))
	for i, e := range all {
		values[i].Exact = e
	}
	return values
}

// Drawn reports whether there is anything to draw.
func (c *Chart) Drawn() bool {
	return len(c.Rows) > 0 && len(c.Series) > 0 && len(c.Series) <= MaxSeries && !slices.ContainsFunc(c.Rows, func(r Row) bool { return len(r.Values) != len(c.Series) })
}

// Append appends a chart as a figure of HTML in the language of l: what it is, what is to
// be seen, in what unit, the names of its series where there are several, and the SVG.
func (c *Chart) Append(b []byte, l *locale.Locale) []byte {
	if !c.Drawn() {
		return b
	}
	d := &drawing{b: b, c: c, l: l}
	switch c.Kind {
	case Bars:
		d.bars()
	case Stacks:
		d.stacks()
	case Lines:
		d.lines()
	default:
		return b
	}
	d.raw(`</figure>`, "\n")
	return d.b
}

// drawing is a chart on its way into HTML.
type drawing struct {
	b []byte
	c *Chart
	l *locale.Locale
}

func (d *drawing) raw(parts ...string) {
	for _, part := range parts {
		d.b = append(d.b, part...)
	}
}

func (d *drawing) text(s string) { d.raw(html.EscapeString(s)) }

// caption begins the figure: its title, its message, and the unit of its numbers.
func (d *drawing) caption(u unit) {
	d.raw(`<figure class="figure"><figcaption><strong>`)
	d.text(d.c.Title)
	d.raw(`</strong> `)
	d.text(d.c.Message)
	if words := u.words(d.l, d.c.Currency, d.c.Basis); words != "" {
		d.raw(` <span class="small muted">`)
		d.text(words)
		d.raw(`</span>`)
	}
	d.raw(`</figcaption>`)
	d.legend()
}

// open begins an SVG of a height in pixels: what it is, what it says, and the patterns.
func (d *drawing) open(height int) {
	d.raw(`<svg class="chart" role="img" width="100%" height="`, strconv.Itoa(height), `" aria-labelledby="`, d.c.ID, `-t `, d.c.ID, `-d"><title id="`, d.c.ID, `-t">`)
	d.text(d.c.Title)
	d.raw(`</title><desc id="`, d.c.ID, `-d">`)
	d.text(d.c.Message)
	d.raw(`</desc>`)
	if d.c.Kind != Lines {
		for i := 1; i < len(d.c.Series); i++ {
			d.pattern(i)
		}
	}
}

// patterns are the strokes by which series are told apart without colour; the first has
// none.
var patterns = [MaxSeries]string{1: "M-1 7L7 -1M3 11L11 3", 2: "M0 4H8", 3: "M4 0V8M0 4H8"}

func (d *drawing) pattern(series int) {
	d.raw(`<defs><pattern id="`, d.c.ID, `-p`, strconv.Itoa(series), `" width="8" height="8" patternUnits="userSpaceOnUse"><path class="hatch" d="`, patterns[series], `"/></pattern></defs>`)
}

func (d *drawing) close() { d.raw(`</svg>`) }

// block draws a rectangle of a series: across in percent, down in pixels.
func (d *drawing) block(series int, x, y, width, height string) {
	at := `x="` + x + `" y="` + y + `" width="` + width + `" height="` + height + `"`
	d.raw(`<rect class="k`, strconv.Itoa(series+1), `" `, at, `/>`)
	if series > 0 {
		d.raw(`<rect fill="url(#`, d.c.ID, `-p`, strconv.Itoa(series), `)" `, at, `/>`)
	}
}

// words writes a text; anchor is "start", "middle" or "end", dx how far from x it stands.
func (d *drawing) words(x string, y, dx int, anchor, class, text string) {
	d.raw(`<text x="`, x, `" y="`, strconv.Itoa(y), `" dx="`, strconv.Itoa(dx), `" text-anchor="`, anchor, `"`)
	if class != "" {
		d.raw(` class="`, class, `"`)
	}
	d.raw(`>`)
	d.text(text)
	d.raw(`</text>`)
}

// legend names the series beside what they look like.
func (d *drawing) legend() {
	if len(d.c.Series) < 2 {
		return
	}
	d.raw(`<ul class="legend">`)
	for i, name := range d.c.Series {
		d.raw(`<li><svg class="chart" width="16" height="16" aria-hidden="true">`)
		if d.c.Kind == Lines {
			d.mark(i, "50%", "8")
		} else {
			d.block(i, "0", "0", "16", "16")
		}
		d.raw(`</svg>`)
		d.text(name)
		d.raw(`</li>`)
	}
	d.raw(`</ul>`)
}

// scale turns amounts into places between low and high, which are at 0 and at size.
type scale struct {
	low, span *big.Rat
	size      int64
}

// scaleOf is the scale of amounts on which zero stands, of a size in hundredths.
func scaleOf(size int64, amounts ...models.Exact) scale {
	var low, high models.Exact
	for _, e := range amounts {
		if e.Cmp(low) < 0 {
			low = e
		}
		if e.Cmp(high) > 0 {
			high = e
		}
	}
	span := high.Rat()
	if span.Sub(span, low.Rat()); span.Sign() == 0 {
		span.SetInt64(1)
	}
	return scale{low.Rat(), span, size}
}

// at is where an amount stands, in hundredths.
func (s scale) at(e models.Exact) int64 {
	n := e.Rat()
	n.Sub(n, s.low).Quo(n, s.span).Mul(n, new(big.Rat).SetInt64(s.size))
	return new(big.Int).Quo(n.Num(), n.Denom()).Int64()
}

const hundred = 100

// hundredths writes a number of hundredths: "12.34".
func hundredths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	whole, rest := strconv.FormatInt(n/hundred, 10), strconv.FormatInt(hundred+n%hundred, 10)
	return sign + whole + "." + rest[1:]
}

func percent(n int64) string { return hundredths(n) + "%" }
