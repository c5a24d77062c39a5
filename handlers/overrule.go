package handlers

import (
	"net/http"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// judged finds the requirement and the service that the address names, and where the
// requirement stands.
func (s *Site) judged(r *web.Request) (p *purchase, c *candidate, place int, err error) {
	if p, err = s.purchase(r, s.fresh(r, nil)); err != nil {
		return nil, nil, 0, err
	}
	if !p.Judging(r.Actor) {
		return nil, nil, 0, models.ErrForbidden
	}
	q, err := s.requirement(r, p)
	if err != nil {
		return nil, nil, 0, err
	}
	if err = s.weighServices(r, p); err != nil {
		return nil, nil, 0, err
	}
	c, err = s.candidate(r, p)
	return p, c, slices.IndexFunc(p.asked, func(o procurement.Requirement) bool { return o.ID == q.ID }), err
}

// candidate finds the service of the project that the address names.
func (s *Site) candidate(r *web.Request, p *purchase) (*candidate, error) {
	id, ok := parseName(r.Param("service"), servicePrefix)
	i := slices.IndexFunc(p.services, func(c candidate) bool { return c.Offering.ID == id })
	if !ok || i < 0 {
		return nil, models.ErrNotFound
	}
	return &p.services[i], nil
}

// showOverrule asks what was found out about a service, and from where.
func (s *Site) showOverrule(r *web.Request) (web.Reply, error) {
	p, c, k, err := s.judged(r)
	if err != nil {
		return web.Reply{}, err
	}
	if p.filled, err = s.fromAnswer(r, p, c); err != nil {
		return web.Reply{}, err
	}
	return s.overruleForm(r, p, c, k, http.StatusOK)
}

// fromAnswer is the form with what the vendor answered to a question, when the address
// names one.
func (s *Site) fromAnswer(r *web.Request, p *purchase, c *candidate) (*filled, error) {
	id, err := strconv.ParseInt(r.Query("question"), 10, 64)
	if err != nil {
		return p.filled, nil
	}
	all, err := procurement.Questions(r.Context(), s.DB, p.ID)
	if err != nil {
		return nil, err
	}
	for _, q := range all {
		for _, a := range q.Asked {
			if q.ID == id && a.OfferingID == c.Offering.ID && a.Words != "" {
				return s.fresh(r, map[string]string{"reason": a.Words, "source": p.T("question.source", q.Code(), p.Time(a.At))}), nil
			}
		}
	}
	return p.filled, nil
}

func (s *Site) overruleForm(r *web.Request, p *purchase, c *candidate, k, status int) (web.Reply, error) {
	names, err := s.overruleNames(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	q := &p.asked[k]
	cell := s.fitCell(p, q, c, &c.fits[k], names)
	now := views.Row{Key: p.T("fit.now"), Value: cell.Value, More: cell.More, Tags: cell.Tags}
	now.More = append(now.More, cell.Notes...)
	name := c.name(p.speaker)
	page := views.FormPage{Heading: p.T("fit.overrule_title"), Text: []string{p.T("fit.overrule_text")},
		Facts: []views.Row{{Key: p.T("requirement.name"), Value: views.Words{Text: q.Words}}, {Key: p.T("fit.service"), Value: views.Words{Text: catalogue.Number(c.Offering.ID) + " " + name.Text, Lang: name.Lang}, URL: name.URL}, now},
		Links: []views.Link{p.way("/fit", "project.step.fit")}}
	verdict := views.Choices{ID: "verdict", Name: "verdict", Legend: p.T("fit.verdict"), One: true, Error: p.problem("verdict")}
	for _, v := range procurement.Verdicts() {
		verdict.Options = append(verdict.Options, views.Option{Value: string(v), Text: p.T("fit.verdict_text." + string(v)), Chosen: p.typed("verdict") == string(v)})
	}
	page.Form = views.Form{Action: at(p.Tag, r.Path()), Button: p.T("fit.overrule_do"), Hidden: []views.Hidden{p.onceAgain()}, Inputs: []views.Input{{Choices: &verdict},
		p.area(views.Area{Name: "reason", Label: p.T("project.reason"), Hint: p.T("fit.reason_hint"), Rows: 3}),
		p.field(views.Field{Name: "source", Label: p.T("fit.source"), Hint: p.T("fit.source_hint"), Width: "w60", Needed: true})}}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// overrule says what was found out.
func (s *Site) overrule(r *web.Request) (web.Reply, error) {
	p, c, k, err := s.judged(r)
	if err != nil {
		return web.Reply{}, err
	}
	o := procurement.Overruled{RequirementID: p.asked[k].ID, OfferingID: c.Offering.ID, Verdict: procurement.Verdict(r.Form("verdict")), Reason: severalLines(r.Form("reason")), Source: clean(r.Form("source"))}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.Overrule(r.Context(), tx, p.ID, r.Form(fieldOnce), o)
	})
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.overruleForm(r, p, c, k, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(p.here("/fit")).Say("fit.done.overruled"), err
}
