package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// Event is something that was done, as it is read.
type Event struct {
	Seq          int64       `json:"seq"` // place in the chain, from 1
	At           models.Time `json:"at"`
	Actor        string      `json:"actor"`                  // as [models.Actor] names itself
	Account      int64       `json:"account,omitempty"`      // 0 when a program or a visitor did it
	Organisation int64       `json:"organisation,omitempty"` // acting for it; 0 for nobody
	From         string      `json:"from,omitempty"`         // network address; "" when there was none, or it is erased
	FromErased   bool        `json:"from_erased,omitempty"`
	Action       Action      `json:"action"`
	Subject      string      `json:"subject"`
	Changes      []Change    `json:"changes,omitempty"`
	Erased       []string    `json:"erased,omitempty"` // the fields of Changes whose values were erased; they are "" there
	Previous     string      `json:"previous"`         // hash of the event before
	Hash         string      `json:"hash"`
}

// New returns what the field changed to, "" when the event does not say.
func (e Event) New(field string) string {
	for _, c := range e.Changes {
		if c.Field == field {
			return c.New
		}
	}
	return ""
}

// readable makes events of rows.
func readable(ctx context.Context, r db.Reader, rows []row) ([]Event, error) {
	secrets, err := secretsOf(ctx, r, rows)
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(rows))
	for i := range rows {
		if events[i], err = rows[i].event(secrets[rows[i].Seq]); err != nil {
			return nil, fmt.Errorf("event %d: %w", rows[i].Seq, err)
		}
	}
	return events, nil
}

// secretsOf reads what is personal in events, by event.
func secretsOf(ctx context.Context, r db.Reader, rows []row) (map[int64][]secret, error) {
	byEvent := map[int64][]secret{}
	for len(rows) > 0 { // not all at once, because a statement takes so many parameters only
		n := min(block, len(rows))
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = rows[i].Seq
		}
		rows = rows[n:]
		marks, args := db.In(ids)
		q := `/* audit.secretsOf */ SELECT ` + personalSelect + ` FROM audit_personal WHERE event IN ` + marks
		var found []secret
		if err := r.Select(ctx, &found, q, args...); err != nil {
			return nil, err
		}
		for _, s := range found {
			byEvent[s.Event] = append(byEvent[s.Event], s)
		}
	}
	return byEvent, nil
}

const personalSelect = `event, place, side, account_id, COALESCE(salt, '') AS salt, COALESCE(value, '') AS value`

// event puts what is personal in its place again.
func (r *row) event(secrets []secret) (Event, error) {
	e := Event{Seq: r.Seq, Actor: r.Actor, Account: r.Account, Organisation: r.Organisation,
		Action: Action(r.Action), Subject: r.Subject, Previous: r.Previous, Hash: r.Hash, FromErased: r.Origin != ""}
	at, err := time.Parse(time.RFC3339, r.At)
	if err != nil {
		return e, err
	}
	e.At = models.Time{Time: at}
	if err := json.Unmarshal([]byte(r.Changes), &e.Changes); err != nil {
		return e, err
	}
	values := map[spot]secret{}
	for _, s := range secrets {
		values[spot{s.Place, s.Side}] = s
	}
	if from, ok := values[spot{0, "new"}]; ok {
		e.From, e.FromErased = from.Value, from.erased()
	}
	for i := range e.Changes {
		if c := &e.Changes[i]; c.Person != 0 && !c.reveal(i+1, values) {
			e.Erased = append(e.Erased, c.Field)
		}
	}
	return e, nil
}

// spot is where a secret belongs in its event.
type spot struct {
	place int
	side  string
}

// reveal puts the values in the place of what stands for them; false when they are
// erased.
func (c *Change) reveal(place int, values map[spot]secret) bool {
	there := true
	for side, text := range map[string]*string{"old": &c.Old, "new": &c.New} {
		if *text == "" {
			continue
		}
		s := values[spot{place, side}]
		*text = s.Value
		there = there && !s.erased()
	}
	return there
}
