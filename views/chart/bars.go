package chart

import (
	"strconv"
	"strings"

	"pilveturg/models"
)

// The measures of bars, in pixels: the label stands above its bars, so that it has all
// the room that there is.
const (
	labelHeight = 20
	barHeight   = 14
	barStep     = 17
	rowGap      = 10
	wordsDown   = 14 // from the top of a line of words to where they stand
	wordsBy     = 12 // from the top of a bar
)

// barsWide is what of the width bars have, in hundredths of a percent; what they come to
// is written in the rest.
const barsWide = 6000

// bars draws a bar across for each series of each row.
func (d *drawing) bars() {
	var all []models.Exact
	for _, row := range d.c.Rows {
		for _, v := range row.Values {
			all = append(all, v.Exact)
		}
	}
	s := scaleOf(barsWide, all...)
	row := labelHeight + barStep*len(d.c.Series) + rowGap
	d.caption(unit{})
	d.open(row * len(d.c.Rows))
	zero := percent(s.at(models.Exact{}))
	y := 0
	for _, r := range d.c.Rows {
		d.words("0", y+wordsDown, 0, "start", "", shortened(r.Label))
		at := y + labelHeight
		for i, v := range r.Values {
			d.bar(s, i, at, v)
			at += barStep
		}
		y += row
	}
	d.raw(`<line class="ax" x1="`, zero, `" x2="`, zero, `" y1="0" y2="`, strconv.Itoa(y), `"/>`)
	d.close()
}

// bar draws one bar and writes at its end what it comes to.
func (d *drawing) bar(s scale, series, y int, v Value) {
	zero, end := s.at(models.Exact{}), s.at(v.Exact)
	from, to := min(zero, end), max(zero, end)
	if v.Unknown {
		d.words(percent(zero), y+wordsBy, labelGap, "start", "", d.l.T("chart.unknown"))
		return
	}
	d.block(series, percent(from), strconv.Itoa(y), percent(to-from), strconv.Itoa(barHeight))
	d.words(percent(to), y+wordsBy, labelGap, "start", "", d.l.Rounded(v.Exact, d.c.Currency))
}

// labelGap stands between a mark and its words, in pixels.
const labelGap = 6

// maxLabel is how many characters of a label there is room for on a narrow screen; the
// table beside it has all of them.
const maxLabel = 42

func shortened(label string) string {
	runes := []rune(label)
	if len(runes) <= maxLabel {
		return label
	}
	return strings.TrimSpace(string(runes[:maxLabel-1])) + "…"
}
