package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
)

const (
	skew           = 15 * time.Second // by which clocks may differ; a token of TARA lives 40 seconds
	freshFor       = 5 * time.Minute  // in which somebody signs in who was asked to do so again
	logoutFor      = 2 * time.Minute  // after which a logout token is not new any more
	longestSubject = 256              // bytes
)

// Person is who a provider means, and nothing else about them.
type Person struct {
	Subject string // what the provider calls the person: personal data
	Session string // what it calls its own session; "" when it has none
	ACR     string
	AMR     []string
	Mail    string // "" unless the provider has verified it
	Strong  bool   // it counts as two factors
}

// moment is a moment in a token: seconds since 1970.
type moment float64

func (m moment) time() time.Time { return time.UnixMilli(int64(m * 1000)) }

// claims are what is read of a token.
type claims struct {
	Subject    string                     `json:"sub"`
	Session    string                     `json:"sid"`
	Party      string                     `json:"azp"`
	Audience   audience                   `json:"aud"`
	Nonce      string                     `json:"nonce"`
	ACR        string                     `json:"acr"`
	AMR        []string                   `json:"amr"`
	Expiry     moment                     `json:"exp"`
	NotBefore  moment                     `json:"nbf"`
	Issued     moment                     `json:"iat"`
	AuthTime   moment                     `json:"auth_time"`
	Mail       string                     `json:"email"`
	IsVerified any                        `json:"email_verified"` // some write it as text
	Events     map[string]json.RawMessage `json:"events"`
}

// audience is a name or a list of names.
type audience []string

// UnmarshalJSON implements [json.Unmarshaler].
func (a *audience) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(a))
}

// verify checks that the token is the provider's, for this site and for now, and
// returns what it says. It fails with an [*Error].
func (c *Client) verify(ctx context.Context, f *found, raw string) (claims, error) {
	v := gooidc.NewVerifier(c.Issuer, f.keys, &gooidc.Config{ClientID: c.ClientID, SupportedSigningAlgs: f.algs, SkipExpiryCheck: true})
	token, err := v.Verify(ctx, raw)
	if err != nil {
		if down := (*Error)(nil); errors.As(err, &down) {
			return claims{}, down
		}
		return claims{}, &Error{Unclear, plain(err)}
	}
	var t claims
	if err := token.Claims(&t); err != nil {
		return claims{}, &Error{Unclear, errors.New("the claims of the token do not have their form")}
	}
	now := c.now()
	switch {
	case len(t.Audience) > 1 && t.Party == "" || t.Party != "" && t.Party != c.ClientID:
		return claims{}, &Error{Unclear, errors.New("the token is for another party")}
	case t.Expiry != 0 && !now.Before(t.Expiry.time().Add(skew)):
		return claims{}, &Error{Lost, fmt.Errorf("the token expired %s ago", now.Sub(t.Expiry.time()).Round(time.Second))}
	case now.Add(skew).Before(t.NotBefore.time()):
		return claims{}, &Error{Unclear, errors.New("the token is not valid yet")}
	case t.Issued == 0 || now.Add(skew).Before(t.Issued.time()):
		return claims{}, &Error{Unclear, errors.New("the token is of the future, or does not say when it was made")}
	}
	return t, nil
}

// plain is why a token cannot be relied on. What could not be decoded is not told,
// because it may be what the token says of the person.
func plain(err error) error {
	if strings.Contains(err.Error(), "unmarshal") || strings.Contains(err.Error(), "malformed") {
		return errors.New("the token does not have its form")
	}
	return short(err)
}

// person is what goes on from here.
func (c *Client) person(t claims) Person {
	p := Person{Subject: t.Subject, Session: t.Session, ACR: t.ACR, AMR: t.AMR,
		Strong: c.SecondFactor != "" && reaches(t.ACR, c.SecondFactor)}
	if t.IsVerified == true || t.IsVerified == "true" {
		p.Mail = t.Mail
	}
	return p
}

// logoutEvent is what a logout token tells of.
const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// LoggedOut says who a logout token of the provider is about: a Person with a Subject,
// a Session or both, as OpenID Connect Back-Channel Logout 1.0 has it. It fails with an
// [*Error]. A token that comes twice ends nothing more, so it is not remembered.
func (c *Client) LoggedOut(ctx context.Context, raw string) (Person, error) {
	f, err := c.find(ctx)
	if err != nil {
		return Person{}, err
	}
	t, err := c.verify(gooidc.ClientContext(ctx, c.http), f, raw)
	if err != nil {
		return Person{}, err
	}
	var event map[string]any
	switch {
	case json.Unmarshal(t.Events[logoutEvent], &event) != nil || event == nil:
		return Person{}, &Error{Unclear, errors.New("the token tells of no logout")}
	case t.Nonce != "":
		return Person{}, &Error{Unclear, errors.New("a logout token has no nonce")}
	case t.Subject == "" && t.Session == "":
		return Person{}, &Error{Unclear, errors.New("the token says neither who nor which session")}
	case c.now().Sub(t.Issued.time()) > logoutFor:
		return Person{}, &Error{Lost, errors.New("the logout token is old")}
	}
	return Person{Subject: t.Subject, Session: t.Session}, nil
}
