package search

import (
	"errors"
	"reflect"
	"testing"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

func TestDocumentsReadBackAsWritten(t *testing.T) {
	for id := int64(1); id <= 50; id++ {
		want := madeUp(id)
		got, err := testLayout().ReadBody(bodyOf(t, want))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Card.Plans, want.Card.Plans) {
			t.Errorf("plans of %d:\n%+v\nwant\n%+v", id, got.Card.Plans, want.Card.Plans)
		}
		got.Values, want.Values = sortedValues(got.Values), sortedValues(want.Values)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("document %d does not read back as it was written:\n%+v\nwant\n%+v", id, got, want)
		}
	}
}

// Every field of a plan is kept, also those that are added to it later.
func TestPlansAreKeptWhole(t *testing.T) {
	var p pricing.Plan
	n := int64(0)
	fillAll(reflect.ValueOf(&p).Elem(), &n)
	w := wire{}
	w.plan(&p)
	r := unwire{b: w.b}
	if got := r.plan(); r.err() != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("plan reads back as\n%+v\nwant\n%+v\n%v", got, p, r.err())
	}
}

// fillAll gives every field a value of its own.
func fillAll(v reflect.Value, n *int64) {
	*n++
	if d, ok := v.Addr().Interface().(*models.Decimal); ok {
		*d, _ = models.NewDecimal(*n, 2)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("text" + string(rune('a'+*n%26)))
	case reflect.Int, reflect.Int64:
		v.SetInt(*n)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAll(v.Elem(), n)
	case reflect.Map:
		v.Set(reflect.ValueOf(models.Text{"en": "some", "et": "muu"}))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillAll(v.Index(0), n)
		fillAll(v.Index(1), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fillAll(v.Field(i), n)
		}
	}
}

func FuzzReadBody(f *testing.F) {
	for id := int64(1); id < 5; id++ {
		f.Add(bodyOf(f, madeUp(id)))
	}
	x := newIndex(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := testLayout().ReadBody(body)
		if err != nil && !errors.Is(err, errBody) {
			t.Fatalf("error %v is not errBody", err)
		}
		if err == nil {
			testLayout().Body(d)
		}
		x.Put([][]byte{body}, nil)
		res := x.Search(Request{Limit: 10})
		for _, h := range res.Hits {
			_, papers := h.CardAndPapers()
			h.Price()
			h.FoundIn(papers, &Marker{asked: []asked{{0, 1}}})
		}
	})
}

func TestDamagedBodiesAreToldAndLeaveTheIndexWhole(t *testing.T) {
	good := bodyOf(t, madeUp(1))
	for cut := range len(good) {
		if _, err := testLayout().ReadBody(good[:cut]); !errors.Is(err, errBody) {
			t.Fatalf("a body cut at %d of %d: %v; want errBody", cut, len(good), err)
		}
	}
	x := newIndex(t, madeUp(1), madeUp(2))
	if err := x.Put([][]byte{good[:len(good)/2], bodyOf(t, madeUp(3))}, nil); !errors.Is(err, errBody) {
		t.Errorf("error of a damaged body: %v; want errBody", err)
	}
	if x.Len() != 3 {
		t.Errorf("documents after a damaged and a good one = %d; want 3", x.Len())
	}
}
