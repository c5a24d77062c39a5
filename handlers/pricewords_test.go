package handlers

import (
	"encoding/json"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/models/procurement"
	"pilveturg/models/publishing"
	"pilveturg/views/locale"
)

func TestPriceLineTellsWhatAPlanCosts(t *testing.T) {
	for _, tt := range []struct {
		name, plans string // the charges of one plan in euros, or whole plans in []
		en, et      string
	}{
		{"a price by the unit names the unit and the period",
			`{"unit":"user","per":"month","price":"14"}`, "€14 per user a month", "14 € kasutaja kohta kuus"},
		{"cents are written when there are any",
			`{"unit":"pupil","per":"month","price":"0.12"}`, "€0.12 per pupil a month", "0,12 € õpilase kohta kuus"},
		{"tenths of a cent are kept",
			`{"unit":"sms","per":"month","price":"0.042"}`, "€0.042 per text message", "0,042 € tekstisõnumi kohta"},
		{"what flows is priced by the piece, whatever the period of the bill",
			`{"unit":"signature","per":"month","price":"0.22"}`, "€0.22 per signature", "0,22 € allkirja kohta"},
		{"a minimum makes it a price to start from",
			`{"unit":"pupil","per":"month","minimum":"25","minimum_unit":"school","steps":[{"to":"1000","price":"0.45"},{"price":"0.40"}]}`,
			"from €0.45 per pupil a month", "alates 0,45 € õpilase kohta kuus"},
		{"a free first band says how far it goes",
			`{"unit":"active_user","per":"month","each":"app","mode":"band","steps":[{"to":"5000","price":"0"},{"to":"50000","price":"99"},{"to":"250000","price":"399"}]}`,
			"€0 up to 5,000 active users", "0 € kuni 5 000 aktiivse kasutajani"},
		{"a band for each school is a price by the school",
			`{"unit":"pupil","per":"month","each":"school","mode":"band","steps":[{"to":"200","price":"29"},{"to":"600","price":"59"}]}`,
			"from €29 per school a month", "alates 29 € kooli kohta kuus"},
		{"the only band says how far it goes",
			`{"unit":"form","per":"month","mode":"band","steps":[{"to":"20","price":"149"}]}`,
			"€149 a month up to 20 forms", "149 € kuus kuni 20 vormini"},
		{"a range of a project",
			`{"kind":"project","per":"once","from":"8000","to":"45000","milestones":["40","40","20"]}`,
			"€8,000–€45,000 per project", "8 000–45 000 € projekti kohta"},
		{"a range without an end",
			`{"kind":"project","unit":"answer","per":"once","from":"4.50","minimum":"1500"}`,
			"from €4.50 per answer", "alates 4,50 € vastuse kohta"},
		{"a share of turnover",
			`{"kind":"percent","unit":"turnover","per":"month","rate":"3.5"}`, "3.5% of turnover", "3,5% käibest"},
		{"a piece price and a share",
			`{"unit":"payment","per":"month","price":"0.10"},{"kind":"percent","unit":"turnover","per":"month","rate":"0.4"}`,
			"€0.10 per payment + 0.4% of turnover", "0,10 € makse kohta + 0,4% käibest"},
		{"a monthly fee and a price by the batch",
			`{"per":"month","price":"49"},{"unit":"map_load","per":"month","batch":"1000","included":"20000","steps":[{"to":"250000","price":"4.80"},{"price":"3.20"}]}`,
			"from €49 a month + €4.80 per 1,000 map loads", "alates 49 € kuus + 4,80 € 1 000 kaardi laadimise kohta"},
		{"set-up comes last",
			`{"code":"setup","per":"once","price":"900"},{"unit":"pupil","per":"month","price":"1.10"}`,
			"€1.10 per pupil a month + €900 once", "1,10 € õpilase kohta kuus + 900 € ühekordselt"},
		{"add-ons and what others are paid are left out",
			`{"unit":"kiosk","per":"month","price":"39"},{"unit":"floor","per":"once","price":"900"},{"per":"month","price":"49","optional":true},
			 {"kind":"pass_through","unit":"kiosk","per":"once","from":"2500","to":"7500"}`,
			"€39 per kiosk a month + €900 per floor once", "39 € kioski kohta kuus + 900 € korruse kohta ühekordselt"},
		{"a part that costs nothing is left out",
			`{"per":"once","price":"0"},{"per":"month","price":"120"}`, "€120 a month", "120 € kuus"},
		{"there is room for three parts",
			`{"unit":"vcpu","per":"month","price":"22"},{"unit":"gb_memory","per":"month","price":"3"},{"per":"month","price":"1"},{"per":"month","price":"2"}`,
			"from €22 per virtual processor a month + €3 per gigabyte of memory a month + €1 a month",
			"alates 22 € virtuaalprotsessori kohta kuus + 3 € gigabaidi mälu kohta kuus + 1 € kuus"},
		{"a year's price", `{"unit":"municipality","per":"year","price":"6900"}`, "€6,900 per municipality a year", "6 900 € omavalitsuse kohta aastas"},
		{"a quarter's price", `{"per":"quarter","price":"10"}`, "€10 a quarter", "10 € kvartalis"},
		{"a price of nothing is free", `{"per":"month","price":"0"}`, "free", "tasuta"},
		{"a unit nobody knows shows its id", `{"unit":"moon","per":"month","price":"1"}`, "€1 per moon a month", "1 € ühiku „moon“ kohta kuus"},

		{"no plan is no price known", `[]`, "price not known", "hind teadmata"},
		{"a plan on request", `[{"kind":"request","currency":"EUR"}]`, "price on request", "hind kokkuleppel"},
		{"a plan on request with a range tells it",
			`[{"kind":"request","currency":"EUR","charges":[{"per":"year","from":"24000","to":"36000"}]}]`,
			"€24,000–€36,000 a year", "24 000–36 000 € aastas"},
		{"a free plan", `[{"kind":"free","currency":"EUR"}]`, "free", "tasuta"},
		{"a free plan beside a paid one",
			`[{"kind":"free","currency":"EUR"},{"currency":"EUR","charges":[{"per":"month","price":"5"}]}]`,
			"free, with paid plans", "tasuta, lisaks tasulised paketid"},
		{"the first plan that tells a price is shown",
			`[{"kind":"request","currency":"EUR"},{"currency":"EUR","charges":[{"per":"month","price":"5"}]}]`,
			"from €5 a month", "alates 5 € kuus"},
		{"another currency has its own sign or code",
			`[{"currency":"SEK","charges":[{"per":"month","from":"5","to":"1005"}]}]`, "SEK 5–SEK 1,005 a month", "5–1 005 SEK kuus"},
		{"a currency without a minor unit",
			`[{"currency":"JPY","charges":[{"per":"month","price":"1500"}]}]`, "JPY 1,500 a month", "1 500 JPY kuus"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for lang, want := range map[string]string{"en": tt.en, "et": tt.et} {
				got := strings.ReplaceAll(speak(t, lang).priceLine(readPlans(t, tt.plans)), "\u00a0", " ")
				if got != want {
					t.Errorf("%s: got %q; want %q", lang, got, want)
				}
			}
		})
	}
}

func TestEveryUnitHasItsFormAfterPer(t *testing.T) {
	for _, lang := range locale.Tags() {
		w := speak(t, lang)
		for _, u := range w.schema.Units {
			if !w.Has("price.of." + u.ID) {
				t.Errorf("%s: no message price.of.%s", lang, u.ID)
			}
		}
	}
}

// speak returns a speaker over the catalogue's own lists.
func speak(t testing.TB, lang string) speaker {
	t.Helper()
	l, err := locale.Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	return speaker{l, loadSchema(t)}
}

func loadSchema(t testing.TB) *catalogue.Schema {
	t.Helper()
	lists, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	s, err := catalogue.LoadSchema(lists)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func loadDeclaration(t testing.TB) *publishing.Questionnaire {
	t.Helper()
	lists, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	q, err := publishing.LoadQuestionnaire(lists)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// readPlans reads plans from JSON: the charges of one plan in euros, or a list of
// whole plans.
func readPlans(t testing.TB, text string) (plans []pricing.Plan) {
	t.Helper()
	if !strings.HasPrefix(text, "[") {
		text = `[{"currency":"EUR","charges":[` + text + `]}]`
	}
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		t.Fatal(err)
	}
	for i := range plans {
		plans[i].Code = "p" + strconv.Itoa(i+1)
		for j := range plans[i].Charges {
			if c := &plans[i].Charges[j]; c.Code == "" {
				c.Code = "c" + strconv.Itoa(j+1)
			}
		}
		if err := plans[i].Check(); err != nil {
			t.Fatal(err)
		}
	}
	return plans
}

func loadTemplates(t testing.TB, s *catalogue.Schema) []procurement.Template {
	t.Helper()
	lists, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	all, err := procurement.LoadTemplates(lists, s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
