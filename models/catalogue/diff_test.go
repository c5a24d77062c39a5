package catalogue

import (
	"reflect"
	"testing"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

func amount(t *testing.T, s string) *models.Decimal {
	t.Helper()
	d, err := models.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func TestDiffNamesEveryFieldThatDiffers(t *testing.T) {
	plan := func(price string) []pricing.Plan {
		return []pricing.Plan{{Code: "lite", Currency: "EUR", Charges: []pricing.Charge{
			{Code: "base", Per: pricing.PerMonth, Price: amount(t, price)}}}}
	}
	answer := func(a Answer) []Answer {
		a.Question, a.By = "data_location", ByVendor
		return []Answer{a}
	}
	for _, tt := range []struct {
		name     string
		old, new Content
		want     []Difference
	}{
		{"equal contents", Content{Website: "a"}, Content{Website: "a"}, nil},
		{"a text in one language", Content{Words: map[string]Words{"et": {Name: "A"}, "en": {Name: "B"}}},
			Content{Words: map[string]Words{"et": {Name: "C"}, "en": {Name: "B"}}},
			[]Difference{{Field: FieldName, Language: "et", Old: []string{"A"}, New: []string{"C"}}}},
		{"a language that was added", Content{}, Content{Words: map[string]Words{"en": {Name: "B"}}},
			[]Difference{{Field: FieldName, Language: "en", New: []string{"B"}}}},
		{"a price", Content{Plans: plan("25")}, Content{Plans: plan("29")},
			[]Difference{{Field: FieldPlan, Plan: "lite", Path: []string{"charges", "base", "price"}, Old: []string{"25"}, New: []string{"29"}}}},
		{"a value of an answer", Content{Answers: answer(Answer{Values: []string{"EE"}, Proof: Stated})},
			Content{Answers: answer(Answer{Values: []string{"EE", "FI"}, Proof: Stated})},
			[]Difference{{Field: FieldAnswer, Question: "data_location", Old: []string{"EE"}, New: []string{"EE", "FI"}}}},
		{"how an answer is proved", Content{Answers: answer(Answer{Values: []string{"EE"}, Proof: Stated})},
			Content{Answers: answer(Answer{Values: []string{"EE"}, Proof: Document})},
			[]Difference{{Field: FieldProof, Question: "data_location", Old: []string{"vendor", "stated", "", "", "", ""},
				New: []string{"vendor", "document", "", "", "", ""}}}},
		{"a document that came, and one that went", Content{Documents: []Paper{{Code: "iso", Text: "A"}}}, Content{Documents: []Paper{{Code: "terms"}}},
			[]Difference{{Field: FieldDocument, Document: "iso", Old: []string{"iso"}}, {Field: FieldDocument, Document: "terms", New: []string{"terms"}}}},
		{"documents in another order", Content{Documents: []Paper{{Code: "a"}, {Code: "b"}}}, Content{Documents: []Paper{{Code: "b"}, {Code: "a"}}}, nil},
		{"the title and the text of a document", Content{Documents: []Paper{{Code: "iso", Titles: models.Text{"en": "A"}, Text: "old"}}},
			Content{Documents: []Paper{{Code: "iso", Titles: models.Text{"en": "A", "et": "B"}, Text: "new"}}},
			[]Difference{{Field: FieldDocument, Document: "iso", Path: []string{"title"}, Language: "et", New: []string{"B"}},
				{Field: FieldDocument, Document: "iso", Path: []string{"text"}, Old: []string{"old"}, New: []string{"new"}}}},
		{"a price that was only said to be real", Content{DemoPrice: true}, Content{},
			[]Difference{{Field: FieldOther, Path: []string{"demo_price"}, Old: []string{"true"}, New: []string{"false"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Diff(tt.old, tt.new); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// A field that Diff does not know would change a listing without anybody seeing it.
func TestDiffSeesEveryFieldOfContent(t *testing.T) {
	full := reflect.TypeFor[Content]()
	for i := range full.NumField() {
		f := full.Field(i)
		var a, b Content
		fill(reflect.ValueOf(&a).Elem().Field(i), "x")
		if len(Diff(a, b)) == 0 {
			t.Errorf("a change of %s is not seen", f.Name)
		}
	}
}

func TestDiffSeesEveryFieldOfADocument(t *testing.T) {
	full := reflect.TypeFor[Paper]()
	for i := range full.NumField() {
		a, b := Content{Documents: []Paper{{Code: "x"}}}, Content{Documents: []Paper{{Code: "x"}}}
		f := reflect.ValueOf(&a.Documents[0]).Elem().Field(i)
		if f.Type() == reflect.TypeFor[models.Date]() {
			f.Set(reflect.ValueOf(models.NewDate(2026, 3, 5)))
		} else {
			fill(f, "y")
		}
		if len(Diff(a, b)) == 0 {
			t.Errorf("a change of %s is not seen", full.Field(i).Name)
		}
	}
}

// fill puts something into v, whatever it is.
func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(`"x"`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), s)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e, s)
		v.SetMapIndex(reflect.ValueOf("en"), e)
	case reflect.Struct:
		fill(v.Field(0), s)
	}
}
