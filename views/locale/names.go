package locale

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/unicode/norm"

	"pilveturg/models"
)

func loadCountries(tag string) (map[string]string, error) {
	var all map[string]map[string]string // code to language to name
	if err := readJSON("countries.json", &all); err != nil {
		return nil, err
	}
	names := make(map[string]string, len(all))
	for code, byLang := range all {
		if byLang[tag] == "" {
			return nil, fmt.Errorf("locale countries.json: %s has no name in %s", code, tag)
		}
		names[code] = byLang[tag]
	}
	return names, nil
}

// Country names a country by its ISO 3166 code, which is shown itself when the
// country is not in our list.
func (l *Locale) Country(code string) string {
	if name, ok := l.countries[strings.ToUpper(code)]; ok {
		return name
	}
	return code
}

// Roles lists roles in words: "buyer, approver".
func (l *Locale) Roles(roles []models.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = l.T("role." + string(r))
	}
	return strings.Join(words, ", ")
}

// Countries lists the codes of the countries in our list, in the order of their names.
func (l *Locale) Countries() []string {
	codes := slices.Collect(maps.Keys(l.countries))
	slices.SortFunc(codes, func(a, b string) int { return l.Compare(l.countries[a], l.countries[b]) })
	return codes
}

// Language names a language by its tag, which is shown itself when the language
// is not in our list.
func (l *Locale) Language(tag string) string {
	if name, ok := l.messages["language."+tag]; ok {
		return name
	}
	return tag
}

// OnlyIn notes that something is written in another language only: "Only in
// Estonian".
func (l *Locale) OnlyIn(tag string) string {
	if l.Has("words.only." + tag) {
		return l.T("words.only." + tag)
	}
	return l.T("words.only_in", l.Language(tag))
}

// Compare orders two texts as the language's dictionaries do: less than 0 when a
// comes first, 0 only when they are equal in every letter.
func (l *Locale) Compare(a, b string) int {
	c := l.collators.Get().(*collate.Collator)
	defer l.collators.Put(c)
	if n := c.CompareString(a, b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

// Sort puts texts in the order of the language's dictionaries.
func (l *Locale) Sort(texts []string) { slices.SortFunc(texts, l.Compare) }

// SortBy puts things in the order of their names, equal names in the order given.
func SortBy[T any](l *Locale, things []T, name func(T) string) {
	slices.SortStableFunc(things, func(a, b T) int { return l.Compare(name(a), name(b)) })
}

// Initial is the letter under which a name stands in an A–Z list: upper case, with
// the letters that the language's alphabet has of its own kept apart ("Š" in
// Estonian); "#" for what begins with no letter.
func (l *Locale) Initial(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(name))
	upper := strings.ToUpper(string(r))
	if strings.Contains(l.alphabet(), upper) {
		return upper
	}
	if bare := norm.NFD.String(upper); bare != "" && bare[0] >= 'A' && bare[0] <= 'Z' {
		return bare[:1]
	}
	return "#"
}

func (l *Locale) alphabet() string {
	const latin = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if l.Tag == "et" {
		return latin + "ŠŽÕÄÖÜ"
	}
	return latin
}
