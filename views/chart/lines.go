package chart

import (
	"cmp"
	"slices"
	"strconv"

	"pilveturg/models"
)

// linesWide is what of the width lines have, in hundredths of a percent; their names and
// last values stand in the rest.
const linesWide = 6500

// lineStep is how far apart the words at the ends of lines stand, in pixels.
const lineStep = 17

// lines draws a line for each series, with a mark for each value.
func (d *drawing) lines() {
	var all []models.Exact
	for _, row := range d.c.Rows {
		for _, v := range row.Values {
			if !v.Unknown {
				all = append(all, v.Exact)
			}
		}
	}
	s := scaleOf(stackHeight*hundred, all...)
	u := d.unitOf(all)
	d.caption(u)
	d.open(stackTop + stackHeight + stackFoot)
	zero := hundredths(s.down(models.Exact{}))
	d.raw(`<line class="ax" x1="0" x2="`, percent(linesWide), `" y1="`, zero, `" y2="`, zero, `"/>`)
	for i := range d.c.Series {
		d.line(s, i)
	}
	every := (len(d.c.Rows) + labelsFit/2 - 1) / (labelsFit / 2)
	for i := 0; i < len(d.c.Rows); i += every {
		anchor := "middle"
		if i == 0 {
			anchor = "start"
		}
		d.words(percent(d.across(i)), stackTop+stackHeight+wordsDown+4, 0, anchor, "tick", d.c.Rows[i].Label)
	}
	d.endWords(s, u)
	d.close()
}

// across is where a row stands, in hundredths of a percent.
func (d *drawing) across(row int) int64 {
	return hundred + int64(linesWide-2*hundred)*int64(row)/int64(max(1, len(d.c.Rows)-1))
}

// line draws the line of a series; where a value is unknown it is broken.
func (d *drawing) line(s scale, series int) {
	class := `l` + strconv.Itoa(series+1)
	last := -1
	for i, row := range d.c.Rows {
		v := row.Values[series]
		if v.Unknown {
			last = -1
			continue
		}
		if last >= 0 {
			before := d.c.Rows[last].Values[series]
			d.raw(`<line class="`, class, `" x1="`, percent(d.across(last)), `" y1="`, hundredths(s.down(before.Exact)), `" x2="`, percent(d.across(i)), `" y2="`, hundredths(s.down(v.Exact)), `"/>`)
		}
		last = i
	}
	for i, row := range d.c.Rows {
		if v := row.Values[series]; !v.Unknown {
			d.mark(series, percent(d.across(i)), hundredths(s.down(v.Exact)))
		}
	}
}

// shapes are the marks of series: a square, a circle, a triangle and a diamond.
var shapes = [MaxSeries]string{"M-4 -4H4V4H-4Z", "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z", "M0 -6L6 5H-6Z", "M0 -6L6 0L0 6L-6 0Z"}

// mark draws the shape of a series.
func (d *drawing) mark(series int, x, y string) {
	d.raw(`<svg x="`, x, `" y="`, y, `" overflow="visible"><path class="dot k`, strconv.Itoa(series+1), `" d="`, shapes[series], `"/></svg>`)
}

// lineEnd is where a line ends.
type lineEnd struct {
	series int
	at     int64 // below the top, in hundredths of a pixel
	value  models.Exact
}

// endWords name the lines at their ends, so that none stands on another.
func (d *drawing) endWords(s scale, u unit) {
	var ends []lineEnd
	for i := range d.c.Series {
		for _, row := range slices.Backward(d.c.Rows) {
			if v := row.Values[i]; !v.Unknown {
				ends = append(ends, lineEnd{i, s.down(v.Exact), v.Exact})
				break
			}
		}
	}
	slices.SortFunc(ends, func(x, y lineEnd) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.series, y.series)) })
	free := 0
	for i, end := range ends {
		below := len(ends) - 1 - i
		y := min(max(int(end.at/hundred)+4, free), stackTop+stackHeight-below*lineStep)
		d.words(percent(linesWide), y, labelGap+4, "start", "", d.c.Series[end.series]+" "+u.short(d.l, end.value))
		free = y + lineStep
	}
}
