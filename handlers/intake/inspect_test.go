package intake_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/handlers/intake"
	"pilveturg/handlers/intake/intaketest"
	"pilveturg/models/documents"
)

func zipped(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

// packed is an object stream with one object in it.
func packed(object, filter, head string) string {
	content := "9 0 " + object
	if filter == "/FlateDecode" {
		content = zipped(content)
	}
	return intaketest.Stream("/Type /ObjStm /N 1 /First 4 "+head+" /Filter "+filter, content)
}

func TestPDFsAreLookedThrough(t *testing.T) {
	whole := intaketest.PDF("Hello", "")
	cut := bytes.LastIndex(whole, []byte("startxref"))
	for _, c := range []struct {
		name string
		file []byte
		want intake.Reason // "" when it is taken in
	}{
		{"a whole one", whole, ""},
		{"bytes after its end", append(bytes.Clone(whole), "\n\n"...), ""},
		{"nothing", nil, intake.Empty},
		{"more than 5 MB", append(bytes.Clone(whole), make([]byte, documents.MaxSize)...), intake.TooLarge},
		{"only its name says so", []byte("<html><script>alert(1)</script>"), intake.Unknown},
		{"it begins late", append([]byte("<html>"), whole...), intake.Unknown},
		{"only its beginning", whole[:len(whole)/2], intake.Damaged},
		{"its table is elsewhere", append(bytes.Clone(whole[:cut]), "startxref\n17\n%%EOF\n"...), intake.Damaged},
		{"its table is far away", append(bytes.Clone(whole[:cut]), "startxref\n99999999999999999999\n%%EOF\n"...), intake.Damaged},
		{"tables in a circle", intaketest.Assemble("/Prev 15", "<< /Type /Catalog /Pages 2 0 R >>"), intake.Damaged},
		{"no pages", intaketest.Assemble("", "<< /Type /Catalog >>"), intake.NoPages},
		{"encrypted", intaketest.Assemble("/Encrypt 6 0 R", "<< /Type /Catalog >>"), intake.Encrypted},
		{"JavaScript", intaketest.PDF("x", "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), intake.Active},
		{"JavaScript in other letters", intaketest.PDF("x", "/OpenAction << /S /J#61vaScript /#4aS 7 0 R >>"), intake.Active},
		{"JavaScript behind a reference", intaketest.PDF("x", "/OpenAction << /S 6 0 R >>", "/JavaScript"), intake.Active},
		{"JavaScript in a packed object", intaketest.PDF("x", "/OpenAction 9 0 R", packed("<</S/JavaScript/JS(x)>>", "/FlateDecode", "")), intake.Active},
		{"JavaScript in an object that nothing names", intaketest.PDF("x", "", "<</S/JavaScript/JS(x)>>"), intake.Active},
		{"a launch", intaketest.PDF("x", "/OpenAction << /S /Launch /F (calc.exe) >>"), intake.Active},
		{"a form that computes", intaketest.PDF("x", "/AcroForm << /XFA [] >>"), intake.Active},
		{"a file inside", intaketest.PDF("x", "/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>"), intake.Attached},
		{"a film inside", intaketest.PDF("x", "", "<< /Type /Annot /Subtype /RichMedia >>"), intake.Attached},
		{"words about JavaScript", intaketest.PDF("How /S /JavaScript is used: /JS (code)", "/Title (/JavaScript /Launch)"), ""},
		{"a link", intaketest.PDF("x", "", "<< /Type /Annot /A << /S /URI /URI (https://vendor.example/) >> >>"), ""},
		{"objects packed twice", intaketest.PDF("x", "", packed("<<>>", "[/FlateDecode /FlateDecode]", "")), intake.Intricate},
		{"objects packed otherwise", intaketest.PDF("x", "", packed("<<>>", "/LZWDecode", "")), intake.Intricate},
		{"objects that are not packed", intaketest.PDF("x", "", packed("<</S/Launch>>", "[]", "")), intake.Active},
		{"a packed object that is broken", intaketest.PDF("x", "", intaketest.Stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", "no zlib")), intake.Damaged},
		{"a bomb", intaketest.PDF("x", "", packed(strings.Repeat(" ", 70<<20), "/FlateDecode", "")), intake.Bomb},
		{"deep arrays", intaketest.PDF("x", "", strings.Repeat("[", 100_000)), intake.Intricate},
		{"deep dictionaries", intaketest.PDF("x", "", strings.Repeat("<</a", 100_000)), intake.Intricate},
		{"a stream without end", intaketest.PDF("x", "", "<< /Length 5 >> stream\nabc"), intake.Damaged},
		{"many streams without end", append(bytes.Repeat([]byte("%PDF- <<>>stream "), 200_000), whole...), intake.Damaged},
	} {
		began := time.Now()
		media, err := intake.Inspect(c.file)
		if got := reason(t, c.name, err); got != c.want || err == nil && media != documents.PDF {
			t.Errorf("%s: %q, %v; want %q", c.name, media, err, c.want)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s takes %v", c.name, took)
		}
	}
}

// What one object stream may unpack to is bounded by its own size, and what all of them
// may, together.
func TestManySmallStreamsAreABomb(t *testing.T) {
	spaces := packed(strings.Repeat(" ", 1<<20-len("9 0 ")), "/FlateDecode", "")
	for n, want := range map[int]intake.Reason{1: "", 64: "", 65: intake.Bomb} {
		_, err := intake.Inspect(intaketest.PDF("x", "", slices.Repeat([]string{spaces}, n)...))
		if got := reason(t, "streams", err); got != want {
			t.Errorf("%d streams of 1 MiB: %v; want %q", n, err, want)
		}
	}
}

func reason(t *testing.T, name string, err error) intake.Reason {
	t.Helper()
	var no intake.Refused
	if err != nil && !errors.As(err, &no) {
		t.Errorf("%s: a refusal without reason: %v", name, err)
	}
	return no.Why
}

func TestOpenDocumentsAreLookedThrough(t *testing.T) {
	odt := intaketest.ODT
	part := func(name, content string) intaketest.Part { return intaketest.Part{Name: name, Content: content} }
	mimetype := intaketest.Part{Name: "mimetype", Content: intaketest.TextType, Stored: true}
	content, manifest := intaketest.Content(""), intaketest.Manifest("")
	var many []intaketest.Part
	for i := range 2001 {
		many = append(many, part(fmt.Sprint("Pictures/", i), ""))
	}
	whole := odt("<text:p>Tere</text:p>")
	bomb := strings.Repeat("0", 20<<20)
	for _, c := range []struct {
		name string
		file []byte
		want intake.Reason
	}{
		{"a whole one", whole, ""},
		{"a picture", odt("", part("Pictures/1.png", "png")), ""},
		{"cut off", whole[:len(whole)-30], intake.Damaged},
		{"any archive", intaketest.Archive(part("a.txt", "a")), intake.Unknown},
		{"a file of Office", intaketest.Archive(part("[Content_Types].xml", "<x/>"), part("word/document.xml", "<x/>")), intake.Office},
		{"an old file of Office", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), intake.Office},
		{"what it is stands second", intaketest.Archive(content, mimetype, manifest), intake.Unknown},
		{"what it is is packed", intaketest.Archive(part("mimetype", intaketest.TextType), content, manifest), intake.Unknown},
		{"it is a drawing", intaketest.Archive(intaketest.Part{Name: "mimetype", Content: "application/vnd.oasis.opendocument.graphics", Stored: true}, content, manifest), intake.Unknown},
		{"no content", intaketest.Archive(mimetype, manifest), intake.Damaged},
		{"no manifest", intaketest.Archive(mimetype, content), intake.Damaged},
		{"a manifest that is none", intaketest.Archive(mimetype, content, part("META-INF/manifest.xml", "<a <b")), intake.Damaged},
		{"encrypted", intaketest.Archive(mimetype, content, intaketest.Manifest(`<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>`)), intake.Encrypted},
		{"a program inside", intaketest.Archive(mimetype, content, intaketest.Manifest(`<manifest:file-entry manifest:full-path="Object 1" manifest:media-type="application/vnd.sun.star.oleobject"/>`)), intake.Attached},
		{"macros", odt("", part("Basic/Standard/Module1.xml", "Sub Main")), intake.Macros},
		{"scripts", odt("", part("Scripts/python/x.py", "import os")), intake.Macros},
		{"a name that climbs", odt("", part("../../etc/passwd", "x")), intake.Damaged},
		{"a name from the root", odt("", part("/etc/passwd", "x")), intake.Damaged},
		{"the same part twice", odt("", part("content.xml", "<x/>")), intake.Damaged},
		{"a bomb", odt("", part("Pictures/1.png", bomb)), intake.Bomb},
		{"many small bombs", odt("", part("a", bomb[:6<<20]), part("b", bomb[:6<<20])), intake.Bomb},
		{"very many parts", odt("", many...), intake.Bomb},
	} {
		media, err := intake.Inspect(c.file)
		if got := reason(t, c.name, err); got != c.want || err == nil && media != documents.Text {
			t.Errorf("%s: %q, %v; want %q", c.name, media, err, c.want)
		}
	}
}

// Whatever a file is, it is refused with a reason or taken in, and takes no longer than
// its size warrants.
func FuzzInspectPDF(f *testing.F) {
	f.Add(intaketest.PDF("Hello", ""))
	f.Add(intaketest.PDF("x", "/OpenAction 9 0 R", packed("<</S/JavaScript/JS(x)>>", "/FlateDecode", "")))
	f.Add(intaketest.Assemble("/Prev 15 /Encrypt 1 0 R", "<< /Type /Catalog /A#42 [<</B(\\))>>] >>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		b = append([]byte("%PDF-"), b...)
		_, err := intake.Inspect(b)
		reason(t, "fuzz", err)
	})
}

func FuzzInspectODF(f *testing.F) {
	f.Add(intaketest.ODT("<text:p>Tere <text:s text:c=\"3\"/> jälle</text:p>"))
	f.Add(intaketest.ODT("", intaketest.Part{Name: "Basic/x", Content: "x"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		b = append([]byte("PK\x03\x04"), b[min(4, len(b)):]...)
		media, err := intake.Inspect(b)
		reason(t, "fuzz", err)
		if err == nil {
			if _, err := intake.ReadText(media, b, time.Second); err != nil && strings.Contains(err.Error(), "runtime error") {
				t.Error(err)
			}
		}
	})
}
