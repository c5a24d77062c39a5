package market_test

import (
	"os"
	"testing"

	"pilveturg/models/catalogue"
	"pilveturg/models/market"
	"pilveturg/models/pricing"
)

func TestWhatBuyersOfACountryAskIsMetOrNot(t *testing.T) {
	schema, err := catalogue.LoadSchema(os.DirFS("../../db/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := market.LoadMarkets(os.DirFS("../../db/market"), schema)
	if err != nil {
		t.Fatal(err)
	}
	c := catalogue.Content{Plans: []pricing.Plan{{Currency: "EUR"}}, Answers: []catalogue.Answer{{Question: "interface_languages", Values: []string{"et", "fi"}},
		{Question: "data_countries", Values: []string{"EE", "US"}}, {Question: "iso_27001", Values: []string{"no"}}, {Question: "e_its", Values: []string{"C-1"}}, {Question: "sign_in"}}}
	for _, tt := range []struct {
		name string
		ask  market.Ask
		want bool
	}{
		{"one of the languages", market.Ask{Question: "interface_languages", Is: []string{"fi", "sv"}}, true},
		{"none of them", market.Ask{Question: "interface_languages", Is: []string{"sv"}}, false},
		{"one country outside", market.Ask{Question: "data_countries", Area: "eea"}, false},
		{"no certificate", market.Ask{Question: "iso_27001"}, false},
		{"a certificate", market.Ask{Question: "e_its"}, true},
		{"unknown", market.Ask{Question: "sign_in", Is: []string{"eidas"}}, false},
		{"not answered", market.Ask{Question: "x_road", Is: []string{"adapter"}}, false},
		{"the currency", market.Ask{Currency: "EUR"}, true},
		{"another currency", market.Ask{Currency: "SEK"}, false},
	} {
		if got := m.Meets(c, tt.ask); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
	if fi, ok := m.Country("FI"); !ok || len(fi.Asks) < 5 {
		t.Errorf("Finland asks %+v, %t", fi, ok)
	}
	if _, ok := m.Country("XX"); ok {
		t.Error("nobody wrote down what XX asks")
	}
	for _, country := range m.Countries { // options that are asked for exist
		for _, a := range country.Asks {
			q, _ := schema.Question(a.Question)
			for _, v := range a.Is {
				if _, ok := q.Option(v); len(q.Options) > 0 && !ok {
					t.Errorf("%s asks %s to be %s, which it cannot be", country.Code, a.Question, v)
				}
			}
		}
	}
}
