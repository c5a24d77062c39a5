package exchange

import (
	"fmt"
	"strings"

	"pilveturg/models/catalogue"
)

// Effect says what a problem did to the reading of a file.
type Effect string

// The effects, gravest first.
const (
	Stopped Effect = "stopped" // nothing after it was read; the import must not be applied
	Refused Effect = "refused" // the record has to be put right; the import must not be applied
	Skipped Effect = "skipped" // the record was left out, as happens with the data of others; the rest stands
	Partial Effect = "partial" // the record was read without what the field said
	Noted   Effect = "noted"   // the record was read whole; somebody may want to know how it was understood
)

// Grave reports whether an import that met the effect must not be applied.
func (e Effect) Grave() bool { return e == Stopped || e == Refused }

// Problem says what is wrong in a file: where, in which field, what it is, what it
// did, and what to do. A [Reader] returns one as its error and may then be read on
// with, until it returns [io.EOF].
//
// Key and Args are a message for the pages, which word it in their language;
// Key with ".do" behind it is the advice, which takes no arguments.
type Problem struct {
	File   string `json:"file"`
	Where  string `json:"where,omitempty"` // "line 12", "Products[17] FR2425960757", "" for the whole file
	Field  string `json:"field,omitempty"` // "listing.versions[0].words"
	Effect Effect `json:"effect"`
	Key    string `json:"key"` // "exchange.unknown_field"
	Args   []any  `json:"args,omitempty"`
}

// Error says it all in English: place, what is wrong, what to do.
func (p *Problem) Error() string {
	var parts []string
	for _, s := range []string{p.File, p.Where, p.Field} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	parts = append(parts, p.What())
	text := strings.Join(parts, ": ")
	if do := p.Do(); do != "" {
		text += "; " + do
	}
	return text
}

// What says in English what is wrong.
func (p *Problem) What() string {
	if w, ok := words[p.Key]; ok {
		return fmt.Sprintf(w.what, p.Args...)
	}
	return catalogue.Problem{Key: p.Key, Args: p.Args}.Error() // what CheckListing found
}

// Do says in English what to do about it; "" when there is nothing to do.
func (p *Problem) Do() string { return words[p.Key].do }

// fault is a problem whose file and record are not known where it is found.
type fault struct {
	field  string
	effect Effect // Refused when empty
	key    string
	args   []any
}

// at makes the fault a problem of a record.
func (f fault) at(file, where string) *Problem {
	effect := f.effect
	if effect == "" {
		effect = Refused
	}
	return &Problem{File: file, Where: where, Field: f.field, Effect: effect, Key: f.key, Args: f.args}
}

// queue holds what a reader has found and not yet given.
type queue []*Problem

func (q *queue) add(p *Problem) { *q = append(*q, p) }

// take removes the first problem, or returns nil.
func (q *queue) take() *Problem {
	if len(*q) == 0 {
		return nil
	}
	p := (*q)[0]
	*q = (*q)[1:]
	return p
}

// shorten cuts a value so that a message which shows it can be read.
func shorten(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
