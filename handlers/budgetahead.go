package handlers

import (
	"cmp"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/matching"
	"pilveturg/models/spend"
	"pilveturg/models/spend/outlook"
	"pilveturg/views"
)

const forecastPath = spendPath + "/forecast"

// headed is a line of a budget with where it is heading.
type headed struct {
	matching.Spending
	matching.Ahead
	body views.Words
}

// headedLines are the lines of a year of all bodies that the reader sees, with where they
// are heading.
func (s *Site) headedLines(r *web.Request, year int) ([]headed, error) {
	lines, err := matching.Spendings(r.Context(), s.DB, r.Actor, year, models.DateOf(s.today()))
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, line := range lines {
		ids = append(ids, line.Body)
	}
	names, err := identity.Briefs(r.Context(), s.DB, unique(ids))
	if err != nil {
		return nil, err
	}
	all := make([]headed, len(lines))
	for i := range lines {
		all[i] = headed{Spending: lines[i], body: views.In(names[lines[i].Body].Names, r.Lang)}
		if all[i].Ahead, err = lines[i].Ahead(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// spentGrid is how lines are shown with what became of them; others: also those of other
// bodies.
func (f *filled) spentGrid(others bool) *grid[headed] {
	money := func(code, key string, of func(headed) models.Exact) column[headed] {
		return column[headed]{code: code, head: f.T(key), number: true, value: func(h headed) any { return of(h) }, cell: func(h headed) views.Cell {
			if h.ID == 0 { // no line, no promise
				return views.Cell{}
			}
			return words(f.Rounded(of(h), "EUR"))
		}}
	}
	line := column[headed]{code: "line", name: "line", head: f.T("budget.line"), order: func(a, b headed) int { return cmp.Compare(a.Code, b.Code) }, cell: func(h headed) views.Cell {
		c := views.Cell{Link: views.Link{Text: f.lineWords(&h.Spending)}, Tags: f.alertTags(h.Alerts)}
		if h.ID != 0 {
			c.Link.URL = at(f.Tag, matching.LinePath(h.ID))
		}
		if h.Unconverted > 0 {
			c.Lines = []string{f.N("ledger.unconverted_n", h.Unconverted)}
		}
		return c
	}, file: func(h headed) string { return f.lineWords(&h.Spending) }}
	body := column[headed]{code: "body", name: "body", head: f.T("ledger.role.buyer"), order: func(a, b headed) int { return f.Compare(a.body.Text, b.body.Text) }, cell: func(h headed) views.Cell { return words(h.body.Text) }}
	billed := column[headed]{code: "billed", head: f.T("ahead.actual"), number: true, value: func(h headed) any { return h.Actual }, cell: func(h headed) views.Cell {
		c := words(f.Rounded(h.Actual, "EUR"))
		if h.Accrued != h.Actual {
			c.Lines = []string{f.T("ahead.accrued_short", f.Rounded(h.Accrued, "EUR"))}
		}
		return c
	}}
	accrued := money("accrued", "ahead.accrued", func(h headed) models.Exact { return h.Accrued })
	accrued.inFile = true
	amount := money("amount", "ahead.amount", func(h headed) models.Exact {
		return models.ExactOf(models.Money{Minor: h.Cents, Currency: "EUR"}.Decimal())
	})
	forecast := column[headed]{code: "year_end", name: "forecast", head: f.T("ahead.year_end_short"), number: true, order: func(a, b headed) int { return yearEnd(b).Cmp(yearEnd(a)) }, cell: func(h headed) views.Cell { return f.yearEndCell(&h) }, value: func(h headed) any { return yearEnd(h) }}
	columns := []column[headed]{line, amount, billed, accrued, money("committed", "ahead.committed", func(h headed) models.Exact { return h.Committed }), money("left", "budget.left", func(h headed) models.Exact { return h.Left() }), forecast}
	if others {
		columns = slices.Insert(columns, 0, body)
	}
	return &grid[headed]{speaker: f.speaker, id: "budget", caption: f.T("budget.caption"), empty: views.Empty{Title: f.T("budget.none"), Text: f.T("budget.none_text")}, columns: columns}
}

// lineWords name a line; bills on none have a name too.
func (w speaker) lineWords(s *matching.Spending) string {
	switch {
	case s.ID != 0:
		return strings.Join([]string{strconv.Itoa(s.Budget.Year), s.Code, s.Name}, " ")
	case s.Code != "":
		return w.T("ahead.line_gone", s.Code)
	}
	return w.T("ahead.no_line")
}

// yearEnd is what the line will have come to by the end of its year, as far as anybody can
// say.
func yearEnd(h headed) models.Exact {
	if f, end := h.Forecast(); f.Code == "" {
		return end.YearEnd
	}
	return h.Actual
}

func (w speaker) yearEndCell(h *headed) views.Cell {
	f, end := h.Forecast()
	if f.Code != "" {
		return words(w.T("ahead.code." + string(f.Code)))
	}
	c := words(w.Rounded(end.YearEnd, "EUR"))
	c.Lines = []string{w.T("ahead.method." + string(f.Method))}
	if h.ID != 0 && end.Crossed {
		c.Lines = append(c.Lines, w.T("ahead.spent_on", w.DateShort(end.Day)))
	}
	return c
}

// alertTags name the highest threshold that is passed, of what was billed and of the
// forecast.
func (w speaker) alertTags(all []outlook.Alert) (tags []views.Tag) {
	for _, on := range []outlook.Basis{outlook.OnActual, outlook.OnForecast} {
		share := 0
		for _, a := range all {
			if a.On == on {
				share = max(share, a.Share)
			}
		}
		if share == 0 || len(tags) > 0 && on == outlook.OnForecast && share <= 80 {
			continue
		}
		kind := views.Warn
		if on == outlook.OnActual && share >= 100 {
			kind = views.Err
		}
		tags = append(tags, views.Tag{Kind: kind, Text: w.T("ahead.alert."+string(on), strconv.Itoa(share))})
	}
	return tags
}

// showForecast lists the lines of all bodies that the reader sees, with where they head.
func (s *Site) showForecast(r *web.Request) (web.Reply, error) {
	f, g, rows, year, err := s.forecastRows(r)
	if err != nil {
		return web.Reply{}, err
	}
	years, err := spend.Years(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("ahead.title", strconv.Itoa(year)), Text: []string{f.T("ahead.text"), f.T("ahead.method_text")}, Table: t, Found: f.N("ahead.lines_n", int64(part.Total)), Links: []views.Link{f.link(spendPath, "ledger.title"), f.link(oddPath, "odd.title")}, Filter: f.yearFilter(forecastPath, years, year)}
		p.Shell = f.page(part.title(f.speaker, p.Heading), f.link(spendPath, "ledger.title"))
		p.Section = spendSection
		return p, nil
	})
}

func (s *Site) forecastRows(r *web.Request) (*filled, *grid[headed], []headed, int, error) {
	f := s.asked(r, nil)
	year, asked, err := s.askedYear(r)
	if err != nil {
		return nil, nil, nil, 0, err
	}
	rows, err := s.headedLines(r, year)
	g := f.spentGrid(true)
	g.path, g.kept, g.files = forecastPath, asked, true
	return f, g, rows, year, err
}

// askedYear is the year that an address asks for, else this one.
func (s *Site) askedYear(r *web.Request) (int, url.Values, error) {
	asked := kept(r, fieldYear)
	text := asked.Get(fieldYear)
	if text == "" {
		return s.today().Year(), asked, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1970 || n > 2100 {
		return 0, nil, models.ErrNotFound
	}
	return n, asked, nil
}

// yearFilter asks for one of the years of which there are charges, or another one that is
// shown.
func (f *filled) yearFilter(path string, years []int, year int) *views.Filter {
	if !slices.Contains(years, year) {
		years = append(years, year)
	}
	var options []views.Option
	for _, y := range years {
		options = append(options, views.Option{Value: strconv.Itoa(y), Text: strconv.Itoa(y)})
	}
	f.begin(fieldYear, strconv.Itoa(year))
	return &views.Filter{Action: at(f.Tag, path), Button: f.T("ledger.update"), Inputs: []views.Input{f.choose(views.Select{Name: fieldYear, Label: f.T("ledger.year"), Options: options})}}
}

// forecastFile answers with the same as a file.
func (s *Site) forecastFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		_, g, rows, _, err := s.forecastRows(r)
		if err != nil {
			return web.Reply{}, err
		}
		return g.file(r, rows, kind)
	}
}

// showLineAhead shows what became of a line of a budget, and where it heads, with the
// working.
func (s *Site) showLineAhead(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "line")
	if err != nil {
		return web.Reply{}, err
	}
	year, err := matching.YearOf(r.Context(), s.DB, id)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := s.headedLines(r, year)
	if err != nil {
		return web.Reply{}, err
	}
	i := slices.IndexFunc(all, func(h headed) bool { return h.ID == id })
	if i < 0 {
		return web.Reply{}, models.ErrNotFound // of a body that the reader does not see
	}
	return s.aheadPage(r, s.fresh(r, nil), &all[i])
}

func (s *Site) aheadPage(r *web.Request, f *filled, h *headed) (web.Reply, error) {
	g := f.monthGrid(h)
	months := h.Year(&h.Ahead)
	table, err := g.table(r, months, whole(len(months)))
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.lineWords(&h.Spending), Tags: f.alertTags(h.Alerts), Facts: f.spendingFacts(h), Parts: []views.ProjectPart{{Heading: f.T("ahead.months"), Table: &table}}}
	for _, a := range h.Alerts {
		if limit, err := models.RoundRat(a.Limit, 2); err == nil {
			page.Notices = append(page.Notices, views.Notice{Kind: views.Warn, Title: f.T("ahead.alert."+string(a.On), strconv.Itoa(a.Share)), Text: f.T("ahead.alert_text", f.Rounded(a.Sum, "EUR"), f.Rounded(limit, "EUR"), f.percent(a.Percent))})
		}
	}
	page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("ahead.method.linear"), Facts: f.forecastFacts(&h.Linear, &h.LinearEnd)}, views.ProjectPart{Heading: f.T("ahead.method.seasonal"), Facts: f.forecastFacts(&h.Seasonal, &h.SeasonalEnd)})
	page.Facts = append([]views.Row{{Key: f.T("ledger.role.buyer"), Value: h.body}}, page.Facts...)
	page.Links = []views.Link{f.link(billsPath, "matching.bills")}
	if h.Body == r.Actor.OrgID && contracts.Reads(r.Actor) {
		page.Links = append(page.Links, f.link(budgetPath, "budget.title"))
	}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(forecastPath, "ahead.title_short"))
	page.Section = spendSection
	return web.Page(page), nil
}

func (f *filled) spendingFacts(h *headed) []views.Row {
	row := func(key string, n models.Exact, note string) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: f.Rounded(n, "EUR")}, Note: note}
	}
	rows := []views.Row{{Key: f.T("budget.amount"), Value: views.Words{Text: f.cents(h.Cents)}}, row("ahead.actual", h.Actual, f.N("matching.bills_n", h.Bills)), row("ahead.accrued", h.Accrued, f.T("ahead.accrued_text")), row("ahead.committed", h.Committed, f.T("ahead.committed_text")), row("budget.left", h.Left(), f.T("ahead.left_text"))}
	if h.Unconverted > 0 {
		rows = append(rows, views.Row{Key: f.T("ledger.unconverted"), Value: views.Words{Text: f.N("ledger.unconverted_n", h.Unconverted)}})
	}
	return rows
}

// monthGrid shows the months of a line's year.
func (f *filled) monthGrid(h *headed) *grid[matching.Month] {
	money := func(key string, of func(matching.Month) (models.Exact, bool)) column[matching.Month] {
		return column[matching.Month]{head: f.T(key), number: true, cell: func(m matching.Month) views.Cell {
			if n, known := of(m); known {
				return words(f.Rounded(n, "EUR"))
			}
			return views.Cell{}
		}}
	}
	return &grid[matching.Month]{speaker: f.speaker, id: "months", caption: f.T("ahead.months"), columns: []column[matching.Month]{
		{head: f.T("ledger.by.month"), cell: func(m matching.Month) views.Cell { return words(m.Month) }},
		money("ahead.actual", func(m matching.Month) (models.Exact, bool) { return m.Actual, m.Over || !m.Actual.IsZero() }),
		money("ahead.accrued", func(m matching.Month) (models.Exact, bool) { return m.Accrued, !m.Accrued.IsZero() }),
		money("ahead.method.linear", func(m matching.Month) (models.Exact, bool) { return m.Linear, !m.Over && h.Linear.Code == "" }),
		money("ahead.method.seasonal", func(m matching.Month) (models.Exact, bool) { return m.Seasonal, !m.Over && h.Seasonal.Code == "" }),
	}}
}

// forecastFacts are a forecast with its working.
func (f *filled) forecastFacts(c *outlook.Forecast, end *outlook.Crossing) (rows []views.Row) {
	add := f.into(&rows)
	if c.Code != "" {
		add("ahead.year_end", f.T("ahead.code."+string(c.Code)))
		return rows
	}
	add("ahead.year_end", f.Rounded(end.YearEnd, "EUR"))
	if end.Crossed {
		add("ahead.overrun", f.T("ahead.overrun_text", f.Date(end.Day), f.Rounded(end.By, "EUR")))
	} else {
		add("ahead.overrun", f.T("ahead.no_overrun", f.Rounded(end.By.Neg(), "EUR")))
	}
	add("ahead.used", f.T("ahead.used_text", f.N("ahead.months_n", int64(len(c.Used))), c.Used[0], c.Used[len(c.Used)-1]))
	add("ahead.level", f.fraction(c.Level))
	add("ahead.slope", f.fraction(c.Slope))
	add("ahead.before", f.fraction(c.Before))
	if c.Trend != nil {
		add("ahead.trend", f.percent(new(big.Rat).Mul(c.Trend, big.NewRat(100, 1))))
	}
	var indices []string
	for _, one := range c.Indices {
		if e, err := models.RoundRat(one.Value, 2); err == nil {
			indices = append(indices, strconv.Itoa(int(one.Month))+": "+f.Exact(e, ""))
		}
	}
	add("ahead.indices", strings.Join(indices, "; "))
	return rows
}

// fraction is an amount of euros to the cent; "" for none.
func (w speaker) fraction(n *big.Rat) string {
	if n == nil {
		return ""
	}
	e, err := models.RoundRat(n, 2)
	if err != nil {
		return ""
	}
	return w.Rounded(e, "EUR")
}

// percent is a percentage to one decimal; "" for none.
func (w speaker) percent(n *big.Rat) string {
	if n == nil {
		return ""
	}
	e, err := models.RoundRat(n, 1)
	if err != nil {
		return ""
	}
	return w.Exact(e, "") + " %"
}
