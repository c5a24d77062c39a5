package handlers

import (
	"encoding/json"
	"fmt"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/views"
)

// suggested is how many services, vendors and categories each are suggested.
const suggested = 5

// suggestion is what may be meant while a person types.
type suggestion struct {
	Kind string `json:"kind"` // service, vendor or category
	Text string `json:"text"`
	Note string `json:"note,omitempty"` // who offers it
	URL  string `json:"url"`
}

// suggest completes what is typed into the search box.
func (s *Site) suggest(r *web.Request) (web.Reply, error) {
	if err := s.searchable(); err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	found := s.Index.Suggest(r.Query(fieldWords), suggested)
	list := []suggestion{}
	for i := range found.Services {
		c := found.Services[i].Card()
		name, _ := w.nameAndSummary(c.Words)
		list = append(list, suggestion{"service", name.Text, views.In(c.Vendor, w.Tag).Text, at(w.Tag, servicePath(c.ID, c.Slug))})
	}
	for _, v := range found.Vendors {
		list = append(list, suggestion{"vendor", views.In(v.Names, w.Tag).Text, "", at(w.Tag, vendorPath(v.ID, v.Slug))})
	}
	for _, slug := range found.Categories {
		if c, ok := s.Schema.Category(slug); ok {
			list = append(list, suggestion{"category", views.In(c.Names, w.Tag).Text, "", at(w.Tag, categoryPath(slug))})
		}
	}
	b, err := json.Marshal(struct {
		Suggestions []suggestion `json:"suggestions"`
	}{list})
	return web.Data("application/json; charset=utf-8", append(b, '\n'), 0), err
}

// searchable fails while the index does not hold all there is.
func (s *Site) searchable() error {
	if !s.indexed.Load() {
		return fmt.Errorf("the search index is being built: %w", web.ErrNotReady)
	}
	return nil
}

// serviceNumber is the number of a service as people name it: "sc-142".
func serviceNumber(id int64) string { return servicePrefix + strconv.FormatInt(id, 10) }
