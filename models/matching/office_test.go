package matching_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/matching"
	"pilveturg/models/spend"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// office is a body with contracts and books, and another one that has nothing to do with
// them.
type office struct {
	*db.DB
	t                        testing.TB
	body, other              int64
	finance, buyer, stranger models.Actor
	begin                    models.Date // first day of the contracts: six months ago
	subs                     map[string]int64
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{DB: dbtest.New(t), t: t, subs: map[string]int64{}}
	o.body, o.other = o.organisation("body", "Office of Samples"), o.organisation("other", "Office of Others")
	o.finance = models.Actor{AccountID: o.account("finance"), OrgID: o.body, Roles: []models.Role{models.Finance}}
	o.buyer = models.Actor{AccountID: o.account("buyer"), OrgID: o.body, Roles: []models.Role{models.Buyer}, Rights: []models.Right{models.Draft, models.Publish, models.Orders}}
	o.stranger = models.Actor{AccountID: o.account("stranger"), OrgID: o.other, Roles: []models.Role{models.Finance}}
	today := models.DateOf(o.Now())
	o.begin = models.NewDate(today.Time().Year(), today.Time().Month(), 1).AddMonths(-6)
	return o
}

func (o *office) organisation(code, name string) int64 {
	o.t.Helper()
	org := identity.Organisation{Key: models.Key{Scheme: "test", Code: code}, Kind: identity.Agency, Names: models.Text{"en": name}}
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

// contract takes over a contract that runs for a year from o.begin on.
func (o *office) contract(service, vendor, reference string, yearCents int64, unit, quantity string) {
	o.t.Helper()
	i := contracts.Imported{Hash: strings.Repeat("a", 64)}
	line := contracts.Outside{Line: 2, Service: service, Vendor: vendor, Reference: reference, Year: yearCents, Unit: unit, Quantity: quantity, Starts: o.begin, Ends: o.begin.AddMonths(12).AddDays(-1), Renewal: contracts.Express, NoticeDays: 30}
	if err := o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Import(ctx, tx, service+reference, &i, []contracts.Outside{line})
	}); err != nil || i.Added != 1 {
		o.t.Fatalf("contract %s: %+v, %v", service, i, err)
	}
	all, err := contracts.All(o.t.Context(), o, o.buyer)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, s := range all {
		if s.Service == service && s.Reference == reference {
			o.subs[service] = s.ID
		}
	}
}

const heading = "Body,Supplier,Invoice date,Invoice number,Contract,Service,Service from,Service to,Quantity,Unit,Unit price,Amount,VAT,Currency\n"

// month is a day of the n-th month of the contracts, from 0.
func (o *office) month(n int) string { return o.begin.AddMonths(n).String() }

// accepts brings a table of charges and accepts it; it returns the batch.
func (o *office) accepts(name, rows string) int64 {
	o.t.Helper()
	content := []byte(heading + rows)
	sum := sha256.Sum256(content)
	var b *spend.Batch
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) (err error) {
		b, err = spend.Bring(ctx, tx, spend.File{Name: name, Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Content: content})
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	w := &spend.Worker{DB: o.DB, Name: "reader", Categories: map[string]string{}}
	o.until(w.Next)
	found, err := spend.FindBatch(o.t.Context(), o, o.finance, b.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	if found.State == spend.WasFound {
		m := found.Mapping()
		if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Read(ctx, tx, b.ID, found.Format, m) }); err != nil {
			o.t.Fatal(err)
		}
		o.until(w.Next)
	}
	if err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return spend.Accept(ctx, tx, b.ID) }); err != nil {
		o.t.Fatalf("%s: %v", name, err)
	}
	return b.ID
}

func (o *office) until(next func(context.Context) (bool, error)) {
	o.t.Helper()
	for {
		did, err := next(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

// matched accepts a table and has its bills matched.
func (o *office) matched(name, rows string) {
	o.t.Helper()
	o.accepts(name, rows)
	o.match()
}

func (o *office) match() {
	o.t.Helper()
	o.until((&matching.Worker{DB: o.DB}).Next)
}

// bill finds the newest bill of a number.
func (o *office) bill(number string) *matching.Bill {
	o.t.Helper()
	all, err := matching.List(o.t.Context(), o, o.finance, matching.Query{Number: number}, models.Page{Number: 1, Size: 100})
	if err != nil {
		o.t.Fatal(err)
	}
	var found *matching.Bill
	for i := range all {
		if all[i].Reference == number && (found == nil || found.ID < all[i].ID) {
			found = &all[i]
		}
	}
	if found == nil {
		o.t.Fatalf("there is no bill %q among %d", number, len(all))
	}
	return found
}

// codes are the codes of the differences of a bill.
func codes(b *matching.Bill) string {
	var all []string
	for _, d := range b.Differences() {
		all = append(all, d.Code)
	}
	return strings.Join(all, " ")
}

func spendUndo(ctx context.Context, tx *db.Tx, id int64) error { return spend.Undo(ctx, tx, id) }

// joins makes somebody a member of the body.
func (o *office) joins(account int64, role models.Role) {
	o.t.Helper()
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error {
		_, err := identity.AddMember(o.t.Context(), tx, account, o.body, identity.Powers{Roles: []models.Role{role}})
		return err
	})
}
