package web

import (
	"io"
	"maps"
	"net/http"

	"pilveturg/views"
)

// forGood is a year in seconds, as long as anybody keeps anything.
const forGood = 365 * 24 * 60 * 60

// Reply is what a handler decided. Make one with [Page], [Ready], [Status],
// [SeeOther], [Moved], [Data], [Stream] or [Hand].
type Reply struct {
	status  int
	page    views.Page
	shell   views.Shell
	main    views.Fragment
	packed  *Packed
	ready   bool
	url     string
	prefs   *Prefs
	said    *Said
	session *string // the secret that the browser shall keep; "" to forget it
	private bool
	held    map[string][]byte // what the browser shall hold, by purpose; nil to forget it
	onward  string            // where the browser goes from the page by itself
	kind    string            // content type of body
	body    []byte
	stream  func(io.Writer) error
	gzip    []byte // body compressed before, or nil
	vary    string
	file    *File
	maxAge  int // seconds that others may keep it; 0: they ask again
}

// Page shows p with status 200.
func Page(p views.Page) Reply { return Status(http.StatusOK, p) }

// Status shows p with another status.
func Status(status int, p views.Page) Reply { return Reply{status: status, page: p} }

// Ready shows a main part that was rendered before, in the given shell. packed may
// keep what comes of it compressed; nil keeps nothing.
func Ready(s views.Shell, main views.Fragment, packed *Packed) Reply {
	return Reply{status: http.StatusOK, shell: s, main: main, packed: packed, ready: true}
}

// SeeOther sends the browser to url, a path of ours, after a change was made.
func SeeOther(url string) Reply { return Reply{status: http.StatusSeeOther, url: url} }

// Moved tells that the thing is found at url, a path of ours, for good.
func Moved(url string) Reply { return Reply{status: http.StatusMovedPermanently, url: url} }

// Found sends the browser to url, a path of ours, this time; vary names the
// headers of the request that decided.
func Found(url, vary string) Reply { return Reply{status: http.StatusFound, url: url, vary: vary} }

// Data answers with bytes of a content type that others may keep for maxAge seconds.
func Data(kind string, body []byte, maxAge int) Reply {
	return Reply{status: http.StatusOK, kind: kind, body: body, maxAge: maxAge}
}

// Fixed answers with bytes whose address says which they are: others may keep them
// for good. gzip is the same compressed, once for all.
func Fixed(kind string, body, gzip []byte) Reply {
	return Reply{status: http.StatusOK, kind: kind, body: body, gzip: gzip, maxAge: forGood}
}

// As answers data with another status.
func (r Reply) As(status int) Reply {
	r.status = status
	return r
}

// Varies says that the answer is another one when a header of the request is,
// besides those that any answer depends on.
func (r Reply) Varies(header string) Reply {
	r.vary = header + ", Accept-Encoding, Cookie"
	return r
}

// Begin has the browser keep the secret of a session that was begun or changed.
func (r Reply) Begin(secret string) Reply {
	r.session = &secret
	return r
}

// End has the browser forget its session, which was ended.
func (r Reply) End() Reply { return r.Begin("") }

// Say has the next page say what was done: the message of a key with its arguments.
func (r Reply) Say(key string, args ...string) Reply {
	r.said = &Said{key, args}
	return r
}

// Private says that nobody may keep the answer, though its reader has not signed in.
func (r Reply) Private() Reply {
	r.private = true
	return r
}

// Hold has the browser hold for a while what it brought along or is to bring back, out of
// reach of its reader; nil has it forget that. See [Request.Held].
func (r Reply) Hold(purpose string, value []byte) Reply {
	held := maps.Clone(r.held)
	if held == nil {
		held = map[string][]byte{}
	}
	held[purpose] = value
	r.held, r.private = held, true
	return r
}

// Onward has the browser go on to an address of others as soon as it has the page. A
// form that is answered by a redirection may not lead there: see [ContentPolicy].
func (r Reply) Onward(address string) Reply {
	r.onward, r.private = address, true
	return r
}

// Remember keeps p as the preferences of the browser.
func (r Reply) Remember(p Prefs) Reply {
	r.prefs = &p
	return r
}
