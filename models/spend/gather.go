package spend

import "io"

// handful are rows that are written in one transaction.
type handful struct {
	rows    []piled
	charges []Charge // to which the rows point
	cells   []any    // to which the rows point
	read    int64    // bytes of the file that were read with them
}

// handfuls are how many there are: one is read while the other is written. Memory is worth
// more than that sums need not be waited for.
const handfuls = 2

// gathering reads a source while what it read before is written.
type gathering struct {
	full  chan *handful // is closed at the end
	empty chan *handful
	stop  chan struct{}
	take  func(*handful, Row)
	err   error // that ended it; to be read once full is closed
}

func newGathering(take func(*handful, Row)) *gathering {
	g := &gathering{full: make(chan *handful), empty: make(chan *handful, handfuls), stop: make(chan struct{}), take: take}
	for range handfuls {
		g.empty <- &handful{}
	}
	return g
}

// run reads the source to its end, or until nobody wants more.
func (g *gathering) run(source Source, read func() int64) {
	defer close(g.full)
	h := <-g.empty
	for {
		row, err := source.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			g.err = err
			return
		}
		if len(h.rows) >= chunkRows && !row.more { // the charges of one row go together
			if h.read = read(); !g.pass(h) {
				return
			}
			h = <-g.empty
		}
		g.take(h, row)
	}
	h.read = read()
	g.pass(h)
}

// pass hands on what was read; it returns false where nobody wants it.
func (g *gathering) pass(h *handful) bool {
	select {
	case g.full <- h:
		return true
	case <-g.stop:
		return false
	}
}

// giveBack takes what is done with, and forgets the texts in it.
func (g *gathering) giveBack(h *handful) {
	clear(h.rows)
	clear(h.charges)
	clear(h.cells)
	h.rows, h.charges, h.cells = h.rows[:0], h.charges[:0], h.cells[:0]
	g.empty <- h
}

// end stops the reading, and returns once the source is touched no longer.
func (g *gathering) end() {
	close(g.stop)
	for range g.full { // what comes yet is lost
	}
}

// copy keeps a charge that is valid until the next row only.
func (h *handful) copy(c *Charge) *Charge {
	if len(h.charges) == cap(h.charges) { // those that there are stay where they are
		h.charges = make([]Charge, 0, chunkRows+1)
	}
	h.charges = append(h.charges, *c)
	return &h.charges[len(h.charges)-1]
}

// words are what is written of a row, but for what needs the database.
func (h *handful) words(p *piled) []any {
	n := len(chargeColumns)
	if len(h.cells)+n > cap(h.cells) {
		h.cells = make([]any, 0, n*(chunkRows+1))
	}
	from := len(h.cells)
	h.cells = p.words(h.cells)
	return h.cells[from:len(h.cells):len(h.cells)]
}

// adding makes sums beside what is written.
type adding struct {
	done chan error
	err  error
}

// begin makes sums of what is not changed meanwhile. Those before are done.
func (a *adding) begin(sum func() error) {
	a.done = make(chan error, 1)
	go func() { a.done <- sum() }()
}

// wait waits until the sums are made.
func (a *adding) wait() error {
	if a.done != nil {
		a.err = <-a.done
		a.done = nil
	}
	return a.err
}
