package handlers

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
	"pilveturg/models/releases"
	"pilveturg/views"
)

// releasesEnd comes after the path of a service, and after that of a listing.
const releasesEnd = "/releases"

const (
	notesOnPage = 20
	notesInFeed = 50
)

// noted is a service with a page of what is said of its releases.
type noted struct {
	catalogue.Offering
	card   catalogue.Card
	part   slice
	notes  []releases.Release
	rhythm *releases.Rhythm // nil: none is known
}

// readNotes reads what is said of the releases of the service that the address names;
// end is what its path ends with. reply is set when something else is to be answered.
func (s *Site) readNotes(r *web.Request, end string, size int) (n noted, reply *web.Reply, err error) {
	id, m, moved, err := s.serviceMarks(r, end)
	if err != nil || moved != nil {
		return n, moved, err
	}
	if m.Life == catalogue.Withdrawn {
		gone, err := s.gone(r, id)
		return n, &gone, err
	}
	if n.Offering, err = catalogue.Find(r.Context(), s.DB, id); err != nil {
		return n, nil, err
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, []int64{id})
	if err != nil || len(cards) == 0 {
		return n, nil, orNotFound(err)
	}
	n.card = cards[0]
	total, err := releases.Count(r.Context(), s.DB, id)
	if err != nil {
		return n, nil, err
	}
	var ok bool
	if n.part, ok = cut(r, total, size); !ok {
		return n, nil, models.ErrNotFound
	}
	if n.notes, err = releases.List(r.Context(), s.DB, id, n.part.Page); err != nil {
		return n, nil, err
	}
	rhythms, err := releases.Rhythms(r.Context(), s.DB, []int64{id}, models.DateOf(s.today()))
	if one, ok := rhythms[id]; ok {
		n.rhythm = &one
	}
	return n, nil, err
}

// orNotFound is err, or that nothing is there.
func orNotFound(err error) error {
	if err == nil {
		return models.ErrNotFound
	}
	return err
}

// showReleaseNotes shows buyers what the vendor says of the releases of a service.
func (s *Site) showReleaseNotes(r *web.Request) (web.Reply, error) {
	n, other, err := s.readNotes(r, releasesEnd, notesOnPage)
	if err != nil || other != nil {
		return reply(other), err
	}
	w := s.speaker(r.Lang)
	name, _ := w.nameAndSummary(n.card.Words)
	path := servicePath(n.ID, n.Slug)
	p := views.ReleaseNotesPage{Service: views.Link{URL: at(r.Lang, path), Text: name.Text, Lang: name.Lang}, Heading: w.T("release.title", name.Text),
		Rhythm: w.rhythm(n.rhythm), Text: w.T("release.text"), Empty: views.Empty{Title: w.T("release.none"), Text: w.T("release.none_text")},
		Links: []views.Link{{URL: at(r.Lang, path+releasesEnd+".atom"), Text: "Atom"}, w.link("/contact", "release.report")},
		Pager: n.part.pager(r.Lang, func(page int) string { return pageAddress(path+releasesEnd, nil, page) })}
	if releases.Keeps(r.Actor, n.VendorID) && !publishing.Decides(r.Actor) {
		p.Links = append(p.Links, w.link(ownReleases(n.ID), "release.keep"))
	}
	for _, one := range n.notes {
		p.Notes = append(p.Notes, w.releaseNote(one, publishing.Decides(r.Actor)))
	}
	p.Shell = w.shell("services", n.part.title(w, p.Heading), w.home(), w.link("/services", "section.services"), p.Service)
	p.Feed = views.Link{URL: p.Links[0].URL, Text: p.Heading}
	return web.Page(p), nil
}

// releaseNote is a release as buyers see it; those who decide what is shown can remove it.
func (w speaker) releaseNote(one releases.Release, decides bool) views.ReleaseNote {
	title := views.In(one.Titles, w.Tag)
	facts := []string{w.Date(one.Day)}
	if one.Version != "" {
		facts = append(facts, w.T("release.version", one.Version))
	}
	facts = append(facts, w.T(sourceKey(one)))
	v := views.ReleaseNote{ID: "release-" + strconv.FormatInt(one.ID, 10), Title: title, Facts: strings.Join(facts, " · ")}
	// The title says that both are in another language only.
	if text := one.Texts[langOr(title.Lang, w.Tag)]; text != "" {
		v.Text = views.Prose{Text: views.Markdown(text), Lang: title.Lang}
	}
	if one.Link != "" {
		v.Links = append(v.Links, views.Link{URL: one.Link, Text: w.T("release.more", hostOf(one.Link)), For: title.Text})
	}
	if decides {
		v.Links = append(v.Links, views.Link{URL: at(w.Tag, deskReleases(one.Offering)+"/"+strconv.FormatInt(one.ID, 10)+removalEnd), Text: w.T("synonym.remove"), For: title.Text})
	}
	return v
}

// langOr is the language in which words are: lang, or that of the page.
func langOr(lang, page string) string {
	if lang == "" {
		return page
	}
	return lang
}

// sourceKey is the message that says where a release was told.
func sourceKey(one releases.Release) string {
	if one.Read {
		return "release.from_feed"
	}
	return "release.from_here"
}

// rhythm says in a sentence how often a service has releases.
func (w speaker) rhythm(of *releases.Rhythm) string {
	if of == nil {
		return w.T("release.rhythm_none")
	}
	last := w.T("release.last", w.Date(of.Last))
	if of.Version != "" {
		last = w.T("release.last_version", of.Version, w.Date(of.Last))
	}
	return last + "; " + w.N("release.year", int64(of.Year)) + "."
}

// releaseRow is what the page of a service says of its releases.
func (w speaker) releaseRow(of *releases.Rhythm, path string) views.Row {
	row := views.Row{Key: w.T("release.row"), Value: views.Words{Text: w.T("release.row_none")}}
	if of == nil {
		return row
	}
	row.URL = at(w.Tag, path+releasesEnd)
	row.Value.Text = w.Date(of.Last)
	if of.Version != "" {
		row.Value.Text = w.T("release.row_last", of.Version, w.Date(of.Last))
	}
	row.Note = w.N("release.year", int64(of.Year))
	return row
}

// releaseNotesAtom answers with the same as a feed.
func (s *Site) releaseNotesAtom(r *web.Request) (web.Reply, error) {
	n, other, err := s.readNotes(r, releasesEnd+".atom", notesInFeed)
	if err != nil || other != nil {
		return reply(other), err
	}
	w := s.speaker(r.Lang)
	name, _ := w.nameAndSummary(n.card.Words)
	page := s.origin(r) + at(r.Lang, servicePath(n.ID, n.Slug)+releasesEnd)
	f := atomFeed{Lang: w.Tag, ID: page, Title: w.T("release.title", name.Text), Updated: s.today().UTC().Format(time.RFC3339), Author: atomAuthor{views.In(n.card.Vendor, w.Tag).Text},
		Links: []atomLink{{"self", "application/atom+xml", page + ".atom"}, {"alternate", "text/html", page}}}
	for _, one := range n.notes {
		v := w.releaseNote(one, false)
		e := atomEntry{ID: page + "#" + v.ID, Title: v.Title.Text, Updated: one.Day.Time().UTC().Format(time.RFC3339), Author: f.Author,
			Link: atomLink{"alternate", "text/html", page + "#" + v.ID}, Summary: v.Facts}
		f.Entries = append(f.Entries, e)
	}
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	b, err := xml.Marshal(f)
	return web.Data("application/atom+xml; charset=utf-8", append([]byte(xml.Header), b...), 0), err
}
