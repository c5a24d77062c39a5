package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
)

// readODF reads the text of an OpenDocument: paragraphs, headings and cells in their
// order, without notes to the author and what was taken out.
func readODF(b []byte, p *prose) error {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	w := odfWalk{prose: p}
	return readPart(archive, "content.xml", odfUnpacked, w.see)
}

// odfWalk walks through the elements of OpenDocument 1.3 part 3.
type odfWalk struct {
	*prose
	depth  int
	within int // depth of an element whose text is left out; 0: none
	texts  int // how many paragraphs enclose this place
}

// unread are elements whose text is none of the document.
var unread = map[string]bool{"annotation": true, "tracked-changes": true, "scripts": true, "settings": true, "font-face-decls": true, "automatic-styles": true}

func (w *odfWalk) see(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		w.depth++
		if w.within == 0 {
			return w.begin(t)
		}
	case xml.EndElement:
		if w.within == w.depth {
			w.within = 0
		}
		w.depth--
		w.end(t.Name.Local)
	case xml.CharData:
		if w.within == 0 && w.texts > 0 {
			return w.write(string(t))
		}
	}
	return nil
}

func (w *odfWalk) begin(e xml.StartElement) error {
	switch name := e.Name.Local; {
	case unread[name]:
		w.within = w.depth
	case name == "p" || name == "h":
		w.texts++
	case name == "s" || name == "tab":
		w.separate(wordGap)
	case name == "line-break":
		w.separate(lineGap)
	case name == "covered-table-cell" || name == "table-cell":
		w.separate(wordGap)
	}
	return nil
}

func (w *odfWalk) end(name string) {
	switch name {
	case "p", "h":
		if w.within == 0 && w.texts > 0 {
			w.texts--
			w.separate(lineGap)
		}
	case "table", "list", "page":
		w.separate(paragraphGap)
	}
}
