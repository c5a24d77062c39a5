package handlers

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/feeds"
	"pilveturg/handlers/fetch"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/releases"
	"pilveturg/views"
)

const feedEnd = "/feed" // after the path of the releases of a listing

// feedRow says where the feed of a service is, and how reading it went.
func (f *filled) feedRow(n ownNoted, feed releases.Feed, now time.Time) views.Row {
	row := views.Row{Key: f.T("release.feed"), Value: views.Words{Text: f.T("release.feed_none")}, Action: f.link(n.path+feedEnd, "release.feed_give")}
	if feed.Address == "" {
		return row
	}
	row.Value.Text, row.URL = feed.Address, feed.Address
	row.Action = f.link(n.path+feedEnd, "release.feed_change")
	switch {
	case feed.GivenUp():
		row.Tags = []views.Tag{{Kind: views.Err, Text: f.T("release.feed_given_up")}}
		row.More = append(row.More, views.Words{Text: f.feedProblem(feed)}, views.Words{Text: f.T("release.feed_again")})
	case feed.Failures > 0:
		row.Tags = []views.Tag{{Kind: views.Warn, Text: f.T("release.feed_failing", f.Time(feed.Failing))}}
		row.More = append(row.More, views.Words{Text: f.feedProblem(feed)})
		row.Note = f.T("release.feed_next", f.Time(feed.Next))
	case feed.Read.IsZero():
		row.Tags = []views.Tag{{Text: f.T("release.feed_soon")}}
	default:
		row.Tags = []views.Tag{{Kind: views.OK, Text: f.T("release.feed_read", f.ago(now.Sub(feed.Read.Time)))}}
		row.Note = f.N("release.feed_entries", int64(feed.Entries))
	}
	return row
}

// feedProblem says what went wrong in reading a feed.
func (f *filled) feedProblem(feed releases.Feed) string {
	key := "release.feed_no_feed"
	if feed.Problem != feeds.NoFeed {
		key = fetch.Kind(feed.Problem).Key()
	}
	return f.T(key) + "."
}

// ago says how long ago something was.
func (w speaker) ago(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return w.T("ago.now")
	case d < time.Hour:
		return w.N("ago.minutes", int64(d/time.Minute))
	case d < 2*day:
		return w.N("ago.hours", int64(d/time.Hour))
	}
	return w.N("ago.days", int64(d/day))
}

// showReleaseFeed shows the form for the address of a feed.
func (s *Site) showReleaseFeed(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	if err != nil {
		return web.Reply{}, err
	}
	feed, err := releases.FindFeed(r.Context(), s.DB, r.Actor, n.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return web.Reply{}, err
	}
	lang := feed.Language
	if lang == "" {
		lang = r.Lang
	}
	return web.Page(s.feedForm(s.fresh(r, map[string]string{"address": feed.Address, "language": lang}), n, feed.Address != "")), nil
}

func (s *Site) feedForm(f *filled, n ownNoted, there bool) views.FormPage {
	p := views.FormPage{Heading: f.T("release.feed_title", n.name.Text), Text: []string{f.T("release.feed_text"), f.T("release.feed_text_more")},
		Form: views.Form{Action: at(f.Tag, n.path+feedEnd), Button: f.T("release.feed_save"), Inputs: []views.Input{
			f.field(views.Field{Name: "address", Label: f.T("release.feed_address"), Hint: f.T("release.feed_hint"), Mode: "url", Width: "w60", Needed: true}),
			s.languages(f, f.T("release.feed_language")),
		}},
		Links: []views.Link{f.link(n.path, "admin.back")}}
	if there {
		p.Links = append(p.Links, f.link(n.path+feedEnd+removalEnd, "release.feed_remove"))
	}
	p.Shell = f.page(p.Heading, f.link(n.path, "release.crumb"))
	return p
}

// setReleaseFeed has a feed read from now on.
func (s *Site) setReleaseFeed(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	if err != nil {
		return web.Reply{}, err
	}
	address, lang, wrong := strings.TrimSpace(r.Form("address")), s.Langs[0], models.Invalid{}
	for _, one := range s.Langs {
		if one == r.Form("language") {
			lang = one
		}
	}
	if err := fetch.Check(address); err != nil {
		wrong["address"] = fetch.KindOf(err).Key()
		if address == "" {
			wrong["address"] = "release.feed_unclear"
		}
	}
	err = wrong.Or()
	if err == nil {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return releases.SetFeed(r.Context(), tx, n.ID, address, lang) })
	}
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.feedForm(s.posted(r, wrong), n, false)), nil
	}
	return web.SeeOther(at(r.Lang, n.path)).Say("release.feed_set"), err
}

// confirmFeedRemoval asks whether a feed is not to be read any more, and what becomes of
// what was read.
func (s *Site) confirmFeedRemoval(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	if err != nil {
		return web.Reply{}, err
	}
	feed, err := releases.FindFeed(r.Context(), s.DB, r.Actor, n.ID)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	forget := views.Choices{ID: "forget", Name: "forget", Legend: f.T("release.feed_forget_legend"), Options: []views.Option{{Value: "yes", Text: f.T("release.feed_forget")}}}
	p := views.FormPage{Heading: f.T("release.feed_removal"), Text: []string{f.T("release.feed_removal_text")},
		Facts: []views.Row{{Key: f.T("release.feed"), Value: views.Words{Text: feed.Address}}},
		Form:  views.Form{Action: at(r.Lang, n.path+feedEnd+removalEnd), Button: f.T("release.feed_remove"), Stop: true, Inputs: []views.Input{{Choices: &forget}}},
		Links: []views.Link{f.link(n.path, "admin.back")}}
	p.Shell = f.page(p.Heading, f.link(n.path, "release.crumb"))
	return web.Page(p), nil
}

// removeReleaseFeed has a feed not read any more. When somebody else did, that is as good.
func (s *Site) removeReleaseFeed(r *web.Request) (web.Reply, error) {
	n, err := s.ownNoted(r)
	if err != nil {
		return web.Reply{}, err
	}
	forget := r.Form("forget") == "yes"
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return releases.RemoveFeed(r.Context(), tx, n.ID, forget) })
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return web.SeeOther(at(r.Lang, n.path)).Say("release.feed_removed"), err
}
