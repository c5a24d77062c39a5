package publishing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// Queue returns a page of what waits for a moderator, the oldest first. It is for those
// who decide; others see nothing.
func Queue(ctx context.Context, r db.Reader, a models.Actor, p models.Page) ([]Submission, error) {
	return listed(ctx, r, a, `/* publishing.Queue */`+submissionSelect+`WHERE s.state = 'waiting' ORDER BY s.id LIMIT ? OFFSET ?`, p)
}

// Afterwards returns a page of what went live at once and nobody looked at yet, the
// oldest first, to the same people.
func Afterwards(ctx context.Context, r db.Reader, a models.Actor, p models.Page) ([]Submission, error) {
	const q = `/* publishing.Afterwards */` + submissionSelect + `WHERE ` + unseen + ` ORDER BY s.id LIMIT ? OFFSET ?`
	return listed(ctx, r, a, q, p)
}

// unseen is what went live at once and nobody looked at.
const unseen = `s.state = 'published' AND s.decided_by IS NULL AND s.seen_at IS NULL`

func listed(ctx context.Context, r db.Reader, a models.Actor, q string, p models.Page) ([]Submission, error) {
	if !Decides(a) {
		return nil, nil
	}
	var rows []submissionRow
	if err := r.Select(ctx, &rows, q, p.Size, p.Offset()); err != nil {
		return nil, fmt.Errorf("submissions: %w", err)
	}
	all := make([]Submission, len(rows))
	for i, w := range rows {
		var err error
		if all[i], err = w.submission(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Tally is how much there is to do for moderators, and how fast they are.
type Tally struct {
	Waiting      int           // for a decision
	WaitingSince models.Time   // the oldest of them was sent
	Unseen       int           // live at once, and nobody looked at it yet
	UnseenSince  models.Time   // the oldest of them was sent
	Decided      int           // by a moderator, this month
	Average      time.Duration // that those waited
}

// Count counts for the month of the moment now, in UTC.
func Count(ctx context.Context, r db.Reader, now models.Time) (t Tally, err error) {
	const counts = `/* publishing.Count */
		SELECT (SELECT count(*) FROM submissions s WHERE s.state = 'waiting') AS waiting,
			(SELECT MIN(s.sent_at) FROM submissions s WHERE s.state = 'waiting') AS waiting_since,
			(SELECT count(*) FROM submissions s WHERE ` + unseen + `) AS unseen,
			(SELECT MIN(s.sent_at) FROM submissions s WHERE ` + unseen + `) AS unseen_since`
	var n struct {
		Waiting      int         `db:"waiting"`
		WaitingSince models.Time `db:"waiting_since"`
		Unseen       int         `db:"unseen"`
		UnseenSince  models.Time `db:"unseen_since"`
	}
	if err := r.Get(ctx, &n, counts); err != nil {
		return t, fmt.Errorf("count submissions: %w", err)
	}
	t = Tally{Waiting: n.Waiting, WaitingSince: n.WaitingSince, Unseen: n.Unseen, UnseenSince: n.UnseenSince}
	y, m, _ := now.UTC().Date()
	const q = `/* publishing.Count */ SELECT sent_at, decided_at FROM submissions WHERE decided_at >= ? AND decided_by IS NOT NULL AND state <> 'withdrawn'`
	var total time.Duration
	for w, err := range db.Each[struct {
		Sent    models.Time `db:"sent_at"`
		Decided models.Time `db:"decided_at"`
	}](ctx, r, q, models.Time{Time: time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)}) {
		if err != nil {
			return t, fmt.Errorf("how long submissions waited: %w", err)
		}
		t.Decided++
		total += w.Decided.Sub(w.Sent.Time)
	}
	if t.Decided > 0 {
		t.Average = total / time.Duration(t.Decided)
	}
	return t, nil
}

// Next returns what waits longest and the actor may decide about; false when there is
// nothing.
func Next(ctx context.Context, r db.Reader, a models.Actor) (submission int64, ok bool, err error) {
	if !Decides(a) {
		return 0, false, nil
	}
	const q = `/* publishing.Next */
		SELECT id FROM submissions s
		WHERE state = 'waiting' AND NOT EXISTS (SELECT 1 FROM submission_hands h WHERE h.submission_id = s.id AND h.account_id = ?)
		ORDER BY id LIMIT 1`
	err = r.Get(ctx, &submission, q, a.AccountID)
	if errors.Is(err, models.ErrNotFound) {
		return 0, false, nil
	}
	return submission, err == nil, err
}

// Due returns the last day on which something that was sent is to be decided, when so
// many working days are promised: Monday to Friday, the day after it was sent first.
func Due(sent models.Time, workingDays int) models.Date {
	day := models.DateOf(sent.Time).Time()
	for left := workingDays; left > 0; {
		day = day.AddDate(0, 0, 1)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			left--
		}
	}
	return models.DateOf(day)
}
