package search

import (
	"encoding/binary"
	"sync"

	"pilveturg/models"
)

// Answers are kept as long as their snapshot stands: people turn pages, come back
// and follow links that others sent, and the same question has the same answer.
const (
	keptAnswers = 4096 // about 5 KB each
	mostKept    = 100  // results of an answer that is kept
)

// answers are those of one snapshot. The older half is dropped when there are too
// many; what is asked for again moves to the younger one.
type answers struct {
	mu         sync.Mutex // guards the following
	young, old map[string]*Result
}

func (a *answers) get(key []byte) *Result {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.young[string(key)]; r != nil {
		return r
	}
	r := a.old[string(key)]
	if r != nil {
		a.add(string(key), r)
	}
	return r
}

func (a *answers) put(key []byte, r *Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.add(string(key), r)
}

// add makes an answer a young one. Held: mu.
func (a *answers) add(key string, r *Result) {
	if len(a.young) >= keptAnswers/2 {
		a.old, a.young = a.young, nil
	}
	if a.young == nil {
		a.young = make(map[string]*Result)
	}
	a.young[key] = r
}

// key writes all of a request that the answer depends on.
func (r *Request) key(b []byte) []byte {
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	count := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	number := func(n *int64) {
		if n == nil {
			b = append(b, 0)
			return
		}
		b = binary.AppendVarint(append(b, 1), *n)
	}
	text(r.Text)
	count(len(r.Filters))
	for _, f := range r.Filters {
		text(f.Group)
		count(len(f.Values))
		for _, v := range f.Values {
			text(v)
		}
	}
	count(len(r.Vendors))
	for _, v := range r.Vendors {
		b = binary.AppendVarint(b, v)
	}
	count(len(r.Ranges))
	for _, x := range r.Ranges {
		text(x.Column)
		b = appendBound(appendBound(b, x.Min), x.Max)
		b = appendFlag(b, x.Unknown)
	}
	b = appendFlag(b, r.Volume != nil)
	if v := r.Volume; v != nil {
		text(v.Unit)
		b = appendFlag(appendBound(b, &v.Amount), v.Flow)
	}
	number(r.Price.Min)
	number(r.Price.Max)
	b = appendFlag(appendFlag(b, r.Price.Unknown), r.Closed)
	text(string(r.Sort))
	count(r.Offset)
	count(r.Limit)
	return b
}

func appendFlag(b []byte, yes bool) []byte {
	if yes {
		return append(b, 1)
	}
	return append(b, 0)
}

// appendBound writes a number that may be missing; no number is written as "".
func appendBound(b []byte, d *models.Decimal) []byte {
	s := ""
	if d != nil {
		s = d.String()
	}
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
