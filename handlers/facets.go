package handlers

import (
	"math"
	"slices"
	"strconv"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
	"pilveturg/views"
)

const (
	openFacets  = 3  // groups that stand open at first
	mostInFacet = 40 // values of a group with codes
)

// form is the form of the search, as it was asked, with the counts of what was
// found.
func (a *ask) form(res *search.Result) views.SearchForm {
	f := views.SearchForm{
		Action: at(a.Tag, "/services"),
		Words: views.Field{ID: searchID(fieldWords), Name: fieldWords, Label: a.T("frame.search_label"), Hint: a.T("search.hint"),
			Value: a.kept.Get(fieldWords)},
		Volume: a.words.volume,
		Price:  a.words.price,
		Facets: make([]views.Facet, 0, len(a.words.order)+1),
		Ranges: make([]views.Drawn, len(a.words.bounded)),
	}
	if a.kept.Get(fieldOf) != "" || a.kept.Get(fieldVolume) != "" || a.wrong[fieldOf] != "" {
		f.Volume = a.askVolume()
	}
	if a.bounded(yearPrice) {
		f.Price = a.priceBounds()
	}
	options := make([]views.FacetOption, 0, a.words.count)
	open := openFacets
	for _, g := range a.words.order {
		start := len(options)
		facet, some := a.facet(g, res, &options)
		if !some {
			options = options[:start]
			continue
		}
		facet.Options = options[start:len(options):len(options)]
		if facet.Hint = len(facet.Options) > 1; open > 0 {
			facet.Open = true
			open--
		}
		f.Facets = append(f.Facets, facet)
	}
	if v, ok := a.vendorFacet(res.Vendors); ok {
		f.Facets = append(f.Facets, v)
	}
	for i, c := range a.words.bounded {
		if f.Ranges[i] = c.unasked; a.bounded(c.column.Key) {
			f.Ranges[i] = a.bounds(c)
		}
	}
	return f
}

// bounded reports whether anything is asked of a column.
func (a *ask) bounded(key string) bool {
	return a.kept.Get(fieldMin+key) != "" || a.kept.Get(fieldMax+key) != "" || slices.Contains(a.kept[fieldUnknown], key)
}

// askVolume asks for how many of what a year is priced.
func (a *ask) askVolume() views.AskVolume {
	return views.AskVolume{
		Number: a.field(fieldVolume, a.T("search.volume"), "w12"),
		Unit: views.Select{ID: searchID(fieldOf), Name: fieldOf, Label: a.T("search.unit"), Error: a.wrong[fieldOf],
			Options: chosenOption(a.words.units, a.kept.Get(fieldOf))},
	}
}

// field is a field for a number, as it was typed.
func (a *ask) field(name, label, width string) views.Field {
	return views.Field{ID: searchID(name), Name: name, Label: label, Value: a.kept.Get(name), Error: a.wrong[name], Mode: "decimal", Width: width}
}

// chosenOption returns the options with that of the value chosen.
func chosenOption(options []views.Option, value string) []views.Option {
	list := slices.Clone(options)
	for i := range list {
		list[i].Chosen = list[i].Value == value
	}
	return list
}

// facet is a group as boxes, which it adds to options; it is not ok when there is
// nothing to choose.
func (a *ask) facet(g *groupWords, res *search.Result, options *[]views.FacetOption) (f views.Facet, some bool) {
	f.Head = g.head
	chosen := a.kept[g.field]
	if n := len(chosen); n > 0 {
		f.Chosen, f.Open, some = a.N("search.chosen", int64(n)), true, true
	}
	if g.open {
		return f, a.codes(g, res, options) || some
	}
	open := a.openCategories(g, chosen)
	i := 0
	for c := range res.Counts(g.place) {
		some = some || c.Count > 0 && c.Value != search.Unknown
		c.Chosen = c.Chosen && len(chosen) > 0 // or the search chose it by itself
		if c.Chosen || open == nil || open[c.Value] || c.Value == search.Unknown {
			*options = append(*options, views.FacetOption{Box: a.words.box(g, i, c.Value), Count: c.Count, Chosen: c.Chosen})
		}
		i++
	}
	return f, some
}

// codes adds the boxes of a group with codes in the order of use: those chosen, then
// those that leave most, then by code; what is not known last.
func (a *ask) codes(g *groupWords, res *search.Result, options *[]views.FacetOption) (some bool) {
	var room [2 * mostInFacet]search.ValueCount
	all := room[:0]
	for c := range res.Counts(g.place) {
		some = some || c.Count > 0 && c.Value != search.Unknown
		all = append(all, c)
	}
	const (
		chosen = iota
		other
		unknown
	)
	var orders [2 * mostInFacet]uint64
	order := orders[:0]
	sorted := g.byValue(all)
	for i, place := range sorted {
		c, rank := &all[place], other
		switch {
		case c.Value == search.Unknown:
			rank = unknown
		case c.Chosen:
			rank = chosen
		}
		order = append(order, uint64(rank)<<62|uint64(math.MaxUint32-c.Count)<<16|uint64(i))
	}
	slices.Sort(order)
	for _, o := range order[:min(len(order), mostInFacet)] {
		place := sorted[o&math.MaxUint16]
		c := &all[place]
		*options = append(*options, views.FacetOption{Box: a.words.box(g, place, c.Value), Count: c.Count, Chosen: c.Chosen})
	}
	return some
}

// openCategories are the categories that are shown: the top ones, and those right
// below one that is chosen or has a chosen one below; nil for other groups.
func (a *ask) openCategories(g *groupWords, chosen []string) map[string]bool {
	if g.key != search.GroupCategory {
		return nil
	}
	if len(chosen) == 0 {
		return a.words.tops
	}
	open := map[string]bool{}
	var parents []string
	for _, slug := range chosen {
		for _, c := range a.schema.Path(slug) {
			parents = append(parents, c.Slug)
		}
	}
	for i := range a.schema.Categories {
		c := &a.schema.Categories[i]
		open[c.Slug] = c.Parent == "" || slices.Contains(parents, c.Parent)
	}
	return open
}

func (a *ask) vendorFacet(counts []search.VendorCount) (views.Facet, bool) {
	f := views.Facet{Head: a.words.vendors, Hint: true, Options: make([]views.FacetOption, len(counts))}
	for i, c := range counts {
		f.Options[i] = views.FacetOption{Box: a.words.vendor(c.Vendor), Count: c.Count, Chosen: c.Chosen}
	}
	if n := len(a.vendors); n > 0 {
		f.Chosen, f.Open = a.N("search.chosen", int64(n)), true
	}
	return f, len(f.Options) > 0
}

// bounded is a column with what people ask of it.
type bounded struct {
	column   search.Column
	question catalogue.Question
	least    bool        // the more the better
	unasked  views.Drawn // when no bound is asked
}

// better names the columns of which more is better.
var better = map[string]bool{"log_months": true, "trial_days": true, "availability": true}

// boundedColumns are the columns that bounds can be asked of, those of leaving first.
func boundedColumns(w speaker, l *search.Layout) []bounded {
	var list []bounded
	for _, c := range l.Columns {
		if q, ok := w.schema.Question(c.Question); ok {
			list = append(list, bounded{column: c, question: q, least: better[c.Key]})
		}
	}
	slices.SortStableFunc(list, func(x, y bounded) int {
		leaving := func(b bounded) int {
			switch b.column.Key {
			case "notice_days":
				return -3
			case "minimum_term":
				return -2
			case "exit_cost":
				return -1
			}
			return 0
		}
		return leaving(x) - leaving(y)
	})
	return list
}

// bounds ask for the bound of a column that matters, and for the other one when it
// is in the address.
func (a *ask) bounds(b bounded) views.Bounds {
	key := b.column.Key
	v := views.Bounds{ID: searchID(key), Legend: views.In(b.question.Label, a.Tag).Text, Unknown: a.unknown(key)}
	unit := a.boundUnit(b.question)
	if lo := fieldMin + key; b.least || a.kept.Get(lo) != "" {
		f := a.field(lo, a.T("search.at_least", unit), "w12")
		v.From = &f
	}
	if hi := fieldMax + key; !b.least || a.kept.Get(hi) != "" {
		f := a.field(hi, a.T("search.at_most", unit), "w12")
		v.To = &f
	}
	v.Used = a.kept.Get(fieldMin+key) != "" || a.kept.Get(fieldMax+key) != ""
	return v
}

// boundUnit is what a bound is counted in: ", days".
func (a *ask) boundUnit(q catalogue.Question) string {
	switch q.Type {
	case catalogue.TypeMoney:
		return ", €"
	case catalogue.TypePercent:
		return ", %"
	}
	if q.Unit == "" {
		return ""
	}
	return ", " + a.unitName(q.Unit, models.Whole(2))
}

func (a *ask) unknown(key string) views.Option {
	return views.Option{Value: key, Text: a.T("search.with_unknown"), Chosen: slices.Contains(a.kept[fieldUnknown], key)}
}

func (a *ask) priceBounds() views.Bounds {
	lo, hi := a.field(fieldMin+yearPrice, a.T("search.at_least", ", €"), "w12"), a.field(fieldMax+yearPrice, a.T("search.at_most", ", €"), "w12")
	return views.Bounds{ID: searchID(yearPrice), Legend: a.T("search.year_price"), Hint: a.T("search.year_price_hint"), From: &lo, To: &hi,
		Unknown: a.unknown(yearPrice), Used: a.kept.Get(lo.Name) != "" || a.kept.Get(hi.Name) != ""}
}

// vendorValue is a vendor in an address.
func vendorValue(id int64) string { return vendorPrefix + strconv.FormatInt(id, 10) }
