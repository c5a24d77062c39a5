package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// mark is what tells a version apart without its content.
type mark struct {
	Number int    `db:"number"`
	State  State  `db:"state"`
	Hash   string `db:"hash"`
}

func versionMarks(ctx context.Context, r db.Reader, id int64) (marks []mark, err error) {
	const q = `SELECT number, state, hash FROM versions WHERE offering_id = ? ORDER BY number`
	err = r.Select(ctx, &marks, q, id)
	return marks, err
}

// supersede makes room for a version in the state: only one is ever published.
func supersede(ctx context.Context, tx *db.Tx, id int64, next State) error {
	if next != Published {
		return nil
	}
	const q = `UPDATE versions SET state = 'superseded' WHERE offering_id = ? AND state = 'published'`
	_, err := tx.Exec(ctx, q, id)
	return err
}

// settlePublished points the offering at its published version.
func settlePublished(ctx context.Context, tx *db.Tx, id int64) error {
	const q = `
		UPDATE offerings
		SET published = (SELECT number FROM versions WHERE offering_id = offerings.id AND state = 'published')
		WHERE id = ?`
	_, err := tx.Exec(ctx, q, id)
	return err
}

// touch counts a change of the offering and returns its new revision.
func touch(ctx context.Context, tx *db.Tx, id int64) (revision int64, err error) {
	const q = `UPDATE offerings SET revision = revision + 1 WHERE id = ? RETURNING revision`
	err = tx.Get(ctx, &revision, q, id)
	return revision, err
}

// changed tells those who follow the catalogue that the listing is not what it was.
func changed(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO listing_changes (offering_id) VALUES (?)`, id)
	return err
}

// Renew tells those who follow the catalogue, and keep pages, that what is shown with the
// listing is not what it was, though its version is: a document was looked at. It records
// nothing; the caller does.
func Renew(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := touch(ctx, tx, id)
	if err == nil {
		err = changed(ctx, tx, id)
	}
	if err != nil {
		return fmt.Errorf("renew %s: %w", Number(id), err)
	}
	return nil
}

var versionColumns = strings.Fields(`offering_id number state hash language website contact demo_price extra
	published_on checked_on import_id created_at`)

// appendVersion adds v, with all it says, as the number'th of its offering.
func appendVersion(ctx context.Context, tx *db.Tx, id int64, number int, v *Version, importID int64) error {
	h, err := v.Hash()
	if err != nil {
		return err
	}
	if v.Published.IsZero() && (v.State == Published || v.State == Superseded) {
		v.Published = models.DateOf(tx.Now.Time)
	}
	var from any
	if importID != 0 {
		from = importID
	}
	err = tx.Insert(ctx, "versions", versionColumns, [][]any{{id, number, v.State, h, v.Language, v.Website, v.Contact,
		db.Flag(v.DemoPrice), string(v.Extra), v.Published, v.Checked, from, tx.Now}})
	if err != nil {
		return err
	}
	w := writer{ctx: ctx, tx: tx, id: id, number: number}
	w.words(v)
	w.lists(v)
	w.answers(v.Answers)
	w.papers(v.Documents)
	w.plans(v)
	return w.err
}

// writer adds the parts of one version; after a first error it does nothing.
type writer struct {
	ctx    context.Context
	tx     *db.Tx
	id     int64
	number int
	err    error
}

func (w *writer) insert(table, columns string, rows [][]any) {
	if w.err != nil || len(rows) == 0 {
		return
	}
	for i, row := range rows {
		rows[i] = append([]any{w.id, w.number}, row...)
	}
	all := append([]string{"offering_id", "number"}, strings.Fields(columns)...)
	if err := w.tx.Insert(w.ctx, table, all, rows); err != nil {
		w.err = fmt.Errorf("%s: %w", table, err)
	}
}

func (w *writer) words(v *Version) {
	var words, notes [][]any
	for _, lang := range languages(v.Words) {
		t := v.Words[lang]
		words = append(words, []any{lang, t.Name, t.Summary, t.Description})
	}
	for _, lang := range models.Languages(v.Note) {
		notes = append(notes, []any{lang, v.Note[lang]})
	}
	w.insert("version_words", "language name summary description", words)
	w.insert("version_notes", "language words", notes)
}

func (w *writer) lists(v *Version) {
	var categories, cpv, sources [][]any
	for i, c := range v.Categories {
		categories = append(categories, []any{i, c})
	}
	for i, c := range v.CPV {
		cpv = append(cpv, []any{i, c})
	}
	for i, s := range v.Sources {
		sources = append(sources, []any{i, s.Title, s.URL, s.Seen})
	}
	w.insert("version_categories", "position category", categories)
	w.insert("version_cpv", "position code", cpv)
	w.insert("version_sources", "position title url seen", sources)
}

func (w *writer) answers(answers []Answer) {
	var rows, values [][]any
	for i, a := range answers {
		rows = append(rows, []any{i, a.Question, a.By, a.Proof, a.Issuer, a.Source, a.Since, a.Until})
		for j, v := range a.Values {
			values = append(values, []any{i, "", j, v})
		}
		for _, lang := range languages(a.Words) {
			for j, v := range a.Words[lang] {
				values = append(values, []any{i, lang, j, v})
			}
		}
	}
	w.insert("answers", "position question said_by proof issuer source since until", rows)
	w.insert("answer_values", "answer language position value", values)
}

func (w *writer) plans(v *Version) {
	var rows [][]any
	for i, p := range v.Plans {
		b, err := json.Marshal(p)
		if err != nil {
			w.err = fmt.Errorf("plan %s: %w", p.Code, err)
			return
		}
		rows = append(rows, []any{i, p.Code, string(b)})
	}
	w.insert("plans", "position code definition", rows)
}

// languages returns the tags of m, sorted.
func languages[V any](m map[string]V) []string {
	tags := make([]string, 0, len(m))
	for tag := range m {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}
