package handlers

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// compareCSV answers with the comparison as a table for spreadsheets: the rows that
// the page of the same address shows.
func (s *Site) compareCSV(r *web.Request) (web.Reply, error) {
	return s.compareFile(r, "text/csv; charset=utf-8", func(c *comparison, b *bytes.Buffer) error {
		b.WriteString("\ufeff") // or spreadsheets take the text for another encoding
		w := csv.NewWriter(b)
		w.UseCRLF = true
		return w.WriteAll(plainLines(c.lines()))
	})
}

// compareXLSX answers with the same as a workbook.
func (s *Site) compareXLSX(r *web.Request) (web.Reply, error) {
	return s.compareFile(r, xlsxKind, func(c *comparison, b *bytes.Buffer) error {
		const part, row, unit, value, notes = 20, 36, 10, 26, 40
		form := sheetForm{name: c.T("compare.title"), widths: []int{part, row, unit}, rows: headLines, cols: 2, wrap: true}
		for range c.sides {
			form.widths = append(form.widths, value, notes)
		}
		book := newSheet(b, form)
		for _, line := range c.lines() {
			book.write(line...)
		}
		return book.end()
	})
}

// compareFile answers with what write makes of the comparison. Where something is
// wrong with what was typed, it leads to the page that says so.
func (s *Site) compareFile(r *web.Request, kind string, write func(*comparison, *bytes.Buffer) error) (web.Reply, error) {
	c, err := s.compare(r)
	if err != nil {
		return web.Reply{}, err
	}
	if len(c.calc.wrong) > 0 {
		return web.SeeOther(at(r.Lang, withQuery(comparePath, r.RawQuery()))), nil
	}
	var b bytes.Buffer
	err = write(c, &b)
	return web.Data(kind, b.Bytes(), 0), err
}

// headLines are the lines that name the columns: what they are called, and the
// numbers of the services.
const headLines = 2

// lines are the rows of the file, in the cells that a [sheet] takes. A service has
// two columns: what it says, and how that is known.
func (c *comparison) lines() [][]any {
	head := []any{c.T("compare.file.part"), c.T("compare.file.row"), c.T("compare.file.unit")}
	numbers := []any{"", c.T("compare.file.number"), ""}
	for i := range c.sides {
		name := c.heading(&c.sides[i])
		head = append(head, name, c.T("compare.file.remarks", name))
		numbers = append(numbers, catalogue.Number(c.sides[i].ID), tagWords(c.tags(c.sides[i].Offering, false)))
	}
	lines := [][]any{head, numbers}
	for _, part := range c.parts {
		for i := range part.rows {
			if c.wanted(&part.rows[i]) {
				lines = append(lines, c.line(part.title, &part.rows[i]))
			}
		}
	}
	return append(lines, c.scoreLines()...)
}

// line is one row of the comparison. Its unit stands in a column of its own, but
// with each figure when they are in several.
func (c *comparison) line(part string, row *comparedRow) []any {
	unit, one := c.unitOf(row)
	line := []any{part, row.label.Text, unit}
	for i, shown := range row.shown {
		value, notes := any(cellWords(shown)), remarks(shown)
		figure, own := c.figure(row, i)
		switch {
		case figure != nil && isMoney(row):
			value = amount(figure.String())
		case figure != nil:
			value = number(figure.String())
		case row.Question.Type == catalogue.TypeDate && len(row.Cells[i].Answer.Values) == 1:
			if day, err := models.ParseDate(row.Cells[i].Answer.Values[0]); err == nil {
				value = day
			}
		}
		if figure != nil && !one {
			notes = joined(c.unitWord(row, own), notes)
		}
		line = append(line, value, notes)
	}
	return line
}

func isMoney(row *comparedRow) bool {
	return row.ID == rowYear || row.ID == rowTerm || row.Question.Type == catalogue.TypeMoney
}

// figure is what a cell says as one number, and its unit; nil when it is words.
func (c *comparison) figure(row *comparedRow, i int) (figure *models.Decimal, unit string) {
	cell := &row.Cells[i]
	switch {
	case row.ID == rowYear && c.offers[i].year.IsRange(), row.ID == rowTerm && c.offers[i].term.IsRange():
		return nil, ""
	case row.Scale == catalogue.ScaleLow, row.Scale == catalogue.ScaleHigh:
		return cell.Figure, cell.Unit
	case len(cell.Answer.Values) != 1:
		return nil, ""
	}
	value, unit := cell.Answer.Values[0], row.Question.Unit
	switch row.Question.Type {
	case catalogue.TypeMoney:
		value, unit, _ = strings.Cut(value, " ")
	case catalogue.TypeNumber, catalogue.TypePercent, catalogue.TypeDuration:
	default:
		return nil, ""
	}
	if d, err := models.ParseDecimal(value); err == nil {
		return &d, unit
	}
	return nil, ""
}

// unitOf words the unit in which all figures of the row are; there is no such one
// when they are in several.
func (c *comparison) unitOf(row *comparedRow) (unit string, one bool) {
	some := false
	for i := range row.Cells {
		switch figure, own := c.figure(row, i); {
		case figure == nil:
		case some && own != unit:
			return "", false
		default:
			unit, some = own, true
		}
	}
	if !some {
		return "", true
	}
	return c.unitWord(row, unit), true
}

func (c *comparison) unitWord(row *comparedRow, unit string) string {
	switch row.Question.Type {
	case catalogue.TypePercent:
		return "%"
	case catalogue.TypeNumber, catalogue.TypeDuration:
		return c.unitName(unit, models.Whole(1))
	}
	return unit
}

func cellWords(cell views.CompareCell) string {
	list := []string{cell.Value.Text}
	if cell.URL != "" {
		list[0] = cell.URL
	}
	for _, more := range cell.More {
		list = append(list, more.Text)
	}
	return strings.Join(list, "; ")
}

// remarks are what stands in a cell besides its value.
func remarks(cell views.CompareCell) string {
	list := []string{}
	if words := tagWords(cell.Tags); words != "" {
		list = append(list, words)
	}
	for _, note := range cell.Notes {
		list = append(list, note.Text)
	}
	if cell.Action.URL != "" {
		list = append(list, cell.Action.URL)
	}
	return strings.Join(list, "; ")
}

func tagWords(tags []views.Tag) string {
	words := make([]string, len(tags))
	for i, t := range tags {
		words[i] = t.Text
	}
	return strings.Join(words, "; ")
}

// scoreLines are the rows of the totals: the points, and how they come about.
func (c *comparison) scoreLines() [][]any {
	t := c.weigh()
	if t == nil {
		return nil
	}
	var lines [][]any
	title := c.T("compare.score")
	for k := range t.rows {
		row := &t.rows[k]
		words := c.scoreRow(row)
		line := []any{title, words.Name.Text, ""}
		for i, s := range row.scores {
			line = append(line, c.pointsCell(i, s.Points), joined(words.Cells[i], words.Scale))
		}
		lines = append(lines, line)
	}
	total := []any{title, c.T("compare.total"), ""}
	for i, one := range c.totals(t) {
		total = append(total, c.pointsCell(i, t.totals[i]), joined(one.Text, one.Tag.Text))
	}
	return append(lines, total)
}

// pointsCell is empty for a service that is not scored.
func (c *comparison) pointsCell(i int, points models.Decimal) any {
	if !c.counts[i] {
		return number("")
	}
	return number(points.String())
}

// joined are those of the remarks that say something.
func joined(remarks ...string) string {
	return strings.Join(slices.DeleteFunc(remarks, func(s string) bool { return s == "" }), "; ")
}

// plainLines are lines of cells as a table of plain text has them.
func plainLines(lines [][]any) [][]string {
	plain := make([][]string, len(lines))
	for i, line := range lines {
		for _, cell := range line {
			switch v := cell.(type) {
			case number:
				plain[i] = append(plain[i], string(v))
			case amount:
				plain[i] = append(plain[i], string(v))
			case models.Date:
				plain[i] = append(plain[i], v.String())
			case string:
				plain[i] = append(plain[i], plainCell(v))
			}
		}
	}
	return plain
}

// plainCell puts an apostrophe before what a spreadsheet would run as a formula.
func plainCell(s string) string {
	if s != "" && slices.Contains([]byte("=+-@\t\r\n"), s[0]) {
		return "'" + s
	}
	return s
}
