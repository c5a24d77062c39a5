package views

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Shell is what every page has around its main part; page structs embed it.
type Shell struct {
	Lang        string   // language of the page; the language of the Views when empty
	Title       string   // shown in the tab, before the name of the site
	Description string   // one sentence for search engines; may be empty
	Path        string   // after /{lang}, escaped as in an address: "/services/sc-31-paevik-lite"
	Query       string   // of the address, escaped, without "?"
	Section     string   // the link of the main navigation that the page is under; see Sections
	Search      string   // what the search box of the header holds
	Crumbs      []Link   // the pages above this one, the home page first
	Theme       string   // "light", "dark" or, as the reader's system has it, ""
	Demo        bool     // the site shows demonstration data and says so
	Actor       Signed   // who is signed in
	Nav         []string // where the main navigation leads; Sections when nil
	Signs       Signs    // what those who run the site say on every page
	Flash       string   // words kept over a redirect: what has been done
	Errors      []FieldError
	Origin      string   // scheme and host of absolute addresses; that of the Site when empty
	Alternates  []string // the languages the page is in; all of them when nil
	Canonical   string   // path and query that the page is best known by; Path when empty
	NoIndex     bool     // search engines shall not list it
	Feed        Link     // the Atom feed of the page, if it has one
	JSON        string   // address of the same page as JSON, if it has one
	Data        JSONLD   // what search engines read about it
}

// Signed is who is signed in, as the header of every page shows it. The zero Signed is
// a visitor.
type Signed struct {
	Name    string
	For     Words    // the organisation that the person acts for; zero for none
	Roles   string   // in it
	Choices []Option // all that the person can act for, by membership
	Unread  int      // notices that the person has not read
}

// Signs are what those who run the site say on every page. All of it may be missing.
type Signs struct {
	Operator Words // who they are
	Contact  Link  // where to write to them
	Notice   Words // what everybody should know just now
}

// FieldError is a problem with what a person typed in a form.
type FieldError struct {
	Field   string // id of the element that holds the value
	Message string // what to do about it
}

// JSONLD is data for search engines, safe inside a script element. Make one with
// [NewJSONLD]; the zero JSONLD is none.
type JSONLD struct{ text string }

// NewJSONLD writes v, whose JSON must be an object with "@context", for a page. It
// fails when v has no JSON.
func NewJSONLD(v any) (JSONLD, error) {
	b, err := json.Marshal(v) // which escapes <, > and &, so that no tag can be ended
	if err != nil {
		return JSONLD{}, fmt.Errorf("json-ld: %w", err)
	}
	return JSONLD{string(b)}, nil
}

// The themes a reader may choose.
const (
	Light = "light"
	Dark  = "dark"
)

// Sections lists where the main navigation leads visitors, in its order. A section is a
// path without its first slash, and its name is the message "section." and the path
// with points for slashes.
func Sections() []string { return []string{"services", "categories", "vendors", "agencies", "help"} }

// shell lets the page structs that embed a Shell be asked for it.
func (s Shell) shell() Shell { return s }

// ShellOf returns what stands around the main part of p.
func ShellOf(p Page) Shell { return p.shell() }

// address is the path and query of the page, without the language.
func (s Shell) address() string {
	path := s.Path
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if s.Query == "" {
		return path
	}
	return path + "?" + s.Query
}
