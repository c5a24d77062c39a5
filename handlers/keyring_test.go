package handlers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// keyring is an authenticator that holds one passkey, and answers as browsers pass its
// answers on.
type keyring struct {
	t       testing.TB
	origin  string
	key     *ecdsa.PrivateKey
	id      []byte
	handle  []byte // of the account that the passkey is for
	counter uint32
	careful bool // makes sure that it is its owner
}

func newKeyring(t testing.TB, origin string) *keyring {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &keyring{t: t, origin: origin, key: key, id: id, careful: true}
}

const (
	flagPresent  = 0x01
	flagVerified = 0x04
	flagMakes    = 0x40
)

// data is what the device says of itself.
func (d *keyring) data(more byte) []byte {
	site := sha256.Sum256([]byte("pilveturg.example"))
	flags := flagPresent | more
	if d.careful {
		flags |= flagVerified
	}
	return binary.BigEndian.AppendUint32(append(site[:], flags), d.counter)
}

func (d *keyring) client(kind, challenge string) []byte {
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

// asked is what a device reads in a question.
type asked struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"publicKey"`
}

func (d *keyring) read(question []byte) (a asked) {
	d.t.Helper()
	if err := json.Unmarshal(question, &a); err != nil || a.PublicKey.Challenge == "" {
		d.t.Fatalf("the question is %q, %v", question, err)
	}
	return a
}

var base64url = base64.RawURLEncoding.EncodeToString

// make makes a passkey.
func (d *keyring) make(question []byte) string {
	d.t.Helper()
	a := d.read(question)
	var err error
	if d.handle, err = base64.RawURLEncoding.DecodeString(a.PublicKey.User.ID); err != nil {
		d.t.Fatal(err)
	}
	data := append(d.data(flagMakes), make([]byte, 16)...) // of no maker
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.id)))
	data = append(append(data, d.id...), d.public()...)
	// {"fmt": "none", "attStmt": {}, "authData": data} in CBOR
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(data)))
	return d.answer(map[string]string{
		"clientDataJSON":    base64url(d.client("webauthn.create", a.PublicKey.Challenge)),
		"attestationObject": base64url(append(object, data...)),
	})
}

// public is the public key as COSE has it: an elliptic key of P-256 for ES256.
func (d *keyring) public() []byte {
	point, err := d.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.t.Fatal(err)
	}
	b := append([]byte("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"), point[1:33]...)
	return append(append(b, 0x22, 0x58, 0x20), point[33:]...)
}

// sign signs what is asked.
func (d *keyring) sign(question []byte) string {
	d.t.Helper()
	client, data := d.client("webauthn.get", d.read(question).PublicKey.Challenge), d.data(0)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]string{
		"clientDataJSON": base64url(client), "authenticatorData": base64url(data), "signature": base64url(signature), "userHandle": base64url(d.handle),
	})
}

func (d *keyring) answer(response map[string]string) string {
	id := base64url(d.id)
	b, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(b)
}
