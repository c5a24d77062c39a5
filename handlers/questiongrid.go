package handlers

import (
	"cmp"
	"strings"

	"pilveturg/models"
	"pilveturg/models/reports"
	"pilveturg/views"
	"pilveturg/views/chart"
)

// grid is how the rows of an answer are shown and written to files.
func (a *questionAsk) grid(answer *reports.Answer) *grid[reports.Row] {
	g := &grid[reports.Row]{speaker: a.speaker, id: "answer", caption: a.T("report.q." + a.Code), path: a.path(), kept: a.kept, files: true, sorted: true,
		empty: views.Empty{Title: a.T("ledger.nothing"), Text: a.T("report.nothing_text")}}
	for i, c := range answer.Columns {
		g.columns = append(g.columns, a.column(answer, i, c))
	}
	if len(answer.Columns) > 0 {
		said := func(code, key, text string) {
			g.columns = append(g.columns, column[reports.Row]{code: code, head: a.T(key), inFile: true, value: func(reports.Row) any { return text }})
		}
		said("currency", "ledger.role.currency", answer.Currency)
	}
	return g
}

// column is a column of an answer.
func (a *questionAsk) column(answer *reports.Answer, i int, c reports.Column) column[reports.Row] {
	return column[reports.Row]{name: c.Code, code: c.Code, head: a.T("report.col." + c.Code), number: c.Kind.IsNumber(),
		order: func(x, y reports.Row) int { return a.compare(c.Kind, x.Values[i], y.Values[i]) },
		cell: func(row reports.Row) views.Cell {
			cell := words(a.valueWords(answer, c, row.Values[i]))
			if i == 0 && row.Below != nil {
				cell.Link.URL = a.below(row.Below)
			}
			return cell
		},
		value: func(row reports.Row) any {
			v := row.Values[i]
			switch {
			case v.Unknown:
				return nil
			case c.Kind.IsNumber():
				return v.Amount
			}
			return a.valueWords(answer, c, v)
		}}
}

// compare puts values into order: the largest number first, words by the alphabet, and
// what is not known last.
func (a *questionAsk) compare(kind reports.Kind, x, y reports.Value) int {
	if x.Unknown != y.Unknown {
		if x.Unknown {
			return 1
		}
		return -1
	}
	if kind.IsNumber() {
		return y.Amount.Cmp(x.Amount)
	}
	if kind == reports.Name {
		return a.Compare(a.nameWords(x), a.nameWords(y))
	}
	return cmp.Compare(x.Text, y.Text)
}

// valueWords are what stands in a cell.
func (a *questionAsk) valueWords(answer *reports.Answer, c reports.Column, v reports.Value) string {
	switch {
	case c.Kind.IsNumber():
		return a.numberWords(answer, c.Kind, v)
	case v.Code != "":
		return a.T("report.code." + c.Code + "." + v.Code)
	case c.Kind == reports.Month && v.Text == "" && c.Code == fieldMonth && a.Code == "spent":
		return a.T("ledger.no_month")
	case c.Kind == reports.Day && v.Text != "":
		if day, err := models.ParseDate(v.Text); err == nil {
			return a.DateShort(day)
		}
	case c.Kind == reports.Name:
		return cmp.Or(a.nameWords(v), a.T("ledger.no_name"))
	}
	return v.Text
}

// nameWords are a name, in the language of the reader where it is one of ours.
func (a *questionAsk) nameWords(v reports.Value) string {
	if o := a.orgs.byID[v.Org]; o != nil {
		return o.name(a.Tag).Text
	}
	if v.Slug != "" {
		return a.categoryOf(v.Slug)
	}
	return v.Text
}

// numberWords write a number as people read it; files have every decimal.
func (a *questionAsk) numberWords(answer *reports.Answer, kind reports.Kind, v reports.Value) string {
	switch {
	case v.Unknown:
		return "–"
	case kind == reports.Money:
		return a.Rounded(v.Amount, answer.Currency)
	case kind == reports.Percent:
		if short, err := v.Amount.Round(2); err == nil {
			return a.Exact(short, "") + " %"
		}
	}
	return a.Exact(v.Amount, "")
}

// How many rows a figure has at most.
const (
	drawnBars   = 12
	drawnStacks = 48
)

// figure draws the answer, of the same rows that the table shows.
func (a *questionAsk) figure(answer *reports.Answer) (chart.Chart, bool) {
	d := answer.Draw
	if d.As == "" {
		return chart.Chart{}, false
	}
	vat := "ledger.without_vat"
	if a.ask.WithTax {
		vat = "ledger.with_vat"
	}
	c := chart.Chart{ID: "figure", Kind: chart.Kind(d.As), Title: a.T("report.short." + a.Code), Currency: answer.Currency, Basis: a.T(vat)}
	for _, i := range d.Values {
		c.Series = append(c.Series, a.T("report.col."+answer.Columns[i].Code))
	}
	rows := answer.Rows
	if c.Kind == chart.Bars {
		rows = rows[:min(drawnBars, len(rows))]
	} else {
		rows = rows[max(0, len(rows)-drawnStacks):]
	}
	for _, row := range rows {
		label := a.valueWords(answer, answer.Columns[d.Label], row.Values[d.Label])
		var values []chart.Value
		for _, i := range d.Values {
			values = append(values, chart.Value{Exact: row.Values[i].Amount, Unknown: row.Values[i].Unknown})
		}
		c.Rows = append(c.Rows, chart.Row{Label: label, Values: values})
	}
	c.Message = a.figureMessage(answer, &c)
	return c, len(c.Rows) > 1 && c.Drawn()
}

// figureMessage says what is to be seen: the largest, and what of all it is.
func (a *questionAsk) figureMessage(answer *reports.Answer, c *chart.Chart) string {
	if len(c.Rows) == 0 {
		return ""
	}
	largest, most := 0, drawnSize(c, 0)
	for i := range c.Rows {
		if n := drawnSize(c, i); size(n).Cmp(size(most)) > 0 {
			largest, most = i, n
		}
	}
	words := []string{a.T("report.figure_largest", c.Rows[largest].Label, a.Rounded(most, c.Currency))}
	if n := len(answer.Rows); n > len(c.Rows) {
		words = append(words, a.T("report.figure_part", a.Locale.Number(int64(len(c.Rows))), a.Locale.Number(int64(n))))
	}
	return strings.Join(words, " ")
}

// drawnSize is what is drawn of a row: of bars the first, of a column all together.
func drawnSize(c *chart.Chart, row int) (sum models.Exact) {
	for i, v := range c.Rows[row].Values {
		if more, err := sum.Add(v.Exact); err == nil && (i == 0 || c.Kind == chart.Stacks) {
			sum = more
		}
	}
	return sum
}

// size is an amount without its sign.
func size(e models.Exact) models.Exact {
	if e.Sign() < 0 {
		return e.Neg()
	}
	return e
}
