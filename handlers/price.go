package handlers

import (
	"fmt"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/market"
	"pilveturg/views"
)

// showPrice shows what a service costs for the quantities in the address, on a page
// of its own.
func (s *Site) showPrice(r *web.Request) (web.Reply, error) {
	id, m, moved, err := s.serviceMarks(r, priceEnd)
	if err != nil || moved != nil {
		return reply(moved), err
	}
	if m.Life == catalogue.Withdrawn {
		return s.gone(r, id)
	}
	v, err := s.readService(r.Context(), id)
	if err != nil {
		return web.Reply{}, err
	}
	if len(v.edition.Plans) == 0 {
		return web.Reply{}, fmt.Errorf("price of %s, which has no plan: %w", catalogue.Number(id), models.ErrNotFound)
	}
	w := s.speaker(r.Lang)
	c, err := w.calculate(v.edition.Plans, r.Values())
	if err != nil {
		return web.Reply{}, fmt.Errorf("price of %s: %w", catalogue.Number(id), err)
	}
	if asksPrice(r.Values()) && len(c.wrong) == 0 {
		s.opens(r, market.Asked, id)
	}
	page := w.pricePage(v, c, servicePath(id, m.Slug))
	page.NoIndex = page.NoIndex || asksPrice(r.Values())
	return web.Status(statusOf(page.Errors), page), nil
}

// pricePage words a price that was worked out.
func (w speaker) pricePage(v service, c *calculation, path string) views.PricePage {
	name, _ := w.nameAndSummary(v.edition.Words)
	service := views.Link{URL: at(w.Tag, path), Text: name.Text, Lang: name.Lang}
	p := views.PricePage{
		Service: service, Heading: w.T("price.title", name.Text), Notices: w.notices(v), Tags: w.tags(v.Offering, v.edition.DemoPrice),
		Panel: c.panel(v.edition.DemoPrice), Calculator: c.calculator(at(w.Tag, path+priceEnd)),
		Working: c.working(), List: w.priceList(v),
	}
	if len(c.wrong) == 0 {
		p.Inputs = c.rows()
		if volume := c.quantities(c.plan(), func(string) bool { return true }); volume != "" {
			p.Heading = w.T("price.title_for", name.Text, volume)
		}
	}
	if v.Life == catalogue.Suspended {
		p.Panel, p.Working = views.PricePanel{Words: w.T("service.suspended.price")}, nil
	}
	p.Shell = w.shell("services", p.Heading, append(w.serviceCrumbs(v), service)...)
	p.Errors, p.Canonical = c.wrong, path+priceEnd
	return p
}

// priceList says which prices were taken: those of which version, from which day.
func (w speaker) priceList(v service) []views.Row {
	row := func(key, value string) views.Row { return views.Row{Key: w.T(key), Value: views.Words{Text: value}} }
	rows := []views.Row{
		row("price.list.service", catalogue.Number(v.ID)),
		row("price.list.version", w.Number(int64(v.edition.Number))),
		row("price.list.date", w.orUnknown(w.Date(v.edition.Version.Published))),
		row("price.list.checked", w.orUnknown(w.Date(v.edition.Checked))),
	}
	if v.edition.DemoPrice {
		rows = append(rows, row("price.list.bound", w.T("service.means.demo_price")))
	}
	return rows
}
