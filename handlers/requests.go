package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const (
	requestPath          = "/requests/new"
	subscriptionsPath    = "/subscriptions"
	subscriptionsSection = "subscriptions"
	// fieldPrice is what the first year costs by what the reader has seen, in cents.
	fieldPrice = "price"
)

func subscriptionPath(id int64, end string) string {
	return subscriptionsPath + "/" + contracts.Prefix + strconv.FormatInt(id, 10) + end
}

// asking is a request on its way: what is asked for, and what it costs.
type asking struct {
	*filled
	contracts.Subscription
	offering catalogue.Offering
	edition  catalogue.Edition
	quote    contracts.Quote
	problem  error // why there is no price yet
}

// asking reads what the address or the form asks for.
func (s *Site) asking(r *web.Request, f *filled, typed func(string) string) (*asking, error) {
	id, ok := parseService(typed("service"))
	if !ok {
		return nil, models.ErrNotFound
	}
	a := &asking{filled: f}
	var err error
	if a.offering, err = catalogue.Find(r.Context(), s.DB, id); err != nil {
		return nil, err
	}
	if a.offering.Published == 0 || a.offering.Life == catalogue.Withdrawn {
		return nil, models.ErrNotFound
	}
	if a.edition, err = catalogue.FindEdition(r.Context(), s.DB, id, a.offering.Published); err != nil {
		return nil, err
	}
	a.OfferingID, a.Plan, a.Unit = id, typed("plan"), typed("unit")
	a.ProjectID, _ = parseName(typed("project"), projectPrefix)
	if a.Plan == "" && len(a.edition.Plans) > 0 {
		a.Plan = a.edition.Plans[firstPriced(a.edition.Plans)].Code
	}
	if n := strings.TrimSpace(typed("quantity")); n != "" {
		a.Quantity = "?" // that is refused
		if d, err := locale.ParseDecimal(n); err == nil {
			a.Quantity = d.String()
		}
	}
	if a.Quantity == "" {
		a.Unit = ""
	}
	a.Months, _ = strconv.Atoi(strings.TrimSpace(typed("months")))
	a.Starts, _ = models.ParseDate(strings.TrimSpace(typed("starts")))
	a.Renewal, a.Words = contracts.Renewal(typed("renewal")), severalLines(typed("words"))
	a.NoticeDays = typedPoints(typed("notice_days"))
	a.BudgetID, _ = strconv.ParseInt(typed("budget"), 10, 64)
	a.quote, a.problem = contracts.Price(s.Schema, &a.edition, a.Plan, a.Unit, a.Quantity)
	return a, nil
}

// showRequest asks what is to be subscribed to. What the address brings, from the page
// of the service or from a project, is filled in.
func (s *Site) showRequest(r *web.Request) (web.Reply, error) {
	if !contracts.Buys(r.Actor) {
		return web.Reply{}, models.ErrForbidden
	}
	query := r.Values()
	values := map[string]string{"months": "12", "renewal": string(contracts.NoRenewal), "notice_days": "30", "starts": models.DateOf(s.today()).String()}
	for _, name := range []string{"service", "project", "plan", "unit", "quantity"} {
		values[name] = query.Get(name)
	}
	if id, ok := parseName(values["project"], projectPrefix); ok && values["quantity"] == "" {
		if err := s.fromProject(r, id, values); err != nil {
			return web.Reply{}, err
		}
	}
	a, err := s.asking(r, s.fresh(r, values), func(name string) string { return values[name] })
	if err != nil {
		return web.Reply{}, err
	}
	if values["plan"] == "" {
		values["plan"] = a.Plan
	}
	for _, answer := range a.edition.Answers {
		if answer.Question == "notice_days" && len(answer.Values) == 1 {
			values["notice_days"] = answer.Values[0]
		}
	}
	return s.requestForm(r, a, http.StatusOK)
}

// fromProject fills in what a project asked prices for.
func (s *Site) fromProject(r *web.Request, id int64, values map[string]string) error {
	p, err := procurement.Find(r.Context(), s.DB, r.Actor, id)
	if err == nil {
		values["unit"], values["quantity"], values["months"] = p.Unit, p.Volume, strconv.Itoa(12*p.Years)
	}
	return err
}

func (s *Site) requestForm(r *web.Request, a *asking, status int, notices ...views.Notice) (web.Reply, error) {
	name, _ := a.nameAndSummary(a.edition.Words)
	page := views.FormPage{Heading: a.T("request.title", name.Text), Text: []string{a.T("request.text")}, Notices: notices, Facts: a.requestFacts(s)}
	paid, err := s.paidRows(r, a.speaker, a.OfferingID)
	if err != nil {
		return web.Reply{}, err
	}
	page.Facts = append(page.Facts, paid...)
	owned, err := s.ownedNotices(r, a.filled, a.edition.Categories)
	if err != nil {
		return web.Reply{}, err
	}
	page.Notices = append(page.Notices, owned...)
	budgets, err := contracts.Budgets(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	rules, err := contracts.FindRules(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	seen, button := "", a.T("request.work_out")
	if a.problem == nil {
		first := a.quote.Year + a.quote.Once
		seen, button = strconv.FormatInt(first, 10), a.T("request.send")
		if rules.Needs(first) == 0 {
			button = a.T("request.order")
		}
	}
	if len(budgets) == 0 {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Warn, Title: a.T("request.no_budget"), Text: a.T("request.no_budget_text"), Link: a.link(budgetPath, "budget.title")})
	}
	page.Form = views.Form{Action: at(r.Lang, requestPath), Button: button, Hidden: []views.Hidden{{Name: "service", Value: lowerNumber(a.OfferingID)}, {Name: fieldPrice, Value: seen}, a.onceAgain()}, Inputs: a.requestInputs(s, budgets)}
	if a.ProjectID != 0 {
		page.Form.Hidden = append(page.Form.Hidden, views.Hidden{Name: "project", Value: lowerProject(a.ProjectID)})
	}
	page.Links = []views.Link{{URL: at(r.Lang, servicePath(a.OfferingID, a.offering.Slug)), Text: name.Text, Lang: name.Lang}}
	page.Shell = a.page(page.Heading, a.link(subscriptionsPath, "section.subscriptions"))
	page.Section = subscriptionsSection
	return web.Status(status, page), nil
}

// requestFacts say what it costs, by which version.
func (a *asking) requestFacts(s *Site) []views.Row {
	row := func(key, value string) views.Row { return views.Row{Key: a.T(key), Value: views.Words{Text: value}} }
	rows := []views.Row{row("request.version", a.T("change.version", a.Number(int64(a.offering.Published))))}
	if a.problem != nil {
		return append(rows, row("request.year", a.T("request.not_yet")))
	}
	rows = append(rows, row("request.year", a.cents(a.quote.Year)))
	if a.quote.Once > 0 {
		rows = append(rows, row("request.once", a.cents(a.quote.Once)))
	}
	rows = append(rows, row("request.first", a.cents(a.quote.Year+a.quote.Once)))
	if vat := a.quote.Plan.VAT; vat != nil {
		if gross, err := models.Whole(a.quote.Year + a.quote.Once).Mul(*vat); err == nil {
			if tax, err := gross.Div(models.Whole(100), 0); err == nil {
				n, _ := tax.Int64()
				rows = append(rows, row("request.first_vat", a.cents(a.quote.Year+a.quote.Once+n)))
			}
		}
	}
	return rows
}

func (a *asking) requestInputs(s *Site, budgets []contracts.Budget) []views.Input {
	plans := views.Select{Name: "plan", Label: a.T("request.plan")}
	units := []views.Option{{Text: a.T("request.no_unit")}}
	known := map[string]bool{}
	for i := range a.edition.Plans {
		p := &a.edition.Plans[i]
		plans.Options = append(plans.Options, views.Option{Value: p.Code, Text: views.In(p.Name, a.Tag).Text})
		units = append(units, a.unitsOf(p, known)...)
	}
	lines := views.Select{Name: "budget", Label: a.T("request.budget"), Hint: a.T("request.budget_hint")}
	for i := range budgets {
		b := &budgets[i]
		lines.Options = append(lines.Options, views.Option{Value: strconv.FormatInt(b.ID, 10), Text: a.T("budget.option", strconv.Itoa(b.Year), b.Code, b.Name, a.cents(b.Left()))})
	}
	renewal := views.Choices{ID: "renewal", Name: "renewal", Legend: a.T("request.renewal"), One: true, Error: a.filled.problem("renewal")}
	for _, one := range contracts.Renewals() {
		renewal.Options = append(renewal.Options, views.Option{Value: string(one), Text: a.T("subscription.renewal." + string(one)), Chosen: a.typed("renewal") == string(one)})
	}
	return []views.Input{a.choose(plans),
		a.field(views.Field{Name: "quantity", Label: a.T("request.quantity"), Hint: a.T("request.quantity_hint"), Mode: "decimal", Width: "w12"}),
		a.choose(views.Select{Name: "unit", Label: a.T("search.unit"), Options: units}),
		a.field(views.Field{Name: "months", Label: a.T("request.months"), Mode: "numeric", Width: "w4", Needed: true}),
		a.field(views.Field{Name: "starts", Label: a.T("request.starts"), Kind: "date", Width: "w12", Needed: true}),
		{Choices: &renewal},
		a.field(views.Field{Name: "notice_days", Label: a.T("request.notice"), Hint: a.T("request.notice_hint"), Mode: "numeric", Width: "w4"}),
		a.choose(lines),
		a.area(views.Area{Name: "words", Label: a.T("request.words"), Hint: a.T("request.words_hint"), Rows: wordRows})}
}

// sendRequest sends a request, or orders. A price that nobody has seen yet, or that
// changed since, is shown first, and what was typed is kept.
func (s *Site) sendRequest(r *web.Request) (web.Reply, error) {
	a, err := s.asking(r, s.posted(r, nil), r.Form)
	if err != nil {
		return web.Reply{}, err
	}
	seen, err := strconv.ParseInt(r.Form(fieldPrice), 10, 64)
	if err != nil {
		seen = -1
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return contracts.Send(r.Context(), tx, s.Schema, r.Form(fieldOnce), seen, &a.Subscription)
	})
	wrong, bad := invalid(err)
	if !bad {
		done := "request.done.sent"
		if a.State == contracts.Ordered {
			done = "request.done.ordered"
		}
		return web.SeeOther(at(r.Lang, subscriptionPath(a.ID, ""))).Say(done), err
	}
	var notices []views.Notice
	if wrong[fieldPrice] != "" {
		delete(wrong, fieldPrice)
		n := views.Notice{Kind: views.Info, Title: a.T("request.look"), Text: a.T("request.look_text", a.cents(a.First()))}
		if seen >= 0 {
			n = views.Notice{Kind: views.Warn, Title: a.T("request.changed"), Text: a.T("request.changed_text", a.cents(seen), a.cents(a.First())), Urgent: true}
		}
		notices = append(notices, n)
		a.quote.Year, a.quote.Once = a.Year, a.Once // by a project's offer it may be another one than the plan says
	}
	a.filled = s.posted(r, wrong)
	return s.requestForm(r, a, http.StatusUnprocessableEntity, notices...)
}

// requestLink leads from a service to a request for it, with the numbers that the reader
// has asked prices for.
func requestLink(lang string, service int64, v *search.Volume) string {
	q := url.Values{"service": {lowerNumber(service)}}
	if v != nil {
		q.Set("unit", v.Unit)
		q.Set("quantity", v.Amount.String())
	}
	return at(lang, withQuery(requestPath, q.Encode()))
}
