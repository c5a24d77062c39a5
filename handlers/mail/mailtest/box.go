package mailtest

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Mail is a letter as it arrived.
type Mail struct {
	Raw    string // all of it
	Header mail.Header
	Parts  []Part
}

// Part is one form of a letter.
type Part struct {
	Type     string // "text/plain"
	Charset  string
	Encoding string // for the way
	Text     string // decoded
}

// Subject is the subject of the letter, decoded.
func (m Mail) Subject() string {
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err.Error()
	}
	return s
}

// Taken is how many letters the server has taken so far.
func (s *Server) Taken() int {
	log, err := os.ReadFile(filepath.Join(s.dir, mainLog))
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Count(string(log), " <= ")
}

// Mails waits until all letters that the server has taken are in the mailbox, and
// returns them, sorted by whom they went to.
func (s *Server) Mails() []Mail {
	s.t.Helper()
	var names []string
	s.await("the mail", func() (done bool) {
		names, _ = filepath.Glob(filepath.Join(s.dir, box, "new", "*"))
		return len(names) == s.Taken()
	})
	var all []Mail
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, s.read(b))
	}
	slices.SortFunc(all, func(a, b Mail) int { return cmp.Compare(a.Header.Get("Envelope-To"), b.Header.Get("Envelope-To")) })
	return all
}

// read takes a letter apart as the programs do that people read mail with.
func (s *Server) read(b []byte) Mail {
	s.t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	letter := Mail{Raw: string(b), Header: m.Header}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		s.t.Fatal(err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return letter
		}
		if err != nil {
			s.t.Fatalf("%v in\n%s", err, b)
		}
		letter.Parts = append(letter.Parts, s.part(p))
	}
}

func (s *Server) part(p *multipart.Part) Part {
	s.t.Helper()
	kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if err != nil {
		s.t.Fatal(err)
	}
	var body io.Reader = p
	encoding := p.Header.Get("Content-Transfer-Encoding")
	if encoding == "quoted-printable" {
		body = quotedprintable.NewReader(p)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return Part{kind, params["charset"], encoding, strings.ReplaceAll(string(text), "\r\n", "\n")}
}

// certify makes what the server shows to those who want to encrypt.
func (s *Server) certify() {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	s.write("cert.pem", s.Cert)
	s.write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}
