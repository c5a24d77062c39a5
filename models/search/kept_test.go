package search

import (
	"fmt"
	"testing"

	"pilveturg/models"
)

func TestAnAnswerIsKeptUntilTheIndexChanges(t *testing.T) {
	x := newIndex(t, madeUp(1), madeUp(2))
	req := Request{Limit: 30}
	first := x.Search(req)
	if again := x.Search(req); again != first {
		t.Error("the same question was worked out twice")
	}
	if err := x.Put([][]byte{bodyOf(t, madeUp(3))}, nil); err != nil {
		t.Fatal(err)
	}
	if now := x.Search(Request{Limit: 30, Closed: true}); now.Total != 3 {
		t.Errorf("%d are found after one was added to two", now.Total)
	}
	if now := x.Search(req); now == first {
		t.Error("an answer was kept over a change")
	}
	if n := len(x.Search(Request{Limit: mostKept + 1, Closed: true}).Hits); n != 3 {
		t.Errorf("%d results", n)
	}
}

func TestQuestionsThatDifferHaveDifferentKeys(t *testing.T) {
	one, two := models.Whole(1), models.Whole(2)
	n := int64(5)
	all := []Request{
		{}, {Text: "a"}, {Text: "ab"}, {Filters: []Filter{{"a", []string{"b"}}}}, {Filters: []Filter{{"a", []string{"b", "c"}}}},
		{Filters: []Filter{{"a", []string{"b"}}, {"a", []string{"c"}}}}, {Filters: []Filter{{"ab", nil}}}, {Vendors: []int64{1}}, {Vendors: []int64{1, 2}},
		{Ranges: []Range{{Column: "a", Min: &one}}}, {Ranges: []Range{{Column: "a", Max: &one}}}, {Ranges: []Range{{Column: "a", Min: &two}}},
		{Ranges: []Range{{Column: "a", Min: &one, Unknown: true}}}, {Volume: &Volume{Unit: "user", Amount: one}}, {Volume: &Volume{Unit: "user", Amount: two}},
		{Volume: &Volume{Unit: "user", Amount: one, Flow: true}}, {Volume: &Volume{Unit: "pupil", Amount: one}}, {Price: PriceRange{Min: &n}}, {Price: PriceRange{Max: &n}},
		{Price: PriceRange{Unknown: true}}, {Closed: true}, {Sort: ByPrice}, {Offset: 30}, {Limit: 30},
	}
	seen := map[string]string{}
	for i := range all {
		key, said := string(all[i].key(nil)), fmt.Sprintf("%d: %+v", i, all[i])
		if other, ok := seen[key]; ok {
			t.Errorf("%s has the key of %s", said, other)
		}
		seen[key] = said
	}
}

func TestTheAnswersThatAreKeptAreNotMoreThanTheyMayBe(t *testing.T) {
	var a answers
	for i := range 3 * keptAnswers {
		a.put(fmt.Append(nil, i), &Result{Total: i})
		if a.get([]byte("0")) == nil {
			t.Fatalf("what is asked for again and again was dropped after %d others", i)
		}
	}
	if n := len(a.young) + len(a.old); n > keptAnswers+1 {
		t.Errorf("%d answers are kept", n)
	}
}
