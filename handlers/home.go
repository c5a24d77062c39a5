package handlers

import (
	"cmp"
	"context"
	"slices"

	"pilveturg/handlers/web"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// recents is how many new services the home page shows, and how many changed ones.
const recents = 5

// home shows where one can go from here.
func (s *Site) home(r *web.Request) (web.Reply, error) {
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	p := views.HomePage{
		Shell:   w.shell("", w.T("home.title")),
		Search:  views.Search{Count: w.N("list.all", int64(len(all.services)))},
		Why:     w.link("/help/owning", "home.why_link"),
		Vendors: w.link("/help/listing", "home.vendors_link"),
		Facts: []views.Fact{
			{Number: w.Number(int64(len(all.services))), Link: w.link("/services", "home.fact_services")},
			{Number: w.Number(int64(len(all.used))), Link: w.link("/agencies", "home.fact_users")},
			{Number: w.Number(int64(len(all.offered))), Link: w.link("/vendors", "home.fact_vendors")},
		},
	}
	p.Description = w.T("home.about")
	for _, c := range s.Schema.Children("") {
		b := s.branch(w, c, all, false)
		p.Categories = append(p.Categories, views.Counted{Link: b.Link, Count: b.Count})
	}
	fresh := func(e catalogue.Entry) bool { return e.Version == 1 }
	if p.New, err = s.recent(r.Context(), w, all, fresh); err != nil {
		return web.Reply{}, err
	}
	changed := func(e catalogue.Entry) bool { return e.Version > 1 }
	if p.Changed, err = s.recent(r.Context(), w, all, changed); err != nil {
		return web.Reply{}, err
	}
	p.Data, err = s.aboutSite(r, w)
	return web.Page(p), err
}

// recent returns the latest of the services that want wants.
func (s *Site) recent(ctx context.Context, w speaker, all *names, want func(catalogue.Entry) bool) ([]views.Recent, error) {
	var latest []catalogue.Entry // the newest first
	for _, e := range all.services {
		if !want(e) || len(latest) == recents && newestFirst(e, latest[recents-1]) >= 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(latest, e, newestFirst)
		latest = slices.Insert(latest, at, e)
		latest = latest[:min(len(latest), recents)]
	}
	ids := make([]int64, len(latest))
	for i, e := range latest {
		ids[i] = e.ID
	}
	cards, err := catalogue.Cards(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	var list []views.Recent
	for _, c := range cards {
		list = append(list, w.recent(c))
	}
	return list, nil
}

func newestFirst(a, b catalogue.Entry) int {
	if a.PublicOn != b.PublicOn {
		if a.PublicOn.Before(b.PublicOn) {
			return 1
		}
		return -1
	}
	return cmp.Compare(b.ID, a.ID)
}

func (w speaker) recent(c catalogue.Card) views.Recent {
	card := w.card(c)
	r := views.Recent{
		Service: views.Link{URL: card.URL, Text: card.Name.Text, Lang: card.Name.Lang},
		Vendor:  card.Vendor,
		When:    w.Date(c.PublicOn),
	}
	if c.Published > 1 {
		r.What = views.Link{URL: card.URL + "/changes", Text: w.T("home.what_changed"), For: card.Name.Text}
	}
	return r
}

// aboutSite tells search engines what the site is and how it is searched.
func (s *Site) aboutSite(r *web.Request, w speaker) (views.JSONLD, error) {
	home := s.origin(r) + at(r.Lang, "/")
	return views.NewJSONLD(thing{
		"@context": schemaOrg, "@type": "WebSite", "name": w.T("site.name"), "url": home, "inLanguage": r.Lang,
		"potentialAction": thing{
			"@type":       "SearchAction",
			"target":      thing{"@type": "EntryPoint", "urlTemplate": home + "services?q={search_term_string}"},
			"query-input": "required name=search_term_string",
		},
	})
}
