package publishing_test

import (
	"slices"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/models/publishing"
)

// What waits and what does not, one change at a time.
func TestWhatWaits(t *testing.T) {
	schema := loadSchema(t)
	const (
		price = publishing.PriceUp
		data  = publishing.DataLocation
		cert  = publishing.Certificate
		claim = publishing.Claim
	)
	answer := func(q string, values ...string) func(*catalogue.Content) {
		return func(c *catalogue.Content) {
			i := slices.IndexFunc(c.Answers, func(a catalogue.Answer) bool { return a.Question == q })
			a := catalogue.Answer{Question: q, Values: values, By: catalogue.ByVendor, Proof: catalogue.Stated}
			if i < 0 {
				c.Answers = append(c.Answers, a)
				return
			}
			c.Answers[i] = a
		}
	}
	words := func(lang string, edit func(*catalogue.Words)) func(*catalogue.Content) {
		return func(c *catalogue.Content) { w := c.Words[lang]; edit(&w); c.Words[lang] = w }
	}
	day := models.NewDate(2027, 1, 1)
	iso := func(number, issuer string, until models.Date) func(*catalogue.Content) {
		return func(c *catalogue.Content) {
			answer("iso_27001", number)(c)
			c.Answers[len(c.Answers)-1].Issuer, c.Answers[len(c.Answers)-1].Until = issuer, until
		}
	}
	features := func(lang string, items ...string) func(*catalogue.Content) {
		return func(c *catalogue.Content) {
			c.Answers = append(c.Answers, catalogue.Answer{Question: "features", Words: map[string][]string{lang: items}, By: catalogue.ByVendor, Proof: catalogue.Stated})
		}
	}
	paper := func(kind catalogue.PaperKind, url string) func(*catalogue.Content) {
		return func(c *catalogue.Content) {
			c.Documents = []catalogue.Paper{{Code: "one", Titles: models.Text{"et": "Üks"}, Kind: kind, URL: url, Language: "et", Proof: catalogue.Stated}}
		}
	}
	nothing := func(*catalogue.Content) {}
	for _, tt := range []struct {
		name         string
		before, edit func(*catalogue.Content)
		want         []publishing.RiskKind
	}{
		{"nothing", nothing, nothing, nil},
		{"a typing error", nothing, words("et", func(w *catalogue.Words) { w.Description = "Hinded ja puudumised!" }), nil},
		{"another name", nothing, words("et", func(w *catalogue.Words) { w.Name = "Uus päevik" }), nil},
		{"another contact", nothing, func(c *catalogue.Content) { c.Contact = "info@vendor.example" }, nil},
		{"another website", nothing, func(c *catalogue.Content) { c.Website = "https://vendor.example/" }, nil},
		{"another category", nothing, func(c *catalogue.Content) { c.Categories = []string{"education"} }, nil},
		{"a lower price", nothing, func(c *catalogue.Content) { p := decimal(t, "0.40"); c.Plans[0].Charges[0].Price = &p }, nil},
		{"a higher price", nothing, func(c *catalogue.Content) { p := decimal(t, "0.46"); c.Plans[0].Charges[0].Price = &p }, []publishing.RiskKind{price}},
		{"a further plan", nothing, func(c *catalogue.Content) { p := c.Plans[0]; p.Code = "plus"; c.Plans = append(c.Plans, p) }, nil},
		{"a plan less", nothing, func(c *catalogue.Content) { c.Plans = nil }, []publishing.RiskKind{price}},
		{"a higher cap on rises", nothing, func(c *catalogue.Content) { cap := decimal(t, "5"); c.Plans[0].Terms.RiseCap = &cap }, []publishing.RiskKind{price}},
		{"a longer term", nothing, answer("minimum_term", "24"), []publishing.RiskKind{price}},
		{"a shorter term", nothing, answer("minimum_term", "6"), nil},
		{"longer notice", nothing, answer("notice_days", "60"), []publishing.RiskKind{price}},
		{"an exit that costs more", answer("exit_cost", "100.00 EUR"), answer("exit_cost", "200.00 EUR"), []publishing.RiskKind{price}},
		{"an exit that costs less", answer("exit_cost", "200.00 EUR"), answer("exit_cost", "100.00 EUR"), nil},
		{"an exit in another currency", answer("exit_cost", "200.00 EUR"), answer("exit_cost", "100.00 USD"), []publishing.RiskKind{price}},
		{"it renews by itself", answer("auto_renewal", "no"), answer("auto_renewal", "yes"), []publishing.RiskKind{price}},
		{"prices change on shorter notice", answer("price_notice", "90"), answer("price_notice", "30"), []publishing.RiskKind{price}},
		{"data in another country", nothing, answer("data_countries", "FI"), []publishing.RiskKind{data}},
		{"data in a country less", answer("data_countries", "EE", "FI"), answer("data_countries", "EE"), []publishing.RiskKind{data}},
		{"another processor", nothing, func(c *catalogue.Content) {
			c.Answers = append(c.Answers, catalogue.Answer{Question: "sub_processors", Words: map[string][]string{"et": {"Firma"}}, By: catalogue.ByVendor, Proof: catalogue.Stated})
		}, []publishing.RiskKind{data}},
		{"a certificate", nothing, iso("C-1", "Body", day), []publishing.RiskKind{cert}},
		{"a certificate that lasts longer", iso("C-1", "Body", day), iso("C-1", "Body", day.AddMonths(1)), []publishing.RiskKind{cert}},
		{"a certificate of another issuer", iso("C-1", "Body", day), iso("C-1", "Other", day), []publishing.RiskKind{cert}},
		{"no certificate any more", iso("C-1", "Body", day), answer("iso_27001", "no"), nil},
		{"a certificate as a document", nothing, paper(catalogue.PaperCertificate, "https://vendor.example/c.pdf"), []publishing.RiskKind{cert}},
		{"another file of a certificate", paper(catalogue.PaperCertificate, "https://vendor.example/c.pdf"), paper(catalogue.PaperCertificate, "https://vendor.example/d.pdf"), []publishing.RiskKind{cert}},
		{"a price list as a document", nothing, paper(catalogue.PaperPrices, "https://vendor.example/p.pdf"), nil},
		{"a yes about security", nothing, answer("admin_second_factor", "yes"), []publishing.RiskKind{claim}},
		{"a no about security", nothing, answer("admin_second_factor", "no"), nil},
		{"it does not learn from data", nothing, answer("learns_from_data", "no"), []publishing.RiskKind{claim}},
		{"stronger encryption", answer("encryption_rest", "disk"), answer("encryption_rest", "own_key"), []publishing.RiskKind{claim}},
		{"weaker encryption", answer("encryption_rest", "own_key"), answer("encryption_rest", "disk"), nil},
		{"a further way to sign in", nothing, answer("sign_in", "id_card", "eidas"), []publishing.RiskKind{claim}},
		{"better accessibility", nothing, answer("accessibility_level", "wcag_2_2_aa"), []publishing.RiskKind{claim}},
		{"worse accessibility", nothing, answer("accessibility_level", "unassessed"), nil},
		{"more availability", nothing, answer("availability", "99.9"), []publishing.RiskKind{claim}},
		{"less availability", nothing, answer("availability", "99"), nil},
		{"a further language", nothing, answer("interface_languages", "et", "en", "ru"), []publishing.RiskKind{claim}},
		{"a further channel of support", nothing, answer("support_channels", "email", "phone"), []publishing.RiskKind{claim}},
		{"a newer test of security", answer("penetration_test", "2025-01-01"), answer("penetration_test", "2026-01-01"), []publishing.RiskKind{claim}},
		{"a manual", nothing, answer("training", "guide"), nil},
		{"a feature", nothing, features("et", "Hinded"), nil},
		{"the best feature", nothing, features("en", "The best grades"), []publishing.RiskKind{claim}},
		{"a word that claims", nothing, words("en", func(w *catalogue.Words) { w.Summary = "The LEADING journal" }), []publishing.RiskKind{claim}},
		{"an Estonian one with its ending", nothing, words("et", func(w *catalogue.Words) { w.Summary = "Turu parimad hinded" }), []publishing.RiskKind{claim}},
		{"one that is hidden", nothing, words("en", func(w *catalogue.Words) { w.Summary = "The b\u200best journal" }), []publishing.RiskKind{claim}},
		{"one that was there before", words("en", func(w *catalogue.Words) { w.Summary = "The best journal" }), words("en", func(w *catalogue.Words) { w.Summary = "Best journal" }), nil},
		{"the same one twice", words("en", func(w *catalogue.Words) { w.Summary = "The best journal" }), words("en", func(w *catalogue.Words) { w.Summary = "The best of best" }), []publishing.RiskKind{claim}},
		{"when it was confirmed", nothing, func(c *catalogue.Content) { c.Answers[0].Since = day }, nil},
		{"price and data", nothing, func(c *catalogue.Content) { answer("data_countries", "US")(c); answer("notice_days", "90")(c) }, []publishing.RiskKind{data, price}},
	} {
		base, changed := content(t, "Päevik"), content(t, "Päevik")
		tt.before(&base)
		tt.before(&changed)
		tt.edit(&changed)
		if got := kinds(publishing.Risks(base, changed, schema)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := kinds(publishing.Risks(catalogue.Content{}, content(t, "Päevik"), schema)); !slices.Equal(got, []publishing.RiskKind{publishing.NewService}) {
		t.Errorf("a new service: %v", got)
	}
}

func kinds(risks []publishing.Risk) (kinds []publishing.RiskKind) {
	for _, r := range risks {
		if !slices.Contains(kinds, r.Kind) {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}

func TestARiskSaysWhatItIsAbout(t *testing.T) {
	base, changed := content(t, "Päevik"), content(t, "Päevik")
	p := decimal(t, "0.46")
	changed.Plans[0].Charges[0].Price = &p
	changed.Words["en"] = catalogue.Words{Name: "Päevik", Summary: "A certified journal", Description: "Grades and absences."}
	got := publishing.Risks(base, changed, loadSchema(t))
	want := []publishing.Risk{{Kind: publishing.PriceUp, Plan: "standard", Charge: "pupils", What: pricing.RisePrice},
		{Kind: publishing.Claim, Word: "certified", Language: "en"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
