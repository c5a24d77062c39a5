package models

import (
	"strings"
	"unicode"
)

// plain spells letters of our languages in ASCII, as people write them in
// addresses. Other letters are left out.
var plain = strings.NewReplacer(
	"õ", "o", "ä", "a", "ö", "o", "ü", "u", "š", "s", "ž", "z", "å", "a", "æ", "ae", "ø", "o", "ß", "ss",
	"á", "a", "à", "a", "â", "a", "ã", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "î", "i",
	"ï", "i", "ñ", "n", "ó", "o", "ô", "o", "ú", "u", "û", "u", "ý", "y", "ā", "a", "č", "c", "ē", "e", "ė", "e",
	"ę", "e", "ģ", "g", "ī", "i", "į", "i", "ķ", "k", "ļ", "l", "ł", "l", "ņ", "n", "ū", "u", "ų", "u", "ą", "a",
	"&", " and ", "+", " plus ",
)

const slugLength = 60 // longer ones make addresses that mail programs break

// Slug makes the readable part of an address from a name: lower case ASCII
// letters, digits and single hyphens, at most 60 characters; "item" when nothing
// of the name is left.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range plain.Replace(strings.ToLower(name)) {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = gap || r <= unicode.MaxASCII && r != '\''
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		if b.WriteRune(r); b.Len() >= slugLength {
			break
		}
	}
	if b.Len() == 0 {
		return "item"
	}
	return b.String()
}
