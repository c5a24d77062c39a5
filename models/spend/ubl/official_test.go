package ubl

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shared finds a file of the data that lies beside the project, and skips the test where
// it is not.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "data", "spend", filepath.FromSlash(name))
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skipf("shared/data/spend/%s is not beside the project", name)
	return ""
}

func readJSON(t testing.TB, path string, to any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// broken are the rules that findings name, each once, without this package's own.
func broken(findings []Finding) []string {
	var ids []string
	for _, f := range findings {
		if f.Rule != RuleNumber {
			ids = append(ids, f.Rule+"|"+string(f.Severity))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// known leaves of official findings those of rules that this package has.
func known(all []string) []string {
	var ids []string
	for _, id := range all {
		rule, _, _ := strings.Cut(id, "|")
		if slices.Contains(Rules, rule) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// set is a set of the official tests: fragments of documents, and for each which rules
// hold and which do not.
type set struct {
	File  string
	Scope []string
	Tests []struct {
		Test   int
		Expect map[string][]struct {
			Rule   string
			Number *string
		}
	}
}

func TestOfficialRuleTestsAgree(t *testing.T) {
	dir := shared(t, "ubl/rule_units")
	var o struct{ Sets []set }
	readJSON(t, filepath.Join(dir, "_expectations.oracle.json"), &o)
	tests, judged, missing := 0, 0, map[string]bool{}
	for _, s := range o.Sets {
		documents := fragments(t, filepath.Join(dir, s.File))
		if len(documents) != len(s.Tests) {
			t.Fatalf("%s: %d documents for %d tests", s.File, len(documents), len(s.Tests))
		}
		for i, test := range s.Tests {
			tests++
			d, err := Read(bytes.NewReader(documents[i]))
			if err != nil {
				t.Errorf("%s %d: %v", s.File, test.Test, err)
				continue
			}
			findings := Check(d)
			for outcome, rules := range test.Expect {
				for _, r := range rules {
					if !slices.Contains(Rules, r.Rule) {
						missing[r.Rule] = true
						continue
					}
					judged++
					count := 0
					for _, f := range findings {
						if f.Rule == r.Rule {
							count++
						}
					}
					want := "some"
					switch {
					case outcome == "success":
						want = "none"
					case r.Number != nil:
						want = *r.Number
					}
					got := map[bool]string{true: "none", false: "some"}[count == 0]
					if r.Number != nil && outcome != "success" {
						got = string(rune('0' + count))
					}
					if got != want {
						t.Errorf("%s test %d: %s %s: got %s findings, want %s\n%s", s.File, test.Test, outcome, r.Rule, got, want, documents[i])
					}
				}
			}
		}
	}
	if tests < 300 {
		t.Errorf("got %d tests, want 300", tests)
	}
	t.Logf("%d tests, %d judgements, not known: %v", tests, judged, missing)
}

// fragments are the documents in a set of official tests.
func fragments(t *testing.T, path string) [][]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]byte
	dec := xml.NewDecoder(bytes.NewReader(b))
	for {
		before := dec.InputOffset()
		token, err := dec.Token()
		if err != nil {
			return list
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "Invoice" && start.Name.Local != "CreditNote" {
			continue
		}
		if err := dec.Skip(); err != nil {
			t.Fatal(err)
		}
		list = append(list, b[before:dec.InputOffset()])
	}
}

func TestEveryDocumentIsJudgedAsTheOfficialRulesJudgeIt(t *testing.T) {
	all := files(t)
	broke := map[string]bool{}
	for _, name := range all {
		var o struct {
			Sets map[string]json.RawMessage `json:"official_rules"`
		}
		readJSON(t, name, &o)
		var official []string
		for _, set := range []string{"en16931", "peppol_bis_3"} {
			var judged struct{ Failed map[string]int }
			if err := json.Unmarshal(o.Sets[set], &judged); err != nil {
				t.Fatal(err)
			}
			for id := range judged.Failed {
				official = append(official, id)
			}
		}
		got, want := broken(Check(readFile(t, strings.TrimSuffix(name, ".oracle.json")))), known(official)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", filepath.Base(name), got, want)
		}
		for _, id := range got {
			broke[id] = true
		}
	}
	if len(all) != 28 || len(broke) < 13 {
		t.Errorf("got %d files that break %d rules, want 28 and 13", len(all), len(broke))
	}
}

func readFile(t testing.TB, path string) *Document {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := Read(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return d
}
