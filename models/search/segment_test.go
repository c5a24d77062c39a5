package search

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pilveturg/models/search/searchtest"
)

func TestASegmentKeepsNothingOfTheNextOne(t *testing.T) {
	x := newIndex(t)
	b := newBuilder(x.layout, x.reg, x.seed, int32(DayNumber(searchtest.Today)))
	var segments []*segment
	for id := int64(1); id <= 40; id++ {
		var r raw
		if err := r.read(x.layout, bodyOf(t, madeUp(id))); err != nil {
			t.Fatal(err)
		}
		if err := b.add(&r); err != nil {
			t.Fatal(err)
		}
		if id%10 == 0 {
			segments = append(segments, b.segment())
		}
	}
	x.publish(segments, nil)
	for id := int64(1); id <= 40; id++ {
		want := madeUp(id)
		hits := x.Hits([]int64{id}, nil)
		if len(hits) != 1 {
			t.Fatalf("document %d is not there", id)
		}
		if card := hits[0].Card(); !reflect.DeepEqual(card, want.Card) {
			t.Errorf("card of %d:\n%+v\nwant\n%+v", id, card, want.Card)
		}
	}
}

// What is in an index does not depend on the order and pieces in which it came.
func TestChangesAndMergesLeaveWhatWasPutLast(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	x := newIndex(t)
	now := map[int64]*Document{}
	for round := range 60 {
		var bodies [][]byte
		var gone, touched []int64
		for range 1 + r.IntN(8) {
			id := int64(1 + r.IntN(120))
			if slices.Contains(touched, id) {
				continue
			}
			touched = append(touched, id)
			if r.IntN(5) == 0 && now[id] != nil {
				gone = append(gone, id)
				delete(now, id)
				continue
			}
			d := testLayout().Document(fewWordsListing(r, id))
			now[id] = d
			bodies = append(bodies, bodyOf(t, d))
		}
		if err := x.Put(bodies, gone); err != nil {
			t.Fatal(err)
		}
		if round%7 == 0 {
			x.Tidy()
		}
	}
	x.Tidy()
	var docs []*Document
	for id, d := range now {
		if hits := x.Hits([]int64{id}, nil); len(hits) != 1 {
			t.Fatalf("document %d is lost", id)
		}
		docs = append(docs, d)
	}
	if x.Len() != len(docs) {
		t.Fatalf("documents = %d; want %d", x.Len(), len(docs))
	}
	o := newOracle(docs, searchtest.Today)
	for i := range 300 {
		req := randomRequest(r, x)
		if req.Text != "" {
			req.Text += " " // the last word is whole
		}
		if wrong := compare(x.Search(req), o.answer(req), false); wrong != "" {
			t.Fatalf("request %d: %+v:\n%s", i, req, wrong)
		}
	}
}
