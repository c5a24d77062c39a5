package handlers

import (
	"net/url"
	"strconv"
	"strings"
)

// The things that have pages stand in addresses with a letter or two, their id,
// and then words that only people read.
const (
	servicePrefix = "sc-"
	vendorPrefix  = "v-"
	agencyPrefix  = "a-"
)

// at is the address of a path in a language.
func at(lang, path string) string { return "/" + lang + path }

// servicePath is the path of a service's page, without the language.
func servicePath(id int64, slug string) string {
	return "/services/" + url.PathEscape(name(servicePrefix, id, slug))
}

// vendorPath is the path of a vendor's page, without the language.
func vendorPath(id int64, slug string) string {
	return "/vendors/" + url.PathEscape(name(vendorPrefix, id, slug))
}

// agencyPath is the path of a public body's page, without the language.
func agencyPath(id int64, slug string) string {
	return "/agencies/" + url.PathEscape(name(agencyPrefix, id, slug))
}

func categoryPath(slug string) string { return "/categories/" + slug }

// name is the last part of such a path, not escaped.
func name(prefix string, id int64, slug string) string {
	return prefix + strconv.FormatInt(id, 10) + "-" + slug
}

// parseName reads the id from "sc-31-paevik-lite", in any case; false when there
// is none after the prefix.
func parseName(s, prefix string) (id int64, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return 0, false
	}
	digits, _, _ := strings.Cut(s[len(prefix):], "-")
	if digits == "" || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil
}

// withQuery puts a query, if there is one, behind an address.
func withQuery(address, query string) string {
	if query == "" {
		return address
	}
	return address + "?" + query
}
