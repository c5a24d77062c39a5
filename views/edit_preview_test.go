package views

import "testing"

// editPreviews are the pages on which listings are written.
func editPreviews(_ testing.TB, v *Views) []Page {
	shell := Shell{Title: "x", Crumbs: []Link{v.homeLink()}}
	wrong := shell
	wrong.Errors = []FieldError{{"p0.c0.s0.price", "Enter a price"}}
	link := Link{URL: v.url("/vendor/listings/1"), Text: "All sections"}
	hidden := []Hidden{{"seen", "1"}}
	price := Field{ID: "p0.c0.s0.price", Name: "p0.c0.s0.price", Label: "Price", Value: `<"1>`, Error: "Enter a price", Unit: "EUR"}
	to := Field{ID: "p0.c0.s0.to", Name: "p0.c0.s0.to", Label: "Up to", Mode: "decimal", Width: "w8"}
	area := &Area{ID: "description", Name: "description", Label: "Description", Hint: "Markdown", Rows: 5, Lang: "et", Value: "</textarea>"}
	ticks := &Choices{ID: "a.sign_in", Name: "a.sign_in", Legend: "Sign-in", Options: []Option{{Value: "a", Text: "A", Chosen: true}, {Value: "b", Text: "B"}}}
	diff := &Diff{Title: "What changes", Head: Head{ID: "diff", Caption: "c", Columns: []Column{{Text: "a"}, {Text: "b"}, {Text: "c"}}},
		Rows: []Change{{Field: "Name", Before: []Words{{Text: "old"}}, After: []Words{{Text: "<new>"}}}}}
	save := []EditButton{{Act: "next", Text: "Save and continue"}, {Act: "save", Text: "Save", Quiet: true}}
	return []Page{
		EditPage{Shell: shell, Heading: "Basics", Form: EditForm{Action: v.url("/x"), Buttons: save}},
		EditPage{Shell: shell, Heading: "Basics", State: "Draft, saved now", Notices: []Notice{{Kind: Info, Text: "Note"}}, Links: []Link{link}, Form: EditForm{Action: v.url("/x"), Hidden: hidden, Saved: "Saved", Fail: "Not saved", Buttons: save,
			Groups: []EditGroup{{Title: "Words", Text: "Say it.", Hidden: []Hidden{{"languages", "en"}}, Inputs: []Input{{Area: area}, {Choices: ticks}}, Buttons: []EditButton{{Act: "drop:0", Text: "Remove", For: "Document 1"}}},
				{More: "More questions", Inputs: []Input{{Field: &Field{ID: "website", Name: "website", Label: "Website"}}}}, {More: "Wrong ones", Open: true}}}},
		EditPage{Shell: wrong, Heading: "Price plans", Form: EditForm{Action: v.url("/x"), Buttons: save, Plans: []EditPlan{{
			Main:    EditGroup{Title: "Plan 1", Row: []Input{{Field: &Field{ID: "p0.name.en", Name: "p0.name.en", Label: "Name"}}}},
			Charges: []EditCharge{{Main: EditGroup{Title: "What is paid for, 1"}, Tiers: []EditTier{{To: to, Price: price, Remove: EditButton{Act: "drop-tier:0:0:0", Text: "Remove", For: "tier 1"}}}, More: EditGroup{More: "More"}, Buttons: []EditButton{{Act: "add-tier:0:0", Text: "Add a tier"}}}},
			More:    EditGroup{More: "More about the plan"}, Buttons: []EditButton{{Act: "copy-plan:0", Text: "Copy", For: "Plan 1"}}}}},
			Buyers: &BuyerView{Plans: []BuyerPlan{{Name: "Basic", Line: "€1 a month", Head: Head{ID: "buyers-0", Caption: "c", Quiet: true, Columns: []Column{{Text: "Pupils"}, {Text: "A year", Number: true}}},
				Rows: []TableRow{{{Link: Link{Text: "100"}}, {Link: Link{Text: "€900.00"}}}}}, {Name: "Other", Line: "price on request", Note: "On request"}}}},
		EditPage{Shell: shell, Heading: "Price plans", Form: EditForm{Action: v.url("/x"), Buttons: save}, Buyers: &BuyerView{Text: "No plan yet."}},
		TasksPage{Shell: shell, Heading: "Päevik", State: "12 of 12", Tasks: []Task{{Link: link, Tag: Tag{OK, "Completed"}}}},
		TasksPage{Shell: shell, Heading: "Päevik", Tags: []Tag{{Warn, "Waiting"}}, State: "12 of 12", Notices: []Notice{{Kind: Warn, Text: "Sent back"}}, Tasks: []Task{{Link: link, Text: "1 of 2", Tag: Tag{Text: "Not begun"}}},
			Buttons: []RowButton{{Action: v.url("/y"), Hidden: hidden, Text: "Throw the draft away"}}, Links: []Link{link}},
		CheckPage{Shell: shell, Heading: "Check and send", Notices: []Notice{{Kind: Info, Text: "Nothing to send"}}},
		CheckPage{Shell: shell, Heading: "Check and send", Missing: []Link{link}, Risks: []string{"A <new> service"}, Checks: []Row{{Key: "Links", Value: Words{Text: "fine"}}}, Changes: diff, Form: &Form{Action: v.url("/x"), Hidden: hidden, Button: "Send"}, Links: []Link{link}},
		ConflictPage{Shell: shell, Heading: "Somebody else saved", Action: v.url("/x"), Buttons: save[:1]},
		ConflictPage{Shell: shell, Heading: "Somebody else saved", Text: []string{"Choose."}, Diff: diff, Action: v.url("/x"), Hidden: hidden, Buttons: save, Links: []Link{link}},
	}
}
