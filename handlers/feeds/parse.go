package feeds

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"pilveturg/models"
	"pilveturg/models/releases"
)

// Limits of a feed. Those that vendors write are far from them.
const (
	maxDepth   = 100     // of elements inside each other
	maxAttrs   = 200     // of an element
	maxTokens  = 500_000 // elements, texts and ends of elements
	maxEntries = 1_000
	titleWords = 80 // characters of the text that stand for a missing title
)

// ErrNoFeed says that what was read is no feed, or cannot be read as one.
var ErrNoFeed = errors.New("no feed")

// Parse reads a feed. charset is what its answer said, "" for nothing; base is the
// address that its links are relative to. It fails with [ErrNoFeed].
func Parse(b []byte, charset string, base *url.URL) (entries []releases.Entry, err error) {
	defer func() {
		if p := recover(); p != nil { // in the parser, which takes apart what strangers made up
			entries, err = nil, fmt.Errorf("%w: %v", ErrNoFeed, p)
		}
	}()
	b = toUTF8(b, charset)
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")) {
		if err := shallow(b); err != nil {
			return nil, err
		}
	}
	f, err := gofeed.NewParser().Parse(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoFeed, err)
	}
	if f.FeedType == "json" && !strings.Contains(f.FeedVersion, "jsonfeed.org/") {
		return nil, fmt.Errorf("%w: JSON of another kind", ErrNoFeed)
	}
	for _, item := range f.Items[:min(len(f.Items), maxEntries)] {
		if item != nil {
			entries = append(entries, entryOf(item, base))
		}
	}
	return entries, nil
}

// entryOf is what an item says.
func entryOf(item *gofeed.Item, base *url.URL) releases.Entry {
	e := releases.Entry{Title: plainText(item.Title), Link: absolute(base, item.Link)}
	if at := cmp.Or(item.PublishedParsed, item.UpdatedParsed); at != nil {
		e.Day = dayOf(*at)
	}
	if base, err := url.Parse(e.Link); err == nil && e.Link != "" {
		e.Text = markdownOf(cmp.Or(item.Content, item.Description), base)
	} else {
		e.Text = markdownOf(cmp.Or(item.Content, item.Description), nil)
	}
	e.Version = versionIn(e.Title)
	if e.Title == "" {
		e.Title = beginning(plainText(cmp.Or(item.Content, item.Description)))
	}
	e.GUID = cmp.Or(strings.TrimSpace(item.GUID), item.Link)
	if e.GUID == "" && e.Title != "" {
		e.GUID = e.Title + " " + e.Day.String()
	}
	return e
}

// dayOf is the day in UTC.
func dayOf(t time.Time) models.Date {
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return models.Date{}
	}
	return models.DateOf(t)
}

// absolute is the address that a link of a feed leads to; "" when it leads nowhere on
// the web.
func absolute(base *url.URL, link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || link == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// labels are versions as titles tell them: "v2.4.1", "2026.03", "1.0.0-rc.1".
var labels = regexp.MustCompile(`(?:^|[\s(\[:,/_-])[vV]?(\d{1,4}(?:\.\d{1,6}){1,3}(?:-[0-9A-Za-z.]{1,12})?)(?:$|[\s)\]:,;!?]|\.\s|\.$)`)

// versionIn finds the version in a title; "" for none. A day is none.
func versionIn(title string) string {
	for _, m := range labels.FindAllStringSubmatch(title, -1) {
		if _, err := time.Parse("2.1.2006", m[1]); err != nil {
			return m[1]
		}
	}
	return ""
}

// beginning is what stands for the title of an entry without one.
func beginning(text string) string {
	runes := []rune(text)
	if len(runes) <= titleWords {
		return text
	}
	cut := string(runes[:titleWords])
	if at := strings.LastIndexByte(cut, ' '); at > len(cut)/2 {
		cut = cut[:at]
	}
	return cut + "…"
}

// shallow makes sure that no parser gets lost in the depth of a document. Entities are
// none of its dangers: only those of XML and HTML are known, and none can be defined.
func shallow(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth := 0
	for range maxTokens {
		t, err := d.RawToken()
		if err != nil {
			return nil // it ends, or the parser complains of it as well
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth || len(t.Attr) > maxAttrs {
				return fmt.Errorf("%w: more than %d elements inside each other, or %d attributes", ErrNoFeed, maxDepth, maxAttrs)
			}
		case xml.EndElement:
			depth--
		}
	}
	return fmt.Errorf("%w: more than %d elements and texts", ErrNoFeed, maxTokens)
}

var (
	declaration = regexp.MustCompile(`^\s*<\?xml\b[^>]*\?>`)
	declared    = regexp.MustCompile(`\bencoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["']`)
)

// toUTF8 returns a document in UTF-8, without a declaration that says otherwise. What is
// said of its letters is believed in this order: the mark at its beginning, itself, the
// head of the answer. What is said to be UTF-8 and is not, is taken for windows-1252.
func toUTF8(b []byte, charset string) []byte {
	marked := len(b) > 1 && (b[0] == 0xfe && b[1] == 0xff || b[0] == 0xff && b[1] == 0xfe)
	if marked {
		b = decoded(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	head := declaration.Find(b[:min(len(b), 1000)])
	if m := declared.FindSubmatch(head); m != nil {
		charset = string(m[1])
	}
	b = b[len(head):]
	if e, err := htmlindex.Get(charset); err == nil && charset != "" && !marked {
		if name, _ := htmlindex.Name(e); name != "utf-8" && !strings.HasPrefix(name, "utf-16") { // whoever can read the declaration reads no UTF-16
			return decoded(b, e)
		}
	}
	if !utf8.Valid(b) {
		return decoded(b, charmap.Windows1252)
	}
	return b
}

// decoded is what the bytes say in an encoding.
func decoded(b []byte, e encoding.Encoding) []byte {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return b
	}
	return out
}
