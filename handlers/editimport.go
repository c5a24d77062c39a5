package handlers

import (
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
)

// fieldImport holds a listing as data.
const fieldImport = "import"

// startOf is what a new listing says at first: nothing, what another one of the vendor
// says, or what was pasted. problem says what is wrong with that.
func (s *Site) startOf(r *web.Request) (c catalogue.Content, problem string, err error) {
	if text := r.Form(fieldImport); strings.TrimSpace(text) != "" {
		c, problem = s.imported(r.Lang, text)
		return c, problem, nil
	}
	if id, err := strconv.ParseInt(r.Form(fieldCopy), 10, 64); err == nil {
		c, err = s.copyOf(r, id)
		return c, "", err
	}
	return ownLanguage(r.Lang), "", nil
}

// imported reads a listing from what was pasted: a line of our JSON, a table of ours, or
// publiccode.yml. Of several listings it takes the first, and of that what it says last.
func (s *Site) imported(lang, text string) (catalogue.Content, string) {
	w := s.speaker(lang)
	reader := s.importReader(text)
	for {
		record, err := reader.Next()
		var p *exchange.Problem
		switch {
		case errors.As(err, &p) && p.Effect.Grave():
			return catalogue.Content{}, w.T("editor.import_wrong", p.Error())
		case errors.As(err, &p):
		case errors.Is(err, io.EOF):
			return catalogue.Content{}, w.T("editor.import_none")
		case err != nil:
			return catalogue.Content{}, w.T("editor.import_wrong", err.Error())
		case record.Listing != nil && len(record.Listing.Versions) > 0:
			return asVendor(record.Listing.Versions[len(record.Listing.Versions)-1].Content), ""
		}
	}
}

func (s *Site) importReader(text string) exchange.Reader {
	const name = "publiccode.yml"
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	switch {
	case strings.HasPrefix(text, "{"):
		return exchange.NewJSONL("JSON", strings.NewReader(text))
	case strings.Contains(text, "publiccodeYmlVersion"):
		return exchange.NewPublicCode(oneFile{name, text}, name, s.Schema)
	default:
		return exchange.NewCSV("CSV", strings.NewReader(text), s.Schema)
	}
}

// asVendor is what a listing says as the word of its vendor: what others said or checked
// is not the vendor's to bring along.
func asVendor(c catalogue.Content) catalogue.Content {
	c.DemoPrice, c.Extra, c.Sources = false, nil, nil
	for i := range c.Answers {
		a := &c.Answers[i]
		a.By, a.Proof = catalogue.ByVendor, catalogue.Stated
	}
	for i := range c.Documents {
		c.Documents[i].Proof = catalogue.Stated
	}
	return c
}

// oneFile is a file system with one file.
type oneFile struct{ name, text string }

// Open implements [fs.FS].
func (f oneFile) Open(name string) (fs.File, error) {
	if name != f.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openFile{f, strings.NewReader(f.text)}, nil
}

// openFile is that file, opened.
type openFile struct {
	oneFile
	*strings.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *openFile) Close() error               { return nil }
func (f *openFile) Name() string               { return f.name }
func (f *openFile) Size() int64                { return int64(len(f.text)) }
func (f *openFile) Mode() fs.FileMode          { return 0o444 }
func (f *openFile) ModTime() time.Time         { return time.Time{} }
func (f *openFile) IsDir() bool                { return false }
func (f *openFile) Sys() any                   { return nil }
