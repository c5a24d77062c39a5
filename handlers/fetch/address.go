package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// maxAddress is how long an address may be, in bytes.
const maxAddress = 2048

// Check says what is wrong with an address by its looks alone, as an [*Error]: it has to
// be absolute, of http or https, and without user name; a number in the place of the
// host has to be written in the usual way. Where it leads is looked at when it is asked
// for.
func Check(address string) error {
	_, err := parse(address)
	return err
}

// parse reads an address as [Check] wants it, without its fragment.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil, &Error{Kind: Malformed, Err: err}
	}
	return u, examine(u)
}

func examine(u *url.URL) error {
	host := u.Hostname()
	u.Fragment, u.RawFragment = "", ""
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return &Error{Kind: Malformed, Err: errors.New("it is not of http or https")}
	case u.User != nil:
		return &Error{Kind: Malformed, Err: errors.New("it has a user name")}
	case u.Opaque != "", host == "", strings.Trim(host, ".") == "", strings.ContainsAny(host, " \t\"<>\\^`{|}"):
		return &Error{Kind: Malformed, Err: errors.New("it names no host")}
	case len(u.String()) > maxAddress:
		return &Error{Kind: Malformed, Err: errors.New("it is too long")}
	}
	if literal, err := netip.ParseAddr(host); err == nil {
		if literal.Zone() != "" || literal.Is4In6() {
			return &Error{Kind: Refused, Err: fmt.Errorf("%s is no address of everybody", literal)}
		}
		return nil
	}
	if labels := strings.Split(strings.TrimSuffix(host, "."), "."); isNumber(labels[len(labels)-1]) {
		return &Error{Kind: Refused, Err: fmt.Errorf("%q is a number in disguise", host)} // 2130706433, 0x7f.1, 0177.0.0.1
	}
	return nil
}

// isNumber reports whether the last label of a host makes programs take it for an
// address of IPv4, by the URL standard of the WHATWG ("ends in a number").
func isNumber(label string) bool {
	if label == "" {
		return false
	}
	if hex, ok := strings.CutPrefix(strings.ToLower(label), "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// nobodys4 and nobodys6 are the networks that are not for everybody: those of the
// registries of special-purpose addresses of IANA that are not globally reachable, and
// what leads to the inside by another name. Of IPv6 only 2000::/3 is given out at all.
var (
	nobodys4 = prefixes(
		"0.0.0.0/8", "10.0.0.0/8",
		"100.64.0.0/10",    // of carriers, and of clouds for themselves
		"127.0.0.0/8",      // this machine
		"168.63.129.16/32", // by which a cloud speaks to its machines
		"169.254.0.0/16",   // of the link; where clouds tell machines their secrets
		"172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", // relays from 6to4
		"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
		"224.0.0.0/4", // of many
		"240.0.0.0/4",
	)
	everybodys6 = netip.MustParsePrefix("2000::/3")
	nobodys6    = prefixes(
		"2001::/23",     // of protocols, Teredo with addresses of IPv4 inside it
		"2001:db8::/32", // of books
		"2002::/16",     // 6to4, with addresses of IPv4 inside it
		"3fff::/20",     // of books
	)
)

func prefixes(all ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(all))
	for i, p := range all {
		list[i] = netip.MustParsePrefix(p)
	}
	return list
}

// Public reports whether the address is one that everybody on the Internet can reach. An
// address of IPv4 in the clothes of IPv6 (mapped, NAT64, 6to4, Teredo) is none.
func Public(a netip.Addr) bool {
	within := func(p netip.Prefix) bool { return p.Contains(a) }
	switch {
	case !a.IsValid(), a.Zone() != "", a.Is4In6():
		return false
	case a.Is4():
		return !slices.ContainsFunc(nobodys4, within)
	}
	return everybodys6.Contains(a) && !slices.ContainsFunc(nobodys6, within)
}

// guard refuses to dial what is not for strangers. It is asked with the very address
// that is connected to.
func (f *Fetcher) guard(address string) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Error{Kind: Refused, Err: fmt.Errorf("dial %q: %w", address, err)}
	}
	if f.also != nil && f.also(to) {
		return nil
	}
	if !Public(to.Addr()) {
		return &Error{Kind: Refused, Err: fmt.Errorf("%s is no address of everybody", to.Addr())}
	}
	if !slices.Contains(f.ports, to.Port()) {
		return &Error{Kind: Refused, Err: fmt.Errorf("port %d is not for the web", to.Port())}
	}
	if isOwn(to.Addr()) {
		return &Error{Kind: Refused, Err: fmt.Errorf("%s is this machine", to.Addr())}
	}
	return nil
}

// isOwn reports whether the address is one of this machine: it may answer itself what it
// answers to nobody outside.
func isOwn(a netip.Addr) bool {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	return slices.ContainsFunc(all, func(own net.Addr) bool {
		p, err := netip.ParsePrefix(own.String())
		return err == nil && p.Addr() == a
	})
}
