package intake

import (
	"io"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
)

// place is where the last text ended, on the page.
type place struct {
	x, y  float64
	there bool
}

// show adds a text with what its place says: another line, or another word.
func (w *pageWalk) show(raw string) {
	if w.now.font == nil || raw == "" {
		return
	}
	w.gap()
	for _, g := range w.now.font.glyphs(raw) {
		if err := w.write(g.text); err != nil {
			panic(err)
		}
		x := g.width/1000*w.now.size + w.now.between
		if g.space {
			x += w.now.words
		}
		w.advance(x)
	}
	at := w.tm.then(w.now.ctm)
	w.last = place{at[4], at[5], true}
}

// gap tells apart what stands apart: by a half of its size across, or by less along.
func (w *pageWalk) gap() {
	const (
		across = 0.5
		along  = 0.15
		back   = -1.0
	)
	at := w.tm.then(w.now.ctm)
	size := math.Abs(w.now.size) * math.Hypot(at[2], at[3])
	length := math.Hypot(at[0], at[1])
	if !w.last.there || size == 0 || length == 0 {
		w.separate(lineGap)
		return
	}
	dx, dy := at[4]-w.last.x, at[5]-w.last.y
	cos, sin := at[0]/length, at[1]/length
	forth, aside := dx*cos+dy*sin, dy*cos-dx*sin
	switch {
	case math.Abs(aside) > across*size || forth < back*size:
		w.separate(lineGap)
	case forth > along*size:
		w.separate(wordGap)
	}
}

// pdfFont is what must be known of a font to read what it draws.
type pdfFont struct {
	encoder pdf.TextEncoding
	unicode map[uint32]string // by code; nil when the font does not say
	bytes   int               // of a code
	widths  map[uint32]float64
	width   float64 // of codes that widths does not have
}

// glyph is a character that is drawn.
type glyph struct {
	text  string
	width float64 // thousandths of the size
	space bool    // the code 32 of one byte
}

func (w *pageWalk) fontOf(name string) *pdfFont {
	if f, ok := w.fonts[name]; ok {
		return f
	}
	v := w.resources.Key("Font").Key(name)
	f := &pdfFont{bytes: 1, widths: map[uint32]float64{}, width: v.Key("FontDescriptor").Key("MissingWidth").Float64()}
	library := pdf.Font{V: v}
	f.encoder = library.Encoder()
	if v.Key("Subtype").Name() == "Type0" {
		f.bytes = 2
		f.composite(v.Key("DescendantFonts").Index(0))
	} else {
		first, all := v.Key("FirstChar").Int64(), v.Key("Widths")
		for i := range min(all.Len(), 1<<8) {
			f.widths[uint32(first)+uint32(i)] = all.Index(i).Float64()
		}
		if all.Len() == 0 {
			f.width = 500 // of the fonts that every program has, on average
		}
	}
	if u := v.Key("ToUnicode"); u.Kind() == pdf.Stream {
		f.unicode = toUnicode(u)
	}
	w.fonts[name] = f
	return f
}

// composite reads the widths of a font of many characters, ISO 32000-1, 9.7.4.3.
func (f *pdfFont) composite(v pdf.Value) {
	f.width = 1000
	if d := v.Key("DW"); d.Kind() != pdf.Null {
		f.width = d.Float64()
	}
	all := v.Key("W")
	for i := 0; i+1 < all.Len(); {
		first, next := all.Index(i).Int64(), all.Index(i+1)
		if next.Kind() == pdf.Array {
			for j := range next.Len() {
				f.widths[uint32(first)+uint32(j)] = next.Index(j).Float64()
			}
			i += 2
			continue
		}
		for code := first; code <= min(next.Int64(), first+1<<16) && i+2 < all.Len(); code++ {
			f.widths[uint32(code)] = all.Index(i + 2).Float64()
		}
		i += 3
	}
}

func (f *pdfFont) glyphs(raw string) []glyph {
	var all []glyph
	for len(raw) > 0 {
		part := raw[:min(f.bytes, len(raw))]
		raw = raw[len(part):]
		code := uint32(0)
		for i := range len(part) {
			code = code<<8 | uint32(part[i])
		}
		g := glyph{width: f.width, space: part == " "}
		if width, ok := f.widths[code]; ok {
			g.width = width
		}
		if text, ok := f.unicode[code]; ok {
			g.text = text
		} else if f.unicode == nil || f.bytes == 1 {
			g.text = f.encoder.Decode(part)
		}
		all = append(all, g)
	}
	return all
}

// mostMapped is how many characters of a font are told apart.
const mostMapped = 1 << 16

// toUnicode reads which characters the codes of a font stand for, ISO 32000-1, 9.10.3.
func toUnicode(stream pdf.Value) map[uint32]string {
	const most = 1 << 20 // bytes
	r := stream.Reader()
	defer r.Close()
	b, _ := io.ReadAll(io.LimitReader(r, most)) // what cannot be read says nothing
	found := map[uint32]string{}
	l := lexer{data: b, keeps: true}
	var args []pdfValue
	for {
		v, err := l.value()
		switch {
		case err != nil || v.kind == pdfEnd:
			return found
		case v.is("endbfchar"):
			for i := 0; i+1 < len(args); i += 2 {
				found[codeOf(args[i].text)] = lettersOf(args[i+1].text)
			}
		case v.is("endbfrange"):
			for i := 0; i+2 < len(args); i += 3 {
				ranged(found, codeOf(args[i].text), codeOf(args[i+1].text), args[i+2])
			}
		case v.kind == pdfString || v.kind == pdfArray:
			args = append(args, v)
			continue
		}
		args = nil
	}
}

// ranged maps the codes from first to last: to what stands in an array, or to characters
// that follow each other.
func ranged(found map[uint32]string, first, last uint32, to pdfValue) {
	for n := uint32(0); last >= first && n <= last-first && len(found) < mostMapped; n++ {
		if to.kind == pdfArray {
			if int(n) >= len(to.names) {
				return
			}
			found[first+n] = lettersOf(to.names[n])
			continue
		}
		letters := []rune(lettersOf(to.text))
		if len(letters) == 0 {
			return
		}
		letters[len(letters)-1] += rune(n)
		found[first+n] = string(letters)
	}
}

// codeOf reads a code in hexadecimal, of which only the last four bytes matter.
func codeOf(digits string) (code uint32) {
	for i := range len(digits) {
		if d := hexDigit(digits[i]); d >= 0 {
			code = code<<4 | uint32(d)
		}
	}
	return code
}

// lettersOf reads UTF-16 in hexadecimal with its larger bytes first.
func lettersOf(digits string) string {
	const perUnit = 4
	var units []uint16
	n, unit := 0, uint16(0)
	for i := range len(digits) {
		d := hexDigit(digits[i])
		if d < 0 {
			continue
		}
		unit = unit<<4 | uint16(d)
		if n++; n%perUnit == 0 {
			units = append(units, unit)
		}
	}
	return strings.ToValidUTF8(string(utf16.Decode(units)), "")
}
