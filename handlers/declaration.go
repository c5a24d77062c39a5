package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

// declarationPath is where vendors declare about themselves.
const declarationPath = "/vendor/declaration"

// The pages below it.
const (
	signatureEnd = "/signature"
	reuseEnd     = "/reuse"
)

// declaring is what the page of a declaration is made from.
type declaring struct {
	draft, last publishing.Declaration // last has the ID 0 when none was signed
	all         []publishing.Declaration
}

func (s *Site) declaring(r *web.Request) (d declaring, err error) {
	err = s.DB.Read(r.Context(), func(rd db.Reader) (err error) {
		if d.draft, err = publishing.OwnDeclaration(r.Context(), rd, r.Actor); err != nil {
			return err
		}
		if d.all, err = publishing.DeclarationsOf(r.Context(), rd, r.Actor.OrgID); err != nil {
			return err
		}
		d.last, err = publishing.CurrentDeclaration(r.Context(), rd, r.Actor.OrgID)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		return err
	})
	return d, err
}

// showDeclaration shows vendors how far their declaration is, and lets managers sign it.
func (s *Site) showDeclaration(r *web.Request) (web.Reply, error) {
	d, err := s.declaring(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.declarationRecord(r, s.fresh(r, nil), d)
	return web.Page(p), err
}

func (s *Site) declarationRecord(r *web.Request, f *filled, d declaring) (views.RecordPage, error) {
	o, err := identity.Find(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return views.RecordPage{}, err
	}
	standing := d.last.Standing(models.DateOf(s.today()))
	p := views.RecordPage{Heading: f.T("declaration.title"), Tags: []views.Tag{f.standingTag(standing)}, Text: []string{f.T("declaration.text")},
		Facts: f.signedRows(d.last, true), Links: []views.Link{f.link("/help/declaration", "declaration.help")}}
	if d.last.ID != 0 {
		p.Links = append(p.Links, views.Link{URL: at(f.Tag, vendorPath(o.ID, o.Slug)+declarationEnd), Text: f.T("declaration.see_public")})
	}
	sections, done, err := f.sectionTable(r, s.declaration, d)
	if err != nil {
		return p, err
	}
	p.Sections = []views.Section{{Heading: f.T("declaration.sections"), Table: sections}}
	if len(d.all) > 0 {
		history, err := f.signedTable(r, d.all)
		if err != nil {
			return p, err
		}
		p.Sections = append(p.Sections, views.Section{Heading: f.T("declaration.history"), Table: history})
	}
	switch {
	case !done:
		p.Notices = append(p.Notices, views.Notice{Kind: views.Info, Text: f.T("declaration.not_ready")})
	case r.Actor.Is(models.VendorManager):
		f.signForm(&p, s.declaration, d)
	default:
		p.Notices = append(p.Notices, views.Notice{Kind: views.OK, Text: f.T("declaration.manager_signs")})
	}
	if d.last.ID != 0 {
		if p.Trail, err = s.trail(r, f.speaker, o.ID, publishing.DeclarationSubject(d.last.ID)); err != nil {
			return p, err
		}
	}
	p.Shell = f.page(p.Heading)
	p.Section = "vendor"
	return p, nil
}

// standingTag says in a word or two how a vendor stands with its declaration.
func (w speaker) standingTag(s publishing.Standing) views.Tag {
	kinds := map[publishing.Standing]string{publishing.DeclaredPassed: views.OK, publishing.DeclaredLooked: views.OK, publishing.DeclaredLook: views.Info,
		publishing.DeclaredFailed: views.Err, publishing.DeclaredExpired: views.Warn}
	return views.Tag{Kind: kinds[s], Text: w.T("declaration.standing." + string(s))}
}

// signedRows tell when a declaration was signed and what came of it. The office of who
// signed and the words of a moderator are for some only.
func (w speaker) signedRows(d publishing.Declaration, inside bool) []views.Row {
	if d.ID == 0 || d.SignedAt.IsZero() {
		return nil
	}
	rows := []views.Row{
		{Key: w.T("declaration.signed"), Value: views.Words{Text: w.Date(models.DateOf(d.SignedAt.Time))}},
		{Key: w.T("declaration.valid_until"), Value: views.Words{Text: w.Date(d.ValidUntil)}},
		{Key: w.T("declaration.rules"), Value: views.Words{Text: w.T("declaration.verdict." + string(d.Verdict))}},
	}
	if inside {
		rows[0].Note = d.SignedAs
	}
	if d.Decision != "" {
		row := views.Row{Key: w.T("declaration.moderator"), Value: views.Words{Text: w.T("declaration.decision." + d.Decision)}, Note: w.Date(models.DateOf(d.DecidedAt.Time))}
		if inside {
			row.More = []views.Words{{Text: d.Message}}
		}
		rows = append(rows, row)
	}
	return rows
}

// sectionTable lists the sections with what is to be done in each; done when nothing
// is.
func (f *filled) sectionTable(r *web.Request, q *publishing.Questionnaire, d declaring) (t views.Table, done bool, err error) {
	done = true
	for _, one := range q.Sections {
		done = done && q.Done(one.ID, d.draft.Answers)
	}
	g := grid[publishing.DeclarationSection]{speaker: f.speaker, id: "sections", caption: f.T("declaration.sections"), columns: []column[publishing.DeclarationSection]{
		{head: f.T("declaration.section"), cell: func(one publishing.DeclarationSection) views.Cell {
			name := views.In(one.Names, f.Tag)
			return views.Cell{Link: views.Link{URL: at(f.Tag, declarationPath+"/"+one.ID), Text: name.Text, Lang: name.Lang}}
		}},
		{head: f.T("admin.state"), cell: func(one publishing.DeclarationSection) views.Cell {
			return views.Cell{Tags: []views.Tag{f.sectionTag(q, one.ID, d.draft)}}
		}},
		{head: f.T("security.actions"), hidden: true, cell: func(one publishing.DeclarationSection) views.Cell {
			if d.last.ID == 0 || d.draft.Saved[one.ID].Revision > 0 {
				return views.Cell{}
			}
			return views.Cell{Button: &views.RowButton{Action: at(f.Tag, declarationPath+"/"+one.ID+reuseEnd), Text: f.T("declaration.reuse"), For: views.In(one.Names, f.Tag).Text,
				Hidden: []views.Hidden{revisionField(d.draft.Saved[one.ID].Revision)}}}
		}},
	}}
	t, err = g.table(r, q.Sections, whole(len(q.Sections)))
	return t, done, err
}

// sectionTag says whether something is to be done in a section.
func (w speaker) sectionTag(q *publishing.Questionnaire, section string, d publishing.Declaration) views.Tag {
	switch {
	case q.Done(section, d.Answers):
		return views.Tag{Kind: views.OK, Text: w.T("declaration.section_done")}
	case d.Saved[section].Revision > 0:
		return views.Tag{Kind: views.Warn, Text: w.T("declaration.section_begun")}
	}
	return views.Tag{Text: w.T("declaration.section_new")}
}

// signedTable lists the declarations that a vendor has signed.
func (f *filled) signedTable(r *web.Request, all []publishing.Declaration) (views.Table, error) {
	g := grid[publishing.Declaration]{speaker: f.speaker, id: "signed", caption: f.T("declaration.history"), columns: []column[publishing.Declaration]{
		{head: f.T("declaration.signed"), cell: func(d publishing.Declaration) views.Cell {
			return words(f.Date(models.DateOf(d.SignedAt.Time)))
		}},
		{head: f.T("declaration.office"), cell: func(d publishing.Declaration) views.Cell { return words(d.SignedAs) }},
		{head: f.T("declaration.valid_until"), cell: func(d publishing.Declaration) views.Cell { return words(f.Date(d.ValidUntil)) }},
		{head: f.T("declaration.rules"), cell: func(d publishing.Declaration) views.Cell {
			return words(f.T("declaration.verdict." + string(d.Verdict)))
		}},
	}}
	return g.table(r, all, whole(len(all)))
}

// signForm is how a manager signs, with what the rules say of it before.
func (f *filled) signForm(p *views.RecordPage, q *publishing.Questionnaire, d declaring) {
	_, verdict := q.Judge(d.draft.Answers)
	kinds := map[publishing.Verdict]string{publishing.Pass: views.OK, publishing.Look: views.Info, publishing.Fail: views.Err}
	p.Notices = append(p.Notices, views.Notice{Kind: kinds[verdict], Title: f.T("declaration.verdict." + string(verdict)), Text: f.T("declaration.before_signing." + string(verdict))})
	agreed := views.Choices{ID: "agreed", Name: "agreed", Legend: f.T("declaration.agreement"), Error: f.problem("agreed"),
		Options: []views.Option{{Value: "yes", Text: f.T("declaration.agree"), Chosen: f.typed("agreed") == "yes"}}}
	office := f.field(views.Field{Name: "as", Label: f.T("declaration.office"), Hint: f.T("declaration.office_hint"), Fill: "organization-title", Width: "w30", Needed: true})
	p.FormHead = f.T("declaration.sign")
	p.Form = &views.Form{Action: at(f.Tag, declarationPath+signatureEnd), Button: f.T("declaration.sign"), Inputs: []views.Input{office, {Choices: &agreed}}}
}

// signDeclaration signs what the reader's vendor declares.
func (s *Site) signDeclaration(r *web.Request) (web.Reply, error) {
	sign := publishing.Signature{As: clean(r.Form("as")), Agreed: r.Form("agreed") == "yes"}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		_, err := publishing.SignDeclaration(r.Context(), tx, s.declaration, sign)
		return err
	})
	if wrong, ok := invalid(err); ok {
		d, err := s.declaring(r)
		if err != nil {
			return web.Reply{}, err
		}
		p, err := s.declarationRecord(r, s.posted(r, wrong), d)
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	return web.SeeOther(at(r.Lang, declarationPath)).Say("declaration.done.signed"), err
}

// showDeclared shows a section of the declaration of the reader's vendor.
func (s *Site) showDeclared(r *web.Request) (web.Reply, error) {
	section, d, err := s.declaredSection(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Page(s.declaredPage(r, s.declaredForm(r, d), section, d)), nil
}

// declaredSection finds the section that the address names.
func (s *Site) declaredSection(r *web.Request) (section publishing.DeclarationSection, d publishing.Declaration, err error) {
	section, ok := s.declaration.Section(r.Param("section"))
	if !ok {
		return section, d, models.ErrNotFound
	}
	d, err = publishing.OwnDeclaration(r.Context(), s.DB, r.Actor)
	return section, d, err
}

// declaredForm is the form of sections in which what was saved stands.
func (s *Site) declaredForm(r *web.Request, d publishing.Declaration) *filled {
	values := map[string]string{}
	for id, a := range d.Answers {
		values[publishing.FieldChosen+id], values[publishing.FieldWords+id] = a.Value, a.Words
	}
	return s.fresh(r, values)
}

// declaredPage is the page of a section: what it asks beside the answers in d.
func (s *Site) declaredPage(r *web.Request, f *filled, section publishing.DeclarationSection, d publishing.Declaration) views.FormPage {
	name := views.In(section.Names, f.Tag)
	p := views.FormPage{Heading: name.Text, Text: []string{views.In(section.Text, f.Tag).Text}, Form: views.Form{Action: at(f.Tag, declarationPath+"/"+section.ID),
		Button: f.T("declaration.save"), Hidden: []views.Hidden{revisionField(d.Saved[section.ID].Revision)}}}
	for _, q := range s.declaration.Of(section.ID, d.Answers) {
		p.Form.Inputs = append(p.Form.Inputs, f.declaredInputs(q, d.Answers[q.ID])...)
	}
	p.Shell = f.page(p.Heading, f.link(declarationPath, "declaration.title"))
	p.Section = "vendor"
	return p
}

// declaredInputs are what one question asks for. An explanation is asked for once the
// answer needs one: that makes one form more for few, and a short one for most.
func (f *filled) declaredInputs(q publishing.DeclarationQuestion, a publishing.Declared) []views.Input {
	hint := strings.Join(slices.DeleteFunc([]string{views.In(q.Help, f.Tag).Text, views.In(q.Law, f.Tag).Text}, func(s string) bool { return s == "" }), " · ")
	label := views.In(q.Label, f.Tag).Text
	var list []views.Input
	words := views.Area{Name: publishing.FieldWords + q.ID, Rows: wordRows}
	if q.Type == publishing.AsksWords {
		words.Label, words.Hint = label, hint
		list = append(list, f.area(words))
	} else {
		field := publishing.FieldChosen + q.ID
		c := views.Choices{ID: field, Name: field, Legend: label, Hint: hint, One: true, Error: f.problem(field)}
		for _, o := range q.Options {
			c.Options = append(c.Options, views.Option{Value: o.ID, Text: views.In(o.Names, f.Tag).Text, Chosen: f.typed(field) == o.ID})
		}
		list = append(list, views.Input{Choices: &c})
		if slices.Contains(q.Explain, f.typed(field)) || f.typed(words.Name) != "" {
			words.Label = f.T("declaration.explain", label)
			words.Hint = f.T("declaration.explain_if", f.optionNames(q, q.Explain))
			list = append(list, f.area(words))
		}
	}
	if a.Reused {
		field := publishing.FieldConfirmed + q.ID
		list = append(list, views.Input{Choices: &views.Choices{ID: field, Name: field, Legend: f.T("declaration.reused", label), Error: f.problem(field),
			Options: []views.Option{{Value: "yes", Text: f.T("declaration.still"), Chosen: f.typed(field) == "yes"}}}})
	}
	return list
}

// optionNames are what the options are called, as a choice between them.
func (w speaker) optionNames(q publishing.DeclarationQuestion, ids []string) string {
	var names []string
	for _, id := range ids {
		if o, ok := q.Option(id); ok {
			names = append(names, w.T("declaration.quoted", views.In(o.Names, w.Tag).Text))
		}
	}
	for len(names) > 1 {
		names = append([]string{w.T("declaration.either", names[0], names[1])}, names[2:]...)
	}
	return strings.Join(names, "")
}

// saveDeclared keeps what was typed in a section, and shows what is still to be done.
func (s *Site) saveDeclared(r *web.Request) (web.Reply, error) {
	section, before, err := s.declaredSection(r)
	if err != nil {
		return web.Reply{}, err
	}
	var todo models.Invalid
	typed := s.typedDeclared(r, section)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		todo, err = publishing.SaveDeclaration(r.Context(), tx, s.declaration, section.ID, max(seenRevision(r), 0), typed)
		return err
	})
	if wrong, ok := invalid(err); ok {
		for id, t := range typed {
			before.Answers[id] = publishing.Declared{Value: t.Value, Words: t.Words, Reused: before.Answers[id].Reused}
		}
		return web.Status(http.StatusUnprocessableEntity, s.declaredPage(r, s.posted(r, wrong), section, before)), nil
	}
	if errors.Is(err, models.ErrConflict) {
		return s.declaredTwice(r, section, typed)
	}
	if err != nil {
		return web.Reply{}, err
	}
	if len(todo) == 0 {
		return web.SeeOther(at(r.Lang, declarationPath)).Say("declaration.done.saved"), nil
	}
	d, err := publishing.OwnDeclaration(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	p := s.declaredPage(r, s.posted(r, todo), section, d)
	p.Notices = append(p.Notices, views.Notice{Kind: views.Info, Text: s.speaker(r.Lang).T("declaration.saved_unfinished")})
	return web.Status(http.StatusUnprocessableEntity, p), nil
}

// typedDeclared is what was typed into the form of a section; questions that were not on
// the page are left out.
func (s *Site) typedDeclared(r *web.Request, section publishing.DeclarationSection) map[string]publishing.Typed {
	typed, posted := map[string]publishing.Typed{}, r.Posted()
	for _, q := range s.declaration.Questions {
		words, chosen := publishing.FieldWords+q.ID, publishing.FieldChosen+q.ID
		if q.Section != section.ID || !posted.Has(words) && !posted.Has(chosen) {
			continue
		}
		typed[q.ID] = publishing.Typed{Value: r.Form(chosen), Words: r.Form(words), Confirmed: r.Form(publishing.FieldConfirmed+q.ID) == "yes"}
	}
	return typed
}

// declaredTwice shows a section that somebody else saved meanwhile: in the form stands
// what the reader typed, above it what the other one saved otherwise.
func (s *Site) declaredTwice(r *web.Request, section publishing.DeclarationSection, typed map[string]publishing.Typed) (web.Reply, error) {
	d, err := publishing.OwnDeclaration(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.posted(r, nil)
	var rows []views.Row
	for _, q := range s.declaration.Questions {
		kept, t := d.Answers[q.ID], typed[q.ID]
		if q.Section != section.ID || kept.Value == t.Value && kept.Words == strings.TrimSpace(t.Words) {
			continue
		}
		rows = append(rows, views.Row{Key: views.In(q.Label, f.Tag).Text, Value: f.declaredWords(q, kept), Note: kept.Words})
		d.Answers[q.ID] = publishing.Declared{Value: t.Value, Words: t.Words, Reused: kept.Reused}
	}
	p := s.declaredPage(r, f, section, d)
	p.Facts = rows
	p.Notices = []views.Notice{{Kind: views.Warn, Title: f.T("declaration.twice"), Text: f.T("declaration.twice_text"), Urgent: true}}
	return web.Status(http.StatusConflict, p), nil
}

// declaredWords is what was chosen, in words.
func (w speaker) declaredWords(q publishing.DeclarationQuestion, a publishing.Declared) views.Words {
	if o, ok := q.Option(a.Value); ok {
		return views.In(o.Names, w.Tag)
	}
	if q.Type == publishing.AsksWords && a.Words != "" {
		return views.Words{Text: a.Words}
	}
	return views.Words{Text: w.T("answer.unknown")}
}

// reuseDeclared takes the answers of a section over from the last declaration.
func (s *Site) reuseDeclared(r *web.Request) (web.Reply, error) {
	section, _, err := s.declaredSection(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return publishing.ReuseDeclaration(r.Context(), tx, s.declaration, section.ID, max(seenRevision(r), 0))
	})
	to := web.SeeOther(at(r.Lang, declarationPath+"/"+section.ID))
	if errors.Is(err, models.ErrConflict) {
		return to, nil // somebody has begun the section, which the page shows
	}
	return to.Say("declaration.done.reused"), err
}
