package ubl

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Limits of what [Read] takes.
const (
	MaxBytes    = 20 << 20 // as the file is
	MaxElements = 500_000
	MaxDepth    = 64
)

var (
	// ErrNotUBL is a file that is no XML, or that has neither an Invoice nor a CreditNote
	// of UBL 2, or more than one, or that is in an encoding which is not read.
	ErrNotUBL = errors.New("not an invoice or a credit note of UBL 2")
	// ErrTooBig is a file beyond [MaxBytes] or [MaxElements].
	ErrTooBig = errors.New("the document is too big")
	// ErrHostile is a file with a document type or deeper than [MaxDepth]: no invoice
	// needs either, and both are ways to overwhelm who reads it.
	ErrHostile = errors.New("the document has parts that no invoice has")
)

// Namespaces of UBL 2.1 (OASIS Universal Business Language 2.1, section 3).
const (
	nsInvoice    = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
	nsCreditNote = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
	nsGroup      = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
	nsValue      = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"

	// The envelope in which Peppol carries documents (UN/CEFACT, SBDH 1.3).
	nsEnvelope = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
)

// Read reads an invoice or a credit note of UBL 2.1, alone or in the envelope in which
// Peppol carries it, in UTF-8, UTF-16 or, where it says so, in an encoding of western or
// Baltic languages in single bytes. It keeps what the file says and judges nothing; [Check] does. It
// fails with [ErrNotUBL], [ErrTooBig] or [ErrHostile], or with what r failed with.
func Read(r io.Reader) (*Document, error) {
	t := tree{names: map[xml.Name]string{}}
	in, marked := decoded(&capped{r: r, left: MaxBytes})
	t.marked = marked
	root, err := t.read(xml.NewDecoder(in))
	if err != nil {
		return nil, fmt.Errorf("read invoice: %w", err)
	}
	return newDocument(root), nil
}

// tree reads the elements of a document.
type tree struct {
	names    map[xml.Name]string
	root     *node
	open     *node
	counts   []map[string]int // how many of each name the open elements have so far
	elements int
	text     [][]byte // of the open elements
	marked   bool     // a byte order mark said which encoding it is
	envelope bool     // the document is in one …
	around   int      // … of which so many elements are open
}

func (t *tree) read(dec *xml.Decoder) (*node, error) {
	// What the bytes are was decided by their mark; a name that contradicts it is wrong.
	dec.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(name) {
		case "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii":
			return in, nil
		}
		if m := charmapOf(name); m != nil && !t.marked {
			return m.NewDecoder().Reader(in), nil
		}
		return nil, fmt.Errorf("encoding %.40q: %w", name, ErrNotUBL)
	}
	for {
		token, err := dec.Token()
		if err == io.EOF && t.root != nil && t.open == nil && t.around == 0 {
			return t.root, nil
		}
		if err == nil {
			err = t.take(token)
		}
		if err != nil {
			return nil, t.named(err)
		}
	}
}

// named tells apart what is wrong with the file and what is wrong with reading it.
func (t *tree) named(err error) error {
	var syntax *xml.SyntaxError
	if err == io.EOF || errors.As(err, &syntax) || strings.HasPrefix(err.Error(), "xml: ") {
		return fmt.Errorf("%w: %w", ErrNotUBL, err)
	}
	return err
}

func (t *tree) take(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return t.start(token)
	case xml.EndElement:
		if t.open == nil {
			t.around--
			return nil
		}
		t.end()
	case xml.CharData:
		if t.open == nil && t.around == 0 && strings.Trim(string(token), xmlSpace+"\ufeff") != "" {
			return fmt.Errorf("%w: text outside of the document", ErrNotUBL)
		}
		if t.open != nil {
			last := len(t.text) - 1
			t.text[last] = append(t.text[last], token...)
		}
	case xml.Directive:
		return fmt.Errorf("document type: %w", ErrHostile)
	}
	return nil
}

func (t *tree) start(e xml.StartElement) error {
	t.elements++
	switch {
	case t.elements > MaxElements:
		return ErrTooBig
	case len(t.counts)+t.around >= MaxDepth:
		return fmt.Errorf("depth: %w", ErrHostile)
	case t.open == nil && t.isAround(e.Name):
		t.around++
		return nil
	case t.root != nil && t.open == nil:
		return fmt.Errorf("%w: a second document", ErrNotUBL)
	}
	n := &node{name: t.name(e.Name), up: t.open, at: 1}
	for _, a := range e.Attr {
		if kept[a.Name.Local] && a.Name.Space == "" {
			n.attrs = append(n.attrs, attr{a.Name.Local, a.Value})
		}
	}
	if t.open == nil {
		if n.name != "Invoice" && n.name != "CreditNote" {
			return fmt.Errorf("%w: %.80q", ErrNotUBL, e.Name.Local)
		}
		t.root = n
	} else {
		n.at = t.count(n.name)
		t.open.kids = append(t.open.kids, n)
		t.open.filled = true
	}
	t.open = n
	t.counts = append(t.counts, nil)
	t.text = append(t.text, nil)
	return nil
}

// isAround reports whether an element outside of the document belongs to its envelope:
// the envelope itself, and all in it that is not the document.
func (t *tree) isAround(n xml.Name) bool {
	if t.elements == 1 {
		t.envelope = n.Space == nsEnvelope && n.Local == "StandardBusinessDocument"
		return t.envelope
	}
	return t.envelope && (t.around > 1 || t.around == 1 && n.Space == nsEnvelope)
}

// charmapOf is an encoding in single bytes that documents are written in.
func charmapOf(name string) *charmap.Charmap {
	switch strings.ToLower(name) {
	case "iso-8859-1", "latin1", "windows-1252", "cp1252": // the second has all of the first that is printed
		return charmap.Windows1252
	case "iso-8859-15", "latin-9":
		return charmap.ISO8859_15
	case "iso-8859-13":
		return charmap.ISO8859_13
	case "iso-8859-4":
		return charmap.ISO8859_4
	case "windows-1257", "cp1257":
		return charmap.Windows1257
	}
	return nil
}

// count says that the open element has one more of a name.
func (t *tree) count(name string) int {
	last := len(t.counts) - 1
	if t.counts[last] == nil {
		t.counts[last] = map[string]int{}
	}
	t.counts[last][name]++
	return t.counts[last][name]
}

// kept are the attributes that a rule or a ledger asks for.
var kept = map[string]bool{"currencyID": true, "unitCode": true, "schemeID": true, "listID": true}

func (t *tree) name(n xml.Name) string {
	name, known := t.names[n]
	if known {
		return name
	}
	switch {
	case n.Space == nsValue:
		name = "cbc:" + n.Local
	case n.Space == nsGroup:
		name = "cac:" + n.Local
	case n.Space == nsInvoice && n.Local == "Invoice", n.Space == nsCreditNote && n.Local == "CreditNote":
		name = n.Local
	default:
		name = "other:" + n.Local
	}
	t.names[n] = name
	return name
}

func (t *tree) end() {
	n, last := t.open, len(t.text)-1
	text := string(t.text[last])
	n.filled = n.filled || strings.Trim(text, xmlSpace) != ""
	// The text between elements means nothing, and attached files are not kept.
	if len(n.kids) == 0 && n.name != "cbc:EmbeddedDocumentBinaryObject" {
		n.text = text
	}
	if len(n.kids) >= many {
		n.firsts = map[string]*node{}
		for _, k := range n.kids {
			if k.at == 1 {
				n.firsts[k.name] = k
			}
		}
	}
	t.open, t.text, t.counts = n.up, t.text[:last], t.counts[:last]
}
