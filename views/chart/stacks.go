package chart

import (
	"pilveturg/models"
)

// The measures of columns, in pixels.
const (
	stackHeight = 180
	stackTop    = 20 // for what the highest comes to
	stackFoot   = 22 // for the labels
)

// allWide is the whole width, in hundredths of a percent.
const allWide = 10000

// labelsFit is how many labels fit side by side on a narrow screen; of more, only
// some are written, and that of the highest is among them.
const labelsFit = 12

// stacks draws a column for each row: what is above zero upwards, what is below downwards.
func (d *drawing) stacks() {
	var ends []models.Exact
	for _, row := range d.c.Rows {
		up, down := row.ends()
		ends = append(ends, up, down)
	}
	s := scaleOf(stackHeight*hundred, ends...)
	u := d.unitOf(ends)
	d.caption(u)
	d.open(stackTop + stackHeight + stackFoot)
	step := int64(allWide / len(d.c.Rows))
	every := (len(d.c.Rows) + labelsFit - 1) / labelsFit
	written := highest(ends) % every
	for i, row := range d.c.Rows {
		x := int64(i) * step
		top := d.column(s, row, x+step/10, step*8/10)
		if i%every != written {
			continue
		}
		middle := percent(x + step/2)
		d.words(middle, stackTop+stackHeight+wordsDown+2, 0, "middle", "tick", row.Label)
		if all, known := row.sum(); known {
			d.words(middle, stackTop+int(top/hundred)-4, 0, "middle", "tick", u.short(d.l, all))
		}
	}
	zero := hundredths(s.down(models.Exact{}))
	d.raw(`<line class="ax" x1="0" x2="100%" y1="`, zero, `" y2="`, zero, `"/>`)
	d.close()
}

// highest is the row that stands highest; ends are the upper and the lower end of each.
func highest(ends []models.Exact) (row int) {
	for i := 0; i < len(ends); i += 2 {
		if ends[i].Cmp(ends[2*row]) > 0 {
			row = i / 2
		}
	}
	return row
}

// down is where an amount stands below the top of a picture, in hundredths of a pixel.
func (s scale) down(e models.Exact) int64 { return stackTop*hundred + s.size - s.at(e) }

// column draws the parts of a row and returns how far below the top of the columns it
// begins, in hundredths of a pixel.
func (d *drawing) column(s scale, row Row, x, width int64) (top int64) {
	var up, down models.Exact
	for i, v := range row.Values {
		from := &up
		if v.Sign() < 0 {
			from = &down
		}
		to := add(*from, v.Exact)
		a, b := s.down(*from), s.down(to)
		*from = to
		if !v.Unknown && v.Sign() != 0 {
			d.block(i, percent(x), hundredths(min(a, b)), percent(width), hundredths(max(a, b)-min(a, b)))
		}
	}
	return s.down(up) - stackTop*hundred
}

// ends are what of a row is above zero and what is below.
func (r Row) ends() (up, down models.Exact) {
	for _, v := range r.Values {
		if v.Sign() < 0 {
			down = add(down, v.Exact)
		} else {
			up = add(up, v.Exact)
		}
	}
	return up, down
}

// sum is what a row comes to; it is not known where none of its values is.
func (r Row) sum() (all models.Exact, known bool) {
	for _, v := range r.Values {
		all = add(all, v.Exact)
		known = known || !v.Unknown
	}
	return all, known
}

// add adds amounts; where they do not fit, which the ledger would have refused before,
// the second is left out of the picture.
func add(e, f models.Exact) models.Exact {
	if sum, err := e.Add(f); err == nil {
		return sum
	}
	return e
}
