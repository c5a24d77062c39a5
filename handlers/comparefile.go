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

// compareFile answers with the comparison as a table for spreadsheets: the rows
// that the page of the same address shows.
func (s *Site) compareFile(r *web.Request) (web.Reply, error) {
	c, err := s.compare(r)
	if err != nil {
		return web.Reply{}, err
	}
	if len(c.calc.wrong) > 0 {
		return web.SeeOther(c.address("", c.ids(0))), nil // where it is said what is wrong
	}
	var b bytes.Buffer
	b.WriteString("\ufeff") // or spreadsheets take the text for another encoding
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(c.lines()); err != nil {
		return web.Reply{}, err
	}
	return web.Data("text/csv; charset=utf-8", b.Bytes(), 0), nil
}

// lines are the rows of the file. A service has two columns: what it says, and how
// that is known.
func (c *comparison) lines() [][]string {
	head := []string{c.T("compare.file.part"), c.T("compare.file.row"), c.T("compare.file.unit")}
	numbers := []string{"", c.T("compare.file.number"), ""}
	for i := range c.sides {
		name := c.heading(&c.sides[i])
		head = append(head, name, c.T("compare.file.remarks", name))
		numbers = append(numbers, catalogue.Number(c.sides[i].ID), tagWords(c.tags(c.sides[i].Offering, false)))
	}
	lines := [][]string{head, numbers}
	for _, part := range c.parts {
		for i := range part.rows {
			if c.wanted(&part.rows[i]) {
				lines = append(lines, c.line(part.title, &part.rows[i]))
			}
		}
	}
	if t := c.scores(); t != nil {
		lines = append(lines, c.scoreLines(t)...)
	}
	for _, line := range lines {
		for i := range line {
			line[i] = plainCell(line[i])
		}
	}
	return lines
}

// line is one row of the comparison.
func (c *comparison) line(part string, row *comparedRow) []string {
	unit, measured := c.unitOf(row)
	line := []string{part, row.label.Text, unit}
	for i, shown := range row.shown {
		value := cellWords(shown)
		if cell := row.Cells[i]; measured && cell.Figure != nil && !strings.Contains(value, "–") {
			value = cell.Figure.String()
		}
		line = append(line, value, remarks(shown))
	}
	return line
}

// unitOf is the unit in which all figures of the row are; it is not measured when
// they are in several, or are no measure.
func (c *comparison) unitOf(row *comparedRow) (unit string, measured bool) {
	if row.Scale != catalogue.ScaleLow && row.Scale != catalogue.ScaleHigh {
		return "", false
	}
	for _, cell := range row.Cells {
		switch {
		case cell.Figure == nil:
		case measured && cell.Unit != unit:
			return "", false
		default:
			unit, measured = cell.Unit, true
		}
	}
	switch row.Question.Type {
	case catalogue.TypePercent:
		unit = "%"
	case catalogue.TypeNumber, catalogue.TypeDuration:
		unit = c.unitName(unit, models.Whole(1))
	}
	return unit, measured
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

// scoreLines are the rows of the totals.
func (c *comparison) scoreLines(t *views.ScoreTable) [][]string {
	var lines [][]string
	title := c.T("compare.score")
	for _, row := range t.Rows {
		line := []string{title, row.Name.Text, ""}
		for _, cell := range row.Cells {
			line = append(line, cell, row.Scale)
		}
		lines = append(lines, line)
	}
	total := []string{title, c.T("compare.total"), ""}
	for _, one := range t.Foot {
		total = append(total, one.Text, one.Tag.Text)
	}
	return append(lines, total)
}

// plainCell puts an apostrophe before what a spreadsheet would run as a formula.
func plainCell(s string) string {
	if s != "" && slices.Contains([]byte("=+-@\t\r\n"), s[0]) {
		return "'" + s
	}
	return s
}
