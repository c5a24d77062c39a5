package handlers

import (
	"pilveturg/handlers/web"
	"pilveturg/views"
)

// thing is an object of JSON-LD.
type thing map[string]any

const schemaOrg = "https://schema.org"

// linked tells search engines of a page's thing, which may be nil, and of the way
// that leads to the page.
func (s *Site) linked(r *web.Request, crumbs []views.Link, title string, about thing) (views.JSONLD, error) {
	way := s.way(r, append(crumbs[:len(crumbs):len(crumbs)], views.Link{Text: title}))
	if about == nil {
		way["@context"] = schemaOrg
		return views.NewJSONLD(way)
	}
	return views.NewJSONLD(thing{"@context": schemaOrg, "@graph": []thing{about, way}})
}

// way is the list of links that lead to a page, itself included.
func (s *Site) way(r *web.Request, crumbs []views.Link) thing {
	var items []thing
	for i, c := range crumbs {
		item := thing{"@type": "ListItem", "position": i + 1, "name": c.Text}
		if c.URL != "" {
			item["item"] = s.origin(r) + c.URL
		}
		items = append(items, item)
	}
	return thing{"@type": "BreadcrumbList", "itemListElement": items}
}
