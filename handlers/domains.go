package handlers

import (
	"cmp"
	"errors"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// domainRow is a mail domain with whose it is.
type domainRow struct {
	identity.Domain
	org views.Link
}

// listDomains lists the mail domains by which buyers register, and the form for a new
// one.
func (s *Site) listDomains(r *web.Request) (web.Reply, error) {
	return s.domainList(r, s.fresh(r, nil), http.StatusOK)
}

func (s *Site) domainList(r *web.Request, f *filled, status int) (web.Reply, error) {
	g, rows, err := s.domains(r, f)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("admin.domains"), Text: []string{f.T("admin.domains_text")}, Found: f.N("admin.domains.count", int64(part.Total)), Table: t, AddHead: f.T("admin.domain_new"),
			Add: &views.Form{Action: at(r.Lang, domainsPath), Button: f.T("admin.domain_add"), Inputs: []views.Input{
				f.field(views.Field{Name: "domain", Label: f.T("admin.domain"), Hint: f.T("admin.domain_hint"), Width: "w30", Needed: true}), f.organisationField()}}}
		p.Shell = f.adminPage(part.title(f.speaker, p.Heading))
		return p, nil
	})
}

// domainsCSV answers with the same as a file.
func (s *Site) domainsCSV(r *web.Request) (web.Reply, error) {
	g, rows, err := s.domains(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// domains are all mail domains, and how they are shown.
func (s *Site) domains(r *web.Request, f *filled) (*grid[domainRow], []domainRow, error) {
	all, err := identity.Domains(r.Context(), s.DB)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]int64, len(all))
	for i, d := range all {
		ids[i] = d.OrgID
	}
	orgs, err := identity.Briefs(r.Context(), s.DB, ids)
	rows := make([]domainRow, len(all))
	for i, d := range all {
		rows[i] = domainRow{d, f.orgCell(d.OrgID, orgs[d.OrgID].Names).Link}
	}
	g := &grid[domainRow]{speaker: f.speaker, id: "domains", caption: f.T("admin.domains_caption"), path: domainsPath,
		empty: views.Empty{Title: f.T("admin.domains_none"), Text: f.T("admin.domains_none_text")},
		columns: []column[domainRow]{
			{name: "domain", head: f.T("admin.domain"), order: func(a, b domainRow) int { return cmp.Compare(a.Name, b.Name) },
				cell: func(d domainRow) views.Cell { return words(d.Name) }},
			{name: fieldOrganisation, head: f.T("admin.organisation"), order: func(a, b domainRow) int { return f.Compare(a.org.Text, b.org.Text) },
				cell: func(d domainRow) views.Cell { return views.Cell{Link: d.org} }},
			{name: "added", head: f.T("admin.added"), order: func(a, b domainRow) int { return b.Added.Compare(a.Added.Time) },
				cell: func(d domainRow) views.Cell { return words(f.Time(d.Added)) }},
			{head: f.T("security.actions"), hidden: true, cell: func(d domainRow) views.Cell {
				remove := f.link(domainsPath+"/"+d.Name+"/removal", "synonym.remove")
				remove.For = d.Name
				return views.Cell{Links: []views.Link{remove}}
			}},
		}}
	return g, rows, err
}

// addDomain lets the people of a mail domain register.
func (s *Site) addDomain(r *web.Request) (web.Reply, error) {
	domain := r.Form("domain")
	org, err := s.organisationNamed(r.Context(), r.Form(fieldOrganisation))
	wrong, ok := invalid(err)
	if err != nil && !ok {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(wrong) > 0 { // nothing is written, but what is wrong with the domain is said, too
			return withProblems(wrong, identity.CheckDomain(r.Context(), tx, domain))
		}
		return identity.AddDomain(r.Context(), tx, domain, org)
	})
	if wrong, ok := invalid(err); ok {
		return s.domainList(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, domainsPath)).Say("admin.domain_added", domain), err
}

// domain finds the mail domain that the address names.
func (s *Site) domain(r *web.Request) (identity.Domain, error) {
	all, err := identity.Domains(r.Context(), s.DB)
	if err != nil {
		return identity.Domain{}, err
	}
	for _, d := range all {
		if d.Name == r.Param("domain") {
			return d, nil
		}
	}
	return identity.Domain{}, models.ErrNotFound
}

// confirmDomainRemoval asks whether a domain is really to be removed.
func (s *Site) confirmDomainRemoval(r *web.Request) (web.Reply, error) {
	d, err := s.domain(r)
	if err != nil {
		return web.Reply{}, err
	}
	o, err := identity.Find(r.Context(), s.DB, d.OrgID)
	f := s.fresh(r, nil)
	p := views.FormPage{Heading: f.T("admin.domain_removal"), Text: []string{f.T("admin.domain_removal_text")},
		Facts: []views.Row{{Key: f.T("admin.domain"), Value: views.Words{Text: d.Name}}, f.orgRow(o)},
		Form:  views.Form{Action: at(r.Lang, domainsPath+"/"+d.Name+"/removal"), Button: f.T("admin.domain_remove"), Stop: true},
		Links: []views.Link{f.link(domainsPath, "admin.back")}}
	p.Shell = f.adminPage(p.Heading, f.link(domainsPath, "admin.domains"))
	return web.Page(p), err
}

// removeDomain takes a domain off the list. When somebody else did, that is as good.
func (s *Site) removeDomain(r *web.Request) (web.Reply, error) {
	domain := r.Param("domain")
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return identity.RemoveDomain(r.Context(), tx, domain) })
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return web.SeeOther(at(r.Lang, domainsPath)).Say("admin.domain_removed", domain), err
}
