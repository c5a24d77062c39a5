package handlers

import (
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// showSignUp shows how buyers register, and where vendors do.
func (s *Site) showSignUp(r *web.Request) (web.Reply, error) {
	return web.Page(s.signUpPage(r, s.fresh(r, nil))), nil
}

func (s *Site) signUpPage(r *web.Request, f *filled) views.FormPage {
	p := views.FormPage{
		Heading: f.T("sign_up.title"), Text: []string{f.T("sign_up.buyer_text")},
		Form: views.Form{Action: at(r.Lang, signUpPath), Button: f.T("sign_up.button"), Inputs: []views.Input{f.mail(f.T("sign_up.mail_hint"))}},
		Links: []views.Link{
			f.link(signUpPath+"/vendor", "sign_up.vendor_link"),
			f.link(signInPath, "sign_up.sign_in_link"),
		},
	}
	p.Shell = f.page(f.T("sign_up.title"))
	return p
}

// signUp invites the mail to the organisation of its domain. The answer is the same
// whoever has the mail, and whether or not they are in already: the letter tells.
func (s *Site) signUp(r *web.Request) (web.Reply, error) {
	mail := r.Form("mail")
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		may, err := access.MayWrite(r.Context(), tx, mail, r.Actor.From)
		if err != nil || !may {
			return err
		}
		reg, err := identity.Register(r.Context(), tx, mail, r.Lang)
		switch {
		case err != nil:
			return err
		case reg.Secret == "":
			return s.notify(r.Context(), tx, identity.NoticeKnown, reg.Account, "")
		default:
			a := identity.Account{ID: reg.Account.ID, Mail: reg.Mail, Name: reg.Account.Name, Language: r.Lang}
			return s.notify(r.Context(), tx, identity.NoticeInvitation, a, reg.Secret)
		}
	})
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.signUpPage(r, s.posted(r, wrong))), nil
	}
	return s.letterSent(r, "sign_up.sent_title", "sign_up.sent_text"), err
}

// letterSent says that a letter may have been sent.
func (s *Site) letterSent(r *web.Request, title, text string) web.Reply {
	f := s.fresh(r, nil)
	p := views.MessagePage{Heading: f.T(title), Text: []string{f.T(text), f.T("form.letter_text")}, Links: []views.Link{f.link(signInPath, "sign_up.sign_in_link")}}
	p.Shell = f.page(p.Heading)
	return web.Page(p).Private()
}

// showVendorSignUp shows the form in which a company applies.
func (s *Site) showVendorSignUp(r *web.Request) (web.Reply, error) {
	return web.Page(s.vendorSignUpPage(r, s.fresh(r, map[string]string{"country": "EE"}))), nil
}

const wordRows = 6 // lines of a field for a message that are seen at once

func (s *Site) vendorSignUpPage(r *web.Request, f *filled) views.FormPage {
	company := []views.Input{
		f.choose(views.Select{Name: "country", Label: f.T("application.country"), Options: f.countries()}),
		f.field(views.Field{Name: "code", Label: f.T("application.code"), Hint: f.T("application.code_hint"), Width: "w12", Needed: true}),
		f.field(views.Field{Name: "company", Label: f.T("application.company"), Fill: "organization", Width: "w30", Needed: true}),
		f.choose(views.Select{Name: "size_class", Label: f.T("application.size"), Options: f.sizes()}),
		f.field(views.Field{Name: "website", Label: f.T("application.website"), Hint: f.T("application.website_hint"), Fill: "url", Width: "w30"}),
		f.markets(),
		f.area(views.Area{Name: "words", Label: f.T("application.words"), Hint: f.T("application.words_hint"), Rows: wordRows}),
	}
	text := f.T("sign_up.vendor_text")
	if !r.Actor.SignedIn() {
		company = append(company, f.name(), f.mail(f.T("sign_up.vendor_mail_hint")))
	}
	p := views.FormPage{Heading: f.T("sign_up.vendor_title"), Text: []string{text},
		Form: views.Form{Action: at(r.Lang, signUpPath+"/vendor"), Button: f.T("sign_up.vendor_button"), Inputs: company}}
	p.Shell = f.page(p.Heading)
	return p
}

func (f *filled) countries() []views.Option {
	var all []views.Option
	for _, code := range f.Countries() {
		all = append(all, views.Option{Value: code, Text: f.Country(code)})
	}
	return all
}

// sizes are the sizes of companies; the first is that it is not told.
func (f *filled) sizes() []views.Option {
	all := []views.Option{{Text: f.T("application.size_unknown")}}
	for _, c := range identity.SizeClasses {
		all = append(all, views.Option{Value: string(c), Text: f.T("size_class." + string(c))})
	}
	return all
}

// markets are boxes for the countries that a company sells to.
func (f *filled) markets() views.Input {
	c := views.Choices{ID: "markets", Name: "markets", Legend: f.T("application.markets"), Error: f.problem("markets"), Options: f.countries()}
	for _, code := range f.chosen("markets") {
		for i, o := range c.Options {
			c.Options[i].Chosen = o.Chosen || o.Value == code
		}
	}
	return views.Input{Choices: &c}
}

// signUpVendor sends an application: at once for who has signed in, or else when the
// link of a letter has shown that the mailbox is theirs.
func (s *Site) signUpVendor(r *web.Request) (web.Reply, error) {
	a := identity.Application{Key: models.Key{Code: r.Form("code")}, Name: r.Form("company"), Country: r.Form("country"),
		Class: identity.SizeClass(r.Form("size_class")), Website: r.Form("website"), Markets: r.Forms("markets")}
	who := identity.Applicant{Mail: r.Form("mail"), Name: r.Form("name"), Language: r.Lang}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if !r.Actor.SignedIn() {
			may, err := access.MayWrite(r.Context(), tx, who.Mail, r.Actor.From)
			if err != nil || !may {
				return err
			}
		}
		secret, err := identity.Apply(r.Context(), tx, &a, who, r.Form("words"))
		if err != nil || secret == "" {
			return err
		}
		to := identity.Account{Mail: who.Mail, Name: who.Name, Language: r.Lang}
		return s.notify(r.Context(), tx, identity.NoticeInvitation, to, secret)
	})
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.vendorSignUpPage(r, s.posted(r, wrong))), nil
	}
	if err == nil && r.Actor.SignedIn() {
		return web.SeeOther(at(r.Lang, applicationPath(a.ID))).Say("done.applied"), nil
	}
	return s.letterSent(r, "sign_up.sent_title", "sign_up.vendor_sent_text"), err
}
