package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models/identity"
)

func TestServeWarnsOfKeysBesideRealPeople(t *testing.T) {
	d := dbtest.New(t)
	warned := func(c config) string {
		var out strings.Builder
		if err := warnOfPeople(t.Context(), &env{err: &out}, c, d); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	dbtest.Write(t, d, demonstrator(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), `INSERT INTO imports (kind, file, started_at) VALUES ('demonstration', 'demonstration', ?)`, tx.Now); err != nil {
			return err
		}
		return identity.AddAccount(t.Context(), tx, &identity.Account{Mail: "naidis@board.example", Name: "X", Language: "et", Invented: true})
	})
	if out := warned(config{demo: true}); out != "" {
		t.Errorf("with invented people only it says %q", out)
	}
	u := &userTask{e: &env{out: io.Discard}, d: d, mail: "boss@office.example", language: "et", roles: "administrator"}
	if err := u.add(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		c         config
		key, demo bool
	}{
		{"no key", config{}, true, false},
		{"no key, with the demonstration", config{demo: true}, true, true},
		{"a key, with the demonstration", config{demo: true, key: bytes.Repeat([]byte("k"), keyBytes)}, false, true},
		{"a key", config{key: bytes.Repeat([]byte("k"), keyBytes)}, false, false},
	} {
		out := warned(tt.c)
		if strings.Contains(out, "WARNING: PILVETURG_KEY is not set") != tt.key || strings.Contains(out, "openssl rand -hex 32") != tt.key ||
			strings.Contains(out, "people of the demonstration") != tt.demo {
			t.Errorf("%s: it says %q", tt.name, out)
		}
	}
}

// A key of its own comes first; what is older can still be read.
func TestKeysOfBeforeAreReadStill(t *testing.T) {
	d := dbtest.New(t)
	kept, err := identity.Key(t.Context(), d, "preferences")
	if err != nil {
		t.Fatal(err)
	}
	one, two := bytes.Repeat([]byte("1"), keyBytes), bytes.Repeat([]byte("2"), keyBytes)
	for _, tt := range []struct {
		c    config
		want [][]byte
	}{{config{}, [][]byte{kept}}, {config{key: one}, [][]byte{one, kept}}, {config{key: two, before: one}, [][]byte{two, one, kept}}} {
		got, err := tt.c.keys(t.Context(), d)
		if err != nil || !bytes.Equal(bytes.Join(got, nil), bytes.Join(tt.want, nil)) {
			t.Errorf("%x, %v; want %x", got, err, tt.want)
		}
		if _, err := tt.c.seal(t.Context(), d); err != nil {
			t.Error(err)
		}
	}
}

func TestSettingsOfKeysAndSecondSteps(t *testing.T) {
	const key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	for _, tt := range []struct {
		vars []string
		want string // in the error; "" when it is fine
	}{
		{[]string{"PILVETURG_KEY=" + key, "PILVETURG_KEY_BEFORE=" + key}, ""},
		{[]string{"PILVETURG_KEY_BEFORE=" + key}, "worth nothing without PILVETURG_KEY"},
		{[]string{"PILVETURG_KEY=" + key, "PILVETURG_KEY_BEFORE=x"}, "want 32 bytes"},
		{[]string{"PILVETURG_SECOND_FACTOR=all"}, ""},
		{[]string{"PILVETURG_SECOND_FACTOR=some"}, "want administrators, operator or all"},
	} {
		c, err := readConfig(tt.vars, nil)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "0011")) {
			t.Errorf("%v: %v, want %q", tt.vars, err, tt.want)
		}
		if err == nil && strings.Contains(strings.Join(tt.vars, ""), "all") && c.need != "all" {
			t.Errorf("%v: %q", tt.vars, c.need)
		}
	}
	if c, err := readConfig(nil, nil); err != nil || c.need != "administrators" {
		t.Errorf("by default %q need a second step, %v", c.need, err)
	}
}
