package handlers

import (
	"errors"
	"net/http"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/systems"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// showNewSystem asks for a system that is not in the register.
func (s *Site) showNewSystem(r *web.Request) (web.Reply, error) {
	return s.systemForm(s.fresh(r, map[string]string{fieldState: string(systems.InUse)}), &systems.System{}, http.StatusOK), nil
}

// showSystemEdit asks what is to be changed about a system.
func (s *Site) showSystemEdit(r *web.Request) (web.Reply, error) {
	o, err := s.systemIn(r, s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	if !keepsSystem(r.Actor, o) {
		return web.Reply{}, models.ErrForbidden
	}
	return s.systemForm(s.fresh(r, systemValues(o)), o, http.StatusOK), nil
}

// systemValues are what the form of a system begins with.
func systemValues(o *systems.System) map[string]string {
	shareable := ""
	if o.Shareable {
		shareable = "1"
	}
	return map[string]string{"name": o.Name, "name_en": o.NameEn, "short_name": o.ShortName, "department": o.Department, "purpose": o.Purpose, fieldCategory: o.Category, fieldState: string(o.State), "served": typedNumber(o.Served), "unit": o.Unit,
		"in_use_since": typedDate(o.InUseSince), "planned_end": typedDate(o.PlannedEnd), "support_end": typedDate(o.SupportEnd), "closed_on": typedDate(o.ClosedOn), "last_release": typedDate(o.LastRelease), "shareable": shareable,
		"rating": string(o.Rating), "security_standard": o.SecurityStandard, "security_class": o.SecurityClass, "security_level": o.SecurityLevel, "stands_on": o.StandsOn, "subsystems": strings.Join(o.Subsystems, "\n"), "contact": o.Contact, "homepage": o.Homepage}
}

// typedDate is a day as people type it.
func typedDate(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format("02.01.2006")
}

// typedNumber is a decimal as people type it; so that it can be read in one way only.
func typedNumber(text string) string {
	const unclear = 3 // decimals, as there are digits between the marks of thousands
	if _, part, point := strings.Cut(text, "."); point && len(part) == unclear {
		text += "0"
	}
	return strings.ReplaceAll(text, ".", ",")
}

// smallDecimal reads a number that is never thousands: "1,338" is a little over one.
func smallDecimal(typed string) (models.Decimal, error) {
	n, err := locale.ParseDecimal(typed)
	var unclear *locale.UnclearError
	if errors.As(err, &unclear) {
		return unclear.Fraction, nil
	}
	return n, err
}

// systemForm asks about a system, first what is needed.
func (s *Site) systemForm(f *filled, o *systems.System, status int, notices ...views.Notice) web.Reply {
	text := func(name, width string) views.Input {
		return f.field(views.Field{Name: name, Label: f.T("systems." + name), Width: width})
	}
	hinted := func(name, width string) views.Input {
		return f.field(views.Field{Name: name, Label: f.T("systems." + name), Hint: f.T("systems." + name + "_hint"), Width: width})
	}
	day := func(name string) views.Input {
		return f.field(views.Field{Name: name, Label: f.T("systems." + name), Hint: f.T("systems.day_hint"), Mode: "numeric", Width: "w12"})
	}
	form := views.Form{Action: at(f.Tag, systemsPath+"/new"), Button: f.T("form.save"), Inputs: []views.Input{
		f.field(views.Field{Name: "name", Label: f.T("systems.name"), Width: "w60", Needed: true}), text("name_en", "w60"), text("short_name", "w30"),
		f.area(views.Area{Name: "purpose", Label: f.T("systems.purpose"), Hint: f.T("systems.purpose_hint")}),
		f.choose(views.Select{Name: fieldCategory, Label: f.T("systems.category"), Hint: f.T("systems.category_hint"), Options: f.categories()}),
		f.choose(views.Select{Name: fieldState, Label: f.T("systems.state"), Options: f.options("systems.state.", stateCodes()...)}),
		f.field(views.Field{Name: "served", Label: f.T("systems.served"), Hint: f.T("systems.served_hint"), Mode: "decimal", Width: "w12"}),
		f.choose(views.Select{Name: "unit", Label: f.T("systems.unit"), Options: f.servedUnits()}),
		day("in_use_since"), day("planned_end"), hinted("support_end", "w12"), hinted("closed_on", "w12"), hinted("last_release", "w12"),
		f.ticksOf(views.Choices{Name: "shareable", Legend: f.T("systems.shareable"), Options: []views.Option{{Value: "1", Text: f.T("systems.shareable_tick")}}}),
		text("department", "w30"), hinted("contact", "w60"), hinted("stands_on", "w60"),
		f.area(views.Area{Name: "subsystems", Label: f.T("systems.subsystems"), Hint: f.T("systems.subsystems_hint")}),
		f.choose(views.Select{Name: "rating", Label: f.T("systems.rating"), Options: append([]views.Option{{Text: f.T("list.unknown")}}, f.options("systems.rating.", ratingCodes()...)...)}),
		hinted("security_standard", "w30"), hinted("security_class", "w12"),
		f.choose(views.Select{Name: "security_level", Label: f.T("systems.security_level"), Options: append([]views.Option{{Text: f.T("list.unknown")}}, f.options("systems.level.", systems.SecurityLevels()...)...)}),
		text("homepage", "w60"),
	}}
	page := views.FormPage{Heading: f.T("systems.add"), Text: []string{f.T("systems.add_text")}, Notices: notices, Links: []views.Link{f.link(systemsPath, "systems.title")}}
	if o.ID != 0 {
		form.Action, form.Hidden = at(f.Tag, systemPath(o.ID, "/edit")), []views.Hidden{revisionField(o.Revision)}
		page.Heading, page.Text, page.Links = f.T("systems.change_of", o.NameIn(f.Tag)), nil, []views.Link{f.link(systemPath(o.ID, ""), "systems.back")}
	}
	page.Form = form
	page.Shell = f.page(page.Heading, f.link(systemsPath, "systems.title"))
	page.Section = systemsSection
	return web.Status(status, page)
}

// options are codes with their words.
func (f *filled) options(prefix string, codes ...string) (all []views.Option) {
	for _, code := range codes {
		all = append(all, views.Option{Value: code, Text: f.T(prefix + code)})
	}
	return all
}

func stateCodes() (all []string) {
	for _, one := range systems.States() {
		all = append(all, string(one))
	}
	return all
}

func ratingCodes() (all []string) {
	for _, one := range systems.Ratings() {
		all = append(all, string(one))
	}
	return all
}

// servedUnits are the units in which it is counted whom a system serves.
func (f *filled) servedUnits() []views.Option {
	all := []views.Option{{Text: f.T("list.unknown")}}
	const several = 5
	for _, u := range f.schema.Units {
		if !u.Time {
			all = append(all, views.Option{Value: u.ID, Text: f.unitName(u.ID, models.Whole(several))})
		}
	}
	return all
}

// typedSystem is a system with what was typed, and what of that cannot be read.
func typedSystem(r *web.Request, schema *catalogue.Schema, before systems.System) (*systems.System, models.Invalid) {
	wrong := models.Invalid{}
	o := before
	text := func(name string) string { return clean(r.Form(name)) }
	o.Name, o.NameEn, o.ShortName, o.Department, o.Purpose = text("name"), text("name_en"), text("short_name"), text("department"), r.Form("purpose")
	o.Category, o.State, o.Unit = text(fieldCategory), systems.State(text(fieldState)), text("unit")
	if _, ok := schema.Category(o.Category); !ok && o.Category != "" {
		wrong[fieldCategory] = "systems.category_wrong"
	}
	o.Served = ""
	if typed := text("served"); typed != "" {
		n, err := locale.ParseDecimal(typed)
		if o.Served = n.String(); err != nil {
			wrong["served"] = "systems.amount_wrong"
		}
	}
	o.InUseSince, o.PlannedEnd, o.SupportEnd = typedDay(r, "in_use_since", wrong), typedDay(r, "planned_end", wrong), typedDay(r, "support_end", wrong)
	o.ClosedOn, o.LastRelease = typedDay(r, "closed_on", wrong), typedDay(r, "last_release", wrong)
	o.Shareable, o.Rating = text("shareable") == "1", systems.Rating(text("rating"))
	o.SecurityStandard, o.SecurityClass, o.SecurityLevel = text("security_standard"), text("security_class"), text("security_level")
	o.StandsOn, o.Contact, o.Homepage = text("stands_on"), text("contact"), text("homepage")
	o.Subsystems = strings.Fields(r.Form("subsystems"))
	return &o, wrong
}

// saveNewSystem adds a system to the register.
func (s *Site) saveNewSystem(r *web.Request) (web.Reply, error) {
	o, wrong := typedSystem(r, s.Schema, systems.System{})
	return s.keepSystem(r, o, wrong)
}

// saveSystem changes a system.
func (s *Site) saveSystem(r *web.Request) (web.Reply, error) {
	before, err := s.systemIn(r, s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	o, wrong := typedSystem(r, s.Schema, *before)
	o.Revision = seenRevision(r)
	return s.keepSystem(r, o, wrong)
}

func (s *Site) keepSystem(r *web.Request, o *systems.System, unread models.Invalid) (web.Reply, error) {
	isNew := o.ID == 0
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(unread) > 0 {
			return unread
		}
		return systems.Save(r.Context(), tx, o)
	})
	if wrong, bad := invalid(err); bad {
		return s.systemForm(s.posted(r, wrong), o, http.StatusUnprocessableEntity), nil
	}
	if isConflict(err) {
		now, problem := s.systemIn(r, s.DB)
		f := s.posted(r, nil)
		if problem != nil {
			return web.Reply{}, problem
		}
		return s.systemForm(f, now, http.StatusConflict, f.changedMeanwhile()), nil
	}
	if isNew {
		return web.SeeOther(at(r.Lang, systemPath(o.ID, "/costs"))).Say("systems.added"), err
	}
	return web.SeeOther(at(r.Lang, systemPath(o.ID, ""))).Say("systems.saved"), err
}
