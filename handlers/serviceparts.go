package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

const (
	lastReleases = 3           // that the page of a service shows
	longTable    = 20          // rows from which a table of users is opened by hand
	aboutSection = "about"     // whose answers stand with the description
	sectionID    = "section-"  // before the id of a section in the page
	usersID      = "users-of-" // before the phase of a table of users
)

// fillAnswers fills in what is said to the questions, section by section.
func (w speaker) fillAnswers(p *views.ServicePage, v service, today models.Date) {
	a := w.answered(v.edition.Content, today)
	a.points = map[string]catalogue.Point{}
	for _, point := range v.edition.Points(v.confirmed) {
		a.points[point.Question] = point
	}
	for _, s := range w.schema.Sections {
		rows := a.rows(s.ID)
		switch {
		case s.ID == aboutSection:
			p.Basics = append(w.basics(v, today), rows...)
		case len(rows) > 0:
			p.Sections = append(p.Sections, views.AnswerSection{ID: sectionID + s.ID, Title: views.In(s.Names, w.Tag).Text,
				Text: views.In(s.Text, w.Tag).Text, Rows: rows})
		}
	}
	for _, slug := range v.edition.Categories {
		if c, ok := w.schema.Category(slug); ok {
			p.Categories = append(p.Categories, w.categoryLink(c))
		}
	}
	for _, code := range v.edition.CPV {
		words := views.Words{Text: code}
		if name := views.In(v.cpv[code], w.Tag); name.Text != "" {
			words = views.Words{Text: code + " " + name.Text, Lang: name.Lang}
		}
		p.CPV = append(p.CPV, words)
	}
}

// basics are where the service is found, whom to write to, and how lively it is.
func (w speaker) basics(v service, today models.Date) []views.Row {
	unknown := views.Words{Text: w.T("answer.unknown")}
	site := views.Row{Key: w.T("service.website"), Value: unknown}
	if v.edition.Website != "" {
		site.Value.Text, site.URL = hostOf(v.edition.Website), v.edition.Website
	}
	contact := views.Row{Key: w.T("service.contact"), Value: unknown}
	if v.edition.Contact != "" {
		contact.Value.Text, contact.URL = v.edition.Contact, "mailto:"+v.edition.Contact
	}
	rows := []views.Row{site, contact, w.releaseRow(v.rhythm, servicePath(v.ID, v.Slug))}
	if !v.Unclaimed {
		rows = append(rows, w.declarationRow(v.vendor, v.declared, today))
	}
	return rows
}

// trust tells whose word the page is and how old it is, where that is not as usual.
func (w speaker) trust(v service, path string, today models.Date, own bool) []views.Explained {
	var list []views.Explained
	if v.Unclaimed && v.Life != catalogue.Withdrawn {
		list = append(list, views.Explained{Text: w.T("claim.offer"), Link: w.link(path+claimEnd, "claim.offer_link")})
	}
	if !v.claimedOn.IsZero() {
		list = append(list, views.Explained{Text: w.T("claim.history", w.Date(v.claimedOn)), Link: w.link("/help/proofs", "service.means.proofs_link")})
	}
	for _, point := range v.edition.Points(v.confirmed) {
		if point.Stale(today) && (point.Question == catalogue.OfTexts || point.Question == catalogue.OfPrices) {
			text := w.N("confirm.old."+point.Question, int64(catalogue.MonthsSince(point.On, today)))
			list = append(list, views.Explained{Text: text, Link: w.link("/help/freshness", "confirm.help")})
		}
	}
	if own {
		list = append(list, views.Explained{Text: w.T("confirm.own"), Link: w.link(confirmPath(v.ID), "confirm.own_link")})
	}
	return list
}

// checkedOn is the day on which all of the service was last confirmed; zero when it
// never was.
func (v *service) checkedOn() models.Date {
	if len(v.confirmed) == 0 {
		return v.edition.Checked
	}
	return v.edition.StaleOn(v.confirmed).AddMonths(-catalogue.FreshMonths)
}

// hostOf is what is shown of a web address, which may be longer than a phone is
// wide.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimPrefix(u.Host, "www.")
}

// fillUsers fills in who uses the service, planned and past use kept apart.
func (w speaker) fillUsers(p *views.ServicePage, v service) {
	for _, phase := range []catalogue.Phase{catalogue.InUse, catalogue.Planned, catalogue.Ended} {
		t := views.UserTable{Ended: phase == catalogue.Ended}
		for _, u := range v.users {
			if u.Phase == phase {
				t.Users = append(t.Users, w.userRow(v, u))
				t.Quantities = t.Quantities || u.Quantity > 0
				t.Sources = t.Sources || u.Source.Title != ""
			}
		}
		if len(t.Users) == 0 {
			continue
		}
		caption := w.N("service.users."+string(phase), int64(len(t.Users)))
		t.Head = w.userHead(t, usersID+string(phase), caption)
		if len(t.Users) > longTable {
			t.Long = caption
		}
		p.Users = append(p.Users, t)
	}
	if len(p.Users) == 0 {
		p.NoUsers = w.T("service.no_users")
	}
}

func (w speaker) userHead(t views.UserTable, id, caption string) views.Head {
	h := views.Head{ID: id, Caption: caption, Columns: []views.Column{
		{Text: w.T("service.user.name")}, {Text: w.T("service.user.country")}, {Text: w.T("service.user.since")}}}
	if t.Ended {
		h.Columns = append(h.Columns, views.Column{Text: w.T("service.user.until")})
	}
	if t.Quantities {
		h.Columns = append(h.Columns, views.Column{Text: w.T("service.user.quantity"), Number: true})
	}
	if t.Sources {
		h.Columns = append(h.Columns, views.Column{Text: w.T("service.user.source")})
	}
	return h
}

func (w speaker) userRow(v service, u catalogue.User) views.UserRow {
	row := views.UserRow{Name: w.briefLink(v.names[u.OrganisationID]), Part: u.Part,
		Country: w.orUnknown(w.Country(v.names[u.OrganisationID].Country)), Since: w.orUnknown(w.DateShort(u.Since)),
		Quantity: w.T("answer.unknown"), Source: views.Link{URL: u.Source.URL, Text: w.orUnknown(u.Source.Title)}}
	if u.Quantity > 0 {
		row.Quantity = w.counted(models.Whole(u.Quantity), u.Unit)
	}
	if u.Phase == catalogue.Ended {
		row.Until = w.orUnknown(w.DateShort(u.Until))
	}
	return row
}

// orUnknown says "unknown" where there are no words.
func (w speaker) orUnknown(s string) string {
	if s == "" {
		return w.T("answer.unknown")
	}
	return s
}

// releases words some of all the versions of a service, which are newest first.
func (w speaker) releases(some, all []catalogue.Release, path string) []views.Release {
	var list []views.Release
	for i, one := range some {
		row := views.Release{Number: w.version(one.Number), Date: w.Date(one.Published), Note: views.In(one.Note, w.Tag),
			Tag: views.Tag{Text: w.T("change.state." + string(one.State))}}
		if one.State == catalogue.Published {
			row.Tag.Kind = views.OK
		}
		if i+1 < len(all) {
			row.URL = at(w.Tag, path+changesEnd) + "?from=" + strconv.Itoa(all[i+1].Number) + "&to=" + strconv.Itoa(one.Number)
		}
		list = append(list, row)
	}
	return list
}

func (w speaker) version(n int) string { return w.T("change.version", w.Number(int64(n))) }

// fillSources fills in where the facts come from.
func (w speaker) fillSources(p *views.ServicePage, v service) {
	for _, one := range v.edition.Sources {
		source := views.Source{Link: views.Link{URL: one.URL, Text: one.Title}}
		if !one.Seen.IsZero() {
			source.Seen = w.T("service.source.seen", w.DateShort(one.Seen))
		}
		p.Sources = append(p.Sources, source)
	}
	if len(p.Sources) == 0 {
		p.NoSources = w.T("service.no_sources")
	}
}
