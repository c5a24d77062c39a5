package oidc

import (
	"errors"
	"fmt"
	"net/url"

	"golang.org/x/oauth2"
)

// Problem says why nobody came in, as far as the person needs to know it.
type Problem string

// The problems.
const (
	Cancelled Problem = "cancelled" // by the person
	Down      Problem = "down"      // the provider does not answer
	Refused   Problem = "refused"   // the provider would not have it
	Lost      Problem = "lost"      // it is not what this browser began, or too late
	Unclear   Problem = "unclear"   // what the provider says cannot be relied on
	Weak      Problem = "weak"      // the provider is not sure enough
	Method    Problem = "method"    // the person showed it by what is not wanted here
)

// Error is a problem with what the log may say about it, which is nothing about the
// person.
type Error struct {
	Problem Problem
	Err     error
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Problem, e.Err) }

// Unwrap returns what the log may say.
func (e *Error) Unwrap() error { return e.Err }

// longest is how much of what a provider says goes into a log, in bytes.
const longest = 200

// short is err in one line that is not too long.
func short(err error) error {
	s := fmt.Sprintf("%.*q", longest, err.Error())
	return errors.New(s[1 : len(s)-1])
}

// refusal is why a provider gave no token, without what else it says there.
func refusal(err error) error {
	var told *oauth2.RetrieveError
	var net *url.Error
	switch {
	case errors.As(err, &told) && told.ErrorCode != "":
		return &Error{Refused, short(fmt.Errorf("no token: %s", told.ErrorCode))}
	case errors.As(err, &told) && told.Response != nil && told.Response.StatusCode < 500:
		return &Error{Refused, fmt.Errorf("no token: status %d", told.Response.StatusCode)}
	case errors.As(err, &told) && told.Response != nil:
		return &Error{Down, fmt.Errorf("no token: status %d", told.Response.StatusCode)}
	case errors.As(err, &net):
		return &Error{Down, short(net)}
	default:
		return &Error{Unclear, errors.New("no token in the answer")}
	}
}
