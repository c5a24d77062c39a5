package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/spend"
)

// Schedule says how often a report is sent by mail.
type Schedule string

// The schedules.
const (
	Never   Schedule = ""
	Weekly  Schedule = "weekly"  // on Mondays
	Monthly Schedule = "monthly" // on the first day of the month
)

// Schedules are all of them.
func Schedules() []Schedule { return []Schedule{Never, Weekly, Monthly} }

// How much is kept.
const (
	MaxReports = 100  // of a person for an organisation
	MaxName    = 100  // characters
	MaxQuery   = 4000 // bytes
)

// Report is a question that somebody keeps, with all that is asked of it.
type Report struct {
	ID       int64       `db:"id"`
	Account  int64       `db:"account_id"`
	Org      int64       `db:"organisation_id"`
	Name     string      `db:"name"`
	Question string      `db:"question"` // code
	Query    string      `db:"query"`    // of the address
	Schedule Schedule    `db:"schedule"`
	Next     models.Date `db:"next_on"` // on which it is sent next; zero for none
	SentAt   models.Time `db:"sent_at"`
}

const (
	reportKept      audit.Action = "report.kept"
	reportRemoved   audit.Action = "report.removed"
	reportScheduled audit.Action = "report.scheduled"
)

const reportColumns = `s.id, s.account_id, s.organisation_id, s.name, s.question, s.query, s.schedule, s.next_on, s.sent_at FROM saved_reports s`

const ownReport = ` WHERE s.account_id = ? AND s.organisation_id = ?`

// Kept returns what the actor keeps for the organisation acted for, by name.
func Kept(ctx context.Context, r db.Reader, a models.Actor) ([]Report, error) {
	var all []Report
	if err := r.Select(ctx, &all, `/* reports.Kept */ SELECT `+reportColumns+ownReport+` ORDER BY s.name, s.id`, a.AccountID, a.OrgID); err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	return all, nil
}

// FindReport returns one of them, or [models.ErrNotFound].
func FindReport(ctx context.Context, r db.Reader, a models.Actor, id int64) (Report, error) {
	var s Report
	if err := r.Get(ctx, &s, `/* reports.FindReport */ SELECT `+reportColumns+ownReport+` AND s.id = ?`, a.AccountID, a.OrgID, id); err != nil {
		return s, fmt.Errorf("report %d: %w", id, err)
	}
	return s, nil
}

// Keep keeps a report under its name; it sets s.ID. It fails with [models.Invalid] under
// "name" or "schedule".
func Keep(ctx context.Context, tx *db.Tx, s *Report) error {
	if !tx.Actor.SignedIn() || !spend.Reads(tx.Actor) {
		return fmt.Errorf("keep a report: %w", models.ErrForbidden)
	}
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	if err := s.check(); err != nil {
		return err
	}
	all, err := Kept(ctx, tx, tx.Actor)
	if err != nil {
		return err
	}
	for _, before := range all {
		if before.Name != s.Name {
			continue
		}
		if before.Question == s.Question && before.Query == s.Query && before.Schedule == s.Schedule {
			s.ID = before.ID
			return nil // it is kept already, as after a form that was sent twice
		}
		return models.Invalid{"name": "report.name_taken"}
	}
	if len(all) >= MaxReports {
		return models.Invalid{"name": "report.too_many"}
	}
	s.Next = s.Schedule.after(models.DateOf(tx.Now.Time))
	const q = `INSERT INTO saved_reports (account_id, organisation_id, name, question, query, schedule, next_on, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &s.ID, q, tx.Actor.AccountID, tx.Actor.OrgID, s.Name, s.Question, s.Query, string(s.Schedule), s.Next, tx.Now); err != nil {
		return fmt.Errorf("keep a report: %w", err)
	}
	return audit.Record(ctx, tx, reportKept, reportSubject(s.ID), audit.Change{Field: "name", New: s.Name}, audit.Change{Field: "schedule", New: string(s.Schedule)})
}

func (s *Report) check() error {
	wrong := models.Invalid{}
	if n := utf8.RuneCountInString(s.Name); n == 0 || n > MaxName {
		wrong["name"] = "saved.name_missing"
	}
	if !slices.Contains(Schedules(), s.Schedule) {
		wrong["schedule"] = "report.schedule_wrong"
	}
	if _, err := Find(s.Question); err != nil || len(s.Query) > MaxQuery {
		wrong["name"] = "saved.query_long"
	}
	return wrong.Or()
}

func reportSubject(id int64) string { return fmt.Sprintf("saved report %d", id) }

// after is the first day after another on which a report is sent; zero for never.
func (s Schedule) after(day models.Date) models.Date {
	t := day.Time()
	switch s {
	case Weekly:
		days := (int(time.Monday) - int(t.Weekday()) + 7) % 7
		if days == 0 {
			days = 7
		}
		return day.AddDays(days)
	case Monthly:
		return models.NewDate(t.Year(), t.Month(), 1).AddMonths(1)
	}
	return models.Date{}
}

// Reschedule says how often a report is sent from now on.
func Reschedule(ctx context.Context, tx *db.Tx, id int64, to Schedule) error {
	s, err := FindReport(ctx, tx, tx.Actor, id)
	switch {
	case err != nil:
		return err
	case !slices.Contains(Schedules(), to):
		return models.Invalid{"schedule": "report.schedule_wrong"}
	case s.Schedule == to:
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE saved_reports SET schedule = ?, next_on = ? WHERE id = ?`, string(to), to.after(models.DateOf(tx.Now.Time)), id); err != nil {
		return fmt.Errorf("report %d: %w", id, err)
	}
	return audit.Record(ctx, tx, reportScheduled, reportSubject(id), audit.Change{Field: "schedule", Old: string(s.Schedule), New: string(to)})
}

// Remove forgets a report; it fails with [models.ErrNotFound] where the actor keeps none.
func Remove(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, `DELETE FROM saved_reports WHERE id = ? AND account_id = ? AND organisation_id = ?`, id, tx.Actor.AccountID, tx.Actor.OrgID)
	switch {
	case err != nil:
		return fmt.Errorf("report %d: %w", id, err)
	case n == 0:
		return fmt.Errorf("report %d: %w", id, models.ErrNotFound)
	}
	return audit.Record(ctx, tx, reportRemoved, reportSubject(id))
}

// Forget removes all that an account keeps.
func Forget(ctx context.Context, tx *db.Tx, account int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM saved_reports WHERE account_id = ?`, account)
	return err
}

// Due returns up to most reports that are to be sent by now, those that wait longest
// first.
func Due(ctx context.Context, r db.Reader, today models.Date, most int) ([]Report, error) {
	var all []Report
	if err := r.Select(ctx, &all, `/* reports.Due */ SELECT `+reportColumns+` WHERE s.next_on IS NOT NULL AND s.next_on <= ? ORDER BY s.next_on, s.id LIMIT ?`, today, most); err != nil {
		return nil, fmt.Errorf("reports that are due: %w", err)
	}
	return all, nil
}

// Sent notes that a report was sent, or that nobody may read it any more, and when it is
// sent next. It is false where somebody else sent it meanwhile.
func Sent(ctx context.Context, tx *db.Tx, s *Report) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE saved_reports SET sent_at = ?, next_on = ? WHERE id = ? AND next_on = ?`, tx.Now, s.Schedule.after(models.DateOf(tx.Now.Time)), s.ID, s.Next)
	if err != nil {
		return false, fmt.Errorf("report %d: %w", s.ID, err)
	}
	return n > 0, nil
}
