package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pilveturg/handlers/oidc"
	"pilveturg/models"
)

// A browser leaves for a provider though forms of the site may lead to the site only,
// and comes back without being sent away again.
func TestABrowserGoesToAProviderAndBack(t *testing.T) {
	b := newBrowser(t)
	var provider *httptest.Server
	provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/.well-known/") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"issuer": %q, "authorization_endpoint": "%[1]s/auth", "token_endpoint": "%[1]s/token", "jwks_uri": "%[1]s/jwks"}`, provider.URL)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		back := r.FormValue("redirect_uri") + "?error=user_cancel&state=" + r.FormValue("state")
		_, _ = io.WriteString(w, `<a href="`+back+`">Cancel</a>`)
	}))
	t.Cleanup(provider.Close)
	c := oidc.Config{ID: "state", Names: models.Text{"en": "State login"}, Issuer: provider.URL, ClientID: "c", ClientSecret: "s", Profile: oidc.Standard}
	gone := c
	gone.ID, gone.Issuer = "gone", "http://127.0.0.1:1"
	b.base = portal(t, config{demo: true, providers: []oidc.Config{c, gone}})

	b.open("/en/vendors", 1280, "light")
	b.open("/en/sign-in", 320, "dark")
	b.check("/en/sign-in")
	b.tap(`form[action="/en/oidc/state"] button`)
	b.waitFor(`location.origin == "` + provider.URL + `" && document.querySelector("a") != null`)
	b.tap("a")
	b.waitFor(`location.pathname == "/en/sign-in"`)
	if said := eval[string](b, `document.body.innerText`); !strings.Contains(said, "You cancelled the sign-in with State login.") {
		t.Errorf("back from the provider the page says:\n%s", said)
	}
	b.open("/en/oidc/gone/problem?why=down", 320, "light")
	b.check("/en/oidc/gone/problem")
}

// tap clicks by a script, because the page that it waits for is of another site.
func (b *browser) tap(selector string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(document.querySelector(%q).click(), true)`, selector))
}

// waitFor waits until a script finds that it is so.
func (b *browser) waitFor(script string) {
	b.t.Helper()
	for range 100 {
		if v, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script)); err == nil && v {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("it is never so: %s; at %s", script, eval[string](b, "location.href"))
}
