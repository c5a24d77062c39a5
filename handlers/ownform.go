package handlers

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/lifecycle"
	"pilveturg/models/systems"
	"pilveturg/views"
)

// form asks for everything that a comparison stands on.
func (c *ownCase) form() *views.Filter {
	text := func(name, key, unit string) views.Input {
		return c.field(views.Field{Name: name, Label: c.T(key), Mode: "decimal", Width: "w8", Unit: unit})
	}
	f := &views.Filter{Action: at(c.Tag, systemPath(c.system.ID, compareOwnEnd)), Button: c.T("own.again"), All: c.link(systemPath(c.system.ID, compareOwnEnd), "own.afresh")}
	for _, o := range c.offers {
		f.Hidden = append(f.Hidden, views.Hidden{Name: fieldOffer, Value: o.key})
	}
	f.Inputs = append(f.Inputs, text(fieldHorizon, "own.years", ""), text(fieldServed, "systems.served", ""), text(fieldGrowth, "own.growth", "%"),
		c.choose(views.Select{Name: fieldNature, Label: c.T("own.nature"), Options: c.options("own.nature.", systems.Natures()...)}), text(fieldRate, "own.rate", "%"), text(fieldInflation, "own.inflation", "%"),
		text(fieldRise, "own.rise", "%"), text(fieldOwnRise, "own.own_rise", "%"))
	for _, n := range c.owned.Numbers {
		if !strings.Contains(n.Code, "@") {
			f.Inputs = append(f.Inputs, c.field(views.Field{Name: lifecycle.OwnedSide + "." + n.Code, Label: c.T("own.owned_number", c.lineName(lifecycle.OwnedSide, n.Code)), Mode: "decimal", Width: "w12", Unit: "€"}))
		}
		if n.Code == "renewal" {
			f.Inputs = append(f.Inputs, text("renewal_year", "own.renewal_year", ""))
		}
	}
	for _, a := range assumptions() {
		if a.side != lifecycle.ServiceSide {
			continue
		}
		unit := "€"
		if a.code == "on_cost" || strings.HasSuffix(a.code, "_fte") {
			unit = ""
		}
		if a.code == "setup" && len(c.offers) > 0 {
			c.begin(a.side+"."+a.code, typedNumber(models.Money{Minor: c.offers[0].quote.Once, Currency: "EUR"}.Decimal().String()))
		}
		f.Inputs = append(f.Inputs, c.field(views.Field{Name: a.side + "." + a.code, Label: c.T("own.service_number", c.T("own.number."+a.code)), Mode: "decimal", Width: "w12", Unit: unit}))
	}
	f.Inputs = append(f.Inputs, text(fieldOverlap, "own.overlap", ""), text(fieldParallel, "own.parallel", ""), text(fieldOwnLevel, "own.level", "%"))
	return f
}

// lineName is what a line or a number of a side is called.
func (c *ownCase) lineName(side, code string) string {
	kind, year, dated := strings.Cut(code, "@")
	if side == lifecycle.OwnedSide && kind != "renewal" && kind != "ending" {
		name := c.T("systems.kind." + kind)
		if n, err := strconv.Atoi(year); dated && err == nil {
			return name + ", " + c.yearName(n)
		}
		return name
	}
	return c.T("own.number." + kind)
}

// ownLine is a row of the lines of a comparison.
type ownLine struct {
	side, name     string
	cash           []*big.Rat
	total, present *big.Rat
	sum            bool
}

// lines are the lines of both sides, each side with its sum.
func (c *ownCase) lines(o *ownOffer) (all []ownLine) {
	for _, one := range []struct {
		code string
		side *lifecycle.SideResult
	}{{lifecycle.OwnedSide, &o.result.Owned}, {lifecycle.ServiceSide, &o.result.Service}} {
		side := c.T("own.side." + one.code)
		for _, l := range one.side.Lines {
			if l.Total.Sign() != 0 {
				all = append(all, ownLine{side, c.lineName(one.code, l.Code), l.Cash, l.Total, l.Present, false})
			}
		}
		all = append(all, ownLine{side, c.T("own.sum"), one.side.Cash, one.side.Total, one.side.Present, true})
	}
	return all
}

// lineGrid shows what each line comes to in each year.
func (c *ownCase) lineGrid(o *ownOffer, n int) *grid[ownLine] {
	amount := func(code, head string, of func(ownLine) *big.Rat) column[ownLine] {
		return column[ownLine]{code: code, head: head, number: true, cell: func(l ownLine) views.Cell { return words(c.ratMoney(of(l))) }, value: func(l ownLine) any {
			e, err := lifecycle.Round(of(l), 2)
			if err != nil {
				return nil
			}
			return e
		}}
	}
	columns := []column[ownLine]{
		{code: "line", head: c.T("own.line"), value: func(l ownLine) any { return l.name }, cell: func(l ownLine) views.Cell {
			if l.sum {
				return words(c.T("own.sum_of", l.side))
			}
			return views.Cell{Link: views.Link{Text: l.name}, Lines: []string{l.side}}
		}},
		inFile(column[ownLine]{code: "side", head: c.T("own.side"), value: func(l ownLine) any { return l.side }}),
	}
	for year := 0; year <= c.years; year++ {
		columns = append(columns, amount("year_"+strconv.Itoa(year), c.yearName(year), func(l ownLine) *big.Rat { return l.cash[year] }))
	}
	columns = append(columns, amount("total", c.T("own.cash"), func(l ownLine) *big.Rat { return l.total }), amount("present_value", c.T("own.present"), func(l ownLine) *big.Rat { return l.present }))
	return &grid[ownLine]{speaker: c.speaker, id: "lines-" + strconv.Itoa(n), caption: c.T("own.lines", o.name), sorted: true, columns: columns}
}

// variedGrid shows how the answer changes with what it stands on.
func (c *ownCase) variedGrid(o *ownOffer, n int) *grid[lifecycle.Varied] {
	amount := func(code, key string, of func(lifecycle.Varied) *big.Rat) column[lifecycle.Varied] {
		return column[lifecycle.Varied]{code: code, head: c.T(key), number: true, cell: func(v lifecycle.Varied) views.Cell {
			cell := words(c.ratMoney(of(v)))
			if code == "saving" && v.Saving.Sign() != o.result.Saving.Sign() {
				cell.Tags = []views.Tag{{Kind: views.Warn, Text: c.T("own.turns")}}
			}
			return cell
		}}
	}
	return &grid[lifecycle.Varied]{speaker: c.speaker, id: "varied-" + strconv.Itoa(n), caption: c.T("own.sure", o.name), sorted: true, columns: []column[lifecycle.Varied]{
		{code: "what", head: c.T("own.what"), cell: func(v lifecycle.Varied) views.Cell { return words(c.variedName(v)) }},
		{code: "switch", head: c.T("own.switch"), number: true, cell: func(v lifecycle.Varied) views.Cell { return words(c.switchWords(o, v)) }},
		amount("owned", "own.owning", func(v lifecycle.Varied) *big.Rat { return v.Owned }), amount("service", "own.subscribing", func(v lifecycle.Varied) *big.Rat { return v.Other }), amount("saving", "own.saving", func(v lifecycle.Varied) *big.Rat { return v.Saving }),
	}}
}

// variedName says what of a comparison is another one.
func (c *ownCase) variedName(v lifecycle.Varied) string {
	if v.Side == "" {
		percent := new(big.Rat).Mul(v.Rate.Rat(), big.NewRat(100, 1))
		return c.T("own.at_rate", c.ratText(percent, 2))
	}
	by := new(big.Rat).Sub(v.Factor, big.NewRat(1, 1))
	sign := "−"
	if by.Sign() > 0 {
		sign = "+"
	}
	return c.T("own.varied", c.T("own.side."+v.Side), c.lineName(v.Side, v.Code), sign+c.ratText(by.Abs(by).Mul(by, big.NewRat(100, 1)), 0))
}

// switchWords say at what of a number both sides cost the same, once for each number.
func (c *ownCase) switchWords(o *ownOffer, v lifecycle.Varied) string {
	if v.Side == "" || v.Factor.Cmp(big.NewRat(1, 1)) > 0 {
		return ""
	}
	factor, err := o.kase.Switch(v.Side, v.Code)
	if err != nil {
		return "–"
	}
	return cmp.Or(c.factorWords(factor), c.T("own.never"))
}

func (c *ownCase) factorWords(factor *big.Rat) string {
	if factor == nil {
		return ""
	}
	return "× " + c.ratText(factor, 2)
}

// summaryGrid puts several services side by side.
func (c *ownCase) summaryGrid() *grid[*ownOffer] {
	amount := func(key string, of func(*lifecycle.Result) *big.Rat) column[*ownOffer] {
		return column[*ownOffer]{code: key, head: c.T(key), number: true, cell: func(o *ownOffer) views.Cell { return words(c.ratMoney(of(o.result))) }}
	}
	return &grid[*ownOffer]{speaker: c.speaker, id: "offers", caption: c.T("own.side_by_side"), sorted: true, columns: []column[*ownOffer]{
		{code: "service", head: c.T("own.service"), cell: func(o *ownOffer) views.Cell {
			return views.Cell{Link: views.Link{URL: at(c.Tag, servicePath(o.card.ID, o.card.Slug)), Text: o.name}, Lines: []string{c.planWords(o)}}
		}},
		amount("own.owning", func(r *lifecycle.Result) *big.Rat { return r.Owned.Present }), amount("own.subscribing", func(r *lifecycle.Result) *big.Rat { return r.Service.Present }), amount("own.saving", func(r *lifecycle.Result) *big.Rat { return r.Saving }),
		{code: "sure", head: c.T("own.is_sure"), cell: func(o *ownOffer) views.Cell {
			return words(c.T(map[bool]string{true: "own.not_sure", false: "own.is_sure_yes"}[o.result.Undecided]))
		}},
	}}
}
