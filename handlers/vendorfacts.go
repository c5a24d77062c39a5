package handlers

import (
	"errors"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

// vendorFacts fills in what is known of a vendor by its offerings.
func (s *Site) vendorFacts(r *web.Request, w speaker, o identity.Organisation, offerings []int64, p *views.VendorPage) error {
	cards, err := catalogue.Cards(r.Context(), s.DB, offerings)
	if err != nil {
		return err
	}
	users, err := catalogue.UsersOfVendor(r.Context(), s.DB, o.ID)
	if err != nil {
		return err
	}
	sources, err := catalogue.VendorSources(r.Context(), s.DB, o.ID)
	if err != nil {
		return err
	}
	unclaimed := false
	links := map[int64]views.Link{}
	for _, c := range cards {
		card := w.card(c)
		links[c.ID] = views.Link{URL: card.URL, Text: card.Name.Text, Lang: card.Name.Lang}
		unclaimed = unclaimed || c.Unclaimed
	}
	if unclaimed {
		p.Tags = append(p.Tags, views.Tag{Kind: views.Info, Text: w.T("list.tag.unclaimed")})
		p.Notice = views.Notice{Kind: views.Info, Title: w.T("vendor.unclaimed"), Text: w.T("vendor.unclaimed_text"),
			Link: w.link("/help/listing", "vendor.unclaimed_link")}
	}
	p.Facts = append(w.vendorRows(o, users), w.sourceRow(o, len(sources) > 0))
	if err := s.vendorTrust(r, w, o, cards, p); err != nil {
		return err
	}
	for _, c := range sources {
		p.Sources = append(p.Sources, views.Source{Link: views.Link{URL: c.URL, Text: c.Title}, Seen: w.Date(c.Seen)})
	}
	return s.held(r, w, o, links, p)
}

// vendorTrust says what a vendor declares, and lets vendors claim what nobody has claimed.
func (s *Site) vendorTrust(r *web.Request, w speaker, o identity.Organisation, cards []catalogue.Card, p *views.VendorPage) error {
	d, err := publishing.CurrentDeclaration(r.Context(), s.DB, o.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	claimed, unclaimed := 0, catalogue.Card{}
	for _, c := range cards {
		if c.Unclaimed {
			unclaimed = c
			continue
		}
		claimed++
	}
	if claimed > 0 || d.ID != 0 {
		row := w.declarationRow(identity.Brief{ID: o.ID, Slug: o.Slug}, d, models.DateOf(s.today()))
		if speaksForVendor(r.Actor) && r.Actor.OrgID == o.ID {
			row.Action = w.link(declarationPath, "declaration.own_link")
		}
		p.Facts = append(p.Facts, row)
	}
	switch {
	case len(cards)-claimed == 1:
		p.Notice.Link = w.link(servicePath(unclaimed.ID, unclaimed.Slug)+claimEnd, "claim.offer_link")
	case claimed < len(cards):
		p.Notice.Text += " " + w.T("claim.offer_each")
	}
	return nil
}

// vendorRows are the facts about the vendor itself.
func (w speaker) vendorRows(o identity.Organisation, users int) []views.Row {
	countries := make([]string, len(o.Markets))
	for i, code := range o.Markets {
		countries[i] = w.Country(code)
	}
	w.Sort(countries)
	return []views.Row{
		{Key: w.T("vendor.country"), Value: views.Words{Text: w.country(o.Country)}},
		w.registryRow(o),
		w.websiteRow(o),
		{Key: w.T("vendor.markets"), Value: views.Words{Text: w.known(strings.Join(countries, ", "))}},
		{Key: w.T("vendor.users"), Value: views.Words{Text: w.usedBy(users)}},
	}
}

// registrySuffix ends the schemes of keys that are codes of a business register:
// "ee-reg".
const registrySuffix = "-reg"

// registryRow tells the code that a business register knows the vendor by.
func (w speaker) registryRow(o identity.Organisation) views.Row {
	row := views.Row{Key: w.T("vendor.registry"), Value: views.Words{Text: w.T("list.unknown")}}
	if country, ok := strings.CutSuffix(o.Key.Scheme, registrySuffix); ok {
		row.Value.Text = o.Key.Code
		row.Note = w.T("vendor.registry_of", w.Country(country))
		if o.Invented {
			row.Note = w.T("vendor.registry_invented")
		}
	}
	return row
}

func (w speaker) websiteRow(o identity.Organisation) views.Row {
	return views.Row{Key: w.T("vendor.website"), Value: views.Words{Text: w.known(o.Website)}, URL: o.Website}
}

// sourceRow tells where the facts about an organisation come from, by who numbers
// it; sources, when there are any, are listed further down.
func (w speaker) sourceRow(o identity.Organisation, sources bool) views.Row {
	row := views.Row{Key: w.T("vendor.from")}
	scheme, _, _ := strings.Cut(o.Key.Scheme, "-")
	switch key := "vendor.from." + scheme; {
	case o.Invented:
		row.Value.Text = w.T("vendor.from.invented")
	case w.Has(key):
		row.Value.Text = w.T(key)
	case sources:
		row.Value.Text = w.T("vendor.from.sources")
	default:
		row.Value.Text = w.T("vendor.from.file")
	}
	row.Note = w.T("vendor.key", o.Key.String())
	return row
}

// held fills in the certificates of a vendor's offerings.
func (s *Site) held(r *web.Request, w speaker, o identity.Organisation, links map[int64]views.Link, p *views.VendorPage) error {
	var questions []string
	for _, q := range s.Schema.Questions {
		if q.Type == catalogue.TypeCertificate {
			questions = append(questions, q.ID)
		}
	}
	held, err := catalogue.Certificates(r.Context(), s.DB, o.ID, questions)
	if err != nil {
		return err
	}
	p.Certificates = views.Head{ID: "certificates", Caption: w.T("vendor.certificates_caption"), Columns: []views.Column{
		{Text: w.T("vendor.certificate")}, {Text: w.T("vendor.service")}, {Text: w.T("vendor.number")},
		{Text: w.T("vendor.issuer")}, {Text: w.T("vendor.until")}, {Text: w.T("vendor.proof")}}}
	today := models.DateOf(s.today())
	for _, c := range held {
		q, _ := s.Schema.Question(c.Question)
		label, _ := q.Label.Pick(w.Tag)
		p.Held = append(p.Held, views.Held{
			Certificate: label, Number: c.Number, Issuer: w.known(c.Issuer), Service: links[c.OfferingID],
			Until: w.known(w.Date(c.Until)), Expired: !c.Until.IsZero() && c.Until.Before(today), Proof: w.proof(c.By, c.Proof),
		})
	}
	return nil
}

// proof tells how an answer is known.
func (w speaker) proof(by catalogue.Said, p catalogue.Proof) views.Tag {
	switch {
	case p == catalogue.Tested:
		return views.Tag{Kind: views.OK, Text: w.T("vendor.proof.tested")}
	case p == catalogue.Document:
		return views.Tag{Kind: views.OK, Text: w.T("vendor.proof.document")}
	case by == catalogue.ByPublic:
		return views.Tag{Kind: views.Info, Text: w.T("vendor.proof.public")}
	default:
		return views.Tag{Text: w.T("vendor.proof.stated")}
	}
}
