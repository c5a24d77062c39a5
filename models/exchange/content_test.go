package exchange

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestAContentIsReadAsALineOfAnImport(t *testing.T) {
	s := testSchema(t)
	for _, tt := range []struct{ name, text, field, key string }{
		{"all right", `{"language":"et","words":{"et":{"name":"x"},"en":{}}}`, "", ""},
		{"with a byte order mark", "\uFEFF" + `{"language":"et","words":{"et":{"name":"x"}}}`, "", ""},
		{"nothing", ``, "", "exchange.truncated"},
		{"null", `null`, "language", "content.language"},
		{"two of them", `{"language":"et","words":{"et":{"name":"x"}}} {}`, "", "exchange.more_json"},
		{"not UTF-8", "{\"language\":\"\xff\"}", "", "exchange.not_utf8"},
		{"a field of another record", `{"key":"demo:x"}`, "key", "exchange.unknown_field"},
		{"a bad date", `{"language":"et","words":{"et":{"name":"x"}},"sources":[{"title":"x","seen":"2026-02-30"}]}`, "sources[0].seen", "exchange.bad_value"},
		{"an unknown category", `{"language":"et","words":{"et":{"name":"x"}},"categories":["boats"]}`, "categories[0]", "content.category"},
	} {
		c, wrong := ReadContent([]byte(tt.text), s)
		switch {
		case tt.key == "" && (len(wrong) > 0 || len(c.Words) != 1):
			t.Errorf("%s: %+v, %v", tt.name, c, wrong)
		case tt.key != "" && (len(wrong) == 0 || wrong[0].Field != tt.field || wrong[0].Key != tt.key || c.Language != ""):
			t.Errorf("%s: %+v, %v; want %s in %q", tt.name, c, wrong, tt.key, tt.field)
		}
	}
}

// What is read can be written and read again, and is the same.
func FuzzContent(f *testing.F) {
	f.Add([]byte(`{"language":"et","words":{"et":{"name":"x"}},"extra":{"a":[1]}}`))
	f.Add([]byte(`{"language":"et","plans":[{"code":"a","currency":"EUR","charges":[{"code":"b","unit":"pupil","per":"month","price":"0.45"}]}]}`))
	s := testSchema(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		c, wrong := ReadContent(b, s)
		if len(wrong) > 0 {
			return
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again, wrong := ReadContent(text, s)
		if len(wrong) > 0 || !reflect.DeepEqual(c, again) {
			t.Errorf("%s: %+v, then %+v, %v", b, c, again, wrong)
		}
	})
}
