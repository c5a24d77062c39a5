package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models/spend"
	"pilveturg/models/spend/sheet"
	"pilveturg/views"
)

// showMapping asks what the columns of a table mean.
func (s *Site) showMapping(r *web.Request) (web.Reply, error) {
	b, err := s.batchIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	m := b.Mapping()
	values := map[string]string{"publisher": m.Publisher, "currency_code": m.Currency, "scale": m.Scale, "decimal": m.Decimal, "order": string(m.Order)}
	for role, i := range m.Columns {
		values[string(role)] = strconv.Itoa(i)
	}
	if m.ToIsLast {
		values["to_is_last"] = ticked
	}
	return s.mappingForm(r, b, s.fresh(r, values), http.StatusOK)
}

// mapped reports whether somebody can say what the columns of a batch mean.
func canBeMapped(b *spend.Batch) bool {
	return b.Kept && (len(b.Found().Columns) > 0 || b.Format == spend.FOCUS) && (b.State == spend.WasFound || b.State == spend.Staged)
}

func (s *Site) mappingForm(r *web.Request, b *spend.Batch, f *filled, status int) (web.Reply, error) {
	if !canBeMapped(b) {
		return web.SeeOther(at(r.Lang, importPath(b.ID, ""))), nil
	}
	if b.Format == spend.FOCUS {
		return s.billForm(b, f, status), nil
	}
	found := b.Found()
	table, err := f.columnsGrid().table(r, numbered(found.Columns), whole(len(found.Columns)))
	if err != nil {
		return web.Reply{}, err
	}
	form := views.Form{Action: at(f.Tag, importPath(b.ID, "/mapping")), Button: f.T("ledger.read"), Inputs: f.mappingInputs(found.Columns)}
	page := views.ProjectPage{Heading: f.T("ledger.mapping"), Text: []string{f.T("ledger.mapping_text", b.File)}, Facts: f.batchFacts(b), Notices: f.openQuestions(found.Columns),
		Parts: []views.ProjectPart{{Heading: f.T("ledger.columns"), Table: &table}, {Heading: f.T("ledger.meaning"), Forms: []views.Form{form}}, {Heading: f.T("ledger.stop"), Forms: []views.Form{f.batchForm(b, "/discard", "ledger.discard", true)}}}}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(importsPath, "ledger.imports"))
	page.Section = spendSection
	return web.Status(status, page), nil
}

// billForm asks for the currency of a bill that does not say it.
func (s *Site) billForm(b *spend.Batch, f *filled, status int) web.Reply {
	form := views.Form{Action: at(f.Tag, importPath(b.ID, "/mapping")), Button: f.T("ledger.read"), Inputs: []views.Input{f.currencyInput()}}
	page := views.ProjectPage{Heading: f.T("ledger.mapping"), Text: []string{f.T("ledger.bill_currency", b.File)}, Facts: f.batchFacts(b),
		Parts: []views.ProjectPart{{Heading: f.T("ledger.meaning"), Forms: []views.Form{form}}, {Heading: f.T("ledger.stop"), Forms: []views.Form{f.batchForm(b, "/discard", "ledger.discard", true)}}}}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(importsPath, "ledger.imports"))
	page.Section = spendSection
	return web.Status(status, page)
}

func (f *filled) currencyInput() views.Input {
	return f.field(views.Field{Name: "currency_code", Label: f.T("ledger.currency_all"), Hint: f.T("ledger.currency_hint"), Width: "w12"})
}

// openQuestions name the columns that can be read in two ways.
func (f *filled) openQuestions(columns []sheet.Column) (all []views.Notice) {
	for _, c := range columns {
		if c.AskDecimal {
			all = append(all, views.Notice{Kind: views.Warn, Title: f.T("ledger.ask_decimal", c.Heading), Text: f.T("ledger.ask_decimal_text", strings.Join(c.Samples, " · "))})
		}
		if c.AskOrder {
			all = append(all, views.Notice{Kind: views.Warn, Title: f.T("ledger.ask_order", c.Heading), Text: f.T("ledger.ask_order_text", strings.Join(c.Samples, " · "))})
		}
	}
	return all
}

// numberedColumn is a column with where it stands.
type numberedColumn struct {
	sheet.Column
	at int
}

func numbered(columns []sheet.Column) (all []numberedColumn) {
	for i, c := range columns {
		all = append(all, numberedColumn{c, i})
	}
	return all
}

func (f *filled) columnsGrid() *grid[numberedColumn] {
	return &grid[numberedColumn]{speaker: f.speaker, id: "columns", caption: f.T("ledger.columns"), columns: []column[numberedColumn]{
		{head: f.T("ledger.column"), cell: func(c numberedColumn) views.Cell { return words(f.columnName(c.Column, c.at)) }},
		{head: f.T("ledger.written"), cell: func(c numberedColumn) views.Cell { return words(f.writing(c.Column)) }},
		{head: f.T("ledger.filled"), number: true, cell: func(c numberedColumn) views.Cell { return words(f.Number(int64(c.Filled))) }},
		{head: f.T("ledger.samples"), cell: func(c numberedColumn) views.Cell { return words(strings.Join(c.Samples, " · ")) }},
	}}
}

// columnName is the heading of a column, or where it stands when it has none.
func (w speaker) columnName(c sheet.Column, i int) string {
	if c.Heading == "" {
		return w.T("ledger.column_n", w.Number(int64(i+1)))
	}
	return shortened(c.Heading)
}

// writing says what the cells of a column are.
func (w speaker) writing(c sheet.Column) string {
	switch {
	case c.Filled == 0:
		return w.T("ledger.written.nothing")
	case c.IsDay() && c.Order != "":
		return w.T("ledger.written.days", w.T("ledger.order."+string(c.Order)))
	case c.IsDay():
		return w.T("ledger.written.day")
	case c.IsNumber() && c.Decimal != "":
		return w.T("ledger.written.numbers", c.Decimal)
	case c.IsNumber():
		return w.T("ledger.written.number")
	}
	return w.T("ledger.written.words")
}

func (f *filled) mappingInputs(columns []sheet.Column) (inputs []views.Input) {
	for _, role := range spend.Roles() {
		options := []views.Option{{Text: f.T("ledger.no_column")}}
		for i, c := range columns {
			options = append(options, views.Option{Value: strconv.Itoa(i), Text: f.columnName(c, i)})
		}
		in := views.Select{Name: string(role), Label: f.T("ledger.role." + string(role)), Options: options}
		if f.Has("ledger.role_hint." + string(role)) {
			in.Hint = f.T("ledger.role_hint." + string(role))
		}
		inputs = append(inputs, f.choose(in))
	}
	inputs = append(inputs, f.currencyInput())
	var scales, decimals, orders []views.Option
	for _, scale := range spend.Scales() {
		scales = append(scales, views.Option{Value: scale, Text: f.T("ledger.scale." + scale)})
	}
	for _, d := range []string{".", ","} {
		decimals = append(decimals, views.Option{Value: d, Text: d})
	}
	for _, o := range []sheet.Order{"", sheet.DMY, sheet.MDY, sheet.Count} {
		key := "ledger.order.found"
		if o != "" {
			key = "ledger.order." + string(o)
		}
		orders = append(orders, views.Option{Value: string(o), Text: f.T(key)})
	}
	last := views.Choices{Name: "to_is_last", Legend: f.T("ledger.role.to"), Options: []views.Option{{Value: ticked, Text: f.T("ledger.to_is_last")}}}
	return append(inputs, f.choose(views.Select{Name: "scale", Label: f.T("ledger.scale"), Options: scales}), f.choose(views.Select{Name: "decimal", Label: f.T("ledger.decimal"), Hint: f.T("ledger.decimal_hint"), Options: decimals}),
		f.choose(views.Select{Name: "order", Label: f.T("ledger.order"), Options: orders}), f.ticksOf(last),
		f.field(views.Field{Name: "publisher", Label: f.T("ledger.publisher"), Hint: f.T("ledger.publisher_hint"), Width: "w30"}))
}

// sentMapping is what a form says that the columns mean.
func sentMapping(r *web.Request, b *spend.Batch) *spend.Mapping {
	columns := b.Found().Columns
	m := &spend.Mapping{Heading: b.Mapping().Heading, Columns: map[spend.Role]int{}, Publisher: strings.TrimSpace(r.Form("publisher")), Currency: strings.ToUpper(strings.TrimSpace(r.Form("currency_code"))),
		Scale: r.Form("scale"), Decimal: r.Form("decimal"), Order: sheet.Order(r.Form("order")), ToIsLast: r.Form("to_is_last") == ticked}
	if b.Format == spend.FOCUS {
		m.Columns = nil
	}
	for _, role := range spend.Roles() {
		if m.Columns == nil {
			break
		}
		if i, err := strconv.Atoi(r.Form(string(role))); err == nil && i >= 0 && i < len(columns) {
			m.Columns[role] = i
		}
	}
	return m
}

// saveMapping has a file read by what its columns mean.
func (s *Site) saveMapping(r *web.Request) (web.Reply, error) {
	b, err := s.batchIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	if !canBeMapped(b) {
		return web.SeeOther(at(r.Lang, importPath(b.ID, ""))).Say("ledger.not_done"), nil
	}
	m := sentMapping(r, b)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return spend.Read(r.Context(), tx, b.ID, b.Format, m) })
	if wrong, bad := invalid(err); bad {
		if key, ok := wrong["currency"]; ok && key != "ledger.column_twice" {
			delete(wrong, "currency")
			wrong["currency_code"] = key
		}
		return s.mappingForm(r, b, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if isConflict(err) {
		return web.SeeOther(at(r.Lang, importPath(b.ID, ""))).Say("ledger.not_done"), nil
	}
	if err == nil {
		err = s.readNow(r.Context(), b)
	}
	if err != nil {
		return web.Reply{}, err
	}
	return web.SeeOther(at(r.Lang, importPath(b.ID, ""))), nil
}
