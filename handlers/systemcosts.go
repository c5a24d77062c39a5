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
	"pilveturg/models/systems"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// costing is a system with the lines of what it costs, that somebody is writing.
type costing struct {
	*filled
	system *systems.System
	lines  []systems.Cost
}

// costing reads a system whose costs the reader may change.
func (s *Site) costing(r *web.Request, f *filled) (*costing, error) {
	c := &costing{filled: f}
	err := s.DB.Read(r.Context(), func(d db.Reader) (err error) {
		if c.system, err = s.systemIn(r, d); err != nil {
			return err
		}
		c.lines, err = systems.Costs(r.Context(), d, c.system.ID)
		return err
	})
	if err == nil && !keepsSystem(r.Actor, c.system) {
		err = models.ErrForbidden
	}
	return c, err
}

// showCosts shows the lines of what a system costs, each with a way to change it, and asks
// for the usual ones where there are none.
func (s *Site) showCosts(r *web.Request) (web.Reply, error) {
	c, err := s.costing(r, s.fresh(r, map[string]string{"from": "01.01." + strconv.Itoa(s.today().Year()), "life": "5", "seen": ""}))
	if err != nil {
		return web.Reply{}, err
	}
	return s.costsPage(r, c, http.StatusOK)
}

func (s *Site) costsPage(r *web.Request, c *costing, status int, notices ...views.Notice) (web.Reply, error) {
	page := views.ProjectPage{Heading: c.T("systems.costs_of", c.system.NameIn(c.Tag)), Text: []string{c.T("systems.costs_text")}, Notices: notices, Links: []views.Link{c.link(systemPath(c.system.ID, ""), "systems.back")}}
	if len(c.lines) > 0 {
		g := c.costGrid()
		g.columns = append(g.columns, column[systems.Cost]{head: c.T("security.actions"), hidden: true, cell: func(l systems.Cost) views.Cell {
			return views.Cell{Links: []views.Link{{URL: at(c.Tag, systemPath(c.system.ID, "/costs/"+strconv.FormatInt(l.ID, 10))), Text: c.T("budget.change"), For: l.Words}}}
		}})
		table, err := g.table(r, c.lines, whole(len(c.lines)))
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, views.ProjectPart{Heading: c.T("systems.costs"), Table: &table})
	}
	one := views.ProjectPart{Heading: c.T("systems.add_line"), Text: []string{c.T("systems.add_line_text")}}
	for _, kind := range systems.CostKinds() {
		one.Links = append(one.Links, views.Link{URL: at(c.Tag, systemPath(c.system.ID, "/costs/new?kind="+string(kind))), Text: c.T("systems.kind." + string(kind))})
	}
	page.Parts = append(page.Parts, views.ProjectPart{Heading: c.T("systems.usual"), Text: []string{c.T("systems.usual_text")}, Forms: []views.Form{c.usualForm()}}, one)
	page.Shell = c.page(page.Heading, c.link(systemsPath, "systems.title"), views.Link{URL: at(c.Tag, systemPath(c.system.ID, "")), Text: c.system.NameIn(c.Tag)})
	page.Section = systemsSection
	return web.Status(status, page), nil
}

// usualForm asks for the lines that most systems have.
func (c *costing) usualForm() views.Form {
	amount := func(name string) views.Input {
		return c.field(views.Field{Name: name, Label: c.T("systems.usual." + name), Mode: "decimal", Width: "w12", Unit: "€"})
	}
	return views.Form{Action: at(c.Tag, systemPath(c.system.ID, "/costs")), Button: c.T("systems.usual_add"), Hidden: []views.Hidden{revisionField(c.system.Revision)}, Inputs: []views.Input{
		amount("built"), c.field(views.Field{Name: "built_on", Label: c.T("systems.usual.built_on"), Hint: c.T("systems.day_hint"), Width: "w12"}),
		c.field(views.Field{Name: "life", Label: c.T("systems.usual.life"), Mode: "numeric", Width: "w4"}),
		c.field(views.Field{Name: "from", Label: c.T("systems.usual.from"), Hint: c.T("systems.day_hint"), Width: "w12"}),
		amount("hosting"), amount("maintenance"), amount("licences"),
		c.field(views.Field{Name: "fte", Label: c.T("systems.usual.fte"), Hint: c.T("systems.fte_hint"), Mode: "decimal", Width: "w8"}),
		c.field(views.Field{Name: "pay", Label: c.T("systems.usual.pay"), Hint: c.T("systems.usual.pay_hint"), Mode: "decimal", Width: "w12", Unit: "€"}),
		c.ticksOf(views.Choices{Name: "assume", Legend: c.T("systems.usual.assume"), Options: []views.Option{{Value: "1", Text: c.T("systems.usual.assume_tick", c.Number(systems.UpkeepPercent))}}}),
	}}
}

// typedAmount is a number that was typed, as decimals are kept; what is none is wrong.
func typedAmount(r *web.Request, field string, wrong models.Invalid) string {
	typed := strings.TrimSpace(r.Form(field))
	if typed == "" {
		return ""
	}
	read := locale.ParseDecimal
	if field == "fte" || field == "on_cost" {
		read = smallDecimal
	}
	n, err := read(typed)
	if err != nil || n.Sign() < 0 {
		wrong[field] = "systems.amount_wrong"
		return typed
	}
	return n.String()
}

// addUsualCosts adds the usual lines that were filled in.
func (s *Site) addUsualCosts(r *web.Request) (web.Reply, error) {
	c, err := s.costing(r, s.posted(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	wrong := models.Invalid{}
	u := systems.Usual{Built: typedAmount(r, "built", wrong), BuiltOn: typedDay(r, "built_on", wrong), From: typedDay(r, "from", wrong), Hosting: typedAmount(r, "hosting", wrong), Maintenance: typedAmount(r, "maintenance", wrong),
		Licences: typedAmount(r, "licences", wrong), FTE: typedAmount(r, "fte", wrong), Pay: typedAmount(r, "pay", wrong), Assume: r.Form("assume") == "1"}
	if u.LifeYears, err = strconv.Atoi(strings.TrimSpace(r.Form("life"))); err != nil || u.LifeYears < 0 || u.LifeYears > systems.MaxLife/12 {
		wrong["life"] = "systems.life_wrong"
	}
	for field, bad := range map[string]bool{"built_on": u.Built != "" && u.BuiltOn.IsZero(), "from": u.From.IsZero(), "pay": u.FTE != "" && u.Pay == "", "fte": u.Pay != "" && u.FTE == "", "assume": u.Assume && u.Built == ""} {
		if bad && wrong[field] == "" {
			wrong[field] = map[string]string{"built_on": "systems.day_missing", "from": "systems.day_missing", "pay": "systems.amount_missing", "fte": "systems.amount_missing", "assume": "systems.assume_wrong"}[field]
		}
	}
	lines := u.Costs(func(k systems.CostKind) string { return c.T("systems.kind." + string(k)) }, c.T("systems.assumed_source", c.Number(systems.UpkeepPercent)))
	if len(wrong) == 0 && len(lines) == 0 {
		wrong["built"] = "systems.nothing_typed"
	}
	return s.keepCosts(r, c, append(slices.Clone(c.lines), lines...), wrong, func(f *filled, status int, notices ...views.Notice) (web.Reply, error) {
		c.filled = f
		return s.costsPage(r, c, status, notices...)
	})
}

// keepCosts makes lines those of a system; again shows the form that was sent.
func (s *Site) keepCosts(r *web.Request, c *costing, lines []systems.Cost, unread models.Invalid, again func(*filled, int, ...views.Notice) (web.Reply, error)) (web.Reply, error) {
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(unread) > 0 {
			return unread
		}
		return systems.SaveCosts(r.Context(), tx, c.system.ID, seenRevision(r), lines)
	})
	if wrong, bad := invalid(err); bad {
		return again(s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	if isConflict(err) {
		f := s.posted(r, nil)
		return again(f, http.StatusConflict, f.changedMeanwhile())
	}
	return web.SeeOther(at(r.Lang, systemPath(c.system.ID, "/costs"))).Say("systems.costs_saved"), err
}

// costIn is the line that the address names, and where it stands; a new one stands behind
// all others.
func (c *costing) costIn(r *web.Request) (line systems.Cost, place int, err error) {
	if r.Param("cost") == "new" {
		line = systems.Cost{Kind: systems.CostKind(r.Query(fieldKind)), Every: systems.Yearly, Currency: "EUR", OnCost: "1"}
		if k := r.Form(fieldKind); k != "" {
			line.Kind = systems.CostKind(k)
		}
		if line.Kind.Changes() {
			line.Every = systems.Once
		}
		line.Change = line.Kind.Changes()
		if !slices.Contains(systems.CostKinds(), line.Kind) {
			return line, 0, models.ErrNotFound
		}
		return line, len(c.lines), nil
	}
	id, err := numberIn(r, "cost")
	if err != nil {
		return line, 0, err
	}
	place = slices.IndexFunc(c.lines, func(l systems.Cost) bool { return l.ID == id })
	if place < 0 {
		return line, 0, models.ErrNotFound
	}
	return c.lines[place], place, nil
}

// showCost asks for a line of what a system costs: what its kind has.
func (s *Site) showCost(r *web.Request) (web.Reply, error) {
	c, err := s.costing(r, nil)
	if err != nil {
		return web.Reply{}, err
	}
	line, _, err := c.costIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	values := costValues(&line)
	if line.Words == "" {
		values["words"] = s.speaker(r.Lang).T("systems.kind." + string(line.Kind))
	}
	c.filled = s.fresh(r, values)
	return s.costForm(r, c, &line, http.StatusOK), nil
}

func costValues(l *systems.Cost) map[string]string {
	tick := func(yes bool) string {
		if yes {
			return "1"
		}
		return ""
	}
	life := ""
	if l.LifeMonths > 0 {
		life = strconv.Itoa(l.LifeMonths)
	}
	return map[string]string{"words": l.Words, "every": string(l.Every), "starts": typedDate(l.Starts), "ends": typedDate(l.Ends), "amount": typedNumber(l.Amount), "fte": typedNumber(l.FTE), "pay": typedNumber(l.Pay), "on_cost": typedNumber(l.OnCost), "currency": l.Currency,
		"life_months": life, "used_from": typedDate(l.UsedFrom), "left_over": typedNumber(l.LeftOver), "pool": l.Pool, "source": l.Source, "assumed": tick(l.Assumed), "change": tick(l.Change)}
}

func (s *Site) costForm(r *web.Request, c *costing, line *systems.Cost, status int, notices ...views.Notice) web.Reply {
	amount := func(name, width, unit string) views.Input {
		return c.field(views.Field{Name: name, Label: c.T("systems." + name), Mode: "decimal", Width: width, Unit: unit})
	}
	hinted := func(name, width string) views.Input {
		return c.field(views.Field{Name: name, Label: c.T("systems." + name), Hint: c.T("systems." + name + "_hint"), Width: width})
	}
	in := []views.Input{c.field(views.Field{Name: "words", Label: c.T("systems.what"), Width: "w30", Needed: true})}
	if line.Kind == systems.Staff {
		in = append(in, hinted("fte", "w8"), hinted("pay", "w12"), hinted("on_cost", "w8"))
	} else {
		in = append(in, amount("amount", "w12", ""))
	}
	in = append(in, c.field(views.Field{Name: "currency", Label: c.T("systems.currency"), Width: "w4"}),
		c.choose(views.Select{Name: "every", Label: c.T("systems.every"), Options: c.options("systems.every.", string(systems.Yearly), string(systems.Quarterly), string(systems.Monthly), string(systems.Once))}),
		hinted("starts", "w12"), hinted("ends", "w12"))
	if line.Kind == systems.Capital {
		in = append(in, hinted("life_months", "w8"), hinted("used_from", "w12"), hinted("left_over", "w12"))
	}
	in = append(in, hinted("pool", "w30"), hinted("source", "w60"),
		c.ticksOf(views.Choices{Name: "assumed", Legend: c.T("systems.assumption"), Options: []views.Option{{Value: "1", Text: c.T("systems.assumed_tick")}}}),
		c.ticksOf(views.Choices{Name: "change", Legend: c.T("systems.purpose_of_money"), Options: []views.Option{{Value: "1", Text: c.T("systems.change_tick")}}}))
	end := "/costs/" + r.Param("cost")
	page := views.FormPage{Heading: c.T("systems.line_of", c.T("systems.kind."+string(line.Kind)), c.system.NameIn(c.Tag)), Notices: notices, Links: []views.Link{c.link(systemPath(c.system.ID, "/costs"), "systems.back_to_costs")},
		Form: views.Form{Action: at(c.Tag, systemPath(c.system.ID, end)), Button: c.T("form.save"), Inputs: in, Hidden: []views.Hidden{revisionField(c.system.Revision), {Name: fieldKind, Value: string(line.Kind)}}}}
	if line.ID != 0 {
		page.Links = append([]views.Link{c.link(systemPath(c.system.ID, end+"/removal"), "systems.line_remove")}, page.Links...)
	}
	page.Shell = c.page(page.Heading, c.link(systemsPath, "systems.title"), views.Link{URL: at(c.Tag, systemPath(c.system.ID, "")), Text: c.system.NameIn(c.Tag)})
	page.Section = systemsSection
	return web.Status(status, page)
}

// saveCost adds or changes a line of what a system costs.
func (s *Site) saveCost(r *web.Request) (web.Reply, error) {
	c, err := s.costing(r, s.posted(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	line, place, err := c.costIn(r)
	if err != nil {
		return web.Reply{}, err
	}
	typed, wrong := typedCost(r, line)
	lines := slices.Clone(c.lines)
	if place == len(lines) {
		lines = append(lines, typed)
	}
	lines[place] = typed
	return s.keepCosts(r, c, lines, wrong, func(f *filled, status int, notices ...views.Notice) (web.Reply, error) {
		c.filled = f
		c.wrong = atLine(f.wrong, place)
		return s.costForm(r, c, &line, status, notices...), nil
	})
}

// atLine puts what is wrong with a line under the fields of its own form.
func atLine(wrong models.Invalid, place int) models.Invalid {
	out := models.Invalid{}
	for field, key := range wrong {
		out[strings.TrimSuffix(field, fmt.Sprintf("-%d", place))] = key
	}
	return out
}

// typedCost is a line with what was typed, and what of that cannot be read.
func typedCost(r *web.Request, before systems.Cost) (systems.Cost, models.Invalid) {
	wrong, c := models.Invalid{}, before
	c.Words, c.Every, c.Currency = clean(r.Form("words")), systems.Every(r.Form("every")), strings.ToUpper(strings.TrimSpace(r.Form("currency")))
	c.Starts, c.Ends, c.UsedFrom = typedDay(r, "starts", wrong), typedDay(r, "ends", wrong), typedDay(r, "used_from", wrong)
	c.Amount, c.FTE, c.Pay, c.OnCost, c.LeftOver = typedAmount(r, "amount", wrong), typedAmount(r, "fte", wrong), typedAmount(r, "pay", wrong), typedAmount(r, "on_cost", wrong), typedAmount(r, "left_over", wrong)
	c.LifeMonths = 0
	if typed := strings.TrimSpace(r.Form("life_months")); typed != "" {
		n, err := strconv.Atoi(typed)
		if c.LifeMonths = n; err != nil {
			wrong["life_months"] = "systems.life_wrong"
		}
	}
	c.Pool, c.Source, c.Assumed, c.Change = clean(r.Form("pool")), clean(r.Form("source")), r.Form("assumed") == "1", r.Form("change") == "1"
	return c, wrong
}

// confirmCostRemoval asks whether a line is to go.
func (s *Site) confirmCostRemoval(r *web.Request) (web.Reply, error) {
	c, err := s.costing(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	line, place, err := c.costIn(r)
	if err != nil || place == len(c.lines) {
		return web.Reply{}, firstOf(err, models.ErrNotFound)
	}
	return s.costRemovalPage(r, c, &line, http.StatusOK), nil
}

func (s *Site) costRemovalPage(r *web.Request, c *costing, line *systems.Cost, status int, notices ...views.Notice) web.Reply {
	page := views.FormPage{Heading: c.T("systems.line_removal", line.Words), Text: []string{c.T("systems.line_removal_text")}, Notices: notices, Links: []views.Link{c.link(systemPath(c.system.ID, "/costs"), "systems.back_to_costs")},
		Form: views.Form{Action: at(c.Tag, systemPath(c.system.ID, "/costs/"+r.Param("cost")+"/removal")), Button: c.T("systems.line_remove_it"), Stop: true, Hidden: []views.Hidden{revisionField(c.system.Revision)}}}
	page.Shell = c.page(page.Heading, c.link(systemsPath, "systems.title"))
	page.Section = systemsSection
	return web.Status(status, page)
}

// removeCost takes a line away.
func (s *Site) removeCost(r *web.Request) (web.Reply, error) {
	c, err := s.costing(r, s.posted(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	line, place, err := c.costIn(r)
	if err != nil || place == len(c.lines) {
		return web.Reply{}, firstOf(err, models.ErrNotFound)
	}
	return s.keepCosts(r, c, slices.Delete(slices.Clone(c.lines), place, place+1), nil, func(f *filled, status int, notices ...views.Notice) (web.Reply, error) {
		c.filled = f
		return s.costRemovalPage(r, c, &line, status, notices...), nil
	})
}
