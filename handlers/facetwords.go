package handlers

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
	"pilveturg/views"
)

// facetWords are the names of all filters and their values in one language, put
// together once: every page of results needs them all. With them are kept the
// services that were found lately.
type facetWords struct {
	speaker
	views   *views.Views
	groups  map[string]*groupWords
	order   []*groupWords // those that are shown, in their order
	units   []views.Option
	levels  map[string]int  // of categories
	tops    map[string]bool // categories that stand above all others
	vendors *views.FacetHead
	sellers sync.Map // *sellerBox by the id of the vendor
	hits    *shelf[hitKey, *keptHit]
	count   int // boxes that a page may have
	bounded []bounded
	volume  views.Drawn // when none is asked for
	price   views.Drawn // bounds of the yearly price when none are asked
}

// groupWords name a group and its values.
type groupWords struct {
	place      int // in the layout
	key, field string
	label      string
	open       bool // has codes besides its values
	head       *views.FacetHead
	question   catalogue.Question
	values     map[string]views.Words
	boxes      []*views.Box          // of the values that are always there, in their order
	codes      sync.Map              // boxes of the others, by code
	sorted     atomic.Pointer[[]int] // places of all values, by value
}

// firstGroups are shown before the others, because most buyers ask for them.
var firstGroups = []string{
	search.GroupCategory, search.GroupPriceModel, "data_countries", "sign_in", search.GroupXRoad, "iso_27001", "e_its",
	"accessibility_level", search.GroupUsers, search.GroupUserSizes, search.GroupProof, search.GroupConfirmed,
}

// unshown are filters that an address may have but no box stands for: units are
// asked for with the volume.
var unshown = map[string]bool{search.GroupPriceUnit: true}

func newFacetWords(w speaker, v *views.Views, l *search.Layout) *facetWords {
	f := &facetWords{speaker: w, views: v, hits: newShelf[hitKey, *keptHit](keepHits), groups: map[string]*groupWords{}, levels: map[string]int{}, tops: map[string]bool{}, bounded: boundedColumns(w, l)}
	for _, c := range w.schema.Categories {
		f.levels[c.Slug] = len(w.schema.Path(c.Slug)) - 1
		f.tops[c.Slug] = c.Parent == ""
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
	f.vendors = v.FacetHead(searchID(fieldVendor), w.T("filter.vendor"), w.T("filter.mode.any"))
	nothing := ask{speaker: w, words: f}
	f.volume = v.Draw(nothing.askVolume())
	for i := range f.bounded {
		f.bounded[i].unasked = v.Draw(nothing.bounds(f.bounded[i]))
	}
	f.price = v.Draw(nothing.priceBounds())
	return f
}

func (f *facetWords) add(l *search.Layout, key string) {
	g, ok := l.Group(key)
	if _, there := f.groups[key]; !ok || there || g.Hidden {
		return
	}
	place := slices.IndexFunc(l.Groups, func(g search.Group) bool { return g.Key == key })
	words := &groupWords{place: place, key: key, field: fieldFilter + key, open: g.Open, values: map[string]views.Words{}}
	words.label = f.T("filter." + key)
	if q, ok := f.schema.Question(g.Question); ok {
		words.question, words.label = q, views.In(q.Label, f.Tag).Text
	}
	words.head = f.views.FacetHead(searchID(words.field), words.label, f.T(modeHint(g.Mode)))
	for i, v := range g.Values {
		name := f.name(words, v)
		best := i+1 == len(g.Values) || g.Values[i+1] == search.Unknown
		switch {
		case g.Mode != search.AtLeast || v == search.Unknown || best:
		case i == 0: // the least there is, or better, says only that there is an answer
			name = views.Words{Text: f.T("filter.at_least_known")}
		default:
			name.Text = f.T("filter.at_least", name.Text)
		}
		words.values[v] = name
		words.boxes = append(words.boxes, f.draw(words, v, name))
	}
	f.groups[key] = words
	if !unshown[key] {
		f.order = append(f.order, words)
		f.count += len(words.boxes)
		if g.Open {
			f.count += mostInFacet
		}
	}
}

// modeHint is the message that says how several chosen values work together.
func modeHint(m search.Mode) string {
	switch m {
	case search.All:
		return "filter.mode.all"
	case search.AtLeast:
		return "filter.mode.at_least"
	case search.Any:
	}
	return "filter.mode.any"
}

func (f *facetWords) draw(g *groupWords, value string, name views.Words) *views.Box {
	level := 0
	if g.key == search.GroupCategory {
		level = f.levels[value]
	}
	return f.views.Box(g.field, value, name, level)
}

// box is the box of the i'th value of a group.
func (f *facetWords) box(g *groupWords, i int, value string) *views.Box {
	if i < len(g.boxes) {
		return g.boxes[i]
	}
	b, ok := g.codes.Load(value)
	if !ok {
		b, _ = g.codes.LoadOrStore(value, f.draw(g, value, f.of(g, value)))
	}
	return b.(*views.Box)
}

// sellerBox is the box of a vendor as it was at one time.
type sellerBox struct {
	of  *search.Vendor
	box *views.Box
}

// vendor is the box of a vendor.
func (f *facetWords) vendor(v *search.Vendor) *views.Box {
	if kept, ok := f.sellers.Load(v.ID); ok && kept.(*sellerBox).of == v {
		return kept.(*sellerBox).box
	}
	b := &sellerBox{v, f.views.Box(fieldVendor, vendorValue(v.ID), views.In(v.Names, f.Tag), 0)}
	f.sellers.Store(v.ID, b)
	return b.box
}

// byValue returns the places of the values of a group in the order of their codes.
// There may come more of them, but those that are there keep their places.
func (g *groupWords) byValue(all []search.ValueCount) []int {
	if kept := g.sorted.Load(); kept != nil && len(*kept) == len(all) {
		return *kept
	}
	places := make([]int, len(all))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(x, y int) int { return strings.Compare(all[x].Value, all[y].Value) })
	g.sorted.Store(&places)
	return places
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

// size names organisations of a kind in a class of sizes: "school_250".
func (f *facetWords) size(value string) string {
	i := strings.LastIndexByte(value, '_')
	if i < 0 {
		return value
	}
	from, err := strconv.ParseInt(value[i+1:], 10, 64)
	if err != nil {
		return value
	}
	at := slices.Index(search.Sizes, from) + 1
	if at == 0 || at == len(search.Sizes) {
		return f.T("filter.size_last", f.kind(value[:i]), f.Number(from))
	}
	return f.T("filter.size", f.kind(value[:i]), f.Number(from), f.Number(search.Sizes[at]-1))
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
