package handlers

import (
	"net/url"
	"slices"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
)

// candidate is a service that a project found, or that was added to it.
type candidate struct {
	procurement.Seen
	decided *procurement.Decided // nil when nobody has decided
	fits    []procurement.Fit    // of each requirement
	result  procurement.Result
	price   search.Price
}

// name is what the service is called.
func (c *candidate) name(w speaker) views.Link {
	name, _ := w.nameAndSummary(c.Edition.Words)
	return views.Link{URL: at(w.Tag, servicePath(c.Offering.ID, c.Offering.Slug)), Text: name.Text, Lang: name.Lang}
}

// judgedOn is the day by which the services of a project are judged: that on which it
// was locked, once it is.
func (s *Site) judgedOn(p *procurement.Project) models.Date {
	if !p.LockedAt.IsZero() {
		return models.DateOf(p.LockedAt.Time)
	}
	return models.DateOf(s.today())
}

// foundBy are the services that the search of a project finds now, in their order, and
// how many there are in all.
func (s *Site) foundBy(p *procurement.Project, lang string) (ids []int64, total int) {
	if p.Search == "" {
		return nil, 0
	}
	query, _ := url.ParseQuery(p.Search) // what cannot be read is left out
	a := s.ask(lang, query)
	a.req.Limit = procurement.MostFound
	res := a.search(s.Index)
	for i := range res.Hits {
		ids = append(ids, res.Hits[i].ID)
	}
	return ids, res.Total
}

// weighServices reads the services of a project, in the order in which they were found
// and then those added by number, and judges each. Once the project is locked they are
// those that were kept, as they were.
func (s *Site) weighServices(r *web.Request, p *purchase) error {
	return s.DB.Read(r.Context(), func(rd db.Reader) error {
		decided, err := procurement.Shortlist(r.Context(), rd, p.ID)
		if err != nil {
			return err
		}
		seen, err := s.seenServices(r, rd, p, decided)
		if err != nil {
			return err
		}
		overruled, err := procurement.Overrules(r.Context(), rd, p.ID)
		if err != nil {
			return err
		}
		volume, day := p.Asked(s.Schema), s.judgedOn(&p.Project)
		for _, one := range seen {
			c := candidate{Seen: one}
			c.fits, c.result = procurement.Judge(s.Index.Layout(), volume, p.asked, overruled, one, day)
			if volume != nil {
				c.price = search.Cheapest(one.Edition.Plans, *volume)
			}
			if i := slices.IndexFunc(decided, func(d procurement.Decided) bool { return d.OfferingID == one.Offering.ID }); i >= 0 {
				c.decided = &decided[i]
			}
			p.services = append(p.services, c)
		}
		return nil
	})
}

// seenServices reads the versions of the services that are judged.
func (s *Site) seenServices(r *web.Request, rd db.Reader, p *purchase, decided []procurement.Decided) ([]procurement.Seen, error) {
	if !p.LockedAt.IsZero() {
		e, err := procurement.FindEvidence(r.Context(), rd, p.ID)
		if err != nil {
			return nil, err
		}
		_, seen, _, err := e.Replay(r.Context(), rd)
		p.found = len(seen)
		return seen, err
	}
	var ids []int64
	ids, p.found = s.foundBy(&p.Project, p.Tag)
	for _, d := range decided {
		if !slices.Contains(ids, d.OfferingID) {
			ids = append(ids, d.OfferingID)
		}
	}
	var seen []procurement.Seen
	for _, id := range ids {
		o, err := catalogue.Find(r.Context(), rd, id)
		if err != nil {
			return nil, err
		}
		e, err := catalogue.FindEdition(r.Context(), rd, id, o.Published)
		if err != nil {
			return nil, err
		}
		seen = append(seen, procurement.Seen{Offering: o, Edition: e})
	}
	return seen, nil
}

// yearly words what a service costs a year for the volume of the project, or why that
// is not known. "On request" is never a price of nothing.
func (p *purchase) yearly(price search.Price) string {
	switch {
	case price.Known:
		return p.T("project.a_year", p.span(price.Year))
	case price.OnRequest:
		return p.T("project.price_on_request")
	}
	return p.T("project.price_unknown")
}

// asks finds a requirement by its id.
func (p *purchase) asks(id int64) (procurement.Requirement, bool) {
	i := slices.IndexFunc(p.asked, func(q procurement.Requirement) bool { return q.ID == id })
	if i < 0 {
		return procurement.Requirement{}, false
	}
	return p.asked[i], true
}
