package intaketest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// PDF is a whole PDF with one page that says a text of ASCII. more are objects that it
// has besides, from number 6 on; catalog is what its catalogue says besides.
func PDF(text, catalog string, more ...string) []byte {
	content := "BT /F1 12 Tf 72 720 Td (" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text) + ") Tj ET"
	objects := append([]string{
		"<< /Type /Catalog /Pages 2 0 R " + catalog + " >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		Stream("", content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}, more...)
	return Assemble("", objects...)
}

// Stream is a stream object; head is what its dictionary says besides its length.
func Stream(head, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", head, len(content), content)
}

// Assemble is a PDF of objects, numbered from 1, the first of which is its catalogue;
// trailer is what its trailer says besides.
func Assemble(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	places := make([]int, len(objects))
	for i, o := range objects {
		places[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, table)
	return b.Bytes()
}

// Part is a part of an archive.
type Part struct {
	Name, Content string
	Stored        bool // it is not packed
}

// The parts that every OpenDocument has.
const (
	TextType = "application/vnd.oasis.opendocument.text"
	manifest = `<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` +
		`<manifest:file-entry manifest:full-path="/" manifest:media-type="` + TextType + `"/>%s</manifest:manifest>`
	content = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ` +
		`xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>%s</office:text></office:body></office:document-content>`
)

// Manifest is the part that says what else is in an OpenDocument.
func Manifest(entries string) Part {
	return Part{Name: "META-INF/manifest.xml", Content: fmt.Sprintf(manifest, entries)}
}

// Content is the part with the text of an OpenDocument, in its XML.
func Content(body string) Part { return Part{Name: "content.xml", Content: fmt.Sprintf(content, body)} }

// ODT is a whole OpenDocument text with a body in its XML, and more parts.
func ODT(body string, more ...Part) []byte {
	return Archive(append([]Part{{"mimetype", TextType, true}, Content(body), Manifest("")}, more...)...)
}

// Archive is a ZIP archive of parts in their order.
func Archive(parts ...Part) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		method := zip.Deflate
		if p.Stored {
			method = zip.Store
		}
		// Raw, so that nothing stands between the head and the part.
		h := &zip.FileHeader{Name: p.Name, Method: method}
		if p.Stored {
			h.CompressedSize64, h.UncompressedSize64, h.CRC32 = uint64(len(p.Content)), uint64(len(p.Content)), crc32.ChecksumIEEE([]byte(p.Content))
		}
		f, err := create(w, h)
		if err == nil {
			_, err = f.Write([]byte(p.Content))
		}
		if err != nil {
			panic(err) // memory takes all
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func create(w *zip.Writer, h *zip.FileHeader) (io.Writer, error) {
	if h.Method == zip.Store {
		return w.CreateRaw(h)
	}
	return w.CreateHeader(h)
}
