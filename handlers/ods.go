package handlers

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
)

// Parts of an OpenDocument spreadsheet (OASIS OpenDocument 1.3, parts 2 and 3).
const (
	odsKind = "application/vnd.oasis.opendocument.spreadsheet"
	odsHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	odsList = odsHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` +
		`<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` + odsKind + `"/>` +
		`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`
	odsStart = odsHead + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" ` +
		`xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:spreadsheet>`
	odsEnd = `</office:spreadsheet></office:body></office:document-content>`
)

// odsSheet is a sheet of a spreadsheet; all its cells are text.
type odsSheet struct {
	name string
	rows [][]string
}

// ods writes sheets as an OpenDocument spreadsheet.
func ods(sheets []odsSheet) ([]byte, error) {
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	// The kind comes first and as it is, so that it is known without unpacking.
	first, err := out.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	if err == nil {
		_, err = io.WriteString(first, odsKind)
	}
	for _, part := range []struct{ name, text string }{{"META-INF/manifest.xml", odsList}, {"content.xml", odsContent(sheets)}} {
		if err != nil {
			return nil, err
		}
		var w io.Writer
		if w, err = out.Create(part.name); err == nil {
			_, err = io.WriteString(w, part.text)
		}
	}
	if err == nil {
		err = out.Close() // only now all of it is in b
	}
	return b.Bytes(), err
}

func odsContent(sheets []odsSheet) string {
	var b strings.Builder
	b.WriteString(odsStart)
	for _, s := range sheets {
		b.WriteString(`<table:table table:name="` + cellText(s.name) + `">`)
		for _, row := range s.rows {
			b.WriteString(`<table:table-row>`)
			for _, cell := range row {
				b.WriteString(`<table:table-cell office:value-type="string">`)
				for _, line := range strings.Split(cell, "\n") {
					b.WriteString(`<text:p>` + cellText(line) + `</text:p>`)
				}
				b.WriteString(`</table:table-cell>`)
			}
			b.WriteString(`</table:table-row>`)
		}
		b.WriteString(`</table:table>`)
	}
	b.WriteString(odsEnd)
	return b.String()
}
