package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

const budgetPath = "/budget"

// showBudget shows the lines of the budget, and the rules of approval.
func (s *Site) showBudget(r *web.Request) (web.Reply, error) {
	return s.budgetPage(r, s.fresh(r, map[string]string{"year": strconv.Itoa(s.today().Year())}), http.StatusOK)
}

func (s *Site) budgetPage(r *web.Request, f *filled, status int, notices ...views.Notice) (web.Reply, error) {
	lines, err := contracts.Budgets(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	rules, err := contracts.FindRules(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	writes := r.Actor.Is(models.Finance)
	rows, err := s.ownLines(r, lines)
	if err != nil {
		return web.Reply{}, err
	}
	g := f.budgetGrid(writes)
	table, err := g.table(r, rows, whole(len(rows)))
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.T("budget.title"), Text: []string{f.T("budget.text")}, Notices: notices, Links: []views.Link{f.link(subscriptionsPath, "section.subscriptions")},
		Parts: []views.ProjectPart{{Heading: f.T("budget.lines"), Table: &table}, {Heading: f.T("budget.rules"), Facts: f.rulesFacts(rules)}}}
	if writes {
		page.Parts[0].Links = []views.Link{f.link(budgetPath+"/lines/new", "budget.add")}
		page.Parts[1].Links = []views.Link{f.link(budgetPath+"/rules", "budget.change_rules")}
	}
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"))
	page.Section = subscriptionsSection
	return web.Status(status, page), nil
}

// ownLines are lines of the reader's organisation with what became of them, in their
// order.
func (s *Site) ownLines(r *web.Request, lines []contracts.Budget) ([]headed, error) {
	rows := make([]headed, 0, len(lines))
	years := map[int][]headed{}
	for _, line := range lines {
		if _, read := years[line.Year]; !read {
			all, err := s.headedLines(r, line.Year)
			if err != nil {
				return nil, err
			}
			years[line.Year] = all
		}
		for _, h := range years[line.Year] {
			if h.ID == line.ID {
				rows = append(rows, h)
			}
		}
	}
	return rows, nil
}

func (f *filled) budgetGrid(writes bool) *grid[headed] {
	g := f.spentGrid(false)
	for i := range g.columns {
		g.columns[i].order = nil // they stand by year and code
	}
	reserved := column[headed]{head: f.T("budget.reserved"), number: true, cell: func(h headed) views.Cell { return words(f.cents(h.Reserved)) }}
	g.columns = slices.Insert(g.columns, 2, reserved)
	if writes {
		g.columns = append(g.columns, column[headed]{head: f.T("security.actions"), hidden: true, cell: func(h headed) views.Cell {
			return views.Cell{Links: []views.Link{{URL: at(f.Tag, budgetPath+"/lines/"+strconv.FormatInt(h.ID, 10)), Text: f.T("budget.change"), For: h.Code}}}
		}})
	}
	return g
}

func (f *filled) rulesFacts(rules contracts.Rules) []views.Row {
	two := f.T("budget.never_two")
	if rules.TwoAbove >= 0 {
		two = f.cents(rules.TwoAbove)
	}
	return []views.Row{{Key: f.T("budget.free_below"), Value: views.Words{Text: f.cents(rules.FreeBelow)}, Note: f.T("budget.free_text")}, {Key: f.T("budget.two_above"), Value: views.Words{Text: two}, Note: f.T("budget.two_text")}}
}

// euros are cents as a field holds them; "" below 0.
func eurosField(cents int64) string {
	if cents < 0 {
		return ""
	}
	return models.Money{Minor: cents, Currency: "EUR"}.Decimal().String()
}

// showRules asks for the rules of approval.
func (s *Site) showRules(r *web.Request) (web.Reply, error) {
	rules, err := contracts.FindRules(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	return s.rulesForm(r, s.fresh(r, map[string]string{"free_below": eurosField(rules.FreeBelow), "two_above": eurosField(rules.TwoAbove)}), rules.Revision, http.StatusOK)
}

func (s *Site) rulesForm(_ *web.Request, f *filled, revision int64, status int, notices ...views.Notice) (web.Reply, error) {
	page := views.FormPage{Heading: f.T("budget.rules"), Text: []string{f.T("budget.rules_text")}, Notices: notices, Form: views.Form{Action: at(f.Tag, budgetPath+"/rules"), Button: f.T("form.save"), Hidden: []views.Hidden{revisionField(revision)}, Inputs: []views.Input{
		f.field(views.Field{Name: "free_below", Label: f.T("budget.free_below"), Hint: f.T("budget.free_text"), Mode: "decimal", Width: "w12", Unit: "€"}),
		f.field(views.Field{Name: "two_above", Label: f.T("budget.two_above"), Hint: f.T("budget.two_hint"), Mode: "decimal", Width: "w12", Unit: "€"})}}, Links: []views.Link{f.link(budgetPath, "budget.title")}}
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"), f.link(budgetPath, "budget.title"))
	page.Section = subscriptionsSection
	return web.Status(status, page), nil
}

// saveRules sets the rules of approval.
func (s *Site) saveRules(r *web.Request) (web.Reply, error) {
	rules, wrong := contracts.Rules{TwoAbove: -1}, models.Invalid{}
	var ok bool
	if typed := strings.TrimSpace(r.Form("free_below")); typed != "" {
		if rules.FreeBelow, ok = typedCents(typed); !ok {
			wrong["free_below"] = "project.value_wrong"
		}
	}
	if typed := strings.TrimSpace(r.Form("two_above")); typed != "" {
		if rules.TwoAbove, ok = typedCents(typed); !ok {
			wrong["two_above"] = "project.value_wrong"
		}
	}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(wrong) > 0 {
			return wrong
		}
		return contracts.SetRules(r.Context(), tx, max(seenRevision(r), 0), rules)
	})
	wrong, bad := invalid(err)
	if !bad && !isConflict(err) {
		return web.SeeOther(at(r.Lang, budgetPath)).Say("budget.done"), err
	}
	now, problem := contracts.FindRules(r.Context(), s.DB, r.Actor.OrgID)
	if problem != nil {
		return web.Reply{}, problem
	}
	f := s.posted(r, wrong)
	if bad {
		return s.rulesForm(r, f, now.Revision, http.StatusUnprocessableEntity)
	}
	return s.rulesForm(r, f, now.Revision, http.StatusConflict, views.Notice{Kind: views.Warn, Title: f.T("budget.differs"), Text: f.T("project.differs_text"), Urgent: true})
}

// budgetLine is the line that the address names; zero for a new one.
func (s *Site) budgetLine(r *web.Request) (b contracts.Budget, err error) {
	if r.Param("line") == "new" {
		return contracts.Budget{Year: s.today().Year()}, nil
	}
	id, err := strconv.ParseInt(r.Param("line"), 10, 64)
	if err != nil {
		return b, models.ErrNotFound
	}
	return contracts.FindBudget(r.Context(), s.DB, r.Actor.OrgID, id)
}

// showBudgetLine asks for a line of the budget.
func (s *Site) showBudgetLine(r *web.Request) (web.Reply, error) {
	b, err := s.budgetLine(r)
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{"code": b.Code, "name": b.Name, "year": strconv.Itoa(b.Year)}
	if b.ID != 0 {
		values["amount"] = eurosField(b.Cents)
	}
	return s.budgetLineForm(r, s.fresh(r, values), &b, http.StatusOK)
}

func (s *Site) budgetLineForm(r *web.Request, f *filled, b *contracts.Budget, status int, notices ...views.Notice) (web.Reply, error) {
	heading := "budget.add"
	if b.ID != 0 {
		heading = "budget.change"
	}
	page := views.FormPage{Heading: f.T(heading), Notices: notices, Form: views.Form{Action: at(f.Tag, budgetPath+"/lines/"+r.Param("line")), Button: f.T("form.save"), Hidden: []views.Hidden{revisionField(b.Revision)}, Inputs: []views.Input{
		f.field(views.Field{Name: "code", Label: f.T("budget.code"), Hint: f.T("budget.code_hint"), Width: "w12", Needed: true}),
		f.field(views.Field{Name: "name", Label: f.T("budget.name"), Width: "w30", Needed: true}),
		f.field(views.Field{Name: "year", Label: f.T("budget.year"), Mode: "numeric", Width: "w4", Needed: true}),
		f.field(views.Field{Name: "amount", Label: f.T("budget.amount"), Mode: "decimal", Width: "w12", Unit: "€", Needed: true})}}, Links: []views.Link{f.link(budgetPath, "budget.title")}}
	page.Shell = f.page(page.Heading, f.link(subscriptionsPath, "section.subscriptions"), f.link(budgetPath, "budget.title"))
	page.Section = subscriptionsSection
	return web.Status(status, page), nil
}

// saveBudgetLine adds or changes a line of the budget.
func (s *Site) saveBudgetLine(r *web.Request) (web.Reply, error) {
	b, err := s.budgetLine(r)
	if err != nil {
		return web.Reply{}, err
	}
	typed := contracts.Budget{ID: b.ID, Revision: seenRevision(r), Code: clean(r.Form("code")), Name: clean(r.Form("name"))}
	typed.Year, _ = strconv.Atoi(strings.TrimSpace(r.Form("year")))
	typed.Cents, _ = typedCents(r.Form("amount"))
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return contracts.SaveBudget(r.Context(), tx, typed) })
	wrong, bad := invalid(err)
	if !bad && !isConflict(err) {
		return web.SeeOther(at(r.Lang, budgetPath)).Say("budget.done"), err
	}
	f := s.posted(r, wrong)
	if bad {
		return s.budgetLineForm(r, f, &b, http.StatusUnprocessableEntity)
	}
	return s.budgetLineForm(r, f, &b, http.StatusConflict, views.Notice{Kind: views.Warn, Title: f.T("budget.differs"), Text: f.T("project.differs_text"), Urgent: true})
}
