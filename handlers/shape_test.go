package handlers

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"testing"
)

// suggestionsShape is the form of suggestions, by example. A field may be added
// where "…" stands.
const suggestionsShape = `{"suggestions": [{"kind": "", "text": "", "url": "", "…": ""}]}`

// resultsShape is the form of results, by the example that the page on data shows.
func resultsShape(t *testing.T, s *testSite) string {
	t.Helper()
	page, _ := dataPage(t, s, "en")
	for _, m := range shown.FindAllStringSubmatch(page, -1) {
		if text := html.UnescapeString(m[1]); strings.HasPrefix(text, "{") {
			return text
		}
	}
	t.Fatal("the page on data shows no answer")
	return ""
}

// mayLack are members that are not always there.
var mayLack = map[string]bool{"to": true, "yearly_price": true}

// misshapen says where a value has not the form of an example: other members, or
// another kind of value. Only a yearly price may be null.
func misshapen(at string, example, got any) error {
	switch example := example.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no object", at)
		}
		for _, key := range slices.Sorted(maps.Keys(example)) {
			value, there := got[key]
			switch {
			case key == "…", mayLack[key] && value == nil && there == (key == "yearly_price"):
			case !there:
				return fmt.Errorf("%s has no member %q", at, key)
			default:
				if err := misshapen(at+"."+key, example[key], value); err != nil {
					return err
				}
			}
		}
		for key := range got {
			if example[key] == nil && example["…"] == nil {
				return fmt.Errorf("%s has a member %q", at, key)
			}
		}
	case []any:
		got, ok := got.([]any)
		if !ok {
			return fmt.Errorf("%s is no list", at)
		}
		for i := range got {
			if err := misshapen(fmt.Sprintf("%s[%d]", at, i), example[0], got[i]); err != nil {
				return err
			}
		}
	default:
		if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", example) {
			return fmt.Errorf("%s is %v; want a %T", at, got, example)
		}
	}
	return nil
}

func TestMachinesGetTheFormTheyKnow(t *testing.T) {
	s := newSite(t)
	results := resultsShape(t, s)
	for _, tt := range []struct{ name, address, shape, text string }{
		{"everything", "/en/services.json", results, `"yearly_price":null`},
		{"with a yearly price", "/en/services.json?q=journal&vol=1000&unit=pupil", results, `"yearly_price":{"amount":"5400","currency":"EUR"}`},
		{"with what is chosen", "/en/services.json?f.category=education", results, `"value":"education","label":"Education","count":3,"selected":true`},
		{"nothing found", "/et/services.json?q=qqxzzyqwx", results, `"results":[]`},
		{"a misspelt word", "/en/services.json?q=jurnal", results, `"did_you_mean":"journal"`},
		{"some of the words", "/en/services.json?q=journal+qqxzzyqwx", results, `"widened":true`},
		{"a wrong number and an unknown field", "/en/services.json?max.notice_days=x&colour=red", results, `"ignored":["colour"]`},
		{"suggestions", "/en/services/suggest?q=j", suggestionsShape, `"kind":"service"`},
		{"no suggestions", "/en/services/suggest?q=", suggestionsShape, `{"suggestions":[]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			body := sub.want("GET", tt.address, 200, tt.text)
			var example, got any
			if err := json.Unmarshal([]byte(tt.shape), &example); err != nil {
				t.Fatal(err)
			}
			d := json.NewDecoder(strings.NewReader(body))
			if err := d.Decode(&got); err != nil || d.More() {
				t.Fatal(err, body)
			}
			if err := misshapen("the answer", example, got); err != nil {
				t.Error(err)
			}
		})
	}
}
