package spend_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/spend"
	"pilveturg/models/spend/currency"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// office is a database with two bodies, each with somebody who keeps its books, and a
// vendor.
type office struct {
	*db.DB
	t                   testing.TB
	body, other, vendor int64
	finance, stranger   models.Actor
	worker              *spend.Worker
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{DB: dbtest.New(t), t: t}
	o.body, o.other, o.vendor = o.organisation("body", identity.Agency, "Office of Samples"), o.organisation("other", identity.Agency, "Office of Others"), o.organisation("vendor", identity.Vendor, "Sample Maps Ltd")
	o.finance = models.Actor{AccountID: o.account("finance"), OrgID: o.body, Roles: []models.Role{models.Finance}}
	o.stranger = models.Actor{AccountID: o.account("stranger"), OrgID: o.other, Roles: []models.Role{models.Finance}}
	o.worker = &spend.Worker{DB: o.DB, Name: "one", Categories: map[string]string{"software": "software"}}
	return o
}

func (o *office) organisation(code string, kind identity.Kind, name string) int64 {
	o.t.Helper()
	org := identity.Organisation{Key: models.Key{Scheme: "test", Code: code}, Kind: kind, Names: models.Text{"en": name}}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error { _, _, err := identity.Put(o.t.Context(), tx, &org); return err })
	return org.ID
}

func (o *office) account(name string) int64 {
	o.t.Helper()
	a := identity.Account{Mail: name + "@body.example", Name: "Person " + name, Language: "en"}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error { return identity.AddAccount(o.t.Context(), tx, &a) })
	return a.ID
}

func (o *office) try(who models.Actor, f func(context.Context, *db.Tx) error) error {
	return o.Write(o.t.Context(), who, func(tx *db.Tx) error { return f(o.t.Context(), tx) })
}

// bring brings a file, without a worker.
func (o *office) bring(who models.Actor, name string, content []byte) (*spend.Batch, error) {
	sum := sha256.Sum256(content)
	var b *spend.Batch
	err := o.try(who, func(ctx context.Context, tx *db.Tx) (err error) {
		b, err = spend.Bring(ctx, tx, spend.File{Name: name, Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Content: content})
		return err
	})
	return b, err
}

func openOf(content []byte) spend.Open {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
}

// work lets the worker read all that waits.
func (o *office) work() {
	o.t.Helper()
	for {
		did, err := o.worker.Next(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

// staged brings a file and has it read up to where it can be accepted.
func (o *office) staged(name string, content []byte) *spend.Batch {
	o.t.Helper()
	b, err := o.bring(o.finance, name, content)
	if err != nil {
		o.t.Fatalf("%s: %v", name, err)
	}
	o.work()
	if b = o.batch(b.ID); b.State == spend.WasFound {
		o.read(b, b.Format, b.Mapping())
		b = o.batch(b.ID)
	}
	if b.State != spend.Staged {
		o.t.Fatalf("%s is %s (%s), with %+v", name, b.State, b.Why, b.Mapping())
	}
	return b
}

func (o *office) read(b *spend.Batch, format spend.Format, m *spend.Mapping) {
	o.t.Helper()
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Read(ctx, tx, b.ID, format, m) }); err != nil {
		o.t.Fatalf("%s: %v with %+v", b.File, err, m)
	}
	o.work()
}

func (o *office) batch(id int64) *spend.Batch {
	o.t.Helper()
	b, err := spend.FindBatch(o.t.Context(), o.DB, o.finance, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *office) accept(id int64) error {
	return o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Accept(ctx, tx, id) })
}

func (o *office) undo(id int64) error {
	return o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Undo(ctx, tx, id) })
}

// rate keeps the rate of a currency for a day.
func (o *office) rate(code, day, value string) {
	o.t.Helper()
	d, err := models.ParseDate(day)
	if err != nil {
		o.t.Fatal(err)
	}
	e, err := models.ParseExact(value)
	if err != nil {
		o.t.Fatal(err)
	}
	err = o.try(admin, func(ctx context.Context, tx *db.Tx) error {
		_, err := spend.KeepRates(ctx, tx, []currency.Quote{{Currency: code, Day: d, Rate: e}})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// agrees proves that the sums are those of the charges.
func (o *office) agrees() {
	o.t.Helper()
	c, err := spend.Check(o.t.Context(), o.DB)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, wrong := range c.Wrong {
		o.t.Error(wrong)
	}
}

// sum is what the ledger says was billed, in a currency, tax included.
func (o *office) sum(currency string) models.Exact {
	o.t.Helper()
	var p struct{ Whole, Nano, Atto, Ronto int64 }
	const q = `SELECT CAST(COALESCE(SUM(whole), 0) AS BIGINT) AS whole, CAST(COALESCE(SUM(nano), 0) AS BIGINT) AS nano, CAST(COALESCE(SUM(atto), 0) AS BIGINT) AS atto, CAST(COALESCE(SUM(ronto), 0) AS BIGINT) AS ronto FROM ledger_cells WHERE basis IN ('billed', 'all') AND currency = ?`
	if err := o.Get(o.t.Context(), &p, q, currency); err != nil {
		o.t.Fatal(err)
	}
	e, err := models.ExactFromParts(p.Whole, p.Nano, p.Atto, p.Ronto)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

// shared reads a file of the data that lies beside the project, and skips the test where
// it is not.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		content, err := os.ReadFile(filepath.Join(dir, "shared", "data", "spend", filepath.FromSlash(name)))
		if err == nil {
			return content
		}
		if !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	t.Skipf("shared/data/spend/%s is not beside the project", name)
	return nil
}
