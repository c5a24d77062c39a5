package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// The fields of addresses that ask something of the ledger.
const (
	fieldBy       = "by"
	fieldBasis    = "basis"
	fieldYear     = "year"
	fieldMonth    = "month"
	fieldBuyer    = "buyer"
	fieldCurrency = "currency"
	fieldVAT      = "vat"
	fieldBatch    = "batch"
	fieldFlag     = "flag"
	fieldDocument = "document"
	fieldThrough  = "until" // the last month of a period, of which fieldFrom is the first
	fieldUnder    = "under"
	fieldMinus    = "minus"
	fieldThing    = "service"
)

// ledgerAsk is what an address asks of the ledger.
type ledgerAsk struct {
	*filled
	spend.Query
	by    spend.By
	kept  url.Values
	known models.Date
}

// askLedger reads what an address asks of the ledger; what it does not know is not found.
func (s *Site) askLedger(r *web.Request) (*ledgerAsk, error) {
	a := &ledgerAsk{filled: s.asked(r, nil), kept: kept(r, fieldBy, fieldBasis, fieldYear, fieldMonth, fieldVendor, fieldBuyer, fieldCategory, fieldKind, fieldCurrency, fieldVAT, fieldKnown, fieldBatch, fieldFlag, fieldDocument, fieldFrom, fieldThrough, fieldUnder, fieldMinus, fieldThing)}
	get := a.kept.Get
	a.by = cmp.Or(spend.By(get(fieldBy)), spend.ByVendor)
	a.Query = spend.Query{Basis: cmp.Or(spend.Basis(get(fieldBasis)), spend.Billed), Month: get(fieldMonth), Vendor: get(fieldVendor), Buyer: get(fieldBuyer), Category: get(fieldCategory), Kind: spend.Kind(get(fieldKind)), Currency: get(fieldCurrency), WithTax: get(fieldVAT) == "1", Flag: get(fieldFlag), From: get(fieldFrom), Until: get(fieldThrough), Minus: get(fieldMinus) == "1", Service: get(fieldThing)}
	known := slices.Contains(spend.Bys(), a.by) && slices.Contains(spend.Bases(), a.Basis) && (a.Kind == "" || slices.Contains(spend.Kinds(), a.Kind)) && isPeriod(a.From, a.Until)
	for _, one := range []struct {
		field string
		into  *int64
	}{{fieldBatch, &a.Batch}, {fieldDocument, &a.Document}, {fieldUnder, &a.Under}} {
		if text := get(one.field); text != "" {
			n, err := strconv.ParseInt(text, 10, 64)
			*one.into, known = n, known && err == nil && n > 0
		}
	}
	if text := get(fieldYear); text != "" {
		n, err := strconv.Atoi(text)
		a.Year, known = n, known && err == nil && n >= 1970 && n <= 2100
	}
	if text := get(fieldKnown); text != "" {
		day, err := models.ParseDate(text)
		a.known, known = day, known && err == nil
		a.Known = models.Time{Time: day.AddDays(1).Time().Add(-time.Second)}
	}
	if !known {
		return nil, models.ErrNotFound
	}
	return a, nil
}

// isPeriod reports whether two texts are the first and the last month of a period, or none.
func isPeriod(from, until string) bool {
	return from == "" && until == "" || isMonth(from) && isMonth(until) && from <= until
}

func isMonth(text string) bool {
	_, err := models.ParseDate(text + "-01")
	return err == nil
}

// linkTo is an address with what is asked already, and something more or else.
func (a *ledgerAsk) linkTo(path string, more ...string) string {
	q := url.Values{}
	for name, values := range a.kept {
		q[name] = values
	}
	for i := 0; i+1 < len(more); i += 2 {
		if q.Del(more[i]); more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// showSpend shows what was spent, told apart by something.
func (s *Site) showSpend(r *web.Request) (web.Reply, error) {
	a, g, rows, err := s.spendRows(r)
	if err != nil {
		return web.Reply{}, err
	}
	years, err := spend.Years(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: a.spendTitle(), Text: a.spendText(rows), Filter: a.spendFilter(years), Found: a.N("ledger.sums_found", int64(part.Total)), Table: t, Links: a.drillLinks()}
		p.Links = append(p.Links, a.link(questionsPath, "report.questions"), a.link(forecastPath, "ahead.title_short"), a.link(oddPath, "odd.title"), a.link(replaceablePath, "systems.replace_title"))
		if err := s.addBillLinks(r, a, &p); err != nil {
			return p, err
		}
		if spend.Keeps(r.Actor) {
			p.Links = append(p.Links, a.link(importsPath, "ledger.imports"), a.link(spendPath+"/names", "ledger.names"), a.link(sharesPath, "share.title"))
		}
		p.Links = append(p.Links, a.link(ocdsPath, "opendata.title"))
		p.Shell = a.page(part.title(a.speaker, p.Heading))
		p.Section = spendSection
		return p, nil
	})
}

func (a *ledgerAsk) spendTitle() string {
	if a.Year == 0 {
		return a.T("ledger.title")
	}
	return a.T("ledger.title_year", strconv.Itoa(a.Year))
}

// spendText says what the rows come to and what is not in that.
func (a *ledgerAsk) spendText(rows []spend.Sum) []string {
	all := spend.Together(rows)
	charges, unconverted := all.Rows, all.Unconverted
	undated := slices.ContainsFunc(rows, func(s spend.Sum) bool { return a.by == spend.ByMonth && s.Key == "" })
	vat := "ledger.without_vat"
	if a.WithTax {
		vat = "ledger.with_vat"
	}
	text := []string{a.T("ledger.all_comes_to", a.Rounded(all.Euros, "EUR"), a.T(vat), a.N("ledger.charges_n", charges)), a.T("ledger.basis_text." + string(a.Basis))}
	if len(all.Amounts) > 1 || unconverted > 0 {
		var parts []string
		for _, m := range all.Amounts {
			parts = append(parts, a.Rounded(m.Amount, m.Currency))
		}
		text = append(text, a.T("ledger.billed_in", strings.Join(parts, ", ")))
	}
	if unconverted > 0 {
		text = append(text, a.N("ledger.unconverted_n", unconverted))
	}
	if undated {
		text = append(text, a.T("ledger.undated_text"))
	}
	if !a.known.IsZero() {
		text = append(text, a.T("ledger.known_text", a.Date(a.known)))
	}
	return text
}

// drillLinks lead to the same, told apart by something else, and to the charges.
func (a *ledgerAsk) drillLinks() (links []views.Link) {
	if a.Basis == spend.Billed {
		links = append(links, views.Link{URL: at(a.Tag, a.linkTo(spendPath+"/lines", fieldBy, "", fieldBasis, "", fieldPage, "", fieldSort, "")), Text: a.T("ledger.lines")})
	}
	for _, field := range []string{fieldVendor, fieldBuyer, fieldCategory, fieldMonth, fieldKind} {
		if a.kept.Get(field) != "" {
			links = append(links, views.Link{URL: at(a.Tag, a.linkTo(spendPath, field, "")), Text: a.T("ledger.leave_out." + field)})
		}
	}
	return links
}

func (a *ledgerAsk) spendFilter(years []int) *views.Filter {
	of := func(name, label string, options []views.Option) views.Input {
		return a.choose(views.Select{Name: name, Label: a.T(label), Options: options})
	}
	all := []views.Option{{Text: a.T("ledger.all_years")}}
	for _, year := range years {
		all = append(all, views.Option{Value: strconv.Itoa(year), Text: strconv.Itoa(year)})
	}
	var bys, bases []views.Option
	for _, by := range []spend.By{spend.ByVendor, spend.ByMonth, spend.ByBuyer, spend.ByCategory, spend.ByKind, spend.ByCurrency} {
		bys = append(bys, views.Option{Value: string(by), Text: a.T("ledger.by." + string(by))})
	}
	for _, basis := range spend.Bases() {
		bases = append(bases, views.Option{Value: string(basis), Text: a.T("ledger.basis." + string(basis))})
	}
	vat := []views.Option{{Text: a.T("ledger.without_vat")}, {Value: "1", Text: a.T("ledger.with_vat")}}
	filter := &views.Filter{Action: at(a.Tag, spendPath), Button: a.T("ledger.update"), Inputs: []views.Input{of(fieldYear, "ledger.year", all), of(fieldBy, "ledger.by", bys), of(fieldBasis, "ledger.basis", bases), of(fieldVAT, "ledger.vat", vat),
		a.field(views.Field{Name: fieldKnown, Label: a.T("ledger.known"), Kind: "date"})}}
	for _, field := range []string{fieldVendor, fieldBuyer, fieldCategory, fieldMonth, fieldKind, fieldCurrency} {
		if value := a.kept.Get(field); value != "" {
			filter.Inputs = append(filter.Inputs, views.Input{Field: &views.Field{ID: field, Name: field, Label: a.T("ledger.only." + field), Value: value, Width: "w12"}})
		}
	}
	if len(a.kept) > 0 {
		filter.All = a.link(spendPath, "ledger.all")
	}
	return filter
}

// spendRows are the sums that an address asks for, and how they are shown.
func (s *Site) spendRows(r *web.Request) (*ledgerAsk, *grid[spend.Sum], []spend.Sum, error) {
	a, err := s.askLedger(r)
	if err != nil {
		return nil, nil, nil, err
	}
	rows, err := spend.Sums(r.Context(), s.DB, r.Actor, a.Query, a.by)
	if err != nil {
		return nil, nil, nil, err
	}
	g := &grid[spend.Sum]{speaker: a.speaker, id: "sums", caption: a.T("ledger.by." + string(a.by)), path: spendPath, kept: a.kept, files: true, sorted: true,
		empty: views.Empty{Title: a.T("ledger.nothing"), Text: a.T("ledger.nothing_text")}, columns: a.sumColumns()}
	if spend.Keeps(r.Actor) {
		g.empty.Action = a.link(importsPath, "ledger.bring_title")
	}
	return a, g, rows, nil
}

func (a *ledgerAsk) sumColumns() []column[spend.Sum] {
	order := func(x, y spend.Sum) int { return cmp.Compare(a.sumName(x), a.sumName(y)) }
	euros := func(x, y spend.Sum) int { return y.Euros.Cmp(x.Euros) }
	name := column[spend.Sum]{name: "name", code: "name", head: a.T("ledger.by." + string(a.by)), order: order, cell: a.sumCell, value: func(x spend.Sum) any { return a.sumName(x) }}
	amount := column[spend.Sum]{name: "euros", code: "euros", head: a.T("ledger.euros"), number: true, order: euros, cell: func(x spend.Sum) views.Cell { return words(a.Rounded(x.Euros, "EUR")) }, value: func(x spend.Sum) any { return x.Euros }}
	billed := column[spend.Sum]{code: "billed", head: a.T("ledger.as_billed"), number: true, value: func(x spend.Sum) any { return x.Amounts }, cell: func(x spend.Sum) views.Cell {
		c := views.Cell{}
		for _, m := range x.Amounts {
			if m.Currency != "EUR" || len(x.Amounts) > 1 {
				c.Lines = append(c.Lines, a.Exact(m.Amount, m.Currency))
			}
		}
		return c
	}}
	count := func(code, key string, of func(spend.Sum) int64) column[spend.Sum] {
		return column[spend.Sum]{code: code, head: a.T(key), number: true, cell: func(x spend.Sum) views.Cell { return words(a.Number(of(x))) }, value: func(x spend.Sum) any { return of(x) }}
	}
	said := func(code, key, text string) column[spend.Sum] {
		return column[spend.Sum]{code: code, head: a.T(key), inFile: true, value: func(spend.Sum) any { return text }}
	}
	return []column[spend.Sum]{name, amount, billed, count("charges", "ledger.charges", func(x spend.Sum) int64 { return x.Rows }), count("not_in_euros", "ledger.unconverted", func(x spend.Sum) int64 { return x.Unconverted }),
		said("currency", "ledger.role.currency", "EUR"), said("tax_basis", "ledger.col.tax_basis", a.taxBasis()), said("basis", "ledger.basis", string(a.Basis)), said("by", "ledger.by", string(a.by)),
		{code: "key", head: a.T("ledger.col.key"), inFile: true, value: func(x spend.Sum) any { return x.Key }}}
}

// taxBasis says whether what is asked for has VAT in it.
func (a *ledgerAsk) taxBasis() string {
	switch {
	case a.Kind == spend.Tax:
		return "tax"
	case a.WithTax:
		return "with_tax"
	}
	return "without_tax"
}

// sumCell names what a row is of, and leads one level deeper.
func (a *ledgerAsk) sumCell(x spend.Sum) views.Cell {
	field, next := string(a.by), spend.ByMonth
	key := x.Key
	if a.by == spend.ByMonth {
		next = spend.ByVendor
		key = cmp.Or(key, "-")
	}
	address := a.linkTo(spendPath, field, key, fieldBy, string(next), fieldSort, "")
	if a.Basis == spend.Billed && (a.by == spend.ByMonth && a.Vendor != "" || a.by == spend.ByVendor && a.Month != "") {
		address = a.linkTo(spendPath+"/lines", field, key, fieldBy, "", fieldBasis, "", fieldSort, "")
	}
	return views.Cell{Link: views.Link{URL: at(a.Tag, address), Text: a.sumName(x)}}
}

// sumName is what a row is of.
func (a *ledgerAsk) sumName(x spend.Sum) string {
	switch {
	case a.by == spend.ByKind:
		return a.T("ledger.kind." + x.Key)
	case x.Name == "" && a.by == spend.ByMonth:
		return a.T("ledger.no_month")
	case x.Name == "":
		return a.T("ledger.no_name")
	}
	return x.Name
}
