package views

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pilveturg/views/locale"
)

// messages reads the words of every language.
func messages(t testing.TB) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, tag := range locale.Tags() {
		b, err := os.ReadFile(filepath.Join("locale", tag+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		all[tag] = m
	}
	return all
}

var pluralForm = regexp.MustCompile(`\.(one|few|many|other)$`)

// Every language has the same messages. A counted message may have other plural
// forms than in another language, but always "other".
func TestLanguagesAreComplete(t *testing.T) {
	all := messages(t)
	for _, a := range locale.Tags() {
		for _, b := range locale.Tags() {
			for key := range all[a] {
				if form := pluralForm.FindString(key); form != "" && form != ".other" {
					key = strings.TrimSuffix(key, form) + ".other"
				}
				if _, ok := all[b][key]; !ok {
					t.Errorf("%s lacks %s, which %s has", b, key, a)
				}
			}
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?([a-z%])`)

// A message takes the same arguments in every language. Where it names each by its
// number, a language may leave out the forms of a word that it does not need.
func TestLanguagesTakeTheSameArguments(t *testing.T) {
	all := messages(t)
	for key, english := range all["en"] {
		want, numbered := arguments(english)
		for _, tag := range locale.Tags() {
			other, ok := all[tag][key]
			if !ok {
				continue
			}
			got, alsoNumbered := arguments(other)
			if numbered && alsoNumbered && len(got) > 0 && len(want) > 0 {
				continue
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s takes %v in %s and %v in en", key, got, tag, want)
			}
		}
	}
}

// arguments lists the verbs of a message by the number of their argument, and
// reports whether it gives all those numbers itself.
func arguments(message string) (verbs map[int]string, numbered bool) {
	verbs, numbered = map[int]string{}, true
	next := 1
	for _, m := range verb.FindAllStringSubmatch(message, -1) {
		if m[0] == "%%" {
			continue
		}
		if m[1] == "" {
			numbered = false
		} else {
			next, _ = strconv.Atoi(m[1][1 : len(m[1])-1])
		}
		verbs[next] = m[2]
		next++
	}
	return verbs, numbered
}

// Words of people who wrote a form wrongly: say what to do, never scold or beg.
func TestMessagesAreCivil(t *testing.T) {
	bad := regexp.MustCompile(`(?i)\b(invalid|please|sorry|oops|forbidden|this field is required|kehtetu|palun|vabandust|vigane)\b`)
	for tag, m := range messages(t) {
		for key, message := range m {
			if word := bad.FindString(message); word != "" {
				t.Errorf("%s %s says %q", tag, key, word)
			}
			if message == "" || strings.TrimSpace(message) != message {
				t.Errorf("%s %s is empty or has spaces around it: %q", tag, key, message)
			}
		}
	}
}

var (
	templateKey    = regexp.MustCompile(`[{(\s](?:t|n) "([^"]+)"`)
	templatePrefix = regexp.MustCompile(`[{(\s]tk "([^"]+)"`)
	partUse        = regexp.MustCompile(`{{-? ?template "([^"]+)"`)
	goKey          = regexp.MustCompile(`\.(?:T|N)\("([^"]+)"[,)]`)
)

// has reports whether there is a message for key, counted or not.
func has(m map[string]string, key string) bool {
	_, plain := m[key]
	_, counted := m[key+".other"]
	return plain || counted
}

func TestEveryMessageAskedForExists(t *testing.T) {
	english := messages(t)["en"]
	for _, name := range htmlFiles(t) {
		text := read(t, name)
		for _, m := range templateKey.FindAllStringSubmatch(text, -1) {
			if !has(english, m[1]) {
				t.Errorf("%s asks for %q", name, m[1])
			}
		}
		for _, m := range templatePrefix.FindAllStringSubmatch(text, -1) {
			if !slices.ContainsFunc(slices.Collect(maps.Keys(english)), func(k string) bool { return strings.HasPrefix(k, m[1]) }) {
				t.Errorf("%s asks for keys that begin with %q", name, m[1])
			}
		}
	}
	for _, name := range goFiles(t) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range goKey.FindAllStringSubmatch(string(b), -1) {
			if !has(english, m[1]) {
				t.Errorf("%s asks for %q", name, m[1])
			}
		}
	}
}

func TestEveryMessageIsAskedFor(t *testing.T) {
	used, prefixes := map[string]bool{}, []string{}
	for _, name := range htmlFiles(t) {
		for _, m := range templateKey.FindAllStringSubmatch(read(t, name), -1) {
			used[m[1]] = true
		}
		for _, m := range templatePrefix.FindAllStringSubmatch(read(t, name), -1) {
			prefixes = append(prefixes, m[1])
		}
	}
	for _, name := range goFiles(t) {
		for _, s := range stringsIn(t, name) {
			used[s] = true
			if len(s) > 1 && strings.HasSuffix(s, ".") && !strings.Contains(s, " ") {
				prefixes = append(prefixes, s)
			}
		}
	}
	for key := range messages(t)["en"] {
		bare := strings.TrimSuffix(key, pluralForm.FindString(key))
		asked := used[key] || used[bare] ||
			slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
		if !asked {
			t.Errorf("nobody asks for %s", key)
		}
	}
}

// goFiles lists the Go files of the house that are no tests.
func goFiles(t testing.TB) []string {
	t.Helper()
	var names []string
	for _, room := range []string{".", "../handlers", "../models", "../cmd"} {
		err := filepath.WalkDir(room, func(name string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// stringsIn lists the string literals of a Go file.
func stringsIn(t testing.TB, name string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil // somebody else's test says so
	}
	var found []string
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				found = append(found, s)
			}
		}
		return true
	})
	return found
}

// The pages' Content-Security-Policy runs nothing that stands in the page itself.
func TestTemplatesHoldNoStyleAndNoScript(t *testing.T) {
	bad := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|javascript:|<script(?:[^>]*)>[^<]`)
	for _, name := range htmlFiles(t) {
		if m := bad.FindString(read(t, name)); m != "" {
			t.Errorf("%s holds %q", name, m)
		}
	}
}
