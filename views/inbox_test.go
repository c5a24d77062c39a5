package views

import "testing"

// noticePreviews are the pages of what a person was told, and how it is told.
func noticePreviews(_ testing.TB, v *Views) []Page {
	head := Head{ID: "inbox", Caption: "Notices", Columns: []Column{{Text: "Notice"}, {Text: "When"}, {Text: "State"}, {Text: "Action", Hidden: true}}}
	settings := Link{URL: v.url("/account/notifications"), Text: "Choose"}
	often := []Option{{Value: "at_once", Text: "At once"}, {Value: "never", Text: "Never", Chosen: true}}
	return []Page{
		InboxPage{Shell: Shell{Title: "x"}, Settings: settings, Found: "0", Head: head, Empty: Empty{Title: "No notices yet", Text: "None."}},
		InboxPage{Shell: Shell{Title: "x", Flash: "Done.", NoIndex: true}, Settings: settings, Found: "2 notices, unread: 1", Head: head,
			MarkAll: &Post{Action: v.url("/inbox/read"), Text: "Mark all", Hidden: Hidden{"last", "2"}, Class: "quiet"},
			Rows: []NoticeRow{
				{Link: Link{URL: v.url("/approvals/7"), Text: "Approve <b>?"}, When: "02.03.2026 11:30", State: Tag{Info, "Unread"},
					Mark: &Post{Action: v.url("/inbox/2/read"), Text: "Mark", For: "Approve <b>?", Class: "quiet tiny"}},
				{Link: Link{URL: v.url("/account/security"), Text: "Your password was changed"}, When: "02.03.2026 11:30", State: Tag{Plain, "Read"}},
			},
			Pager: NewPager(1, 2, func(int) string { return v.url("/inbox?page=2") })},
		NotificationsPage{Shell: Shell{Title: "x"}, Action: v.url("/account/notifications"), Back: Link{URL: v.url("/inbox"), Text: "Back"},
			Kinds: []Select{{ID: "approval", Name: "approval", Label: "Approvals", Options: often}}},
		NotificationsPage{Shell: Shell{Title: "x", Errors: []FieldError{{"approval", "Choose"}}}, Action: v.url("/account/notifications"), Back: Link{URL: v.url("/inbox"), Text: "Back"},
			Kinds: []Select{{ID: "approval", Name: "approval", Label: "Approvals", Error: "Choose", Options: often}}},
		UnsubscribePage{Shell: Shell{Title: "x"}, Text: "No more of these.", Action: v.url("/unsubscribe?token=1.approval.x"), Settings: settings},
		UnsubscribePage{Shell: Shell{Title: "x"}, Text: "Done.", Settings: settings},
	}
}

// queuePreviews are the pages of those who see to the letters.
func queuePreviews(_ testing.TB, v *Views) []Page {
	head := Head{ID: "queue", Caption: "Letters", Columns: []Column{{Text: "Letter"}, {Text: "To"}, {Text: "Written"}, {Text: "State"}, {Text: "Tries", Number: true},
		{Text: "Fault"}, {Text: "Actions", Hidden: true}}}
	states := []Option{{Value: v.url("/admin/mail"), Text: "All (2)", Chosen: true}, {Value: v.url("/admin/mail?state=failed"), Text: "Failed (1)"}}
	to := Field{ID: "to", Name: "to", Label: "Address", Hint: "Your own", Fill: "email", Width: "w30"}
	wrong := to
	wrong.Value, wrong.Error = "<x", "Enter an address"
	post := func(path, text string) *Post {
		return &Post{Action: v.url(path), Text: text, For: "letter 1", Class: "quiet tiny"}
	}
	return []Page{
		QueuePage{Shell: Shell{Title: "x"}, States: states, Head: head, Empty: Empty{Title: "No letters", Text: "None."}, Action: v.url("/admin/mail/test"), To: to,
			Notices: []Notice{{Kind: Warn, Title: "No server", Text: "Nothing is sent."}}},
		QueuePage{Shell: Shell{Title: "x", Errors: []FieldError{{"to", "Enter an address"}}}, Server: "smtp://mail.example:587", States: states, Head: head,
			Rows: []QueueRow{
				{Letter: "Invitation", To: "a@agency.example", When: "02.03.2026 11:30", State: Tag{Err, "Failed"}, Note: "02.03.2026 12:30", Tries: "6", Error: "550 <no>",
					Retry: post("/admin/mail/1/retry", "Send now"), Drop: post("/admin/mail/1/drop", "Do not send")},
				{Letter: "Approval", To: "b@agency.example", When: "02.03.2026 11:30", State: Tag{OK, "Sent"}, Tries: "1"},
			},
			Pager: NewPager(1, 2, func(int) string { return v.url("/admin/mail?page=2") }), Action: v.url("/admin/mail/test"), To: wrong},
	}
}
