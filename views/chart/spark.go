package chart

import (
	"strconv"

	"pilveturg/models"
	"pilveturg/views/locale"
)

// Spark is a small line for a cell of a table, in which the same values are written.
type Spark struct {
	Message string // what is to be seen: "rose from 12 to 40"
	Values  []models.Exact
}

// The measures of a small line, in pixels.
const (
	sparkWide   = 96
	sparkHeight = 24
	sparkEdge   = 3
)

// Append appends the SVG of a small line. Fewer than two values are no line.
func (s *Spark) Append(b []byte, _ *locale.Locale) []byte {
	if len(s.Values) < 2 {
		return b
	}
	d := &drawing{b: b}
	d.raw(`<svg class="chart spark" role="img" width="`, strconv.Itoa(sparkWide), `" height="`, strconv.Itoa(sparkHeight), `"><title>`)
	d.text(s.Message)
	d.raw(`</title><path class="l1" d="`)
	sc := scaleOf((sparkHeight-2*sparkEdge)*hundred, s.Values...)
	for i, v := range s.Values {
		x := int64(sparkEdge*hundred + (sparkWide-2*sparkEdge)*hundred*i/(len(s.Values)-1))
		y := (sparkHeight-sparkEdge)*hundred - sc.at(v)
		if i == 0 {
			d.raw(`M`)
		} else {
			d.raw(`L`)
		}
		d.raw(hundredths(x), ` `, hundredths(y))
		if i == len(s.Values)-1 {
			d.raw(`"/><circle class="dot k1" r="3" cx="`, hundredths(x), `" cy="`, hundredths(y), `"/></svg>`)
		}
	}
	return d.b
}
