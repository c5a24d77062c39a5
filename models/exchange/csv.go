package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// NewCSV reads our records from a table: a heading, then a record a row. file is
// what problems call it. A row with something wrong in it is refused whole, each
// cell told apart.
func NewCSV(file string, r io.Reader, schema *catalogue.Schema) Reader {
	t := &csvReader{file: file, schema: schema, seen: keys{}}
	text, wrong := openText(file, r)
	if wrong != nil {
		t.waiting.add(wrong)
		t.err = io.EOF
		return t
	}
	t.cells = newCells(text)
	t.heading()
	return t
}

type csvReader struct {
	file    string
	schema  *catalogue.Schema
	cells   *cells
	columns []column // in the order of the file; the one called "record" does nothing by itself
	order   []int    // in which they are read: answers last, for they need the language
	kind    int      // place of the column "record", or -1
	waiting queue
	seen    keys
	tally   tally
	err     error
}

// Counts implements [Reader].
func (t *csvReader) Counts() []Count { return t.tally.counts }

// Next implements [Reader].
func (t *csvReader) Next() (Record, error) {
	for {
		if p := t.waiting.take(); p != nil {
			return Record{}, p
		}
		if t.err != nil {
			return Record{}, t.err
		}
		if r, ok := t.row(); ok {
			return r, nil
		}
	}
}

// heading reads the first row, without which nothing can be read.
func (t *csvReader) heading() {
	where := fmt.Sprintf("line %d", t.cells.line)
	r, wrong, err := t.cells.next()
	stop := func(field, key string, args ...any) {
		t.waiting.add(fault{field, Stopped, key, args}.at(t.file, where))
		t.err = io.EOF
	}
	switch {
	case err == io.EOF:
		stop("", "exchange.empty_file")
		return
	case err != nil:
		t.err = err
		return
	case wrong != nil:
		stop(wrong.field, wrong.key, wrong.args...)
		return
	}
	names := make([]string, len(r.cells))
	for i, cell := range r.cells {
		names[i] = strings.TrimSpace(unguard(cell))
	}
	if !slices.Contains(names, "key") {
		stop("", "exchange.no_heading", shorten(strings.Join(names, ", ")))
		return
	}
	t.name(names, stop)
}

// name finds the columns that the headings name.
func (t *csvReader) name(names []string, stop func(field, key string, args ...any)) {
	plain := byName(plainColumns())
	plain["record"] = column{name: "record", of: ofBoth, set: func(*entry, string) []fault { return nil }}
	t.kind = slices.Index(names, "record")
	place := map[string]int{}
	for i, q := range t.schema.Questions {
		place["a."+q.ID] = i
	}
	var last []int
	for i, name := range names {
		c, ok := columnNamed(name, t.schema, plain)
		switch {
		case name == "":
			stop("", "exchange.nameless_column", i+1)
		case slices.Index(names, name) < i:
			stop(name, "exchange.duplicate_column")
		case !ok:
			stop(name, "exchange.unknown_column")
		case strings.HasPrefix(name, "a."):
			last = append(last, i)
		default:
			t.order = append(t.order, i)
		}
		t.columns = append(t.columns, c)
	}
	slices.SortFunc(last, func(a, b int) int { return place[names[a]] - place[names[b]] })
	t.order = append(t.order, last...)
}

// row reads one row; ok is false when it gave no record.
func (t *csvReader) row() (rec Record, ok bool) {
	r, wrong, err := t.cells.next()
	if err != nil {
		t.err = err
		return Record{}, false
	}
	where := fmt.Sprintf("line %d", r.line)
	if wrong != nil {
		t.refuse(where, []fault{*wrong})
		return Record{}, false
	}
	if r.blank() {
		t.tally.left("blank_lines")
		return Record{}, false
	}
	rec, faults := t.record(r.cells)
	if len(faults) == 0 {
		rec.Where = where
		tidy(rec)
		faults = inColumns(check(rec))
	}
	if len(faults) == 0 {
		if f := t.seen.twice(rec); f != nil {
			faults = inColumns([]fault{*f})
		}
	}
	if len(faults) > 0 {
		t.refuse(where, faults)
		return Record{}, false
	}
	t.tally.record(rec)
	return rec, true
}

// inColumns names the columns of what is wrong with a whole record.
func inColumns(faults []fault) []fault {
	for i, f := range faults {
		switch last := f.field[strings.LastIndexByte(f.field, '.')+1:]; last {
		case "words", "names":
			faults[i].field = "name.<language>"
		default:
			faults[i].field = last
		}
	}
	return faults
}

func (t *csvReader) refuse(where string, faults []fault) {
	t.tally.left("refused")
	for _, f := range faults {
		t.waiting.add(f.at(t.file, where))
	}
}

// record reads the cells of a row.
func (t *csvReader) record(cells []string) (Record, []fault) {
	for len(cells) > len(t.columns) && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) != len(t.columns) {
		return Record{}, []fault{{key: "exchange.cells", args: []any{len(cells), len(t.columns)}}}
	}
	e, wrong := t.entry(cells)
	if wrong != nil {
		return Record{}, []fault{*wrong}
	}
	var faults []fault
	for _, i := range t.order {
		c, cell := t.columns[i], unguard(cells[i])
		if strings.TrimSpace(cell) == "" {
			continue
		}
		if c.of&e.kind() == 0 {
			faults = append(faults, fault{field: c.name, key: "exchange.not_for_kind"})
			continue
		}
		for _, f := range c.set(e, cell) {
			f.field = join(c.name, f.field)
			faults = append(faults, f)
		}
	}
	if e.r != nil && len(faults) == 0 {
		return t.wholeRecord(e, cells)
	}
	return e.record(), faults
}

// join puts the path inside a cell of JSON behind the name of its column.
func join(column, path string) string {
	if path == "" || path[0] == '[' {
		return column + path
	}
	return column + "." + path
}

// entry begins a record of the kind that the column "record" names.
func (t *csvReader) entry(cells []string) (*entry, *fault) {
	kind := "listing"
	if t.kind >= 0 {
		kind = strings.ToLower(strings.TrimSpace(cells[t.kind]))
	}
	switch kind {
	case "", "listing":
		return &entry{l: &catalogue.Listing{}, v: &catalogue.Version{}}, nil
	case "organisation":
		return &entry{o: &identity.Organisation{}}, nil
	}
	return nil, &fault{field: "record", key: "exchange.record_kind", args: []any{shorten(kind)}}
}

// wholeRecord takes the record of the column "json", beside which only the key
// may stand: what else somebody wrote would be lost.
func (t *csvReader) wholeRecord(e *entry, cells []string) (Record, []fault) {
	var faults []fault
	for i, c := range t.columns {
		switch c.name {
		case "record", "key", "json":
		default:
			if strings.TrimSpace(cells[i]) != "" {
				faults = append(faults, fault{field: c.name, key: "exchange.beside_json"})
			}
		}
	}
	if one := check(*e.r); len(one) > 0 || len(faults) > 0 {
		return Record{}, append(faults, one...)
	}
	if own := recordKey(e.record()); own != "" && own != recordKey(*e.r) {
		return Record{}, []fault{{field: "key", key: "exchange.key_beside_json", args: []any{own, recordKey(*e.r)}}}
	}
	return *e.r, nil
}

// record puts the halves of a listing together.
func (e *entry) record() Record {
	if e.o != nil {
		return Record{Organisation: e.o}
	}
	l := *e.l
	l.Versions = append(slices.Clip(l.Versions), *e.v)
	return Record{Listing: &l}
}
