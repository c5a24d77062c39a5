package views

// writer appends HTML to b. It is the one place where text is escaped by hand,
// for the frame of the pages and other hot parts; templates escape the rest.
type writer struct{ b []byte }

// raw appends markup of our own.
func (w *writer) raw(s string) { w.b = append(w.b, s...) }

// text appends s so that it is text, also inside a quoted attribute.
func (w *writer) text(s string) {
	last := 0
	for i := 0; i < len(s); i++ {
		e := escapes[s[i]]
		if e == "" {
			continue
		}
		w.b = append(append(w.b, s[last:i]...), e...)
		last = i + 1
	}
	w.b = append(w.b, s[last:]...)
}

var escapes = [256]string{
	'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\'': "&#39;", 0: "\uFFFD",
}

// url appends the address s for a quoted attribute. An address that could run a
// script or lead to another site unseen becomes "#".
func (w *writer) url(s string) {
	if !safeAddress(s) {
		s = "#"
	}
	const hex = "0123456789abcdef"
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '&':
			w.raw("&amp;")
		case plainInAddress(s, i):
			w.b = append(w.b, c)
		default:
			w.b = append(w.b, '%', hex[c>>4], hex[c&15])
		}
	}
}

// safeAddress reports whether s is an address on this site or one of the web.
func safeAddress(s string) bool {
	switch {
	case s == "", s[0] == '#', s[0] == '?':
		return true
	case s[0] == '/':
		return len(s) == 1 || s[1] != '/' && s[1] != '\\'
	}
	return hasFold(s, "https://") || hasFold(s, "http://") || hasFold(s, "mailto:")
}

func hasFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}

// plainInAddress reports whether the byte at i may stand in an address as it is:
// a letter, digit or mark of RFC 3986, or the start of an escape that is there
// already. Quotes and brackets, though allowed there, are not.
func plainInAddress(s string, i int) bool {
	c := s[i]
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	case c == '%':
		return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
	}
	switch c {
	case '-', '.', '_', '~', '!', '#', '$', '*', '+', ',', '/', ':', ';', '=', '?', '@', '[', ']':
		return true
	}
	return false
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
