package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// authority signs certificates of servers on this machine.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	a := authority{}
	var der []byte
	a.key, der = sign(t, &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	var err error
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pem = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return a
}

// sign makes a certificate that the parent signs, or that signs itself.
func sign(t *testing.T, c, parent *x509.Certificate, by *ecdsa.PrivateKey) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if parent == nil {
		parent, by = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}

// serve starts a provider with a certificate of the authority.
func (a authority) serve(t *testing.T) (issuer string, cert *x509.Certificate) {
	t.Helper()
	key, der := sign(t, &x509.Certificate{SerialNumber: big.NewInt(2), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}, a.cert, a.key)
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	var s *httptest.Server
	s = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"issuer": %q, "authorization_endpoint": "%[1]s/auth", "token_endpoint": "%[1]s/token", "jwks_uri": "%[1]s/jwks"}`, s.URL)
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL, cert
}

// A provider is taken for what it says only when those vouch for it whom the
// installation named.
func TestAProviderIsWhoTheAnchorsSay(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	issuer, leaf := ours.serve(t)
	_, other := theirs.serve(t)
	for _, tt := range []struct {
		name string
		ca   string
		pins []string
		want string // in the error; "" when it is taken
	}{
		{"those of the system do not know it", "", nil, "unknown authority"},
		{"our authority", ours.pem, nil, ""},
		{"one of two", theirs.pem + ours.pem, nil, ""},
		{"another authority", theirs.pem, nil, "unknown authority"},
		{"the key of its certificate", ours.pem, []string{pinOf(leaf)}, ""},
		{"the key of its authority", ours.pem, []string{pinOf(ours.cert)}, ""},
		{"one of two keys, for when they change", ours.pem, []string{pinOf(other), pinOf(leaf)}, ""},
		{"another key", ours.pem, []string{pinOf(other)}, errPin.Error()},
		{"the key of an authority that did not sign it", ours.pem + theirs.pem, []string{pinOf(theirs.cert)}, errPin.Error()},
		{"a key does not make a certificate good", theirs.pem, []string{pinOf(leaf)}, "unknown authority"},
	} {
		c := New(Config{ID: "tara", Issuer: issuer, CA: tt.ca, Pins: tt.pins}, time.Now)
		_, err := c.find(t.Context())
		problem := (*Error)(nil)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (!errors.As(err, &problem) || problem.Problem != Down || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if err == nil != c.Reachable() {
			t.Errorf("%s: reachable is %t after %v", tt.name, c.Reachable(), err)
		}
	}
}
