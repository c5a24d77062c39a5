package handlers

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/views"
)

// The kinds of files that rows are written to.
const (
	asCSV  = "csv"
	asXLSX = "xlsx"
	asJSON = "json"
)

// fileKinds are all of them.
func fileKinds() []string { return []string{asCSV, asXLSX, asJSON} }

// fileColumn is a column of a file: an English code, which stays the same in all
// languages, a heading, and what of a row stands in it. A value is a string, an int, an
// int64, a bool, a [models.Exact], a [spend.Amount], a [models.Date], a [models.Time], a
// list of [spend.Money] or JSON; nil is none.
type fileColumn[T any] struct {
	code, head string
	value      func(T) any
}

// rowFile is rows on their way into a file.
type rowFile[T any] struct {
	name    string // of the sheet of a workbook
	columns []fileColumn[T]
	rows    iter.Seq2[T, error]
	sheet   int // rows of a sheet; 0: as many as spreadsheets know
}

// reply answers with the rows as a file of a kind, while they come.
func (f *rowFile[T]) reply(kind string) web.Reply {
	types := map[string]string{asCSV: csvKind, asXLSX: xlsxKind, asJSON: "application/json"}
	return web.Stream(types[kind], func(w io.Writer) error { return f.write(w, kind) })
}

// write writes the rows as a file of a kind.
func (f *rowFile[T]) write(w io.Writer, kind string) error {
	switch kind {
	case asXLSX:
		return f.writeXLSX(w)
	case asJSON:
		return f.writeJSON(w)
	}
	return f.writeCSV(w)
}

func (f *rowFile[T]) writeCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // or some spreadsheets take it for another encoding
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	cells := make([]string, len(f.columns))
	for i := range f.columns {
		cells[i] = plainCell(f.columns[i].head)
	}
	err := out.Write(cells)
	for row, wrong := range f.rows {
		if err != nil || wrong != nil {
			return firstOf(wrong, err)
		}
		for i := range f.columns {
			cells[i] = csvCell(f.columns[i].value(row))
		}
		err = out.Write(cells)
	}
	out.Flush()
	return firstOf(err, out.Error())
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// csvCell is the text of a value. Only texts can be taken for formulas: what is a number
// stays one, though it begins with a minus.
func csvCell(v any) string {
	if e, ok := exactOf(v); ok {
		return e.String()
	}
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return plainCell(textOf(v))
}

func exactOf(v any) (e models.Exact, ok bool) {
	switch v := v.(type) {
	case models.Exact:
		return v, true
	case spend.Amount:
		return v.Exact, v.Known
	}
	return e, false
}

// textOf is the text of a value that is no number.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case models.Date:
		if v.IsZero() {
			return ""
		}
		return v.String()
	case models.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	case json.RawMessage:
		return string(v)
	case []spend.Money:
		var parts []string
		for _, m := range v {
			parts = append(parts, m.Amount.String()+" "+m.Currency)
		}
		return strings.Join(parts, "; ")
	}
	return ""
}

func (f *rowFile[T]) writeXLSX(w io.Writer) error {
	const width = 16
	var head []any
	form := sheetForm{name: f.name}
	for _, c := range f.columns {
		head, form.widths = append(head, c.head), append(form.widths, width)
	}
	most := f.sheet
	if most == 0 {
		most = mostSheetRows
	}
	book := newLongBook(w, form, head, most)
	cells := make([]any, len(f.columns))
	for row, err := range f.rows {
		if err != nil {
			return err
		}
		for i := range f.columns {
			cells[i] = sheetCell(f.columns[i].value(row))
		}
		if err := book.add(cells...); err != nil {
			return err
		}
	}
	return book.end()
}

func sheetCell(v any) any {
	if e, ok := exactOf(v); ok {
		return figure(e)
	}
	switch v := v.(type) {
	case int:
		return number(strconv.Itoa(v))
	case int64:
		return number(strconv.FormatInt(v, 10))
	case models.Date:
		return v
	}
	if text := textOf(v); text != "" {
		return text
	}
	return number("")
}

// writeJSON writes a list of objects, one a line, with the columns by their codes.
func (f *rowFile[T]) writeJSON(w io.Writer) error {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	between := "[\n"
	for row, err := range f.rows {
		if err != nil {
			return err
		}
		b.Reset()
		b.WriteString(between)
		between = ",\n"
		for i := range f.columns {
			mark := byte(',')
			if i == 0 {
				mark = '{'
			}
			b.WriteByte(mark)
			b.WriteString(`"` + f.columns[i].code + `":`)
			if err := out.Encode(jsonValue(f.columns[i].value(row))); err != nil {
				return err
			}
			b.Truncate(b.Len() - 1) // the end of the line
		}
		b.WriteByte('}')
		if _, err := w.Write(b.Bytes()); err != nil {
			return err
		}
	}
	end := "\n]\n"
	if between == "[\n" {
		end = "[]\n"
	}
	_, err := io.WriteString(w, end)
	return err
}

// jsonValue is what a value is in JSON: exact numbers are texts, as programs would round
// them otherwise, and what is not known is null.
func jsonValue(v any) any {
	if e, ok := exactOf(v); ok {
		return e.String()
	}
	switch v := v.(type) {
	case spend.Amount:
		return nil
	case models.Date, models.Time:
		if text := textOf(v); text != "" {
			return text
		}
		return nil
	case json.RawMessage:
		if len(v) == 0 || !json.Valid(v) {
			return nil
		}
	case []spend.Money:
		type money struct {
			Amount   models.Exact `json:"amount"`
			Currency string       `json:"currency"`
		}
		list := []money{}
		for _, m := range v {
			list = append(list, money{m.Amount, m.Currency})
		}
		return list
	}
	return v
}

// fileColumns are the columns of a grid as files have them.
func (g *grid[T]) fileColumns() (all []fileColumn[T]) {
	for _, c := range g.columns {
		if !c.hidden {
			all = append(all, fileColumn[T]{c.code, c.head, c.inFileAs()})
		}
	}
	return all
}

// inFileAs is what a file holds of a column.
func (c column[T]) inFileAs() func(T) any {
	if c.value != nil {
		return c.value
	}
	return func(row T) any {
		text := ""
		if c.file != nil {
			text = c.file(row)
		} else {
			text = wordsOf(c.cell(row))
		}
		if c.number {
			if e, err := models.ParseExact(text); err == nil && e.String() == text {
				return e
			}
		}
		return text
	}
}

// file answers with all rows as a file of a kind.
func (g *grid[T]) file(r *web.Request, rows []T, kind string) (web.Reply, error) {
	g.sort(r, rows)
	if g.fill != nil {
		if err := g.fill(rows); err != nil {
			return web.Reply{}, err
		}
	}
	f := rowFile[T]{name: g.caption, columns: g.fileColumns(), rows: sequence(slices.Values(rows))}
	return f.reply(kind), nil
}

// sequence are rows that are all there.
func sequence[T any](rows iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// fileLinks lead to the rows of a page as files. address is that of the page with what it
// asks for; path is how it begins.
func (w speaker) fileLinks(path, address string) (links []views.Link) {
	for _, kind := range fileKinds() {
		links = append(links, views.Link{URL: at(w.Tag, strings.Replace(address, path, path+"."+kind, 1)), Text: strings.ToUpper(kind)})
	}
	return links
}
