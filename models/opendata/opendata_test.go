package opendata_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/matching"
	"pilveturg/models/opendata"
	"pilveturg/models/pricing"
	"pilveturg/models/spend"
	"pilveturg/models/spend/ocds"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// market is a database with two bodies, a vendor and a service.
type market struct {
	*db.DB
	t                          *testing.T
	body, other, vendor, offer int64
	account                    int64
	finance, analyst, stranger models.Actor
}

func newMarket(t *testing.T) *market {
	t.Helper()
	m := &market{DB: dbtest.New(t), t: t}
	m.body, m.other, m.vendor = m.organisation("10000018", identity.Agency, "Office of Samples"), m.organisation("10000019", identity.Agency, "Office of Others"), m.organisation("10000020", identity.Vendor, "Sample Maps Ltd")
	account := identity.Account{Mail: "p@body.example", Name: "Person", Language: "en"}
	m.does(func(ctx context.Context, tx *db.Tx) error { return identity.AddAccount(ctx, tx, &account) })
	m.account = account.ID
	m.finance = models.Actor{AccountID: account.ID, OrgID: m.body, Roles: []models.Role{models.Finance}}
	m.stranger = models.Actor{AccountID: account.ID, OrgID: m.other, Roles: []models.Role{models.Finance}}
	m.analyst = models.Actor{AccountID: account.ID, OrgID: m.other, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
	d := models.Whole(2)
	v := catalogue.Version{State: catalogue.Published, Content: catalogue.Content{Language: "en", Words: map[string]catalogue.Words{"en": {Name: "Maps"}}, Categories: []string{"school-journals"}, CPV: []string{"48190000-6", "72212000-4"}}}
	v.Plans = []pricing.Plan{{Code: "basic", Kind: pricing.Listed, Currency: "EUR", Charges: []pricing.Charge{{Code: "user", Unit: "user", Per: pricing.PerMonth, Price: &d}}}}
	m.does(func(ctx context.Context, tx *db.Tx) error {
		l := catalogue.Listing{Key: models.Key{Scheme: "test", Code: "maps"}, Vendor: models.Key{Scheme: "ee-reg", Code: "10000020"}, Versions: []catalogue.Version{v}}
		_, err := catalogue.Put(ctx, tx, &l, 0)
		if err == nil {
			m.offer, err = catalogue.FindID(ctx, tx, l.Key)
		}
		return err
	})
	return m
}

func (m *market) does(f func(context.Context, *db.Tx) error) {
	m.t.Helper()
	dbtest.Write(m.t, m.DB, admin, func(tx *db.Tx) error { return f(m.t.Context(), tx) })
}

func (m *market) organisation(code string, kind identity.Kind, name string) int64 {
	m.t.Helper()
	org := identity.Organisation{Key: models.Key{Scheme: "ee-reg", Code: code}, Kind: kind, Names: models.Text{"en": name}}
	m.does(func(ctx context.Context, tx *db.Tx) error { _, _, err := identity.Put(ctx, tx, &org); return err })
	return org.ID
}

func (m *market) exec(q string, args ...any) {
	m.t.Helper()
	m.does(func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, q, args...); return err })
}

func (m *market) id(q string, args ...any) (id int64) {
	m.t.Helper()
	m.does(func(ctx context.Context, tx *db.Tx) error { return tx.Get(ctx, &id, q, args...) })
	return id
}

// project is one whose service was awarded.
func (m *market) project() int64 {
	m.t.Helper()
	p := m.id(`INSERT INTO projects (organisation_id, once, name, kind, unit, volume, years, value_cents, state, created_at, locked_at) VALUES (?, 'p', 'Maps for all', 'small', 'user', '10', 2, 100000, 'locked', '2026-01-02T08:00:00Z', '2026-01-05T08:00:00Z') RETURNING id`, m.body)
	m.exec(`INSERT INTO decisions (project_id, outcome, offering_id, cents, reason, shown, standstill, state, account_id, decided_at) VALUES (?, 'service', ?, 48000, 'It fits.', 0, 0, 'drafted', ?, '2026-01-08T08:00:00Z')`, p, m.offer, m.account)
	m.exec(`UPDATE decisions SET state = 'sent', approver_id = ? WHERE project_id = ?`, m.account, p)
	m.exec(`UPDATE decisions SET state = 'approved', approved_at = '2026-01-09T08:00:00Z', until = '2026-01-09', record = '{}', hash = ? WHERE project_id = ?`, strings.Repeat("0", 64), p)
	m.exec(`UPDATE decisions SET state = 'awarded', ended_at = '2026-01-10T08:00:00Z' WHERE project_id = ?`, p)
	return p
}

// subscription is one of ten users for a year; project is NULL or what decided for it.
func (m *market) subscription(org int64, once string, project any) int64 {
	m.t.Helper()
	line := m.id(`INSERT INTO budget_lines (organisation_id, code, name, year, cents) VALUES (?, ?, 'IT', 2026, 0) RETURNING id`, org, once)
	id := m.id(`INSERT INTO subscriptions (organisation_id, once, project_id, offering_id, version, plan, unit, quantity, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, words, needs, state, requester_id, requested_at)
		VALUES (?, ?, ?, ?, 1, 'basic', 'user', '10', 12, '2026-02-01', 'tacit', 30, 24000, 500, ?, '', 1, 'requested', ?, '2026-01-12T08:00:00Z') RETURNING id`, org, once, project, m.offer, line, m.account)
	m.moves(id, `'ordered', ordered_at = '2026-01-13T08:00:00Z'`, "approve", "2026-01-13T08:00:00Z")
	return id
}

func (m *market) moves(id int64, state, step, at string) {
	m.t.Helper()
	m.exec(`UPDATE subscriptions SET state = `+state+` WHERE id = ?`, id)
	m.step(id, step, at)
}

func (m *market) step(id int64, step, at string) {
	m.t.Helper()
	m.exec(`INSERT INTO subscription_steps (subscription_id, step, created_at) VALUES (?, ?, ?)`, id, step, at)
}

// lives has a subscription taken up, used, renewed, changed and ended.
func (m *market) lives(id int64) {
	m.t.Helper()
	m.moves(id, `'accepted'`, "accept", "2026-01-14T08:00:00Z")
	m.moves(id, `'active', first_use = '2026-02-01', ends = '2027-01-31'`, "begin", "2026-02-01T08:00:00Z")
	c := m.id(`INSERT INTO amendments (subscription_id, once, state, version, plan, unit, quantity, year_cents, once_cents, settled, starts, extra_cents, needs, words, old_version, old_plan, old_unit, old_quantity, old_year_cents, requester_id, requested_at)
		VALUES (?, 'c', 'requested', 1, 'basic', 'user', '12', 28800, 0, 0, '2026-03-01', 0, 1, 'More people.', 1, 'basic', 'user', '10', 24000, ?, '2026-02-10T08:00:00Z') RETURNING id`, id, m.account)
	for _, state := range []string{`'ordered', ordered_at = '2026-02-11T08:00:00Z'`, `'agreed'`, `'applied', applied_at = '2026-03-01T00:10:00Z'`} {
		m.exec(`UPDATE amendments SET state = `+state+` WHERE id = ?`, c)
	}
	m.exec(`UPDATE subscriptions SET quantity = '12', year_cents = 28800, ends = '2028-01-31' WHERE id = ?`, id)
	m.step(id, "apply", "2026-03-01T00:10:00Z")
	m.step(id, "renew", "2027-02-01T00:10:00Z")
	m.moves(id, `'ending'`, "end", "2027-12-01T08:00:00Z")
	m.moves(id, `'ended', exported = '2028-02-01'`, "finish", "2028-02-01T08:00:00Z")
}

// brings a file of charges into the books of the body, and has it count.
func (m *market) brings(text string) {
	m.t.Helper()
	var b *spend.Batch
	worker := &spend.Worker{DB: m.DB, Name: "one"}
	read := func() {
		open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
		if err := worker.Work(m.t.Context(), b.ID, open); err != nil {
			m.t.Fatal(err)
		}
	}
	as := func(f func(context.Context, *db.Tx) error) {
		m.t.Helper()
		dbtest.Write(m.t, m.DB, m.finance, func(tx *db.Tx) error { return f(m.t.Context(), tx) })
	}
	as(func(ctx context.Context, tx *db.Tx) (err error) {
		b, err = spend.Bring(ctx, tx, spend.File{Name: "a.csv", Hash: strings.Repeat("1", 64), Bytes: int64(len(text)), Content: []byte(text)})
		return err
	})
	read()
	found, err := spend.FindBatch(m.t.Context(), m.DB, m.finance, b.ID)
	if err != nil {
		m.t.Fatal(err)
	}
	if found.State == spend.WasFound {
		as(func(ctx context.Context, tx *db.Tx) error {
			return spend.Read(ctx, tx, b.ID, found.Format, found.Mapping())
		})
		read()
	}
	as(func(ctx context.Context, tx *db.Tx) error { return spend.Accept(ctx, tx, b.ID) })
}

var options = opendata.Options{Origin: "https://pilveturg.example", Language: "en"}

func (m *market) written(a models.Actor, o opendata.Options, records bool, now time.Time) ([]byte, opendata.Counted, error) {
	var b bytes.Buffer
	write := opendata.WriteReleases
	if records {
		write = opendata.WriteRecords
	}
	n, err := write(m.t.Context(), &b, m.DB, a, o, "https://pilveturg.example/en/spend/ocds", now)
	return b.Bytes(), n, err
}

// filled is a market in which all that can be told has happened.
func filled(t *testing.T) *market {
	m := newMarket(t)
	m.lives(m.subscription(m.body, "a", m.project()))
	m.subscription(m.body, "b", nil)
	declined := m.subscription(m.other, "c", nil)
	m.moves(declined, `'declined'`, "decline", "2026-01-15T08:00:00Z")
	m.brings("Supplier,Invoice date,Invoice number,Amount,VAT,Currency,Contract\nSample Maps Ltd,2026-02-28,1,20.005,4.80,EUR,SUB-1\nSample Maps Ltd,2026-03-31,2,-5,,EUR,sub-1\nSomebody else,2026-03-31,3,7,,EUR,sub-2\nSomebody else,2026-03-31,4,7,,EUR,K-99\n")
	return m
}

// What is written breaks neither the schema of the standard nor what it advises.
func TestPackagesAreValid(t *testing.T) {
	m := filled(t)
	for _, records := range []bool{false, true} {
		raw, n, err := m.written(m.analyst, options, records, time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		if n != (opendata.Counted{Processes: 3, Releases: 15, Transactions: 3, Unnamed: 1}) {
			t.Errorf("%+v", n)
		}
		if problems := ocds.Check(raw); len(problems) > 0 {
			t.Errorf("records %t: %v", records, problems)
		}
		valid(t, raw, records)
	}
}

// valid asks the official schema, where it lies beside the project.
func valid(t *testing.T, raw []byte, records bool) {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.DefaultDraft(jsonschema.Draft4)
	const base = "https://standard.open-contracting.org/schema/1__1__5/"
	for _, name := range []string{"release-schema.json", "release-package-schema.json", "record-package-schema.json", "versioned-release-validation-schema.json"} {
		content := shared(t, "ocds/schema_1.1.5/"+name)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
		if err == nil {
			err = c.AddResource(base+name, doc)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	name := map[bool]string{false: "release-package-schema.json", true: "record-package-schema.json"}[records]
	schema, err := c.Compile(base + name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%s: %v\n%s", name, err, raw)
	}
}

func shared(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		content, err := os.ReadFile(filepath.Join(dir, "shared", "data", "spend", filepath.FromSlash(name)))
		if err == nil {
			return content
		}
	}
	t.Skipf("shared/data/spend/%s is not beside the project", name)
	return nil
}

// The compiled release of a record is what merging its releases makes.
func TestARecordIsItsReleasesMerged(t *testing.T) {
	m := filled(t)
	raw, _, err := m.written(m.analyst, options, true, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var records ocds.RecordPackage
	if err := json.Unmarshal(raw, &records); err != nil {
		t.Fatal(err)
	}
	i := 0
	_, err = opendata.Each(t.Context(), m.DB, m.analyst, options, func(ocid string, releases []ocds.Release) error {
		var list []json.RawMessage
		for _, r := range releases {
			b, err := json.Marshal(r)
			if err != nil {
				return err
			}
			list = append(list, b)
		}
		merged, _, err := ocds.Merge(list)
		if err != nil {
			return err
		}
		var want, got any
		if json.Unmarshal(merged, &want) != nil || json.Unmarshal(records.Records[i].CompiledRelease, &got) != nil || !reflect.DeepEqual(got, want) || records.Records[i].OCID != ocid {
			t.Errorf("%s is compiled to\n%s\nwant\n%s", ocid, records.Records[i].CompiledRelease, merged)
		}
		i++
		return nil
	})
	if err != nil || i != len(records.Records) {
		t.Errorf("%d processes, %d records, %v", i, len(records.Records), err)
	}
	text := string(records.Records[0].CompiledRelease)
	for _, want := range []string{`"amount":20.005`, `"amount":-5`, `"status":"terminated"`, `"id":"48190000-6"`, `"id":"EE-RIK-10000020"`, `"roles":["supplier","payee"]`, `"status":"complete"`, `"endDate":"2028-01-31T23:59:59Z"`, `"rationale":"More people."`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

// A release that was published never changes: what happens later makes releases more.
func TestLaterFactsChangeNoRelease(t *testing.T) {
	m := newMarket(t)
	id := m.subscription(m.body, "a", m.project())
	before := m.byID()
	m.lives(id)
	after := m.byID()
	if len(before) != 4 || len(after) != 10 {
		t.Errorf("%d releases, then %d", len(before), len(after))
	}
	for id, text := range before {
		if after[id] != text {
			t.Errorf("%s was\n%s\nand is\n%s", id, text, after[id])
		}
	}
}

func (m *market) byID() map[string]string {
	m.t.Helper()
	all := map[string]string{}
	_, err := opendata.Each(m.t.Context(), m.DB, m.finance, options, func(_ string, releases []ocds.Release) error {
		for _, r := range releases {
			b, err := json.Marshal(r)
			if err != nil || all[string(r.ID)] != "" {
				m.t.Errorf("%s is there twice, %v", r.ID, err)
			}
			all[string(r.ID)] = string(b)
		}
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return all
}

func TestOnlyWhatTheActorSeesIsTold(t *testing.T) {
	m := filled(t)
	for _, tt := range []struct {
		name      string
		who       models.Actor
		o         opendata.Options
		processes int
		err       error
	}{
		{"a body sees its own", m.finance, options, 2, nil},
		{"another one, too", m.stranger, options, 1, nil},
		{"who sees everybody's", m.analyst, options, 3, nil},
		{"of one body", m.analyst, opendata.Options{Language: "en", OrgID: m.other}, 1, nil},
		{"not that of another body", m.finance, opendata.Options{Language: "en", OrgID: m.other}, 0, models.ErrNotFound},
		{"of one that bought nothing", m.analyst, opendata.Options{Language: "en", OrgID: m.vendor}, 0, models.ErrNotFound},
		{"a visitor", models.Actor{}, options, 0, models.ErrForbidden},
	} {
		if _, n, err := m.written(tt.who, tt.o, false, time.Now()); n.Processes != tt.processes || !errors.Is(err, tt.err) {
			t.Errorf("%s: %+v, %v", tt.name, n, err)
		}
	}
}

func TestAProjectThatIsNotDecidedIsNotTold(t *testing.T) {
	m := newMarket(t)
	m.exec(`INSERT INTO projects (organisation_id, once, name, kind, years, state, created_at, locked_at) VALUES (?, 'p', 'Secret', 'small', 2, 'locked', '2026-01-02T08:00:00Z', '2026-01-05T08:00:00Z')`, m.body)
	if _, n, err := m.written(m.finance, options, false, time.Now()); n.Releases != 0 || !errors.Is(err, models.ErrNotFound) {
		t.Errorf("%+v, %v", n, err)
	}
}

// A charge that names no contract is a payment once its bill was matched with one.
func TestWhatWasMatchedIsPaidToo(t *testing.T) {
	m := newMarket(t)
	m.lives(m.subscription(m.body, "a", nil))
	m.brings("Supplier,Invoice date,Invoice number,Amount,Currency,Service from,Service to\nSample Maps Ltd,2026-04-30,9,24.00,EUR,2026-04-01,2026-05-01\n")
	now := time.Date(2028, 3, 1, 8, 0, 0, 0, time.UTC)
	before, _, err := m.written(m.finance, options, false, now)
	if err != nil || bytes.Contains(before, []byte(`"charge-1"`)) {
		t.Fatalf("before: %v", err)
	}
	for worker := (&matching.Worker{DB: m.DB}); ; {
		did, err := worker.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			break
		}
	}
	after, n, err := m.written(m.finance, options, false, now)
	if err != nil || n.Transactions != 1 || !bytes.Contains(after, []byte(`"charge-1"`)) || !bytes.Contains(after, []byte("sub-1-bill-1-")) {
		t.Errorf("after: %+v, %v\n%s", n, err, after)
	}
}
