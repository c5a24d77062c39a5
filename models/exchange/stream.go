package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// stream walks over one large JSON document, holding one of its values at a time.
// Its errors are a *[fault], or those of the file.
type stream struct {
	r   *bufio.Reader
	at  int64 // how many bytes have been read
	buf []byte
}

// Error makes a fault an error, for functions that may also fail to read.
func (f *fault) Error() string { return f.key }

// object walks over an object and calls f for each member, which must read its
// value.
func (s *stream) object(f func(name string) error) error {
	return s.each('{', '}', func(int) error {
		name, long, err := s.value()
		if err != nil {
			return err
		}
		var key string
		if long || json.Unmarshal(name, &key) != nil {
			return s.broken()
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		return f(key)
	})
}

// each walks over a list or an object and calls f for each member.
func (s *stream) each(open, closing byte, f func(i int) error) error {
	if err := s.expect(open); err != nil {
		return err
	}
	for i := 0; ; i++ {
		c, err := s.peek()
		if err != nil {
			return err
		}
		if c == closing {
			return s.expect(closing)
		}
		if i > 0 {
			if err := s.expect(','); err != nil {
				return err
			}
		}
		if err := f(i); err != nil {
			return err
		}
	}
}

// end reports a fault unless the document ends here.
func (s *stream) end() error {
	_, err := s.peek()
	var f *fault
	if errors.As(err, &f) {
		return nil
	}
	if err != nil {
		return err
	}
	return &fault{effect: Stopped, key: "exchange.more_json", args: []any{s.at}}
}

// peek returns the next byte that is no space, and leaves it there.
func (s *stream) peek() (byte, error) {
	for {
		c, err := s.next()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			s.at--
			return c, s.r.UnreadByte()
		}
	}
}

func (s *stream) next() (byte, error) {
	c, err := s.r.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, &fault{effect: Stopped, key: "exchange.file_truncated", args: []any{s.at}}
	}
	s.at++
	return c, err
}

func (s *stream) expect(want byte) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != want {
		return s.broken()
	}
	_, err = s.next()
	return err
}

func (s *stream) broken() error {
	return &fault{effect: Stopped, key: "exchange.file_broken", args: []any{s.at}}
}

// value reads the next value, whatever it is, and returns its text, good until the
// next call. Of one over the limit the text is lost: long.
func (s *stream) value() (text []byte, long bool, err error) {
	if _, err := s.peek(); err != nil {
		return nil, false, err
	}
	s.buf = s.buf[:0]
	depth, quoted, escaped := 0, false, false
	for {
		c, err := s.next()
		var f *fault
		if errors.As(err, &f) && depth == 0 && !quoted && len(s.buf) > 0 {
			return s.buf, long, nil // a number or word at the very end
		}
		if err != nil {
			return nil, false, err
		}
		if depth == 0 && !quoted && strings.IndexByte(",:]} \t\r\n", c) >= 0 {
			s.at--
			if len(s.buf) == 0 {
				return nil, false, s.broken()
			}
			return s.buf, long, s.r.UnreadByte()
		}
		if long = long || len(s.buf) >= maxRecord; !long {
			s.buf = append(s.buf, c)
		}
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth == 0 && !quoted && strings.IndexByte(`"}]`, c) >= 0 {
			return s.buf, long, nil
		}
	}
}

// item is one object of a file that others make, read member by member. What its
// readers find wrong gathers in faults; the record is kept without it.
type item struct {
	names  []string
	values map[string]json.RawMessage
	faults []fault
}

// newItem takes an object apart. Faults mean that it is none.
func newItem(raw []byte, at int64) (*item, []fault) {
	if f := notText(raw, at); f != nil {
		return nil, []fault{*f}
	}
	if faults := inspect(raw, anything, false); len(faults) > 0 {
		return nil, faults
	}
	if len(raw) == 0 || raw[0] != '{' {
		return nil, []fault{{key: "exchange.wrong_type", args: []any{object.String(), "something else"}}}
	}
	it := &item{values: map[string]json.RawMessage{}}
	in := inspector{b: bytes.Clone(raw)}
	for more := in.open() && !in.at('}'); more; more, _ = in.more('}') {
		name, _ := in.name()
		in.space()
		in.expect(':')
		in.space()
		start := in.i
		in.any(anything)
		it.names = append(it.names, string(name))
		it.values[string(name)] = in.b[start:in.i]
	}
	return it, nil
}

// text returns a member that is a text, without spaces around it.
func (it *item) text(name string) string { return strings.TrimSpace(it.exact(name)) }

// exact returns a member that is a text as it stands.
func (it *item) exact(name string) string {
	var s string
	it.read(name, &s, text)
	return s
}

// texts returns the members of a list of texts that say something.
func (it *item) texts(name string) []string {
	var all, some []string
	it.read(name, &all, list)
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" {
			some = append(some, s)
		}
	}
	return some
}

// read reads a member that must be there.
func (it *item) read(name string, into any, want form) bool {
	raw, ok := it.values[name]
	if !ok {
		it.faults = append(it.faults, fault{field: name, effect: Partial, key: "exchange.missing"})
		return false
	}
	if err := json.Unmarshal(raw, into); err != nil || string(raw) == "null" {
		it.faults = append(it.faults, fault{field: name, effect: Partial, key: "exchange.wrong_type", args: []any{want.String(), shorten(string(raw))}})
		return false
	}
	return true
}

// fault notes something about a member.
func (it *item) fault(effect Effect, name, key string, args ...any) {
	it.faults = append(it.faults, fault{name, effect, key, args})
}
