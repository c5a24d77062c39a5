package opendata

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/models/spend"
)

// Options are how a portal publishes.
type Options struct {
	Prefix   string // of ocids: "ocds-a1b2c3"; see [Prefix]
	Origin   string // address of the portal, to which payments lead; "" for none
	Language string // in which names are given, where they are known in it
	OrgID    int64  // only of this organisation; 0: of all that the actor sees
}

// NoPrefix is what ocids begin with while a portal has no prefix that is registered.
const NoPrefix = "ocds-000000"

// Prefix is what ocids begin with, and whether somebody registered it for this portal.
func (o Options) prefix() string {
	if o.Prefix == "" {
		return NoPrefix
	}
	return o.Prefix
}

// service is what of a listing a release says.
type service struct {
	name   string
	cpv    []string
	vendor int64
}

// bought is a subscription with what became of it.
type bought struct {
	contracts.Subscription
	events  []contracts.Event
	changes []contracts.Amendment // that hold, the oldest first
	what    service
	paid    []spend.Contracted
}

// process is what one ocid is about.
type process struct {
	org      int64
	project  *procurement.Project
	decision *procurement.Decision
	chosen   service
	bought   []*bought
}

// gatherer reads what processes are made of.
type gatherer struct {
	r        db.Reader
	o        Options
	parties  map[int64]identity.Organisation
	services map[[2]int64]service
	unnamed  int // charges of contracts that are not here, or of which there are several
}

// processes are all that the actor sees, projects first.
func (g *gatherer) processes(ctx context.Context, a models.Actor) (list []*process, err error) {
	orgs, all, err := spend.Reach(ctx, g.r, a)
	if err != nil {
		return nil, err
	}
	if g.o.OrgID != 0 {
		if !all && !slices.Contains(orgs, g.o.OrgID) {
			return nil, fmt.Errorf("organisation %d: %w", g.o.OrgID, models.ErrNotFound)
		}
		orgs, all = []int64{g.o.OrgID}, false
	}
	projects, err := procurement.Told(ctx, g.r, orgs, all)
	if err != nil {
		return nil, err
	}
	byProject := map[int64]*process{}
	for i := range projects {
		p := &process{org: projects[i].OrgID, project: &projects[i]}
		if err := g.decide(ctx, p); err != nil {
			return nil, err
		}
		byProject[projects[i].ID] = p
		list = append(list, p)
	}
	subscriptions, err := contracts.Signed(ctx, g.r, orgs, all)
	if err != nil {
		return nil, err
	}
	references, byID := map[reference][]*bought{}, map[int64]*bought{}
	for _, s := range subscriptions {
		b, err := g.subscription(ctx, s)
		if err != nil {
			return nil, err
		}
		p := byProject[s.ProjectID]
		if p == nil {
			p = &process{org: s.OrgID}
			list = append(list, p)
		}
		p.bought, byID[s.ID] = append(p.bought, b), b
		for _, name := range []string{s.Code(), s.Reference} {
			if name = strings.TrimSpace(name); name != "" {
				at := reference{s.OrgID, strings.ToLower(name)}
				references[at] = append(references[at], b)
			}
		}
	}
	return list, g.payments(ctx, a, references, byID)
}

// reference is what a body calls a contract.
type reference struct {
	org  int64
	name string
}

// payments put charges to the contracts that they name, or with which their bills were
// matched. One of which nobody knows for which of several it was is only counted.
func (g *gatherer) payments(ctx context.Context, a models.Actor, references map[reference][]*bought, byID map[int64]*bought) error {
	each, err := spend.EachContracted(ctx, g.r, a)
	if err != nil {
		return err
	}
	for c, err := range each {
		if err != nil {
			return err
		}
		if g.o.OrgID != 0 && c.BuyerID != g.o.OrgID {
			continue
		}
		named := references[reference{c.BuyerID, strings.ToLower(strings.TrimSpace(c.Contract))}]
		matched := byID[c.SubID]
		switch {
		case len(named) == 1:
			c.BillID = 0 // it was known when it came to count
			named[0].paid = append(named[0].paid, c)
		case matched != nil:
			matched.paid = append(matched.paid, c)
		default:
			g.unnamed++
		}
	}
	return nil
}

func (g *gatherer) decide(ctx context.Context, p *process) error {
	if p.project.Decision == "" || p.project.Decision == procurement.Drafted || p.project.Decision == procurement.Sent {
		return nil
	}
	d, err := procurement.FindDecision(ctx, g.r, p.project.ID)
	if err != nil {
		return err
	}
	p.decision = &d
	if d.OfferingID != 0 {
		p.chosen, err = g.service(ctx, d.OfferingID, 0)
	}
	return err
}

func (g *gatherer) subscription(ctx context.Context, s contracts.Subscription) (*bought, error) {
	b := &bought{Subscription: s, what: service{name: s.Service}}
	var err error
	if b.events, err = contracts.Events(ctx, g.r, s.ID); err != nil {
		return nil, err
	}
	changes, err := contracts.Amendments(ctx, g.r, s.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range slices.Backward(changes) {
		if !c.AppliedAt.IsZero() {
			b.changes = append(b.changes, c)
		}
	}
	if s.OfferingID != 0 {
		b.what, err = g.service(ctx, s.OfferingID, b.terms().Version)
	}
	return b, err
}

// terms are those with which a subscription began.
func (b *bought) terms() contracts.Terms {
	if len(b.changes) > 0 {
		return b.changes[0].Old()
	}
	return b.Terms()
}

// service is what a version of a listing says, or the one that buyers see.
func (g *gatherer) service(ctx context.Context, id int64, number int) (service, error) {
	at := [2]int64{id, int64(number)}
	if s, ok := g.services[at]; ok {
		return s, nil
	}
	o, err := catalogue.Find(ctx, g.r, id)
	if err != nil {
		return service{}, err
	}
	s := service{vendor: o.VendorID}
	if number == 0 {
		number = o.Published
	}
	e, err := catalogue.FindEdition(ctx, g.r, id, number)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return service{}, err
	}
	names := models.Text{}
	for language, words := range e.Words {
		names[language] = words.Name
	}
	s.name, _ = names.Pick(g.o.Language)
	s.cpv = e.CPV
	g.services[at] = s
	return s, nil
}

// party is an organisation, read once.
func (g *gatherer) party(ctx context.Context, id int64) (identity.Organisation, error) {
	if o, ok := g.parties[id]; ok {
		return o, nil
	}
	o, err := identity.Find(ctx, g.r, id)
	if err == nil {
		g.parties[id] = o
	}
	return o, err
}
