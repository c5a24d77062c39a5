package ocds

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"pilveturg/models"
)

// MaxDepth is how many levels of objects and lists there may be in a release.
const MaxDepth = 64

var (
	errDepth = errors.New("more levels than are allowed")
	errJSON  = errors.New("not valid JSON")
)

// node is a JSON value. The order of fields is kept, and numbers are as written.
type node struct {
	is    kinds  // one of them; whole numbers are isNumber too
	raw   []byte // the value as written
	text  string // of a text
	keys  []string
	under []*node // of an object in the order of keys, or of a list
}

// parse reads one JSON value. It fails with errJSON or errDepth.
func parse(raw []byte) (*node, error) {
	raw = bytes.TrimSpace(raw)
	if deep(raw) {
		return nil, errDepth
	}
	if !json.Valid(raw) {
		return nil, errJSON
	}
	n, _ := parseValue(raw, 0)
	return n, nil
}

// deep reports whether a text has more than MaxDepth levels, before it is known to be JSON.
func deep(raw []byte) bool {
	level, inText := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			if level++; level > MaxDepth {
				return true
			}
		case c == '}' || c == ']':
			level--
		}
	}
	return false
}

// parseValue reads the value at i of valid JSON, and tells where it ends.
func parseValue(raw []byte, i int) (*node, int) {
	i = space(raw, i)
	n, from := &node{}, i
	switch c := raw[i]; c {
	case '{', '[':
		i = n.parseUnder(raw, i+1, c == '{')
	case '"':
		i = textEnd(raw, i)
		n.is, n.text = isText, unquote(raw[from:i])
	case 't', 'f':
		n.is = isTruth
		i = wordEnd(raw, i)
	case 'n':
		n.is = isNull
		i = wordEnd(raw, i)
	default:
		i = wordEnd(raw, i)
		n.is = isNumber
		if wholeNumber(raw[from:i]) {
			n.is |= isWhole
		}
	}
	n.raw = raw[from:i]
	return n, i
}

// parseUnder reads what is in an object or a list, from behind its bracket. Of two fields
// with one name the last counts.
func (n *node) parseUnder(raw []byte, i int, named bool) int {
	n.is = isList
	if named {
		n.is = isObject
	}
	var at map[string]int
	for i = space(raw, i); raw[i] != '}' && raw[i] != ']'; i = space(raw, i) {
		if raw[i] == ',' {
			i = space(raw, i+1)
		}
		key := ""
		if named {
			end := textEnd(raw, i)
			key = unquote(raw[i:end])
			i = space(raw, end) + 1
		}
		var v *node
		v, i = parseValue(raw, i)
		if named {
			if at == nil {
				at = map[string]int{}
			}
			if before, twice := at[key]; twice {
				n.under[before] = v
				continue
			}
			at[key] = len(n.keys)
			n.keys = append(n.keys, key)
		}
		n.under = append(n.under, v)
	}
	return i + 1
}

func space(raw []byte, i int) int {
	for raw[i] == ' ' || raw[i] == '\t' || raw[i] == '\n' || raw[i] == '\r' {
		i++
	}
	return i
}

func textEnd(raw []byte, i int) int {
	for i++; raw[i] != '"'; i++ {
		if raw[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// wordEnd is the end of a number, true, false or null.
func wordEnd(raw []byte, i int) int {
	if end := bytes.IndexAny(raw[i:], ",]} \t\r\n"); end >= 0 {
		return i + end
	}
	return len(raw)
}

func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return strings.ToValidUTF8(string(raw[1:len(raw)-1]), "\uFFFD")
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// wholeNumber reports whether a number has no fraction, as JSON Schema counts: 1.0 has none.
func wholeNumber(raw []byte) bool {
	if !bytes.ContainsAny(raw, ".eE") {
		return true
	}
	e, err := models.ParseExact(string(raw))
	return err == nil && e.Places() == 0
}

// field returns the value of a field, or nil.
func (n *node) field(key string) *node {
	if i := slices.Index(n.keys, key); i >= 0 {
		return n.under[i]
	}
	return nil
}

// textOf returns the text of a field, or "".
func (n *node) textOf(key string) string {
	if f := n.field(key); f != nil {
		return f.text
	}
	return ""
}

// hasObjects reports whether a list has nothing but objects.
func (n *node) hasObjects() bool {
	return !slices.ContainsFunc(n.under, func(v *node) bool { return v.is != isObject })
}

// canon is a text that equal values have in common: fields in order of their names, and
// numbers by what they amount to.
func (n *node) canon() string { return string(n.appendCanon(nil)) }

func (n *node) appendCanon(b []byte) []byte {
	switch {
	case n.is == isObject:
		order := make([]int, len(n.keys))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int { return strings.Compare(n.keys[i], n.keys[j]) })
		b = append(b, '{')
		for _, i := range order {
			b = strconv.AppendQuote(b, n.keys[i])
			b = append(n.under[i].appendCanon(append(b, ':')), ',')
		}
		return append(b, '}')
	case n.is == isList:
		b = append(b, '[')
		for _, v := range n.under {
			b = append(v.appendCanon(b), ',')
		}
		return append(b, ']')
	case n.is == isText:
		return strconv.AppendQuote(b, n.text)
	case n.is&isNumber != 0:
		if e, err := models.ParseExact(string(n.raw)); err == nil {
			return e.Append(b)
		}
	}
	return append(b, n.raw...)
}
