package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

// declarationEnd follows the path of a vendor; there stands what it declares.
const declarationEnd = "/declaration"

func declaredPath(id int64) string { return declarationsPath + "/" + strconv.FormatInt(id, 10) }

// declaredRow is a declaration in the queue, and whose it is.
type declaredRow struct {
	publishing.Declaration
	vendor views.Link
}

// listDeclarations lists the declarations that moderators are to look at, unless the
// address asks for others.
func (s *Site) listDeclarations(r *web.Request) (web.Reply, error) {
	asked := kept(r, fieldState)
	which := publishing.DeclarationFilter(cmp.Or(asked.Get(fieldState), string(publishing.DeclarationsToLook)))
	rows, err := s.declaredRows(r, which)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.asked(r, nil)
	g := &grid[declaredRow]{speaker: f.speaker, id: "declarations", caption: f.T("declarations.caption"), path: declarationsPath, kept: asked,
		empty: views.Empty{Title: f.T("declarations.none"), Text: f.T("declarations.none_text")},
		columns: []column[declaredRow]{
			{name: "signed", head: f.T("declaration.signed"), order: func(a, b declaredRow) int { return a.SignedAt.Compare(b.SignedAt.Time) }, cell: func(d declaredRow) views.Cell {
				cell := words(f.Time(d.SignedAt))
				if which == publishing.DeclarationsToLook {
					cell.Lines = []string{s.age(f.speaker, d.SignedAt)}
				}
				return cell
			}},
			{name: "vendor", head: f.T("filter.vendor"), order: func(a, b declaredRow) int { return f.Compare(a.vendor.Text, b.vendor.Text) },
				cell: func(d declaredRow) views.Cell {
					return views.Cell{Link: views.Link{URL: at(f.Tag, declaredPath(d.ID)), Text: d.vendor.Text, Lang: d.vendor.Lang}}
				}},
			{name: "until", head: f.T("declaration.valid_until"), order: func(a, b declaredRow) int { return a.ValidUntil.Time().Compare(b.ValidUntil.Time()) },
				cell: func(d declaredRow) views.Cell { return words(f.Date(d.ValidUntil)) }},
			{head: f.T("admin.state"), cell: func(d declaredRow) views.Cell {
				return views.Cell{Tags: []views.Tag{f.standingTag(d.Standing(models.DateOf(s.today())))}}
			}},
		}}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		t.Files = nil
		var states []views.Option
		for _, one := range publishing.DeclarationFilters() {
			states = append(states, views.Option{Value: string(one), Text: f.T("declarations.filter." + string(one))})
		}
		p := views.ListPage{Heading: f.T("declarations.title"), Found: f.N("declarations.count", int64(part.Total)), Table: t,
			Filter: &views.Filter{Action: at(f.Tag, declarationsPath), Button: f.T("admin.find"), Inputs: []views.Input{f.choose(views.Select{Name: fieldState, Label: f.T("admin.state"), Options: states})}}}
		p.Shell = f.decidingPage(r, part.title(f.speaker, p.Heading))
		p.Tabs, err = s.queueTabs(r, f, declarationsPath)
		return p, err
	})
}

func (s *Site) declaredRows(r *web.Request, which publishing.DeclarationFilter) ([]declaredRow, error) {
	all, err := publishing.Declarations(r.Context(), s.DB, which)
	if err != nil {
		return nil, err
	}
	var vendors []int64
	for _, d := range all {
		vendors = append(vendors, d.Vendor)
	}
	orgs, err := identity.Briefs(r.Context(), s.DB, vendors)
	if err != nil {
		return nil, err
	}
	w := s.speaker(r.Lang)
	var rows []declaredRow
	for _, d := range all {
		rows = append(rows, declaredRow{d, w.briefLink(orgs[d.Vendor])})
	}
	return rows, nil
}

// declarationIn finds the declaration that the address names.
func (s *Site) declarationIn(r *web.Request) (publishing.Declaration, error) {
	return found(s, r, "declaration", publishing.FindDeclaration)
}

// showDeclarationQueued shows those who decide what a vendor declares, and what the
// rules say of each answer.
func (s *Site) showDeclarationQueued(r *web.Request) (web.Reply, error) {
	d, err := s.declarationIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.declarationQueued(r, s.fresh(r, nil), d)
	return web.Page(p), err
}

func (s *Site) declarationQueued(r *web.Request, f *filled, d publishing.Declaration) (views.RecordPage, error) {
	o, err := identity.Find(r.Context(), s.DB, d.Vendor)
	if err != nil {
		return views.RecordPage{}, err
	}
	name := views.In(o.Names, f.Tag)
	p := views.RecordPage{Heading: f.T("declarations.of", name.Text), Tags: []views.Tag{f.standingTag(d.Standing(models.DateOf(s.today())))}}
	vendor := views.Row{Key: f.T("filter.vendor"), Value: name, URL: at(f.Tag, vendorPath(o.ID, o.Slug))}
	p.Facts = append([]views.Row{vendor}, f.signedRows(d, true)...)
	if p.Sections, err = s.judgedSections(r, f, d, true); err != nil {
		return p, err
	}
	if d.State == "signed" && d.Verdict == publishing.Look && d.Decision == "" {
		p.FormHead, p.Form = f.T("admin.decide"), f.yesOrNo(declaredPath(d.ID), "declarations.decision.")
	}
	if p.Trail, err = s.trail(r, f.speaker, 0, publishing.DeclarationSubject(d.ID)); err != nil {
		return p, err
	}
	p.Shell = f.decidingPage(r, p.Heading, f.link(declarationsPath, "declarations.title"))
	return p, nil
}

// judgedSections are tables of what is declared, section by section. Explanations and
// what the rules say of each answer are for those inside.
func (s *Site) judgedSections(r *web.Request, f *filled, d publishing.Declaration, inside bool) ([]views.Section, error) {
	list, _ := s.declaration.Judge(d.Answers)
	bySection := map[string][]publishing.Judged{}
	for _, j := range list {
		bySection[j.Question.Section] = append(bySection[j.Question.Section], j)
	}
	var sections []views.Section
	for _, one := range s.declaration.Sections {
		heading := views.In(one.Names, f.Tag).Text
		g := grid[publishing.Judged]{speaker: f.speaker, id: "declared-" + one.ID, caption: heading, columns: []column[publishing.Judged]{
			{head: f.T("declaration.question"), cell: func(j publishing.Judged) views.Cell {
				c := words(views.In(j.Question.Label, f.Tag).Text)
				c.Lines = []string{views.In(j.Question.Law, f.Tag).Text}
				return c
			}},
			{head: f.T("declaration.answer"), cell: func(j publishing.Judged) views.Cell { return f.judgedCell(j, inside) }},
		}}
		if inside {
			g.columns = append(g.columns, column[publishing.Judged]{head: f.T("declaration.rules"), cell: func(j publishing.Judged) views.Cell { return f.verdictCell(j) }})
		}
		rows := bySection[one.ID]
		t, err := g.table(r, rows, whole(len(rows)))
		if err != nil {
			return nil, err
		}
		sections = append(sections, views.Section{Heading: heading, Table: t})
	}
	return sections, nil
}

// judgedCell is what was answered, with the explanation for those inside.
func (w speaker) judgedCell(j publishing.Judged, inside bool) views.Cell {
	answer := w.declaredWords(j.Question, j.Answer)
	c := views.Cell{Link: views.Link{Text: answer.Text, Lang: answer.Lang}}
	if inside && j.Question.Type != publishing.AsksWords && j.Answer.Words != "" {
		c.Lines = []string{j.Answer.Words}
	}
	return c
}

func (w speaker) verdictCell(j publishing.Judged) views.Cell {
	kinds := map[publishing.Verdict]string{publishing.Look: views.Warn, publishing.Fail: views.Err}
	if j.Verdict == publishing.Pass {
		return words(w.T("declaration.in_order"))
	}
	c := views.Cell{Tags: []views.Tag{{Kind: kinds[j.Verdict], Text: w.T("declaration.verdict." + string(cmp.Or(j.Verdict, publishing.Look)))}}}
	if reason := views.In(j.Reason, w.Tag).Text; reason != "" {
		c.Lines = []string{reason}
	}
	return c
}

// decideDeclaration accepts or refuses a declaration that was to be looked at.
func (s *Site) decideDeclaration(r *web.Request) (web.Reply, error) {
	d, err := s.declarationIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	decision := r.Form("decision")
	err = models.Invalid{"decision": "admin.decision_missing"}
	if decision == "accept" || decision == "refuse" {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			return publishing.DecideDeclaration(r.Context(), tx, d.ID, decision == "accept", r.Form("words"))
		})
	}
	status, n := http.StatusUnprocessableEntity, views.Notice{}
	wrong, ok := invalid(err)
	if errors.Is(err, models.ErrConflict) {
		w := s.speaker(r.Lang)
		status, n, ok = http.StatusConflict, views.Notice{Kind: views.Warn, Title: w.T("declarations.differs"), Text: w.T("declarations.differs_text"), Urgent: true}, true
	}
	if !ok {
		return web.SeeOther(at(r.Lang, declaredPath(d.ID))).Say("done.answered"), err
	}
	if d, err = s.declarationIn(r); err != nil {
		return web.Reply{}, err
	}
	p, err := s.declarationQueued(r, s.posted(r, wrong), d)
	if n.Text != "" {
		p.Notices = append(p.Notices, n)
	}
	return web.Status(status, p), err
}

// showVendorDeclaration shows everybody what a vendor declares: the answers, without
// what it explained.
func (s *Site) showVendorDeclaration(r *web.Request) (web.Reply, error) {
	o, moved, err := s.findOrganisation(r, "vendor", vendorPrefix, vendorPath)
	if err != nil {
		return web.Reply{}, err
	}
	if moved != "" {
		return web.Moved(at(r.Lang, vendorPath(o.ID, o.Slug)+declarationEnd)), nil
	}
	d, err := publishing.CurrentDeclaration(r.Context(), s.DB, o.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	name := views.In(o.Names, f.Tag)
	p := views.RecordPage{Heading: f.T("declarations.of", name.Text), Tags: []views.Tag{f.standingTag(d.Standing(models.DateOf(s.today())))},
		Text: []string{f.T("declaration.public")}, Facts: f.signedRows(d, false), Links: []views.Link{f.link("/help/declaration", "declaration.help")}}
	if d.ID == 0 {
		p.Text = []string{f.T("declaration.public_none")}
	} else if p.Sections, err = s.judgedSections(r, f, d, false); err != nil {
		return web.Reply{}, err
	}
	p.Shell = f.shell("vendors", p.Heading, f.home(), f.link("/vendors", "section.vendors"), views.Link{URL: at(f.Tag, vendorPath(o.ID, o.Slug)), Text: name.Text, Lang: name.Lang})
	return web.Page(p), nil
}

// declarationRow tells how a vendor stands with its declaration, and leads to it.
func (w speaker) declarationRow(o identity.Brief, d publishing.Declaration, today models.Date) views.Row {
	standing := d.Standing(today)
	row := views.Row{Key: w.T("declaration.row"), Value: views.Words{Text: w.T("declaration.standing." + string(standing))}}
	if standing != publishing.DeclaredNothing {
		row.URL = at(w.Tag, vendorPath(o.ID, o.Slug)+declarationEnd)
		row.Note = w.T("declaration.dates", w.DateShort(models.DateOf(d.SignedAt.Time)), w.DateShort(d.ValidUntil))
	}
	if !standing.Good() && standing != publishing.DeclaredLook {
		row.Tags = []views.Tag{{Kind: views.Warn, Text: w.T("declaration.mind")}}
	}
	return row
}
