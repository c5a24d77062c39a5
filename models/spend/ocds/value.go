package ocds

import (
	"strings"

	"pilveturg/models"
)

// ID is an identifier. The standard lets most of them be a text or a whole number; both
// are read as text, and text is written.
type ID string

// UnmarshalJSON reads a text or a number as written. Anything else is no identifier and
// leaves the ID empty, so that one bad field does not cost the release.
func (id *ID) UnmarshalJSON(b []byte) error {
	*id = ""
	switch {
	case len(b) > 0 && b[0] == '"':
		*id = ID(unquote(b))
	case numeric(b):
		*id = ID(b)
	}
	return nil
}

// numeric reports whether a JSON value is a number, by how it begins.
func numeric(b []byte) bool {
	return len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9')
}

// Value is an amount of money in a currency of ISO 4217. The amount can be unknown.
type Value struct {
	Amount   Amount `json:"amount"`
	Currency string `json:"currency,omitempty"`
}

// Money returns a known value.
func Money(amount models.Exact, currency string) *Value {
	return &Value{Known(amount), currency}
}

// Amount is a number as written, never rounded. It is unknown where null or nothing stood.
type Amount struct {
	Exact models.Exact
	Known bool
	// Unread is what stood there when it was no number that a [models.Exact] can hold.
	// The amount is unknown then.
	Unread string
}

// Known returns an amount that is known.
func Known(amount models.Exact) Amount { return Amount{Exact: amount, Known: true} }

// MarshalJSON writes a number without an exponent, or null.
func (a Amount) MarshalJSON() ([]byte, error) {
	if !a.Known {
		return []byte("null"), nil
	}
	return a.Exact.Append(nil), nil
}

// maxUnread is how many bytes of an unreadable amount are shown.
const maxUnread = 60

// UnmarshalJSON reads a number or null, and a number that was written as a text. It never
// fails: see Unread.
func (a *Amount) UnmarshalJSON(b []byte) error {
	*a = Amount{}
	if string(b) == "null" {
		return nil
	}
	text := string(b)
	if b[0] == '"' {
		text = strings.TrimSpace(unquote(b))
	}
	exact, err := models.ParseExact(text)
	if err != nil {
		a.Unread = strings.ToValidUTF8(text[:min(len(text), maxUnread)], "")
		return nil
	}
	*a = Known(exact)
	return nil
}
