package handlers

import (
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/views"
)

// serviceFacts tells search engines what a service is and what it costs. Addresses
// in it are absolute when the origin of the site is set: the page is kept for all
// readers, so that what one browser calls the site must not stand in it.
func (s *Site) serviceFacts(w speaker, v service, path string, crumbs []views.Link) (views.JSONLD, error) {
	name, summary := w.nameAndSummary(v.edition.Words)
	here := s.Origin + at(w.Tag, path)
	app := thing{
		"@type": "SoftwareApplication", "name": name.Text, "url": here, "applicationCategory": "BusinessApplication",
		"operatingSystem": "Web", "identifier": catalogue.Number(v.ID),
		"provider": thing{"@type": "Organization", "name": w.briefLink(v.vendor).Text},
	}
	if summary.Text != "" {
		app["description"] = summary.Text
	}
	if offers := w.offers(v); len(offers) > 0 {
		app["offers"] = offers
	}
	return views.NewJSONLD(thing{"@context": schemaOrg, "@graph": []thing{app, s.serviceWay(crumbs, name.Text, here)}})
}

// serviceWay is the list of links that lead to a service.
func (s *Site) serviceWay(crumbs []views.Link, name, here string) thing {
	var items []thing
	for i, c := range crumbs {
		items = append(items, thing{"@type": "ListItem", "position": i + 1, "name": c.Text, "item": s.Origin + c.URL})
	}
	items = append(items, thing{"@type": "ListItem", "position": len(crumbs) + 1, "name": name, "item": here})
	return thing{"@type": "BreadcrumbList", "itemListElement": items}
}

// offers are the plans that one exact price tells of. Prices that were made up for
// the demonstration, and those of a service that cannot be had, are nobody's offer.
func (w speaker) offers(v service) []thing {
	if v.edition.DemoPrice || v.Life != catalogue.Open {
		return nil
	}
	var list []thing
	for i := range v.edition.Plans {
		p := &v.edition.Plans[i]
		price, unit, ok := exactPrice(p)
		if !ok {
			continue
		}
		offer := thing{"@type": "Offer", "name": w.planName(p, i).Text, "price": price.String(), "priceCurrency": p.Currency}
		if unit != nil {
			offer["priceSpecification"] = thing{"@type": "UnitPriceSpecification", "price": price.String(), "priceCurrency": p.Currency,
				"unitText": strings.TrimSpace(w.rate(unit, "")), "valueAddedTaxIncluded": false}
		}
		list = append(list, offer)
	}
	return list
}

// exactPrice returns the price of a plan that has only one; unit is the charge it
// is the price of, nil for what is free.
func exactPrice(p *pricing.Plan) (price models.Decimal, unit *pricing.Charge, ok bool) {
	if p.Kind == pricing.Free {
		return models.Decimal{}, nil, true
	}
	charges := mainCharges(p)
	if p.Kind == pricing.Request || len(charges) != 1 {
		return models.Decimal{}, nil, false
	}
	c := charges[0]
	simple := c.Price != nil && !c.Optional && c.Each == "" && c.Included.IsZero() && c.Minimum.IsZero() && c.Maximum.IsZero()
	if !simple {
		return models.Decimal{}, nil, false
	}
	return *c.Price, c, true
}
