package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// mostJudged is how many criteria for people the form has room for.
const mostJudged = procurement.MostCriteria - 2

// showCriteria shows the weights to be changed.
func (s *Site) showCriteria(r *web.Request) (web.Reply, error) {
	c, err := s.contest(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	all := c.Scoring.Criteria
	if len(all) == 0 {
		if all, err = procurement.Criteria(r.Context(), s.DB, c.ID); err == nil && len(all) == 0 {
			all = procurement.DefaultCriteria(c.asked)
		}
	}
	values, judged := map[string]string{}, 0
	for _, one := range all {
		key := "weight." + string(one.Kind)
		if one.Kind == procurement.ByPeople {
			key = fmt.Sprintf("weight.%d", judged)
			values[fmt.Sprintf("name.%d", judged)] = one.Name
			judged++
		}
		values[key] = strconv.Itoa(one.Weight)
	}
	c.filled = s.fresh(r, values)
	if err != nil {
		return web.Reply{}, err
	}
	return s.criteriaForm(c, http.StatusOK)
}

func (s *Site) criteriaForm(c *contest, status int) (web.Reply, error) {
	if !c.Editable(c.actor) || c.Settled() || len(c.Scoring.Scores) > 0 {
		return web.Reply{}, refusedTo(c.purchase)
	}
	page := views.FormPage{Heading: c.T("score.change"), Text: []string{c.T("score.change_text")}, Form: views.Form{Action: c.here(criteriaEnd), Button: c.T("form.save")}, Links: []views.Link{c.way(scoresEnd, "score.title")}}
	for _, kind := range []procurement.CriterionKind{procurement.ByPrice, procurement.ByFit} {
		page.Form.Inputs = append(page.Form.Inputs, c.field(views.Field{Name: "weight." + string(kind), Label: c.T("score.criterion." + string(kind)), Hint: c.T("score.formula." + string(kind)), Mode: "numeric", Width: "w4"}))
	}
	for i := range mostJudged {
		n := c.Number(int64(i + 1))
		page.Form.Inputs = append(page.Form.Inputs, c.field(views.Field{Name: fmt.Sprintf("name.%d", i), Label: c.T("score.judged_name", n), Hint: c.T("score.formula.judged"), Width: "w30"}),
			c.field(views.Field{Name: fmt.Sprintf("weight.%d", i), Label: c.T("score.judged_weight", n), Mode: "numeric", Width: "w4"}))
	}
	page.Shell = c.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// typedCriteria reads the form, and which field each criterion came from.
func typedCriteria(r *web.Request) (all []procurement.Criterion, fields []string) {
	add := func(kind procurement.CriterionKind, field, name string) {
		if typed := strings.TrimSpace(r.Form("weight." + field)); typed != "" && typed != "0" || name != "" {
			all, fields = append(all, procurement.Criterion{Kind: kind, Name: name, Weight: typedPoints(typed)}), append(fields, field)
		}
	}
	add(procurement.ByPrice, string(procurement.ByPrice), "")
	add(procurement.ByFit, string(procurement.ByFit), "")
	for i := range mostJudged {
		add(procurement.ByPeople, strconv.Itoa(i), clean(r.Form(fmt.Sprintf("name.%d", i))))
	}
	return all, fields
}

// saveCriteria makes these the criteria of a project.
func (s *Site) saveCriteria(r *web.Request) (web.Reply, error) {
	c, err := s.contest(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	all, fields := typedCriteria(r)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.SetCriteria(r.Context(), tx, c.ID, all) })
	if wrong, ok := invalid(err); ok {
		c.filled = s.posted(r, atFields(wrong, fields))
		return s.criteriaForm(c, http.StatusUnprocessableEntity)
	}
	to := scoresEnd
	if !slices.ContainsFunc(all, func(one procurement.Criterion) bool { return one.Kind == procurement.ByPeople }) && !c.LockedAt.IsZero() {
		to = decisionEnd // nobody has to score
	}
	return web.SeeOther(c.here(to)).Say("score.done.criteria"), err
}

// atFields puts what is wrong with a criterion under the field that it came from.
func atFields(wrong models.Invalid, fields []string) models.Invalid {
	out := models.Invalid{}
	for key, message := range wrong {
		name, place, numbered := strings.Cut(key, ".")
		if i, err := strconv.Atoi(place); numbered && err == nil && i < len(fields) {
			key = name + "." + fields[i]
		}
		out[key] = message
	}
	return out
}

// ranked finds the service that the address names, among those that are ranked.
func (c *contest) ranked(r *web.Request) (int64, error) {
	id, ok := parseName(r.Param("service"), servicePrefix)
	if !ok || c.service(id) == nil || !slices.Contains(c.Scoring.Kept, id) {
		return 0, models.ErrNotFound
	}
	return id, nil
}

// showOffer asks what a service costs for all the years.
func (s *Site) showOffer(r *web.Request) (web.Reply, error) {
	c, err := s.contest(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	id, err := c.ranked(r)
	if err != nil {
		return web.Reply{}, err
	}
	return s.offerForm(c, id, http.StatusOK)
}

func (s *Site) offerForm(c *contest, id int64, status int) (web.Reply, error) {
	if !c.Editable(c.actor) || c.Settled() {
		return web.Reply{}, refusedTo(c.purchase)
	}
	page := views.FormPage{Heading: c.T("score.offer_title", c.serviceName(id)), Text: []string{c.T("score.offer_text", c.N("price.year_count", int64(c.Years)))}, Links: []views.Link{c.way(scoresEnd, "score.title")}}
	one, _ := c.Rank(id)
	page.Facts = []views.Row{{Key: c.T("score.cost", c.N("price.year_count", int64(c.Years))), Value: views.Words{Text: c.cents(one.Cents)}}}
	page.Form = views.Form{Action: c.here(scoresEnd + "/offers/" + lowerNumber(id)), Button: c.T("form.save"), Hidden: []views.Hidden{c.onceAgain()}, Inputs: []views.Input{
		c.field(views.Field{Name: "cost", Label: c.T("score.offer_cost"), Hint: c.T("score.offer_hint"), Mode: "decimal", Width: "w12", Unit: "€", Needed: true}),
		c.field(views.Field{Name: "source", Label: c.T("fit.source"), Hint: c.T("fit.source_hint"), Width: "w60", Needed: true})}}
	page.Shell = c.shellOf(catalogue.Number(id) + " " + c.T("score.offer"))
	return web.Status(status, page), nil
}

// typedCents reads an amount of euros, in cents: -1 and false when it is none.
func typedCents(typed string) (int64, bool) {
	n, err := locale.ParseDecimal(strings.TrimSpace(typed))
	if err != nil || n.Sign() < 0 || n.Places() > 2 {
		return -1, false
	}
	m, err := n.Money(search.Currency)
	if err != nil {
		return -1, false
	}
	return m.Minor, true
}

// saveOffer keeps what somebody found out that a service costs.
func (s *Site) saveOffer(r *web.Request) (web.Reply, error) {
	c, err := s.contest(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	id, err := c.ranked(r)
	if err != nil {
		return web.Reply{}, err
	}
	o := procurement.Offer{OfferingID: id, Source: clean(r.Form("source"))}
	o.Cents, _ = typedCents(r.Form("cost")) // what is no amount is refused
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.NoteOffer(r.Context(), tx, c.ID, r.Form(fieldOnce), o)
	})
	if wrong, ok := invalid(err); ok {
		c.filled = s.posted(r, wrong)
		return s.offerForm(c, id, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(c.here(scoresEnd)).Say("score.done.offer"), err
}
