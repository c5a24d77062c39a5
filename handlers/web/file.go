package web

import (
	"io"
	"mime"
	"net/http"
	"time"
)

// filePolicy is the Content-Security-Policy of what strangers brought: it can do nothing,
// wherever a browser shows it.
const filePolicy = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// File is what strangers brought, as it is handed on.
type File struct {
	Name    string // under which a browser saves it
	Kind    string // media type
	Hash    string // of the content, which is another one when the content is
	Public  bool   // everybody may read it, and keep it as long as it is asked about again
	Content io.ReadSeekCloser
}

// Hand hands on a file: whole, or the ranges that the browser asks for, or nothing when it
// has it already. Browsers save it, and never show it as a page of ours.
func Hand(f File) Reply { return Reply{status: http.StatusOK, file: &f} }

func (r *Request) hand(f *File) {
	defer f.Content.Close()
	h := r.c.Writer.Header()
	h.Set("Content-Type", f.Kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("ETag", `"`+f.Hash+`"`)
	h.Set("Vary", "Cookie")
	switch {
	case f.Public && !r.Actor.SignedIn():
		h.Set("Cache-Control", "public, no-cache")
	case f.Public:
		h.Set("Cache-Control", "private, no-cache")
	default:
		h["Cache-Control"] = noStore
	}
	http.ServeContent(r.c.Writer, r.c.Request, "", time.Time{}, f.Content)
}
