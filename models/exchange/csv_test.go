package exchange

import (
	"bytes"
	"encoding/csv"
	"io"
	"reflect"
	"strings"
	"testing"

	"pilveturg/models/catalogue"
)

// roundTripCSV writes records as a table, reads it, and wants what our JSON Lines
// say of them to be the same.
func roundTripCSV(t testing.TB, records []Record) []byte {
	t.Helper()
	schema := testSchema(t)
	table := writeCSV(t, schema, records)
	back, problems := readAll(t, NewCSV("f.csv", bytes.NewReader(table), schema))
	if len(problems) > 0 {
		t.Fatalf("problems:\n%s\nin\n%s", summary(problems), table)
	}
	want, got := writeJSONL(t, records), writeJSONL(t, back)
	if !bytes.Equal(want, got) {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	return table
}

func TestCSVRoundTrip(t *testing.T) {
	table := roundTripCSV(t, everything())
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cell := func(row int, column string) string {
		for i, name := range rows[0] {
			if name == column {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s", column)
		return ""
	}
	for _, c := range []struct{ rule, column, want string }{
		{"a list is readable", "categories", "school-journals; timetables"},
		{"values of the vendor are readable", "a.service_model", "saas; paas"},
		{"unknown is a word", "a.interface_languages", "unknown"},
		{"words in the listing's language are readable", "a.features", "Hinded; Puudumised"},
		{"a text may hold a semicolon", "a.exit_help", "Aitame; tasuta."},
		{"a number is as it is", "a.availability", "99.9"},
		{"what is more than the vendor's word is JSON", "a.open_source", `{"values":["yes"],"by":"assessor","proof":"document","source":"https://example.org/p","since":"2026-03-05"}`},
		{"the newest name stands in the column", "name.et", "Päevik"},
		{"no record needs the last column", "json", ""},
	} {
		if got := cell(2, c.column); got != c.want {
			t.Errorf("%s: got %q, want %q", c.rule, got, c.want)
		}
	}
	if got := cell(1, "name.en"); got != "'=Agency" {
		t.Errorf("a formula is not guarded: %q", got)
	}
}

// What has no column of its own stands whole in the last one.
func TestCSVRoundTripOfOddRecords(t *testing.T) {
	change := func(f func(*catalogue.Listing)) Record {
		r := everything()[1]
		f(r.Listing)
		return r
	}
	for rule, r := range map[string]Record{
		"a language without columns": change(func(l *catalogue.Listing) { l.Versions[1].Words["fi"] = catalogue.Words{Name: "Nimi"} }),
		"answers in another order": change(func(l *catalogue.Listing) {
			a := l.Versions[1].Answers
			a[0], a[1] = a[1], a[0]
		}),
		"a question that is not known":    change(func(l *catalogue.Listing) { l.Versions[1].Answers[0].Question = "no_such" }),
		"a text of spaces":                change(func(l *catalogue.Listing) { l.Versions[1].Words["en"] = catalogue.Words{Name: "N", Summary: "  "} }),
		"spaces around a word":            change(func(l *catalogue.Listing) { l.Slug = " x " }),
		"an answer of nobody":             change(func(l *catalogue.Listing) { l.Versions[1].Answers[1].By = "" }),
		"entries that lists cannot part":  change(func(l *catalogue.Listing) { l.Versions[1].Categories = []string{"a;b", " c", ""} }),
		"a value that is not canonical":   change(func(l *catalogue.Listing) { l.Versions[1].Answers[4].Values = []string{"EE", "Fi"} }),
		"a value that looks like unknown": change(func(l *catalogue.Listing) { l.Versions[1].Answers[1].Values = []string{"Unknown"} }),
		"values where words are wanted":   change(func(l *catalogue.Listing) { l.Versions[1].Answers[0].Values = []string{"x"} }),
		"text that looks guarded": change(func(l *catalogue.Listing) {
			l.Versions[1].Words["et"] = catalogue.Words{Name: "'=1+1", Summary: "''", Description: "'x"}
		}),
		"text that begins like a formula": change(func(l *catalogue.Listing) {
			l.Versions[1].Words["et"] = catalogue.Words{Name: "@x", Summary: "-1", Description: "\t+"}
		}),
		"line ends of every kind in texts": change(func(l *catalogue.Listing) {
			l.Versions[1].Words["et"] = catalogue.Words{Name: "a", Description: "\r\na\rb\nc\r"}
		}),
	} {
		t.Run(rule, func(t *testing.T) { roundTripCSV(t, []Record{r}) })
	}
}

const listingHeading = "key,vendor,language,name.et"

func TestCSVReads(t *testing.T) {
	cases := []struct{ rule, file, want string }{
		{"a good row has no problem", listingHeading + "\ndemo:1,demo:v,et,Nimi\n", ""},
		{"semicolons part cells", "key;vendor;language;name.et;categories\ndemo:1;demo:v;et;Nimi;\"maps; forms\"\n", ""},
		{"tabs part cells", "key\tvendor\tlanguage\tname.et\ndemo:1\tdemo:v\tet\tNimi, pikk; lai\n", ""},
		{"a first line may name the separator", "sep=;\r\nkey;vendor;language;name.et\r\ndemo:1;demo:v;et;Nimi\r\n", ""},
		{"lines may end with CR only", "key,vendor,language,name.et\rdemo:1,demo:v,et,Nimi\r", ""},
		{"the last line needs no line end", listingHeading + "\ndemo:1,demo:v,et,Nimi", ""},
		{"cells in quotes may hold line ends", listingHeading + ",description.et\n" + `demo:1,demo:v,et,Nimi,"a` + "\r\n\r\n" + `b"` + "\ndemo:2,demo:v,et,,\n",
			"line 5|name.<language>|refused|missing"},
		{"empty rows are stepped over", listingHeading + "\n,,,\n\ndemo:1,demo:v,et,Nimi\n", ""},
		{"empty cells too many at the end are no loss", listingHeading + "\ndemo:1,demo:v,et,Nimi,,\n", ""},
		{"an empty file", "", "line 1||stopped|empty_file"},
		{"a file without a heading", "demo:1,demo:v,et,Nimi\n", "line 1||stopped|no_heading"},
		{"a column that is not known", "key,vendor,nimi,a.no_such,name.\n", "line 1|nimi|stopped|unknown_column\nline 1|a.no_such|stopped|unknown_column\nline 1|name.|stopped|unknown_column"},
		{"a column that comes twice", "key,vendor,key\n", "line 1|key|stopped|duplicate_column"},
		{"a column without a name", "key,,vendor\n", "line 1||stopped|nameless_column"},
		{"a row too short", listingHeading + "\ndemo:1,demo:v\n", "line 2||refused|cells"},
		{"a row too long", listingHeading + "\ndemo:1,demo:v,et,Nimi,x\n", "line 2||refused|cells"},
		{"a quote that is never closed", listingHeading + "\ndemo:1,demo:v,et,\"Nimi\ndemo:2,demo:v,et,N\n", "line 2||stopped|open_quote"},
		{"text behind a closing quote", listingHeading + "\ndemo:1,demo:v,et,\"Nimi\" x\ndemo:2,demo:v,et,N\n", "line 2||refused|after_quote"},
		{"a quote inside a plain cell is a quote", listingHeading + "\ndemo:1,demo:v,et,4\" ekraan\n", ""},
		{"a kind of record that there is not", "record," + listingHeading + "\nvendor,demo:1,demo:v,et,N\n", "line 2|record|refused|record_kind"},
		{"a cell of the other kind of record", "record,key,kind,name.et,cpv\norganisation,demo:1,agency,N,48190000-6\n", "line 2|cpv|refused|not_for_kind"},
		{"a date as spreadsheets show it", listingHeading + ",published\ndemo:1,demo:v,et,N,5.03.2026\n", "line 2|published|refused|bad_value"},
		{"a flag that is neither yes nor no", listingHeading + ",unclaimed\ndemo:1,demo:v,et,N,vist\n", "line 2|unclaimed|refused|not_flag"},
		{"a number that is none", "record,key,kind,name.et,size\norganisation,demo:1,agency,N,12.5\n", "line 2|size|refused|not_whole"},
		{"JSON is as strict as in our JSON Lines", listingHeading + ",plans\ndemo:1,demo:v,et,N,\"[{\"\"code\"\":\"\"a\"\",\"\"prise\"\":1}]\"\n", "line 2|plans[0].prise|refused|unknown_field"},
		{"an answer that the question does not take", listingHeading + ",a.open_source\ndemo:1,demo:v,et,N,vist\n", "line 2|a.open_source|refused|answer.yes_no"},
		{"a wrong field in the JSON of an answer", listingHeading + ",a.open_source\ndemo:1,demo:v,et,N,\"{\"\"value\"\":[]}\"\n", "line 2|a.open_source.value|refused|unknown_field"},
		{"every wrong cell of a row is told", listingHeading + ",published,unclaimed\ndemo,demo:v,et,N,x,y\n", "line 2|key|refused|bad_value\nline 2|published|refused|bad_value\nline 2|unclaimed|refused|not_flag"},
		{"a key that comes twice", listingHeading + "\ndemo:1,demo:v,et,N\ndemo:1,demo:v,et,N\n", "line 3|key|refused|duplicate_key"},
		{"what every record needs, by its column", "record,key,slug\n,,x\norganisation,,y\n",
			"line 2|key|refused|missing\nline 2|vendor|refused|missing\nline 2|language|refused|missing\nline 2|name.<language>|refused|missing\n" +
				"line 3|key|refused|missing\nline 3|kind|refused|missing\nline 3|name.<language>|refused|missing"},
		{"a cell beside a whole record", "key,json,name.et\ndemo:l1,\"" + strings.ReplaceAll(goodListing, `"`, `""`) + "\",Nimi\n", "line 2|name.et|refused|beside_json"},
		{"another key beside a whole record", "key,json\ndemo:x,\"" + strings.ReplaceAll(goodListing, `"`, `""`) + "\"\n", "line 2|key|refused|key_beside_json"},
		{"text that is not UTF-8", listingHeading + "\ndemo:1,demo:v,et,T\xF6\xF6\n", "line 2||refused|not_utf8"},
		{"a NUL", listingHeading + "\ndemo:1,demo:v,et,T\x00\n", "line 2||refused|nul"},
		{"UTF-16", "\xFE\xFF\x00k", "||stopped|utf16"},
		{"a workbook", "PK\x03\x04", "||stopped|workbook"},
	}
	schema := testSchema(t)
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			_, problems := readAll(t, NewCSV("f.csv", strings.NewReader(c.file), schema))
			if got := summary(problems); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// People type answers as they speak; the table takes them.
func TestCSVTakesWhatPeopleType(t *testing.T) {
	schema := testSchema(t)
	file := "key,vendor,language,name.et,unclaimed,a.availability,a.data_countries,a.open_source,a.features,a.start_days,a.exit_help\n" +
		"demo:1,demo:v,et, Nimi ,YES,\"99,9 %\",\"fi, EE\",jah,Üks;Kaks,Unknown,Aitame; tasuta\n"
	records, problems := readAll(t, NewCSV("f.csv", strings.NewReader(file), schema))
	if len(problems) > 0 || len(records) != 1 {
		t.Fatal(summary(problems))
	}
	l := records[0].Listing
	got := map[string]catalogue.Answer{}
	for _, a := range l.Versions[0].Answers {
		got[a.Question] = a
	}
	for q, want := range map[string][]string{"availability": {"99.9"}, "data_countries": {"EE", "FI"}, "open_source": {"yes"}, "start_days": nil} {
		a, ok := got[q]
		if !ok || !reflect.DeepEqual(a.Values, want) || a.By != catalogue.ByVendor || a.Proof != catalogue.Stated {
			t.Errorf("%s: got %v, want %v", q, a, want)
		}
	}
	if a := l.Versions[0].Answers; a[0].Question != "features" || a[len(a)-1].Question != "availability" {
		t.Errorf("the answers are not in the order of the questions: %v", a)
	}
	if want := map[string][]string{"et": {"Üks", "Kaks"}}; !reflect.DeepEqual(got["features"].Words, want) {
		t.Errorf("features: got %v, want %v", got["features"].Words, want)
	}
	if want := map[string][]string{"et": {"Aitame; tasuta"}}; !reflect.DeepEqual(got["exit_help"].Words, want) {
		t.Errorf("exit_help: got %v, want %v", got["exit_help"].Words, want)
	}
	if l.Versions[0].Words["et"].Name != " Nimi " || !l.Unclaimed {
		t.Errorf("got %+v", l)
	}
}

func TestCSVLinesAreThoseOfTheFile(t *testing.T) {
	file := "record,key,kind,name.et,about.et\n" + `organisation,demo:1,agency,N,"a` + "\n\r\n\rb\"\r\n" + "organisation,demo:2,agency,N,x\n"
	records, _ := readAll(t, NewCSV("f.csv", strings.NewReader(file), testSchema(t)))
	if len(records) != 2 || records[0].Where != "line 2" || records[1].Where != "line 6" {
		t.Errorf("got %v", records)
	}
}

func TestCSVBoundsMemory(t *testing.T) {
	file := io.MultiReader(strings.NewReader(listingHeading+"\ndemo:1,demo:v,et,\""), &endless{100 << 20}, strings.NewReader("\"\ndemo:2,demo:v,et,N\n"))
	r := NewCSV("f.csv", file, testSchema(t)).(*csvReader)
	records, problems := readAll(t, r)
	if got := summary(problems); len(records) != 1 || got != "line 2||refused|too_long" {
		t.Errorf("got %d records and %s", len(records), got)
	}
	if n := cap(r.cells.raw) + cap(r.cells.text); n > 6*maxRecord {
		t.Errorf("a cell of 100 MB took %d bytes", n)
	}
}
