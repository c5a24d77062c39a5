package handlers

import (
	"fmt"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/work"
	"pilveturg/views"
)

const (
	inboxPath     = "/inbox"
	inboxRead     = "/read" // after the path of the inbox, or of a notice in it
	noticesOnPage = 50
)

// fieldLast is the last notice that the reader was shown.
const fieldLast = "last"

// listNotices shows what the reader was told.
func (s *Site) listNotices(r *web.Request) (web.Reply, error) {
	all, unread, err := work.CountInbox(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	part, ok := cut(r, all, noticesOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, inboxPath)), nil
	}
	notices, err := work.Inbox(r.Context(), s.DB, r.Actor.AccountID, part.Page)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Page(s.inboxPage(r, part, unread, notices)), nil
}

func (s *Site) inboxPage(r *web.Request, part slice, unread int, notices []work.Notice) views.InboxPage {
	w := s.speaker(r.Lang)
	p := views.InboxPage{
		Shell:    w.ownShell(part.title(w, w.T("inbox.title")), w.home()),
		Found:    w.N("inbox.count", int64(part.Total), w.Number(int64(unread))),
		Settings: w.link(notificationsPath, "inbox.settings"),
		Head: views.Head{ID: "inbox", Caption: w.T("inbox.caption"), Columns: []views.Column{
			{Text: w.T("inbox.notice")}, {Text: w.T("inbox.when")}, {Text: w.T("inbox.state")}, {Text: w.T("inbox.action"), Hidden: true}}},
		Pager: part.pager(r.Lang, func(n int) string { return pageAddress(inboxPath, nil, n) }),
		Empty: views.Empty{Title: w.T("inbox.none"), Text: w.T("inbox.none_text")},
	}
	var last int64
	for _, n := range notices {
		p.Rows = append(p.Rows, s.noticeRow(r, n))
		last = max(last, n.ID)
	}
	if unread > 0 {
		p.MarkAll = &views.Post{Action: at(r.Lang, inboxPath+inboxRead), Text: w.T("inbox.mark_all"), Class: "quiet",
			Hidden: views.Hidden{Name: fieldLast, Value: strconv.FormatInt(last, 10)}}
	}
	return p
}

func (s *Site) noticeRow(r *web.Request, n work.Notice) views.NoticeRow {
	w, about := s.speaker(r.Lang), s.Views[r.Lang].About(string(n.Kind), n.Args)
	row := views.NoticeRow{Link: views.Link{URL: at(r.Lang, n.Path), Text: about}, When: w.Time(n.Created), State: views.Tag{Text: w.T("inbox.read")}}
	if n.Read.IsZero() {
		row.State = views.Tag{Kind: views.Info, Text: w.T("inbox.unread")}
		row.Mark = &views.Post{Action: at(r.Lang, noticePath(n.ID)+inboxRead), Text: w.T("inbox.mark"), For: about, Class: "quiet tiny"}
	}
	return row
}

// noticePath is the path of a notice.
func noticePath(id int64) string { return inboxPath + "/" + strconv.FormatInt(id, 10) }

// readNotice notes that the reader has read a notice of hers.
func (s *Site) readNotice(r *web.Request) (web.Reply, error) {
	id, err := pathNumber(r, "notice")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return work.MarkRead(r.Context(), tx, id) })
	return web.SeeOther(at(r.Lang, inboxPath)).Say("inbox.done.read"), err
}

// readNotices notes that the reader has read all that she was shown.
func (s *Site) readNotices(r *web.Request) (web.Reply, error) {
	last, err := strconv.ParseInt(r.Form(fieldLast), 10, 64)
	if err != nil {
		return web.SeeOther(at(r.Lang, inboxPath)), nil
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return work.MarkAllRead(r.Context(), tx, last) })
	return web.SeeOther(at(r.Lang, inboxPath)).Say("inbox.done.all"), err
}

// pathNumber reads the number that stands in the path as a field.
func pathNumber(r *web.Request, field string) (int64, error) {
	id, err := strconv.ParseInt(r.Param(field), 10, 64)
	if err != nil || r.Param(field) != strconv.FormatInt(id, 10) {
		return 0, fmt.Errorf("%s %q: %w", field, r.Param(field), models.ErrNotFound)
	}
	return id, nil
}

// ownShell is what the pages have around them that are for one person.
func (w speaker) ownShell(title string, crumbs ...views.Link) views.Shell {
	s := w.shell("", title, crumbs...)
	s.NoIndex = true
	return s
}
