package models

import (
	"fmt"
	"strings"
)

// Key is the name somebody else gave a thing: a scheme, which says who numbers,
// and a code within it. It is how files refer to organisations and services; in
// text it is "scheme:code", for instance "ee-reg:10000018".
type Key struct {
	Scheme string `db:"scheme"` // lower case letters, digits, '-' and '.'
	Code   string `db:"code"`   // anything printable, compared exactly
}

// ParseKey reads "scheme:code".
func ParseKey(s string) (Key, error) {
	scheme, code, ok := strings.Cut(strings.TrimSpace(s), ":")
	k := Key{scheme, strings.TrimSpace(code)}
	if !ok || k.Code == "" || !validScheme(scheme) {
		return Key{}, fmt.Errorf("key %q: want scheme:code, like ee-reg:10000018", s)
	}
	return k, nil
}

func validScheme(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k == Key{} }

// String returns "scheme:code", or "" for no key.
func (k Key) String() string {
	if k.IsZero() {
		return ""
	}
	return k.Scheme + ":" + k.Code
}

// MarshalText implements encoding.TextMarshaler.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; "" is no key.
func (k *Key) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*k = Key{}
		return nil
	}
	*k, err = ParseKey(string(b))
	return err
}
