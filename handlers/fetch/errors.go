package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// Kind says what went wrong in asking. The page that tells it to a person has the
// words under "fetch." and the kind.
type Kind string

// The kinds.
const (
	Malformed   Kind = "malformed"   // it is no address of the web that we ask for: see [Check]
	Refused     Kind = "refused"     // it leads where strangers must not send us
	Unknown     Kind = "unknown"     // there is no such name
	Unreachable Kind = "unreachable" // nobody answers there, or not in HTTP, or the line broke
	Insecure    Kind = "insecure"    // it cannot be shown that it is who it says
	TooSlow     Kind = "too_slow"
	TooBig      Kind = "too_big"
	Astray      Kind = "astray" // it sends on in circles, too often, or to nowhere
	NotFound    Kind = "not_found"
	Gone        Kind = "gone"     // for good
	Denied      Kind = "denied"   // only for who signs in, or not for programs
	Busy        Kind = "busy"     // it asks to come again later
	Failed      Kind = "failed"   // it answers that something is wrong
	Unwanted    Kind = "unwanted" // it answers with something else than was asked for
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{Malformed, Refused, Unknown, Unreachable, Insecure, TooSlow, TooBig, Astray, NotFound, Gone, Denied, Busy, Failed, Unwanted}
}

// Key is the message that tells a person what went wrong.
func (k Kind) Key() string { return "fetch." + string(k) }

// Error says why there is no answer.
type Error struct {
	Kind   Kind
	Status int           // of HTTP; 0 when there was no answer
	After  time.Duration // when it may be asked again, if it said so
	Err    error         // more about it, for logs: it may name addresses inside
}

// Error is for logs.
func (e *Error) Error() string {
	words := string(e.Kind)
	if e.Status != 0 {
		words += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Err != nil {
		words += ": " + e.Err.Error()
	}
	return words
}

// Unwrap is what is known beyond the kind.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns what went wrong; "" when that is nothing, or when whoever asked has
// given up.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// named puts an error of the network under its kind.
func named(err error) *Error {
	var e *Error
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var unsigned x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var network net.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return &Error{Kind: TooSlow, Err: err}
	case errors.As(err, &dns) && dns.IsNotFound:
		return &Error{Kind: Unknown, Err: err}
	case errors.As(err, &certificate), errors.As(err, &unsigned), errors.As(err, &record), errors.As(err, &alert):
		return &Error{Kind: Insecure, Err: err}
	case errors.As(err, &network) && network.Timeout():
		return &Error{Kind: TooSlow, Err: err}
	}
	return &Error{Kind: Unreachable, Err: err}
}

// kindOfStatus is what a status of HTTP means; "" when there is an answer.
func kindOfStatus(status int) Kind {
	switch {
	case status >= 200 && status < 300, status == http.StatusNotModified:
		return ""
	case status == http.StatusNotFound:
		return NotFound
	case status == http.StatusGone:
		return Gone
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusUnavailableForLegalReasons:
		return Denied
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return Busy
	}
	return Failed
}
