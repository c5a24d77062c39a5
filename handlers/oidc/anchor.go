package oidc

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
)

// pinStart is what pins begin with; the rest is Base64 of the SHA-256 hash of a public
// key in DER (SubjectPublicKeyInfo), as in RFC 7469.
const pinStart = "sha256/"

// errPin says that a certificate is good but not one of those that are wanted.
var errPin = errors.New("none of its certificates has a public key of the pins")

// isPin reports whether the text is like a pin.
func isPin(s string) bool {
	hash, ok := strings.CutPrefix(s, pinStart)
	b, err := base64.StdEncoding.Strict().DecodeString(hash)
	return ok && err == nil && len(b) == sha256.Size
}

// pinOf is the pin of a certificate.
func pinOf(c *x509.Certificate) string {
	hash := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return pinStart + base64.StdEncoding.EncodeToString(hash[:])
}

// anchors are the certificates that vouch for a provider; nil for those of the system.
// It is not ok when the text is no list of certificates.
func anchors(pem string) (pool *x509.CertPool, ok bool) {
	if pem == "" {
		return nil, true
	}
	pool = x509.NewCertPool()
	return pool, pool.AppendCertsFromPEM([]byte(pem))
}

// tls is whom to take for the provider. A certificate has to be good in every other
// way besides what is pinned: its name, its time, who signed it.
func (c Config) tls() *tls.Config {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	t.RootCAs, _ = anchors(c.CA)
	if len(c.Pins) > 0 {
		t.VerifyConnection = func(s tls.ConnectionState) error {
			for _, chain := range s.VerifiedChains {
				if slices.ContainsFunc(chain, func(one *x509.Certificate) bool { return slices.Contains(c.Pins, pinOf(one)) }) {
					return nil
				}
			}
			return errPin
		}
	}
	return t
}
