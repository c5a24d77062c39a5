package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const (
	poolEnd   = "/pool"
	poolsPath = "/pools"
)

// showProjectPool shows how many others need the same, who joined, and what a year costs
// alone and together.
func (s *Site) showProjectPool(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return s.poolPage(r, p, http.StatusOK)
}

func (s *Site) poolPage(r *web.Request, p *purchase, status int) (web.Reply, error) {
	counts, err := procurement.PoolCount(r.Context(), s.DB, s.Schema, &p.Project, models.DateOf(s.today()))
	if err != nil {
		return web.Reply{}, err
	}
	bodies, err := procurement.PoolBodies(r.Context(), s.DB, p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	if err := s.weighServices(r, p); err != nil {
		return web.Reply{}, err
	}
	row := func(key string, n int) views.Row {
		return views.Row{Key: p.T(key), Value: views.Words{Text: p.N("reuse.body_count", int64(n))}}
	}
	page := views.ProjectPage{Heading: p.T("pool.title"), Tags: []views.Tag{p.stageTag(p.Stage())}, Text: []string{p.T("pool.text")},
		Facts: []views.Row{row("pool.same_need", counts[procurement.SameNeed]), row("pool.ends_soon", counts[procurement.EndsSoon])}}
	if len(bodies) > 0 {
		part, err := s.joinedPart(r, p, bodies)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, part)
	}
	if p.Sending(p.actor) && p.Open() {
		page.Parts = append(page.Parts, p.invitePart(len(counts) > 0))
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// invitePart is the form that invites; there is none where nobody would be.
func (p *purchase) invitePart(somebody bool) views.ProjectPart {
	part := views.ProjectPart{Heading: p.T("pool.invite")}
	switch {
	case p.Category == "":
		part.Text = []string{p.T("pool.no_category")}
	case p.Unit == "":
		part.Text = []string{p.T("pool.no_volume")}
	case !somebody:
		part.Text = []string{p.T("pool.nobody")}
	default:
		part.Text = []string{p.T("pool.invite_text")}
		part.Forms = []views.Form{{Action: p.here(poolEnd), Button: p.T("pool.invite"), Inputs: []views.Input{p.area(views.Area{Name: "words", Label: p.T("pool.words"), Hint: p.T("pool.words_hint"), Rows: wordRows})}}}
	}
	return part
}

// joinedPart shows who joined, with the joint price; the others are counted only.
func (s *Site) joinedPart(r *web.Request, p *purchase, bodies []procurement.PoolBody) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: p.T("pool.joined")}
	counts := map[procurement.PoolState]int{}
	var orgs []int64
	for _, b := range bodies {
		counts[b.State]++
		orgs = append(orgs, b.OrgID)
	}
	names, err := identity.Briefs(r.Context(), s.DB, orgs)
	if err != nil {
		return part, err
	}
	for _, b := range bodies {
		if n, err := models.ParseDecimal(b.Volume); b.State == procurement.PoolJoined && err == nil {
			part.Facts = append(part.Facts, views.Row{Key: views.In(names[b.OrgID].Names, p.Tag).Text, Value: views.Words{Text: p.counted(n, p.Unit)}, Note: p.Time(b.Answered)})
		}
	}
	part.Text = []string{p.T("pool.counts", p.Number(int64(len(bodies))), p.Number(int64(counts[procurement.PoolJoined])), p.Number(int64(counts[procurement.PoolDeclined]+counts[procurement.PoolLeft])))}
	joint, err := procurement.JointVolume(r.Context(), s.DB, p.ID, bodies)
	if err != nil || counts[procurement.PoolJoined] == 0 {
		return part, err
	}
	part.Facts = append(part.Facts, views.Row{Key: p.T("pool.joint"), Value: views.Words{Text: p.counted(joint, p.Unit)}})
	alone, err := procurement.JointVolume(r.Context(), s.DB, p.ID, nil)
	if err != nil {
		return part, err
	}
	part.Table = s.jointTable(p, alone, joint)
	if p.edits() && joint.String() != p.Volume {
		part.Forms = []views.Form{{Action: p.here(poolEnd + "/volume"), Button: p.T("pool.take", p.counted(joint, p.Unit)), Hidden: []views.Hidden{revisionField(p.Revision)}}}
	}
	return part, nil
}

// jointTable is what a unit costs a year alone and together, by service.
func (s *Site) jointTable(p *purchase, alone, joint models.Decimal) *views.Table {
	own := p.Asked(s.Schema)
	if own == nil || len(p.services) == 0 {
		return nil
	}
	together := *own
	own.Amount, together.Amount = alone, joint
	t := &views.Table{Head: views.Head{ID: "joint", Caption: p.T("pool.caption"), Quiet: true, Columns: []views.Column{{Text: p.T("fit.service")}, {Text: p.T("pool.alone", p.counted(own.Amount, p.Unit))}, {Text: p.T("pool.together", p.counted(joint, p.Unit))}}}}
	for i := range p.services {
		c := &p.services[i]
		cell := func(label string, v search.Volume) views.Cell {
			price := search.Cheapest(c.Edition.Plans, v)
			out := views.Cell{Label: label, Link: views.Link{Text: p.yearly(price)}}
			if d, err := price.Year.High.Decimal().Div(v.Amount, models.MaxPlaces); err == nil && price.Known && v.Amount.Sign() > 0 {
				out.Lines = []string{p.T("pool.each", p.UnitPrice(d.Round(2), price.Year.High.Currency))}
			}
			return out
		}
		t.Rows = append(t.Rows, views.TableRow{p.serviceCell(c.Offering.ID), cell(t.Head.Columns[1].Text, *own), cell(t.Head.Columns[2].Text, together)})
	}
	return t
}

// inviteToPool invites others who need the same.
func (s *Site) inviteToPool(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	invited := 0
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		invited, err = procurement.OpenPool(r.Context(), tx, s.Schema, p.ID, severalLines(r.Form("words")))
		return err
	})
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.poolPage(r, p, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(p.here(poolEnd)).Say("pool.done.invited", strconv.Itoa(invited)), err
}

// takeJointVolume makes what all need together the volume of the project.
func (s *Site) takeJointVolume(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		bodies, err := procurement.PoolBodies(r.Context(), tx, p.ID)
		if err != nil {
			return err
		}
		joint, err := procurement.JointVolume(r.Context(), tx, p.ID, bodies)
		if err != nil {
			return err
		}
		changed := p.Project
		changed.Volume = joint.String()
		return procurement.Change(r.Context(), tx, s.Schema, p.ID, seenRevision(r), changed)
	})
	return web.SeeOther(p.here("")).Say("project.done.changed"), err
}

// listPools lists the invitations of the reader's organisation.
func (s *Site) listPools(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	rows, err := procurement.Pools(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	var orgs []int64
	for _, one := range rows {
		orgs = append(orgs, one.Inviter)
	}
	names, err := identity.Briefs(r.Context(), s.DB, orgs)
	if err != nil {
		return web.Reply{}, err
	}
	g := &grid[procurement.Pool]{speaker: f.speaker, id: "pools", caption: f.T("pool.list_caption"), empty: views.Empty{Title: f.T("pool.list_none"), Text: f.T("pool.list_none_text")}, columns: []column[procurement.Pool]{
		{head: f.T("project.name"), cell: func(one procurement.Pool) views.Cell {
			return views.Cell{Link: views.Link{URL: at(f.Tag, poolsPath+"/"+lowerProject(one.ProjectID)), Text: one.Name}, Lines: []string{views.In(names[one.Inviter].Names, f.Tag).Text}}
		}},
		{head: f.T("admin.state"), cell: func(one procurement.Pool) views.Cell { return views.Cell{Tags: []views.Tag{f.poolTag(one.State)}} }},
		{head: f.T("pool.invited_at"), cell: func(one procurement.Pool) views.Cell { return words(f.Time(one.Invited)) }}}}
	table, err := g.table(r, rows, whole(len(rows)))
	page := views.ListPage{Heading: f.T("pool.list"), Text: []string{f.T("pool.list_text")}, Table: table}
	page.Shell = f.page(page.Heading, f.link(projectsPath, "section.projects"))
	page.Section = projectsSection
	return web.Page(page), err
}

func (w speaker) poolTag(state procurement.PoolState) views.Tag {
	kind := views.Plain
	switch state {
	case procurement.PoolInvited:
		kind = views.Warn
	case procurement.PoolJoined:
		kind = views.OK
	}
	return views.Tag{Kind: kind, Text: w.T("pool.state." + string(state))}
}

// invitedPool is an invitation that somebody reads.
type invitedPool struct {
	*filled
	procurement.Pool
}

func (s *Site) invitedPool(r *web.Request, f *filled) (*invitedPool, error) {
	id, ok := parseName(r.Param("pool"), projectPrefix)
	if !ok {
		return nil, models.ErrNotFound
	}
	p, err := procurement.FindPool(r.Context(), s.DB, r.Actor, id)
	return &invitedPool{f, p}, err
}

// showPool shows an invitation, and asks for the answer.
func (s *Site) showPool(r *web.Request) (web.Reply, error) {
	p, err := s.invitedPool(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	p.filled = s.fresh(r, map[string]string{"volume": p.Volume})
	return s.invitationPage(r, p, http.StatusOK)
}

func (s *Site) invitationPage(r *web.Request, p *invitedPool, status int) (web.Reply, error) {
	body, err := s.bodyName(r, r.Lang, p.Inviter)
	if err != nil {
		return web.Reply{}, err
	}
	asked, err := procurement.Requirements(r.Context(), s.DB, p.ProjectID)
	if err != nil {
		return web.Reply{}, err
	}
	row := func(key, value string) views.Row { return views.Row{Key: p.T(key), Value: views.Words{Text: value}} }
	page := views.ProjectPage{Heading: p.T("pool.about", p.Name), Tags: []views.Tag{p.poolTag(p.State)}, Text: []string{p.Words}, Facts: []views.Row{row("pool.from", body), row("pool.why", p.T("pool.why."+string(p.Reason)))}}
	if n, err := models.ParseDecimal(p.Joint); err == nil {
		page.Facts = append(page.Facts, row("pool.their_volume", p.counted(n, p.Unit)))
	}
	page.Facts = append(page.Facts, row("project.years", p.N("price.year_count", int64(p.Years))), row("project.needed", p.Date(p.Needed)))
	wants := views.ProjectPart{Heading: p.T("requirement.title")}
	for _, q := range asked {
		wants.Facts = append(wants.Facts, views.Row{Key: p.T("requirement.force." + string(q.Force)), Value: views.Words{Text: q.Words}})
	}
	if len(asked) > 0 {
		page.Parts = append(page.Parts, wants)
	}
	if open := p.Pool.Project == procurement.Drafting || p.Pool.Project == procurement.Shortlisted; open && r.Actor.May(models.Draft) {
		page.Parts = append(page.Parts, p.answerPart())
	} else if !open {
		page.Notices = []views.Notice{{Kind: views.Info, Title: p.T("pool.over"), Text: p.T("pool.over_text")}}
	}
	page.Shell = p.page(page.Heading, p.link(projectsPath, "section.projects"), p.link(poolsPath, "pool.list"))
	page.Section = projectsSection
	return web.Status(status, page), nil
}

// answerPart asks whether the body joins.
func (p *invitedPool) answerPart() views.ProjectPart {
	action := at(p.Tag, poolsPath+"/"+lowerProject(p.ProjectID))
	part := views.ProjectPart{Heading: p.T("pool.answer"), Text: []string{p.T("pool.answer_text")}}
	part.Forms = []views.Form{{Action: action, Button: p.T("pool.join"), Hidden: []views.Hidden{{Name: "answer", Value: string(procurement.PoolJoined)}},
		Inputs: []views.Input{p.field(views.Field{Name: "volume", Label: p.T("pool.your_volume", p.unitName(p.Unit, models.Whole(5))), Mode: "decimal", Width: "w12", Needed: true})}}}
	if p.State == procurement.PoolInvited || p.State == procurement.PoolJoined {
		key := "pool.decline"
		if p.State == procurement.PoolJoined {
			key = "pool.leave"
		}
		part.Forms = append(part.Forms, views.Form{Action: action, Button: p.T(key), Stop: true, Hidden: []views.Hidden{{Name: "answer", Value: string(procurement.PoolDeclined)}}})
	}
	return part
}

// answerPool joins, declines, or leaves.
func (s *Site) answerPool(r *web.Request) (web.Reply, error) {
	p, err := s.invitedPool(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	volume := "?" // that is refused
	if n, err := locale.ParseDecimal(strings.TrimSpace(r.Form("volume"))); err == nil {
		volume = n.String()
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.AnswerPool(r.Context(), tx, p.ProjectID, procurement.PoolState(r.Form("answer")), volume)
	})
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.invitationPage(r, p, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, poolsPath+"/"+lowerProject(p.ProjectID))).Say("pool.done.answered"), err
}
