package exchange

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
)

const (
	goodOrganisation = `{"organisation":{"key":"demo:a1","kind":"agency","names":{"et":"Amet"}}}`
	goodListing      = `{"listing":{"key":"demo:l1","vendor":"demo:v1","versions":[{"state":"published","language":"et","words":{"et":{"name":"Nimi"}}}]}}`
)

func TestJSONLReads(t *testing.T) {
	cases := []struct{ rule, file, want string }{
		{"a good record has no problem", goodOrganisation + "\n" + goodListing + "\n", ""},
		{"a byte order mark is stepped over", "\xEF\xBB\xBF" + goodListing + "\n", ""},
		{"lines may end with CR LF, and be empty", "\r\n" + goodListing + "\r\n\r\n", ""},
		{"the last line needs no line end", goodListing, ""},
		{"an empty file is no problem", "", ""},
		{"a field that is not known is named with its path", `{"listing":{"key":"demo:l1","vendor":"demo:v","versions":[{"langauge":"et","language":"et","words":{"et":{"name":"N","nmae":""}}}]}}`,
			"line 1|listing.versions[0].langauge|refused|unknown_field\nline 1|listing.versions[0].words.et.nmae|refused|unknown_field"},
		{"names are exact: another case is another name", strings.Replace(goodOrganisation, `"key"`, `"Key"`, 1), "line 1|organisation.Key|refused|unknown_field"},
		{"a field that comes twice is told", strings.Replace(goodOrganisation, `"kind"`, `"key":"demo:b","kind"`, 1), "line 1|organisation.key|refused|duplicate_field"},
		{"a name written with escapes is the same name", strings.Replace(goodOrganisation, `"kind"`, `"k\u0065y":"demo:b","kind"`, 1), "line 1|organisation.key|refused|duplicate_field"},
		{"a field that comes twice in free facts is told", extra(`{"a":1,"b":{"c":1,"c":2}}`), "line 1|listing.versions[0].extra.b.c|refused|duplicate_field"},
		{"a language that comes twice is told", strings.Replace(goodOrganisation, `{"et":"Amet"}`, `{"et":"A","et":"B"}`, 1), "line 1|organisation.names.et|refused|duplicate_field"},
		{"a number where a text is wanted", strings.Replace(goodOrganisation, `"agency"`, `1`, 1), "line 1|organisation.kind|refused|wrong_type"},
		{"an object where a list is wanted", `{"listing":{"key":"demo:l1","vendor":"demo:v","versions":{}}}`, "line 1|listing.versions|refused|wrong_type"},
		{"a hole in a list", strings.Replace(goodListing, `"words"`, `"cpv":["48190000-6",null],"words"`, 1), "line 1|listing.versions[0].cpv[1]|refused|wrong_type"},
		{"a fraction where a whole number is wanted", strings.Replace(goodOrganisation, `"kind"`, `"size":1.5,"kind"`, 1), "line 1|organisation.size|refused|not_whole"},
		{"a number too large", strings.Replace(goodOrganisation, `"kind"`, `"size":9223372036854775808,"kind"`, 1), "line 1|organisation.size|refused|not_whole"},
		{"a date that is none", strings.Replace(goodListing, `"language"`, `"published":"2026-02-30","language"`, 1), "line 1|listing.versions[0].published|refused|bad_value"},
		{"a key without a scheme", strings.Replace(goodOrganisation, `demo:a1`, `a1`, 1), "line 1|organisation.key|refused|bad_value"},
		{"a record of both kinds", `{"organisation":{"key":"demo:a1","kind":"agency","names":{"et":"A"}},` + goodListing[1:], "line 1||refused|one_record"},
		{"a record of no kind", `{}`, "line 1||refused|one_record"},
		{"what every record needs", `{"listing":{"versions":[{"state":"draft"}]}}`,
			"line 1|listing.key|refused|missing\nline 1|listing.vendor|refused|missing\nline 1|listing.versions[0].language|refused|missing\nline 1|listing.versions[0].words|refused|missing"},
		{"a key that comes twice names the first line", goodOrganisation + "\n\n" + goodOrganisation + "\n", "line 3|organisation.key|refused|duplicate_key"},
		{"an organisation and a listing may share a key", goodOrganisation + "\n" + strings.Replace(goodListing, "demo:l1", "demo:a1", 1), ""},
		{"a broken line does not hide the next", "{\n" + goodListing + "\n[]\n", "line 1||refused|truncated\nline 3||refused|wrong_type"},
		{"a file that is cut short", goodListing + "\n" + goodOrganisation[:40], "line 2|organisation.kind|refused|truncated\nline 2||refused|no_line_end"},
		{"a comma too many", `{"organisation":{"key":"demo:a1",}}`, "line 1|organisation|refused|bad_json"},
		{"two records on a line", goodOrganisation + goodListing, "line 1||refused|more_json"},
		{"a line end in a text", "{\"organisation\":{\"key\":\"a\tb\"}}", "line 1|organisation.key|refused|control"},
		{"a NUL byte", "{\"organisation\":\x00}", "line 1||refused|nul"},
		{"a NUL character, which databases cannot keep", strings.Replace(goodOrganisation, "Amet", `A\u0000`, 1), "line 1|organisation.names.et|refused|nul_escape"},
		{"half of a character", strings.Replace(goodOrganisation, "Amet", `A\ud83d`, 1), "line 1|organisation.names.et|refused|half_character"},
		{"a whole character of two halves", strings.Replace(goodOrganisation, "Amet", `A\ud83d\ude00`, 1), ""},
		{"text that is not UTF-8", strings.Replace(goodOrganisation, "Amet", "T\xF6\xF6amet", 1), "line 1||refused|not_utf8"},
		{"UTF-16 with its mark", "\xFF\xFE{\x00", "||stopped|utf16"},
		{"UTF-16 without a mark", "{\x00\"\x00o\x00r\x00g\x00", "||stopped|utf16"},
		{"a workbook", "PK\x03\x04abc", "||stopped|workbook"},
		{"a compressed file", "\x1F\x8Babc", "||stopped|compressed"},
		{"nesting without end", strings.Repeat("[", 200), "line 1|" + strings.Repeat("[0]", 100) + "|refused|too_deep"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			_, problems := readAll(t, NewJSONL("f.jsonl", strings.NewReader(c.file)))
			if got := summary(problems); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func extra(facts string) string {
	return strings.Replace(goodListing, `"words"`, `"extra":`+facts+`,"words"`, 1)
}

func TestJSONLTellsWhereBytesAreNotUTF8(t *testing.T) {
	file := goodListing + "\n" + strings.Replace(goodOrganisation, "Amet", "T\xF6\xF6amet", 1) + "\n"
	_, problems := readAll(t, NewJSONL("f", strings.NewReader(file)))
	if len(problems) != 1 || problems[0].Args[0] != int64(strings.IndexByte(file, 0xF6)) || problems[0].Args[2] != "Windows-1252" {
		t.Errorf("got %v", problems)
	}
	mac := strings.Replace(goodOrganisation, "Amet", "T\x9A\x9Aamet \x9Bpetus", 1)
	if _, problems = readAll(t, NewJSONL("f", strings.NewReader(mac))); problems[0].Args[2] != "Mac Roman" {
		t.Errorf("got %v", problems[0].Args)
	}
}

func TestJSONLCountsEverything(t *testing.T) {
	r := NewJSONL("f", strings.NewReader(goodOrganisation+"\n\n \n{}\n"+goodListing+"\n"))
	readAll(t, r)
	for name, want := range map[string]Count{
		"organisations": {Read: 1, Kept: 1}, "listings": {Read: 1, Kept: 1},
		"blank_lines": {Read: 2, Left: 2}, "refused": {Read: 1, Left: 1},
	} {
		want.Name = "exchange.count." + name
		if got := count(r, name); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// endless is a line of the given length, made as it is read.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= n
	return n, nil
}

func TestJSONLBoundsMemory(t *testing.T) {
	file := io.MultiReader(strings.NewReader(goodOrganisation+"\n\""), &endless{100 << 20}, strings.NewReader("\"\n"+goodListing+"\n"))
	r := NewJSONL("f", file).(*jsonl)
	records, problems := readAll(t, r)
	if got := summary(problems); len(records) != 2 || got != "line 2||refused|too_long" {
		t.Errorf("got %d records and %s", len(records), got)
	}
	if c := cap(r.lines.buf); c > 3*maxRecord {
		t.Errorf("a line of 100 MB took %d bytes", c)
	}
}

func TestJSONLRoundTrip(t *testing.T) {
	first := writeJSONL(t, everything())
	records, problems := readAll(t, NewJSONL("f", bytes.NewReader(first)))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if second := writeJSONL(t, records); !bytes.Equal(first, second) {
		t.Errorf("wrote\n%s\nthen\n%s", first, second)
	}
}

// The demonstration data is written by hand, so it uses the format as people do.
func TestSeedReads(t *testing.T) {
	for _, name := range []string{"organisations.jsonl", "listings.jsonl"} {
		f, err := os.Open("../../db/seed/" + name)
		if err != nil {
			t.Skip("there is no demonstration data yet")
		}
		defer f.Close()
		records, problems := readAll(t, NewJSONL(name, f))
		if len(problems) > 0 || len(records) == 0 {
			t.Errorf("%s: %d records, problems:\n%s", name, len(records), summary(problems))
		}
		roundTripCSV(t, records)
	}
}
