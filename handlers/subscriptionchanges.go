package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/pricing"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// changeTag says where a change stands.
func (w speaker) changeTag(state contracts.ChangeState) views.Tag {
	kind := views.Plain
	switch state {
	case contracts.ChangeApplied:
		kind = views.OK
	case contracts.ChangeRequested, contracts.ChangeOrdered, contracts.ChangeAgreed:
		kind = views.Info
	}
	return views.Tag{Kind: kind, Text: w.T("amendment.state." + string(state))}
}

// changeParts are what is done before the first use, and what changes.
func (s *Site) changeParts(r *web.Request, c *contract) ([]views.ProjectPart, error) {
	parts, err := s.tasksPart(r, c)
	if err != nil {
		return nil, err
	}
	all, err := contracts.Amendments(r.Context(), s.DB, c.ID)
	if c.vendor {
		all = contracts.ToVendor(all)
	}
	if err != nil || len(all) == 0 {
		return parts, err
	}
	part := views.ProjectPart{Heading: c.T("amendment.title")}
	for i := range all {
		a := &all[i]
		row := views.Row{Key: a.Code() + " " + c.changeTag(a.State).Text, Value: views.Words{Text: c.changeWords(a)}, Note: c.T("amendment.from", c.Date(a.Starts)) + " " + a.Words}
		if a.Answer != "" {
			row.Note += " – " + a.Answer
		}
		part.Facts = append(part.Facts, row)
		if c.vendor && a.State == contracts.ChangeOrdered {
			part.Links = append(part.Links, views.Link{URL: c.here("/changes/" + c.plain(a.ID)), Text: c.T("amendment.answer", a.Code())})
		}
		own := a.Requester == c.actor.AccountID && contracts.Buys(c.actor)
		if !c.vendor && (a.State == contracts.ChangeRequested || a.State == contracts.ChangeOrdered) && (own || contracts.Manages(c.actor)) {
			part.Forms = append(part.Forms, views.Form{Action: c.here("/changes/" + c.plain(a.ID) + "/withdrawal"), Button: c.T("amendment.withdraw", a.Code()), Hidden: []views.Hidden{revisionField(a.Revision)}, Stop: true})
		}
	}
	return append(parts, part), nil
}

// plain is a number as addresses hold it.
func (c *contract) plain(id int64) string { return strconv.FormatInt(id, 10) }

// changeWords say what changes: "10 users, 240 € a year → 15 users, 360 € a year".
func (c *contract) changeWords(a *contracts.Amendment) string {
	old, now := a.Old(), a.New()
	plan := func(t contracts.Terms) string {
		if old.Plan == now.Plan && old.Version == now.Version {
			return ""
		}
		return t.Plan + " "
	}
	words := c.T("amendment.change", plan(old)+c.termsQuantity(old), c.cents(old.Year), plan(now)+c.termsQuantity(now), c.cents(now.Year))
	if a.Once > 0 {
		words += " " + c.T("amendment.once", c.cents(a.Once))
	}
	return words
}

// changing is a change on its way.
type changing struct {
	*contract
	contracts.Amendment
	now     catalogue.Edition // that is published
	problem error             // why there is no price yet
}

// changing reads what the form says.
func (s *Site) changing(r *web.Request, f *filled, typed func(string) string) (*changing, error) {
	c, err := s.contract(r, f, false)
	if err != nil {
		return nil, err
	}
	if !contracts.Buys(r.Actor) || !contracts.Amendable(c.State) {
		return nil, models.ErrConflict
	}
	a := &changing{contract: c}
	if c.published != 0 && c.published != c.Subscription.Version {
		if a.now, err = catalogue.FindEdition(r.Context(), s.DB, c.OfferingID, c.published); err != nil {
			return nil, err
		}
	}
	plan, version, _ := strings.Cut(typed("plan"), "@")
	a.Amendment = contracts.Amendment{Plan: plan, Unit: typed("unit"), Words: severalLines(typed("words"))}
	if a.Amendment.Version, err = strconv.Atoi(version); err != nil {
		a.Amendment.Version = c.Subscription.Version
	}
	if n := strings.TrimSpace(typed("quantity")); n != "" {
		a.Amendment.Quantity = "?" // that is refused
		if d, err := locale.ParseDecimal(n); err == nil {
			a.Amendment.Quantity = d.String()
		}
	} else {
		a.Amendment.Unit = ""
	}
	a.Amendment.Starts, _ = models.ParseDate(strings.TrimSpace(typed("starts"))) // none is refused
	if price := strings.TrimSpace(typed("price")); price != "" {
		a.Settled = true
		a.Amendment.Year, _ = typedCents(price) // what is none is refused
	}
	a.problem = contracts.QuoteChange(r.Context(), s.DB, s.Schema, &c.Subscription, &a.Amendment)
	var wrong models.Invalid
	if a.problem != nil && !errors.As(a.problem, &wrong) {
		return nil, a.problem
	}
	return a, nil
}

// showChange asks what is to be changed.
func (s *Site) showChange(r *web.Request) (web.Reply, error) {
	c, err := s.contract(r, s.fresh(r, nil), false)
	if err != nil {
		return web.Reply{}, err
	}
	today := models.DateOf(s.today())
	if today.Before(c.Starts) {
		today = c.Starts
	}
	values := map[string]string{"plan": planValue(c.Plan, c.Version), "unit": c.Unit, "starts": today.String()}
	if n, ok := c.Bought(); ok {
		values["quantity"] = c.Decimal(n)
	}
	a, err := s.changing(r, s.fresh(r, values), func(name string) string { return values[name] })
	if err != nil {
		return web.Reply{}, err
	}
	return s.changeForm(a, http.StatusOK)
}

// planValue names a plan of a version in a form.
func planValue(plan string, version int) string { return plan + "@" + strconv.Itoa(version) }

func (s *Site) changeForm(a *changing, status int, notices ...views.Notice) (web.Reply, error) {
	c := a.contract
	page := views.FormPage{Heading: c.T("amendment.ask"), Text: []string{c.T("amendment.text")}, Notices: notices}
	row := func(key, value string) views.Row { return views.Row{Key: c.T(key), Value: views.Words{Text: value}} }
	page.Facts = []views.Row{row("amendment.now", c.T("amendment.terms", c.termsQuantity(c.Terms()), c.cents(c.Subscription.Year)))}
	seen, button := "", c.T("request.work_out")
	if a.problem == nil && a.New() != c.Terms() {
		seen, button = strconv.FormatInt(a.Amendment.Year, 10), c.T("amendment.send")
		page.Facts = append(page.Facts, row("amendment.then", c.T("amendment.terms", c.termsQuantity(a.New()), c.cents(a.Amendment.Year))))
		if !a.Amendment.Starts.IsZero() {
			page.Facts = append(page.Facts, row("amendment.extra", c.cents(max(0, c.Extra(a.Amendment.Year, a.Amendment.Once, a.Amendment.Starts)))))
		}
	}
	page.Form = views.Form{Action: c.here("/changes/new"), Button: button, Hidden: []views.Hidden{{Name: "price_seen", Value: seen}, c.onceAgain()}, Inputs: a.inputs()}
	page.Links = []views.Link{{URL: c.here(""), Text: c.Code() + " " + c.name.Text}}
	page.Shell = c.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// inputs are the fields of a change: plans of the version whose prices hold first, then
// what is offered today only.
func (a *changing) inputs() (inputs []views.Input) {
	c := a.contract
	units := []views.Option{{Text: c.T("request.no_unit")}}
	known := map[string]bool{}
	plans := views.Select{Name: "plan", Label: c.T("request.plan")}
	add := func(e *catalogue.Edition, version int, form string) {
		for i := range e.Plans {
			p := &e.Plans[i]
			plans.Options = append(plans.Options, views.Option{Value: planValue(p.Code, version), Text: c.T(form, c.planName(e, p.Code).Text, c.Number(int64(version)))})
			units = append(units, c.unitsOf(p, known)...)
		}
	}
	add(&c.edition, c.Subscription.Version, "amendment.plan_held")
	add(&a.now, c.published, "amendment.plan_today")
	if c.OfferingID == 0 && c.Unit != "" {
		units = append(units, views.Option{Value: c.Unit, Text: c.unitName(c.Unit, models.Whole(5))})
	}
	if len(plans.Options) > 0 {
		inputs = append(inputs, c.choose(plans))
	}
	return append(inputs,
		c.field(views.Field{Name: "quantity", Label: c.T("request.quantity"), Hint: c.T("request.quantity_hint"), Mode: "decimal", Width: "w12"}),
		c.choose(views.Select{Name: "unit", Label: c.T("search.unit"), Options: units}),
		c.field(views.Field{Name: "price", Label: c.T("amendment.price"), Hint: c.T("amendment.price_hint"), Mode: "decimal", Width: "w12", Unit: "€", Needed: c.OfferingID == 0}),
		c.field(views.Field{Name: "starts", Label: c.T("amendment.starts"), Kind: "date", Width: "w12", Needed: true}),
		c.area(views.Area{Name: "words", Label: c.T("amendment.words"), Hint: c.T("amendment.words_hint"), Rows: wordRows}))
}

// unitsOf are the units in which a plan counts, but for those known already.
func (w speaker) unitsOf(p *pricing.Plan, known map[string]bool) (units []views.Option) {
	for _, in := range p.Inputs() {
		if !known[in.Unit] {
			known[in.Unit] = true
			units = append(units, views.Option{Value: in.Unit, Text: w.unitName(in.Unit, models.Whole(5))})
		}
	}
	return units
}

// sendChange asks for a change. A price that nobody has seen yet is shown first.
func (s *Site) sendChange(r *web.Request) (web.Reply, error) {
	a, err := s.changing(r, s.posted(r, nil), r.Form)
	if err != nil {
		return web.Reply{}, err
	}
	seen, err := strconv.ParseInt(r.Form("price_seen"), 10, 64)
	if err != nil {
		seen = -1
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return contracts.Amend(r.Context(), tx, s.Schema, a.Subscription.ID, r.Form(fieldOnce), seen, &a.Amendment)
	})
	wrong, bad := invalid(err)
	if !bad {
		return web.SeeOther(a.here("")).Say("amendment.done." + string(a.Amendment.State)), err
	}
	var notices []views.Notice
	if wrong["price_seen"] != "" {
		delete(wrong, "price_seen")
		n := views.Notice{Kind: views.Info, Title: a.T("request.look"), Text: a.T("amendment.look_text", a.cents(a.Amendment.Year))}
		if seen >= 0 {
			n = views.Notice{Kind: views.Warn, Title: a.T("request.changed"), Text: a.T("request.changed_text", a.cents(seen), a.cents(a.Amendment.Year)), Urgent: true}
		}
		notices = append(notices, n)
	}
	a.filled = s.posted(r, wrong)
	return s.changeForm(a, http.StatusUnprocessableEntity, notices...)
}

// withdrawChange takes a change back.
func (s *Site) withdrawChange(r *web.Request) (web.Reply, error) {
	c, a, err := s.change(r, false)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return contracts.CancelChange(r.Context(), tx, a.ID, seenRevision(r)) })
	if isConflict(err) {
		return web.SeeOther(c.here("")).Say("amendment.overtaken"), nil
	}
	return web.SeeOther(c.here("")).Say("amendment.withdrawn"), err
}

// change is the change of the subscription that the address names.
func (s *Site) change(r *web.Request, vendor bool) (*contract, *contracts.Amendment, error) {
	c, err := s.contract(r, s.fresh(r, nil), vendor)
	if err != nil {
		return nil, nil, err
	}
	id, err := numberIn(r, "change")
	if err != nil {
		return nil, nil, err
	}
	a, of, err := contracts.FindAmendment(r.Context(), s.DB, r.Actor, id, vendor)
	if err == nil && of.ID != c.ID {
		err = models.ErrNotFound
	}
	return c, &a, err
}

// showChangeOrder shows a change to the vendor, who accepts or declines it.
func (s *Site) showChangeOrder(r *web.Request) (web.Reply, error) {
	c, a, err := s.change(r, true)
	if err != nil {
		return web.Reply{}, err
	}
	return s.changeOrderPage(c, a, http.StatusOK)
}

func (s *Site) changeOrderPage(c *contract, a *contracts.Amendment, status int, notices ...views.Notice) (web.Reply, error) {
	page := views.ProjectPage{Heading: a.Code() + " " + c.name.Text, Tags: []views.Tag{c.changeTag(a.State)}, Notices: notices, Facts: c.changeFacts(a)}
	if a.State == contracts.ChangeOrdered {
		page.Parts = []views.ProjectPart{{Heading: c.T("approval.decide"), Forms: []views.Form{c.changeAnswer(a, c.here("/changes/"+c.plain(a.ID)), contracts.Accept, contracts.Decline)}}}
	}
	page.Shell = c.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// changeFacts say what changes.
func (c *contract) changeFacts(a *contracts.Amendment) []views.Row {
	row := func(key, value string) views.Row { return views.Row{Key: c.T(key), Value: views.Words{Text: value}} }
	rows := []views.Row{row("subscription.body", c.body), row("amendment.what", c.changeWords(a)), row("amendment.starts", c.Date(a.Starts)), row("amendment.words", a.Words)}
	if a.Settled {
		rows = append(rows, row("amendment.price", c.T("amendment.settled")))
	}
	if a.Answer != "" {
		rows = append(rows, row("approval.reason", a.Answer))
	}
	return rows
}

// changeAnswer is the form by which somebody answers a change: yes or no.
func (c *contract) changeAnswer(a *contracts.Amendment, action string, steps ...contracts.Step) views.Form {
	answer := views.Choices{ID: "answer", Name: "answer", Legend: c.T("approval.answer"), One: true, Error: c.problem("answer")}
	for _, one := range steps {
		answer.Options = append(answer.Options, views.Option{Value: string(one), Text: c.T("amendment.answer." + string(one)), Chosen: c.typed("answer") == string(one)})
	}
	return views.Form{Action: action, Button: c.T("approval.record"), Hidden: []views.Hidden{revisionField(a.Revision)}, Inputs: []views.Input{{Choices: &answer},
		c.area(views.Area{Name: "words", Label: c.T("approval.reason"), Hint: c.T("approval.reason_hint"), Rows: wordRows})}}
}

// answerChange is the vendor's answer to a change.
func (s *Site) answerChange(r *web.Request) (web.Reply, error) {
	c, a, err := s.change(r, true)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.takeAnswer(r, a, contracts.TakeChange, contracts.Accept, contracts.Decline)
	wrong, bad := invalid(err)
	if !bad && !isConflict(err) {
		return web.SeeOther(c.here("")).Say("subscription.done"), err
	}
	c, a, problem := s.change(r, true)
	if problem != nil {
		return web.Reply{}, problem
	}
	c.filled = s.posted(r, wrong)
	if bad {
		return s.changeOrderPage(c, a, http.StatusUnprocessableEntity)
	}
	return s.changeOrderPage(c, a, http.StatusConflict, views.Notice{Kind: views.Warn, Title: c.T("approval.decided"), Text: c.T("approval.decided_text"), Urgent: true})
}

// takeAnswer records one of the answers that a form offers.
func (s *Site) takeAnswer(r *web.Request, a *contracts.Amendment, take func(context.Context, *db.Tx, int64, int64, contracts.Deed) error, steps ...contracts.Step) error {
	for _, step := range steps {
		if r.Form("answer") == string(step) {
			return s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
				return take(r.Context(), tx, a.ID, seenRevision(r), contracts.Deed{Step: step, Words: severalLines(r.Form("words"))})
			})
		}
	}
	return models.Invalid{"answer": "approval.answer_missing"}
}
