package handlers

import (
	"net/url"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const lastEvents = 20 // that the page of a thing shows

// trail is what was done to a thing, by all names that the log has for it, for those
// who belong to the organisation it is of and for administrators; nil for all others.
func (s *Site) trail(r *web.Request, w speaker, owner int64, subjects ...string) (*views.Trail, error) {
	if !owns(r.Actor, owner) {
		return nil, nil
	}
	events, err := audit.Of(r.Context(), s.DB, lastEvents, subjects...)
	if err != nil {
		return nil, err
	}
	b, err := s.about(r.Context(), s.DB, events)
	if err != nil {
		return nil, err
	}
	administers := r.Actor.Is(models.Administrator)
	t := &views.Trail{}
	for _, e := range events {
		t.Rows = append(t.Rows, w.done(e, b, administers))
	}
	if administers {
		t.More = w.link(pageAddress(auditPath, url.Values{auditWords: {subjects[0]}}, 1), "audit.trail_all")
	}
	return t, nil
}

// owns reports whether what is of the organisation concerns the actor.
func owns(a models.Actor, organisation int64) bool {
	return a.Is(models.Administrator) || a.AccountID != 0 && a.OrgID != 0 && a.OrgID == organisation
}

// mayOwnService reports whether the trail of any service is for the actor: services are
// those of vendors, so that who acts for a public body gets the page that is kept.
func mayOwnService(a models.Actor) bool {
	return a.IsAny(append(identity.RolesOf(identity.Vendor), models.Administrator)...)
}
