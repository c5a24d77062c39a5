package handlers

import (
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

const (
	calendarPath = "/calendar"
	feedPath     = calendarPath + "/feed/"
	icsKind      = "text/calendar; charset=utf-8"
)

// showCalendar lists by month what has to be said, and what ends.
func (s *Site) showCalendar(r *web.Request) (web.Reply, error) {
	return s.calendarPage(r, "")
}

// calendarPage shows the calendar; token is the address that was made just now.
func (s *Site) calendarPage(r *web.Request, token string) (web.Reply, error) {
	f := s.fresh(r, nil)
	all, err := contracts.Calendar(r.Context(), s.DB, r.Actor.OrgID, models.DateOf(s.today()))
	if err != nil {
		return web.Reply{}, err
	}
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, f.speaker, all, names); err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.T("calendar.title"), Text: []string{f.T("calendar.text")}, Links: []views.Link{f.link(subscriptionsPath, "section.subscriptions")}}
	for _, one := range all {
		day, key := one.NoticeBy, "calendar.notice."+string(one.Renewal)
		if day.IsZero() {
			day, key = one.Ends, "calendar.ends"
		}
		if month := f.Month(day); len(page.Parts) == 0 || page.Parts[len(page.Parts)-1].Heading != month {
			page.Parts = append(page.Parts, views.ProjectPart{Heading: month})
		}
		part := &page.Parts[len(page.Parts)-1]
		part.Facts = append(part.Facts, views.Row{Key: f.Date(day), Value: views.Words{Text: one.Code() + " " + names[one.ID].Text}, URL: at(f.Tag, subscriptionPath(one.ID, "")), Note: f.T(key, f.Date(one.Ends))})
	}
	if len(all) == 0 {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Info, Title: f.T("calendar.none"), Text: f.T("calendar.none_text")})
	}
	feed, err := s.feedPart(r, f, token)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append(page.Parts, feed)
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"))
	page.Section = subscriptionsSection
	return web.Page(page), nil
}

// feedPart is the address under which programs read the calendar. It is shown once.
func (s *Site) feedPart(r *web.Request, f *filled, token string) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: f.T("calendar.feed"), Text: []string{f.T("calendar.feed_text")}}
	has, err := contracts.HasCalendarToken(r.Context(), s.DB, r.Actor)
	if err != nil {
		return part, err
	}
	if token != "" {
		part.Facts = []views.Row{{Key: f.T("calendar.address"), Value: views.Words{Text: s.origin(r) + at(f.Tag, feedPath+token)}, Note: f.T("calendar.once")}}
	}
	key := "calendar.make"
	if has {
		key = "calendar.make_anew"
	}
	part.Forms = []views.Form{{Action: at(f.Tag, calendarPath), Button: f.T(key)}}
	if has {
		part.Forms = append(part.Forms, views.Form{Action: at(f.Tag, calendarPath+"/removal"), Button: f.T("calendar.end"), Stop: true})
	}
	return part, nil
}

// makeCalendarToken makes the address anew, and shows it.
func (s *Site) makeCalendarToken(r *web.Request) (web.Reply, error) {
	var token string
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		token, err = contracts.NewCalendarToken(r.Context(), tx)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return s.calendarPage(r, token)
}

// endCalendarToken ends the address.
func (s *Site) endCalendarToken(r *web.Request) (web.Reply, error) {
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return contracts.EndCalendarToken(r.Context(), tx) })
	return web.SeeOther(at(r.Lang, calendarPath)).Say("calendar.ended"), err
}

// calendarFeed answers programs that know the address with the calendar as iCalendar
// (RFC 5545): an event for each last day to say something, and for each end.
func (s *Site) calendarFeed(r *web.Request) (web.Reply, error) {
	org, _, err := contracts.CalendarOf(r.Context(), s.DB, r.Param("feed"))
	if err != nil {
		return web.Reply{}, err
	}
	all, err := contracts.Calendar(r.Context(), s.DB, org, models.DateOf(s.today()).AddMonths(-3))
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, w, all, names); err != nil {
		return web.Reply{}, err
	}
	c := calendar{stamp: s.today().UTC().Format("20060102T150405Z")}
	c.line("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Pilveturg//"+r.Lang, "X-WR-CALNAME:"+icsText(w.T("calendar.title")))
	for i := range all {
		one := &all[i]
		url := s.origin(r) + at(r.Lang, subscriptionPath(one.ID, ""))
		name := one.Code() + " " + names[one.ID].Text
		if !one.NoticeBy.IsZero() {
			c.event(one.Code()+"-notice", one.NoticeBy, w.T("calendar.notice_event", name), w.T("calendar.notice."+string(one.Renewal), w.Date(one.Ends)), url)
		}
		c.event(one.Code()+"-end", one.Ends, w.T("calendar.end_event", name), w.T("calendar.ends", w.Date(one.Ends)), url)
	}
	c.line("END:VCALENDAR")
	return web.Data(icsKind, []byte(c.b.String()), 0), nil
}

// calendar writes iCalendar.
type calendar struct {
	b     strings.Builder
	stamp string // of all events
}

// line writes content lines, folded after 75 octets, between characters (RFC 5545, 3.1).
func (c *calendar) line(lines ...string) {
	for _, line := range lines {
		width := 0
		for _, char := range line {
			size := len(string(char))
			if width+size > 75 {
				c.b.WriteString("\r\n ")
				width = 1
			}
			c.b.WriteRune(char)
			width += size
		}
		c.b.WriteString("\r\n")
	}
}

// event writes an event of a whole day.
func (c *calendar) event(uid string, day models.Date, title, text, url string) {
	form := func(d models.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
	c.line("BEGIN:VEVENT", "UID:"+uid+"@pilveturg", "DTSTAMP:"+c.stamp, "DTSTART;VALUE=DATE:"+form(day), "DTEND;VALUE=DATE:"+form(day.AddDays(1)),
		"SUMMARY:"+icsText(title), "DESCRIPTION:"+icsText(text), "URL:"+url, "TRANSP:TRANSPARENT")
	for _, days := range []int{30, 7} {
		c.line("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:"+icsText(title), fmt.Sprintf("TRIGGER:-P%dD", days), "END:VALARM")
	}
	c.line("END:VEVENT")
}

// icsText is text as a value holds it (RFC 5545, 3.3.11).
func icsText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(s)
}
