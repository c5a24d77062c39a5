package handlers

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"pilveturg/handlers/fetch"
	"pilveturg/handlers/web"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
)

// The fields that bring a listing as data.
const (
	fieldImport  = "import" // pasted
	fieldAddress = "address"
	mostImported = 1 << 20 // bytes of a file or of what an address answers
)

// startOf is what a new listing says at first: nothing, what another one of the vendor
// says, or what a file, an address or a text brings. wrong says by its field what is
// wrong with that.
func (s *Site) startOf(r *web.Request) (c catalogue.Content, wrong map[string]string, err error) {
	sent, err := r.Upload(fieldFile, mostImported)
	if err != nil {
		return c, nil, err
	}
	w, field, text := s.speaker(r.Lang), "", ""
	switch address := strings.TrimSpace(r.Form(fieldAddress)); {
	case sent.TooLarge:
		return c, map[string]string{fieldFile: w.T("fetch.too_big")}, nil
	case len(sent.Content) > 0:
		field, text = fieldFile, string(sent.Content)
	case address != "":
		field = fieldAddress
		if text, err = s.fetched(r.Context(), w, address); err != nil {
			return c, map[string]string{field: err.Error()}, nil
		}
	case strings.TrimSpace(r.Form(fieldImport)) != "":
		field, text = fieldImport, r.Form(fieldImport)
	}
	if field != "" {
		c, problem := s.imported(r.Lang, text)
		if problem != "" {
			wrong = map[string]string{field: problem}
		}
		return c, wrong, nil
	}
	if id, err := strconv.ParseInt(r.Form(fieldCopy), 10, 64); err == nil {
		c, err = s.copyOf(r, id)
		return c, nil, err
	}
	return ownLanguage(r.Lang), nil, nil
}

// fetched is what an address of the whole Internet answers with. Its error is worded for
// the reader.
func (s *Site) fetched(ctx context.Context, w speaker, address string) (string, error) {
	b, err := s.Fetch(ctx, address, mostImported)
	if kind := fetch.KindOf(err); kind != "" {
		return "", errors.New(w.T(kind.Key()))
	}
	return string(b), err
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
