package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// unsound says what is wrong with the form of an answer, whatever it says; nil when
// a strict reader of its kind takes it.
func unsound(w *httptest.ResponseRecorder) error {
	kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	body := w.Body.Bytes()
	switch kind {
	case "text/html":
		return unsoundHTML(string(body))
	case "application/json":
		if !json.Valid(body) || !utf8.Valid(body) {
			return errors.New("it is no JSON")
		}
		return nil
	case "application/atom+xml":
		return unsoundXML(bytes.NewReader(body))
	case "text/csv":
		_, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
		return err
	case xlsxKind:
		return unsoundBook(body)
	}
	return fmt.Errorf("it is %q", kind)
}

// unsoundXML reads to the end; what is not well-formed, or holds a character that
// XML does not allow, stops it.
func unsoundXML(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func unsoundBook(body []byte) error {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		err = unsoundXML(r)
		r.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// unclosed are the elements of HTML that have no end.
var unclosed = []string{"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "rect", "circle", "line"}

// unsoundHTML looks for what no reader of HTML would forgive: characters that are
// none, tags that are not closed in order, attributes that stand twice, ids that
// are not one of a kind, and references to ids that are not there.
func unsoundHTML(page string) error {
	if !utf8.ValidString(page) {
		return errors.New("it holds bytes that are no UTF-8")
	}
	if i := strings.IndexFunc(page, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
		return fmt.Errorf("it holds the character %q", page[i])
	}
	ids, wanted := map[string]bool{}, map[string]bool{}
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			if kind == html.StartTagToken && !slices.Contains(unclosed, token.Data) {
				open = append(open, token.Data)
			}
			if err := attributesOf(token, ids, wanted); err != nil {
				return err
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				return fmt.Errorf("</%s> closes %v", token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%v stay open", open)
	}
	for id := range wanted {
		if !ids[id] {
			return fmt.Errorf("no element has the id %q", id)
		}
	}
	return nil
}

func attributesOf(token html.Token, ids, wanted map[string]bool) error {
	seen := map[string]bool{}
	for _, a := range token.Attr {
		if seen[a.Key] {
			return fmt.Errorf("<%s> has %s twice", token.Data, a.Key)
		}
		seen[a.Key] = true
		switch {
		case a.Key == "id" && (a.Val == "" || ids[a.Val] || strings.ContainsFunc(a.Val, unicode.IsSpace)):
			return fmt.Errorf("the id %q is empty, has spaces or is there twice", a.Val)
		case a.Key == "id":
			ids[a.Val] = true
		case a.Key == "for", a.Key == "form", a.Key == "list", strings.HasPrefix(a.Key, "aria-") && (strings.HasSuffix(a.Key, "by") || a.Key == "aria-controls"):
			for _, id := range strings.Fields(a.Val) {
				wanted[id] = true
			}
		case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
			wanted[a.Val[1:]] = true
		}
	}
	return nil
}
