package handlers

import (
	"fmt"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// mostAgencies is how many bodies the page of a category names.
const mostAgencies = 10

// listCategories shows the tree that services are sorted into.
func (s *Site) listCategories(r *web.Request) (web.Reply, error) {
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	p := views.CategoriesPage{Shell: w.shell("categories", w.T("category.all"), w.home())}
	p.Description = w.T("category.all_text")
	for _, c := range s.Schema.Children("") {
		p.Tree = append(p.Tree, s.branch(w, c, all, true))
	}
	p.Data, err = s.linked(r, p.Crumbs, p.Title, nil)
	return web.Page(p), err
}

// branch is a category, with those below it if they are wanted.
func (s *Site) branch(w speaker, c catalogue.Category, all *names, below bool) views.Branch {
	n := len(all.in[c.Slug])
	b := views.Branch{Link: w.category(c), Count: w.N("list.all", int64(n)), CPV: c.CPV}
	if n == 0 {
		b.Link.URL = ""
	}
	if below {
		for _, c := range s.Schema.Children(c.Slug) {
			b.Below = append(b.Below, s.branch(w, c, all, true))
		}
	}
	return b
}

// category leads to a category's page.
func (w speaker) category(c catalogue.Category) views.Link {
	name := views.In(c.Names, w.Tag)
	return views.Link{URL: at(w.Tag, categoryPath(c.Slug)), Text: name.Text, Lang: name.Lang}
}

// showCategory shows a category and its services, those below it included.
func (s *Site) showCategory(r *web.Request) (web.Reply, error) {
	c, ok := s.Schema.Category(r.Param("category"))
	if !ok {
		return web.Reply{}, fmt.Errorf("category %q: %w", r.Param("category"), models.ErrNotFound)
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	ids, address := all.in[c.Slug], func(n int) string { return pageAddress(categoryPath(c.Slug), nil, n) }
	part, ok := cut(r, len(ids), cardsOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, address(1))), nil
	}
	p := s.categoryPage(w, c, all, part)
	p.Canonical = address(part.Number)
	if p.Listed, err = s.listed(r, pick(ids, part), part, address); err != nil {
		return web.Reply{}, err
	}
	if p.CPV, err = s.cpvNames(r, w, c.CPV); err != nil {
		return web.Reply{}, err
	}
	if p.Agencies, p.More, err = s.agenciesIn(r, w, c, all); err != nil {
		return web.Reply{}, err
	}
	p.Data, err = s.linked(r, p.Crumbs, p.Name.Text, nil)
	return web.Page(p), err
}

func (s *Site) categoryPage(w speaker, c catalogue.Category, all *names, part slice) views.CategoryPage {
	name, text := views.In(c.Names, w.Tag), views.In(c.Text, w.Tag)
	p := views.CategoryPage{
		Shell: w.shell("categories", part.title(w, name.Text), w.home(), w.link("/categories", "section.categories")),
		Name:  name,
		Text:  views.Prose{Text: views.Markdown(text.Text), Lang: text.Lang},
		Empty: views.Empty{Title: w.T("category.empty"), Text: w.T("category.empty_text"), Action: w.link("/categories", "category.empty_link")},
	}
	for _, c := range s.Schema.Children(c.Slug) {
		b := s.branch(w, c, all, false)
		b.CPV = nil // those are told on its own page
		p.Below = append(p.Below, b)
	}
	p.Description = text.Text
	path := s.Schema.Path(c.Slug)
	for _, above := range path[:len(path)-1] {
		p.Crumbs = append(p.Crumbs, w.category(above))
	}
	return p
}

// cpvNames are the codes with their names, where the vocabulary is known.
func (s *Site) cpvNames(r *web.Request, w speaker, codes []string) ([]views.Words, error) {
	known, err := catalogue.FindCPV(r.Context(), s.DB, codes)
	if err != nil {
		return nil, err
	}
	var list []views.Words
	for _, code := range codes {
		name := views.In(known[code], w.Tag)
		if name.Text != "" {
			code += " " + name.Text
		}
		list = append(list, views.Words{Text: code, Lang: name.Lang})
	}
	return list, nil
}

// agenciesIn are the bodies that use the most services of a category, and how many
// more there are, in words.
func (s *Site) agenciesIn(r *web.Request, w speaker, c catalogue.Category, all *names) ([]views.Counted, string, error) {
	users, err := catalogue.UsersIn(r.Context(), s.DB, s.Schema.Below(c.Slug))
	if err != nil {
		return nil, "", err
	}
	var list []views.Counted
	for _, u := range users[:min(len(users), mostAgencies)] {
		if g := all.organs.byID[u.ID]; g != nil {
			list = append(list, views.Counted{Link: g.link(w.Tag), Count: w.N("list.all", int64(u.N))})
		}
	}
	more := ""
	if n := len(users) - len(list); n > 0 {
		more = w.N("category.more_agencies", int64(n))
	}
	return list, more, nil
}
