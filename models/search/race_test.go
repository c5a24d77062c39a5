package search

import (
	"fmt"
	"sync"
	"testing"

	"pilveturg/models"
	"pilveturg/models/search/searchtest"
)

// Readers never see half of a change: two documents that always change together
// are found with the same text, whatever goes on.
func TestReadersSeeAllOfAChangeOrNothing(t *testing.T) {
	x := newIndex(t)
	pair := func(round int) [][]byte {
		var bodies [][]byte
		for id := int64(1); id <= 2; id++ {
			s := namedSource(id, fmt.Sprintf("Pair round%d", round), "words that stay")
			s.Offering.Revision = int64(round)
			bodies = append(bodies, bodyOf(t, testLayout().Document(s)))
		}
		return bodies
	}
	put := func(bodies [][]byte, gone []int64) {
		if err := x.Put(bodies, gone); err != nil {
			t.Error(err)
		}
	}
	put(pair(0), nil)
	stop := make(chan bool)
	var readers, writers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if !seesPair(t, x) {
					return
				}
			}
		})
	}
	writers.Go(func() {
		for round := range 150 {
			put(pair(round), nil)
		}
	})
	writers.Go(func() {
		for i := range 100 {
			put([][]byte{bodyOf(t, madeUp(int64(10+i%40)))}, []int64{int64(10 + (i+7)%40)})
			x.Tidy()
		}
	})
	writers.Go(func() {
		for i := range 20 {
			x.SetDay(models.DateOf(searchtest.Today.Time().AddDate(0, 0, i)))
			x.SetSynonyms([][]string{{"pair", fmt.Sprint("word", i)}})
		}
	})
	writers.Wait()
	close(stop)
	readers.Wait()
}

// seesPair searches for the pair, and reports whether both are of one change.
func seesPair(t *testing.T, x *Index) bool {
	res := x.Search(Request{Text: "pair", Limit: 10, Volume: &Volume{Unit: "user", Amount: models.Whole(5)}, Sort: ByPrice})
	if res.Total != 2 || len(res.Hits) != 2 {
		t.Errorf("a pair is found as %d of %d", len(res.Hits), res.Total)
		return false
	}
	a, b := res.Hits[0].Card(), res.Hits[1].Card()
	if a.Revision != b.Revision {
		t.Errorf("one of a pair is of change %d, the other of %d", a.Revision, b.Revision)
		return false
	}
	x.Suggest("pai", 3)
	marked(x, res, "pair of words")
	return true
}
