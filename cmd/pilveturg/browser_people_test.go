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

// peoplesPages are the pages that somebody with a role looks at, in a language.
var peoplesPages = []struct {
	lang, role string
	pages      []string
}{
	{"et", "administraator", []string{"/admin", "/admin/users", "/admin/users?state=locked", "/admin/users/3", "/admin/users/3/lock", "/admin/users/3/memberships/new?organisation=1", "/admin/organisations",
		"/admin/organisations/1", "/admin/organisations/1/edit", "/admin/domains", "/admin/invitations", "/admin/applications", "/admin/moderation/listings", "/admin/moderation/listings/1",
		"/admin/listings/3/standing", "/admin/sessions", "/admin/tokens", "/admin/settings", "/admin/texts", "/", "/services", "/sign-in", "/nowhere"}},
	{"en", "buyer", []string{"/", "/services", "/account", "/account/profile", "/account/mail", "/account/security", "/account/preferences", "/account/tokens", "/sign-up/vendor",
		"/projects", "/projects/new", "/projects/p-1", "/projects/p-1/requirements", "/projects/p-1/shortlist", "/projects/p-1/fit",
		"/projects/p-2/questions", "/projects/p-2/scores", "/projects/p-2/scores/criteria", "/projects/p-2/scores/offers/sc-40", "/projects/p-3/decision", "/projects/p-5/decision", "/projects/p-5/decision/letters", "/projects/p-7/evidence", "/projects/add?id=sc-1", "/projects/p-1/reuse", "/projects/p-1/pool", "/pools",
		"/requests/new?service=sc-3&quantity=600&unit=pupil", "/subscriptions", "/subscriptions/sub-1", "/subscriptions/sub-1/usage", "/subscriptions/sub-1/steps/end", "/calendar",
		"/subscriptions/sub-1/changes/new", "/subscriptions/sub-3", "/subscriptions/sub-3/onboarding", "/subscriptions/sub-10", "/subscriptions/import", "/subscriptions/usage", "/saved", "/saved/new?kind=search&query=q%3Dkool"}},
	{"et", "kinnitaja", []string{"/approvals", "/approvals/p-4", "/projects/p-4", "/approvals/sub-5", "/approvals/ch-2", "/budget", "/budget/rules", "/budget/lines/new", "/imports", "/spend", "/spend/lines", "/spend/names"}},
	{"et", "teenusepakkuja", vendorsPages},
	{"en", "vendor", vendorsPages},
	{"en", "moderator", []string{"/admin/moderation/listings", "/admin/moderation/listings/2", "/admin/moderation/claims", "/admin/moderation/claims/1", "/admin/moderation/declarations"}},
}

var vendorsPages = []string{"/vendor", "/vendor/market", "/vendor/export", "/vendor/export?market=FI", "/vendor/declaration", "/vendor/declaration/crimes",
	"/vendor/listings", "/vendor/listings/new", "/vendor/listings/3", "/vendor/listings/3/edit/basics", "/vendor/listings/3/edit/prices", "/vendor/listings/3/edit/data",
	"/vendor/listings/3/edit/accessibility", "/vendor/listings/3/edit/leaving", "/vendor/listings/3/edit/documents", "/vendor/listings/3/edit/languages",
	"/vendor/listings/3/preview", "/vendor/listings/3/submit", "/vendor/listings/3/history", "/vendor/listings/3/confirm", "/vendor/listings/3/releases",
	"/vendor/listings/3/standing", "/organisation/people", "/vendor/questions", "/vendor/decisions/p-6/sc-8", "/vendor/orders", "/vendor/orders/sub-1", "/vendor/orders/sub-1/changes/1", "/vendor/market/reasons"}

// Pages that only people see are held to the same as all others.
func TestPagesOfPeopleAreAccessible(t *testing.T) {
	b := newBrowser(t)
	for _, one := range peoplesPages {
		b.become(one.lang, one.role)
		for _, page := range one.pages {
			for _, look := range looks {
				address := "/" + one.lang + page
				b.open(address, look.width, look.theme)
				b.check(fmt.Sprintf("%s as %s (%d px, %s)", address, one.role, look.width, look.theme))
				if at := eval[string](b, `location.pathname + location.search`); at != address {
					t.Errorf("%s as %s leads to %s", address, one.role, at)
				}
				if code := b.status(); (code == 200) == (page == "/nowhere") {
					t.Errorf("%s as %s answers %d", address, one.role, code)
				}
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
