package views

import (
	"strconv"

	"pilveturg/models"
)

// ErrorPage says that something did not work out, and what to do now. Make one
// with [Views.Error].
type ErrorPage struct {
	Shell
	Status    int      // HTTP status
	Text      []string // what happened and what to do, in paragraphs
	Reference string   // finds the request in the log; "" unless it was a fault of ours
	Retry     int      // seconds after which to try again; 0 when that is not known
	Places    bool     // offer the search box and the places people look for
}

func (ErrorPage) template() string { return "error" }

// wordedErrors are the statuses that have words of their own; others have those
// of 400 or 500.
var wordedErrors = map[int]bool{400: true, 401: true, 403: true, 404: true, 405: true, 409: true, 410: true,
	413: true, 422: true, 429: true, 500: true, 503: true}

// Error returns the page that tells of an HTTP status of 400 or more; reference
// finds the request in the log.
func (v *Views) Error(status int, reference string) ErrorPage {
	words := status
	switch {
	case wordedErrors[status]:
	case status < 500:
		words = 400
	default:
		words = 500
	}
	key := strconv.Itoa(words)
	p := ErrorPage{
		Shell:  Shell{Lang: v.Locale.Tag, Title: v.Locale.T("error.title." + key), NoIndex: true},
		Status: status,
		Text:   []string{v.Locale.T("error.text." + key)},
		Places: words == 404 || words == 410 || words == 405,
	}
	if status >= 500 {
		p.Reference = reference
	}
	return p
}

// Fault returns the page for a fault of ours that came up while making a page. It
// was rendered when the Views were made and must not be changed.
func (v *Views) Fault() []byte { return v.fault }

// GonePage says that a service has been withdrawn: since when, why, and what
// there is instead. Its status is 410.
type GonePage struct {
	Shell
	Name      Words
	Vendor    Link        // zero when it is not to be shown
	Since     models.Date // zero when not known
	Reason    Words
	Successor Link // zero when there is none
	Changes   Link // the history of the listing; may be zero
}

func (GonePage) template() string { return "gone" }
