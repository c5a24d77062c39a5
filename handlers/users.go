package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/search"
	"pilveturg/views"
)

// The fields by which people and organisations are found, in an address.
const (
	fieldRole = "role"
	fieldKind = "kind"
)

// userPath is the path of the page of a person.
func userPath(account int64) string { return usersPath + "/" + strconv.FormatInt(account, 10) }

// userRow is a person in the list.
type userRow struct {
	identity.Account
	acting []identity.Membership // read for those who are shown
}

// listUsers lists the people whom the address asks for.
func (s *Site) listUsers(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.users(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("admin.users"), Found: f.N("admin.users.count", int64(part.Total)), Table: t,
			Links:  []views.Link{f.link(invitesPath+"/new", "admin.invite")},
			Filter: f.userFilter(len(g.kept) > 0)}
		p.Shell = f.adminPage(part.title(f.speaker, p.Heading))
		return p, nil
	})
}

// usersCSV answers with the same as a file.
func (s *Site) usersCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.users(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// kept are those of the fields of an address that say something.
func kept(r *web.Request, fields ...string) url.Values {
	all := url.Values{}
	for _, name := range fields {
		if text := strings.TrimSpace(clean(r.Query(name))); text != "" {
			all.Set(name, text)
		}
	}
	return all
}

// users are the people whom the address asks for, and how they are shown.
func (s *Site) users(r *web.Request) (*filled, *grid[*userRow], []*userRow, error) {
	asked := kept(r, fieldWords, fieldOrganisation, fieldState, fieldRole)
	filter := identity.PeopleFilter{State: identity.State(asked.Get(fieldState)), Role: models.Role(asked.Get(fieldRole))}
	var wrong models.Invalid
	if text := asked.Get(fieldOrganisation); text != "" {
		ids, err := s.organisationsNamed(r.Context(), text)
		if err != nil {
			return nil, nil, nil, err
		}
		if filter.Orgs = append([]int64{}, ids...); len(ids) == 0 {
			wrong = models.Invalid{fieldOrganisation: "admin.organisation_unknown"}
		}
	}
	all, err := identity.Directory(r.Context(), s.DB, filter)
	if err != nil {
		return nil, nil, nil, err
	}
	f := s.asked(r, wrong)
	var rows []*userRow
	for _, a := range all {
		if holds(asked.Get(fieldWords), a.Name, a.Mail) {
			rows = append(rows, &userRow{Account: a})
		}
	}
	g := f.userGrid(asked)
	g.fill = func(rows []*userRow) error { return s.fillActing(r, rows) }
	return f, g, rows, nil
}

// holds reports whether each word of what is looked for stands in one of the texts,
// however it is spelled.
func holds(wanted string, texts ...string) bool {
	all := search.Fold(strings.Join(texts, "\n"))
	for _, word := range strings.Fields(search.Fold(wanted)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

func (s *Site) fillActing(r *web.Request, rows []*userRow) error {
	ids := make([]int64, len(rows))
	for i, u := range rows {
		ids[i] = u.ID
	}
	acting, err := identity.MembershipsOf(r.Context(), s.DB, ids)
	for _, u := range rows {
		u.acting = acting[u.ID]
	}
	return err
}

func (f *filled) userGrid(asked url.Values) *grid[*userRow] {
	return &grid[*userRow]{speaker: f.speaker, id: "users", caption: f.T("admin.users_caption"), path: usersPath, kept: asked,
		empty: views.Empty{Title: f.T("admin.users_none"), Text: f.T("admin.none_text"), Action: f.link(usersPath, "admin.users_all")},
		columns: []column[*userRow]{
			{name: "name", head: f.T("form.name"), order: func(a, b *userRow) int { return f.Compare(a.Name, b.Name) },
				cell: func(u *userRow) views.Cell {
					return views.Cell{Link: views.Link{URL: at(f.Tag, userPath(u.ID)), Text: u.Name}, Tags: f.accountTags(u.Account)}
				}, file: func(u *userRow) string { return u.Name }},
			{name: "mail", head: f.T("form.mail"), order: func(a, b *userRow) int { return cmp.Compare(identity.FoldMail(a.Mail), identity.FoldMail(b.Mail)) },
				cell: func(u *userRow) views.Cell { return words(u.Mail) }},
			{head: f.T("admin.acting"), cell: func(u *userRow) views.Cell { return views.Cell{Lines: f.actingLines(u.acting)} }},
			{name: fieldState, head: f.T("admin.state"), order: func(a, b *userRow) int { return cmp.Compare(a.State, b.State) },
				cell: func(u *userRow) views.Cell { return words(f.T("admin.state." + string(u.State))) }},
			{name: "since", head: f.T("admin.since"), order: func(a, b *userRow) int { return a.Created.Compare(b.Created.Time) },
				cell: func(u *userRow) views.Cell { return words(f.Date(models.DateOf(u.Created.Time))) },
				file: func(u *userRow) string { return models.DateOf(u.Created.Time).String() }},
		}}
}

// accountTags are what is to be seen of an account at first sight.
func (w speaker) accountTags(a identity.Account) []views.Tag {
	var tags []views.Tag
	switch a.State {
	case identity.Locked:
		tags = append(tags, views.Tag{Kind: views.Warn, Text: w.T("admin.state.locked")})
	case identity.Erased:
		tags = append(tags, views.Tag{Text: w.T("admin.state.erased")})
	}
	if a.Invented {
		tags = append(tags, views.Tag{Kind: views.Violet, Text: w.T("list.tag.invented")})
	}
	return tags
}

// actingLines say for whom somebody acts, and as what.
func (w speaker) actingLines(all []identity.Membership) []string {
	var lines []string
	for _, m := range all {
		lines = append(lines, w.T("frame.acting", views.In(m.Org, w.Tag).Text, w.Roles(m.Roles)))
	}
	return lines
}

func (f *filled) userFilter(narrowed bool) *views.Filter {
	states := []views.Option{{Text: f.T("admin.any_state")}}
	for _, state := range []identity.State{identity.Active, identity.Locked, identity.Erased} {
		states = append(states, views.Option{Value: string(state), Text: f.T("admin.state." + string(state))})
	}
	roles := []views.Option{{Text: f.T("admin.any_role")}}
	for _, role := range slices.Clone(models.Roles) {
		roles = append(roles, views.Option{Value: string(role), Text: f.T("role." + string(role))})
	}
	v := &views.Filter{Action: at(f.Tag, usersPath), Button: f.T("admin.find"), Inputs: []views.Input{
		f.field(views.Field{Name: fieldWords, Label: f.T("admin.name_or_mail"), Width: "w30"}), f.organisationField(),
		f.choose(views.Select{Name: fieldState, Label: f.T("admin.state"), Options: states}),
		f.choose(views.Select{Name: fieldRole, Label: f.T("powers.roles"), Options: roles})}}
	if narrowed {
		v.All = f.link(usersPath, "admin.users_all")
	}
	return v
}
