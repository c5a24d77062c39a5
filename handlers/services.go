package handlers

import (
	"net/url"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/saved"
	"pilveturg/models/search"
	"pilveturg/views"
)

const cardsOnPage = 30

// fragment is the header by which a page asks for what changes with the question.
const fragment = "X-Fragment"

// listServices shows the catalogue, or what a search finds in it.
func (s *Site) listServices(r *web.Request) (web.Reply, error) {
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
	part := slice{Page: models.Page{Number: number, Size: cardsOnPage}, Total: res.Total}
	part.Pages = part.Count(res.Total)
	if number > part.Pages {
		return web.NotFound(r)
	}
	s.finds(r, a, res)
	p := a.page(res, part)
	if r.Actor.May(models.Draft) {
		if p.Results.Compare != nil {
			p.Results.Compare.Other, p.Results.Compare.Also = at(r.Lang, addPath), a.T("project.add")
		}
		p.Results.Formats = append(p.Results.Formats, views.Link{URL: at(r.Lang, a.address(addPath, 1, url.Values{fieldFrom: {"search"}})), Text: a.T("project.add_search")})
	}
	if link, ok := saveLink(a.speaker, r.Actor, saved.Search, a.encoded); ok {
		p.Results.Formats = append(p.Results.Formats, link)
	}
	if r.Header(fragment) != "results" {
		return web.Page(p).Varies(fragment), nil
	}
	p.Part = true
	main, err := s.Views[r.Lang].Main(p)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Data("text/html; charset=utf-8", []byte(main.String()), 0).Varies(fragment), nil
}

// page shows what was found.
func (a *ask) page(res *search.Result, part slice) views.SearchPage {
	words := a.kept.Get(fieldWords)
	p := views.SearchPage{Shell: a.shell("services", part.title(a.speaker, a.T("list.title")), a.home()), Form: a.form(res)}
	if words != "" {
		p.Title = part.title(a.speaker, words) + " – " + a.T("list.title")
		p.Shell.Search = words
	}
	p.Canonical = a.address("/services", part.Number, nil)
	p.NoIndex = words != "" || a.filters() > 1 || a.req.Volume != nil || len(a.wrong) > 0
	p.JSON = a.format(".json")
	p.Feed = views.Link{URL: a.format(".atom"), Text: a.T("list.title")}
	p.Errors = a.errors()
	p.Results = a.results(res, part)
	return p
}

// format is the address of the same results in another form.
func (a *ask) format(ending string) string { return at(a.Tag, a.address("/services"+ending, 1, nil)) }

func (a *ask) results(res *search.Result, part slice) views.Results {
	found := a.N("search.found", int64(res.Total))
	v := views.Results{
		Found: found, Sentence: a.sentence(), Applied: a.applied(), Notices: a.notices(res), Sort: a.sortBy(),
		Formats: []views.Link{{URL: a.format(".csv"), Text: "CSV"}, {URL: a.format(".xlsx"), Text: "XLSX"}, {URL: a.format(".json"), Text: "JSON"}, {URL: a.format(".atom"), Text: a.T("search.follow")},
			{URL: at(a.Tag, "/help/data"), Text: a.T("search.about_data")}},
		Order: a.order(part),
	}
	if len(v.Applied) > 0 {
		v.Clear = views.Link{URL: at(a.Tag, withQuery("/services", a.onlyWords().Encode())), Text: a.T("search.clear")}
	}
	v.Hits = make([]views.Hit, len(res.Hits))
	marks := make([]views.Span, 0, usualMarks*len(res.Hits))
	for i := range res.Hits {
		kept := a.card(&res.Hits[i])
		v.Hits[i], marks = a.hit(&res.Hits[i], kept, res.Marker(), marks)
		v.Tags = v.Tags || kept.tagged
	}
	if len(v.Hits) > 0 {
		v.Compare = a.ticks()
	}
	v.Pager = views.NewPager(part.Number, part.Pages, func(n int) string { return at(a.Tag, a.address("/services", n, nil)) })
	if res.Total == 0 {
		v.Empty = a.advice(res)
	}
	return v
}

// ticks is the form that takes ticked services, with the volume, to where they are
// set side by side.
func (a *ask) ticks() *views.Ticks {
	t := &views.Ticks{Action: at(a.Tag, comparePath), Name: fieldService, Label: a.T("search.tick"), Button: a.T("search.compare")}
	if v := a.req.Volume; v != nil {
		t.Fields = []views.Hidden{{Name: fieldUnit + v.Unit, Value: v.Amount.String()}}
	}
	return t
}

// onlyWords are the fields that clearing the filters keeps.
func (a *ask) onlyWords() url.Values {
	q := url.Values{}
	for _, field := range []string{fieldWords, fieldVolume, fieldOf, fieldSort} {
		if v := a.kept.Get(field); v != "" {
			q.Set(field, v)
		}
	}
	return q
}

func (a *ask) sortBy() views.Select {
	s := views.Select{ID: searchID(fieldSort), Name: fieldSort, Label: a.T("search.sort_by")}
	for _, by := range sorts {
		s.Options = append(s.Options, views.Option{Value: string(by), Text: a.T("search.sort." + sortKey(by)), Chosen: by == a.req.Sort})
	}
	return s
}

// sortKey is the end of the message for an order.
func sortKey(by search.Sort) string {
	if by == search.BestMatch {
		return "best"
	}
	return string(by)
}

// order says which part of the results is shown, and where those without a price stand.
func (a *ask) order(part slice) string {
	var said []string
	if part.Pages > 1 {
		first, last := part.Offset()+1, min(part.Offset()+part.Size, part.Total)
		said = append(said, a.T("search.part", a.Number(int64(first)), a.Number(int64(last)), a.Number(int64(part.Total))))
	}
	if a.req.Sort == search.ByPrice && a.req.Volume != nil {
		said = append(said, a.T("search.unpriced_last"))
	}
	return strings.Join(said, " ")
}

// year words what an offering costs in a year for the volume, or why that is not
// known.
func (a *ask) year(p search.Price) (amount, words string) {
	switch {
	case p.Known:
		return a.span(p.Year), a.forVolume("search.a_year_for")
	case p.OnRequest:
		return "", a.forVolume("search.on_request")
	}
	return "", a.forVolume("search.not_priced")
}

// forVolume is a message about the volume; many results have the same.
func (a *ask) forVolume(key string) string {
	words, ok := a.volumes[key]
	if !ok {
		words = a.T(key, a.volume())
		if a.volumes == nil {
			a.volumes = map[string]string{}
		}
		a.volumes[key] = words
	}
	return words
}

// volume words for how much a year is priced: "1 000 pupils".
func (a *ask) volume() string {
	v := a.req.Volume
	words := a.counted(v.Amount, v.Unit)
	if v.Flow {
		return a.T("price.flow", words)
	}
	return words
}
