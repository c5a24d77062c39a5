package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
)

const (
	maxDepth  = 100 // lists and objects within each other
	maxFaults = 20  // of one record that are told
)

// inspect reads b as one JSON value of the shape and returns all that
// encoding/json would let pass, or would refuse without naming the field: names
// that are not known, given twice or written in another case, values of the wrong
// kind, NUL characters and halves of characters in texts. deep also tries the
// values that read themselves, such as dates.
func inspect(b []byte, s *shape, deep bool) []fault {
	in := inspector{b: b, deep: deep}
	if in.value(s) {
		if in.space(); in.i < len(b) {
			in.fault("exchange.more_json", in.i)
		}
	}
	return in.faults
}

// inspector walks over JSON text. Its methods return false when the text is so
// broken that the walk cannot go on.
type inspector struct {
	b      []byte
	i      int
	deep   bool
	depth  int
	path   []step
	faults []fault
	names  [][]byte // those seen in the objects that are open
}

// step is one part of the path to a value: a name, or a place in a list.
type step struct {
	name  []byte
	index int
}

func (in *inspector) value(s *shape) bool {
	in.space()
	if in.i >= len(in.b) {
		in.fault("exchange.truncated", in.i)
		return false
	}
	start := in.i
	ok, got := in.any(s)
	if !ok {
		return false
	}
	if got != free && !s.takes(got) {
		in.fault("exchange.wrong_type", s.form.String(), got.String())
		return true
	}
	if got != free && s.form == leaf && in.deep {
		in.tryLeaf(s.kind, in.b[start:in.i])
	}
	if s.form == whole && got == whole {
		in.checkWhole(in.b[start:in.i])
	}
	return true
}

// takes reports whether a value of the form may stand where s is wanted.
func (s *shape) takes(got form) bool {
	switch s.form {
	case free, leaf:
		return true
	case table:
		return got == object
	default:
		return got == s.form
	}
}

// any walks over the value at hand and tells its form: free for null.
func (in *inspector) any(s *shape) (bool, form) {
	switch in.b[in.i] {
	case '{':
		return in.object(s), object
	case '[':
		return in.list(s), list
	case '"':
		_, ok := in.text()
		return ok, text
	case 't':
		return in.word("true"), truth
	case 'f':
		return in.word("false"), truth
	case 'n':
		return in.word("null"), free
	default:
		return in.number(), whole
	}
}

// open walks over the bracket that begins an object or list.
func (in *inspector) open() bool {
	in.i++
	if in.depth++; in.depth > maxDepth {
		in.fault("exchange.too_deep", maxDepth)
		return false
	}
	in.space()
	return true
}

// more walks over what stands behind a member: a comma, or the closing bracket.
func (in *inspector) more(closing byte) (more, ok bool) {
	in.space()
	if in.at(closing) {
		return false, true
	}
	ok = in.expect(',')
	in.space()
	return ok, ok
}

func (in *inspector) shut() bool {
	in.i++
	in.depth--
	return true
}

func (in *inspector) object(s *shape) bool {
	if !in.open() {
		return false
	}
	var many map[string]bool
	base := len(in.names)
	for more := !in.at('}'); more; {
		name, ok := in.name()
		if !ok {
			return false
		}
		in.path = append(in.path, step{name: name})
		if in.seen(name, base, &many) {
			in.fault("exchange.duplicate_field")
		}
		in.space()
		if !in.expect(':') || !in.item(in.member(s, name), s.form == table) {
			return false
		}
		in.path = in.path[:len(in.path)-1]
		if more, ok = in.more('}'); !ok {
			return false
		}
	}
	in.names = in.names[:base]
	return in.shut()
}

// item walks over a member; solid ones may not be null, for that would be a hole
// in a list.
func (in *inspector) item(s *shape, solid bool) bool {
	if in.space(); solid && s.form != free && in.at('n') {
		in.fault("exchange.wrong_type", s.form.String(), "null")
	}
	return in.value(s)
}

// seen remembers the name and reports whether this object has had it. Objects are
// small; one with many names gets a map, so that a hostile one costs no more.
func (in *inspector) seen(name []byte, base int, many *map[string]bool) bool {
	const few = 32
	if *many != nil {
		had := (*many)[string(name)]
		(*many)[string(name)] = true
		return had
	}
	for _, n := range in.names[base:] {
		if bytes.Equal(n, name) {
			return true
		}
	}
	in.names = append(in.names, name)
	if len(in.names)-base > few {
		*many = map[string]bool{}
		for _, n := range in.names[base:] {
			(*many)[string(n)] = true
		}
	}
	return false
}

var anything = &shape{form: free}

func (in *inspector) member(s *shape, name []byte) *shape {
	switch s.form {
	case table:
		return s.item
	case object:
		if f := s.fields[string(name)]; f != nil {
			return f.shape
		}
		in.fault("exchange.unknown_field")
	}
	return anything
}

func (in *inspector) list(s *shape) bool {
	item := anything
	if s.form == list {
		item = s.item
	}
	if !in.open() {
		return false
	}
	ok := true
	for n, more := 0, !in.at(']'); more; n++ {
		in.path = append(in.path, step{index: n})
		if !in.item(item, true) {
			return false
		}
		in.path = in.path[:len(in.path)-1]
		if more, ok = in.more(']'); !ok {
			return false
		}
	}
	return in.shut()
}

// name walks over the name of a member and returns it without escapes.
func (in *inspector) name() ([]byte, bool) {
	if !in.at('"') {
		in.broken()
		return nil, false
	}
	raw, ok := in.text()
	if ok && bytes.IndexByte(raw, '\\') >= 0 {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return []byte(s), true
		}
	}
	if !ok {
		return nil, false
	}
	return raw[1 : len(raw)-1], true
}

// text walks over a string and returns it with its quotes.
func (in *inspector) text() ([]byte, bool) {
	start := in.i
	for in.i++; in.i < len(in.b); in.i++ {
		switch c := in.b[in.i]; {
		case c == '"':
			in.i++
			return in.b[start:in.i], true
		case c < ' ':
			in.fault("exchange.control", in.i)
			return nil, false
		case c == '\\':
			if !in.escape() {
				return nil, false
			}
		}
	}
	in.fault("exchange.truncated", in.i)
	return nil, false
}

// escape walks over an escape, all but its last byte.
func (in *inspector) escape() bool {
	in.i++
	if in.i >= len(in.b) {
		in.fault("exchange.truncated", in.i)
		return false
	}
	if strings.IndexByte(`"\/bfnrt`, in.b[in.i]) >= 0 {
		return true
	}
	r, ok := in.hex(in.i)
	if !ok {
		in.fault("exchange.bad_json", in.i)
		return false
	}
	in.i += 4
	switch {
	case r == 0:
		in.fault("exchange.nul_escape")
	case utf16.IsSurrogate(r):
		low, _ := in.hex(in.i + 2)
		if in.i+1 < len(in.b) && in.b[in.i+1] == '\\' && utf16.DecodeRune(r, low) != '\uFFFD' {
			in.i += 6
		} else {
			in.fault("exchange.half_character")
		}
	}
	return true
}

// hex reads the four digits after the u at i.
func (in *inspector) hex(i int) (rune, bool) {
	if i+5 > len(in.b) || in.b[i] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(in.b[i+1:i+5]), 16, 32)
	return rune(n), err == nil
}

func (in *inspector) word(w string) bool {
	if !bytes.HasPrefix(in.b[in.i:], []byte(w)) {
		in.fault("exchange.bad_json", in.i)
		return false
	}
	in.i += len(w)
	return true
}

func (in *inspector) number() bool {
	start := in.i
	for in.i < len(in.b) && strings.IndexByte("+-.eE0123456789", in.b[in.i]) >= 0 {
		in.i++
	}
	if in.i == start || !json.Valid(in.b[start:in.i]) {
		in.i = start
		in.fault("exchange.bad_json", start)
		return false
	}
	return true
}

func (in *inspector) checkWhole(b []byte) {
	if _, err := strconv.ParseInt(string(b), 10, 64); err != nil {
		in.fault("exchange.not_whole", shorten(string(b)))
	}
}

func (in *inspector) tryLeaf(t reflect.Type, b []byte) {
	if err := json.Unmarshal(b, reflect.New(t).Interface()); err != nil {
		in.fault("exchange.bad_value", shorten(string(b)), err.Error())
	}
}

func (in *inspector) space() {
	for in.i < len(in.b) && (in.b[in.i] == ' ' || in.b[in.i] == '\t' || in.b[in.i] == '\n' || in.b[in.i] == '\r') {
		in.i++
	}
}

func (in *inspector) at(c byte) bool { return in.i < len(in.b) && in.b[in.i] == c }

func (in *inspector) expect(c byte) bool {
	if in.at(c) {
		in.i++
		return true
	}
	in.broken()
	return false
}

// broken tells that something else should stand here.
func (in *inspector) broken() {
	if in.i >= len(in.b) {
		in.fault("exchange.truncated", in.i)
		return
	}
	in.fault("exchange.bad_json", in.i)
}

func (in *inspector) fault(key string, args ...any) {
	if len(in.faults) < maxFaults {
		in.faults = append(in.faults, fault{field: pathText(in.path), key: key, args: args})
	}
}

// pathText writes a path as in "listing.versions[0].words.et".
func pathText(path []step) string {
	var b []byte
	for i, s := range path {
		switch {
		case s.name == nil:
			b = fmt.Appendf(b, "[%d]", s.index)
		case i > 0:
			b = append(append(b, '.'), s.name...)
		default:
			b = append(b, s.name...)
		}
	}
	return string(b)
}
