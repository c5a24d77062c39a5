package search

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// desk is the memory that one search works in, one segment at a time.
type desk struct {
	total scores // of the documents that fulfil the clauses so far
	clause,
	way, // of several atoms
	atom result
	cand    bitset // the documents that fulfil all clauses
	left    bitset // those that pass all filters as well
	sets    []bitset
	list    listReader
	pattern []byte
	key     []byte // of the request
	tally   tally
	sellers sellerTally
	best    best
}

type scores [segmentSize]uint32

// result is the documents that fulfil something, with their scores; the scores of
// others are 0.
type result struct {
	set    bitset
	scores scores
}

func newDesk() *desk {
	d := &desk{cand: newBitset(segmentSize)}
	for _, r := range []*result{&d.clause, &d.way, &d.atom} {
		r.set = newBitset(segmentSize)
	}
	return d
}

func (r *result) clear(n int) {
	r.set = r.set[:(n+63)/64]
	clear(r.set)
	clear(r.scores[:n])
}

// sparse is how many times more postings than candidates there are before each
// candidate is looked up by itself.
const sparse = 8

// match finds the documents of a view that fulfil the plan: all its clauses, or
// with any at least one that asks for something. They are in cand, their scores in
// total.
func (d *desk) match(v *view, p *plan, any bool) {
	d.cand = append(d.cand[:0], v.live...)
	if len(p.clauses) == 0 {
		return
	}
	n := v.len()
	clear(d.total[:n])
	if any {
		d.matchAny(v, p)
		return
	}
	count := v.count
	for i := range p.clauses {
		c := &p.clauses[i]
		d.fulfil(v, c, d.cand, count)
		if c.not {
			d.cand.andNot(d.clause.set)
			continue
		}
		d.cand.and(d.clause.set)
		count = d.gather()
		if count == 0 {
			return
		}
	}
}

// gather adds the scores of a clause to the candidates' and counts them.
func (d *desk) gather() int {
	count := 0
	for i, w := range d.cand {
		count += bits.OnesCount64(w)
		for ; w != 0; w &= w - 1 {
			doc := i<<6 + bits.TrailingZeros64(w)
			d.total[doc] += d.clause.scores[doc]
		}
	}
	return count
}

// covered is what each fulfilled clause adds to a score when not all must be
// fulfilled: more than any words can.
const covered = 1 << 26

func (d *desk) matchAny(v *view, p *plan) {
	some := d.setAt(0, v)
	clear(some)
	for i := range p.clauses {
		c := &p.clauses[i]
		d.fulfil(v, c, d.cand, v.count)
		if c.not {
			d.cand.andNot(d.clause.set)
			continue
		}
		some.or(d.clause.set)
		for i, w := range d.clause.set {
			for ; w != 0; w &= w - 1 {
				doc := i<<6 + bits.TrailingZeros64(w)
				d.total[doc] += covered + min(d.clause.scores[doc], covered/MaxWords)
			}
		}
	}
	d.cand.and(some)
}

// setAt returns a spare set, as long as the view.
func (d *desk) setAt(i int, v *view) bitset {
	for len(d.sets) <= i {
		d.sets = append(d.sets, newBitset(segmentSize))
	}
	return d.sets[i][:len(v.live)]
}

// fulfil finds the documents that fulfil a clause, into d.clause. Only those among
// the candidates, of which there are count, need to be right.
func (d *desk) fulfil(v *view, c *wanted, cand bitset, count int) {
	d.clause.clear(v.len())
	for i := range c.ways {
		w := &c.ways[i]
		switch {
		case w.id != 0:
			if doc, ok := v.find(w.id); ok {
				d.clause.set.set(doc)
				d.clause.scores[doc] = max(d.clause.scores[doc], 1)
			}
		case len(w.named) > 0:
			d.valued(&d.clause, v, w.named, cand)
		case len(w.atoms) == 1:
			d.fill(&d.clause, v, &w.atoms[0], cand, count)
		default:
			d.several(v, w, cand, count)
		}
	}
}

// fill adds the documents that hold one of the words, with the best score of each.
func (d *desk) fill(r *result, v *view, a *atom, cand bitset, count int) {
	d.valued(r, v, a.values, cand)
	next := 0
	for _, t := range a.words {
		var data []byte
		if data, next = v.terms.find(t.id, next); data == nil {
			continue
		}
		if n := d.list.open(data); n > sparse*count {
			d.probe(r, t.factor, cand)
		} else {
			d.pour(r, t.factor)
		}
	}
}

// valued adds the candidates that have one of the values.
func (d *desk) valued(r *result, v *view, values []valued, cand bitset) {
	for _, value := range values {
		column := v.column(value.ordinal)
		if column == nil {
			continue
		}
		var above *holders
		if value.above >= 0 {
			above = v.column(value.above)
		}
		for i, w := range column.each {
			if w &= cand[i]; above != nil && w != 0 {
				w &^= above.word(i)
			}
			r.set[i] |= w
			for ; w != 0; w &= w - 1 {
				doc := i<<6 + bits.TrailingZeros64(w)
				r.scores[doc] = max(r.scores[doc], value.score)
			}
		}
	}
}

// pour takes all documents of a list.
func (d *desk) pour(r *result, factor uint32) {
	set := (*[segmentWords]uint64)(r.set[:segmentWords])
	for d.list.next() {
		impacts := d.list.impacts[:d.list.n]
		for i, doc := range d.list.docs[:d.list.n] {
			doc &= segmentSize - 1
			r.scores[doc] = max(r.scores[doc], factor*uint32(impacts[i]))
			set[doc>>6] |= 1 << (doc & 63)
		}
	}
}

// probe looks each candidate up in a list.
func (d *desk) probe(r *result, factor uint32, cand bitset) {
	at := 0 // in the decoded documents
	for i, w := range cand {
		for ; w != 0; w &= w - 1 {
			doc := uint16(i<<6 + bits.TrailingZeros64(w))
			if at >= d.list.n || d.list.docs[d.list.n-1] < doc {
				if !d.list.seek(doc) {
					return
				}
				at = 0
			}
			for d.list.docs[at] < doc {
				at++
			}
			if d.list.docs[at] == doc {
				r.set.set(doc)
				r.scores[doc] = max(r.scores[doc], factor*uint32(d.list.impacts[at]))
			}
		}
	}
}

// several adds the documents that fulfil all atoms of a way, and have its words one
// after the other when that is asked.
func (d *desk) several(v *view, w *way, cand bitset, count int) {
	all := append(d.setAt(1, v)[:0], cand...)
	d.way.clear(v.len())
	for i := range w.atoms {
		d.atom.clear(v.len())
		d.fill(&d.atom, v, &w.atoms[i], all, count)
		all.and(d.atom.set)
		count = 0
		for i, w := range all {
			count += bits.OnesCount64(w)
			for ; w != 0; w &= w - 1 {
				doc := i<<6 + bits.TrailingZeros64(w)
				d.way.scores[doc] += d.atom.scores[doc]
			}
		}
		if count == 0 {
			return
		}
	}
	if len(w.exact) > 0 {
		d.inOrder(v, w.exact, all)
	}
	for i, w := range all {
		for ; w != 0; w &= w - 1 {
			doc := i<<6 + bits.TrailingZeros64(w)
			d.clause.scores[doc] = max(d.clause.scores[doc], d.way.scores[doc])
		}
	}
	d.clause.set.or(all)
}

// inOrder keeps the documents in which the words follow each other.
func (d *desk) inOrder(v *view, exact []uint32, set bitset) {
	d.pattern = d.pattern[:0]
	for _, id := range exact {
		d.pattern = binary.AppendUvarint(d.pattern, uint64(id)+1)
	}
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			doc := uint16(i<<6 + bits.TrailingZeros64(w))
			if !follows(v.tokens(doc), d.pattern) {
				set.unset(doc)
			}
		}
	}
}

// follows reports whether the pattern stands in the words of a document: not
// within the number of a word, which goes on after a byte of 128 or more.
func follows(tokens, pattern []byte) bool {
	for from := 0; ; {
		i := bytes.Index(tokens[from:], pattern)
		if i < 0 {
			return false
		}
		if at := from + i; at == 0 || tokens[at-1] < 0x80 {
			return true
		}
		from += i + 1
	}
}
