package handlers

import (
	"encoding/json"
	"fmt"
	"html"
	"math/big"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"

	"pilveturg/views/locale"
)

// searchForms are all forms in which a search is answered.
var searchForms = []string{"", ".json", ".csv", ".xlsx", ".atom", "/suggest"}

// everyForm asks for a search in every form, and as the part of a page, and
// complains unless each answer is sound. It returns them by form.
func (s *testSite) everyForm(t *testing.T, lang, query string) map[string]*httptest.ResponseRecorder {
	t.Helper()
	answers := map[string]*httptest.ResponseRecorder{"part": s.do("GET", at(lang, "/services?"+query), fragment, "results")}
	for _, form := range searchForms {
		answers[form] = s.do("GET", at(lang, "/services"+form+"?"+query))
	}
	for form, w := range answers {
		if w.Code >= 500 {
			t.Errorf("%q: status %d", form, w.Code)
		}
		if form == "part" {
			continue // what it refers to stands in the page around it
		}
		if err := unsound(w); err != nil {
			t.Errorf("%q: %v", form, err)
		}
	}
	return answers
}

// many are so many fields of one name, each of another value.
func many(name string, n int) string {
	q := url.Values{}
	for i := range n {
		q.Add(name, fmt.Sprintf("x%d", i))
	}
	return q.Encode()
}

func each(n int, pair func(i int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = pair(i)
	}
	return strings.Join(all, "&")
}

func TestWhateverIsAskedIsAnsweredSoundly(t *testing.T) {
	s := newSite(t)
	for name, query := range map[string]string{
		"ten thousand words":                "q=" + strings.Repeat("journal+", 10_000),
		"ten thousand other words":          "q=" + each(10_000, func(i int) string { return fmt.Sprintf("w%dx%%26", i) }),
		"ten thousand words with operators": "q=" + strings.Repeat("-journal+OR+%22a+b*", 5_000),
		"one word of ten thousand letters":  "q=" + strings.Repeat("a", 10_000),
		"ten thousand accents":              "q=a" + strings.Repeat("%CC%81", 10_000),
		"ten thousand hyphens":              "q=" + strings.Repeat("a-", 10_000),
		"a quote that is never closed":      `q=%22journal`,
		"nothing but quotes":                "q=" + strings.Repeat("%22", 999),
		"quotes of all kinds":               "q=%E2%80%9Ea%E2%80%9C+%C2%ABb%C2%BB+%E2%80%9Dc",
		"operators alone":                   "q=OR+-+%7C+*+AND+%22%22",
		"control characters":                "q=%01%02journal%1b%7f%c2%85&f.sign_in=%07&vol=%08&unit=%0b",
		"NUL":                               "q=%00journal%00&f.sign_in=%00&vol=%00&unit=%00&vendor=%00&sort=%00&page=%00&%00=%00",
		"bytes that are no UTF-8":           "q=%ff%c3&f.sign_in=%c3%28&f.%ff=%ff&vendor=%ff&vol=%ff&unit=%ff&sort=%ff&min.%ff=%ff&%ff=%ff&unknown=%ff",
		"half of a surrogate":               "q=%ed%a0%80&f.sign_in=%ed%a0%80&sort=%ed%a0%80",
		"letters that are none":             "q=%ef%bf%be%ef%bf%bf%f4%8f%bf%bf&f.sign_in=%ef%bf%bf&vendor=%ef%bf%be&sort=%ef%bf%bf&%ef%bf%be=1",
		"marks of direction":                "q=%e2%80%ae%e2%81%a6journal&f.sign_in=%e2%80%ae",
		"long letters of two bytes":         "sort=a" + strings.Repeat("%c3%b5", 300) + "&a" + strings.Repeat("%c3%b5", 300) + "=1&vendor=a" + strings.Repeat("%c3%b5", 300) + "&f.sign_in=a" + strings.Repeat("%c3%b5", 300),
		"long numbers":                      "vol=1" + strings.Repeat("0", 5000) + "&unit=pupil&max.price=" + strings.Repeat("9", 5000) + "&min.exit_cost=0." + strings.Repeat("0", 5000) + "1",
		"a thousand filters":                many("f.sign_in", 1000),
		"a thousand countries":              many("f.data_countries", 1000),
		"a thousand vendors":                each(1000, func(i int) string { return fmt.Sprintf("vendor=v-%d", i) }),
		"a thousand groups":                 each(1000, func(i int) string { return fmt.Sprintf("f.x%d=yes", i) }),
		"a thousand unknowns":               many("unknown", 1000),
		"a thousand bounds":                 each(1000, func(i int) string { return fmt.Sprintf("min.x%d=1&max.notice_days=%d", i, i) }),
		"a thousand keys":                   each(1000, func(i int) string { return fmt.Sprintf("k%d=v", i) }),
		"a thousand of each":                each(1000, func(i int) string { return fmt.Sprintf("q=w%d&vol=%d&unit=u%d&sort=s%d&page=%d", i, i, i, i, i+1) }),
		"markup":                            "q=%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E%22%27%3E&f.sign_in=%22%3E%3Cb%3E&vendor=%3Cb%3E&sort=%3Ci%3E&%3Cu%3E=1&vol=%3Cb%3E&unit=%22%3E&max.price=%22%3E%3Cb%3E",
		"what cannot be decoded":            "q=%zz&vol=%&f.%=1&;=;&&&===&=x",
		"numbers of other scripts":          "vol=%D9%A3&unit=pupil&max.price=%E0%A5%A9&page=%D9%A1",
		"fields without a name":             "f.=x&min.=1&max.=1&f.f.=x&unknown=&vendor=&sort=&unit=&vol=&q=&page=",
		"spaces":                            "q=+++&f.sign_in=++&vol=+&unit=+&max.price=+&page=+1",
		"formulas":                          "q=%3DHYPERLINK(%22x%22)&f.sign_in=%3D1%2B1",
		"all groups at once": each(3, func(i int) string {
			return "f.life=closed&f.life=suspended&f.confirmed=no&f.used_by=none&f.proof=unknown"
		}),
	} {
		t.Run(name, func(t *testing.T) {
			sub := *s
			sub.t = t
			for _, lang := range s.Langs {
				sub.everyForm(t, lang, query)
			}
		})
	}
}

func TestNoPageNumberDoesHarm(t *testing.T) {
	s := newSite(t)
	for _, page := range []string{"0", "-1", "1.5", "1e3", "x", "%00", "%ff", "99999999999999999999", "9223372036854775807", "1667", "2", "0x1", "%D9%A1"} {
		for form, w := range s.everyForm(t, "en", "page="+page) {
			if paged := form == "" || form == ".json"; paged && w.Code != 404 || !paged && form != "part" && w.Code != 200 {
				t.Errorf("page %q, %q: status %d", page, form, w.Code)
			}
		}
	}
}

// What nobody knows is left out of the question, and said.
func TestUnknownFieldsAreSaid(t *testing.T) {
	s := newSite(t)
	all := s.want("GET", "/en/services", 200)
	for query, said := range map[string]string{
		"colour=red": "colour", "f.shape=round": "f.shape", "sort=colour": "sort=colour", "min.users=3": "min.users", "max.shape=3": "max.shape",
		"vendor=acme": "vendor=acme", "vendor=v-1x": "vendor=v-1x", "unknown=shape": "unknown=shape", "%3Cb%3E=1": "<b>", "Q=journal": "Q", "f.=1": "f.",
	} {
		answers := s.everyForm(t, "en", query)
		page := read(parsed(t, answers[""].Body.String()))
		var found foundJSON
		if err := json.Unmarshal(answers[".json"].Body.Bytes(), &found); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page, "Left out, because no filter is called so: "+said) || !slices.Equal(found.Ignored, []string{said}) || found.Total != 3 {
			t.Errorf("%s: %d found, said to be left out: %q", query, found.Total, found.Ignored)
		}
	}
	if strings.Contains(all, "Left out") {
		t.Error("something is left out although nothing was asked")
	}
}

func parsed(t testing.TB, page string) *nethtml.Node {
	t.Helper()
	doc, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// What is wrong is said beside its field, which keeps what was typed; all that is
// right counts.
func TestWrongNumbersAreExplainedBesideTheirFields(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, query, field string
		total              int
	}{
		{"a price above all numbers", "vol=1000&unit=pupil&max.price=99999999999999999999999999", "max.price", 3},
		{"a price that overflows in cents", "vol=1000&unit=pupil&max.price=99999999999999999", "max.price", 3},
		{"a price below nothing", "vol=1000&unit=pupil&min.price=-0,01", "min.price", 3},
		{"a price in powers of ten", "vol=1000&unit=pupil&min.price=1e3", "min.price", 3},
		{"a price that can be read in two ways", "vol=1000&unit=pupil&max.price=1.234", "max.price", 3},
		{"prices in the wrong order", "vol=1000&unit=pupil&min.price=10&max.price=9.99", "max.price", 3},
		{"a volume above all numbers", "vol=99999999999999999999&unit=pupil", "vol", 3},
		{"a volume larger than any", "vol=1000000000001&unit=pupil", "vol", 3},
		{"a volume below nothing", "vol=-1&unit=pupil", "vol", 3},
		{"a unit that is none", "vol=1&unit=parsec", "unit", 3},
		{"a volume of nothing", "vol=1", "unit", 3},
		{"a price for nothing", "max.price=1", "unit", 3},
		{"days that are none", "max.notice_days=soon", "max.notice_days", 3},
		{"days beyond all numbers", "max.notice_days=99999999999999999999", "max.notice_days", 3},
		{"a bound below nothing", "min.log_months=-1", "min.log_months", 3},
		{"bounds in the wrong order", "min.minimum_term=20&max.minimum_term=10", "max.minimum_term", 3},
		{"beside what is right", "max.notice_days=soon&f.category=school-journals", "max.notice_days", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			answers := sub.everyForm(t, "en", tt.query)
			typed, _ := url.ParseQuery(tt.query)
			page := parsed(t, answers[""].Body.String())
			field, problem := explained(page, tt.field)
			if answers[""].Code != 200 || problem == "" || field != typed.Get(tt.field) && tt.field != "unit" {
				t.Errorf("status %d, the field holds %q, beside it stands %q", answers[""].Code, field, problem)
			}
			var found foundJSON
			if err := json.Unmarshal(answers[".json"].Body.Bytes(), &found); err != nil {
				t.Fatal(err)
			}
			if found.Total != tt.total || len(found.Errors) != 1 || found.Errors[0].Field != tt.field || !strings.HasSuffix(found.Errors[0].Message, problem) {
				t.Errorf("%d found, and as JSON %v is wrong; want %d, and %q", found.Total, found.Errors, tt.total, problem)
			}
			if title := read(all(page, "title", nil)[0]); !strings.HasPrefix(title, "Error: ") {
				t.Errorf("the title is %q", title)
			}
		})
	}
}

// explained returns what a field holds, and the problem that it refers to.
func explained(page *nethtml.Node, name string) (value, problem string) {
	for _, kind := range []string{"input", "select"} {
		found := all(page, kind, func(n *nethtml.Node) bool { return attr(n, "name") == name && attr(n, "aria-invalid") == "true" })
		if len(found) == 0 {
			continue
		}
		for _, id := range strings.Fields(attr(found[0], "aria-describedby")) {
			for _, p := range all(page, "p", func(p *nethtml.Node) bool { return attr(p, "id") == id }) {
				problem = strings.TrimPrefix(read(p), "Error: ")
			}
		}
		return attr(found[0], "value"), problem
	}
	return "", ""
}

// FuzzPriceBound: a bound of the yearly price is either understood, and then finds
// exactly the services that keep it, to the cent, or it is explained.
func FuzzPriceBound(f *testing.F) {
	for _, typed := range []string{"5400", "5 400,00 €", "€5,400.00", "5399.99", "5399,995", "5,400", "1.234", "1e3", "−1", "0", "92233720368547758", "92233720368547758.08",
		"9223372036854775807", "99999999999999999999", "0.000000000000000001", "5.400.000", "EUR 7", "1 2", "\u00a05\u2009400", "٣", "+5400", "--1", ".5", "5.", "NaN", "0x10", "5400\x00"} {
		f.Add(typed, true)
		f.Add(typed, false)
	}
	s := newSite(f)
	f.Fuzz(func(t *testing.T, typed string, most bool) {
		s := &testSite{s.Site, t, s.handler}
		field := map[bool]string{true: "max.price", false: "min.price"}[most]
		ask := func(query url.Values) (found foundJSON) {
			w := s.do("GET", "/en/services.json?"+query.Encode())
			if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil || w.Code != 200 {
				t.Fatalf("%q: status %d, %v", typed, w.Code, err)
			}
			return found
		}
		asked := url.Values{"vol": {"1000"}, "unit": {"pupil"}, "f.life": {"open", "closed"}}
		everything := ask(asked)
		asked.Set(field, typed)
		found := ask(asked)
		page := s.do("GET", "/en/services?"+asked.Encode())
		if err := unsound(page); err != nil || page.Code != 200 {
			t.Fatalf("%q: status %d, %v", typed, page.Code, err)
		}
		if strings.ContainsFunc(typed, unicode.IsControl) || !utf8.ValidString(typed) {
			return // it is cleaned before it is read
		}
		n, err := locale.ParseDecimal(typed)
		bound, ok := new(big.Rat).SetString(n.String())
		if err != nil || !ok || n.Sign() < 0 || len(found.Errors) > 0 {
			asks := strings.TrimSpace(typed) != ""
			if found.Total != everything.Total || (len(found.Errors) == 1) != asks || err == nil && n.Sign() >= 0 && bound.Cmp(big.NewRat(1e15, 1)) < 0 {
				t.Fatalf("%q (%s, %v): %d found, %v", typed, n, err, found.Total, found.Errors)
			}
			return
		}
		want := 0
		for _, r := range everything.Results {
			if r.YearlyPrice != nil && within(t, r.YearlyPrice.Amount, bound, most) {
				want++
			}
		}
		if found.Total != want || !strings.Contains(html.UnescapeString(page.Body.String()), "Yearly price: ") {
			t.Errorf("%q (%s): %d found; want %d", typed, n, found.Total, want)
		}
	})
}

// within reports whether an amount keeps a bound.
func within(t *testing.T, amount string, bound *big.Rat, most bool) bool {
	t.Helper()
	a, ok := new(big.Rat).SetString(amount)
	if !ok {
		t.Fatalf("the amount is %q", amount)
	}
	if most {
		return a.Cmp(bound) <= 0
	}
	return a.Cmp(bound) >= 0
}
