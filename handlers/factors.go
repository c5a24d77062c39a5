package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const (
	securityPath   = accountPath + "/security"
	neededPath     = securityPath + "/needed"
	appPath        = securityPath + "/app"
	recoveryPath   = securityPath + "/recovery-codes"
	passkeysPath   = securityPath + "/passkeys"
	newPasskeyPath = passkeysPath + "/new"
)

// qrSize is the width of the picture that a phone reads, in pixels.
const qrSize = 240

// showApp shows a secret for an app to take, and asks for its first code.
func (s *Site) showApp(r *web.Request) (web.Reply, error) {
	return s.appReply(r, http.StatusOK, s.fresh(r, nil), s.seal.NewOffer(r.Actor.AccountID, s.DB.Now()))
}

func (s *Site) appReply(r *web.Request, status int, f *filled, o access.Offer) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err == nil && a.Invented {
		err = models.ErrNotFound
	}
	if err != nil {
		return web.Reply{}, err
	}
	picture, err := draw(appAddress(f.T("site.name"), a.Mail, o.Secret))
	p := views.AppPage{QR: picture, Secret: spaced(o.Secret), Form: views.Form{Action: at(r.Lang, appPath), Button: f.T("app.button"),
		Hidden: []views.Hidden{{Name: "offer", Value: o.Sealed}}, Inputs: []views.Input{
			f.field(views.Field{Name: "code", Label: f.T("app.code"), Hint: f.T("app.code_hint"), Mode: "numeric", Fill: "one-time-code", Width: "w10", Needed: true})}}}
	p.Shell = f.page(f.T("app.title"), f.accountCrumb(), f.securityCrumb())
	return web.Status(status, p), err
}

// securityCrumb leads back to where people look after how they sign in.
func (f *filled) securityCrumb() views.Link { return f.link(securityPath, "security.title") }

// appAddress is what apps read from a picture.
func appAddress(site, mail, secret string) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + site + ":" + mail, RawQuery: "secret=" + secret + "&issuer=" + url.QueryEscape(site)}
	return u.String()
}

// draw makes a PNG of a text for phones to read.
func draw(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, qrSize, qrSize)
	}
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	var b bytes.Buffer
	err = png.Encode(&b, code)
	return b.Bytes(), err
}

// spaced puts spaces between groups of four letters.
func spaced(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}

// addApp makes the app a factor whose first code was typed.
func (s *Site) addApp(r *web.Request) (web.Reply, error) {
	reply, err := s.addFactor(r, "done.app_added", func(ctx context.Context, tx *db.Tx) ([]string, error) {
		return access.AddApp(ctx, tx, s.seal, r.Form("offer"), r.Form("code"))
	})
	if wrong, ok := invalid(err); ok {
		o, err := s.seal.FindOffer(r.Actor.AccountID, r.Form("offer"), s.DB.Now())
		if err != nil {
			return web.Reply{}, err
		}
		return s.appReply(r, http.StatusUnprocessableEntity, s.posted(r, wrong), o)
	}
	if errors.Is(err, models.ErrNotFound) {
		return web.SeeOther(at(r.Lang, appPath)).Say("done.app_too_old"), nil
	}
	return reply, err
}

// addFactor gives the person a factor, tells them by letter, and shows the recovery
// codes that come with the first. Then all sessions have ended, and this one begins
// anew.
func (s *Site) addFactor(r *web.Request, done string, add func(context.Context, *db.Tx) ([]string, error)) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	var codes []string
	var secret string
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		if codes, err = add(r.Context(), tx); err != nil {
			return err
		}
		if codes != nil {
			if secret, err = access.Begin(r.Context(), tx, a.ID, device(r)); err != nil {
				return err
			}
		}
		return s.notify(r.Context(), tx, identity.NoticeFactors, a, "")
	})
	switch {
	case err != nil:
		return web.Reply{}, err
	case codes == nil:
		return web.SeeOther(at(r.Lang, securityPath)).Say(done), nil
	}
	return web.Page(s.codesPage(r, codes, done)).Begin(secret), nil
}

func (s *Site) codesPage(r *web.Request, codes []string, done string) views.CodesPage {
	f := s.fresh(r, nil)
	p := views.CodesPage{Codes: codes, Next: f.link(securityPath, "recovery.next"), Notices: []views.Notice{{Kind: views.OK, Text: f.T(done)}}}
	p.Shell = f.page(f.T("recovery.title"), f.accountCrumb(), f.securityCrumb())
	return p
}

// makeRecovery makes new recovery codes and shows them, once.
func (s *Site) makeRecovery(r *web.Request) (web.Reply, error) {
	var codes []string
	err := s.changeFactors(r, identity.NoticeRecovery, func(ctx context.Context, tx *db.Tx) (err error) {
		codes, err = access.MakeRecovery(ctx, tx)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return web.Page(s.codesPage(r, codes, "done.recovery_made")), nil
}

// changeFactors changes what the person has, and tells them by letter.
func (s *Site) changeFactors(r *web.Request, kind identity.NoticeKind, change func(context.Context, *db.Tx) error) error {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return err
	}
	return s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if err := change(r.Context(), tx); err != nil {
			return err
		}
		return s.notify(r.Context(), tx, kind, a, "")
	})
}

// removeApp removes the app of the person.
func (s *Site) removeApp(r *web.Request) (web.Reply, error) {
	err := s.changeFactors(r, identity.NoticeFactors, access.RemoveApp)
	return web.SeeOther(at(r.Lang, securityPath)).Say("done.app_removed"), err
}

// removePasskey removes a passkey of the person.
func (s *Site) removePasskey(r *web.Request) (web.Reply, error) {
	id, err := idOf(r, "passkey")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.changeFactors(r, identity.NoticeFactors, func(ctx context.Context, tx *db.Tx) error {
		return access.RemovePasskey(ctx, tx, id, s.live())
	})
	if wrong, ok := invalid(err); ok {
		p, err := s.securityPage(r, s.posted(r, wrong))
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	return web.SeeOther(at(r.Lang, securityPath)).Say("done.passkey_removed"), err
}

// factors are what a person has besides a password, as the page shows them; nil for
// invented people.
func (s *Site) factors(r *web.Request, f *filled) (*views.Factors, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil || a.Invented {
		return nil, err
	}
	has, err := access.FindFactors(r.Context(), s.DB, a.ID)
	if err != nil {
		return nil, err
	}
	v := &views.Factors{Text: f.T("security.factors_none"), AddApp: f.link(appPath, "security.app_add"),
		RemoveApp: at(r.Lang, appPath+"/removal"), RemovePasskey: at(r.Lang, passkeysPath+"/removal")}
	if has.Any() {
		v.Text, v.Recovery = f.T("security.factors_text"), f.N("security.recovery_left", int64(has.Recovery))
		v.MakeRecovery = at(r.Lang, recoveryPath)
	}
	if has.App != nil {
		v.App, v.AddApp = f.T("security.app_since", f.Time(has.App.Since), f.Time(has.App.Used)), f.link(appPath, "security.app_other")
	}
	if _, ok := s.party(r); ok {
		v.AddPasskey = f.link(newPasskeyPath, "security.passkey_add")
	}
	v.Head = views.Head{ID: "passkeys", Caption: f.N("security.passkeys", int64(len(has.Passkeys))), Columns: []views.Column{
		{Text: f.T("security.passkey")}, {Text: f.T("security.added")}, {Text: f.T("security.seen")}, {Text: f.T("security.actions"), Hidden: true}}}
	for _, k := range has.Passkeys {
		v.Passkeys = append(v.Passkeys, views.PasskeyRow{ID: strconv.FormatInt(k.ID, 10), Name: k.Name, Added: f.Time(k.Created), Used: f.Time(k.Used)})
	}
	return v, nil
}
