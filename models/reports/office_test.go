package reports_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// office is a database with a ministry, two bodies below it, a body of nobody, and a
// vendor.
type office struct {
	*db.DB
	t                                        testing.TB
	ministry, school, town, stranger, vendor int64
	finance, analyst                         models.Actor // of the ministry; the analyst sees all
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{DB: dbtest.New(t), t: t}
	o.ministry = o.organisation("ministry", identity.Ministry, "Ministry of Samples", "", "")
	o.school = o.organisation("school", identity.School, "School of Samples", "ministry", "")
	o.town = o.organisation("town", identity.Agency, "Office of Samples", "ministry", "")
	o.stranger = o.organisation("stranger", identity.Municipality, "Town of Others", "", "")
	o.vendor = o.organisation("vendor", identity.Vendor, "Sample Maps Ltd", "", "small")
	o.finance = models.Actor{AccountID: o.account("finance"), OrgID: o.ministry, Roles: []models.Role{models.Finance}}
	o.analyst = models.Actor{AccountID: o.account("analyst"), OrgID: o.ministry, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
	return o
}

func (o *office) organisation(code string, kind identity.Kind, name, parent string, class identity.SizeClass) int64 {
	o.t.Helper()
	org := identity.Organisation{Key: models.Key{Scheme: "test", Code: code}, Kind: kind, Names: models.Text{"en": name}, Class: class}
	if parent != "" {
		org.Parent = models.Key{Scheme: "test", Code: parent}
	}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error { _, _, err := identity.Put(o.t.Context(), tx, &org); return err })
	return org.ID
}

func (o *office) account(name string) int64 {
	o.t.Helper()
	a := identity.Account{Mail: name + "@body.example", Name: "Person " + name, Language: "en"}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error { return identity.AddAccount(o.t.Context(), tx, &a) })
	return a.ID
}

func (o *office) write(who models.Actor, f func(context.Context, *db.Tx) error) {
	o.t.Helper()
	dbtest.Write(o.t, o.DB, who, func(tx *db.Tx) error { return f(o.t.Context(), tx) })
}

// bring takes a file into the ledger.
func (o *office) bring(name string, content []byte) *spend.Batch {
	o.t.Helper()
	sum := sha256.Sum256(content)
	var b *spend.Batch
	o.write(o.finance, func(ctx context.Context, tx *db.Tx) (err error) {
		b, err = spend.Bring(ctx, tx, spend.File{Name: name, Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Content: content})
		return err
	})
	o.work()
	b = o.batch(b.ID)
	if b.State == spend.WasFound {
		o.write(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Read(ctx, tx, b.ID, b.Format, b.Mapping()) })
		o.work()
	}
	o.write(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Accept(ctx, tx, b.ID) })
	return o.batch(b.ID)
}

func (o *office) batch(id int64) *spend.Batch {
	o.t.Helper()
	b, err := spend.FindBatch(o.t.Context(), o.DB, o.finance, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *office) work() {
	o.t.Helper()
	w := &spend.Worker{DB: o.DB, Name: "one", Categories: map[string]string{"software": "software"}}
	for {
		did, err := w.Next(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

// ask answers a question. Whatever is asked, the rows add up to the total.
func (o *office) ask(who models.Actor, code string, ask reports.Ask) *reports.Answer {
	o.t.Helper()
	q, err := reports.Find(code)
	if err != nil {
		o.t.Fatal(err)
	}
	a, err := q.Answer(o.t.Context(), o.DB, who, ask)
	if err != nil {
		o.t.Fatalf("%s of %+v: %v", code, ask, err)
	}
	if sum, err := a.Sum(a.Sums); err != nil || sum != a.Total {
		o.t.Errorf("%s of %+v: the rows come to %s, the total is %s, %v", code, ask, sum, a.Total, err)
	}
	for i, row := range a.Rows {
		if len(row.Values) != len(a.Columns) {
			o.t.Fatalf("%s: row %d has %d values under %d columns", code, i, len(row.Values), len(a.Columns))
		}
	}
	return a
}

// figure is a number beside the table.
func figure(t testing.TB, a *reports.Answer, code string) string {
	t.Helper()
	for _, f := range a.Figures {
		if f.Code == code {
			return f.Value.Amount.String()
		}
	}
	t.Fatalf("no figure %s among %+v", code, a.Figures)
	return ""
}

// shared reads a file of data that lie beside the repository; without it the test is
// skipped.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../shared/data/spend", name))
	if err != nil {
		t.Skipf("no %s beside the repository: %v", name, err)
	}
	return b
}
