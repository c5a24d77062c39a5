package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"pilveturg/db"
	"pilveturg/handlers/oidc"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// fieldInvitation holds the secret of an invitation that is taken with an identity.
const fieldInvitation = "invitation"

// errandCookie holds an errand while the browser is at a provider.
const errandCookie = "pilveturg-errand"

// errand is why a browser was sent to a provider.
type errand struct {
	oidc.Errand
	Provider   string
	Lang       string
	Return     string // where to go on
	Connects   int64  // the account whose person connects an identity; 0 for who signs in
	Invitation string // secret of the one to take; "" for none
}

// provider finds the provider that the path names.
func (s *Site) provider(r *web.Request) (*oidc.Client, error) {
	for _, p := range s.Providers {
		if p.ID == r.Param("provider") {
			return p, nil
		}
	}
	return nil, fmt.Errorf("provider of identities: %w", models.ErrNotFound)
}

// otherWays are the buttons of the providers; nil when there are none.
func (s *Site) otherWays(w speaker, hidden []views.Hidden) *views.Providers {
	if len(s.Providers) == 0 {
		return nil
	}
	o := &views.Providers{Title: w.T("oidc.title"), Text: w.T("oidc.text"), Hidden: hidden}
	for _, p := range s.Providers {
		b := views.ProviderButton{Action: at(w.Tag, "/oidc/"+p.ID), Text: w.T("oidc.with", views.In(p.Names, w.Tag).Text)}
		if !p.Reachable() {
			b.Down = w.T("oidc.down")
		}
		o.Buttons = append(o.Buttons, b)
	}
	return o
}

// connectedWays are the buttons of the providers that the person has an identity of;
// nil when there are none.
func (s *Site) connectedWays(r *web.Request, w speaker, hidden []views.Hidden) (*views.Providers, error) {
	all, err := access.Identities(r.Context(), s.DB, r.Actor.AccountID)
	o := s.otherWays(w, hidden)
	if err != nil || o == nil {
		return nil, err
	}
	o.Buttons = slices.DeleteFunc(o.Buttons, func(b views.ProviderButton) bool {
		return !slices.ContainsFunc(all, func(i access.Identity) bool { return b.Action == at(w.Tag, "/oidc/"+i.Provider) })
	})
	if len(o.Buttons) == 0 {
		return nil, nil
	}
	return o, nil
}

// startProvider sends the browser to a provider to sign in.
func (s *Site) startProvider(r *web.Request) (web.Reply, error) {
	return s.toProvider(r, errand{Return: r.Form(fieldReturn), Invitation: r.Form(fieldInvitation)})
}

// longestReturn is how much of an address a browser holds, in bytes.
const longestReturn = 1500

// toProvider sends the browser on an errand. It is a page that leads on, because what
// answers a form must stay on this site.
func (s *Site) toProvider(r *web.Request, e errand) (web.Reply, error) {
	p, err := s.provider(r)
	if err != nil {
		return web.Reply{}, err
	}
	e.Provider, e.Lang, e.Return = p.ID, r.Lang, ours(e.Return, "")
	if len(e.Return) > longestReturn {
		e.Return = ""
	}
	address, begun, err := p.Begin(r.Context(), s.callback(r, p), r.Lang, r.Actor.SignedIn())
	if problem := (*oidc.Error)(nil); errors.As(err, &problem) {
		return s.providerProblem(p, r.Lang, problem), nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	e.Errand = begun
	held, err := json.Marshal(e)
	if err != nil {
		return web.Reply{}, fmt.Errorf("errand: %w", err)
	}
	w := s.speaker(r.Lang)
	name := views.In(p.Names, r.Lang).Text
	page := views.MessagePage{Heading: w.T("oidc.onward_title", name), Text: []string{w.T("oidc.onward_text")},
		Links: []views.Link{{URL: address, Text: w.T("oidc.onward_link", name)}}}
	page.Shell = s.fresh(r, nil).page(page.Heading)
	page.Path = signInPath // the page itself cannot be opened anew
	return web.Page(page).Hold(errandCookie, held).Onward(address), nil
}

// callback is where a provider sends the browser back to, exactly as it knows it.
func (s *Site) callback(r *web.Request, p *oidc.Client) string {
	return s.origin(r) + "/oidc/" + p.ID + "/callback"
}

// returnFromProvider takes up an errand when the browser is back.
func (s *Site) returnFromProvider(r *web.Request) (web.Reply, error) {
	p, err := s.provider(r)
	if err != nil {
		return web.Reply{}, err
	}
	var e errand
	held, ok := r.Held(errandCookie)
	if !ok || json.Unmarshal(held, &e) != nil || e.Provider != p.ID || !slices.Contains(s.Langs, e.Lang) {
		problem := &oidc.Error{Problem: oidc.Lost, Err: errors.New("the browser was not sent there")}
		return s.providerProblem(p, s.preferred(r), problem), nil
	}
	r.Lang = e.Lang
	reply, err := s.finish(r, p, e)
	return reply.Hold(errandCookie, nil), err
}

func (s *Site) finish(r *web.Request, p *oidc.Client, e errand) (web.Reply, error) {
	who, err := p.Finish(r.Context(), s.callback(r, p), e.Errand, r.Values())
	if problem := (*oidc.Error)(nil); errors.As(err, &problem) {
		if problem.Problem == oidc.Cancelled {
			return web.SeeOther(s.cameFrom(e)).Say("oidc.cancelled", views.In(p.Names, e.Lang).Text), nil
		}
		return s.providerProblem(p, e.Lang, problem), nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	proof := s.proof(p, who)
	if e.Connects != 0 {
		return s.connect(r, p, e, proof)
	}
	a, err := access.ByIdentity(r.Context(), s.DB, proof)
	wrong, locked := invalid(err)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return s.welcome(r, p, e, who, proof)
	case locked:
		return problemOf(p, e.Lang, wrong), nil
	case err != nil:
		return web.Reply{}, err
	}
	return s.enter(r, a, proof, e.goal())
}

// cameFrom is the page from which the browser was sent on the errand.
func (s *Site) cameFrom(e errand) string {
	switch {
	case e.Connects != 0:
		return at(e.Lang, accountPath+"/security")
	case e.Invitation != "":
		return e.goal()
	case e.Return != "":
		return at(e.Lang, withQuery(signInPath, query(fieldReturn, e.Return)))
	default:
		return at(e.Lang, signInPath)
	}
}

// goal is where it goes on from a sign-in.
func (e errand) goal() string {
	if e.Invitation != "" {
		return at(e.Lang, "/invite/"+e.Invitation)
	}
	return e.Return
}

// proof is what is kept of who a provider means: not what it calls them.
func (s *Site) proof(p *oidc.Client, who oidc.Person) access.Proof {
	proof := access.Proof{Provider: p.ID, ACR: who.ACR, AMR: who.AMR, Strong: who.Strong,
		Subject: access.Blind(s.IdentityKeys[0], p.ID, who.Subject), SID: access.Blind(s.IdentityKeys[0], p.ID+" session", who.Session)}
	for _, key := range s.IdentityKeys[1:] {
		proof.Earlier = append(proof.Earlier, access.Blind(key, p.ID, who.Subject))
	}
	return proof
}

// enter begins a session of who has shown an identity of the account. One that does not
// count as two factors is no more than a password: whoever has a second factor is asked
// for it.
func (s *Site) enter(r *web.Request, a identity.Account, proof access.Proof, to string) (web.Reply, error) {
	if proof.Strong {
		return s.beginBy(r, byIdentity(proof), a.ID, to)
	}
	return s.afterFirst(r, a, &proof, to)
}

// logOutByProvider ends sessions by the word of their provider: OpenID Connect
// Back-Channel Logout 1.0. It is servers that ask this, which name no origin; browsers
// that are made to ask it by another site are refused as they are everywhere.
func (s *Site) logOutByProvider(r *web.Request) (web.Reply, error) {
	p, err := s.provider(r)
	if err != nil {
		return web.Reply{}, err
	}
	who, err := p.LoggedOut(r.Context(), r.Form("logout_token"))
	if problem := (*oidc.Error)(nil); errors.As(err, &problem) {
		s.Log.WarnContext(r.Context(), "log-out by provider", "provider", p.ID, "why", problem.Error())
		return web.Data("application/json", []byte(`{"error":"invalid_request"}`), 0).As(http.StatusBadRequest).Private(), nil
	}
	if err == nil {
		actor := models.Actor{Program: "provider " + p.ID, From: r.Actor.From}
		err = s.DB.Write(r.Context(), actor, func(tx *db.Tx) error {
			_, err := access.EndByProvider(r.Context(), tx, s.proof(p, who))
			return err
		})
	}
	return web.Data("text/plain; charset=utf-8", []byte("\n"), 0).Private(), err
}
