package handlers

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// showLines lists charges.
func (s *Site) showLines(r *web.Request) (web.Reply, error) {
	a, err := s.askLedger(r)
	if err != nil {
		return web.Reply{}, err
	}
	total, err := s.countLines(r, a)
	if err != nil {
		return web.Reply{}, err
	}
	part, ok := cut(r, total, rowsOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, a.linkTo(spendPath+"/lines"))), nil
	}
	rows, err := spend.Lines(r.Context(), s.DB, r.Actor, a.Query, part.Page)
	if err != nil {
		return web.Reply{}, err
	}
	table, err := a.lineGrid().table(r, rows, whole(len(rows)))
	if err != nil {
		return web.Reply{}, err
	}
	table.Pager = part.pager(a.Tag, func(n int) string { return pageAddress(spendPath+"/lines", a.kept, n) })
	table.Files = a.fileLinks(spendPath+"/lines", a.linkTo(spendPath+"/lines"))
	bill, text, err := s.focusLink(r, a)
	if err != nil {
		return web.Reply{}, err
	}
	table.Files = append(table.Files, bill)
	p := views.ListPage{Heading: a.T("ledger.lines"), Text: text, Found: a.N("ledger.charges_n", int64(total)), Table: table, Links: a.linesBack()}
	p.Shell = a.page(part.title(a.speaker, p.Heading), a.link(spendPath, "ledger.title"))
	p.Section = spendSection
	return web.Page(p), nil
}

// countLines counts the charges; a batch that does not count is its own books' only.
func (s *Site) countLines(r *web.Request, a *ledgerAsk) (int, error) {
	if a.Batch != 0 {
		if _, err := spend.FindBatch(r.Context(), s.DB, r.Actor, a.Batch); err != nil {
			return 0, err
		}
	}
	return spend.CountLines(r.Context(), s.DB, r.Actor, a.Query)
}

func (a *ledgerAsk) linesBack() []views.Link {
	if a.Batch != 0 {
		return []views.Link{a.link(importPath(a.Batch, ""), "ledger.back_to_file")}
	}
	return []views.Link{{URL: at(a.Tag, a.linkTo(spendPath, fieldFlag, "", fieldDocument, "")), Text: a.T("ledger.back_to_sums")}}
}

func (a *ledgerAsk) lineGrid() *grid[spend.Charge] {
	return &grid[spend.Charge]{speaker: a.speaker, id: "lines", caption: a.T("ledger.lines"), empty: views.Empty{Title: a.T("ledger.nothing"), Text: a.T("ledger.nothing_text")}, columns: a.lineColumns()}
}

func (a *ledgerAsk) lineColumns() []column[spend.Charge] {
	text := func(key string, of func(spend.Charge) string) column[spend.Charge] {
		return column[spend.Charge]{head: a.T(key), cell: func(c spend.Charge) views.Cell { return words(of(c)) }}
	}
	exact := func(key string, of func(spend.Charge) spend.Amount, currency func(spend.Charge) string) column[spend.Charge] {
		return column[spend.Charge]{head: a.T(key), number: true, cell: func(c spend.Charge) views.Cell {
			if n := of(c); n.Known {
				return words(a.Exact(n.Exact, currency(c)))
			}
			return views.Cell{}
		}}
	}
	own := func(c spend.Charge) string { return c.Currency }
	day := func(d models.Date) string {
		if d.IsZero() {
			return ""
		}
		return a.DateShort(d)
	}
	first := column[spend.Charge]{head: a.T("ledger.role.reference"), cell: func(c spend.Charge) views.Cell {
		cell := views.Cell{Link: views.Link{URL: at(a.Tag, spendPath+"/lines/"+strconv.FormatInt(c.ID, 10)), Text: a.lineName(c)}}
		for _, flag := range c.Flags() {
			cell.Tags = append(cell.Tags, views.Tag{Kind: views.Warn, Text: a.T("ledger.flag." + flag)})
		}
		return cell
	}}
	return []column[spend.Charge]{first, text("ledger.role.date", func(c spend.Charge) string { return day(c.Invoiced) }),
		text("ledger.role.vendor", func(c spend.Charge) string { return c.Vendor }), text("ledger.role.buyer", func(c spend.Charge) string { return c.Buyer }),
		{head: a.T("ledger.role.service"), cell: func(c spend.Charge) views.Cell {
			cell := words(shortened(serviceOf(c)))
			if c.Category != "" {
				cell.Lines = []string{c.Category}
			}
			return cell
		}},
		text("ledger.by.kind", func(c spend.Charge) string { return a.T("ledger.kind." + string(c.Kind)) }),
		exact("ledger.basis.billed", func(c spend.Charge) spend.Amount { return spend.Known(c.Billed) }, own),
		exact("ledger.euros", func(c spend.Charge) spend.Amount { return c.Euros }, func(spend.Charge) string { return "EUR" })}
}

func serviceOf(c spend.Charge) string {
	if c.Service == "" {
		return c.Description
	}
	return c.Service
}

// lineName is what leads to a charge: its number, or where it stands in its file.
func (w speaker) lineName(c spend.Charge) string {
	if c.Reference != "" {
		return c.Reference
	}
	return w.T("ledger.line_n", w.Number(int64(c.Line)))
}

// showLine shows all that is known of a charge, and where it comes from.
func (s *Site) showLine(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "line")
	if err != nil {
		return web.Reply{}, err
	}
	c, err := spend.FindLine(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: f.T("ledger.charge_n", f.lineName(*c)), Facts: f.chargeFacts(c)}
	for _, flag := range c.Flags() {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Warn, Title: f.T("ledger.flag." + flag), Text: f.T("ledger.flag_text." + flag)})
	}
	if c.DocumentID != nil {
		page.Links = append(page.Links, f.link(spendPath+"/documents/"+strconv.FormatInt(*c.DocumentID, 10), "ledger.document"))
	}
	if c.CorrectsID != nil {
		page.Links = append(page.Links, f.link(spendPath+"/lines/"+strconv.FormatInt(*c.CorrectsID, 10), "ledger.corrects"))
	}
	links, err := s.correctionLinks(r, f, c)
	if err != nil {
		return web.Reply{}, err
	}
	page.Links = append(page.Links, links...)
	if page.Parts, err = s.correctedParts(r, f, c); err != nil {
		return web.Reply{}, err
	}
	if rows := moreRows(c.More); len(rows) > 0 {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("ledger.more"), Facts: rows})
	}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(spendPath+"/lines", "ledger.lines"))
	page.Section = spendSection
	return web.Page(page), nil
}

// moreRows are the other columns of a source.
func moreRows(text string) (rows []views.Row) {
	var more map[string]json.RawMessage // what is null was null in the source
	if text == "" || json.Unmarshal([]byte(text), &more) != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		var word string
		if string(more[name]) == "null" {
			continue
		}
		if json.Unmarshal(more[name], &word) != nil {
			word = string(more[name])
		}
		rows = append(rows, views.Row{Key: name, Value: views.Words{Text: word}})
	}
	return rows
}

// into adds facts to rows; one without words is left out.
func (w speaker) into(rows *[]views.Row) func(key, words string) {
	return func(key, words string) {
		if words != "" {
			*rows = append(*rows, views.Row{Key: w.T(key), Value: views.Words{Text: words}})
		}
	}
}

// chargeFacts are what a charge says.
func (f *filled) chargeFacts(c *spend.Charge) (rows []views.Row) {
	add := f.into(&rows)
	amount := func(key string, n spend.Amount, currency string) {
		if n.Known {
			add(key, f.Exact(n.Exact, currency))
		}
	}
	date := func(key string, d models.Date) {
		if !d.IsZero() {
			add(key, f.Date(d))
		}
	}
	amount("ledger.basis.billed", spend.Known(c.Billed), c.Currency)
	amount("ledger.basis.effective", c.Effective, c.Currency)
	amount("ledger.list_price", c.List, c.Currency)
	amount("ledger.contracted", c.Contracted, c.Currency)
	amount("ledger.euros", c.Euros, "EUR")
	if c.Rate.Known && c.Currency != "EUR" {
		add("ledger.rate", f.T("ledger.rate_words", f.Exact(c.Rate.Exact, c.Currency), f.Date(c.RateDay)))
	}
	add("ledger.by.kind", f.T("ledger.kind."+string(c.Kind)))
	add("ledger.role.vendor", c.Vendor)
	add("ledger.role.buyer", c.Buyer)
	add("ledger.role.category", c.Category)
	add("ledger.role.service", c.Service)
	add("ledger.role.description", c.Description)
	add("ledger.role.reference", c.Reference)
	add("ledger.role.contract", c.Contract)
	date("ledger.role.date", c.Invoiced)
	date("ledger.role.due", c.Due)
	date("ledger.role.from", c.From)
	if !c.To.IsZero() {
		date("ledger.service_until", c.To.AddDays(-1))
	}
	amount("ledger.role.quantity", c.Quantity, "")
	add("ledger.role.unit", c.Unit)
	amount("ledger.role.unit_price", c.UnitPrice, c.Currency)
	add("ledger.vat_category", c.VATCategory)
	if c.VATRate.Known {
		add("ledger.vat_rate", f.Exact(c.VATRate.Exact, "")+" %")
	}
	add("ledger.line", f.Number(int64(c.Line)))
	return rows
}

// mostOfDocument is how many charges of an invoice stand on its page; the files have all.
const mostOfDocument = 500

// showInvoice shows an invoice: what it comes to, the rules that it breaks and its
// charges.
func (s *Site) showInvoice(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "document")
	if err != nil {
		return web.Reply{}, err
	}
	d, err := spend.FindDocument(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	a := &ledgerAsk{filled: s.fresh(r, nil), Query: spend.Query{Document: id, Batch: d.BatchID, WithTax: true}}
	total, err := spend.CountLines(r.Context(), s.DB, r.Actor, a.Query)
	if err != nil {
		return web.Reply{}, err
	}
	lines, err := spend.Lines(r.Context(), s.DB, r.Actor, a.Query, models.Page{Number: 1, Size: mostOfDocument})
	if err != nil {
		return web.Reply{}, err
	}
	g := a.lineGrid()
	g.columns = a.documentColumns()
	table, err := g.table(r, lines, whole(len(lines)))
	if err != nil {
		return web.Reply{}, err
	}
	ask := []string{fieldDocument, strconv.FormatInt(id, 10), fieldVAT, "1"}
	if spend.Keeps(r.Actor) {
		ask = append(ask, fieldBatch, strconv.FormatInt(d.BatchID, 10)) // also while it does not count
	}
	table.Files = a.fileLinks(spendPath+"/lines", a.linkTo(spendPath+"/lines", ask...))
	page := views.ProjectPage{Heading: a.T("ledger.document_n", a.T("ledger.document."+d.Kind), d.Number), Facts: a.invoiceFacts(d), Parts: []views.ProjectPart{{Heading: a.T("ledger.lines"), Table: &table}}}
	if total > len(lines) {
		page.Parts[0].Text = []string{a.T("ledger.first_of", a.Number(int64(len(lines))), a.Number(int64(total)))}
	}
	for _, rule := range d.Rules() {
		kind := views.Warn
		if rule.Fatal {
			kind = views.Err
		}
		page.Notices = append(page.Notices, views.Notice{Kind: kind, Title: a.T("ledger.rule", rule.Rule), Text: a.T("ledger.rule_text", rule.Where, rule.Got, rule.Want)})
	}
	if spend.Keeps(r.Actor) {
		page.Links = append(page.Links, a.link(sharesPath+"/new?"+query(fieldDocument, strconv.FormatInt(id, 10)), "share.new"))
	}
	linked, err := s.linkedDocuments(r, a.filled, d)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append(linked, page.Parts...)
	page.Shell = a.page(page.Heading, a.link(spendPath, "ledger.title"), a.link(spendPath+"/lines", "ledger.lines"))
	page.Section = spendSection
	return web.Page(page), nil
}

// documentColumns are those of the charges of one invoice.
func (a *ledgerAsk) documentColumns() []column[spend.Charge] {
	exact := func(key string, of func(spend.Charge) (spend.Amount, string)) column[spend.Charge] {
		return column[spend.Charge]{head: a.T(key), number: true, cell: func(c spend.Charge) views.Cell {
			if n, unit := of(c); n.Known {
				return words(a.Exact(n.Exact, unit))
			}
			return views.Cell{}
		}}
	}
	return []column[spend.Charge]{
		{head: a.T("ledger.role.service"), cell: func(c spend.Charge) views.Cell {
			text := serviceOf(c)
			if text == "" {
				text = a.T("ledger.kind." + string(c.Kind))
			}
			cell := views.Cell{Link: views.Link{URL: at(a.Tag, spendPath+"/lines/"+strconv.FormatInt(c.ID, 10)), Text: shortened(text)}}
			if c.VATCategory != "" {
				cell.Lines = []string{a.T("ledger.vat_words", c.VATCategory, a.Exact(c.VATRate.Exact, ""))}
			}
			return cell
		}},
		{head: a.T("ledger.by.kind"), cell: func(c spend.Charge) views.Cell { return words(a.T("ledger.kind." + string(c.Kind))) }},
		exact("ledger.role.quantity", func(c spend.Charge) (spend.Amount, string) { return c.Quantity, "" }),
		exact("ledger.role.unit_price", func(c spend.Charge) (spend.Amount, string) { return c.UnitPrice, c.Currency }),
		exact("ledger.basis.billed", func(c spend.Charge) (spend.Amount, string) { return spend.Known(c.Billed), c.Currency }),
	}
}

func (f *filled) invoiceFacts(d *spend.Document) (rows []views.Row) {
	add := f.into(&rows)
	add("ledger.role.vendor", d.Vendor)
	add("ledger.role.buyer", d.Buyer)
	if !d.Issued.IsZero() {
		add("ledger.role.date", f.Date(d.Issued))
	}
	if !d.Due.IsZero() {
		add("ledger.role.due", f.Date(d.Due))
	}
	add("ledger.role.contract", d.Contract)
	add("ledger.order_reference", d.Order)
	add("ledger.corrects_number", d.Corrects)
	for _, one := range []struct {
		key string
		n   models.Exact
	}{{"ledger.net", d.Net}, {"ledger.vat_sum", d.VAT}, {"ledger.gross", d.Gross}, {"ledger.prepaid", d.Prepaid}, {"ledger.rounding", d.Rounding}, {"ledger.payable", d.Payable}} {
		add(one.key, f.Exact(one.n, d.Currency))
	}
	return rows
}
