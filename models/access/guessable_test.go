package access

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pilveturg/models"
)

func TestPasswords(t *testing.T) {
	about := []string{"mari.tamm@lakeside.example", "Mari Tamm"}
	for _, tt := range []struct{ name, password, want string }{
		{"seven characters", "kõrv-7a", "password.short"},
		{"eight of any kind", "kõrvitsa", ""},
		{"eight that are all signs", "?-;:§¶~^", ""},
		{"a sentence with spaces", "neli punast kaelkirjakut lendasid", ""},
		{"128 characters", strings.Repeat("õäöü kala ", 12) + "kaheksas", ""},
		{"129 characters", strings.Repeat("õäöü kala ", 12) + "kaheksas.", "password.long"},
		{"letters that are none", "kõrvitsa\xff\xff\xff", "password.long"},
		{"small letters only are as good as others", "vihmavarjuhoidja", ""},

		{"a common word", "password", "password.guessable"},
		{"in capitals", "PASSWORD", "password.guessable"},
		{"with a year", "Parool2026", "password.guessable"},
		{"with signs around it", "!!Parool??", "password.guessable"},
		{"with figures for letters", "p4ssw0rd", "password.guessable"},
		{"with both", "P@$$w0rd2024!", "password.guessable"},
		{"twice", "paroolparool", "password.guessable"},
		{"after another", "qwertyparool", "password.guessable"},
		{"Estonian, with its letters", "Salasõna1", "password.guessable"},
		{"and without them", "salasona12", "password.guessable"},
		{"a place and the year of the state", "Tallinn1918", "password.guessable"},
		{"Russian in its letters", "Пароль123", "password.guessable"},
		{"Russian in ours", "privet2025", "password.guessable"},
		{"a word of Russian on an English keyboard", "ghbdtn123", "password.guessable"},
		{"a season", "Suvi2026!!", "password.guessable"},
		{"a common word among others is no harm", "parool kaelkirjak taevas", ""},

		{"one that leaked often", "startrek", "password.guessable"},
		{"in capitals, too", "STEELERS", "password.guessable"},
		{"with a figure after it", "Cocacola7!", "password.guessable"},
		{"that only looks like chance", "1q2w3e4r5t", "password.guessable"},
		{"a Russian word typed on an English keyboard", "fktrcfylh", "password.guessable"},
		{"one that leaked among others is no harm", "startrek kaelkirjak taevas", ""},

		{"one sign", "aaaaaaaa", "password.guessable"},
		{"a group of signs", "abc1abc1abc1", "password.guessable"},
		{"a group that does not come out even", "121212121", "password.guessable"},
		{"the top of the keyboard", "qwertyuiop", "password.guessable"},
		{"its columns", "1qaz2wsx", "password.guessable"},
		{"backwards", "poiuytrewq", "password.guessable"},
		{"two rows", "asdfghzxcvbn", "password.guessable"},
		{"a row and figures", "qwerty123456", "password.guessable"},
		{"the alphabet", "abcdefghij", "password.guessable"},
		{"figures in their order", "123456789", "password.guessable"},
		{"figures backwards", "9876543210", "password.guessable"},
		{"a Russian keyboard", "йцукенгшщ", "password.guessable"},

		{"a date", "24021918", "password.guessable"},
		{"a date with points", "24.02.1918", "password.guessable"},
		{"a telephone number", "+372 5551 234", "password.guessable"},
		{"a personal code", "39912310174", "password.guessable"},
		{"many figures without order", "4839 1057 2960 4817", ""},

		{"the name of the site", "pilveturg1", "password.guessable"},
		{"and a little more", "PilveTurg!abc", "password.guessable"},
		{"one's own name", "MariTamm85", "password.guessable"},
		{"the mailbox", "mari.tamm@lakeside", "password.guessable"},
		{"a name in something longer", "tamm kasvab mäe otsas", ""},
		{"a name of two letters is no word", "mäe otsas kasvab", ""},
	} {
		err := Acceptable(tt.password, about...)
		got := models.Invalid(nil)
		errors.As(err, &got)
		if got["password"] != tt.want || (err == nil) != (tt.want == "") {
			t.Errorf("%s, %q: %v, want %q", tt.name, tt.password, err, tt.want)
		}
	}
}

func TestTheListIsInSmallLettersAndLong(t *testing.T) {
	if n := len(common()); n < 500 {
		t.Errorf("%d words", n)
	}
	for w := range common() {
		if w != strings.ToLower(w) {
			t.Errorf("%q would never be found", w)
		}
	}
}

func TestLeakedPasswordsAreInOrder(t *testing.T) {
	n := len(leaked) / leakedSize
	if n < 10_000 || n*leakedSize != len(leaked) {
		t.Fatalf("%d bytes", len(leaked))
	}
	for i := 1; i < n; i++ {
		if leaked[(i-1)*leakedSize:i*leakedSize] >= leaked[i*leakedSize:(i+1)*leakedSize] {
			t.Fatalf("the hash %d is not after the one before", i)
		}
	}
	taken := 0
	for i := range 100_000 { // which nobody chose
		if isLeaked(fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(i >> 16)}))) {
			taken++
		}
	}
	if taken > 0 {
		t.Errorf("%d of 100,000 texts by chance are taken for passwords that leaked", taken)
	}
}
