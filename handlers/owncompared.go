package handlers

import (
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/lifecycle"
	"pilveturg/models/matching"
	"pilveturg/models/systems"
	"pilveturg/views"
)

const comparisonsEnd = "/comparisons"

// keptResult is what a comparison came to, as it is kept. Amounts are euros.
type keptResult struct {
	Service   string         `json:"service"`
	Plan      string         `json:"plan"`
	Years     int            `json:"years"`
	First     int            `json:"first_year"` // calendar year of year 1
	Rate      string         `json:"discount_rate_percent"`
	Nominal   bool           `json:"nominal"`
	Owned     models.Exact   `json:"owned_present_value"`
	Other     models.Exact   `json:"service_present_value"`
	Saving    models.Exact   `json:"saving"`
	Undecided bool           `json:"undecided"`
	OwnedCash []models.Exact `json:"owned_cash"` // from year 0 on
	OtherCash []models.Exact `json:"service_cash"`
}

// kept is what a comparison comes to, to be kept.
func (c *ownCase) keptResult(o *ownOffer) keptResult {
	two := func(r *big.Rat) models.Exact {
		e, _ := lifecycle.Round(r, 2)
		return e
	}
	k := keptResult{Service: lowerNumber(o.card.ID), Plan: o.plan, Years: c.years, First: c.day.Time().Year() + 1, Rate: c.typed(fieldRate), Nominal: c.nominal, Owned: two(o.result.Owned.Present), Other: two(o.result.Service.Present), Saving: two(o.result.Saving), Undecided: o.result.Undecided}
	for year := range o.result.Owned.Cash {
		k.OwnedCash, k.OtherCash = append(k.OwnedCash, two(o.result.Owned.Cash[year])), append(k.OtherCash, two(o.result.Service.Cash[year]))
	}
	return k
}

// showKeepComparison asks under what name a comparison is kept, and what was decided.
func (s *Site) showKeepComparison(r *web.Request) (web.Reply, error) {
	c, err := s.comparing(r)
	if err != nil {
		return web.Reply{}, err
	}
	o := c.compared()[0]
	f := s.fresh(r, map[string]string{"name": c.T("own.name_usual", c.system.NameIn(c.Tag), o.name)})
	return s.keepComparisonPage(f, c, o, http.StatusOK), nil
}

// comparing is a comparison with a service, of a system that the reader keeps.
func (s *Site) comparing(r *web.Request) (*ownCase, error) {
	var c *ownCase
	err := s.DB.Read(r.Context(), func(d db.Reader) (err error) {
		c, err = s.ownCase(r, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !keepsSystem(r.Actor, c.system) || len(c.compared()) == 0 {
		return nil, models.ErrNotFound
	}
	return c, nil
}

func (s *Site) keepComparisonPage(f *filled, c *ownCase, o *ownOffer, status int) web.Reply {
	page := views.FormPage{Heading: f.T("own.keep"), Text: []string{f.T("own.keep_text")}, Facts: []views.Row{{Key: f.T("own.service"), Value: views.Words{Text: o.name}}, {Key: f.T("own.saving"), Value: views.Words{Text: c.ratMoney(o.result.Saving)}}},
		Form: views.Form{Action: at(f.Tag, c.address(systemPath(c.system.ID, comparisonsEnd+"/new"), o)), Button: f.T("form.save"), Inputs: []views.Input{
			f.field(views.Field{Name: "name", Label: f.T("own.name"), Width: "w60", Needed: true}), f.area(views.Area{Name: "words", Label: f.T("own.words"), Hint: f.T("own.words_hint")})}},
		Links: []views.Link{{URL: at(f.Tag, c.address(systemPath(c.system.ID, compareOwnEnd), o)), Text: f.T("own.back")}}}
	page.Shell = f.page(page.Heading, f.link(systemsPath, "systems.title"), views.Link{URL: at(f.Tag, systemPath(c.system.ID, "")), Text: c.system.NameIn(f.Tag)})
	page.Section = systemsSection
	return web.Status(status, page)
}

// keepComparison keeps a comparison with what it comes to.
func (s *Site) keepComparison(r *web.Request) (web.Reply, error) {
	c, err := s.comparing(r)
	if err != nil {
		return web.Reply{}, err
	}
	o := c.compared()[0]
	result, err := json.Marshal(c.keptResult(o))
	if err != nil {
		return web.Reply{}, err
	}
	one := systems.Comparison{SystemID: c.system.ID, Name: clean(r.Form("name")), Words: severalLines(r.Form("words")), Query: c.query(o).Encode(), Result: string(result)}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return systems.KeepComparison(r.Context(), tx, &one) })
	if wrong, bad := invalid(err); bad {
		return s.keepComparisonPage(s.posted(r, wrong), c, o, http.StatusUnprocessableEntity), nil
	}
	return web.SeeOther(at(r.Lang, systemPath(c.system.ID, comparisonsEnd+"/"+strconv.FormatInt(one.ID, 10)))).Say("own.kept"), err
}

// showComparison shows a comparison as it was kept, and what became of what it promised.
func (s *Site) showComparison(r *web.Request) (web.Reply, error) {
	return s.comparisonPage(r, s.fresh(r, nil), http.StatusOK)
}

func (s *Site) comparisonPage(r *web.Request, f *filled, status int) (web.Reply, error) {
	o, err := s.systemIn(r, s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	id, err := numberIn(r, "comparison")
	if err != nil {
		return web.Reply{}, err
	}
	c, err := systems.FindComparison(r.Context(), s.DB, r.Actor, o.ID, id)
	if err != nil {
		return web.Reply{}, err
	}
	var k keptResult
	if err := json.Unmarshal([]byte(c.Result), &k); err != nil {
		return web.Reply{}, err
	}
	euros := func(e models.Exact) string { return f.Rounded(e, "EUR") }
	page := views.ProjectPage{Heading: c.Name, Text: []string{f.T("own.kept_text", f.Time(c.Created))}, Links: []views.Link{{URL: at(f.Tag, systemPath(o.ID, compareOwnEnd)+"?"+c.Query), Text: f.T("own.open")}, f.link(systemPath(o.ID, ""), "systems.back")},
		Facts: []views.Row{{Key: f.T("own.owning"), Value: views.Words{Text: euros(k.Owned)}}, {Key: f.T("own.subscribing"), Value: views.Words{Text: euros(k.Other)}}, {Key: f.T("own.saving"), Value: views.Words{Text: euros(k.Saving)}}, {Key: f.T("own.rate"), Value: views.Words{Text: k.Rate + " %"}}}}
	if k.Undecided {
		page.Notices = []views.Notice{{Kind: views.Warn, Text: f.T("own.was_undecided")}}
	}
	if c.Words != "" {
		page.Facts = append(page.Facts, views.Row{Key: f.T("own.words"), Value: views.Words{Text: c.Words}})
	}
	if page.Parts, err = s.realisedParts(r, f, o, c, &k); err != nil {
		return web.Reply{}, err
	}
	page.Shell = f.page(page.Heading, f.link(systemsPath, "systems.title"), views.Link{URL: at(f.Tag, systemPath(o.ID, "")), Text: o.NameIn(f.Tag)})
	page.Section = systemsSection
	return web.Status(status, page), nil
}

// realised is a year of what was promised beside what came.
type realised struct {
	year                int
	owned, promised, is models.Exact
	billed              bool
}

// realisedParts tell what was promised beside what is billed, and ask which subscription it
// is about.
func (s *Site) realisedParts(r *web.Request, f *filled, o *systems.System, c *systems.Comparison, k *keptResult) ([]views.ProjectPart, error) {
	part := views.ProjectPart{Heading: f.T("own.realised"), Text: []string{f.T("own.realised_text")}}
	if c.SubID != 0 {
		billed, err := matching.BilledFor(r.Context(), s.DB, r.Actor, c.SubID)
		if err != nil {
			return nil, err
		}
		rows := realisedYears(k, billed)
		table, err := f.realisedGrid().table(r, rows, whole(len(rows)))
		if err != nil {
			return nil, err
		}
		part.Table = &table
		part.Facts = []views.Row{{Key: f.T("own.subscription"), Value: views.Words{Text: subscriptionCode(c.SubID)}, URL: at(f.Tag, subscriptionPath(c.SubID, ""))}}
		if !contracts.Reads(r.Actor) || r.Actor.OrgID != o.OrgID {
			part.Facts[0].URL = ""
		}
	}
	if keepsSystem(r.Actor, o) && contracts.Reads(r.Actor) {
		form, err := s.linkForm(r, f, o, c)
		if err != nil {
			return nil, err
		}
		part.Forms = []views.Form{form}
	}
	return []views.ProjectPart{part}, nil
}

// realisedYears are the years of the comparison, with what was billed in them.
func realisedYears(k *keptResult, billed []matching.YearBilled) (rows []realised) {
	for year := 1; year < len(k.OwnedCash); year++ {
		one := realised{year: k.First + year - 1, owned: k.OwnedCash[year], promised: k.OtherCash[year]}
		for _, b := range billed {
			if b.Year == strconv.Itoa(one.year) {
				one.is, one.billed = b.Euros, true
			}
		}
		rows = append(rows, one)
	}
	for _, b := range billed { // it began before the year that was reckoned first
		if year, err := strconv.Atoi(b.Year); err == nil && year < k.First {
			rows = append(rows, realised{year: year, is: b.Euros, billed: true})
		}
	}
	slices.SortFunc(rows, func(a, b realised) int { return a.year - b.year })
	return rows
}

func (f *filled) realisedGrid() *grid[realised] {
	less := func(a, b models.Exact) models.Exact {
		d, _ := a.Sub(b)
		return d
	}
	amount := func(code, key string, of func(realised) (models.Exact, bool)) column[realised] {
		return column[realised]{code: code, head: f.T(key), number: true, cell: func(x realised) views.Cell {
			e, known := of(x)
			if !known {
				return words("–")
			}
			return words(f.Rounded(e, "EUR"))
		}}
	}
	return &grid[realised]{speaker: f.speaker, id: "realised", caption: f.T("own.realised"), sorted: true, columns: []column[realised]{
		{code: "year", head: f.T("ledger.year"), cell: func(x realised) views.Cell { return words(strconv.Itoa(x.year)) }},
		amount("owned", "own.owning_paid", func(x realised) (models.Exact, bool) { return x.owned, true }), amount("promised", "own.subscribing_promised", func(x realised) (models.Exact, bool) { return x.promised, true }),
		amount("promised_saving", "own.saving_promised", func(x realised) (models.Exact, bool) { return less(x.owned, x.promised), true }),
		amount("billed", "own.billed", func(x realised) (models.Exact, bool) { return x.is, x.billed }), amount("realised_saving", "own.saving_realised", func(x realised) (models.Exact, bool) { return less(x.owned, x.is), x.billed }),
	}}
}

// linkForm asks which subscription a comparison led to.
func (s *Site) linkForm(r *web.Request, f *filled, o *systems.System, c *systems.Comparison) (views.Form, error) {
	subs, err := contracts.All(r.Context(), s.DB, r.Actor)
	if err != nil {
		return views.Form{}, err
	}
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, f.speaker, subs, names); err != nil {
		return views.Form{}, err
	}
	if c.SubID != 0 {
		f.begin(fieldSubscription, strconv.FormatInt(c.SubID, 10))
	}
	options := []views.Option{{Text: f.T("own.no_subscription")}}
	for i := range subs {
		options = append(options, views.Option{Value: strconv.FormatInt(subs[i].ID, 10), Text: subs[i].Code() + " " + names[subs[i].ID].Text})
	}
	return views.Form{Action: at(f.Tag, systemPath(o.ID, comparisonsEnd+"/"+strconv.FormatInt(c.ID, 10)+"/subscription")), Button: f.T("own.link"), Inputs: []views.Input{f.choose(views.Select{Name: fieldSubscription, Label: f.T("own.subscription"), Options: options})}}, nil
}

// linkComparison says which subscription a comparison led to.
func (s *Site) linkComparison(r *web.Request) (web.Reply, error) {
	o, err := s.systemIn(r, s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	id, err := numberIn(r, "comparison")
	if err != nil {
		return web.Reply{}, err
	}
	sub, _ := strconv.ParseInt(r.Form(fieldSubscription), 10, 64)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return systems.LinkComparison(r.Context(), tx, o.ID, id, sub)
	})
	if wrong, bad := invalid(err); bad {
		return s.comparisonPage(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, systemPath(o.ID, comparisonsEnd+"/"+strconv.FormatInt(id, 10)))).Say("own.linked"), err
}

// comparisonsPart lists the comparisons of a system.
func (s *Site) comparisonsPart(r *web.Request, d db.Reader, f *filled, o *systems.System) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: f.T("own.heading"), Text: []string{f.T("own.part_text")}, Links: []views.Link{f.link(systemPath(o.ID, compareOwnEnd), "own.begin")}}
	all, err := systems.Comparisons(r.Context(), d, r.Actor, o.ID)
	for i := range all {
		part.Links = append(part.Links, views.Link{URL: at(f.Tag, systemPath(o.ID, comparisonsEnd+"/"+strconv.FormatInt(all[i].ID, 10))), Text: f.T("own.kept_on", all[i].Name, f.Date(models.DateOf(all[i].Created.Time)))})
	}
	return part, err
}

// ownAddress is where a system is compared with one plan of a service.
func ownAddress(system, service int64, plan string) string {
	return systemPath(system, compareOwnEnd) + "?" + url.Values{fieldOffer: {lowerNumber(service) + "." + plan}}.Encode()
}
