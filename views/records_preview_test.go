package views

import (
	"testing"

	"pilveturg/models"
	"pilveturg/views/chart"
)

// recordPreviews are pages of things that somebody looks after.
func recordPreviews(_ testing.TB, v *Views) []Page {
	shell := Shell{Title: "x", Crumbs: []Link{v.homeLink()}, NoIndex: true}
	link := Link{URL: v.url("/admin/users/1"), Text: `Mari <b>`, Lang: "et", For: "of it"}
	empty := Empty{Title: "None", Text: "There is none."}
	form := &Form{Action: v.url("/x"), Button: "Go", Inputs: []Input{{Field: &Field{ID: "domain", Name: "domain", Label: "Domain", Error: "Enter it"}}}}
	table := Table{
		Head:  Head{ID: "people", Caption: "c", Columns: []Column{{Text: "a", Sort: v.url("/x?sort=a"), Sorted: "ascending"}, {Text: "b", Number: true}, {Text: "c", Hidden: true}}},
		Files: []Link{{URL: v.url("/x.csv"), Text: "CSV"}}, Pager: NewPager(1, 3, func(int) string { return "/en/x" }), Empty: empty,
		Rows: []TableRow{
			{{Label: "a", Link: link, Tags: []Tag{{Warn, "Locked"}}}, {Label: "b", Number: true, Link: Link{Text: "1"}, Lines: []string{"x <i>", "y"}}, {Label: "c", Links: []Link{link, link}}},
			{{Label: "a"}, {Label: "b"}, {Label: "c", Button: &RowButton{Action: v.url("/x"), Hidden: []Hidden{{"session", `"1"`}}, Text: "End", For: "Firefox"}}},
		},
	}
	signed := shell
	signed.Signs = Signs{Operator: Words{"Amet <1>", "et"}, Contact: Link{URL: "mailto:help@office.example", Text: "help@office.example"}, Notice: Words{Text: "Closed <on> Monday."}}
	wrong := signed
	wrong.Signs.Contact, wrong.Errors = Link{}, []FieldError{{"domain", "Enter it"}}
	filter := &Filter{Action: v.url("/x"), Button: "Find", All: link, Inputs: []Input{{Field: &Field{ID: "q", Name: "q", Label: "Words", Value: `">`}},
		{Select: &Select{ID: "state", Name: "state", Label: "State", Options: []Option{{Value: "a", Text: "A", Chosen: true}}}}}}
	figure := chart.Chart{ID: "drawn", Kind: chart.Bars, Title: "Spend <1>", Message: `A is "b".`, Currency: "EUR", Basis: "c", Series: []string{"Subscribed", "Owned"}, Rows: []chart.Row{{Label: "A & B", Values: make([]chart.Value, 2)}}}
	table.Rows[0][1].Spark = &chart.Spark{Message: "rose <b>", Values: make([]models.Exact, 3)}
	second := table
	second.Head.ID, second.Files, second.Pager = "sessions", nil, nil
	return []Page{
		ListPage{Shell: shell, Heading: "People", Table: Table{Empty: empty}},
		ListPage{Shell: wrong, Heading: "People", Text: []string{"a"}, Notices: []Notice{{Kind: OK, Text: "b"}}, Links: []Link{link}, Filter: filter, Found: "2", Figures: []chart.Chart{figure}, Table: table, AddHead: "Add", Add: form},
		RecordPage{Shell: shell, Heading: "Mari"},
		RecordPage{Shell: wrong, Heading: "Mari", Tags: []Tag{{Err, "Locked"}}, Text: []string{"a"}, Notices: []Notice{{Kind: Warn, Text: "b"}}, Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Links: []Link{link}, Figures: []chart.Chart{figure},
			Sections: []Section{{Heading: "A", Table: table, Links: []Link{link}}, {Heading: "B", Table: second}, {Heading: "C", Table: Table{Empty: empty}}},
			SaidHead: "Said", Said: []Message{{"You", "now", "a\n<b>"}}, FormHead: "Decide", Form: form, Trail: &Trail{Rows: doneRows(v)}},
	}
}
