package handlers

import (
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/lifecycle"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/chart"
)

const compareOwnEnd = "/compare"

// showOwnCompare compares owning a system with subscribing to services.
func (s *Site) showOwnCompare(r *web.Request) (web.Reply, error) {
	var c *ownCase
	err := s.DB.Read(r.Context(), func(d db.Reader) (err error) {
		c, err = s.ownCase(r, d)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return s.ownComparePage(r, c)
}

func (s *Site) ownComparePage(r *web.Request, c *ownCase) (web.Reply, error) {
	page := views.ProjectPage{Heading: c.T("own.title", c.system.NameIn(c.Tag)), Text: []string{c.T("own.text"), c.sunkWords()}, Links: []views.Link{c.link(systemPath(c.system.ID, ""), "systems.back")}}
	if c.assumed {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Warn, Title: c.T("own.assumed"), Text: c.T("own.assumed_text")})
	}
	if len(c.owned.Numbers) <= 2 { // renewal and ending are always asked for
		page.Notices = append(page.Notices, views.Notice{Kind: views.Warn, Title: c.T("systems.no_costs"), Text: c.T("own.no_costs_text"), Link: c.link(systemPath(c.system.ID, "/costs"), "systems.costs")})
	}
	for i, o := range c.offers {
		parts, notices, err := s.offerParts(r, c, o, i)
		if err != nil {
			return web.Reply{}, err
		}
		page.Notices, page.Parts = append(page.Notices, notices...), append(page.Parts, parts...)
	}
	if len(c.offers) > 1 {
		table, err := c.summaryGrid().table(r, c.compared(), whole(len(c.compared())))
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append([]views.ProjectPart{{Heading: c.T("own.side_by_side"), Table: &table}}, page.Parts...)
	}
	page.Parts = append(page.Parts, s.candidateParts(c)...)
	page.Parts = append(page.Parts, views.ProjectPart{Heading: c.T("own.assumptions"), Text: []string{c.T("own.assumptions_text"), c.T("own.rate_text", c.decimalText(c.rate.Rate.String()), c.rate.Jurisdiction, c.Date(c.rate.ValidFrom), c.rate.Source)}, Ask: c.form()})
	page.Shell = c.page(page.Heading, c.link(systemsPath, "systems.title"), views.Link{URL: at(c.Tag, systemPath(c.system.ID, "")), Text: c.system.NameIn(c.Tag)})
	page.Section = systemsSection
	return web.Status(statusOf(page.Errors), page), nil
}

// sunkWords say what was spent before and is not counted.
func (c *ownCase) sunkWords() string {
	return c.T("own.sunk", c.ratMoney(c.before), c.ratMoney(c.book))
}

// ratMoney writes an amount in euros, rounded to the cent.
func (w speaker) ratMoney(r *big.Rat) string {
	if r == nil {
		return "–"
	}
	e, err := lifecycle.Round(r, 2)
	if err != nil {
		return "–"
	}
	return w.Rounded(e, "EUR")
}

// ratText writes a number with decimals.
func (w speaker) ratText(r *big.Rat, places int) string {
	if r == nil {
		return w.T("own.never")
	}
	e, err := lifecycle.Round(r, places)
	if err != nil {
		return "–"
	}
	return w.Exact(e, "")
}

// compared are the offers that could be compared.
func (c *ownCase) compared() (all []*ownOffer) {
	for _, o := range c.offers {
		if o.result != nil {
			all = append(all, o)
		}
	}
	return all
}

// verdict says in a sentence what the comparison comes to. There is no winner where the
// answer is not sure.
func (c *ownCase) verdict(o *ownOffer) views.Notice {
	r := o.result
	amount := c.ratMoney(new(big.Rat).Abs(r.Saving))
	years := c.N("price.year_count", int64(c.years))
	percent := "–"
	if r.Percent != nil {
		percent = c.ratText(new(big.Rat).Abs(r.Percent), 2) + " %"
	}
	short := map[string]string{"own.service_less": "own.service_less_short", "own.owned_less": "own.owned_less_short"}
	key := "own.service_less"
	if r.Saving.Sign() < 0 {
		key = "own.owned_less"
	}
	n := views.Notice{Kind: views.Info, Title: c.T(key, o.name, amount, years, percent), Text: c.crossingWords(r)}
	if r.Undecided {
		turned := 0
		for _, v := range r.Cases {
			if v.Saving.Sign() != r.Saving.Sign() {
				turned++
			}
		}
		n.Kind, n.Title = views.Warn, c.T("own.undecided", o.name, years)
		n.Text = c.T("own.undecided_text", c.T(short[key], amount), c.Number(int64(turned)), c.Number(int64(len(r.Cases)))) + " " + n.Text
	}
	return n
}

// crossingWords say when the lines of what was paid cross.
func (c *ownCase) crossingWords(r *lifecycle.Result) string {
	switch {
	case r.ServiceBelow != nil:
		return c.T("own.service_crosses", c.Number(int64(*r.ServiceBelow)))
	case r.OwnedBelow != nil:
		return c.T("own.owned_crosses", c.Number(int64(*r.OwnedBelow)))
	}
	return c.T("own.never_crosses")
}

// offerParts show one service beside the system.
func (s *Site) offerParts(r *web.Request, c *ownCase, o *ownOffer, n int) (parts []views.ProjectPart, notices []views.Notice, err error) {
	if o.problem != "" {
		return nil, []views.Notice{{Kind: views.Warn, Title: o.name, Text: c.T(o.problem), Link: views.Link{URL: at(c.Tag, servicePath(o.card.ID, o.card.Slug)), Text: o.name}}}, nil
	}
	if o.result == nil {
		return nil, nil, nil // something is wrong with what was typed
	}
	notices = append(notices, c.verdict(o))
	if level := c.levelNotice(o); level.Title != "" {
		notices = append(notices, level)
	}
	lines, err := c.lineGrid(o, n).table(r, c.lines(o), whole(len(c.lines(o))))
	if err != nil {
		return nil, nil, err
	}
	varied, err := c.variedGrid(o, n).table(r, o.result.Cases, whole(len(o.result.Cases)))
	if err != nil {
		return nil, nil, err
	}
	facts, err := c.answerFacts(o)
	if err != nil {
		return nil, nil, err
	}
	lines.Files = c.ownFiles(o)
	q := url.Values{"service": {lowerNumber(o.card.ID)}}
	if !c.served.IsZero() {
		q.Set(fieldUnit+c.system.Unit, c.served.String())
	}
	links := []views.Link{{URL: at(c.Tag, addPath+"?"+q.Encode()), Text: c.T("own.start_project"), For: o.name}}
	if keepsSystem(r.Actor, c.system) {
		links = append(links, views.Link{URL: at(c.Tag, c.address(systemPath(c.system.ID, "/comparisons/new"), o)), Text: c.T("own.keep"), For: o.name})
	}
	return []views.ProjectPart{
		{Heading: c.T("own.against", o.name, c.planWords(o)), Facts: facts, Figures: []chart.Chart{c.drawn(o, n)}, Table: &lines, Text: []string{c.T("own.rounding")}, Links: links},
		{Heading: c.T("own.sure", o.name), Text: []string{c.T("own.sure_text")}, Table: &varied},
	}, notices, nil
}

// planWords are the name of a plan and what it costs a year.
func (c *ownCase) planWords(o *ownOffer) string {
	return c.T("own.plan", c.cents(o.quote.Year))
}

// levelNotice complains where nobody can say whether both sides promise the same.
func (c *ownCase) levelNotice(o *ownOffer) views.Notice {
	theirs := ""
	for _, a := range o.edition.Answers {
		if a.Question == "availability" && len(a.Values) == 1 {
			theirs = a.Values[0]
		}
	}
	own := c.numberIn(fieldOwnLevel)
	switch {
	case theirs == "" || own.IsZero():
		return views.Notice{Kind: views.Warn, Title: c.T("own.level_unknown"), Text: c.T("own.level_text", orDash(c.decimalText(theirs)), orDash(c.typed(fieldOwnLevel)))}
	default:
		if e, err := models.ParseExact(theirs); err == nil && e.Cmp(own) < 0 {
			return views.Notice{Kind: views.Warn, Title: c.T("own.level_lower"), Text: c.T("own.level_text", c.decimalText(theirs), c.typed(fieldOwnLevel))}
		}
	}
	return views.Notice{}
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// answerFacts are the results besides the lines.
func (c *ownCase) answerFacts(o *ownOffer) (rows []views.Row, err error) {
	r, k := o.result, &o.kase
	row := func(key, owned, service string) {
		rows = append(rows, views.Row{Key: c.T(key), Value: views.Words{Text: c.T("own.both", owned, service)}})
	}
	one := func(key, text, note string) {
		rows = append(rows, views.Row{Key: c.T(key), Value: views.Words{Text: text}, Note: note})
	}
	row("own.present", c.ratMoney(r.Owned.Present), c.ratMoney(r.Service.Present))
	row("own.cash", c.ratMoney(r.Owned.Total), c.ratMoney(r.Service.Total))
	row("own.equal_year", c.ratMoney(r.Owned.Yearly), c.ratMoney(r.Service.Yearly))
	if r.Owned.EachUser != nil {
		row("own.each_user", c.ratMoney(r.Owned.EachUser), c.ratMoney(r.Service.EachUser))
	}
	if r.Owned.RunShare != nil && r.Service.RunShare != nil {
		row("own.run_share", c.ratText(r.Owned.RunShare, 2)+" %", c.ratText(r.Service.RunShare, 2)+" %")
	}
	code := "fee"
	if k.Users != "" {
		code = "price"
		users, err := k.BreakEven(lifecycle.ServiceSide, "users")
		if err != nil {
			return nil, err
		}
		one("own.even_users", c.ratText(users, 0), c.T("own.even_users_text", c.unitName(c.system.Unit, models.Whole(2))))
	}
	price, err := k.BreakEven(lifecycle.ServiceSide, code)
	if err != nil {
		return nil, err
	}
	one("own.even_price", c.ratMoneyFour(price), c.T("own.even_price_text"))
	rise, err := k.Rise(code)
	if err != nil {
		return nil, err
	}
	text := c.T("own.never")
	if rise != nil {
		text = c.ratText(rise, 2) + " %"
	}
	one("own.even_rise", text, c.T("own.even_rise_text"))
	return rows, nil
}

// ratMoneyFour writes a price with four decimals.
func (w speaker) ratMoneyFour(r *big.Rat) string {
	if r == nil {
		return w.T("own.never")
	}
	return w.ratText(r, 4) + " €"
}

// drawn is what was paid until each year, as lines.
func (c *ownCase) drawn(o *ownOffer, n int) chart.Chart {
	fig := chart.Chart{ID: "own-" + strconv.Itoa(n), Kind: chart.Lines, Title: c.T("own.figure"), Message: c.crossingWords(o.result), Currency: "EUR", Basis: c.T("ledger.without_vat"), Series: []string{c.T("own.owning"), c.T("own.subscribing")}}
	for year := range o.result.Owned.Together {
		own, _ := lifecycle.Round(o.result.Owned.Together[year], 2)
		service, _ := lifecycle.Round(o.result.Service.Together[year], 2)
		fig.Rows = append(fig.Rows, chart.Row{Label: c.yearName(year), Values: chart.Known(own, service)})
	}
	return fig
}

// yearName is what a year of a comparison is called.
func (c *ownCase) yearName(year int) string {
	if year == 0 {
		return c.T("own.now")
	}
	return strconv.Itoa(c.day.Time().Year() + year)
}

// candidateParts lead to the services that the system can be compared with.
func (s *Site) candidateParts(c *ownCase) []views.ProjectPart {
	part := views.ProjectPart{Heading: c.T("own.candidates"), Text: []string{c.T("own.candidates_text")}}
	if c.system.Category == "" {
		part.Text = []string{c.T("systems.no_category")}
		return []views.ProjectPart{part}
	}
	req := search.Request{Filters: []search.Filter{{Group: search.GroupCategory, Values: []string{c.system.Category}}}, Limit: mostCandidates}
	if u, ok := s.Schema.Unit(c.system.Unit); ok && !c.served.IsZero() {
		if n, err := models.ParseDecimal(c.served.String()); err == nil {
			req.Volume, req.Sort = &search.Volume{Unit: c.system.Unit, Amount: n, Flow: u.Flow}, search.ByPrice
		}
	}
	for _, hit := range s.Index.Search(req).Hits {
		card := hit.Card()
		for _, plan := range card.Plans {
			key := lowerNumber(card.ID) + "." + plan.Code
			if slices.ContainsFunc(c.offers, func(o *ownOffer) bool { return o.key == key || o.key == lowerNumber(card.ID) && o.plan == plan.Code }) {
				continue
			}
			name, _ := c.nameAndSummary(card.Words)
			text := name.Text
			if len(card.Plans) > 1 {
				text += ", " + views.In(plan.Name, c.Tag).Text
			}
			q := c.query(nil)
			q.Add(fieldOffer, key)
			if len(q[fieldOffer]) <= mostOffers {
				part.Links = append(part.Links, views.Link{URL: at(c.Tag, systemPath(c.system.ID, compareOwnEnd)+"?"+q.Encode()), Text: text})
			}
		}
	}
	if len(part.Links) == 0 {
		part.Text = []string{c.T("own.no_candidates")}
	}
	return []views.ProjectPart{part}
}

// mostCandidates is how many services are offered for a comparison.
const mostCandidates = 20

// query is what the address asks for: with one offer only where one is given.
func (c *ownCase) query(only *ownOffer) url.Values {
	q := url.Values{}
	for name, values := range c.kept {
		q[name] = values
	}
	for _, o := range c.offers {
		if only == nil || only == o {
			q.Add(fieldOffer, o.key)
		}
	}
	return q
}

func (c *ownCase) address(path string, only *ownOffer) string {
	return path + "?" + c.query(only).Encode()
}

// ownFiles lead to the lines of a comparison as files.
func (c *ownCase) ownFiles(o *ownOffer) (links []views.Link) {
	path := systemPath(c.system.ID, compareOwnEnd)
	for _, kind := range fileKinds() {
		links = append(links, views.Link{URL: at(c.Tag, c.address(path+"."+kind, o)), Text: strings.ToUpper(kind), For: o.name})
	}
	return links
}

// ownCompareFile answers with the lines of a comparison as a file.
func (s *Site) ownCompareFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		var c *ownCase
		err := s.DB.Read(r.Context(), func(d db.Reader) (err error) {
			c, err = s.ownCase(r, d)
			return err
		})
		if err != nil {
			return web.Reply{}, err
		}
		if len(c.compared()) == 0 {
			return web.Reply{}, models.ErrNotFound
		}
		o := c.compared()[0]
		return c.lineGrid(o, 0).file(r, c.lines(o), kind)
	}
}
