package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pilveturg/models/catalogue"
)

// NewJSONL reads our own format from r: JSON Lines, one record a line. file is what
// problems call it. A line with something wrong in it is refused whole, each thing
// wrong told apart.
func NewJSONL(file string, r io.Reader) Reader {
	j := &jsonl{file: file, shape: shapeOf(Record{}), seen: keys{}}
	text, wrong := openText(file, r)
	if wrong != nil {
		j.waiting.add(wrong)
		j.err = io.EOF
		return j
	}
	j.lines = lines{r: text}
	return j
}

type jsonl struct {
	file    string
	lines   lines
	shape   *shape
	waiting queue
	seen    keys
	tally   tally
	err     error // what ended the reading
}

// Counts implements [Reader].
func (j *jsonl) Counts() []Count { return j.tally.counts }

// Next implements [Reader].
func (j *jsonl) Next() (Record, error) {
	for {
		if p := j.waiting.take(); p != nil {
			return Record{}, p
		}
		if j.err != nil {
			return Record{}, j.err
		}
		if r, ok := j.line(); ok {
			return r, nil
		}
	}
}

// line reads one line; ok is false when it gave no record.
func (j *jsonl) line() (r Record, ok bool) {
	line, ended, long, err := j.lines.read()
	if err != nil {
		j.err = err
		return Record{}, false
	}
	where := fmt.Sprintf("line %d", j.lines.number)
	switch {
	case long:
		j.refuse(where, fault{key: "exchange.too_long", args: []any{maxRecord >> 20}})
		return Record{}, false
	case len(bytes.TrimSpace(line)) == 0:
		j.tally.left("blank_lines")
		return Record{}, false
	}
	if f := notText(line, j.lines.start); f != nil {
		j.refuse(where, *f)
		return Record{}, false
	}
	r, faults := j.parse(line)
	if len(faults) > 0 {
		if !ended && faults[len(faults)-1].key == "exchange.truncated" {
			faults = append(faults, fault{key: "exchange.no_line_end"})
		}
		j.refuse(where, faults...)
		return Record{}, false
	}
	r.Where = where
	return r, j.accept(r)
}

func (j *jsonl) refuse(where string, faults ...fault) {
	j.tally.left("refused")
	for _, f := range faults {
		j.waiting.add(f.at(j.file, where))
	}
}

// parse reads a line that is text.
func (j *jsonl) parse(line []byte) (Record, []fault) {
	if faults := inspect(line, j.shape, false); len(faults) > 0 {
		return Record{}, faults
	}
	var r Record
	if err := json.Unmarshal(line, &r); err != nil {
		if faults := inspect(line, j.shape, true); len(faults) > 0 {
			return Record{}, faults
		}
		return Record{}, []fault{{key: "exchange.not_read", args: []any{err.Error()}}}
	}
	tidy(r)
	return r, check(r)
}

// accept counts the record, unless its key came before in this file.
func (j *jsonl) accept(r Record) bool {
	if f := j.seen.twice(r); f != nil {
		j.refuse(r.Where, *f)
		return false
	}
	j.tally.record(r)
	return true
}

// twice returns the fault of a record whose key came before in the file.
func (k keys) twice(r Record) *fault {
	kind, key := "listing", ""
	if r.Listing != nil {
		key = r.Listing.Key.String()
	} else {
		kind, key = "organisation", r.Organisation.Key.String()
	}
	before := k.first(kind+" "+key, r.Where)
	if before == "" {
		return nil
	}
	return &fault{field: kind + ".key", key: "exchange.duplicate_key", args: []any{key, before}}
}

// record counts what a record holds.
func (t *tally) record(r Record) {
	if r.Listing == nil {
		t.kept("organisations")
		return
	}
	t.kept("listings")
	for range r.Listing.Uses {
		t.kept("uses")
	}
}

// check returns what a record lacks that every record needs. What it says is
// checked where it is put into the catalogue.
func check(r Record) []fault {
	var faults []fault
	need := func(field string, given bool) {
		if !given {
			faults = append(faults, fault{field: field, key: "exchange.missing"})
		}
	}
	switch o, l := r.Organisation, r.Listing; {
	case (o == nil) == (l == nil):
		faults = append(faults, fault{key: "exchange.one_record"})
	case o != nil:
		need("organisation.key", !o.Key.IsZero())
		need("organisation.kind", o.Kind != "")
		need("organisation.names", len(o.Names) > 0)
	default:
		need("listing.key", !l.Key.IsZero())
		need("listing.vendor", !l.Vendor.IsZero())
		need("listing.versions", len(l.Versions) > 0)
		for i, v := range l.Versions {
			need(fmt.Sprintf("listing.versions[%d].language", i), v.Language != "")
			need(fmt.Sprintf("listing.versions[%d].words", i), len(v.Words) > 0)
		}
	}
	return faults
}

// tidy removes what says nothing, such as a language without words, and the spaces
// of free JSON, so that a record has one spelling in every format.
func tidy(r Record) {
	if o := r.Organisation; o != nil {
		tidyTexts(o.Names, o.About)
	}
	l := r.Listing
	if l == nil {
		return
	}
	tidyTexts(l.Reason)
	for i := range l.Versions {
		v := &l.Versions[i]
		tidyTexts(v.Note)
		for _, p := range v.Documents {
			tidyTexts(p.Titles)
		}
		for lang, w := range v.Words {
			if w == (catalogue.Words{}) {
				delete(v.Words, lang)
			}
		}
		v.Extra = compact(v.Extra)
	}
}

func tidyTexts(texts ...map[string]string) {
	for _, t := range texts {
		for lang, words := range t {
			if words == "" {
				delete(t, lang)
			}
		}
	}
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if len(raw) == 0 || json.Compact(&b, raw) != nil || b.String() == "null" {
		return nil
	}
	return b.Bytes()
}

// NewJSONLWriter writes our own format to w, the fields of a record always in one
// order.
func NewJSONLWriter(w io.Writer) Writer {
	b := bufio.NewWriterSize(w, buffer)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return &jsonlWriter{w: b, e: e}
}

type jsonlWriter struct {
	w *bufio.Writer
	e *json.Encoder
}

var errOneRecord = errors.New("a record is an organisation or a listing")

// Write implements [Writer].
func (w *jsonlWriter) Write(r Record) error {
	if (r.Organisation == nil) == (r.Listing == nil) {
		return errOneRecord
	}
	if err := w.e.Encode(r); err != nil {
		return fmt.Errorf("write record %s: %w", recordKey(r), err)
	}
	return nil
}

// Close implements [Writer].
func (w *jsonlWriter) Close() error { return w.w.Flush() }

func recordKey(r Record) string {
	if r.Listing != nil {
		return r.Listing.Key.String()
	}
	return r.Organisation.Key.String()
}
