package handlers

import (
	"errors"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
	"pilveturg/views"
)

// ownDocument finds the document of the vendor that the address names.
func (s *Site) ownDocument(r *web.Request) (documents.Document, error) {
	d, err := found(s, r, "document", documents.Find)
	if err == nil && d.Vendor != r.Actor.OrgID {
		err = models.ErrNotFound // administrators who also write for a vendor
	}
	return d, err
}

// showDocument shows a vendor a document, with the form for what is said of it.
func (s *Site) showDocument(r *web.Request) (web.Reply, error) {
	d, err := s.ownDocument(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, map[string]string{fieldTitle: d.Title, fieldKind: string(d.Kind), "language": d.Language, "issued": d.Issued.String(), "valid_until": d.ValidUntil.String()})
	p, err := s.documentRecord(r, f, d)
	return web.Page(p), err
}

func (s *Site) documentRecord(r *web.Request, f *filled, d documents.Document) (views.RecordPage, error) {
	shown, err := documents.ShownIn(r.Context(), s.DB, []int64{d.ID})
	if err != nil {
		return views.RecordPage{}, err
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, shown[d.ID])
	if err != nil {
		return views.RecordPage{}, err
	}
	p := views.RecordPage{Heading: d.Title, Facts: append(f.documentFacts(d), f.shownRow(cards))}
	if t := f.endTag(d, models.DateOf(s.today())); t.Text != "" {
		p.Tags = []views.Tag{t}
	}
	p.Links = []views.Link{{URL: filePath(d), Text: f.T("document.open")}}
	switch {
	case !d.Replaced.IsZero():
		p.Notices = []views.Notice{{Kind: views.Info, Text: f.T("document.replaced_text")}}
	default:
		p.Links = append(p.Links, f.link(documentPath(d.ID)+"/replacement", "document.replace"), f.link(documentPath(d.ID)+"/removal", "synonym.remove"))
		p.FormHead, p.Form = f.T("document.details"), &views.Form{Action: at(f.Tag, documentPath(d.ID)), Button: f.T("form.save"), Inputs: s.detailInputs(f)}
	}
	if p.Trail, err = s.trail(r, f.speaker, d.Vendor, documents.Subject(d.ID)); err != nil {
		return p, err
	}
	p.Shell = f.vendorPage(p.Heading, f.link(documentsPath, "document.title"))
	return p, nil
}

// documentFacts say what is known of a file.
func (w speaker) documentFacts(d documents.Document) []views.Row {
	rows := []views.Row{
		{Key: w.T("document.file_label"), Value: views.Words{Text: w.fileKind(d)}, Note: w.T("document.hash", d.Hash)},
		{Key: w.T("document.uploaded"), Value: views.Words{Text: w.Time(d.At)}},
		{Key: w.T("document.searched"), Value: views.Words{Text: w.T("document.reading." + string(d.Reading))}},
	}
	looked := w.T("document.unchecked")
	if !d.Checked.IsZero() {
		looked = w.T("document.checked_on", w.Time(d.Checked))
	}
	return append(rows, views.Row{Key: w.T("document.checked"), Value: views.Words{Text: looked}})
}

// shownRow says which listings show a document.
func (w speaker) shownRow(cards []catalogue.Card) views.Row {
	row := views.Row{Key: w.T("document.shown"), Value: views.Words{Text: w.T("document.shown_nowhere")}}
	for i, c := range cards {
		name, _ := w.nameAndSummary(c.Words)
		if i == 0 {
			row.Value, row.URL = name, at(w.Tag, servicePath(c.ID, c.Slug))
			continue
		}
		row.More = append(row.More, name)
	}
	return row
}

// changeDocument changes what is said of a document.
func (s *Site) changeDocument(r *web.Request) (web.Reply, error) {
	d, err := s.ownDocument(r)
	if err != nil {
		return web.Reply{}, err
	}
	to, wrong := typedDetails(r)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(wrong) > 0 { // nothing is written, but what else is wrong is said, too
			return withProblems(wrong, to.Check(models.Date{}))
		}
		return documents.Change(r.Context(), tx, d.ID, to)
	})
	if wrong, ok := invalid(err); ok {
		p, err := s.documentRecord(r, s.posted(r, wrong), d)
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	return web.SeeOther(at(r.Lang, documentPath(d.ID))).Say("done.document"), err
}

// showReplacement shows the form for a file that comes in the place of another.
func (s *Site) showReplacement(r *web.Request) (web.Reply, error) {
	d, err := s.ownDocument(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, map[string]string{fieldTitle: d.Title, fieldKind: string(d.Kind), "language": d.Language})
	return web.Page(s.replacementForm(r, f, d, nil)), nil
}

func (s *Site) replacementForm(r *web.Request, f *filled, d documents.Document, n []views.Notice) views.FormPage {
	p := views.FormPage{Heading: f.T("document.replacement"), Text: []string{f.T("document.replacement_text")}, Facts: f.documentFacts(d)[:2], Notices: n,
		Form:  views.Form{Action: at(r.Lang, documentPath(d.ID)+"/replacement"), Button: f.T("document.replace"), Inputs: append([]views.Input{f.file()}, s.detailInputs(f)...)},
		Links: []views.Link{f.link(documentPath(d.ID), "admin.back")}}
	p.Shell = f.vendorPage(p.Heading, f.link(documentsPath, "document.title"), views.Link{URL: at(f.Tag, documentPath(d.ID)), Text: d.Title, Lang: foreign(d.Language, f.Tag)})
	return p
}

// replaceDocument takes in a file in the place of another.
func (s *Site) replaceDocument(r *web.Request) (web.Reply, error) {
	old, err := s.ownDocument(r)
	if err != nil {
		return web.Reply{}, err
	}
	d, err := s.take(r, old.ID)
	if again, ok := s.refusal(r, err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.replacementForm(r, s.posted(r, again), old, nil)), nil
	}
	if errors.Is(err, errNoRoom) {
		p := s.replacementForm(r, s.posted(r, nil), old, []views.Notice{s.noRoom(s.speaker(r.Lang))})
		return web.Status(http.StatusServiceUnavailable, p), nil
	}
	return web.SeeOther(at(r.Lang, documentPath(d.ID))).Say("document.done.replaced", d.Title), err
}

// confirmDocumentRemoval asks whether a document is really to be removed.
func (s *Site) confirmDocumentRemoval(r *web.Request) (web.Reply, error) {
	d, err := s.ownDocument(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Page(s.documentRemoval(r, d, nil)), nil
}

func (s *Site) documentRemoval(r *web.Request, d documents.Document, n []views.Notice) views.FormPage {
	f := s.fresh(r, nil)
	p := views.FormPage{Heading: f.T("document.removal"), Text: []string{f.T("document.removal_text")}, Notices: n,
		Facts: append([]views.Row{{Key: f.T("document.name"), Value: views.Words{Text: d.Title, Lang: foreign(d.Language, f.Tag)}}}, f.documentFacts(d)[:2]...),
		Form:  views.Form{Action: at(r.Lang, documentPath(d.ID)+"/removal"), Button: f.T("document.remove"), Stop: true},
		Links: []views.Link{f.link(documentPath(d.ID), "admin.back")}}
	p.Shell = f.vendorPage(p.Heading, f.link(documentsPath, "document.title"))
	return p
}

// removeDocument removes a document that no listing shows.
func (s *Site) removeDocument(r *web.Request) (web.Reply, error) {
	d, err := s.ownDocument(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return documents.Remove(r.Context(), tx, d.ID) })
	if errors.Is(err, models.ErrConflict) {
		w := s.speaker(r.Lang)
		return web.Status(http.StatusConflict, s.documentRemoval(r, d, []views.Notice{{Kind: views.Warn, Title: w.T("document.still_shown"), Text: w.T("document.still_shown_text"), Urgent: true}})), nil
	}
	return web.SeeOther(at(r.Lang, documentsPath)).Say("document.done.removed", d.Title), err
}
