package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/oidc"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// identityRows are the providers with what the person has of them. An identity of a
// provider that is gone can still be disconnected.
func (s *Site) identityRows(r *web.Request, w speaker) ([]views.IdentityRow, error) {
	all, err := access.Identities(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return nil, err
	}
	mine := map[string]access.Identity{}
	for _, i := range all {
		mine[i.Provider] = i
	}
	var rows []views.IdentityRow
	for _, p := range s.Providers {
		row := views.IdentityRow{Name: views.In(p.Names, w.Tag), State: w.T("identity.none"), Button: w.T("identity.connect"),
			Action: at(w.Tag, identityPath(p.ID))}
		if i, ok := mine[p.ID]; ok {
			row = w.identity(i, row.Name)
		}
		delete(mine, p.ID)
		rows = append(rows, row)
	}
	for _, i := range all {
		if _, gone := mine[i.Provider]; gone {
			rows = append(rows, w.identity(i, views.Words{Text: i.Provider}))
		}
	}
	return rows, nil
}

func (w speaker) identity(i access.Identity, name views.Words) views.IdentityRow {
	return views.IdentityRow{Name: name, State: w.T("identity.since", w.Date(models.DateOf(i.Added.Time)), w.Time(i.Used)),
		Button: w.T("identity.disconnect"), Stop: true, Action: at(w.Tag, identityPath(i.Provider)+"/removal")}
}

func identityPath(provider string) string { return accountPath + "/identities/" + provider }

// connectProvider sends the person to a provider, to sign in with it from then on.
func (s *Site) connectProvider(r *web.Request) (web.Reply, error) {
	return s.toProvider(r, errand{Connects: r.Actor.AccountID})
}

// connect connects what came of it, if it is the same person still who asked for it.
func (s *Site) connect(r *web.Request, p *oidc.Client, e errand, proof access.Proof) (web.Reply, error) {
	if r.Actor.AccountID != e.Connects {
		return s.providerProblem(p, e.Lang, &oidc.Error{Problem: oidc.Lost, Err: errors.New("the session is over")}), nil
	}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return s.keepIdentity(r.Context(), tx, p, proof) })
	if wrong, ok := invalid(err); ok {
		return problemOf(p, e.Lang, wrong), nil
	}
	return web.SeeOther(at(e.Lang, accountPath+"/security")).Say("done.connected", views.In(p.Names, e.Lang).Text), err
}

// disconnectProvider takes the way in by a provider from the person.
func (s *Site) disconnectProvider(r *web.Request) (web.Reply, error) {
	id := r.Param("provider")
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if err := access.Disconnect(r.Context(), tx, id, s.live(), r.Session.ID); err != nil {
			return err
		}
		return s.tellOfIdentity(r.Context(), tx, identity.NoticeDisconnected, id)
	})
	if wrong, ok := invalid(err); ok {
		p, err := s.securityPage(r, s.posted(r, wrong))
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	return web.SeeOther(at(r.Lang, accountPath+"/security")).Say("done.disconnected"), err
}

// live are the providers by which people can sign in.
func (s *Site) live() (ids []string) {
	for _, p := range s.Providers {
		ids = append(ids, p.ID)
	}
	return ids
}

// keepIdentity connects an identity with the account of the actor, and tells its owner
// by letter, unless it was connected already.
func (s *Site) keepIdentity(ctx context.Context, tx *db.Tx, p *oidc.Client, proof access.Proof) error {
	fresh, err := access.Connect(ctx, tx, proof)
	if err != nil || !fresh {
		return err
	}
	return s.tellOfIdentity(ctx, tx, identity.NoticeConnected, p.ID)
}

// tellOfIdentity tells the person of the actor what became of the way in by a provider,
// which is called as they call it, or by its id when it is gone.
func (s *Site) tellOfIdentity(ctx context.Context, tx *db.Tx, kind identity.NoticeKind, provider string) error {
	a, err := identity.FindAccount(ctx, tx, tx.Actor.AccountID)
	if err != nil {
		return err
	}
	name := provider
	for _, p := range s.Providers {
		if p.ID == provider {
			name = views.In(p.Names, a.Language).Text
		}
	}
	return s.Notify(ctx, tx, identity.Notice{Kind: kind, AccountID: a.ID, Mail: a.Mail, Name: a.Name, Language: a.Language, About: name})
}

// byIdentity begins a session by an identity, and remembers that.
func byIdentity(proof access.Proof) beginning {
	return func(ctx context.Context, tx *db.Tx, account int64, d access.Device) (string, error) {
		return access.BeginBy(ctx, tx, account, proof, d)
	}
}

// byFirst begins a session by an identity, or by a password when there is no proof.
func byFirst(proof *access.Proof) beginning {
	if proof == nil {
		return access.Begin
	}
	return byIdentity(*proof)
}

// heldProof is under which a browser holds the proof that was shown before a second
// factor.
const heldProof = "pilveturg-proof"

// firstStep is a proof with the ticket that was given for it, so that it goes with no
// other.
type firstStep struct {
	Ticket string
	Proof  access.Proof
}

func holdProof(reply web.Reply, ticket string, proof access.Proof) (web.Reply, error) {
	held, err := json.Marshal(firstStep{ticket, proof})
	return reply.Hold(heldProof, held), err
}

// heldProofOf is the proof that a ticket was given for; nil when it was a password.
func heldProofOf(r *web.Request, ticket string) *access.Proof {
	var f firstStep
	held, ok := r.Held(heldProof)
	if !ok || json.Unmarshal(held, &f) != nil || f.Ticket != ticket {
		return nil
	}
	return &f.Proof
}
