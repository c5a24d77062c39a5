package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// names is a server of names that answers with what answer says: the addresses of a name
// when it is asked for the n-th time.
func names(t *testing.T, answer func(name string, n int) []string) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	asked := map[dnsmessage.Question]int{}
	go func() {
		b := make([]byte, 4096)
		for {
			n, from, err := pc.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			asked[q]++
			m.Header.Response, m.Header.Authoritative, m.Header.RCode, m.Additionals = true, true, dnsmessage.RCodeSuccess, nil
			all := answer(q.Name.String(), asked[q])
			if all == nil {
				m.Header.RCode = dnsmessage.RCodeNameError
			}
			for _, text := range all {
				a := netip.MustParseAddr(text)
				h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, Type: q.Type}
				switch {
				case a.Is4() && q.Type == dnsmessage.TypeA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
				case !a.Is4() && q.Type == dnsmessage.TypeAAAA:
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
				}
			}
			if out, err := m.Pack(); err == nil {
				pc.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}

// A name may stand for another address the next time it is looked up, and for several at
// once: what counts is what is dialled.
func TestNamesThatLeadInside(t *testing.T) {
	var asked atomic.Int32
	s := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	at := netip.MustParseAddrPort(s.Listener.Addr().String())
	resolver := names(t, func(name string, n int) []string {
		switch name {
		case "loopback.test.":
			return []string{"127.0.0.1", "::1"}
		case "mapped.test.":
			return []string{"::ffff:127.0.0.1"}
		case "nat64.test.":
			return []string{"64:ff9b::7f00:1"}
		case "metadata.test.":
			return []string{"169.254.169.254", "fd00:ec2::254"}
		case "empty.test.":
			return []string{}
		case "rebind.test.": // well the first time, and inside from then on
			if n == 1 {
				return []string{"127.0.0.1"}
			}
			return []string{"127.0.0.2", "10.0.0.1"}
		}
		return nil
	})
	f := New(Options{Resolver: resolver, Ports: []uint16{80, 443, at.Port()}})

	address := func(name string) string { return fmt.Sprintf("http://%s:%d/", name, at.Port()) }
	for name, want := range map[string]Kind{"loopback.test": Refused, "mapped.test": Refused, "nat64.test": Refused, "metadata.test": Refused, "nobody.test": Unknown, "empty.test": Unknown} {
		_, err := f.Get(t.Context(), address(name), Limits{Time: 3 * time.Second})
		wantKind(t, name, err, want)
	}
	if asked.Load() != 0 {
		t.Fatal("the inside was reached")
	}

	f = New(Options{Resolver: resolver, Also: only(s)}) // the server is outside now, the rest of this machine is not
	if _, err := f.Get(t.Context(), address("rebind.test"), Limits{}); err != nil {
		t.Fatal(err)
	}
	f.line.CloseIdleConnections()
	_, err := f.Get(t.Context(), address("rebind.test"), Limits{Time: 3 * time.Second})
	wantKind(t, "a name that has moved inside", err, Refused)
	if asked.Load() != 1 {
		t.Errorf("it was reached %d times; want once", asked.Load())
	}
}

// The machine itself is not asked by its address outside either.
func TestOwnAddressesAreRefused(t *testing.T) {
	all, err := net.InterfaceAddrs()
	if err != nil || len(all) == 0 {
		t.Skip("this machine tells no addresses")
	}
	for _, own := range all {
		p := netip.MustParsePrefix(own.String())
		if !isOwn(p.Addr()) {
			t.Errorf("%s is not taken for an own address", p)
		}
	}
	if isOwn(netip.MustParseAddr("8.8.8.8")) {
		t.Error("8.8.8.8 is taken for an own address")
	}
}

// FuzzCheck looks for addresses that pass and yet lead inside.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1/", "http://0x7f.1/", "http://[::1]/", "https://example.org/a?b#c", "http://2130706433", "http://a@b/", "http://[::ffff:1.2.3.4]"} {
		f.Add(s)
	}
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	f.Cleanup(s.Close)
	f.Fuzz(func(t *testing.T, address string) {
		u, err := parse(address)
		if err != nil {
			if KindOf(err) != Malformed && KindOf(err) != Refused {
				t.Errorf("%q: %v", address, err)
			}
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Hostname() == "" || u.Fragment != "" {
			t.Errorf("%q passes as %q", address, u)
		}
		if again, err := parse(u.String()); err != nil || again.String() != u.String() {
			t.Errorf("%q becomes %q, which is read as %v (%v)", address, u, again, err)
		}
	})
}
