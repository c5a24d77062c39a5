package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the machine may have no list of time zones

	"golang.org/x/text/collate"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// Locale speaks one language. It is safe for concurrent use.
type Locale struct {
	Tag       string // BCP 47, e.g. "et"
	lang      language.Tag
	format    format
	messages  map[string]string
	countries map[string]string
	zone      *time.Location // of every clock time on the pages
	collators sync.Pool      // of *collate.Collator, which one goroutine at a time may use
}

// Tags lists the languages of the pages; the first is the site's own.
func Tags() []string { return []string{"et", "en"} }

// Load reads the words of the language tag. It fails for a language that [Tags]
// does not list.
func Load(tag string) (*Locale, error) {
	f, ok := formats[tag]
	if !ok {
		return nil, fmt.Errorf("locale %q: no such language", tag)
	}
	l := &Locale{Tag: tag, lang: language.Make(tag), format: f}
	l.collators.New = func() any { return collate.New(l.lang) }
	if err := readJSON(tag+".json", &l.messages); err != nil {
		return nil, err
	}
	var err error
	if l.countries, err = loadCountries(tag); err != nil {
		return nil, err
	}
	if l.zone, err = time.LoadLocation("Europe/Tallinn"); err != nil {
		return nil, fmt.Errorf("locale %s: %w", tag, err)
	}
	return l, nil
}

func readJSON(name string, into any) error {
	b, err := files.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		return fmt.Errorf("locale %s: %w", name, err)
	}
	return nil
}

// T returns the message for key, formatted with args; an unknown key is shown
// as itself, so that it is seen and reported.
func (l *Locale) T(key string, args ...any) string {
	m, ok := l.messages[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return m
	}
	return fmt.Sprintf(m, args...)
}

// Has reports whether there is a message for key.
func (l *Locale) Has(key string) bool {
	_, ok := l.messages[key]
	return ok
}

// Keys returns the keys of all messages that begin with prefix, without it, sorted.
func (l *Locale) Keys(prefix string) []string {
	var keys []string
	for key := range l.messages {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			keys = append(keys, rest)
		}
	}
	slices.Sort(keys)
	return keys
}

// N returns the message for n things: key with the plural form that n takes. The
// message is given the written number first, then args.
func (l *Locale) N(key string, n int64, args ...any) string {
	full := key + "." + l.form(n)
	if !l.Has(full) {
		full = key + ".other"
	}
	return l.T(full, append([]any{l.Number(n)}, args...)...)
}

// form names the plural form of n in the language, as CLDR does.
func (l *Locale) form(n int64) string {
	// Only the last digits and the smallest numbers matter to any rule.
	const most = 1_000_000
	m := magnitude(n)
	if m > most {
		m = most + m%most
	}
	switch plural.Cardinal.MatchPlural(l.lang, int(m), 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	default:
		return "other"
	}
}
