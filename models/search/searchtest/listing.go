package searchtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// Listing is an offering with its published version and the organisations around it.
type Listing struct {
	Offering catalogue.Offering
	Version  catalogue.Version
	Vendor   Vendor
	Users    []User
}

// Vendor is who offers it.
type Vendor struct {
	ID    int64
	Slug  string
	Names models.Text
}

// User is an organisation that uses it.
type User struct {
	Kind identity.Kind
	Size int64
}

// Maker makes listings. It may be used by many goroutines at once.
type Maker struct {
	schema       *catalogue.Schema
	vocabularies []*vocabulary
	vendors      int
}

// New returns a maker of listings of about so many vendors.
func New(s *catalogue.Schema, vendors int) *Maker {
	m := &Maker{schema: s, vendors: max(1, vendors)}
	for i, t := range tongues {
		m.vocabularies = append(m.vocabularies, newVocabulary(t, uint64(i)))
	}
	return m
}

// Today is the day on which the listings were last looked at.
var Today = models.NewDate(2026, 3, 2)

// meanDescription is how long a description is on average, in bytes.
const meanDescription = 1500

// Listing makes the listing with this id, which is 1 or more.
func (m *Maker) Listing(id int64) Listing {
	r := rand.New(rand.NewPCG(uint64(id), 7))
	own := pickOne(r, []int{0, 0, 0, 1, 1, 1, 1, 2})
	say := m.vocabularies[own].speaker(r)
	name := say.name()
	l := Listing{Vendor: m.vendor(1 + int64(float64(m.vendors)*r.Float64()*r.Float64()))}
	l.Offering = catalogue.Offering{
		ID: id, Key: models.Key{Scheme: "made-up", Code: strconv.FormatInt(id, 10)}, Slug: models.Slug(name), VendorID: l.Vendor.ID,
		Life: catalogue.Open, Unclaimed: r.IntN(4) == 0, Published: 1 + r.IntN(3), Revision: 1,
	}
	if r.IntN(25) == 0 {
		l.Offering.Life, l.Offering.LifeSince = catalogue.Closed, day(r, 300)
	}
	v := &l.Version
	v.State, v.Published, v.Checked = catalogue.Published, day(r, 900), day(r, 400)
	v.Language = tongues[own].name
	v.Words = map[string]catalogue.Words{v.Language: {
		Name: name, Summary: say.sentence(8 + r.IntN(10)), Description: say.text(meanDescription/3 + r.IntN(meanDescription*4/3)),
	}}
	if own != 1 && r.IntN(3) == 0 {
		v.Words["en"] = catalogue.Words{Name: name, Summary: m.vocabularies[1].speaker(r).sentence(8 + r.IntN(10))}
	}
	m.answers(r, v, say)
	for range 1 + r.IntN(2) {
		v.Categories = append(v.Categories, pickOne(r, m.schema.Categories).Slug)
	}
	v.Categories = slices.Compact(v.Categories)
	m.plans(r, v)
	m.papers(id, v)
	l.users(r)
	return l
}

func day(r *rand.Rand, most int) models.Date {
	return models.DateOf(Today.Time().AddDate(0, 0, -r.IntN(most)))
}

func (m *Maker) vendor(id int64) Vendor {
	r := rand.New(rand.NewPCG(uint64(id), 8))
	own := r.IntN(2)
	name := m.vocabularies[own].speaker(r).name() + pickOne(r, []string{" OÜ", " AS", " Ltd", ""})
	return Vendor{ID: id, Slug: models.Slug(name), Names: models.Text{tongues[own].name: name}}
}

func (l *Listing) users(r *rand.Rand) {
	for r.IntN(3) == 0 {
		l.Users = append(l.Users, User{pickOne(r, identity.Kinds[:6]), int64(r.IntN(1200))})
	}
}

// answers answers most questions that every vendor is asked, and some others.
func (m *Maker) answers(r *rand.Rand, v *catalogue.Version, say speaker) {
	for i := range m.schema.Questions {
		q := &m.schema.Questions[i]
		often := 25
		if q.Ask == catalogue.Core {
			often = 80
		}
		if r.IntN(100) >= often {
			continue
		}
		a := catalogue.Answer{Question: q.ID, By: catalogue.ByVendor, Proof: catalogue.Stated}
		if r.IntN(10) == 0 {
			a.Proof = pickOne(r, []catalogue.Proof{catalogue.Document, catalogue.Tested})
		}
		answer(r, q, &a, say)
		v.Answers = append(v.Answers, a)
	}
}

func answer(r *rand.Rand, q *catalogue.Question, a *catalogue.Answer, say speaker) {
	one := func(values ...string) { a.Values = values }
	switch q.Type {
	case catalogue.TypeYesNo:
		one(pickOne(r, []string{catalogue.Yes, catalogue.Yes, catalogue.No}))
	case catalogue.TypeChoice, catalogue.TypeOrdered:
		one(q.Options[int(float64(len(q.Options))*r.Float64()*r.Float64())].ID)
	case catalogue.TypeMany:
		for _, o := range q.Options {
			if r.IntN(2) == 0 {
				a.Values = append(a.Values, o.ID)
			}
		}
	case catalogue.TypeCountries:
		a.Values = some(r, "EE", "FI", "DE", "IE", "NL", "SE", "LV", "LT", "US", "FR", "PL", "NO")
	case catalogue.TypeLanguages:
		a.Values = some(r, "et", "en", "ru", "fi", "lv", "lt", "de", "sv")
	case catalogue.TypeNumber, catalogue.TypeDuration:
		one(strconv.Itoa(pickOne(r, []int{0, 1, 3, 6, 12, 14, 30, 60, 90, 180})))
	case catalogue.TypePercent:
		one(pickOne(r, []string{"99", "99.5", "99.9", "99.95", "99.99"}))
	case catalogue.TypeMoney:
		one(fmt.Sprintf("%d.00 EUR", 50*r.IntN(40)))
	case catalogue.TypeDate:
		one(day(r, 900).String())
	case catalogue.TypeCertificate:
		certificate(r, a)
	case catalogue.TypeDocument:
		one("https://example.org/" + q.ID)
	case catalogue.TypeText, catalogue.TypeList:
		a.Words = map[string][]string{say.v.name: {}}
		for range 1 + r.IntN(max(1, min(q.Items, 6))) {
			a.Words[say.v.name] = append(a.Words[say.v.name], say.sentence(3+r.IntN(6)))
		}
	}
}

func certificate(r *rand.Rand, a *catalogue.Answer) {
	if r.IntN(2) == 0 {
		a.Values = []string{catalogue.No}
		return
	}
	a.Values, a.Issuer = []string{fmt.Sprintf("C-%d", r.IntN(100000))}, "Assessor"
	if r.IntN(4) > 0 {
		a.Until = models.DateOf(Today.Time().AddDate(0, 0, r.IntN(900)-200))
	}
}

// some returns a few of the values, the first ones more often.
func some(r *rand.Rand, values ...string) []string {
	var list []string
	for i, v := range values {
		if r.IntN(i+2) == 0 {
			list = append(list, v)
		}
	}
	return list
}

// QueryWord returns a word that somebody may look for: seldom one of the most
// frequent ones.
func (m *Maker) QueryWord(r *rand.Rand) string {
	v := pickOne(r, m.vocabularies)
	say := v.speaker(r)
	at := say.zipf.Uint64()
	if at < 60 && r.IntN(4) > 0 {
		at += 60 + uint64(r.IntN(400))
	}
	return v.stems[at] + v.endings[say.form.Uint64()]
}
