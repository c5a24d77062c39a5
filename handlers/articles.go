package handlers

import (
	"fmt"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
)

// showHelp lists the help topics.
func (s *Site) showHelp(r *web.Request) (web.Reply, error) {
	p := s.Views[r.Lang].HelpPage()
	var err error
	p.Data, err = s.linked(r, p.Crumbs, p.Title, nil)
	return web.Page(p), err
}

// showArticle shows the written page that the address names.
func (s *Site) showArticle(r *web.Request) (web.Reply, error) {
	slug := strings.TrimPrefix(r.Path(), "/")
	p, ok := s.Views[r.Lang].ArticlePage(slug)
	if !ok {
		return web.Reply{}, fmt.Errorf("written page %q: %w", slug, models.ErrNotFound)
	}
	var err error
	p.Data, err = s.linked(r, p.Crumbs, p.Heading, nil)
	return web.Page(p), err
}
