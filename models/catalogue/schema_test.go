package catalogue

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// realSchema is the one the program runs with.
func realSchema(t testing.TB) *Schema {
	t.Helper()
	s, err := LoadSchema(os.DirFS("../../db/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	smallUnits = `{"units":[
{"id":"pupil","names":{"et":{"one":"õpilane","many":"õpilast"},"en":{"one":"pupil","many":"pupils"}}},
{"id":"day","names":{"et":{"one":"päev","many":"päeva"},"en":{"one":"day","many":"days"}},"time":true}]}`
	smallCategories = `{"categories":[
{"slug":"top","cpv":["48000000-8"],"names":{"et":"Ülemine","en":"Top"},"text":{"et":"Kõik.","en":"All."}},
{"slug":"leaf","parent":"top","cpv":[],"fedramp":["Finance"],"names":{"et":"Leht","en":"Leaf"},"text":{"et":"Osa.","en":"Part."}}]}`
	smallQuestions = `{"sections":[{"id":"about","names":{"et":"Teenus","en":"Service"},"text":{"et":"Mis.","en":"What."}}],
"questions":[
{"id":"open","section":"about","type":"yes_no","ask":"core","required":true,"label":{"et":"Avatud","en":"Open"},"help":{"et":"Kas?","en":"Is it?"}},
{"id":"licence","section":"about","type":"choice","when":{"q":"open","is":["yes"]},"label":{"et":"Litsents","en":"Licence"},"help":{"et":"Mis?","en":"Which?"},
 "options":[{"id":"mit","names":{"et":"MIT","en":"MIT"}},{"id":"gpl","names":{"et":"GPL","en":"GPL"}}]},
{"id":"wait","section":"about","type":"duration","unit":"day","min":"0","max":"9","label":{"et":"Oota","en":"Wait"},"help":{"et":"Kaua?","en":"How long?"}},
{"id":"limits","section":"about","type":"list","items":2,"words":3,"chars":20,"label":{"et":"Piirid","en":"Limits"},"help":{"et":"Mis?","en":"Which?"}}]}`
)

func TestLoadSchemaRefuses(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"a field it does not know", `"flow"`, `"flow"`, ""}, // the unchanged files are fine
		{"an unknown field of a question", `"required":true`, `"needed":true`, `unknown field "needed"`},
		{"an unknown field of a unit", `"time":true`, `"timed":true`, `unknown field "timed"`},
		{"a file that goes on after its end", `"time":true}]}`, `"time":true}]}{}`, "more follows"},
		{"a file that ends early", `"time":true}]}`, `"time":true}`, "units.json"},
		{"two units with one id", `"id":"day"`, `"id":"pupil"`, `unit "pupil": there are two`},
		{"a unit without Estonian", `"one":"päev"`, `"one":""`, `unit "day": names: no words in "et"`},
		{"two categories with one slug", `"slug":"leaf"`, `"slug":"top"`, `category "top": there are two`},
		{"a category without English", `"en":"Leaf"`, `"de":"Blatt"`, `category "leaf": names: no words in "en"`},
		{"a slug with capitals", `"slug":"leaf"`, `"slug":"Leaf"`, "want lower case"},
		{"a parent that is not there", `"parent":"top"`, `"parent":"roof"`, `parent "roof" does not stand before it`},
		{"a category that is its own parent", `"parent":"top"`, `"parent":"leaf"`, `parent "leaf" does not stand before it`},
		{"two categories above each other", `{"slug":"top",`, `{"slug":"top","parent":"leaf",`, `parent "leaf" does not stand before it`},
		{"a CPV code without check digit", `48000000-8`, `48000000`, "want a code like"},
		{"a business function in two categories", `"cpv":["48000000-8"]`, `"fedramp":["Finance"]`, `belongs to "top" already`},
		{"two questions with one id", `"id":"licence"`, `"id":"open"`, `question "open": there are two`},
		{"a section that is not there", `"section":"about","type":"list"`, `"section":"end","type":"list"`, `no section "end"`},
		{"a question without label in Estonian", `"label":{"et":"Oota",`, `"label":{`, `question "wait": label: no words in "et"`},
		{"a question without help in English", `"en":"How long?"`, `"en":""`, `question "wait": help: no words in "en"`},
		{"a type that is not there", `"type":"yes_no"`, `"type":"maybe"`, `no type "maybe"`},
		{"a condition on a later question", `"when":{"q":"open"`, `"when":{"q":"wait"`, `question "wait" does not stand before it`},
		{"a condition on itself", `"when":{"q":"open"`, `"when":{"q":"licence"`, `question "licence" does not stand before it`},
		{"a condition on an answer that cannot be given", `"is":["yes"]`, `"is":["mit"]`, `cannot be answered with "mit"`},
		{"a condition that no answer meets", `"is":["yes"]`, `"is":[]`, "no answer is named"},
		{"two options with one id", `"id":"gpl"`, `"id":"mit"`, `option "mit": there are two`},
		{"an option without Estonian", `{"et":"GPL","en":"GPL"}`, `{"en":"GPL"}`, `option "gpl": names: no words in "et"`},
		{"a choice of one", `,{"id":"gpl","names":{"et":"GPL","en":"GPL"}}`, ``, "two or more"},
		{"options of a list", `"items":2,`, `"items":2,"options":[{"id":"a","names":{"et":"A","en":"A"}},{"id":"b","names":{"et":"B","en":"B"}}],`, "no other type"},
		{"a duration in pupils", `"unit":"day"`, `"unit":"pupil"`, "durations one of time"},
		{"a duration without unit", `"unit":"day",`, ``, "need a known unit"},
		{"a unit that is not there", `"unit":"day"`, `"unit":"week"`, `unit "week"`},
		{"a range of nothing", `"max":"9"`, `"max":"-1"`, "min is not above max"},
		{"a range of words", `"items":2,`, `"items":2,"min":"1",`, "they go with numbers"},
		{"decimals of a duration", `"min":"0"`, `"places":2`, "places"},
		{"a list without limit", `"items":2,`, ``, "need limits"},
		{"a required question that is not core", `"ask":"core",`, ``, "ask"},
		{"a proof that is not there", `"items":2,`, `"items":2,"proof":"sworn",`, `no proof "sworn"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			changed := tt.want == ""
			for name, text := range map[string]string{"units.json": smallUnits, "categories.json": smallCategories, "questions.json": smallQuestions} {
				made := strings.Replace(text, tt.old, tt.new, 1)
				changed = changed || made != text
				fsys[name] = &fstest.MapFile{Data: []byte(made)}
			}
			_, err := LoadSchema(fsys)
			if got := message(err); !changed || (tt.want == "") != (err == nil) || !strings.Contains(got, tt.want) {
				t.Errorf("changed %t, error %q, want %q", changed, got, tt.want)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestLoadSchemaNamesAMissingFile(t *testing.T) {
	_, err := LoadSchema(fstest.MapFS{"units.json": {Data: []byte(smallUnits)}})
	if got := message(err); !strings.Contains(got, "categories.json") || !strings.Contains(got, "questions.json") {
		t.Errorf("got %q, want both missing files", got)
	}
}

func TestSchemaOfTheProgram(t *testing.T) {
	s := realSchema(t)
	var core, required, filters int
	for _, q := range s.Questions {
		if q.Ask == Core {
			core++
		}
		if q.Required {
			required++
		}
		if q.Filter {
			filters++
		}
	}
	if required != 12 || core < 30 || core > 40 || filters < 25 || filters > 40 {
		t.Errorf("%d required, %d core, %d filters; want 12, about 35, about 30", required, core, filters)
	}
	if got := len(s.Children("")); got != 10 {
		t.Errorf("%d categories at the top, want 10", got)
	}
	used := map[AnswerType]bool{}
	for _, q := range s.Questions {
		used[q.Type] = true
	}
	if len(used) != 14 { // every type but number, for which durations and percentages leave no need yet
		t.Errorf("%d types of answer in use, want 14", len(used))
	}
}

func TestEveryCPVCodeOfTheCategoriesIsReal(t *testing.T) {
	b, err := os.ReadFile(shared(t, "data/spend/cpv/cpvCodes.json"))
	if err != nil {
		t.Skip(err)
	}
	var codes []struct {
		Code    string `json:"code"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(b, &codes); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range codes {
		known[c.Code] = known[c.Code] || c.Version == 2
	}
	for _, c := range realSchema(t).Categories {
		for _, code := range c.CPV {
			if !known[code] {
				t.Errorf("%s: there is no CPV 2008 code %s", c.Slug, code)
			}
		}
		if len(c.CPV) == 0 {
			t.Errorf("%s has no CPV code", c.Slug)
		}
	}
}

// shared returns the path of a file beside the repository, which may be absent.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if path := filepath.Join(dir, "shared", name); fileExists(path) {
			return path
		}
	}
	return name
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestEveryFedRAMPFunctionHasItsCategory(t *testing.T) {
	s := realSchema(t)
	if got := len(s.fedramp); got != 31 {
		t.Errorf("%d functions, want 31", got)
	}
	for function, want := range map[string]string{"Accounting": "accounting", "Virtual Private Network (VPN)": "networks", "Storage": "backup"} {
		if got, ok := s.FedRAMP(function); got != want || !ok {
			t.Errorf("FedRAMP(%q) = %q, %t; want %q", function, got, ok, want)
		}
	}
	if got, ok := s.FedRAMP("Alchemy"); ok {
		t.Errorf("FedRAMP(Alchemy) = %q, want none", got)
	}
}

func TestSchemaTree(t *testing.T) {
	s := realSchema(t)
	var path []string
	for _, c := range s.Path("school-journals") {
		path = append(path, c.Slug)
	}
	if want := []string{"education", "school-journals"}; !slices.Equal(path, want) {
		t.Errorf("path %v, want %v", path, want)
	}
	if got := s.Path("alchemy"); got != nil {
		t.Errorf("path of an unknown category %v, want nothing", got)
	}
	below := s.Below("education")
	if len(below) != len(s.Children("education"))+1 || below[0] != "education" {
		t.Errorf("below education: %v, want itself and its children", below)
	}
	if got := s.Below("alchemy"); got != nil {
		t.Errorf("below an unknown category %v, want nothing", got)
	}
	if _, ok := s.Unit("pupil"); !ok {
		t.Error("there is no unit pupil")
	}
	if _, ok := s.Unit("furlong"); ok {
		t.Error("there is a unit furlong")
	}
}

func TestOrderedOptionsGoFromWorstToBest(t *testing.T) {
	s := realSchema(t)
	for _, tt := range []struct{ question, worse, better string }{
		{"accessibility_level", "en_301_549", "wcag_2_2_aa"},
		{"fedramp_impact_level", "li_saas", "high"},
		{"encryption_rest", "none", "own_key"},
		{"x_road", "adapter", "own_subsystem"},
		{"csa_star", "level_1", "level_2"},
	} {
		q, ok := s.Question(tt.question)
		if !ok || q.Rank(tt.worse) < 0 || q.Rank(tt.worse) >= q.Rank(tt.better) {
			t.Errorf("%s: rank of %s is %d, of %s %d", tt.question, tt.worse, q.Rank(tt.worse), tt.better, q.Rank(tt.better))
		}
	}
}

func TestMissingAnswers(t *testing.T) {
	s, err := LoadSchema(fstest.MapFS{
		"units.json": {Data: []byte(smallUnits)}, "categories.json": {Data: []byte(smallCategories)},
		"questions.json": {Data: []byte(strings.Replace(smallQuestions, `"type":"choice",`, `"type":"choice","ask":"core","required":true,`, 1))},
	})
	if err != nil {
		t.Fatal(err)
	}
	yes, no := Answer{Question: "open", Values: []string{Yes}}, Answer{Question: "open", Values: []string{No}}
	for _, tt := range []struct {
		name    string
		answers []Answer
		want    string
	}{
		{"nothing is answered", nil, "open"},
		{"unknown is not enough", []Answer{{Question: "open"}}, "open"},
		{"a condition that is met asks for more", []Answer{yes}, "licence"},
		{"a condition that is not met asks for nothing", []Answer{no}, ""},
		{"all is answered", []Answer{yes, {Question: "licence", Values: []string{"mit"}}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, q := range s.Missing(Content{Answers: tt.answers}) {
				got = append(got, q.ID)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("missing %v, want %q", got, tt.want)
			}
		})
	}
}

// problems returns "path key" of everything wrong, one a line.
func problems(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var found Problems
	if !errors.As(err, &found) || len(found) == 0 {
		t.Fatalf("got error %v, want Problems", err)
	}
	var lines []string
	for _, p := range found {
		if text := p.Error(); strings.Contains(text, "%!") || strings.HasSuffix(text, p.Key) {
			t.Errorf("%s is not worded well: %s", p.Key, text)
		}
		lines = append(lines, strings.TrimSpace(p.Path+" "+p.Key))
	}
	return strings.Join(lines, "\n")
}
