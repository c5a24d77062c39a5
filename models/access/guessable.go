package access

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"pilveturg/models"
)

// The lengths of passwords, in characters.
const (
	Shortest = 8
	Longest  = 128
	Advised  = 15 // what people are advised to take at least
)

//go:embed common.txt
var commonText string

// common are words that people take for passwords, in small letters. They were
// written down for this program from what is well known: words of doors, love, names,
// animals, football, seasons, places and keyboards in English, Estonian and Russian.
var common = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, line := range strings.Split(commonText, "\n") {
		line, _, _ = strings.Cut(line, "#")
		for _, w := range strings.Fields(line) {
			words[w] = true
		}
	}
	return words
})

// Acceptable says what is wrong with a new password, as [models.Invalid] under
// "password", or nil. A password is not refused for what it is made of, but for its
// length and for being easy to guess: a common word or a password that leaked often,
// also with figures and signs around it or letters written as figures; what is known about the person or the
// site, such as about; one sign or group again and again; the order of the keyboard
// or the alphabet; a date, a telephone number or another short row of figures.
func Acceptable(password string, about ...string) error {
	key := ""
	switch n := utf8.RuneCountInString(password); {
	case n < Shortest:
		key = "password.short"
	case n > Longest || !utf8.ValidString(password):
		key = "password.long"
	case guessable(password, about):
		key = "password.guessable"
	default:
		return nil
	}
	return models.Invalid{"password": key}
}

func guessable(password string, about []string) bool {
	lower := strings.ToLower(password)
	return repeats(lower) || runs(lower) || shortNumber(lower) || isCommon(lower) || isAbout(lower, about)
}

// repeats reports whether the text is a short group again and again.
func repeats(s string) bool {
	r := []rune(s)
	const longest = 4
	for size := 1; size <= longest && 2*size <= len(r); size++ {
		same := true
		for i := size; i < len(r) && same; i++ {
			same = r[i] == r[i-size]
		}
		if same {
			return true
		}
	}
	return false
}

// orders are rows of signs that fingers follow.
var orders = []string{
	"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopüõ", "asdfghjklöä'", "zxcvbnm,.-",
	"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.", "147852369", "!\"#¤%&/()=", "!@#$%^&*()",
}

// runs reports whether the text is no more than two rows of neighbours.
func runs(s string) bool {
	const fewest, most = 3, 2
	r := []rune(s)
	n := 0
	for i := 0; i < len(r); n++ {
		end := i + 1
		for _, order := range orders {
			for _, o := range [][]rune{[]rune(order), backwards(order)} {
				end = max(end, i+follows(r[i:], o))
			}
		}
		for j := i + 1; j < len(r) && r[j] == r[i]; j++ {
			end = max(end, j+1)
		}
		if end-i < fewest && len(r)-end > 0 {
			return false
		}
		i = end
	}
	return n <= most
}

func backwards(s string) []rune {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return r
}

// follows returns how many signs at the beginning of r stand in the same row in order.
func follows(r, order []rune) (longest int) {
	for at := range order {
		n := 0
		for n < len(r) && at+n < len(order) && r[n] == order[at+n] {
			n++
		}
		longest = max(longest, n)
	}
	return longest
}

// shortNumber reports whether the text is figures, as many as dates, telephone
// numbers and personal codes have, with the signs that stand in them.
func shortNumber(s string) bool {
	const most = 12 // figures
	rest := strings.Trim(s, "0123456789 .,-/+()")
	return rest == "" && len(strings.Trim(s, " .,-/+()")) > 0 && countDigits(s) <= most
}

func countDigits(s string) (n int) {
	for _, r := range s {
		if '0' <= r && r <= '9' {
			n++
		}
	}
	return n
}

// written undoes figures and signs that are written for letters.
var written = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e")

// isCommon reports whether the text is one common word, or one again, when what is
// around it is taken off.
func isCommon(s string) bool {
	for _, form := range []string{s, bare(s), bare(written.Replace(s)), written.Replace(bare(s))} {
		if common()[form] || common()[unrepeated(form)] || twoWords(form) || isLeaked(form) {
			return true
		}
	}
	return false
}

// twoWords reports whether the text is a common word right after another.
func twoWords(s string) bool {
	for i := range s {
		if i > 0 && common()[s[:i]] && common()[s[i:]] {
			return true
		}
	}
	return false
}

// bare takes off what is no letter at both ends.
func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// unrepeated returns the half of a text that says the same twice.
func unrepeated(s string) string {
	if half := s[:len(s)/2]; half+half == s {
		return half
	}
	return s
}

// isAbout reports whether little is left of the text when the words of about, and the
// name of the site, are taken out.
func isAbout(s string, about []string) bool {
	const least = 3 // letters of a word worth looking for
	enough := 5     // letters that must be left
	rest := s
	for _, text := range append([]string{"pilveturg", "pilve", "turg"}, about...) {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if utf8.RuneCountInString(w) >= least {
				rest = strings.ReplaceAll(rest, w, "")
			}
		}
	}
	if rest == s {
		return false
	}
	letters := 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters < enough
}
