package db_test

import (
	"context"
	"strconv"
	"testing"
	"testing/fstest"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

// notesSchema is the schema most tests here use.
var notesSchema = fstest.MapFS{
	"migrations/0001_notes.sql": {Data: []byte(`
		CREATE TABLE notes (
			id    INTEGER PRIMARY KEY,
			words TEXT NOT NULL CHECK (words <> '')
		) STRICT;
		CREATE TABLE tags (
			note_id INTEGER NOT NULL REFERENCES notes (id),
			word    TEXT    NOT NULL UNIQUE
		) STRICT;
		CREATE TABLE links (
			note_id INTEGER NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED
		) STRICT;`)},
	"migrations/0001_notes.sqlite.sql": {Data: []byte(`
		CREATE TRIGGER notes_stay BEFORE DELETE ON notes BEGIN
			SELECT 1; SELECT RAISE(ABORT, 'notes stay');
		END;`)},
	"migrations/0001_notes.postgres.sql": {Data: []byte(`
		CREATE FUNCTION notes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN PERFORM 1; RAISE EXCEPTION 'notes stay'; END $$;
		CREATE TRIGGER notes_stay BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION notes_stay();`)},
}

type note struct {
	ID    int64  `db:"id"`
	Words string `db:"words"`
}

// notes returns a database with that schema.
func notes(t testing.TB) *db.DB {
	t.Helper()
	d := dbtest.Empty(t)
	if err := d.MigrateFiles(t.Context(), notesSchema); err != nil {
		t.Fatal(err)
	}
	return d
}

// fill adds notes 1 to n to an empty table.
func fill(t testing.TB, d *db.DB, n int) {
	t.Helper()
	rows := make([][]any, n)
	for i := range rows {
		rows[i] = []any{"note " + strconv.Itoa(i+1)}
	}
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		return tx.Insert(t.Context(), "notes", []string{"words"}, rows)
	})
}

// add adds a note.
func add(ctx context.Context, tx *db.Tx, words string) error {
	_, err := tx.Exec(ctx, `INSERT INTO notes (words) VALUES (?)`, words)
	return err
}

// written returns the words of all notes in the order they were added.
func written(t testing.TB, r db.Reader) []string {
	t.Helper()
	var list []string
	if err := r.Select(t.Context(), &list, `SELECT words FROM notes ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	return list
}
