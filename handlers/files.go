package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/documents"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// showFile hands on a file to whom may read it. Where files cannot be had, a page says so.
func (s *Site) showFile(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "file")
	if err != nil {
		return web.Reply{}, err
	}
	d, public, err := documents.Readable(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	if r.Param("slug") != d.Slug() {
		return web.Found(filePath(d), "Cookie"), nil
	}
	if s.Files.Blobs == nil {
		return s.fileMissing(r, errNoRoom), nil
	}
	content, err := s.Files.Blobs.Open(r.Context(), d.Hash)
	if errors.Is(err, context.Canceled) {
		return web.Reply{}, err
	}
	if err != nil {
		return s.fileMissing(r, err), nil
	}
	return web.Hand(web.File{Name: d.Slug(), Kind: string(d.Media), Hash: d.Hash, Public: public, Content: content}), nil
}

// fileMissing says that a file cannot be had just now.
func (s *Site) fileMissing(r *web.Request, why error) web.Reply {
	s.Log.ErrorContext(r.Context(), "read file", "path", r.Path(), "err", why)
	r.Lang = s.preferred(r)
	w := s.speaker(r.Lang)
	p := views.MessagePage{Heading: w.T("document.missing"), Text: []string{w.T("document.missing_text")}, Links: []views.Link{w.home()}}
	p.Shell = w.shell("", p.Heading, w.home())
	p.NoIndex = true
	return web.Status(http.StatusServiceUnavailable, p)
}

// listAllDocuments lists the documents of all vendors for those who decide on listings.
func (s *Site) listAllDocuments(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	g, rows, err := s.allDocuments(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("document.all"), Text: []string{f.T("document.all_text")}, Found: f.N("document.count", int64(part.Total)), Table: t}
		p.Shell = f.page(part.title(f.speaker, p.Heading))
		p.Section = queuesSection
		var err error
		p.Tabs, err = s.queueTabs(r, f, adminDocumentsPath)
		return p, err
	})
}

// allDocumentsCSV answers with the same as a file.
func (s *Site) allDocumentsCSV(r *web.Request) (web.Reply, error) {
	g, rows, err := s.allDocuments(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// vendorDocument is a document with whose it is.
type vendorDocument struct {
	documents.Document
	vendor views.Link
}

func (s *Site) allDocuments(r *web.Request, f *filled) (*grid[vendorDocument], []vendorDocument, error) {
	all, err := documents.All(r.Context(), s.DB, r.Actor)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]int64, len(all))
	for i, d := range all {
		ids[i] = d.Vendor
	}
	vendors, err := identity.Briefs(r.Context(), s.DB, ids)
	rows := make([]vendorDocument, len(all))
	for i, d := range all {
		rows[i] = vendorDocument{d, f.briefLink(vendors[d.Vendor])}
	}
	today := models.DateOf(s.today())
	g := &grid[vendorDocument]{speaker: f.speaker, id: "documents", caption: f.T("document.all_caption"), path: adminDocumentsPath,
		empty: views.Empty{Title: f.T("document.all_none"), Text: f.T("document.all_none_text")},
		columns: []column[vendorDocument]{
			{name: "checked", head: f.T("document.checked"), order: func(a, b vendorDocument) int { return a.Checked.Compare(b.Checked.Time) },
				cell: func(d vendorDocument) views.Cell {
					if d.Checked.IsZero() {
						return views.Cell{Tags: []views.Tag{{Kind: views.Info, Text: f.T("document.unchecked")}}}
					}
					return words(f.Time(d.Checked))
				}},
			{name: fieldTitle, head: f.T("document.name"), order: func(a, b vendorDocument) int { return f.Compare(a.Title, b.Title) },
				cell: func(d vendorDocument) views.Cell {
					return views.Cell{Link: views.Link{URL: filePath(d.Document), Text: d.Title, Lang: foreign(d.Language, f.Tag)}, Lines: []string{f.documentLine(d.Document)}}
				}},
			{name: "vendor", head: f.T("admin.vendor"), order: func(a, b vendorDocument) int { return f.Compare(a.vendor.Text, b.vendor.Text) },
				cell: func(d vendorDocument) views.Cell { return views.Cell{Link: d.vendor} }},
			{name: "uploaded", head: f.T("document.uploaded"), order: func(a, b vendorDocument) int { return b.At.Compare(a.At.Time) },
				cell: func(d vendorDocument) views.Cell { return words(f.Time(d.At)) }},
			{name: "valid_until", head: f.T("document.valid_until"), order: func(a, b vendorDocument) int { return compareEnds(a.ValidUntil, b.ValidUntil) },
				cell: func(d vendorDocument) views.Cell { return f.endCell(d.Document, today) }},
			{head: f.T("security.actions"), hidden: true, cell: func(d vendorDocument) views.Cell {
				if !d.Checked.IsZero() {
					return views.Cell{}
				}
				return views.Cell{Button: &views.RowButton{Action: at(f.Tag, adminDocumentsPath+"/"+strconv.FormatInt(d.ID, 10)+"/check"), Text: f.T("document.check"), For: d.Title}}
			}},
		}}
	return g, rows, err
}

// checkDocument notes that a document was looked at.
func (s *Site) checkDocument(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "document")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return documents.Check(r.Context(), tx, id) })
	return web.SeeOther(at(r.Lang, adminDocumentsPath)).Say("document.done.checked"), err
}
