package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

const (
	scoresEnd    = "/scores"
	criteriaEnd  = scoresEnd + "/criteria"
	consensusEnd = scoresEnd + "/consensus"
)

// contest is a project whose services are scored.
type contest struct {
	*purchase
	procurement.Assessment
}

// contest works out the project that the address names.
func (s *Site) contest(r *web.Request, f *filled) (*contest, error) {
	p, err := s.purchase(r, f)
	if err != nil {
		return nil, err
	}
	if err := s.weighServices(r, p); err != nil {
		return nil, err
	}
	c := &contest{purchase: p}
	if p.LockedAt.IsZero() {
		return c, nil
	}
	err = s.DB.Read(r.Context(), func(rd db.Reader) (err error) {
		c.Assessment, err = procurement.Assess(r.Context(), rd, s.Schema, s.Index.Layout(), &p.Project)
		return err
	})
	return c, err
}

// points are a number of points in words.
func (w speaker) points(c procurement.Centi) string {
	d, _ := models.NewDecimal(int64(c), 2) // two places are always there
	return w.Decimal(d)
}

// cents are an amount of euro cents in words; below 0 it is not known.
func (w speaker) cents(n int64) string {
	if n < 0 {
		return w.T("score.no_price")
	}
	return w.Money(models.Money{Minor: n, Currency: "EUR"})
}

// criterionName is what a criterion is called.
func (w speaker) criterionName(kind procurement.CriterionKind, name string) string {
	if kind == procurement.ByPeople {
		return name
	}
	return w.T("score.criterion." + string(kind))
}

// showScores shows the criteria, the ranking with its working, and what the reader may
// score.
func (s *Site) showScores(r *web.Request) (web.Reply, error) {
	c, err := s.contest(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{}
	for _, x := range c.Scoring.Scores {
		if x.AccountID == r.Actor.AccountID {
			values[procurement.ScoreField(x.CriterionID, x.OfferingID)] = strconv.Itoa(x.Points)
			values["note."+procurement.ScoreField(x.CriterionID, x.OfferingID)] = x.Note
		}
	}
	c.filled = s.fresh(r, values)
	return s.scoresPage(r, c, http.StatusOK)
}

func (s *Site) scoresPage(r *web.Request, c *contest, status int) (web.Reply, error) {
	page := views.ProjectPage{Heading: c.T("score.title"), Tags: []views.Tag{c.stageTag(c.Stage())}, Text: []string{c.T("score.text")}}
	if c.LockedAt.IsZero() {
		page.Notices = []views.Notice{c.notLocked()}
	}
	page.Parts = append(page.Parts, c.criteriaPart())
	if len(c.Scoring.Criteria) > 0 && len(c.Ranking) > 0 {
		page.Parts = append(page.Parts, c.rankingPart())
	}
	own := c.ownPart(r.Actor)
	if own != nil {
		page.Parts = append(page.Parts, *own)
	}
	given, err := s.givenPart(r, c)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append(page.Parts, given...)
	page.Shell = c.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// notLocked says that services cannot be scored yet, with the way to where they can be
// locked for who may.
func (c *contest) notLocked() views.Notice {
	n := views.Notice{Kind: views.Info, Title: c.T("score.not_locked"), Text: c.T("score.not_locked_text")}
	if c.edits() {
		n.Link = c.way("/lock", "project.step.lock")
	}
	return n
}

// criteriaPart shows by what services are told apart.
func (c *contest) criteriaPart() views.ProjectPart {
	part := views.ProjectPart{Heading: c.T("score.criteria")}
	all := c.Scoring.Criteria
	if len(all) == 0 {
		part.Text = []string{c.T("score.no_criteria")}
		all = procurement.DefaultCriteria(c.asked)
	}
	for _, one := range all {
		part.Facts = append(part.Facts, views.Row{Key: c.criterionName(one.Kind, one.Name), Value: views.Words{Text: c.T("score.weight_of", c.Number(int64(one.Weight)))}, Note: c.T("score.formula." + string(one.Kind))})
	}
	if !c.Editable(c.actor) || c.Settled() {
		return part
	}
	if len(c.Scoring.Scores) == 0 {
		part.Links = []views.Link{c.way(criteriaEnd, "score.change")}
	}
	if len(c.Scoring.Criteria) == 0 && !c.LockedAt.IsZero() {
		part.Forms = []views.Form{{Action: c.here(criteriaEnd), Button: c.T("score.save"), Hidden: criteriaHidden(all)}}
	}
	return part
}

func criteriaHidden(all []procurement.Criterion) (list []views.Hidden) {
	for _, one := range all {
		list = append(list, views.Hidden{Name: "weight." + string(one.Kind), Value: strconv.Itoa(one.Weight)})
	}
	return list
}

// rankingPart is the ranking, with the working of every number.
func (c *contest) rankingPart() views.ProjectPart {
	part := views.ProjectPart{Heading: c.T("score.ranking"), Links: []views.Link{}}
	t := &views.Table{Head: views.Head{ID: "ranking", Caption: c.T("score.ranking_caption"), Quiet: true, Columns: []views.Column{{Text: c.T("fit.service")}, {Text: c.T("score.cost", c.N("price.year_count", int64(c.Years))), Number: true}}}}
	for _, one := range c.Scoring.Criteria {
		t.Head.Columns = append(t.Head.Columns, views.Column{Text: c.criterionName(one.Kind, one.Name), Number: true})
	}
	t.Head.Columns = append(t.Head.Columns, views.Column{Text: c.T("score.total"), Number: true})
	for i := range c.Ranking {
		row := views.TableRow{c.serviceCell(c.Ranking[i].OfferingID), c.costCell(&c.Ranking[i])}
		for k := range c.Scoring.Criteria {
			row = append(row, c.pointsCell(k, &c.Ranking[i].Points[k]))
		}
		total := views.Cell{Label: c.T("score.total"), Number: true, Link: views.Link{Text: c.points(c.Ranking[i].Total)}}
		if !c.Ranking[i].Complete {
			total.Tags = []views.Tag{{Kind: views.Warn, Text: c.T("score.incomplete")}}
		}
		t.Rows = append(t.Rows, append(row, total))
	}
	part.Table = t
	return part
}

// costCell is what a service costs for all the years, and where that is known from.
func (c *contest) costCell(one *procurement.Ranked) views.Cell {
	cell := views.Cell{Label: c.T("score.cost", c.N("price.year_count", int64(c.Years))), Number: true, Link: views.Link{Text: c.cents(one.Cents)}}
	if o, ok := c.Offer(one.OfferingID); ok {
		cell.Lines = []string{o.Source}
	}
	if c.Editable(c.actor) && !c.Settled() {
		cell.Links = []views.Link{{URL: c.here(scoresEnd + "/offers/" + lowerNumber(one.OfferingID)), Text: c.T("score.offer"), For: c.serviceName(one.OfferingID)}}
	}
	return cell
}

// pointsCell is what a service gets by a criterion, and how that comes about.
func (c *contest) pointsCell(k int, p *procurement.Points) views.Cell {
	one := c.Scoring.Criteria[k]
	cell := views.Cell{Label: c.criterionName(one.Kind, one.Name), Number: true}
	if !p.Known {
		cell.Tags = []views.Tag{{Kind: views.Warn, Text: c.T("score.open")}}
		return cell
	}
	cell.Link.Text = c.points(p.Got)
	part, whole := c.Number(p.Part), c.Number(p.Whole)
	if one.Kind == procurement.ByPrice {
		part, whole = c.cents(p.Part), c.cents(p.Whole)
	}
	cell.Lines = []string{c.T("score.working", c.Number(p.Weight), part, whole)}
	return cell
}

// ownPart is where the reader scores; nil when there is nothing to score.
func (c *contest) ownPart(a models.Actor) *views.ProjectPart {
	if !slices.Contains(c.Scoring.Judges, a.AccountID) || len(c.Scoring.Judged()) == 0 || c.Settled() {
		return nil
	}
	part := &views.ProjectPart{Heading: c.T("score.own")}
	if c.Scoring.Closed(a.AccountID) {
		part.Text = []string{c.T("score.own_closed")}
		return part
	}
	part.Text = []string{c.T("score.own_text")}
	form := views.Form{Action: c.here(scoresEnd), Button: c.T("score.save")}
	for _, one := range c.Scoring.Judged() {
		for _, id := range c.Scoring.Kept {
			name := procurement.ScoreField(one.ID, id)
			form.Inputs = append(form.Inputs,
				c.field(views.Field{Name: name, Label: c.T("score.give", one.Name, c.serviceName(id)), Hint: c.T("score.give_hint"), Mode: "numeric", Width: "w4"}),
				c.field(views.Field{Name: "note." + name, Label: c.T("score.note", one.Name, c.serviceName(id)), Width: "w60"}))
		}
	}
	done := views.Choices{ID: "done", Name: "done", Legend: c.T("score.done_legend"), Options: []views.Option{{Value: "1", Text: c.T("score.done")}}}
	form.Inputs = append(form.Inputs, views.Input{Choices: &done})
	part.Forms = []views.Form{form}
	return part
}

// givenPart shows who is done, and once all are, what each gave and what they agree on.
func (s *Site) givenPart(r *web.Request, c *contest) ([]views.ProjectPart, error) {
	if len(c.Scoring.Judged()) == 0 || c.LockedAt.IsZero() {
		return nil, nil
	}
	names, err := s.People(r.Context(), c.Scoring.Judges)
	if err != nil {
		return nil, err
	}
	part := views.ProjectPart{Heading: c.T("score.given")}
	for _, account := range c.Scoring.Judges {
		row := views.Row{Key: c.person(account, names), Value: views.Words{Text: c.T("score.sheet_open")}}
		if i := slices.IndexFunc(c.Scoring.Sheets, func(h procurement.Sheet) bool { return h.AccountID == account }); i >= 0 {
			row.Value.Text = c.T("score.sheet_closed", c.Time(c.Scoring.Sheets[i].Closed))
		}
		part.Facts = append(part.Facts, row)
	}
	if !c.Scoring.AllClosed() {
		part.Text = []string{c.T("score.given_later")}
		return []views.ProjectPart{part}, nil
	}
	part.Table = c.givenTable(names)
	parts := []views.ProjectPart{part}
	if form := c.consensusForm(); form != nil {
		parts = append(parts, views.ProjectPart{Heading: c.T("score.consensus"), Text: []string{c.T("score.consensus_text")}, Forms: []views.Form{*form}})
	}
	return parts, nil
}

// givenTable is what each gave, and what counts.
func (c *contest) givenTable(names map[int64]string) *views.Table {
	t := &views.Table{Head: views.Head{ID: "given", Caption: c.T("score.given_caption"), Quiet: true, Columns: []views.Column{{Text: c.T("fit.service")}, {Text: c.T("score.criterion")}}}}
	for _, account := range c.Scoring.Judges {
		t.Head.Columns = append(t.Head.Columns, views.Column{Text: c.person(account, names), Number: true})
	}
	t.Head.Columns = append(t.Head.Columns, views.Column{Text: c.T("score.counts"), Number: true})
	for _, one := range c.Scoring.Judged() {
		for _, id := range c.Scoring.Kept {
			row := views.TableRow{c.serviceCell(id), {Label: c.T("score.criterion"), Link: views.Link{Text: one.Name}}}
			for _, account := range c.Scoring.Judges {
				cell := views.Cell{Label: c.person(account, names), Number: true}
				if x, ok := c.Scoring.Of(one.ID, id, account); ok {
					cell.Link.Text = c.Number(int64(x.Points))
					if x.Note != "" {
						cell.Lines = []string{x.Note}
					}
				}
				row = append(row, cell)
			}
			t.Rows = append(t.Rows, append(row, c.countsCell(one.ID, id)))
		}
	}
	return t
}

// countsCell is what counts of what people gave.
func (c *contest) countsCell(criterion, offering int64) views.Cell {
	cell := views.Cell{Label: c.T("score.counts"), Number: true}
	points, ok := c.Scoring.Points(criterion, offering)
	if !ok {
		cell.Tags = []views.Tag{{Kind: views.Warn, Text: c.T("score.differ")}}
		return cell
	}
	cell.Link.Text = c.Number(int64(points))
	for _, a := range c.Scoring.Agreed {
		if a.CriterionID == criterion && a.OfferingID == offering {
			cell.Lines = []string{a.Reason}
		}
	}
	return cell
}

// consensusForm asks what people agree on where they gave different points; nil where
// they did not, or the reader does not lead.
func (c *contest) consensusForm() *views.Form {
	if !c.Editable(c.actor) || c.Settled() {
		return nil
	}
	form := &views.Form{Action: c.here(consensusEnd), Button: c.T("score.agree")}
	for _, one := range c.differing() {
		name := procurement.ScoreField(one.CriterionID, one.OfferingID)
		of := c.criterion(one.CriterionID).Name
		points, reason := views.Field{Name: name, Label: c.T("score.give", of, c.serviceName(one.OfferingID)), Hint: c.T("score.give_hint"), Mode: "numeric", Width: "w4", Needed: true},
			views.Field{Name: "reason." + name, Label: c.T("score.why", of, c.serviceName(one.OfferingID)), Width: "w60", Needed: true}
		form.Inputs = append(form.Inputs, c.agreed(points, one, strconv.Itoa(one.Points)), c.agreed(reason, one, one.Reason))
	}
	if len(form.Inputs) == 0 {
		return nil
	}
	return form
}

// agreed is a field of the consensus: as it was typed, or else as it was agreed before.
func (c *contest) agreed(in views.Field, one procurement.Agreed, before string) views.Input {
	field := c.field(in)
	if len(c.wrong) == 0 {
		field.Field.Value = ""
		if one.AccountID != 0 {
			field.Field.Value = before
		}
	}
	return field
}

// differing are the points that people have to agree on, with what they agreed before.
func (c *contest) differing() (all []procurement.Agreed) {
	for _, one := range c.Scoring.Judged() {
		for _, id := range c.Scoring.Kept {
			i := slices.IndexFunc(c.Scoring.Agreed, func(a procurement.Agreed) bool { return a.CriterionID == one.ID && a.OfferingID == id })
			_, ok := c.Scoring.Points(one.ID, id)
			switch {
			case i >= 0:
				all = append(all, c.Scoring.Agreed[i])
			case !ok:
				all = append(all, procurement.Agreed{CriterionID: one.ID, OfferingID: id})
			}
		}
	}
	return all
}

func (c *contest) criterion(id int64) procurement.Criterion {
	i := slices.IndexFunc(c.Scoring.Criteria, func(one procurement.Criterion) bool { return one.ID == id })
	if i < 0 {
		return procurement.Criterion{}
	}
	return c.Scoring.Criteria[i]
}

// typedPoints reads a number of points; what is none is refused.
func typedPoints(typed string) int {
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil {
		return -1
	}
	return n
}

// saveScores keeps what the reader gives, and closes it when asked to.
func (s *Site) saveScores(r *web.Request) (web.Reply, error) {
	c, err := s.contest(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	wrong := models.Invalid{}
	var all []procurement.Score
	for _, one := range c.Scoring.Judged() {
		for _, id := range c.Scoring.Kept {
			name := procurement.ScoreField(one.ID, id)
			if strings.TrimSpace(r.Form(name)) == "" {
				continue
			}
			x := procurement.Score{CriterionID: one.ID, OfferingID: id, Points: typedPoints(r.Form(name)), Note: clean(r.Form("note." + name))}
			if x.Points < 0 || x.Points > procurement.MostPoints {
				wrong[name] = "score.points_wrong"
			}
			all = append(all, x)
		}
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(wrong) > 0 {
			return wrong
		}
		if err := procurement.SaveScores(r.Context(), tx, c.ID, all); err != nil || r.Form("done") == "" {
			return err
		}
		return procurement.CloseScores(r.Context(), tx, c.ID)
	})
	if wrong, ok := invalid(err); ok {
		c.filled = s.posted(r, wrong)
		return s.scoresPage(r, c, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(c.here(scoresEnd)).Say("score.done.saved"), err
}

// saveConsensus keeps what people agreed on.
func (s *Site) saveConsensus(r *web.Request) (web.Reply, error) {
	c, err := s.contest(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	var all []procurement.Agreed
	for _, one := range c.differing() {
		name := procurement.ScoreField(one.CriterionID, one.OfferingID)
		one.Points, one.Reason = typedPoints(r.Form(name)), clean(r.Form("reason."+name))
		all = append(all, one)
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.Agree(r.Context(), tx, c.ID, all) })
	if wrong, ok := invalid(err); ok {
		c.filled = s.posted(r, wrong)
		return s.scoresPage(r, c, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(c.here(scoresEnd)).Say("score.done.agreed"), err
}
