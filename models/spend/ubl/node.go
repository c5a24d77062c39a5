package ubl

import (
	"strconv"
	"strings"
)

// node is an element of a document. Its name carries the usual prefix of its namespace
// (cbc: for values, cac: for groups), whatever prefix the file uses; elements of other
// namespaces than those of UBL have a name that no rule asks for.
type node struct {
	name   string
	text   string // as written, with white space
	filled bool   // it has text other than white space, or elements
	attrs  []attr
	up     *node
	kids   []*node
	at     int // 1 for the first of its name within up

	firsts map[string]*node // where there are many kids: the first of each name
}

// many is from how many kids on they are looked up by name: asking each of a hundred
// thousand elements for another among them must not take the square of that.
const many = 16

type attr struct{ name, value string }

// xmlSpace is white space in XML; strings.TrimSpace would take away more.
const xmlSpace = " \t\r\n"

// norm returns text without white space around it and with single spaces within, as
// normalize-space() of XPath does.
func norm(s string) string {
	s = strings.Trim(s, xmlSpace)
	if !strings.ContainsAny(s, "\t\r\n") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(xmlSpace, r) }), " ")
}

// all returns the elements at a path below n, in the order of the file. Every method of
// a node may be asked of nil, which has nothing.
func (n *node) all(path string) []*node {
	if n == nil {
		return nil
	}
	step, rest, deeper := strings.Cut(path, "/")
	var found []*node
	for _, k := range n.kids {
		switch {
		case k.name != step:
		case deeper:
			found = append(found, k.all(rest)...)
		default:
			found = append(found, k)
		}
	}
	return found
}

// first returns the first element at a path below n, or nil.
func (n *node) first(path string) *node {
	if n == nil {
		return nil
	}
	step, rest, deeper := strings.Cut(path, "/")
	if n.firsts != nil {
		if k := n.firsts[step]; k == nil || !deeper {
			return k
		}
	}
	for _, k := range n.kids {
		if k.name != step {
			continue
		}
		if !deeper {
			return k
		}
		if found := k.first(rest); found != nil {
			return found
		}
	}
	return nil
}

func (n *node) has(path string) bool { return n.first(path) != nil }

// val is the text of the first element at a path, without surplus white space.
func (n *node) val(path string) string { return n.first(path).value() }

func (n *node) value() string {
	if n == nil {
		return ""
	}
	return norm(n.text)
}

// prose is the text of the first element at a path with its line breaks kept.
func (n *node) prose(path string) string {
	if f := n.first(path); f != nil {
		return strings.Trim(f.text, xmlSpace)
	}
	return ""
}

func (n *node) attr(name string) string {
	v, _ := n.lookup(name)
	return v
}

func (n *node) lookup(name string) (string, bool) {
	if n != nil {
		for _, a := range n.attrs {
			if a.name == name {
				return a.value, true
			}
		}
	}
	return "", false
}

// where says where in its document n is: "Invoice/InvoiceLine[2]/Price".
func (n *node) where() string {
	if n == nil {
		return ""
	}
	var steps []string
	for ; n != nil; n = n.up {
		_, step, found := strings.Cut(n.name, ":")
		if !found {
			step = n.name
		}
		if n.at > 1 {
			step += "[" + strconv.Itoa(n.at) + "]"
		}
		steps = append([]string{step}, steps...)
	}
	return strings.Join(steps, "/")
}
