package handlers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/handlers/oidc"
	"pilveturg/models"
)

// identityProvider is the program oidc-provider, which others wrote.
type identityProvider struct {
	t      testing.TB
	issuer string
}

// person is who signs in there next, and how.
type providerPerson struct {
	Sub    string         `json:"sub"`
	ACR    string         `json:"acr,omitempty"`
	AMR    []string       `json:"amr,omitempty"`
	Error  string         `json:"error,omitempty"` // instead
	Claims map[string]any `json:"claims,omitempty"`
}

// providerClient is a site that the program knows.
type providerClient struct {
	ID       string   `json:"client_id"`
	Secret   string   `json:"client_secret"`
	Returns  []string `json:"redirect_uris"`
	Types    []string `json:"response_types"`
	Grants   []string `json:"grant_types"`
	Logout   string   `json:"backchannel_logout_uri,omitempty"`
	Sessions bool     `json:"backchannel_logout_session_required,omitempty"`
}

// startIdentityProvider starts the program for a site that is named there. Where it is
// not installed the test is skipped.
func startIdentityProvider(t testing.TB, profile oidc.Profile, id, logout string) *identityProvider {
	t.Helper()
	modules := os.Getenv("PILVETURG_TEST_OIDC")
	if home, err := os.UserHomeDir(); modules == "" && err == nil {
		modules = filepath.Join(home, ".cache/pilveturg-ci/node_modules")
	}
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(filepath.Join(modules, "oidc-provider")); err != nil || missing != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("node, or oidc-provider in %s, is missing", modules)
		}
		t.Skip("node and oidc-provider are needed; PILVETURG_TEST_OIDC names the folder node_modules with it")
	}
	clients := []providerClient{{ID: "pilveturg", Secret: "hush-hush", Returns: []string{"http://example.com/oidc/" + id + "/callback"},
		Types: []string{"code"}, Grants: []string{"authorization_code"}, Logout: logout, Sessions: logout != ""}}
	settings, err := json.Marshal(map[string]any{"profile": profile, "clients": clients})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "../.ci/identity-provider.mjs", modules)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close() // by which it ends
		_ = cmd.Wait()
	})
	if _, err := in.Write(append(settings, '\n')); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://127.0.0.1:") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &identityProvider{t, lines.Text()}
		}
	}
	t.Fatal("oidc-provider told no address")
	return nil
}

// tell tells the program what the test wants of it.
func (p *identityProvider) tell(what string, body any) {
	p.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := http.Post(p.issuer+"/test/"+what, "application/json", bytes.NewReader(b))
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %s", what, said)
	}
}

// visit goes to an address of the provider as a browser that has no cookies does, and
// returns where it is sent back to: an address of ours.
func visitProvider(t testing.TB, address string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for range 8 {
		res, err := c.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		to, err := res.Location()
		if err != nil {
			t.Fatalf("%s: status %d: %s", address, res.StatusCode, body)
		}
		if address = to.String(); to.Host == "example.com" {
			return to.RequestURI()
		}
	}
	t.Fatal("the provider sends on and on")
	return ""
}

// notes is a log that many write at once.
type notes struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// Write implements io.Writer.
func (n *notes) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all.Write(b)
}

func (n *notes) text() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all.String()
}

// providedSite is a site with TARA, as the program plays it, and with what the test
// adds to that.
type providedSite struct {
	*peopleSite
	*identityProvider
	log    *notes
	config oidc.Config // of TARA
}

// mari is who signs in unless the test says otherwise.
var mari = providerPerson{Sub: "EE47101010033", ACR: "high", AMR: []string{"idcard"}}

func newProvidedSite(t *testing.T, change func(*oidc.Config)) *providedSite {
	t.Helper()
	p := &providedSite{peopleSite: newPeopleSite(t), log: &notes{}}
	p.DB.Now = time.Now // tokens are of today
	p.Log = slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p.adapter.Log, p.IdentityKeys = p.Log, [][]byte{[]byte(strings.Repeat("i", 32))}
	p.handler = p.Handler()
	server := httptest.NewServer(p.handler)
	t.Cleanup(server.Close)
	p.identityProvider = startIdentityProvider(t, oidc.TARA, "tara", server.URL+"/oidc/tara/backchannel-logout")
	p.config = oidc.Config{ID: "tara", Names: models.Text{"en": "State login", "et": "Riigi autentimine"}, Issuer: p.issuer,
		ClientID: "pilveturg", ClientSecret: "hush-hush", Profile: oidc.TARA, ACR: "substantial"}
	if change != nil {
		change(&p.config)
	}
	p.Providers = nil
	p.offer(p.config)
	p.tell("next", mari)
	return p
}

// offer adds a provider to the site.
func (p *providedSite) offer(c oidc.Config) {
	p.Providers = append(p.Providers, oidc.New(c, func() time.Time { return p.DB.Now() }))
}

// begin presses the button of a provider and returns where it leads.
func (b *browser) begin(path string, fields ...string) string {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	b.send("POST", path, form)
	_, to, ok := strings.Cut(b.last.Header().Get("Refresh"), "0; url=")
	if !ok || b.last.Code != 200 || !strings.Contains(html.UnescapeString(b.last.Body.String()), `href="`+to+`"`) {
		b.t.Fatalf("%s: status %d, Refresh %q, Location %q", path, b.last.Code, b.last.Header().Get("Refresh"), b.last.Header().Get("Location"))
	}
	return to
}

// through signs in by a provider, and complains like open.
func (b *browser) through(path string, code int, fields []string, texts ...string) string {
	b.t.Helper()
	return b.open(visitProvider(b.t, b.begin(path, fields...)), code, texts...)
}
