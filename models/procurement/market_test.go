package procurement_test

import (
	"fmt"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// market is a database with two public bodies, a vendor, and services with answers.
type market struct {
	*db.DB
	t      *testing.T
	schema *catalogue.Schema
	layout *search.Layout
	orgs   [2]int64
	people int
}

func newMarket(t *testing.T) *market {
	t.Helper()
	m := &market{DB: dbtest.New(t), t: t, schema: loadSchema(t)}
	m.layout = search.NewLayout(m.schema)
	m.as(admin, func(tx *db.Tx) error {
		for i, kind := range []identity.Kind{identity.Agency, identity.Agency, identity.Vendor} {
			o := identity.Organisation{Key: key("body%d", i), Kind: kind, Names: models.Text{"en": fmt.Sprintf("Body %d", i)}}
			if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
				return err
			}
			if i < 2 {
				m.orgs[i] = o.ID
			}
		}
		return nil
	})
	return m
}

func key(format string, args ...any) models.Key {
	return models.Key{Scheme: "test", Code: fmt.Sprintf(format, args...)}
}

// try writes as somebody.
func (m *market) try(a models.Actor, f func(*db.Tx) error) error {
	return m.Write(m.t.Context(), a, f)
}

func (m *market) as(a models.Actor, f func(*db.Tx) error) {
	m.t.Helper()
	dbtest.Write(m.t, m.DB, a, f)
}

// person enters somebody with a role into an organisation, with all rights.
func (m *market) person(org int64, role models.Role) models.Actor {
	m.t.Helper()
	m.people++
	a := identity.Account{Mail: fmt.Sprintf("p%d@body.example", m.people), Name: fmt.Sprintf("Person %d", m.people), Language: "en"}
	m.as(admin, func(tx *db.Tx) error {
		if err := identity.AddAccount(m.t.Context(), tx, &a); err != nil {
			return err
		}
		_, err := identity.AddMember(m.t.Context(), tx, a.ID, org, identity.Powers{Roles: []models.Role{role}, Rights: models.Rights, Limit: 1})
		return err
	})
	return models.Actor{AccountID: a.ID, OrgID: org, Roles: []models.Role{role}, Rights: models.Rights}
}

// answers are what a service says: question to values.
type answers map[string][]string

// service puts a service with a flat yearly price in euros, or on request below 0, and
// returns its id.
func (m *market) service(code string, price int64, said answers) int64 {
	m.t.Helper()
	l := catalogue.Listing{Key: key("%s", code), Vendor: key("body2"), Versions: []catalogue.Version{{State: catalogue.Published, Content: catalogue.Content{
		Language: "en", Words: map[string]catalogue.Words{"en": {Name: code}}, Categories: []string{"school-journals"}}}}}
	v := &l.Versions[0]
	for _, q := range m.schema.Questions {
		if values, ok := said[q.ID]; ok {
			a := catalogue.Answer{Question: q.ID, Values: values, By: catalogue.ByVendor, Proof: catalogue.Stated}
			if q.Type == catalogue.TypeCertificate {
				a.Issuer, a.Until = "Auditor", models.NewDate(2099, 1, 1)
			}
			v.Answers = append(v.Answers, a)
		}
	}
	plan := pricing.Plan{Code: "a", Kind: pricing.Request, Currency: "EUR"}
	if price >= 0 {
		d := models.Whole(price)
		plan = pricing.Plan{Code: "a", Kind: pricing.Listed, Currency: "EUR", Billing: pricing.PerYear, Charges: []pricing.Charge{{Code: "fee", Per: pricing.PerYear, Price: &d}}}
	}
	v.Plans = []pricing.Plan{plan}
	var id int64
	m.as(admin, func(tx *db.Tx) error {
		if _, err := catalogue.Put(m.t.Context(), tx, &l, 0); err != nil {
			return err
		}
		var err error
		id, err = catalogue.FindID(m.t.Context(), tx, l.Key)
		return err
	})
	return id
}

// index holds all services.
func (m *market) index() *search.Index {
	m.t.Helper()
	x, err := search.New(m.layout, models.DateOf(m.Now()))
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := search.Refresh(m.t.Context(), m.DB, m.layout); err != nil {
		m.t.Fatal(err)
	}
	if _, err := x.Load(m.t.Context(), m.DB); err != nil {
		m.t.Fatal(err)
	}
	return x
}

// seen is a service as buyers see it now.
func (m *market) seen(id int64) procurement.Seen {
	m.t.Helper()
	o, err := catalogue.Find(m.t.Context(), m, id)
	if err != nil {
		m.t.Fatal(err)
	}
	e, err := catalogue.FindEdition(m.t.Context(), m, id, o.Published)
	if err != nil {
		m.t.Fatal(err)
	}
	return procurement.Seen{Offering: o, Edition: e}
}

// begin begins a project that keeps services.
func (m *market) begin(a models.Actor, services ...int64) int64 {
	m.t.Helper()
	m.people++
	p := procurement.Project{Name: "Journal", Kind: procurement.Small, Category: "education", Unit: "pupil", Volume: "1000", Years: 3, Value: -1}
	m.as(a, func(tx *db.Tx) error {
		return procurement.Begin(m.t.Context(), tx, m.schema, &p, fmt.Sprintf("once%d", m.people), services)
	})
	return p.ID
}

func (m *market) find(a models.Actor, id int64) procurement.Project {
	m.t.Helper()
	p, err := procurement.Find(m.t.Context(), m, a, id)
	if err != nil {
		m.t.Fatal(err)
	}
	return p
}

// must asks what an answer has to be.
func must(subject string, o procurement.Operator, wanted string) procurement.Requirement {
	return procurement.Requirement{Force: procurement.Must, Words: subject + " " + wanted, Way: procurement.ByAnswer, Subject: subject, Operator: o, Wanted: wanted}
}

func (m *market) require(a models.Actor, project int64, all ...procurement.Requirement) []procurement.Requirement {
	m.t.Helper()
	m.people++
	m.as(a, func(tx *db.Tx) error {
		_, err := procurement.Require(m.t.Context(), tx, m.schema, project, fmt.Sprintf("once%d", m.people), all)
		return err
	})
	list, err := procurement.Requirements(m.t.Context(), m, project)
	if err != nil {
		m.t.Fatal(err)
	}
	return list
}
