package search

import (
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search/searchtest"
)

// testLayout is the layout of the questions that the program carries with it.
var testLayout = sync.OnceValue(func() *Layout {
	files, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		panic(err)
	}
	s, err := catalogue.LoadSchema(files)
	if err != nil {
		panic(err)
	}
	return NewLayout(s)
})

var testMaker = sync.OnceValue(func() *searchtest.Maker { return searchtest.New(testLayout().schema, 3000) })

// sourceOf takes a made-up listing as a source.
func sourceOf(l searchtest.Listing) *Source {
	s := &Source{Offering: l.Offering, Version: l.Version, Vendor: Vendor(l.Vendor)}
	for _, u := range l.Users {
		s.Users = append(s.Users, User(u))
	}
	s.Stamp = stamp(l.Offering.Revision, 1)
	return s
}

// madeUp returns the document with a number.
func madeUp(id int64) *Document { return testLayout().Document(sourceOf(testMaker().Listing(id))) }

func bodyOf(t testing.TB, d *Document) []byte {
	t.Helper()
	b, err := testLayout().Body(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// newIndex makes an index of documents.
func newIndex(t testing.TB, docs ...*Document) *Index {
	t.Helper()
	x, err := New(testLayout(), searchtest.Today)
	if err != nil {
		t.Fatal(err)
	}
	var bodies [][]byte
	for _, d := range docs {
		bodies = append(bodies, bodyOf(t, d))
	}
	if err := x.Put(bodies, nil); err != nil {
		t.Fatal(err)
	}
	return x
}

func sortedValues(values []Value) []Value {
	values = slices.Clone(values)
	slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Group+"\x00"+a.Value, b.Group+"\x00"+b.Value) })
	return slices.Compact(values)
}

// named is a document of an open offering that says nothing else.
func named(id int64, name, description string) *Document {
	return testLayout().Document(namedSource(id, name, description))
}

func namedSource(id int64, name, description string) *Source {
	s := &Source{Vendor: Vendor{ID: 7, Slug: "vendor", Names: models.Text{"en": "Some vendor"}}}
	s.Offering = catalogue.Offering{ID: id, Life: catalogue.Open, Published: 1, Revision: 1}
	s.Version.Words = map[string]catalogue.Words{"en": {Name: name, Description: description}}
	s.Version.Published = searchtest.Today
	return s
}

// marked returns what is marked of a text.
func marked(x *Index, res *Result, text string) []Span {
	o := x.Outline(text)
	return res.Marker().Find(nil, &o)
}
