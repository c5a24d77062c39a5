package procurement_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
)

// journals are three services that each miss one must or two.
func (m *market) journals() (lite, ekool, desk int64) {
	lite = m.service("lite", 3480, answers{"data_countries": {"EE"}, "sign_in": {"id_card", "mobile_id"}})
	ekool = m.service("ekool", 5400, answers{"data_countries": {"EE"}, "sign_in": {"password_second_factor"}, "iso_27001": {"no"}})
	desk = m.service("desk", 13200, answers{"data_countries": {"IE"}, "sign_in": {"saml"}, "iso_27001": {"C-1"}})
	m.service("asks", -1, answers{"data_countries": {"EE"}, "sign_in": {"id_card", "mobile_id"}, "iso_27001": {"no"}})
	return lite, ekool, desk
}

func journalMusts() []procurement.Requirement {
	price := must(procurement.SubjectPrice, procurement.AtMost, "9 000 €")
	price.Force = procurement.Should
	return []procurement.Requirement{must(procurement.SubjectArea, procurement.Is, "eu"), must("iso_27001", procurement.Is, "valid"),
		must("sign_in", procurement.HasAll, "mobile_id;id_card"), price, {Force: procurement.Must, Words: "A trial lesson", Way: procurement.ByDemonstration}}
}

func TestWhatServicesMakeOfRequirements(t *testing.T) {
	m := newMarket(t)
	lite, ekool, desk := m.journals()
	lead := m.person(m.orgs[0], models.Buyer)
	id := m.begin(lead, lite, ekool, desk)
	all := m.require(lead, id, journalMusts()...)
	p := m.find(lead, id)
	day := models.DateOf(m.Now())
	verdicts := func(service int64, overruled ...procurement.Overruled) (list []procurement.Verdict, sum procurement.Result) {
		fits, sum := procurement.Judge(m.layout, p.Asked(m.schema), all, overruled, m.seen(service), day)
		for _, f := range fits {
			list = append(list, f.Verdict)
		}
		return list, sum
	}
	const met, not, open = procurement.Met, procurement.NotMet, procurement.Unknown
	for _, tt := range []struct {
		service int64
		want    []procurement.Verdict // area, certificate, sign-in, demonstration; price
	}{
		{lite, []procurement.Verdict{met, open, met, open, met}},
		{ekool, []procurement.Verdict{met, not, not, open, met}},
		{desk, []procurement.Verdict{met, met, not, open, not}},
	} {
		if got, _ := verdicts(tt.service); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", catalogue.Number(tt.service), got, tt.want)
		}
	}
	shown := procurement.Overruled{RequirementID: all[3].ID, OfferingID: lite, Verdict: procurement.ByConfiguration}
	sent := procurement.Overruled{RequirementID: all[1].ID, OfferingID: lite, Verdict: procurement.ByTailoring}
	if got, sum := verdicts(lite, shown, sent); !sum.Fits() || got[1] != procurement.ByTailoring {
		t.Errorf("what people found out does not count: %v, %+v", got, sum)
	}
	back := sent
	back.Verdict = procurement.AsAnswered
	if _, sum := verdicts(lite, shown, sent, back); !slices.Equal(sum.Open, []int64{all[1].ID}) {
		t.Errorf("what was taken back counts: %+v", sum)
	}
	if _, sum := verdicts(ekool, shown, sent); len(sum.Missing) != 2 || len(sum.Open) != 1 {
		t.Errorf("what was found out about one service counts for another: %+v", sum)
	}
}

func TestWhatRequirementsCost(t *testing.T) {
	m := newMarket(t)
	lite, _, desk := m.journals()
	lead := m.person(m.orgs[0], models.Buyer)
	id := m.begin(lead)
	all := m.require(lead, id, journalMusts()...)
	p := m.find(lead, id)
	w := procurement.Weigh(m.index(), m.schema, &p, all)
	if w.Looked.Total != 4 || w.Looked.OnRequest != 1 || w.All.Total != 0 || w.Musts != 3 || w.Unchecked != 1 {
		t.Errorf("%+v looked at, %+v meet all %d musts, %d are unchecked", w.Looked, w.All, w.Musts, w.Unchecked)
	}
	// Without the certificate two are left, of which one names its price on request only.
	best := w.Drops[0]
	if best.Requirement.ID != all[1].ID || best.Left.Total != 2 || best.Left.OnRequest != 1 || best.Left.ID != lite || best.Left.Cheapest != 348_000 || best.Unsaid != 1 {
		t.Errorf("the best to drop is %q: %+v, %d unsaid", best.Requirement.Words, best.Left, best.Unsaid)
	}
	if second := w.Drops[1]; second.Requirement.ID != all[2].ID || second.Lost.ID != desk || second.Lost.Cheapest != 1_320_000 {
		t.Errorf("then %q: %+v", second.Requirement.Words, second.Lost)
	}
	if len(w.Pairs) != 1 || w.Pairs[0].Gain != 4 {
		t.Errorf("pairs: %+v; want certificate and sign-in, with 4 more", w.Pairs)
	}
	if n := w.Counts[all[2].ID]; n != (procurement.Count{Met: 2, NotMet: 2}) {
		t.Errorf("sign-in is met by %+v", n)
	}
}

// random makes services that answer at random, as buyers see them.
func (m *market) random(r *rand.Rand, n int) (services []procurement.Seen) {
	m.t.Helper()
	for i := range n {
		said := answers{}
		for _, q := range m.schema.Questions {
			subject, ok := procurement.FindSubject(m.schema, q.ID)
			if !ok || subject.Values == nil || r.IntN(2) == 0 {
				continue
			}
			switch v := subject.Values[r.IntN(len(subject.Values))]; q.Type {
			case catalogue.TypeCertificate:
				said[q.ID] = []string{"C-1"}
			case catalogue.TypeDocument:
				said[q.ID] = []string{"https://vendor.example/x"}
			default:
				said[q.ID] = []string{v}
			}
		}
		said["data_countries"] = []string{[]string{"EE", "US", "NO"}[r.IntN(3)]}
		said["notice_days"] = []string{[]string{"30", "60", "90"}[r.IntN(3)]}
		services = append(services, m.seen(m.service(strings.Repeat("x", i+1), int64(r.IntN(3)*1000-1000), said)))
	}
	return services
}

// asked makes requirements at random.
func (m *market) asked(r *rand.Rand, n int) (all []procurement.Requirement) {
	m.t.Helper()
	subjects := procurement.Subjects(m.schema)
	for i := range n {
		s := subjects[r.IntN(len(subjects))]
		q := must(s.ID, s.Operators[r.IntN(len(s.Operators))], "45")
		switch {
		case s.Values != nil:
			q.Wanted = s.Values[r.IntN(len(s.Values))]
		case s.Question.Type == catalogue.TypeCountries:
			q.Wanted = "EE"
		case s.Question.Type == catalogue.TypeLanguages:
			q.Wanted = "et"
		case s.Question.Type == catalogue.TypeMoney:
			q.Wanted = "45.00 EUR"
		case s.Question.Type == catalogue.TypePercent:
			q.Wanted = "99"
		}
		if err := q.Check(m.schema); err != nil {
			m.t.Fatalf("%+v: %v", q, err)
		}
		q.ID = int64(i + 1)
		all = append(all, q)
	}
	return all
}

// What the index counts is what judging every service by itself adds up to.
func TestTheCatalogueAndEachServiceSayTheSame(t *testing.T) {
	m := newMarket(t)
	r := rand.New(rand.NewPCG(6, 81))
	services := m.random(r, 60)
	x, day := m.index(), models.DateOf(m.Now())
	p := procurement.Project{Unit: "pupil", Volume: "1000"}
	for range 200 {
		all := m.asked(r, 1+r.IntN(4))
		w := procurement.Weigh(x, m.schema, &p, all)
		fit, counts := 0, map[int64]procurement.Count{}
		for _, one := range services {
			fits, sum := procurement.Judge(m.layout, p.Asked(m.schema), all, nil, one, day)
			if sum.Fits() {
				fit++
			}
			for i, f := range fits {
				n := counts[all[i].ID]
				switch f.Verdict {
				case procurement.Met:
					n.Met++
				case procurement.NotMet:
					n.NotMet++
				default:
					n.Unknown++
				}
				counts[all[i].ID] = n
			}
		}
		if !reflect.DeepEqual(w.Counts, counts) || w.All.Total != fit {
			t.Fatalf("%+v: the index counts %+v, %d meet all; each service by itself %+v, %d", all, w.Counts, w.All.Total, counts, fit)
		}
	}
}

func TestWhoElseAsksIsCountedAndNeverNamed(t *testing.T) {
	m := newMarket(t)
	lead, other := m.person(m.orgs[0], models.Buyer), m.person(m.orgs[1], models.Buyer)
	id := m.begin(lead)
	all := m.require(lead, id, journalMusts()...)
	for range 2 { // twice by the same body, which counts once
		m.require(other, m.begin(other), must("sign_in", procurement.HasAll, "id_card;mobile_id"))
	}
	m.require(lead, m.begin(lead), must(procurement.SubjectArea, procurement.Is, "eu")) // its own do not count
	got, err := procurement.Askers(t.Context(), m, m.orgs[0], id)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		want := 0
		if q.Subject == "sign_in" {
			want = 1
		}
		if got[q.ID] != want {
			t.Errorf("%q is asked by %d others, want %d", q.Words, got[q.ID], want)
		}
	}
}

// A locked search shows the same list from the kept versions when listings change.
func TestALockedSearchIsReplayedWhateverBecomesOfTheListings(t *testing.T) {
	m := newMarket(t)
	lite, ekool, desk := m.journals()
	lead := m.person(m.orgs[0], models.Buyer)
	id := m.begin(lead, lite)
	all := m.require(lead, id, journalMusts()...)
	lock := func(found ...int64) error {
		return m.try(lead, func(tx *db.Tx) error { return procurement.Lock(t.Context(), tx, id, found) })
	}
	var wrong models.Invalid
	if err := lock(desk, lite, ekool); !errors.As(err, &wrong) || wrong["lock"] != "project.undecided" {
		t.Fatalf("locked with services that nobody has decided about: %v", err)
	}
	m.as(lead, func(tx *db.Tx) error {
		return procurement.Decide(t.Context(), tx, id, []procurement.Decided{{OfferingID: desk, Standing: procurement.Out, Reason: "Too dear."}, {OfferingID: ekool, Standing: procurement.Out, Missed: "2"}})
	})
	if err := lock(make([]int64, procurement.MostFound+1)...); !errors.As(err, &wrong) || wrong["lock"] != "project.too_many_found" {
		t.Errorf("locked with too much: %v", err)
	}
	if err := lock(desk, lite, ekool); err != nil {
		t.Fatal(err)
	}
	before, err := procurement.FindEvidence(t.Context(), m, id)
	if err != nil {
		t.Fatal(err)
	}
	price := m.seen(lite).Edition.Plans
	m.service("lite", 9999, answers{"data_countries": {"US"}})
	m.service("ekool", 1, nil)
	if err := lock(lite); err != nil { // twice is no failure, and changes nothing
		t.Error(err)
	}
	after, err := procurement.FindEvidence(t.Context(), m, id)
	if err != nil || after != before {
		t.Errorf("the evidence is another one: %+v, %v", after, err)
	}
	record, seen, intact, err := after.Replay(t.Context(), m)
	if err != nil || !intact || len(seen) != 3 || len(record.Requirements) != len(all) {
		t.Fatalf("replayed: %d services, intact %t, %v", len(seen), intact, err)
	}
	for i, want := range []int64{desk, lite, ekool} {
		if seen[i].Offering.ID != want || seen[i].Edition.Number != 1 || record.Results[i].Service != catalogue.Number(want) {
			t.Errorf("%d. is %s version %d, want version 1 of %s", i+1, catalogue.Number(seen[i].Offering.ID), seen[i].Edition.Number, catalogue.Number(want))
		}
	}
	if got, want := text(t, seen[1].Edition.Plans), text(t, price); got != want {
		t.Errorf("the price of then is %s, want %s", got, want)
	}
	broken := after
	broken.Record = strings.Replace(after.Record, "Too dear.", "Too fine.", 1)
	if _, _, intact, err := broken.Replay(t.Context(), m); err != nil || intact {
		t.Errorf("an altered record counts as intact (%v)", err)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
