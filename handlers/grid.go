package handlers

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"slices"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/views"
)

const (
	rowsOnPage = 50
	csvKind    = "text/csv; charset=utf-8"
)

// grid is how rows of one kind are shown as a table, sorted, cut into pages and
// written to a file. The file holds all rows that the address asks for.
type grid[T any] struct {
	speaker
	id      string // of the caption
	caption string
	path    string     // of the page; that of the file is the same with ".csv"
	kept    url.Values // what the address asks for, besides order and page
	columns []column[T]
	empty   views.Empty
	fill    func(rows []T) error // reads what only rows that are shown need; nil: nothing
	files   bool                 // they come as all kinds of files; else as CSV only
	sorted  bool                 // the rows come in an order of their own, which holds until another is asked for
}

// column is a column of a [grid].
type column[T any] struct {
	name   string // in addresses, when rows can be sorted by it
	code   string // in JSON, where there is such a file; the same in all languages
	head   string
	hidden bool // only for screen readers, and in no file
	inFile bool // only in a file
	number bool
	cell   func(T) views.Cell
	file   func(T) string // what a file holds; nil: the words of the cell
	value  func(T) any    // the same as a [fileColumn] has it; nil: a text
	order  func(a, b T) int
}

// inFile is a column that stands only in the file: on the page other cells say it.
func inFile[T any](c column[T]) column[T] {
	c.inFile = true
	return c
}

// valued is a column of which a file holds a value of its own.
func valued[T any](c column[T], of func(T) any) column[T] {
	c.value = of
	return c
}

// words is a cell of words only.
func words(text string) views.Cell { return views.Cell{Link: views.Link{Text: text}} }

// sort puts the rows into the order that the address asks for, or that of the first
// column that has one.
func (g *grid[T]) sort(r *web.Request, rows []T) (by string, down bool) {
	asked, down := strings.CutPrefix(r.Query(fieldSort), "-")
	i := slices.IndexFunc(g.columns, func(c column[T]) bool { return c.order != nil && c.name == asked })
	if i < 0 && g.sorted {
		return "", false
	}
	if i < 0 {
		i, down = slices.IndexFunc(g.columns, func(c column[T]) bool { return c.order != nil }), false
	}
	if i < 0 {
		return "", false
	}
	order := g.columns[i].order
	slices.SortStableFunc(rows, func(a, b T) int {
		if down {
			return order(b, a)
		}
		return order(a, b)
	})
	return g.columns[i].name, down
}

// address is the path of the n-th page in an order, "" for the first of all.
func (g *grid[T]) address(order string, n int) string {
	query := url.Values{fieldSort: {order}}
	for name, values := range g.kept {
		query[name] = values
	}
	return pageAddress(g.path, query, n)
}

// answer shows the page of the rows that the address asks for: page makes it of the
// table. A form sends also what nobody filled in; that goes from the address.
func (g *grid[T]) answer(r *web.Request, rows []T, page func(views.Table, slice) (views.ListPage, error)) (web.Reply, error) {
	part, ok := cut(r, len(rows), rowsOnPage)
	for _, values := range r.Values() {
		ok = ok && !slices.Contains(values, "")
	}
	if !ok {
		return web.SeeOther(at(r.Lang, g.address(r.Query(fieldSort), 1))), nil
	}
	t, err := g.table(r, rows, part)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := page(t, part)
	return web.Status(statusOf(p.Errors), p), err
}

// table shows a part of the rows.
func (g *grid[T]) table(r *web.Request, rows []T, part slice) (views.Table, error) {
	by, down := g.sort(r, rows)
	order := by
	if down {
		order = "-" + by
	}
	t := views.Table{Empty: g.empty, Head: views.Head{ID: g.id, Caption: g.caption, Quiet: true},
		Pager: part.pager(g.Tag, func(n int) string { return g.address(order, n) })}
	switch {
	case g.path != "" && g.files:
		t.Files = g.fileLinks(g.path, g.address(order, 1))
	case g.path != "":
		t.Files = []views.Link{{URL: at(g.Tag, strings.Replace(g.address(order, 1), g.path, g.path+".csv", 1)), Text: g.T("audit.file.csv")}}
	}
	for _, c := range g.columns {
		if !c.inFile {
			t.Head.Columns = append(t.Head.Columns, g.headOf(c, by, down))
		}
	}
	shown := pick(rows, part)
	if g.fill != nil {
		if err := g.fill(shown); err != nil {
			return views.Table{}, err
		}
	}
	for _, row := range shown {
		var cells views.TableRow
		for _, c := range g.columns {
			if c.inFile {
				continue
			}
			cell := c.cell(row)
			cell.Label, cell.Number = c.head, c.number
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t, nil
}

func (g *grid[T]) headOf(c column[T], by string, down bool) views.Column {
	h := views.Column{Text: c.head, Hidden: c.hidden, Number: c.number}
	if c.order == nil || g.path == "" {
		return h
	}
	to := c.name
	if c.name == by {
		h.Sorted = "ascending"
		if down {
			h.Sorted = "descending"
		} else {
			to = "-" + c.name
		}
	}
	h.Sort = at(g.Tag, g.address(to, 1))
	return h
}

// csv answers with all rows as a table for spreadsheets.
func (g *grid[T]) csv(r *web.Request, rows []T) (web.Reply, error) {
	g.sort(r, rows)
	if g.fill != nil {
		if err := g.fill(rows); err != nil {
			return web.Reply{}, err
		}
	}
	f := rowFile[T]{columns: g.fileColumns(), rows: sequence(slices.Values(rows))}
	var b bytes.Buffer
	err := f.writeCSV(&b)
	return web.Data(csvKind, b.Bytes(), 0), err
}

// wordsOf are the words of a cell, a line each.
func wordsOf(c views.Cell) string {
	var lines []string
	for _, tag := range c.Tags {
		lines = append(lines, tag.Text)
	}
	if c.Link.Text != "" {
		lines = append(lines, c.Link.Text)
	}
	return strings.Join(append(lines, c.Lines...), "\n")
}

// csvReply answers with lines as a table that spreadsheets read.
func csvReply(lines [][]string) (web.Reply, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF") // or some spreadsheets take it for another encoding
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	for _, cells := range lines {
		if err := out.Write(harmless(cells)); err != nil {
			return web.Reply{}, err
		}
	}
	out.Flush()
	return web.Data(csvKind, b.Bytes(), 0), out.Error()
}
