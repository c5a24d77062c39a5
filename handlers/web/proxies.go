package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks of those who pass requests on to us, and whose word about
// a request is taken: which address it came from, and whether it came encrypted.
// Nobody else's is.
type Proxies []netip.Prefix

// From is the network address that the request came from; "" when it is not known.
func (p Proxies) From(r *http.Request) string {
	from := hostOf(r.RemoteAddr)
	if !p.trust(from) {
		return from
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		host := hostOf(strings.TrimSpace(hop))
		if _, err := netip.ParseAddr(host); err != nil {
			break // what nobody of ours has written
		}
		if from = host; !p.trust(from) {
			break
		}
	}
	return from
}

// Secure reports whether the request came encrypted, to us or to a proxy.
func (p Proxies) Secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	said := r.Header["X-Forwarded-Proto"]
	if len(p) == 0 || len(said) == 0 || !p.trust(hostOf(r.RemoteAddr)) {
		return false
	}
	last := said[len(said)-1]
	return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:]) == "https"
}

func (p Proxies) trust(host string) bool {
	if len(p) == 0 {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}

// hostOf is an address without its port, and without the brackets of IPv6.
func hostOf(s string) string {
	if i := strings.LastIndexByte(s, ':'); i >= 0 && (strings.IndexByte(s, ':') == i || strings.HasPrefix(s, "[") && !strings.HasSuffix(s, "]")) {
		s = s[:i]
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
}
