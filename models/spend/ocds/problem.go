package ocds

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is something in a file that is not as it should be. Path is a JSON Pointer (RFC
// 6901) to it: "/releases/0/awards/1/id". Args are what words about it may show.
type Problem struct {
	Code string
	Path string
	Args []string
}

// Codes of problems. Those of the first group break the schema of the standard.
const (
	NotJSON       = "json"          // not valid JSON
	NotOCDS       = "ocds"          // neither a release nor a record nor a package
	TooDeep       = "deep"          // more levels than [MaxDepth]: the number
	Required      = "required"      // a field is missing: its name
	WrongType     = "type"          // the types allowed, with | between, and the type found
	BadDate       = "date"          // no date and time with an offset: the text
	BadAddress    = "address"       // no URI with a scheme: the text
	BadVersion    = "version"       // not two numbers with a point: the text
	UnknownCode   = "code"          // not in a closed list: the code
	Blank         = "blank"         // "" or [] where something must be
	Repeated      = "repeated"      // equal to another of a list that must not repeat: the other's place
	ExtraCode     = "open_code"     // not in an open list: the code
	Deprecated    = "deprecated"    // a field that the standard has given up: its name
	Empty         = "empty"         // "", [] or {}
	Duplicate     = "duplicate"     // an id twice in one list: the id and the other's place
	BadPrefix     = "prefix"        // an ocid without a prefix as registered: the ocid
	Extra         = "extra"         // a field that the standard does not know: its name
	NoCurrency    = "currency"      // an amount without a currency: the amount
	NoAward       = "no_award"      // a contract of an award that is not there: the award's id
	NoParty       = "no_party"      // an organization that is not among the parties: its id
	BadAmount     = "amount"        // an amount that no ledger can hold: the text
	SkippedThing  = "skipped"       // where a release should be is none; it was left out
	NoDate        = "no_date"       // a release without a date cannot be merged
	OtherProcess  = "other_process" // a release of another process: the two ocids
	Inconsistent  = "inconsistent"  // an object in one release and a simple value in another
	TooManyIssues = "more"          // Check stopped looking: how many were found
)

// Codes are all codes of problems, for those who have words for each.
var Codes = []string{
	NotJSON, NotOCDS, TooDeep, Required, WrongType, BadDate, BadAddress, BadVersion, UnknownCode, Blank, Repeated,
	ExtraCode, Deprecated, Empty, Duplicate, BadPrefix, Extra, NoCurrency, NoAward, NoParty, BadAmount, SkippedThing,
	NoDate, OtherProcess, Inconsistent, TooManyIssues,
}

// Invalid reports whether the problem breaks the schema of the standard. Others are advice.
func (p Problem) Invalid() bool {
	return slices.Contains(Codes[:slices.Index(Codes, ExtraCode)], p.Code)
}

// String is for logs and tests.
func (p Problem) String() string {
	return strings.TrimSpace(p.Code + " " + p.Path + " " + strings.Join(p.Args, " "))
}

var (
	// ErrNotOCDS is a file that has neither releases nor records.
	ErrNotOCDS = errors.New("not OCDS")
	// ErrBroken is a file that stops being JSON at some place.
	ErrBroken = errors.New("broken JSON")
	// ErrTooBig is a release above [MaxRelease], a record above [MaxRecord], or one with
	// more levels than [MaxDepth].
	ErrTooBig = errors.New("too big")
	// ErrMerge is a list of releases that cannot be merged.
	ErrMerge = errors.New("cannot be merged")
)

// Error is why [Read] or [Merge] gave up. It wraps one of ErrNotOCDS, ErrBroken, ErrTooBig
// and ErrMerge.
type Error struct {
	Problem
	Offset int64 // in bytes from the beginning of the file, of Read
	Err    error
}

// Error is for logs.
func (e *Error) Error() string {
	if e.Offset > 0 {
		return fmt.Sprintf("ocds: %v at byte %d: %v", e.Err, e.Offset, e.Problem)
	}
	return fmt.Sprintf("ocds: %v: %v", e.Err, e.Problem)
}

// Unwrap returns the kind of the error.
func (e *Error) Unwrap() error { return e.Err }
