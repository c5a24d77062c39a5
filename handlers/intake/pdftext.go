package intake

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/ledongthuc/pdf"
)

const (
	mostPages = 2000
	formDepth = 5 // how deep drawings that hold others are followed

	lookUpAfter = 1000 // operators, to see how late it is
)

// readPDF reads the text of a PDF page by page. A page that cannot be read ends where
// that shows.
func readPDF(b []byte, p *prose) error {
	r, err := pdf.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	fonts := map[string]*pdfFont{}
	var first error
	for i := range min(r.NumPage(), mostPages) {
		err := readPage(r.Page(i+1), fonts, p)
		if errors.Is(err, errEnough) {
			return err
		}
		if first == nil {
			first = err
		}
		p.separate(paragraphGap)
	}
	return first
}

func readPage(page pdf.Page, fonts map[string]*pdfFont, p *prose) (err error) {
	defer func() {
		switch wrong := recover().(type) {
		case nil:
		case error:
			err = wrong
		default:
			err = fmt.Errorf("page: %v", wrong)
		}
	}()
	w := pageWalk{prose: p, fonts: fonts, resources: page.Resources(), done: new(int)}
	w.now.ctm = identity
	w.draw(page.V.Key("Contents"))
	return nil
}

// matrix is [a b c d e f] of ISO 32000-1, 8.3.3.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// then is what m and after it n do.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// pen is the state of drawing that is saved and restored.
type pen struct {
	ctm                           matrix
	font                          *pdfFont
	size, leading, between, words float64 // of the font, of lines, between characters and, in addition, at spaces
	wide                          float64 // of characters, 0 for 1
}

// pageWalk follows the operators that draw text, ISO 32000-1, 9.
type pageWalk struct {
	*prose
	fonts     map[string]*pdfFont
	resources pdf.Value
	now       pen
	saved     []pen
	tm, line  matrix // of text, of its line
	last      place
	depth     int
	done      *int // operators, in all drawings
}

// draw follows a stream of operators. It panics with [errEnough] when there is enough,
// because the library can be stopped in no other way.
func (w *pageWalk) draw(content pdf.Value) {
	if content.IsNull() {
		return
	}
	pdf.Interpret(content, func(stack *pdf.Stack, op string) {
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		if *w.done++; *w.done%lookUpAfter == 0 && time.Now().After(w.until) {
			panic(errEnough)
		}
		if needs := operands[op]; len(args) >= needs {
			w.do(op, args[len(args)-needs:])
		}
	})
}

// operands are how many each operator needs.
var operands = map[string]int{"cm": 6, "Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Tf": 2, "Td": 2, "TD": 2, "Tm": 6, "Tj": 1, "TJ": 1, "'": 1, `"`: 3, "Do": 1}

func (w *pageWalk) do(op string, args []pdf.Value) {
	number := func(i int) float64 { return args[i].Float64() }
	switch op {
	case "q":
		const most = 1000
		if len(w.saved) < most {
			w.saved = append(w.saved, w.now)
		}
	case "Q":
		if n := len(w.saved); n > 0 {
			w.now, w.saved = w.saved[n-1], w.saved[:n-1]
		}
	case "cm":
		w.now.ctm = matrixOf(args).then(w.now.ctm)
	case "BT":
		w.tm, w.line = identity, identity
	case "Tc":
		w.now.between = number(0)
	case "Tw":
		w.now.words = number(0)
	case "Tz":
		w.now.wide = number(0) / 100
	case "TL":
		w.now.leading = number(0)
	case "Tf":
		w.now.font, w.now.size = w.fontOf(args[0].Name()), number(1)
	case "Td":
		w.move(number(0), number(1))
	case "TD":
		w.now.leading = -number(1)
		w.move(number(0), number(1))
	case "Tm":
		w.tm = matrixOf(args)
		w.line = w.tm
	case "T*":
		w.move(0, -w.now.leading)
	case "Do":
		w.form(w.resources.Key("XObject").Key(args[0].Name()))
	default:
		w.say(op, args)
	}
}

// say follows the operators that show text.
func (w *pageWalk) say(op string, args []pdf.Value) {
	switch op {
	case "Tj":
		w.show(args[0].RawString())
	case "'":
		w.move(0, -w.now.leading)
		w.show(args[0].RawString())
	case `"`:
		w.now.words, w.now.between = args[0].Float64(), args[1].Float64()
		w.move(0, -w.now.leading)
		w.show(args[2].RawString())
	case "TJ":
		for i := range args[0].Len() {
			one := args[0].Index(i)
			if one.Kind() == pdf.String {
				w.show(one.RawString())
				continue
			}
			w.advance(-one.Float64() / 1000 * w.now.size)
		}
	}
}

func matrixOf(args []pdf.Value) (m matrix) {
	for i := range m {
		m[i] = args[i].Float64()
	}
	return m
}

// move begins a line that is so far from the last.
func (w *pageWalk) move(x, y float64) {
	w.line = matrix{1, 0, 0, 1, x, y}.then(w.line)
	w.tm = w.line
}

// advance goes along the line.
func (w *pageWalk) advance(x float64) {
	if w.now.wide != 0 {
		x *= w.now.wide
	}
	w.tm = matrix{1, 0, 0, 1, x, 0}.then(w.tm)
}

// form draws what is kept by a name, unless it is a picture.
func (w *pageWalk) form(x pdf.Value) {
	if x.Key("Subtype").Name() != "Form" || w.depth >= formDepth {
		return
	}
	inner := *w
	inner.depth++
	if m := x.Key("Matrix"); m.Len() == len(identity) {
		var all []pdf.Value
		for i := range m.Len() {
			all = append(all, m.Index(i))
		}
		inner.now.ctm = matrixOf(all).then(inner.now.ctm)
	}
	if r := x.Key("Resources"); !r.IsNull() {
		inner.resources, inner.fonts = r, map[string]*pdfFont{}
	}
	inner.saved = nil
	inner.draw(x)
	w.last = inner.last
}
