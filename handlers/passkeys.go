package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/passkey"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const passkeyPath = signInPath + "/passkey"

// heldPasskey is under which a browser holds the secret of what its device was asked.
const heldPasskey = "pilveturg-passkey"

// fieldCredential is what the device answered.
const fieldCredential = "credential"

// The steps at which a passkey may be used.
const (
	fieldStep   = "step"
	stepSignIn  = ""
	stepCode    = "code"   // after the password
	stepAgain   = "again"  // of who has signed in
	mostAnswers = 64 << 10 // bytes that a device may answer
)

// party is the site as devices know it; false where there can be no passkeys.
func (s *Site) party(r *web.Request) (passkey.Party, bool) {
	p, err := passkey.NewParty(s.speaker(r.Lang).T("site.name"), s.origin(r))
	return p, err == nil
}

// passkeyForm is the button that signs in with a passkey at a step; nil where there
// can be none. It shows itself where a script runs and the browser knows passkeys.
func (s *Site) passkeyForm(r *web.Request, f *filled, step string, hidden []views.Hidden) *views.PasskeyForm {
	if _, ok := s.party(r); !ok {
		return nil
	}
	hidden = append([]views.Hidden{{Name: fieldStep, Value: step}}, hidden...)
	return &views.PasskeyForm{Action: at(r.Lang, passkeyPath), From: at(r.Lang, passkeyPath+"/challenge"), Hidden: hidden, Button: f.T("passkey.sign_in")}
}

// askPasskey asks the device for any passkey for this site. At a step where it is
// known who signs in, only theirs will do.
func (s *Site) askPasskey(r *web.Request) (web.Reply, error) {
	party, ok := s.party(r)
	if !ok {
		return web.Reply{}, models.ErrNotFound
	}
	var account int64
	switch r.Form(fieldStep) {
	case stepCode:
		a, _, err := s.pending(r)
		if err != nil {
			return web.Reply{}, err
		}
		account = a.ID
	case stepAgain:
		if account = r.Actor.AccountID; account == 0 {
			return web.Reply{}, models.ErrNotFound
		}
	}
	asked, err := party.Ask()
	if err != nil {
		return web.Reply{}, err
	}
	return s.challenge(r, access.SignsIn, account, asked)
}

// challenge keeps what is asked, and hands it to the script.
func (s *Site) challenge(r *web.Request, p access.ChallengePurpose, account int64, asked passkey.Asked) (web.Reply, error) {
	var secret string
	err := s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) (err error) {
		secret, err = access.GiveChallenge(r.Context(), tx, p, access.Challenge{AccountID: account, Asked: asked.Kept})
		return err
	})
	if wait := (*access.WaitError)(nil); errors.As(err, &wait) {
		return web.Data("application/json", []byte(`{"error":"too_many_requests"}`), 0).As(http.StatusTooManyRequests).Private(), nil
	}
	return web.Data("application/json", asked.Options, 0).Hold(heldPasskey, []byte(secret)), err
}

// answered takes the challenge that the browser holds, and what the device answered.
// It fails with [models.Invalid] when there is neither.
func (s *Site) answered(r *web.Request, p access.ChallengePurpose) (c access.Challenge, answer []byte, err error) {
	held, _ := r.Held(heldPasskey)
	answer = []byte(r.Form(fieldCredential))
	err = s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) (err error) {
		c, err = access.TakeChallenge(r.Context(), tx, p, string(held))
		return err
	})
	if errors.Is(err, models.ErrNotFound) || err == nil && (len(answer) == 0 || len(answer) > mostAnswers) {
		err = models.Invalid{fieldCredential: "passkey.too_late"}
	}
	return c, answer, err
}

// signInByPasskey begins a session of whose passkey has signed.
func (s *Site) signInByPasskey(r *web.Request) (web.Reply, error) {
	secret, err := s.byPasskey(r)
	if wrong, ok := invalid(err); ok {
		return s.passkeyRefused(r, wrong)
	}
	if err != nil {
		return web.Reply{}, err
	}
	return s.goOn(r, secret).Hold(heldStep, nil).Hold(heldPasskey, nil), nil
}

func (s *Site) byPasskey(r *web.Request) (secret string, err error) {
	party, ok := s.party(r)
	if !ok {
		return "", models.ErrNotFound
	}
	c, answer, err := s.answered(r, access.SignsIn)
	if err != nil {
		return "", err
	}
	var p access.Passkey
	counter, err := party.Signed(c.Asked, answer, func(id []byte) (passkey.Person, error) {
		if p, err = access.FindPasskey(r.Context(), s.DB, id); err != nil {
			return passkey.Person{}, err
		}
		return passkey.Person{Handle: s.seal.Handle(p.AccountID), Keys: []passkey.Key{keyOf(p)}}, nil
	})
	switch {
	case errors.Is(err, models.ErrNotFound):
		return "", models.Invalid{fieldCredential: "passkey.unknown"}
	case errors.Is(err, passkey.ErrAnswer):
		s.Log.InfoContext(r.Context(), "passkey", "err", err)
		return "", models.Invalid{fieldCredential: "passkey.not_signed"}
	case err != nil:
		return "", err
	case c.AccountID != 0 && c.AccountID != p.AccountID:
		return "", models.Invalid{fieldCredential: "passkey.of_another"}
	}
	err = access.ByPasskey(r.Context(), s.DB, p, int64(counter), r.Actor.From, func(ctx context.Context, tx *db.Tx) error {
		secret, err = s.come(r, tx, access.Begin, p.AccountID)
		return err
	})
	if errors.Is(err, models.ErrForbidden) {
		err = models.Invalid{fieldCredential: "sign_in.locked"}
	}
	return secret, err
}

func keyOf(p access.Passkey) passkey.Key {
	return passkey.Key{ID: p.Credential, Public: p.PublicKey, Counter: uint32(p.Counter), Synced: p.Synced, Transports: strings.Fields(p.Transports)}
}

// passkeyRefused shows the page again on which the passkey was asked for.
func (s *Site) passkeyRefused(r *web.Request, wrong models.Invalid) (web.Reply, error) {
	f, back := s.posted(r, wrong), r.Form(fieldReturn)
	step := r.Form(fieldStep)
	switch {
	case step == stepAgain && r.Actor.SignedIn():
		return s.againReply(r, http.StatusUnprocessableEntity, f, back, r.Form(fieldKept))
	case step == stepCode:
		return web.Status(http.StatusUnprocessableEntity, s.codePage(r, f, back)).Private(), nil
	}
	p, err := s.signInPage(r, f, back)
	return web.Status(http.StatusUnprocessableEntity, p), err
}

// showNewPasskey asks what a new passkey is to be called.
func (s *Site) showNewPasskey(r *web.Request) (web.Reply, error) {
	return s.newPasskeyReply(r, http.StatusOK, s.fresh(r, map[string]string{"name": device(r).Agent}))
}

func (s *Site) newPasskeyReply(r *web.Request, status int, f *filled) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if _, ok := s.party(r); err == nil && (a.Invented || !ok) {
		err = models.ErrNotFound
	}
	p := views.FormPage{Heading: f.T("passkey.new_title"), Text: []string{f.T("passkey.new_text"), f.T("passkey.no_script")},
		Passkey: &views.PasskeyForm{Action: at(r.Lang, passkeysPath), From: at(r.Lang, passkeysPath+"/challenge"), New: true, Button: f.T("passkey.new_button"),
			Inputs: []views.Input{f.field(views.Field{Name: "name", Label: f.T("passkey.name"), Hint: f.T("passkey.name_hint"), Width: "w30", Needed: true})}}}
	p.Shell = f.page(p.Heading, f.accountCrumb(), f.securityCrumb())
	return web.Status(status, p), err
}

// askNewPasskey asks the device to make a passkey for the person.
func (s *Site) askNewPasskey(r *web.Request) (web.Reply, error) {
	party, one, err := s.keeper(r)
	if err != nil {
		return web.Reply{}, err
	}
	asked, err := party.AskNew(one)
	if err != nil {
		return web.Reply{}, err
	}
	return s.challenge(r, access.Registers, r.Actor.AccountID, asked)
}

// keeper is the person who asks, as devices know them.
func (s *Site) keeper(r *web.Request) (passkey.Party, passkey.Person, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	party, ok := s.party(r)
	if err == nil && (a.Invented || !ok) {
		err = models.ErrNotFound
	}
	if err != nil {
		return party, passkey.Person{}, err
	}
	has, err := access.FindFactors(r.Context(), s.DB, a.ID)
	one := passkey.Person{Handle: s.seal.Handle(a.ID), Mail: a.Mail, Name: a.Name}
	for _, p := range has.Passkeys {
		one.Keys = append(one.Keys, keyOf(p))
	}
	return party, one, err
}

// addPasskey keeps the passkey that the device made.
func (s *Site) addPasskey(r *web.Request) (web.Reply, error) {
	party, one, err := s.keeper(r)
	if err != nil {
		return web.Reply{}, err
	}
	c, answer, err := s.answered(r, access.Registers)
	if err == nil && c.AccountID != r.Actor.AccountID {
		err = models.Invalid{fieldCredential: "passkey.too_late"}
	}
	var key passkey.Key
	if err == nil {
		key, err = party.New(one, c.Asked, answer)
	}
	if errors.Is(err, passkey.ErrAnswer) {
		s.Log.InfoContext(r.Context(), "passkey", "err", err)
		err = models.Invalid{fieldCredential: "passkey.not_signed"}
	}
	var reply web.Reply
	if err == nil {
		reply, err = s.addFactor(r, "done.passkey_added", func(ctx context.Context, tx *db.Tx) ([]string, error) {
			return access.AddPasskey(ctx, tx, access.Passkey{Name: r.Form("name"), Credential: key.ID, PublicKey: key.Public,
				Counter: int64(key.Counter), Synced: key.Synced, Transports: strings.Join(key.Transports, " ")})
		})
	}
	if wrong, ok := invalid(err); ok {
		return s.newPasskeyReply(r, http.StatusUnprocessableEntity, s.posted(r, wrong))
	}
	return reply.Hold(heldPasskey, nil), err
}
