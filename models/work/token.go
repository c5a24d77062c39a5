package work

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"pilveturg/models"
)

// Token stands in the link by which a person ends the letters of a kind without
// signing in. It says whose and which, and is signed with key. It holds for good, as
// people end letters of long ago.
func Token(key []byte, account int64, k Kind) string {
	words := strconv.FormatInt(account, 10) + "." + string(k)
	return words + "." + base64.RawURLEncoding.EncodeToString(signature(key, words))
}

func signature(key []byte, words string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("unsubscribe " + words)) // which no other use of the key begins with
	return mac.Sum(nil)
}

// ReadToken tells whose letters of which kind a token ends. It fails with
// [models.ErrNotFound] when key did not sign it.
func ReadToken(key []byte, token string) (account int64, k Kind, err error) {
	wrong := fmt.Errorf("token of a letter: %w", models.ErrNotFound)
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return 0, "", wrong
	}
	words := token[:i]
	given, err := base64.RawURLEncoding.Strict().DecodeString(token[i+1:])
	if err != nil || !hmac.Equal(given, signature(key, words)) {
		return 0, "", wrong
	}
	number, kind, _ := strings.Cut(words, ".")
	account, err = strconv.ParseInt(number, 10, 64)
	if err != nil || !Kind(kind).Optional() {
		return 0, "", wrong
	}
	return account, Kind(kind), nil
}
