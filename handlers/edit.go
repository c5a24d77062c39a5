package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

// The pages on which people of a vendor write its listings.
const (
	draftEnd   = "/draft"
	editEnd    = "/edit/"
	previewEnd = "/preview"
	submitEnd  = "/submit"
)

// listingPath is the page of those who write an offering.
func listingPath(id int64) string { return vendorListingsPath + "/" + strconv.FormatInt(id, 10) }

// fieldAct says which button sent the form of a section.
const (
	fieldAct    = "act"
	actSave     = "save"     // and stay
	actNext     = "next"     // save, and go on
	actCheck    = "check"    // save, and look at what is to be sent
	actAutosave = "autosave" // the script did
	actMine     = "mine"     // over what somebody else saved
)

// editing is a section of a draft on its page.
type editing struct {
	*filled
	draft   publishing.Draft
	section editSection
	values  url.Values           // of the form
	files   []documents.Document // of the vendor, where the section is about documents
}

// written finds the offering that the address names, as its writers see it: the draft,
// or what buyers see as a draft that nobody has saved yet, whose revision is 0.
func (s *Site) written(r *web.Request) (publishing.Draft, error) {
	id, err := numberIn(r, "listing")
	if err != nil {
		return publishing.Draft{}, err
	}
	return s.draftOf(r.Context(), s.DB, r.Actor, id)
}

func (s *Site) draftOf(ctx context.Context, db db.Reader, a models.Actor, id int64) (publishing.Draft, error) {
	d, err := publishing.FindDraft(ctx, db, a, id)
	if !errors.Is(err, models.ErrNotFound) {
		return d, err
	}
	o, err := catalogue.Find(ctx, db, id)
	if err == nil && (!catalogue.Writes(a, o.VendorID) || o.Published == 0) {
		err = fmt.Errorf("listing %s: %w", catalogue.Number(id), models.ErrNotFound)
	}
	if err != nil {
		return publishing.Draft{}, err
	}
	e, err := catalogue.FindEdition(ctx, db, id, o.Published)
	return publishing.Draft{Offering: id, Vendor: o.VendorID, Base: o.Published, Published: o.Published, Content: e.Content}, err
}

// sectionIn is the section that the address names.
func sectionIn(r *web.Request) (editSection, error) {
	i := slices.IndexFunc(editSections, func(s editSection) bool { return s.id == r.Param("section") })
	if i < 0 {
		return editSection{}, fmt.Errorf("section %q: %w", r.Param("section"), models.ErrNotFound)
	}
	return editSections[i], nil
}

// edits is a section of a draft with the values of its form, and what is wrong with
// them when anything is.
func (s *Site) edits(r *web.Request, d publishing.Draft, section editSection, values url.Values, wrong []mistake) (*editing, error) {
	f := &filled{speaker: s.speaker(r.Lang), reader: r.Actor, typed: values.Get, chosen: func(field string) []string { return values[field] }}
	f.words = f.mistakes(wrong)
	files, err := s.filesFor(r, section)
	return &editing{filled: f, draft: d, section: section, values: values, files: files}, err
}

// filesFor are the documents that a vendor may add in a section. Administrators who write
// for a vendor see none.
func (s *Site) filesFor(r *web.Request, section editSection) ([]documents.Document, error) {
	if section.id != editDocuments || !r.Actor.IsAny(models.VendorEditor, models.VendorManager) {
		return nil, nil
	}
	return documents.Of(r.Context(), s.DB, r.Actor)
}

// showEdit shows a section of a draft: as it was typed when it could not be kept so.
func (s *Site) showEdit(r *web.Request) (web.Reply, error) {
	d, err := s.written(r)
	if err != nil {
		return web.Reply{}, err
	}
	section, err := sectionIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	values, typed := d.Typed[section.id]
	if !typed {
		values = filledIn(s.Schema, section, d.Content)
		if section.id == editPrices && len(d.Content.Plans) == 0 {
			writePlans(values, []*typedPlan{newPlan()})
		}
		e, err := s.edits(r, d, section, values, nil)
		return web.Page(s.editPage(e)), err
	}
	var wrong []mistake
	if values.Get(justChanged) == "" {
		_, wrong = taken(s.Schema, section, values, d.Content)
	}
	e, err := s.edits(r, d, section, values, wrong)
	return web.Page(s.editPage(e)), err
}

// justChanged marks a form to which a button has added something that nobody could fill
// in yet, or from which it took something: what is wrong with it is not said.
const justChanged = "~changed"

// editPage is the page of a section.
func (s *Site) editPage(e *editing) views.EditPage {
	p := views.EditPage{Heading: e.T("editor.section." + e.section.id), State: e.savedAt(e.draft)}
	p.Form = views.EditForm{Action: at(e.Tag, listingPath(e.draft.Offering)+editEnd+e.section.id), Hidden: []views.Hidden{revisionField(e.draft.Revision)},
		Saved: e.T("editor.autosaved"), Fail: e.T("editor.autosave_failed"), Buttons: e.buttons()}
	switch e.section.id {
	case editBasics:
		p.Form.Groups = append(e.basicsGroups(), e.questionGroups()...)
		p.Notices = e.advice(e.draft.Content)
	case editPrices:
		p.Form.Groups = e.goneGroup()
		p.Form.Plans = e.planInputs()
		p.Buyers = e.buyers()
		p.Form.Hidden = append(p.Form.Hidden, e.languageFields()...)
	case editDocuments:
		p.Form.Groups = e.paperGroups()
	case editLanguages:
		p.Form.Groups = e.languageGroups()
	default:
		p.Form.Groups = e.questionGroups()
	}
	p.Links = []views.Link{e.link(listingPath(e.draft.Offering), "editor.back"), e.link(listingPath(e.draft.Offering)+previewEnd, "editor.preview")}
	if e.section.id == editDocuments {
		if e.sells() {
			p.Links = append(p.Links, e.link(documentsPath, "editor.upload"))
		}
	}
	p.Shell = e.vendorPage(p.Heading, e.listingCrumb(e.draft))
	return p
}

// languageFields say in which languages the words of plans are edited.
func (e *editing) languageFields() []views.Hidden {
	var all []views.Hidden
	for _, o := range e.tongues("") {
		all = append(all, views.Hidden{Name: fieldLanguages, Value: o.Value})
	}
	return all
}

func (e *editing) buttons() []views.EditButton {
	var add []views.EditButton
	switch e.section.id {
	case editPrices:
		add = []views.EditButton{{Act: actAddPlan, Text: e.T("editor.add_plan"), Quiet: true}}
	case editDocuments:
		add = append(e.fileButtons(), views.EditButton{Act: actAddPaper, Text: e.T("editor.add_paper"), Quiet: true})
	}
	onward := views.EditButton{Act: actNext, Text: e.T("editor.next")}
	if e.draft.Base != 0 { // who changes something does not go through all sections
		onward = views.EditButton{Act: actCheck, Text: e.T("editor.save_and_check")}
	}
	return append([]views.EditButton{onward, {Act: actSave, Text: e.T("form.save"), Quiet: true}}, add...)
}

// savedAt says whether there is a draft, and since when.
func (w speaker) savedAt(d publishing.Draft) string {
	switch {
	case d.Revision == 0:
		return w.T("editor.no_draft", w.Number(int64(d.Published)))
	case d.Base == 0:
		return w.T("editor.draft_new", w.Time(d.EditedAt))
	default:
		return w.T("editor.draft_of", w.Number(int64(d.Base+1)), w.Time(d.EditedAt))
	}
}

// vendorPage is a page of those who write listings around the form.
func (f *filled) vendorPage(title string, crumbs ...views.Link) views.Shell {
	p := f.page(title, append([]views.Link{f.offeringsCrumb()}, crumbs...)...)
	p.Section = vendorListingsPath[1:]
	return p
}

// offeringsCrumb leads to the listings: the vendor's to the vendor, all that wait to
// administrators, who have none of their own.
func (f *filled) offeringsCrumb() views.Link {
	if !f.sells() {
		return f.link(moderationPath, "moderation.title")
	}
	return f.link(vendorListingsPath, "editor.offerings")
}

// sells reports whether the reader works for a vendor.
func (f *filled) sells() bool { return f.reader.IsAny(models.VendorEditor, models.VendorManager) }

// listingCrumb leads back to the page of a listing.
func (w speaker) listingCrumb(d publishing.Draft) views.Link {
	name := w.draftName(d)
	return views.Link{URL: at(w.Tag, listingPath(d.Offering)), Text: name.Text, Lang: name.Lang}
}

// draftName is what a draft calls the offering.
func (w speaker) draftName(d publishing.Draft) views.Words {
	name, _ := w.nameAndSummary(d.Content.Words)
	if name.Text == "" {
		name = views.Words{Text: w.T("editor.unnamed", catalogue.Number(d.Offering))}
	}
	return name
}

// saveEdit keeps a section as it was typed, and goes on as the button asks.
func (s *Site) saveEdit(r *web.Request) (web.Reply, error) {
	section, err := sectionIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	before, err := s.written(r)
	if err != nil {
		return web.Reply{}, err
	}
	act, values := r.Form(fieldAct), sectionForm(r)
	files, err := s.filesFor(r, section)
	if err != nil {
		return web.Reply{}, err
	}
	whole := section.id == editDocuments && addFile(values, act, files) // nothing is left to fill in
	changed := whole || section.id == editPrices && changePlans(values, act) || section.id == editDocuments && changePapers(values, act)
	var wrong []mistake
	d, err := s.save(r, before, func(d *publishing.Draft) error {
		d.Content, wrong = taken(s.Schema, section, values, d.Content)
		if d.Typed == nil {
			d.Typed = map[string]url.Values{}
		}
		delete(d.Typed, section.id)
		if changed && !whole {
			values.Set(justChanged, ticked)
		}
		if len(wrong) > 0 || changed && !whole {
			d.Typed[section.id] = values
		}
		return nil
	})
	var both *publishing.Conflict
	switch {
	case errors.As(err, &both) && act == actAutosave:
		return web.Data("text/plain; charset=utf-8", []byte("conflict"), 0).As(http.StatusConflict), nil
	case errors.As(err, &both):
		return s.conflict(r, both, section, values)
	case err != nil:
		return web.Reply{}, err
	case act == actAutosave:
		return web.Data("text/plain; charset=utf-8", []byte(strconv.FormatInt(d.Revision, 10)), 0), nil
	case len(wrong) > 0 && !changed:
		e, err := s.edits(r, d, section, values, wrong)
		return web.Status(http.StatusUnprocessableEntity, s.editPage(e)), err
	}
	return web.SeeOther(at(r.Lang, afterSaving(d.Offering, section, act, changed))), nil
}

// afterSaving is where the button leads.
func afterSaving(id int64, section editSection, act string, changed bool) string {
	switch next := nextSection(section.id); {
	case changed || act == actSave:
		return listingPath(id) + editEnd + section.id
	case act == actCheck:
		return listingPath(id) + submitEnd
	case next == "":
		return listingPath(id)
	default:
		return listingPath(id) + editEnd + next
	}
}

// sectionForm is the form of a section, without what the page itself put there.
func sectionForm(r *web.Request) url.Values {
	values := url.Values{}
	for name, all := range r.Posted() {
		if name != fieldAct && name != fieldSeen {
			values[name] = slices.Clone(all)
		}
	}
	for _, name := range []string{fieldLanguages} {
		if all := values[name]; len(all) > 0 {
			slices.Sort(all)
			values[name] = slices.Compact(all)
		}
	}
	return values
}

// save has change alter the draft, which is begun when there is none yet, or brought up
// to what buyers see when that has changed.
func (s *Site) save(r *web.Request, before publishing.Draft, change func(*publishing.Draft) error) (d publishing.Draft, err error) {
	seen, err := strconv.ParseInt(r.Form(fieldSeen), 10, 64)
	if err != nil {
		seen = -1
	}
	if before.Revision == 0 || before.Base != before.Published {
		begun := publishing.Draft{}
		err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
			begun, err = publishing.Edit(r.Context(), tx, before.Offering)
			return err
		})
		if err != nil {
			return d, err
		}
		if before.Revision == 0 && seen == 0 {
			seen = begun.Revision
		}
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		d, err = publishing.Save(r.Context(), tx, before.Offering, seen, change)
		return err
	})
	return d, err
}

// conflict shows what somebody else saved beside what was typed; nothing is lost.
func (s *Site) conflict(r *web.Request, both *publishing.Conflict, section editSection, values url.Values) (web.Reply, error) {
	w := s.speaker(r.Lang)
	mine, _ := taken(s.Schema, section, values, both.Kept.Content)
	names, err := s.People(r.Context(), []int64{both.Kept.EditedBy})
	if err != nil {
		return web.Reply{}, err
	}
	d := differ{w.answered(mine, models.DateOf(s.today())), both.Kept.Content, mine}
	diff := d.diff()
	diff.Title = w.T("editor.conflict_diff")
	f := s.fresh(r, nil)
	p := views.ConflictPage{Heading: w.T("editor.conflict"), Diff: diff, Action: at(r.Lang, listingPath(both.Kept.Offering)+editEnd+section.id),
		Text:    []string{w.T("editor.conflict_text", w.person(both.Kept.EditedBy, names), w.Time(both.Kept.EditedAt))},
		Hidden:  append(hiddenValues(values), revisionField(both.Kept.Revision)),
		Buttons: []views.EditButton{{Act: actSave, Text: w.T("editor.keep_mine")}},
		Links:   []views.Link{w.link(listingPath(both.Kept.Offering)+editEnd+section.id, "editor.take_theirs")},
	}
	p.Shell = f.vendorPage(p.Heading, w.listingCrumb(both.Kept))
	return web.Status(http.StatusConflict, p), nil
}

// hiddenValues carries a form along.
func hiddenValues(values url.Values) []views.Hidden {
	var all []views.Hidden
	for name, list := range values {
		for _, v := range list {
			all = append(all, views.Hidden{Name: name, Value: v})
		}
	}
	slices.SortStableFunc(all, func(a, b views.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return all
}
