package feeds

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"pilveturg/models"
	"pilveturg/models/releases"
)

const atomFeed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>urn:x</id><updated>2026-03-01T00:00:00Z</updated>
<entry><id>urn:2</id><title type="html">Version 2.4.1 &amp;amp; more</title><published>2026-03-01T00:30:00+02:00</published><updated>2026-03-02T00:00:00Z</updated>
<link rel="alternate" href="https://vendor.example/2"/><content type="html">&lt;p&gt;New &lt;b&gt;õun&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;&lt;a href="/doc"&gt;doc&lt;/a&gt;&lt;/p&gt;</content></entry>
<entry><id>urn:1</id><title>First</title><updated>2026-02-01T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Old <em>one</em></p></div></content></entry>
</feed>`

const rssFeed = `<rss version="2.0"><channel><title>News</title><link>https://vendor.example/</link>
<item><guid isPermaLink="false">2</guid><title>2.4.1</title><link>/two</link><pubDate>Sun, 01 Mar 2026 10:00:00 +0200</pubDate><description><![CDATA[<ul><li>õun</li></ul>]]></description></item>
<item><link>https://vendor.example/one</link><pubDate>nonsense</pubDate><description>A text without title that goes on and on and on, so that it has to be cut somewhere after eighty signs.</description></item>
</channel></rss>`

const jsonFeed = `{"version":"https://jsonfeed.org/version/1.1","title":"News","items":[
{"id":"2","url":"https://vendor.example/2","title":"2.4.1","content_html":"<p>õun</p>","date_published":"2026-03-01T10:00:00Z"},
{"id":"1","content_text":"a < b\nc"}]}`

func TestFeedsOfEveryKind(t *testing.T) {
	first := models.NewDate(2026, 3, 1)
	for name, c := range map[string]struct {
		feed string
		want []releases.Entry
	}{
		"Atom": {atomFeed, []releases.Entry{
			{GUID: "urn:2", Day: models.NewDate(2026, 2, 28), Version: "2.4.1", Title: "Version 2.4.1 & more", Text: "New **õun**[doc](https://vendor.example/doc)", Link: "https://vendor.example/2"},
			{GUID: "urn:1", Day: models.NewDate(2026, 2, 1), Title: "First", Text: "Old *one*"}}},
		"RSS": {rssFeed, []releases.Entry{
			{GUID: "2", Day: first, Version: "2.4.1", Title: "2.4.1", Text: "* õun", Link: "https://vendor.example/two"},
			{GUID: "https://vendor.example/one", Title: "A text without title that goes on and on and on, so that it has to be cut…", Text: "A text without title that goes on and on and on, so that it has to be cut somewhere after eighty signs.", Link: "https://vendor.example/one"}}},
		"JSON": {jsonFeed, []releases.Entry{
			{GUID: "2", Day: first, Version: "2.4.1", Title: "2.4.1", Text: "õun", Link: "https://vendor.example/2"},
			{GUID: "1", Title: "a < b c", Text: "a \\< b c"}}},
		"Atom without entries": {`<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>`, nil},
	} {
		got, err := Parse([]byte(c.feed), "", home)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, %v\nwant %+v", name, got, err, c.want)
		}
	}
}

// A feed is read in the letters in which it is written, whatever it says of them.
func TestLettersOfFeeds(t *testing.T) {
	plain := strings.TrimPrefix(atomFeed, `<?xml version="1.0" encoding="utf-8"?>`)
	encode := func(s string, f func(string) (string, error)) string {
		out, err := f(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	latin := func(s string) string { return encode(s, charmap.ISO8859_1.NewEncoder().String) }
	for name, c := range map[string]struct{ feed, charset string }{
		"UTF-8":                                {atomFeed, ""},
		"UTF-8 with a mark":                    {"\xef\xbb\xbf" + atomFeed, "iso-8859-1"},
		"it says so itself":                    {latin(`<?xml version='1.0' encoding='ISO-8859-1'?>` + plain), ""},
		"the answer says so":                   {latin(plain), "ISO-8859-1"},
		"it knows better than the answer":      {atomFeed, "iso-8859-1"},
		"it says UTF-8 and is not":             {latin(atomFeed), "utf-8"},
		"it says nothing and is not":           {latin(plain), ""},
		"an encoding of nobody":                {`<?xml version="1.0" encoding="klingon"?>` + plain, ""},
		"it says UTF-16 and is not":            {`<?xml version="1.0" encoding="utf-16"?>` + plain, ""},
		"UTF-16":                               {encode(`<?xml version="1.0" encoding="utf-16"?>`+plain, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String), ""},
		"UTF-16 the other way":                 {encode(plain, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String), "utf-8"},
		"windows-1257":                         {encode(`<?xml version="1.0" encoding="windows-1257"?>`+plain, charmap.Windows1257.NewEncoder().String), ""},
		"control signs that XML does not know": {strings.Replace(atomFeed, "First", "Fi\x01rst", 1), ""},
	} {
		got, err := Parse([]byte(c.feed), c.charset, home)
		if err != nil || len(got) != 2 || !strings.Contains(got[0].Text, "õun") || got[1].Title != "First" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestWhatIsNoFeed(t *testing.T) {
	deep := strings.Repeat("<a>", 100_000)
	for name, feed := range map[string]string{
		"nothing": "", "spaces": "  \n", "words": "hello", "HTML": "<!DOCTYPE html><html><body><p>Hi</p></body></html>", "JSON of something else": `{"a":1}`, "a JSON list": `[1,2]`,
		"an SVG": `<svg xmlns="http://www.w3.org/2000/svg"/>`, "cut off": atomFeed[:len(atomFeed)-100], "JSON cut off": jsonFeed[:100],
		"deep": `<rss version="2.0"><channel>` + deep, "deep in an item": `<rss version="2.0"><channel><item>` + deep + strings.Repeat("</a>", 100_000) + `</item></channel></rss>`,
		"many attributes": `<rss version="2.0"><channel ` + attributes(1000) + `></channel></rss>`, "many elements": `<rss version="2.0"><channel>` + strings.Repeat("<b/>", 400_000) + `</channel></rss>`,
		"deep JSON": `{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 1_000_000),
		"entities":  `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title>`,
	} {
		if got, err := Parse([]byte(feed), "", home); !errors.Is(err, ErrNoFeed) {
			t.Errorf("%s: %d entries, %v", name, len(got), err)
		}
	}
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `xmlns:a%d="urn:%d" `, i, i)
	}
	return b.String()
}

func TestEntitiesStandForNothingElse(t *testing.T) {
	laughs := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;"><!ENTITY file SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><item><guid>1</guid><title>a &lol2; &file; b</title></item></channel></rss>`
	got, err := Parse([]byte(laughs), "", home)
	if err == nil && (len(got) != 1 || strings.Contains(got[0].Title, "lollol") || strings.Contains(got[0].Title, "root:")) {
		t.Errorf("%+v", got)
	}
}

func TestVersionsInTitles(t *testing.T) {
	for title, want := range map[string]string{
		"v2.4.1": "2.4.1", "Release 2.0": "2.0", "2026.03: spring": "2026.03", "Paevik 3.1.0-rc.1 is out": "3.1.0-rc.1", "paevik-1.2.3": "1.2.3", "(V1.0)": "1.0", "It is 1.5.": "1.5",
		"Release 5": "", "Version": "", "From 1.3.2026 on": "", "http://1.2.3.4.5.6/": "", "12345.1": "", "3,5 times faster": "",
	} {
		if got := versionIn(title); got != want {
			t.Errorf("%q: %q; want %q", title, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{atomFeed, rssFeed, jsonFeed, "", "<rss>", `<?xml encoding="utf-16"?><feed/>`, "\xff\xfe<\x00"} {
		f.Add([]byte(s), "")
	}
	f.Add([]byte(rssFeed), "iso-8859-15")
	f.Fuzz(func(t *testing.T, b []byte, charset string) {
		entries, err := Parse(b, charset, home)
		if err != nil && !errors.Is(err, ErrNoFeed) {
			t.Errorf("another error: %v", err)
		}
		for _, e := range entries {
			if !utf8.ValidString(e.Title) || !utf8.ValidString(e.Text) || len(e.Text) > 2*maxText {
				t.Errorf("entry %q", e)
			}
			if e.Link != "" && !strings.HasPrefix(e.Link, "http") {
				t.Errorf("link %q", e.Link)
			}
		}
	})
}
