package handlers

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// organisationFields is a form in which an organisation stands from the beginning.
func (s *Site) organisationFields(r *web.Request, o identity.Organisation) *filled {
	values := map[string]string{"name_et": o.Names["et"], "name_en": o.Names["en"], "scheme": o.Key.Scheme, "code": o.Key.Code, fieldKind: string(o.Kind),
		"country": o.Country, "size_unit": o.SizeUnit, "size_class": string(o.Class), "website": o.Website, "xroad_member": o.XRoad, fieldMinistry: o.Parent.String()}
	if o.Size > 0 {
		values["size"] = strconv.FormatInt(o.Size, 10)
	}
	f := s.fresh(r, values)
	f.chosen = func(field string) []string {
		if field == "markets" {
			return o.Markets
		}
		return nil
	}
	return f
}

// organisationForm is the page with the form for an organisation; o is nil for a new
// one.
func (s *Site) organisationForm(r *web.Request, f *filled, o *identity.Organisation, seen int64) (views.FormPage, error) {
	parents, err := s.parents(r, f, o)
	if err != nil {
		return views.FormPage{}, err
	}
	p := views.FormPage{Heading: f.T("admin.organisation_new"), Form: views.Form{Action: at(r.Lang, orgsPath+"/new"), Button: f.T("form.save"), Inputs: []views.Input{
		f.field(views.Field{Name: "name_et", Label: f.T("organisation.name_et"), Lang: "et", Width: "w30"}),
		f.field(views.Field{Name: "name_en", Label: f.T("organisation.name_en"), Lang: "en", Width: "w30"}),
		f.choose(views.Select{Name: fieldKind, Label: f.T("audit.field.kind"), Options: f.kinds("admin.choose")}),
		f.field(views.Field{Name: "scheme", Label: f.T("organisation.scheme"), Hint: f.T("organisation.scheme_hint"), Width: "w12", Needed: true}),
		f.field(views.Field{Name: "code", Label: f.T("application.code"), Hint: f.T("organisation.code_hint"), Width: "w12", Needed: true}),
		f.choose(views.Select{Name: fieldMinistry, Label: f.T("admin.ministry"), Hint: f.T("organisation.ministry_hint"), Options: parents}),
		f.choose(views.Select{Name: "country", Label: f.T("vendor.country"), Options: append([]views.Option{{Text: f.T("list.unknown")}}, f.countries()...)}),
		f.field(views.Field{Name: "size", Label: f.T("agency.size"), Hint: f.T("organisation.size_hint"), Mode: "numeric", Width: "w8"}),
		f.choose(views.Select{Name: "size_unit", Label: f.T("organisation.size_unit"), Options: f.units()}),
		f.choose(views.Select{Name: "size_class", Label: f.T("audit.field.size_class"), Hint: f.T("organisation.size_class_hint"), Options: f.sizes()}),
		f.field(views.Field{Name: "website", Label: f.T("vendor.website"), Hint: f.T("application.website_hint"), Width: "w30"}),
		f.field(views.Field{Name: "xroad_member", Label: f.T("audit.field.xroad_member"), Hint: f.T("organisation.xroad_hint"), Width: "w30"}),
		f.markets(),
	}}}
	crumbs := []views.Link{f.link(orgsPath, "admin.organisations")}
	if o != nil {
		name := views.In(o.Names, f.Tag)
		crumbs = append(crumbs, views.Link{URL: at(f.Tag, orgPath(o.ID)), Text: name.Text, Lang: name.Lang})
		p.Heading, p.Form.Action, p.Form.Hidden = f.T("admin.organisation_edit"), at(r.Lang, orgPath(o.ID)+"/edit"), []views.Hidden{revisionField(seen)}
		p.Links = []views.Link{f.link(orgPath(o.ID), "admin.back")}
	}
	p.Shell = f.adminPage(p.Heading, crumbs...)
	return p, nil
}

// parents are the bodies that an organisation may belong to: the ministries, and what
// it belongs to now. Their values are keys.
func (s *Site) parents(r *web.Request, f *filled, o *identity.Organisation) ([]views.Option, error) {
	all, err := identity.Organisations(r.Context(), s.DB, identity.OrganisationFilter{Kind: identity.Ministry})
	if err != nil {
		return nil, err
	}
	if o != nil && !o.Parent.IsZero() {
		parent, err := identity.FindID(r.Context(), s.DB, o.Parent)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
		now, err := identity.Organisations(r.Context(), s.DB, identity.OrganisationFilter{IDs: []int64{parent}})
		if err != nil {
			return nil, err
		}
		if len(now) > 0 && now[0].Kind != identity.Ministry {
			all = append(all, now...)
		}
	}
	var options []views.Option
	for _, m := range all {
		if o == nil || m.ID != o.ID {
			options = append(options, views.Option{Value: m.Key.String(), Text: views.In(m.Names, f.Tag).Text})
		}
	}
	locale.SortBy(f.Locale, options, func(o views.Option) string { return o.Text })
	return append([]views.Option{{Text: f.T("organisation.ministry_none")}}, options...), nil
}

// sizeUnits are what the size of an organisation is counted in.
var sizeUnits = [...]string{"staff", "pupil"}

// units are those to choose from, and the one that is chosen already.
func (f *filled) units() []views.Option {
	all := []views.Option{{Text: f.T("list.unknown")}}
	ids := sizeUnits[:]
	if now := f.typed("size_unit"); now != "" && !slices.Contains(ids, now) {
		if _, ok := f.schema.Unit(now); ok {
			ids = append(ids[:len(ids):len(ids)], now)
		}
	}
	const several = 5
	for _, id := range ids {
		all = append(all, views.Option{Value: id, Text: f.unitName(id, models.Whole(several))})
	}
	return all
}

// typedOrganisation is the organisation before with what was typed, and what of that
// cannot be read.
func (s *Site) typedOrganisation(r *web.Request, before identity.Organisation) (identity.Organisation, models.Invalid, error) {
	o, wrong := before, models.Invalid{}
	o.Names = models.Text{}
	for lang, words := range before.Names { // those of other languages stay
		o.Names.Set(lang, words)
	}
	for _, lang := range [...]string{"et", "en"} {
		o.Names.Set(lang, strings.Join(strings.Fields(clean(r.Form("name_"+lang))), " "))
	}
	o.Kind, o.Class = identity.Kind(r.Form(fieldKind)), identity.SizeClass(r.Form("size_class"))
	o.Country, o.Website, o.XRoad = r.Form("country"), strings.TrimSpace(r.Form("website")), strings.TrimSpace(r.Form("xroad_member"))
	o.Markets = r.Forms("markets")
	if o.Key.Scheme != r.Form("scheme") || o.Key.Code != r.Form("code") {
		key, err := models.ParseKey(strings.ToLower(strings.TrimSpace(r.Form("scheme"))) + ":" + strings.TrimSpace(r.Form("code")))
		if o.Key = key; err != nil {
			wrong["key"] = "organisation.key_missing"
		}
	}
	o.Parent = models.Key{}
	if text := r.Form(fieldMinistry); text != "" {
		key, err := models.ParseKey(text)
		if o.Parent = key; err != nil {
			wrong["parent"] = "organisation.parent_unknown"
		}
	}
	s.typedSize(r, &o, wrong)
	return o, wrong, nil
}

// typedSize reads how large an organisation is, and what that is counted in.
func (s *Site) typedSize(r *web.Request, o *identity.Organisation, wrong models.Invalid) {
	o.Size, o.SizeUnit = 0, ""
	text := strings.TrimSpace(r.Form("size"))
	if text == "" {
		return
	}
	d, err := locale.ParseDecimal(text)
	n, whole := d.Int64()
	if err != nil || !whole || n < 0 {
		wrong["size"] = "organisation.size_unclear"
		return
	}
	o.Size, o.SizeUnit = n, r.Form("size_unit")
	if _, known := s.Schema.Unit(o.SizeUnit); !known && o.SizeUnit != "" {
		wrong["size_unit"] = "organisation.size_unit_unknown"
	}
}
