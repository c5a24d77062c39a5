package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
)

const (
	fieldKey    = "key"
	fieldOfWhat = "service" // only charges for it
)

func sharePath(batch int64) string { return sharesPath + "/" + strconv.FormatInt(batch, 10) }

// listShares lists the share-outs of the reader's organisation.
func (s *Site) listShares(r *web.Request) (web.Reply, error) {
	total, err := spend.CountShareOuts(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	part, ok := cut(r, total, rowsOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, sharesPath)), nil
	}
	rows, err := spend.ShareOuts(r.Context(), s.DB, r.Actor, part.Page)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	g := &grid[spend.Batch]{speaker: f.speaker, id: "shares", caption: f.T("share.title"), empty: views.Empty{Title: f.T("share.none"), Text: f.T("share.none_text"), Action: f.link(sharesPath+"/new", "share.new")}, columns: []column[spend.Batch]{
		{head: f.T("share.title"), cell: func(b spend.Batch) views.Cell {
			return views.Cell{Link: views.Link{URL: at(f.Tag, sharePath(b.ID)), Text: b.File}}
		}},
		{head: f.T("admin.state"), cell: func(b spend.Batch) views.Cell { return views.Cell{Tags: []views.Tag{f.batchTag(b.State)}} }},
		{head: f.T("share.booked"), cell: func(b spend.Batch) views.Cell { return words(f.Time(b.AcceptedAt)) }},
	}}
	table, err := g.table(r, rows, whole(len(rows)))
	if err != nil {
		return web.Reply{}, err
	}
	table.Pager = part.pager(f.Tag, func(n int) string { return pageAddress(sharesPath, nil, n) })
	page := views.ListPage{Heading: f.T("share.title"), Text: []string{f.T("share.text")}, Table: table, Links: []views.Link{f.link(sharesPath+"/new", "share.new"), f.link(keysPath, "share.keys")}}
	page.Shell = f.page(part.title(f.speaker, page.Heading), f.link(spendPath, "ledger.title"))
	page.Section = spendSection
	return web.Page(page), nil
}

// sharing is a form that chooses what is shared, and by which key.
type sharing struct {
	*filled
	in spend.ShareOut
}

// sharingOf reads what an address or a form chooses.
func sharingOf(f *filled, get func(string) string) (*sharing, error) {
	in := spend.ShareOut{Month: get(fieldMonth), Vendor: get(fieldVendor), Category: get(fieldCategory), Service: get(fieldOfWhat), Seen: get(fieldSeen)}
	in.Key, _ = strconv.ParseInt(get(fieldKey), 10, 64) // no key is refused
	if text := get(fieldDocument); text != "" {
		var err error
		if in.Document, err = strconv.ParseInt(text, 10, 64); err != nil || in.Document < 1 {
			return nil, models.ErrNotFound
		}
	}
	if _, err := models.ParseDate(in.Month + "-01"); in.Month != "" && err != nil {
		f.words = map[string]string{fieldMonth: f.T("share.month_wrong")}
		in.Month = ""
	}
	return &sharing{f, in}, nil
}

// showSharing chooses what is to be shared: a month, a vendor, perhaps a category; or the
// charges of a document. Then it asks by which key.
func (s *Site) showSharing(r *web.Request) (web.Reply, error) {
	h, err := sharingOf(s.asked(r, nil), r.Query)
	if err != nil {
		return web.Reply{}, err
	}
	return s.sharingPage(r, h, http.StatusOK)
}

func (s *Site) sharingPage(r *web.Request, h *sharing, status int, notices ...views.Notice) (web.Reply, error) {
	page := views.ProjectPage{Heading: h.T("share.new"), Text: []string{h.T("share.new_text")}, Notices: notices, Links: []views.Link{h.link(keysPath, "share.keys")}}
	if h.in.Document == 0 {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: h.T("share.choose_month"), Ask: &views.Filter{Action: at(h.Tag, sharesPath+"/new"), Button: h.T("share.choose"), Inputs: []views.Input{h.field(views.Field{Name: fieldMonth, Label: h.T("ledger.by.month"), Hint: h.T("share.month_hint"), Width: "w12"})}}})
	}
	if h.in.Month != "" && h.in.Document == 0 {
		part, err := s.sharedSums(r, h)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, part)
	}
	if h.in.Document != 0 || h.in.Month != "" && h.in.Vendor != "" {
		part, err := s.chooseKey(r, h)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, part)
	}
	page.Shell = h.page(page.Heading, h.link(spendPath, "ledger.title"), h.link(sharesPath, "share.title"))
	page.Section = spendSection
	if status == http.StatusOK {
		status = statusOf(page.Errors)
	}
	return web.Status(status, page), nil
}

// sharedSums are what the reader's organisation pays in a month, by vendor, and of a
// chosen vendor by category.
func (s *Site) sharedSums(r *web.Request, h *sharing) (views.ProjectPart, error) {
	q := spend.Query{Month: h.in.Month, Vendor: h.in.Vendor, Category: h.in.Category, Buyer: "o" + strconv.FormatInt(r.Actor.OrgID, 10), WithTax: true}
	by, field, heading := spend.ByVendor, fieldVendor, h.T("share.choose_vendor", h.monthWords(h.in.Month))
	if h.in.Vendor != "" {
		by, field, heading = spend.ByCategory, fieldCategory, h.T("share.chosen", h.monthWords(h.in.Month))
	}
	rows, err := spend.Sums(r.Context(), s.DB, r.Actor, q, by)
	if err != nil {
		return views.ProjectPart{}, err
	}
	a := &ledgerAsk{filled: h.filled, by: by}
	g := &grid[spend.Sum]{speaker: h.speaker, id: "sums", caption: heading, empty: views.Empty{Title: h.T("share.nothing"), Text: h.T("share.nothing_text")}, columns: a.sumColumns()}
	g.columns[0].cell = func(x spend.Sum) views.Cell {
		q := url.Values{fieldMonth: {h.in.Month}, fieldVendor: {h.in.Vendor}, field: {x.Key}}
		return views.Cell{Link: views.Link{URL: at(h.Tag, sharesPath+"/new?"+q.Encode()), Text: a.sumName(x)}}
	}
	table, err := g.table(r, rows, whole(len(rows)))
	return views.ProjectPart{Heading: heading, Table: &table}, err
}

// chooseKey asks by which key it is shared.
func (s *Site) chooseKey(r *web.Request, h *sharing) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: h.T("share.choose_key")}
	keys, err := spend.Keys(r.Context(), s.DB, r.Actor)
	if err != nil {
		return part, err
	}
	if h.in.Document != 0 {
		d, err := spend.FindDocument(r.Context(), s.DB, r.Actor, h.in.Document)
		if err != nil {
			return part, err
		}
		part.Facts = h.invoiceFacts(d)
	}
	if len(keys) == 0 {
		part.Text = []string{h.T("share.keys_none")}
		part.Links = []views.Link{h.link(keysPath, "share.key_new")}
		return part, nil
	}
	in := views.Select{Name: fieldKey, Label: h.T("share.key")}
	for _, k := range keys {
		in.Options = append(in.Options, views.Option{Value: strconv.FormatInt(k.ID, 10), Text: k.Name})
	}
	part.Forms = []views.Form{{Action: at(h.Tag, sharesPath+"/new"), Button: h.T("ledger.preview"), Hidden: h.chosenFields(), Inputs: []views.Input{h.choose(in)}}}
	return part, nil
}

// chosenFields are what was chosen, for the next form.
func (h *sharing) chosenFields() (all []views.Hidden) {
	document := ""
	if h.in.Document != 0 {
		document = strconv.FormatInt(h.in.Document, 10)
	}
	for _, one := range []views.Hidden{{Name: fieldMonth, Value: h.in.Month}, {Name: fieldVendor, Value: h.in.Vendor}, {Name: fieldCategory, Value: h.in.Category}, {Name: fieldOfWhat, Value: h.in.Service}, {Name: fieldDocument, Value: document}} {
		if one.Value != "" {
			all = append(all, one)
		}
	}
	return all
}

// previewSharing shows what a share-out would book.
func (s *Site) previewSharing(r *web.Request) (web.Reply, error) {
	h, err := sharingOf(s.posted(r, nil), r.Form)
	if err != nil {
		return web.Reply{}, err
	}
	h.in.Seen = ""
	p, err := spend.PlanShare(r.Context(), s.DB, r.Actor, h.in)
	if err != nil {
		return s.notShared(r, h, p, err)
	}
	return s.sharePreview(r, h, p, http.StatusOK)
}

func (s *Site) sharePreview(r *web.Request, h *sharing, p *spend.SharePlan, status int, notices ...views.Notice) (web.Reply, error) {
	parts, err := s.workingParts(r, h.filled, p)
	if err != nil {
		return web.Reply{}, err
	}
	confirm := views.Form{Action: at(h.Tag, sharesPath), Button: h.T("share.do"), Hidden: append(h.chosenFields(), views.Hidden{Name: fieldKey, Value: strconv.FormatInt(p.Key.ID, 10)}, views.Hidden{Name: fieldSeen, Value: p.Seen()})}
	page := views.ProjectPage{Heading: h.T("share.heading", h.monthWords(p.Month), p.Key.Name), Text: []string{h.T("share.preview_text")}, Notices: append(notices, h.alreadyNotices(p)...), Facts: h.keyFacts(p),
		Parts: append(parts, views.ProjectPart{Heading: h.T("ledger.decide"), Text: []string{h.T("ledger.correct_confirm_text", h.Number(spend.UndoDays))}, Forms: []views.Form{confirm}})}
	page.Shell = h.page(page.Heading, h.link(spendPath, "ledger.title"), h.link(sharesPath, "share.title"), h.link(sharesPath+"/new", "share.new"))
	page.Section = spendSection
	return web.Status(status, page), nil
}

// alreadyNotices tell which of the chosen charges other share-outs have.
func (f *filled) alreadyNotices(p *spend.SharePlan) (all []views.Notice) {
	for _, a := range p.Already {
		all = append(all, views.Notice{Kind: views.Warn, Title: f.N("share.already", int64(a.Charges)), Text: f.T("share.already_text"), Link: f.link(sharePath(a.Batch), "share.already_by")})
	}
	return all
}

// notShared tells why nothing can be shared.
func (s *Site) notShared(r *web.Request, h *sharing, p *spend.SharePlan, err error) (web.Reply, error) {
	wrong, bad := invalid(err)
	switch {
	case bad:
		h.wrong = wrong
		return s.sharingPage(r, h, http.StatusUnprocessableEntity)
	case errors.Is(err, spend.ErrAllShared):
		notices := []views.Notice{{Kind: views.Warn, Title: h.T("share.all_shared"), Urgent: true}}
		if p != nil {
			notices = append(notices, h.alreadyNotices(p)...)
		}
		return s.sharingPage(r, h, http.StatusConflict, notices...)
	case isConflict(err):
		h.in.Seen = ""
		now, err := spend.PlanShare(r.Context(), s.DB, r.Actor, h.in)
		if err != nil {
			return web.Reply{}, err
		}
		return s.sharePreview(r, h, now, http.StatusConflict, views.Notice{Kind: views.Warn, Title: h.T("share.moved"), Text: h.T("share.moved_text"), Urgent: true})
	}
	return web.Reply{}, err
}

// bookSharing books a share-out.
func (s *Site) bookSharing(r *web.Request) (web.Reply, error) {
	h, err := sharingOf(s.posted(r, nil), r.Form)
	if err != nil {
		return web.Reply{}, err
	}
	var b *spend.Batch
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		b, err = h.in.Book(r.Context(), tx)
		return err
	})
	var same spend.ErrSame
	switch {
	case errors.As(err, &same):
		return web.SeeOther(at(r.Lang, sharePath(same.Batch.ID))).Say("share.before"), nil
	case err == nil:
		return web.SeeOther(at(r.Lang, sharePath(b.ID))).Say("share.done"), nil
	}
	p, planned := spend.PlanShare(r.Context(), s.DB, r.Actor, h.in)
	if planned != nil {
		err = planned
	}
	return s.notShared(r, h, p, err)
}
