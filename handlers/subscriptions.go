package handlers

import (
	"cmp"
	"slices"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// contract is a subscription with what its pages are made from.
type contract struct {
	*filled
	contracts.Subscription
	actor  models.Actor
	name   views.Words // of the service
	plan   views.Words // that was chosen, by the version whose prices hold
	slug   string
	body   string // that subscribes
	vendor bool   // it is the vendor who looks

	edition   catalogue.Edition // whose prices hold; none of what is not in the catalogue
	published int               // version of the listing
}

// contract finds the subscription that the address names: of the reader's organisation,
// or ordered from it.
func (s *Site) contract(r *web.Request, f *filled, vendor bool) (*contract, error) {
	name := r.Param("subscription")
	if name == "" {
		name = r.Param("approval")
	}
	id, ok := parseName(name, contracts.Prefix)
	if !ok || name != contracts.Prefix+strconv.FormatInt(id, 10) {
		return nil, models.ErrNotFound
	}
	find := contracts.Find
	if vendor {
		find = contracts.FindOrder
	}
	found, err := find(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return nil, err
	}
	return s.contractOf(r, f, found, vendor)
}

// contractOf reads what the pages of a subscription are made from.
func (s *Site) contractOf(r *web.Request, f *filled, found contracts.Subscription, vendor bool) (*contract, error) {
	c := &contract{filled: f, Subscription: found, actor: r.Actor, vendor: vendor}
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, f.speaker, []contracts.Subscription{c.Subscription}, names); err != nil {
		return nil, err
	}
	c.name, c.plan = names[c.ID], views.Words{Text: c.Plan}
	if c.OfferingID != 0 {
		if err := s.listedContract(r, c); err != nil {
			return nil, err
		}
	}
	var err error
	c.body, err = s.bodyName(r, f.Tag, c.OrgID)
	return c, err
}

// listedContract reads what the catalogue says of what is subscribed to.
func (s *Site) listedContract(r *web.Request, c *contract) error {
	o, err := catalogue.Find(r.Context(), s.DB, c.OfferingID)
	if err != nil {
		return err
	}
	e, err := catalogue.FindEdition(r.Context(), s.DB, c.OfferingID, c.Version)
	if err != nil {
		return err
	}
	if c.edition = e; o.Published != 0 {
		c.slug, c.published = o.Slug, o.Published
	}
	c.plan = c.planName(&e, c.Plan)
	return nil
}

// planName is what a plan of a version is called.
func (c *contract) planName(e *catalogue.Edition, code string) views.Words {
	for i := range e.Plans {
		if name := views.In(e.Plans[i].Name, c.Tag); e.Plans[i].Code == code && name.Text != "" {
			return name
		}
	}
	return views.Words{Text: code}
}

// here is the address of a page of the subscription.
func (c *contract) here(end string) string {
	if c.vendor {
		return at(c.Tag, ordersPath+"/"+contracts.Prefix+strconv.FormatInt(c.ID, 10)+end)
	}
	return at(c.Tag, subscriptionPath(c.ID, end))
}

func (c *contract) shellOf(title string) views.Shell {
	crumbs := []views.Link{c.link(subscriptionsPath, "section.subscriptions")}
	section := subscriptionsSection
	if c.vendor {
		crumbs, section = []views.Link{c.link(vendorHome, "section."+vendorSection), c.link(ordersPath, "order.title")}, vendorSection
	}
	if title == "" {
		title = c.name.Text
	} else {
		crumbs = append(crumbs, views.Link{URL: c.here(""), Text: c.Code() + " " + c.name.Text})
	}
	shell := c.page(title+" – "+c.Code(), crumbs...)
	shell.Section = section
	return shell
}

// subscriptionTag says where a subscription stands.
func (w speaker) subscriptionTag(state contracts.State) views.Tag {
	kind := views.Plain
	switch state {
	case contracts.Active, contracts.Accepted:
		kind = views.OK
	case contracts.Requested, contracts.Ordered:
		kind = views.Info
	case contracts.Returned, contracts.Asked, contracts.Suspended, contracts.Ending:
		kind = views.Warn
	}
	return views.Tag{Kind: kind, Text: w.T("subscription.state." + string(state))}
}

// quantityWords say how many were bought.
func (w speaker) quantityWords(c *contracts.Subscription) string {
	n, ok := c.Bought()
	if !ok {
		return w.T("request.no_unit")
	}
	return w.counted(n, c.Unit)
}

// listSubscriptions lists the subscriptions of the reader's organisation, with what they
// cost together.
func (s *Site) listSubscriptions(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.subscriptions(r)
	if err != nil {
		return web.Reply{}, err
	}
	var year int64
	for _, row := range rows {
		if row.State.Runs() || row.State == contracts.Accepted {
			year += row.Year
		}
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		states := []views.Option{{Text: f.T("project.any_state")}}
		for _, state := range contracts.States() {
			states = append(states, views.Option{Value: string(state), Text: f.T("subscription.state." + string(state))})
		}
		p := views.ListPage{Heading: f.T("section.subscriptions"), Text: []string{f.T("subscription.list_text"), f.T("subscription.sum", f.cents(year))}, Table: t,
			Links:  []views.Link{f.link(calendarPath, "calendar.title"), f.link(budgetPath, "budget.title"), f.link("/services", "shortlist.to_catalogue"), f.link("/help/buying", "project.help")},
			Filter: &views.Filter{Action: at(r.Lang, subscriptionsPath), Button: f.T("admin.find"), Inputs: []views.Input{f.choose(views.Select{Name: fieldState, Label: f.T("admin.state"), Options: states})}}}
		if contracts.Manages(r.Actor) {
			p.Links = append(p.Links, f.link(contractsImportPath, "contracts.import"), f.link(usageFilePath, "usage.file"))
		}
		if part.Total > 0 {
			p.Found = f.N("subscription.count", int64(part.Total))
		}
		p.Shell = f.page(part.title(f.speaker, p.Heading))
		p.Section = subscriptionsSection
		return p, nil
	})
}

// subscriptionsCSV answers with the same as a file.
func (s *Site) subscriptionsCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.subscriptions(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// subscriptions are those that the address asks for, and how they are shown.
func (s *Site) subscriptions(r *web.Request) (*filled, *grid[contracts.Subscription], []contracts.Subscription, error) {
	asked := kept(r, fieldState)
	rows, err := contracts.All(r.Context(), s.DB, r.Actor)
	if state := asked.Get(fieldState); state != "" {
		rows = slices.DeleteFunc(rows, func(c contracts.Subscription) bool { return string(c.State) != state })
	}
	f := s.asked(r, nil)
	names := map[int64]views.Words{}
	g := &grid[contracts.Subscription]{speaker: f.speaker, id: "subscriptions", caption: f.T("subscription.caption"), path: subscriptionsPath, kept: asked,
		empty: views.Empty{Title: f.T("subscription.none"), Text: f.T("subscription.none_text"), Action: f.link("/services", "shortlist.to_catalogue")},
		fill:  func(rows []contracts.Subscription) error { return s.serviceNames(r, f.speaker, rows, names) },
		columns: []column[contracts.Subscription]{
			{name: "number", head: f.T("subscription.number"), order: func(a, b contracts.Subscription) int { return cmp.Compare(b.ID, a.ID) }, cell: func(c contracts.Subscription) views.Cell {
				return views.Cell{Link: views.Link{URL: at(f.Tag, subscriptionPath(c.ID, "")), Text: c.Code() + " " + names[c.ID].Text}}
			}},
			{head: f.T("admin.state"), cell: func(c contracts.Subscription) views.Cell {
				return views.Cell{Tags: []views.Tag{f.subscriptionTag(c.State)}}
			}},
			{head: f.T("request.quantity"), cell: func(c contracts.Subscription) views.Cell { return words(f.quantityWords(&c)) }},
			{name: "year", head: f.T("request.year"), number: true, order: func(a, b contracts.Subscription) int { return cmp.Compare(a.Year, b.Year) }, cell: func(c contracts.Subscription) views.Cell { return words(f.cents(c.Year)) },
				file: func(c contracts.Subscription) string {
					return models.Money{Minor: c.Year, Currency: "EUR"}.Decimal().String()
				}},
			{name: "notice", head: f.T("subscription.notice_by"), order: byDay(func(c contracts.Subscription) models.Date { return c.NoticeBy }), cell: func(c contracts.Subscription) views.Cell { return words(f.Date(c.NoticeBy)) }, file: func(c contracts.Subscription) string { return c.NoticeBy.String() }},
			{name: "ends", head: f.T("subscription.ends"), order: byDay(func(c contracts.Subscription) models.Date { return c.Ends }), cell: func(c contracts.Subscription) views.Cell { return words(f.Date(c.Ends)) }, file: func(c contracts.Subscription) string { return c.Ends.String() }},
		}}
	return f, g, rows, err
}

// byDay orders by a day; those without one come last.
func byDay(day func(contracts.Subscription) models.Date) func(a, b contracts.Subscription) int {
	return func(a, b contracts.Subscription) int {
		x, y := day(a), day(b)
		if x.IsZero() != y.IsZero() {
			if x.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Compare(x.String(), y.String())
	}
}

// serviceNames reads what the services of subscriptions are called, by subscription.
func (s *Site) serviceNames(r *web.Request, w speaker, rows []contracts.Subscription, names map[int64]views.Words) error {
	var ids []int64
	for _, row := range rows {
		ids = append(ids, row.OfferingID)
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, unique(ids))
	listed := map[int64]views.Words{}
	for _, c := range cards {
		listed[c.ID], _ = w.nameAndSummary(c.Words)
	}
	for i := range rows {
		names[rows[i].ID] = views.Words{Text: rows[i].Service}
		if name, ok := listed[rows[i].OfferingID]; ok {
			names[rows[i].ID] = name
		}
	}
	return err
}

// showSubscription shows a subscription: its facts, what can be done, what became of it,
// and how much is used.
func (s *Site) showSubscription(r *web.Request) (web.Reply, error) {
	c, err := s.contract(r, s.fresh(r, nil), false)
	if err != nil {
		return web.Reply{}, err
	}
	return s.contractPage(r, c)
}

func (s *Site) contractPage(r *web.Request, c *contract) (web.Reply, error) {
	page := views.ProjectPage{Heading: c.name.Text, Tags: []views.Tag{c.subscriptionTag(c.State)}}
	facts, err := s.contractFacts(r, c)
	if err != nil {
		return web.Reply{}, err
	}
	page.Facts = facts
	side := contracts.Buying
	if c.vendor {
		side = contracts.Selling
	}
	if actions := c.actions(side); len(actions) > 0 {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: c.T("subscription.actions"), Links: actions})
	}
	if !c.vendor {
		reminders, err := s.remindersPart(r, c)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, reminders...)
	}
	more, err := s.changeParts(r, c)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append(page.Parts, more...)
	if !c.vendor {
		bills, err := s.billsPart(r, c)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, bills...)
	}
	if c.State.Runs() && (!c.vendor || c.State != contracts.Suspended) {
		usage, err := s.usagePart(r, c)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, usage)
	}
	history, err := s.historyPart(r, c)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append(page.Parts, history)
	if !c.vendor {
		if page.Trail, err = s.trail(r, c.speaker, c.OrgID, c.Subject()); err != nil {
			return web.Reply{}, err
		}
	}
	page.Shell = c.shellOf("")
	return web.Page(page), nil
}

// contractFacts word what was agreed.
func (s *Site) contractFacts(r *web.Request, c *contract) ([]views.Row, error) {
	row := func(key, value string) views.Row { return views.Row{Key: c.T(key), Value: views.Words{Text: value}} }
	service := views.Row{Key: c.T("fit.service"), Value: c.name, Note: c.T("contracts.not_listed")}
	if c.OfferingID != 0 {
		service.Note = catalogue.Number(c.OfferingID)
	}
	if c.slug != "" {
		service.URL = at(c.Tag, servicePath(c.OfferingID, c.slug))
	}
	rows := []views.Row{row("subscription.number", c.Code()), service, row("subscription.body", c.body), row("request.quantity", c.quantityWords(&c.Subscription)), c.yearRow()}
	if c.plan.Text != "" {
		rows = slices.Insert(rows, 3, views.Row{Key: c.T("request.plan"), Value: c.plan})
	}
	rows = append(rows, c.importedRows()...)
	if c.Once > 0 {
		rows = append(rows, row("request.once", c.cents(c.Once)))
	}
	rows = append(rows, row("request.months", c.N("subscription.months", int64(c.Months))), row("request.starts", c.Date(c.Starts)), row("request.renewal", c.T("subscription.renewal."+string(c.Renewal))), row("request.notice", c.N("decision.days", int64(c.NoticeDays))))
	if c.Words != "" {
		rows = append(rows, row("request.words", c.Words))
	}
	for _, one := range []struct {
		key string
		day models.Date
	}{{"subscription.first_use", c.FirstUse}, {"subscription.notice_by", c.NoticeBy}, {"subscription.ends", c.Ends}, {"subscription.exported", c.Exported}} {
		if !one.day.IsZero() {
			rows = append(rows, row(one.key, c.Date(one.day)))
		}
	}
	if days := c.TimeToValue(); days >= 0 {
		rows = append(rows, row("subscription.time_to_value", c.N("decision.days", int64(days))))
	}
	if c.vendor {
		return rows, nil
	}
	if c.BudgetID != 0 {
		budget, err := contracts.FindBudget(r.Context(), s.DB, c.OrgID, c.BudgetID)
		if err != nil {
			return nil, err
		}
		line := row("request.budget", c.T("budget.option", strconv.Itoa(budget.Year), budget.Code, budget.Name, c.cents(budget.Left())))
		line.Note = c.T("subscription.held", c.cents(c.Held))
		rows = append(rows, line)
	}
	if c.ProjectID != 0 {
		p := procurement.Project{ID: c.ProjectID}
		rows = append(rows, views.Row{Key: c.T("project.number"), Value: views.Words{Text: p.Code()}, URL: at(c.Tag, projectPath(c.ProjectID, ""))})
	}
	return rows, nil
}

// yearRow says what a year costs, and by which version.
func (c *contract) yearRow() views.Row {
	row := views.Row{Key: c.T("request.year"), Value: views.Words{Text: c.cents(c.Year)}}
	if c.Version != 0 && c.ImportID == 0 {
		row.Note = c.T("subscription.fixed", c.Number(int64(c.Version)))
	}
	return row
}

// importedRows say what a file said of a contract besides.
func (c *contract) importedRows() (rows []views.Row) {
	for _, one := range []struct{ key, value string }{{"contracts.column.vendor", c.Vendor}, {"contracts.column.reference", c.Reference}} {
		if one.value != "" {
			rows = append(rows, views.Row{Key: c.T(one.key), Value: views.Words{Text: one.value}})
		}
	}
	return rows
}

// actions lead to what the reader may do now.
func (c *contract) actions(side contracts.Side) (links []views.Link) {
	own := c.Requester == c.actor.AccountID && contracts.Buys(c.actor)
	for _, m := range contracts.Steps(side, c.State) {
		early := m.Step == contracts.Cancel || m.Step == contracts.Resend || m.Step == contracts.Reply
		if c.vendor || contracts.Manages(c.actor) || own && early {
			links = append(links, views.Link{URL: c.here("/steps/" + string(m.Step)), Text: c.T("subscription.step." + string(m.Step))})
		}
	}
	if !c.vendor && contracts.Manages(c.actor) && (c.State == contracts.Active || c.State == contracts.Suspended) {
		links = append(links, views.Link{URL: c.here("/steps/renew"), Text: c.T("subscription.step.renew")})
	}
	if !c.vendor && contracts.Buys(c.actor) && contracts.Amendable(c.State) {
		links = append(links, views.Link{URL: c.here("/changes/new"), Text: c.T("amendment.ask")})
	}
	return links
}

// historyPart is what became of a subscription.
func (s *Site) historyPart(r *web.Request, c *contract) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: c.T("subscription.history")}
	events, err := contracts.Events(r.Context(), s.DB, c.ID)
	if err != nil {
		return part, err
	}
	accounts := []int64{c.Requester}
	for _, e := range events {
		accounts = append(accounts, e.AccountID)
	}
	names, err := s.People(r.Context(), accounts)
	if err != nil {
		return part, err
	}
	began := "subscription.asked"
	if c.ImportID != 0 {
		began = "subscription.brought"
	}
	part.Facts = []views.Row{{Key: c.Time(c.At), Value: views.Words{Text: c.T(began)}, Note: c.doer(false, c.Requester, names)}}
	for _, e := range events {
		row := views.Row{Key: c.Time(e.At), Value: views.Words{Text: c.T("subscription.became." + string(e.Step))}, Note: c.T("subscription.itself")}
		if e.AccountID != 0 {
			row.Note = c.doer(e.Step == contracts.Ask || e.Step == contracts.Accept || e.Step == contracts.Decline, e.AccountID, names)
		}
		if e.Words != "" {
			row.More = []views.Words{{Text: e.Words}}
		}
		part.Facts = append(part.Facts, row)
	}
	return part, nil
}

// doer says who did something: people of one's own side by name, the other side as such.
func (c *contract) doer(byVendor bool, account int64, names map[int64]string) string {
	switch {
	case byVendor == c.vendor:
		return c.person(account, names)
	case byVendor:
		return c.T("subscription.vendor")
	}
	return c.body
}

// bodiesOf are what organisations are called.
func (s *Site) bodiesOf(r *web.Request, w speaker, ids []int64) (map[int64]string, error) {
	all, err := identity.Briefs(r.Context(), s.DB, ids)
	names := map[int64]string{}
	for id, o := range all {
		names[id] = views.In(o.Names, w.Tag).Text
	}
	return names, err
}
