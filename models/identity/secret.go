package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// secretSize is how many random bytes a secret is made of: 256 bits.
const secretSize = 32

// NewSecret makes what only one browser or one letter shall hold, 43 characters that
// may stand in an address, and the hash of it, which is all that a database keeps.
func NewSecret() (secret string, hash []byte) {
	var b [secretSize]byte
	_, _ = rand.Read(b[:]) // never fails
	secret = base64.RawURLEncoding.EncodeToString(b[:])
	return secret, HashSecret(secret)
}

// HashSecret is the hash by which a secret of [NewSecret] is found. A secret is too
// long to be guessed, so that it needs no salt and no slow hash.
func HashSecret(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}
