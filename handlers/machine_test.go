package handlers

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"pilveturg/assets"
	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models/catalogue"
)

type sitemapXML struct {
	XMLName xml.Name
	Maps    []string `xml:"sitemap>loc"`
	URLs    []struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
		Links   []struct {
			Lang string `xml:"hreflang,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"url"`
}

func (s *testSite) sitemapAt(address string) (m sitemapXML) {
	s.t.Helper()
	if err := xml.Unmarshal([]byte(s.want("GET", address, 200)), &m); err != nil {
		s.t.Fatal(err)
	}
	return m
}

func TestTheSitemapNamesEveryPageInEveryLanguage(t *testing.T) {
	s := newSite(t)
	index := s.sitemapAt("/sitemap.xml")
	if len(index.Maps) != 1 || index.Maps[0] != "http://example.com/sitemaps/1.xml" {
		t.Fatalf("the parts are %v", index.Maps)
	}
	part := s.sitemapAt("/sitemaps/1.xml")
	seen := map[string]string{}
	for _, u := range part.URLs {
		if _, twice := seen[u.Loc]; twice {
			t.Errorf("%s is there twice", u.Loc)
		}
		seen[u.Loc] = u.LastMod
		path := strings.TrimPrefix(u.Loc, "http://example.com")
		if code := s.do("GET", path).Code; code != 200 {
			t.Errorf("%s answers %d", path, code)
		}
		var links []string
		for _, l := range u.Links {
			links = append(links, l.Lang+" "+l.Href)
		}
		rest := u.Loc[len("http://example.com/en"):]
		want := fmt.Sprintf("[et http://example.com/et%s en http://example.com/en%s x-default http://example.com/et%s]", rest, rest, rest)
		if got := fmt.Sprint(links); got != want {
			t.Errorf("%s: alternates %s, want %s", u.Loc, got, want)
		}
	}
	for path, changed := range map[string]string{
		"/en/": "", "/et/services/sc-1-e-journal-for-classes": "2026-01-10", "/en/vendors/v-4-acme-cloud-inc": "", "/en/agencies/a-1-ministry-of-learning": "",
		"/en/categories/education": "", "/et/about": "", "/en/help/prices": "", "/en/services/sc-2-old-maps-kit": "2025-09-01",
	} {
		if got, ok := seen["http://example.com"+path]; !ok || ok && got != changed {
			t.Errorf("%s: last changed %q, there %t; want %q", path, got, ok, changed)
		}
	}
	for _, path := range []string{"/en/services/sc-3-kiosk-guide", "/en/categories/backup"} {
		if _, ok := seen["http://example.com"+path]; ok {
			t.Errorf("%s is there", path)
		}
	}
	for _, name := range []string{"0.xml", "2.xml", "01.xml", "x.xml", "1", "-1.xml"} {
		s.want("GET", "/sitemaps/"+name, 404)
	}
}

func TestALongSitemapIsCut(t *testing.T) {
	s := emptySite(t)
	long := catalogueOf{5100}.names(t, s)
	s.names.kept = &long
	index := s.sitemapAt("/sitemap.xml")
	if len(index.Maps) != 2 {
		t.Fatalf("%d parts, want 2", len(index.Maps))
	}
	total := 0
	for n := range index.Maps {
		urls := len(s.sitemapAt(fmt.Sprintf("/sitemaps/%d.xml", n+1)).URLs)
		if urls > mostAddresses {
			t.Errorf("part %d holds %d addresses", n+1, urls)
		}
		total += urls
	}
	if total < 2*5100 {
		t.Errorf("%d addresses in all", total)
	}
}

// catalogueOf makes names of a catalogue that the database need not hold.
type catalogueOf struct{ n int }

func (c catalogueOf) names(t *testing.T, s *testSite) names {
	t.Helper()
	kept, err := s.lists(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := *kept
	for id := range c.n {
		n.services = append(n.services, catalogue.Entry{ID: int64(id + 1), Slug: "x"})
	}
	return n
}

func TestMachinesAreAnswered(t *testing.T) {
	s := newSite(t)
	s.want("GET", "/robots.txt", 200, "User-agent: *", "Sitemap: http://example.com/sitemap.xml")
	s.want("GET", "/.well-known/security.txt", 200, "Contact: http://example.com/et/contact\n", "Expires: 2027-03-02T09:30:00Z\n", "Preferred-Languages: et, en\n",
		"Canonical: http://example.com/.well-known/security.txt\n")
	s.want("GET", "/healthz", 200, "ok")
	s.want("GET", "/readyz", 200, "ready")
	for contact, want := range map[string]string{"help@a.example": "mailto:help@a.example", "mailto:help@a.example": "mailto:help@a.example", "https://a.example/help": "https://a.example/help"} {
		s.Contact = contact
		s.want("GET", "/.well-known/security.txt", 200, "Contact: "+want+"\n")
	}
	s.Origin = "https://pilveturg.example"
	s.want("GET", "/sitemap.xml", 200, "https://pilveturg.example/sitemaps/1.xml")
}

func TestASiteIsNotReadyWithoutItsTables(t *testing.T) {
	s := emptySite(t)
	s.DB = dbtest.Empty(t)
	s.want("GET", "/readyz", 503)
	s.want("GET", "/healthz", 200)
}

func TestASiteIsNotReadyWithoutItsDatabase(t *testing.T) {
	s := emptySite(t)
	var d *db.DB = s.DB
	d.Close()
	s.want("GET", "/readyz", 503)
	s.want("GET", "/healthz", 200)
}

func TestAssetsMayBeKept(t *testing.T) {
	s := emptySite(t)
	css, ok := assets.Open(assets.Path("app.css"))
	if !ok {
		t.Fatal("there is no app.css")
	}
	plain := s.do("GET", css.Path)
	if plain.Code != 200 || plain.Body.String() != string(css.Body) {
		t.Errorf("status %d, %d bytes; want %d", plain.Code, plain.Body.Len(), len(css.Body))
	}
	for name, want := range map[string]string{"Content-Type": "text/css; charset=utf-8", "Content-Encoding": "", "Cache-Control": "public, max-age=31536000"} {
		if got := plain.Header().Get(name); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	zipped := s.do("GET", css.Path, "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || !bytes.Equal(body, css.Body) {
		t.Errorf("compressed: %d bytes, %v; want %d", len(body), err, len(css.Body))
	}
	s.want("GET", "/assets/app.000000000000.css", 404)
	s.want("GET", "/assets/nothing", 404)
	if icon := s.do("GET", "/favicon.ico"); icon.Code != 200 || icon.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("favicon: %d %s", icon.Code, icon.Header().Get("Content-Type"))
	}
}
