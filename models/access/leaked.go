package access

import (
	"crypto/sha256"
	_ "embed"
	"sort"
)

// leaked are the passwords of 8 characters or more that were found most often in what
// leaked elsewhere, 11,611 of them, in small letters: not themselves, many of which
// nobody wants to read, but the first bytes of their SHA-256 hashes, in order. They are
// the frequency list of zxcvbn 4.4.2 (MIT), which counts ten million passwords. A word
// that is none of them is taken for one of them once in a hundred million.
//
//go:embed leaked.bin
var leaked string

// leakedSize is how many bytes of a hash are kept.
const leakedSize = 5

// isLeaked reports whether the text, in small letters, is one of them.
func isLeaked(s string) bool {
	sum := sha256.Sum256([]byte(s))
	want := string(sum[:leakedSize])
	n := len(leaked) / leakedSize
	i := sort.Search(n, func(i int) bool { return leaked[i*leakedSize:(i+1)*leakedSize] >= want })
	return i < n && leaked[i*leakedSize:(i+1)*leakedSize] == want
}
