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
	boxes   []cipher.AEAD // the first closes, all of them open
	handles []byte
}

// NewSeal seals under the first of the keys; what was sealed under the others opens
// still. kept is the key of the database: it never changes, and with no other it is the
// one to seal under.
func NewSeal(kept []byte, keys ...[]byte) (*Seal, error) {
	handles, err := hkdf.Key(sha256.New, kept, nil, "pilveturg: handles of passkeys", sealKeySize)
	if err != nil {
		return nil, err
	}
	s := &Seal{handles: handles}
	for _, key := range append(keys[:len(keys):len(keys)], kept) {
		box, err := newBox(key)
		if err != nil {
			return nil, err
		}
		s.boxes = append(s.boxes, box)
	}
	return s, nil
}

func newBox(key []byte) (cipher.AEAD, error) {
	boxKey, err := hkdf.Key(sha256.New, key, nil, "pilveturg: second factors", sealKeySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(boxKey)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// close seals text for one use; it opens for no other.
func (s *Seal) close(text []byte, use string) []byte {
	return s.boxes[0].Seal(nil, nil, text, []byte(use))
}

func (s *Seal) open(sealed []byte, use string) ([]byte, error) {
	for _, box := range s.boxes {
		if text, err := box.Open(nil, nil, sealed, []byte(use)); err == nil {
			return text, nil
		}
	}
	return nil, errSealed
}

// Handle is what the devices of a person know the account by. It tells nothing, and
// stays the same.
func (s *Seal) Handle(account int64) []byte {
	h := hmac.New(sha256.New, s.handles)
	h.Write(strconv.AppendInt(nil, account, 10))
	return h.Sum(nil)
}
