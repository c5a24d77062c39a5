package access

import (
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, of which apps show the last six digits.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := codeAt(secret, stepOf(time.Unix(at, 0))); got != want {
			t.Errorf("the code at %d is %s, want %s", at, got, want)
		}
	}
}

func TestTheClockOfAPhoneMayBeAStepWrong(t *testing.T) {
	secret, now := random(codeSecret), time.Unix(1_800_000_000, 0)
	today := stepOf(now)
	for _, tt := range []struct {
		name string
		step int64 // of the phone
		used int64
		want int64
	}{
		{"the same step", today, 0, today},
		{"a step behind", today - 1, 0, today - 1},
		{"a step ahead", today + 1, 0, today + 1},
		{"two steps behind", today - 2, 0, 0},
		{"two steps ahead", today + 2, 0, 0},
		{"used", today, today, 0},
		{"older than one that was used", today - 1, today, 0},
		{"newer than one that was used", today + 1, today, today + 1},
	} {
		if got := matchCode(secret, codeAt(secret, tt.step), now, tt.used); got != tt.want {
			t.Errorf("%s: step %d, want %d", tt.name, got, tt.want)
		}
	}
	for _, typed := range []string{"", "0", "1234567", codeAt(random(codeSecret), today) + "0"} {
		if got := matchCode(secret, typed, now, 0); got != 0 {
			t.Errorf("%q is the code of step %d", typed, got)
		}
	}
}

// A new key costs nobody an app: what was sealed before opens still, and devices know
// people by the same handles.
func TestASealGetsANewKey(t *testing.T) {
	kept, first, second := random(32), random(32), random(32)
	seal := func(keys ...[]byte) *Seal {
		s, err := NewSeal(kept, keys...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, tt := range []struct {
		name          string
		before, after *Seal
		opens         bool
	}{
		{"the first key of its own", seal(), seal(first), true},
		{"another, with the one before", seal(first), seal(second, first), true},
		{"another, without it", seal(first), seal(second), false},
		{"none any more", seal(first), seal(), false},
	} {
		got, err := tt.after.open(tt.before.close([]byte("secret"), appUse(1)), appUse(1))
		if (err == nil) != tt.opens || tt.opens && string(got) != "secret" {
			t.Errorf("%s: it opens as %q, %v", tt.name, got, err)
		}
		if string(tt.before.Handle(1)) != string(tt.after.Handle(1)) {
			t.Errorf("%s: the handle is another", tt.name)
		}
	}
	if _, err := seal().open(seal(first).close([]byte("secret"), appUse(1)), appUse(1)); err == nil {
		t.Error("the key of the database opens what a key of its own has sealed")
	}
}

func TestWhatIsSealedOpensForItsUseOnly(t *testing.T) {
	seal, err := NewSeal(random(32))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewSeal(random(32))
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal.close([]byte("secret"), appUse(1))
	if got, err := seal.open(sealed, appUse(1)); err != nil || string(got) != "secret" {
		t.Errorf("it opens as %q, %v", got, err)
	}
	altered := append([]byte(nil), sealed...)
	altered[len(altered)-1] ^= 1
	for name, f := range map[string]func() ([]byte, error){
		"for another account": func() ([]byte, error) { return seal.open(sealed, appUse(2)) },
		"by another key":      func() ([]byte, error) { return other.open(sealed, appUse(1)) },
		"altered":             func() ([]byte, error) { return seal.open(altered, appUse(1)) },
		"cut":                 func() ([]byte, error) { return seal.open(sealed[:5], appUse(1)) },
	} {
		if got, err := f(); err == nil {
			t.Errorf("%s it opens as %q", name, got)
		}
	}
	first := string(seal.Handle(1))
	if first == string(seal.Handle(2)) || string(seal.Handle(1)) != first || len(seal.Handle(1)) > 64 {
		t.Error("a handle is that of one account, and stays")
	}
}
