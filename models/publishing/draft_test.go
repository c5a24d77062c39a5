package publishing_test

import (
	"errors"
	"net/url"
	"reflect"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
)

func TestADraftComesBackAsItWasSaved(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	d := h.draft(h.manager, id)
	if d.Revision != 1 || d.Base != 0 || d.EditedBy != h.editor.AccountID || !reflect.DeepEqual(d.Content, content(t, "Päevik")) {
		t.Fatalf("new: %+v", d)
	}
	var saved publishing.Draft
	h.must(h.manager, func(tx *db.Tx) (err error) {
		saved, err = publishing.Save(t.Context(), tx, id, 1, func(d *publishing.Draft) error {
			d.Content.Contact = "other@vendor.example"
			d.Typed = map[string]url.Values{"prices": {"price": {"0,6o"}}}
			d.Note = models.Text{"et": "Uus kontakt"}
			return nil
		})
		return err
	})
	if got := h.draft(h.editor, id); !reflect.DeepEqual(got, saved) || got.Revision != 2 || got.EditedBy != h.manager.AccountID {
		t.Errorf("saved %+v\nfound %+v", saved, got)
	}
	h.must(h.manager, func(tx *db.Tx) (err error) {
		saved, err = publishing.Save(t.Context(), tx, id, 2, func(*publishing.Draft) error { return nil })
		return err
	})
	if got := h.draft(h.editor, id); saved.Revision != 2 || got.Revision != 2 {
		t.Errorf("saved without a change: revision %d, %d", saved.Revision, got.Revision)
	}
}

func TestWhoDidNotSeeTheLastRevisionIsShownIt(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	rename := func(to string) func(*publishing.Draft) error {
		return func(d *publishing.Draft) error { d.Content.Website = "https://vendor.example/" + to; return nil }
	}
	save := func(a models.Actor, revision int64, to string) error {
		return h.Write(t.Context(), a, func(tx *db.Tx) error {
			_, err := publishing.Save(t.Context(), tx, id, revision, rename(to))
			return err
		})
	}
	if err := save(h.manager, 1, "first"); err != nil {
		t.Fatal(err)
	}
	err := save(h.editor, 1, "second")
	var c *publishing.Conflict
	if !errors.As(err, &c) || !errors.Is(err, models.ErrConflict) {
		t.Fatalf("the second gets %v", err)
	}
	if c.Kept.Content.Website != "https://vendor.example/first" || c.Kept.EditedBy != h.manager.AccountID || c.Kept.Revision != 2 {
		t.Errorf("the second is shown %+v", c.Kept)
	}
	if err := save(h.editor, c.Kept.Revision, "second"); err != nil {
		t.Error(err)
	}
	if got := h.draft(h.editor, id).Content.Website; got != "https://vendor.example/second" {
		t.Errorf("kept: %s", got)
	}
}

func TestRevisionsNeverComeTwice(t *testing.T) {
	h := newHouse(t)
	id := h.live("Päevik")
	before := h.save(h.editor, id, func(c *catalogue.Content) { c.Contact = "a@vendor.example" })
	h.must(h.editor, func(tx *db.Tx) error { return publishing.Discard(t.Context(), tx, id) })
	if _, err := publishing.FindDraft(t.Context(), h, h.editor, id); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("after it was thrown away: %v", err)
	}
	after := h.save(h.editor, id, func(c *catalogue.Content) { c.Contact = "b@vendor.example" })
	if after.Revision <= before.Revision {
		t.Errorf("revision %d after %d", after.Revision, before.Revision)
	}
}

func TestWhatWasThrownAwayCanBeTakenBackForAWhile(t *testing.T) {
	for _, tt := range []struct {
		after time.Duration
		want  error
	}{{publishing.UndoTime, nil}, {publishing.UndoTime + time.Second, models.ErrNotFound}} {
		h := newHouse(t)
		id := h.begin(h.editor, content(t, "Päevik"))
		h.must(h.editor, func(tx *db.Tx) error { return publishing.Discard(t.Context(), tx, id) })
		now := h.Now()
		h.DB.Now = func() time.Time { return now.Add(tt.after) }
		err := h.Write(t.Context(), h.manager, func(tx *db.Tx) error { return publishing.Undiscard(t.Context(), tx, id) })
		if !errors.Is(err, tt.want) {
			t.Errorf("after %v: %v, want %v", tt.after, err, tt.want)
		}
		if err == nil && !reflect.DeepEqual(h.draft(h.editor, id).Content, content(t, "Päevik")) {
			t.Error("it came back otherwise than it went")
		}
	}
}

// Every way to a draft, by every role of two vendors.
func TestWhoWritesDrafts(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	actions := map[string]func(*db.Tx) error{
		"find": func(tx *db.Tx) error { _, err := publishing.FindDraft(t.Context(), tx, tx.Actor, id); return err },
		"edit": func(tx *db.Tx) error { _, err := publishing.Edit(t.Context(), tx, id); return err },
		"save": func(tx *db.Tx) error {
			_, err := publishing.Save(t.Context(), tx, id, 1, func(*publishing.Draft) error { return nil })
			return err
		},
		"discard": func(tx *db.Tx) error { return publishing.Discard(t.Context(), tx, id) },
		"send":    func(tx *db.Tx) error { _, err := publishing.Send(t.Context(), tx, h.schema, id, 1); return err },
		"check": func(tx *db.Tx) error {
			_, err := publishing.Check(t.Context(), tx, h.schema, tx.Actor, id, models.DateOf(h.Now()))
			return err
		},
	}
	undo := errors.New("undo")
	for _, who := range []struct {
		name  string
		actor models.Actor
		want  error
	}{
		{"its editor", h.editor, nil}, {"its manager", h.manager, nil}, {"an administrator", h.staff, nil},
		{"another vendor", h.other, models.ErrNotFound}, {"a buyer", h.buyer, models.ErrNotFound},
		{"a moderator", h.moderator, models.ErrNotFound}, {"a visitor", models.Actor{}, models.ErrNotFound},
	} {
		for name, do := range actions {
			err := h.Write(t.Context(), who.actor, func(tx *db.Tx) error {
				if err := do(tx); err != nil {
					return err
				}
				return undo
			})
			if errors.Is(err, undo) {
				err = nil
			}
			if !errors.Is(err, who.want) {
				t.Errorf("%s, %s: %v, want %v", who.name, name, err, who.want)
			}
		}
		err := h.Write(t.Context(), who.actor, func(tx *db.Tx) error {
			_, err := publishing.Begin(t.Context(), tx, h.vendor, content(t, "Uus"))
			return err
		})
		if (err == nil) != (who.want == nil) {
			t.Errorf("%s begins: %v", who.name, err)
		}
	}
}

func TestADraftFollowsWhatIsPublishedMeanwhile(t *testing.T) {
	h := newHouse(t)
	id := h.live("Päevik")
	mine := h.save(h.editor, id, func(c *catalogue.Content) { c.Contact = "mine@vendor.example" })
	h.must(admin, func(tx *db.Tx) error {
		c := content(t, "Päevik")
		c.Website = "https://vendor.example/by-operator"
		_, err := catalogue.Publish(t.Context(), tx, id, catalogue.Version{Content: c})
		return err
	})
	err := h.Write(t.Context(), h.editor, func(tx *db.Tx) error {
		_, err := publishing.Send(t.Context(), tx, h.schema, id, mine.Revision)
		return err
	})
	if !errors.Is(err, models.ErrConflict) {
		t.Errorf("sent over another version: %v", err)
	}
	d := h.save(h.editor, id, func(*catalogue.Content) {})
	if d.Base != 2 || d.Content.Contact != "mine@vendor.example" || d.Content.Website != "https://vendor.example/by-operator" {
		t.Errorf("the draft that followed: %+v", d)
	}
}

func TestMerge(t *testing.T) {
	base := content(t, "Päevik")
	edit := func(change func(*catalogue.Content)) catalogue.Content {
		c := content(t, "Päevik")
		change(&c)
		return c
	}
	answer := func(c *catalogue.Content, q, v string) {
		for i := range c.Answers {
			if c.Answers[i].Question == q {
				c.Answers[i].Values = []string{v}
			}
		}
	}
	mine := edit(func(c *catalogue.Content) {
		c.Words["en"] = catalogue.Words{Name: "Journal", Summary: "A journal for schools", Description: "Grades and absences."}
		answer(c, "start_days", "1")
		answer(c, "notice_days", "60")
		c.Answers = append(c.Answers, catalogue.Answer{Question: "trial_days", Values: []string{"14"}, By: catalogue.ByVendor, Proof: catalogue.Stated})
	})
	other := edit(func(c *catalogue.Content) {
		c.Words["en"] = catalogue.Words{Name: "Päevik", Summary: "Better", Description: "Grades and absences."}
		answer(c, "notice_days", "90")
		answer(c, "availability", "99.9")
		c.Plans[0].Code = "other"
		c.CPV = nil
	})
	got := publishing.Merge(base, mine, other)
	want := edit(func(c *catalogue.Content) {
		c.Words["en"] = catalogue.Words{Name: "Journal", Summary: "Better", Description: "Grades and absences."}
		answer(c, "start_days", "1")
		answer(c, "notice_days", "60") // both changed it
		answer(c, "availability", "99.9")
		c.Answers = append(c.Answers, mine.Answers[len(mine.Answers)-1])
		c.Plans[0].Code = "other"
		c.CPV = nil
	})
	if d := catalogue.Diff(want, got); len(d) > 0 {
		t.Errorf("merged otherwise: %+v", d)
	}
}
