package handlers

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

const (
	xmlText       = "application/xml; charset=utf-8"
	mostAddresses = 10_000  // in one part of the sitemap
	sitemapAge    = 60 * 60 // seconds
	sitemapSpace  = "http://www.sitemaps.org/schemas/sitemap/0.9"
)

// place is a page that search engines should know of, in all languages.
type place struct {
	path    string      // without the language
	changed models.Date // zero when it is not told
}

// sitemapIndex lists the parts of the sitemap.
func (s *Site) sitemapIndex(r *web.Request) (web.Reply, error) {
	places, err := s.places(r)
	if err != nil {
		return web.Reply{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + `<sitemapindex xmlns="` + sitemapSpace + `">` + "\n")
	for n := 1; (n-1)*s.placesInPart() < len(places); n++ {
		fmt.Fprintf(&b, "<sitemap><loc>%s/sitemaps/%d.xml</loc></sitemap>\n", escaped(s.origin(r)), n)
	}
	b.WriteString("</sitemapindex>\n")
	return web.Data(xmlText, b.Bytes(), sitemapAge), nil
}

// placesInPart is how many pages, each with an address in every language, one part
// has room for.
func (s *Site) placesInPart() int { return mostAddresses / len(s.Langs) }

// sitemap is one part: "1.xml".
func (s *Site) sitemap(r *web.Request) (web.Reply, error) {
	places, err := s.places(r)
	if err != nil {
		return web.Reply{}, err
	}
	digits, ok := strings.CutSuffix(r.Param("name"), ".xml")
	n, err := strconv.Atoi(digits)
	size := s.placesInPart()
	if !ok || err != nil || n < 1 || strconv.Itoa(n) != digits || n > (len(places)+size-1)/size {
		return web.Reply{}, fmt.Errorf("sitemap %q: %w", r.Param("name"), models.ErrNotFound)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + `<urlset xmlns="` + sitemapSpace + `" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	origin := escaped(s.origin(r))
	for _, p := range places[(n-1)*size : min(n*size, len(places))] {
		s.writePlace(&b, origin, p)
	}
	b.WriteString("</urlset>\n")
	return web.Data(xmlText, b.Bytes(), sitemapAge), nil
}

// places are all pages, first those that are always there, then the others by id,
// so that new ones come at the end of their kind.
func (s *Site) places(r *web.Request) ([]place, error) {
	all, err := s.lists(r.Context())
	if err != nil {
		return nil, err
	}
	var places []place
	for _, path := range []string{"/", "/services", "/categories", "/vendors", "/agencies", "/help"} {
		places = append(places, place{path: path})
	}
	for _, slug := range s.Views[s.Langs[0]].Articles() {
		places = append(places, place{path: "/" + slug})
	}
	for _, c := range s.Schema.Categories {
		if len(all.in[c.Slug]) > 0 {
			places = append(places, place{path: categoryPath(c.Slug)})
		}
	}
	services := slices.Clone(all.services)
	slices.SortFunc(services, func(a, b catalogue.Entry) int { return cmp.Compare(a.ID, b.ID) })
	for _, e := range services {
		places = append(places, place{servicePath(e.ID, e.Slug), e.PublicOn})
	}
	var organs []*organ
	for _, g := range all.organs.byID {
		if g.public() || all.offered[g.ID] > 0 && g.path() != "" {
			organs = append(organs, g)
		}
	}
	slices.SortFunc(organs, func(a, b *organ) int { return cmp.Compare(a.ID, b.ID) })
	for _, g := range organs {
		places = append(places, place{path: g.path()})
	}
	return places, nil
}

// writePlace writes the page in every language, each time with all its languages.
func (s *Site) writePlace(b *bytes.Buffer, origin string, p place) {
	path := escaped(p.path)
	for _, lang := range s.Langs {
		b.WriteString("<url><loc>" + origin + at(lang, path) + "</loc>")
		if !p.changed.IsZero() {
			b.WriteString("<lastmod>" + p.changed.String() + "</lastmod>")
		}
		for _, other := range s.Langs {
			alternate(b, other, origin+at(other, path))
		}
		alternate(b, "x-default", origin+at(s.Langs[0], path))
		b.WriteString("</url>\n")
	}
}

func alternate(b *bytes.Buffer, lang, address string) {
	b.WriteString(`<xhtml:link rel="alternate" hreflang="` + lang + `" href="` + address + `"/>`)
}

// escaped is text as it stands in XML.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes all
	return b.String()
}
