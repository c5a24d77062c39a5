// Package web fits our handlers to gin: a handler takes a [Request] and returns a
// [Reply] or an error, and writes nothing itself.
//
// gin and net/http stop here: what is a header, a cookie or a status is known in
// this room and in no other of the pages. What a page says is not known here.
//
// # Secrets and compression
//
// How long a compressed page is tells what in it repeats. Whoever watches the wire and
// can make a signed-in browser ask for pages, with guesses in their addresses, could
// so read what else stands there: names, mailboxes, numbers. An answer that is for one
// reader is therefore compressed only when the browser says (Sec-Fetch-Site) that a
// page of ours or the reader asked for it; those who say nothing get it as it is. What
// is the same for everybody is always compressed. No page carries a token against
// forged forms: [SameOrigin] needs none.
//
// # Names of cookies
//
// Where the site is encrypted all cookies begin with __Host-: a browser takes those
// from this very host only, so that neither a neighbour under the same domain nor
// somebody on the wire can put one there.
//
// # Hosts
//
// Absolute links name the host of the configuration. Where none is configured they
// name the one that was asked for; what is kept for many readers either holds no
// absolute link or is kept for each such host apart ([Packed]), and letters are not
// written by what a request says.
package web
