package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"pilveturg/db"
	"pilveturg/handlers"
	"pilveturg/models"
	"pilveturg/models/access"
)

const (
	officerMail     = "officer@office.example"
	officerPassword = "neli punast kaelkirjakut"
)

// office starts a portal that is no demonstration, where one person administers and
// another moderates, and returns its address, which has a name: there are no passkeys at a number.
func office(t *testing.T) string {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "office.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	hash, err := access.NewHasher(access.Strong(), 1).Hash(t.Context(), officerPassword)
	if err != nil {
		t.Fatal(err)
	}
	officer, colleague := &userTask{mail: officerMail, name: "Officer", language: "en"}, &userTask{mail: "colleague@office.example", name: "Colleague", language: "et"}
	officer.hire(t, d, models.Administrator, func(tx *db.Tx) error { return access.SetPassword(t.Context(), tx, hash) })
	colleague.hire(t, d, models.Moderator, func(tx *db.Tx) error {
		_, err := access.AddPasskey(t.Context(), tx, access.Passkey{Name: "Key", Credential: []byte("colleague"), PublicKey: []byte("none")})
		return err
	})
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	h, _, err := site(ctx, &env{out: io.Discard, err: io.Discard}, config{contact: "portal@pilveturg.example", need: handlers.OfAdministrators}, d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

// authenticator gives the browser a device that holds passkeys, and whose owner is
// there and willing.
func (b *browser) authenticator() webauthn.AuthenticatorID {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		b.t.Fatal(err)
	}
	made, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	if err != nil {
		b.t.Fatal(err)
	}
	return made.AuthenticatorID
}

// press presses the button of a form, and waits until the page has the heading.
func (b *browser) press(form, heading string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(document.querySelector(%q).requestSubmit(), true)`, form))
	b.heading(heading)
}

func (b *browser) heading(want string) {
	b.t.Helper()
	got := ""
	for range 200 {
		if v, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.querySelector("h1")?.textContent ?? ""`)); err == nil {
			if got = v; got == want {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("the page is called %q, want %q: %s", got, want, eval[string](b, `document.querySelector("main").innerText`))
}

func (b *browser) fill(field, value string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(document.getElementById(%q).value = %q, true)`, field, value))
}

// enter signs in as the officer, who sets up a passkey for it.
func (b *browser) enter() {
	b.t.Helper()
	b.authenticator()
	b.open("/en/sign-in", 1280, "light")
	b.fill("mail", officerMail)
	b.fill("password", officerPassword)
	b.press(`form[action="/en/sign-in"]`, "Set up a second step first")
	b.check("/en/account/security/needed")
	b.open("/en/account/security/app", 320, "dark")
	b.check("/en/account/security/app")
	b.open("/en/account/security/passkeys/new", 1280, "light")
	b.check("/en/account/security/passkeys/new")
	b.fill("name", "Virtual key")
	b.press(`form[data-passkey]`, "Recovery codes")
	b.check("recovery codes")
}

func TestPasskeysInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	b.base = office(t)
	b.enter()
	b.open("/en/account/security", 320, "dark")
	b.heading("Password and sessions")
	b.check("/en/account/security")
	if text := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(text, "Virtual key") {
		t.Errorf("the page has no such passkey: %s", text)
	}
	eval[bool](b, `(document.querySelector('form[action="/en/sign-out"]').requestSubmit(), true)`)
	b.wait(`a[href^="/en/sign-in"]`)
	b.open("/en/sign-in?return=%2Fen%2Faccount%2Fsecurity", 1280, "light")
	b.check("/en/sign-in")
	b.press(`form[data-passkey]`, "Password and sessions")
	b.open("/en/sign-in/again?return=%2Fen%2Faccount", 1280, "light")
	b.check("/en/sign-in/again")
	b.press(`form[data-passkey]`, "Officer")
	b.open("/en/account/security", 1280, "light")
	eval[bool](b, `(document.querySelector("button[name=passkey]").click(), true)`)
	b.heading("Set up a second step first")
}

// Where the browser knows no passkeys there is no button that does nothing; where the
// device says nothing, the page does.
func TestWithoutPasskeysThereIsNoButton(t *testing.T) {
	b := newBrowser(t)
	b.base = office(t)
	shown := func(selector string) bool {
		return eval[bool](b, fmt.Sprintf(`!!document.querySelector(%q)?.checkVisibility()`, selector))
	}
	b.authenticator()
	b.open("/en/sign-in", 1280, "light")
	eval[bool](b, `(document.querySelector("form[data-passkey]").requestSubmit(), true)`)
	for range 100 {
		if shown("form[data-passkey] .msg") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !shown("form[data-passkey] .msg[role=alert]") {
		t.Error("the page says nothing of a device that has no passkey")
	}
	b.check("/en/sign-in, without a passkey")
	forget := page.AddScriptToEvaluateOnNewDocumentParams{Source: `delete window.PublicKeyCredential`}
	if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, forget); err != nil {
		t.Fatal(err)
	}
	b.open("/en/sign-in", 1280, "light")
	if shown("form[data-passkey]") || !shown("form[action='/en/sign-in']") {
		t.Error("where the browser knows no passkeys there is their button, or no other")
	}
}
