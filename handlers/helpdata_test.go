package handlers

import (
	"encoding/json"
	"html"
	"maps"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pilveturg/models/search"
	"pilveturg/views"
)

var (
	codes   = regexp.MustCompile(`<code>([^<]*)</code>`)
	shown   = regexp.MustCompile(`<pre><code>([^<]*)</code></pre>`)
	keyRows = regexp.MustCompile(`<tr>\s*<td[^>]*><code>([a-z_.0-9]+)</code></td>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>([^<]*)</td>\s*</tr>`)
)

// dataPage is what the help page on data says, and all that it says as code.
func dataPage(t *testing.T, s *testSite, lang string) (page string, code []string) {
	t.Helper()
	a, ok := s.Views[lang].Article("help/data")
	if !ok {
		t.Fatal("there is no such page")
	}
	for _, m := range codes.FindAllStringSubmatch(string(a.Body), -1) {
		code = append(code, html.UnescapeString(m[1]))
	}
	return string(a.Body), code
}

// members are the paths of all members that a value of the type has as JSON.
func members(t reflect.Type, above string) []string {
	var paths []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		paths = append(paths, above+name)
		of, below := f.Type, above+name+"."
		if of.Kind() == reflect.Slice {
			below = above + name + "[]."
		}
		if of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() == reflect.Struct {
			paths = append(paths, members(of, below)...)
		}
	}
	return paths
}

// membersOf adds the paths of all members that a JSON value has.
func membersOf(v any, above string, paths map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			own := strings.TrimPrefix(above+"."+name, ".")
			paths[own] = true
			membersOf(below, own, paths)
		}
	case []any:
		for _, below := range v {
			membersOf(below, above+"[]", paths)
		}
	}
}

func TestTheDataPageTellsEveryMember(t *testing.T) {
	s := emptySite(t)
	want := members(reflect.TypeFor[foundJSON](), "")
	if !slices.Contains(want, "results[].yearly_price.to") || !slices.Contains(want, "facets[].values[].count") {
		t.Fatalf("the members are %v", want)
	}
	for _, lang := range s.Langs {
		page, code := dataPage(t, s, lang)
		for _, m := range want {
			if !slices.Contains(code, m) {
				t.Errorf("%s: nothing is said of %s", lang, m)
			}
		}
		for _, c := range code {
			if strings.Contains(c, "[].") && !slices.Contains(want, c) {
				t.Errorf("%s: %s is no member", lang, c)
			}
		}
		var example any
		for _, m := range shown.FindAllStringSubmatch(page, -1) {
			if text := html.UnescapeString(m[1]); strings.HasPrefix(text, "{") {
				d := json.NewDecoder(strings.NewReader(text))
				d.DisallowUnknownFields()
				if err := d.Decode(&foundJSON{}); err != nil {
					t.Errorf("%s: the example: %v", lang, err)
				}
				_ = json.Unmarshal([]byte(text), &example) // as above
			}
		}
		paths := map[string]bool{}
		membersOf(example, "", paths)
		got, all := slices.Sorted(maps.Keys(paths)), slices.Sorted(slices.Values(want))
		if !slices.Equal(got, all) {
			t.Errorf("%s: the example has %v\nwant %v", lang, got, all)
		}
	}
}

func TestTheDataPageTellsEveryGroupAndNumber(t *testing.T) {
	s := emptySite(t)
	for _, lang := range s.Langs {
		page, _ := dataPage(t, s, lang)
		var got, want []string
		modes := map[string]search.Mode{}
		for _, m := range keyRows.FindAllStringSubmatch(page, -1) {
			got = append(got, m[1]+" "+html.UnescapeString(m[2]))
			group, _ := s.Index.Layout().Group(strings.TrimPrefix(m[1], fieldFilter))
			if mode, said := modes[m[3]]; group.Key != "" && said && mode != group.Mode {
				t.Errorf("%s: %q is said of %s", lang, m[3], m[1])
			}
			modes[m[3]] = group.Mode
		}
		words := s.facets[lang]
		for _, g := range s.Index.Layout().Groups {
			if !g.Hidden {
				want = append(want, fieldFilter+g.Key+" "+words.groups[g.Key].label)
			}
		}
		got = slices.DeleteFunc(got, func(row string) bool { return strings.HasPrefix(row, yearPrice+" ") })
		for _, c := range s.Index.Layout().Columns {
			if q, ok := s.Schema.Question(c.Question); ok {
				want = append(want, c.Key+" "+views.In(q.Label, lang).Text)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the page tells of %q\nwant %q", lang, got, want)
		}
	}
}

func TestTheDataPageTellsEveryAddressAndField(t *testing.T) {
	s := newSite(t)
	for _, lang := range s.Langs {
		page, code := dataPage(t, s, lang)
		want := []string{fieldWords, fieldFilter, fieldMin, fieldMax, fieldUnknown, fieldVendor, fieldVolume, fieldOf, fieldSort, fieldPage,
			fieldService, fieldUnit, fieldYears, fieldDiffer, fieldKnown, fieldWeight}
		for _, by := range sorts[1:] {
			want = append(want, string(by))
		}
		for _, rt := range s.routes() {
			if ending := path.Ext(rt.path); !rt.bare && !rt.who.signedIn && ending != "" {
				want = append(want, at(lang, rt.path))
			}
		}
		for _, w := range want {
			if !slices.Contains(code, w) {
				t.Errorf("%s: nothing is said of %s", lang, w)
			}
		}
		l := s.Views[lang].Locale
		for _, n := range []int64{cardsOnPage, search.MostResults, mostFilters, search.MaxWords, mostCompared} {
			if said := strings.ReplaceAll(l.Number(n), "\u00a0", " "); !strings.Contains(page[strings.LastIndex(page, "<h2"):], said) {
				t.Errorf("%s: the limit of %s is not told", lang, said)
			}
		}
		for _, m := range shown.FindAllStringSubmatch(page, -1) {
			text := html.UnescapeString(m[1])
			if _, rest, ok := strings.Cut(text, "curl '"); ok {
				address, err := url.Parse(strings.TrimSuffix(strings.TrimSpace(rest), "'"))
				if err != nil {
					t.Fatal(err)
				}
				if a := s.ask(lang, address.Query()); len(a.ignored)+len(a.wrong) > 0 || a.req.Volume == nil || a.req.Text == "" {
					t.Errorf("%s: of the example, %v is not known and %v is wrong", lang, a.ignored, a.wrong)
				}
				s.want("GET", address.RequestURI(), 200, `"ignored":[],"errors":[]`)
			}
		}
	}
	s.want("GET", "/et/", 200, `<a href="/et/help/data">Avaandmed</a>`)
	s.want("GET", "/en/help", 200, "/en/help/data")
}
