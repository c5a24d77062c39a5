package handlers

import (
	"slices"

	"pilveturg/handlers/web"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

const suggestions = 3

// pickServices says how to pick services, and suggests the most used ones.
func (s *Site) pickServices(r *web.Request, c *comparison) (*views.ComparePick, error) {
	all, err := s.lists(r.Context())
	if err != nil {
		return nil, err
	}
	p := &views.ComparePick{}
	chosen := c.ids(0)
	for _, v := range c.sides {
		p.Chosen = c.column(&v).Name
	}
	ids := c.alike(all)
	for _, e := range all.services {
		ids = append(ids, e.ID)
	}
	ids = slices.DeleteFunc(firstOnly(ids), func(id int64) bool { return slices.Contains(chosen, lowerNumber(id)) })
	ids = ids[:min(len(ids), suggestions)]
	cards, err := catalogue.Cards(r.Context(), s.DB, ids)
	if err != nil {
		return nil, err
	}
	for _, card := range cards {
		v := c.card(card)
		link := views.Link{URL: c.address("", append(chosen[:len(chosen):len(chosen)], lowerNumber(card.ID))), Text: c.T("compare.add_one"), For: v.Name.Text}
		p.Suggest = append(p.Suggest, views.CompareSuggestion{Card: v, Add: link})
	}
	return p, nil
}

// alike lists the services in the main category of the one that was picked, and
// then in those above it, the most used first.
func (c *comparison) alike(all *names) []int64 {
	var ids []int64
	for _, v := range c.sides {
		if len(v.edition.Categories) == 0 {
			continue
		}
		path := c.schema.Path(v.edition.Categories[0])
		for _, category := range slices.Backward(path) {
			ids = append(ids, all.in[category.Slug]...)
		}
	}
	return ids
}

// firstOnly keeps the first of equal ids.
func firstOnly(ids []int64) []int64 {
	seen := make(map[int64]bool, len(ids))
	return slices.DeleteFunc(ids, func(id int64) bool {
		was := seen[id]
		seen[id] = true
		return was
	})
}
