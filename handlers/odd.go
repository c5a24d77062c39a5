package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/spend/outlook"
	"pilveturg/views"
)

const oddPath = spendPath + "/anomalies"

// showOdd lists the months in which what a body paid a vendor is not as it used to be,
// and why that is thought.
func (s *Site) showOdd(r *web.Request) (web.Reply, error) {
	f, g, odd, year, err := s.oddRows(r)
	if err != nil {
		return web.Reply{}, err
	}
	years, err := spend.Years(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, odd.Months, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("odd.title_year", strconv.Itoa(year)), Text: []string{f.T("odd.text"), f.N("odd.pairs", int64(odd.Pairs))}, Table: t, Found: f.N("odd.found", int64(part.Total)), Links: []views.Link{f.link(spendPath, "ledger.title"), f.link(forecastPath, "ahead.title_short")}, Filter: f.yearFilter(oddPath, years, year)}
		if odd.LeftOut > 0 {
			p.Text = append(p.Text, f.N("odd.left_out", int64(odd.LeftOut)))
		}
		p.Shell = f.page(part.title(f.speaker, p.Heading), f.link(spendPath, "ledger.title"))
		p.Section = spendSection
		return p, nil
	})
}

func (s *Site) oddRows(r *web.Request) (*filled, *grid[spend.OddMonth], spend.Odd, int, error) {
	f := s.asked(r, nil)
	year, asked, err := s.askedYear(r)
	if err != nil {
		return nil, nil, spend.Odd{}, 0, err
	}
	odd, err := spend.OddMonths(r.Context(), s.DB, r.Actor, year, models.DateOf(s.today()))
	g := f.oddGrid()
	g.path, g.kept, g.files = oddPath, asked, true
	return f, g, odd, year, err
}

func (f *filled) oddGrid() *grid[spend.OddMonth] {
	return &grid[spend.OddMonth]{speaker: f.speaker, id: "odd", caption: f.T("odd.title"), sorted: true, empty: views.Empty{Title: f.T("odd.none"), Text: f.T("odd.none_text")}, columns: []column[spend.OddMonth]{
		{code: "month", name: "month", head: f.T("ledger.by.month"), order: func(a, b spend.OddMonth) int { return cmp.Compare(b.Month, a.Month) }, cell: func(m spend.OddMonth) views.Cell {
			q := url.Values{fieldBuyer: {m.Buyer}, fieldVendor: {m.Vendor}, fieldMonth: {m.Month}}
			return views.Cell{Link: views.Link{URL: at(f.Tag, spendPath+"/lines?"+q.Encode()), Text: m.Month}}
		}, file: func(m spend.OddMonth) string { return m.Month }},
		{code: "vendor", name: "vendor", head: f.T("ledger.role.vendor"), order: func(a, b spend.OddMonth) int { return f.Compare(a.VendorName, b.VendorName) }, cell: func(m spend.OddMonth) views.Cell { return words(m.VendorName) }},
		{code: "buyer", name: "buyer", head: f.T("ledger.role.buyer"), order: func(a, b spend.OddMonth) int { return f.Compare(a.BuyerName, b.BuyerName) }, cell: func(m spend.OddMonth) views.Cell { return words(m.BuyerName) }},
		{code: "euros", name: "euros", head: f.T("ledger.euros"), number: true, order: func(a, b spend.OddMonth) int { return b.Got.Cmp(a.Got) }, cell: func(m spend.OddMonth) views.Cell { return words(f.Rounded(m.Got, "EUR")) }, value: func(m spend.OddMonth) any { return m.Got }},
		{code: "expected", head: f.T("odd.expected"), number: true, cell: func(m spend.OddMonth) views.Cell {
			if m.Low == m.High {
				return words(f.Rounded(m.Low, "EUR"))
			}
			return words(f.T("matching.from_to", f.Rounded(m.Low, "EUR"), f.Rounded(m.High, "EUR")))
		}},
		{code: "why", head: f.T("odd.why"), cell: func(m spend.OddMonth) views.Cell {
			c := words(f.T("odd.rule." + string(m.Rule)))
			for _, figure := range m.Figures {
				c.Lines = append(c.Lines, f.T("odd.figure", f.T("odd.figure."+figure.Name), f.figureWords(figure)))
			}
			return c
		}},
	}}
}

// figureWords are a number on which an anomaly stands.
func (w speaker) figureWords(f outlook.Figure) string {
	e, err := models.RoundRat(f.Value, 2)
	switch {
	case err != nil:
		return f.Value.FloatString(2)
	case slices.Contains([]string{outlook.FigureTrend, outlook.FigureRatio, outlook.FigureCharged, outlook.FigureCount, outlook.FigureUsualCount, outlook.FigureEmpty}, f.Name):
		return w.Exact(e, "")
	case f.Name == outlook.FigurePercent:
		return w.percent(f.Value)
	}
	return w.Rounded(e, "EUR")
}

// oddFile answers with the same as a file.
func (s *Site) oddFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		_, g, odd, _, err := s.oddRows(r)
		if err != nil {
			return web.Reply{}, err
		}
		return g.file(r, odd.Months, kind)
	}
}
