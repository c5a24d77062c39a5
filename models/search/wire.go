package search

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"time"

	"pilveturg/models"
)

// errBody says that a stored document cannot be read; it is made anew.
var errBody = errors.New("stored search document is damaged")

// wire writes numbers and texts one after the other.
type wire struct{ b []byte }

func (w *wire) byte(c byte)     { w.b = append(w.b, c) }
func (w *wire) uint(n uint64)   { w.b = binary.AppendUvarint(w.b, n) }
func (w *wire) count(n int)     { w.uint(uint64(n)) }
func (w *wire) int(n int64)     { w.b = binary.AppendVarint(w.b, n) }
func (w *wire) string(s string) { w.count(len(s)); w.b = append(w.b, s...) }
func (w *wire) bytes(b []byte)  { w.count(len(b)); w.b = append(w.b, b...) }

// dayZero is a day near those that are written, so that their numbers are small.
const dayZero = 20_000

// noDay stands for no day. Real ones are within a few thousand years.
const noDay = math.MinInt32

func (w *wire) date(d models.Date) {
	if d.IsZero() {
		w.uint(0)
		return
	}
	n := DayNumber(d) - dayZero
	w.uint(uint64(n<<1^n>>63) + 1) // 0, -1, 1, -2 …
}

// common are texts that are written as a number.
var common = []string{"", Currency, "USD", "month", "quarter", "year", "once", "listed", "request", "free", "graduated", "volume", "band",
	"percent", "project", "pass_through", "open", "closed", "suspended", "et", "en", "ru", "none", "unknown", "user", "pupil", "school",
	"employee", "seat", "setup", "base"}

// word writes a text that is often one of the common ones.
func (w *wire) word(s string) {
	if i := slices.Index(common, s); i >= 0 {
		w.count(i)
		return
	}
	w.count(len(common) + len(s))
	w.b = append(w.b, s...)
}

func (w *wire) text(t models.Text) {
	langs := models.Languages(t)
	w.count(len(langs))
	for _, l := range langs {
		w.word(l)
		w.string(t[l])
	}
}

func (w *wire) flags(all ...bool) {
	var c byte
	for i, f := range all {
		if f {
			c |= 1 << i
		}
	}
	w.byte(c)
}

// unwire reads what wire wrote. After a first error it reads zeros, and bad is
// set; counts are never greater than what could still follow.
type unwire struct {
	b   []byte
	bad bool
}

func (r *unwire) fail() {
	r.b, r.bad = nil, true
}

func (r *unwire) byte() byte {
	if len(r.b) == 0 {
		r.fail()
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *unwire) uint() uint64 {
	if len(r.b) > 0 && r.b[0] < 0x80 {
		n := r.b[0]
		r.b = r.b[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *unwire) int() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[size:]
	return n
}

// count reads how many things follow, each of at least one byte.
func (r *unwire) count() int {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail()
		return 0
	}
	return int(n)
}

// below reads a number less than n.
func (r *unwire) below(n int) int {
	v := r.uint()
	if v >= uint64(n) {
		r.fail()
		return 0
	}
	return int(v)
}

// take returns the next n bytes; they belong to the whole.
func (r *unwire) take(n int) []byte {
	if n > len(r.b) {
		r.fail()
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *unwire) bytes() []byte  { return r.take(r.count()) }
func (r *unwire) string() string { return string(r.bytes()) }

// day reads the number of a day, or noDay.
func (r *unwire) day() int64 {
	n := r.uint()
	if n == 0 {
		return noDay
	}
	n--
	day := int64(n>>1) ^ -int64(n&1)
	if day < -1e6 || day > 1e7 {
		r.fail()
		return noDay
	}
	return day + dayZero
}

func (r *unwire) date() models.Date {
	if n := r.day(); n != noDay {
		return dayOf(n)
	}
	return models.Date{}
}

// word reads what word wrote.
func (r *unwire) word() string {
	n := r.uint()
	if n < uint64(len(common)) {
		return common[n]
	}
	if n -= uint64(len(common)); n > uint64(len(r.b)) {
		r.fail()
		return ""
	}
	return string(r.take(int(n)))
}

// dayOf is the day with this number.
func dayOf(n int64) models.Date {
	return models.DateOf(time.Unix(n*24*60*60, 0))
}

func (r *unwire) text() models.Text {
	n := r.count()
	if n == 0 {
		return nil
	}
	t := make(models.Text, n)
	for range n {
		lang := r.word()
		t[lang] = r.string()
	}
	return t
}

func (r *unwire) flags(all ...*bool) {
	c := r.byte()
	for i, f := range all {
		*f = c&(1<<i) != 0
	}
}

// err returns errBody when something was wrong or something is left.
func (r *unwire) err() error {
	if r.bad || len(r.b) > 0 {
		return errBody
	}
	return nil
}
