package access

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"
)

// The codes of authenticator apps, as RFC 6238 has them and as all apps expect.
const (
	codeStep   = 30 * time.Second
	codeDigits = 6
	codeDrift  = 1  // steps by which the clock of a phone may be wrong, either way
	codeSecret = 20 // bytes
)

// stepOf counts the steps since 1970.
func stepOf(t time.Time) int64 { return t.Unix() / int64(codeStep/time.Second) }

// codeAt is the code of a step.
func codeAt(secret []byte, step int64) string {
	h := hmac.New(sha1.New, secret)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := h.Sum(nil)
	from := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[from:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", codeDigits, n%1_000_000)
}

// matchCode returns the step whose code was typed, near the present one and later than
// the last one used; 0 when there is none.
func matchCode(secret []byte, typed string, now time.Time, used int64) (step int64) {
	for s := stepOf(now) - codeDrift; s <= stepOf(now)+codeDrift; s++ {
		if subtle.ConstantTimeCompare([]byte(codeAt(secret, s)), []byte(typed)) == 1 && s > used && step == 0 {
			step = s
		}
	}
	return step
}
