package handlers

import (
	"cmp"
	"slices"
	"strconv"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
	"pilveturg/views"
)

const (
	openFacets  = 3  // groups that stand open at first
	wholeFacet  = 12 // values up to which those that would leave nothing are shown too
	mostInFacet = 40 // values of a group
)

// form is the form of the search, as it was asked, with the counts of what was
// found.
func (a *ask) form(res *search.Result) views.SearchForm {
	f := views.SearchForm{
		Action: at(a.Tag, "/services"),
		Words: views.Field{ID: searchID(fieldWords), Name: fieldWords, Label: a.T("frame.search_label"), Hint: a.T("search.hint"),
			Value: a.kept.Get(fieldWords)},
		Volume: a.field(fieldVolume, a.T("search.volume"), "w12"),
		Unit: views.Select{ID: searchID(fieldOf), Name: fieldOf, Label: a.T("search.unit"), Error: a.wrong[fieldOf],
			Options: chosenOption(a.words.units, a.kept.Get(fieldOf))},
		Price: a.priceBounds(),
	}
	open := openFacets
	for _, key := range a.words.order {
		i := slices.IndexFunc(res.Groups, func(g search.GroupCounts) bool { return g.Key == key })
		if i < 0 {
			continue
		}
		facet, ok := a.facet(&res.Groups[i])
		if !ok {
			continue
		}
		if open > 0 {
			facet.Open = true
			open--
		}
		f.Facets = append(f.Facets, facet)
	}
	if v, ok := a.vendorFacet(res.Vendors); ok {
		f.Facets = append(f.Facets, v)
	}
	for _, c := range a.words.bounded {
		f.Ranges = append(f.Ranges, a.bounds(c))
	}
	return f
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

// facet is a group as boxes; it is not ok when there is nothing to choose.
func (a *ask) facet(g *search.GroupCounts) (views.Facet, bool) {
	words := a.words.groups[g.Key]
	chosen := a.kept[words.field]
	f := views.Facet{ID: words.id, Name: words.field, Label: words.label}
	open := a.openCategories(g, chosen)
	some := len(chosen) > 0
	f.Options = make([]views.FacetOption, 0, min(len(g.Counts), mostInFacet))
	for _, c := range g.Counts {
		o := views.FacetOption{Value: c.Value, Count: c.Count, Chosen: slices.Contains(chosen, c.Value)}
		some = some || c.Count > 0 && c.Value != search.Unknown
		if !o.Chosen && (c.Count == 0 && len(g.Counts) > wholeFacet || open != nil && !open[c.Value] && c.Value != search.Unknown) {
			continue
		}
		name := a.words.of(words, c.Value)
		o.Text, o.Lang = name.Text, name.Lang
		if open != nil {
			o.Level = a.words.levels[c.Value]
		}
		f.Options = append(f.Options, o)
	}
	if g.Open {
		a.sortOpen(f.Options)
	}
	f.Options = f.Options[:min(len(f.Options), mostInFacet)]
	if n := len(chosen); n > 0 {
		f.Chosen, f.Open = a.N("search.chosen", int64(n)), true
	}
	if len(f.Options) > 1 {
		f.Hint = words.hint
	}
	return f, some
}

// openCategories are the categories that are shown: the top ones, and those right
// below one that is chosen or has a chosen one below; nil for other groups.
func (a *ask) openCategories(g *search.GroupCounts, chosen []string) map[string]bool {
	if g.Key != search.GroupCategory {
		return nil
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

// sortOpen puts codes in the order of use: those chosen, then those that leave
// most; what is not known last.
func (a *ask) sortOpen(options []views.FacetOption) {
	rank := func(o views.FacetOption) int {
		switch {
		case o.Value == search.Unknown:
			return 2
		case o.Chosen:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(options, func(x, y views.FacetOption) int {
		return cmp.Or(rank(x)-rank(y), y.Count-x.Count, cmp.Compare(x.Text, y.Text))
	})
}

func (a *ask) vendorFacet(counts []search.VendorCount) (views.Facet, bool) {
	f := views.Facet{ID: searchID(fieldVendor), Name: fieldVendor, Label: a.T("filter.vendor"), Hint: a.T("filter.mode.any")}
	for _, c := range counts {
		name := views.In(c.Names, a.Tag)
		f.Options = append(f.Options, views.FacetOption{Value: vendorValue(c.ID), Text: name.Text, Lang: name.Lang, Count: c.Count, Chosen: c.Chosen})
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
	least    bool // the more the better
}

// better names the columns of which more is better.
var better = map[string]bool{"log_months": true, "trial_days": true, "availability": true}

// boundedColumns are the columns that bounds can be asked of, those of leaving first.
func boundedColumns(w speaker, l *search.Layout) []bounded {
	var list []bounded
	for _, c := range l.Columns {
		if q, ok := w.schema.Question(c.Question); ok {
			list = append(list, bounded{c, q, better[c.Key]})
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
