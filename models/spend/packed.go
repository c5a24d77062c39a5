package spend

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
)

// The bounds of a packed file.
const (
	mostRatio    = 300       // bytes for each byte of the file …
	alwaysPacked = 256 << 20 // … but so many may come of any
)

// unpacked opens what is in a file that gzip packed, as cloud providers send their bills;
// of other files the bytes as they are.
func unpacked(open Open) Open {
	return func() (io.ReadCloser, error) {
		f, err := open()
		if err != nil {
			return nil, err
		}
		p := &packed{file: f, raw: counted{r: f}}
		b := bufio.NewReader(&p.raw)
		p.r = b
		if head, _ := b.Peek(2); !bytes.Equal(head, []byte("\x1f\x8b")) {
			return p, nil
		}
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, errors.Join(errWhy(WhyBroken), f.Close())
		}
		p.r, p.isPacked = z, true
		return p, nil
	}
}

// packed is a file that may be packed.
type packed struct {
	file     io.Closer
	raw      counted
	r        io.Reader
	isPacked bool
	out      int64
}

// Read implements [io.Reader]. It fails with the reason where the file is broken, or made
// to fill what reads it.
func (p *packed) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if !p.isPacked {
		return n, err
	}
	if p.out += int64(n); p.out > alwaysPacked && p.out/mostRatio > p.raw.n {
		return 0, errWhy(WhyHostile)
	}
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) || isCorrupt(err) {
		err = errWhy(WhyBroken)
	}
	return n, err
}

func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

// Close implements [io.Closer].
func (p *packed) Close() error { return p.file.Close() }
