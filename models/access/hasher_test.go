package access

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// cheap is a cost for tests.
var cheap = Cost{Passes: 1, Memory: 64, Threads: 1}

func TestAPasswordIsKnownByItsHash(t *testing.T) {
	h := NewHasher(Strong(), 2)
	kept, err := h.Hash(t.Context(), "sinine jalgratas õues")
	if err != nil || !strings.HasPrefix(string(kept), "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(string(kept), "sinine") {
		t.Fatalf("%s, %v", kept, err)
	}
	other, err := h.Hash(t.Context(), "sinine jalgratas õues")
	if err != nil || other == kept {
		t.Errorf("two hashes of one password are alike: %s, %v", other, err)
	}
	for _, tt := range []struct {
		name, password string
		kept           Hash
		right          bool
	}{
		{"the right one", "sinine jalgratas õues", kept, true},
		{"another", "sinine jalgratas oues", kept, false},
		{"none", "", kept, false},
		{"somebody who has none", "", "", false},
		{"somebody who has none, with any", "sinine jalgratas õues", "", false},
	} {
		right, stale, err := h.Verify(t.Context(), tt.kept, tt.password)
		if right != tt.right || stale || err != nil {
			t.Errorf("%s: %t, stale %t, %v", tt.name, right, stale, err)
		}
	}
}

func TestAHashOfAnotherCostIsStale(t *testing.T) {
	old := NewHasher(cheap, 1)
	kept, err := old.Hash(t.Context(), "sinine jalgratas")
	if err != nil {
		t.Fatal(err)
	}
	right, stale, err := NewHasher(Cost{Passes: 2, Memory: 64, Threads: 1}, 1).Verify(t.Context(), kept, "sinine jalgratas")
	if !right || !stale || err != nil {
		t.Errorf("right %t, stale %t, %v", right, stale, err)
	}
}

func TestDamagedHashesAreToldApart(t *testing.T) {
	h := NewHasher(cheap, 1)
	kept, err := h.Hash(t.Context(), "sinine jalgratas")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"argon2id", "argon2i"}, {"v=19", "v=16"}, {"m=64", "m=4000000000"}, {"m=64", "m=1"}, {"t=1", "t=0"}, {"t=1", "t=99"}, {"p=1", "p=0"}, {"m=64,", ""},
		{"$argon2id", "argon2id"}, {string(kept[len(kept)-40:]), "!"}, {string(kept[len(kept)-43:]), ""},
	} {
		bad := Hash(strings.Replace(string(kept), change[0], change[1], 1))
		if _, _, err := h.Verify(t.Context(), bad, "sinine jalgratas"); !errors.Is(err, errHash) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestOnlySoManyHashAtOnce(t *testing.T) {
	h := NewHasher(cheap, 1)
	h.turns <- struct{}{} // somebody hashes
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := h.Hash(ctx, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hashed beside another: %v", err)
	}
	<-h.turns
	if _, err := h.Hash(t.Context(), "x"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
