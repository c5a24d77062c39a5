package ocds

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestMergeMakesWhatTheFixturesWant(t *testing.T) {
	count := 0
	for _, name := range sharedFiles(t, "merge_fixtures") {
		base := strings.TrimSuffix(name, ".json")
		if strings.HasSuffix(base, "-compiled") || strings.HasSuffix(base, "-versioned") {
			continue
		}
		count++
		t.Run(base, func(t *testing.T) {
			compiled, versioned, err := Merge(list(t, sharedBytes(t, name)))
			if err != nil {
				t.Fatal(err)
			}
			same(t, compiled, sharedBytes(t, base+"-compiled.json"))
			same(t, versioned, sharedBytes(t, base+"-versioned.json"))
		})
	}
	if count != 9 {
		t.Errorf("%d fixtures, want 9", count)
	}
}

// Records that were published beside the releases that they were made from.
func TestMergeMakesWhatPublishedRecordsHave(t *testing.T) {
	const fictional, updates = "fictional_1.1/", "docs_examples/merging/updates/"
	tests := []struct {
		record   string
		releases []string // none: they are in the record
	}{
		{fictional + "record-ocds-213czf-000-00001.json", []string{fictional + "ocds-213czf-000-00001.json"}},
		{fictional + "record-ocds-213czf-000-00001-withversions.json", []string{fictional + "ocds-213czf-000-00001.json"}},
		{updates + "merged.json", []string{updates + "tender1.json", updates + "tender2.json", updates + "tender3.json", updates + "award1.json", updates + "award2.json"}},
		{updates + "versioned.json", []string{updates + "award2.json", updates + "tender3.json", updates + "tender2.json", updates + "award1.json", updates + "tender1.json"}},
		{"docs_examples/amendments/easy_releases.json", nil},
		{"docs_examples/amendments/tender.json", nil},
		{"docs_examples/merging/deletions/array_record.json", nil},
		{"docs_examples/merging/deletions/field_record.json", nil},
		{"docs_examples/merging/deletions/object_record.json", nil},
	}
	for _, tt := range tests {
		t.Run(tt.record, func(t *testing.T) {
			var p RecordPackage
			if err := json.Unmarshal(sharedBytes(t, tt.record), &p); err != nil {
				t.Fatal(err)
			}
			record := p.Records[0]
			releases := record.Releases
			if tt.releases != nil {
				releases = nil
			}
			for _, name := range tt.releases {
				var p struct{ Releases []json.RawMessage }
				if err := json.Unmarshal(sharedBytes(t, name), &p); err != nil {
					t.Fatal(err)
				}
				releases = append(releases, p.Releases...)
			}
			compiled, versioned, err := Merge(releases)
			if err != nil {
				t.Fatal(err)
			}
			same(t, compiled, record.CompiledRelease)
			if record.VersionedRelease != nil {
				same(t, versioned, record.VersionedRelease)
			}
		})
	}
}

// releasesOf makes releases on days one after another, each with some fields.
func releasesOf(fields ...string) (releases []json.RawMessage) {
	for i, f := range fields {
		day := strconv.Itoa(i + 1)
		releases = append(releases, json.RawMessage(`{"ocid":"ocds-abc123-1","id":"`+day+`","date":"2026-01-0`+day+`T00:00:00Z","tag":["tender"],`+f+`}`))
	}
	return releases
}

// fieldsOf are the fields of a merged release but for those that each has.
func fieldsOf(t *testing.T, raw []byte) string {
	t.Helper()
	n, err := parse(raw)
	if err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	var fields []string
	for i, key := range n.keys {
		if key != "ocid" && key != "id" && key != "date" && key != "tag" {
			fields = append(fields, `"`+key+`":`+string(n.under[i].raw))
		}
	}
	return strings.Join(fields, ",")
}

func TestMergingOfOneFieldAfterAnother(t *testing.T) {
	tests := []struct {
		name, before, after, want string
	}{
		{"a later value takes the place of an earlier one", `"language":"en"`, `"language":"et"`, `"language":"et"`},
		{"what is left out stays", `"language":"en"`, `"x":1`, `"language":"en","x":1`},
		{"null deletes a value", `"language":"en"`, `"language":null`, ``},
		{"null deletes an object", `"tender":{"id":"1","value":{"amount":1}}`, `"tender":{"value":null}`, `"tender":{"id":"1"}`},
		{"null deletes a list", `"awards":[{"id":"1"}],"x":1`, `"awards":null`, `"x":1`},
		{"null of nothing", `"x":1`, `"awards":null`, `"x":1`},
		{"an empty object changes nothing", `"tender":{"id":"1"}`, `"tender":{}`, `"tender":{"id":"1"}`},
		{"an empty list of objects changes nothing", `"awards":[{"id":"1"}]`, `"awards":[]`, `"awards":[{"id":"1"}]`},
		{"a list of texts is replaced", `"tender":{"submissionMethod":["written"]}`, `"tender":{"submissionMethod":["inPerson"]}`, `"tender":{"submissionMethod":["inPerson"]}`},
		{"an unknown list of objects is merged by id", `"x":[{"id":"1","a":1}]`, `"x":[{"id":"1","b":2}]`, `"x":[{"id":"1","a":1,"b":2}]`},
		{"a list of mixed things is replaced", `"x":[{"id":"1"},1]`, `"x":[{"id":"2"},2]`, `"x":[{"id":"2"},2]`},
		{"a whole number is no text", `"awards":[{"id":1,"a":1}]`, `"awards":[{"id":"1","a":2}]`, `"awards":[{"id":1,"a":1},{"id":"1","a":2}]`},
		{"an id that is a whole number", `"awards":[{"id":1,"a":1}]`, `"awards":[{"id":1,"a":2}]`, `"awards":[{"id":1,"a":2}]`},
		{"two of one id in a list become one", `"awards":[{"id":"1","a":1},{"id":"1","b":2}]`, `"x":1`, `"awards":[{"id":"1","a":1,"b":2}],"x":1`},
		{"objects without an id are matched with none", `"awards":[{"a":1}]`, `"awards":[{"a":2},{"id":null,"a":3}]`, `"awards":[{"a":1},{"a":2},{"a":3}]`},
		{"numbers stay as they are written", `"x":1.10`, `"y":1e400`, `"x":1.10,"y":1e400`},
		{"ids of parts are kept", `"tender":{"id":"1"}`, `"tender":{"id":"2"}`, `"tender":{"id":"2"}`},
		{"identifiers are replaced as a whole", `"parties":[{"id":"1","additionalIdentifiers":[{"id":"1","scheme":"x"}]}]`,
			`"parties":[{"id":"1","additionalIdentifiers":[{"id":"1"}]}]`, `"parties":[{"id":"1","additionalIdentifiers":[{"id":"1"}]}]`},
		{"of two fields of one name the last counts", `"x":1,"x":2`, `"y":"\u00e4"`, `"x":2,"y":"\u00e4"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			compiled, versioned, err := Merge(releasesOf(tt.before, tt.after))
			if err != nil {
				t.Fatal(err)
			}
			if got := fieldsOf(t, compiled); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if !json.Valid(versioned) {
				t.Errorf("versioned %s", versioned)
			}
		})
	}
}

func TestWhatWasDeletedComesBack(t *testing.T) {
	compiled, versioned, err := Merge(releasesOf(`"tender":{"id":"1","value":{"amount":1,"currency":"EUR"}},"awards":[{"id":"1","title":"a"},{"id":"2","title":"b"}]`,
		`"tender":null,"awards":null`, `"tender":{"value":{"amount":2}},"awards":[{"id":"2","date":"x"}]`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fieldsOf(t, compiled), `"tender":{"value":{"amount":2}},"awards":[{"id":"2","date":"x"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	at := func(day, value string) string {
		return `{"releaseID":"` + day + `","releaseDate":"2026-01-0` + day + `T00:00:00Z","releaseTag":["tender"],"value":` + value + `}`
	}
	gone := func(value string) string { return "[" + at("1", value) + "," + at("2", "null") + "]" }
	same(t, versioned, []byte(`{"ocid":"ocds-abc123-1","tender":{"id":`+gone(`"1"`)+`,"value":{"amount":[`+at("1", "1")+","+at("2", "null")+","+at("3", "2")+`],"currency":`+gone(`"EUR"`)+`}},
		"awards":[{"id":"1","title":`+gone(`"a"`)+`},{"id":"2","title":`+gone(`"b"`)+`,"date":[`+at("3", `"x"`)+`]}]}`))
}

func TestReleasesAreMergedByDate(t *testing.T) {
	release := func(date, x string) json.RawMessage {
		return json.RawMessage(`{"ocid":"ocds-abc123-1","id":"r","date":"` + date + `","x":` + x + `}`)
	}
	tests := []struct {
		name     string
		releases []json.RawMessage
		x, date  string
	}{
		{"in any order", []json.RawMessage{release("2026-01-02T00:00:00Z", "2"), release("2026-01-01T00:00:00Z", "1")}, "2", "2026-01-02T00:00:00Z"},
		{"by the instant, not by the text", []json.RawMessage{release("2026-01-01T03:00:00+03:00", "1"), release("2026-01-01T01:00:00Z", "2")}, "2", "2026-01-01T01:00:00Z"},
		{"as given where the dates are equal", []json.RawMessage{release("2026-01-01T00:00:00Z", "1"), release("2026-01-01T00:00:00Z", "2")}, "2", "2026-01-01T00:00:00Z"},
		{"as texts where they are no dates", []json.RawMessage{release("2026-02", "2"), release("2026-01-01T00:00:00Z", "1")}, "2", "2026-02"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			compiled, _, err := Merge(tt.releases)
			if err != nil {
				t.Fatal(err)
			}
			same(t, compiled, []byte(`{"ocid":"ocds-abc123-1","id":"ocds-abc123-1-`+tt.date+`","date":"`+tt.date+`","tag":["compiled"],"x":`+tt.x+`}`))
		})
	}
}

func TestMergeRefusesWhatIsNoProcess(t *testing.T) {
	tests := []struct {
		name     string
		releases []json.RawMessage
		code     string
	}{
		{"no releases", nil, NotOCDS},
		{"no JSON", releasesOf(`"x":}`), NotJSON},
		{"a list", []json.RawMessage{json.RawMessage(`[]`)}, NotOCDS},
		{"too many levels", releasesOf(`"x":` + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)), TooDeep},
		{"no ocid", []json.RawMessage{json.RawMessage(`{"date":"2026"}`)}, Required},
		{"no date", []json.RawMessage{json.RawMessage(`{"ocid":"a","date":null}`)}, NoDate},
		{"two processes", []json.RawMessage{json.RawMessage(`{"ocid":"a","date":"1"}`), json.RawMessage(`{"ocid":"b","date":"1"}`)}, OtherProcess},
		{"an object where a text was", releasesOf(`"buyer":"name"`, `"buyer":{"id":"1"}`), Inconsistent},
		{"a text where a list was", releasesOf(`"awards":[{"id":"1"}]`, `"awards":"none"`), Inconsistent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Merge(tt.releases)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, ErrMerge) || e.Code != tt.code {
				t.Errorf("%v, want %s", err, tt.code)
			}
		})
	}
}

func FuzzMerge(f *testing.F) {
	f.Add(`"tender":{"id":"1","items":[{"id":1},{"id":"1"}]}`, `"tender":null`, `"tender":{"items":[{"a":[]}]}`)
	f.Add(`"x":[1]`, `"x":{}`, `"x":[{}]`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		compiled, versioned, err := Merge(releasesOf(a, b, c))
		var e *Error
		switch {
		case err != nil && !errors.As(err, &e):
			t.Error(err)
		case err == nil && !(json.Valid(compiled) && json.Valid(versioned)):
			t.Errorf("%s\n%s", compiled, versioned)
		}
		if err != nil {
			return
		}
		// A compiled release compiles to itself.
		again, _, err := Merge([]json.RawMessage{compiled})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := filledOnly(t, again), filledOnly(t, compiled); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// filledOnly is a text of a JSON value without what is empty, as that is not merged.
func filledOnly(t *testing.T, raw []byte) string {
	t.Helper()
	n, err := parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	var text func(n *node) string
	text = func(n *node) string {
		if n.is != isObject && n.is != isList {
			return n.canon()
		}
		var parts []string
		for i, v := range n.under {
			s := text(v)
			if s != "" && n.is == isObject {
				s = strconv.Quote(n.keys[i]) + ":" + s
			}
			if s != "" {
				parts = append(parts, s)
			}
		}
		if n.is == isObject {
			slices.Sort(parts)
		}
		return strings.Join(append(parts, ""), ",")
	}
	return text(n)
}
