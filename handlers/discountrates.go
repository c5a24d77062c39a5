package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/systems"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const discountRatesPath = "/admin/discount-rates"

// listDiscountRates lists the rates by which comparisons discount, and asks for another
// one.
func (s *Site) listDiscountRates(r *web.Request) (web.Reply, error) {
	return s.discountRatesPage(r, s.fresh(r, map[string]string{"from_year": "0", "to_year": "30", "nature": "real"}), http.StatusOK)
}

func (s *Site) discountRatesPage(r *web.Request, f *filled, status int) (web.Reply, error) {
	all, err := systems.DiscountRates(r.Context(), s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	g := f.rateGrid()
	return g.answer(r, all, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("rates.title"), Text: []string{f.T("rates.text")}, Found: f.N("rates.count", int64(part.Total)), Table: t, AddHead: f.T("rates.add"), Add: &views.Form{Action: at(f.Tag, discountRatesPath), Button: f.T("form.save"), Inputs: []views.Input{
			f.field(views.Field{Name: "jurisdiction", Label: f.T("rates.jurisdiction"), Width: "w30", Needed: true}), f.field(views.Field{Name: "rate", Label: f.T("own.rate"), Mode: "decimal", Width: "w8", Unit: "%", Needed: true}),
			f.choose(views.Select{Name: "nature", Label: f.T("own.nature"), Options: f.options("own.nature.", systems.Natures()...)}), f.field(views.Field{Name: "valid_from", Label: f.T("rates.valid_from"), Hint: f.T("systems.day_hint"), Width: "w12", Needed: true}),
			f.field(views.Field{Name: "from_year", Label: f.T("rates.from_year"), Mode: "numeric", Width: "w4"}), f.field(views.Field{Name: "to_year", Label: f.T("rates.to_year"), Mode: "numeric", Width: "w4"}),
			f.field(views.Field{Name: "source", Label: f.T("rates.source"), Width: "w60", Needed: true}), f.field(views.Field{Name: "checked_on", Label: f.T("rates.checked"), Hint: f.T("systems.day_hint"), Width: "w12"}),
			f.ticksOf(views.Choices{Name: "preferred", Legend: f.T("rates.preferred"), Options: []views.Option{{Value: "1", Text: f.T("rates.preferred_tick")}}})}}}
		p.Shell = f.adminPage(part.title(f.speaker, p.Heading))
		if status != http.StatusOK && len(p.Errors) == 0 {
			p.Errors = f.errors
		}
		return p, nil
	})
}

func (f *filled) rateGrid() *grid[systems.DiscountRate] {
	return &grid[systems.DiscountRate]{speaker: f.speaker, id: "rates", caption: f.T("rates.title"), path: discountRatesPath, files: true, sorted: true, empty: views.Empty{Title: f.T("rates.none")}, columns: []column[systems.DiscountRate]{
		{code: "jurisdiction", head: f.T("rates.jurisdiction"), cell: func(x systems.DiscountRate) views.Cell {
			c := words(x.Jurisdiction)
			if x.Preferred {
				c.Tags = []views.Tag{{Kind: views.OK, Text: f.T("rates.is_preferred")}}
			}
			return c
		}},
		{code: "rate", head: f.T("own.rate"), number: true, cell: func(x systems.DiscountRate) views.Cell { return words(f.Exact(x.Rate, "") + " %") }, value: func(x systems.DiscountRate) any { return x.Rate }},
		{code: "nature", head: f.T("own.nature"), cell: func(x systems.DiscountRate) views.Cell { return words(f.T("own.nature." + x.Nature)) }},
		{code: "years", head: f.T("rates.years"), cell: func(x systems.DiscountRate) views.Cell {
			return words(f.T("matching.from_to", strconv.Itoa(x.FromYear), strconv.Itoa(x.ToYear)))
		}},
		{code: "valid_from", head: f.T("rates.valid_from"), cell: func(x systems.DiscountRate) views.Cell { return words(f.Date(x.ValidFrom)) }, value: func(x systems.DiscountRate) any { return x.ValidFrom }},
		{code: "source", head: f.T("rates.source"), cell: func(x systems.DiscountRate) views.Cell { return words(x.Source) }},
		{code: "checked_on", head: f.T("rates.checked"), value: func(x systems.DiscountRate) any { return x.Checked }, cell: func(x systems.DiscountRate) views.Cell {
			if x.Checked.IsZero() {
				return words(f.T("rates.unchecked"))
			}
			return words(f.Date(x.Checked))
		}},
	}}
}

// discountRatesFile answers with the same as a file.
func (s *Site) discountRatesFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		all, err := systems.DiscountRates(r.Context(), s.DB)
		if err != nil {
			return web.Reply{}, err
		}
		return s.fresh(r, nil).rateGrid().file(r, all, kind)
	}
}

// addDiscountRate adds a rate.
func (s *Site) addDiscountRate(r *web.Request) (web.Reply, error) {
	wrong := models.Invalid{}
	one := systems.DiscountRate{Jurisdiction: clean(r.Form("jurisdiction")), Nature: r.Form("nature"), ValidFrom: typedDay(r, "valid_from", wrong), Source: clean(r.Form("source")), Checked: typedDay(r, "checked_on", wrong), Preferred: r.Form("preferred") == "1"}
	n, err := locale.ParseDecimal(r.Form("rate"))
	if one.Rate = models.ExactOf(n); err != nil {
		wrong["rate"] = "rates.rate_wrong"
	}
	for field, into := range map[string]*int{"from_year": &one.FromYear, "to_year": &one.ToYear} {
		if *into, err = strconv.Atoi(strings.TrimSpace(r.Form(field))); err != nil {
			wrong["to_year"] = "rates.years_wrong"
		}
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(wrong) > 0 {
			return wrong
		}
		return systems.AddRate(r.Context(), tx, one)
	})
	if wrong, bad := invalid(err); bad {
		return s.discountRatesPage(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, discountRatesPath)).Say("rates.added"), err
}
