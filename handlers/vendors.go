package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const vendorsOnPage = 100

// listVendors lists those who have services here, in the order of the alphabet.
func (s *Site) listVendors(r *web.Request) (web.Reply, error) {
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	letter := strings.ToUpper(r.Query("letter"))
	vendors := all.vendors(r.Lang)
	p := views.VendorsPage{Letters: w.letters(vendors, letter), Empty: w.noVendors(letter)}
	if letter != "" {
		vendors = slices.DeleteFunc(vendors, func(g *organ) bool { return w.Initial(g.name(w.Tag).Text) != letter })
	}
	address := func(n int) string { return pageAddress("/vendors", url.Values{"letter": {letter}}, n) }
	part, ok := cut(r, len(vendors), vendorsOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, address(1))), nil
	}
	title := w.T("vendor.all")
	if letter != "" {
		title = w.T("vendor.all_of", letter)
	}
	p.Shell = w.shell("vendors", part.title(w, title), w.home())
	p.Canonical = address(part.Number)
	p.Pager = part.pager(r.Lang, address)
	p.Head = views.Head{ID: "vendors", Caption: w.N("vendor.count", int64(part.Total)), Columns: []views.Column{
		{Text: w.T("vendor.name")}, {Text: w.T("vendor.country")}, {Text: w.T("vendor.services"), Number: true}}}
	for _, g := range pick(vendors, part) {
		p.Invented = p.Invented || g.Invented
		p.Rows = append(p.Rows, views.VendorRow{Vendor: g.link(w.Tag), Invented: g.Invented,
			Country: w.country(g.Country), Services: w.Number(int64(all.offered[g.ID]))})
	}
	p.Data, err = s.linked(r, p.Crumbs, w.T("vendor.all"), nil)
	return web.Page(p), err
}

// vendors returns those who have services here, in the order of a language.
func (n *names) vendors(lang string) []*organ {
	var list []*organ
	for id := range n.offered {
		if g := n.organs.byID[id]; g != nil && g.Kind == identity.Vendor {
			list = append(list, g)
		}
	}
	return n.organs.sorted(lang, list)
}

// letters are those that names begin with, and how many each; the sorted names
// bring them in the order of the language.
func (w speaker) letters(vendors []*organ, current string) []views.Letter {
	letters := []views.Letter{w.letter("", w.T("vendor.every_letter"), len(vendors), current)}
	counts, order := map[string]int{}, []string{}
	for _, g := range vendors {
		l := w.Initial(g.name(w.Tag).Text)
		if counts[l]++; counts[l] == 1 {
			order = append(order, l)
		}
	}
	for _, l := range order {
		letters = append(letters, w.letter(l, l, counts[l], current))
	}
	return letters
}

func (w speaker) letter(letter, text string, n int, current string) views.Letter {
	address := pageAddress("/vendors", url.Values{"letter": {letter}}, 1)
	return views.Letter{Link: views.Link{URL: at(w.Tag, address), Text: text}, Count: w.Number(int64(n)), Current: letter == current}
}

func (w speaker) noVendors(letter string) views.Empty {
	if letter == "" {
		return views.Empty{Title: w.T("vendor.none"), Text: w.T("vendor.none_text"), Action: w.link("/help/listing", "home.vendors_link")}
	}
	return views.Empty{Title: w.T("vendor.none_of", letter), Text: w.T("vendor.none_of_text"), Action: w.link("/vendors", "places.vendors")}
}

// country names a country, or says that it is not known.
func (w speaker) country(code string) string { return w.known(w.Country(code)) }

// known is the words themselves, or those that say that nothing is known.
func (w speaker) known(words string) string {
	if words == "" {
		return w.T("list.unknown")
	}
	return words
}

// showVendor shows what is known of a vendor and its services.
func (s *Site) showVendor(r *web.Request) (web.Reply, error) {
	o, moved, err := s.findOrganisation(r, "vendor", vendorPrefix, vendorPath)
	if err != nil || moved != "" {
		return web.Moved(moved), err
	}
	ids, err := catalogue.OfVendor(r.Context(), s.DB, o.ID)
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	address := func(n int) string { return pageAddress(vendorPath(o.ID, o.Slug), nil, n) }
	part, ok := cut(r, len(ids), cardsOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, address(1))), nil
	}
	p := w.vendorPage(o, part)
	p.Canonical = address(part.Number)
	if p.Listed, err = s.listed(r, pick(ids, part), part, address); err != nil {
		return web.Reply{}, err
	}
	for i := range p.Cards {
		p.Cards[i].Vendor = views.Link{}
	}
	if part.Pages < 2 {
		p.Order = w.T("vendor.order")
	}
	if err := s.vendorFacts(r, w, o, ids, &p); err != nil {
		return web.Reply{}, err
	}
	if p.Trail, err = s.trail(r, w, o.ID, o.Key.String()); err != nil {
		return web.Reply{}, err
	}
	about := thing{"@type": "Organization", "name": p.Name.Text, "url": s.origin(r) + at(r.Lang, address(1))}
	if o.Website != "" {
		about["sameAs"] = []string{o.Website}
	}
	if o.Country != "" {
		about["address"] = thing{"@type": "PostalAddress", "addressCountry": o.Country}
	}
	p.Data, err = s.linked(r, p.Crumbs, p.Name.Text, about)
	return web.Page(p), err
}

// findOrganisation finds the organisation that the address names, under the field
// param. When the words in the address are not what they should be, moved is the
// address that they should have. Vendors are found under vendorPrefix only, and
// public bodies under agencyPrefix only.
func (s *Site) findOrganisation(r *web.Request, param, prefix string, path func(int64, string) string) (o identity.Organisation, moved string, err error) {
	id, ok := parseName(r.Param(param), prefix)
	if ok {
		o, err = identity.Find(r.Context(), s.DB, id)
	}
	if err != nil {
		return o, "", err
	}
	if g := (&organ{Kind: o.Kind}); !ok || (prefix == vendorPrefix) != (o.Kind == identity.Vendor) || prefix == agencyPrefix && !g.public() {
		return o, "", fmt.Errorf("%s %q: %w", param, r.Param(param), models.ErrNotFound)
	}
	if r.Param(param) != name(prefix, o.ID, o.Slug) {
		moved = withQuery(at(r.Lang, path(o.ID, o.Slug)), r.RawQuery())
	}
	return o, moved, nil
}

func (w speaker) vendorPage(o identity.Organisation, part slice) views.VendorPage {
	name := views.In(o.Names, w.Tag)
	p := views.VendorPage{
		Shell: w.shell("vendors", part.title(w, name.Text), w.home(), w.link("/vendors", "section.vendors")),
		Name:  name,
		About: w.prose(o.About),
		Empty: views.Empty{Title: w.T("vendor.no_services"), Text: w.T("vendor.no_services_text"), Action: w.link("/services", "places.services")},
	}
	if p.Invented = o.Invented; o.Invented {
		p.Tags = []views.Tag{{Kind: views.Violet, Text: w.T("list.tag.invented")}}
	}
	return p
}

func (w speaker) prose(t models.Text) views.Prose {
	text := views.In(t, w.Tag)
	return views.Prose{Text: views.Markdown(text.Text), Lang: text.Lang}
}
