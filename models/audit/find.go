package audit

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// Filter says which events are wanted: those that fit everything that is set.
type Filter struct {
	Words        []Word
	Subjects     []string // any of them
	Account      int64    // who did it
	Organisation int64    // for whom it was done
	Group        string   // the noun of the action: "organisation"
	Action       Action
	Since        models.Time // at it or later
	Before       models.Time // earlier than it
}

// Word is a part of a subject or of an action, in letters of either case; or it
// means actions, because it stands in the words that people read for them.
type Word struct {
	Text    string
	Actions []Action
}

// where is the condition that events of the chain fit, and its arguments.
func (f Filter) where() (string, []any) {
	cond, args := []string{`seq IS NOT NULL`}, []any(nil)
	add := func(yes bool, text string, values ...any) {
		if yes {
			cond, args = append(cond, text), append(args, values...)
		}
	}
	for _, w := range f.Words {
		text, values := w.where()
		add(true, text, values...)
	}
	if len(f.Subjects) > 0 {
		marks, values := db.In(f.Subjects)
		add(true, `subject IN `+marks, values...)
	}
	add(f.Account != 0, `account_id = ? AND account_id <> 0`, f.Account) // the second lets the index be used
	add(f.Organisation != 0, `organisation_id = ? AND organisation_id <> 0`, f.Organisation)
	add(f.Group != "", `action LIKE ? ESCAPE '\'`, pattern(f.Group)+".%")
	add(f.Action != "", `action = ?`, f.Action)
	add(!f.Since.IsZero(), `at >= ?`, f.Since)
	add(!f.Before.IsZero(), `at < ?`, f.Before)
	return ` FROM audit_events WHERE ` + strings.Join(cond, ` AND `), args
}

func (w Word) where() (string, []any) {
	like := "%" + pattern(lower(w.Text)) + "%"
	marks, args := db.In(w.Actions)
	return `(LOWER(subject) LIKE ? ESCAPE '\' OR action LIKE ? ESCAPE '\' OR action IN ` + marks + `)`, append([]any{like, like}, args...)
}

// pattern makes text mean itself in a LIKE.
func pattern(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// lower is what LOWER does in both engines: other letters than a to z stay.
func lower(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, text)
}

// Count returns how many events fit.
func Count(ctx context.Context, r db.Reader, f Filter) (n int, err error) {
	where, args := f.where()
	if err := r.Get(ctx, &n, `/* audit.Count */ SELECT COUNT(*)`+where, args...); err != nil {
		return 0, fmt.Errorf("count audit events: %w", err)
	}
	return n, nil
}

// Find returns a page of the events that fit, the newest first.
func Find(ctx context.Context, r db.Reader, f Filter, p models.Page) ([]Event, error) {
	where, args := f.where()
	q := `/* audit.Find */ SELECT ` + columns + where + ` ORDER BY seq DESC LIMIT ? OFFSET ?`
	var rows []row
	err := r.Select(ctx, &rows, q, append(args, p.Size, p.Offset())...)
	var events []Event
	if err == nil {
		events, err = readable(ctx, r, rows)
	}
	if err != nil {
		return nil, fmt.Errorf("audit events: %w", err)
	}
	return events, nil
}

// Of returns the last events of things, the newest first, most at most.
func Of(ctx context.Context, r db.Reader, most int, subjects ...string) ([]Event, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	return Find(ctx, r, Filter{Subjects: subjects}, models.Page{Number: 1, Size: most})
}

// All calls f with every event that fits, in the order of the chain. It keeps only a
// few in memory; pass it a moment that [db.DB.Read] holds still.
func All(ctx context.Context, r db.Reader, filter Filter, f func(Event) error) error {
	where, args := filter.where()
	err := blocks(ctx, r, where, args, func(rows []row) error {
		events, err := readable(ctx, r, rows)
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := f(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("audit events: %w", err)
	}
	return nil
}

// blocks calls f with the rows of the chain, some at a time and in its order.
func blocks(ctx context.Context, r db.Reader, where string, args []any, f func([]row) error) error {
	q := `/* audit.blocks */ SELECT ` + columns + where + ` AND seq > ? ORDER BY seq LIMIT ?`
	for last := int64(0); ; {
		var rows []row
		if err := r.Select(ctx, &rows, q, append(args[:len(args):len(args)], last, block)...); err != nil || len(rows) == 0 {
			return err
		}
		if err := f(rows); err != nil {
			return err
		}
		last = rows[len(rows)-1].Seq
	}
}
