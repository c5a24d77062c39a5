package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// clarificationsEnd comes after the path of questions.
const clarificationsEnd = "/clarifications"

// clarifiedParts are what vendors asked back, each with its answer or a form for it.
func (s *Site) clarifiedParts(r *web.Request, p *purchase) (parts []views.ProjectPart, err error) {
	all, err := procurement.Clarifications(r.Context(), s.DB, p.ID)
	for i := range all {
		c := &all[i]
		part := views.ProjectPart{Heading: p.T("clarification.about", "Q-"+strconv.FormatInt(c.QuestionID, 10), p.serviceName(c.OfferingID)),
			Facts: []views.Row{{Key: p.T("clarification.asked"), Value: views.Words{Text: c.Words}, Note: p.Time(c.At)}}}
		switch {
		case c.Answer != "":
			part.Facts = append(part.Facts, views.Row{Key: p.T("question.answer"), Value: views.Words{Text: c.Answer}, Note: p.Time(c.AnsweredAt)})
		case p.Sending(p.actor) && !p.Settled():
			name := "answer" + strconv.FormatInt(c.ID, 10)
			part.Forms = []views.Form{{Action: p.here(questionsEnd + clarificationsEnd + "/" + strconv.FormatInt(c.ID, 10)), Button: p.T("clarification.answer"),
				Inputs: []views.Input{p.area(views.Area{Name: name, Label: p.T("question.answer"), Hint: p.T("clarification.answer_hint"), Rows: wordRows})}}}
		}
		parts = append(parts, part)
	}
	return parts, err
}

// clarify answers what a vendor asked back.
func (s *Site) clarify(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	id, err := numberIn(r, "clarification")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.Clarify(r.Context(), tx, p.ID, id, severalLines(r.Form("answer"+strconv.FormatInt(id, 10))))
	})
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.questionsPage(r, p, http.StatusUnprocessableEntity, nil)
	}
	if errors.Is(err, models.ErrConflict) {
		return web.SeeOther(p.here(questionsEnd)).Say("clarification.overtaken"), nil
	}
	return web.SeeOther(p.here(questionsEnd)).Say("clarification.done"), err
}

// askedBackPart is what was asked back about a question, as a vendor reads it, with the
// form to ask.
func (q *askedVendor) askedBackPart(open bool) []views.ProjectPart {
	part := views.ProjectPart{Heading: q.T("clarification.title")}
	for i := range q.Clarified {
		c := &q.Clarified[i]
		row := views.Row{Key: c.Words, Value: views.Words{Text: c.Answer}, Note: q.Time(c.AnsweredAt)}
		if c.Answer == "" {
			row.Value.Text, row.Note = q.T("clarification.waits"), q.Time(c.At)
		}
		part.Facts = append(part.Facts, row)
	}
	if open {
		part.Text = []string{q.T("clarification.text")}
		part.Forms = []views.Form{{Action: at(q.Tag, vendorQuestionPath(q.QuestionID, q.OfferingID)+clarificationsEnd), Button: q.T("clarification.send"), Hidden: []views.Hidden{q.onceAgain()},
			Inputs: []views.Input{q.area(views.Area{Name: "back", Label: q.T("clarification.question"), Rows: wordRows})}}}
	} else if len(part.Facts) == 0 {
		return nil
	}
	return []views.ProjectPart{part}
}

// askBack asks the buyer something about a question.
func (s *Site) askBack(r *web.Request) (web.Reply, error) {
	q, err := s.askedVendor(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.AskBack(r.Context(), tx, q.QuestionID, q.OfferingID, r.Form(fieldOnce), severalLines(r.Form("back")))
	})
	if wrong, ok := invalid(err); ok {
		q.filled = s.posted(r, wrong)
		return s.vendorQuestionPage(q, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, vendorQuestionPath(q.QuestionID, q.OfferingID))).Say("clarification.sent"), err
}
