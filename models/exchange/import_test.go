package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

func loaded(t testing.TB) *catalogue.Schema {
	t.Helper()
	files, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	s, err := catalogue.LoadSchema(files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func seed(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	for _, name := range []string{"seed/organisations.jsonl", "seed/listings.jsonl"} {
		b, err := db.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

func fileOf(text string) Source {
	return Source{Kind: Listings, File: "test.jsonl", Open: func() (Reader, error) {
		return NewJSONL("test.jsonl", strings.NewReader(text)), nil
	}}
}

func take(t testing.TB, d *db.DB, src Source, dry bool) Report {
	t.Helper()
	r, err := Import(t.Context(), d, admin, loaded(t), src, dry)
	if err != nil {
		t.Fatalf("import: %v; %v", err, r.Problems)
	}
	return r
}

func written(t testing.TB, d *db.DB) string {
	t.Helper()
	var b bytes.Buffer
	if _, _, err := Export(t.Context(), d, NewJSONLWriter(&b)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWhatIsExportedComesBackTheSame(t *testing.T) {
	first, second := dbtest.New(t), dbtest.New(t)
	take(t, first, fileOf(seed(t)), false)
	file := written(t, first)
	take(t, second, fileOf(file), false)
	if again := written(t, second); again != file {
		t.Error("the second export differs from the first")
	}
	if r := take(t, first, fileOf(file), false); r.ID != 0 || r.Listings.Touched()+r.Organisations.Touched() != 0 {
		t.Errorf("importing what was exported changed %+v %+v", r.Organisations, r.Listings)
	}
}

func TestADryRunKeepsNothing(t *testing.T) {
	d := dbtest.New(t)
	r := take(t, d, fileOf(seed(t)), true)
	if r.Applied || r.Listings.Created == 0 {
		t.Errorf("report %+v", r)
	}
	if got := written(t, d); got != "" {
		t.Errorf("kept %d bytes", len(got))
	}
}

func TestAnImportWithOneWrongRecordKeepsNothing(t *testing.T) {
	for _, tt := range []struct{ name, line, field string }{
		{"an unknown vendor", `{"listing":{"key":"t:1","vendor":"t:nobody","versions":[{"state":"published","language":"en","words":{"en":{"name":"A"}}}]}}`, "listing.vendor"},
		{"an answer that is none", `{"listing":{"key":"t:1","vendor":"ee-reg:00000001","versions":[{"state":"published","language":"en","words":{"en":{"name":"A"}},"answers":[{"q":"service_model","values":["car"],"by":"vendor","proof":"stated"}]}]}}`, "listing.versions[0].answers[0].values[0]"},
		{"a kind of document that is none", documented(`"kind":"invoice"`), "listing.versions[0].documents[0].kind"},
		{"a document that proves what nobody asks", documented(`"answers":["colour"]`), "listing.versions[0].documents[0].answers[0]"},
		{"a document at no address", documented(`"url":"iso.pdf"`), "listing.versions[0].documents[0].url"},
		{"a document without end", documented(`"text":"` + strings.Repeat("a ", catalogue.MaxPaperText) + `"`), "listing.versions[0].documents[0].text"},
		{"a document that is there twice", documented(`"kind":"terms"},{"code":"iso","titles":{"en":"B"},"kind":"price_list","language":"en","proof":"tested"`), "listing.versions[0].documents[1].code"},
		{"a field of a document that is not known", documented(`"valid":true`), "listing.versions[0].documents[0].valid"},
		{"a day of a document that is none", documented(`"issued":"2026-02-30"`), "listing.versions[0].documents[0].issued"},
		{"a successor that never comes", `{"listing":{"key":"t:1","vendor":"ee-reg:00000001","successor":"t:2","versions":[{"state":"published","language":"en","words":{"en":{"name":"A"}}}]}}`, "listing.successor"},
		{"a file that is cut short", `{"listing":{"key":"t:1"`, "listing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := dbtest.New(t)
			r, err := Import(t.Context(), d, admin, loaded(t), fileOf(seed(t)+tt.line+"\n"), false)
			if !errors.Is(err, ErrRefused) || r.Applied {
				t.Fatalf("got %v, applied %t; want refused", err, r.Applied)
			}
			if len(r.Problems) != 1 || r.Problems[0].Field != tt.field {
				t.Errorf("problems %v, want one of %q", r.Problems, tt.field)
			}
			if got := written(t, d); got != "" {
				t.Errorf("kept %d bytes", len(got))
			}
		})
	}
}

// documented is a line with a document that says more than it has to.
func documented(more string) string {
	document := `{"code":"iso","titles":{"en":"A"},"language":"en","proof":"stated",` + more + `}`
	if !strings.Contains(more, `"kind"`) {
		document = strings.Replace(document, "{", `{"kind":"certificate",`, 1)
	}
	return `{"listing":{"key":"t:1","vendor":"ee-reg:00000001","versions":[{"state":"published","language":"en","words":{"en":{"name":"A"}},"documents":[` + document + `]}]}}`
}

func TestOnlyAdministratorsImportAndUndo(t *testing.T) {
	d := dbtest.New(t)
	if _, err := Import(t.Context(), d, models.Actor{AccountID: 1}, loaded(t), fileOf(seed(t)), false); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("import: %v, want forbidden", err)
	}
	r := take(t, d, fileOf(seed(t)), false)
	if _, err := Undo(t.Context(), d, models.Actor{AccountID: 1}, r.ID); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("undo: %v, want forbidden", err)
	}
}

// edited is the seed with every name of a service in English ending in "2".
func edited(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(seed(t)) {
		var rec map[string]map[string]any
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		if l := rec["listing"]; l != nil {
			all := l["versions"].([]any)
			words := all[len(all)-1].(map[string]any)["words"].(map[string]any)
			for _, w := range words {
				w := w.(map[string]any)
				w["name"] = w["name"].(string) + " 2"
			}
			l["uses"] = nil
			delete(l, "uses")
		}
		b, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(b, '\n'))
	}
	return out.String()
}

func TestImportsAreUndoneOneAfterTheOther(t *testing.T) {
	d := dbtest.New(t)
	first := take(t, d, fileOf(seed(t)), false)
	before := written(t, d)
	second := take(t, d, fileOf(edited(t)), false)
	if second.Listings.Changed != 66 || second.Organisations.Unchanged != 45 {
		t.Fatalf("second import: %+v %+v", second.Organisations, second.Listings)
	}
	var conflict *ConflictError
	if _, err := Undo(t.Context(), d, admin, first.ID); !errors.As(err, &conflict) || len(conflict.Things) != 66 {
		t.Errorf("undo of the first while the second stands: %v, want 66 conflicts", err)
	}
	if _, err := Undo(t.Context(), d, admin, second.ID); err != nil {
		t.Fatal(err)
	}
	if written(t, d) != before {
		t.Error("the undone import left something behind")
	}
	if _, err := Undo(t.Context(), d, admin, second.ID); !errors.Is(err, models.ErrConflict) {
		t.Errorf("undo twice: %v, want conflict", err)
	}
	if _, err := Undo(t.Context(), d, admin, first.ID); err != nil {
		t.Fatal(err)
	}
	if got := written(t, d); got != "" {
		t.Errorf("%d bytes are left", len(got))
	}
	all, err := Imports(t.Context(), d)
	if err != nil || len(all) != 2 || all[0].UndoneAt.IsZero() || all[1].UndoneAt.IsZero() {
		t.Errorf("imports %+v, %v", all, err)
	}
}

func TestHasDemoFollowsTheDemonstration(t *testing.T) {
	d := dbtest.New(t)
	src := fileOf(seed(t))
	src.Kind = Demonstration
	shown := func() bool {
		yes, err := HasDemo(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	var got []bool
	got = append(got, shown())
	r := take(t, d, src, false)
	got = append(got, shown())
	if _, err := Undo(t.Context(), d, admin, r.ID); err != nil {
		t.Fatal(err)
	}
	if got = append(got, shown()); !reflect.DeepEqual(got, []bool{false, true, false}) {
		t.Errorf("shown before, after and undone: %v", got)
	}
}

// codes is a vocabulary given by hand.
type codes []catalogue.CPV

func (c *codes) Next() (catalogue.CPV, error) {
	if len(*c) == 0 {
		return catalogue.CPV{}, io.EOF
	}
	first := (*c)[0]
	*c = (*c)[1:]
	return first, nil
}

func (*codes) Counts() []Count { return nil }

func TestAVocabularyIsReplacedAndPutBack(t *testing.T) {
	d := dbtest.New(t)
	one := catalogue.CPV{Code: "48000000-8", Kind: "supplies", Names: models.Text{"en": "Software", "et": "Tarkvara"}}
	two := catalogue.CPV{Code: "48190000-6", Parent: one.Code, Kind: "supplies", Names: models.Text{"en": "Educational software"}}
	read := func(list ...catalogue.CPV) Report {
		src := CPVSource{File: "cpv.json", Open: func() (CPVReader, error) { c := codes(list); return &c, nil }}
		r, err := ImportCPV(t.Context(), d, admin, src, false)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := read(one, two); r.Codes.Created != 2 {
		t.Errorf("first: %+v", r.Codes)
	}
	if r := read(one, two); r.ID != 0 || r.Codes.Unchanged != 2 {
		t.Errorf("again: %+v", r)
	}
	later := read(one)
	if _, err := Undo(t.Context(), d, admin, later.ID); err != nil {
		t.Fatal(err)
	}
	if all, err := catalogue.AllCPV(t.Context(), d); err != nil || !reflect.DeepEqual(all, []catalogue.CPV{one, two}) {
		t.Errorf("after the undo: %+v, %v", all, err)
	}
}

// BenchmarkImport tells how many listings of the demonstration's size a second
// takes in, on the engine that the tests run on.
func BenchmarkImport(b *testing.B) {
	const copies = 15
	var file strings.Builder
	for i := range copies {
		for line := range strings.Lines(seed(b)) {
			if strings.HasPrefix(line, `{"listing":{"key":"demo:`) {
				own := fmt.Sprintf(`:"copy%d:`, i)
				line = strings.Replace(line, `"key":"demo:`, `"key"`+own, 1)
				line = strings.Replace(line, `"successor":"demo:`, `"successor"`+own, 1)
			} else if i > 0 {
				continue
			}
			file.WriteString(line)
		}
	}
	n := 0
	for b.Loop() {
		b.StopTimer()
		d := dbtest.New(b)
		b.StartTimer()
		r := take(b, d, fileOf(file.String()), false)
		n += r.Listings.Created
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "listings/s")
}
