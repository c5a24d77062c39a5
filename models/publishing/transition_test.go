package publishing_test

import (
	"errors"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
)

// Every decision about what was sent, in every state, by every role.
func TestWhoDecidesWhen(t *testing.T) {
	h := newHouse(t)
	states := map[publishing.State]int64{} // what is in the state
	for _, to := range []publishing.State{publishing.Waiting, publishing.Published, publishing.SentBack, publishing.Refused, publishing.Withdrawn} {
		id := h.begin(h.editor, content(t, "Päevik"))
		sent := h.send(h.editor, id)
		states[to] = sent.Submission
		d := h.decision(sent.Submission, "Because.")
		h.must(h.moderator, func(tx *db.Tx) (err error) {
			switch to {
			case publishing.Published:
				_, err = publishing.Approve(t.Context(), tx, d)
			case publishing.SentBack:
				err = publishing.SendBack(t.Context(), tx, d)
			case publishing.Refused:
				err = publishing.Refuse(t.Context(), tx, d)
			}
			return err
		})
		if to == publishing.Withdrawn {
			h.must(h.editor, func(tx *db.Tx) error { return publishing.TakeBack(t.Context(), tx, id) })
		}
	}
	undo := errors.New("undo")
	actions := map[string]func(*db.Tx, publishing.Decision) error{
		"approve": func(tx *db.Tx, d publishing.Decision) error {
			_, err := publishing.Approve(t.Context(), tx, d)
			return err
		},
		"send back": func(tx *db.Tx, d publishing.Decision) error { return publishing.SendBack(t.Context(), tx, d) },
		"refuse":    func(tx *db.Tx, d publishing.Decision) error { return publishing.Refuse(t.Context(), tx, d) },
		"see":       func(tx *db.Tx, d publishing.Decision) error { return publishing.See(t.Context(), tx, d.Submission) },
	}
	for _, who := range []struct {
		name    string
		actor   models.Actor
		decides bool
	}{
		{"a moderator", h.second, true}, {"an administrator", h.staff, true}, {"a command", admin, true},
		{"who sent it", h.editor, false}, {"the vendor's manager", h.manager, false}, {"another vendor", h.other, false},
		{"a buyer", h.buyer, false}, {"a visitor", models.Actor{}, false},
	} {
		for state, id := range states {
			for name, do := range actions {
				err := h.Write(t.Context(), who.actor, func(tx *db.Tx) error {
					if err := do(tx, h.decision(id, "Because.")); err != nil {
						return err
					}
					return undo
				})
				want := models.ErrForbidden
				if who.decides {
					want = models.ErrConflict
				}
				if who.decides && state == publishing.Waiting && name != "see" {
					want = undo
				}
				if !errors.Is(err, want) {
					t.Errorf("%s, %s what is %s: %v, want %v", who.name, name, state, err, want)
				}
			}
		}
	}
}

// Who makes an offering stand how, from every life it can have.
func TestWhoEndsAnOffering(t *testing.T) {
	h := newHouse(t)
	id := h.live("Päevik")
	lives := []catalogue.Life{catalogue.Open, catalogue.Closed, catalogue.Suspended, catalogue.Withdrawn}
	reason := models.Text{"en": "Because"}
	undo := errors.New("undo")
	for _, from := range lives {
		if from != catalogue.Open {
			now := h.offering(id).Life
			h.must(h.staff, func(tx *db.Tx) error {
				return publishing.ChangeLife(t.Context(), tx, id, now, catalogue.Standing{Life: from, Reason: reason})
			})
		}
		for _, who := range []struct {
			name  string
			actor models.Actor
			may   func(to catalogue.Life) bool
			no    error
		}{
			{"an administrator", h.staff, func(catalogue.Life) bool { return true }, nil},
			{"a moderator", h.moderator, func(catalogue.Life) bool { return true }, nil},
			{"the vendor's manager", h.manager, func(to catalogue.Life) bool {
				return (from == catalogue.Open || from == catalogue.Closed) && to != catalogue.Suspended
			}, models.ErrForbidden},
			{"the vendor's editor", h.editor, func(catalogue.Life) bool { return false }, models.ErrForbidden},
			{"another vendor", h.other, func(catalogue.Life) bool { return false }, models.ErrNotFound},
			{"a buyer", h.buyer, func(catalogue.Life) bool { return false }, models.ErrNotFound},
			{"a visitor", models.Actor{}, func(catalogue.Life) bool { return false }, models.ErrNotFound},
		} {
			for _, to := range lives {
				if to == from {
					continue
				}
				err := h.Write(t.Context(), who.actor, func(tx *db.Tx) error {
					if err := publishing.ChangeLife(t.Context(), tx, id, from, catalogue.Standing{Life: to, Reason: reason}); err != nil {
						return err
					}
					return undo
				})
				want := who.no
				if who.may(to) {
					want = undo
				}
				if !errors.Is(err, want) {
					t.Errorf("%s makes it %s from %s: %v, want %v", who.name, to, from, err, want)
				}
			}
		}
	}
}

func TestClosingNamesAReasonAndWhereToGo(t *testing.T) {
	h := newHouse(t)
	id, other := h.live("Päevik"), h.live("Uus päevik")
	hidden := h.begin(h.editor, content(t, "Peidus"))
	end := func(seen catalogue.Life, s catalogue.Standing) error {
		return h.Write(t.Context(), h.manager, func(tx *db.Tx) error { return publishing.ChangeLife(t.Context(), tx, id, seen, s) })
	}
	reason := models.Text{"et": "Asendatud"}
	for _, tt := range []struct {
		name string
		s    catalogue.Standing
		want string
	}{
		{"no reason", catalogue.Standing{Life: catalogue.Closed}, "reason"},
		{"itself", catalogue.Standing{Life: catalogue.Closed, Reason: reason, Successor: id}, "successor"},
		{"what nobody sees", catalogue.Standing{Life: catalogue.Closed, Reason: reason, Successor: hidden}, "successor"},
		{"what there is not", catalogue.Standing{Life: catalogue.Closed, Reason: reason, Successor: 999}, "successor"},
	} {
		var wrong models.Invalid
		if err := end(catalogue.Open, tt.s); !errors.As(err, &wrong) || wrong[tt.want] == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if err := end(catalogue.Closed, catalogue.Standing{Life: catalogue.Withdrawn, Reason: reason}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("otherwise than was seen: %v", err)
	}
	h.save(h.editor, id, h.dearer)
	sent := h.send(h.editor, id)
	if err := end(catalogue.Open, catalogue.Standing{Life: catalogue.Withdrawn, Reason: reason, Successor: other}); err != nil {
		t.Fatal(err)
	}
	if o := h.offering(id); o.Life != catalogue.Withdrawn || o.Successor != other || o.LifeSince.IsZero() {
		t.Errorf("withdrawn: %+v", o)
	}
	if s := h.submission(sent.Submission); s.State != publishing.Withdrawn {
		t.Errorf("what waited is %s", s.State)
	}
	h.must(h.staff, func(tx *db.Tx) error {
		return publishing.ChangeLife(t.Context(), tx, id, catalogue.Withdrawn, catalogue.Standing{Life: catalogue.Open})
	})
	if o := h.offering(id); o.Life != catalogue.Open || o.Successor != 0 || !o.LifeSince.IsZero() {
		t.Errorf("restored: %+v", o)
	}
}
