package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/market"
	"pilveturg/models/publishing"
	"pilveturg/models/releases"
	"pilveturg/views"
)

// jsonEnd makes of the address of a service that of its listing as data.
const jsonEnd = ".json"

// showService shows a service, and what it costs for the quantities in the
// address. Without any the main part of the page is kept until something it shows
// changes: nothing then has to be read but the marks.
func (s *Site) showService(r *web.Request) (web.Reply, error) {
	if strings.HasSuffix(r.Param("service"), jsonEnd) {
		return s.serviceData(r)
	}
	id, m, moved, err := s.serviceMarks(r, "")
	if err != nil || moved != nil {
		return reply(moved), err
	}
	if m.Life == catalogue.Withdrawn {
		return s.gone(r, id)
	}
	s.opens(r, market.Opened, id)
	asks := r.RawQuery() != "" && asksPrice(r.Values())
	if asks {
		s.opens(r, market.Asked, id)
	}
	if asks || mayOwnService(r.Actor) || r.Actor.May(models.Draft) {
		return s.freshService(r, id, m)
	}
	key := pageKey{offering: id, lang: r.Lang, revision: m.Revision, releases: m.Releases, names: m.Names, day: s.today().Unix() / secondsOfDay}
	if v, ok := s.kept.get(key); ok {
		return web.Ready(v.shell, v.main, &v.packed), nil
	}
	return s.keepService(r, m, key)
}

const secondsOfDay = 24 * 60 * 60

func reply(r *web.Reply) web.Reply {
	if r == nil {
		return web.Reply{}
	}
	return *r
}

// serviceMarks finds the service that the address names; end is what its path ends
// with after the name. moved is set when the address has other words than the
// service has now.
func (s *Site) serviceMarks(r *web.Request, end string) (id int64, m catalogue.Marks, moved *web.Reply, err error) {
	typed := r.Param("service")
	id, ok := parseName(strings.TrimSuffix(typed, jsonEnd), servicePrefix)
	if !ok {
		return 0, m, nil, fmt.Errorf("service %q: %w", typed, models.ErrNotFound)
	}
	if m, err = catalogue.Mark(r.Context(), s.DB, id); err != nil {
		return 0, m, nil, err
	}
	if m.Published == 0 {
		return 0, m, nil, fmt.Errorf("service %s was never published: %w", catalogue.Number(id), models.ErrNotFound)
	}
	if known := name(servicePrefix, id, m.Slug); typed != known && typed != known+jsonEnd {
		if strings.HasSuffix(typed, jsonEnd) {
			end = jsonEnd
		}
		to := web.Moved(withQuery(at(r.Lang, servicePath(id, m.Slug)+end), r.RawQuery()))
		return id, m, &to, nil
	}
	return id, m, nil, nil
}

// keepService makes the page of a service for the usual quantities and keeps it,
// unless it shows more than its key tells apart: another service as successor.
func (s *Site) keepService(r *web.Request, m catalogue.Marks, key pageKey) (web.Reply, error) {
	page, err := s.servicePage(r, key.offering, m)
	if err != nil {
		return web.Reply{}, err
	}
	main, err := s.Views[r.Lang].Main(page)
	if err != nil {
		return web.Reply{}, err
	}
	if m.Life == catalogue.Open {
		s.kept.put(key, &keptPage{shell: page.Shell, main: main})
	}
	return web.Ready(page.Shell, main, nil), nil
}

// freshService makes the page of a service for the quantities in the address, and for
// those who see more of it than others.
func (s *Site) freshService(r *web.Request, id int64, m catalogue.Marks) (web.Reply, error) {
	page, err := s.servicePage(r, id, m)
	if err != nil {
		return web.Reply{}, err
	}
	page.NoIndex = true
	return web.Status(statusOf(page.Errors), page), nil
}

// statusOf is that of a page with a form: something in it may be wrong.
func statusOf(wrong []views.FieldError) int {
	if len(wrong) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// service is all that the pages of a service are made from.
type service struct {
	catalogue.Offering
	edition   catalogue.Edition // the one that buyers see
	vendor    identity.Brief
	users     []catalogue.User
	names     map[int64]identity.Brief // of those that use it
	reason    models.Text
	successor *catalogue.Card // nil when there is none to be seen
	cpv       map[string]models.Text
	releases  []catalogue.Release

	confirmed catalogue.Confirmations
	claimedOn models.Date            // by the vendor; zero when it was never unclaimed, or is
	declared  publishing.Declaration // of the vendor, without its answers; zero for none
	rhythm    *releases.Rhythm       // of the releases of the service itself; nil: none is known
}

// readService reads all of a service as it is at one moment.
func (s *Site) readService(ctx context.Context, id int64) (v service, err error) {
	err = s.DB.Read(ctx, func(r db.Reader) error {
		if v.Offering, err = catalogue.Find(ctx, r, id); err != nil {
			return err
		}
		if v.edition, err = catalogue.FindEdition(ctx, r, id, v.Published); err != nil {
			return err
		}
		if v.users, err = catalogue.Users(ctx, r, id); err != nil {
			return err
		}
		if err = v.readNames(ctx, r); err != nil {
			return err
		}
		if v.cpv, err = catalogue.FindCPV(ctx, r, v.edition.CPV); err != nil {
			return err
		}
		if err = v.readTrust(ctx, r); err != nil {
			return err
		}
		rhythms, err := releases.Rhythms(ctx, r, []int64{id}, models.DateOf(s.today()))
		if err != nil {
			return err
		}
		if one, ok := rhythms[id]; ok {
			v.rhythm = &one
		}
		if v.releases, err = catalogue.Releases(ctx, r, id); err != nil || v.Life == catalogue.Open {
			return err
		}
		return v.readEnd(ctx, r)
	})
	return v, err
}

// readNames reads what the vendor and the users are called.
func (v *service) readNames(ctx context.Context, r db.Reader) (err error) {
	ids := []int64{v.VendorID}
	for _, u := range v.users {
		ids = append(ids, u.OrganisationID)
	}
	v.names, err = identity.Briefs(ctx, r, ids)
	v.vendor = v.names[v.VendorID]
	return err
}

// readTrust reads what was confirmed, whose the service is, and what that vendor declares.
func (v *service) readTrust(ctx context.Context, r db.Reader) error {
	confirmed, err := catalogue.FindConfirmations(ctx, r, []int64{v.ID})
	if err != nil {
		return err
	}
	v.confirmed = confirmed[v.ID]
	if v.claimedOn, err = catalogue.ClaimedOn(ctx, r, v.ID); err != nil || v.Unclaimed {
		return err
	}
	v.declared, err = publishing.CurrentDeclaration(ctx, r, v.VendorID)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// readEnd reads why a service cannot be had, and what there is instead.
func (v *service) readEnd(ctx context.Context, r db.Reader) (err error) {
	if v.reason, err = catalogue.Reason(ctx, r, v.ID); err != nil || v.Successor == 0 {
		return err
	}
	cards, err := catalogue.Cards(ctx, r, []int64{v.Successor})
	if len(cards) > 0 {
		v.successor = &cards[0]
	}
	return err
}

// gone shows that a service has been withdrawn.
func (s *Site) gone(r *web.Request, id int64) (web.Reply, error) {
	v, err := s.readService(r.Context(), id)
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	name, _ := w.nameAndSummary(v.edition.Words)
	page := views.GonePage{
		Shell:     w.shell("services", name.Text, w.home(), w.link("/services", "section.services")),
		Name:      name,
		Vendor:    w.briefLink(v.vendor),
		Since:     v.LifeSince,
		Reason:    views.In(v.reason, w.Tag),
		Successor: w.successor(v),
		Changes:   w.link(servicePath(id, v.Slug)+"/changes", "service.all_changes"),
	}
	page.NoIndex = true
	return web.Status(http.StatusGone, page), nil
}

// successor leads to the service to use instead; zero when there is none.
func (w speaker) successor(v service) views.Link {
	if v.successor == nil {
		return views.Link{}
	}
	name, _ := w.nameAndSummary(v.successor.Words)
	return views.Link{URL: at(w.Tag, servicePath(v.successor.ID, v.successor.Slug)), Text: name.Text, Lang: name.Lang}
}

// briefLink leads to the page of an organisation, if it has one.
func (w speaker) briefLink(o identity.Brief) views.Link {
	name := views.In(o.Names, w.Tag)
	l := views.Link{Text: name.Text, Lang: name.Lang}
	switch o.Kind {
	case identity.Vendor:
		l.URL = at(w.Tag, vendorPath(o.ID, o.Slug))
	case identity.Operator, "":
	default:
		l.URL = at(w.Tag, agencyPath(o.ID, o.Slug))
	}
	return l
}

// serviceData answers with the listing as an import file has it, without versions
// that buyers have never seen.
func (s *Site) serviceData(r *web.Request) (web.Reply, error) {
	id, m, moved, err := s.serviceMarks(r, jsonEnd)
	if err != nil || moved != nil {
		return reply(moved), err
	}
	if m.Life == catalogue.Withdrawn {
		return s.gone(r, id)
	}
	listing, err := catalogue.FindListing(r.Context(), s.DB, id)
	if err != nil {
		return web.Reply{}, err
	}
	var seen []catalogue.Version
	for _, v := range listing.Versions {
		if v.State == catalogue.Published || v.State == catalogue.Superseded {
			seen = append(seen, v)
		}
	}
	listing.Versions = seen
	confirmed, err := s.confirmedData(r.Context(), id, listing)
	if err != nil {
		return web.Reply{}, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // as in files
	err = e.Encode(struct {
		Demo      bool              `json:"demo,omitempty"`
		Listing   catalogue.Listing `json:"listing"`
		Confirmed []confirmedJSON   `json:"confirmed,omitempty"` // of the published version
	}{s.adapter.Demo, listing, confirmed})
	return web.Data("application/json", b.Bytes(), 0), err
}

// confirmedJSON tells when something a listing says was last confirmed.
type confirmedJSON struct {
	Question string      `json:"q"` // "texts" and "prices" besides
	On       models.Date `json:"on"`
	Months   int         `json:"months"` // ago
	Stale    bool        `json:"stale,omitempty"`
}

func (s *Site) confirmedData(ctx context.Context, id int64, l catalogue.Listing) (list []confirmedJSON, err error) {
	all, err := catalogue.FindConfirmations(ctx, s.DB, []int64{id})
	if err != nil {
		return nil, err
	}
	today := models.DateOf(s.today())
	for _, v := range l.Versions {
		if v.State != catalogue.Published {
			continue
		}
		for _, p := range v.Points(all[id]) {
			list = append(list, confirmedJSON{p.Question, p.On, catalogue.MonthsSince(p.On, today), p.Stale(today)})
		}
	}
	return list, nil
}
