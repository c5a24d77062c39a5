package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// Cost is how much work a hash of a password takes.
type Cost struct {
	Passes  uint32
	Memory  uint32 // KiB
	Threads uint8
}

// Strong returns the cost of new hashes.
func Strong() Cost { return Cost{Passes: 2, Memory: 19 << 10, Threads: 1} }

const (
	saltSize = 16 // bytes
	hashSize = 32 // bytes
	// hashPatience is how long a request waits for its turn to hash.
	hashPatience = 10 * time.Second
)

// The most that a kept hash may ask for, so that a damaged one does not take the
// machine.
const (
	mostPasses = 16
	mostMemory = 1 << 20 // KiB
)

// Hash is a hashed password in the PHC format: "$argon2id$v=19$m=19456,t=2,p=1$…".
type Hash string

// Hasher hashes passwords, a few at a time, because each takes much memory. It may
// be used by many goroutines at once.
type Hasher struct {
	cost  Cost
	turns chan struct{}
	dummy Hash // nobody's
}

// NewHasher hashes at the cost, so many at once.
func NewHasher(cost Cost, atOnce int) *Hasher {
	h := &Hasher{cost: cost, turns: make(chan struct{}, max(1, atOnce))}
	h.dummy = encode(cost, random(saltSize), random(hashSize))
	return h
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// Hash hashes a password under a salt of its own. It fails only with the error of
// ctx, or [context.DeadlineExceeded] when there are too many before it.
func (h *Hasher) Hash(ctx context.Context, password string) (Hash, error) {
	salt := random(saltSize)
	sum, err := h.sum(ctx, h.cost, password, salt, hashSize)
	if err != nil {
		return "", err
	}
	return encode(h.cost, salt, sum), nil
}

// Verify reports whether the password is that of the hash, and whether the hash is
// stale: of another cost than those made now. The empty hash is nobody's: it takes as
// long as any other, and no password is right. It fails like [Hasher.Hash].
func (h *Hasher) Verify(ctx context.Context, kept Hash, password string) (right, stale bool, err error) {
	if kept == "" {
		kept = h.dummy
	}
	cost, salt, want, err := decode(kept)
	if err != nil {
		return false, false, err
	}
	got, err := h.sum(ctx, cost, password, salt, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	right = subtle.ConstantTimeCompare(got, want) == 1 && kept != h.dummy
	return right, cost != h.cost || len(want) != hashSize, nil
}

func (h *Hasher) sum(ctx context.Context, c Cost, password string, salt []byte, size uint32) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, hashPatience)
	defer stop()
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Threads, size), nil
}

func encode(c Cost, salt, sum []byte) Hash {
	b := base64.RawStdEncoding
	return Hash(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Threads,
		b.EncodeToString(salt), b.EncodeToString(sum)))
}

var errHash = errors.New("a kept password hash is damaged")

func decode(kept Hash) (c Cost, salt, sum []byte, err error) {
	parts := strings.Split(string(kept), "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return Cost{}, nil, nil, errHash
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); n != 3 || err != nil {
		return Cost{}, nil, nil, errHash
	}
	salt, wrongSalt := base64.RawStdEncoding.DecodeString(parts[4])
	sum, wrongSum := base64.RawStdEncoding.DecodeString(parts[5])
	fits := c.Passes >= 1 && c.Passes <= mostPasses && c.Threads >= 1 && c.Memory >= 8*uint32(c.Threads) && c.Memory <= mostMemory
	if wrongSalt != nil || wrongSum != nil || !fits || len(salt) < 8 || len(sum) < 16 {
		return Cost{}, nil, nil, errHash
	}
	return c, salt, sum, nil
}
