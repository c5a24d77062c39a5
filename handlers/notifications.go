package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/work"
	"pilveturg/views"
)

const (
	notificationsPath = "/account/notifications"
	unsubscribePath   = "/unsubscribe"
	fieldToken        = "token"
)

// showNotifications shows how often the reader wants letters of each kind.
func (s *Site) showNotifications(r *web.Request) (web.Reply, error) {
	chosen, err := work.Preferences(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Page(s.speaker(r.Lang).notificationsPage(chosen, nil)), nil
}

// saveNotifications keeps what the reader chose. Kinds that the form does not have
// stay as they are.
func (s *Site) saveNotifications(r *web.Request) (web.Reply, error) {
	wanted := map[work.Kind]work.Frequency{}
	for _, k := range work.Choices() {
		if often := r.Form(string(k)); often != "" {
			wanted[k] = work.Frequency(often)
		}
	}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return work.Prefer(r.Context(), tx, wanted) })
	var wrong models.Invalid
	if errors.As(err, &wrong) {
		return web.Status(http.StatusUnprocessableEntity, s.speaker(r.Lang).notificationsPage(wanted, wrong)), nil
	}
	return web.SeeOther(at(r.Lang, notificationsPath)).Say("notifications.saved"), err
}

func (w speaker) notificationsPage(chosen map[work.Kind]work.Frequency, wrong models.Invalid) views.NotificationsPage {
	p := views.NotificationsPage{
		Shell:  w.ownShell(w.T("notifications.title"), w.home(), w.link(inboxPath, "inbox.title")),
		Action: at(w.Tag, notificationsPath),
		Back:   w.link(inboxPath, "notifications.back"),
	}
	for _, k := range work.Choices() {
		field := views.Select{ID: string(k), Name: string(k), Label: w.T("mail.kind." + string(k))}
		for _, f := range work.Frequencies() {
			field.Options = append(field.Options, views.Option{Value: string(f), Text: w.T("notifications.frequency." + string(f)), Chosen: chosen[k] == f})
		}
		if key := wrong[string(k)]; key != "" {
			field.Error = w.T(key)
			p.Errors = append(p.Errors, views.FieldError{Field: field.ID, Message: field.Error})
		}
		p.Kinds = append(p.Kinds, field)
	}
	return p
}

// confirmUnsubscribe asks whether the letters are to end that the address names.
// Programs that look at links before people do end nothing by that.
func (s *Site) confirmUnsubscribe(r *web.Request) (web.Reply, error) {
	_, k, err := work.ReadToken(s.LetterKey, r.Query(fieldToken))
	if err != nil {
		return web.Reply{}, err
	}
	p := s.speaker(r.Lang).unsubscribePage(k, "unsubscribe.title", "unsubscribe.text")
	p.Action = at(r.Lang, withQuery(unsubscribePath, url.Values{fieldToken: {r.Query(fieldToken)}}.Encode()))
	return web.Page(p), nil
}

// unsubscribe ends the letters that the address names. A mail program may ask for it
// with one click, as RFC 8058 has it: without cookies, and without going elsewhere
// for the answer.
func (s *Site) unsubscribe(r *web.Request) (web.Reply, error) {
	token := r.Query(fieldToken)
	_, k, err := work.ReadToken(s.LetterKey, token)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return work.Unsubscribe(r.Context(), tx, s.LetterKey, token) })
	return web.Page(s.speaker(r.Lang).unsubscribePage(k, "unsubscribe.done_title", "unsubscribe.done_text")), err
}

// unsubscribePage is the page with the title and the text about a kind; a digest has
// a text of its own.
func (w speaker) unsubscribePage(k work.Kind, title, text string) views.UnsubscribePage {
	p := views.UnsubscribePage{Shell: w.ownShell(w.T(title), w.home()), Settings: w.link(notificationsPath, "unsubscribe.settings")}
	switch {
	case k != work.Digest:
		p.Text = w.T(text, w.T("mail.kind."+string(k)))
	case text == "unsubscribe.text":
		p.Text = w.T("unsubscribe.text_digest")
	default:
		p.Text = w.T("unsubscribe.done_digest")
	}
	return p
}
