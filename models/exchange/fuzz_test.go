package exchange

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// drain reads to the end, which must come: no reader has more to say than a few
// things for every byte of its file.
func drain(t *testing.T, r Reader, size int) []Record {
	t.Helper()
	var records []Record
	for range 1000 + 50*size {
		rec, err := r.Next()
		var p *Problem
		switch {
		case errors.Is(err, io.EOF):
			return records
		case errors.As(err, &p):
			if p.File == "" || p.Effect == "" || words[p.Key].what == "" && p.What() == p.Key {
				t.Fatalf("problem without words: %#v", p)
			}
		case err != nil:
			return records
		case (rec.Listing == nil) == (rec.Organisation == nil):
			t.Fatalf("a record that is not one thing: %+v", rec)
		default:
			records = append(records, rec)
		}
	}
	t.Fatal("the reading does not end")
	return nil
}

func FuzzJSONL(f *testing.F) {
	f.Add(writeJSONL(f, everything()))
	f.Add([]byte(goodOrganisation + "\r\n\n" + goodListing))
	f.Add([]byte("\xEF\xBB\xBF{\"organisation\":{\"key\":\"a\\u0000\"}}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		records := drain(t, NewJSONL("f", bytes.NewReader(b)), len(b))
		first := writeJSONL(t, records)
		again := drain(t, NewJSONL("f", bytes.NewReader(first)), len(first))
		if second := writeJSONL(t, again); !bytes.Equal(first, second) {
			t.Fatalf("wrote\n%s\nthen\n%s", first, second)
		}
	})
}

func FuzzCSV(f *testing.F) {
	schema := testSchema(f)
	f.Add(writeCSV(f, schema, everything()))
	f.Add([]byte("sep=;\r\nkey;vendor;language;name.et;a.open_source\r\ndemo:1;demo:v;et;\"Ni\r\n\"\"mi\";jah\r\n"))
	f.Add([]byte("record\tkey\tjson\nlisting\tdemo:l1\t\"" + strings.ReplaceAll(goodListing, `"`, `""`) + "\""))
	f.Fuzz(func(t *testing.T, b []byte) { drain(t, NewCSV("f", bytes.NewReader(b), schema), len(b)) })
}

// Whatever our JSON Lines can say, the table can say too.
func FuzzCSVRoundTrip(f *testing.F) {
	schema := testSchema(f)
	f.Add(writeJSONL(f, everything()))
	f.Add([]byte(goodOrganisation + "\n" + goodListing))
	f.Add([]byte(strings.Replace(goodListing, `"words"`, `"answers":[{"q":"features","by":"vendor","proof":"stated","words":{"et":["{", "a;b", "unknown"]}}],"words"`, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		records := drain(t, NewJSONL("f", bytes.NewReader(b)), len(b))
		table := writeCSV(t, schema, records)
		back := drain(t, NewCSV("f", bytes.NewReader(table), schema), len(table))
		want, got := writeJSONL(t, records), writeJSONL(t, back)
		if !bytes.Equal(want, got) {
			t.Fatalf("got\n%s\nwant\n%s\nby\n%s", got, want, table)
		}
	})
}

func FuzzFedRAMP(f *testing.F) {
	schema := testSchema(f)
	b, err := os.ReadFile("testdata/fedramp.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"meta":{"last_change":"2025-01-30T23:22:45.200Z"},"data":{"Products":[],"Agencies":[],"AtoMapping":[],"ReuseMapping":[{"id":"1"}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, r := range drain(t, NewFedRAMP("f", bytes.NewReader(b), schema), len(b)) {
			if r.Listing != nil {
				if err := schema.CheckListing(r.Listing); err != nil {
					t.Fatalf("%s: %v", r.Where, err)
				}
			}
		}
	})
}

func FuzzPublicCode(f *testing.F) {
	schema := testSchema(f)
	for _, name := range []string{"testdata/publiccode/raamatud/publiccode.yml", "testdata/publiccode/gate/publiccode.yaml"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(goodSoftware))
	f.Fuzz(func(t *testing.T, b []byte) {
		fsys := fstest.MapFS{"p.yml": {Data: b}}
		for _, r := range drain(t, NewPublicCode(fsys, "p.yml", schema), len(b)) {
			if r.Listing != nil {
				if err := schema.CheckListing(r.Listing); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func FuzzCPV(f *testing.F) {
	f.Add([]byte(cpvList), []byte("Deep: Sügav"))
	f.Fuzz(func(t *testing.T, b, names []byte) {
		r := NewCPV("f", bytes.NewReader(b), "n", bytes.NewReader(names))
		for range 1000 + 50*len(b) {
			if c, err := r.Next(); errors.Is(err, io.EOF) {
				return
			} else if err == nil && (!cpvShape.MatchString(c.Code) || c.Kind == "" || c.Names["en"] == "") {
				t.Fatalf("got %+v", c)
			}
		}
		t.Fatal("the reading does not end")
	})
}

// Markdown of any plain text is text, and keeps every letter.
func FuzzMarkdown(f *testing.F) {
	f.Add("A *b*.\r\n- c\n• d\n# e\n1. f <g> & [h](i)")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		plain, _, _ := clean(s)
		if !utf8.ValidString(markdown(plain)) || utf8.RuneCountInString(firstSentences(plain)) > longSummary {
			t.Fatalf("%q gives %q and %q", s, markdown(plain), firstSentences(plain))
		}
	})
}
