package handlers

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
)

const plainText = "text/plain; charset=utf-8"

// robots tells search engines that they may look at everything, and where the list
// of addresses is.
func (s *Site) robots(r *web.Request) (web.Reply, error) {
	text := "User-agent: *\nDisallow:\n\nSitemap: " + s.origin(r) + "/sitemap.xml\n"
	return web.Data(plainText, []byte(text), aDay), nil
}

// security tells whom to write to about a hole in the site, as RFC 9116 has it.
func (s *Site) security(r *web.Request) (web.Reply, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Contact: %s\n", s.contact(r))
	fmt.Fprintf(&b, "Expires: %s\n", s.today().UTC().AddDate(1, 0, 0).Format(time.RFC3339))
	fmt.Fprintf(&b, "Preferred-Languages: %s\n", strings.Join(s.Langs, ", "))
	fmt.Fprintf(&b, "Canonical: %s/.well-known/security.txt\n", s.origin(r))
	return web.Data(plainText, b.Bytes(), aDay), nil
}

// contact is an address to write to: that of the installation, or else the page
// that tells how to reach it.
func (s *Site) contact(r *web.Request) string {
	contact := s.Contact
	if t := s.texts.Load(); t != nil && t.Contact != "" {
		contact = t.Contact
	}
	if contact == "" {
		return s.origin(r) + at(s.Langs[0], "/contact")
	}
	return contactAddress(contact)
}

// healthy says that the process answers.
func (s *Site) healthy(*web.Request) (web.Reply, error) {
	return web.Data(plainText, []byte("ok\n"), 0), nil
}

// ready says that the site can show pages: the database answers and has the tables
// that this program needs. Its error says why not, with status 503.
func (s *Site) ready(r *web.Request) (web.Reply, error) {
	if err := s.DB.Ping(r.Context()); err != nil {
		return web.Reply{}, fmt.Errorf("not ready: %w: %w", db.ErrBusy, err)
	}
	pending, err := s.DB.Pending(r.Context())
	if err != nil {
		return web.Reply{}, fmt.Errorf("not ready: %w: %w", db.ErrBusy, err)
	}
	if len(pending) > 0 {
		return web.Reply{}, fmt.Errorf("not ready: %d migrations are to be applied: %w", len(pending), db.ErrBusy)
	}
	if err := s.searchable(); err != nil {
		return web.Reply{}, fmt.Errorf("not ready: %w", err)
	}
	return web.Data(plainText, []byte("ready\n"), 0), nil
}
