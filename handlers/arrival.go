package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/oidc"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const arrivalPath = signUpPath + "/identity"

// arrivalCookie holds an arrival while the person says what to be called.
const arrivalCookie = "pilveturg-arrival"

// arrival is somebody whom a provider knows and this site does not, and who may make
// an account.
type arrival struct {
	access.Proof
	Mail       string // that the provider has verified; "" for that of the invitation
	Invitation string // secret
	Return     string
}

// welcome decides what becomes of somebody whose identity nobody here has. Nobody is
// let in for having one: only an invitation, or what the installation says of the
// provider, lets them make an account, which has no rights yet.
func (s *Site) welcome(r *web.Request, p *oidc.Client, e errand, who oidc.Person, proof access.Proof) (web.Reply, error) {
	if e.Invitation != "" {
		return s.arrive(e, arrival{Proof: proof, Invitation: e.Invitation})
	}
	if who.Mail == "" || p.LinkBy != oidc.ByVerifiedMail && !p.Trust {
		return toProblem(p.ID, e.Lang, "unknown"), nil
	}
	a, err := identity.FindAccountByMail(r.Context(), s.DB, who.Mail)
	switch {
	case errors.Is(err, models.ErrNotFound) && p.Trust:
		return s.arrive(e, arrival{Proof: proof, Mail: who.Mail, Return: e.Return})
	case errors.Is(err, models.ErrNotFound):
		return toProblem(p.ID, e.Lang, "unknown"), nil
	case err != nil:
		return web.Reply{}, err
	case p.LinkBy != oidc.ByVerifiedMail || a.State != identity.Active || a.Invented:
		return toProblem(p.ID, e.Lang, "known"), nil
	}
	err = s.DB.Write(r.Context(), models.Actor{AccountID: a.ID, From: r.Actor.From}, func(tx *db.Tx) error {
		return s.keepIdentity(r.Context(), tx, p, proof)
	})
	if wrong, ok := invalid(err); ok {
		return problemOf(p, e.Lang, wrong), nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	return s.enter(r, a, proof, e.goal())
}

// arrive asks the person what else is needed for an account.
func (s *Site) arrive(e errand, a arrival) (web.Reply, error) {
	held, err := json.Marshal(a)
	if err != nil {
		return web.Reply{}, fmt.Errorf("arrival: %w", err)
	}
	return web.SeeOther(at(e.Lang, arrivalPath)).Hold(arrivalCookie, held), nil
}

// arrived is an arrival with what its account comes from.
type arrived struct {
	arrival
	invited identity.Invitation // zero when there is none
	words   string              // what the provider is called
}

// arrived finds who arrives, while the provider and the invitation still stand. It
// fails with [models.ErrNotFound].
func (s *Site) arrived(r *web.Request) (arrived, error) {
	var a arrived
	held, ok := r.Held(arrivalCookie)
	if !ok || json.Unmarshal(held, &a.arrival) != nil {
		return arrived{}, fmt.Errorf("arrival: %w", models.ErrNotFound)
	}
	for _, p := range s.Providers {
		if p.ID == a.Provider && (a.Invitation != "" || p.Trust) {
			a.words = views.In(p.Names, r.Lang).Text
		}
	}
	if a.words == "" {
		return arrived{}, fmt.Errorf("provider of an arrival: %w", models.ErrNotFound)
	}
	if a.Invitation == "" {
		return a, nil
	}
	var err error
	a.invited, err = identity.FindInvitation(r.Context(), s.DB, a.Invitation, models.Time{Time: s.DB.Now()})
	a.Mail = a.invited.Mail
	return a, err
}

// showArrival asks what the person is called.
func (s *Site) showArrival(r *web.Request) (web.Reply, error) {
	a, err := s.arrived(r)
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "oidc.dead_text"), nil
	}
	return s.arrivalPage(r, http.StatusOK, a, s.fresh(r, map[string]string{"name": a.invited.Name})), err
}

func (s *Site) arrivalPage(r *web.Request, status int, a arrived, f *filled) web.Reply {
	facts := f.invitation(a.invited)
	if a.invited.ID == 0 {
		facts = []views.Row{{Key: f.T("form.mail"), Value: views.Words{Text: a.Mail}}}
	}
	p := views.FormPage{Heading: f.T("oidc.arrival_title"), Text: []string{f.T("oidc.arrival_text", a.words)}, Facts: facts,
		Form: views.Form{Action: at(r.Lang, arrivalPath), Button: f.T("oidc.arrival_button"), Inputs: []views.Input{f.name()}}}
	p.Shell = f.page(p.Heading)
	return web.Status(status, p).Private()
}

// takeArrival makes the account, connects the identity and signs the person in.
func (s *Site) takeArrival(r *web.Request) (web.Reply, error) {
	a, err := s.arrived(r)
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "oidc.dead_text"), nil
	}
	if err == nil {
		err = identity.AcceptableName(r.Form("name"))
	}
	if wrong, ok := invalid(err); ok {
		return s.arrivalPage(r, http.StatusUnprocessableEntity, a, s.posted(r, wrong)), nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	var secret string
	err = s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) error {
		account, err := a.account(r, tx)
		if err == nil {
			_, err = access.Connect(r.Context(), tx, a.Proof)
		}
		if err == nil {
			secret, err = s.come(r, tx, byIdentity(a.Proof), account.ID)
		}
		return err
	})
	_, taken := invalid(err)
	if taken || errors.Is(err, models.ErrNotFound) || errors.Is(err, models.ErrSignIn) { // somebody was faster
		return s.deadLink(r, "oidc.dead_text").Hold(arrivalCookie, nil), nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	to := ours(a.Return, at(r.Lang, accountPath))
	if a.invited.ID != 0 {
		to = invited{Invitation: a.invited}.goal(r)
	}
	return web.SeeOther(to).Begin(secret).Hold(arrivalCookie, nil).Say("done.account_made"), nil
}

// account makes the account of who arrives.
func (a arrived) account(r *web.Request, tx *db.Tx) (identity.Account, error) {
	if a.invited.ID != 0 {
		return identity.Take(r.Context(), tx, a.Invitation, r.Form("name"), r.Lang)
	}
	made := identity.Account{Mail: a.Mail, Name: r.Form("name"), Language: r.Lang}
	return made, identity.Enrol(r.Context(), tx, &made)
}

// problemWords are the problems that a page tells of, and what about them.
var problemWords = map[string]string{
	string(oidc.Down):    "oidc.problem_down",
	string(oidc.Refused): "oidc.problem_refused",
	string(oidc.Lost):    "oidc.problem_lost",
	string(oidc.Unclear): "oidc.problem_unclear",
	string(oidc.Weak):    "oidc.problem_weak",
	string(oidc.Method):  "oidc.problem_method",
	"unknown":            "oidc.problem_unknown",
	"known":              "oidc.problem_known",
	"locked":             "sign_in.locked",
	"taken":              "identity.taken",
	"second":             "identity.second",
}

// showProviderProblem says why nobody came in by a provider, and where to go on.
func (s *Site) showProviderProblem(r *web.Request) (web.Reply, error) {
	p, err := s.provider(r)
	if err != nil {
		return web.Reply{}, err
	}
	key := problemWords[r.Query("why")]
	if key == "" {
		key = problemWords[string(oidc.Lost)]
	}
	f := s.fresh(r, nil)
	name := views.In(p.Names, r.Lang).Text
	page := views.MessagePage{Heading: f.T("oidc.problem_title", name), Text: []string{f.T(key)},
		Links: []views.Link{f.link(signInPath, "oidc.again"), f.link(signUpPath, "sign_in.sign_up"), f.link("/contact", "footer.contact")}}
	page.Shell = f.page(page.Heading)
	return web.Page(page).Private(), nil
}

// providerProblem leads to the page about a problem, away from the address that the
// provider sent the browser to; the log has what it was.
func (s *Site) providerProblem(p *oidc.Client, lang string, problem *oidc.Error) web.Reply {
	s.Log.Warn("sign-in by provider", "provider", p.ID, "why", problem.Error())
	return toProblem(p.ID, lang, string(problem.Problem))
}

// problemOf leads to the page about what a model says is wrong with an identity.
func problemOf(p *oidc.Client, lang string, wrong models.Invalid) web.Reply {
	for why, key := range problemWords {
		if key == wrong["identity"] {
			return toProblem(p.ID, lang, why)
		}
	}
	return toProblem(p.ID, lang, string(oidc.Unclear))
}

func toProblem(provider, lang, why string) web.Reply {
	return web.SeeOther(at(lang, withQuery("/oidc/"+provider+"/problem", query("why", why))))
}
