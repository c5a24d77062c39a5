package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// become signs in as the invented person with the role, in a language.
func (b *browser) become(lang, role string) {
	b.t.Helper()
	b.open("/"+lang+"/sign-in", 1280, "light")
	button := fmt.Sprintf(`[...document.querySelectorAll("button[name=person]")].find(b => b.textContent.toLowerCase().includes(%q))`, role)
	if !eval[bool](b, `!!`+button) {
		b.t.Fatalf("there is no button to become %s", role)
	}
	eval[bool](b, `(`+button+`.click(), true)`)
	b.wait("main h1")
	for range 100 {
		if at, err := chromedp.Run(b.ctx, chromedp.Location()); err == nil && strings.HasSuffix(at, "/account") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("becoming %s does not lead to the account", role)
}

func (b *browser) wait(selector string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.WaitReady(selector)); err != nil {
		b.t.Fatal(err)
	}
}

// Pages that only people see are held to the same as all others.
func TestPagesOfPeopleAreAccessible(t *testing.T) {
	b := newBrowser(t)
	admin := []string{"/admin", "/admin/users", "/admin/users?state=locked", "/admin/users/3", "/admin/users/3/lock", "/admin/users/3/memberships/new?organisation=1", "/admin/organisations",
		"/admin/organisations/1", "/admin/organisations/1/edit", "/admin/domains", "/admin/invitations", "/admin/applications", "/admin/moderation/listings", "/admin/moderation/listings/1", "/admin/listings/3/standing", "/admin/sessions", "/admin/settings", "/admin/texts"}
	for lang, role := range map[string]string{"et": "administraator", "en": "buyer"} {
		b.become(lang, role)
		pages := admin
		if role == "buyer" {
			pages = nil
		}
		for _, page := range append(pages, "/", "/services", "/account", "/account/profile", "/account/security", "/account/preferences", "/sign-in", "/sign-up/vendor", "/nowhere") {
			for _, look := range []struct {
				width int64
				theme string
			}{{1280, "light"}, {320, "dark"}} {
				address := "/" + lang + page
				b.open(address, look.width, look.theme)
				b.check(fmt.Sprintf("%s (%d px, %s)", address, look.width, look.theme))
			}
		}
	}
}

func TestAPasswordCanBeLookedAt(t *testing.T) {
	b := newBrowser(t)
	b.open("/en/sign-in", 1280, "light")
	kind := func() string { return eval[string](b, `document.querySelector("#password").type`) }
	for _, want := range []string{"text", "password"} {
		eval[bool](b, `(document.querySelector("button[aria-controls=password]").click(), true)`)
		if got := kind(); got != want {
			t.Errorf("the field is of type %s, want %s", got, want)
		}
	}
}
