package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"pilveturg/models/exchange"
)

const (
	redraw    = 200 * time.Millisecond // of the bar on a terminal
	lineEvery = 5 * time.Second        // elsewhere
	barCells  = 24
	nameCells = 32 // a line that is too long for its terminal cannot be wiped
	wipe      = "\r\x1b[K"
)

// progress tells a person how far the reading of a file is.
type progress struct {
	e     *env
	name  string
	total int64 // bytes; 0 when not known

	begun         time.Time
	read, records atomic.Int64
}

// during shows the progress until f is done, and returns the error of f.
func (p *progress) during(f func() error) error {
	p.begun = time.Now()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		p.show(stop)
	}()
	defer func() {
		close(stop)
		<-stopped
	}()
	return f()
}

func (p *progress) show(stop <-chan struct{}) {
	every, before, after := lineEvery, "", "\n"
	if p.e.terminal {
		every, before, after = redraw, wipe, ""
		defer fmt.Fprint(p.e.err, wipe)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			fmt.Fprint(p.e.err, before+p.line(time.Since(p.begun))+after)
		}
	}
}

// line says where the reading stands after the time it took so far.
func (p *progress) line(took time.Duration) string {
	read, text := p.read.Load(), ending(p.name)+"  "
	rate := float64(read) / max(took.Seconds(), 0.001)
	if p.total > 0 {
		part := min(float64(read)/float64(p.total), 1)
		if p.e.terminal {
			full := int(part * barCells)
			text += "[" + strings.Repeat("#", full) + strings.Repeat(".", barCells-full) + "]  "
		}
		text += fmt.Sprintf("%.0f %%  ", 100*part)
	}
	text += fmt.Sprintf("%.1f MB/s  %s", rate/1e6, count(int(p.records.Load()), "record"))
	switch {
	case p.total > 0 && read >= p.total:
		text += "  storing"
	case p.total > 0 && read > 0:
		left := time.Duration(float64(p.total-read) / rate * float64(time.Second))
		text += "  " + left.Round(time.Second).String() + " left"
	}
	return text
}

// ending cuts a name that is too long.
func ending(name string) string {
	r := []rune(name)
	if len(r) <= nameCells {
		return name
	}
	return "…" + string(r[len(r)-nameCells+1:])
}

// bytes passes on what r reads and counts it. It fails once ctx is over.
func (p *progress) bytes(ctx context.Context, r io.Reader) io.Reader {
	p.read.Store(0)
	return p.more(ctx, r)
}

// more counts what is read on top of what was read before.
func (p *progress) more(ctx context.Context, r io.Reader) io.Reader {
	return readFunc(func(b []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := r.Read(b)
		p.read.Add(int64(n))
		return n, err
	})
}

type readFunc func([]byte) (int, error)

// Read implements [io.Reader].
func (f readFunc) Read(b []byte) (int, error) { return f(b) }

// counted passes on the records of r and counts them.
func (p *progress) counted(r exchange.Reader) exchange.Reader {
	p.records.Store(0)
	return counter{r, &p.records}
}

type counter struct {
	exchange.Reader
	n *atomic.Int64
}

// Next implements [exchange.Reader].
func (c counter) Next() (exchange.Record, error) {
	r, err := c.Reader.Next()
	if err == nil {
		c.n.Add(1)
	}
	return r, err
}

// count writes a number with its noun: "1 record", "2 records".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
