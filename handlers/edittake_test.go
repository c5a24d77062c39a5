package handlers

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pilveturg/models/catalogue"
	"pilveturg/views/locale"
)

// What a form is filled in with is what is read of it again: who opens a section and
// saves it changes nothing.
func TestASectionThatIsSavedAsItStandsChangesNothing(t *testing.T) {
	s := newSite(t)
	for _, l := range editedListings(t, s) {
		for _, section := range editSections {
			values := filledIn(s.Schema, section, l)
			values[fieldLanguages] = locale.Tags()
			got, wrong := taken(s.Schema, section, values, l)
			if len(wrong) > 0 {
				t.Errorf("%s of %s: %+v", section.id, l.Words[l.Language].Name, wrong)
			}
			for _, d := range catalogue.Diff(l, got) {
				t.Errorf("%s of %s: %+v", section.id, l.Words[l.Language].Name, d)
			}
		}
	}
}

// editedListings are what the listings of the tests say.
func editedListings(t *testing.T, s *testSite) (all []catalogue.Content) {
	t.Helper()
	ids, err := catalogue.AllIDs(t.Context(), s.DB)
	if err != nil || len(ids) == 0 {
		t.Fatal(ids, err)
	}
	for _, id := range ids {
		o, err := catalogue.Find(t.Context(), s.DB, id)
		if err != nil {
			t.Fatal(err)
		}
		if o.Published == 0 {
			continue
		}
		e, err := catalogue.FindEdition(t.Context(), s.DB, id, o.Published)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Content)
	}
	return all
}

func TestWhatIsWrongIsSaidBesideItsField(t *testing.T) {
	s := newSite(t)
	good := url.Values{"language": {"en"}, "name": {"Journal"}, "summary": {"A journal."}, "category0": {"education"}}
	plan := url.Values{"languages": {"en"}, "p0.kind": {"listed"}, "p0.currency": {"EUR"}, "p0.c0.unit": {"pupil"}, "p0.c0.per": {"month"}, "p0.c0.s0.price": {"1"}}
	for _, tt := range []struct {
		name, section string
		base          url.Values
		change        url.Values
		field         string // "" when all is well
	}{
		{"all is well", editBasics, good, nil, ""},
		{"no name", editBasics, good, url.Values{"name": {" "}}, "name"},
		{"a name that is too long", editBasics, good, url.Values{"name": {strings.Repeat("a", 201)}}, "name"},
		{"a megabyte of Markdown", editBasics, good, url.Values{"description": {strings.Repeat("# a\n", 250_000)}}, "description"},
		{"text that is turned around", editBasics, good, url.Values{"name": {"a\u202eb"}}, "name"},
		{"letters that cannot be seen", editBasics, good, url.Values{"summary": {"a\u200bb"}}, "summary"},
		{"control characters", editBasics, good, url.Values{"description": {"a\x00b"}}, "description"},
		{"no category", editBasics, good, url.Values{"category0": {""}}, "category0"},
		{"a category twice", editBasics, good, url.Values{"category1": {"education"}}, "category1"},
		{"a category that is none", editBasics, good, url.Values{"category0": {"<script>"}}, "category0"},
		{"a code that is none", editBasics, good, url.Values{"cpv": {"48190000"}}, "cpv"},
		{"an address that runs", editBasics, good, url.Values{"website": {"javascript:alert(1)"}}, "website"},
		{"a mail that is none", editBasics, good, url.Values{"contact": {"sales"}}, "contact"},
		{"a question that is not asked", editBasics, good, url.Values{"a.api": {"no"}, "a.api_test": {"yes"}}, "a.api_test"},
		{"a share above all", editLeaving, nil, url.Values{"a.availability": {"100.5"}}, "a.availability"},
		{"a number that is none", editLeaving, nil, url.Values{"a.notice_days": {"soon"}}, "a.notice_days"},
		{"an amount in no currency", editLeaving, nil, url.Values{"a.exit_cost": {"12 XX"}}, "a.exit_cost"},
		{"a certificate without its issuer", editData, nil, url.Values{"a.iso_27001": {"1"}, "a.iso_27001.until": {"2030-01-01"}}, "a.iso_27001.issuer"},
		{"a certificate without its end", editData, nil, url.Values{"a.iso_27001": {"1"}, "a.iso_27001.issuer": {"x"}}, "a.iso_27001.until"},
		{"a day that is none", editData, nil, url.Values{"a.penetration_test": {"2026-02-30"}}, "a.penetration_test"},
		{"a price is well", editPrices, plan, nil, ""},
		{"no price", editPrices, plan, url.Values{"p0.c0.s0.price": {""}}, "p0.c0.s0.price"},
		{"a price below nothing", editPrices, plan, url.Values{"p0.c0.s0.price": {"-1"}}, "p0.c0.s0.price"},
		{"a price of 10^15", editPrices, plan, url.Values{"p0.c0.s0.price": {"1000000000000000"}}, "p0.c0.s0.price"},
		{"a price that is none", editPrices, plan, url.Values{"p0.c0.s0.price": {"<script>"}}, "p0.c0.s0.price"},
		{"tiers that fall", editPrices, plan, url.Values{"p0.c0.s0.to": {"100"}, "p0.c0.s1.to": {"50"}, "p0.c0.s1.price": {"1"}}, "p0.c0.s1.to"},
		{"tiers that overlap", editPrices, plan, url.Values{"p0.c0.s0.to": {"100"}, "p0.c0.s1.to": {"100"}, "p0.c0.s1.price": {"1"}}, "p0.c0.s1.to"},
		{"a tier without an end before another", editPrices, plan, url.Values{"p0.c0.s1.price": {"1"}}, "p0.c0.s0.to"},
		{"a tier without its price", editPrices, plan, url.Values{"p0.c0.s0.to": {"100"}, "p0.c0.s1.to": {"200"}}, "p0.c0.s1.price"},
		{"a unit that is none", editPrices, plan, url.Values{"p0.c0.unit": {"elephant"}}, "p0.c0.unit"},
		{"half a month", editPrices, plan, url.Values{"p0.terms.minimum_months": {"1.5"}}, "p0.terms.minimum_months"},
		{"a document without a title", editDocuments, nil, url.Values{"d0.kind": {"terms"}, "d0.url": {"https://a.example"}}, "d0.title"},
		{"a document at no address", editDocuments, nil, url.Values{"d0.kind": {"terms"}, "d0.title": {"Terms"}, "d0.url": {"ftp://a"}}, "d0.url"},
		{"words in another language without a name", editLanguages, nil, url.Values{"languages": {"et"}, "summary@et": {"Päevik."}}, "name@et"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			values := clone(tt.base)
			for name, all := range tt.change {
				values[name] = all
			}
			section := editSections[slices.IndexFunc(editSections, func(e editSection) bool { return e.id == tt.section })]
			before := catalogue.Content{Language: "en"}
			_, wrong := taken(s.Schema, section, values, before)
			var fields []string
			for _, m := range wrong {
				fields = append(fields, m.field)
				for _, lang := range locale.Tags() {
					if w := s.speaker(lang); m.number == nil && !w.Has(problemKeys+m.Key) {
						t.Errorf("%s has no words in %s", m.Key, lang)
					} else if words := w.mistake(m); words == "" || strings.Contains(words, "%!") {
						t.Errorf("%s is worded %q in %s", m.Key, words, lang)
					}
				}
			}
			if tt.field == "" && len(wrong) > 0 || tt.field != "" && !slices.Contains(fields, tt.field) {
				t.Errorf("wrong: %+v; want %q", wrong, tt.field)
			}
		})
	}
}

func TestButtonsOfPlansKeepWhatWasTyped(t *testing.T) {
	typed := url.Values{"p0.name.en": {"Basic"}, "p0.code": {"basic"}, "p0.c0.unit": {"pupil"}, "p0.c0.s0.price": {"1"}, "p0.c0.s1.price": {"2"}, "seen": {"7"}}
	for _, tt := range []struct {
		act     string
		changed url.Values // field to what it holds then; nil: the field is gone
	}{
		{"add-tier:0:0", url.Values{"p0.c0.s2.price": {""}}},
		{"drop-tier:0:0:0", url.Values{"p0.c0.s0.price": {"2"}, "p0.c0.s1.price": nil}},
		{"copy-plan:0", url.Values{"p1.name.en": {"Basic"}, "p1.c0.unit": {"pupil"}, "p1.c0.s0.price": {"1"}, "p1.c0.s1.price": {"2"}}},
		{"drop-plan:0", url.Values{"p0.name.en": nil, "p0.code": nil, "p0.c0.unit": nil, "p0.c0.s0.price": nil, "p0.c0.s1.price": nil}},
		{"drop-charge:0:0", url.Values{"p0.c0.unit": nil, "p0.c0.s0.price": nil, "p0.c0.s1.price": nil}},
	} {
		v := clone(typed)
		if !changePlans(v, tt.act) {
			t.Errorf("%s did nothing", tt.act)
		}
		if gone := v.Get(fieldGone); (gone != "") != strings.HasPrefix(tt.act, "drop-") {
			t.Errorf("%s keeps %q to be put back", tt.act, gone)
		} else if back := clone(v); gone != "" && (!changePlans(back, actPutBack) || !reflect.DeepEqual(back, typed)) {
			t.Errorf("%s put back: %v; want %v", tt.act, back, typed)
		}
		v.Del(fieldGone)
		want := clone(typed)
		for name, all := range tt.changed {
			if want[name] = all; all == nil {
				delete(want, name)
			}
		}
		if tt.act == "add-tier:0:0" {
			want["p0.c0.s2.to"] = []string{""}
		}
		if !reflect.DeepEqual(v, want) {
			t.Errorf("%s: %v; want %v", tt.act, v, want)
		}
	}
	for _, act := range []string{"", "save", "drop-plan:7", "put-back", "drop-tier:0:0:9", "drop-tier:0", "add-tier:x:y", "drop-plan:-1"} {
		v := clone(typed)
		if changePlans(v, act) || !reflect.DeepEqual(v, typed) {
			t.Errorf("%q changed %v", act, v)
		}
	}
}

// Whatever is typed, it is read without harm, and what does not pass leaves the listing
// as it was.
func FuzzTaken(f *testing.F) {
	schema := loadSchema(f)
	for _, seed := range []string{"p0.c0.s0.price=1&p0.kind=listed&languages=en", "name=a&language=en&category0=education", "d0.title=a&d0.kind=terms", "name@et=a&languages=et", "a.iso_27001=1", "act=put-back&gone=drop-tier%3A0%3A0%3A0%7Cp0.c0.s0.price%3D1&p0.c0.unit=user"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		for _, section := range editSections {
			changePlans(values, values.Get("act"))
			changePapers(values, values.Get("act"))
			c, wrong := taken(schema, section, values, catalogue.Content{Language: "en", Words: map[string]catalogue.Words{"en": {Name: "a"}}})
			if len(wrong) > 0 {
				continue
			}
			again, wrong := taken(schema, section, func() url.Values {
				v := filledIn(schema, section, c)
				v[fieldLanguages] = values[fieldLanguages]
				return v
			}(), c)
			if len(wrong) > 0 || len(catalogue.Diff(c, again)) > 0 {
				t.Errorf("%s: %+v became %+v: %+v", section.id, c, again, wrong)
			}
		}
	})
}
