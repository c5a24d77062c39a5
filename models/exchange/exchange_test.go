package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

// testSchema is the schema of the catalogue itself.
func testSchema(t testing.TB) *catalogue.Schema {
	t.Helper()
	s, err := catalogue.LoadSchema(os.DirFS("../../db/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readAll reads to the end. Every problem must have words.
func readAll(t testing.TB, r Reader) (records []Record, problems []*Problem) {
	t.Helper()
	for {
		rec, err := r.Next()
		var p *Problem
		switch {
		case errors.Is(err, io.EOF):
			for _, c := range r.Counts() {
				if c.Read != c.Kept+c.Left {
					t.Errorf("count %s: read %d, kept %d and left %d", c.Name, c.Read, c.Kept, c.Left)
				}
			}
			return records, problems
		case errors.As(err, &p):
			checkWords(t, p)
			problems = append(problems, p)
		case err != nil:
			t.Fatal(err)
		default:
			records = append(records, rec)
		}
	}
}

func checkWords(t testing.TB, p *Problem) {
	t.Helper()
	if text := p.Error(); strings.Contains(text, "%!") || strings.Contains(text, "exchange.") || p.File == "" || p.Effect == "" {
		t.Errorf("problem %#v reads %q", p, text)
	}
}

// summary shows problems in a form that a table of tests can hold.
func summary(problems []*Problem) string {
	var lines []string
	for _, p := range problems {
		line := p.Where + "|" + p.Field + "|" + string(p.Effect) + "|" + strings.TrimPrefix(p.Key, "exchange.")
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func count(r interface{ Counts() []Count }, name string) Count {
	for _, c := range r.Counts() {
		if c.Name == "exchange.count."+name {
			return c
		}
	}
	return Count{}
}

// shared opens a file of the data that lies beside the project, and skips the test
// where it is not.
func shared(t testing.TB, name string) *os.File {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if f, err := os.Open(filepath.Join(dir, "shared", "data", filepath.FromSlash(name))); err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
	}
	t.Skipf("shared/data/%s is not beside the project", name)
	return nil
}

func writeJSONL(t testing.TB, records []Record) []byte {
	t.Helper()
	var b bytes.Buffer
	writeAll(t, NewJSONLWriter(&b), records)
	return b.Bytes()
}

func writeCSV(t testing.TB, schema *catalogue.Schema, records []Record) []byte {
	t.Helper()
	var b bytes.Buffer
	writeAll(t, NewCSVWriter(&b, schema, []string{"et", "en"}), records)
	return b.Bytes()
}

func writeAll(t testing.TB, w Writer, records []Record) {
	t.Helper()
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func dec(s string) models.Decimal {
	var d models.Decimal
	if err := json.Unmarshal([]byte(`"`+s+`"`), &d); err != nil {
		panic(err)
	}
	return d
}

func ptr[T any](v T) *T { return &v }

// everything are records that between them fill every field there is.
func everything() []Record {
	day := models.NewDate(2026, 3, 5)
	both := models.Text{"et": "Õppijale", "en": "For \"learners\",\n\nwith; signs"}
	old := catalogue.Version{State: catalogue.Superseded, Published: models.NewDate(2025, 1, 2), Content: catalogue.Content{
		Language: "et", Words: map[string]catalogue.Words{"et": {Name: "Vana nimi"}},
	}}
	now := catalogue.Version{State: catalogue.Published, Published: day, Checked: day, Note: both, Content: catalogue.Content{
		Language:   "et",
		Words:      map[string]catalogue.Words{"et": {Name: "Päevik", Summary: "Lühike.", Description: "# Pikk\r\n\n- üks\n"}, "en": {Name: "Journal"}},
		Categories: []string{"school-journals", "timetables"}, CPV: []string{"48190000-6"},
		Website: "https://example.org/a?b=1;2", Contact: "myyk@example.org",
		Sources:   []catalogue.Source{{Title: "Leht", URL: "https://example.org", Seen: day}},
		Answers:   everyAnswer(day),
		Documents: everyDocument(day, both),
		Plans:     []pricing.Plan{everyPlan(both)},
		DemoPrice: true, Extra: json.RawMessage(`{"b":1,"a":[null,"x"]}`),
	}}
	l := &catalogue.Listing{
		Key: models.Key{Scheme: "demo", Code: "päevik: 1"}, Slug: "paevik", Vendor: models.Key{Scheme: "ee-reg", Code: "00000001"},
		Life: catalogue.Closed, LifeSince: day, Reason: both, Successor: models.Key{Scheme: "demo", Code: "uus"},
		Unclaimed: true, Invented: true, Versions: []catalogue.Version{old, now},
		Uses: []catalogue.Use{{
			Organisation: models.Key{Scheme: "demo", Code: "a1"}, Part: "Tartu", Phase: catalogue.InUse, Since: day, Until: day,
			Quantity: 12, Unit: "pupil", Source: catalogue.Source{Title: "Leping"},
		}},
	}
	o := &identity.Organisation{
		Key: models.Key{Scheme: "demo", Code: "a1"}, Slug: "amet", Kind: identity.Agency, Parent: models.Key{Scheme: "demo", Code: "m1"},
		Country: "EE", Names: models.Text{"et": "Amet", "en": "=Agency"}, About: both, Size: 120, SizeUnit: "staff",
		Website: "https://example.org", Markets: []string{"EE", "FI"}, Invented: true, Class: "small", XRoad: "EE/GOV/70000001",
	}
	return []Record{{Organisation: o}, {Listing: l}}
}

// everyAnswer is one answer of every kind that a table writes differently, in the
// order of the questions.
func everyAnswer(day models.Date) []catalogue.Answer {
	vendor := func(q string, values ...string) catalogue.Answer {
		return catalogue.Answer{Question: q, Values: values, By: catalogue.ByVendor, Proof: catalogue.Stated}
	}
	features := vendor("features")
	features.Words = map[string][]string{"et": {"Hinded", "Puudumised"}}
	proved := vendor("open_source", "yes")
	proved.By, proved.Proof, proved.Source, proved.Since = catalogue.ByAssessor, catalogue.Document, "https://example.org/p", day
	help := vendor("exit_help")
	help.Words = map[string][]string{"et": {"Aitame; tasuta."}}
	certificate := vendor("iso_27001", "EE-1")
	certificate.Issuer, certificate.Until = "Asutus", day
	return []catalogue.Answer{features, vendor("service_model", "saas", "paas"), vendor("interface_languages"), proved,
		vendor("data_countries", "EE", "FI"), help, vendor("availability", "99.9"), certificate}
}

// everyDocument is one that says something in every field, and one that says little.
func everyDocument(day models.Date, words models.Text) []catalogue.Paper {
	return []catalogue.Paper{
		{Code: "iso-27001", Titles: words, Kind: catalogue.PaperCertificate, URL: "https://example.org/iso.pdf", Language: "en", Issued: day,
			ValidUntil: day.AddMonths(36), Proof: catalogue.Document, Answers: []string{"iso_27001", "data_countries"}, Text: "=Certificate\r\n\n\t\"Päevik\"; all of it"},
		{Code: "terms", Titles: models.Text{"et": "Tingimused"}, Kind: catalogue.PaperTerms, Language: "et", Proof: catalogue.Stated, File: strings.Repeat("0f", 32)},
	}
}

func everyPlan(words models.Text) pricing.Plan {
	return pricing.Plan{
		Code: "standard", Name: words, Kind: pricing.Listed, Currency: "EUR", VAT: ptr(dec("24")), Billing: "month",
		Year:   pricing.Year{Months: 10, Start: 9},
		Terms:  pricing.Terms{MinimumMonths: ptr(12), NoticeDays: ptr(0), RenewalMonths: ptr(12), RiseCap: ptr(dec("3"))},
		Payers: pricing.Payers{Who: pricing.Families, Note: words}, Note: words,
		Charges: []pricing.Charge{{
			Code: "pupils", Name: words, Kind: pricing.Percent, Unit: "pupil", Per: "month", Each: "school", Mode: pricing.Volume,
			Price: ptr(dec("0.45")), Steps: []pricing.Step{{To: ptr(dec("1000")), Price: dec("0.45")}, {Price: dec("0.4")}},
			Batch: dec("1000"), Begun: true, Included: dec("5"), From: ptr(dec("1")), To: ptr(dec("2")), Rate: ptr(dec("3.5")),
			Minimum: dec("25"), MinimumUnit: "school", Maximum: dec("99"), Milestones: []models.Decimal{dec("40"), dec("60")},
			Optional: true, Note: words,
		}},
	}
}

func TestEverythingFillsEveryField(t *testing.T) {
	seen, filled := map[string]bool{}, map[string]bool{}
	for _, r := range everything() {
		walkFields(reflect.ValueOf(r), "Record", seen, filled)
	}
	for name := range seen {
		if !filled[name] && !strings.HasSuffix(name, ".ID") && name != "Record.Where" {
			t.Errorf("no record fills %s, so that nothing tells when it is lost", name)
		}
	}
}

func walkFields(v reflect.Value, name string, seen, filled map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walkFields(v.Elem(), name, seen, filled)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkFields(v.Index(i), name, seen, filled)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				full := v.Type().Name() + "." + f.Name
				seen[full] = true
				filled[full] = filled[full] || !v.Field(i).IsZero()
				walkFields(v.Field(i), full, seen, filled)
			}
		}
	}
}

// Every message key in the sources has its words, and all words are used.
func TestEveryProblemHasWords(t *testing.T) {
	var files []string
	for _, room := range []string{".", "../identity", "../catalogue"} {
		found, err := filepath.Glob(room + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	used := map[string]bool{}
	key := regexp.MustCompile(`"((?:exchange|organisation|listing)\.[a-z0-9]+_[a-z0-9_]+|exchange\.[a-z0-9]+)"`)
	for _, name := range files {
		if filepath.Base(name) == "words.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllSubmatch(b, -1) {
			used[string(m[1])] = true
		}
	}
	for k := range used {
		if words[k].what == "" {
			t.Errorf("%s has no words", k)
		}
	}
	for k := range words {
		if !used[k] {
			t.Errorf("nothing says %s", k)
		}
	}
}

func TestProblemSaysPlaceFaultAndAdvice(t *testing.T) {
	p := &Problem{File: "a.csv", Where: "line 3", Field: "plans", Effect: Refused, Key: "exchange.wrong_type", Args: []any{"a list", "null"}}
	want := "a.csv: line 3: plans: want a list, found null; write the value as the format wants it"
	if got := p.Error(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	p = &Problem{File: "a.csv", Key: "content.cpv", Args: []any{"1"}}
	if got := p.Error(); !strings.Contains(got, `"1" is no CPV code`) {
		t.Errorf("a key of the catalogue reads %q", got)
	}
}
