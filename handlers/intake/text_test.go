package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"pilveturg/handlers/intake"
	"pilveturg/handlers/intake/intaketest"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
)

// servesText has the program of the tests read a text instead of testing.
const servesText = "serve-text"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == servesText {
		if err := intake.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestTextOfFiles(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"a PDF", intaketest.PDF(`Hello (all) \ of you`, ""), `Hello (all) \ of you`},
		{"paragraphs, spaces and tabs", intaketest.ODT("<text:h>Päis</text:h><text:p>Üks<text:s text:c=\"3\"/>kaks<text:tab/>kolm<text:line-break/>neli  viis</text:p>"), "Päis\nÜks kaks kolm\nneli viis"},
		{"cells", intaketest.ODT("<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell><text:p>B</text:p></table:table-cell></table:table-row></table:table><text:p>C</text:p>"), "A\nB\n\nC"},
		{"notes and what was taken out", intaketest.ODT("<text:tracked-changes><text:p>vana</text:p></text:tracked-changes><text:p>Uus<office:annotation><text:p>märkus</text:p></office:annotation> tekst</text:p>"), "Uus tekst"},
		{"words cut at the end of a line", intaketest.ODT("<text:p>korda-<text:line-break/>mine ja e-<text:line-break/>teenus</text:p>"), "kordamine\nja e-\nteenus"},
		{"what is not seen", intaketest.ODT("<text:p>pea\u00ad\u200bk\u202eiri ﬁﬂ</text:p>"), "peakiri fifl"},
		{"entities of others", intaketest.ODT("<text:p>a &amp; b &lt;</text:p>"), "a & b <"},
	}
	for _, c := range tests {
		m, err := intake.Inspect(c.file)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got, err := intake.ReadText(m, c.file, time.Minute); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

// The files were printed by a browser; what stands beside is in them.
func TestTextOfRealFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.pdf")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no files", err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.TrimSuffix(path, ".pdf") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		m, err := intake.Inspect(b)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got, err := intake.ReadText(m, b, time.Minute); err != nil || got != strings.TrimSpace(string(want)) {
			t.Errorf("%s: %v, %q; want %q", path, err, got, want)
		}
	}
}

func TestAsMuchTextAsIsKept(t *testing.T) {
	file := intaketest.ODT("<text:p>" + strings.Repeat("Õun ", 200_000) + "</text:p>")
	text, err := intake.ReadText(documents.Text, file, time.Minute)
	if n := utf8.RuneCountInString(text); err != nil || n > catalogue.MaxPaperText || n < catalogue.MaxPaperText-10 {
		t.Errorf("%d characters, %v", n, err)
	}
	late, err := intake.ReadText(documents.Text, file, -time.Second)
	if err != nil || len(late) > len(text) {
		t.Errorf("out of time: %d bytes, %v", len(late), err)
	}
}

// bombs are files that let pass and cost much to read.
func bombs() map[string][]byte {
	page := func(content string) []byte {
		return intaketest.Assemble("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
			"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>",
			intaketest.Stream("/Filter /FlateDecode", zipped(content)), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
			intaketest.Stream("/Subtype /Form", "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do"))
	}
	return map[string][]byte{
		"deep arrays":            page(strings.Repeat("[", 10<<20)),
		"a huge string":          page("(" + strings.Repeat("x", 400<<20)),
		"endless work":           page(strings.Repeat("q 1 0 0 1 0 0 cm /X Do Q ", 2_000_000)),
		"pages above themselves": intaketest.Assemble("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 2 0 R] /Count 100000 >>", "<< /Type /Page /Parent 3 0 R >>"),
		"a length of its own":    intaketest.PDF("x", "", "<< /Length 6 0 R >> stream\nx\nendstream"),
	}
}

func TestHostileFilesEndTheirOwnProcessOnly(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := intake.NewReader(program, servesText)
	text, how, err := r.Text(t.Context(), intaketest.PDF("Hello", ""))
	if err != nil || how != documents.Read || text != "Hello" {
		t.Errorf("a friendly file: %q, %s, %v", text, how, err)
	}
	if _, how, err := r.Text(t.Context(), intaketest.PDF("", "")); err != nil || how != documents.Silent {
		t.Errorf("a file without text: %s, %v", how, err)
	}
	if _, how, err := r.Text(t.Context(), []byte("no file")); err == nil || how != documents.Failed {
		t.Errorf("no file: %s, %v", how, err)
	}
	var all sync.WaitGroup
	for name, b := range bombs() {
		all.Go(func() {
			began := time.Now()
			_, how, err := r.Text(t.Context(), b)
			took := time.Since(began).Round(time.Millisecond)
			t.Logf("%s: %s after %v: %.60v", name, how, took, err)
			if took > time.Minute {
				t.Errorf("%s takes %v", name, took)
			}
		})
	}
	all.Wait()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := r.Text(stopped, intaketest.PDF("Hello", "")); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
	if _, how, err := intake.NewReader(filepath.Join(t.TempDir(), "none")).Text(t.Context(), bytes.Repeat([]byte("x"), 1<<20)); err == nil || how != documents.Failed {
		t.Errorf("no program: %s, %v", how, err)
	}
}

func FuzzReadPDF(f *testing.F) {
	f.Add("BT /F1 12 Tf 72 720 Td [(Hel) -250 (lo)] TJ T* (x) ' 1 2 (y) \" ET", "/Encoding /WinAnsiEncoding")
	f.Add("q 1 0 0 1 5 5 cm BT /F1 1 Tf <0041> Tj ET Q /X Do", "/ToUnicode 4 0 R /FirstChar 0 /Widths [1 2 3]")
	f.Fuzz(func(t *testing.T, content, font string) {
		b := intaketest.Assemble("", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
			"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>", intaketest.Stream("", content),
			"<< /Type /Font /Subtype /Type1 "+font+" >>")
		text, _ := intake.ReadText(documents.PDF, b, time.Second)
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > catalogue.MaxPaperText {
			t.Errorf("%q", text)
		}
	})
}
