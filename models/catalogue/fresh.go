package catalogue

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/pricing"
)

// FreshMonths is for how many months what a listing says counts as confirmed. After
// that it is stale.
const FreshMonths = 12

// What a listing says besides its answers, as it is named among questions.
const (
	OfTexts  = "texts"  // name, summary and description
	OfPrices = "prices" // all plans
)

// Confirmations are the days on which what an offering says was last looked over, by
// the id of the question, [OfTexts] or [OfPrices].
type Confirmations map[string]models.Date

// FindConfirmations returns what was confirmed of each of the offerings.
func FindConfirmations(ctx context.Context, r db.Reader, ids []int64) (map[int64]Confirmations, error) {
	marks, args := db.In(ids)
	q := `/* catalogue.FindConfirmations */ SELECT offering_id, question, confirmed_on FROM answer_confirmations WHERE offering_id IN ` + marks
	var rows []struct {
		ID       int64       `db:"offering_id"`
		Question string      `db:"question"`
		On       models.Date `db:"confirmed_on"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("confirmations: %w", err)
	}
	all := map[int64]Confirmations{}
	for _, w := range rows {
		if all[w.ID] == nil {
			all[w.ID] = Confirmations{}
		}
		all[w.ID][w.Question] = w.On
	}
	return all, nil
}

// Point is something a version says that has to be confirmed from time to time.
type Point struct {
	Question string      // its id, [OfTexts] or [OfPrices]
	On       models.Date // when it was last confirmed
	Own      bool        // it is the vendor's to confirm: nobody else says it
}

// StaleOn is the first day on which the point is stale.
func (p Point) StaleOn() models.Date { return p.On.AddMonths(FreshMonths) }

// Stale reports whether the point is stale on the day.
func (p Point) Stale(today models.Date) bool { return !today.Before(p.StaleOn()) }

// Points returns everything the version says that has to be confirmed, its texts and
// prices first. c is what was confirmed of the offering. A point counts as confirmed
// on the latest of three days: since when its answer is so, when all of the version
// was checked, and when it was confirmed. What was never confirmed by itself was so
// when the version was published.
func (v *Version) Points(c Confirmations) []Point {
	points := []Point{{OfTexts, v.confirmed(c[OfTexts], models.Date{}), true}}
	if len(v.Plans) > 0 {
		points = append(points, Point{OfPrices, v.confirmed(c[OfPrices], models.Date{}), true})
	}
	for _, a := range v.Answers {
		points = append(points, Point{a.Question, v.confirmed(c[a.Question], a.Since), a.By == ByVendor || a.By == ByPublic})
	}
	return points
}

func (v *Version) confirmed(on, since models.Date) models.Date {
	if on.IsZero() {
		on = v.Published
	}
	for _, d := range []models.Date{since, v.Checked} {
		if on.Before(d) {
			on = d
		}
	}
	return on
}

// StaleOn returns the first day on which something that is the vendor's to confirm is
// stale.
func (v *Version) StaleOn(c Confirmations) models.Date {
	var first models.Date
	for _, p := range v.Points(c) {
		if day := p.StaleOn(); p.Own && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first
}

// MonthsSince returns how many whole months lie between two days, 0 when the first is
// not before the second.
func MonthsSince(day, today models.Date) int {
	months := 12*(today.Time().Year()-day.Time().Year()) + int(today.Time().Month()-day.Time().Month())
	if months > 0 && today.Before(day.AddMonths(months)) {
		months--
	}
	return max(months, 0)
}

// DayBefore is the day before d.
func DayBefore(d models.Date) models.Date { return models.DateOf(d.Time().Add(-24 * time.Hour)) }

// Touch says that something has changed that the pages of the offerings show and that
// is kept elsewhere. It is for the rooms that keep such things, and asks nobody who
// they are.
func Touch(ctx context.Context, tx *db.Tx, ids ...int64) error {
	for _, id := range ids {
		_, err := touch(ctx, tx, id)
		if err == nil {
			err = changed(ctx, tx, id)
		}
		if err != nil {
			return fmt.Errorf("touch %s: %w", Number(id), err)
		}
	}
	return nil
}

// StaleDays returns for each of the offerings that buyers can see the first day on which
// something that is the vendor's to confirm is stale.
func StaleDays(ctx context.Context, r db.Reader, ids []int64) (map[int64]models.Date, error) {
	confirmed, err := FindConfirmations(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	marks, args := db.In(ids)
	var heads []struct {
		ID        int64       `db:"offering_id"`
		Published models.Date `db:"published_on"`
		Checked   models.Date `db:"checked_on"`
		Plans     int         `db:"plans"`
	}
	const head = `/* catalogue.StaleDays */
		SELECT t.offering_id, t.published_on, t.checked_on,
			(SELECT COUNT(*) FROM plans p WHERE p.offering_id = t.offering_id AND p.number = t.number) AS plans
		FROM versions t JOIN offerings o ON o.id = t.offering_id AND o.published = t.number
		WHERE ` + visible + ` AND o.id IN `
	if err := r.Select(ctx, &heads, head+marks, args...); err != nil {
		return nil, fmt.Errorf("what grows stale: %w", err)
	}
	at := map[int64]*Version{}
	for _, w := range heads {
		at[w.ID] = &Version{Published: w.Published, Checked: w.Checked, Content: Content{Plans: make([]pricing.Plan, min(w.Plans, 1))}}
	}
	var answers []struct {
		ID       int64       `db:"offering_id"`
		Question string      `db:"question"`
		By       Said        `db:"said_by"`
		Since    models.Date `db:"since"`
	}
	const given = `/* catalogue.StaleDays */
		SELECT t.offering_id, t.question, t.said_by, t.since
		FROM answers t JOIN offerings o ON o.id = t.offering_id AND o.published = t.number
		WHERE ` + visible + ` AND o.id IN `
	if err := r.Select(ctx, &answers, given+marks, args...); err != nil {
		return nil, fmt.Errorf("what grows stale: %w", err)
	}
	for _, w := range answers {
		at[w.ID].Answers = append(at[w.ID].Answers, Answer{Question: w.Question, By: w.By, Since: w.Since})
	}
	days := map[int64]models.Date{}
	for id, v := range at {
		days[id] = v.StaleOn(confirmed[id])
	}
	return days, nil
}
