package matching

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
)

// Agreement is a subscription as bills are compared with it.
type Agreement struct {
	contracts.Subscription
	SellerID int64                 // organisation that is paid; 0: it is not here
	Metered  bool                  // what is used is charged, so that no month has to be like another
	changes  []contracts.Amendment // the newest first
}

// Flows are the units of which so many are used in a month, by their ids: their number is
// foreseen when they are subscribed to, and counted when they are charged.
type Flows map[string]bool

// FlowsOf are those of the catalogue.
func FlowsOf(schema *catalogue.Schema) Flows {
	flows := Flows{}
	for _, u := range schema.Units {
		flows[u.ID] = u.Flow
	}
	return flows
}

// agreements reads the subscriptions of bodies that were ordered at some time.
func agreements(ctx context.Context, r db.Reader, bodies []int64, flows Flows) ([]Agreement, error) {
	var all []Agreement
	for part := range slices.Chunk(bodies, 500) {
		subs, err := contracts.OfBodies(ctx, r, part)
		if err != nil {
			return nil, err
		}
		for _, s := range subs {
			all = append(all, Agreement{Subscription: s, Metered: flows[s.Unit]})
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	if err := addSellers(ctx, r, all); err != nil {
		return nil, err
	}
	return all, addChanges(ctx, r, all)
}

// addSellers reads who is paid for what is in the catalogue.
func addSellers(ctx context.Context, r db.Reader, all []Agreement) error {
	var ids []int64
	for i := range all {
		if id := all[i].OfferingID; id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	sellers := map[int64]int64{}
	for part := range slices.Chunk(ids, 500) {
		marks, args := db.In(part)
		var rows []struct {
			ID     int64 `db:"id"`
			Seller int64 `db:"vendor_id"`
		}
		if err := r.Select(ctx, &rows, `/* matching.addSellers */ SELECT id, vendor_id FROM offerings WHERE id IN `+marks, args...); err != nil {
			return fmt.Errorf("vendors of subscriptions: %w", err)
		}
		for _, row := range rows {
			sellers[row.ID] = row.Seller
		}
	}
	for i := range all {
		all[i].SellerID = sellers[all[i].OfferingID]
	}
	return nil
}

// addChanges reads what was changed of subscriptions.
func addChanges(ctx context.Context, r db.Reader, all []Agreement) error {
	at := map[int64]int{}
	var ids []int64
	for i := range all {
		at[all[i].ID] = i
		ids = append(ids, all[i].ID)
	}
	for part := range slices.Chunk(ids, 500) {
		changes, err := contracts.AmendmentsOf(ctx, r, part)
		if err != nil {
			return err
		}
		for _, c := range changes {
			i := at[c.SubID]
			all[i].changes = append(all[i].changes, c)
		}
	}
	return nil
}

// On returns what was agreed for a day.
func (a *Agreement) On(day models.Date) contracts.Terms { return a.TermsOn(day, a.changes) }

// Begins is the first day for which something may be charged.
func (a *Agreement) Begins() models.Date {
	if !a.FirstUse.IsZero() && a.FirstUse.Before(a.Starts) {
		return a.FirstUse
	}
	return a.Starts
}

// runs reports whether a bill falls into the time of the subscription: into that of its
// services where it says so, else by the day on which it was made out, for which a month
// after the end is left.
func (a *Agreement) runs(b *Bill) bool {
	from, to := b.From, b.To
	if from.IsZero() || to.IsZero() {
		day := b.day()
		if day.IsZero() {
			return false
		}
		return !day.Before(a.Begins()) && (a.Ends.IsZero() || !a.Ends.AddDays(31).Before(day))
	}
	return !from.Before(a.Begins()) && (a.Ends.IsZero() || !a.Ends.AddDays(1).Before(to))
}

// sells reports whether the vendor of a bill is that of the subscription; known is false
// where nobody can say.
func (a *Agreement) sells(b *Bill) (same, known bool) {
	switch {
	case a.SellerID != 0 && b.SellerID != 0:
		return a.SellerID == b.SellerID, true
	case a.SellerID == 0 && a.Vendor != "":
		return strings.EqualFold(plain(a.Vendor), plain(b.Vendor)), b.Vendor != ""
	}
	return false, false
}

// plain leaves of a name what is spoken.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// named reports whether a bill names the subscription: by its number here, or by that of
// its contract.
func (a *Agreement) named(b *Bill) bool {
	for _, text := range []string{b.Contract, b.Order} {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" ,;()[]", r) }) {
			if strings.EqualFold(word, a.Code()) {
				return true
			}
		}
		if a.Reference != "" && text != "" && strings.EqualFold(plain(a.Reference), plain(text)) {
			return true
		}
	}
	return false
}

// A Fit is an amount that a bill may have by what was agreed.
type Fit struct {
	Code string       // "period", "tenth", "month", "quarter", "half", "year" or "once"
	Want models.Exact // euros without VAT, to the cent
}

// pupils is the unit of what goes by school years.
const pupils = "pupil"

// oneCent is by how much a bill may miss what was agreed: it was rounded.
var oneCent = big.NewRat(1, 100)

// fits returns the amounts that a bill may have: of the period that it says it is for;
// where it says none, of a month, a quarter, half a year, a year, or what is paid once. A
// month of pupils may also be a tenth of the year: schools are charged for ten months.
func (a *Agreement) fits(b *Bill) (all []Fit) {
	t := a.On(b.day())
	year := big.NewRat(t.Year, 100)
	part := func(code string, share *big.Rat) {
		if want, err := models.RoundRat(new(big.Rat).Mul(year, share), 2); err == nil && t.Year > 0 {
			all = append(all, Fit{code, want})
		}
	}
	if !b.From.IsZero() && !b.To.IsZero() {
		share := yearsBetween(b.From, b.To)
		part("period", share)
		if t.Unit == pupils && share.Cmp(big.NewRat(1, 12)) == 0 {
			part("tenth", big.NewRat(1, 10))
		}
	} else {
		part("month", big.NewRat(1, 12))
		if t.Unit == pupils {
			part("tenth", big.NewRat(1, 10))
		}
		part("quarter", big.NewRat(1, 4))
		part("half", big.NewRat(1, 2))
		part("year", big.NewRat(1, 1))
	}
	if a.Once > 0 {
		if want, err := models.RoundRat(big.NewRat(a.Once, 100), 2); err == nil {
			all = append(all, Fit{"once", want})
		}
	}
	return all
}

// fit returns which amount a bill has by what was agreed, to the cent.
func (a *Agreement) fit(b *Bill) (Fit, bool) {
	if b.Currency != "EUR" {
		return Fit{}, false
	}
	for _, f := range a.fits(b) {
		off := f.Want.Rat()
		if off.Sub(off, b.Net().Rat()); off.Abs(off).Cmp(oneCent) <= 0 {
			return f, true
		}
	}
	return Fit{}, false
}

// yearsBetween is how many years lie between two days, the second exclusive: whole months
// as twelfths, else by the days of the year of the first.
func yearsBetween(from, to models.Date) *big.Rat {
	f, t := from.Time(), to.Time()
	months := int64(t.Year()-f.Year())*12 + int64(t.Month()-f.Month())
	if months > 0 && f.Day() == t.Day() {
		return big.NewRat(months, 12)
	}
	year := int64(365)
	if y := f.Year(); y%4 == 0 && y%100 != 0 || y%400 == 0 {
		year = 366
	}
	return big.NewRat(int64(t.Sub(f).Hours())/24, year)
}
