package handlers

import (
	"net/url"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
	"pilveturg/views"
)

// sentence says the whole question; nothing when nothing is asked.
func (a *ask) sentence() []views.Said {
	var said []views.Said
	plain := func(s string) { said = append(said, views.Said{Text: s}) }
	strong := func(s string) { said = append(said, views.Said{Text: s, Strong: true}) }
	if words := a.kept.Get(fieldWords); words != "" {
		plain(a.T("search.said.with") + " ")
		strong(words)
	} else if a.filters() == 0 {
		return nil
	} else {
		plain(a.T("search.said.all"))
	}
	for _, f := range a.req.Filters {
		g := a.words.groups[f.Group]
		plain("; " + g.label + ": ")
		a.joined(f.Values, a.joint(f.Group), func(v string) { strong(a.words.of(g, v).Text) }, plain)
	}
	if len(a.vendors) > 0 {
		plain("; " + a.T("filter.vendor") + ": ")
		a.joined(a.vendors, a.T("search.said.or"), func(v string) { strong(a.vendorName(v)) }, plain)
	}
	for _, r := range a.req.Ranges {
		q, _ := a.schema.Question(r.Column)
		plain("; " + views.In(q.Label, a.Tag).Text + ": ")
		strong(a.rangeWords(r))
	}
	if words := a.priceWords(); words != "" {
		plain("; " + a.T("search.said.price", a.volume()) + ": ")
		strong(words)
	}
	plain(".")
	return said
}

// joint is the word between chosen values of a group.
func (a *ask) joint(group string) string {
	if g, ok := a.layout.Group(group); ok && g.Mode == search.All {
		return a.T("search.said.and")
	}
	return a.T("search.said.or")
}

func (a *ask) joined(values []string, joint string, say, plain func(string)) {
	for i, v := range values {
		if i > 0 {
			plain(" " + joint + " ")
		}
		say(v)
	}
}

// rangeWords words the bounds of a column: "at most 30 days".
func (a *ask) rangeWords(r search.Range) string {
	q, _ := a.schema.Question(r.Column)
	word := func(d *models.Decimal) string {
		value := d.String()
		if q.Type == catalogue.TypeMoney {
			value += " " + search.Currency
		}
		return a.value(q, value)
	}
	words := ""
	switch {
	case r.Min == nil:
		words = a.T("search.said.most", word(r.Max))
	case r.Max == nil:
		words = a.T("search.said.least", word(r.Min))
	default:
		words = a.T("search.said.between", word(r.Min), word(r.Max))
	}
	return words + a.orUnknown(r.Unknown)
}

func (a *ask) orUnknown(yes bool) string {
	if yes {
		return " " + a.T("search.said.or_unknown")
	}
	return ""
}

// priceWords words the bounds of the yearly price; "" when there are none.
func (a *ask) priceWords() string {
	p := a.req.Price
	word := func(minor *int64) string {
		return a.short(models.Money{Minor: *minor, Currency: search.Currency}.Decimal(), search.Currency)
	}
	switch {
	case p.Min == nil && p.Max == nil:
		return ""
	case p.Min == nil:
		return a.T("search.said.most", word(p.Max)) + a.orUnknown(p.Unknown)
	case p.Max == nil:
		return a.T("search.said.least", word(p.Min)) + a.orUnknown(p.Unknown)
	}
	return a.T("search.said.between", word(p.Min), word(p.Max)) + a.orUnknown(p.Unknown)
}

// applied are all that the results are narrowed by, each leading to the same
// without it.
func (a *ask) applied() []views.Link {
	var list []views.Link
	add := func(url, text string) {
		list = append(list, views.Link{URL: url, Text: text, For: a.T("search.remove")})
	}
	for _, f := range a.req.Filters {
		g := a.words.groups[f.Group]
		for _, v := range f.Values {
			add(a.without(g.field, v), g.label+": "+a.words.of(g, v).Text)
		}
	}
	for _, v := range a.vendors {
		add(a.without(fieldVendor, v), a.T("filter.vendor")+": "+a.vendorName(v))
	}
	for _, r := range a.req.Ranges {
		q, _ := a.schema.Question(r.Column)
		add(a.unbounded(r.Column), views.In(q.Label, a.Tag).Text+": "+a.rangeWords(r))
	}
	if words := a.priceWords(); words != "" {
		add(a.unbounded(yearPrice), a.T("search.year_price")+": "+words)
	}
	return list
}

// vendorName names a vendor of an address by what its services say; the address
// itself when it has none.
func (a *ask) vendorName(v string) string {
	if name, ok := a.named[v]; ok {
		return name
	}
	return strings.ToUpper(v)
}

// unbounded is the address of the same search without bounds of a column.
func (a *ask) unbounded(column string) string {
	rest := slices.DeleteFunc(slices.Clone(a.kept[fieldUnknown]), func(v string) bool { return v == column })
	change := url.Values{fieldMin + column: nil, fieldMax + column: nil, fieldUnknown: rest}
	return at(a.Tag, a.address("/services", 1, change))
}

// notices say how the question was understood, where that is not plain.
func (a *ask) notices(res *search.Result) []views.Notice {
	var list []views.Notice
	add := func(kind, text string, link views.Link) {
		list = append(list, views.Notice{Kind: kind, Text: text, Link: link})
	}
	if len(a.ignored) > 0 {
		add(views.Warn, a.T("search.ignored", strings.Join(a.ignored, ", ")), views.Link{})
	}
	if a.dropped > 0 {
		add(views.Warn, a.N("search.dropped", int64(a.dropped)), views.Link{})
	}
	if res.Query.Dropped > 0 {
		add(views.Warn, a.T("search.words_dropped", a.Number(int64(res.Query.Kept)), a.Number(int64(res.Query.Dropped))), views.Link{})
	}
	taken := false
	for _, c := range res.Corrections {
		if c.Taken && len(c.By) > 0 {
			taken = true
			add(views.Info, a.T("search.corrected", c.Word, c.By[0]), views.Link{})
		}
	}
	if res.Widened && res.Total > 0 {
		add(views.Info, a.T("search.widened"), views.Link{})
	}
	if res.DidYouMean != "" && !taken {
		other := at(a.Tag, a.address("/services", 1, url.Values{fieldWords: {res.DidYouMean}}))
		add(views.Info, a.T("search.did_you_mean"), views.Link{URL: other, Text: res.DidYouMean})
	}
	if a.onlyClosed {
		add(views.Warn, a.T("search.only_closed"), views.Link{})
	} else if n := a.closed(res); n > 0 && res.Total > 0 {
		both := url.Values{fieldFilter + search.GroupLife: {string(catalogue.Open), string(catalogue.Closed), string(catalogue.Suspended)}}
		add(views.Info, a.N("search.closed", int64(n)), views.Link{URL: at(a.Tag, a.address("/services", 1, both)), Text: a.T("search.closed_show")})
	}
	return list
}

// closed is how many results are left out because they take no new customers.
func (a *ask) closed(res *search.Result) int {
	n := 0
	if len(a.kept[fieldFilter+search.GroupLife]) > 0 {
		return 0
	}
	for c := range res.Counts(a.words.groups[search.GroupLife].place) {
		if c.Value != string(catalogue.Open) {
			n += c.Count
		}
	}
	return n
}

// advice tells what to do when nothing is found: first what to leave out so that
// most is found.
func (a *ask) advice(res *search.Result) []views.Link {
	var list []views.Link
	if g := res.Gain; g != nil {
		list = append(list, views.Link{URL: a.gainAddress(g), Text: a.T("search.gain", a.gainName(g), a.N("list.all", int64(g.Total)))})
	}
	if a.kept.Get(fieldWords) != "" {
		list = append(list, views.Link{Text: a.T("list.none_spelling")})
	}
	return append(list,
		views.Link{URL: at(a.Tag, "/categories"), Text: a.T("list.none_categories")},
		views.Link{URL: at(a.Tag, "/services"), Text: a.T("list.none_all")})
}

func (a *ask) gainAddress(g *search.Gain) string {
	switch {
	case g.Group == search.GainVendors:
		return at(a.Tag, a.address("/services", 1, url.Values{fieldVendor: nil}))
	case g.Group == search.GroupLife && len(a.kept[fieldFilter+g.Group]) == 0:
		all := url.Values{fieldFilter + g.Group: {string(catalogue.Open), string(catalogue.Closed), string(catalogue.Suspended)}}
		return at(a.Tag, a.address("/services", 1, all))
	case a.words.groups[g.Group] == nil:
		return a.unbounded(g.Group)
	case g.Value != "":
		return a.without(fieldFilter+g.Group, g.Value)
	}
	return at(a.Tag, a.address("/services", 1, url.Values{fieldFilter + g.Group: nil}))
}

// gainName names what to leave out: "Sign-in: ID-card".
func (a *ask) gainName(g *search.Gain) string {
	words := a.words.groups[g.Group]
	switch {
	case g.Group == search.GainVendors:
		return a.T("filter.vendor")
	case g.Group == search.GainPrice:
		return a.T("search.year_price")
	case g.Group == search.GroupLife && len(a.kept[fieldFilter+g.Group]) == 0:
		return a.words.groups[g.Group].label + ": " + a.words.of(words, string(catalogue.Open)).Text
	case words == nil:
		q, _ := a.schema.Question(g.Group)
		return views.In(q.Label, a.Tag).Text
	case g.Value != "":
		return words.label + ": " + a.words.of(words, g.Value).Text
	}
	return words.label
}

// fieldLabel is what a field with a problem is called.
func (a *ask) fieldLabel(field string) string {
	column := strings.TrimPrefix(strings.TrimPrefix(field, fieldMin), fieldMax)
	switch {
	case field == fieldVolume:
		return a.T("search.volume")
	case field == fieldOf:
		return a.T("search.unit")
	case column == yearPrice:
		return a.T("search.year_price")
	}
	q, _ := a.schema.Question(column)
	return views.In(q.Label, a.Tag).Text
}
