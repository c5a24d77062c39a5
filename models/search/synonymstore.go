package search

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

const (
	synonymsAdded   audit.Action = "synonyms.added"
	synonymsChanged audit.Action = "synonyms.changed"
	synonymsRemoved audit.Action = "synonyms.removed"
)

// SynonymList is words and phrases that the search takes for each other.
type SynonymList struct {
	ID       int64       `json:"list"`
	Revision int64       `json:"-"`     // tells apart what the list has been; never used twice, for no list
	Words    []string    `json:"words"` // as they were typed
	Changed  models.Time `json:"changed_at"`
}

// String returns the words with commas between.
func (l SynonymList) String() string { return strings.Join(l.Words, ", ") }

// Holds reports whether one of the words holds part, as words are compared. All
// lists hold a part without a letter or digit.
func (l SynonymList) Holds(part string) bool {
	part = foldedPhrase(part)
	return slices.ContainsFunc(l.Words, func(w string) bool { return strings.Contains(foldedPhrase(w), part) })
}

// Synonyms returns all lists, the oldest first.
func Synonyms(ctx context.Context, r db.Reader) ([]SynonymList, error) {
	lists, err := readSynonyms(ctx, r, ``)
	if err != nil {
		return nil, fmt.Errorf("synonyms: %w", err)
	}
	return lists, nil
}

// FindSynonyms returns a list. It fails with [models.ErrNotFound] when there is
// none with that id.
func FindSynonyms(ctx context.Context, r db.Reader, id int64) (SynonymList, error) {
	lists, err := readSynonyms(ctx, r, `WHERE l.id = ?`, id)
	if err == nil && len(lists) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return SynonymList{}, fmt.Errorf("synonyms %d: %w", id, err)
	}
	return lists[0], nil
}

func readSynonyms(ctx context.Context, r db.Reader, where string, args ...any) ([]SynonymList, error) {
	q := `/* search.Synonyms */
		SELECT l.id, l.revision, l.changed_at, w.word
		FROM synonym_lists l
		JOIN synonym_words w ON w.list_id = l.id
		` + where + `
		ORDER BY l.id, w.position`
	var rows []struct {
		ID       int64       `db:"id"`
		Revision int64       `db:"revision"`
		Changed  models.Time `db:"changed_at"`
		Word     string      `db:"word"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, err
	}
	var lists []SynonymList
	for _, w := range rows {
		if n := len(lists); n == 0 || lists[n-1].ID != w.ID {
			lists = append(lists, SynonymList{ID: w.ID, Revision: w.Revision, Changed: w.Changed})
		}
		l := &lists[len(lists)-1]
		l.Words = append(l.Words, w.Word)
	}
	return lists, nil
}

// AddSynonyms keeps a new list and returns its id. What is wrong with the words is
// a [models.Invalid]: of "words.N" with the word at place N, of "words" with the
// list. Only administrators and programs may.
func AddSynonyms(ctx context.Context, tx *db.Tx, typed []string) (int64, error) {
	words, err := settleSynonyms(typed)
	if err != nil {
		return 0, err
	}
	revision, err := reviseSynonyms(ctx, tx)
	if err != nil {
		return 0, err
	}
	if err := refuseKnown(ctx, tx, words, 0); err != nil {
		return 0, err
	}
	if err := refuseTooMany(ctx, tx, 1); err != nil {
		return 0, err
	}
	return insertSynonyms(ctx, tx, revision, words)
}

// ChangeSynonyms makes a list hold these words. It fails like [AddSynonyms], with
// [models.ErrNotFound] when there is no such list, and with [models.ErrConflict]
// when its revision is no longer the one that was seen; seen 0 takes it as it is.
func ChangeSynonyms(ctx context.Context, tx *db.Tx, id, seen int64, typed []string) error {
	words, err := settleSynonyms(typed)
	if err != nil {
		return err
	}
	revision, err := reviseSynonyms(ctx, tx)
	if err != nil {
		return err
	}
	before, err := seenSynonyms(ctx, tx, id, seen)
	if err != nil || slices.Equal(before.Words, words) {
		return err
	}
	if err := refuseKnown(ctx, tx, words, id); err != nil {
		return err
	}
	const q = `UPDATE synonym_lists SET hash = ?, revision = ?, changed_at = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, synonymsHash(words), revision, tx.Now, id); err != nil {
		return fmt.Errorf("change synonyms %d: %w", id, err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM synonym_words WHERE list_id = ?`, id); err != nil {
		return fmt.Errorf("change synonyms %d: %w", id, err)
	}
	if err := insertWords(ctx, tx, id, words); err != nil {
		return fmt.Errorf("change synonyms %d: %w", id, err)
	}
	return recordSynonyms(ctx, tx, synonymsChanged, id, before.Words, words)
}

// RemoveSynonyms removes a list. It fails like [ChangeSynonyms], but for words.
func RemoveSynonyms(ctx context.Context, tx *db.Tx, id, seen int64) error {
	if _, err := reviseSynonyms(ctx, tx); err != nil {
		return err
	}
	before, err := seenSynonyms(ctx, tx, id, seen)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM synonym_lists WHERE id = ?`, id); err != nil {
		return fmt.Errorf("remove synonyms %d: %w", id, err)
	}
	return recordSynonyms(ctx, tx, synonymsRemoved, id, before.Words, nil)
}

// reviseSynonyms asks who may, and moves the revision of all synonyms, which keeps
// others from changing them until the transaction is over.
func reviseSynonyms(ctx context.Context, tx *db.Tx) (revision int64, err error) {
	if !tx.Actor.Is(models.Administrator) && tx.Actor.Program == "" {
		return 0, fmt.Errorf("write synonyms: %w", models.ErrForbidden)
	}
	const q = `UPDATE synonym_revision SET value = value + 1 WHERE one = 1 RETURNING value`
	if err := tx.Get(ctx, &revision, q); err != nil {
		return 0, fmt.Errorf("revision of synonyms: %w", err)
	}
	return revision, nil
}

// seenSynonyms returns the list if it is still as it was seen.
func seenSynonyms(ctx context.Context, tx *db.Tx, id, seen int64) (SynonymList, error) {
	l, err := FindSynonyms(ctx, tx, id)
	if err == nil && seen != 0 && seen != l.Revision {
		err = fmt.Errorf("synonyms %d: changed meanwhile: %w", id, models.ErrConflict)
	}
	return l, err
}

// refuseKnown fails when a list other than id has the same words.
func refuseKnown(ctx context.Context, tx *db.Tx, words []string, id int64) error {
	var other int64
	const q = `/* search.refuseKnown */ SELECT id FROM synonym_lists WHERE hash = ? AND id <> ?`
	switch err := tx.Get(ctx, &other, q, synonymsHash(words), id); {
	case errors.Is(err, models.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("synonyms like %q: %w", words, err)
	}
	return models.Invalid{"words": "synonym.known"}
}

// refuseTooMany fails when there is no room for so many more lists.
func refuseTooMany(ctx context.Context, tx *db.Tx, more int) error {
	var n int
	if err := tx.Get(ctx, &n, `/* search.refuseTooMany */ SELECT COUNT(*) FROM synonym_lists`); err != nil {
		return fmt.Errorf("count synonyms: %w", err)
	}
	if n+more > mostLists {
		return models.Invalid{"words": "synonym.full"}
	}
	return nil
}

func insertSynonyms(ctx context.Context, tx *db.Tx, revision int64, words []string) (id int64, err error) {
	const q = `INSERT INTO synonym_lists (hash, revision, changed_at) VALUES (?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &id, q, synonymsHash(words), revision, tx.Now); err != nil {
		return 0, fmt.Errorf("add synonyms: %w", err)
	}
	if err := insertWords(ctx, tx, id, words); err != nil {
		return 0, fmt.Errorf("add synonyms: %w", err)
	}
	return id, recordSynonyms(ctx, tx, synonymsAdded, id, nil, words)
}

func insertWords(ctx context.Context, tx *db.Tx, id int64, words []string) error {
	rows := make([][]any, len(words))
	for i, w := range words {
		rows[i] = []any{id, i, w}
	}
	return tx.Insert(ctx, "synonym_words", []string{"list_id", "position", "word"}, rows)
}

// recordSynonyms notes the words too, so that what was removed can be told.
func recordSynonyms(ctx context.Context, tx *db.Tx, action audit.Action, id int64, before, after []string) error {
	words := after
	if len(words) == 0 {
		words = before
	}
	var c audit.Changes
	c.Add("words", strings.Join(before, ", "), strings.Join(after, ", "))
	return audit.Record(ctx, tx, action, fmt.Sprintf("%d: %s", id, strings.Join(words, ", ")), c...)
}

// synonymsHash is the same for lists of the same words, however they are spelled
// and in whatever order.
func synonymsHash(words []string) string {
	folded := make([]string, len(words))
	for i, w := range words {
		folded[i] = foldedPhrase(w)
	}
	slices.Sort(folded)
	sum := sha256.Sum256([]byte(strings.Join(folded, "\n")))
	return hex.EncodeToString(sum[:])
}

// LoadSynonyms makes the index take for each other what the lists say.
func (x *Index) LoadSynonyms(ctx context.Context, r db.Reader) error {
	stored, err := Synonyms(ctx, r)
	if err != nil {
		return err
	}
	lists := make([][]string, len(stored))
	for i, l := range stored {
		lists[i] = l.Words
	}
	x.SetSynonyms(lists)
	return nil
}
