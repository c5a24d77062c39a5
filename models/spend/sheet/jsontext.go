package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Why a file of JSON cannot be read as a table.
var (
	ErrNotJSON    = errors.New("the text is not JSON")
	ErrNoObjects  = errors.New("the JSON has no list of objects")
	ErrBrokenJSON = errors.New("the JSON ends in the middle, or breaks its rules")
)

// The bounds of JSON.
const (
	maxJSONDepth = 64 // levels of lists and objects within a row
	maxJSONPath  = 8  // levels of objects that are gone into to find the list
	maxJSONName  = 1000
)

// jsonText goes through JSON as it comes, and keeps only what is asked for. It knows where
// a value ends by its quotation marks and brackets; whether the value is right is seen
// when it is taken apart.
type jsonText struct {
	in   *bufio.Reader
	buf  []byte
	deep bool // the last value has more levels than there may be
	long bool // the last value is longer than may be kept
}

// broken is for an end of the file where none should be.
func broken(err error) error {
	if errors.Is(err, io.EOF) {
		return ErrBrokenJSON
	}
	return err
}

// peek passes white space and returns the next byte without taking it; [io.EOF] at the
// end.
func (j *jsonText) peek() (byte, error) {
	for {
		if _, err := j.in.Peek(1); err != nil {
			return 0, err
		}
		ahead, _ := j.in.Peek(j.in.Buffered())
		rest := bytes.TrimLeft(ahead, " \t\r\n")
		_, _ = j.in.Discard(len(ahead) - len(rest))
		if len(rest) > 0 {
			return rest[0], nil
		}
	}
}

// beginsValue reports whether what begins with a byte, which stands next, may be in a list.
func (j *jsonText) beginsValue(c byte) bool {
	word := map[byte]string{'t': "true", 'f': "false", 'n': "null"}[c]
	ahead, _ := j.in.Peek(max(1, len(word)))
	return bytes.IndexByte([]byte(`{["]-0123456789`), c) >= 0 || word != "" && string(ahead) == word
}

// expect takes one byte that must be one of want.
func (j *jsonText) expect(want string) (byte, error) {
	c, err := j.peek()
	if err != nil {
		return 0, broken(err)
	}
	if bytes.IndexByte([]byte(want), c) < 0 {
		return 0, ErrBrokenJSON
	}
	_, _ = j.in.Discard(1)
	return c, nil
}

// value takes a value and keeps up to some bytes of it. open is how many of its brackets
// were taken before. The bytes are valid until the next value.
func (j *jsonText) value(most, open int) ([]byte, error) {
	j.buf, j.deep, j.long = j.buf[:0], false, false
	if open == 0 {
		c, err := j.peek()
		if err != nil {
			return nil, broken(err)
		}
		if c != '{' && c != '[' && c != '"' {
			return j.word(most)
		}
	}
	quoted, escaped := false, false
	for {
		if _, err := j.in.Peek(1); err != nil {
			return nil, broken(err)
		}
		ahead, _ := j.in.Peek(j.in.Buffered())
		for i, c := range ahead {
			switch {
			case escaped:
				escaped = false
				continue
			case quoted && c == '\\':
				escaped = true
				continue
			case c == '"':
				quoted = !quoted
			case quoted:
				continue
			case c == '{' || c == '[':
				open++
				j.deep = j.deep || open > maxJSONDepth
			case c == '}' || c == ']':
				open--
			default:
				continue
			}
			if open == 0 && !quoted {
				j.keep(ahead[:i+1], most)
				return j.buf, nil
			}
		}
		j.keep(ahead, most)
	}
}

// keep takes bytes that were looked at.
func (j *jsonText) keep(b []byte, most int) {
	if room := most - len(j.buf); room < len(b) {
		j.long = true
		j.buf = append(j.buf, b[:max(room, 0)]...)
	} else {
		j.buf = append(j.buf, b...)
	}
	_, _ = j.in.Discard(len(b))
}

// word takes a number, true, false or null.
func (j *jsonText) word(most int) ([]byte, error) {
	for {
		if _, err := j.in.Peek(1); err != nil {
			if errors.Is(err, io.EOF) && len(j.buf) > 0 {
				return j.buf, nil
			}
			return nil, broken(err)
		}
		ahead, _ := j.in.Peek(j.in.Buffered())
		end := bytes.IndexAny(ahead, ",:]}[{\" \t\r\n")
		if end == 0 && len(j.buf) == 0 {
			return nil, ErrBrokenJSON
		}
		if end >= 0 {
			j.keep(ahead[:end], most)
			return j.buf, nil
		}
		j.keep(ahead, most)
	}
}

// item takes the next value of a list whose bracket was taken, and the sign before it;
// [io.EOF] where the list ends.
func (j *jsonText) item(first bool) ([]byte, error) {
	c, err := j.peek()
	if err != nil {
		return nil, broken(err)
	}
	switch {
	case c == ']':
		_, _ = j.in.Discard(1)
		return nil, io.EOF
	case !first:
		if _, err := j.expect(","); err != nil {
			return nil, err
		}
	}
	return j.value(MaxRow, 0)
}

// jsonWalk goes from list to list of the objects in a document.
type jsonWalk struct {
	*jsonText
	path  []string // names of the objects that are open
	first bool     // the object has had no name yet
	begun bool
	names map[string]bool // that the objects outside of lists have
}

// list goes to the next list whose first value is an object, or if any is asked for to
// the next list, takes its bracket, and returns the names that lead to it; [io.EOF] where
// the document ends. Lists of other values are passed over.
func (w *jsonWalk) list() ([]string, error) {
	if !w.begun {
		w.begun, w.names = true, map[string]bool{}
		c, err := w.peek()
		switch {
		case err != nil:
			return nil, err
		case c == '[':
			if found, err := w.enter(); found || err != nil {
				return nil, err
			}
			return nil, w.end()
		case c != '{':
			return nil, ErrNotJSON
		}
		_, _ = w.in.Discard(1)
		w.path, w.first = []string{""}, true
	}
	for len(w.path) > 0 {
		if found, err := w.member(); found || err != nil {
			return w.path, err
		}
	}
	return nil, w.end()
}

// member goes past one name of the innermost object, or out of it. It reports whether the
// value is a list that is wanted: then its bracket was taken.
func (w *jsonWalk) member() (bool, error) {
	c, err := w.peek()
	if err != nil {
		return false, broken(err)
	}
	if c == '}' {
		_, _ = w.in.Discard(1)
		w.path, w.first = w.path[:len(w.path)-1], false
		return false, nil
	}
	if !w.first {
		if _, err := w.expect(","); err != nil {
			return false, err
		}
	}
	if c, err = w.peek(); err != nil || c != '"' {
		return false, errors.Join(ErrBrokenJSON, err)
	}
	raw, err := w.value(maxJSONName, 0)
	if err != nil {
		return false, err
	}
	w.first = false
	name, _ := jsonString(raw)
	w.path[len(w.path)-1] = name
	if len(w.names) < MaxColumns {
		w.names[name] = true
	}
	if _, err := w.expect(":"); err != nil {
		return false, err
	}
	switch c, err = w.peek(); {
	case err != nil:
		return false, broken(err)
	case c == '[':
		return w.enter()
	case c == '{' && len(w.path) < maxJSONPath:
		_, _ = w.in.Discard(1)
		w.path, w.first = append(w.path, ""), true
		return false, nil
	}
	_, err = w.value(0, 0)
	return false, err
}

// enter takes the bracket of a list; one that does not begin with an object is passed
// over.
func (w *jsonWalk) enter() (bool, error) {
	_, _ = w.in.Discard(1)
	c, err := w.peek()
	if err != nil {
		return false, broken(err)
	}
	if c == '{' {
		return true, nil
	}
	_, err = w.value(0, 1)
	return false, err
}

// end is [io.EOF] where nothing comes any more.
func (w *jsonWalk) end() error {
	if _, err := w.peek(); err != nil {
		return err
	}
	return ErrBrokenJSON
}
