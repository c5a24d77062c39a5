package handlers

import (
	"slices"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// powersForm is a form in which powers stand from the beginning.
func (s *Site) powersForm(r *web.Request, p identity.Powers) *filled {
	values := map[string]string{"reach": string(p.Reach), "limit": models.Money{Minor: p.Limit, Currency: "EUR"}.Decimal().String()}
	if p.Limit == 0 {
		values["limit"] = ""
	}
	f := s.fresh(r, values)
	chosen := map[string][]string{"roles": texts(p.Roles), "rights": texts(p.Rights)}
	f.chosen = func(field string) []string { return chosen[field] }
	return f
}

func texts[T ~string](all []T) []string {
	list := make([]string, len(all))
	for i, one := range all {
		list[i] = string(one)
	}
	return list
}

// powersInputs ask what somebody may do for an organisation of the kind.
func (f *filled) powersInputs(kind identity.Kind) []views.Input {
	roles := identity.RolesOf(kind)
	inputs := []views.Input{f.boxes(views.Choices{Name: "roles", Legend: f.T("powers.roles")}, texts(roles), "role.")}
	if slices.Contains(roles, models.Buyer) {
		inputs = append(inputs, f.boxes(views.Choices{Name: "rights", Legend: f.T("admin.rights"), Hint: f.T("admin.rights_hint")}, texts(models.Rights), "right."))
	}
	if slices.Contains(roles, models.Approver) {
		inputs = append(inputs, f.field(views.Field{Name: "limit", Label: f.T("powers.limit"), Hint: f.T("admin.limit_hint"), Mode: "decimal", Width: "w8", Unit: "€"}))
	}
	if slices.Contains(roles, models.Analyst) {
		reaches := []views.Option{{Text: f.T("admin.reach_none")}}
		for _, reach := range []models.Reach{models.ReachOwn, models.ReachAll} {
			reaches = append(reaches, views.Option{Value: string(reach), Text: f.T("reach." + string(reach))})
		}
		inputs = append(inputs, f.choose(views.Select{Name: "reach", Label: f.T("powers.reach"), Hint: f.T("admin.reach_hint"), Options: reaches}))
	}
	return inputs
}

// boxes are a group of boxes for values, whose words are messages under a prefix.
func (f *filled) boxes(in views.Choices, values []string, prefix string) views.Input {
	in.ID, in.Error = in.Name, f.problem(in.Name)
	for _, value := range values {
		in.Options = append(in.Options, views.Option{Value: value, Text: f.T(prefix + value), Chosen: slices.Contains(f.chosen(in.Name), value)})
	}
	return views.Input{Choices: &in}
}

// typedPowers are the powers that a form was sent with. What is wrong with them, but
// for a limit that cannot be read, the model says; a limit that cannot be read is
// none.
func typedPowers(r *web.Request) identity.Powers {
	p := identity.Powers{Reach: models.Reach(r.Form("reach"))}
	for _, role := range r.Forms("roles") {
		p.Roles = append(p.Roles, models.Role(role))
	}
	for _, right := range r.Forms("rights") {
		p.Rights = append(p.Rights, models.Right(right))
	}
	if d, err := locale.ParseDecimal(strings.TrimSpace(r.Form("limit"))); err == nil {
		if m, err := d.Money("EUR"); err == nil {
			p.Limit = m.Minor
		}
	}
	return p
}
