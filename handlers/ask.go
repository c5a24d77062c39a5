package handlers

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pilveturg/models"
	"pilveturg/models/pricing"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// The fields of a search in an address. Those of filters and bounds go on with the
// key of a group or column: "f.sign_in", "max.notice_days".
const (
	fieldWords   = "q"
	fieldFilter  = "f."
	fieldVendor  = "vendor"
	fieldVolume  = "vol"
	fieldOf      = "unit"
	fieldMin     = "min."
	fieldMax     = "max."
	fieldUnknown = "unknown"
	fieldSort    = "sort"
	fieldPage    = "page"
)

// yearPrice stands for the yearly price among the columns.
const yearPrice = "price"

const (
	mostFilters = 100 // values that are chosen at a time
	longestName = 100 // bytes of a key or value that is shown again
)

// ask is what an address of the catalogue asks for. What is wrong with it is told
// beside its field and left out of the request.
type ask struct {
	speaker
	words      *facetWords
	index      *search.Index
	layout     *search.Layout
	req        search.Request
	typed      url.Values
	kept       url.Values        // all that counts, but for the page
	encoded    string            // kept as in an address
	vendors    []string          // as in the address
	named      map[string]string // vendors of the address by what they are called, once something was found
	ignored    []string          // what nobody knows
	dropped    int               // values above mostFilters
	onlyClosed bool              // nothing fits that takes new customers
	wrong      map[string]string
	volumes    map[string]string // messages about the volume
	found      []search.Span     // room for what is marked
}

// ask reads a question from an address.
func (s *Site) ask(lang string, typed url.Values) *ask {
	a := &ask{speaker: s.speaker(lang), words: s.facets[lang], index: s.Index, layout: s.Index.Layout(), typed: typed, kept: url.Values{}, wrong: map[string]string{}}
	layout := s.Index.Layout()
	var keys []string
	for key := range typed {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	chosen := 0
	for _, key := range keys {
		values := present(typed[key])
		if len(values) == 0 {
			continue
		}
		if group, ok := strings.CutPrefix(key, fieldFilter); ok || key == fieldVendor || key == fieldUnknown {
			free := max(0, mostFilters-chosen)
			a.dropped += max(0, len(values)-free)
			values = values[:min(free, len(values))]
			chosen += len(values)
			a.choose(layout, key, group, values)
			continue
		}
		a.one(layout, key, values[0])
	}
	a.readVolume()
	a.readPrice()
	a.req.Limit = cardsOnPage
	a.encoded = a.kept.Encode()
	return a
}

// present are the values that say something, each once and cleaned of what is no
// text.
func present(values []string) []string {
	var list []string
	seen := map[string]bool{}
	for _, v := range values {
		v = strings.TrimSpace(clean(v))
		if v != "" && !seen[v] {
			seen[v] = true
			list = append(list, v)
		}
	}
	return list
}

// clean leaves out what is no text, such as control characters.
func clean(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return strings.Map(func(r rune) rune {
				if unicode.IsControl(r) {
					return ' '
				}
				return r
			}, strings.ToValidUTF8(s, ""))
		}
	}
	return s
}

// cutText returns the letters of a text that fit in longestName bytes.
func cutText(s string) string { return strings.ToValidUTF8(s[:min(len(s), longestName)], "") }

// choose takes the values of a field of many.
func (a *ask) choose(l *search.Layout, key, group string, values []string) {
	switch key {
	case fieldVendor:
		for _, v := range values {
			id, ok := parseName(v, vendorPrefix)
			if !ok {
				a.ignore(key + "=" + v)
				continue
			}
			a.req.Vendors = append(a.req.Vendors, id)
			a.vendors = append(a.vendors, vendorValue(id))
			a.kept.Add(key, vendorValue(id))
		}
	case fieldUnknown:
		for _, v := range values {
			if _, ok := a.column(l, v); ok {
				a.kept.Add(key, v)
			} else {
				a.ignore(key + "=" + v)
			}
		}
	default:
		if g, ok := l.Group(group); !ok || g.Hidden {
			a.ignore(key)
			return
		}
		for i, v := range values {
			values[i] = cutText(v)
		}
		a.kept[key] = values
		a.req.Filters = append(a.req.Filters, search.Filter{Group: group, Values: values})
	}
}

// one takes a field that has one value.
func (a *ask) one(l *search.Layout, key, value string) {
	min, isMin := strings.CutPrefix(key, fieldMin)
	max, isMax := strings.CutPrefix(key, fieldMax)
	switch {
	case key == fieldWords:
		a.req.Text = value
		a.kept.Set(key, search.ParseQuery(value).Text)
	case key == fieldVolume, key == fieldOf:
		a.kept.Set(key, value)
	case key == fieldSort:
		if !slices.Contains(sorts, search.Sort(value)) {
			a.ignore(key + "=" + value)
			return
		}
		a.req.Sort = search.Sort(value)
		a.kept.Set(key, value)
	case key == fieldPage:
	case isMin:
		a.bound(l, key, min, value, false)
	case isMax:
		a.bound(l, key, max, value, true)
	default:
		a.ignore(key)
	}
}

// sorts are the orders that can be chosen.
var sorts = []search.Sort{search.BestMatch, search.ByPrice, search.ByUsers, search.Newest}

func (a *ask) ignore(what string) {
	const most = 5
	if len(a.ignored) < most {
		a.ignored = append(a.ignored, cutText(what))
	}
}

// column returns a column that people may ask for bounds of. That of the yearly
// price has no question.
func (a *ask) column(l *search.Layout, key string) (search.Column, bool) {
	if key == yearPrice {
		return search.Column{Key: key}, true
	}
	c, ok := l.Column(key)
	return c, ok && c.Question != ""
}

// bound takes the least or the greatest value of a column.
func (a *ask) bound(l *search.Layout, field, key, value string, max bool) {
	c, ok := a.column(l, key)
	if !ok {
		a.ignore(field)
		return
	}
	a.kept.Set(field, value)
	n, err := locale.ParseDecimal(value)
	switch {
	case err != nil:
		a.wrong[field] = a.NumberProblem(err)
		return
	case n.Sign() < 0:
		a.wrong[field] = a.T("quote.negative")
		return
	}
	if key == yearPrice {
		a.boundPrice(field, n, max)
		return
	}
	i := slices.IndexFunc(a.req.Ranges, func(r search.Range) bool { return r.Column == c.Key })
	if i < 0 {
		i = len(a.req.Ranges)
		unknown := slices.Contains(a.typed[fieldUnknown], key)
		a.req.Ranges = append(a.req.Ranges, search.Range{Column: c.Key, Unknown: unknown})
	}
	r := &a.req.Ranges[i]
	if max {
		r.Max = &n
	} else {
		r.Min = &n
	}
}

// boundPrice takes a bound of the yearly price, which is kept in minor units.
func (a *ask) boundPrice(field string, n models.Decimal, max bool) {
	minor, ok := minorUnits(n, max)
	switch {
	case !ok:
		a.wrong[field] = a.NumberProblem(models.ErrOverflow)
		return
	case max:
		a.req.Price.Max = &minor
	default:
		a.req.Price.Min = &minor
	}
	a.req.Price.Unknown = slices.Contains(a.typed[fieldUnknown], yearPrice)
}

// minorUnits returns a bound in minor units of the currency that prices are compared
// in: the greatest amount that is not above the bound, or the least not below it.
func minorUnits(n models.Decimal, max bool) (int64, bool) {
	for range models.MinorPlaces(search.Currency) {
		var err error
		if n, err = n.Mul(models.Whole(10)); err != nil {
			return 0, false
		}
	}
	if max {
		return n.Neg().Ceil().Neg().Int64()
	}
	return n.Ceil().Int64()
}

// readVolume reads for how many of what a year is priced. Of a unit alone the
// usual number is taken.
func (a *ask) readVolume() {
	unit, typed := a.kept.Get(fieldOf), a.kept.Get(fieldVolume)
	if unit == "" && typed == "" {
		return
	}
	u, known := a.schema.Unit(unit)
	n, err := locale.ParseDecimal(typed)
	switch {
	case unit == "":
		a.wrong[fieldOf] = a.T("search.wrong.unit")
	case !known:
		a.wrong[fieldOf] = a.T("search.wrong.unit")
		a.kept.Del(fieldOf)
	case errors.Is(err, locale.ErrNoNumber):
		n = usualOf(pricing.Input{Unit: unit})
		a.kept.Set(fieldVolume, n.String())
	case err != nil:
		a.wrong[fieldVolume] = a.NumberProblem(err)
	case n.Sign() < 0:
		a.wrong[fieldVolume] = a.T("quote.negative")
	case n.Cmp(models.Whole(pricing.MaxQuantity)) > 0:
		a.wrong[fieldVolume] = a.T("quote.too_large")
	}
	if len(a.wrong) == 0 || a.wrong[fieldOf] == "" && a.wrong[fieldVolume] == "" {
		a.req.Volume = &search.Volume{Unit: unit, Amount: n, Flow: u.Flow}
	}
}

// readPrice says what is missing for bounds of the price, or for sorting by it.
func (a *ask) readPrice() {
	if p := a.req.Price; p.Min != nil && p.Max != nil && *p.Min > *p.Max {
		a.wrong[fieldMax+yearPrice] = a.T("search.wrong.order")
		a.req.Price = search.PriceRange{}
	}
	a.req.Ranges = slices.DeleteFunc(a.req.Ranges, func(r search.Range) bool {
		crossed := r.Min != nil && r.Max != nil && r.Min.Cmp(*r.Max) > 0
		if crossed {
			a.wrong[fieldMax+r.Column] = a.T("search.wrong.order")
		}
		return crossed
	})
	wants := a.req.Price.Min != nil || a.req.Price.Max != nil || a.req.Sort == search.ByPrice
	if wants && a.req.Volume == nil && a.wrong[fieldOf] == "" && a.wrong[fieldVolume] == "" {
		a.wrong[fieldOf] = a.T("search.wrong.volume")
	}
	if a.req.Volume == nil {
		a.req.Price = search.PriceRange{}
	}
}

// search finds what is asked for. When nothing fits but services that take no new
// customers, those are shown, since a name may have been asked for.
func (a *ask) search(x *search.Index) *search.Result {
	res := x.Search(a.req)
	if (res.Total == 0 || res.Widened) && len(a.kept[fieldFilter+search.GroupLife]) == 0 {
		req := a.req
		req.Closed = true
		if other := x.Search(req); other.Total > 0 && !other.Widened {
			res, a.onlyClosed = other, true
		}
	}
	a.named = map[string]string{}
	for _, c := range res.Vendors {
		if c.Chosen {
			a.named[vendorValue(c.ID)] = views.In(c.Names, a.Tag).Text
		}
	}
	return res
}

// errors are what is wrong, in the order of the form.
func (a *ask) errors() []views.FieldError {
	var fields []string
	for f := range a.wrong {
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(x, y string) int {
		// Volume and unit stand before all the others.
		return strings.Compare(strconv.Itoa(len(strings.Split(x, ".")))+x, strconv.Itoa(len(strings.Split(y, ".")))+y)
	})
	var list []views.FieldError
	for _, f := range fields {
		list = append(list, views.FieldError{Field: searchID(f), Message: a.T("price.wrong.field", a.fieldLabel(f), a.wrong[f])})
	}
	return list
}

// searchID is the id of the element for a field of the search.
func searchID(field string) string { return "s-" + strings.ReplaceAll(field, ".", "-") }

// filters is how many things the results are narrowed by.
func (a *ask) filters() int {
	n := len(a.req.Vendors) + len(a.req.Ranges)
	for _, f := range a.req.Filters {
		n += len(f.Values)
	}
	if a.req.Price.Min != nil || a.req.Price.Max != nil {
		n++
	}
	return n
}

// address is that of the search with other fields: the values of each, none to
// leave it out. The number of the page stands at its end.
func (a *ask) address(path string, page int, change url.Values) string {
	query := a.encoded
	if len(change) > 0 {
		q := maps.Clone(a.kept)
		maps.Copy(q, change)
		query = q.Encode()
	}
	path = withQuery(path, query)
	switch {
	case page <= 1:
		return path
	case query == "":
		return path + "?" + fieldPage + "=" + strconv.Itoa(page)
	}
	return path + "&" + fieldPage + "=" + strconv.Itoa(page)
}

// without is the address of the same search without one value of a field.
func (a *ask) without(field, value string) string {
	rest := slices.DeleteFunc(slices.Clone(a.kept[field]), func(v string) bool { return v == value })
	return at(a.Tag, a.address("/services", 1, url.Values{field: rest}))
}
