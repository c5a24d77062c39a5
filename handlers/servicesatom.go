package handlers

import (
	"encoding/xml"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models/search"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  atomAuthor  `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  atomAuthor `xml:"author"`
	Link    atomLink   `xml:"link"`
	Summary string     `xml:"summary"`
}

// servicesAtom answers a search as a feed of what was published last.
func (s *Site) servicesAtom(r *web.Request) (web.Reply, error) {
	if err := s.searchable(); err != nil {
		return web.Reply{}, err
	}
	a := s.ask(r.Lang, r.Values())
	a.req.Sort = search.Newest
	res := a.search(s.Index)
	origin, page := s.origin(r), at(a.Tag, a.address("/services", 1, nil))
	f := atomFeed{Lang: a.Tag, ID: origin + page, Title: a.T("site.name") + ": " + a.T("list.title"), Updated: s.today().UTC().Format(time.RFC3339), Author: atomAuthor{a.T("site.name")},
		Links: []atomLink{{"self", "application/atom+xml", origin + a.format(".atom")}, {"alternate", "text/html", origin + page}}}
	if said := saidPlainly(a.sentence()); said != "" {
		f.Title += " – " + said
	}
	for i := range res.Hits {
		f.Entries = append(f.Entries, a.entry(&res.Hits[i], origin))
	}
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	b, err := xml.Marshal(f)
	return web.Data("application/atom+xml; charset=utf-8", append([]byte(xml.Header), b...), 0), err
}

func (a *ask) entry(h *search.Hit, origin string) atomEntry {
	v, c := a.hitJSON(h, origin), h.Card()
	// The date is a part of the id: a new version is a new entry to read.
	return atomEntry{ID: v.URL + "#" + v.Published, Title: v.Name, Updated: c.PublicOn.Time().UTC().Format(time.RFC3339), Author: atomAuthor{v.Vendor},
		Link: atomLink{"alternate", "text/html", v.URL}, Summary: v.Summary}
}
