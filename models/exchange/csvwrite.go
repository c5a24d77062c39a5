package exchange

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// NewCSVWriter writes our records to w as a table that spreadsheets open: UTF-8
// with a byte order mark, commas, CR LF, and a column for each question of the
// schema and for the texts in each of the languages. A record that has no place in
// these columns stands whole in the last one, so that nothing is lost.
func NewCSVWriter(w io.Writer, schema *catalogue.Schema, languages []string) Writer {
	c := &csvWriter{w: bufio.NewWriterSize(w, buffer), languages: languages, question: map[string]int{}}
	plain := plainColumns()
	at := slices.IndexFunc(plain, func(c column) bool { return c.name == "categories" })
	c.columns = append(c.columns, plain[:at]...)
	for _, name := range textColumns {
		for _, lang := range languages {
			c.columns = append(c.columns, textColumn(name, lang))
		}
	}
	rest := slices.IndexFunc(plain, func(c column) bool { return c.name == "plans" })
	c.columns = append(c.columns, plain[at:rest]...)
	for i, q := range schema.Questions {
		c.question[q.ID] = i
		c.columns = append(c.columns, answerColumn(q, schema))
	}
	c.columns = append(c.columns, plain[rest:]...)
	c.heading()
	return c
}

type csvWriter struct {
	w         *bufio.Writer
	languages []string
	question  map[string]int // id to place among the columns of answers
	columns   []column       // all but the first, "record"; the last is "json"
	cells     []string
	err       error
}

func (w *csvWriter) heading() {
	_, w.err = w.w.WriteString("\uFEFF")
	cells := []string{"record"}
	for _, c := range w.columns {
		cells = append(cells, c.name)
	}
	w.row(cells)
}

// Write implements [Writer].
func (w *csvWriter) Write(r Record) error {
	if (r.Organisation == nil) == (r.Listing == nil) {
		return errOneRecord
	}
	e := &entry{o: r.Organisation}
	kind := "organisation"
	if r.Listing != nil {
		kind, e = "listing", newest(*r.Listing)
	}
	w.cells = append(w.cells[:0], kind)
	if e != nil && w.fits(e) {
		w.take(e)
	} else {
		w.takeWhole(r)
	}
	w.row(w.cells)
	if w.err != nil {
		return fmt.Errorf("write record %s: %w", recordKey(r), w.err)
	}
	return nil
}

// Close implements [Writer].
func (w *csvWriter) Close() error {
	if w.err != nil {
		return w.err
	}
	return w.w.Flush()
}

// newest takes the newest version of a listing out, or returns nil when there is
// none.
func newest(l catalogue.Listing) *entry {
	n := len(l.Versions) - 1
	if n < 0 {
		return nil
	}
	v := l.Versions[n]
	l.Versions = l.Versions[:n]
	return &entry{l: &l, v: &v}
}

func (w *csvWriter) take(e *entry) {
	for _, c := range w.columns {
		cell := ""
		if c.of&e.kind() != 0 {
			cell = c.get(e)
		}
		w.cells = append(w.cells, cell)
	}
}

func (w *csvWriter) takeWhole(r Record) {
	for _, c := range w.columns {
		switch c.name {
		case "key":
			w.cells = append(w.cells, recordKey(r))
		case "json":
			w.cells = append(w.cells, encode(r))
		default:
			w.cells = append(w.cells, "")
		}
	}
}

// fits reports whether reading the columns of e gives e again.
func (w *csvWriter) fits(e *entry) bool {
	for _, c := range w.columns {
		if c.of&e.kind() != 0 && tokens[c.name] && strings.TrimSpace(c.get(e)) != c.get(e) {
			return false
		}
	}
	if e.o != nil {
		return w.haveLanguages(e.o.Names, e.o.About)
	}
	if !w.haveLanguages(e.l.Reason, e.v.Note) {
		return false
	}
	for lang, words := range e.v.Words {
		if !slices.Contains(w.languages, lang) || anyBlank(words.Name, words.Summary, words.Description) {
			return false
		}
	}
	return w.haveAnswers(e.v.Answers)
}

// tokens are the columns whose cells lose the spaces around them when read.
var tokens = map[string]bool{
	"slug": true, "kind": true, "country": true, "size_unit": true, "size_class": true, "xroad_member": true, "language": true, "website": true,
	"contact": true, "life": true, "state": true,
}

func (w *csvWriter) haveLanguages(texts ...models.Text) bool {
	for _, t := range texts {
		for lang, words := range t {
			if !slices.Contains(w.languages, lang) || anyBlank(words) {
				return false
			}
		}
	}
	return true
}

// anyBlank finds texts of spaces only, which a table cannot tell from none.
func anyBlank(texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return s != "" && strings.TrimSpace(s) == "" })
}

// haveAnswers reports whether the answers are in the order of the columns, one for
// each at most.
func (w *csvWriter) haveAnswers(answers []catalogue.Answer) bool {
	last := -1
	for _, a := range answers {
		i, ok := w.question[a.Question]
		if !ok || i <= last || a.By == "" || a.Proof == "" {
			return false
		}
		last = i
	}
	return true
}

func (w *csvWriter) row(cells []string) {
	for i, cell := range cells {
		if i > 0 {
			w.put(",")
		}
		cell = guard(cell)
		if strings.ContainsAny(cell, ",;\t\"\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		w.put(cell)
	}
	w.put("\r\n")
}

func (w *csvWriter) put(s string) {
	if w.err == nil {
		_, w.err = w.w.WriteString(s)
	}
}
