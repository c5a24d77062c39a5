// Package web fits our handlers to gin: a handler takes a [Request] and returns a
// [Reply] or an error, and writes nothing itself.
//
// gin and net/http stop here: what is a header, a cookie or a status is known in
// this room and in no other of the pages. What a page says is not known here.
package web
