package handlers

import (
	"fmt"

	"pilveturg/assets"
	"pilveturg/handlers/web"
	"pilveturg/models"
)

const aDay = 24 * 60 * 60 // seconds

// asset sends a style sheet or the like. Its address holds a digest of what it
// says, so that browsers may keep it for good.
func (s *Site) asset(r *web.Request) (web.Reply, error) {
	f, ok := assets.Open(assets.Prefix + r.Param("name"))
	if !ok {
		return web.Reply{}, fmt.Errorf("asset %q: %w", r.Param("name"), models.ErrNotFound)
	}
	return web.Fixed(f.Type, f.Body, f.Gzip()), nil
}

// favicon sends the picture of the site to those who ask where they always asked.
func (s *Site) favicon(*web.Request) (web.Reply, error) {
	f, ok := assets.Open(assets.Path("favicon.svg"))
	if !ok {
		return web.Reply{}, fmt.Errorf("favicon: %w", models.ErrNotFound)
	}
	return web.Data(f.Type, f.Body, aDay), nil
}
