package exchange

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// mapping is a record of AtoMapping or ReuseMapping: an agency uses a product. Of
// an agency's procs, that it means to.
type mapping struct {
	table, where    string
	product, agency string
	parent, sub     string // names of the agency
	since, until    models.Date
}

var mappingMembers = []string{"id", "agency_id", "parent", "sub", "sub_id", "ato_date", "auth_date", "exp_date", "assessment_date"}

// readMapping keeps a mapping until all agencies and products are known.
func (f *fedramp) readMapping(table, where string, it *item) {
	raw := it.exact("id")
	m := mapping{table: table, product: strings.TrimSpace(raw), agency: it.text("agency_id"),
		parent: oneLine(it.exact("parent")), sub: oneLine(it.exact("sub"))}
	m.where = where + " " + m.product
	if m.product != raw {
		it.fault(Noted, "id", "exchange.spaces", raw)
	}
	if table == "ReuseMapping" {
		if below := it.text("sub_id"); below != "" {
			m.agency = below
		}
	}
	m.since = f.date(it, "ato_date")
	m.until = f.date(it, "exp_date")
	if m.until.Before(m.since) && !m.until.IsZero() {
		it.fault(Partial, "exp_date", "exchange.ends_before", m.until.String(), m.since.String())
		m.until = models.Date{}
	}
	f.checkRest(table, it)
	f.noteNew(table, it, mappingMembers)
	f.tell(m.where, it.faults)
	f.mappings = append(f.mappings, m)
}

// date reads a member that is a day, unknown when it is not clear.
func (f *fedramp) date(it *item, member string) models.Date {
	s := it.text(member)
	d, clear := day(s)
	if !clear {
		it.fault(Partial, member, "exchange.unclear_date", shorten(s))
	}
	return d
}

// checkRest looks at the days of a mapping that no use has a place for: when the
// marketplace took note of it.
func (f *fedramp) checkRest(table string, it *item) {
	s := it.text("auth_date")
	if saysNothing(s) || table == "AtoMapping" { // there it is the product's own
		return
	}
	f.tally.left("fedramp.notice_days")
	d, clear := day(s)
	if !clear || !f.changed.IsZero() && f.changed.Before(d) {
		it.fault(Noted, "auth_date", "exchange.odd_date_left", shorten(s))
	}
}

// use makes a mapping a use of its product.
func (f *fedramp) use(m mapping) {
	if f.seen["product "+m.product] == "" {
		f.leave(m.table, m.where, fault{field: "id", key: "exchange.fedramp_no_product", args: []any{m.product}})
		return
	}
	agency, ok := f.resolve(m)
	if !ok {
		f.leave(m.table, m.where, fault{field: "agency_id", key: "exchange.fedramp_no_agency"})
		return
	}
	f.tally.kept(countOf[m.table])
	phase := catalogue.InUse
	if !m.until.IsZero() && m.until.Before(f.changed) {
		phase = catalogue.Ended
	}
	f.addUse(m.product, catalogue.Use{Organisation: agency, Phase: phase, Since: m.since, Until: m.until})
}

func (f *fedramp) addUse(product string, u catalogue.Use) {
	u.Source = catalogue.Source{Title: marketplace, URL: pageOf(product)}
	f.uses[product] = append(f.uses[product], u)
}

// resolve finds the agency of a mapping by its id or its names, or makes it of
// both. ok is false when it has neither.
func (f *fedramp) resolve(m mapping) (key models.Key, ok bool) {
	if o := f.agencies[m.agency]; o != nil {
		if full := fullName(m.parent, m.sub); m.parent != "" && f.fullNames[m.agency] != full {
			f.note(m.where, "agency_id", "exchange.fedramp_names_differ", m.agency, o.Names["en"], strings.TrimSpace(m.parent+" "+m.sub))
		}
		return o.Key, true
	}
	if k := f.byName[fullName(m.parent, m.sub)]; !k.IsZero() {
		f.note(m.where, "agency_id", "exchange.fedramp_agency_by_name", m.agency, k.Code)
		return k, true
	}
	if m.parent == "" {
		return models.Key{}, false
	}
	id := m.agency
	if id == "" {
		id = code(m.parent + " " + m.sub)
	}
	o := f.addAgency(id, m.parent, m.sub)
	f.tally.kept("fedramp.agencies_made")
	f.note(m.where, "agency_id", "exchange.fedramp_agency_made", id)
	f.makeParents()
	return o.Key, true
}

// readReviews reads which products an agency has under review.
func (f *fedramp) readReviews(agency models.Key, id string, it *item) {
	var procs []struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(it.values["procs"], &procs) != nil {
		return
	}
	for i, p := range procs {
		where := fmt.Sprintf("agency %s procs[%d] %s", id, i, p.ID)
		f.reviews = append(f.reviews, mapping{table: "procs", where: where, product: strings.TrimSpace(p.ID), agency: agency.Code})
	}
}

// plan makes a review a planned use.
func (f *fedramp) plan(m mapping) {
	if f.seen["product "+m.product] == "" {
		f.leave(m.table, m.where, fault{field: "id", key: "exchange.fedramp_no_product", args: []any{m.product}})
		return
	}
	f.tally.kept(countOf[m.table])
	f.addUse(m.product, catalogue.Use{Organisation: f.agencies[m.agency].Key, Phase: catalogue.Planned})
}

// planByPartner gives the products that are in process, and that no agency says to
// have under review, the agency they name themselves.
func (f *fedramp) planByPartner() {
	named := map[string]models.Key{}
	for _, id := range f.order {
		o := f.agencies[id]
		if name := strings.ToLower(o.Names["en"]); named[name].IsZero() {
			named[name] = o.Key
		}
	}
	for _, p := range f.products {
		partner := oneLine(p.it.exact("partnering_agency"))
		if p.it.text("status") != "FedRAMP In Process" || saysNothing(partner) || len(f.uses[p.id]) > 0 {
			continue
		}
		if k, ok := named[strings.ToLower(partner)]; ok {
			f.tally.kept("fedramp.partners")
			f.addUse(p.id, catalogue.Use{Organisation: k, Phase: catalogue.Planned})
			continue
		}
		f.tally.left("fedramp.partners")
		f.tell(p.where, []fault{{"partnering_agency", Partial, "exchange.fedramp_no_partner", []any{partner}}})
	}
}

// sortedUses returns the uses of a product by agency and day, whatever the order of
// the file. An agency with several gets parts: none for the first, then the day of
// each.
func (f *fedramp) sortedUses(product string) []catalogue.Use {
	uses := f.uses[product]
	slices.SortStableFunc(uses, func(a, b catalogue.Use) int {
		return strings.Compare(useOrder(a), useOrder(b))
	})
	parts := map[string]int{}
	for i := range uses {
		u := &uses[i]
		if i == 0 || uses[i-1].Organisation != u.Organisation {
			clear(parts)
			parts[""] = 1
			continue
		}
		u.Part = u.Since.String()
		if u.Part == "" {
			u.Part = "undated"
		}
		if parts[u.Part]++; parts[u.Part] > 1 {
			u.Part = fmt.Sprintf("%s (%d)", u.Part, parts[u.Part])
		}
	}
	return uses
}

// useOrder sorts uses whose day is not known behind the others.
func useOrder(u catalogue.Use) string {
	since := u.Since.String()
	if since == "" {
		since = "~"
	}
	return u.Organisation.Code + "\n" + since + "\n" + u.Until.String()
}
