package handlers

import (
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
	"pilveturg/views"
)

// facetWords are the names of all filters and their values in one language, put
// together once: every page of results needs them all.
type facetWords struct {
	speaker
	groups  map[string]*groupWords
	order   []string // keys of the groups in the order they are shown
	units   []views.Option
	levels  map[string]int // of categories
	bounded []bounded
}

// groupWords name a group and its values.
type groupWords struct {
	key, field, id string
	label, hint    string
	question       catalogue.Question
	values         map[string]views.Words
}

// firstGroups are shown before the others, because most buyers ask for them.
var firstGroups = []string{
	search.GroupCategory, search.GroupPriceModel, "data_countries", "sign_in", search.GroupXRoad, "iso_27001", "e_its",
	"accessibility_level", search.GroupUsers, search.GroupUserSizes, search.GroupProof, search.GroupConfirmed,
}

// unshown are filters that an address may have but no box stands for: units are
// asked for with the volume.
var unshown = map[string]bool{search.GroupPriceUnit: true}

func newFacetWords(w speaker, l *search.Layout) *facetWords {
	f := &facetWords{speaker: w, groups: map[string]*groupWords{}, levels: map[string]int{}, bounded: boundedColumns(w, l)}
	for _, c := range w.schema.Categories {
		f.levels[c.Slug] = len(w.schema.Path(c.Slug)) - 1
	}
	for _, key := range firstGroups {
		f.add(l, key)
	}
	for _, g := range l.Groups {
		f.add(l, g.Key)
	}
	f.units = append(f.units, views.Option{Text: w.T("search.unit_none")})
	for _, u := range w.schema.Units {
		name := w.unitName(u.ID, models.Whole(2))
		if u.Flow {
			name = w.T("price.flow", name)
		}
		f.units = append(f.units, views.Option{Value: u.ID, Text: name})
	}
	return f
}

func (f *facetWords) add(l *search.Layout, key string) {
	g, ok := l.Group(key)
	if _, there := f.groups[key]; !ok || there || g.Hidden {
		return
	}
	words := &groupWords{key: key, field: fieldFilter + key, id: searchID(fieldFilter + key), values: map[string]views.Words{}}
	words.label = f.T("filter." + key)
	if q, ok := f.schema.Question(g.Question); ok {
		words.question, words.label = q, views.In(q.Label, f.Tag).Text
	}
	switch g.Mode {
	case search.All:
		words.hint = f.T("filter.mode.all")
	case search.AtLeast:
		words.hint = f.T("filter.mode.at_least")
	case search.Any:
		words.hint = f.T("filter.mode.any")
	}
	for i, v := range g.Values {
		name := f.name(words, v)
		best := i+1 == len(g.Values) || g.Values[i+1] == search.Unknown
		if g.Mode == search.AtLeast && v != search.Unknown && !best {
			name.Text = f.T("filter.at_least", name.Text)
		}
		words.values[v] = name
	}
	f.groups[key] = words
	if !unshown[key] {
		f.order = append(f.order, key)
	}
}

// name names a value of a group; a value that nobody knows is shown as it is.
func (f *facetWords) name(g *groupWords, value string) views.Words {
	plain := func(s string) views.Words { return views.Words{Text: s} }
	if value == search.Unknown {
		return plain(f.T("answer.unknown"))
	}
	if key := "filter." + g.key + "." + value; f.Has(key) {
		return plain(f.T(key))
	}
	switch g.key {
	case search.GroupCategory:
		if c, ok := f.schema.Category(value); ok {
			return views.In(c.Names, f.Tag)
		}
	case search.GroupXRoad, search.GroupConfirmed:
		return plain(f.T("answer.value." + value))
	case search.GroupPriceUnit:
		return plain(f.unitName(value, models.Whole(2)))
	case search.GroupUsers:
		return plain(f.kind(value))
	case search.GroupUserSizes:
		return plain(f.size(value))
	}
	return f.answer(g.question, value)
}

// answer names a value of a question.
func (f *facetWords) answer(q catalogue.Question, value string) views.Words {
	switch q.Type {
	case catalogue.TypeCertificate:
		return views.Words{Text: f.T("filter.certificate." + value)}
	case catalogue.TypeYesNo, catalogue.TypeDocument, catalogue.TypeText, catalogue.TypeList:
		if value == catalogue.Yes || value == catalogue.No {
			return views.Words{Text: f.T("answer.value." + value)}
		}
	case catalogue.TypeChoice, catalogue.TypeOrdered, catalogue.TypeMany:
		if o, ok := q.Option(value); ok {
			return views.In(o.Names, f.Tag)
		}
	case catalogue.TypeCountries, catalogue.TypeLanguages:
		return views.Words{Text: f.value(q, value)}
	}
	return views.Words{Text: value}
}

// kind names a kind of organisation.
func (f *facetWords) kind(kind string) string {
	if key := "agency.kind." + kind; f.Has(key) {
		return f.T(key)
	}
	return f.T("filter.kind." + kind)
}

// size names organisations of a kind from a size up: "school_250".
func (f *facetWords) size(value string) string {
	i := strings.LastIndexByte(value, '_')
	if i < 0 {
		return value
	}
	from, err := strconv.ParseInt(value[i+1:], 10, 64)
	if err != nil {
		return value
	}
	return f.T("filter.size", f.kind(value[:i]), f.Number(from))
}

// of names a value of a group that an address or a result has.
func (f *facetWords) of(g *groupWords, value string) views.Words {
	if w, ok := g.values[value]; ok {
		return w
	}
	switch g.question.Type {
	case catalogue.TypeCountries, catalogue.TypeLanguages:
		return views.Words{Text: f.value(g.question, value)}
	}
	return views.Words{Text: value}
}
