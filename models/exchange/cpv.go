package exchange

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// NewCPV reads the Common Procurement Vocabulary from a list of its codes in JSON:
// of each its code, version, type and English name. Only version 2, of 2008, is
// taken. estonian may give the Estonian names: a YAML file of English names with the
// Estonian ones; nil when there is none. file and estonianFile are what problems
// call the two.
//
// The codes come sorted. The parent of each is worked out from its digits: the
// nearest code there is with fewer of them.
func NewCPV(file string, r io.Reader, estonianFile string, estonian io.Reader) CPVReader {
	c := &cpvReader{file: file, codes: map[string]*catalogue.CPV{}}
	text, wrong := openText(file, r)
	if wrong != nil {
		c.waiting.add(wrong)
		c.err = io.EOF
		return c
	}
	c.stream = stream{r: text}
	c.estonianFile, c.estonian = estonianFile, estonian
	return c
}

type cpvReader struct {
	file, estonianFile string
	stream             stream
	estonian           io.Reader
	loaded             bool
	codes              map[string]*catalogue.CPV // by their eight digits
	said               map[string]string         // the parents that the file gives
	order              []string
	waiting            queue
	tally              tally
	err                error
}

// Counts implements [CPVReader].
func (c *cpvReader) Counts() []Count { return c.tally.counts }

// Next implements [CPVReader].
func (c *cpvReader) Next() (catalogue.CPV, error) {
	if !c.loaded && c.err == nil {
		c.loaded = true
		c.load()
	}
	if p := c.waiting.take(); p != nil {
		return catalogue.CPV{}, p
	}
	if c.err != nil {
		return catalogue.CPV{}, c.err
	}
	if len(c.order) == 0 {
		return catalogue.CPV{}, io.EOF
	}
	code := c.codes[c.order[0]]
	c.order = c.order[1:]
	c.tally.kept("cpv.codes")
	return *code, nil
}

// load reads both files; the whole vocabulary is small.
func (c *cpvReader) load() {
	c.said = map[string]string{}
	err := c.stream.each('[', ']', c.code)
	if err == nil {
		err = c.stream.end()
	}
	if f, ok := err.(*fault); ok {
		c.waiting.add(f.at(c.file, ""))
		err = io.EOF
	}
	if err != nil {
		c.err = err
		return
	}
	for digits := range c.codes {
		c.order = append(c.order, digits)
	}
	slices.Sort(c.order)
	c.parents()
	c.err = c.names()
}

var (
	cpvShape = regexp.MustCompile(`^[0-9]{8}-[0-9]$`)
	cpvKinds = map[string]string{"1": "supplies", "2": "works", "3": "services"}
)

// code reads one code of the list.
func (c *cpvReader) code(i int) error {
	raw, long, err := c.stream.value()
	if err != nil {
		return err
	}
	where := fmt.Sprintf("[%d]", i)
	skip := func(faults ...fault) error {
		c.tally.left("cpv.codes")
		for _, f := range faults {
			f.effect = Skipped
			c.waiting.add(f.at(c.file, where))
		}
		return nil
	}
	if long {
		return skip(fault{key: "exchange.too_long", args: []any{maxRecord >> 20}})
	}
	it, faults := newItem(raw, c.stream.at-int64(len(raw)))
	if len(faults) > 0 {
		return skip(faults...)
	}
	code, name := it.text("code"), it.text("name")
	where += " " + code
	version, kind := string(it.values["version"]), cpvKinds[string(it.values["type"])]
	digits, _, _ := strings.Cut(code, "-")
	switch {
	case version == "1":
		c.tally.left("cpv.version_1") // the vocabulary of 2003, which nobody may use any more
	case version != "2":
		return skip(fault{field: "version", key: "exchange.unknown_value", args: []any{shorten(version)}})
	case !cpvShape.MatchString(code):
		return skip(fault{field: "code", key: "content.cpv", args: []any{shorten(code)}})
	case c.codes[digits] != nil:
		return skip(fault{field: "code", key: "exchange.duplicate_key", args: []any{code, c.codes[digits].Code}})
	case name == "":
		return skip(fault{field: "name", key: "exchange.missing"})
	case kind == "":
		return skip(fault{field: "type", key: "exchange.unknown_value", args: []any{shorten(string(it.values["type"]))}})
	default:
		c.codes[digits] = &catalogue.CPV{Code: code, Kind: kind, Names: models.Text{"en": name}}
		if it.values["parent"] != nil && string(it.values["parent"]) != "null" {
			c.said[digits] = it.text("parent")
		}
	}
	return nil
}

// parents finds the parent of every code: digits are taken away from its end until
// there is a code with the rest.
func (c *cpvReader) parents() {
	differ := 0
	for _, digits := range c.order {
		code := c.codes[digits]
		for n := len(digits) - 1; n >= 2 && code.Parent == ""; n-- {
			up := c.codes[digits[:n]+strings.Repeat("0", len(digits)-n)]
			if up != nil && up != code {
				code.Parent = up.Code
			}
		}
		if c.said[digits] != code.Parent {
			differ++
		}
		if code.Parent == "" && strings.Trim(digits[2:], "0") != "" {
			c.waiting.add(fault{key: "exchange.cpv_orphan", effect: Noted}.at(c.file, code.Code))
		}
	}
	if differ > 0 {
		c.waiting.add(fault{field: "parent", key: "exchange.cpv_parents", effect: Noted, args: []any{differ}}.at(c.file, ""))
	}
}

const maxNames = 8 << 20 // bytes of the Estonian names

// names adds the Estonian names.
func (c *cpvReader) names() error {
	if c.estonian == nil {
		return nil
	}
	text, wrong := openText(c.estonianFile, c.estonian)
	if wrong != nil {
		c.waiting.add(wrong)
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(text, maxNames+1))
	if err != nil {
		return err
	}
	n, f := (*node)(nil), &fault{key: "exchange.too_long", args: []any{maxNames >> 20}}
	if len(b) <= maxNames {
		n, f = parseYAML(b)
	}
	if f != nil {
		c.waiting.add(f.at(c.estonianFile, ""))
		return nil
	}
	without := 0
	for _, code := range c.codes {
		name := n.at(code.Names["en"]).string()
		if name == "" {
			without++
			c.tally.left("cpv.estonian_names")
			continue
		}
		code.Names["et"] = name
		c.tally.kept("cpv.estonian_names")
	}
	if without > 0 {
		c.waiting.add(fault{key: "exchange.cpv_no_name", effect: Noted, args: []any{without}}.at(c.estonianFile, ""))
	}
	return nil
}
