package contracts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// ReminderDays are how many days before the last day people are reminded.
var ReminderDays = []int{90, 60, 30, 7}

// Remind reminds of what has to be said soon: once for each of [ReminderDays], and of
// several that are due at once only for the nearest. It returns how many subscriptions
// it reminded of. Those are told who may do something about it; date writes a day in a
// language.
func Remind(ctx context.Context, tx *db.Tx, date func(language string, day models.Date) string) (reminded int, err error) {
	today := models.DateOf(tx.Now.Time)
	due, err := list(ctx, tx, `/* contracts.Remind */ SELECT `+columns+` WHERE s.state IN ('active', 'suspended') AND s.notice_by >= ? AND s.notice_by <= ? ORDER BY s.notice_by, s.id`, today, today.AddDays(ReminderDays[0]))
	if err != nil {
		return 0, err
	}
	for i := range due {
		s := &due[i]
		told, err := s.remind(ctx, tx, today, date)
		if err != nil {
			return reminded, err
		}
		if told {
			reminded++
		}
	}
	return reminded, nil
}

// remind notes all reminders that are due, and tells once when one of them is new.
func (s *Subscription) remind(ctx context.Context, tx *db.Tx, today models.Date, date func(string, models.Date) string) (told bool, err error) {
	for _, days := range ReminderDays {
		if today.AddDays(days).Before(s.NoticeBy) {
			continue
		}
		const q = `INSERT INTO notice_reminders (subscription_id, notice_by, days, told_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
		n, err := tx.Exec(ctx, q, s.ID, s.NoticeBy, days, tx.Now)
		if err != nil {
			return false, fmt.Errorf("remind of subscription %d: %w", s.ID, err)
		}
		told = told || n > 0
	}
	if !told {
		return false, nil
	}
	members, err := identity.Members(ctx, tx, s.OrgID)
	if err != nil {
		return false, err
	}
	for _, m := range members {
		if m.State != identity.Active || !Manages(m.Actor()) && m.AccountID != s.Requester {
			continue
		}
		who, err := identity.FindAccount(ctx, tx, m.AccountID)
		if err != nil {
			return false, err
		}
		day := models.Text{who.Language: date(who.Language, s.NoticeBy)}
		if err := s.tell(ctx, tx, m.AccountID, work.NoticeSoon, s.path(), day); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Reminder is one that people were told, and whether somebody looks after it.
type Reminder struct {
	NoticeBy models.Date `db:"notice_by"`
	Days     int         `db:"days"`
	At       models.Time `db:"told_at"`
	SeenAt   models.Time `db:"seen_at"`
	Account  int64       `db:"account_id"` // who; 0 for nobody yet
}

const reminderSeen audit.Action = "subscription.reminder_seen"

// Reminders returns those of a subscription, the newest first. Who may read it is for
// the caller to ask.
func Reminders(ctx context.Context, r db.Reader, id int64) ([]Reminder, error) {
	const q = `/* contracts.Reminders */ SELECT notice_by, days, told_at, seen_at, COALESCE(account_id, 0) AS account_id FROM notice_reminders WHERE subscription_id = ? ORDER BY notice_by DESC, days`
	var all []Reminder
	if err := r.Select(ctx, &all, q, id); err != nil {
		return nil, fmt.Errorf("reminders of subscription %d: %w", id, err)
	}
	return all, nil
}

// SeeReminders says that somebody looks after what a subscription was reminded of. When
// somebody does already, that is as good.
func SeeReminders(ctx context.Context, tx *db.Tx, id int64) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return Find(ctx, tx, tx.Actor, id) })
	if err != nil {
		return err
	}
	if !Manages(tx.Actor) && s.Requester != tx.Actor.AccountID {
		return fmt.Errorf("reminders of subscription %d: %w", id, models.ErrForbidden)
	}
	n, err := tx.Exec(ctx, `UPDATE notice_reminders SET seen_at = ?, account_id = ? WHERE subscription_id = ? AND seen_at IS NULL`, tx.Now, tx.Actor.AccountID, id)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, tx, reminderSeen, subject(id))
}

// Calendar returns the subscriptions of an organisation about which something has to be
// said, or that end, from a day on: those first of which that day comes first.
func Calendar(ctx context.Context, r db.Reader, org int64, from models.Date) ([]Subscription, error) {
	return list(ctx, r, `/* contracts.Calendar */ SELECT `+columns+` WHERE s.organisation_id = ? AND s.state IN ('active', 'suspended', 'ending') AND s.ends >= ?
		ORDER BY COALESCE(s.notice_by, s.ends), s.id`, org, from)
}

const (
	calendarMade  audit.Action = "calendar.made"
	calendarEnded audit.Action = "calendar.ended"
)

// NewCalendarToken makes the address anew under which programs read the calendar for the
// actor, and returns its secret part; the address before it ends.
func NewCalendarToken(ctx context.Context, tx *db.Tx) (token string, err error) {
	if !Reads(tx.Actor) || !tx.Actor.SignedIn() {
		return "", fmt.Errorf("address of the calendar: %w", models.ErrForbidden)
	}
	token, _ = identity.NewSecret()
	const q = `INSERT INTO calendar_tokens (account_id, organisation_id, hash, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id, organisation_id) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at`
	if _, err := tx.Exec(ctx, q, tx.Actor.AccountID, tx.Actor.OrgID, hashOf(token), tx.Now); err != nil {
		return "", fmt.Errorf("address of the calendar: %w", err)
	}
	return token, audit.Record(ctx, tx, calendarMade, calendarOf(tx.Actor.OrgID))
}

// EndCalendarToken ends that address; when there is none, that is as good.
func EndCalendarToken(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, `DELETE FROM calendar_tokens WHERE account_id = ? AND organisation_id = ?`, tx.Actor.AccountID, tx.Actor.OrgID)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, tx, calendarEnded, calendarOf(tx.Actor.OrgID))
}

func calendarOf(org int64) string { return fmt.Sprintf("calendar of organisation %d", org) }

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// HasCalendarToken reports whether the actor has such an address.
func HasCalendarToken(ctx context.Context, r db.Reader, a models.Actor) (bool, error) {
	var n int
	err := r.Get(ctx, &n, `/* contracts.HasCalendarToken */ SELECT COUNT(*) FROM calendar_tokens WHERE account_id = ? AND organisation_id = ?`, a.AccountID, a.OrgID)
	return n > 0, err
}

// CalendarOf returns the organisation whose calendar a token opens, as long as the
// account still reads its subscriptions; [models.ErrNotFound] otherwise.
func CalendarOf(ctx context.Context, r db.Reader, token string) (org int64, language string, err error) {
	var found struct {
		Account int64 `db:"account_id"`
		Org     int64 `db:"organisation_id"`
	}
	if err := r.Get(ctx, &found, `/* contracts.CalendarOf */ SELECT account_id, organisation_id FROM calendar_tokens WHERE hash = ?`, hashOf(token)); err != nil {
		return 0, "", fmt.Errorf("calendar: %w", err)
	}
	who, err := identity.FindAccount(ctx, r, found.Account)
	if err != nil {
		return 0, "", err
	}
	all, err := identity.Memberships(ctx, r, found.Account)
	if err != nil {
		return 0, "", err
	}
	for _, m := range all {
		if m.OrgID == found.Org && who.State == identity.Active && Reads(m.Actor()) {
			return found.Org, who.Language, nil
		}
	}
	return 0, "", fmt.Errorf("calendar of somebody who has left: %w", models.ErrNotFound)
}

// ForgetCalendars ends the addresses of an account that is erased.
func ForgetCalendars(ctx context.Context, tx *db.Tx, account int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM calendar_tokens WHERE account_id = ?`, account)
	return err
}
