package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

const (
	claimsPath       = adminPath + "/moderation/claims"
	declarationsPath = adminPath + "/moderation/declarations"
)

func claimPath(id int64) string { return claimsPath + "/" + strconv.FormatInt(id, 10) }

// claimRow is a claim in the queue with what it is about.
type claimRow struct {
	publishing.ListingClaim
	service views.Link
	vendor  views.Link
}

// listClaims lists the claims of vendors to listings: those that wait, unless the
// address asks for others.
func (s *Site) listClaims(r *web.Request) (web.Reply, error) {
	asked := kept(r, fieldState)
	state := publishing.ClaimState(cmp.Or(asked.Get(fieldState), string(publishing.ClaimWaiting)))
	rows, err := s.claimRows(r, state)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.asked(r, nil)
	g := &grid[claimRow]{speaker: f.speaker, id: "claims", caption: f.T("claims.caption"), path: claimsPath, kept: asked,
		empty: views.Empty{Title: f.T("claims.none"), Text: f.T("claims.none_text")},
		columns: []column[claimRow]{
			{name: "sent", head: f.T("application.sent"), order: func(a, b claimRow) int { return a.SentAt.Compare(b.SentAt.Time) }, cell: func(c claimRow) views.Cell {
				cell := words(f.Time(c.SentAt))
				if c.DecidedAt.IsZero() {
					cell.Lines = []string{s.age(f.speaker, c.SentAt)}
				}
				return cell
			}},
			{name: "service", head: f.T("vendor.service"), order: func(a, b claimRow) int { return f.Compare(a.service.Text, b.service.Text) },
				cell: func(c claimRow) views.Cell {
					return views.Cell{Link: views.Link{URL: at(f.Tag, claimPath(c.ID)), Text: c.service.Text, Lang: c.service.Lang}}
				}},
			{name: "vendor", head: f.T("claim.vendor"), order: func(a, b claimRow) int { return f.Compare(a.vendor.Text, b.vendor.Text) },
				cell: func(c claimRow) views.Cell { return views.Cell{Link: c.vendor} }},
			{head: f.T("claim.proof"), cell: func(c claimRow) views.Cell { return views.Cell{Tags: []views.Tag{f.proofOfClaim(c.Proof)}} }},
			{head: f.T("admin.state"), cell: func(c claimRow) views.Cell { return views.Cell{Tags: []views.Tag{f.claimTag(c.State)}} }},
		}}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		t.Files = nil
		var states []views.Option
		for _, one := range publishing.ClaimStates() {
			states = append(states, views.Option{Value: string(one), Text: f.T("claim.state." + string(one))})
		}
		p := views.ListPage{Heading: f.T("claims.title"), Found: f.N("claims.count", int64(part.Total)), Table: t,
			Filter: &views.Filter{Action: at(f.Tag, claimsPath), Button: f.T("admin.find"), Inputs: []views.Input{f.choose(views.Select{Name: fieldState, Label: f.T("admin.state"), Options: states})}}}
		p.Shell = f.decidingPage(r, part.title(f.speaker, p.Heading))
		p.Tabs, err = s.queueTabs(r, f, claimsPath)
		return p, err
	})
}

// claimRows are the claims in the state with what they are about.
func (s *Site) claimRows(r *web.Request, state publishing.ClaimState) ([]claimRow, error) {
	claims, err := publishing.Claims(r.Context(), s.DB, state)
	if err != nil {
		return nil, err
	}
	var offerings, vendors []int64
	for _, c := range claims {
		offerings, vendors = append(offerings, c.Offering), append(vendors, c.Vendor)
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, offerings)
	if err != nil {
		return nil, err
	}
	orgs, err := identity.Briefs(r.Context(), s.DB, vendors)
	if err != nil {
		return nil, err
	}
	w, names := s.speaker(r.Lang), map[int64]views.Link{}
	for _, c := range cards {
		name, _ := w.nameAndSummary(c.Words)
		names[c.ID] = views.Link{URL: at(w.Tag, servicePath(c.ID, c.Slug)), Text: name.Text, Lang: name.Lang}
	}
	var rows []claimRow
	for _, c := range claims {
		rows = append(rows, claimRow{c, names[c.Offering], w.briefLink(orgs[c.Vendor])})
	}
	return rows, nil
}

func (w speaker) proofOfClaim(p publishing.ClaimProof) views.Tag {
	tag := views.Tag{Text: w.T("claim.proof." + string(p))}
	if p == publishing.ClaimByDomain {
		tag.Kind = views.OK
	}
	return tag
}

func (w speaker) claimTag(s publishing.ClaimState) views.Tag {
	kinds := map[publishing.ClaimState]string{publishing.ClaimWaiting: views.Info, publishing.ClaimAccepted: views.OK, publishing.ClaimRefused: views.Err}
	return views.Tag{Kind: kinds[s], Text: w.T("claim.state." + string(s))}
}

// claimIn finds the claim that the address names.
func (s *Site) claimIn(r *web.Request) (publishing.ListingClaim, error) {
	return found(s, r, "claim", publishing.FindClaim)
}

// showClaimQueued shows those who decide what a vendor claims and how it is proved.
func (s *Site) showClaimQueued(r *web.Request) (web.Reply, error) {
	c, err := s.claimIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.claimRecord(r, s.fresh(r, nil), c)
	return web.Page(p), err
}

func (s *Site) claimRecord(r *web.Request, f *filled, c publishing.ListingClaim) (views.RecordPage, error) {
	cards, err := catalogue.Cards(r.Context(), s.DB, []int64{c.Offering})
	if err != nil {
		return views.RecordPage{}, err
	}
	p := views.RecordPage{Tags: []views.Tag{f.claimTag(c.State)}, Text: []string{f.T("claims.text")}}
	for _, card := range cards {
		name, _ := f.nameAndSummary(card.Words)
		p.Heading = f.T("claims.of", name.Text)
		service := views.Row{Key: f.T("vendor.service"), Value: name, URL: at(f.Tag, servicePath(card.ID, card.Slug)), Note: catalogue.Number(card.ID)}
		p.Facts = append(p.Facts, service)
	}
	who, err := s.claimant(r, f, c)
	if err != nil {
		return p, err
	}
	p.Facts = append(append(p.Facts, who...), f.claimRows(c)...)
	others, err := s.otherClaims(r, f, c)
	if err != nil {
		return p, err
	}
	p.Sections = others
	if c.State == publishing.ClaimWaiting {
		p.FormHead, p.Form = f.T("admin.decide"), f.yesOrNo(claimPath(c.ID), "claims.decision.")
	}
	if p.Trail, err = s.trail(r, f.speaker, 0, publishing.ClaimSubject(c.ID)); err != nil {
		return p, err
	}
	p.Shell = f.decidingPage(r, p.Heading, f.link(claimsPath, "claims.title"))
	return p, nil
}

// otherClaims are the other claims to the same listing, as a table; none when there are
// none.
func (s *Site) otherClaims(r *web.Request, f *filled, c publishing.ListingClaim) ([]views.Section, error) {
	all, err := publishing.ClaimsOf(r.Context(), s.DB, c.Offering)
	if err != nil || len(all) < 2 {
		return nil, err
	}
	var vendors []int64
	var others []publishing.ListingClaim
	for _, o := range all {
		if o.ID != c.ID {
			vendors, others = append(vendors, o.Vendor), append(others, o)
		}
	}
	orgs, err := identity.Briefs(r.Context(), s.DB, vendors)
	if err != nil {
		return nil, err
	}
	g := grid[publishing.ListingClaim]{speaker: f.speaker, id: "others", caption: f.T("claims.others"), columns: []column[publishing.ListingClaim]{
		{head: f.T("claim.vendor"), cell: func(o publishing.ListingClaim) views.Cell {
			return views.Cell{Link: views.Link{URL: at(f.Tag, claimPath(o.ID)), Text: f.briefLink(orgs[o.Vendor]).Text}}
		}},
		{head: f.T("application.sent"), cell: func(o publishing.ListingClaim) views.Cell { return words(f.Time(o.SentAt)) }},
		{head: f.T("claim.proof"), cell: func(o publishing.ListingClaim) views.Cell {
			return views.Cell{Tags: []views.Tag{f.proofOfClaim(o.Proof)}}
		}},
		{head: f.T("admin.state"), cell: func(o publishing.ListingClaim) views.Cell {
			return views.Cell{Tags: []views.Tag{f.claimTag(o.State)}}
		}},
	}}
	t, err := g.table(r, others, whole(len(others)))
	return []views.Section{{Heading: f.T("claims.others"), Table: t}}, err
}

// yesOrNo is a form to accept or refuse with words; prefix begins the keys of its words.
func (f *filled) yesOrNo(path, prefix string) *views.Form {
	c := views.Choices{ID: "decision", Name: "decision", Legend: f.T("admin.decision"), One: true, Error: f.problem("decision")}
	for _, name := range []string{"accept", "refuse"} {
		c.Options = append(c.Options, views.Option{Value: name, Text: f.T(prefix + name), Chosen: f.typed("decision") == name})
	}
	return &views.Form{Action: at(f.Tag, path), Button: f.T("claims.decide"), Inputs: []views.Input{{Choices: &c},
		f.area(views.Area{Name: "words", Label: f.T(prefix + "words"), Hint: f.T(prefix + "words_hint"), Rows: wordRows})}}
}

// decideClaim accepts or refuses a claim.
func (s *Site) decideClaim(r *web.Request) (web.Reply, error) {
	c, err := s.claimIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	decide := map[string]func(context.Context, *db.Tx, int64, string) error{"accept": publishing.AcceptClaim, "refuse": publishing.RefuseClaim}[r.Form("decision")]
	err = models.Invalid{"decision": "admin.decision_missing"}
	if decide != nil {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return decide(r.Context(), tx, c.ID, r.Form("words")) })
	}
	status, n := http.StatusUnprocessableEntity, views.Notice{}
	wrong, ok := invalid(err)
	if errors.Is(err, models.ErrConflict) {
		w := s.speaker(r.Lang)
		status, n, ok = http.StatusConflict, views.Notice{Kind: views.Warn, Title: w.T("claims.differs"), Text: w.T("claims.differs_text"), Urgent: true}, true
	}
	if !ok {
		return web.SeeOther(at(r.Lang, claimPath(c.ID))).Say("done.answered"), err
	}
	if c, err = s.claimIn(r); err != nil {
		return web.Reply{}, err
	}
	p, err := s.claimRecord(r, s.posted(r, wrong), c)
	if n.Text != "" {
		p.Notices = append(p.Notices, n)
	}
	return web.Status(status, p), err
}
