package sheet

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Problems of an object; [Row.Problem] is one of them.
const (
	JSONWrong = "row_json"  // what stands in its place is no object
	JSONTwice = "row_twice" // the same name stands in it twice
	JSONNames = "row_names" // its names are too many, or too long
	JSONDeep  = "row_deep"  // too many levels of lists and objects
)

// eachMember goes through the names and values of an object that is valid JSON, until do
// says that it is enough.
func eachMember(object []byte, do func(name string, value []byte) bool) {
	rest := bytes.TrimLeft(object[1:], " \t\r\n,")
	for len(rest) > 0 && rest[0] == '"' {
		end := jsonEnd(rest)
		name, _ := jsonString(rest[:end])
		rest = bytes.TrimLeft(rest[end:], " \t\r\n:")
		end = jsonEnd(rest)
		if !do(name, rest[:end]) {
			return
		}
		rest = bytes.TrimLeft(rest[end:], " \t\r\n,")
	}
}

// jsonEnd is where the value ends that valid JSON begins with.
func jsonEnd(text []byte) int {
	open, quoted, escaped := 0, false, false
	for i, c := range text {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
			if !quoted && open == 0 {
				return i + 1
			}
		case quoted:
		case c == '{' || c == '[':
			open++
		case c == '}' || c == ']':
			if open == 0 {
				return i
			}
			if open--; open == 0 {
				return i + 1
			}
		case open == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			return i
		}
	}
	return len(text)
}

// jsonString is a text of JSON as it is meant.
func jsonString(raw []byte) (string, bool) {
	if n := len(raw); n >= 2 && raw[0] == '"' && raw[n-1] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : n-1]), true
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// jsonCell is a value of JSON as a cell: texts as they are meant, numbers as they are
// written, nothing for null, and lists and objects as their JSON.
func jsonCell(value []byte) string {
	switch value[0] {
	case '"':
		s, _ := jsonString(value)
		return s
	case 'n':
		return ""
	case '{', '[':
		var b bytes.Buffer
		if json.Compact(&b, value) == nil {
			return b.String()
		}
	case 't', 'f':
	default:
		return jsonNumber(string(value))
	}
	return string(value)
}

// jsonNumber writes a number so that its point cannot be taken for one that parts
// thousands: 1.234 as 1.2340. All other digits stay as they are written.
func jsonNumber(s string) string {
	mantissa, exponent := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent = s[:i], s[i:]
	}
	whole, part, _ := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	if len(part) == 3 && len(whole) <= 3 {
		return mantissa + "0" + exponent
	}
	return s
}

// objectProblem says why a value cannot be a row; "" when it can.
func (j *jsonText) objectProblem(raw []byte) string {
	switch {
	case j.long:
		return LongRow
	case j.deep:
		return JSONDeep
	case len(raw) == 0 || raw[0] != '{' || !json.Valid(raw):
		return JSONWrong
	case !utf8.Valid(raw):
		return BrokenText
	}
	return ""
}

// jsonNames are the names that the objects of a list have, in the order in which they
// were first seen.
type jsonNames struct {
	list []string
	at   map[string]int
	size int
}

// maxJSONNames is how many bytes all names of a list may have.
const maxJSONNames = 256 << 10

// add adds the names of an object; those behind the bounds are left out.
func (n *jsonNames) add(object []byte) {
	if n.at == nil {
		n.at = map[string]int{}
	}
	eachMember(object, func(name string, _ []byte) bool {
		if _, known := n.at[name]; !known && len(name) <= maxJSONName && len(n.list) < MaxColumns && n.size+len(name) <= maxJSONNames {
			n.at[name] = len(n.list)
			n.list = append(n.list, strings.Clone(name))
			n.size += len(name)
		}
		return true
	})
}

// cells puts the values of an object under their names.
func (n *jsonNames) cells(object []byte, cells []string, had []bool) (problem string) {
	clear(cells)
	clear(had)
	eachMember(object, func(name string, value []byte) bool {
		i, known := n.at[name]
		switch {
		case !known:
			problem = JSONNames
		case had[i]:
			problem = JSONTwice
		default:
			had[i], cells[i] = true, jsonCell(value)
			if strings.IndexByte(cells[i], 0) >= 0 {
				problem = HasNUL
			}
		}
		return problem == ""
	})
	return problem
}
