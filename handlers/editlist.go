package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

// listOfferings lists the offerings of the vendor that the actor acts for.
func (s *Site) listOfferings(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	all, err := publishing.Listings(r.Context(), s.DB, r.Actor, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	g := grid[publishing.Listing]{speaker: f.speaker, id: "offerings", caption: f.T("editor.offerings"),
		empty:   views.Empty{Title: f.T("editor.none"), Text: f.T("editor.none_text")},
		columns: f.offeringColumns()}
	t, err := g.table(r, all, whole(len(all)))
	if err != nil {
		return web.Reply{}, err
	}
	p := views.ListPage{Heading: f.T("editor.offerings"), Text: []string{f.T("editor.offerings_text")}, Found: f.N("editor.offerings_count", int64(len(all))), Table: t,
		Links:   []views.Link{f.link(vendorListingsPath+"/new", "editor.copy_or_import"), f.link(documentsPath, "document.title")},
		AddHead: f.T("editor.new"), Add: &views.Form{Action: at(r.Lang, vendorListingsPath), Button: f.T("editor.new_button")}}
	p.Shell = f.vendorPage(p.Heading)
	return web.Page(p), nil
}

func (f *filled) offeringColumns() []column[publishing.Listing] {
	return []column[publishing.Listing]{
		{head: f.T("editor.offering"), cell: func(l publishing.Listing) views.Cell {
			return views.Cell{Link: f.offeringLink(l), Lines: []string{catalogue.Number(l.Offering)}}
		}},
		{head: f.T("editor.published"), cell: func(l publishing.Listing) views.Cell {
			if l.Published == 0 {
				return words(f.T("editor.unpublished"))
			}
			c := words(f.T("editor.version", f.Number(int64(l.Published))))
			if l.Life != catalogue.Open {
				c.Tags = []views.Tag{{Kind: views.Warn, Text: f.T("life." + string(l.Life))}}
			}
			return c
		}},
		{head: f.T("editor.draft"), cell: func(l publishing.Listing) views.Cell {
			if !l.Draft {
				return words(f.T("editor.no"))
			}
			c := words(f.Time(l.EditedAt))
			if l.Problems > 0 {
				c.Tags = []views.Tag{{Kind: views.Err, Text: f.N("editor.problems", int64(l.Problems))}}
			}
			return c
		}},
		{head: f.T("editor.sent"), cell: func(l publishing.Listing) views.Cell {
			if l.Sent == "" {
				return words(f.T("editor.no"))
			}
			return views.Cell{Tags: []views.Tag{f.sentTag(l.Sent)}, Lines: []string{f.Time(l.SentAt)}}
		}},
	}
}

func (f *filled) offeringLink(l publishing.Listing) views.Link {
	name := views.In(l.Names, f.Tag)
	if name.Text == "" {
		name.Text = f.T("editor.unnamed", catalogue.Number(l.Offering))
	}
	return views.Link{URL: at(f.Tag, listingPath(l.Offering)), Text: name.Text, Lang: name.Lang}
}

// sentTag says what became of what was sent.
func (w speaker) sentTag(state publishing.State) views.Tag {
	kind := ""
	switch state {
	case publishing.Published:
		kind = views.OK
	case publishing.SentBack, publishing.Refused:
		kind = views.Err
	case publishing.Waiting:
		kind = views.Warn
	}
	return views.Tag{Kind: kind, Text: w.T("editor.sent." + string(state))}
}

// beginOffering makes a new offering: an empty one, or one like another.
func (s *Site) beginOffering(r *web.Request) (web.Reply, error) {
	content, wrong, err := s.startOf(r)
	if err != nil {
		return web.Reply{}, err
	}
	if len(wrong) > 0 {
		f := s.posted(r, nil)
		f.words = wrong
		p, err := s.newOfferingPage(r, f)
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	var id int64
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		id, err = publishing.Begin(r.Context(), tx, r.Actor.OrgID, content)
		return err
	})
	return web.SeeOther(at(r.Lang, listingPath(id)+editEnd+editBasics)), err
}

// showTasks shows how far a listing is, section by section.
func (s *Site) showTasks(r *web.Request) (web.Reply, error) {
	p, err := s.tasksPage(r)
	return web.Page(p), err
}

func (s *Site) tasksPage(r *web.Request) (views.TasksPage, error) {
	f := s.fresh(r, nil)
	id, err := numberIn(r, "listing")
	if err != nil {
		return views.TasksPage{}, err
	}
	d, err := s.written(r)
	if err != nil {
		return s.thrownPage(r, f, id, err)
	}
	done := s.progress(d.Content)
	p := views.TasksPage{Heading: f.draftName(d).Text, State: f.T("editor.progress", f.Number(int64(done.needed)), f.Number(int64(done.ofNeeded)), f.Number(int64(done.core)), f.Number(int64(done.ofCore)))}
	for _, section := range editSections {
		p.Tasks = append(p.Tasks, f.task(s, d, section))
	}
	own := listingPath(id)
	p.Links = []views.Link{f.link(own+previewEnd, "editor.preview"), f.link(own+submitEnd, "editor.check_and_send"), f.link(own+"/history", "editor.history")}
	if f.sells() {
		p.Links = append(p.Links, f.link(own+releasesEnd, "release.crumb"))
	}
	if d.Published != 0 {
		p.Links = append(p.Links, f.link(servicePath(id, ""), "editor.see"))
		if f.sells() {
			p.Links = append(p.Links, f.link(own+confirmEnd, "confirm.own_link"))
		}
		if r.Actor.Is(models.VendorManager) {
			p.Links = append(p.Links, f.link(own+standingEnd, "standing.link"))
		}
	}
	if err := s.sentNotice(r, f, &p, id); err != nil {
		return p, err
	}
	if d.Revision > 0 {
		p.Buttons = append(p.Buttons, views.RowButton{Action: at(r.Lang, own+"/removal"), Text: f.T("editor.discard")})
	}
	p.Notices = append(p.Notices, f.advice(d.Content)...)
	if p.Trail, err = s.trail(r, f.speaker, d.Vendor, catalogue.Number(id)); err != nil {
		return p, err
	}
	p.Shell = f.vendorPage(p.Heading)
	return p, nil
}

// thrownPage is the page of an offering of which nobody has anything: its draft was
// thrown away before anything was published.
func (s *Site) thrownPage(r *web.Request, f *filled, id int64, why error) (views.TasksPage, error) {
	o, err := catalogue.Find(r.Context(), s.DB, id)
	if err != nil || !catalogue.Writes(r.Actor, o.VendorID) {
		return views.TasksPage{}, why
	}
	p := views.TasksPage{Heading: f.T("editor.unnamed", catalogue.Number(id)), State: f.T("editor.thrown"),
		Buttons: []views.RowButton{{Action: at(r.Lang, listingPath(id)+"/restoration"), Text: f.T("editor.take_back")}}}
	p.Shell = f.vendorPage(p.Heading)
	return p, nil
}

// sentNotice says what became of what was sent last.
func (s *Site) sentNotice(r *web.Request, f *filled, p *views.TasksPage, id int64) error {
	sent, err := publishing.LastSubmission(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return notFoundIsNone(err)
	}
	p.Tags = []views.Tag{f.sentTag(sent.State)}
	n := views.Notice{Kind: views.Info, Title: f.T("editor.sent." + string(sent.State)), Text: f.Time(sent.SentAt)}
	switch sent.State {
	case publishing.SentBack, publishing.Refused:
		n.Kind, n.Text = views.Warn, sent.Message
	case publishing.Waiting:
		n.Text = f.T("editor.waiting_text", f.Time(sent.SentAt))
		p.Buttons = append(p.Buttons, views.RowButton{Action: at(r.Lang, listingPath(id)+"/withdrawal"), Text: f.T("editor.take_back_sent")})
	default:
		return nil
	}
	p.Notices = append(p.Notices, n)
	return nil
}

// notFoundIsNone forgives that there is none.
func notFoundIsNone(err error) error {
	if err != nil && errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// progress is how much of what is asked a listing answers.
type progress struct{ needed, ofNeeded, core, ofCore int }

func (s *Site) progress(c catalogue.Content, parts ...string) (p progress) {
	for _, q := range s.Schema.Asked(c) {
		if len(parts) > 0 && !slices.Contains(parts, q.Section) {
			continue
		}
		a, _ := answerTo(c, q.ID)
		if q.Required {
			p.ofNeeded++
			if a.Known() {
				p.needed++
			}
		}
		if q.Required || q.Ask == catalogue.Core {
			p.ofCore++
			if a.Known() {
				p.core++
			}
		}
	}
	return p
}

// task is a section with how far it is.
func (f *filled) task(s *Site, d publishing.Draft, section editSection) views.Task {
	t := views.Task{Link: f.link(listingPath(d.Offering)+editEnd+section.id, "editor.section."+section.id)}
	values, typed := d.Typed[section.id]
	done := s.progress(d.Content, append([]string{"-"}, section.parts...)...)
	whole := done.needed == done.ofNeeded
	begun := done.core > 0
	if done.ofCore > 0 {
		t.Text = f.T("editor.task", f.Number(int64(done.needed)), f.Number(int64(done.ofNeeded)), f.Number(int64(done.core)), f.Number(int64(done.ofCore)))
	}
	switch section.id {
	case editBasics:
		w := d.Content.Words[d.Content.Language]
		whole = whole && w.Name != "" && w.Summary != "" && len(d.Content.Categories) > 0
		begun = begun || w.Name != ""
	case editPrices:
		whole, begun = len(d.Content.Plans) > 0, len(d.Content.Plans) > 0
		t.Text = f.N("editor.plans", int64(len(d.Content.Plans)))
	case editDocuments:
		begun = len(d.Content.Documents) > 0
		t.Text = f.N("editor.papers", int64(len(d.Content.Documents)))
	case editLanguages:
		begun = len(d.Content.Words) > 1
		t.Text = f.N("editor.in_languages", int64(len(d.Content.Words)))
	}
	switch {
	case typed:
		_, wrong := taken(s.Schema, section, values, d.Content)
		t.Tag = views.Tag{Kind: views.Err, Text: f.N("editor.problems", int64(max(len(wrong), 1)))}
	case whole && (begun || section.id == editDocuments || section.id == editLanguages) && begun:
		t.Tag = views.Tag{Kind: views.OK, Text: f.T("editor.completed")}
	case whole:
		t.Tag = views.Tag{Text: f.T("editor.optional_section")}
	case begun:
		t.Tag = views.Tag{Kind: views.Warn, Text: f.T("editor.in_progress")}
	default:
		t.Tag = views.Tag{Text: f.T("editor.not_begun")}
	}
	return t
}

// discardDraft throws a draft away; it can be taken back for a while.
func (s *Site) discardDraft(r *web.Request) (web.Reply, error) {
	return s.withListing(r, publishing.Discard, "editor.discarded")
}

// restoreDraft takes back a draft that was thrown away.
func (s *Site) restoreDraft(r *web.Request) (web.Reply, error) {
	return s.withListing(r, publishing.Undiscard, "editor.restored")
}

// takeBackSent withdraws what waits.
func (s *Site) takeBackSent(r *web.Request) (web.Reply, error) {
	return s.withListing(r, publishing.TakeBack, "editor.taken_back")
}

// withListing does something with an offering, says so and shows it.
func (s *Site) withListing(r *web.Request, do listingAct, said string) (web.Reply, error) {
	id, err := numberIn(r, "listing")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return do(r.Context(), tx, id) })
	if err != nil {
		return web.Reply{}, fmt.Errorf("listing %s: %w", catalogue.Number(id), err)
	}
	return web.SeeOther(at(r.Lang, listingPath(id))).Say(said), nil
}
