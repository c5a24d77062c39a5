package models

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// The kinds of failure a caller can act on. Any other error is a fault of ours.
var (
	ErrNotFound  = errors.New("not found")
	ErrForbidden = errors.New("forbidden")
	ErrConflict  = errors.New("conflict")
	ErrSignIn    = errors.New("sign-in required")
)

// Invalid says what is wrong with what a person sent: field name to message key.
type Invalid map[string]string

// Error lists the fields and their message keys.
func (v Invalid) Error() string { return fmt.Sprintf("invalid: %v", map[string]string(v)) }

// Or returns v as an error, or nil when nothing is wrong.
func (v Invalid) Or() error {
	if len(v) == 0 {
		return nil
	}
	return v
}

// Fields returns the fields that something is wrong with, sorted.
func (v Invalid) Fields() []string { return slices.Sorted(maps.Keys(v)) }
