package exchange

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	maxNodes  = 100_000 // of one YAML document, aliases written out
	maxNested = 50      // lists and objects within each other
)

// node is a value of a YAML document. A scalar keeps its spelling, so that version
// 1.10 stays 1.10.
type node struct {
	line  int
	form  form // object, list, text, truth, or free for null
	text  string
	names []string // of an object, in the order of the file
	of    map[string]*node
	items []*node // of a list
}

// parseYAML reads a document of one object. Its size is for the caller to bound;
// what it may grow to is bounded here.
func parseYAML(b []byte) (n *node, wrong *fault) {
	// The parser is somebody else's: a fault of its own must not end the program.
	defer func() {
		if recover() != nil {
			n, wrong = nil, &fault{key: "exchange.yaml_odd"}
		}
	}()
	if f := notText(b, 0); f != nil {
		return nil, f
	}
	tokens := lexer.Tokenize(string(b))
	if tooNested(tokens) {
		return nil, &fault{key: "exchange.too_deep", args: []any{maxNested}}
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, yamlFault(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, &fault{key: "exchange.yaml_documents", args: []any{len(file.Docs)}}
	}
	g := grower{anchors: map[string]ast.Node{}}
	n = g.grow(file.Docs[0].Body, 0)
	if g.wrong == nil && n.form != object {
		g.fault(file.Docs[0].Body, "exchange.yaml_not_object")
	}
	return n, g.wrong
}

// tooNested finds documents whose nesting would take the parser too long.
func tooNested(tokens token.Tokens) bool {
	depth, row, line := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType, token.AnchorType, token.TagType:
			if t.Position.Line != line {
				row, line = 0, t.Position.Line
			}
			row++
		}
		if depth > maxNested || depth == 0 && row > maxNested || t.Position.Column > 100*maxNested && t.Type == token.MappingValueType && depth == 0 {
			return true
		}
	}
	return false
}

func yamlFault(err error) *fault {
	var e interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &e) && e.GetToken() != nil && e.GetToken().Position != nil {
		return &fault{key: "exchange.bad_yaml", args: []any{e.GetToken().Position.Line, e.GetMessage()}}
	}
	return &fault{key: "exchange.bad_yaml", args: []any{1, shorten(err.Error())}}
}

// grower turns the parser's tree into nodes, aliases written out.
type grower struct {
	anchors map[string]ast.Node
	nodes   int
	wrong   *fault
}

func (g *grower) fault(at ast.Node, key string, args ...any) *node {
	if g.wrong == nil {
		g.wrong = &fault{key: key, args: append([]any{lineOf(at)}, args...)}
	}
	return &node{form: free}
}

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func (g *grower) grow(n ast.Node, depth int) *node {
	if g.nodes++; g.wrong != nil || g.nodes > maxNodes || depth > maxNested {
		return g.fault(n, "exchange.yaml_too_much", maxNodes)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return g.object(n, n.Values, depth)
	case *ast.MappingValueNode:
		return g.object(n, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out := &node{line: lineOf(n), form: list}
		for _, v := range n.Values {
			out.items = append(out.items, g.grow(v, depth+1))
		}
		return out
	case *ast.AnchorNode:
		g.anchors[n.Name.String()] = n.Value
		return g.grow(n.Value, depth+1)
	case *ast.AliasNode:
		if to := g.anchors[n.Value.String()]; to != nil {
			return g.grow(to, depth+1)
		}
		return g.fault(n, "exchange.yaml_alias", n.Value.String())
	case *ast.TagNode:
		return g.grow(n.Value, depth+1)
	case ast.ScalarNode:
		return scalar(n)
	default:
		return g.fault(n, "exchange.yaml_merge")
	}
}

func (g *grower) object(at ast.Node, pairs []*ast.MappingValueNode, depth int) *node {
	out := &node{line: lineOf(at), form: object, of: map[string]*node{}}
	for _, p := range pairs {
		key, ok := p.Key.(ast.ScalarNode)
		if !ok || p.Key.Type() == ast.MergeKeyType {
			return g.fault(p, "exchange.yaml_merge")
		}
		name := scalar(key).text
		if out.of[name] != nil {
			return g.fault(p, "exchange.yaml_twice", name)
		}
		out.names = append(out.names, name)
		out.of[name] = g.grow(p.Value, depth+1)
		out.of[name].line = max(lineOf(p.Key), 1)
	}
	return out
}

func scalar(n ast.ScalarNode) *node {
	out := &node{line: lineOf(n), form: text, text: n.GetToken().Value}
	switch n := n.(type) {
	case *ast.LiteralNode:
		out.text = n.Value.Value
	case *ast.BoolNode:
		out.form = truth
	case *ast.NullNode:
		out.form, out.text = free, ""
	}
	return out
}

// at returns a value inside objects, or nil.
func (n *node) at(path ...string) *node {
	for _, name := range path {
		if n == nil {
			return nil
		}
		n = n.of[name]
	}
	return n
}

// string returns the text of a scalar without spaces around it, "" for anything else.
func (n *node) string() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// strings returns the texts of a list, or of a single text.
func (n *node) strings() []string {
	if n == nil {
		return nil
	}
	if s := n.string(); s != "" {
		return []string{s}
	}
	var all []string
	for _, item := range n.items {
		if s := item.string(); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// MarshalJSON writes a node as JSON, names in the order of the file.
func (n *node) MarshalJSON() ([]byte, error) {
	switch n.form {
	case object:
		out := []byte{'{'}
		for i, name := range n.names {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(append(out, encode(name)...), ':'), encode(n.of[name])...)
		}
		return append(out, '}'), nil
	case list:
		return json.Marshal(n.items)
	case truth:
		return []byte(strings.ToLower(n.text)), nil
	case free:
		return []byte("null"), nil
	default:
		return []byte(encode(n.text)), nil
	}
}
