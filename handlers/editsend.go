package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// fieldNote holds what changes, in a sentence.
const fieldNote = "note"

// listingAct changes an offering.
type listingAct func(ctx context.Context, tx *db.Tx, offering int64) error

// showPreview shows the page of the service as buyers would see it.
func (s *Site) showPreview(r *web.Request) (web.Reply, error) {
	d, err := s.written(r)
	if err != nil {
		return web.Reply{}, err
	}
	v, err := s.previewed(r.Context(), d)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.pageOf(r, v, listingPath(d.Offering)+previewEnd)
	if err != nil {
		return web.Reply{}, err
	}
	report, err := s.reportOf(r, d)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	p.NoIndex, p.Trail, p.Section = true, nil, vendorListingsPath[1:]
	p.JSON, p.Shell.JSON, p.PriceAt, p.ChangesAt = "", "", "", "" // a draft has no pages of its own but this one
	for i := range p.Releases {
		p.Releases[i].URL = ""
	}
	p.Crumbs = []views.Link{f.home(), f.offeringsCrumb(), f.listingCrumb(d)}
	p.Preview = &views.Preview{Text: f.T("editor.preview_text"), Links: []views.Link{f.link(listingPath(d.Offering), "editor.back"), f.link(listingPath(d.Offering)+submitEnd, "editor.check_and_send")}}
	if report != nil && report.Ready() {
		p.Preview.Form = f.sendForm(d, report)
	}
	return web.Page(p), nil
}

// previewed is a service as its draft says it.
func (s *Site) previewed(ctx context.Context, d publishing.Draft) (v service, err error) {
	err = s.DB.Read(ctx, func(r db.Reader) error {
		if v.Offering, err = catalogue.Find(ctx, r, d.Offering); err != nil {
			return err
		}
		v.edition.Content = d.Content
		v.edition.State = catalogue.Draft
		if v.users, err = catalogue.Users(ctx, r, d.Offering); err != nil {
			return err
		}
		if err = v.readNames(ctx, r); err != nil {
			return err
		}
		if v.cpv, err = catalogue.FindCPV(ctx, r, d.Content.CPV); err != nil {
			return err
		}
		v.releases, err = catalogue.Releases(ctx, r, d.Offering)
		return err
	})
	return v, err
}

// reportOf looks at a draft as it would be sent; nil when there is none.
func (s *Site) reportOf(r *web.Request, d publishing.Draft) (*publishing.Report, error) {
	if d.Revision == 0 {
		return nil, nil
	}
	report, err := publishing.Check(r.Context(), s.DB, s.Schema, r.Actor, d.Offering, models.DateOf(s.today()))
	return &report, err
}

// sendForm sends the draft as it was seen.
func (f *filled) sendForm(d publishing.Draft, report *publishing.Report) *views.Form {
	button := f.T("editor.send_live")
	if len(report.Risks) > 0 {
		button = f.T("editor.send")
	}
	form := views.Form{Action: at(f.Tag, listingPath(d.Offering)+submitEnd), Hidden: []views.Hidden{revisionField(d.Revision)}, Button: button}
	if d.Base != 0 {
		form.Inputs = []views.Input{f.field(views.Field{Name: fieldNote, Label: f.T("editor.note"), Hint: f.T("editor.note_hint"), Width: "w60"})}
	}
	return &form
}

// showSubmit shows what is missing, what changes, and what waits for a moderator.
func (s *Site) showSubmit(r *web.Request) (web.Reply, error) {
	p, err := s.checkPage(r, nil)
	return web.Page(p), err
}

// checkPage is the page before sending; once it was sent in vain, wrong says why, by field.
func (s *Site) checkPage(r *web.Request, wrong models.Invalid) (views.CheckPage, error) {
	d, err := s.written(r)
	if err != nil {
		return views.CheckPage{}, err
	}
	f := s.fresh(r, map[string]string{fieldNote: d.Note[r.Lang]})
	if wrong != nil {
		f = s.posted(r, wrong)
	}
	p := views.CheckPage{Heading: f.T("editor.check_and_send"), Links: []views.Link{f.link(listingPath(d.Offering), "editor.back"), f.link(listingPath(d.Offering)+previewEnd, "editor.preview")}}
	p.Shell = f.vendorPage(p.Heading, f.listingCrumb(d))
	report, err := s.reportOf(r, d)
	if err != nil {
		return p, err
	}
	if report == nil {
		p.Notices = []views.Notice{{Kind: views.Info, Text: f.T("editor.nothing_to_send")}}
		return p, nil
	}
	p.Missing = f.missing(d, report)
	both := differ{answered: f.answered(d.Content, models.DateOf(s.today())), after: d.Content}
	if d.Base != 0 {
		e, err := catalogue.FindEdition(r.Context(), s.DB, d.Offering, d.Base)
		if err != nil {
			return p, err
		}
		both.before = e.Content
		p.Changes = both.diff()
		p.Changes.Title = f.T("editor.changes_from", f.Number(int64(d.Base)))
	}
	p.Risks = both.risks(report)
	p.Checks = both.checkRows(report.Checks, nil, false)
	switch {
	case !report.Ready():
	case len(report.Risks) == 0:
		p.Notices = append(p.Notices, views.Notice{Kind: views.OK, Text: f.T("editor.goes_live")})
	default:
		p.Notices = append(p.Notices, views.Notice{Kind: views.Info, Text: f.N("editor.will_wait", int64(s.Promise))})
	}
	if report.Subscribers > 0 {
		p.Notices = append(p.Notices, views.Notice{Kind: views.Info, Text: f.N("editor.subscribers", int64(report.Subscribers))})
	}
	if report.Ready() {
		p.Form = f.sendForm(d, report)
	}
	return p, nil
}

// missing leads to where what keeps the draft from being sent is put right.
func (f *filled) missing(d publishing.Draft, report *publishing.Report) []views.Link {
	var all []views.Link
	add := func(section, text, fragment string) {
		all = append(all, views.Link{URL: at(f.Tag, listingPath(d.Offering)+editEnd+section) + fragment, Text: text})
	}
	for id := range d.Typed {
		add(id, f.T("editor.typed", f.T("editor.section."+id)), "")
	}
	slices.SortFunc(all, func(a, b views.Link) int { return strings.Compare(a.URL, b.URL) })
	for _, q := range report.Missing {
		add(sectionOf(q), f.T("editor.answer", views.In(q.Label, f.Tag).Text), "#"+answerPrefix+q.ID)
	}
	for _, part := range [...]struct{ name, section, field string }{{"name", editBasics, "#" + fieldName}, {"summary", editBasics, "#" + fieldSummary},
		{"categories", editBasics, "#" + categoryField(0)}, {"plans", editPrices, ""}} {
		if key := report.Wrong[part.name]; key != "" {
			add(part.section, f.T(key), part.field)
		}
	}
	if key := report.Wrong["content"]; key != "" {
		all = append(all, views.Link{URL: at(f.Tag, listingPath(d.Offering)), Text: f.T(key)})
	}
	for _, p := range report.Problems {
		add(sectionOfPath(p.Path), f.T("editor.section."+sectionOfPath(p.Path))+": "+f.complaint(p), "")
	}
	return all
}

// sectionOf is the section of the editor that asks a question.
func sectionOf(q catalogue.Question) string {
	for _, s := range editSections {
		if slices.Contains(s.parts, q.Section) {
			return s.id
		}
	}
	return editBasics
}

// sectionOfPath is the section in which what a problem's path names is edited.
func sectionOfPath(path string) string {
	switch {
	case strings.HasPrefix(path, "plans"):
		return editPrices
	case strings.HasPrefix(path, "documents"):
		return editDocuments
	case strings.HasPrefix(path, "answers"):
		return editData
	default:
		return editBasics
	}
}

// risks say why the draft waits.
func (d differ) risks(report *publishing.Report) []string {
	var all []string
	for _, one := range report.Risks {
		if words := d.risk(one); !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	return all
}

// submit sends the draft as it was seen.
func (s *Site) submit(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "listing")
	if err != nil {
		return web.Reply{}, err
	}
	seen, _ := strconv.ParseInt(r.Form(fieldSeen), 10, 64)
	var sent publishing.Sent
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		if seen, err = noteDown(r, tx, id, seen); err == nil {
			sent, err = publishing.Send(r.Context(), tx, s.Schema, id, seen)
		}
		return err
	})
	var problems catalogue.Problems
	wrong, found := invalid(err)
	switch {
	case err == nil && sent.Live:
		return web.SeeOther(at(r.Lang, listingPath(id))).Say("editor.said_live"), nil
	case err == nil:
		return web.SeeOther(at(r.Lang, listingPath(id))).Say("editor.said_waits"), nil
	case errors.Is(err, models.ErrConflict):
		return s.refusedSubmit(r, http.StatusConflict, "editor.changed_meanwhile", models.Invalid{})
	case found || errors.As(err, &problems):
		return s.refusedSubmit(r, http.StatusUnprocessableEntity, "editor.not_ready", models.Invalid{fieldNote: wrong[fieldNote]})
	}
	return web.Reply{}, err
}

// noteDown keeps with the draft what its vendor says that changes, and returns its revision.
func noteDown(r *web.Request, tx *db.Tx, id, seen int64) (int64, error) {
	return publishing.NoteDown(r.Context(), tx, id, seen, r.Lang, clean(r.Form(fieldNote)))
}

func (s *Site) refusedSubmit(r *web.Request, status int, why string, wrong models.Invalid) (web.Reply, error) {
	p, err := s.checkPage(r, wrong)
	p.Notices = append([]views.Notice{{Kind: views.Warn, Text: s.speaker(r.Lang).T(why), Urgent: true}}, p.Notices...)
	return web.Status(status, p), err
}

// showHistory lists the versions that buyers have seen, each of which can be put back.
func (s *Site) showHistory(r *web.Request) (web.Reply, error) {
	d, err := s.written(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	all, err := catalogue.Releases(r.Context(), s.DB, d.Offering)
	if err != nil {
		return web.Reply{}, err
	}
	g := grid[catalogue.Release]{speaker: f.speaker, id: "history", caption: f.T("editor.history"), empty: views.Empty{Title: f.T("editor.unpublished"), Text: f.T("editor.history_none")},
		columns: []column[catalogue.Release]{
			{head: f.T("editor.published"), cell: func(one catalogue.Release) views.Cell {
				return words(f.T("editor.version", f.Number(int64(one.Number))))
			}},
			{head: f.T("editor.since"), cell: func(one catalogue.Release) views.Cell { return words(f.Date(one.Published)) }},
			{head: f.T("editor.note"), cell: func(one catalogue.Release) views.Cell { return words(views.In(one.Note, f.Tag).Text) }},
			{head: f.T("security.actions"), hidden: true, cell: func(one catalogue.Release) views.Cell {
				if one.Number == d.Published {
					return words(f.T("editor.current"))
				}
				return views.Cell{Button: &views.RowButton{Action: at(r.Lang, listingPath(d.Offering)+draftEnd), Text: f.T("editor.put_back"),
					Hidden: []views.Hidden{{Name: "version", Value: strconv.Itoa(one.Number)}}, For: f.T("editor.version", f.Number(int64(one.Number)))}}
			}},
		}}
	t, err := g.table(r, all, whole(len(all)))
	if err != nil {
		return web.Reply{}, err
	}
	p := views.ListPage{Heading: f.T("editor.history"), Text: []string{f.T("editor.history_text")}, Table: t}
	if d.Published != 0 {
		p.Links = []views.Link{f.link(servicePath(d.Offering, "")+changesEnd, "editor.compare_versions")}
	}
	p.Shell = f.vendorPage(p.Heading, f.listingCrumb(d))
	return web.Page(p), nil
}

// putBack begins a draft from an older version.
func (s *Site) putBack(r *web.Request) (web.Reply, error) {
	number, err := strconv.Atoi(r.Form("version"))
	if err != nil {
		return web.Reply{}, models.ErrNotFound
	}
	reply, err := s.withListing(r, func(ctx context.Context, tx *db.Tx, id int64) error {
		_, err := publishing.PutBack(ctx, tx, id, number)
		return err
	}, "editor.was_put_back")
	if errors.Is(err, models.ErrConflict) {
		id, _ := numberIn(r, "listing")
		return web.SeeOther(at(r.Lang, listingPath(id))).Say("editor.draft_in_the_way"), nil
	}
	return reply, err
}

// showNewOffering asks what a new offering shall begin from.
func (s *Site) showNewOffering(r *web.Request) (web.Reply, error) {
	p, err := s.newOfferingPage(r, s.fresh(r, nil))
	return web.Page(p), err
}

const (
	fieldCopy  = "copy"
	importRows = 8
)

func (s *Site) newOfferingPage(r *web.Request, f *filled) (views.FormPage, error) {
	all, err := publishing.Listings(r.Context(), s.DB, r.Actor, r.Actor.OrgID)
	if err != nil {
		return views.FormPage{}, err
	}
	options := []views.Option{{Text: f.T("editor.copy_none")}}
	for _, l := range all {
		if l.Draft || l.Published != 0 {
			options = append(options, views.Option{Value: strconv.FormatInt(l.Offering, 10), Text: f.offeringLink(l).Text})
		}
	}
	locale.SortBy(f.Locale, options[1:], func(o views.Option) string { return o.Text })
	p := views.FormPage{Heading: f.T("editor.copy_or_import"), Text: []string{f.T("editor.new_text")}, Form: views.Form{Action: at(r.Lang, vendorListingsPath), Button: f.T("editor.new_button"), Inputs: []views.Input{
		f.choose(views.Select{Name: fieldCopy, Label: f.T("editor.copy"), Hint: f.T("editor.copy_hint"), Options: options}),
		{File: &views.FileField{ID: fieldFile, Name: fieldFile, Label: f.T("editor.import_file"), Hint: f.T("editor.import_file_hint"), Accept: ".json,.jsonl,.csv,.yml,.yaml", Error: f.problem(fieldFile)}},
		f.field(views.Field{Name: fieldAddress, Label: f.T("editor.import_address"), Hint: f.T("editor.import_address_hint"), Width: "w60"}),
		f.area(views.Area{Name: fieldImport, Label: f.T("editor.import"), Hint: f.T("editor.import_hint"), Rows: importRows}),
	}}, Links: []views.Link{f.link(vendorListingsPath, "editor.offerings")}}
	p.Shell = f.vendorPage(p.Heading)
	return p, nil
}

// ownLanguage is the one in which a new listing is written first.
func ownLanguage(lang string) catalogue.Content { return catalogue.Content{Language: lang} }

// copyOf is what a listing of the same vendor says, under a name of its own.
func (s *Site) copyOf(r *web.Request, id int64) (catalogue.Content, error) {
	d, err := s.draftOf(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return catalogue.Content{}, err
	}
	c := d.Content
	c.DemoPrice, c.Extra = false, nil
	c.Words = map[string]catalogue.Words{}
	for lang, w := range d.Content.Words {
		w.Name = s.copyName(lang, w.Name)
		c.Words[lang] = w
	}
	return c, nil
}

func (s *Site) copyName(lang, name string) string {
	w, ok := s.Views[lang]
	if !ok {
		w = s.Views["en"]
	}
	return w.Locale.T("editor.copy_of", name)
}
