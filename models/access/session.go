package access

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// How long a session lives.
const (
	Idle  = 8 * time.Hour  // after it was last used
	Life  = 24 * time.Hour // after it began
	Fresh = 10 * time.Minute
)

// seenEvery is how often use is written down at most.
const seenEvery = time.Minute

// Session is what a browser may do without asking again.
type Session struct {
	ID          int64
	Account     identity.Account      // of whom
	Acting      identity.Membership   // for what; zero for nobody
	Memberships []identity.Membership // for what else, too; the oldest first
	Created     models.Time
	Seen        models.Time // to the minute
	Fresh       models.Time // when the person last showed who they are
	From        string      // network address, at the beginning
	Agent       string      // "Firefox, Windows"
}

// Actor is who acts by the session; what they do comes from the network address.
func (s Session) Actor(from string) models.Actor {
	a := s.Acting.Actor()
	a.AccountID, a.From = s.Account.ID, from
	return a
}

// IsFresh reports whether the person showed who they are so lately that they may do
// what is dangerous.
func (s Session) IsFresh(now models.Time) bool { return now.Sub(s.Fresh.Time) < Fresh }

// IsUnseen reports whether the use of the session is to be written down by [See].
func (s Session) IsUnseen(now models.Time) bool { return now.Sub(s.Seen.Time) >= seenEvery }

// sessionRow is a session as the database keeps it.
type sessionRow struct {
	ID           int64       `db:"id"`
	MembershipID int64       `db:"acting"`
	Created      models.Time `db:"created_at"`
	Seen         models.Time `db:"seen_at"`
	Fresh        models.Time `db:"fresh_at"`
	From         string      `db:"address"`
	Agent        string      `db:"agent"`
}

const sessionColumns = `s.id, COALESCE(s.membership_id, 0) AS acting, s.created_at, s.seen_at, s.fresh_at, s.address, s.agent`

// alive is what the account of a session, and the session, must be like; with the
// moments of [ends].
const alive = `
	JOIN accounts a ON a.id = s.account_id AND a.generation = s.generation AND a.state = 'active'
	LEFT JOIN memberships m ON m.account_id = a.id AND m.ended_at IS NULL
	LEFT JOIN organisations o ON o.id = m.organisation_id
	WHERE s.ended_at IS NULL AND s.created_at > ? AND s.seen_at > ? AND `

// ends are the moments before which a session must not have begun, or been seen last.
func ends(now models.Time) (created, seen models.Time) {
	return models.Time{Time: now.Add(-Life)}, models.Time{Time: now.Add(-Idle)}
}

// Find returns the session whose secret it is. It fails with [models.ErrNotFound]
// when there is none, or it is over by now. It is one query by one index.
func Find(ctx context.Context, r db.Reader, secret string, now models.Time) (Session, error) {
	const q = `/* access.Find */ SELECT ` + sessionColumns + `,
		a.id AS account, a.mail, a.name, a.language, a.state, a.invented, ` + identity.MembershipColumns + `
		FROM sessions s` + alive + `s.hash = ? ORDER BY m.id`
	var rows []struct {
		sessionRow
		identity.MembershipRow
		ID       int64          `db:"id"` // of the session
		Account  int64          `db:"account"`
		Mail     string         `db:"mail"`
		Name     string         `db:"name"`
		Language string         `db:"language"`
		State    identity.State `db:"state"`
		Invented bool           `db:"invented"`
	}
	created, seen := ends(now)
	if err := r.Select(ctx, &rows, q, created, seen, identity.HashSecret(secret)); err != nil {
		return Session{}, fmt.Errorf("session: %w", err)
	}
	if len(rows) == 0 {
		return Session{}, fmt.Errorf("session: %w", models.ErrNotFound)
	}
	w := rows[0]
	s := w.session()
	s.ID = w.ID
	s.Account = identity.Account{ID: w.Account, Mail: w.Mail, Name: w.Name, Language: w.Language, State: w.State, Invented: w.Invented}
	for _, w := range rows {
		if w.MembershipRow.ID == 0 {
			continue // of nobody: a left join without a match
		}
		m := w.Of(w.Account)
		s.Memberships = append(s.Memberships, m)
		if m.ID == w.MembershipID {
			s.Acting = m
		}
	}
	if s.Acting.ID != w.MembershipID {
		return Session{}, fmt.Errorf("session %d: its membership has ended: %w", s.ID, models.ErrNotFound)
	}
	return s, nil
}

func (w sessionRow) session() Session {
	return Session{ID: w.ID, Created: w.Created, Seen: w.Seen, Fresh: w.Fresh, From: w.From, Agent: w.Agent}
}

// Sessions returns the live sessions of an account, the last seen first, without
// whose they are and what for.
func Sessions(ctx context.Context, r db.Reader, account int64, now models.Time) ([]Session, error) {
	const q = `/* access.Sessions */ SELECT DISTINCT ` + sessionColumns + ` FROM sessions s` + alive + `
		s.account_id = ? AND (s.membership_id IS NULL OR s.membership_id = m.id)
		ORDER BY s.seen_at DESC, s.id DESC`
	var rows []sessionRow
	created, seen := ends(now)
	if err := r.Select(ctx, &rows, q, created, seen, account); err != nil {
		return nil, fmt.Errorf("sessions of account %d: %w", account, err)
	}
	var all []Session
	for _, w := range rows {
		all = append(all, w.session())
	}
	return all, nil
}

// Live is a session with whose it is and for what, without its secret and without
// where it is used from.
type Live struct {
	ID        int64       `db:"id"`
	AccountID int64       `db:"account_id"`
	Name      string      `db:"name"` // of the person
	Mail      string      `db:"mail"`
	OrgID     int64       `db:"organisation"` // acted for; 0 for nobody
	Agent     string      `db:"agent"`        // "Firefox, Windows"
	Created   models.Time `db:"created_at"`
	Seen      models.Time `db:"seen_at"` // to the minute
}

// liveQuery is what of the sessions of all people is live, with the moments of [ends].
const liveQuery = `
	FROM sessions s
	JOIN accounts a ON a.id = s.account_id AND a.generation = s.generation AND a.state = 'active'
	LEFT JOIN memberships m ON m.id = s.membership_id AND m.ended_at IS NULL
	WHERE s.ended_at IS NULL AND s.created_at > ? AND s.seen_at > ? AND (s.membership_id IS NULL OR m.id IS NOT NULL)`

// SignedIn returns the live sessions of all people, the last seen first. They are for
// administrators.
func SignedIn(ctx context.Context, r db.Reader, now models.Time) ([]Live, error) {
	const q = `/* access.SignedIn */
		SELECT s.id, s.account_id, a.name, a.mail, COALESCE(m.organisation_id, 0) AS organisation, s.agent, s.created_at, s.seen_at` + liveQuery + `
		ORDER BY s.seen_at DESC, s.id DESC`
	var all []Live
	created, seen := ends(now)
	if err := r.Select(ctx, &all, q, created, seen); err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return all, nil
}

// CountSignedIn returns how many sessions are live.
func CountSignedIn(ctx context.Context, r db.Reader, now models.Time) (n int, err error) {
	created, seen := ends(now)
	if err := r.Get(ctx, &n, `/* access.CountSignedIn */ SELECT count(*)`+liveQuery, created, seen); err != nil {
		return 0, fmt.Errorf("sessions: %w", err)
	}
	return n, nil
}
