package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// organisation finds the organisation that the address names, with its revision.
func (s *Site) organisation(r *web.Request) (o identity.Organisation, revision int64, err error) {
	id, err := numberIn(r, "organisation")
	if err == nil {
		o, err = identity.Find(r.Context(), s.DB, id)
	}
	if err == nil {
		revision, err = identity.Revision(r.Context(), s.DB, id)
	}
	return o, revision, err
}

// showOrganisation shows administrators an organisation, its people and what was done
// to it.
func (s *Site) showOrganisation(r *web.Request) (web.Reply, error) {
	o, _, err := s.organisation(r)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	p := views.RecordPage{Heading: views.In(o.Names, f.Tag).Text, Facts: f.organisationRows(o, all.organs.byID[o.ID])}
	if o.Invented {
		p.Tags = []views.Tag{{Kind: views.Violet, Text: f.T("list.tag.invented")}}
	}
	p.Links = []views.Link{f.link(orgPath(o.ID)+"/edit", "admin.organisation_edit"),
		{URL: inOrganisation(f.Tag, invitesPath+"/new", o.ID), Text: f.T("admin.invite")}}
	if g := all.organs.byID[o.ID]; g != nil && g.path() != "" {
		p.Links = append(p.Links, f.link(g.path(), "admin.public_page"))
	}
	if p.Sections, err = s.peopleSections(r, f, s.adminTeam(), o.ID); err != nil {
		return web.Reply{}, err
	}
	subjects, err := s.keysOf(r, o.Key)
	if err != nil {
		return web.Reply{}, err
	}
	p.Trail, err = s.trail(r, f.speaker, o.ID, subjects...)
	p.Shell = f.adminPage(p.Heading, f.link(orgsPath, "admin.organisations"))
	return web.Page(p), err
}

const mostKeys = 10 // that an organisation has had, as far as its trail goes back

// keysOf are the key of an organisation and those that it had before, as the audit log
// tells.
func (s *Site) keysOf(r *web.Request, key models.Key) ([]string, error) {
	keys := []string{key.String()}
	for i := 0; i < len(keys) && i < mostKeys; i++ {
		events, err := audit.Of(r.Context(), s.DB, lastEvents, keys[i])
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			for _, c := range e.Changes {
				if c.Field == "key" && c.Old != "" && !holdsWord(keys, c.Old) {
					keys = append(keys, c.Old)
				}
			}
		}
	}
	return keys, nil
}

func holdsWord(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// organisationRows are the facts about an organisation; g is the same as lists show
// it, nil when none does.
func (f *filled) organisationRows(o identity.Organisation, g *organ) []views.Row {
	row := func(key, value string) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: f.known(value)}}
	}
	parent := row("agency.parent", o.Parent.String())
	if g != nil && g.Parent != nil {
		parent.Value, parent.URL = g.Parent.name(f.Tag), at(f.Tag, orgPath(g.Parent.ID))
	}
	size := ""
	if o.Class != "" {
		size = f.T("size_class." + string(o.Class))
	}
	markets := make([]string, len(o.Markets))
	for i, code := range o.Markets {
		markets[i] = f.Country(code)
	}
	f.Sort(markets)
	rows := []views.Row{row("organisation.name_et", o.Names["et"]), row("organisation.name_en", o.Names["en"]), row("admin.key", o.Key.String()), row("audit.field.kind", f.kind(o.Kind)),
		row("vendor.country", f.Country(o.Country)), {Key: f.T("vendor.website"), Value: views.Words{Text: f.known(o.Website)}, URL: o.Website}, row("audit.field.xroad_member", o.XRoad)}
	if o.Kind == identity.Vendor {
		return append(rows, row("audit.field.size_class", size), row("vendor.markets", strings.Join(markets, ", ")))
	}
	return append(rows, parent, row("agency.size", f.quantity(o.Size, o.SizeUnit)))
}

// showOrganisationForm shows the form in which an organisation is changed.
func (s *Site) showOrganisationForm(r *web.Request) (web.Reply, error) {
	o, revision, err := s.organisation(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.organisationForm(r, s.organisationFields(r, o), &o, revision)
	return web.Page(p), err
}

// showNewOrganisation shows the form for a new one.
func (s *Site) showNewOrganisation(r *web.Request) (web.Reply, error) {
	p, err := s.organisationForm(r, s.fresh(r, map[string]string{"country": "EE", "scheme": "ee-reg"}), nil, 0)
	return web.Page(p), err
}

// addOrganisation keeps a new organisation.
func (s *Site) addOrganisation(r *web.Request) (web.Reply, error) {
	o, wrong, err := s.typedOrganisation(r, identity.Organisation{})
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return withProblems(wrong, identity.Add(r.Context(), tx, &o)) })
	if wrong, ok := invalid(err); ok {
		p, err := s.organisationForm(r, s.posted(r, fieldsOf(wrong)), nil, 0)
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	return web.SeeOther(at(r.Lang, orgPath(o.ID))).Say("admin.organisation.added"), err
}

// changeOrganisation makes an organisation be as it was typed. Whoever changed it
// meanwhile is told of, and what was typed is kept.
func (s *Site) changeOrganisation(r *web.Request) (web.Reply, error) {
	before, now, err := s.organisation(r)
	if err != nil {
		return web.Reply{}, err
	}
	o, wrong, err := s.typedOrganisation(r, before)
	if err != nil {
		return web.Reply{}, err
	}
	seen := seenRevision(r)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return withProblems(wrong, identity.Change(r.Context(), tx, before.ID, seen, &o))
	})
	if wrong, ok := invalid(err); ok {
		p, err := s.organisationForm(r, s.posted(r, fieldsOf(wrong)), &before, seen)
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	if errors.Is(err, models.ErrConflict) {
		p, err := s.organisationForm(r, s.posted(r, nil), &before, now)
		f := s.fresh(r, nil)
		p.Notices = []views.Notice{{Kind: views.Warn, Title: f.T("admin.organisation.differs"), Text: f.T("admin.differs_text", f.organisationNow(before)), Urgent: true}}
		return web.Status(http.StatusConflict, p), err
	}
	return web.SeeOther(at(r.Lang, orgPath(before.ID))).Say("admin.organisation.changed"), err
}

// withProblems adds what is wrong with how something was typed to what is wrong with
// it; with neither, it is err.
func withProblems(wrong models.Invalid, err error) error {
	more, ok := invalid(err)
	if len(wrong) == 0 || err != nil && !ok {
		return err
	}
	for field, key := range more {
		if wrong[field] == "" {
			wrong[field] = key
		}
	}
	return wrong
}

// fieldsOf gives what models say of the parts of an organisation to the fields in which
// they are typed.
func fieldsOf(wrong models.Invalid) models.Invalid {
	names := map[string]string{"key": "code", "names": "name_et", "parent": fieldMinistry}
	moved := models.Invalid{}
	for field, key := range wrong {
		if to := names[field]; to != "" {
			field = to
		}
		moved[field] = key
	}
	return moved
}

// organisationNow says how an organisation stands.
func (f *filled) organisationNow(o identity.Organisation) string {
	var facts []string
	for _, row := range f.organisationRows(o, nil) {
		facts = append(facts, row.Key+": "+row.Value.Text)
	}
	return strings.Join(facts, "; ") + "."
}

// revisionField carries the revision that a form was made from.
func revisionField(revision int64) views.Hidden {
	return views.Hidden{Name: fieldSeen, Value: strconv.FormatInt(revision, 10)}
}
