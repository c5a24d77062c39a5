package views

import "testing"

// moderationPreviews are the pages of those who decide about listings.
func moderationPreviews(_ testing.TB, v *Views) []Page {
	shell := Shell{Title: "x", Crumbs: []Link{v.homeLink()}, NoIndex: true}
	link := Link{URL: v.url("/admin/moderation/listings/1"), Text: `Päevik <b>`, Lang: "et"}
	tabs := []Option{{Value: v.url("/admin/moderation/listings"), Text: "Listings (2)", Chosen: true}, {Value: v.url("/admin/applications"), Text: "Vendors (1)"}}
	table := func(id string) Table {
		return Table{Head: Head{ID: id, Caption: "c", Columns: []Column{{Text: "a"}, {Text: "b"}}},
			Rows: []TableRow{{{Label: "a", Link: link, Tags: []Tag{{Warn, "Price up"}}}, {Label: "b", Lines: []string{"1 word", "x <i>"},
				Button: &RowButton{Action: v.url("/x"), Text: "Looked at", For: "Päevik"}}}}}
	}
	empty := Table{Empty: Empty{Title: "The queue is empty", Text: "1.8 days"}}
	facts := []Row{{Key: "Promise", Value: Words{Text: "5 working days"}, Tags: []Tag{{Err, "Late"}}, Note: "x"}}
	diff := &Diff{Title: "Changes", Head: Head{ID: "diff", Caption: "c", Columns: []Column{{Text: "a"}, {Text: "b"}, {Text: "c"}}},
		Rows:  []Change{{Field: "Price", Before: []Words{{Text: "18,00 €"}}, After: []Words{{Text: "29,00 €"}}}},
		Texts: []TextChange{{ID: "text-1", Field: "Description", Lang: "et", Lines: []TextLine{{Text: "a"}, {Text: "b <x>", In: true}, {Text: "c", Out: true}}}}}
	wrong := shell
	wrong.Errors = []FieldError{{"message", "Write"}}
	decide := &Deciding{Action: v.url("/x"), Name: "decision", Hidden: []Hidden{{"seen", `"1"`}}, Inputs: []Input{
		{Choices: &Choices{ID: "checked", Name: "checked", Legend: "Looked at", Options: []Option{{Value: "claims", Text: "Claims", Chosen: true}}}},
		{Area: &Area{ID: "message", Name: "message", Label: "Message", Errors: []string{"Write"}, Rows: 4}}},
		Buttons: []Button{{Value: "publish", Text: "Publish"}, {Value: "refuse", Text: "Refuse", Class: "stop"}}}
	return []Page{
		ModerationPage{Shell: shell, Found: "0 listings", Lived: "0 changes", Waiting: empty, Live: empty},
		ModerationPage{Shell: shell, Notices: []Notice{{Kind: OK, Text: "b"}}, Tabs: tabs, Facts: facts, Found: "1 listing", Waiting: table("waiting"), Lived: "1 change", Live: table("live")},
		SubmissionPage{Shell: shell, Heading: "Päevik"},
		SubmissionPage{Shell: wrong, Heading: "Päevik", Tags: []Tag{{Info, "Waits"}}, Notices: []Notice{{Kind: Warn, Title: "a", Text: "b", Link: link}}, Tabs: tabs, Facts: facts,
			Links: []Link{link}, Risks: []Words{{Text: `New claim: "best" <b>`}}, Diff: diff, Checks: facts, Decide: decide, Trail: &Trail{Rows: doneRows(v)}},
	}
}
