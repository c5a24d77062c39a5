package handlers

import (
	"fmt"
	"net/url"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// servicePage reads a service and makes its page for the quantities in the address.
func (s *Site) servicePage(r *web.Request, id int64, m catalogue.Marks) (views.ServicePage, error) {
	v, err := s.readService(r.Context(), id)
	if err != nil {
		return views.ServicePage{}, err
	}
	return s.pageOf(r, v, servicePath(id, m.Slug))
}

// pageOf makes the page of a service at a path.
func (s *Site) pageOf(r *web.Request, v service, path string) (views.ServicePage, error) {
	w, id, err := s.speaker(r.Lang), v.ID, error(nil)
	p := views.ServicePage{
		Vendor: w.briefLink(v.vendor), Tags: w.serviceTags(v), About: w.tagsMean(v), Notices: w.notices(v), Reason: views.In(v.reason, w.Tag),
		Used: w.usedBy(v.usedNow()), Number: catalogue.Number(id), JSON: at(w.Tag, path+jsonEnd),
		Description: w.description(v.edition.Words), ChangesAt: at(w.Tag, path+changesEnd), Compare: w.compareLink(id),
	}
	if r.Actor.May(models.Draft) { // of such readers no page is kept
		p.Project = at(w.Tag, addPath+"?"+fieldService+"="+lowerNumber(id))
		if contracts.Buys(r.Actor) && v.Life == catalogue.Open {
			p.Request = requestLink(w.Tag, id, nil)
		}
	}
	p.Name, p.Summary = w.nameAndSummary(v.edition.Words)
	own := speaksForVendor(r.Actor) && r.Actor.OrgID == v.VendorID
	p.About = append(p.About, w.trust(v, path, models.DateOf(s.today()), own && v.Published != 0)...)
	w.fillAnswers(&p, v, models.DateOf(s.today()))
	files, err := s.filesOf(r.Context(), v.VendorID, v.edition.Documents)
	if err != nil {
		return p, err
	}
	p.Documents = w.papers(v.edition.Documents, files, models.DateOf(s.today()))
	w.fillUsers(&p, v)
	p.Releases = w.releases(v.releases[:min(len(v.releases), lastReleases)], v.releases, path)
	w.fillSources(&p, v)
	if p.Shell, err = s.serviceShell(w, v, path); err != nil {
		return p, err
	}
	if err := w.fillPrice(&p, v, r.Values(), path); err != nil {
		return p, fmt.Errorf("price of %s: %w", p.Number, err)
	}
	if p.Trail, err = s.trail(r, w, v.VendorID, p.Number); err != nil {
		return p, err
	}
	p.Contents = w.contents(&p)
	return p, nil
}

// The pages below that of a service.
const (
	priceEnd   = "/price"
	changesEnd = "/changes"
)

// serviceTags are what a reader should know at first sight.
func (w speaker) serviceTags(v service) []views.Tag {
	var tags []views.Tag
	if v.Life == catalogue.Open && !v.Unclaimed {
		tags = append(tags, views.Tag{Kind: views.OK, Text: w.T("service.tag.published")})
	}
	tags = append(tags, w.tags(v.Offering, v.edition.DemoPrice)...)
	checked := w.T("service.tag.unchecked")
	if day := v.checkedOn(); !day.IsZero() {
		checked = w.T("service.tag.checked", w.DateShort(day))
	}
	return append(tags, views.Tag{Text: checked})
}

// tagsMean explains the tags that ask for it.
func (w speaker) tagsMean(v service) []views.Explained {
	var list []views.Explained
	for _, l := range []struct {
		yes             bool
		key, path, more string
	}{
		{v.Unclaimed, "service.means.unclaimed", "/help/proofs", "service.means.proofs_link"},
		{v.Invented, "service.means.invented", "/demo-data", "service.means.demo_link"},
		{v.edition.DemoPrice, "service.means.demo_price", "/demo-data", "service.means.demo_link"},
	} {
		if l.yes {
			list = append(list, views.Explained{Text: w.T(l.key), Link: w.link(l.path, l.more)})
		}
	}
	return list
}

// notices say that a service cannot be had, and what to use instead.
func (w speaker) notices(v service) []views.Notice {
	var key string
	var n views.Notice
	switch v.Life {
	case catalogue.Closed:
		key, n.Kind = "service.closed.", views.Warn
	case catalogue.Suspended:
		key, n.Kind, n.Urgent = "service.suspended.", views.Err, true
	default:
		return nil
	}
	n.Title, n.Text = w.T(key+"title"), w.T(key+"text")
	if !v.LifeSince.IsZero() {
		n.Text += " " + w.T("service.since", w.Date(v.LifeSince))
	}
	if n.Link = w.successor(v); n.Link.URL != "" {
		n.Text += " " + w.T("service.successor")
	}
	return []views.Notice{n}
}

// usedNow is how many organisations use the service now.
func (v service) usedNow() int {
	now := map[int64]bool{}
	for _, u := range v.users {
		if u.Phase == catalogue.InUse {
			now[u.OrganisationID] = true
		}
	}
	return len(now)
}

func (w speaker) description(words map[string]catalogue.Words) views.Prose {
	var t models.Text
	for lang, one := range words {
		t.Set(lang, one.Description)
	}
	text, lang := t.Pick(w.Tag)
	return views.Prose{Text: views.Markdown(text), Lang: lang}
}

// fillPrice fills in what the service costs.
func (w speaker) fillPrice(p *views.ServicePage, v service, typed url.Values, path string) error {
	if len(v.edition.Plans) == 0 {
		p.NoPrice, p.Panel.Words = w.T("service.no_price"), capital(w.T("price.unknown"))
		return nil
	}
	c, err := w.calculate(v.edition.Plans, typed)
	if err != nil {
		return err
	}
	here := at(w.Tag, path)
	p.Panel = c.panel(v.edition.DemoPrice)
	p.Plans = c.table(func(q url.Values) string { return withQuery(here, q.Encode()) })
	p.Calculator = c.calculator(here + "#price")
	p.Working = c.working()
	p.Errors = c.wrong
	if len(c.wrong) == 0 {
		p.PriceAt = withQuery(here+priceEnd, c.asked().Encode())
	}
	if v.Life == catalogue.Suspended {
		p.Panel = views.PricePanel{Words: w.T("service.suspended.price")}
	}
	return nil
}

// contents lists the parts of the page.
func (w speaker) contents(p *views.ServicePage) []views.Link {
	list := []views.Link{{URL: "#price", Text: w.T("service.price")}, {URL: "#about", Text: w.T("service.about")}}
	for _, s := range p.Sections {
		list = append(list, views.Link{URL: "#" + s.ID, Text: s.Title})
	}
	if len(p.Documents) > 0 {
		list = append(list, views.Link{URL: "#" + views.DocumentsID, Text: w.T("service.documents")})
	}
	list = append(list, views.Link{URL: "#users", Text: w.T("service.users")},
		views.Link{URL: "#changes", Text: w.T("service.changes")}, views.Link{URL: "#sources", Text: w.T("service.sources")})
	if p.Trail != nil {
		list = append(list, views.Link{URL: "#trail", Text: w.T("audit.trail")})
	}
	return list
}

// serviceShell is what the page of a service has around it.
func (s *Site) serviceShell(w speaker, v service, path string) (views.Shell, error) {
	name, summary := w.nameAndSummary(v.edition.Words)
	shell := w.shell("services", w.T("service.title", name.Text), w.serviceCrumbs(v)...)
	shell.Description, shell.JSON, shell.Canonical = summary.Text, at(w.Tag, path+jsonEnd), path
	var err error
	shell.Data, err = s.serviceFacts(w, v, path, shell.Crumbs)
	return shell, err
}

// serviceCrumbs lead to a service along the tree of its main category.
func (w speaker) serviceCrumbs(v service) []views.Link {
	crumbs := []views.Link{w.home(), w.link("/services", "section.services")}
	if len(v.edition.Categories) == 0 {
		return crumbs
	}
	for _, c := range w.schema.Path(v.edition.Categories[0]) {
		crumbs = append(crumbs, w.categoryLink(c))
	}
	return crumbs
}

func (w speaker) categoryLink(c catalogue.Category) views.Link {
	name := views.In(c.Names, w.Tag)
	return views.Link{URL: at(w.Tag, categoryPath(c.Slug)), Text: name.Text, Lang: name.Lang}
}
