package oidc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// How long a provider is waited for.
const (
	dialPatience   = 3 * time.Second
	headPatience   = 4 * time.Second
	wholePatience  = 8 * time.Second // for one answer
	lookPatience   = 6 * time.Second // for its description, with a second attempt
	lookAgainAfter = 300 * time.Millisecond
	restAfter      = 5 * time.Second  // after it did not answer, before it is asked again
	foundFor       = 12 * time.Hour   // before its description is asked for again
	downFor        = 30 * time.Second // how long it is taken for unreachable without asking
)

// most is how many bytes of an answer of a provider are read.
const most = 1 << 20

// Client is a provider. It is safe for use by many at once.
type Client struct {
	Config
	now  func() time.Time
	http *http.Client

	mu      sync.Mutex
	found   *found
	looking chan struct{} // closed when the look under way is over; nil: there is none
	err     error         // of the last look
	failed  time.Time     // when that was; zero when it went well
}

// found is what a provider says of itself.
type found struct {
	at       time.Time
	endpoint oauth2.Endpoint
	keys     *keys
	algs     []string
}

// New returns a client of a provider, whom it does not ask yet. now tells the time.
func New(c Config, now func() time.Time) *Client {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: dialPatience}).DialContext,
		TLSClientConfig:       c.tls(),
		TLSHandshakeTimeout:   dialPatience,
		ResponseHeaderTimeout: headPatience,
		IdleConnTimeout:       time.Minute,
		ForceAttemptHTTP2:     true,
	}
	stay := func(*http.Request, []*http.Request) error { return errors.New("a provider does not send on to others") }
	return &Client{Config: c, now: now, http: &http.Client{Transport: bounded{t}, Timeout: wholePatience, CheckRedirect: stay}}
}

// bounded reads no answer without end.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, most), res.Body}
	}
	return res, err
}

// Reachable reports whether the provider answered when it was last asked; one that was
// never asked may. It does not wait, but may have it asked meanwhile.
func (c *Client) Reachable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found == nil && (c.failed.IsZero() || c.now().Sub(c.failed) >= downFor) {
		c.look()
	}
	return c.found != nil || c.err == nil
}

// find returns what the provider says of itself, and waits for that as long as ctx
// allows and it is worth it.
func (c *Client) find(ctx context.Context) (*found, error) {
	c.mu.Lock()
	now := c.now()
	if c.found != nil && now.Sub(c.found.at) < foundFor || !c.failed.IsZero() && now.Sub(c.failed) < restAfter {
		defer c.mu.Unlock()
		return c.last()
	}
	c.look()
	done := c.looking
	c.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
		return nil, &Error{Down, ctx.Err()}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last()
}

// last is what was found last. An old description is better than none.
func (c *Client) last() (*found, error) {
	if c.found != nil {
		return c.found, nil
	}
	return nil, &Error{Down, c.err}
}

// look has the provider looked for, unless somebody does. c.mu is held.
func (c *Client) look() {
	if c.looking != nil {
		return
	}
	done, now := make(chan struct{}), c.now()
	c.looking = done
	go func() {
		ctx, stop := context.WithTimeout(context.Background(), lookPatience) // for all who wait
		defer stop()
		f, err := c.discover(ctx, now)
		if err != nil {
			time.Sleep(lookAgainAfter)
			f, err = c.discover(ctx, now)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.err = err; err == nil {
			c.found, c.failed = f, time.Time{}
		} else {
			c.failed = now
		}
		c.looking = nil
		close(done)
	}()
}

// discover asks the provider for its description.
func (c *Client) discover(ctx context.Context, now time.Time) (*found, error) {
	p, err := gooidc.NewProvider(gooidc.ClientContext(ctx, c.http), c.Issuer)
	if err != nil {
		return nil, short(err)
	}
	var more struct {
		JWKS  string   `json:"jwks_uri"`
		Algs  []string `json:"id_token_signing_alg_values_supported"`
		Auths []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, short(err)
	}
	f := &found{at: now, endpoint: p.Endpoint(), keys: &keys{url: more.JWKS, http: c.http, now: c.now}}
	for _, address := range []string{f.endpoint.AuthURL, f.endpoint.TokenURL, more.JWKS} {
		if !isEndpoint(address) {
			return nil, fmt.Errorf("%s describes an endpoint at %q", c.Issuer, address)
		}
	}
	// Said outright, for to find it out by trial would use up the code.
	f.endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if len(more.Auths) > 0 && !slices.Contains(more.Auths, "client_secret_basic") {
		f.endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	for _, alg := range more.Algs {
		if slices.Contains(signatures, alg) {
			f.algs = append(f.algs, alg)
		}
	}
	if len(f.algs) == 0 || c.Profile == TARA {
		f.algs = []string{gooidc.RS256}
	}
	return f, nil
}

// signatures are the ways to sign that need no shared secret.
var signatures = []string{gooidc.RS256, gooidc.RS384, gooidc.RS512, gooidc.ES256, gooidc.ES384, gooidc.ES512,
	gooidc.PS256, gooidc.PS384, gooidc.PS512, gooidc.EdDSA}
