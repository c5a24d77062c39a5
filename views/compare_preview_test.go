package views

import "testing"

// comparePreviews are a comparison with all that can stand in it, and the pages
// that only say how to pick services.
func comparePreviews(_ testing.TB, v *Views) []Page {
	years := Select{ID: "price-years", Name: "years", Label: "Years", Options: []Option{{Value: "3", Text: "3 years", Chosen: true}}}
	weight := Select{ID: "w-notice_days", Name: "w.notice_days", Label: "Notice", Hint: "lowest ÷ own", Error: "Choose a weight from 0 to 5",
		Options: []Option{{Text: "0"}, {Value: "5", Text: "5", Chosen: true}}}
	add := Field{ID: "compare-add", Name: "id", Label: "Add a service", Hint: "For example SC-31", Width: "w12"}
	link := func(text, path string) Link { return Link{URL: v.url(path), Text: text, For: "Päevik Lite"} }
	cells := []CompareCell{
		{Value: Words{Text: "Unknown"}},
		{Value: Words{"Hinded", "et"}, More: []Words{{Text: "Marks"}}, URL: "https://a.example/", Tags: []Tag{{OK, "Lowest"}},
			Notes: []Words{{"Pakett", "et"}}, Action: Link{URL: "https://b.example/", Text: "Source", For: "Notice"}},
	}
	full := ComparePage{Shell: Shell{Title: "Compare", Errors: []FieldError{{"w-notice_days", "Choose a weight from 0 to 5"}}}, Heading: "Compare 2 services",
		Notices: []Notice{{Kind: Warn, Text: "Not in the catalogue: SC-99."}}, Action: v.url("/compare"), Kept: []Hidden{{"id", "sc-1"}, {"id", "sc-2"}},
		Add: add, Files: []Link{{URL: v.url("/compare.csv?id=sc-1&id=sc-2"), Text: "CSV"}, {URL: v.url("/compare.xlsx?id=sc-1&id=sc-2"), Text: "XLSX"}}, Volumes: []Field{{ID: "n-pupil", Name: "n.pupil", Label: "Pupils", Value: "1000"}},
		Assumed: "Taken: 1,000 pupils.", Years: years, Differ: Option{Text: "Only rows that differ", Chosen: true}, Known: Option{Text: "Hide unknown rows"},
		Weights: []WeightGroup{{"Price", []Select{weight}}}, Weighed: "1 row weighs something", WeightsOpen: true, Hidden: "3 rows are hidden.",
		Table: CompareTable{ID: "compare-caption", Caption: "Side by side", Span: 3, Columns: []CompareColumn{
			{Name: Link{URL: v.url("/services/sc-1-x"), Text: "Päevik Lite", Lang: "et"}, Vendor: link("Tahvel", "/vendors/v-1-x"), Number: "SC-1",
				Tags: []Tag{{Violet, "Invented"}}, Remove: link("Remove", "/compare?id=sc-2")},
			{Name: link("Gone", "/services/sc-2-x"), Number: "SC-2", Version: "Last version: 3", Remove: link("Remove", "/compare?id=sc-1")},
		}, Groups: []CompareGroup{{"Price", []CompareRow{{Words{Text: "Notice"}, cells}}}}},
		Score: &ScoreTable{Head: Head{ID: "score-caption", Caption: "Points", Columns: []Column{{Text: "Row", Hidden: true}, {Text: "Päevik Lite"}, {Text: "Gone"}}},
			Rows: []ScoreRow{{Words{Text: "Notice"}, "weight 5; lowest ÷ own", []string{"5 × 30 ÷ 90 = 1.67", "–"}}},
			Foot: []ScoreTotal{{"1.67 of 5 points", Tag{OK, "Highest"}}, {Text: "Not scored"}}, Notes: []string{"Unknown counts as 0."}}}
	bare := full
	bare.Shell, bare.Score, bare.Weights, bare.Hidden, bare.Full = Shell{Title: "x"}, nil, nil, "", "There is room for 8 services."
	bare.Table.Groups = nil
	card := Card{Name: Words{Text: "SchoolDesk"}, URL: v.url("/services/sc-3-x"), Price: "from €1", Users: "Used by 2", Tags: []Tag{{Violet, "Invented"}}}
	return []Page{full, bare,
		ComparePage{Shell: Shell{Title: "x"}, Heading: "Compare services", Action: v.url("/compare"), Add: add, Pick: &ComparePick{}},
		ComparePage{Shell: Shell{Title: "x"}, Heading: "Compare services", Action: v.url("/compare"), Add: add, Kept: []Hidden{{"id", "sc-1"}},
			Pick: &ComparePick{Chosen: link("Päevik Lite", "/services/sc-1-x"), Suggest: []CompareSuggestion{{card, link("Add", "/compare?id=sc-1&id=sc-3")}}}}}
}
