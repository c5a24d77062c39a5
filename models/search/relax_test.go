package search

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pilveturg/models"
	"pilveturg/models/search/searchtest"
)

// demand makes up something that may be asked of an offering.
func demand(r *rand.Rand, l *Layout) Demand {
	d := Demand{Must: r.IntN(4) > 0}
	switch r.IntN(5) {
	case 0:
		most := models.Whole(int64(r.IntN(40_000)))
		d.Key, d.Max = DemandPrice, &most
	case 1:
		c := l.Columns[r.IntN(len(l.Columns))]
		n := models.Whole(int64([]int{0, 1, 3, 12, 30, 90, 99}[r.IntN(7)]))
		if d.Key = c.Key; r.IntN(2) == 0 {
			d.Min = &n
		} else {
			d.Max = &n
		}
	default:
		g := l.Groups[r.IntN(len(l.Groups))]
		for g.Hidden {
			g = l.Groups[r.IntN(len(l.Groups))]
		}
		d.Key, d.Every = g.Key, r.IntN(2) == 0
		values := g.Values
		if g.Open {
			values = []string{"EE", "FI", "et", "en", "ru", "XX"}
		}
		for range 1 + r.IntN(3) {
			if v := values[r.IntN(len(values))]; v != Unknown && !slices.Contains(d.Values, v) {
				d.Values = append(d.Values, v)
			}
		}
	}
	return d
}

// count counts a document, priced by itself.
func (k *Stock) count(d *Document, volume *Volume) {
	price := int64(priceUnknown)
	if volume != nil {
		price = columnPrice(Cheapest(d.Card.Plans, *volume))
	}
	k.Total++
	switch {
	case price == priceRequest:
		k.OnRequest++
	case price < 0:
		k.Unpriced++
	case k.ID == 0 || price < k.Cheapest || price == k.Cheapest && d.Card.ID < k.ID:
		k.Cheapest, k.ID = price, d.Card.ID
	}
}

// slowly looks at every document for every question.
func slowly(l *Layout, docs []*Document, scope Scope, demands []Demand, volume *Volume) *Relaxation {
	want := &Relaxation{Demands: make([]DemandCount, len(demands))}
	add := func(k *Stock, d *Document) { k.count(d, volume) }
	pairs := map[[2]int]*Stock{}
	for _, d := range docs {
		if !slices.Contains(d.Values, Value{GroupLife, openLife}) || scope.Category != "" && !slices.Contains(d.Values, Value{GroupCategory, scope.Category}) {
			continue
		}
		add(&want.Looked, d)
		var missed []int
		for i := range demands {
			v := l.Judge(d, &demands[i], volume, searchtest.Today)
			c := &want.Demands[i]
			switch v {
			case Meets:
				c.Met++
				continue
			case Unsaid:
				c.Unknown++
			default:
				c.NotMet++
			}
			if demands[i].Must {
				missed = append(missed, i)
			}
		}
		switch len(missed) {
		case 0:
			add(&want.All, d)
		case 1:
			c := &want.Demands[missed[0]]
			add(&c.Lost, d)
			if l.Judge(d, &demands[missed[0]], volume, searchtest.Today) == Unsaid {
				c.Unsaid++
			}
		case 2:
			key := [2]int{missed[0], missed[1]}
			if pairs[key] == nil {
				pairs[key] = &Stock{}
			}
			add(pairs[key], d)
		}
	}
	for i := range demands {
		for j := range demands {
			if s := pairs[[2]int{i, j}]; s != nil {
				want.Pairs = append(want.Pairs, PairLoss{i, j, *s})
			}
		}
	}
	return want
}

func TestRelaxationCountsAsIfEveryServiceWereLookedAt(t *testing.T) {
	var docs []*Document
	for id := range int64(1200) {
		docs = append(docs, madeUp(id+1))
	}
	x := newIndex(t, docs[:700]...)
	for _, d := range docs[700:] { // several views, and some that were replaced
		x.Put([][]byte{bodyOf(t, d)}, nil)
		if d.Card.ID%100 == 0 {
			x.Put([][]byte{bodyOf(t, docs[d.Card.ID%700])}, nil)
		}
	}
	volumes := []*Volume{nil, {Unit: "pupil", Amount: models.Whole(1000)}, {Unit: "user", Amount: models.Whole(25)}}
	r := rand.New(rand.NewPCG(1, 80))
	seen, pairs := 0, 0
	for i := range 300 {
		var demands []Demand
		for range r.IntN(7) {
			demands = append(demands, demand(r, testLayout()))
		}
		scope := Scope{[]string{"", "education", "school-journals", "nowhere"}[r.IntN(4)]}
		volume := volumes[r.IntN(len(volumes))]
		got, want := x.Relax(scope, demands, volume), slowly(testLayout(), docs, scope, demands, volume)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%d: %+v in %+v for %+v:\n%+v\nwant\n%+v", i, demands, scope, volume, got, want)
		}
		for _, d := range got.Demands {
			seen += d.Lost.Total
		}
		pairs += len(got.Pairs)
	}
	if seen < 1000 || pairs < 100 {
		t.Errorf("only %d services were lost by one demand, and %d pairs: the test tests little", seen, pairs)
	}
}

// Thirty musts that most services meet, so that many miss one or two.
func thirty(x *Index) []Demand {
	r := rand.New(rand.NewPCG(3, 30))
	var demands []Demand
	for len(demands) < 30 {
		d := demand(r, x.Layout())
		if d.Must = true; d.Key == DemandPrice {
			continue
		}
		one := x.Relax(Scope{}, []Demand{d}, nil)
		if 10*one.Demands[0].Met > 3*one.Looked.Total {
			demands = append(demands, d)
		}
	}
	most := models.Whole(20_000)
	return append(demands[:29], Demand{Key: DemandPrice, Max: &most, Must: true})
}

func BenchmarkRelax50k(b *testing.B) {
	x := index50k(b)
	demands, n := thirty(x), int64(0)
	for _, kept := range []bool{true, false} {
		b.Run(fmt.Sprintf("prices kept %t", kept), func(b *testing.B) {
			var longest time.Duration
			for b.Loop() {
				v := Volume{Unit: "pupil", Amount: models.Whole(1000)}
				if n++; !kept {
					v.Amount = models.Whole(1000 + n)
				}
				start := time.Now()
				x.Relax(Scope{}, demands, &v)
				longest = max(longest, time.Since(start))
			}
			b.ReportMetric(float64(longest.Microseconds())/1000, "longest-ms")
		})
	}
}
