package intake

import (
	"bytes"
	"fmt"

	"pilveturg/models/documents"
)

// Reason is why a file is refused.
type Reason string

// The reasons.
const (
	Empty      Reason = "empty"
	TooLarge   Reason = "too_large"
	Unknown    Reason = "kind"      // neither PDF nor OpenDocument
	Office     Reason = "office"    // a file of Microsoft Office
	Damaged    Reason = "damaged"   // it begins like one, and is none
	Encrypted  Reason = "encrypted" // it opens with a password only, or forbids something
	Active     Reason = "active"    // it runs a program: JavaScript, forms of XFA, a launch
	Macros     Reason = "macros"
	Attached   Reason = "attached" // other files are in it
	Bomb       Reason = "bomb"     // it unpacks to much more than it is
	Virus      Reason = "virus"
	Unscanned  Reason = "unscanned" // the virus scanner cannot be asked
	NoPages    Reason = "no_pages"
	Intricate  Reason = "intricate" // built in a way that cannot be looked through
	NotArrived Reason = "not_arrived"
)

// Refused says why a file is not taken in.
type Refused struct {
	Why    Reason
	Detail string // for the log; never shown
}

// Error implements error.
func (r Refused) Error() string {
	if r.Detail == "" {
		return fmt.Sprintf("file refused: %s", r.Why)
	}
	return fmt.Sprintf("file refused: %s: %s", r.Why, r.Detail)
}

func refuse(why Reason, format string, args ...any) error {
	return Refused{why, fmt.Sprintf(format, args...)}
}

// Inspect returns what a file is by what is in it, or [Refused]: only whole PDF and
// OpenDocument files that run nothing, hide nothing and hold no other files are taken in.
func Inspect(b []byte) (documents.Media, error) {
	switch {
	case len(b) == 0:
		return "", Refused{Why: Empty}
	case len(b) > documents.MaxSize:
		return "", Refused{Why: TooLarge}
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return documents.PDF, inspectPDF(b)
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return inspectODF(b)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")): // of Office until 2007
		return "", Refused{Why: Office}
	default:
		return "", Refused{Why: Unknown}
	}
}
