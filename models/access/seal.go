package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strconv"
)

// sealKeySize is the size in bytes of a key made from that of the installation.
const sealKeySize = 32

// errSealed says that what was sealed was altered, or sealed by another key or for
// something else.
var errSealed = errors.New("the seal is broken")

// Seal encrypts what is kept of second factors and has to be read again. It may be
// used by many goroutines at once.
type Seal struct {
	box     cipher.AEAD
	handles []byte
}

// NewSeal seals under a key of the installation, which must stay the same.
func NewSeal(key []byte) (*Seal, error) {
	boxKey, err := hkdf.Key(sha256.New, key, nil, "pilveturg: second factors", sealKeySize)
	if err != nil {
		return nil, err
	}
	handles, err := hkdf.Key(sha256.New, key, nil, "pilveturg: handles of passkeys", sealKeySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(boxKey)
	if err != nil {
		return nil, err
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	return &Seal{box, handles}, err
}

// close seals text for one use; it opens for no other.
func (s *Seal) close(text []byte, use string) []byte {
	return s.box.Seal(nil, nil, text, []byte(use))
}

func (s *Seal) open(sealed []byte, use string) ([]byte, error) {
	text, err := s.box.Open(nil, nil, sealed, []byte(use))
	if err != nil {
		return nil, errSealed
	}
	return text, nil
}

// Handle is what the devices of a person know the account by. It tells nothing, and
// stays the same.
func (s *Seal) Handle(account int64) []byte {
	h := hmac.New(sha256.New, s.handles)
	h.Write(strconv.AppendInt(nil, account, 10))
	return h.Sum(nil)
}
