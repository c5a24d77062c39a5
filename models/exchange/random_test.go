package exchange

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// pieces are what texts are made of that files have trouble with.
var pieces = []string{"", " ", "a", ";", ",", "\"", "'", "=", "-", "@", "\t", "\r", "\n", "\r\n", "{", "[", "}", "õ", "unknown", "yes", "\\", "\u00a0", "\u2028", "<&>", "sep="}

// random fills whatever v is.
func random(r *rand.Rand, v reflect.Value) {
	switch at := v.Addr().Interface().(type) {
	case *models.Key:
		if r.IntN(4) > 0 {
			*at = models.Key{Scheme: "demo", Code: "k" + randomText(r) + "k"}
		}
		return
	case *models.Date:
		if r.IntN(3) > 0 {
			*at = models.NewDate(2020+r.IntN(9), 3, 1+r.IntN(28))
		}
		return
	case *models.Decimal:
		*at = dec([]string{"0", "1.5", "-3", "1000"}[r.IntN(4)])
		return
	case *json.RawMessage:
		*at = []json.RawMessage{nil, []byte(`{"a":[1,"õ;"]}`), []byte(`"x"`)}[r.IntN(3)]
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(randomText(r))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.IntN(4)) * 7)
	case reflect.Pointer:
		if r.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			random(r, v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 4))
		for i := range v.Len() {
			random(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, lang := range []string{"et", "en", "fi"}[:r.IntN(4)] {
			item := reflect.New(v.Type().Elem()).Elem()
			random(r, item)
			v.SetMapIndex(reflect.ValueOf(lang), item)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				random(r, v.Field(i))
			}
		}
	}
}

func randomText(r *rand.Rand) (s string) {
	for range r.IntN(4) {
		s += pieces[r.IntN(len(pieces))]
	}
	return s
}

// Whatever a record says, both formats give it back.
func TestRandomRecordsRoundTrip(t *testing.T) {
	schema := testSchema(t)
	r := rand.New(rand.NewPCG(1, 2))
	var records []Record
	for i := range 1500 {
		o, l := identity.Organisation{}, catalogue.Listing{}
		random(r, reflect.ValueOf(&o).Elem())
		random(r, reflect.ValueOf(&l).Elem())
		o.ID, o.Key, l.Key = 0, models.Key{Scheme: "demo", Code: encode(i)}, models.Key{Scheme: "demo", Code: encode(i)}
		known(r, schema, &l)
		records = append(records, Record{Organisation: &o}, Record{Listing: &l})
	}
	records, problems := readAll(t, NewJSONL("f", bytes.NewReader(writeJSONL(t, records))))
	if len(records) < 1000 { // the others lack something that every record needs
		t.Fatalf("only %d records are read back, problems: %.500s", len(records), summary(problems))
	}
	roundTripCSV(t, records)
}

// known makes some of the answers be to questions that there are, in their order.
func known(r *rand.Rand, schema *catalogue.Schema, l *catalogue.Listing) {
	l.Vendor = models.Key{Scheme: "demo", Code: "v"}
	for i := range l.Versions {
		v := &l.Versions[i]
		v.Language = []string{"et", "en", "fi", " et"}[r.IntN(4)]
		q := 0
		for j := range v.Answers {
			a := &v.Answers[j]
			q = min(q+1+r.IntN(20), len(schema.Questions)-1)
			a.Question = schema.Questions[q].ID
			if r.IntN(2) == 0 {
				*a = catalogue.Answer{Question: a.Question, Values: a.Values, By: catalogue.ByVendor, Proof: catalogue.Stated}
			} else if r.IntN(2) == 0 {
				*a = catalogue.Answer{Question: a.Question, Words: a.Words, By: catalogue.ByVendor, Proof: catalogue.Stated}
			}
			if r.IntN(3) == 0 && len(a.Words) > 0 {
				a.Words = map[string][]string{v.Language: []string{randomText(r), "x"}[:1+r.IntN(2)]}
			}
		}
	}
}
