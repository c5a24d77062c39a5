package contracts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// MaxTasks is how many tasks each side may have, MaxTask how long one may be, in
// characters.
const (
	MaxTasks = 30
	MaxTask  = 200
)

// Task is something that one side does before the service is in use.
type Task struct {
	ID     int64       `db:"id"`
	Side   Side        `db:"side"`
	Words  string      `db:"words"`
	Due    models.Date `db:"due"` // wanted by then; zero for no day
	DoneAt models.Time `db:"done_at"`
	DoneBy int64       `db:"done_by"` // 0 for nobody yet
}

const (
	tasksAdded audit.Action = "onboarding.added"
	taskDone   audit.Action = "onboarding.done"
	taskOpened audit.Action = "onboarding.opened"
)

// Tasks returns what both sides do before a service is in use. Who may read it is for
// the caller to ask.
func Tasks(ctx context.Context, r db.Reader, subscription int64) ([]Task, error) {
	const q = `/* contracts.Tasks */ SELECT t.id, t.side, t.words, t.due, t.done_at, COALESCE(t.done_by, 0) AS done_by FROM onboarding_steps t WHERE t.subscription_id = ? ORDER BY t.id`
	var all []Task
	if err := r.Select(ctx, &all, q, subscription); err != nil {
		return nil, fmt.Errorf("onboarding of subscription %d: %w", subscription, err)
	}
	return all, nil
}

// LastTasks returns what the vendor wrote for a side the last time that it set the same
// service up: what is likely to be needed again.
func LastTasks(ctx context.Context, r db.Reader, offering int64, side Side) ([]string, error) {
	const q = `/* contracts.LastTasks */ SELECT t.words FROM onboarding_steps t WHERE t.side = ? AND t.author = 'vendor' AND t.subscription_id = (SELECT MAX(s.id) FROM subscriptions s
		JOIN onboarding_steps x ON x.subscription_id = s.id WHERE s.offering_id = ? AND x.author = 'vendor') ORDER BY t.id`
	var all []string
	if err := r.Select(ctx, &all, q, side, offering); err != nil {
		return nil, fmt.Errorf("onboarding of service %d: %w", offering, err)
	}
	return all, nil
}

// setUp finds a subscription that is being set up, as the actor's side sees it.
func setUp(ctx context.Context, tx *db.Tx, id int64, side Side) (Subscription, error) {
	find := func() (Subscription, error) {
		if side == Selling {
			return FindOrder(ctx, tx, tx.Actor, id)
		}
		return Find(ctx, tx, tx.Actor, id)
	}
	s, err := held(ctx, tx, id, find)
	switch {
	case err != nil:
		return s, err
	case side == Buying && !Manages(tx.Actor) && s.Requester != tx.Actor.AccountID:
		return s, fmt.Errorf("onboarding of subscription %d: %w", id, models.ErrForbidden)
	case s.State != Accepted && s.State != Active:
		return s, fmt.Errorf("onboarding of subscription %d, which is %s: %w", id, s.State, models.ErrConflict)
	}
	return s, nil
}

// AddTasks adds what a side is to do, a line each; who asks is of the side that acts. A
// line that is there already is not added again.
func AddTasks(ctx context.Context, tx *db.Tx, id int64, acting, side Side, lines string, due models.Date) error {
	s, err := setUp(ctx, tx, id, acting)
	if err != nil {
		return err
	}
	return s.addTasks(ctx, tx, acting, side, lines, due)
}

func (s *Subscription) addTasks(ctx context.Context, tx *db.Tx, acting, side Side, lines string, due models.Date) error {
	if side != Buying && side != Selling {
		return models.Invalid{"side": "onboarding.side_missing"}
	}
	if !due.IsZero() && due.Before(models.DateOf(tx.Now.Time)) {
		return models.Invalid{"due": "onboarding.due_wrong"}
	}
	before, err := Tasks(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	var added []string
	count := 0
	for _, t := range before {
		if t.Side == side {
			count++
		}
	}
	for line := range strings.Lines(lines) {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case line == "" || slices.ContainsFunc(before, func(t Task) bool { return t.Side == side && t.Words == line }) || slices.Contains(added, line):
			continue
		case utf8.RuneCountInString(line) > MaxTask:
			return models.Invalid{"tasks": "onboarding.line_long"}
		case count+len(added) == MaxTasks:
			return models.Invalid{"tasks": "onboarding.too_many"}
		}
		added = append(added, line)
	}
	if len(added) == 0 {
		return nil
	}
	for _, line := range added {
		var day any
		if !due.IsZero() {
			day = due
		}
		const q = `INSERT INTO onboarding_steps (subscription_id, side, words, due, author, account_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`
		if _, err := tx.Exec(ctx, q, s.ID, side, line, day, acting, db.NullID(tx.Actor.AccountID), tx.Now); err != nil {
			return fmt.Errorf("onboarding of subscription %d: %w", s.ID, err)
		}
	}
	return audit.Record(ctx, tx, tasksAdded, subject(s.ID), audit.Change{Field: "side", New: string(side)}, audit.Change{Field: "words", New: strings.Join(added, "\n")})
}

// TickTask notes that a side did what it had to, or that it did not after all. Each side
// says so of its own.
func TickTask(ctx context.Context, tx *db.Tx, id int64, side Side, task int64, done bool) error {
	s, err := setUp(ctx, tx, id, side)
	if err != nil {
		return err
	}
	all, err := Tasks(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t Task) bool { return t.ID == task })
	switch {
	case i < 0:
		return fmt.Errorf("task %d of subscription %d: %w", task, id, models.ErrNotFound)
	case all[i].Side != side:
		return fmt.Errorf("task %d of subscription %d: %w", task, id, models.ErrForbidden)
	case (all[i].DoneBy != 0) == done:
		return nil
	}
	action, at, who := taskOpened, any(nil), any(nil)
	if done {
		action, at, who = taskDone, tx.Now, tx.Actor.AccountID
	}
	if _, err := tx.Exec(ctx, `UPDATE onboarding_steps SET done_at = ?, done_by = ? WHERE id = ?`, at, who, task); err != nil {
		return fmt.Errorf("task %d: %w", task, err)
	}
	return audit.Record(ctx, tx, action, subject(s.ID), audit.Change{Field: "words", New: all[i].Words})
}
