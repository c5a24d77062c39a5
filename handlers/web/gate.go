package web

import (
	"net/http"
	"strings"
)

// ContentPolicy is the Content-Security-Policy of every page: everything comes
// from this host, and nothing is written into the page itself.
const ContentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// The headers of every answer; their values are shared and never changed.
var fixed = map[string][]string{
	"Content-Security-Policy":      {ContentPolicy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"same-origin"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"},
}

// strictTransport makes browsers come encrypted for a year.
var strictTransport = []string{"max-age=31536000; includeSubDomains"}

// prefixHeader is by which a proxy would tell the router that it has cut a path. None
// of ours does, and anybody else could lead readers astray by it.
const prefixHeader = "X-Forwarded-Prefix"

// Gate sets what every answer carries, also those that the router gives by itself, and
// turns away who asks for a host that cannot be one: its name would stand in links.
func (a *Adapter) Gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for k, v := range fixed {
			h[k] = v
		}
		if a.secure(r) {
			h["Strict-Transport-Security"] = strictTransport
		}
		if !isHost(r.Host) {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		delete(r.Header, prefixHeader)
		next.ServeHTTP(w, r)
	})
}

// isHost reports whether the text can be the name or number of a host, with or without
// a port. Old programs that look after servers name none.
func isHost(s string) bool {
	const most = 261 // bytes: 253 of a name, and a port
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._:[]", r)
	}
	return len(s) <= most && !strings.ContainsFunc(s, odd)
}
