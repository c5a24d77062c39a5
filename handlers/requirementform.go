package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// showNewRequirement asks for a requirement about the subject in the address, or one
// that is checked otherwise.
func (s *Site) showNewRequirement(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, map[string]string{"force": string(procurement.Must), "weight": "0"}))
	if err != nil {
		return web.Reply{}, err
	}
	return s.requirementForm(p, r.Query("subject"), 0, http.StatusOK, views.Notice{})
}

// requirementForm is the page with the form for a requirement: a new one, or the one
// with an id. about is its subject or its way.
func (s *Site) requirementForm(p *purchase, about string, id int64, status int, n views.Notice) (web.Reply, error) {
	if !p.edits() {
		return web.Reply{}, refusedTo(p)
	}
	inputs, hidden, title, err := s.requirementInputs(p, about)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.FormPage{Heading: p.T("requirement.new"), Text: []string{title}, Links: []views.Link{p.way("/requirements", "requirement.title")},
		Form: views.Form{Action: p.here("/requirements/new"), Button: p.T("requirement.add"), Hidden: append(hidden, p.onceAgain()), Inputs: inputs}}
	if id != 0 {
		page.Heading, page.Form.Action, page.Form.Button = p.T("requirement.edit"), p.here("/requirements/"+strconv.FormatInt(id, 10)), p.T("form.save")
		page.Form.Hidden = append(hidden, views.Hidden{Name: fieldSeen, Value: p.typed(fieldSeen)})
	}
	if n.Text != "" {
		page.Notices = []views.Notice{n}
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// requirementInputs are what is asked for a requirement.
func (s *Site) requirementInputs(p *purchase, about string) (inputs []views.Input, hidden []views.Hidden, title string, err error) {
	hidden = []views.Hidden{{Name: "subject", Value: about}}
	if way, ok := strings.CutPrefix(about, wayPrefix); ok {
		if !slices.Contains(procurement.Ways()[1:], procurement.Way(way)) {
			return nil, nil, "", models.ErrNotFound
		}
		title = p.T("requirement.way." + way)
		inputs = []views.Input{p.area(views.Area{Name: "words", Label: p.T("requirement.words"), Rows: 2})}
	} else {
		subject, ok := procurement.FindSubject(s.Schema, about)
		if !ok {
			return nil, nil, "", models.ErrNotFound
		}
		title = p.subjectName(&subject)
		if help := views.In(subject.Question.Help, p.Tag).Text; help != "" {
			title += ". " + help
		}
		wanted, more := p.wantedInputs(&subject)
		hidden = append(hidden, more...)
		inputs = append(wanted, p.area(views.Area{Name: "words", Label: p.T("requirement.words"), Hint: p.T("requirement.words_hint"), Rows: 2}))
	}
	force := views.Choices{ID: "force", Name: "force", Legend: p.T("requirement.force"), One: true, Error: p.problem("force")}
	for _, one := range procurement.Forces() {
		force.Options = append(force.Options, views.Option{Value: string(one), Text: p.T("requirement.force_text." + string(one)), Chosen: p.typed("force") == string(one)})
	}
	return append(inputs, views.Input{Choices: &force},
		p.field(views.Field{Name: "weight", Label: p.T("requirement.weight"), Hint: p.T("requirement.weight_hint"), Mode: "numeric", Width: "w4"}),
		p.field(views.Field{Name: "why", Label: p.T("requirement.why"), Hint: p.T("requirement.why_hint"), Width: "w30"})), hidden, title, nil
}

// wantedInputs ask what an answer is to be.
func (p *purchase) wantedInputs(subject *procurement.Subject) (inputs []views.Input, hidden []views.Hidden) {
	if len(subject.Operators) == 1 {
		hidden = append(hidden, views.Hidden{Name: "operator", Value: string(subject.Operators[0])})
	} else {
		in := views.Select{Name: "operator", Label: p.T("requirement.operator")}
		for _, o := range subject.Operators {
			in.Options = append(in.Options, views.Option{Value: string(o), Text: p.T("requirement.operator." + string(o))})
		}
		inputs = append(inputs, p.choose(in))
	}
	several := slices.ContainsFunc(subject.Operators, procurement.Operator.Several)
	switch {
	case len(subject.Values) == 1:
		hidden = append(hidden, views.Hidden{Name: "wanted", Value: subject.Values[0]})
	case subject.Values != nil:
		c := views.Choices{ID: "wanted", Name: "wanted", Legend: p.T("requirement.wanted"), One: !several, Error: p.problem("wanted")}
		chosen := p.chosen("wanted")
		for _, v := range subject.Values {
			c.Options = append(c.Options, views.Option{Value: v, Text: p.wantedValue(subject, v), Chosen: slices.Contains(chosen, v)})
		}
		inputs = append(inputs, views.Input{Choices: &c})
	default:
		inputs = append(inputs, p.field(p.wantedField(subject)))
	}
	return inputs, hidden
}

// wantedField asks for a number, or for codes.
func (p *purchase) wantedField(subject *procurement.Subject) views.Field {
	f := views.Field{Name: "wanted", Label: p.T("requirement.wanted"), Width: "w12", Needed: true, Mode: "decimal"}
	const several = 5
	switch {
	case subject.ID == procurement.SubjectPrice:
		f.Unit = "€"
		f.Hint = p.T("requirement.price_hint")
	case subject.Question.Type == catalogue.TypeMoney:
		f.Unit = "€"
	case subject.Question.Type == catalogue.TypePercent:
		f.Unit = "%"
	case subject.Question.Unit != "":
		f.Unit = p.unitName(subject.Question.Unit, models.Whole(several))
	default:
		f.Mode, f.Width, f.Hint = "", "w30", p.T("requirement.codes_hint")
	}
	return f
}

// typedRequirement reads the form of a requirement. Words that nobody typed are made
// of what is wanted.
func (s *Site) typedRequirement(r *web.Request) procurement.Requirement {
	q := procurement.Requirement{Force: procurement.Force(r.Form("force")), Words: clean(r.Form("words")), Why: clean(r.Form("why")), Way: procurement.ByAnswer,
		Subject: r.Form("subject"), Operator: procurement.Operator(r.Form("operator")), Wanted: clean(strings.Join(r.Forms("wanted"), ";"))}
	if way, ok := strings.CutPrefix(q.Subject, wayPrefix); ok {
		q.Way = procurement.Way(way)
	}
	if typed := strings.TrimSpace(r.Form("weight")); typed != "" {
		n, err := strconv.Atoi(typed)
		if q.Weight = n; err != nil {
			q.Weight = -1 // that is refused
		}
	}
	subject, ok := procurement.FindSubject(s.Schema, q.Subject)
	if !ok {
		return q
	}
	if subject.Question.Type == catalogue.TypeMoney && q.Wanted != "" && !strings.ContainsAny(q.Wanted, "€EUR") {
		q.Wanted += " €"
	}
	if strings.TrimSpace(q.Words) == "" {
		if wanted, ok := subject.Read(s.Schema, q.Wanted); ok {
			settled := q
			settled.Wanted = strings.Join(wanted, ";")
			q.Words = s.speaker(r.Lang).demand(&settled)
		}
	}
	return q
}

// addRequirement adds one.
func (s *Site) addRequirement(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	q := s.typedRequirement(r)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		_, err := procurement.Require(r.Context(), tx, s.Schema, p.ID, r.Form(fieldOnce), []procurement.Requirement{q})
		return err
	})
	return s.outcome(r, p, err, projectPath(p.ID, "/requirements"), "requirement.done.one_added", func(p *purchase, status int, n views.Notice) (web.Reply, error) {
		return s.requirementForm(p, r.Form("subject"), 0, status, n)
	})
}

// requirement finds the requirement that the address names.
func (s *Site) requirement(r *web.Request, p *purchase) (procurement.Requirement, error) {
	id, err := numberIn(r, "requirement")
	if err != nil {
		return procurement.Requirement{}, err
	}
	q, ok := p.asks(id)
	if !ok {
		return q, models.ErrNotFound
	}
	return q, nil
}

// aboutOf is what the form of a requirement is about.
func aboutOf(q *procurement.Requirement) string {
	if q.Way == procurement.ByAnswer {
		return q.Subject
	}
	return wayPrefix + string(q.Way)
}

// showRequirement shows a requirement to be changed.
func (s *Site) showRequirement(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	q, err := s.requirement(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	p.filled = s.fresh(r, map[string]string{"force": string(q.Force), "words": q.Words, "why": q.Why, "weight": strconv.Itoa(q.Weight),
		"operator": string(q.Operator), "wanted": strings.TrimSuffix(strings.ReplaceAll(q.Wanted, ";", "; "), " EUR"), fieldSeen: strconv.FormatInt(q.Revision, 10)})
	p.chosen = func(string) []string { return q.Values() }
	return s.requirementForm(p, aboutOf(&q), q.ID, http.StatusOK, views.Notice{})
}

// changeRequirement changes one. What somebody changed meanwhile is shown first.
func (s *Site) changeRequirement(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	before, err := s.requirement(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.ChangeRequirement(r.Context(), tx, s.Schema, p.ID, before.ID, seenRevision(r), s.typedRequirement(r))
	})
	return s.outcome(r, p, err, projectPath(p.ID, "/requirements"), "requirement.done.changed", func(p *purchase, status int, n views.Notice) (web.Reply, error) {
		now, err := s.requirement(r, p)
		if err != nil {
			return web.Reply{}, err
		}
		if n.Text != "" {
			n.Text += " " + p.T("requirement.now", now.Words)
		}
		typed := p.typed
		p.typed = func(field string) string { // what is sent next is meant to change what is there now
			if field == fieldSeen && n.Text != "" {
				return strconv.FormatInt(now.Revision, 10)
			}
			return typed(field)
		}
		return s.requirementForm(p, aboutOf(&before), before.ID, status, n)
	})
}
