package handlers

import (
	"context"
	"encoding/json"
	"io"
	"slices"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// chargeFile is a column of files of charges: code, the message of its heading ("" where
// only the code says it), and what of a charge stands in it.
type chargeFile struct {
	code, head string
	value      func(*spend.Charge) any
}

// chargeFiles are all the columns: whatever the ledger knows of a charge.
func chargeFiles() []chargeFile {
	id := func(n *int64) any {
		if n == nil {
			return nil
		}
		return *n
	}
	return []chargeFile{
		{"id", "ledger.col.id", func(c *spend.Charge) any { return c.ID }},
		{"batch", "ledger.col.batch", func(c *spend.Charge) any { return c.BatchID }},
		{"line", "ledger.line", func(c *spend.Charge) any { return c.Line }},
		{"document", "ledger.col.document", func(c *spend.Charge) any { return id(c.DocumentID) }},
		{"corrects", "ledger.corrects", func(c *spend.Charge) any { return id(c.CorrectsID) }},
		{"reference", "ledger.role.reference", func(c *spend.Charge) any { return c.Reference }},
		{"month", "ledger.by.month", func(c *spend.Charge) any { return c.Month }},
		{"invoiced", "ledger.role.date", func(c *spend.Charge) any { return c.Invoiced }},
		{"due", "ledger.role.due", func(c *spend.Charge) any { return c.Due }},
		{"service_from", "ledger.role.from", func(c *spend.Charge) any { return c.From }},
		{"service_to", "ledger.col.to", func(c *spend.Charge) any { return c.To }},
		{"buyer", "ledger.role.buyer", func(c *spend.Charge) any { return c.Buyer }},
		{"vendor", "ledger.role.vendor", func(c *spend.Charge) any { return c.Vendor }},
		{"category", "ledger.role.category", func(c *spend.Charge) any { return c.Category }},
		{"service", "ledger.role.service", func(c *spend.Charge) any { return c.Service }},
		{"description", "ledger.role.description", func(c *spend.Charge) any { return c.Description }},
		{"contract", "ledger.role.contract", func(c *spend.Charge) any { return c.Contract }},
		{"kind", "ledger.by.kind", func(c *spend.Charge) any { return string(c.Kind) }},
		{"frequency", "ledger.col.frequency", func(c *spend.Charge) any { return c.Frequency }},
		{"correction", "ledger.col.correction", func(c *spend.Charge) any { return c.Correction }},
		{"quantity", "ledger.role.quantity", func(c *spend.Charge) any { return c.Quantity }},
		{"unit", "ledger.role.unit", func(c *spend.Charge) any { return c.Unit }},
		{"unit_price", "ledger.role.unit_price", func(c *spend.Charge) any { return c.UnitPrice }},
		{"billed", "ledger.basis.billed", func(c *spend.Charge) any { return c.Billed }},
		{"effective", "ledger.basis.effective", func(c *spend.Charge) any { return c.Effective }},
		{"list", "ledger.list_price", func(c *spend.Charge) any { return c.List }},
		{"contracted", "ledger.contracted", func(c *spend.Charge) any { return c.Contracted }},
		{"currency", "ledger.role.currency", func(c *spend.Charge) any { return c.Currency }},
		{"tax_basis", "ledger.col.tax_basis", func(c *spend.Charge) any { return taxBasis(c.Kind) }},
		{"euros", "ledger.euros", func(c *spend.Charge) any { return c.Euros }},
		{"rate", "ledger.rate", func(c *spend.Charge) any { return c.Rate }},
		{"rate_day", "ledger.col.rate_day", func(c *spend.Charge) any { return c.RateDay }},
		{"vat_category", "ledger.vat_category", func(c *spend.Charge) any { return c.VATCategory }},
		{"vat_rate", "ledger.vat_rate", func(c *spend.Charge) any { return c.VATRate }},
		{"flags", "ledger.flags", func(c *spend.Charge) any { return c.FlagText }},
		{"more", "ledger.more", func(c *spend.Charge) any { return json.RawMessage(c.More) }},
	}
}

// taxBasis says what the amounts of a charge are: VAT stands in rows of its own, so an
// amount is either without it or is the tax itself.
func taxBasis(k spend.Kind) string {
	if k == spend.Tax {
		return "tax"
	}
	return "without_tax"
}

// WriteCharges writes all charges of a query that the actor sees as CSV, XLSX or JSON
// (kind is "csv", "xlsx" or "json"), with their codes as headings, and returns how many
// they are. It holds none of them in memory.
func WriteCharges(ctx context.Context, w io.Writer, r db.Reader, a models.Actor, q spend.Query, kind string) (n int64, err error) {
	f, err := chargeRows(ctx, r, a, q, func(c chargeFile) string { return c.code })
	if err != nil {
		return 0, err
	}
	rows := f.rows
	f.rows = func(yield func(spend.Charge, error) bool) {
		for c, err := range rows {
			if err == nil {
				n++
			}
			if !yield(c, err) {
				return
			}
		}
	}
	f.name = "charges"
	err = f.write(w, kind)
	return n, err
}

// chargeRows are the charges of a query on their way into a file.
func chargeRows(ctx context.Context, r db.Reader, a models.Actor, q spend.Query, head func(chargeFile) string) (*rowFile[spend.Charge], error) {
	rows, err := spend.EachLine(ctx, r, a, q)
	if err != nil {
		return nil, err
	}
	f := &rowFile[spend.Charge]{rows: rows}
	for _, c := range chargeFiles() {
		f.columns = append(f.columns, fileColumn[spend.Charge]{c.code, head(c), func(row spend.Charge) any { return c.value(&row) }})
	}
	return f, nil
}

// chargesFile answers with all charges that an address asks for as a file of a kind.
func (s *Site) chargesFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		a, err := s.askLedger(r)
		if err != nil {
			return web.Reply{}, err
		}
		if _, err := s.countLines(r, a); err != nil {
			return web.Reply{}, err
		}
		f, err := chargeRows(r.Context(), s.DB, r.Actor, a.Query, func(c chargeFile) string { return a.T(c.head) })
		if err != nil {
			return web.Reply{}, err
		}
		f.name = a.T("ledger.lines")
		return f.reply(kind), nil
	}
}

// sumsFile answers with the sums that an address asks for, with every decimal.
func (s *Site) sumsFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		_, g, rows, err := s.spendRows(r)
		if err != nil {
			return web.Reply{}, err
		}
		return g.file(r, rows, kind)
	}
}

// importsFile answers with all files that were brought into the books.
func (s *Site) importsFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		total, err := spend.CountBatches(r.Context(), s.DB, r.Actor)
		if err != nil {
			return web.Reply{}, err
		}
		rows, err := spend.Batches(r.Context(), s.DB, r.Actor, models.Page{Number: 1, Size: max(1, total)})
		if err != nil {
			return web.Reply{}, err
		}
		w := s.speaker(r.Lang)
		f := rowFile[spend.Batch]{name: w.T("ledger.imports"), columns: w.batchFiles(), rows: sequence(slices.Values(rows))}
		return f.reply(kind), nil
	}
}

// batchFiles are the columns of files of batches.
func (w speaker) batchFiles() []fileColumn[spend.Batch] {
	col := func(code, head string, value func(spend.Batch) any) fileColumn[spend.Batch] {
		return fileColumn[spend.Batch]{code, w.T(head), value}
	}
	sums := func(of func(spend.Total) models.Exact) func(spend.Batch) any {
		return func(b spend.Batch) any {
			var all []spend.Money
			for _, t := range b.Totals() {
				all = append(all, spend.Money{Currency: t.Currency, Amount: of(t)})
			}
			return all
		}
	}
	return []fileColumn[spend.Batch]{
		col("batch", "ledger.col.batch", func(b spend.Batch) any { return b.ID }),
		col("file", "ledger.file", func(b spend.Batch) any { return b.File }),
		col("format", "ledger.format", func(b spend.Batch) any { return string(b.Format) }),
		col("publisher", "ledger.publisher", func(b spend.Batch) any { return b.Publisher }),
		col("state", "admin.state", func(b spend.Batch) any { return string(b.State) }),
		col("why", "ledger.reason", func(b spend.Batch) any { return b.Why }),
		col("brought", "ledger.at", func(b spend.Batch) any { return b.CreatedAt }),
		col("accepted", "ledger.accepted_at", func(b spend.Batch) any { return b.AcceptedAt }),
		col("undone", "ledger.undone_at", func(b spend.Batch) any { return b.UndoneAt }),
		col("sha256", "ledger.hash", func(b spend.Batch) any { return b.Hash }),
		col("bytes", "ledger.bytes", func(b spend.Batch) any { return b.Bytes }),
		col("rows", "ledger.rows", func(b spend.Batch) any { return b.Rows }),
		col("taken", "ledger.taken", func(b spend.Batch) any { return b.Taken }),
		col("rejected", "ledger.rejected", func(b spend.Batch) any { return b.Rejected }),
		col("left_out", "ledger.left_out", func(b spend.Batch) any { return b.LeftOut }),
		col("flagged", "ledger.flagged", func(b spend.Batch) any { return b.Flagged }),
		col("undated", "ledger.undated", func(b spend.Batch) any { return b.Undated }),
		col("unconverted", "ledger.unconverted", func(b spend.Batch) any { return b.Unconverted }),
		col("billed_with_tax", "ledger.col.billed_with_tax", sums(func(t spend.Total) models.Exact { return t.Billed })),
		col("tax", "ledger.of_which_tax", sums(func(t spend.Total) models.Exact { return t.Tax })),
		col("effective", "ledger.basis.effective", sums(func(t spend.Total) models.Exact { return t.Effective })),
		col("control", "ledger.col.control", func(b spend.Batch) any { return control(b) }),
	}
}

// control is what somebody said that a batch should come to.
func control(b spend.Batch) any {
	if e, err := models.ParseExact(b.Control); err == nil {
		return e
	}
	return nil
}

// rejectsFile answers with all rejected rows of a batch, to be repaired and brought again.
func (s *Site) rejectsFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		b, err := s.batchIn(r)
		if err != nil {
			return web.Reply{}, err
		}
		w := s.speaker(r.Lang)
		each, err := spend.EachReject(r.Context(), s.DB, r.Actor, b.ID)
		if err != nil {
			return web.Reply{}, err
		}
		col := func(code, head string, value func(spend.Reject) any) fileColumn[spend.Reject] {
			return fileColumn[spend.Reject]{code, w.T(head), value}
		}
		f := rowFile[spend.Reject]{name: w.T("ledger.rejects_caption"), rows: each, columns: []fileColumn[spend.Reject]{
			col("line", "ledger.line", func(j spend.Reject) any { return j.Line }),
			col("code", "ledger.col.code", func(j spend.Reject) any { return j.Problem.Code }),
			col("reason", "ledger.reason", func(j spend.Reject) any { return w.rejectWords(j.Problem) }),
			col("column", "ledger.column", func(j spend.Reject) any { return j.Problem.Column }),
			col("got", "ledger.col.got", func(j spend.Reject) any { return j.Problem.Got }),
			col("repair", "ledger.repair_head", func(j spend.Reject) any { return j.Problem.Repair }),
			col("raw", "ledger.raw", func(j spend.Reject) any { return j.Raw }),
		}}
		return f.reply(kind), nil
	}
}

// namesFile answers with all names in files, and who or what they are.
func (s *Site) namesFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		each, err := spend.EachName(r.Context(), s.DB, r.Actor)
		if err != nil {
			return web.Reply{}, err
		}
		lists, err := s.lists(r.Context())
		if err != nil {
			return web.Reply{}, err
		}
		w := s.speaker(r.Lang)
		col := func(code, head string, value func(spend.KnownName) any) fileColumn[spend.KnownName] {
			return fileColumn[spend.KnownName]{code, w.T(head), value}
		}
		f := rowFile[spend.KnownName]{name: w.T("ledger.names"), rows: each, columns: []fileColumn[spend.KnownName]{
			col("id", "ledger.col.id", func(n spend.KnownName) any { return n.ID }),
			col("kind", "ledger.by.kind", func(n spend.KnownName) any { return string(n.Kind) }),
			col("name", "ledger.col.name", func(n spend.KnownName) any { return n.Name.Name }),
			col("organisation", "ledger.who", func(n spend.KnownName) any {
				if n.Is == 0 {
					return ""
				}
				return n.Key().String()
			}),
			col("organisation_name", "ledger.col.organisation", func(n spend.KnownName) any {
				if g := lists.organs.byID[n.Is]; g != nil {
					return views.In(g.Names, r.Lang).Text
				}
				return ""
			}),
			col("category", "ledger.role.category", func(n spend.KnownName) any { return n.Category }),
		}}
		return f.reply(kind), nil
	}
}

// fileRoutes are the addresses at which rows are had as each kind of file.
func fileRoutes(path string, who who, handler func(kind string) web.Handler) (all []route) {
	for _, kind := range fileKinds() {
		all = append(all, route{"GET", path + "." + kind, who, handler(kind), false})
	}
	return all
}
