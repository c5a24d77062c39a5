package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const (
	spendPath    = "/spend"
	spendSection = "spend"
	importsPath  = "/imports"

	fieldControl = "control"
)

// atOnce is how large a file may be that is read while the reader waits, in bytes; larger
// ones are read by the worker beside.
const atOnce = 1 << 20

// LedgerWorker is a worker that reads files into the ledger, under a name of its own.
func (s *Site) LedgerWorker() *spend.Worker { return spend.NewWorker(s.DB, s.Schema) }

// readNow reads a batch while the reader waits, where it is small.
func (s *Site) readNow(ctx context.Context, b *spend.Batch) error {
	if b.Bytes > atOnce || b.Bytes > atOnce/16 && strings.HasSuffix(strings.ToLower(b.File), ".gz") {
		return nil
	}
	err := s.LedgerWorker().Kept(ctx, b.ID)
	if errors.Is(err, spend.ErrGone) {
		return nil // the worker beside was faster
	}
	return err
}

func importPath(id int64, end string) string {
	return importsPath + "/" + strconv.FormatInt(id, 10) + end
}

// listImports lists the files that were brought into the books, and asks for another.
func (s *Site) listImports(r *web.Request) (web.Reply, error) {
	return s.importsPage(r, s.fresh(r, nil), http.StatusOK)
}

func (s *Site) importsPage(r *web.Request, f *filled, status int, notices ...views.Notice) (web.Reply, error) {
	total, err := spend.CountBatches(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	part, ok := cut(r, total, rowsOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, importsPath)), nil
	}
	rows, err := spend.Batches(r.Context(), s.DB, r.Actor, part.Page)
	if err != nil {
		return web.Reply{}, err
	}
	form := views.Form{Action: at(f.Tag, importsPath), Button: f.T("ledger.bring"), Inputs: f.bringInputs()}
	table, err := f.batchGrid().table(r, rows, whole(len(rows)))
	if err != nil {
		return web.Reply{}, err
	}
	table.Pager = part.pager(f.Tag, func(n int) string { return pageAddress(importsPath, nil, n) })
	table.Files = f.fileLinks(importsPath, importsPath)
	page := views.ProjectPage{Heading: f.T("ledger.imports"), Text: []string{f.T("ledger.imports_text"), f.T("ledger.formats_text")}, Notices: notices,
		Links: []views.Link{f.link(spendPath, "ledger.title"), f.link(spendPath+"/names", "ledger.names")},
		Parts: []views.ProjectPart{{Heading: f.T("ledger.bring_title"), Forms: []views.Form{form}}, {Heading: f.T("ledger.brought"), Table: &table}}}
	page.Shell = f.page(part.title(f.speaker, page.Heading), f.link(spendPath, "ledger.title"))
	page.Section = spendSection
	return web.Status(status, page), nil
}

func (f *filled) bringInputs() []views.Input {
	file := views.FileField{ID: fieldFile, Name: fieldFile, Label: f.T("ledger.file"), Hint: f.T("ledger.file_hint", f.Number(spend.MostKept>>20)), Accept: ".csv,.tsv,.txt,.json,.jsonl,.xml,.xlsx,.xls,.gz", Needed: true, Error: f.problem(fieldFile)}
	return []views.Input{{File: &file}, f.field(views.Field{Name: fieldControl, Label: f.T("ledger.control"), Hint: f.T("ledger.control_hint"), Mode: "decimal", Width: "w12"})}
}

func (f *filled) batchGrid() *grid[spend.Batch] {
	return &grid[spend.Batch]{speaker: f.speaker, id: "imports", caption: f.T("ledger.brought"), empty: views.Empty{Title: f.T("ledger.none_brought"), Text: f.T("ledger.none_brought_text")}, columns: []column[spend.Batch]{
		{head: f.T("ledger.file"), cell: func(b spend.Batch) views.Cell {
			return views.Cell{Link: views.Link{URL: at(f.Tag, importPath(b.ID, "")), Text: f.batchName(&b)}, Lines: []string{f.formatName(b.Format)}}
		}},
		{head: f.T("admin.state"), cell: func(b spend.Batch) views.Cell { return views.Cell{Tags: []views.Tag{f.batchTag(b.State)}} }},
		{head: f.T("ledger.at"), cell: func(b spend.Batch) views.Cell { return words(f.Time(b.CreatedAt)) }},
		{head: f.T("ledger.taken"), number: true, cell: func(b spend.Batch) views.Cell { return words(f.Number(int64(b.Taken))) }},
		{head: f.T("ledger.rejected"), number: true, cell: func(b spend.Batch) views.Cell { return words(f.Number(int64(b.Rejected))) }},
		{head: f.T("ledger.comes_to"), number: true, cell: func(b spend.Batch) views.Cell { return words(f.totalWords(b.Totals())) }},
	}}
}

// totalWords are exact sums, by currency.
func (w speaker) totalWords(all []spend.Total) string {
	var parts []string
	for _, t := range all {
		parts = append(parts, w.Exact(t.Billed, t.Currency))
	}
	return strings.Join(parts, "; ")
}

// formatName is what a format of files is called; nothing for one that is not known yet.
func (w speaker) formatName(f spend.Format) string {
	if f == "" {
		return ""
	}
	return w.T("ledger.format." + string(f))
}

// batchTag says how far a batch has come.
func (w speaker) batchTag(state spend.State) views.Tag {
	kind := views.Plain
	switch state {
	case spend.Accepted:
		kind = views.OK
	case spend.Uploaded, spend.Loading:
		kind = views.Info
	case spend.WasFound, spend.Staged:
		kind = views.Warn
	case spend.Failed:
		kind = views.Err
	}
	return views.Tag{Kind: kind, Text: w.T("ledger.state." + string(state))}
}

// bringFile takes a file in. One that is in the books already leads to where it is.
func (s *Site) bringFile(r *web.Request) (web.Reply, error) {
	sent, err := r.Upload(fieldFile, spend.MostKept)
	if err != nil || sent.TooLarge {
		return s.importsPage(r, s.posted(r, models.Invalid{fieldFile: "ledger.file_large"}), http.StatusRequestEntityTooLarge)
	}
	f := spend.File{Name: sent.Name, Bytes: int64(len(sent.Content)), Content: sent.Content}
	sum := sha256.Sum256(sent.Content)
	f.Hash = hex.EncodeToString(sum[:])
	if typed := strings.TrimSpace(r.Form(fieldControl)); typed != "" {
		d, err := locale.ParseDecimal(typed)
		if f.Control = d.String(); err != nil {
			return s.importsPage(r, s.posted(r, models.Invalid{fieldControl: "ledger.control_wrong"}), http.StatusUnprocessableEntity)
		}
	}
	var b *spend.Batch
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		b, err = spend.Bring(r.Context(), tx, f)
		return err
	})
	var same spend.ErrSame
	if errors.As(err, &same) {
		return web.SeeOther(at(r.Lang, importPath(same.Batch.ID, ""))).Say("ledger.same_file"), nil
	}
	if wrong, bad := invalid(err); bad {
		return s.importsPage(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if err == nil {
		err = s.readNow(r.Context(), b)
	}
	if err != nil {
		return web.Reply{}, err
	}
	return web.SeeOther(at(r.Lang, importPath(b.ID, ""))), nil
}
