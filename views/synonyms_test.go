package views

import (
	"bytes"
	"testing"
)

// synonymPreviews are the pages of those who keep the synonyms of the search.
func synonymPreviews(_ testing.TB, v *Views) []Page {
	link := func(path, text string) Link {
		return Link{URL: v.url("/admin/synonyms" + path), Text: text, For: "map"}
	}
	area := Area{ID: "words", Name: "words", Label: "Words that mean the same", Hint: "Each on a line", Rows: 8}
	filter := Field{ID: "filter", Name: "q", Label: "Show lists with"}
	wrong := area
	wrong.Value, wrong.Errors = "map\n<kaart>\nMap", []string{"Enter at least 2 words", "Leave out “Map”"}
	errors := []FieldError{{"words", "Enter at least 2 words"}, {"words", "Leave out “Map”"}}
	seen := Hidden{"seen", "7"}
	notice := []Notice{{Kind: Warn, Title: "Changed meanwhile", Text: "It now holds: map, plan.", Urgent: true}}
	return []Page{
		SynonymsPage{Shell: Shell{Title: "x", Flash: "The list is removed."}, Action: v.url("/admin/synonyms"), Add: area, Filter: filter, Found: "0 lists",
			Empty: Empty{Title: "No lists yet", Text: "None."}},
		SynonymsPage{Shell: Shell{Title: "x", Errors: errors, NoIndex: true}, Action: v.url("/admin/synonyms"), Add: wrong, Filter: filter, Found: "2 lists", All: link("", "Show all lists"),
			Head:  Head{ID: "synonyms", Caption: "Lists", Columns: []Column{{Text: "Words"}, {Text: "Changed"}, {Text: "Actions", Hidden: true}}},
			Rows:  []SynonymRow{{"map, kaart", "02.03.2026 11:30", link("/1", "Change"), link("/1/removal", "Remove")}, {"SSO, <b>", "02.03.2026 11:30", link("/2", "Change"), link("/2/removal", "Remove")}},
			Pager: NewPager(1, 2, func(int) string { return v.url("/admin/synonyms?page=2") })},
		SynonymPage{Shell: Shell{Title: "x"}, Action: v.url("/admin/synonyms/1"), Seen: seen, Words: area, Back: link("", "Back"), Remove: link("/1/removal", "Remove this list")},
		SynonymPage{Shell: Shell{Title: "x", Errors: errors}, Notices: notice, Action: v.url("/admin/synonyms/1"), Seen: seen, Words: wrong, Back: link("", "Back"), Remove: link("/1/removal", "Remove this list")},
		SynonymRemovalPage{Shell: Shell{Title: "x"}, Notices: notice, Action: v.url("/admin/synonyms/1/removal"), Seen: seen, Words: []string{"map", "kaart"}, Back: link("", "Back")},
	}
}

func TestAFieldForSeveralLines(t *testing.T) {
	tmpl := load(t)["en"].pages["synonyms"]
	for _, tt := range []struct {
		name string
		area Area
		want string
	}{
		{"with nothing wrong", Area{ID: "w", Name: "words", Label: "L", Rows: 8, Value: "\na\n</textarea>b"},
			"<div class=\"field\"><label for=\"w\">L</label>\n<textarea id=\"w\" name=\"words\" rows=\"8\">\n\na\n&lt;/textarea&gt;b</textarea></div>"},
		{"with several things wrong", Area{ID: "w", Name: "words", Label: "L", Hint: "H", Rows: 8, Errors: []string{"E", "F"}},
			`<div class="field bad"><label for="w">L</label><p class="hint" id="w-hint">H</p><div id="w-error"><p class="msg"><span class="vh">Error: </span>E</p>` +
				`<p class="msg"><span class="vh">Error: </span>F</p></div>` + "\n" + `<textarea id="w" name="words" rows="8" aria-invalid="true" aria-describedby="w-hint w-error">` + "\n</textarea></div>"},
	} {
		var b bytes.Buffer
		if err := tmpl.ExecuteTemplate(&b, "area", tt.area); err != nil || b.String() != tt.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", tt.name, err, b.String(), tt.want)
		}
	}
}
