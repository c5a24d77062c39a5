package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The forms in which machines get results and suggestions, by example. Whoever
// changes them breaks programs of others; a field may be added where "…" stands.
const (
	resultsShape = `{
		"total": 1, "page": 1, "per_page": 1, "sentence": "", "did_you_mean": "", "widened": true, "ignored": [""],
		"errors": [{"field": "", "message": ""}],
		"results": [{"id": "", "url": "", "name": "", "vendor": "", "summary": "", "price": "", "users": 1, "published": "",
			"yearly_price": {"amount": "", "currency": "", "…": ""}, "…": ""}],
		"facets": [{"key": "", "label": "", "values": [{"value": "", "label": "", "count": 1, "selected": true}]}]}`
	suggestionsShape = `{"suggestions": [{"kind": "", "text": "", "url": "", "…": ""}]}`
)

// misshapen says where a value has not the form of an example: other fields, or
// another kind of value. Only a price may be null.
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
			case key == "…", key == "yearly_price" && there && value == nil:
			case !there:
				return fmt.Errorf("%s has no field %q", at, key)
			default:
				if err := misshapen(at+"."+key, example[key], value); err != nil {
					return err
				}
			}
		}
		for key := range got {
			if example[key] == nil && example["…"] == nil {
				return fmt.Errorf("%s has a field %q", at, key)
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
	for _, tt := range []struct{ name, address, shape, text string }{
		{"everything", "/en/services.json", resultsShape, `"yearly_price":null`},
		{"with a yearly price", "/en/services.json?q=journal&vol=1000&unit=pupil", resultsShape, `"yearly_price":{"amount":"5400","currency":"EUR"}`},
		{"with what is chosen", "/en/services.json?f.category=education", resultsShape, `"value":"education","label":"Education","count":3,"selected":true`},
		{"nothing found", "/et/services.json?q=qqxzzyqwx", resultsShape, `"results":[]`},
		{"a misspelt word", "/en/services.json?q=jurnal", resultsShape, `"did_you_mean":"journal"`},
		{"some of the words", "/en/services.json?q=journal+qqxzzyqwx", resultsShape, `"widened":true`},
		{"a wrong number and an unknown field", "/en/services.json?max.notice_days=x&colour=red", resultsShape, `"ignored":["colour"]`},
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
