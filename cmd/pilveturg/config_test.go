package main

import (
	"strings"
	"testing"
)

// Whatever a password is made of, it is not shown.
func FuzzMasked(f *testing.F) {
	f.Add("portal", "hush-hush", "db.example:5432/portal?sslmode=require")
	f.Add("portal", "h@s/h?#:", "db.example/portal")
	f.Add("", "p%20@@/ass", "[::1]:5432/x?user=a@b")
	f.Fuzz(func(t *testing.T, user, password, rest string) {
		around := "postgres://" + user + ":***@" + rest + "password=***"
		if len(password) < 4 || strings.Contains(around, password) || strings.ContainsAny(user, ":/") {
			return // it would be seen anyway, or is not what it seems
		}
		dsn := "postgres://" + user + ":" + password + "@" + rest
		if got := masked(dsn); strings.Contains(got, password) {
			t.Errorf("%q is shown as %q", dsn, got)
		}
	})
}

func TestMasked(t *testing.T) {
	for _, c := range []struct{ name, dsn, want string }{
		{"a file has no password", "folder/pilveturg.db", "folder/pilveturg.db"},
		{"a name without a password stays", "postgres://portal@db.example/portal", "postgres://portal@db.example/portal"},
		{"no name at all stays", "postgres://db.example:5432/portal", "postgres://db.example:5432/portal"},
		{"a password in the query", "postgres://db.example/portal?password=hush&user=x", "postgres://db.example/portal?password=***&user=x"},
		{"a password that holds an @", "postgres://portal:h@sh@db.example/portal", "postgres://portal:***@db.example/portal"},
	} {
		if got := masked(c.dsn); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func TestKeys(t *testing.T) {
	const bytes32 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	for _, c := range []struct {
		name, key string
		want      int // bytes; 0: refused
	}{
		{"32 bytes, hexadecimal", bytes32, 32},
		{"32 bytes, base64", "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=", 32},
		{"32 bytes, base64 for addresses, without its end", "ABEiM0RVZneImaq7zN3u_wARIjNEVWZ3iJmqu8zd7v8", 32},
		{"16 bytes are too few", bytes32[:32], 0},
		{"words are no key", "a sentence that somebody thought of, and long enough", 0},
	} {
		var conf config
		err := setKey(&conf.key, c.key)
		if (err == nil) != (c.want > 0) || len(conf.key) != c.want {
			t.Errorf("%s: %d bytes, %v; want %d", c.name, len(conf.key), err, c.want)
		}
	}
}
