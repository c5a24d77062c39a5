package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const (
	tokensPath      = accountPath + "/tokens"
	orgTokensPath   = "/organisation/tokens"
	adminTokensPath = adminPath + "/tokens"
	apiPath         = "/api" // the page about what tokens open
)

// tokenRow is a token with the organisation that it acts for.
type tokenRow struct {
	access.Token
	org views.Link
}

// tokenList are the pages on which tokens are looked after: by who made them, by the
// managers of the organisation that they act for, or by administrators. For them, what
// is of others is not there.
type tokenList struct {
	*Site
	path  string
	whose tokenSide
}

// tokenSide says from where tokens are looked after.
type tokenSide int

const (
	ownTokens tokenSide = iota
	orgTokens
	allTokens
)

func (s *Site) tokensOfPerson() tokenList { return tokenList{s, tokensPath, ownTokens} }

func (s *Site) tokensOfOrg() tokenList { return tokenList{s, orgTokensPath, orgTokens} }

func (s *Site) tokensOfAll() tokenList { return tokenList{s, adminTokensPath, allTokens} }

// find finds all tokens of the list.
func (l tokenList) find(r *web.Request) ([]access.Token, error) {
	switch l.whose {
	case ownTokens:
		return access.TokensOf(r.Context(), l.DB, r.Actor.AccountID)
	case orgTokens:
		return access.TokensFor(r.Context(), l.DB, r.Actor.OrgID)
	default:
		return access.Tokens(r.Context(), l.DB)
	}
}

// one finds the token that the address names, if it is on the list.
func (l tokenList) one(r *web.Request) (access.Token, error) {
	id, err := numberIn(r, "token")
	if err != nil {
		return access.Token{}, err
	}
	t, err := access.TokenIn(r.Context(), l.DB, r.Actor, id)
	there := l.whose == allTokens || l.whose == ownTokens && t.AccountID == r.Actor.AccountID || l.whose == orgTokens && t.OrgID == r.Actor.OrgID
	if err == nil && (!there || !t.Revoked.IsZero()) {
		err = models.ErrNotFound
	}
	return t, err
}

// page is a page about tokens, around a form.
func (l tokenList) page(f *filled, title string, crumbs ...views.Link) views.Shell {
	switch l.whose {
	case ownTokens:
		return f.page(title, append([]views.Link{f.accountCrumb()}, crumbs...)...)
	case orgTokens:
		return f.peoplePage(title, append([]views.Link{f.link(peoplePath, "people.title")}, crumbs...)...)
	default:
		return f.adminPage(title, crumbs...)
	}
}

// rows are the tokens of the list, and how they are shown.
func (l tokenList) rows(r *web.Request) (*filled, *grid[tokenRow], []tokenRow, error) {
	all, err := l.find(r)
	if err != nil {
		return nil, nil, nil, err
	}
	ids := make([]int64, len(all))
	for i, t := range all {
		ids[i] = t.OrgID
	}
	orgs, err := identity.Briefs(r.Context(), l.DB, unique(ids))
	f := l.asked(r, nil)
	rows := make([]tokenRow, len(all))
	for i, t := range all {
		rows[i].Token = t
		if o, ok := orgs[t.OrgID]; ok && l.whose == allTokens {
			rows[i].org = f.orgCell(o.ID, o.Names).Link
		} else if ok {
			rows[i].org = f.briefLink(o)
		}
	}
	return f, l.grid(f), rows, err
}

// list lists the tokens.
func (l tokenList) list(r *web.Request) (web.Reply, error) {
	f, g, rows, err := l.rows(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("token.title"), Text: []string{f.T("token.text")}, Found: f.N("token.count", int64(part.Total)), Table: t}
		if l.whose == ownTokens {
			p.Table.Files = nil
			if access.MayHaveTokens(r.Actor) {
				p.Links = append(p.Links, f.link(tokensPath+"/new", "token.new"))
			}
		}
		p.Links = append(p.Links, f.link(apiPath, "token.about"))
		p.Shell = l.page(f, part.title(f.speaker, p.Heading))
		return p, nil
	})
}

// csv answers with the same as a file.
func (l tokenList) csv(r *web.Request) (web.Reply, error) {
	_, g, rows, err := l.rows(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// tokenKinds are the colours of the states.
var tokenKinds = map[access.TokenState]string{access.TokenWorks: views.OK, access.TokenExpired: views.Warn, access.TokenRevoked: views.Plain, access.TokenPowerless: views.Warn}

func (l tokenList) grid(f *filled) *grid[tokenRow] {
	now := models.Time{Time: l.DB.Now()}
	g := &grid[tokenRow]{speaker: f.speaker, id: "tokens", caption: f.T("token.caption"), path: l.path,
		empty: views.Empty{Title: f.T("token.none"), Text: f.T("token.none_text")}}
	g.columns = append(g.columns, column[tokenRow]{name: "made", head: f.T("token.name"), order: func(a, b tokenRow) int { return cmp.Compare(b.ID, a.ID) },
		cell: func(t tokenRow) views.Cell {
			c, state := words(t.Name), t.State(now)
			c.Tags = []views.Tag{{Kind: tokenKinds[state], Text: f.T("token.state." + string(state))}}
			c.Lines = []string{f.T("token.hint", t.Hint)}
			return c
		}})
	if l.whose != ownTokens {
		g.columns = append(g.columns, column[tokenRow]{name: "person", head: f.T("token.person"), order: func(a, b tokenRow) int { return f.Compare(a.Person, b.Person) },
			cell: func(t tokenRow) views.Cell { return words(t.Person) }})
	}
	if l.whose != orgTokens {
		g.columns = append(g.columns, column[tokenRow]{name: fieldOrganisation, head: f.T("admin.acts_for"), order: func(a, b tokenRow) int { return f.Compare(a.org.Text, b.org.Text) },
			cell: func(t tokenRow) views.Cell { return views.Cell{Link: t.org} }})
	}
	day := func(d models.Date) string {
		if d.IsZero() {
			return f.T("token.never")
		}
		return f.Date(d)
	}
	g.columns = append(g.columns,
		column[tokenRow]{head: f.T("token.scope"), cell: func(t tokenRow) views.Cell { return words(f.T("token.scope." + string(t.Scope))) }},
		column[tokenRow]{name: "expires", head: f.T("token.expires"), order: func(a, b tokenRow) int { return a.Expires.Compare(b.Expires.Time) },
			cell: func(t tokenRow) views.Cell { return words(f.Date(models.DateOf(t.Expires.Time))) }},
		column[tokenRow]{name: "used", head: f.T("token.used"), order: func(a, b tokenRow) int { return cmp.Compare(b.Used.String(), a.Used.String()) },
			cell: func(t tokenRow) views.Cell {
				c := words(day(t.Used))
				if t.UsedFrom != "" {
					c.Lines = []string{t.UsedFrom}
				}
				return c
			}},
		column[tokenRow]{head: f.T("security.actions"), hidden: true, cell: func(t tokenRow) views.Cell {
			if !t.Revoked.IsZero() {
				return views.Cell{}
			}
			revoke := f.link(l.address(t.ID), "token.revoke.link")
			revoke.For = t.Name
			return views.Cell{Links: []views.Link{revoke}}
		}})
	return g
}

// address is where the token is revoked.
func (l tokenList) address(id int64) string {
	return l.path + "/" + strconv.FormatInt(id, 10) + "/revocation"
}

// confirm asks whether a token is to stop working.
func (l tokenList) confirm(r *web.Request) (web.Reply, error) {
	t, err := l.one(r)
	f := l.fresh(r, nil)
	p := views.FormPage{Heading: f.T("token.revoke.title"), Text: []string{f.T("token.revoke.text")}, Facts: []views.Row{
		{Key: f.T("token.name"), Value: views.Words{Text: t.Name}, Note: f.T("token.hint", t.Hint)}, {Key: f.T("token.person"), Value: views.Words{Text: t.Person}}},
		Form:  views.Form{Action: at(f.Tag, l.address(t.ID)), Button: f.T("token.revoke.button"), Stop: true},
		Links: []views.Link{f.link(l.path, "admin.back")}}
	p.Shell = l.page(f, p.Heading, f.link(l.path, "token.title"))
	return web.Page(p), err
}

// revoke makes a token stop working. When somebody else did, that is as good.
func (l tokenList) revoke(r *web.Request) (web.Reply, error) {
	t, err := l.one(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = l.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return access.RevokeToken(r.Context(), tx, t.ID) })
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return web.SeeOther(at(r.Lang, l.path)).Say("token.revoked", t.Name), err
}

// tokenDays are the lives that a token may be given, in days.
var tokenDays = []int{30, 90, access.UsualTokenDays, access.MostTokenDays}

// showNewToken asks what a new token is called, what it is for and how long it works.
func (s *Site) showNewToken(r *web.Request) (web.Reply, error) {
	return s.newTokenReply(r, http.StatusOK, s.fresh(r, map[string]string{"scope": string(access.WritesListings), "days": strconv.Itoa(access.UsualTokenDays)}))
}

func (s *Site) newTokenReply(r *web.Request, status int, f *filled) (web.Reply, error) {
	org, err := identity.Find(r.Context(), s.DB, r.Actor.OrgID)
	scope := views.Choices{ID: "scope", Name: "scope", Legend: f.T("token.scope"), One: true}
	for _, sc := range access.Scopes() {
		scope.Options = append(scope.Options, views.Option{Value: string(sc), Text: f.T("token.scope." + string(sc)), Chosen: f.typed("scope") == string(sc)})
	}
	name := f.field(views.Field{Name: "name", Label: f.T("token.name"), Hint: f.T("token.name_hint"), Width: "w30", Needed: true})
	scope.Error = f.problem("scope")
	days := views.Select{Name: "days", Label: f.T("token.days"), Hint: f.T("token.days_hint")}
	for _, n := range tokenDays {
		days.Options = append(days.Options, views.Option{Value: strconv.Itoa(n), Text: f.N("token.days_count", int64(n))})
	}
	p := views.FormPage{Heading: f.T("token.new"), Text: []string{f.T("token.new_text")}, Facts: []views.Row{f.orgRow(org)},
		Form:  views.Form{Action: at(f.Tag, tokensPath+"/new"), Button: f.T("token.new_button"), Inputs: []views.Input{name, {Choices: &scope}, f.choose(days)}},
		Links: []views.Link{f.link(tokensPath, "admin.back")}}
	p.Shell = s.tokensOfPerson().page(f, p.Heading, f.link(tokensPath, "token.title"))
	return web.Status(status, p), err
}

// addToken makes a token, and shows it, once.
func (s *Site) addToken(r *web.Request) (web.Reply, error) {
	days, _ := strconv.Atoi(r.Form("days")) // what is no number is as wrong as 0
	var token string
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		token, err = access.MakeToken(r.Context(), tx, r.Form("name"), access.Scope(r.Form("scope")), days)
		return err
	})
	if wrong, ok := invalid(err); ok {
		return s.newTokenReply(r, http.StatusUnprocessableEntity, s.posted(r, wrong))
	}
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	p := views.TokenPage{Token: token, Example: "curl -H 'Authorization: Bearer " + token + "' " + s.origin(r) + "/api/v1/listings",
		Notices: []views.Notice{{Kind: views.OK, Text: f.T("token.made")}}, About: f.link(apiPath, "token.about"), Next: f.link(tokensPath, "token.next")}
	p.Shell = s.tokensOfPerson().page(f, f.T("token.made_title"), f.link(tokensPath, "token.title"))
	return web.Page(p), nil
}
