package handlers

import (
	"encoding/json"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/search"
	"pilveturg/views"
)

// foundJSON is a page of results as machines read it.
type foundJSON struct {
	Total      int         `json:"total"`
	Page       int         `json:"page"`
	PerPage    int         `json:"per_page"`
	Sentence   string      `json:"sentence"`
	DidYouMean string      `json:"did_you_mean"`
	Widened    bool        `json:"widened"`
	Ignored    []string    `json:"ignored"`
	Errors     []errorJSON `json:"errors"`
	Results    []hitJSON   `json:"results"`
	Facets     []facetJSON `json:"facets"`
}

type errorJSON struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

type hitJSON struct {
	ID          string     `json:"id"`
	URL         string     `json:"url"`
	Name        string     `json:"name"`
	Vendor      string     `json:"vendor"`
	Summary     string     `json:"summary"`
	Price       string     `json:"price"`
	YearlyPrice *priceJSON `json:"yearly_price"` // null when no volume is asked for, or it is not known
	Users       int        `json:"users"`
	Published   string     `json:"published"`
}

type priceJSON struct {
	Amount   string `json:"amount"`
	To       string `json:"to,omitempty"` // the upper end of a range
	Currency string `json:"currency"`
}

type facetJSON struct {
	Key    string      `json:"key"`
	Label  string      `json:"label"`
	Values []valueJSON `json:"values"`
}

type valueJSON struct {
	Value    string `json:"value"`
	Label    string `json:"label"`
	Count    int    `json:"count"`
	Selected bool   `json:"selected"`
}

// servicesJSON answers a search as JSON.
func (s *Site) servicesJSON(r *web.Request) (web.Reply, error) {
	if err := s.searchable(); err != nil {
		return web.Reply{}, err
	}
	a := s.ask(r.Lang, r.Values())
	number, ok := r.PageNumber()
	if !ok || number > search.MostResults/cardsOnPage {
		return web.NotFound(r)
	}
	a.req.Offset = (number - 1) * cardsOnPage
	res := a.search(s.Index)
	if pages := (models.Page{Number: number, Size: cardsOnPage}).Count(res.Total); number > pages {
		return web.NotFound(r)
	}
	b, err := json.Marshal(a.json(res, number, s.origin(r)))
	if err != nil {
		return web.Reply{}, err
	}
	return web.Data("application/json; charset=utf-8", append(b, '\n'), 0), nil
}

func (a *ask) json(res *search.Result, page int, origin string) foundJSON {
	f := foundJSON{Total: res.Total, Page: page, PerPage: cardsOnPage, Sentence: saidPlainly(a.sentence()), DidYouMean: res.DidYouMean,
		Widened: res.Widened && res.Total > 0, Ignored: append([]string{}, a.ignored...), Errors: []errorJSON{}, Results: []hitJSON{}, Facets: []facetJSON{}}
	for _, e := range a.errors() {
		f.Errors = append(f.Errors, errorJSON{a.fieldOf(e), e.Message})
	}
	for i := range res.Hits {
		f.Results = append(f.Results, a.hitJSON(&res.Hits[i], origin))
	}
	for _, g := range res.Groups() {
		words := a.words.groups[g.Key]
		facet := facetJSON{Key: g.Key, Label: words.label, Values: []valueJSON{}}
		for _, c := range g.Counts {
			facet.Values = append(facet.Values, valueJSON{c.Value, a.words.of(words, c.Value).Text, c.Count, c.Chosen})
		}
		f.Facets = append(f.Facets, facet)
	}
	vendors := facetJSON{Key: fieldVendor, Label: a.T("filter.vendor"), Values: []valueJSON{}}
	for _, c := range res.Vendors {
		vendors.Values = append(vendors.Values, valueJSON{vendorValue(c.ID), views.In(c.Names, a.Tag).Text, c.Count, c.Chosen})
	}
	f.Facets = append(f.Facets, vendors)
	return f
}

// fieldOf is the field of the address that an error is about.
func (a *ask) fieldOf(e views.FieldError) string {
	for field := range a.wrong {
		if searchID(field) == e.Field {
			return field
		}
	}
	return ""
}

func saidPlainly(sentence []views.Said) string {
	var b strings.Builder
	for _, s := range sentence {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (a *ask) hitJSON(h *search.Hit, origin string) hitJSON {
	c := h.Card()
	name, summary := a.nameAndSummary(c.Words)
	v := hitJSON{ID: serviceNumber(c.ID), URL: origin + at(a.Tag, servicePath(c.ID, c.Slug)), Name: name.Text, Vendor: views.In(c.Vendor, a.Tag).Text,
		Summary: summary.Text, Price: a.priceLine(c.Plans), Users: c.Users, Published: c.PublicOn.String()}
	if p := h.Price(); p.Known {
		v.YearlyPrice = &priceJSON{Amount: p.Year.Low.Decimal().String(), Currency: p.Year.Low.Currency}
		if p.Year.IsRange() && !p.Year.Open {
			v.YearlyPrice.To = p.Year.High.Decimal().String()
		}
	}
	return v
}
