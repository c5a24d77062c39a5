package locale

import (
	"math"
	"slices"
	"testing"
	"time"

	"golang.org/x/text/language"

	"pilveturg/models"
)

func speak(t testing.TB, tag string) *Locale {
	t.Helper()
	l, err := Load(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func decimal(t testing.TB, s string) models.Decimal {
	t.Helper()
	d, err := models.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestALanguageWeDoNotSpeakIsRefused(t *testing.T) {
	for _, tag := range []string{"", "xx", "../en", "EN"} {
		if _, err := Load(tag); err == nil {
			t.Errorf("Load(%q) succeeded", tag)
		}
	}
}

func TestMoneyIsWrittenAsTheLanguageDoes(t *testing.T) {
	eur := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "EUR"} }
	for _, tt := range []struct {
		name   string
		money  models.Money
		et, en string
	}{
		{"the sign follows in Estonian and leads in English", eur(1234567), "12 345,67 €", "€12,345.67"},
		{"four digits are grouped, so that columns line up", eur(123450), "1 234,50 €", "€1,234.50"},
		{"a negative amount has the language's minus", eur(-98765430), "−987 654,30 €", "-€987,654.30"},
		{"cents alone have a zero before them", eur(5), "0,05 €", "€0.05"},
		{"negative cents alone keep their minus", eur(-5), "−0,05 €", "-€0.05"},
		{"nothing is nought", eur(0), "0,00 €", "€0.00"},
		{"three digits are not grouped", eur(99999), "999,99 €", "€999.99"},
		{"millions are grouped twice", eur(123456789012), "1 234 567 890,12 €", "€1,234,567,890.12"},
		{"the largest amount fits", eur(math.MaxInt64), "92 233 720 368 547 758,07 €", "€92,233,720,368,547,758.07"},
		{"pounds have a sign", models.Money{Minor: 100, Currency: "GBP"}, "1,00 £", "£1.00"},
		{"other currencies show their code", models.Money{Minor: 100, Currency: "SEK"}, "1,00 SEK", "SEK 1.00"},
		{"the yen has no decimals", models.Money{Minor: 12345, Currency: "JPY"}, "12 345 JPY", "JPY 12,345"},
		{"the dinar of Bahrain has three", models.Money{Minor: 12345, Currency: "BHD"}, "12,345 BHD", "BHD 12.345"},
		{"an amount of no currency is a number", models.Money{}, "0,00", "0.00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for tag, want := range map[string]string{"et": tt.et, "en": tt.en} {
				if got := plain(speak(t, tag).Money(tt.money)); got != want {
					t.Errorf("%s: Money(%+v) = %q; want %q", tag, tt.money, got, want)
				}
			}
		})
	}
}

// plain shows no-break spaces as spaces, so that the tables above can be read.
func plain(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\u00a0' {
			out[i] = ' '
		}
	}
	return string(out)
}

func TestSpacesInsideNumbersDoNotBreakLines(t *testing.T) {
	l := speak(t, "et")
	got := l.Money(models.Money{Minor: 1234567, Currency: "EUR"}) + l.Number(1234)
	if want := "12\u00a0345,67\u00a0€1\u00a0234"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}

func TestNumbersKeepEveryDecimalTheyHave(t *testing.T) {
	et, en := speak(t, "et"), speak(t, "en")
	for _, tt := range []struct{ name, got, want string }{
		{"a unit price has at least the cents", et.UnitPrice(decimal(t, "29"), "EUR"), "29,00 €"},
		{"a unit price has more when it needs them", et.UnitPrice(decimal(t, "0.042"), "EUR"), "0,042 €"},
		{"a unit price in English", en.UnitPrice(decimal(t, "0.0455"), "EUR"), "€0.0455"},
		{"a negative unit price", et.UnitPrice(decimal(t, "-1234.5"), "EUR"), "−1 234,50 €"},
		{"a decimal has no zeros added", et.Decimal(decimal(t, "1234.5")), "1 234,5"},
		{"a whole decimal has no mark", en.Decimal(decimal(t, "1234")), "1,234"},
		{"a percentage has no space", et.Percent(decimal(t, "12.5")), "12,5%"},
		{"a percentage in English", en.Percent(decimal(t, "12.5")), "12.5%"},
		{"a number of four digits is grouped", et.Number(1234), "1 234"},
		{"a number in English", en.Number(1234567), "1,234,567"},
		{"a negative number", et.Number(-1000), "−1 000"},
		{"the smallest number there is", en.Number(math.MinInt64), "-9,223,372,036,854,775,808"},
	} {
		if got := plain(tt.got); got != tt.want {
			t.Errorf("%s: got %q; want %q", tt.name, got, tt.want)
		}
	}
}

func TestDatesCannotBeMisread(t *testing.T) {
	et, en := speak(t, "et"), speak(t, "en")
	day := models.NewDate(2026, time.March, 5)
	winter := models.Time{Time: time.Date(2026, 1, 31, 22, 30, 0, 0, time.UTC)}
	summer := models.Time{Time: time.Date(2026, 7, 1, 21, 5, 0, 0, time.UTC)}
	for _, tt := range []struct{ name, got, want string }{
		{"long in Estonian", et.Date(day), "5. märts 2026"},
		{"long in English", en.Date(day), "5 March 2026"},
		{"short in Estonian has four digits for the year", et.DateShort(day), "05.03.2026"},
		{"short in English names the month", en.DateShort(day), "5 Mar 2026"},
		{"a month in Estonian", et.Month(day), "märts 2026"},
		{"a month in English", en.Month(day), "March 2026"},
		{"the name of a month", et.MonthName(time.September), "september"},
		{"a month that is none has no name", et.MonthName(13), ""},
		{"no day is no words", et.Date(models.Date{}) + et.DateShort(models.Date{}) + et.Month(models.Date{}), ""},
		{"winter time is two hours ahead, into the next day", et.Time(winter), "01.02.2026 00:30"},
		{"summer time is three hours ahead", en.Time(summer), "2 Jul 2026 00:05"},
		{"no moment is no words", et.Time(models.Time{}), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q; want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestADayBeginsAsTheClocksInTallinnShowIt(t *testing.T) {
	et := speak(t, "et")
	for _, tt := range []struct {
		name string
		day  models.Date
		want string
	}{
		{"in winter two hours earlier", models.NewDate(2026, time.January, 1), "2025-12-31T22:00:00Z"},
		{"in summer three", models.NewDate(2026, time.July, 1), "2026-06-30T21:00:00Z"},
		{"on the day the clocks change", models.NewDate(2026, time.March, 29), "2026-03-28T22:00:00Z"},
	} {
		if got := et.DayStart(tt.day).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: got %s; want %s", tt.name, got, tt.want)
		}
	}
	if got := et.DayStart(models.Date{}); !got.IsZero() {
		t.Errorf("no day begins at %v", got)
	}
}

func TestMessagesAreListedByWhatTheyBeginWith(t *testing.T) {
	l := &Locale{messages: map[string]string{"a.b": "1", "a.c.d": "2", "ab": "3"}}
	if got := l.Keys("a."); !slices.Equal(got, []string{"b", "c.d"}) {
		t.Errorf("Keys = %q", got)
	}
}

func TestPluralFormsFollowTheLanguage(t *testing.T) {
	for _, tt := range []struct {
		tag  string
		n    int64
		want string
	}{
		{"et", 0, "other"}, {"et", 1, "one"}, {"et", 2, "other"}, {"et", 21, "other"}, {"et", 1_000_001, "other"},
		{"en", 0, "other"}, {"en", 1, "one"}, {"en", 11, "other"}, {"en", -1, "one"},
		{"ru", 1, "one"}, {"ru", 21, "one"}, {"ru", 2, "few"}, {"ru", 5, "many"}, {"ru", 11, "many"},
		{"ru", 12, "many"}, {"ru", 22, "few"}, {"ru", 1_000_000_002, "few"}, {"ru", math.MaxInt64, "many"},
		{"ru", math.MinInt64, "many"},
	} {
		l := &Locale{Tag: tt.tag, lang: language.Make(tt.tag)}
		if got := l.form(tt.n); got != tt.want {
			t.Errorf("%s: form(%d) = %q; want %q", tt.tag, tt.n, got, tt.want)
		}
	}
}

func TestACountedMessageTakesTheWrittenNumber(t *testing.T) {
	l := &Locale{Tag: "en", lang: language.English, format: formats["en"], messages: map[string]string{
		"x.one": "%[1]s thing in %[2]s", "x.other": "%[1]s things in %[2]s", "y.other": "%s of them",
	}}
	for _, tt := range []struct{ name, got, want string }{
		{"one", l.N("x", 1, "A"), "1 thing in A"},
		{"many", l.N("x", 1200, "A"), "1,200 things in A"},
		{"a form that is not there falls back to other", l.N("y", 1), "1 of them"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q; want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestAMessageThatIsNotThereIsSeen(t *testing.T) {
	if got := speak(t, "en").T("no.such.key", 1); got != "no.such.key" {
		t.Errorf("T = %q; want the key", got)
	}
}

func TestCountriesAndLanguagesHaveNames(t *testing.T) {
	et, en := speak(t, "et"), speak(t, "en")
	const europe = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO US GB CH UA"
	for i := 0; i < len(europe); i += 3 {
		code := europe[i : i+2]
		if et.Country(code) == code || en.Country(code) == code {
			t.Errorf("country %s has no name", code)
		}
	}
	for _, tt := range []struct{ name, got, want string }{
		{"in Estonian", et.Country("EE"), "Eesti"},
		{"in English", en.Country("ee"), "Estonia"},
		{"a country not in the list shows its code", en.Country("ZZ"), "ZZ"},
		{"a language", et.Language("en"), "inglise keel"},
		{"a language not in the list shows its tag", et.Language("xx"), "xx"},
		{"a note", et.OnlyIn("et"), "Ainult eesti keeles"},
		{"a note on a language without one of its own", en.OnlyIn("de"), "Language: German"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q; want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestTextsAreInTheOrderOfTheAlphabet(t *testing.T) {
	want := []string{"aas", "Aas", "rada", "sada", "šahh", "zebra", "žanr", "tuul", "uus", "vaas", "wok", "õun", "äss", "öö", "üks", "xi"}
	got := slices.Clone(want)
	slices.Reverse(got)
	speak(t, "et").Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("Estonian order is %v; want %v", got, want)
	}
	type vendor struct{ name string }
	vendors := []vendor{{"Öö"}, {"Zoo"}, {"Ant"}}
	SortBy(speak(t, "en"), vendors, func(v vendor) string { return v.name })
	if want := []vendor{{"Ant"}, {"Öö"}, {"Zoo"}}; !slices.Equal(vendors, want) {
		t.Errorf("English order is %v; want %v", vendors, want)
	}
}

func TestManyMaySortAtOnce(t *testing.T) {
	l := speak(t, "et")
	done := make(chan int)
	for range 8 {
		go func() {
			n := 0
			for range 200 {
				n += l.Compare("šahh", "tuul")
			}
			done <- n
		}()
	}
	for range 8 {
		if n := <-done; n != -200 {
			t.Errorf("š came before t %d times of 200", -n)
		}
	}
}

func TestNamesStandUnderTheirLetter(t *testing.T) {
	for _, tt := range []struct{ tag, name, want string }{
		{"et", "õpe", "Õ"}, {"en", "õpe", "O"}, {"et", "Šahh", "Š"}, {"en", "Šahh", "S"},
		{"et", "éclair", "E"}, {"et", "  abi", "A"}, {"et", "3D", "#"}, {"en", "", "#"}, {"en", "Яндекс", "#"},
		{"en", "\xff", "#"},
	} {
		if got := speak(t, tt.tag).Initial(tt.name); got != tt.want {
			t.Errorf("%s: Initial(%q) = %q; want %q", tt.tag, tt.name, got, tt.want)
		}
	}
}
