package search

import (
	"math"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// Source is all that a document is made from: an offering with the version that
// buyers see, and the organisations around it.
type Source struct {
	Offering catalogue.Offering
	Version  catalogue.Version
	Vendor   Vendor
	Users    []User // organisations that use it now, each once

	Confirmations catalogue.Confirmations
	Stamp         int64 // changes whenever any of this does
}

// Vendor is who offers something.
type Vendor struct {
	ID    int64
	Slug  string
	Names models.Text
}

// User is an organisation that uses an offering.
type User struct {
	Kind identity.Kind
	Size int64 // 0 when not known
}

// Document is all that the index knows of one offering.
type Document struct {
	Card    catalogue.Card // what a result shows; without descriptions
	Stamp   int64          // of its source
	Checked models.Date    // the day all of it was last confirmed
	Values  []Value        // that hold on any day
	Timed   []Timed
	Numbers []Number // of the columns that are known
	Terms   []Term
	Tokens  []uint32 // the words in the order they are read: place in Terms plus 1; 0 where a text ends
	Names   []string // its names as one word each
	Papers  []Paper
}

// Paper is a document that an offering has: a certificate, its terms. What its texts
// say stands at the end of [Document.Tokens]: first the titles of all papers, then
// the texts of those that have one.
type Paper struct {
	Titles models.Text
	Titled int  // titles in Tokens: those that have words
	Text   bool // its text is in Tokens: somebody has looked at it, and it has words
}

// Value is a value of a group.
type Value struct{ Group, Value string }

// Timed is a value that becomes another one after a day.
type Timed struct {
	Group string
	Until models.Date // the last day of Now
	Now   string
	Then  string
}

// Number is what stands in a column.
type Number struct {
	Column string
	N      int64 // in units of the column's last decimal place
}

// Term is a word that a document holds.
type Term struct {
	Text   string // folded
	Impact uint8  // how much the word says about the document, 1 to 255
	Name   uint8  // in a name: [nameFirst] or [nameLater]; else 0
}

// Where a word stands in a name.
const (
	nameLater = 1
	nameFirst = 2
)

// field is a kind of text, by how much it says what the offering is.
type field struct {
	weight  float64 // of a word that is there once
	share   float64 // how far the length of the text counts against its words, 0 to 1
	average float64 // words that such a text has
	most    float64 // of a word, however often it is there; 0: no bound
}

var (
	fieldID          = field{weight: 30, average: 1}
	fieldName        = field{weight: 16, share: 0.3, average: 3}
	fieldVendor      = field{weight: 10, share: 0.3, average: 3}
	fieldCategory    = field{weight: 5, average: 1}
	fieldSummary     = field{weight: 5, share: 0.5, average: 14}
	fieldFeatures    = field{weight: 3, share: 0.5, average: 40}
	fieldDescription = field{weight: 1, share: 0.75, average: 180}
	fieldAnswers     = field{weight: 0.7, share: 0.3, average: 40}
	fieldDocuments   = field{weight: 0.5, share: 0.75, average: 2000, most: 0.7} // never more than an answer
)

// saturation is the weight at which a word has half of the greatest impact.
const saturation = 6

// Document makes the document of an offering.
func (l *Layout) Document(src *Source) *Document {
	d := &Document{Card: card(src), Stamp: src.Stamp, Checked: src.Version.Checked}
	l.facets(src, d)
	l.numbers(src, d)
	t := texts{at: map[string]uint32{}, doc: d}
	l.texts(src, &t)
	t.finish()
	return d
}

// card keeps what a list shows.
func card(src *Source) catalogue.Card {
	v := &src.Version
	c := catalogue.Card{
		Offering: src.Offering, Words: make(map[string]catalogue.Words, len(v.Words)), Vendor: src.Vendor.Names,
		VendorURL: src.Vendor.Slug, Plans: v.Plans, DemoPrice: v.DemoPrice, PublicOn: v.Published, Users: len(src.Users),
	}
	for lang, w := range v.Words {
		c.Words[lang] = catalogue.Words{Name: w.Name, Summary: w.Summary}
	}
	c.VendorID = src.Vendor.ID
	return c
}

// texts gathers the words of a document field by field. The same text in several
// languages counts as one: a word that stands in more than one of them counts
// where it counts most.
type texts struct {
	doc     *Document
	at      map[string]uint32 // word to place in doc.Terms
	weights []float64         // of each term, over all fields
	best    map[uint32]float64
	counts  map[uint32]int // in the text being read
	length  int
	read    int // texts with words
}

// field reads the texts of one field; each is one language's.
func (t *texts) field(f field, languages ...[]string) {
	t.best = map[uint32]float64{}
	for _, pieces := range languages {
		t.counts, t.length = map[uint32]int{}, 0
		for _, s := range pieces {
			t.piece(s)
		}
		norm := 1 - f.share + f.share*float64(t.length)/f.average
		for term, n := range t.counts {
			t.best[term] = max(t.best[term], f.bounded(f.weight*float64(n)/norm))
		}
	}
	for term, w := range t.best {
		t.weights[term] += w
	}
}

// bounded is a weight that comes the nearer to the most there may be the greater it
// is: a long text says some words very often without being about them.
func (f field) bounded(weight float64) float64 {
	if f.most == 0 {
		return weight
	}
	return weight * f.most / (weight + f.most)
}

// piece reads a text whose words follow each other.
func (t *texts) piece(s string) {
	some := false
	clusters(s, func(c cluster) bool {
		for _, p := range c {
			t.doc.Tokens = append(t.doc.Tokens, t.count(p.text)+1)
			t.length++
			some = true
		}
		c.joined(func(text string) { t.count(text) })
		return true
	})
	if some {
		t.doc.Tokens = append(t.doc.Tokens, 0)
		t.read++
	}
}

// count counts a word and returns its place.
func (t *texts) count(word string) uint32 {
	i, ok := t.at[word]
	if !ok {
		i = uint32(len(t.doc.Terms))
		t.at[word] = i
		t.doc.Terms = append(t.doc.Terms, Term{Text: word})
		t.weights = append(t.weights, 0)
	}
	t.counts[i]++
	return i
}

// name notes which words stand in a name.
func (t *texts) name(s string) {
	first := true
	mark := func(word string, place uint8) {
		if i, ok := t.at[word]; ok {
			t.doc.Terms[i].Name = max(t.doc.Terms[i].Name, place)
		}
	}
	clusters(s, func(c cluster) bool {
		place := uint8(nameLater)
		if first {
			place, first = nameFirst, false
		}
		mark(c[0].text, place)
		for _, p := range c[1:] {
			mark(p.text, nameLater)
		}
		c.joined(func(text string) { mark(text, place) })
		return true
	})
	if key := nameKey(s); key != "" {
		t.doc.Names = append(t.doc.Names, key)
	}
}

// finish turns weights into impacts.
func (t *texts) finish() {
	for i, w := range t.weights {
		t.doc.Terms[i].Impact = uint8(max(1, math.Round(255*w/(saturation+w))))
	}
}
