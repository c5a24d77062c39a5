package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const codePath = signInPath + "/code"

// heldStep is under which a browser holds the ticket between password and code.
const heldStep = "pilveturg-step"

// afterPassword begins a session of who needs no more than a password, and asks others
// for their second factor. Until they have shown it, the browser holds a ticket that
// opens nothing else.
func (s *Site) afterPassword(r *web.Request, a identity.Account, back string) (web.Reply, error) {
	return s.afterFirst(r, a, nil, back)
}

// afterFirst is afterPassword for who has shown an identity instead, when there is a
// proof of one.
func (s *Site) afterFirst(r *web.Request, a identity.Account, proof *access.Proof, back string) (web.Reply, error) {
	has, err := access.HasFactor(r.Context(), s.DB, a.ID)
	if err != nil {
		return web.Reply{}, err
	}
	if !has {
		return s.beginBy(r, byFirst(proof), a.ID, back)
	}
	var secret string
	err = s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) (err error) {
		secret, err = access.Give(r.Context(), tx, access.SecondStep, a.ID, access.SecondStepLife)
		return err
	})
	query := ""
	if back = ours(back, ""); back != "" {
		query = returnQuery(back)
	}
	reply := web.SeeOther(at(r.Lang, withQuery(codePath, query))).Hold(heldStep, []byte(secret))
	if proof != nil && err == nil {
		reply, err = holdProof(reply, secret, *proof)
	}
	return reply, err
}

func returnQuery(back string) string { return query(fieldReturn, back) }

// pending is who has shown a password and not yet a second factor. It fails with
// [models.ErrNotFound] when nobody has, or too long ago.
func (s *Site) pending(r *web.Request) (a identity.Account, secret string, err error) {
	held, ok := r.Held(heldStep)
	if !ok {
		return a, "", models.ErrNotFound
	}
	a, err = access.Ticket(r.Context(), s.DB, access.SecondStep, string(held), models.Time{Time: s.DB.Now()})
	return a, string(held), err
}

// showCode asks for the second factor.
func (s *Site) showCode(r *web.Request) (web.Reply, error) {
	_, _, err := s.pending(r)
	if errors.Is(err, models.ErrNotFound) {
		return s.stepOver(r, http.StatusOK, r.Query(fieldReturn))
	}
	return web.Page(s.codePage(r, s.fresh(r, nil), r.Query(fieldReturn))).Private(), err
}

// stepOver asks for the password again, because it was not shown, or too long ago.
func (s *Site) stepOver(r *web.Request, status int, back string) (web.Reply, error) {
	p, err := s.signInPage(r, s.fresh(r, nil), back)
	p.Notices = append(p.Notices, views.Notice{Kind: views.Info, Text: s.speaker(r.Lang).T("second_step.over")})
	return web.Status(status, p), err
}

func (s *Site) codePage(r *web.Request, f *filled, back string) views.FormPage {
	hidden := []views.Hidden{{Name: fieldReturn, Value: ours(back, "")}}
	p := views.FormPage{Heading: f.T("second_step.title"), Text: []string{f.T("second_step.text")},
		Form:    views.Form{Action: at(r.Lang, codePath), Hidden: hidden, Button: f.T("sign_in.button"), Inputs: []views.Input{f.code()}},
		Passkey: s.passkeyForm(r, f, stepCode, hidden),
		Links:   []views.Link{f.link(signInPath, "second_step.back"), f.link("/help/signing-in", "second_step.help")}}
	p.Shell = f.page(p.Heading)
	return p
}

// code is the field for a code of an app, or a recovery code.
func (f *filled) code() views.Input {
	return f.field(views.Field{Name: "code", Label: f.T("second_step.code"), Hint: f.T("second_step.code_hint"), Fill: "one-time-code", Width: "w30", Needed: true})
}

// enterCode begins a session of who has shown password and code.
func (s *Site) enterCode(r *web.Request) (web.Reply, error) {
	back := r.Form(fieldReturn)
	a, ticket, err := s.pending(r)
	if err == nil && strings.TrimSpace(r.Form("code")) == "" {
		err = models.Invalid{"code": "second_step.code_missing"}
	}
	var secret string
	if err == nil {
		secret, err = s.byCode(r, a, byFirst(heldProofOf(r, ticket)), func(ctx context.Context, tx *db.Tx) error {
			_, err := access.Use(ctx, tx, access.SecondStep, ticket)
			return err
		})
	}
	if errors.Is(err, models.ErrNotFound) {
		return s.stepOver(r, http.StatusUnprocessableEntity, back)
	}
	if p, status := s.refused(r, err, func(f *filled) views.FormPage { return s.codePage(r, f, back) }); status != 0 {
		return web.Status(status, p).Private(), nil
	}
	return web.SeeOther(ours(back, at(r.Lang, accountPath))).Begin(secret).Hold(heldStep, nil), err
}

// byCode begins a session by the code that was typed, in the transaction that uses it
// up, after what has to come before.
func (s *Site) byCode(r *web.Request, a identity.Account, begin beginning, before func(context.Context, *db.Tx) error) (secret string, err error) {
	t := access.Try{From: r.Actor.From, Warn: s.warn}
	err = access.ByCode(r.Context(), s.DB, s.seal, a, r.Form("code"), t, func(ctx context.Context, tx *db.Tx, recovery bool) error {
		if err := before(ctx, tx); err != nil {
			return err
		}
		if secret, err = s.come(r, tx, begin, a.ID); err != nil || !recovery {
			return err
		}
		return s.notify(ctx, tx, identity.NoticeRecovery, a, "")
	})
	return secret, err
}

// refused is the page of a form whose words were not right, or came too often, with
// its status; 0 when err says something else, or nothing.
func (s *Site) refused(r *web.Request, err error, page func(*filled) views.FormPage) (p views.FormPage, status int) {
	wait := (*access.WaitError)(nil)
	if errors.As(err, &wait) {
		p = page(s.posted(r, nil))
		p.Notices = append(p.Notices, views.Notice{Kind: views.Warn, Text: s.speaker(r.Lang).wait(wait.Until.Sub(s.DB.Now())), Urgent: true})
		return p, http.StatusTooManyRequests
	}
	if wrong, ok := invalid(err); ok {
		return page(s.posted(r, wrong)), http.StatusUnprocessableEntity
	}
	return p, 0
}
