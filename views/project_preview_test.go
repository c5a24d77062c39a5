package views

import "testing"

// projectPreviews are pages of procurement projects.
func projectPreviews(_ testing.TB, v *Views) []Page {
	shell := Shell{Title: "x", Crumbs: []Link{v.homeLink()}, NoIndex: true}
	link := Link{URL: v.url("/projects/p-1"), Text: `School <b>`, Lang: "en"}
	form := Form{Action: v.url("/x"), Button: "Go", Hidden: []Hidden{{"once", `"1"`}}, Inputs: []Input{{Area: &Area{ID: "reason", Name: "reason", Label: "Reason", Errors: []string{"Enter it"}, Rows: 3}}}}
	other := Form{Action: v.url("/y"), Button: "Take"}
	table := &Table{Head: Head{ID: "steps", Caption: "c", Columns: []Column{{Text: "a"}, {Text: "b"}}}, Rows: []TableRow{{{Label: "a", Link: link}, {Label: "b", Tags: []Tag{{OK, "Completed"}}}}}}
	matrix := &CompareTable{ID: "fit", Caption: "c", Span: 3,
		Columns: []CompareColumn{{Name: link, Number: "SC-1", Remove: link}, {Name: link, Number: "SC-2", Version: "Version 2"}},
		Groups:  []CompareGroup{{Title: "Must", Rows: []CompareRow{{Name: Words{Text: "Data <i>"}, Cells: []CompareCell{{Value: Words{Text: "Estonia"}, Tags: []Tag{{OK, "Met"}}, Notes: []Words{{Text: "x"}}, Action: link}, {Value: Words{Text: "Unknown"}}}}}}}}
	wrong := shell
	wrong.Errors = []FieldError{{"reason", "Enter it"}}
	return []Page{
		ProjectPage{Shell: shell, Heading: "School journal"},
		ProjectPage{Shell: wrong, Heading: "School journal", Tags: []Tag{{Info, "Draft"}}, Text: []string{"a"}, Notices: []Notice{{Kind: Info, Title: "b", Text: "c"}}, Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Links: []Link{link},
			Parts: []ProjectPart{
				{Heading: "Steps", Text: []string{"a"}, Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Table: table, Links: []Link{link}, Forms: []Form{form, other}},
				{Heading: "Fit", Matrix: matrix, Pager: NewPager(1, 2, func(int) string { return "/en/x" })},
				{Heading: "Add", Ask: &Filter{Action: v.url("/x"), Button: "Go on", Inputs: []Input{{Select: &Select{ID: "subject", Name: "subject", Label: "About", Options: []Option{{Value: "a", Text: "A"}}}}}}},
			}, Trail: &Trail{Rows: doneRows(v)}},
	}
}
