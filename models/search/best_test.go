package search

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTheBestAreThoseThatSortingAllWouldPutFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		n, keys := r.IntN(400), 1+r.IntN(50)
		v := &view{segment: &segment{}}
		var all []hit
		for i := range n {
			v.ids = append(v.ids, int64(r.IntN(1000)*1000+i))
		}
		offset, limit := r.IntN(120), 1+r.IntN(60)
		var b best
		b.reset(offset + limit)
		for i, id := range v.ids {
			key := uint64(r.IntN(keys))
			all = append(all, hit{key, tieOf(id, 5), v, uint16(i), id})
			b.offer(key, v, uint16(i), 5)
		}
		slices.SortFunc(all, compareHits)
		want := all[min(offset, n):min(offset+limit, n)]
		if got := b.from(offset); !slices.Equal(got, want) {
			t.Fatalf("of %d, from %d, %d: %v, want %v", n, offset, limit, got, want)
		}
	}
}
