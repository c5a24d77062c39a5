package handlers

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// planGrid are the rows that a correction books.
func (k *correcting) planGrid() *grid[spend.Charge] {
	return &grid[spend.Charge]{speaker: k.speaker, id: "booked", caption: k.T("ledger.booked_rows"), columns: []column[spend.Charge]{
		{head: k.T("ledger.role.vendor"), cell: func(c spend.Charge) views.Cell { return words(c.Vendor) }},
		{head: k.T("ledger.role.buyer"), cell: func(c spend.Charge) views.Cell { return words(c.Buyer) }},
		{head: k.T("ledger.role.category"), cell: func(c spend.Charge) views.Cell { return words(c.Category) }},
		{head: k.T("ledger.service_days"), cell: func(c spend.Charge) views.Cell { return words(k.daysOf(&c)) }},
		{head: k.T("ledger.by.month"), cell: func(c spend.Charge) views.Cell { return words(k.monthWords(c.Month)) }},
		{head: k.T("ledger.basis.billed"), number: true, cell: func(c spend.Charge) views.Cell { return words(k.Exact(c.Billed, c.Currency)) }},
		{head: k.T("ledger.euros"), number: true, cell: func(c spend.Charge) views.Cell {
			if !c.Euros.Known {
				return views.Cell{}
			}
			return words(k.Exact(c.Euros.Exact, "EUR"))
		}},
	}}
}

// effectGrid is what becomes of the sums of a month.
func (k *correcting) effectGrid() *grid[spend.Effect] {
	code := k.s.Charge.Currency
	return &grid[spend.Effect]{speaker: k.speaker, id: "effects", caption: k.T("ledger.effects"), columns: []column[spend.Effect]{
		{head: k.T("ledger.sum_of"), cell: func(e spend.Effect) views.Cell {
			if e.Of == "" {
				return words(k.T("ledger.whole_month"))
			}
			return words(k.T("ledger.by."+string(e.Of)) + ": " + cmp.Or(e.Name, k.T("ledger.no_name")))
		}},
		{head: k.T("ledger.before"), number: true, cell: func(e spend.Effect) views.Cell { return words(k.Exact(e.Before, code)) }},
		{head: k.T("ledger.after"), number: true, cell: func(e spend.Effect) views.Cell { return words(k.Exact(e.After, code)) }},
		{head: k.T("ledger.difference"), number: true, cell: func(e spend.Effect) views.Cell { return words(k.Exact(e.Difference(), code)) }},
	}}
}

// correctedParts tell what became of a charge: its corrections, what they leave of it, and
// the charges of the same line.
func (s *Site) correctedParts(r *web.Request, f *filled, c *spend.Charge) (parts []views.ProjectPart, err error) {
	add := func(heading, text string, rows []spend.Charge) {
		if len(rows) == 0 {
			return
		}
		p := views.ProjectPart{Heading: f.T(heading), Text: []string{f.T(text)}}
		for _, row := range rows {
			p.Facts = append(p.Facts, views.Row{Key: f.Exact(row.Billed, row.Currency), Value: views.Words{Text: cmp.Or(row.Description, f.T("ledger.kind."+string(row.Kind)))}, URL: at(f.Tag, linePath(row.ID)), Note: strings.Join(slices.DeleteFunc([]string{row.Vendor, row.Buyer, f.monthWords(row.Month)}, func(s string) bool { return s == "" }), " · ")})
		}
		parts = append(parts, p)
	}
	corrections, err := spend.CorrectionsOf(r.Context(), s.DB, r.Actor, c.ID)
	if err != nil {
		return nil, err
	}
	add("ledger.corrections", "ledger.corrections_text", corrections)
	beside, err := spend.SameLine(r.Context(), s.DB, r.Actor, c)
	if err != nil {
		return nil, err
	}
	by, err := spend.SharedBy(r.Context(), s.DB, c)
	if err != nil {
		return nil, err
	}
	if by != 0 {
		parts = append(parts, views.ProjectPart{Heading: f.T("share.shared"), Text: []string{f.T("share.shared_text")}, Links: []views.Link{f.link(sharePath(by), "share.working")}})
	}
	add("ledger.same_line", "ledger.same_line_text", beside)
	return parts, nil
}

// correctionLinks lead whoever keeps the books of a charge to its file and to the form
// that corrects it.
func (s *Site) correctionLinks(r *web.Request, f *filled, c *spend.Charge) ([]views.Link, error) {
	if !spend.Keeps(r.Actor) {
		return nil, nil
	}
	b, err := spend.FindBatch(r.Context(), s.DB, r.Actor, c.BatchID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil // it is in the books of others
	}
	if err != nil {
		return nil, err
	}
	links := []views.Link{f.link(importPath(b.ID, ""), "ledger.its_file")}
	if b.State == spend.Accepted {
		to := query(fieldMonth, c.Month)
		if c.DocumentID != nil {
			to = query(fieldDocument, strconv.FormatInt(*c.DocumentID, 10))
		}
		links = append(links, f.link(linePath(c.ID)+correctionEnd, "ledger.correct"), f.link(sharesPath+"/new?"+to, "share.new"))
	}
	return links, nil
}

// batchName is what a batch is called: its file, or what was booked by hand.
func (w speaker) batchName(b *spend.Batch) string {
	switch b.Format {
	case spend.ByCorrection:
		return w.T("ledger.correction_of", strings.TrimLeft(b.File, "abcdefghijklmnopqrstuvwxyz "))
	case spend.ByShare:
		return w.T("share.of", b.File)
	}
	return b.File
}

// leaningPart names what stands on a batch, in place of undoing it.
func (f *filled) leaningPart(all []spend.Batch) views.ProjectPart {
	p := views.ProjectPart{Heading: f.T("ledger.undo"), Text: []string{f.T("ledger.leaned_text")}}
	for i := range all {
		p.Links = append(p.Links, views.Link{URL: at(f.Tag, importPath(all[i].ID, "")), Text: f.batchName(&all[i]), For: strconv.FormatInt(all[i].ID, 10)})
	}
	return p
}

// linkedDocuments are the documents that a document corrects, and those that correct it.
func (s *Site) linkedDocuments(r *web.Request, f *filled, d *spend.Document) (parts []views.ProjectPart, err error) {
	add := func(heading string, all []spend.Document) {
		p := views.ProjectPart{Heading: f.T(heading)}
		for i := range all {
			o := &all[i]
			p.Facts = append(p.Facts, views.Row{Key: f.T("ledger.document_n", f.T("ledger.document."+o.Kind), o.Number), Value: views.Words{Text: f.Exact(o.Gross, o.Currency)}, URL: at(f.Tag, spendPath+"/documents/"+strconv.FormatInt(o.ID, 10)), Note: f.Date(o.Issued)})
		}
		if len(all) > 0 {
			parts = append(parts, p)
		}
	}
	corrected, err := spend.Corrected(r.Context(), s.DB, r.Actor, d)
	if err != nil {
		return nil, err
	}
	add("ledger.corrected_documents", corrected)
	notes, err := spend.Notes(r.Context(), s.DB, r.Actor, d)
	if err != nil {
		return nil, err
	}
	add("ledger.credit_notes", notes)
	return parts, nil
}
