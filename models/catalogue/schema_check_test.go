package catalogue

import (
	"encoding/json"
	"strings"
	"testing"

	"pilveturg/models"
)

func TestCheckAnswer(t *testing.T) {
	s := realSchema(t)
	value := func(q string, v ...string) Answer { return Answer{Question: q, Values: v, By: ByVendor, Proof: Stated} }
	words := func(q string, in map[string][]string) Answer {
		return Answer{Question: q, Words: in, By: ByVendor, Proof: Stated}
	}
	certificate := func(number, issuer, until string) Answer {
		a := value("iso_27001", number)
		a.Issuer, a.Until = issuer, day(until)
		return a
	}
	for _, tt := range []struct {
		name string
		a    Answer
		want string
	}{
		{"yes is yes", value("api", "yes"), ""},
		{"unknown is an answer", value("api"), ""},
		{"an unknown question is named", value("colour", "blue"), "q answer.question"},
		{"somebody says it", Answer{Question: "api", Values: []string{"yes"}, Proof: Stated}, "by answer.by"},
		{"it is proved somehow", Answer{Question: "api", Values: []string{"yes"}, By: ByVendor, Proof: "sworn"}, "proof answer.proof"},
		{"it does not end before it begins", Answer{Question: "api", By: ByVendor, Proof: Stated, Since: day("2026-01-02"), Until: day("2026-01-01")}, "until answer.until"},
		{"yes or no, not perhaps", value("api", "perhaps"), "values[0] answer.yes_no"},
		{"capital letters are not canonical", value("api", "Yes"), "values[0] answer.yes_no"},
		{"yes or no, not both", value("api", "yes", "no"), "values answer.one_value"},
		{"a choice is one of the options", value("data_model_owner", "nobody"), "values[0] answer.option"},
		{"an option is given by id", value("data_model_owner", "The agency"), "values[0] answer.option"},
		{"an order has its own options", value("x_road", "level_1"), "values[0] answer.option"},
		{"many takes many", value("sign_in", "id_card", "smart_id"), ""},
		{"many takes each once", value("sign_in", "id_card", "id_card"), "values[1] content.twice"},
		{"each of many is an option", value("sign_in", "id_card", "thumb"), "values[1] answer.option"},
		{"a percentage has a point", value("availability", "99.9"), ""},
		{"a percentage has no sign", value("availability", "99.9%"), "values[0] answer.number"},
		{"zeros at the end are not canonical", value("availability", "99.90"), "values[0] answer.number"},
		{"too many decimals", value("availability", "99.9999"), "values[0] answer.places"},
		{"above the greatest", value("availability", "101"), "values[0] answer.max"},
		{"below the least", value("availability", "89"), "values[0] answer.min"},
		{"a percentage is never below 0", value("availability_credit", "-1"), "values[0] answer.min"},
		{"a percentage is never above 100", value("availability_credit", "100.01"), "values[0] answer.max"},
		{"a duration is whole", value("notice_days", "30.5"), "values[0] answer.places"},
		{"a duration has no unit of its own", value("notice_days", "30 days"), "values[0] answer.number"},
		{"a duration is not below 0", value("notice_days", "-1"), "values[0] answer.min"},
		{"money has all its decimals", value("exit_cost", "1200.00 EUR"), ""},
		{"yen have none", value("exit_cost", "1200 JPY"), ""},
		{"yen have no hundredths", value("exit_cost", "1200.00 JPY"), "values[0] answer.money"},
		{"money without decimals is not canonical", value("exit_cost", "1200 EUR"), "values[0] answer.money"},
		{"no tenths of a cent", value("exit_cost", "1.234 EUR"), "values[0] answer.money"},
		{"money has a currency", value("exit_cost", "1200.00"), "values[0] answer.money"},
		{"a currency is a code", value("exit_cost", "1200.00 €"), "values[0] answer.money"},
		{"a price is not below 0", value("exit_cost", "-1.00 EUR"), "values[0] answer.min"},
		{"countries are codes", value("data_countries", "EE", "FI"), ""},
		{"there is no country EL", value("data_countries", "EE", "EL"), "values[1] answer.country"},
		{"the European Union is no country", value("data_countries", "EU"), "values[0] answer.country"},
		{"country codes are in capitals", value("data_countries", "ee"), "values[0] answer.country"},
		{"a list of codes is no code", value("data_countries", "AD AE"), "values[0] answer.country"},
		{"languages are codes", value("interface_languages", "et", "ru"), ""},
		{"the language is et, not ee... which is Ewe", value("interface_languages", "est"), "values[0] answer.language"},
		{"a day of the calendar", value("last_release", "2024-02-29"), ""},
		{"no day of the calendar", value("last_release", "2025-02-29"), "values[0] answer.date"},
		{"a day is written with its zeros", value("last_release", "2025-2-9"), "values[0] answer.date"},
		{"a day long before computers", value("last_release", "0001-01-01"), "values[0] answer.date"},
		{"a document has an address", value("terms_document", "https://pood.example/terms"), ""},
		{"an address is absolute", value("terms_document", "/terms"), "values[0] content.website"},
		{"an address is not a script", value("terms_document", "javascript:alert(1)"), "values[0] content.website"},
		{"an address has no password", value("terms_document", "https://a:b@pood.example/"), "values[0] content.website"},
		{"a certificate has number, issuer and end", certificate("IS-204", "Sample Register", "2027-01-31"), ""},
		{"a certificate has an issuer", certificate("IS-204", "", "2027-01-31"), "issuer answer.issuer"},
		{"a certificate has an end", certificate("IS-204", "Sample Register", ""), "until answer.certificate_until"},
		{"no certificate has neither", certificate("no", "", ""), ""},
		{"no certificate has no issuer", certificate("no", "Sample Register", ""), "issuer answer.issuer_unwanted"},
		{"the number of a certificate is not blank", certificate(" ", "Sample Register", "2027-01-31"), "values[0] answer.certificate"},
		{"only certificates have issuers", Answer{Question: "api", By: ByVendor, Proof: Stated, Issuer: "Sample Register"}, "issuer answer.issuer_unwanted"},
		{"a text is written by language", words("exit_help", map[string][]string{"et": {"Aitame."}, "en": {"We help."}}), ""},
		{"a text has no values", value("exit_help", "we help"), "values answer.values_unwanted"},
		{"a value is not written", words("api", map[string][]string{"en": {"yes"}}), "words answer.words_unwanted"},
		{"a text is one piece", words("exit_help", map[string][]string{"en": {"We", "help."}}), "words.en answer.items"},
		{"a list has entries", words("features", map[string][]string{"en": {}}), "words.en answer.items"},
		{"a list has so many entries at most", words("features", map[string][]string{"en": make([]string, 11)}),
			"words.en answer.items" + numbered("words.en[%] answer.item_empty", 11)},
		{"an entry has so many words at most", words("features", map[string][]string{"en": {strings.Repeat("a ", 16)}}), "words.en[0] answer.item_words"},
		{"an entry has so many characters at most", words("features", map[string][]string{"en": {strings.Repeat("õ", 151)}}), "words.en[0] text.long"},
		{"an entry is one line", words("features", map[string][]string{"en": {"one\ntwo"}}), "words.en[0] text.characters"},
		{"a language has a tag", words("features", map[string][]string{"English": {"one"}}), "words.English content.language"},
		{"text is UTF-8", words("features", map[string][]string{"en": {"caf\xe9"}}), "words.en[0] text.characters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := problems(t, s.CheckAnswer(tt.a)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func numbered(line string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("\n" + strings.ReplaceAll(line, "%", string(rune('0'+i/10))+string(rune('0'+i%10))))
	}
	return strings.ReplaceAll(b.String(), "[0", "[")
}

func day(s string) models.Date {
	if s == "" {
		return models.Date{}
	}
	d, err := models.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

const goodContent = `{"language":"et","words":{"et":{"name":"Päevik","summary":"Koolipäevik.","description":"# Päevik\n\nHinded."},"en":{"name":"Journal"}},
"categories":["school-journals"],"cpv":["48190000-6"],"website":"https://tahvel.example/","contact":"muuk@tahvel.example",
"sources":[{"title":"Price list","url":"https://tahvel.example/prices","seen":"2026-01-05"}],
"answers":[{"q":"open_source","values":["yes"],"by":"vendor","proof":"stated"},{"q":"open_source_licence","values":["mit"],"by":"vendor","proof":"stated"}],
"plans":[{"code":"all","currency":"EUR","charges":[{"code":"pupils","unit":"pupil","per":"month","price":"0.45"}]}],"demo_price":true,"extra":{"a":1}}`

func TestCheckContent(t *testing.T) {
	s := realSchema(t)
	for _, tt := range []struct{ name, old, new, want string }{
		{"all is well", "", "", ""},
		{"the own language is a tag", `"language":"et"`, `"language":"Estonian"`, "language content.language"},
		{"the own language has words", `"language":"et"`, `"language":"fi"`, "words content.words"},
		{"every language has a name", `{"name":"Journal"}`, `{"summary":"A journal."}`, "words.en.name content.name"},
		{"a name is not endless", `"Journal"`, `"` + strings.Repeat("a", 201) + `"`, "words.en.name text.long"},
		{"a summary is one line", `"Koolipäevik."`, `"Kooli\npäevik."`, "words.et.summary text.characters"},
		{"a description has no control characters", `Hinded.`, `Hinded.\u0000`, "words.et.description text.characters"},
		{"a language is a tag", `"en":{"name"`, `"EN":{"name"`, "words.EN content.language"},
		{"a category is known", `["school-journals"]`, `["school-diaries"]`, "categories[0] content.category"},
		{"a category is there once", `["school-journals"]`, `["exams","exams"]`, "categories[1] content.twice"},
		{"a CPV code has its check digit", `48190000-6`, `48190000`, "cpv[0] content.cpv"},
		{"a CPV code is there once", `["48190000-6"]`, `["48190000-6","48190000-6"]`, "cpv[1] content.twice"},
		{"a web site has an absolute address", `"https://tahvel.example/"`, `"tahvel.example"`, "website content.website"},
		{"a contact is an e-mail address", `"muuk@tahvel.example"`, `"call us"`, "contact content.contact"},
		{"a source has a title", `"Price list"`, `""`, "sources[0].title source.title"},
		{"a source has an absolute address", `tahvel.example/prices`, ` tahvel`, "sources[0].url content.website"},
		{"a question is answered once", `"q":"open_source_licence","values":["mit"]`, `"q":"open_source","values":["yes"]`, "answers[1].q content.twice"},
		{"the path of an answer is whole", `["mit"]`, `["beer"]`, "answers[1].values[0] answer.option"},
		{"a condition that is not met", `["yes"]`, `["no"]`, "answers[1] answer.when"},
		{"a condition that is unknown", `"values":["yes"],`, ``, "answers[1] answer.when"},
		{"a plan that cannot be worked out", `"price":"0.45"`, `"price":"-0.45"`, "plans[0].charges[0].price plan.negative"},
		{"a unit is known", `"unit":"pupil"`, `"unit":"furlong"`, "plans[0].charges[0] unit.unknown"},
		{"the unit of a minimum is known", `"unit":"pupil"`, `"unit":"pupil","minimum":"1","minimum_unit":"furlong"`, "plans[0].charges[0] unit.unknown"},
		{"a demonstration of no price", `"plans":[{"code":"all","currency":"EUR","charges":[{"code":"pupils","unit":"pupil","per":"month","price":"0.45"}]}],`, ``, "demo_price content.demo_price"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c Content
			text := strings.Replace(goodContent, tt.old, tt.new, 1)
			if err := json.Unmarshal([]byte(text), &c); err != nil || text == goodContent && tt.want != "" {
				t.Fatalf("error %v, or nothing changed", err)
			}
			if got := problems(t, s.CheckContent(c)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTwoPlansHaveTwoCodes(t *testing.T) {
	var c Content
	if err := json.Unmarshal([]byte(goodContent), &c); err != nil {
		t.Fatal(err)
	}
	c.Plans = append(c.Plans, c.Plans[0])
	if got, want := problems(t, realSchema(t).CheckContent(c)), "plans[1].code content.twice"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCheckListing(t *testing.T) {
	s := realSchema(t)
	for _, tt := range []struct {
		name string
		life Life
		use  Use
		want string
	}{
		{"nothing but a phase is needed", "", Use{Phase: InUse}, ""},
		{"so many pupils since a day", Open, Use{Phase: Ended, Since: day("2024-01-01"), Until: day("2025-01-01"), Quantity: 300, Unit: "pupil"}, ""},
		{"a phase is known", Open, Use{Phase: "used"}, "uses[0].phase use.phase"},
		{"it does not end before it begins", Open, Use{Phase: Ended, Since: day("2025-01-01"), Until: day("2024-01-01")}, "uses[0].until use.until"},
		{"a quantity has a unit", Open, Use{Phase: InUse, Quantity: 3}, "uses[0].quantity use.quantity"},
		{"a unit is known", Open, Use{Phase: InUse, Quantity: 3, Unit: "furlong"}, "uses[0].unit unit.unknown"},
		{"a life is known", "gone", Use{Phase: InUse}, "life listing.life"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := Listing{Life: tt.life, Uses: []Use{tt.use}}
			if got := problems(t, s.CheckListing(&l)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	l := Listing{Versions: []Version{{}, {Content: Content{Language: "x"}}}}
	if got, want := problems(t, s.CheckListing(&l)), "versions[0].language content.language\nversions[1].language content.language"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
