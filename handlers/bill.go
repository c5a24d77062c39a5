package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/matching"
	"pilveturg/views"
)

// showBill shows a bill: what it is for, how it differs from that, and its charges; and
// asks who may say so what it is for.
func (s *Site) showBill(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "bill")
	if err != nil {
		return web.Reply{}, err
	}
	return s.billPage(r, s.fresh(r, nil), id, http.StatusOK)
}

func (s *Site) billPage(r *web.Request, f *filled, id int64, status int, notices ...views.Notice) (web.Reply, error) {
	b, err := matching.Find(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	a := &ledgerAsk{filled: f}
	lines, err := b.Lines(r.Context(), s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	facts, err := s.billFacts(r, f, b)
	if err != nil {
		return web.Reply{}, err
	}
	g := a.lineGrid()
	g.columns = a.documentColumns()
	table, err := g.table(r, lines, whole(len(lines)))
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.T("matching.bill_n", f.billName(b)), Tags: f.billTags(b), Facts: facts, Notices: append(notices, s.differenceNotices(f, b)...)}
	decide, err := s.decisionParts(r, f, b)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append([]views.ProjectPart{{Heading: f.T("ledger.lines"), Table: &table}}, decide...)
	if len(lines) < b.Charges {
		page.Parts[0].Text = []string{f.T("matching.first_lines", f.Number(int64(len(lines))), f.Number(int64(b.Charges)))}
	}
	if b.DocumentID != 0 {
		page.Links = append(page.Links, f.link(spendPath+"/documents/"+strconv.FormatInt(b.DocumentID, 10), "ledger.document"))
	}
	if matching.Decides(r.Actor, b) && b.OrgID == r.Actor.OrgID {
		page.Links = append(page.Links, f.link(importPath(b.BatchID, ""), "ledger.its_file"))
	}
	if page.Trail, err = s.trail(r, f.speaker, b.BodyID, b.Subject()); err != nil {
		return web.Reply{}, err
	}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(unmatchedPath, "matching.unmatched"))
	page.Section = spendSection
	return web.Status(status, page), nil
}

// billFacts are what a bill says, and what is known of it.
func (s *Site) billFacts(r *web.Request, f *filled, b *matching.Bill) (rows []views.Row, err error) {
	add := f.into(&rows)
	add("ledger.role.vendor", b.Vendor)
	add("ledger.role.buyer", b.Buyer)
	if !b.Invoiced.IsZero() {
		add("ledger.role.date", f.Date(b.Invoiced))
	}
	if !b.From.IsZero() && !b.To.IsZero() {
		add("matching.period", f.T("matching.from_to", f.Date(b.From), f.Date(b.To.AddDays(-1))))
	}
	add("ledger.role.contract", b.Contract)
	add("ledger.order_reference", b.Order)
	add("ledger.net", f.Exact(b.Net(), b.Currency))
	if b.Currency != "EUR" {
		if b.Unconverted > 0 {
			add("ledger.euros", f.N("ledger.unconverted_n", int64(b.Unconverted)))
		} else {
			add("ledger.euros", f.Rounded(b.Euros(), "EUR"))
		}
	}
	if !b.Counts {
		add("matching.counts", f.T("matching.undone"))
	}
	if b.SubID != 0 {
		row, err := s.subscriptionRow(r, f, b)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if b.IsOutside {
		add("matching.is_for", f.T("matching.state.outside"))
		add("matching.words", b.Words)
	}
	add("matching.budget", b.Budget)
	return rows, nil
}

// subscriptionRow is the subscription that a bill is for; who may open it is led there.
func (s *Site) subscriptionRow(r *web.Request, f *filled, b *matching.Bill) (views.Row, error) {
	row := views.Row{Key: f.T("matching.is_for"), Value: views.Words{Text: subscriptionCode(b.SubID)}, Note: f.T("matching.how." + b.How)}
	if b.BodyID != r.Actor.OrgID || !contracts.Reads(r.Actor) {
		return row, nil
	}
	sub, err := contracts.Find(r.Context(), s.DB, r.Actor, b.SubID)
	if errors.Is(err, models.ErrNotFound) {
		return row, nil // a share of what another body subscribes to
	}
	if err != nil {
		return row, err
	}
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, f.speaker, []contracts.Subscription{sub}, names); err != nil {
		return row, err
	}
	row.Value, row.URL = views.Words{Text: sub.Code() + " " + names[sub.ID].Text}, at(f.Tag, subscriptionPath(sub.ID, ""))
	return row, nil
}

// differenceNotices say how a bill differs from what was agreed.
func (s *Site) differenceNotices(f *filled, b *matching.Bill) (all []views.Notice) {
	for _, d := range b.Differences() {
		n := views.Notice{Kind: views.Warn, Title: f.T("matching.differs." + d.Code)}
		switch {
		case d.Bill != 0:
			n.Text = f.T("matching.differs_other")
			n.Link = views.Link{URL: at(f.Tag, billPath(d.Bill, "")), Text: f.T("matching.bill_n", cmp.Or(d.Got, f.Number(d.Bill)))}
		case d.Line != 0:
			n.Text = f.T("matching.differs_line", f.differed(d.Code, d.Got), f.differed(d.Code, d.Want))
			n.Link = views.Link{URL: at(f.Tag, spendPath+"/lines/"+strconv.FormatInt(d.Line, 10)), Text: f.T("matching.the_charge")}
		default:
			n.Text = f.T("matching.differs_text", f.differed(d.Code, d.Got), f.differed(d.Code, d.Want))
		}
		all = append(all, n)
	}
	return all
}

// differed words one side of a difference.
func (w speaker) differed(code, text string) string {
	switch code {
	case matching.DiffAmount, matching.DiffPrice:
		if e, err := models.ParseExact(text); err == nil {
			return w.Exact(e, "EUR")
		}
	case matching.DiffQuantity:
		if e, err := models.ParseExact(text); err == nil {
			return w.Exact(e, "")
		}
	case matching.DiffBefore, matching.DiffAfter:
		if day, err := models.ParseDate(text); err == nil {
			return w.Date(day)
		}
	}
	return text
}

// decisionParts ask what a bill is for.
func (s *Site) decisionParts(r *web.Request, f *filled, b *matching.Bill) (parts []views.ProjectPart, err error) {
	if !matching.Decides(r.Actor, b) || !b.Counts {
		return nil, nil
	}
	revision := []views.Hidden{revisionField(b.Revision)}
	if b.State() != matching.Open {
		parts = append(parts, views.ProjectPart{Heading: f.T("matching.change"), Text: []string{f.T("matching.reopen_text")}, Forms: []views.Form{{Action: at(f.Tag, billPath(b.ID, "/reopen")), Hidden: revision, Button: f.T("matching.reopen")}}})
	} else {
		match, err := s.matchForm(r, f, b, revision)
		if err != nil {
			return nil, err
		}
		outside := views.Form{Action: at(f.Tag, billPath(b.ID, "/outside")), Hidden: revision, Button: f.T("matching.put_outside"), Inputs: []views.Input{f.area(views.Area{Name: fieldReason, Label: f.T("matching.words"), Hint: f.T("matching.words_hint", f.Number(matching.MaxWords)), Rows: 2})}}
		parts = append(parts, views.ProjectPart{Heading: f.T("matching.is_for"), Forms: []views.Form{match}}, views.ProjectPart{Heading: f.T("matching.state.outside"), Text: []string{f.T("matching.outside_text")}, Forms: []views.Form{outside}})
	}
	budget, err := s.billBudget(r, f, b, revision)
	if err != nil || budget == nil {
		return parts, err
	}
	return append(parts, *budget), nil
}

// matchForm offers the subscriptions that a bill may be for, and takes any other.
func (s *Site) matchForm(r *web.Request, f *filled, b *matching.Bill, hidden []views.Hidden) (views.Form, error) {
	form := views.Form{Action: at(f.Tag, billPath(b.ID, "/match")), Hidden: hidden, Button: f.T("matching.match")}
	found, err := matching.Suggest(r.Context(), s.DB, r.Actor, b)
	if err != nil {
		return form, err
	}
	all, err := matching.Choices(r.Context(), s.DB, r.Actor, b)
	if err != nil {
		return form, err
	}
	names := map[int64]views.Words{}
	var subs []contracts.Subscription
	for i := range all {
		subs = append(subs, all[i].Subscription)
	}
	if err := s.serviceNames(r, f.speaker, subs, names); err != nil {
		return form, err
	}
	options := []views.Option{{Text: f.T("matching.choose")}}
	if len(found) > 0 {
		options[0].Text = f.T("matching.choose_other")
	}
	suggested := map[int64]string{}
	for i := range found {
		suggested[found[i].ID] = f.whyWords(&found[i])
		options = append(options, views.Option{Value: strconv.FormatInt(found[i].ID, 10), Text: f.T("matching.option", found[i].Code(), names[found[i].ID].Text, f.cents(found[i].Year), suggested[found[i].ID])})
	}
	for i := range all {
		if _, there := suggested[all[i].ID]; !there {
			options = append(options, views.Option{Value: strconv.FormatInt(all[i].ID, 10), Text: f.T("matching.option_plain", all[i].Code(), names[all[i].ID].Text, f.cents(all[i].Year))})
		}
	}
	if len(found) > 0 {
		f.begin(fieldSubscription, strconv.FormatInt(found[0].ID, 10))
	}
	form.Inputs = []views.Input{f.choose(views.Select{Name: fieldSubscription, Label: f.T("matching.subscription"), Options: options})}
	return form, nil
}

// billBudget asks on which line of the budget a bill counts; nil where there is no choice.
func (s *Site) billBudget(r *web.Request, f *filled, b *matching.Bill, hidden []views.Hidden) (*views.ProjectPart, error) {
	lines, err := contracts.Budgets(r.Context(), s.DB, b.BodyID)
	if err != nil {
		return nil, err
	}
	options := []views.Option{{Text: f.T("matching.budget_of_subscription")}}
	for _, line := range lines {
		if b.Month != "" && strconv.Itoa(line.Year) == b.Month[:4] {
			options = append(options, views.Option{Value: line.Code, Text: line.Code + " " + line.Name})
		}
	}
	if len(options) == 1 {
		return nil, nil
	}
	f.begin(fieldBudget, b.Budget)
	form := views.Form{Action: at(f.Tag, billPath(b.ID, "/budget")), Hidden: hidden, Button: f.T("form.save"), Inputs: []views.Input{f.choose(views.Select{Name: fieldBudget, Label: f.T("matching.budget"), Options: options})}}
	return &views.ProjectPart{Heading: f.T("matching.budget"), Forms: []views.Form{form}}, nil
}

// billsOnSubscription is how many bills the page of a subscription shows.
const billsOnSubscription = 12

// billsPart are the newest bills of a subscription; none where there are none.
func (s *Site) billsPart(r *web.Request, c *contract) ([]views.ProjectPart, error) {
	q := matching.Query{Sub: c.ID}
	total, err := matching.Sum(r.Context(), s.DB, r.Actor, q)
	if err != nil || total.N == 0 {
		return nil, err
	}
	rows, err := matching.List(r.Context(), s.DB, r.Actor, q, models.Page{Number: 1, Size: billsOnSubscription})
	if err != nil {
		return nil, err
	}
	a := &billAsk{filled: c.filled, path: unmatchedPath}
	table, err := a.billGrid().table(r, rows, whole(len(rows)))
	if err != nil {
		return nil, err
	}
	part := views.ProjectPart{Heading: c.T("matching.bills"), Text: []string{c.T("matching.billed_so_far", c.N("matching.bills_n", total.N), c.Rounded(total.Euros(), "EUR"))}, Table: &table}
	part.Links = []views.Link{{URL: at(c.Tag, billsPath+"?"+fieldSubscription+"="+strconv.FormatInt(c.ID, 10)), Text: c.T("matching.all_bills")}}
	return []views.ProjectPart{part}, nil
}

// addBillLinks leads from what was spent to what nobody knows of it, and to what was
// bought outside the catalogue.
func (s *Site) addBillLinks(r *web.Request, a *ledgerAsk, p *views.ListPage) error {
	for _, one := range []struct {
		state matching.State
		path  string
	}{{matching.Open, unmatchedPath}, {matching.Outside, billsPath}, {matching.Differs, billsPath}} {
		total, err := matching.Sum(r.Context(), s.DB, r.Actor, matching.Query{State: one.state, Year: a.Year})
		if err != nil {
			return err
		}
		if total.N == 0 {
			continue
		}
		q := url.Values{}
		if one.path == billsPath {
			q.Set(fieldState, string(one.state))
		}
		if a.Year != 0 {
			q.Set(fieldYear, strconv.Itoa(a.Year))
		}
		address := one.path
		if len(q) > 0 {
			address += "?" + q.Encode()
		}
		p.Links = append(p.Links, views.Link{URL: at(a.Tag, address), Text: a.T("matching.link", a.T("matching.state_link."+string(one.state)), a.N("matching.bills_n", total.N), a.Rounded(total.Euros(), "EUR"))})
	}
	return nil
}
