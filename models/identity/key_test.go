package identity_test

import (
	"bytes"
	"sync"
	"testing"

	"pilveturg/db/dbtest"
	"pilveturg/models/identity"
)

func TestKey(t *testing.T) {
	d := dbtest.New(t)
	keys := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			k, err := identity.Key(t.Context(), d, "preferences")
			if err != nil {
				t.Error(err)
			}
			keys[i] = k
		})
	}
	all.Wait()
	for _, k := range keys {
		if len(k) != 32 || !bytes.Equal(k, keys[0]) {
			t.Errorf("who asks at once gets %x and %x; want one key of 32 bytes", k, keys[0])
		}
	}
	if k, err := identity.Key(t.Context(), d, "preferences"); err != nil || !bytes.Equal(k, keys[0]) {
		t.Errorf("asked again: %x, %v; want %x", k, err, keys[0])
	}
	if k, err := identity.Key(t.Context(), d, "another"); err != nil || bytes.Equal(k, keys[0]) {
		t.Errorf("a key of another name: %x, %v; want another one", k, err)
	}
	var n int
	if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM audit_events WHERE action = 'key.added'`); err != nil || n != 2 {
		t.Errorf("%d keys are on record, %v; want 2", n, err)
	}
}
