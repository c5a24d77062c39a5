package publishing

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// NoteDown keeps with a draft, of the revision that was seen, what its vendor says in a
// language that changes, and returns the revision after it: the same when nothing is
// said. It fails with [models.Invalid] under "note" when that is too long.
func NoteDown(ctx context.Context, tx *db.Tx, offering, seen int64, lang, note string) (int64, error) {
	note = strings.Join(strings.Fields(note), " ")
	switch {
	case note == "":
		return seen, nil
	case utf8.RuneCountInString(note) > catalogue.MaxSummary:
		return 0, models.Invalid{"note": "publishing.note_long"}
	}
	d, err := Save(ctx, tx, offering, seen, func(d *Draft) error {
		d.Note = maps.Clone(d.Note)
		d.Note.Set(lang, note)
		return nil
	})
	return d.Revision, err
}
