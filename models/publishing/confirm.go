package publishing

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// listingConfirmed says that what a listing says was looked over and still holds.
const listingConfirmed audit.Action = "listing.confirmed"

// Looked is what is to be confirmed of a listing, as it is now.
type Looked struct {
	Offering catalogue.Offering
	Edition  catalogue.Edition // that buyers see
	Points   []catalogue.Point
}

// LookOver returns what is to be confirmed of a published listing to those who write
// it; all others get [models.ErrNotFound].
func LookOver(ctx context.Context, r db.Reader, a models.Actor, offering int64) (l Looked, err error) {
	l.Offering, err = catalogue.Find(ctx, r, offering)
	if err == nil && (!catalogue.Writes(a, l.Offering.VendorID) || l.Offering.Published == 0) {
		err = models.ErrNotFound
	}
	if err != nil {
		return Looked{}, fmt.Errorf("confirm %s: %w", catalogue.Number(offering), err)
	}
	if l.Edition, err = catalogue.FindEdition(ctx, r, offering, l.Offering.Published); err != nil {
		return Looked{}, err
	}
	confirmed, err := catalogue.FindConfirmations(ctx, r, []int64{offering})
	l.Points = l.Edition.Points(confirmed[offering])
	return l, err
}

// SectionOf is the section that a point is confirmed with: that of its question, or
// [catalogue.OfTexts] and [catalogue.OfPrices] themselves. It is "" for a question that
// is not asked any more.
func SectionOf(schema *catalogue.Schema, p catalogue.Point) string {
	if p.Question == catalogue.OfTexts || p.Question == catalogue.OfPrices {
		return p.Question
	}
	q, _ := schema.Question(p.Question)
	return q.Section
}

// Confirm says that all a section of a listing says still holds, today, without making
// a version; what others say, such as assessors, is theirs to confirm. seen is the
// version that was looked over. It returns how much was confirmed, and fails with
// [models.ErrConflict] when buyers see another version now. It is for those who write
// the listing.
func Confirm(ctx context.Context, tx *db.Tx, schema *catalogue.Schema, offering int64, seen int, section string) (int, error) {
	l, err := LookOver(ctx, tx, tx.Actor, offering)
	if err != nil {
		return 0, err
	}
	if l.Offering.Published != seen {
		return 0, fmt.Errorf("confirm %s: buyers see version %d: %w", catalogue.Number(offering), l.Offering.Published, models.ErrConflict)
	}
	today, n := models.DateOf(tx.Now.Time), 0
	for _, p := range l.Points {
		if !p.Own || SectionOf(schema, p) != section || !p.On.Before(today) {
			continue
		}
		if err := confirmPoint(ctx, tx, offering, p.Question, today, true); err != nil {
			return 0, err
		}
		n++
	}
	if n == 0 {
		return 0, nil
	}
	if err := catalogue.Touch(ctx, tx, offering); err != nil {
		return 0, err
	}
	return n, audit.Record(ctx, tx, listingConfirmed, catalogue.Number(offering), audit.Change{Field: "section", New: section}, audit.Change{Field: "answers", New: strconv.Itoa(n)})
}

// confirmPoint keeps the day on which something a listing says was confirmed, and by
// whom unless that stays.
func confirmPoint(ctx context.Context, tx *db.Tx, offering int64, question string, day models.Date, byActor bool) error {
	q := `INSERT INTO answer_confirmations (offering_id, question, confirmed_on, confirmed_by) VALUES (?, ?, ?, ?)
		ON CONFLICT (offering_id, question) DO UPDATE SET confirmed_on = excluded.confirmed_on`
	var by any
	if byActor {
		q += `, confirmed_by = excluded.confirmed_by`
		by = db.NullID(tx.Actor.AccountID)
	}
	if _, err := tx.Exec(ctx, q, offering, question, day, by); err != nil {
		return fmt.Errorf("confirm %s of %s: %w", question, catalogue.Number(offering), err)
	}
	return nil
}

// carry keeps the days of what a new version says as the one before: publishing one
// change confirms that change, and not all the rest.
func carry(ctx context.Context, tx *db.Tx, offering int64, next *catalogue.Version) error {
	o, err := catalogue.Find(ctx, tx, offering)
	if err != nil || o.Published == 0 {
		return err
	}
	before, err := catalogue.FindEdition(ctx, tx, offering, o.Published)
	if err != nil {
		return err
	}
	confirmed, err := catalogue.FindConfirmations(ctx, tx, []int64{offering})
	if err != nil {
		return err
	}
	days := map[string]models.Date{}
	for _, p := range before.Points(confirmed[offering]) {
		days[p.Question] = p.On
	}
	for _, p := range next.Points(nil) {
		day, was := days[p.Question]
		same := was && stillSaid(p.Question, before.Content, next.Content)
		if !same {
			day = models.DateOf(tx.Now.Time)
		}
		if err := confirmPoint(ctx, tx, offering, p.Question, day, !same); err != nil {
			return err
		}
	}
	return nil
}

// stillSaid reports whether two contents say the same of a point.
func stillSaid(question string, a, b catalogue.Content) bool {
	switch question {
	case catalogue.OfTexts:
		return reflect.DeepEqual(a.Words, b.Words)
	case catalogue.OfPrices:
		return reflect.DeepEqual(a.Plans, b.Plans)
	}
	return reflect.DeepEqual(answerTo(a, question), answerTo(b, question))
}

// StaleListing is a listing of a vendor with what in it is to be confirmed.
type StaleListing struct {
	Offering int64
	Names    models.Text
	StaleOn  models.Date // the first day on which something in it is stale
}

// StaleListings returns the published listings of a vendor in which something is stale
// on the day, or will be within a month, the oldest first. They are for the vendor's
// own people.
func StaleListings(ctx context.Context, r db.Reader, vendor int64, today models.Date) ([]StaleListing, error) {
	ids, err := catalogue.OfVendor(ctx, r, vendor)
	if err != nil {
		return nil, err
	}
	days, err := catalogue.StaleDays(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var all []StaleListing
	for _, id := range ids {
		day := days[id]
		if day.IsZero() || today.Before(remindOn(day)) {
			continue
		}
		names, _, err := listingNames(ctx, r, id)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, StaleListing{Offering: id, Names: names, StaleOn: day})
	}
	sortStale(all)
	return all, nil
}
