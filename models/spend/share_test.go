package spend_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/spend"
)

// key makes a key whose weights hold from a day on.
func (o *office) key(name string, measure spend.Measure, day string, weights map[int64]string) int64 {
	o.t.Helper()
	var k *spend.Key
	dbtest.Write(o.t, o.DB, o.finance, func(tx *db.Tx) (err error) {
		k, err = spend.MakeKey(o.t.Context(), tx, spend.Key{Name: name, Measure: measure})
		return err
	})
	if err := o.weigh(k.ID, day, weights); err != nil {
		o.t.Fatal(err)
	}
	return k.ID
}

func (o *office) weigh(key int64, day string, weights map[int64]string) error {
	o.t.Helper()
	d, err := models.ParseDate(day)
	if err != nil {
		o.t.Fatal(err)
	}
	var all []spend.BodyWeight
	for org, text := range weights {
		w, err := models.ParseExact(text)
		if err != nil {
			o.t.Fatal(err)
		}
		all = append(all, spend.BodyWeight{OrgID: org, Weight: w})
	}
	return o.try(o.finance, func(ctx context.Context, tx *db.Tx) error {
		_, err := spend.ChangeKey(ctx, tx, key, d, all)
		return err
	})
}

func (o *office) share(who models.Actor, in spend.ShareOut) (b *spend.Batch, err error) {
	err = o.try(who, func(ctx context.Context, tx *db.Tx) error {
		b, err = in.Book(ctx, tx)
		return err
	})
	return b, err
}

// everywhere are the exact sums of all bodies by view, month and currency, in it and in
// euros.
func (o *office) everywhere() map[string]string {
	o.t.Helper()
	var rows []struct {
		Basis, Month, Currency                               string
		Whole, Nano, Atto, Ronto, EurWhole, EurNano, EurAtto int64
	}
	all := map[string]string{}
	for _, basis := range spend.Bases() {
		const q = `SELECT c.month, c.currency, CAST(SUM(c.whole) AS BIGINT) AS whole, CAST(SUM(c.nano) AS BIGINT) AS nano, CAST(SUM(c.atto) AS BIGINT) AS atto, CAST(SUM(c.ronto) AS BIGINT) AS ronto,
			CAST(SUM(c.eur_whole) AS BIGINT) AS eurwhole, CAST(SUM(c.eur_nano) AS BIGINT) AS eurnano, CAST(SUM(c.eur_atto) AS BIGINT) AS euratto FROM ledger_cells c WHERE c.basis IN ('all', ?) GROUP BY c.month, c.currency`
		rows = rows[:0]
		if err := o.Select(o.t.Context(), &rows, q, string(basis)); err != nil {
			o.t.Fatal(err)
		}
		for _, r := range rows {
			amount, err := models.ExactFromParts(r.Whole, r.Nano, r.Atto, r.Ronto)
			if err != nil {
				o.t.Fatal(err)
			}
			euros, err := models.ExactFromParts(r.EurWhole, r.EurNano, r.EurAtto, 0)
			if err != nil {
				o.t.Fatal(err)
			}
			all[string(basis)+" "+r.Month+" "+r.Currency] = amount.String() + " / " + euros.String()
		}
	}
	return all
}

// bodies are what each body pays in a month as billed, VAT included, by its name here.
func (o *office) bodies(month string) map[string]string {
	o.t.Helper()
	sums, err := spend.Sums(o.t.Context(), o.DB, o.finance, spend.Query{Month: month, WithTax: true}, spend.ByBuyer)
	if err != nil {
		o.t.Fatal(err)
	}
	all := map[string]string{}
	for _, s := range sums {
		all[s.Name+" "+s.Amounts[0].Currency] = s.Amounts[0].Amount.String()
	}
	return all
}

const sharedBill = `Body,Supplier,Invoice date,Invoice number,Category,Service from,Service to,Amount,VAT,Currency
Office of Samples,Sample Maps Ltd,2026-01-31,IN-1,Software,,,100.00,24.00,EUR
Office of Samples,Sample Maps Ltd,2026-01-31,IN-2,Software,2026-01-15,2026-07-15,365.005,,EUR
Office of Samples,Sample Maps Ltd,2026-01-31,CN-1,Software,,,-10.01,-2.40,EUR
Office of Samples,Sample Maps Ltd,2026-01-31,IN-3,Software,2026-02-01,2026-05-01,77.77,,USD
Office of Samples,Sample Maps Ltd,2026-01-31,IN-4,Software,,,1001,,JPY
Office of Others,Sample Maps Ltd,2026-01-31,IN-5,Software,,,9,,EUR
Office of Samples,Somebody else,2026-01-31,IN-6,Software,,,5,,EUR
`

// sharer is an office with bodies that use what it pays for.
func newSharer(t *testing.T) (o *office, key int64, in spend.ShareOut) {
	t.Helper()
	o = newOffice(t)
	third := o.organisation("third", identity.Agency, "Office of Thirds")
	o.rate("USD", "2026-01-30", "1.0837")
	o.rate("JPY", "2026-01-30", "161.07")
	o.books(sharedBill)
	key = o.key("Users of maps", spend.Users, "2026-01-01", map[int64]string{o.body: "1", o.other: "1", third: "1"})
	var vendor string
	sums, err := spend.Sums(t.Context(), o.DB, o.finance, spend.Query{}, spend.ByVendor)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sums {
		if s.Name == "Sample Maps Ltd" {
			vendor = s.Key
		}
	}
	return o, key, spend.ShareOut{Key: key, Month: "2026-01", Vendor: vendor}
}

// Whatever is shared, all bodies together pay the same in every view, month and currency.
func TestASharedChargeChangesNoSumOfAllBodies(t *testing.T) {
	o, _, in := newSharer(t)
	before, paid := o.everywhere(), o.bodies("2026-01")
	b, err := o.share(o.finance, in)
	if err != nil {
		t.Fatal(err)
	}
	o.agrees()
	if after := o.everywhere(); !maps.Equal(before, after) {
		t.Errorf("before %v\nafter %v", before, after)
	}
	if b.Format != spend.ByShare || o.batch(b.ID).State != spend.Accepted {
		t.Errorf("the batch is %+v", b)
	}
	working, err := spend.FindWorking(t.Context(), o.DB, o.finance, b.ID)
	if err != nil || working.Charges != 7 || len(working.Groups) != 7 {
		t.Fatalf("the working has %d charges, %v", working.Charges, err)
	}
	for _, g := range working.Groups {
		var sum models.Exact
		for _, p := range g.Parts {
			sum, _ = sum.Add(p.Amount)
		}
		if sum != g.Billed {
			t.Errorf("the parts of %s come to %s", g.Billed, sum)
		}
	}
	// What the others pay is what the working says, to the cent.
	for _, part := range working.ByBody() {
		if part.Currency == "EUR" && part.OrgID != o.body {
			whole, _ := part.Net.Add(part.Tax)
			if whole.String() == "0" || whole.Places() > 3 {
				t.Errorf("body %d gets %s", part.OrgID, whole)
			}
		}
	}
	if err := o.undo(b.ID); err != nil {
		t.Fatal(err)
	}
	o.agrees()
	if after := o.bodies("2026-01"); !maps.Equal(paid, after) {
		t.Errorf("undone it is %v, was %v", after, paid)
	}
	if _, err := o.share(o.finance, in); err != nil {
		t.Errorf("shared again after it was undone: %v", err)
	}
}

func TestAHundredAmongThreeGivesTheCentToTheFirst(t *testing.T) {
	o, key, in := newSharer(t)
	plan, err := spend.PlanShare(t.Context(), o.DB, o.finance, in)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Version.KeyID != key || plan.Version.Day.String() != "2026-01-01" {
		t.Errorf("the key is %+v", plan.Version)
	}
	for _, g := range plan.Groups {
		if g.Charge.Reference == "IN-1" && g.Charge.Kind == spend.Purchase {
			if got := g.Parts[0].Amount.String() + " " + g.Parts[1].Amount.String() + " " + g.Parts[2].Amount.String(); got != "33.34 33.33 33.33" {
				t.Errorf("the parts are %s", got)
			}
		}
		if g.Charge.Currency == "JPY" && g.Parts[2].Amount.String() != "333" {
			t.Errorf("a part of yen is %s", g.Parts[2].Amount)
		}
	}
	if _, err := o.share(o.finance, in); err != nil {
		t.Fatal(err)
	}
	var n int
	const q = `SELECT COUNT(*) FROM ledger_charges c JOIN ledger_names b ON b.id = c.buyer_id JOIN ledger_charges f ON f.id = c.corrects_id WHERE b.is_id = ? AND c.reference = f.reference AND c.vendor_id = f.vendor_id AND c.category_id = f.category_id AND c.currency = f.currency AND c.month = f.month`
	if err := o.Get(t.Context(), &n, q, o.other); err != nil || n != 7 {
		t.Errorf("the other body has %d rows, %v", n, err)
	}
}

func TestAChargeIsSharedOnce(t *testing.T) {
	o, _, in := newSharer(t)
	plan, err := spend.PlanShare(t.Context(), o.DB, o.finance, in)
	if err != nil {
		t.Fatal(err)
	}
	in.Seen = plan.Seen()
	first, err := o.share(o.finance, in)
	if err != nil {
		t.Fatal(err)
	}
	var same spend.ErrSame
	if _, err := o.share(o.finance, in); !errors.As(err, &same) || same.Batch.ID != first.ID {
		t.Errorf("the same form sent again: %v", err)
	}
	in.Seen = ""
	plan, err = spend.PlanShare(t.Context(), o.DB, o.finance, in)
	if !errors.Is(err, spend.ErrAllShared) || len(plan.Already) != 1 || plan.Already[0] != (spend.Shared{Batch: first.ID, Charges: 7}) {
		t.Errorf("shared again: %+v, %v", plan, err)
	}
	if _, err := o.share(o.finance, in); !errors.Is(err, spend.ErrAllShared) {
		t.Errorf("shared again: %v", err)
	}
	by, err := spend.SharedBy(t.Context(), o.DB, &spend.Charge{ID: o.charge("IN-6")})
	if err != nil || by != 0 {
		t.Errorf("another charge is shared by %d, %v", by, err)
	}
}

// A correction that comes later is a charge of its own: it is shared by itself.
func TestACorrectionOfASharedChargeIsSharedToo(t *testing.T) {
	o, _, in := newSharer(t)
	first, err := o.share(o.finance, in)
	if err != nil {
		t.Fatal(err)
	}
	var id int64
	if err := o.Get(t.Context(), &id, `SELECT MIN(id) FROM ledger_charges WHERE reference = 'IN-1'`); err != nil {
		t.Fatal(err)
	}
	fix := o.says(id, spend.OtherAmount)
	fix.Amount = exactly(t, "70")
	correction := o.mustCorrect(fix)
	before := o.everywhere()
	second, err := o.share(o.finance, in)
	if err != nil {
		t.Fatal(err)
	}
	o.agrees()
	if after := o.everywhere(); !maps.Equal(before, after) {
		t.Errorf("before %v\nafter %v", before, after)
	}
	var leaned spend.ErrLeaned
	if err := o.undo(correction.ID); !errors.As(err, &leaned) || leaned.By[0].ID != second.ID {
		t.Errorf("a correction that is shared was undone: %v", err)
	}
	if err := o.undo(1); !errors.As(err, &leaned) || len(leaned.By) != 2 {
		t.Errorf("a file that is shared and corrected was undone: %v", err)
	}
	for _, b := range []int64{second.ID, correction.ID, first.ID, 1} {
		if err := o.undo(b); err != nil {
			t.Fatal(err)
		}
	}
	o.agrees()
}

func TestAKeyHoldsFromItsDayOn(t *testing.T) {
	o, key, in := newSharer(t)
	if err := o.weigh(key, "2026-02-01", map[int64]string{o.other: "5"}); err != nil {
		t.Fatal(err)
	}
	plan, err := spend.PlanShare(t.Context(), o.DB, o.finance, in)
	if err != nil || len(plan.Version.Weights) != 3 {
		t.Errorf("in January it has %d weights, %v", len(plan.Version.Weights), err)
	}
	if err := o.weigh(key, "2026-01-31", map[int64]string{o.other: "5"}); err != nil {
		t.Fatal(err)
	}
	seen := plan.Seen()
	if plan, err = spend.PlanShare(t.Context(), o.DB, o.finance, in); err != nil || len(plan.Version.Weights) != 1 {
		t.Errorf("from its last day on: %d weights, %v", len(plan.Version.Weights), err)
	}
	in.Seen = seen
	if _, err := o.share(o.finance, in); !errors.Is(err, spend.ErrShareMoved) {
		t.Errorf("booked by another version than was shown: %v", err)
	}
	late := o.key("Later", spend.Users, "2026-02-01", map[int64]string{o.other: "1"})
	var wrong models.Invalid
	if _, err := o.share(o.finance, spend.ShareOut{Key: late, Month: "2026-01", Vendor: in.Vendor}); !errors.As(err, &wrong) || wrong["key"] != "share.no_version" {
		t.Errorf("by a key that does not hold yet: %v", err)
	}
	versions, err := spend.Versions(t.Context(), o.DB, o.finance, key)
	if err != nil || len(versions) != 3 {
		t.Errorf("%d versions, %v", len(versions), err)
	}
}

func TestAKeyIsChecked(t *testing.T) {
	o := newOffice(t)
	key := o.key("Fixed", spend.Percent, "2026-01-01", map[int64]string{o.body: "33.4", o.other: "66.6"})
	for what, c := range map[string]struct {
		weights map[int64]string
		want    string
	}{
		"percents that are not a hundred": {map[int64]string{o.body: "33.4", o.other: "66.5"}, "share.not_hundred"},
		"a weight below nothing":          {map[int64]string{o.body: "-1", o.other: "101"}, "share.weight_wrong"},
		"nobody":                          {map[int64]string{o.body: "0"}, "share.weights_missing"},
	} {
		var wrong models.Invalid
		if err := o.weigh(key, "2026-02-01", c.weights); !errors.As(err, &wrong) || wrong["weights"] != c.want {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, c := range map[string]struct {
		key  spend.Key
		want string
	}{
		"no name":      {spend.Key{Measure: spend.Users}, "name"},
		"a name again": {spend.Key{Name: "Fixed", Measure: spend.Users}, "name"},
		"no measure":   {spend.Key{Name: "x"}, "measure"},
		"no words":     {spend.Key{Name: "x", Measure: spend.OtherThan}, "words"},
	} {
		var wrong models.Invalid
		err := o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { _, err := spend.MakeKey(ctx, tx, c.key); return err })
		if !errors.As(err, &wrong) || wrong[c.want] == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, q := range []string{`UPDATE ledger_key_weights SET weight = '1'`, `UPDATE ledger_key_versions SET day = '2026-01-02'`} {
		if err := o.try(admin, func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err }); !db.Refused(err) {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestABodySeesItsPartAndTheWorking(t *testing.T) {
	o, key, in := newSharer(t)
	b, err := o.share(o.finance, in)
	if err != nil {
		t.Fatal(err)
	}
	outside := models.Actor{AccountID: 1, OrgID: o.vendor, Roles: []models.Role{models.Finance}}
	for what, c := range map[string]struct {
		who  models.Actor
		want error
	}{"who pays": {o.finance, nil}, "who has a part": {o.stranger, nil}, "who has none": {outside, models.ErrNotFound}, "nobody": {models.Actor{}, models.ErrForbidden}} {
		if _, err := spend.FindWorking(t.Context(), o.DB, c.who, b.ID); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, f := range map[string]func() error{
		"the key":   func() error { _, err := spend.FindKey(t.Context(), o.DB, o.stranger, key); return err },
		"a version": func() error { _, err := spend.Versions(t.Context(), o.DB, o.stranger, key); return err },
		"to share":  func() error { _, err := o.share(o.stranger, in); return err },
	} {
		if err := f(); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s, by another body: %v", what, err)
		}
	}
}

func TestInventedBooksGoWithTheirShares(t *testing.T) {
	o, _, in := newSharer(t)
	if _, err := o.share(o.finance, in); err != nil {
		t.Fatal(err)
	}
	o.mustCorrect(o.says(o.charge("IN-6"), spend.NotHere))
	err := o.try(admin, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE organisations SET invented = 1`); err != nil {
			return err
		}
		return spend.RemoveInvented(ctx, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"ledger_keys", "ledger_key_versions", "ledger_key_weights", "ledger_shares", "ledger_shared", "ledger_charges", "ledger_cells", "ledger_names"} {
		var n int
		if err := o.Get(t.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil || n > 0 {
			t.Errorf("%s has %d rows, %v", table, n, err)
		}
	}
}
