package focus

import "strings"

// Problem is something in a file that is not as FOCUS wants it. Where Error is set the row,
// or with [NewHeading] the file, cannot be taken; everything else was read with good sense
// and is a warning.
type Problem struct {
	Code   string
	Column string // the name that FOCUS has for it, or the file's where FOCUS has none
	Got    string // what the cell has, at most 80 bytes
	Error  bool
}

// Codes of problems.
const (
	Missing   = "missing"   // a mandatory column is not there, or a value that must be
	Unknown   = "unknown"   // a column that FOCUS does not have; it is kept
	Twice     = "twice"     // a column that stands twice
	NoPeriod  = "period"    // neither a charge period nor a billing period
	Spelled   = "spelled"   // a name or a value of a list, written otherwise: what was got
	NullWord  = "null"      // the word NULL where nothing should stand
	Moment    = "moment"    // a time that is not written as 2024-09-01T00:00:00Z
	Dressed   = "dressed"   // a number with a currency sign, grouped thousands or spaces
	NotNumber = "number"    // no number, or one that a ledger cannot hold
	NotMoment = "time"      // no day and no time
	NotListed = "listed"    // not a value of the list that FOCUS has
	Currency  = "currency"  // a billing currency that is not three letters
	Backwards = "backwards" // a period that ends before it starts
	NoTime    = "instant"   // a period that ends when it starts
	NotObject = "object"    // tags that are no JSON object; kept with the other columns
	Garbled   = "garbled"   // bytes that are no text; they were taken out
	Cells     = "cells"     // more cells than columns
	Short     = "short"     // fewer cells than columns; those that lack are null
	Blank     = "blank"     // a row without any value
	NotJSON   = "json"      // a line that is no JSON object
	Long      = "long"      // a line above [MaxLine]
	TooMany   = "columns"   // more columns than [MaxColumns], or a name above [MaxName]
)

// Codes are all codes of problems, for those who have words for each.
var Codes = []string{
	Missing, Unknown, Twice, NoPeriod, Spelled, NullWord, Moment, Dressed, NotNumber, NotMoment, NotListed,
	Currency, Backwards, NoTime, NotObject, Garbled, Cells, Short, Blank, NotJSON, Long, TooMany,
}

// Args are what words about the problem may show: the column and what was got.
func (p Problem) Args() []string { return []string{p.Column, p.Got} }

// String is for logs and tests.
func (p Problem) String() string {
	kind := ""
	if p.Error {
		kind = "error: "
	}
	return strings.TrimSpace(kind + p.Code + " " + p.Column + " " + p.Got)
}

// Fatal reports whether one of the problems is an error.
func Fatal(problems []Problem) bool {
	for _, p := range problems {
		if p.Error {
			return true
		}
	}
	return false
}

// clip keeps what a person can recognize a cell by.
func clip(s string) string {
	if len(s) <= 80 {
		return s
	}
	return strings.ToValidUTF8(s[:77], "") + "…"
}
