package intake

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"pilveturg/models/documents"
)

// What an OpenDocument may unpack to.
const (
	odfParts    = 2000
	odfUnpacked = 60_000_000 // bytes of all its parts
	odfSmall    = 10_000_000 // bytes up to which it does not matter how well they are packed …
	odfRatio    = 100        // … and how much they may unpack to beyond
	xmlDepth    = 200
)

var odfMedia = []documents.Media{documents.Text, documents.Spreadsheet, documents.Presentation}

// inspectODF tells an OpenDocument from other archives by what stands first in it, as
// OpenDocument 1.3 part 2, 3.3 has it, and refuses one that hides or runs something.
func inspectODF(b []byte) (documents.Media, error) {
	media, said := mimetypeOf(b)
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	switch {
	case err != nil:
		return "", refuse(Damaged, "archive: %v", err)
	case !said && hasPart(archive, "[Content_Types].xml"):
		return "", Refused{Why: Office}
	case !said || !slices.Contains(odfMedia, media):
		return "", Refused{Why: Unknown}
	case len(archive.File) > odfParts:
		return "", refuse(Bomb, "%d parts", len(archive.File))
	}
	if err := inspectParts(archive, len(b)); err != nil {
		return "", err
	}
	return media, inspectManifest(archive)
}

// mimetypeOf reads the first part of an archive when that is the one by which an
// OpenDocument says what it is: not packed, and with nothing before it.
func mimetypeOf(b []byte) (documents.Media, bool) {
	const head, name, most = 30, "mimetype", 100
	if len(b) < head+len(name) {
		return "", false
	}
	packing, size := binary.LittleEndian.Uint16(b[8:]), int(binary.LittleEndian.Uint32(b[18:]))
	named, extra := int(binary.LittleEndian.Uint16(b[26:])), int(binary.LittleEndian.Uint16(b[28:]))
	rest := b[head:]
	if packing != 0 || named != len(name) || extra != 0 || !bytes.HasPrefix(rest, []byte(name)) || size > most || len(rest) < len(name)+size {
		return "", false
	}
	return documents.Media(rest[len(name) : len(name)+size]), true
}

func hasPart(archive *zip.Reader, name string) bool {
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == name })
}

// inspectParts unpacks every part, and keeps nothing.
func inspectParts(archive *zip.Reader, packed int) error {
	const encrypted = 1 // a flag of a part
	names := map[string]bool{}
	left := int64(odfUnpacked)
	if packed*odfRatio < odfUnpacked {
		left = int64(max(odfSmall, packed*odfRatio))
	}
	for _, f := range archive.File {
		name := strings.TrimSuffix(f.Name, "/")
		switch {
		case names[name] || name != path.Clean(name) || path.IsAbs(name) || strings.HasPrefix(name, "..") || strings.ContainsAny(name, "\\:\x00"):
			return refuse(Damaged, "part %q", f.Name)
		case f.Flags&encrypted != 0:
			return Refused{Why: Encrypted}
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return refuse(Intricate, "part %q is packed by %d", f.Name, f.Method)
		case strings.HasPrefix(name, "Basic/") || strings.HasPrefix(name, "Scripts/"):
			return Refused{Why: Macros}
		}
		names[name] = true
		r, err := f.Open()
		if err != nil {
			return refuse(Damaged, "part %q: %v", f.Name, err)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		r.Close()
		if left -= n; left < 0 {
			return refuse(Bomb, "part %q", f.Name)
		}
		if err != nil {
			return refuse(Damaged, "part %q: %v", f.Name, err)
		}
	}
	if !names["content.xml"] || !names[manifestPart] {
		return refuse(Damaged, "no content or no manifest")
	}
	return nil
}

const (
	manifestPart = "META-INF/manifest.xml"
	manifestSize = 4 << 20 // bytes of it that are read
)

// inspectManifest reads what the document says of its parts.
func inspectManifest(archive *zip.Reader) error {
	err := readPart(archive, manifestPart, manifestSize, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		if e.Name.Local == "encryption-data" {
			return Refused{Why: Encrypted}
		}
		for _, a := range e.Attr {
			if a.Name.Local == "media-type" && strings.Contains(a.Value, "oleobject") {
				return Refused{Why: Attached}
			}
		}
		return nil
	})
	var known Refused
	if err != nil && !errors.As(err, &known) {
		return refuse(Damaged, "manifest: %v", err)
	}
	return err
}

var errTooDeep = errors.New("elements stand too deep in each other")

// readPart reads the first bytes of a part of XML, element by element, until see fails.
func readPart(archive *zip.Reader, name string, most int64, see func(xml.Token) error) error {
	r, err := archive.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, most))
	for depth := 0; ; {
		t, err := d.RawToken() // which neither checks nor remembers what encloses it
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > xmlDepth {
			return errTooDeep
		}
		if err := see(t); err != nil {
			return err
		}
	}
}
