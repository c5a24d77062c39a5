package procurement_test

import (
	"errors"
	"fmt"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
)

// uses puts a service that public bodies use: each until a day, "" for no end.
func (m *market) uses(code string, until map[int]string) int64 {
	m.t.Helper()
	id := m.service(code, 10, nil)
	m.as(admin, func(tx *db.Tx) error {
		l, err := catalogue.FindListing(m.t.Context(), tx, id)
		if err != nil {
			return err
		}
		for body, day := range until {
			u := catalogue.Use{Organisation: key("body%d", body), Phase: catalogue.InUse, Since: models.NewDate(2024, 1, 1+body)}
			if day != "" {
				if u.Until, err = models.ParseDate(day); err != nil {
					return err
				}
			}
			l.Uses = append(l.Uses, u)
		}
		_, err = catalogue.Put(m.t.Context(), tx, &l, 0)
		return err
	})
	return id
}

// body adds a body of another kind.
func (m *market) body(n int, kind identity.Kind) int64 {
	m.t.Helper()
	o := identity.Organisation{Key: key("body%d", n), Kind: kind, Names: models.Text{"en": fmt.Sprintf("Body %d", n)}}
	m.as(admin, func(tx *db.Tx) error { _, _, err := identity.Put(m.t.Context(), tx, &o); return err })
	return o.ID
}

func TestWhatOthersOfTheSameKindUseComesFirst(t *testing.T) {
	m := newMarket(t)
	m.body(7, identity.School)
	m.body(8, identity.School)
	lead := m.person(m.orgs[0], models.Buyer)
	schools := m.uses("schools", map[int]string{7: "", 8: ""})
	agencies := m.uses("agencies", map[int]string{1: models.DateOf(m.Now()).AddMonths(3).String(), 0: ""})
	m.uses("own", map[int]string{0: ""}) // which the body itself uses
	m.service("nobody's", 1, nil)
	p := m.find(lead, m.begin(lead))
	got, err := procurement.Reuse(t.Context(), m, m.schema, &p, models.DateOf(m.Now()))
	want := []procurement.Reused{{OfferingID: agencies, Bodies: 1, Alike: 1, Since: models.NewDate(2024, 1, 2), Ends: 1}, {OfferingID: schools, Bodies: 2, Since: models.NewDate(2024, 1, 8)}}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("others use %v, %v; want %v", got, err, want)
	}
	p.Category = "culture"
	if got, err := procurement.Reuse(t.Context(), m, m.schema, &p, models.DateOf(m.Now())); err != nil || len(got) > 0 {
		t.Errorf("in another category they use %v, %v", got, err)
	}
}

func TestBodiesBuyTogetherOnceTheyJoin(t *testing.T) {
	m := newMarket(t)
	ctx := t.Context()
	lead, other := m.person(m.orgs[0], models.Buyer), m.person(m.orgs[1], models.Buyer)
	school := m.body(7, identity.School)
	stranger := m.person(school, models.Buyer)
	id := m.begin(lead)
	open := func(words string) (n int, err error) {
		return n, m.try(lead, func(tx *db.Tx) (err error) { n, err = procurement.OpenPool(ctx, tx, m.schema, id, words); return err })
	}
	p := m.find(lead, id)
	m.begin(other) // needs the same
	m.uses("ending", map[int]string{7: models.DateOf(m.Now()).AddMonths(8).String()})
	counts, err := procurement.PoolCount(ctx, m, m.schema, &p, models.DateOf(m.Now()))
	if err != nil || counts[procurement.SameNeed] != 1 || counts[procurement.EndsSoon] != 1 {
		t.Errorf("who needs the same: %v, %v", counts, err)
	}
	var wrong models.Invalid
	if _, err := open(" "); !errors.As(err, &wrong) || wrong["words"] != "pool.words_missing" {
		t.Errorf("without words: %v", err)
	}
	for i, want := range []int{2, 0} {
		if n, err := open("Join us."); err != nil || n != want {
			t.Errorf("invitation %d goes to %d, %v; want %d", i, n, err, want)
		}
	}
	bodies, err := procurement.PoolBodies(ctx, m, id)
	if err != nil || len(bodies) != 2 || bodies[0].OrgID != 0 || bodies[1].OrgID != 0 {
		t.Errorf("who was invited is named before joining: %v, %v", bodies, err)
	}
	answer := func(a models.Actor, to procurement.PoolState, volume string) error {
		return m.try(a, func(tx *db.Tx) error { return procurement.AnswerPool(ctx, tx, id, to, volume) })
	}
	if err := answer(other, procurement.PoolJoined, "-1"); !errors.As(err, &wrong) || wrong["volume"] != "project.volume_wrong" {
		t.Errorf("a volume below nothing: %v", err)
	}
	for _, volume := range []string{"400", "500.5"} {
		if err := answer(other, procurement.PoolJoined, volume); err != nil {
			t.Fatal(err)
		}
	}
	if err := answer(stranger, procurement.PoolDeclined, ""); err != nil {
		t.Fatal(err)
	}
	if err := answer(lead, procurement.PoolJoined, "1"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("who invites joins: %v", err)
	}
	bodies, err = procurement.PoolBodies(ctx, m, id)
	if err != nil || bodies[1].OrgID != m.orgs[1] || bodies[0].OrgID != 0 {
		t.Errorf("after joining and declining: %v, %v", bodies, err)
	}
	if sum, err := procurement.JointVolume(ctx, m, id, bodies); err != nil || sum.String() != "1500.5" {
		t.Errorf("together they need %s, %v", sum, err)
	}
	m.as(lead, func(tx *db.Tx) error { return procurement.Close(ctx, tx, id, "No money.") })
	if err := answer(other, procurement.PoolDeclined, ""); !errors.Is(err, models.ErrConflict) {
		t.Errorf("leaving a closed project: %v", err)
	}
}
