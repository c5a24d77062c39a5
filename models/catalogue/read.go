package catalogue

import (
	"context"
	"encoding/json"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/pricing"
)

// Edition is a version as it is kept: what it says, and where it stands.
type Edition struct {
	Number int
	Version
}

// FindEdition returns one version of an offering with all it says, or
// [models.ErrNotFound].
func FindEdition(ctx context.Context, r db.Reader, id int64, number int) (Edition, error) {
	all, err := editions(ctx, r, id, ` AND number = ?`, number)
	if err != nil {
		return Edition{}, err
	}
	if len(all) == 0 {
		return Edition{}, fmt.Errorf("version %d of %s: %w", number, Number(id), models.ErrNotFound)
	}
	return all[0], nil
}

// Editions returns every version of an offering with all it says, oldest first.
func Editions(ctx context.Context, r db.Reader, id int64) ([]Edition, error) {
	return editions(ctx, r, id, ``)
}

// FindListing returns everything the catalogue says of an offering, or
// [models.ErrNotFound].
func FindListing(ctx context.Context, r db.Reader, id int64) (Listing, error) {
	l, err := facts(ctx, r, id)
	if err != nil {
		return Listing{}, err
	}
	all, err := Editions(ctx, r, id)
	if err != nil {
		return Listing{}, err
	}
	for _, e := range all {
		l.Versions = append(l.Versions, e.Version)
	}
	return l, nil
}

// AllIDs returns the ids of all offerings that have a version, oldest first; those that
// were only begun are nobody's business yet.
func AllIDs(ctx context.Context, r db.Reader) (ids []int64, err error) {
	if err := r.Select(ctx, &ids, `/* catalogue.AllIDs */ SELECT id FROM offerings o WHERE EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = o.id) ORDER BY id`); err != nil {
		return nil, fmt.Errorf("offerings: %w", err)
	}
	return ids, nil
}

// reading gathers the parts of the versions of one offering; after a first error
// it does nothing.
type reading struct {
	ctx   context.Context
	r     db.Reader
	where string
	args  []any
	all   []Edition
	at    map[int]int // number to index in all
	err   error
}

func editions(ctx context.Context, r db.Reader, id int64, more string, args ...any) ([]Edition, error) {
	g := reading{ctx: ctx, r: r, where: ` WHERE offering_id = ?` + more, args: append([]any{id}, args...), at: map[int]int{}}
	g.heads()
	g.words()
	g.lists()
	g.answers()
	g.papers()
	g.plans()
	if g.err != nil {
		return nil, fmt.Errorf("versions of %s: %w", Number(id), g.err)
	}
	return g.all, nil
}

// find reads rows into dest unless something failed before.
func (g *reading) find(dest any, columns, table, order string) {
	if g.err == nil {
		g.err = g.r.Select(g.ctx, dest, `SELECT `+columns+` FROM `+table+g.where+` ORDER BY `+order, g.args...)
	}
}

func (g *reading) heads() {
	var rows []struct {
		Number    int         `db:"number"`
		State     State       `db:"state"`
		Language  string      `db:"language"`
		Website   string      `db:"website"`
		Contact   string      `db:"contact"`
		DemoPrice bool        `db:"demo_price"`
		Extra     string      `db:"extra"`
		Published models.Date `db:"published_on"`
		Checked   models.Date `db:"checked_on"`
	}
	g.find(&rows, `number, state, language, website, contact, demo_price, extra, published_on, checked_on`, `versions`, `number`)
	for i, w := range rows {
		e := Edition{Number: w.Number, Version: Version{State: w.State, Published: w.Published, Checked: w.Checked}}
		e.Content = Content{Language: w.Language, Words: map[string]Words{}, Website: w.Website, Contact: w.Contact, DemoPrice: w.DemoPrice}
		if w.Extra != "" {
			e.Extra = json.RawMessage(w.Extra)
		}
		g.all, g.at[w.Number] = append(g.all, e), i
	}
}

func (g *reading) words() {
	var words []struct {
		Number      int    `db:"number"`
		Language    string `db:"language"`
		Name        string `db:"name"`
		Summary     string `db:"summary"`
		Description string `db:"description"`
	}
	g.find(&words, `number, language, name, summary, description`, `version_words`, `number`)
	for _, w := range words {
		g.all[g.at[w.Number]].Words[w.Language] = Words{w.Name, w.Summary, w.Description}
	}
	var notes []struct {
		Number   int    `db:"number"`
		Language string `db:"language"`
		Words    string `db:"words"`
	}
	g.find(&notes, `number, language, words`, `version_notes`, `number`)
	for _, w := range notes {
		g.all[g.at[w.Number]].Note.Set(w.Language, w.Words)
	}
}

func (g *reading) lists() {
	type item struct {
		Number int    `db:"number"`
		Value  string `db:"value"`
	}
	var categories, cpv []item
	g.find(&categories, `number, category AS value`, `version_categories`, `number, position`)
	for _, w := range categories {
		e := &g.all[g.at[w.Number]]
		e.Categories = append(e.Categories, w.Value)
	}
	g.find(&cpv, `number, code AS value`, `version_cpv`, `number, position`)
	for _, w := range cpv {
		e := &g.all[g.at[w.Number]]
		e.CPV = append(e.CPV, w.Value)
	}
	var sources []struct {
		Number int `db:"number"`
		Source
	}
	g.find(&sources, `number, title, url, seen`, `version_sources`, `number, position`)
	for _, w := range sources {
		e := &g.all[g.at[w.Number]]
		e.Sources = append(e.Sources, w.Source)
	}
}

func (g *reading) answers() {
	var rows []struct {
		Number   int         `db:"number"`
		Question string      `db:"question"`
		By       Said        `db:"said_by"`
		Proof    Proof       `db:"proof"`
		Issuer   string      `db:"issuer"`
		Source   string      `db:"source"`
		Since    models.Date `db:"since"`
		Until    models.Date `db:"until"`
	}
	g.find(&rows, `number, question, said_by, proof, issuer, source, since, until`, `answers`, `number, position`)
	for _, w := range rows {
		e := &g.all[g.at[w.Number]]
		e.Answers = append(e.Answers, Answer{Question: w.Question, By: w.By, Proof: w.Proof, Issuer: w.Issuer, Source: w.Source,
			Since: w.Since, Until: w.Until})
	}
	var values []struct {
		Number   int    `db:"number"`
		Answer   int    `db:"answer"`
		Language string `db:"language"`
		Value    string `db:"value"`
	}
	g.find(&values, `number, answer, language, value`, `answer_values`, `number, answer, language, position`)
	for _, w := range values {
		a := &g.all[g.at[w.Number]].Answers[w.Answer]
		if w.Language == "" {
			a.Values = append(a.Values, w.Value)
			continue
		}
		if a.Words == nil {
			a.Words = map[string][]string{}
		}
		a.Words[w.Language] = append(a.Words[w.Language], w.Value)
	}
}

func (g *reading) plans() {
	var rows []struct {
		Number     int    `db:"number"`
		Definition string `db:"definition"`
	}
	g.find(&rows, `number, definition`, `plans`, `number, position`)
	for _, w := range rows {
		var p pricing.Plan
		if err := json.Unmarshal([]byte(w.Definition), &p); err != nil {
			g.err = fmt.Errorf("plan: %w", err)
			return
		}
		e := &g.all[g.at[w.Number]]
		e.Plans = append(e.Plans, p)
	}
}
