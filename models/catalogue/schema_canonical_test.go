package catalogue

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	s := realSchema(t)
	for _, tt := range []struct{ name, question, raw, want string }{
		{"yes in Estonian", "api", " Jah ", "yes"},
		{"no as a spreadsheet has it", "api", "FALSE", "no"},
		{"an empty cell is unknown", "api", "", ""},
		{"unknown in Estonian", "availability", "teadmata", ""},
		{"perhaps", "api", "perhaps", "! answer.yes_no"},
		{"an option by its id", "x_road", "ADAPTER", "adapter"},
		{"an option by its Estonian name", "x_road", "oma alamsüsteemiga", "own_subsystem"},
		{"an option that is none", "x_road", "soon", "! answer.option"},
		{"many, in the order of the options", "sign_in", "smart_id, id_card", "id_card smart_id"},
		{"a name with a comma in it", "export_formats", "Spatial data (GeoPackage, GeoJSON)", "gis"},
		{"names with commas, semicolons between", "export_formats", "CSV; Spatial data (GeoPackage, GeoJSON)", "csv gis"},
		{"one of many twice", "sign_in", "id_card, ID-kaart", "! content.twice"},
		{"nothing between separators", "sign_in", ";;", "! answer.option"},
		{"a percentage with a comma", "availability", "99,9 %", "99.9"},
		{"a percentage in words", "availability", "99.5 protsenti", "99.5"},
		{"a percentage out of range", "availability", "24 %", "! answer.min"},
		{"three decimals with a point", "availability", "99.995", "99.995"},
		{"three figures behind a comma", "availability", "99,995", "! answer.number_unclear"},
		{"a number that is none", "availability", "very high", "! answer.number"},
		{"an exponent", "availability", "9e1", "! answer.number"},
		{"days as days", "notice_days", "30", "30"},
		{"days in English", "notice_days", "30 days", "30"},
		{"days in Estonian", "notice_days", "30 päeva", "30"},
		{"weeks as days", "notice_days", "2 weeks", "14"},
		{"hours as minutes", "response_critical", "4 h", "240"},
		{"years as months", "minimum_term", "1 aasta", "12"},
		{"months are not so many days", "notice_days", "2 months", "! answer.unit"},
		{"minutes that make no whole hour", "incident_notice", "90 min", "! answer.duration"},
		{"a unit that is none", "notice_days", "3 moons", "! answer.unit"},
		{"half a day", "notice_days", "1.5", "! answer.places"},
		{"money with its sign behind", "exit_cost", "1 200 €", "1200.00 EUR"},
		{"money with its sign in front", "exit_cost", "€1,200.50", "1200.50 EUR"},
		{"money in small letters", "exit_cost", "1200,5 eur", "1200.50 EUR"},
		{"money in yen", "exit_cost", "JPY 1200", "1200 JPY"},
		{"money in Estonian thousands", "exit_cost", "1.200,00 €", "1200.00 EUR"},
		{"money without currency", "exit_cost", "1200", "! answer.currency"},
		{"a dollar of which country", "exit_cost", "$1200", "! answer.currency"},
		{"part of a cent", "exit_cost", "1.205 EUR", "! answer.money"},
		{"countries, sorted", "data_countries", "FI, ee", "EE FI"},
		{"countries with line ends", "data_countries", "ee\nfi", "EE FI"},
		{"a country by its name", "data_countries", "Estonia", "! answer.country"},
		{"a country twice", "data_countries", "EE EE", "! content.twice"},
		{"only commas", "data_countries", ",", "! answer.country"},
		{"languages", "interface_languages", "ET; en", "en et"},
		{"a day in Estonian", "last_release", "5.3.2026", "2026-03-05"},
		{"a day with zeros", "last_release", "05.03.2026", "2026-03-05"},
		{"a day with slashes could be two", "last_release", "5/3/2026", "! answer.date"},
		{"a day that is none", "last_release", "30.02.2026", "! answer.date"},
		{"no certificate", "iso_27001", "puudub", "no"},
		{"a certificate's number", "iso_27001", "IS 204-7", "IS 204-7"},
		{"an address", "terms_document", "https://tahvel.example/t", "https://tahvel.example/t"},
		{"an address without https", "terms_document", "tahvel.example/t", "! content.website"},
		{"words go by language", "exit_help", "we help", "! answer.words_wanted"},
		{"a question that is none", "colour", "blue", "! answer.question"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			values, err := s.Canonical(tt.question, tt.raw)
			got := strings.Join(values, " ")
			if err != nil {
				var p Problem
				if !errors.As(err, &p) {
					t.Fatalf("got error %v, want a Problem", err)
				}
				got = "! " + p.Key
			}
			if got != tt.want {
				t.Errorf("Canonical(%q, %q) = %q, want %q", tt.question, tt.raw, got, tt.want)
			}
		})
	}
}

// What Canonical gives is canonical: it passes the check and stays as it is.
func FuzzCanonical(f *testing.F) {
	s := realSchema(f)
	for i, raw := range []string{"yes", "24 %", "30 days", "EE, FI", "1 200,50 €", "5.3.2026", "id_card; smart_id", "https://a.example/?q=1;2", "−1", "\xff", "1,234", "12:30"} {
		f.Add(uint8(i), raw)
		f.Add(uint8(i*7), raw)
	}
	f.Fuzz(func(t *testing.T, which uint8, raw string) {
		q := s.Questions[int(which)%len(s.Questions)]
		values, err := s.Canonical(q.ID, raw)
		if err != nil {
			if _, ok := err.(Problem); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		a := Answer{Question: q.ID, Values: values, By: ByVendor, Proof: Stated}
		if q.Type == TypeCertificate && len(values) > 0 && values[0] != No {
			a.Issuer, a.Until = "Sample Register", day("2027-01-01")
		}
		if err := s.CheckAnswer(a); err != nil {
			t.Fatalf("%s %q gave %q: %v", q.ID, raw, values, err)
		}
		again, err := s.Canonical(q.ID, strings.Join(values, ";"))
		if err != nil || !slices.Equal(again, values) {
			t.Fatalf("%s %q gave %q, and that %q, %v", q.ID, raw, values, again, err)
		}
	})
}
