package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pilveturg/models"
)

// fault is what a provider of the test does that no good one does.
type fault struct {
	name   string
	claims map[string]any      // in place of the right ones; nil takes one away
	sign   func(string) string // a finished token made another
	key    int                 // of those that the provider has, by which it signs
	raw    string              // answers in place of the token answer
	status int
}

// provider is a provider that says whatever a test wants.
type provider struct {
	*httptest.Server
	t     *testing.T
	keys  []jose.JSONWebKey // private; all but the last are published
	fault fault
	nonce string
	asked atomic.Int64 // for its keys
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{t: t}
	for _, name := range []string{"a", "b", "secret"} {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		p.keys = append(p.keys, jose.JSONWebKey{Key: k, KeyID: name, Algorithm: "RS256", Use: "sig"})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.write(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/jwks",
			"id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"}})
	})
	mux.HandleFunc("/jwks", func(w http.ResponseWriter, _ *http.Request) {
		p.asked.Add(1)
		p.write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.keys[0].Public(), p.keys[1].Public()}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if id, secret, ok := r.BasicAuth(); !ok || id != "site" || secret != "hush%26%2B" || r.FormValue("code_verifier") == "" { // as RFC 6749 has it encoded
			t.Errorf("asked for a token by %q, %q and %v", id, secret, r.Form)
		}
		if p.fault.status != 0 {
			w.WriteHeader(p.fault.status)
		}
		if p.fault.raw != "" {
			_, _ = w.Write([]byte(p.fault.raw))
			return
		}
		p.write(w, map[string]any{"access_token": "t", "token_type": "Bearer", "id_token": p.token()})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *provider) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

// token is an ID token as TARA has it, with the fault.
func (p *provider) token() string {
	now := time.Now().Unix()
	all := map[string]any{"iss": p.URL, "aud": "site", "exp": now + 40, "iat": now, "nbf": now, "sub": "EE47101010033", "nonce": p.nonce, "jti": "1",
		"acr": "high", "amr": []string{"mID"}, "profile_attributes": map[string]string{"given_name": "MARI-LIIS", "date_of_birth": "1971-01-01"}}
	maps.Copy(all, p.fault.claims)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	token := p.signed(p.keys[p.fault.key], all)
	if p.fault.sign != nil {
		token = p.fault.sign(token)
	}
	return token
}

func (p *provider) signed(key jose.JSONWebKey, claims map[string]any) string {
	p.t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	token, err := jws.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

func (p *provider) client(profile Profile) *Client {
	return New(Config{ID: "x", Names: models.Text{"en": "X"}, Issuer: p.URL, ClientID: "site", ClientSecret: "hush&+", Profile: profile, ACR: "substantial", SecondFactor: "high"}, time.Now)
}

// signIn goes to the provider and comes back.
func (p *provider) signIn(c *Client, again bool) (Person, error) {
	p.t.Helper()
	address, e, err := c.Begin(p.t.Context(), "https://site.example/back", "et", again)
	if err != nil {
		return Person{}, err
	}
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.nonce = u.Query().Get("nonce")
	return c.Finish(p.t.Context(), "https://site.example/back", e, url.Values{"code": {"c"}, "state": {u.Query().Get("state")}})
}

// rehead gives a token another head, and no signature when it ends in a dot.
func rehead(head, end string) func(string) string {
	return func(token string) string {
		parts := strings.Split(token, ".")
		return base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + parts[1] + "." + end
	}
}

func TestTokensThatNobodyMayRelyOn(t *testing.T) {
	p := newProvider(t)
	now := time.Now().Unix()
	for _, tt := range []struct {
		fault
		want Problem // "" when it will do
	}{
		{fault{name: "as TARA has it"}, ""},
		{fault{name: "at_hash in the other Base64", claims: map[string]any{"at_hash": "X5h+/9c8c8c8c8c8c8c8cw=="}}, ""},
		{fault{name: "several audiences, and this party", claims: map[string]any{"aud": []string{"site", "other"}, "azp": "site"}}, ""},
		{fault{name: "the other key", key: 1}, ""},
		{fault{name: "a clock a little ahead", claims: map[string]any{"nbf": now + 8, "iat": now + 8}}, ""},
		{fault{name: "for another", claims: map[string]any{"aud": "other"}}, Unclear},
		{fault{name: "for several", claims: map[string]any{"aud": []string{"site", "other"}}}, Unclear},
		{fault{name: "for another party", claims: map[string]any{"azp": "other"}}, Unclear},
		{fault{name: "for nobody", claims: map[string]any{"aud": nil}}, Unclear},
		{fault{name: "by another", claims: map[string]any{"iss": "https://other.example"}}, Unclear},
		{fault{name: "not yet", claims: map[string]any{"nbf": now + 60}}, Unclear},
		{fault{name: "made in the future", claims: map[string]any{"iat": now + 60}}, Unclear},
		{fault{name: "made nobody knows when", claims: map[string]any{"iat": nil}}, Unclear},
		{fault{name: "not any more", claims: map[string]any{"exp": now - 20}}, Lost},
		{fault{name: "for ever", claims: map[string]any{"exp": nil}}, Unclear},
		{fault{name: "another nonce", claims: map[string]any{"nonce": "x"}}, Lost},
		{fault{name: "no nonce", claims: map[string]any{"nonce": nil}}, Lost},
		{fault{name: "about nobody", claims: map[string]any{"sub": nil}}, Unclear},
		{fault{name: "about somebody with too long a name", claims: map[string]any{"sub": strings.Repeat("x", 257)}}, Unclear},
		{fault{name: "about a number", claims: map[string]any{"sub": 47101010033}}, Unclear},
		{fault{name: "amr is no list", claims: map[string]any{"amr": "mID"}}, Unclear},
		{fault{name: "not sure enough", claims: map[string]any{"acr": "low"}}, Weak},
		{fault{name: "not sure at all", claims: map[string]any{"acr": nil}}, Weak},
		{fault{name: "signed by a key that is not published", key: 2}, Unclear},
		{fault{name: "not signed", sign: rehead(`{"alg":"none"}`, "")}, Unclear},
		{fault{name: "said to be signed by a secret", sign: rehead(`{"alg":"HS256","kid":"a"}`, "AAAA")}, Unclear},
		{fault{name: "altered", sign: func(s string) string { return s[:len(s)-8] + "AAAAAAAA" }}, Unclear},
		{fault{name: "no token", sign: func(string) string { return "47101010033" }}, Unclear},
		{fault{name: "an answer without a token", raw: `{"access_token":"t","token_type":"Bearer"}`}, Unclear},
		{fault{name: "no answer", raw: `<html>`}, Unclear},
		{fault{name: "a refusal", status: 400, raw: `{"error":"invalid_grant","error_description":"code of EE47101010033"}`}, Refused},
		{fault{name: "a fault of theirs", status: 503, raw: `EE47101010033`}, Down},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p.t, p.fault = t, tt.fault
			who, err := p.signIn(p.client(TARA), false)
			problem := (*Error)(nil)
			if errors.As(err, &problem); (err == nil) != (tt.want == "") || err != nil && (problem == nil || problem.Problem != tt.want) {
				t.Fatalf("%+v, %v; want %q", who, err, tt.want)
			}
			if err == nil && (who.Subject != "EE47101010033" || who.ACR != "high" || !who.Strong || who.Mail != "") {
				t.Errorf("it is %+v", who)
			}
			if err != nil && (strings.Contains(err.Error(), "47101010033") || strings.Contains(err.Error(), "hush") || strings.ContainsAny(err.Error(), "\n\r")) {
				t.Errorf("the log is told %q", err)
			}
		})
	}
}

func TestMailCountsOnlyWhenVerified(t *testing.T) {
	p := newProvider(t)
	for verified, want := range map[any]string{true: "a@b.example", "true": "a@b.example", false: "", "false": "", nil: "", 1: ""} {
		p.fault.claims = map[string]any{"email": "a@b.example", "email_verified": verified}
		if who, err := p.signIn(p.client(Standard), false); err != nil || who.Mail != want {
			t.Errorf("%v: %q, %v", verified, who.Mail, err)
		}
	}
}

func TestSigningInAgainIsNotWhatWasLongAgo(t *testing.T) {
	p := newProvider(t)
	for ago, want := range map[time.Duration]bool{time.Minute: true, time.Hour: false} {
		p.fault.claims = map[string]any{"auth_time": time.Now().Add(-ago).Unix()}
		if _, err := p.signIn(p.client(Standard), true); (err == nil) != want {
			t.Errorf("%v ago: %v", ago, err)
		}
		if _, err := p.signIn(p.client(Standard), false); err != nil {
			t.Errorf("%v ago, for the first time: %v", ago, err)
		}
	}
}

// Whoever sends tokens with invented names of keys does not have the provider asked
// without end.
func TestKeysAreNotAskedForWithoutEnd(t *testing.T) {
	p := newProvider(t)
	c := p.client(TARA)
	p.fault.key = 2
	for range 20 {
		if _, err := p.signIn(c, false); err == nil {
			t.Fatal("a key that is not published will do")
		}
	}
	if n := p.asked.Load(); n != askedMost {
		t.Errorf("asked %d times, want %d", n, askedMost)
	}
}

func TestLogoutTokens(t *testing.T) {
	p := newProvider(t)
	now := time.Now().Unix()
	event := map[string]any{logoutEvent: map[string]any{}}
	elliptic, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		claims map[string]any
		key    *jose.JSONWebKey
		want   bool
	}{
		{"of a session", map[string]any{"sid": "s", "events": event}, nil, true},
		{"of a person", map[string]any{"sub": "u", "events": event}, nil, true},
		{"of neither", map[string]any{"events": event}, nil, false},
		{"with a nonce it is an ID token", map[string]any{"sid": "s", "events": event, "nonce": "n"}, nil, false},
		{"of no event", map[string]any{"sid": "s"}, nil, false},
		{"of another event", map[string]any{"sid": "s", "events": map[string]any{"https://other.example": map[string]any{}}}, nil, false},
		{"of an event that is nothing", map[string]any{"sid": "s", "events": map[string]any{logoutEvent: nil}}, nil, false},
		{"for another", map[string]any{"sid": "s", "events": event, "aud": "other"}, nil, false},
		{"by another", map[string]any{"sid": "s", "events": event, "iss": "https://other.example"}, nil, false},
		{"old", map[string]any{"sid": "s", "events": event, "iat": now - 600, "exp": now + 60}, nil, false},
		{"expired", map[string]any{"sid": "s", "events": event, "exp": now - 60}, nil, false},
		{"signed by a stranger", map[string]any{"sid": "s", "events": event}, &p.keys[2], false},
		{"signed in a way that it does not use", map[string]any{"sid": "s", "events": event}, &jose.JSONWebKey{Key: elliptic, KeyID: "a", Algorithm: "ES256"}, false},
	} {
		all := map[string]any{"iss": p.URL, "aud": "site", "iat": now, "jti": "1"}
		maps.Copy(all, tt.claims)
		key := p.keys[0]
		if tt.key != nil {
			key = *tt.key
		}
		who, err := p.client(Standard).LoggedOut(t.Context(), p.signed(key, all))
		if (err == nil) != tt.want || err == nil && who.Subject == "" && who.Session == "" {
			t.Errorf("%s: %+v, %v", tt.name, who, err)
		}
	}
}
