package exchange

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"pilveturg/models/catalogue"
)

func readCPV(t testing.TB, r CPVReader) (codes []catalogue.CPV, problems []*Problem) {
	t.Helper()
	for {
		c, err := r.Next()
		var p *Problem
		switch {
		case errors.Is(err, io.EOF):
			return codes, problems
		case errors.As(err, &p):
			checkWords(t, p)
			problems = append(problems, p)
		case err != nil:
			t.Fatal(err)
		default:
			codes = append(codes, c)
		}
	}
}

const cpvList = `[
 {"code":"48190000-6","numericCode":48190000,"parent":"48100000-9","version":2,"type":1,"name":"Educational software package"},
 {"code":"48000000-8","numericCode":48000000,"parent":null,"version":2,"type":1,"name":"Software package"},
 {"code":"48190123-4","numericCode":48190123,"parent":"48190000-6","version":2,"type":3,"name":"Deep"},
 {"code":"30000000-1","numericCode":30000000,"parent":null,"version":1,"type":2,"name":"Old"}
]`

func TestCPVTraps(t *testing.T) {
	swap := func(old, with string) string { return strings.Replace(cpvList, old, with, 1) }
	usual := "|parent|noted|cpv_parents" // the first code names a parent that is not there
	cases := []struct{ rule, file, want string }{
		{"the small list", cpvList, usual},
		{"a code of another form is left out", swap("48190123-4", "48190123"), "[2] 48190123|code|skipped|content.cpv\n" + usual},
		{"a code that comes twice is left out", swap("48190123-4", "48190000-6"), "[2] 48190000-6|code|skipped|duplicate_key\n" + usual},
		{"a code without a name is left out", swap(`"Deep"`, `""`), "[2] 48190123-4|name|skipped|missing\n" + usual},
		{"a type that is new is left out", swap(`"type":3`, `"type":9`), "[2] 48190123-4|type|skipped|unknown_value\n" + usual},
		{"a version that is new is left out", swap(`"version":2,"type":3`, `"version":3,"type":3`), "[2] 48190123-4|version|skipped|unknown_value\n" + usual},
		{"a code with none above it is told", swap(`"48000000-8"`, `"47000000-8"`), "48190000-6||noted|cpv_orphan\n" + usual},
		{"a member that comes twice leaves the code out", swap(`"type":3`, `"type":3,"type":1`), "[2]|type|skipped|duplicate_field\n" + usual},
		{"an object at the top stops", "{}", "||stopped|file_broken"},
		{"a list cut short stops", cpvList[:200], "||stopped|file_truncated"},
		{"text behind the list stops", cpvList + "]", "||stopped|more_json"},
		{"UTF-16 stops", "\xFF\xFE[\x00", "||stopped|utf16"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			_, problems := readCPV(t, NewCPV("cpv.json", strings.NewReader(c.file), "", nil))
			if got := summary(problems); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestCPVCodes(t *testing.T) {
	names := "Software package: Tarkvarapaketid\n'Deep': \"Sügav\"\n"
	r := NewCPV("cpv.json", strings.NewReader(cpvList), "et.yaml", strings.NewReader(names))
	codes, problems := readCPV(t, r)
	if got, want := summary(problems), "|parent|noted|cpv_parents\n||noted|cpv_no_name"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := encode(codes), encode([]catalogue.CPV{
		{Code: "48000000-8", Kind: "supplies", Names: map[string]string{"en": "Software package", "et": "Tarkvarapaketid"}},
		{Code: "48190000-6", Parent: "48000000-8", Kind: "supplies", Names: map[string]string{"en": "Educational software package"}},
		{Code: "48190123-4", Parent: "48190000-6", Kind: "services", Names: map[string]string{"en": "Deep", "et": "Sügav"}},
	}); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if c := count(r, "cpv.version_1"); c.Left != 1 {
		t.Errorf("the old vocabulary is not counted: %v", c)
	}
	_, problems = readCPV(t, NewCPV("cpv.json", strings.NewReader(cpvList), "et.yaml", strings.NewReader("- a")))
	if got, want := summary(problems), "|parent|noted|cpv_parents\n||refused|yaml_not_object"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The figures of the real list were made with other means, and lie beside it.
func TestCPVRealFile(t *testing.T) {
	var want struct {
		Codes       int               `json:"version_2_codes"`
		Types       map[string]int    `json:"types"`
		Divisions   map[string]int    `json:"divisions"`
		Count       int               `json:"division_count"`
		Roots       []string          `json:"roots"`
		Groups      map[string]string `json:"it_groups"`
		Descendants map[string]int    `json:"descendants"`
		Missing     []string          `json:"parent_missing_in_list"`
	}
	if err := json.NewDecoder(shared(t, "spend/cpv/cpvCodes.json.oracle.json")).Decode(&want); err != nil {
		t.Fatal(err)
	}
	r := NewCPV("cpvCodes.json", shared(t, "spend/cpv/cpvCodes.json"), "et.yaml", shared(t, "spend/cpv/messages.et_ee.yaml"))
	codes, problems := readCPV(t, r)
	if got, want := summary(problems), "|parent|noted|cpv_parents"; got != want || problems[0].Args[0] != 2614 {
		t.Errorf("got %v, want %s", problems, want)
	}
	known, types, divisions, descendants := map[string]catalogue.CPV{}, map[string]int{}, map[string]int{}, map[string]int{}
	var roots []string
	for _, c := range codes {
		if _, ok := known[c.Parent]; c.Parent != "" && !ok {
			t.Errorf("%s comes before its parent %s", c.Code, c.Parent)
		}
		known[c.Code] = c
		types[c.Kind]++
		divisions[c.Code[:2]]++
		for prefix := range want.Descendants {
			if strings.HasPrefix(c.Code, prefix) {
				descendants[prefix]++
			}
		}
		if c.Parent == "" {
			roots = append(roots, c.Code)
		}
		if c.Names["et"] == "" {
			t.Errorf("%s has no Estonian name", c.Code)
		}
	}
	for _, c := range []struct{ rule, got, want string }{
		{"codes", encode(len(known)), encode(want.Codes)}, {"types", encode(types), encode(want.Types)},
		{"divisions", encode(divisions), encode(want.Divisions)}, {"number of divisions", encode(len(divisions)), encode(want.Count)},
		{"roots", encode(roots), encode(want.Roots)}, {"descendants", encode(descendants), encode(want.Descendants)},
		{"parents missing", "0", encode(len(want.Missing))},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.rule, c.got, c.want)
		}
	}
	for digits, name := range want.Groups {
		found := false
		for _, c := range codes {
			found = found || strings.HasPrefix(c.Code, digits) && c.Names["en"] == name
		}
		if !found {
			t.Errorf("%s is not called %q", digits, name)
		}
	}
	if c := count(r, "cpv.version_1"); c.Left != 17777-9454 {
		t.Errorf("got %v", c)
	}
}
