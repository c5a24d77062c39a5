package documents_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/documents"
)

// shelf keeps contents in memory.
type shelf map[string]string

type held struct{ *bytes.Reader }

func (held) Close() error { return nil }

func (s shelf) Put(_ context.Context, r io.Reader, _ int64) (documents.Stored, error) {
	b, err := io.ReadAll(r)
	s[hashOf(string(b))] = string(b)
	return documents.Stored{Hash: hashOf(string(b)), Size: int64(len(b))}, err
}

func (s shelf) Open(_ context.Context, hash string) (documents.Content, error) {
	content, ok := s[hash]
	switch {
	case !ok:
		return nil, documents.ErrNoBlob
	case hashOf(content) != hash:
		return nil, documents.ErrDamaged
	}
	return held{bytes.NewReader([]byte(content))}, nil
}

func (s shelf) Delete(_ context.Context, hash string) error {
	delete(s, hash)
	return nil
}

func (s shelf) List(context.Context) iter.Seq2[documents.Stored, error] {
	return func(yield func(documents.Stored, error) bool) {
		for hash, content := range s {
			if !yield(documents.Stored{Hash: hash, Size: int64(len(content))}, nil) {
				return
			}
		}
	}
}

func (s shelf) keep(t *testing.T, contents ...string) {
	t.Helper()
	for _, c := range contents {
		if _, err := s.Put(t.Context(), strings.NewReader(c), 1); err != nil {
			t.Fatal(err)
		}
	}
}

func (r *room) sweep(store documents.Blobs) int {
	r.t.Helper()
	n, err := documents.Sweep(r.t.Context(), r.DB, r.admin, store)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestAContentGoesAfterItsLastDocument(t *testing.T) {
	r := newRoom(t)
	store := shelf{}
	store.keep(t, "one", "two", "three", "on its way")
	one := r.brought(r.editors[0], "one", 0)
	r.brought(r.editors[1], "one", 0)
	two := r.brought(r.editors[0], "two", 0)
	r.brought(r.editors[0], "three", two.ID)
	r.publish(0, two.Paper())
	r.write(r.editors[0], func(tx *db.Tx) error { return documents.Remove(t.Context(), tx, one.ID) })
	r.now = r.now.AddDate(0, 2, 0)
	r.write(r.editors[0], func(tx *db.Tx) error {
		return documents.Expect(t.Context(), tx, documents.Stored{Hash: hashOf("on its way"), Size: 1}, documents.PDF)
	})
	if n := r.sweep(store); n != 0 || len(store) != 4 {
		t.Errorf("%d went, %d stay; all are needed", n, len(store))
	}
	r.publish(0)
	r.now = r.now.Add(25 * time.Hour)
	if n := r.sweep(store); n != 2 || len(store) != 2 { // that which was replaced, and that which never got a document
		t.Errorf("%d went, %d stay; want 2 and 2", n, len(store))
	}
	if _, err := documents.Find(t.Context(), r.DB, r.editors[0], two.ID); err == nil {
		t.Error("what was replaced is still there")
	}
	if n := r.sweep(store); n != 0 {
		t.Errorf("a second time %d went", n)
	}
	r.brought(r.editors[0], "two", 0) // once more
}

func TestRowsAndBytesAreCompared(t *testing.T) {
	r := newRoom(t)
	store := shelf{}
	store.keep(t, "whole", "changed", "nobody knows")
	for _, content := range []string{"whole", "changed", "missing"} {
		r.brought(r.editors[0], content, 0)
	}
	r.brought(r.editors[1], "missing", 0)
	store[hashOf("changed")] += "!"
	var got []string
	n, err := documents.Compare(t.Context(), r.DB, store, func(f documents.Finding) {
		got = append(got, string(f.Flaw)+" "+f.Hash+strings.Repeat(" d", len(f.Documents)))
	})
	slices.Sort(got)
	want := []string{"changed " + hashOf("changed") + " d", "missing " + hashOf("missing") + " d d", "orphaned " + hashOf("nobody knows")}
	if err != nil || n != 3 || !slices.Equal(got, want) {
		t.Errorf("%d contents, %v: %v; want 3: %v", n, err, got, want)
	}
}

func TestAVendorHasOnlySoManyDocuments(t *testing.T) {
	r := newRoom(t)
	r.write(r.editors[0], func(tx *db.Tx) error {
		for i := range documents.MostOfVendor {
			d := documents.Document{Hash: hashOf(strings.Repeat("x", i+1)), Details: details("Many")}
			if err := documents.Expect(t.Context(), tx, documents.Stored{Hash: d.Hash, Size: 1}, documents.PDF); err != nil {
				return err
			}
			if err := documents.Add(t.Context(), tx, &d, "", documents.Silent, 0); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := r.bring(r.editors[0], "one too many", details("More"), 0)
	if wrong, ok := err.(models.Invalid); !ok || wrong["file"] != "document.too_many" {
		t.Errorf("one too many: %v", err)
	}
}
