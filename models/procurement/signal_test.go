package procurement_test

import (
	"context"
	"fmt"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
)

// Vendors learn why they were left out once three projects say so, of those that let
// them learn.
func TestVendorsLearnWhyFromThreeDecisions(t *testing.T) {
	p := newPurchase(t)
	vendor, err := identity.FindID(t.Context(), p, key("body2"))
	if err != nil {
		t.Fatal(err)
	}
	seller := p.person(vendor, models.VendorManager)
	why := func() procurement.WhyNot {
		t.Helper()
		w, err := procurement.FindWhyNot(t.Context(), p, seller)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	decide := func(shown bool) {
		t.Helper()
		p.id = p.begin(p.lead, p.cheap)
		q := p.require(p.lead, p.id, must(procurement.SubjectPrice, procurement.AtMost, "200"))[0]
		p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
			return procurement.Decide(ctx, tx, p.id, []procurement.Decided{{OfferingID: p.dear, Standing: procurement.Out, Missed: fmt.Sprint(q.ID)}})
		})
		p.does(p.lead, func(ctx context.Context, tx *db.Tx) error { return procurement.Lock(ctx, tx, p.id, nil) })
		p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
			d := p.choice()
			d.Shown = shown
			return procurement.Choose(ctx, tx, p.schema, p.layout, p.id, 0, d)
		})
		p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
			return procurement.Send(ctx, tx, p.id, p.approver.AccountID)
		})
		p.does(p.approver, func(ctx context.Context, tx *db.Tx) error {
			return procurement.Approve(ctx, tx, p.schema, p.layout, p.id, p.decision().Revision, "")
		})
	}
	for range 3 {
		decide(false)
	}
	decide(true)
	decide(true)
	if w := why(); w.Considered != 0 || len(w.Missed) > 0 {
		t.Errorf("two decisions tell %+v", w)
	}
	decide(true)
	if w := why(); w.Considered != 3 || w.Chosen != 3 || w.Kept != 0 || fmt.Sprint(w.Missed) != "[{price 200 3}]" {
		t.Errorf("three decisions tell %+v", w)
	}
	if _, err := procurement.FindWhyNot(t.Context(), p, p.lead); err == nil {
		t.Error("a buyer reads it")
	}
}

func TestWhatNobodyMeetsIsToldOnceThreeBodiesAskIt(t *testing.T) {
	m := newMarket(t)
	m.service("journal", 100, answers{"self_export": {"yes"}})
	ask := func(org int64) {
		t.Helper()
		lead := m.person(org, models.Buyer)
		m.require(lead, m.begin(lead), must("self_export", procurement.Is, "yes"), must("sign_in", procurement.HasAll, "id_card"))
	}
	for i, org := range []int64{m.orgs[0], m.orgs[1], m.body(7, identity.School)} {
		if got, err := procurement.NobodyMeets(t.Context(), m, m.index(), m.schema); err != nil || len(got) > 0 {
			t.Errorf("%d bodies: %v, %v", i, got, err)
		}
		ask(org)
	}
	got, err := procurement.NobodyMeets(t.Context(), m, m.index(), m.schema)
	if err != nil || len(got) != 1 || got[0].Subject != "sign_in" || got[0].Bodies != 3 {
		t.Errorf("three bodies: %v, %v", got, err)
	}
}
