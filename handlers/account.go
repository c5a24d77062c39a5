package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const accountPath = "/account"

// showAccount shows people what is theirs.
func (s *Site) showAccount(r *web.Request) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := identity.Memberships(r.Context(), s.DB, a.ID)
	if err != nil {
		return web.Reply{}, err
	}
	applications, err := identity.ApplicationsOf(r.Context(), s.DB, a.ID)
	f := s.fresh(r, nil)
	p := views.AccountPage{Heading: a.Name, Facts: f.profile(a), Links: []views.Link{
		f.link(accountPath+"/profile", "account.profile"),
		f.link(mailPath, "mail_change.title"),
		f.link(accountPath+"/security", "account.security"),
		f.link(tokensPath, "token.title"),
		f.link(notificationsPath, "notifications.title"),
		f.link(accountPath+"/preferences", "account.preferences"),
		f.link(dataPath, "data.title"),
	}}
	p.Shell = f.page(f.T("account.title"))
	p.Empty = views.Empty{Title: f.T("account.nobody"), Text: f.T("account.nobody_text"), Action: f.link(signUpPath+"/vendor", "sign_up.vendor_link")}
	for _, m := range all {
		p.Acting = append(p.Acting, f.acting(m, r.Session.Acting.Membership))
	}
	for _, a := range applications {
		p.Applications = append(p.Applications, views.Row{Key: a.Name, Value: views.Words{Text: f.T("application.see")}, URL: at(r.Lang, applicationPath(a.ID)), Tags: []views.Tag{f.stateOf(a.State)}})
	}
	return web.Page(p), err
}

func (f *filled) profile(a identity.Account) []views.Row {
	return []views.Row{
		{Key: f.T("form.name"), Value: views.Words{Text: a.Name}},
		{Key: f.T("form.mail"), Value: views.Words{Text: a.Mail}},
		{Key: f.T("profile.language"), Value: views.Words{Text: f.Language(a.Language)}},
	}
}

// acting is one of the organisations that the person may act for.
func (f *filled) acting(m identity.Membership, now int64) views.ActingRow {
	row := views.ActingRow{Org: views.In(m.Org, f.Tag), Since: f.Date(models.DateOf(m.Since.Time)), Now: m.ID == now}
	for _, line := range f.powers(m.Powers) {
		row.Powers = append(row.Powers, line.what+": "+line.words)
	}
	if !row.Now {
		row.Switch = views.Switch{Action: at(f.Tag, "/acting-as"), Hidden: []views.Hidden{
			{Name: "membership", Value: strconv.FormatInt(m.ID, 10)}, {Name: fieldReturn, Value: at(f.Tag, accountPath)}}}
	}
	return row
}

// power is something that somebody may do.
type power struct{ what, words string }

// powers says what somebody may do.
func (w speaker) powers(p identity.Powers) []power {
	lines := []power{{w.T("powers.roles"), w.Roles(p.Roles)}}
	add := func(key, words string) { lines = append(lines, power{w.T(key), words}) }
	if len(p.Rights) > 0 {
		words := make([]string, len(p.Rights))
		for i, right := range p.Rights {
			words[i] = w.T("right." + string(right))
		}
		add("powers.rights", strings.Join(words, ", "))
	}
	if p.Limit > 0 {
		add("powers.limit", w.Money(models.Money{Minor: p.Limit, Currency: "EUR"}))
	}
	if p.Reach != "" {
		add("powers.reach", w.T("reach."+string(p.Reach)))
	}
	return lines
}

// accountCrumb leads back to the account.
func (f *filled) accountCrumb() views.Link { return f.link(accountPath, "account.title") }

// showProfile shows the form in which people say what they are called.
func (s *Site) showProfile(r *web.Request) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	f := s.fresh(r, map[string]string{"name": a.Name, "language": a.Language})
	return web.Page(s.profilePage(r, f)), err
}

func (s *Site) profilePage(r *web.Request, f *filled) views.FormPage {
	p := views.FormPage{Heading: f.T("account.profile"), Form: views.Form{Action: at(r.Lang, accountPath+"/profile"), Button: f.T("form.save"),
		Inputs: []views.Input{f.name(), s.languages(f, f.T("profile.language"))}}}
	p.Shell = f.page(p.Heading, f.accountCrumb())
	return p
}

// changeProfile keeps what people say of themselves.
func (s *Site) changeProfile(r *web.Request) (web.Reply, error) {
	lang := r.Form("language")
	if !slices.Contains(s.Langs, lang) {
		lang = ""
	}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return identity.ChangeProfile(r.Context(), tx, r.Actor.AccountID, r.Form("name"), lang)
	})
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.profilePage(r, s.posted(r, wrong))), nil
	}
	return web.SeeOther(at(r.Lang, accountPath)).Say("done.profile"), err
}

// showPreferences shows the form in which people choose language and colours.
func (s *Site) showPreferences(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, map[string]string{"lang": r.Lang, "theme": r.Prefs.Theme})
	if r.Prefs.Theme == "" {
		f = s.fresh(r, map[string]string{"lang": r.Lang, "theme": "system"})
	}
	lang := views.Select{Name: "lang", Label: f.T("preferences.lang")}
	for _, tag := range s.Langs {
		lang.Options = append(lang.Options, views.Option{Value: tag, Text: f.Language(tag)})
	}
	theme := views.Select{Name: "theme", Label: f.T("theme.label")}
	for _, t := range []string{"system", views.Light, views.Dark} {
		theme.Options = append(theme.Options, views.Option{Value: t, Text: f.T("theme." + t)})
	}
	back := views.Hidden{Name: fieldReturn, Value: at(r.Lang, accountPath+"/preferences")}
	p := views.FormPage{Heading: f.T("account.preferences"), Text: []string{f.T("preferences.text")},
		Form: views.Form{Action: at(r.Lang, "/preferences"), Hidden: []views.Hidden{back}, Button: f.T("form.save"), Inputs: []views.Input{f.choose(lang), f.choose(theme)}}}
	p.Shell = f.page(p.Heading, f.accountCrumb())
	return web.Page(p), nil
}

// query is a query of one field.
func query(field, value string) string { return url.Values{field: {value}}.Encode() }
