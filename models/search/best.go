package search

import (
	"cmp"
	"slices"
)

// hit is a document in its place among the results.
type hit struct {
	key  uint64 // the higher the better
	tie  uint64 // among equal keys, the higher the better
	view *view
	doc  uint16
	id   int64
}

// best keeps the first so many documents of those it is offered.
type best struct {
	most  int
	hits  []hit
	least hit // of the first most ones, when there are as many
	full  bool
}

func (b *best) reset(most int) {
	clear(b.hits)
	b.hits, b.most, b.full = b.hits[:0], most, false
}

// offer takes a document unless so many better ones are there.
func (b *best) offer(key uint64, v *view, doc uint16, day int32) {
	id := v.ids[doc]
	tie := tieOf(id, day)
	if b.full && (key < b.least.key || key == b.least.key && tie < b.least.tie) {
		return
	}
	b.hits = append(b.hits, hit{key, tie, v, doc, id})
	if len(b.hits) >= 2*b.most+32 {
		b.cut()
	}
}

// cut keeps the first ones, in any order but that the last of them stands last.
func (b *best) cut() {
	if len(b.hits) < b.most || b.most == 0 {
		return
	}
	selectHits(b.hits, b.most-1)
	clear(b.hits[b.most:])
	b.hits = b.hits[:b.most]
	b.least, b.full = b.hits[b.most-1], true
}

// from returns the documents behind the first so many, in order.
func (b *best) from(offset int) []hit {
	b.cut()
	if offset >= len(b.hits) {
		return nil
	}
	if offset > 0 {
		selectHits(b.hits, offset)
	}
	slices.SortFunc(b.hits[offset:], compareHits)
	return b.hits[offset:]
}

// selectHits puts the hit that belongs at place n there, better ones before it and
// others behind it. It takes a time that grows with their number, not more.
func selectHits(hits []hit, n int) {
	for len(hits) > 1 {
		pivot := middle(hits)
		i, j := 0, len(hits)-1
		for i <= j {
			for compareHits(hits[i], pivot) < 0 {
				i++
			}
			for compareHits(hits[j], pivot) > 0 {
				j--
			}
			if i <= j {
				hits[i], hits[j] = hits[j], hits[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			hits = hits[:j+1]
		case n >= i:
			hits, n = hits[i:], n-i
		default:
			return
		}
	}
}

// middle is the middle one of three hits. Their order is that of hashes when it is
// not that of what was asked, so that no order of the documents is a bad one.
func middle(hits []hit) hit {
	three := []hit{hits[0], hits[len(hits)/2], hits[len(hits)-1]}
	slices.SortFunc(three, compareHits)
	return three[1]
}

// compareHits orders better ones first.
func compareHits(a, b hit) int {
	if a.key != b.key {
		return cmp.Compare(b.key, a.key)
	}
	if a.tie != b.tie {
		return cmp.Compare(b.tie, a.tie)
	}
	return cmp.Compare(a.id, b.id)
}

// tieOf puts offerings into an order that is another one every day, so that nobody
// is always first.
func tieOf(id int64, day int32) uint64 {
	h := uint64(id)*0x9e3779b97f4a7c15 + uint64(uint32(day))*0xd1b54a32d192ed03
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
