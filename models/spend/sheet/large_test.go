package sheet

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// stream gives the same rows again and again, so many bytes of them, behind a heading.
type stream struct {
	head, rows []byte
	left       int64
	at         int
}

func newStream(size int64) *stream {
	var b bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&b, "Näidisamet,Kaardikoda %d OÜ,Software,%02d/%02d/2026,\"%d,%03d.%02d\",IN-%05d,\"map\nviews\",yes\n", i, i%28+1, i%12+1, i%9+1, i, i%100, i)
	}
	return &stream{head: []byte("Body,Supplier,Kind,Day,Amount,Number,Words,Paid\n"), rows: b.Bytes(), left: size}
}

func (s *stream) Read(p []byte) (int, error) {
	if len(s.head) > 0 {
		n := copy(p, s.head)
		s.head = s.head[n:]
		return n, nil
	}
	if s.left <= 0 && s.at == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.rows[s.at:])
	s.at = (s.at + n) % len(s.rows)
	s.left -= int64(n)
	return n, nil
}

func TestALargeFileIsReadInLittleMemory(t *testing.T) {
	size := int64(200 << 20)
	if testing.Short() {
		size = 20 << 20
	}
	s, err := Sniff(newStream(size))
	if err != nil || s.Heading != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	r := Open(newStream(size), s)
	columns := NewColumns(nil)
	var most uint64
	runtime.GC() // what other tests held
	rows := 0
	for ; ; rows++ {
		row, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil || row.Problem != "" {
			t.Fatalf("line %d: %v, %s", row.Line, err, row.Problem)
		}
		if rows%16 == 1 {
			columns.Add(row.Cells)
		}
		if rows%100_000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
		}
	}
	if most > 64<<20 {
		t.Errorf("%d MB are held", most>>20)
	}
	if list := columns.List(); rows < int(size/100) || !list[3].IsDay() || list[3].AskOrder || !list[4].IsNumber() || list[4].AskDecimal {
		t.Errorf("%d rows, %+v", rows, list)
	}
}

func TestQuotesThatNeverCloseAreOutlivedQuickly(t *testing.T) {
	one := "\"never closed,S,2026-01-02,3\n" + strings.Repeat("A,\"S, of B\",2026-01-02,1\n", 20_000)
	text := strings.Repeat(one, 30) // 14 MB
	r := Open(strings.NewReader(text), Style{Encoding: UTF8, Delimiter: ","})
	good, bad := 0, 0
	for {
		row, err := r.Next()
		if err != nil {
			break
		}
		switch {
		case row.Problem == OpenQuote && row.Raw == "\"never closed,S,2026-01-02,3":
			bad++
		case row.Problem == "" && len(row.Cells) == 4:
			good++
		default:
			t.Fatalf("line %d: %q %q", row.Line, row.Problem, row.Raw[:min(80, len(row.Raw))])
		}
	}
	if good != 600_000 || bad != 30 {
		t.Errorf("%d rows are good and %d bad", good, bad)
	}
}
