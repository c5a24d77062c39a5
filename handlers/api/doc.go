// Package api answers programs: JSON over HTTP by which vendors publish from pipelines of
// their own.
//
// An [API] is made of operations, from which its description in OpenAPI is made as well.
// Who asks is known by a token alone; cookies are not looked at, and pages of other sites
// are not let in. What is wrong is told as RFC 9457 has it, in the language that the
// program accepts, and what is wrong with a listing field by field, by the same checks as
// in an import. Requests that change something name what they saw (If-Match), and may
// have a name of their own (Idempotency-Key), so that one which comes again is not done
// twice.
//
// gin and pages are not known here, nor what a listing may say: that is for exchange,
// catalogue and publishing.
package api
