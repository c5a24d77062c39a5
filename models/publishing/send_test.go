package publishing_test

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
)

func TestWhatKeepsADraftFromBeingSent(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		name string
		edit func(*publishing.Draft)
		want string // part of the listing
	}{
		{"no name", func(d *publishing.Draft) { d.Content.Words["et"] = catalogue.Words{Summary: "Päevik"} }, "name"},
		{"no summary", func(d *publishing.Draft) { d.Content.Words["et"] = catalogue.Words{Name: "Päevik"} }, "summary"},
		{"no category", func(d *publishing.Draft) { d.Content.Categories = nil }, "categories"},
		{"no price", func(d *publishing.Draft) { d.Content.Plans = nil }, "plans"},
		{"a needed answer is missing", func(d *publishing.Draft) { d.Content.Answers = d.Content.Answers[1:] }, "answers"},
		{"something was typed that is wrong", func(d *publishing.Draft) { d.Typed = map[string]url.Values{"prices": {"price": {"x"}}} }, "typed"},
		{"a note that is a book", func(d *publishing.Draft) { d.Note = models.Text{"et": strings.Repeat("a", 401)} }, "note"},
	} {
		id := h.begin(h.editor, content(t, "Päevik"))
		var d publishing.Draft
		h.must(h.editor, func(tx *db.Tx) (err error) {
			d, err = publishing.Save(t.Context(), tx, id, 1, func(d *publishing.Draft) error { tt.edit(d); return nil })
			return err
		})
		err := h.Write(t.Context(), h.editor, func(tx *db.Tx) error {
			_, err := publishing.Send(t.Context(), tx, h.schema, id, d.Revision)
			return err
		})
		var wrong models.Invalid
		if !errors.As(err, &wrong) || wrong[tt.want] == "" {
			t.Errorf("%s: %v, want something about %s", tt.name, err, tt.want)
		}
	}
	id := h.begin(h.editor, content(t, "Päevik"))
	d := h.save(h.editor, id, func(c *catalogue.Content) { c.Website = "javascript:alert(1)" })
	err := h.Write(t.Context(), h.editor, func(tx *db.Tx) error {
		_, err := publishing.Send(t.Context(), tx, h.schema, id, d.Revision)
		return err
	})
	var problems catalogue.Problems
	if !errors.As(err, &problems) {
		t.Errorf("an address that is none: %v", err)
	}
}

func TestTheSameIsNotPublishedTwice(t *testing.T) {
	h := newHouse(t)
	id := h.live("Päevik")
	d := h.save(h.editor, id, func(*catalogue.Content) {})
	err := h.Write(t.Context(), h.editor, func(tx *db.Tx) error {
		_, err := publishing.Send(t.Context(), tx, h.schema, id, d.Revision)
		return err
	})
	var wrong models.Invalid
	if !errors.As(err, &wrong) || wrong["content"] == "" {
		t.Errorf("sent without a change: %v", err)
	}
}

func TestAnOlderVersionIsPutBack(t *testing.T) {
	h := newHouse(t)
	id := h.live("Päevik")
	h.save(h.editor, id, contact("new"))
	h.send(h.editor, id)
	var d publishing.Draft
	h.must(h.editor, func(tx *db.Tx) (err error) { d, err = publishing.PutBack(t.Context(), tx, id, 1); return err })
	if d.Base != 2 || d.Content.Contact != "sales@vendor.example" {
		t.Errorf("the draft: %+v", d)
	}
	err := h.Write(t.Context(), h.editor, func(tx *db.Tx) error { _, err := publishing.PutBack(t.Context(), tx, id, 1); return err })
	if !errors.Is(err, models.ErrConflict) {
		t.Errorf("over a draft: %v", err)
	}
	h.send(h.editor, id)
	first, err := catalogue.FindEdition(t.Context(), h, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	third, err := catalogue.FindEdition(t.Context(), h, id, 3)
	if err != nil || !reflect.DeepEqual(first.Content, third.Content) {
		t.Errorf("version 3: %+v, %v", third, err)
	}
	err = h.Write(t.Context(), h.editor, func(tx *db.Tx) error { _, err := publishing.PutBack(t.Context(), tx, id, 9); return err })
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a version that there is not: %v", err)
	}
}

func TestWhatWaitsCanBeTakenBack(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	sent := h.send(h.editor, id)
	back := func(a models.Actor) error {
		return h.Write(t.Context(), a, func(tx *db.Tx) error { return publishing.TakeBack(t.Context(), tx, id) })
	}
	if err := back(h.other); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("by another vendor: %v", err)
	}
	if err := back(h.editor); err != nil {
		t.Fatal(err)
	}
	if err := back(h.editor); !errors.Is(err, models.ErrConflict) {
		t.Errorf("twice: %v", err)
	}
	if s := h.submission(sent.Submission); s.State != publishing.Withdrawn {
		t.Errorf("it is %s", s.State)
	}
	h.draft(h.editor, id)
}
