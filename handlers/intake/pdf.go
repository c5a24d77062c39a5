package intake

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"
	"strconv"
)

// What a PDF may cost to look through.
const (
	pdfUnpacked = 64 << 20 // bytes of all its object streams
	pdfGrowth   = 100      // times its size one of them may unpack to; those of real files do to 3–10 times
	pdfSmall    = 1 << 20  // bytes that any of them may
	pdfHops     = 200      // from the last table of objects to the first
	pdfTail     = 2048     // bytes in which its end stands
)

// pdfFile is a PDF that is looked through as ISO 32000 describes it: all objects that
// stand in the file or packed in it, whether its tables name them or not.
type pdfFile struct {
	data     []byte
	unpacked int // bytes, so far
	root     bool
	pages    int
	found    Reason // the first thing that is not wanted
}

// inspectPDF refuses what is no whole PDF, and one that runs, hides or holds something.
func inspectPDF(b []byte) error {
	f := &pdfFile{data: b}
	if err := f.tables(); err != nil {
		return err
	}
	if err := f.scan(b, true); err != nil {
		return err
	}
	switch {
	case f.found != "":
		return Refused{Why: f.found}
	case !f.root:
		return refuse(Damaged, "no catalogue of the document")
	case f.pages == 0:
		return Refused{Why: NoPages}
	}
	return nil
}

// tables follows the tables of objects from the last to the first.
func (f *pdfFile) tables() error {
	tail := f.data[max(0, len(f.data)-pdfTail):]
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 || !bytes.Contains(tail[at:], []byte("%%EOF")) {
		return refuse(Damaged, "it has no end")
	}
	l := lexer{data: tail, at: at + len("startxref")}
	next, ok := l.next().number()
	seen := map[int]bool{}
	for ok {
		if next < 0 || next >= len(f.data) || seen[next] || len(seen) >= pdfHops {
			return refuse(Damaged, "the table at %d", next)
		}
		seen[next] = true
		trailer, err := f.table(next)
		if err != nil {
			return err
		}
		if trailer.has("Encrypt") {
			return Refused{Why: Encrypted}
		}
		if len(seen) == 1 && !trailer.has("Root") {
			return refuse(Damaged, "no root")
		}
		next, ok = trailer.number("Prev")
	}
	if len(seen) == 0 {
		return refuse(Damaged, "no address of its table")
	}
	return nil
}

// table returns what is said of a table of objects: its trailer, or the head of the
// stream that it is.
func (f *pdfFile) table(at int) (pdfDict, error) {
	l := lexer{data: f.data, at: at}
	first := l.next()
	if first.is("xref") {
		end := bytes.Index(f.data[l.at:], []byte("trailer"))
		if end < 0 {
			return nil, refuse(Damaged, "a table without trailer")
		}
		l.at += end + len("trailer")
		return l.dict()
	}
	if _, ok := first.number(); !ok {
		return nil, refuse(Damaged, "no table at %d", at)
	}
	if l.next(); !l.next().is("obj") {
		return nil, refuse(Damaged, "no table at %d", at)
	}
	head, err := l.dict()
	if err == nil && head.name("Type") != "XRef" {
		err = refuse(Damaged, "no table at %d", at)
	}
	return head, err
}

// scan reads all objects of data, and those that are packed in them when deep.
func (f *pdfFile) scan(data []byte, deep bool) error {
	l := lexer{data: data, at: 0, saw: f.saw}
	for l.skip(); l.at < len(data); l.skip() {
		t, err := l.value()
		if err != nil {
			return err
		}
		if t.kind == pdfName {
			f.saw("S", t) // a dictionary may refer to it
		}
		if t.kind != pdfDictionary || !deep {
			continue
		}
		before := l.at
		if !l.next().is("stream") {
			l.at = before
			continue
		}
		body, err := l.body(t.dict)
		if err != nil {
			return err
		}
		if t.dict.name("Type") == "ObjStm" || t.dict.has("First") && t.dict.has("N") {
			if err := f.packed(t.dict, body); err != nil {
				return err
			}
		}
	}
	return nil
}

// packed reads the objects in an object stream.
func (f *pdfFile) packed(head pdfDict, body []byte) error {
	if head.has("DecodeParms") || head.has("DP") || head.has("F") {
		return refuse(Intricate, "object stream")
	}
	switch filter := head.filter(); filter {
	case "":
	case "FlateDecode", "Fl":
		r, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return refuse(Damaged, "object stream: %v", err)
		}
		left := min(pdfUnpacked-f.unpacked, max(pdfSmall, pdfGrowth*len(body)))
		body, err = io.ReadAll(io.LimitReader(r, int64(left)+1))
		if f.unpacked += len(body); len(body) > left {
			return Refused{Why: Bomb}
		}
		var torn flate.CorruptInputError
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, zlib.ErrChecksum) && !errors.As(err, &torn) {
			return refuse(Damaged, "object stream: %v", err)
		}
	default:
		return refuse(Intricate, "object stream by %s", filter)
	}
	return f.scan(body, false)
}

// saw looks at an entry of a dictionary.
func (f *pdfFile) saw(key string, v pdfValue) {
	why := Reason("")
	switch {
	case key == "Type" && v.isName("Catalog"):
		f.root = true
	case key == "Type" && v.isName("Page"):
		f.pages++
	case key == "JS", key == "JavaScript", key == "XFA":
		why = Active
	case key == "S" && (v.isName("JavaScript") || v.isName("Launch") || v.isName("ImportData") || v.isName("Rendition")):
		why = Active
	case key == "EmbeddedFiles", key == "EF", key == "RichMediaContent", key == "Type" && v.isName("EmbeddedFile"),
		key == "Subtype" && (v.isName("RichMedia") || v.isName("FileAttachment") || v.isName("Movie") || v.isName("Screen")):
		why = Attached
	}
	if f.found == "" {
		f.found = why
	}
}

// filter is by what a stream is packed, "" when it is not; several are told together.
func (d pdfDict) filter() string {
	v, ok := d["Filter"]
	switch {
	case !ok || v.kind == pdfArray && len(v.names) == 0 && v.plain:
		return ""
	case v.kind == pdfName:
		return v.text
	case v.kind == pdfArray && len(v.names) == 1 && v.plain:
		return v.names[0]
	default:
		return "several"
	}
}

func (v pdfValue) number() (int, bool) {
	n, err := strconv.Atoi(v.text)
	return n, v.kind == pdfNumber && err == nil
}
