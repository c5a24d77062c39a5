package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/search"
	"pilveturg/models/systems"
	"pilveturg/views"
)

// systemIn is the system that the address names.
func (s *Site) systemIn(r *web.Request, d db.Reader) (*systems.System, error) {
	id, err := numberIn(r, "system")
	if err != nil {
		return nil, err
	}
	return systems.Find(r.Context(), d, r.Actor, id)
}

// keepsSystem reports whether the actor may change a system.
func keepsSystem(a models.Actor, o *systems.System) bool {
	return systems.Manages(a) && a.OrgID == o.OrgID
}

// systemFuture is how many years the page of a system looks ahead, this year with them.
const systemFuture = 5

// showSystem shows a system: what it is, what it costs, and what could stand in its place.
func (s *Site) showSystem(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	var o *systems.System
	var page views.ProjectPage
	err = s.DB.Read(r.Context(), func(d db.Reader) (err error) {
		if o, err = s.systemIn(r, d); err != nil {
			return err
		}
		page = views.ProjectPage{Heading: o.NameIn(f.Tag), Tags: []views.Tag{f.stateTag(o)}, Facts: f.systemFacts(o, all)}
		if page.Notices = f.systemNotices(o, models.DateOf(s.today())); o.Purpose != "" {
			page.Text = []string{o.Purpose}
		}
		if page.Parts, err = s.systemParts(r, d, f, o); err != nil {
			return err
		}
		part, err := s.comparisonsPart(r, d, f, o)
		page.Parts = append([]views.ProjectPart{part}, page.Parts...)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	if n := len(all.in[o.Category]); o.Category != "" && n > 0 {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("systems.instead"), Text: []string{f.N("systems.instead_text", int64(n))}, Links: []views.Link{{URL: at(f.Tag, servicesFor(o)), Text: f.T("systems.instead_link", f.categoryOf(o.Category))}}})
	}
	if keepsSystem(r.Actor, o) {
		page.Links = append(page.Links, f.link(systemPath(o.ID, "/costs"), "systems.change_costs"), f.link(systemPath(o.ID, "/edit"), "systems.change"), f.link(systemPath(o.ID, "/removal"), "systems.remove"))
	}
	if page.Trail, err = s.trail(r, f.speaker, o.OrgID, "system "+strconv.FormatInt(o.ID, 10)); err != nil {
		return web.Reply{}, err
	}
	page.Shell = f.page(page.Heading, f.link(systemsPath, "systems.title"))
	page.Section = systemsSection
	return web.Page(page), nil
}

// servicesFor is the address of a search for services of a system's category, with prices
// for as many as it serves.
func servicesFor(o *systems.System) string {
	q := url.Values{fieldFilter + search.GroupCategory: {o.Category}}
	if o.Served != "" {
		q.Set(fieldVolume, o.Served)
		q.Set(fieldOf, o.Unit)
		q.Set(fieldSort, string(search.ByPrice))
	}
	return "/services?" + q.Encode()
}

func (f *filled) stateTag(o *systems.System) views.Tag {
	kinds := map[systems.State]string{systems.InUse: views.OK, systems.Establishing: views.Info, systems.NoState: views.Warn}
	return views.Tag{Kind: kinds[o.State], Text: f.T("systems.state." + string(o.State))}
}

// systemNotices say what about a system asks for a decision.
func (f *filled) systemNotices(o *systems.System, today models.Date) (all []views.Notice) {
	passed := func(day models.Date) bool { return !day.IsZero() && day.Before(today) }
	if !o.EndOfLife(today) {
		return nil
	}
	n := views.Notice{Kind: views.Warn, Title: f.T("systems.end_passed", f.Date(o.PlannedEnd)), Text: f.T("systems.end_passed_text")}
	if !passed(o.PlannedEnd) {
		n.Title = f.T("systems.support_passed", f.Date(o.SupportEnd))
	}
	return []views.Notice{n}
}

// systemFacts are what is known of a system.
func (f *filled) systemFacts(o *systems.System, all *names) (rows []views.Row) {
	add := f.into(&rows)
	day := func(key string, d models.Date) {
		if !d.IsZero() {
			add(key, f.Date(d))
		}
	}
	add("systems.owner", all.organs.bodyName(o.OrgID, f.Tag))
	add("systems.department", o.Department)
	add("systems.short_name", o.ShortName)
	add("systems.category", f.categoryOf(o.Category))
	add("systems.served", f.servedWords(o))
	day("systems.in_use_since", o.InUseSince)
	day("systems.planned_end", o.PlannedEnd)
	day("systems.support_end", o.SupportEnd)
	day("systems.closed_on", o.ClosedOn)
	day("systems.last_release", o.LastRelease)
	if o.Rating != "" {
		add("systems.rating", f.T("systems.rating."+string(o.Rating)))
	}
	add("systems.shareable", f.T(map[bool]string{true: "systems.yes", false: "systems.no"}[o.Shareable]))
	add("systems.security", f.securityWords(o))
	add("systems.stands_on", o.StandsOn)
	add("systems.subsystems", strings.Join(o.Subsystems, ", "))
	add("systems.contact", o.Contact)
	add("systems.homepage", o.Homepage)
	if o.Source != "" {
		add("systems.source", strings.TrimSpace(o.Source+" "+o.External))
	}
	return slices.DeleteFunc(rows, func(r views.Row) bool { return r.Value.Text == "" })
}

func (f *filled) securityWords(o *systems.System) string {
	text := strings.TrimSpace(o.SecurityStandard + " " + o.SecurityClass)
	if o.SecurityLevel == "" {
		return text
	}
	level := f.T("systems.level." + o.SecurityLevel)
	if text == "" {
		return level
	}
	return text + ", " + level
}

func (f *filled) servedWords(o *systems.System) string {
	n, err := models.ParseDecimal(o.Served)
	if err != nil {
		return ""
	}
	return f.counted(n, o.Unit)
}

// systemYear is what a system comes to in a year.
type systemYear struct {
	year int
	worked
}

// systemParts are the tables of what a system costs.
func (s *Site) systemParts(r *web.Request, d db.Reader, f *filled, o *systems.System) ([]views.ProjectPart, error) {
	lines, err := systems.Costs(r.Context(), d, o.ID)
	if err != nil {
		return nil, err
	}
	costs := views.ProjectPart{Heading: f.T("systems.costs"), Text: []string{f.T("systems.costs_text")}}
	if len(lines) == 0 {
		costs.Text = []string{f.T("systems.no_costs")}
		return []views.ProjectPart{costs}, nil
	}
	table, err := f.costGrid().table(r, lines, whole(len(lines)))
	if err != nil {
		return nil, err
	}
	costs.Table = &table
	years, err := s.systemYears(r, d, o)
	if err != nil {
		return nil, err
	}
	g := f.systemYearGrid()
	g.path = systemPath(o.ID, "/years")
	byYear, err := g.table(r, years, whole(len(years)))
	if err != nil {
		return nil, err
	}
	return []views.ProjectPart{{Heading: f.T("systems.years"), Text: []string{f.T("systems.years_text")}, Table: &byYear}, costs}, nil
}

// systemYears are the years from before last until [systemFuture] years ahead.
func (s *Site) systemYears(r *web.Request, d db.Reader, o *systems.System) ([]systemYear, error) {
	var years []systemYear
	for year := s.today().Year() - 2; year < s.today().Year()+systemFuture; year++ {
		all, err := s.workedOut(r, d, o.ID, year)
		if err != nil {
			return nil, err
		}
		one := systemYear{year: year}
		if w := all[o.ID]; w != nil {
			one.worked = *w
		}
		years = append(years, one)
	}
	return years, nil
}

func (f *filled) systemYearGrid() *grid[systemYear] {
	amount := func(code, key string, of func(*systemYear) int64) column[systemYear] {
		return column[systemYear]{code: code, head: f.T(key), number: true, cell: func(x systemYear) views.Cell { return words(f.centsOf(of(&x))) }, value: func(x systemYear) any { return models.ExactOf(models.Money{Minor: of(&x), Currency: "EUR"}.Decimal()) }}
	}
	return &grid[systemYear]{speaker: f.speaker, id: "years", caption: f.T("systems.years"), sorted: true, files: true, columns: []column[systemYear]{
		{code: "year", head: f.T("ledger.year"), cell: func(x systemYear) views.Cell { return words(strconv.Itoa(x.year)) }, value: func(x systemYear) any { return x.year }},
		amount("running", "systems.running", func(x *systemYear) int64 { return x.running }), amount("written_off", "systems.written", func(x *systemYear) int64 { return x.written }),
		amount("accrued", "systems.accrued", func(x *systemYear) int64 { return x.running + x.written }), amount("paid", "systems.paid", func(x *systemYear) int64 { return x.paid })}}
}

// systemYearsFile answers with the years of a system as a file.
func (s *Site) systemYearsFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		var years []systemYear
		err := s.DB.Read(r.Context(), func(d db.Reader) error {
			o, err := s.systemIn(r, d)
			if err != nil {
				return err
			}
			years, err = s.systemYears(r, d, o)
			return err
		})
		if err != nil {
			return web.Reply{}, err
		}
		return s.fresh(r, nil).systemYearGrid().file(r, years, kind)
	}
}

// costGrid shows lines of what a system costs.
func (f *filled) costGrid() *grid[systems.Cost] {
	return &grid[systems.Cost]{speaker: f.speaker, id: "costs", caption: f.T("systems.costs"), sorted: true, columns: []column[systems.Cost]{
		{code: "words", head: f.T("systems.what"), cell: func(c systems.Cost) views.Cell {
			cell := words(c.Words)
			if c.Assumed {
				cell.Tags = append(cell.Tags, views.Tag{Kind: views.Warn, Text: f.T("systems.assumption")})
			}
			if c.Source != "" {
				cell.Lines = append(cell.Lines, c.Source)
			}
			return cell
		}},
		{code: "kind", head: f.T("systems.kind"), cell: func(c systems.Cost) views.Cell {
			cell := words(f.T("systems.kind." + string(c.Kind)))
			if c.Change != c.Kind.Changes() {
				cell.Lines = []string{f.T(map[bool]string{true: "systems.is_change", false: "systems.is_run"}[c.Change])}
			}
			return cell
		}},
		{code: "starts", head: f.T("systems.starts"), cell: func(c systems.Cost) views.Cell { return words(f.Date(c.Starts)) }},
		{code: "ends", head: f.T("systems.ends"), cell: func(c systems.Cost) views.Cell {
			if c.Ends.IsZero() {
				return words("")
			}
			return words(f.Date(c.Ends))
		}},
		{code: "every", head: f.T("systems.every"), cell: func(c systems.Cost) views.Cell { return words(f.T("systems.every." + string(c.Every))) }},
		{code: "amount", head: f.T("systems.amount"), number: true, cell: func(c systems.Cost) views.Cell { return f.costAmount(&c) }},
	}}
}

// costAmount is what a line comes to a period, and how that is worked out.
func (f *filled) costAmount(c *systems.Cost) views.Cell {
	cents, err := c.Period()
	if err != nil {
		return words("")
	}
	cell := words(f.Money(models.Money{Minor: cents, Currency: c.Currency}))
	if c.Kind == systems.Staff {
		cell.Lines = append(cell.Lines, f.T("systems.staff_working", f.decimalText(c.FTE), f.decimalText(c.Pay), f.decimalText(c.OnCost)))
	}
	if c.LifeMonths > 0 {
		cell.Lines = append(cell.Lines, f.T("systems.life_working", f.N("systems.months", int64(c.LifeMonths)), f.Date(c.UsedFrom)))
	}
	if c.LeftOver != "" {
		cell.Lines = append(cell.Lines, f.T("systems.left_working", f.decimalText(c.LeftOver)))
	}
	return cell
}

// decimalText writes a decimal as the language does.
func (w speaker) decimalText(text string) string {
	e, err := models.ParseExact(text)
	if err != nil {
		return text
	}
	return w.Exact(e, "")
}

// confirmSystemRemoval asks whether a system was really entered by mistake.
func (s *Site) confirmSystemRemoval(r *web.Request) (web.Reply, error) {
	o, err := s.systemIn(r, s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	if !keepsSystem(r.Actor, o) {
		return web.Reply{}, models.ErrForbidden
	}
	f := s.fresh(r, nil)
	return s.removalPage(f, o, http.StatusOK), nil
}

func (s *Site) removalPage(f *filled, o *systems.System, status int, notices ...views.Notice) web.Reply {
	page := views.FormPage{Heading: f.T("systems.removal_of", o.NameIn(f.Tag)), Text: []string{f.T("systems.removal_text")}, Notices: notices,
		Form: views.Form{Action: at(f.Tag, systemPath(o.ID, "/removal")), Button: f.T("systems.remove_it"), Stop: true, Hidden: []views.Hidden{revisionField(o.Revision)}}, Links: []views.Link{f.link(systemPath(o.ID, ""), "systems.back")}}
	page.Shell = f.page(page.Heading, f.link(systemsPath, "systems.title"))
	page.Section = systemsSection
	return web.Status(status, page)
}

// removeSystem takes a system that was entered by mistake out of the register.
func (s *Site) removeSystem(r *web.Request) (web.Reply, error) {
	o, err := s.systemIn(r, s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return systems.Remove(r.Context(), tx, o.ID, seenRevision(r)) })
	if isConflict(err) {
		f := s.posted(r, nil)
		return s.removalPage(f, o, http.StatusConflict, f.changedMeanwhile()), nil
	}
	return web.SeeOther(at(r.Lang, systemsPath)).Say("systems.removed", o.Name), err
}

// changedMeanwhile says that somebody was faster.
func (f *filled) changedMeanwhile() views.Notice {
	return views.Notice{Kind: views.Warn, Title: f.T("systems.differs"), Text: f.T("project.differs_text"), Urgent: true}
}

// mostNamedSystems is how many systems a notice names.
const mostNamedSystems = 3

// ownedNotices tell who is about to get a service what their organisation owns for the
// same purpose.
func (s *Site) ownedNotices(r *web.Request, f *filled, categories []string) ([]views.Notice, error) {
	if len(categories) == 0 || r.Actor.OrgID == 0 {
		return nil, nil
	}
	all, err := systems.List(r.Context(), s.DB, r.Actor, systems.Query{Owners: []int64{r.Actor.OrgID}, Category: categories})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(o systems.System) bool { return o.State == systems.Closed })
	if len(all) == 0 {
		return nil, nil
	}
	var named []string
	for i := range all[:min(len(all), mostNamedSystems)] {
		named = append(named, all[i].NameIn(f.Tag))
	}
	return []views.Notice{{Kind: views.Warn, Title: f.N("systems.own_similar", int64(len(all))), Text: f.T("systems.own_similar_text", strings.Join(named, ", ")), Link: views.Link{URL: at(f.Tag, systemPath(all[0].ID, "")), Text: all[0].NameIn(f.Tag)}}}, nil
}
