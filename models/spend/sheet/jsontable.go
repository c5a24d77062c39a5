package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/transform"
)

// Objects is where the rows of a table stand in JSON, and what its columns are: in a list
// of objects, in one that is somewhere in an object, or one object behind the other, as
// JSON Lines has them.
type Objects struct {
	Encoding string   `json:"encoding"`
	Lines    bool     `json:"lines,omitempty"` // an object on each line
	Loose    bool     `json:"loose,omitempty"` // objects one behind the other, on several lines each
	Path     []string `json:"path,omitempty"`  // the names that lead to the list
	Nth      int      `json:"nth,omitempty"`   // which list of objects it is, from 0
	Names    []string `json:"names"`           // of the columns, in the order in which they were first seen
	Count    int      `json:"count"`           // objects in the list
	Others   []string `json:"others,omitempty"`
	Outside  []string `json:"-"` // names of the objects around the lists
}

// Heading are the cells of the heading that the objects would have as a table.
func (o *Objects) Heading() []string { return slices.Clone(o.Names) }

// mostOtherLists are named of the lists that are not read.
const mostOtherLists = 20

// FindObjects goes through a file of JSON and finds its largest list of objects. open
// opens the file, as often as it is asked. It fails with [ErrNotJSON], [ErrNoObjects] or
// [ErrBrokenJSON]; what was found up to then is returned beside.
func FindObjects(open func() (io.ReadCloser, error)) (o Objects, err error) {
	in, err := open()
	if err != nil {
		return o, err
	}
	var c counter
	err = c.read(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return o, err
	}
	o.Encoding = c.encoding()
	if in, err = open(); err != nil {
		return o, err
	}
	err = o.look(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return o, err
	}
	if in, err = open(); err != nil {
		return o, err
	}
	defer in.Close()
	if o.Lines || o.Loose {
		return o, o.findNames(in)
	}
	return o, o.findList(in)
}

// look finds out whether one object stands behind the other. The first of them has to be
// as short as a row.
func (o *Objects) look(in io.Reader) error {
	j := &jsonText{in: o.text(in)}
	c, err := j.peek()
	if err != nil || c != '{' && c != '[' {
		return ErrNotJSON
	}
	_, _ = j.in.Discard(1)
	next, err := j.peek()
	if err != nil || c == '{' && next != '"' && next != '}' || c == '[' && !j.beginsValue(next) {
		return ErrNotJSON
	}
	if c == '[' {
		return nil
	}
	raw, err := j.value(MaxRow, 1)
	if err != nil || j.long {
		return nil // whatever it is, it is one object
	}
	several := bytes.IndexByte(raw, '\n') >= 0
	if c, err = j.peek(); err == nil && c == '{' {
		o.Lines, o.Loose = !several, several
	}
	return nil
}

// text is the file in UTF-8, behind its byte order mark.
func (o *Objects) text(in io.Reader) *bufio.Reader {
	if e := (Style{Encoding: o.Encoding}).decoder(); e != nil {
		in = transform.NewReader(in, e.NewDecoder())
	}
	r := bufio.NewReaderSize(in, 1<<16)
	if head, _ := r.Peek(3); string(head) == "\xef\xbb\xbf" {
		_, _ = r.Discard(3)
	}
	return r
}

// findNames finds the names of objects that stand one behind the other.
func (o *Objects) findNames(in io.Reader) error {
	r := openObjects(in, *o)
	var names jsonNames
	for {
		raw, problem, err := r.next()
		if errors.Is(err, io.EOF) {
			o.Names = names.list
			return nil
		}
		if err != nil {
			return err
		}
		if o.Count++; problem == "" {
			names.add(raw)
		}
	}
}

// findList finds the list with the most objects, and their names.
func (o *Objects) findList(in io.Reader) error {
	w := &jsonWalk{jsonText: &jsonText{in: o.text(in)}}
	defer func() {
		for name := range w.names {
			o.Outside = append(o.Outside, name)
		}
	}()
	for nth := 0; ; nth++ {
		path, err := w.list()
		if errors.Is(err, io.EOF) {
			if o.Count == 0 {
				return ErrNoObjects
			}
			return nil
		}
		if err != nil {
			return err
		}
		own := Objects{Encoding: o.Encoding, Path: slices.Clone(path), Nth: nth, Others: o.Others}
		err = own.readNames(w.jsonText)
		other := own
		if own.Count > o.Count {
			other, *o = *o, own
		}
		if err != nil {
			return err
		}
		if other.Count > 0 && len(o.Others) < mostOtherLists {
			o.Others = append(o.Others, strings.Join(other.Path, "."))
		}
	}
}

// readNames goes through a list whose bracket was taken.
func (o *Objects) readNames(j *jsonText) error {
	var names jsonNames
	defer func() { o.Names = names.list }()
	for first := true; ; first = false {
		raw, err := j.item(first)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if o.Count++; j.objectProblem(raw) == "" {
			names.add(raw)
		}
	}
}

// ObjectRows are the objects of a list as rows of a table. Numbers keep all the digits that
// they are written with; null is an empty cell.
type ObjectRows struct {
	read  counted
	text  *jsonText
	o     Objects
	names jsonNames
	cells []string
	had   []bool
	line  int
	begun bool
	ended error
}

// OpenObjects begins to read the objects that [FindObjects] found in a file.
func OpenObjects(r io.Reader, o Objects) *ObjectRows {
	rows := openObjects(r, o)
	rows.names.at = make(map[string]int, len(o.Names))
	for i, name := range o.Names {
		rows.names.at[name] = i
	}
	rows.cells, rows.had = make([]string, len(o.Names)), make([]bool, len(o.Names))
	return rows
}

func openObjects(r io.Reader, o Objects) *ObjectRows {
	rows := &ObjectRows{o: o, read: counted{r: r}}
	rows.text = &jsonText{in: o.text(&rows.read)}
	return rows
}

// BytesRead is how many bytes of the file were read.
func (r *ObjectRows) BytesRead() int64 { return r.read.n }

// SkipTo reads up to a line and returns its row.
func (r *ObjectRows) SkipTo(line int) (Row, error) {
	for {
		row, err := r.Next()
		if err != nil || row.Line >= line {
			return row, err
		}
	}
}

// Next returns the next object as a row, or [io.EOF]. Line is which of the list it is,
// from 1; of JSON Lines the line. It fails with [ErrBrokenJSON] where it cannot be known
// where the next one begins.
func (r *ObjectRows) Next() (Row, error) {
	raw, problem, err := r.next()
	if err != nil {
		return Row{}, err
	}
	row := Row{Line: r.line, Problem: problem}
	if problem == "" {
		row.Problem = r.names.cells(raw, r.cells, r.had)
	}
	if row.Raw = string(raw); row.Problem == BrokenText {
		row.Raw = strings.ToValidUTF8(row.Raw, "\uFFFD")
	}
	if row.Problem == "" {
		row.Cells = r.cells
	}
	return row, nil
}

// next is the next object, or what stands in its place and why it is none.
func (r *ObjectRows) next() (raw []byte, problem string, err error) {
	if r.ended != nil {
		return nil, "", r.ended
	}
	switch {
	case r.o.Lines:
		raw, err = r.nextLine()
	case r.o.Loose:
		if _, err = r.text.peek(); err == nil {
			raw, err = r.text.value(MaxRow, 0)
			r.line++
		}
	default:
		raw, err = r.nextItem()
	}
	if err != nil {
		r.ended = err
		return nil, "", err
	}
	return raw, r.text.objectProblem(raw), nil
}

// nextItem goes to the list, and from item to item in it.
func (r *ObjectRows) nextItem() ([]byte, error) {
	first := !r.begun
	if first {
		r.begun = true
		w := &jsonWalk{jsonText: r.text}
		for nth := 0; ; nth++ {
			if _, err := w.list(); err != nil {
				return nil, broken(err)
			}
			if nth == r.o.Nth {
				break
			}
			if _, err := w.value(0, 1); err != nil {
				return nil, err
			}
		}
	}
	r.line++
	return r.text.item(first)
}

// nextLine is the next line that is not blank.
func (r *ObjectRows) nextLine() ([]byte, error) {
	j := r.text
	for {
		j.buf, j.deep, j.long = j.buf[:0], false, false
		for {
			piece, err := j.in.ReadSlice('\n')
			if room := MaxRow - len(j.buf); room < len(piece) {
				j.long, piece = true, piece[:max(room, 0)]
			}
			j.buf = append(j.buf, piece...)
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if err != nil && (!errors.Is(err, io.EOF) || len(j.buf) == 0) {
				return nil, err
			}
			break
		}
		r.line++
		if raw := bytes.TrimSpace(j.buf); len(raw) > 0 {
			return raw, nil
		}
	}
}

var _ Rows = (*ObjectRows)(nil)
