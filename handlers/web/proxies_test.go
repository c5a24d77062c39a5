package web

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// nets are networks as they are written.
func nets(t testing.TB, list ...string) (all Proxies) {
	t.Helper()
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestWhereARequestComesFrom(t *testing.T) {
	ours := nets(t, "10.0.0.0/8", "fd00::/8", "127.0.0.1/32")
	for _, tt := range []struct {
		name, remote string
		proxies      Proxies
		said         []string
		want         string
	}{
		{"nobody stands between", "203.0.113.5:1234", ours, nil, "203.0.113.5"},
		{"without proxies nobody is believed", "10.0.0.1:1234", nil, []string{"198.51.100.7"}, "10.0.0.1"},
		{"a stranger is not believed", "203.0.113.5:1234", ours, []string{"198.51.100.7"}, "203.0.113.5"},
		{"a proxy of ours is", "10.0.0.1:1234", ours, []string{"198.51.100.7"}, "198.51.100.7"},
		{"what the stranger said before it is not", "10.0.0.1:1234", ours, []string{"1.2.3.4, 198.51.100.7"}, "198.51.100.7"},
		{"nor in a line of its own", "10.0.0.1:1234", ours, []string{"1.2.3.4", "198.51.100.7"}, "198.51.100.7"},
		{"a chain of ours", "10.0.0.1:1234", ours, []string{"198.51.100.7, 10.0.0.3, 10.0.0.2"}, "198.51.100.7"},
		{"a chain of ours only", "10.0.0.1:1234", ours, []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"nothing is said", "10.0.0.1:1234", ours, nil, "10.0.0.1"},
		{"nonsense is said", "10.0.0.1:1234", ours, []string{"198.51.100.7, <script>"}, "10.0.0.1"},
		{"a port is said as well", "10.0.0.1:1234", ours, []string{"198.51.100.7:5555"}, "198.51.100.7"},
		{"IPv6", "[2001:db8::1]:1234", ours, nil, "2001:db8::1"},
		{"IPv6 through IPv6", "[fd00::1]:1234", ours, []string{"[2001:db8::7]:80"}, "2001:db8::7"},
		{"IPv6 without brackets", "[fd00::1]:1234", ours, []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv4 that is written as IPv6", "[::ffff:10.0.0.1]:1234", ours, []string{"198.51.100.7"}, "198.51.100.7"},
		{"a socket has no address", "@", ours, []string{"198.51.100.7"}, "@"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.remote
		for _, s := range tt.said {
			r.Header.Add("X-Forwarded-For", s)
		}
		if got := tt.proxies.From(r); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhetherARequestCameEncrypted(t *testing.T) {
	ours := nets(t, "10.0.0.0/8")
	for _, tt := range []struct {
		name, remote, said string
		tls                bool
		proxies            Proxies
		want               bool
	}{
		{"to us", "203.0.113.5:1", "", true, nil, true},
		{"plainly", "203.0.113.5:1", "", false, ours, false},
		{"as a stranger says", "203.0.113.5:1", "https", false, ours, false},
		{"as anybody says, where nobody is trusted", "10.0.0.1:1", "https", false, nil, false},
		{"as our proxy says", "10.0.0.1:1", "https", false, ours, true},
		{"as our proxy says after others", "10.0.0.1:1", "http, https", false, ours, true},
		{"not as others say before our proxy", "10.0.0.1:1", "https, http", false, ours, false},
		{"not as nobody says", "10.0.0.1:1", "", false, ours, false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.remote
		if tt.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if tt.said != "" {
			r.Header.Set("X-Forwarded-Proto", tt.said)
		}
		if got := tt.proxies.Secure(r); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
}
