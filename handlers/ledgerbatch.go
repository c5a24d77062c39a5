package handlers

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// batchIn is the batch that the address names.
func (s *Site) batchIn(r *web.Request) (*spend.Batch, error) {
	id, err := numberIn(r, "batch")
	if err != nil {
		return nil, err
	}
	return spend.FindBatch(r.Context(), s.DB, r.Actor, id)
}

// showBatch shows how far a file has come, what was found in it, and what can be done.
func (s *Site) showBatch(r *web.Request) (web.Reply, error) {
	b, err := s.batchIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	if b.State == spend.WasFound {
		return web.SeeOther(at(r.Lang, importPath(b.ID, "/mapping"))), nil
	}
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: f.batchName(b), Tags: []views.Tag{f.batchTag(b.State)}, Facts: f.batchFacts(b), Notices: f.batchNotices(b)}
	if b.Kept {
		page.Links = append(page.Links, f.link(importPath(b.ID, "/file"), "ledger.download"))
	}
	switch b.State {
	case spend.Uploaded, spend.Loading:
		page.Text = []string{f.T("ledger.reading"), f.progressWords(b)}
		page.Links = append([]views.Link{f.link(importPath(b.ID, ""), "ledger.look_again")}, page.Links...)
		page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("ledger.stop"), Forms: []views.Form{f.batchForm(b, "/discard", "ledger.cancel", true)}})
	case spend.Failed:
		page.Text = []string{f.T("ledger.why." + b.Why)}
		page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("ledger.stop"), Forms: []views.Form{f.batchForm(b, "/discard", "ledger.discard", true)}})
	case spend.Discarded:
		page.Text = []string{f.T("ledger.discarded_text")}
	default:
		parts, err := s.readParts(r, f, b)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, parts...)
		page.Links = append(page.Links, f.linesLinks(b)...)
	}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(importsPath, "ledger.imports"))
	page.Section = spendSection
	return web.Page(page), nil
}

// progressWords say how much of a file is read.
func (w speaker) progressWords(b *spend.Batch) string {
	percent := int64(0)
	if b.Bytes > 0 {
		percent = min(100, b.Done*100/b.Bytes)
	}
	return w.T("ledger.progress", w.Number(percent), w.Number(int64(b.Line)))
}

func (f *filled) batchForm(b *spend.Batch, end, button string, stop bool) views.Form {
	return views.Form{Action: at(f.Tag, importPath(b.ID, end)), Button: f.T(button), Stop: stop}
}

// batchFacts say what a file is and what became of its rows.
func (f *filled) batchFacts(b *spend.Batch) []views.Row {
	row := func(key, value string) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: value}}
	}
	rows := []views.Row{row("ledger.at", f.Time(b.CreatedAt)), row("ledger.bytes", f.Number(b.Bytes)), {Key: f.T("ledger.hash"), Value: views.Words{Text: b.Hash}}}
	if b.Format != "" {
		rows = append(rows, row("ledger.format", f.formatName(b.Format)))
	}
	if style := b.Found().Style; style.Encoding != "" {
		rows = append(rows, row("ledger.style", f.T("ledger.style_words", style.Encoding, style.LineEnd, f.delimiterName(style.Delimiter), f.Number(int64(style.Heading)))))
	}
	if b.Publisher != "" {
		rows = append(rows, row("ledger.publisher", b.Publisher))
	}
	if b.State == spend.Staged || !b.AcceptedAt.IsZero() {
		rows = append(rows, row("ledger.rows", f.Number(int64(b.Rows))), row("ledger.taken", f.Number(int64(b.Taken))), row("ledger.rejected", f.Number(int64(b.Rejected))), row("ledger.left_out", f.Number(int64(b.LeftOut))),
			row("ledger.flagged", f.Number(int64(b.Flagged))), row("ledger.undated", f.Number(int64(b.Undated))), row("ledger.unconverted", f.Number(int64(b.Unconverted))))
	}
	if !b.AcceptedAt.IsZero() {
		rows = append(rows, row("ledger.accepted_at", f.Time(b.AcceptedAt)))
	}
	if !b.UndoneAt.IsZero() {
		rows = append(rows, row("ledger.undone_at", f.Time(b.UndoneAt)))
	}
	return rows
}

func (w speaker) delimiterName(d string) string {
	if key := map[string]string{",": "ledger.comma", ";": "ledger.semicolon", "\t": "ledger.tab", "|": "ledger.bar"}[d]; key != "" {
		return w.T(key)
	}
	return d
}

// batchNotices tell what is to be known before a batch is accepted.
func (f *filled) batchNotices(b *spend.Batch) (all []views.Notice) {
	if by, known := b.OffControl(); known {
		n := views.Notice{Kind: views.OK, Title: f.T("ledger.control_agrees")}
		if !by.IsZero() {
			n = views.Notice{Kind: views.Warn, Title: f.T("ledger.control_differs"), Text: f.T("ledger.control_differs_text", f.Exact(by, b.Totals()[0].Currency)), Urgent: true}
		}
		all = append(all, n)
	}
	for _, n := range b.Notices() {
		var args []any
		for _, a := range n.Args {
			args = append(args, a)
		}
		all = append(all, views.Notice{Kind: views.Info, Title: f.T("ledger.notice."+n.Code, args...)})
	}
	return all
}

// linesLinks lead to the charges of a batch.
func (f *filled) linesLinks(b *spend.Batch) []views.Link {
	lines := spendPath + "/lines?batch=" + strconv.FormatInt(b.ID, 10) + "&vat=1"
	links := []views.Link{f.link(lines, "ledger.lines_of")}
	if b.Format == spend.ByShare {
		links = append(links, f.link(sharePath(b.ID), "share.working"))
	}
	if b.State == spend.Staged && b.Kept && b.Mapping().Columns != nil {
		links = append(links, f.link(importPath(b.ID, "/mapping"), "ledger.change_mapping"))
	}
	return links
}

// mostRejectsShown is how many rejected rows stand on the page of a batch; the file has
// all.
const mostRejectsShown = 50

// readParts show what a batch comes to, what is wrong in it, and what can be done.
func (s *Site) readParts(r *web.Request, f *filled, b *spend.Batch) ([]views.ProjectPart, error) {
	totals, err := f.totalsGrid().table(r, b.Totals(), whole(len(b.Totals())))
	if err != nil {
		return nil, err
	}
	parts := []views.ProjectPart{{Heading: f.T("ledger.comes_to"), Table: &totals}}
	flags, err := spend.CountFlags(r.Context(), s.DB, r.Actor, b.ID)
	if err != nil {
		return nil, err
	}
	if len(flags) > 0 {
		parts = append(parts, views.ProjectPart{Heading: f.T("ledger.flags"), Text: []string{f.T("ledger.flagged_text")}, Facts: f.flagRows(b, flags)})
	}
	if b.Rejected > 0 {
		rejects, err := spend.Rejects(r.Context(), s.DB, r.Actor, b.ID, models.Page{Number: 1, Size: mostRejectsShown})
		if err != nil {
			return nil, err
		}
		table, err := f.rejectGrid().table(r, rejects, whole(len(rejects)))
		if err != nil {
			return nil, err
		}
		path := importPath(b.ID, "/rejects")
		table.Files = f.fileLinks(path, path)
		parts = append(parts, views.ProjectPart{Heading: f.T("ledger.rejected"), Text: []string{f.T("ledger.rejected_text", f.Number(int64(len(rejects))), f.Number(int64(b.Rejected)))}, Table: &table})
	}
	switch {
	case b.State == spend.Staged && b.Taken > 0:
		parts = append(parts, views.ProjectPart{Heading: f.T("ledger.decide"), Text: []string{f.T("ledger.accept_text", f.Number(spend.UndoDays))}, Forms: []views.Form{f.batchForm(b, "/acceptance", "ledger.accept", false), f.batchForm(b, "/discard", "ledger.discard", true)}})
	case b.State == spend.Staged:
		parts = append(parts, views.ProjectPart{Heading: f.T("ledger.decide"), Text: []string{f.T("ledger.nothing_taken")}, Forms: []views.Form{f.batchForm(b, "/discard", "ledger.discard", true)}})
	case b.Undoable(s.DB.Now()):
		leaning, err := spend.Leaning(r.Context(), s.DB, r.Actor, b.ID)
		if err != nil {
			return nil, err
		}
		if len(leaning) > 0 {
			return append(parts, f.leaningPart(leaning)), nil
		}
		parts = append(parts, f.undoPart(b))
	}
	return parts, nil
}

// undoPart is the form that undoes a batch.
func (f *filled) undoPart(b *spend.Batch) views.ProjectPart {
	text, button := "ledger.undo_text", "ledger.undo_do"
	if b.IsByHand() {
		text, button = "ledger.undo_booking_text", "ledger.undo_booking"
	}
	until := models.DateOf(b.AcceptedAt.Time).AddDays(spend.UndoDays - 1)
	return views.ProjectPart{Heading: f.T("ledger.undo"), Text: []string{f.T(text, f.Date(until))}, Forms: []views.Form{f.batchForm(b, "/undo", button, true)}}
}

func (f *filled) totalsGrid() *grid[spend.Total] {
	return &grid[spend.Total]{speaker: f.speaker, id: "totals", caption: f.T("ledger.totals_caption"), empty: views.Empty{Title: f.T("ledger.nothing_taken")}, columns: []column[spend.Total]{
		{head: f.T("ledger.role.currency"), cell: func(t spend.Total) views.Cell { return words(t.Currency) }},
		{head: f.T("ledger.charges"), number: true, cell: func(t spend.Total) views.Cell { return words(f.Number(int64(t.Rows))) }},
		{head: f.T("ledger.basis.billed"), number: true, cell: func(t spend.Total) views.Cell { return words(f.Exact(t.Billed, t.Currency)) }},
		{head: f.T("ledger.of_which_tax"), number: true, cell: func(t spend.Total) views.Cell { return words(f.Exact(t.Tax, t.Currency)) }},
		{head: f.T("ledger.basis.effective"), number: true, cell: func(t spend.Total) views.Cell { return words(f.Exact(t.Effective, t.Currency)) }},
	}}
}

// flagRows say how many charges have which flag, and lead to them.
func (f *filled) flagRows(b *spend.Batch, flags []spend.FlagCount) (rows []views.Row) {
	for _, c := range flags {
		rows = append(rows, views.Row{Key: f.T("ledger.flag." + c.Flag), Value: views.Words{Text: f.Number(int64(c.N))}, URL: at(f.Tag, spendPath+"/lines?batch="+strconv.FormatInt(b.ID, 10)+"&flag="+c.Flag+"&vat=1"), Note: f.T("ledger.flag_text." + c.Flag)})
	}
	return rows
}

func (f *filled) rejectGrid() *grid[spend.Reject] {
	return &grid[spend.Reject]{speaker: f.speaker, id: "rejects", caption: f.T("ledger.rejects_caption"), columns: []column[spend.Reject]{
		{head: f.T("ledger.line"), number: true, cell: func(j spend.Reject) views.Cell { return words(f.Number(int64(j.Line))) }},
		{head: f.T("ledger.reason"), cell: func(j spend.Reject) views.Cell {
			c := words(f.rejectWords(j.Problem))
			if j.Problem.Repair != "" {
				c.Lines = []string{f.T("ledger.repair", j.Problem.Repair)}
			}
			return c
		}},
		{head: f.T("ledger.raw"), cell: func(j spend.Reject) views.Cell { return words(shortened(j.Raw)) }},
	}}
}

// rejectWords say why a row is no charge.
func (w speaker) rejectWords(p spend.Problem) string {
	if p.Got != "" {
		return w.T("ledger.problem_in", w.T("ledger.problem."+p.Code), p.Column, p.Got)
	}
	return w.T("ledger.problem." + p.Code)
}

// importFile hands on a file as it was brought.
func (s *Site) importFile(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "batch")
	if err != nil {
		return web.Reply{}, err
	}
	b, content, err := spend.OpenFile(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := io.ReadAll(content)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Hand(web.File{Name: b.File, Kind: "application/octet-stream", Hash: b.Hash, Content: memoryFile{bytes.NewReader(all)}}), nil
}

// memoryFile is a file that is in memory.
type memoryFile struct{ *bytes.Reader }

// Close does nothing.
func (memoryFile) Close() error { return nil }

// stepImport moves a batch on and says what became of it.
func (s *Site) stepImport(step func(context.Context, *db.Tx, int64) error, said, to string) func(*web.Request) (web.Reply, error) {
	return func(r *web.Request) (web.Reply, error) {
		id, err := numberIn(r, "batch")
		if err != nil {
			return web.Reply{}, err
		}
		after := to
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return step(r.Context(), tx, id) })
		var same spend.ErrSame
		var leaned spend.ErrLeaned
		switch {
		case errors.As(err, &leaned):
			return web.SeeOther(at(r.Lang, importPath(id, ""))).Say("ledger.leaned"), nil
		case errors.As(err, &same):
			return web.SeeOther(at(r.Lang, importPath(same.Batch.ID, ""))).Say("ledger.same_file"), nil
		case isConflict(err):
			return web.SeeOther(at(r.Lang, importPath(id, ""))).Say("ledger.not_done"), nil
		}
		if after == "" {
			after = importPath(id, "")
		}
		return web.SeeOther(at(r.Lang, after)).Say(said), err
	}
}
