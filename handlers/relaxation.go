package handlers

import (
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
)

// relaxation says what each demand costs, over the whole catalogue.
func (s *Site) relaxation(r *web.Request, p *purchase) ([]views.ProjectPart, error) {
	w := procurement.Weigh(s.Index, s.Schema, &p.Project, p.asked)
	cards, err := s.cheapestOf(r, &w)
	if err != nil {
		return nil, err
	}
	x := relaxed{p, w, cards}
	part := views.ProjectPart{Heading: p.T("relax.title"), Text: append(x.summary(s), x.costs()...)}
	if len(w.Drops) > 0 {
		drops, err := x.drops().table(r, w.Drops, whole(len(w.Drops)))
		if err != nil {
			return nil, err
		}
		part.Table = &drops
	}
	parts := []views.ProjectPart{part}
	if len(w.Pairs) > 0 {
		pairs, err := x.pairs().table(r, w.Pairs, whole(len(w.Pairs)))
		if err != nil {
			return nil, err
		}
		parts = append(parts, views.ProjectPart{Heading: p.T("relax.pairs"), Text: []string{p.T("relax.pairs_text")}, Table: &pairs})
	}
	return parts, nil
}

// relaxed words what requirements cost.
type relaxed struct {
	*purchase
	weighed procurement.Weighed
	cards   map[int64]catalogue.Card // of the services that cost least
}

// cheapestOf reads the services that cost least.
func (s *Site) cheapestOf(r *web.Request, w *procurement.Weighed) (map[int64]catalogue.Card, error) {
	ids := []int64{w.All.ID}
	for _, d := range w.Drops {
		ids = append(ids, d.Left.ID, d.Lost.ID)
	}
	for _, one := range w.Pairs {
		ids = append(ids, one.Left.ID)
	}
	found, err := catalogue.Cards(r.Context(), s.DB, ids)
	cards := map[int64]catalogue.Card{}
	for _, c := range found {
		cards[c.ID] = c
	}
	return cards, err
}

// summary says what was looked at, and how much of it meets every must.
func (x *relaxed) summary(s *Site) []string {
	scope := x.T("relax.whole_catalogue")
	if c, ok := s.Schema.Category(x.Category); ok {
		scope = views.In(c.Names, x.Tag).Text
	}
	lines := []string{x.T("relax.looked", x.N("project.service_count", int64(x.weighed.Looked.Total)), scope, x.volumeSaid(s))}
	if x.weighed.Musts == 0 {
		lines = append(lines, x.T("relax.no_musts"))
		return append(lines, x.unchecked()...)
	}
	if x.weighed.All.Total == 0 {
		return append(append(lines, x.N("relax.none_meets", int64(x.weighed.Musts))), x.unchecked()...)
	}
	lines = append(lines, x.T("relax.all", x.N("relax.met_by", int64(x.weighed.All.Total)), x.N("relax.musts", int64(x.weighed.Musts)), x.cheapest(x.weighed.All)))
	return append(lines, x.unchecked()...)
}

func (x *relaxed) volumeSaid(s *Site) string {
	if x.Asked(s.Schema) == nil {
		return x.T("relax.no_volume")
	}
	return x.T("relax.priced_for", s.volumeWords(x.purchase))
}

func (x *relaxed) unchecked() []string {
	if x.weighed.Unchecked == 0 {
		return nil
	}
	return []string{x.N("relax.unchecked", int64(x.weighed.Unchecked))}
}

// costs says which one or two demands cost most, when that is half of the choice or
// more.
func (x *relaxed) costs() []string {
	all := x.weighed.All.Total
	if d := x.weighed.Drops; len(d) > 0 && d[0].Lost.Total > 0 && d[0].Lost.Total >= all {
		return []string{x.T("relax.one_costs", d[0].Requirement.Words, x.Number(int64(d[0].Lost.Total)), x.Number(int64(d[0].Left.Total)))}
	}
	if pairs := x.weighed.Pairs; len(pairs) > 0 && pairs[0].Gain >= all {
		return []string{x.T("relax.two_cost", pairs[0].First.Words, pairs[0].Second.Words, x.Number(int64(pairs[0].Gain)), x.Number(int64(pairs[0].Left.Total)))}
	}
	return nil
}

// euros words a yearly price in minor units.
func (x *relaxed) euros(minor int64) string {
	return x.T("project.a_year", x.short(models.Money{Minor: minor, Currency: search.Currency}.Decimal(), search.Currency))
}

// cheapest words what the cheapest of some services costs.
func (x *relaxed) cheapest(k search.Stock) string {
	if k.ID == 0 {
		return x.T("relax.none_priced")
	}
	return x.T("relax.cheapest", x.euros(k.Cheapest))
}

// stockCell is the cheapest of some services, and how many of them have no price.
func (x *relaxed) stockCell(k search.Stock) views.Cell {
	c := words(x.T("relax.none_priced"))
	if k.Total == 0 {
		return words("–")
	}
	if card, ok := x.cards[k.ID]; ok {
		name, _ := x.nameAndSummary(card.Words)
		c = views.Cell{Link: views.Link{URL: at(x.Tag, servicePath(card.ID, card.Slug)), Text: name.Text, Lang: name.Lang}, Lines: []string{x.euros(k.Cheapest)}}
	}
	if k.OnRequest > 0 {
		c.Lines = append(c.Lines, x.N("relax.on_request", int64(k.OnRequest)))
	}
	if k.Unpriced > 0 {
		c.Lines = append(c.Lines, x.N("relax.unpriced", int64(k.Unpriced)))
	}
	return c
}

// drops shows what would be left without each must.
func (x *relaxed) drops() *grid[procurement.Drop] {
	return &grid[procurement.Drop]{speaker: x.speaker, id: "drops", caption: x.T("relax.caption"), columns: []column[procurement.Drop]{
		{head: x.T("relax.without"), cell: func(d procurement.Drop) views.Cell {
			c := words(d.Requirement.Words)
			if d.Requirement.Why != "" {
				c.Lines = []string{x.T("requirement.asked_for_by", d.Requirement.Why)}
			}
			return c
		}},
		{head: x.T("relax.left"), number: true, cell: func(d procurement.Drop) views.Cell {
			c := words(x.Number(int64(d.Left.Total)))
			if d.Lost.Total > 0 {
				c.Lines = []string{x.T("relax.more", x.Number(int64(d.Lost.Total)))}
			}
			if d.Unsaid > 0 {
				c.Lines = append(c.Lines, x.N("relax.unsaid", int64(d.Unsaid)))
			}
			return c
		}},
		{head: x.T("relax.cheapest_left"), cell: func(d procurement.Drop) views.Cell { return x.stockCell(d.Left) }},
		{head: x.T("relax.cheapest_lost"), cell: func(d procurement.Drop) views.Cell { return x.stockCell(d.Lost) }},
	}}
}

// pairs shows what would be left without two of them.
func (x *relaxed) pairs() *grid[procurement.Pair] {
	return &grid[procurement.Pair]{speaker: x.speaker, id: "pairs", caption: x.T("relax.pairs_caption"), columns: []column[procurement.Pair]{
		{head: x.T("relax.without"), cell: func(d procurement.Pair) views.Cell {
			return words(x.T("relax.both", d.First.Words, d.Second.Words))
		}},
		{head: x.T("relax.left"), number: true, cell: func(d procurement.Pair) views.Cell {
			c := words(x.Number(int64(d.Left.Total)))
			c.Lines = []string{x.T("relax.more", x.Number(int64(d.Gain)))}
			return c
		}},
		{head: x.T("relax.cheapest_left"), cell: func(d procurement.Pair) views.Cell { return x.stockCell(d.Left) }},
	}}
}
