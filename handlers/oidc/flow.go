package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"slices"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Errand is a sign-in under way, to be kept by the browser that began it, out of reach
// of scripts and of its reader.
type Errand struct {
	State    [32]byte // SHA-256 of what the provider was given
	Nonce    string
	Verifier string // of PKCE
	Again    bool   // somebody who is signed in shows once more who they are
}

// Begin returns where the browser is to go so that the person signs in there, in the
// language, and comes back to redirect. It fails with an [*Error] when the provider
// does not answer. again asks for it even where the provider knows the person still.
func (c *Client) Begin(ctx context.Context, redirect, lang string, again bool) (address string, e Errand, err error) {
	f, err := c.find(ctx)
	if err != nil {
		return "", Errand{}, err
	}
	state := rand.Text()
	e = Errand{State: sha256.Sum256([]byte(state)), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Again: again}
	options := []oauth2.AuthCodeOption{gooidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier), oauth2.SetAuthURLParam("ui_locales", lang)}
	if c.ACR != "" {
		options = append(options, oauth2.SetAuthURLParam("acr_values", c.ACR))
	}
	if again && c.Profile != TARA { // which remembers nobody
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	return c.oauth(f, redirect).AuthCodeURL(state, options...), e, nil
}

func (c *Client) oauth(f *found, redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: c.ClientID, ClientSecret: c.ClientSecret, Endpoint: f.endpoint, RedirectURL: redirect, Scopes: c.scopes()}
}

// cancelled are the words by which providers say that the person would not.
var cancelled = []string{"user_cancel", "access_denied"}

// Finish says who signed in, by what the browser brought back from the provider. It
// fails with an [*Error].
func (c *Client) Finish(ctx context.Context, redirect string, e Errand, answer url.Values) (Person, error) {
	state := sha256.Sum256([]byte(answer.Get("state")))
	if subtle.ConstantTimeCompare(state[:], e.State[:]) != 1 {
		return Person{}, &Error{Lost, errors.New("another state than was sent")}
	}
	if iss := answer.Get("iss"); iss != "" && iss != c.Issuer {
		return Person{}, &Error{Unclear, errors.New("the answer names another issuer")}
	}
	if code := answer.Get("error"); code != "" {
		if slices.Contains(cancelled, code) {
			return Person{}, &Error{Cancelled, errors.New("by the person")}
		}
		return Person{}, &Error{Refused, short(errors.New(code))}
	}
	f, err := c.find(ctx)
	if err != nil {
		return Person{}, err
	}
	ctx = gooidc.ClientContext(ctx, c.http)
	token, err := c.oauth(f, redirect).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(e.Verifier))
	if err != nil {
		return Person{}, refusal(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Person{}, &Error{Unclear, errors.New("no ID token in the answer")}
	}
	claims, err := c.verify(ctx, f, raw)
	if err != nil {
		return Person{}, err
	}
	if err := c.checkSignIn(claims, e); err != nil {
		return Person{}, err
	}
	return c.person(claims), nil
}

// checkSignIn checks what an ID token must say besides what any token must.
func (c *Client) checkSignIn(t claims, e Errand) error {
	now := c.now()
	switch {
	case subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(e.Nonce)) != 1:
		return &Error{Lost, errors.New("another nonce than was sent")}
	case t.Subject == "" || len(t.Subject) > longestSubject:
		return &Error{Unclear, errors.New("no subject, or too long a one")}
	case t.Expiry == 0:
		return &Error{Unclear, errors.New("the token never expires")}
	case !reaches(t.ACR, c.ACR):
		return &Error{Weak, short(fmt.Errorf("acr is %q, want %q", t.ACR, c.ACR))}
	case !c.allows(t.AMR):
		return &Error{Method, short(fmt.Errorf("amr is %q, want one of %q", t.AMR, c.Methods))}
	case e.Again && t.AuthTime != 0 && now.Sub(t.AuthTime.time()) > freshFor:
		return &Error{Lost, errors.New("the person did not sign in again")}
	}
	return nil
}
