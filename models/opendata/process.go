package opendata

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/procurement"
	"pilveturg/models/spend"
	"pilveturg/models/spend/ocds"
)

// history is a process as its releases are made.
type history struct {
	ctx      context.Context
	g        *gatherer
	p        *process
	ocid     string
	releases []ocds.Release
	roles    map[ocds.ID][]string // of parties, as far as the releases came
	paid     int                  // transactions
	err      error
}

// releases are what happened in a process, in that order.
func (g *gatherer) releases(ctx context.Context, p *process) (*history, error) {
	h := &history{ctx: ctx, g: g, p: p, roles: map[ocds.ID][]string{}}
	h.ocid = g.o.prefix() + "-"
	if p.project != nil {
		h.ocid += strings.ToLower(p.project.Code())
		h.planned()
		h.decided()
	} else {
		h.ocid += strings.ToLower(p.bought[0].Code())
	}
	for _, b := range p.bought {
		h.subscribed(b)
		h.amended(b)
		h.implemented(b)
	}
	slices.SortStableFunc(h.releases, func(a, b ocds.Release) int { return strings.Compare(a.Date, b.Date) })
	h.nameRoles()
	return h, h.err
}

// add adds a release of an event.
func (h *history) add(event string, at time.Time, tags ...string) *ocds.Release {
	h.releases = append(h.releases, ocds.Release{OCID: h.ocid, ID: ocds.ID(h.ocid + "-" + event), Date: at.UTC().Format(time.RFC3339), Tag: tags, InitiationType: "tender", Language: h.g.o.Language})
	r := &h.releases[len(h.releases)-1]
	buyer := h.name(r, h.p.org, "buyer")
	r.Buyer = &buyer
	return r
}

// name refers to an organisation in a role, and has it among the parties of a release.
func (h *history) name(r *ocds.Release, id int64, role string) ocds.OrganizationReference {
	o, err := h.g.party(h.ctx, id)
	if err != nil {
		h.err = err
		return ocds.OrganizationReference{}
	}
	name, _ := o.Names.Pick(h.g.o.Language)
	party := ocds.Party{Name: name, ID: ocds.ID(o.Key.Scheme + "-" + o.Key.Code)}
	if o.Key.Scheme == "ee-reg" {
		party.ID = ocds.ID("EE-RIK-" + o.Key.Code)
		party.Identifier = &ocds.Identifier{Scheme: "EE-RIK", ID: ocds.ID(o.Key.Code), LegalName: name}
	}
	return h.take(r, party, role)
}

// outside refers to somebody who is not known here.
func (h *history) outside(r *ocds.Release, name, role string) ocds.OrganizationReference {
	return h.take(r, ocds.Party{ID: ocds.ID("name-" + strings.ToLower(strings.Join(strings.Fields(name), "-"))), Name: name}, role)
}

func (h *history) take(r *ocds.Release, party ocds.Party, role string) ocds.OrganizationReference {
	i := slices.IndexFunc(r.Parties, func(p ocds.Party) bool { return p.ID == party.ID })
	if i < 0 {
		i = len(r.Parties)
		r.Parties = append(r.Parties, party)
	}
	if !slices.Contains(r.Parties[i].Roles, role) {
		r.Parties[i].Roles = append(r.Parties[i].Roles, role)
	}
	return ocds.OrganizationReference{ID: party.ID, Name: party.Name}
}

// nameRoles gives each party the roles that it has had up to a release: what a later
// release says of them takes the place of what an earlier one did.
func (h *history) nameRoles() {
	for i := range h.releases {
		for k := range h.releases[i].Parties {
			p := &h.releases[i].Parties[k]
			for _, role := range p.Roles {
				if !slices.Contains(h.roles[p.ID], role) {
					h.roles[p.ID] = append(h.roles[p.ID], role)
				}
			}
			p.Roles = slices.Clone(h.roles[p.ID])
		}
	}
}

// euros is an amount of euro cents.
func euros(cents int64) *ocds.Value {
	e, err := models.ParseExact(fmt.Sprintf("%d.%02d", cents/100, cents%100))
	if err != nil {
		return nil
	}
	return ocds.Money(e, "EUR")
}

func dayText(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String() + "T00:00:00Z"
}

func endText(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String() + "T23:59:59Z"
}

// planned tells of the need and of the search.
func (h *history) planned() {
	p := h.p.project
	r := h.add("planning", p.Created.Time, "planning")
	r.Planning = &ocds.Planning{Rationale: p.Name, Budget: &ocds.Budget{Project: p.Name, ProjectID: ocds.ID(p.Code())}}
	if p.Value >= 0 {
		r.Planning.Budget.Amount = euros(p.Value)
	}
	r = h.add("tender", p.LockedAt.Time, "tender")
	entity := h.name(r, h.p.org, "procuringEntity")
	r.Tender = &ocds.Tender{ID: h.tenderID(), Title: p.Name, Status: "active", ProcuringEntity: &entity, ProcurementMethodDetails: string(p.Kind), MainProcurementCategory: "services", Items: []ocds.Item{quantified(ocds.Item{ID: "1", Description: p.Name}, p.Volume, p.Unit)}}
	r.Tender.ProcurementMethod = map[procurement.Kind]string{procurement.Small: "limited", procurement.CallOff: "selective", procurement.Direct: "direct"}[p.Kind]
	if p.Value >= 0 {
		r.Tender.Value = euros(p.Value)
	}
	if p.State == procurement.Closed {
		h.add("cancelled", p.ClosedAt.Time, "tenderCancellation").Tender = &ocds.Tender{ID: h.tenderID(), Status: "cancelled"}
	}
}

func (h *history) tenderID() ocds.ID { return ocds.ID(h.ocid + "-tender") }

// awardID is the award that all contracts of a process follow.
func (h *history) awardID() ocds.ID { return ocds.ID(h.ocid + "-award") }

// quantified says how much of an item it is.
func quantified(item ocds.Item, quantity, unit string) ocds.Item {
	if e, err := models.ParseExact(quantity); err == nil {
		n := ocds.Known(e)
		item.Quantity = &n
	}
	if unit != "" {
		item.Unit = &ocds.Unit{Name: unit}
	}
	return item
}

// item is a service as an item, with the codes of its listing.
func (s service) item(quantity, unit string) []ocds.Item {
	item := quantified(ocds.Item{ID: "1", Description: s.name}, quantity, unit)
	for i, code := range s.cpv {
		c := ocds.Classification{Scheme: "CPV", ID: ocds.ID(code)}
		if i == 0 {
			item.Classification = &c
		} else {
			item.AdditionalClassifications = append(item.AdditionalClassifications, c)
		}
	}
	return []ocds.Item{item}
}

// decided tells what a project decided.
func (h *history) decided() {
	d := h.p.decision
	switch {
	case d == nil || d.ApprovedAt.IsZero():
	case d.Outcome == procurement.Service:
		r := h.add("award", d.ApprovedAt.Time, "award")
		award := ocds.Award{ID: h.awardID(), Title: h.p.project.Name, Status: "pending", Date: r.Date, Items: h.p.chosen.item(h.p.project.Volume, h.p.project.Unit)}
		if d.Cents >= 0 {
			award.Value = euros(d.Cents)
		}
		if h.p.chosen.vendor != 0 {
			award.Suppliers = []ocds.OrganizationReference{h.name(r, h.p.chosen.vendor, "supplier")}
		}
		r.Awards = []ocds.Award{award}
		if d.State == procurement.Awarded && !d.EndedAt.IsZero() {
			r = h.add("awarded", d.EndedAt.Time, "awardUpdate", "tenderUpdate")
			r.Tender = &ocds.Tender{ID: h.tenderID(), Status: "complete"}
			r.Awards = []ocds.Award{{ID: h.awardID(), Status: "active"}}
		}
	default: // of none, or a system of one's own
		h.add("unsuccessful", d.ApprovedAt.Time, "tenderUpdate").Tender = &ocds.Tender{ID: h.tenderID(), Status: "unsuccessful"}
	}
}

// cost is what a subscription of these terms costs over its first term.
func (b *bought) cost() *ocds.Value {
	return euros(b.terms().Year*int64(b.Months)/12 + b.Once)
}

// contract is a contract in all releases.
func (h *history) contract(b *bought) ocds.Contract {
	return ocds.Contract{ID: ocds.ID(h.g.o.prefix() + "-" + strings.ToLower(b.Code())), AwardID: h.awardID()}
}

// supplier refers to who sells.
func (h *history) supplier(r *ocds.Release, b *bought, role string) ocds.OrganizationReference {
	if b.what.vendor != 0 {
		return h.name(r, b.what.vendor, role)
	}
	return h.outside(r, b.Vendor, role)
}

// ordered adds the award of what was ordered without a project.
func (h *history) ordered(r *ocds.Release, b *bought, status string) {
	t := b.terms()
	r.Awards = []ocds.Award{{ID: h.awardID(), Title: b.what.name, Status: status, Date: r.Date, Value: b.cost(), Items: b.what.item(t.Quantity, t.Unit)}}
	if b.what.vendor != 0 || b.Vendor != "" {
		r.Awards[0].Suppliers = []ocds.OrganizationReference{h.supplier(r, b, "supplier")}
	}
}

// subscribed tells what became of a subscription.
func (h *history) subscribed(b *bought) {
	event := func(name string) string { return strings.ToLower(b.Code()) + "-" + name }
	alone := h.p.project == nil
	if alone && !b.OrderedAt.IsZero() {
		h.ordered(h.add(event("ordered"), b.OrderedAt.Time, "award"), b, "pending")
	}
	if b.ImportID != 0 {
		r := h.add(event("brought"), b.At.Time, "award", "contract")
		h.ordered(r, b, "active")
		h.signed(r, b, "active")
	}
	ends := models.Date{}
	for i, e := range b.events {
		name := event(fmt.Sprintf("%d-%s", i+1, e.Step))
		switch e.Step {
		case contracts.Accept:
			r := h.add(name, e.At.Time, "contract")
			if alone {
				r.Tag = []string{"awardUpdate", "contract"}
				r.Awards = []ocds.Award{{ID: h.awardID(), Status: "active"}}
			}
			h.signed(r, b, "pending")
		case contracts.Decline, contracts.Cancel:
			if alone && !b.OrderedAt.IsZero() && !e.At.Before(b.OrderedAt.Time) {
				h.add(name, e.At.Time, "awardCancellation").Awards = []ocds.Award{{ID: h.awardID(), Status: "cancelled"}}
			}
		case contracts.Begin:
			if b.ImportID == 0 {
				ends = b.FirstUse.AddMonths(b.Months).AddDays(-1)
			}
			h.update(name, e, b, "contractUpdate", "active", &ocds.Period{StartDate: dayText(b.FirstUse), EndDate: endText(ends)})
		case contracts.StepRenewed:
			if !ends.IsZero() {
				ends = ends.AddDays(1).AddMonths(b.Months).AddDays(-1)
				h.update(name, e, b, "contractUpdate", "", &ocds.Period{EndDate: endText(ends)})
			}
		case contracts.End:
			h.update(name, e, b, "contractUpdate", "", &ocds.Period{EndDate: endText(b.Ends)})
		case contracts.Finish:
			h.update(name, e, b, "contractTermination", "terminated", &ocds.Period{EndDate: endText(b.Ends)})
		}
	}
}

// about says what the amounts of contracts are.
const about = "Amounts are without VAT. A transaction below zero is a credit."

// signed adds the contract that somebody signed.
func (h *history) signed(r *ocds.Release, b *bought, status string) {
	t := b.terms()
	c := h.contract(b)
	c.Title, c.Description, c.Status, c.Value, c.Items = b.what.name, about, status, b.cost(), b.what.item(t.Quantity, t.Unit)
	if b.ImportID == 0 {
		c.DateSigned = r.Date
	}
	start := b.Starts
	if b.ImportID != 0 && !b.FirstUse.IsZero() {
		start = b.FirstUse
	}
	c.Period = &ocds.Period{StartDate: dayText(start)}
	r.Contracts = []ocds.Contract{c}
}

// update tells that something became of a contract.
func (h *history) update(name string, e contracts.Event, b *bought, tag, status string, period *ocds.Period) {
	c := h.contract(b)
	c.Status = status
	if *period != (ocds.Period{}) {
		c.Period = period
	}
	h.add(name, e.At.Time, tag).Contracts = []ocds.Contract{c}
}

// amended tells of the changes that hold.
func (h *history) amended(b *bought) {
	for _, a := range b.changes {
		r := h.add(strings.ToLower(b.Code()+"-"+a.Code()), a.AppliedAt.Time, "contractAmendment")
		c := h.contract(b)
		c.Items = b.what.item(a.Quantity, a.Unit)
		year := euros(a.Year).Amount.Exact
		c.Amendments = []ocds.Amendment{{ID: ocds.ID(a.Code()), Date: r.Date, Rationale: a.Words, ReleaseID: r.ID, Description: strings.Join(strings.Fields(fmt.Sprintf("From %s: %s %s %s, %s EUR a year without VAT.", a.Starts, a.Plan, a.Quantity, a.Unit, year)), " ")}}
		r.Contracts = []ocds.Contract{c}
	}
}

// implemented tells what was paid: as files of charges that name the contract came to
// count, and as bills were matched with it.
func (h *history) implemented(b *bought) {
	var at *ocds.Release
	last := ""
	paid := slices.Clone(b.paid)
	slices.SortStableFunc(paid, func(x, y spend.Contracted) int {
		return cmp.Or(cmp.Compare(x.BillID, y.BillID), cmp.Compare(x.BatchID, y.BatchID))
	})
	for _, c := range paid {
		id, when := fmt.Sprintf("%s-file-%d", strings.ToLower(b.Code()), c.BatchID), c.AcceptedAt
		if c.BillID != 0 {
			id, when = fmt.Sprintf("%s-bill-%d-%d", strings.ToLower(b.Code()), c.BillID, c.MatchedAt.Unix()), c.MatchedAt
		}
		if at == nil || id != last {
			at, last = h.add(id, when.Time, "implementation"), id
			contract := h.contract(b)
			contract.Implementation = &ocds.Implementation{}
			at.Contracts = []ocds.Contract{contract}
		}
		payer, payee := h.name(at, h.p.org, "payer"), ocds.OrganizationReference{}
		switch {
		case c.VendorID != 0:
			payee = h.name(at, c.VendorID, "payee")
		case c.Vendor != "":
			payee = h.outside(at, c.Vendor, "payee")
		default:
			payee = h.supplier(at, b, "payee")
		}
		t := ocds.Transaction{ID: ocds.ID(fmt.Sprintf("charge-%d", c.ID)), Date: dayText(c.Invoiced), Value: ocds.Money(c.Billed, c.Currency), Payer: &payer, Payee: &payee}
		if h.g.o.Origin != "" {
			t.URI = fmt.Sprintf("%s/en/spend/lines/%d", h.g.o.Origin, c.ID)
		}
		i := at.Contracts[0].Implementation
		i.Transactions = append(i.Transactions, t)
		h.paid++
	}
}
