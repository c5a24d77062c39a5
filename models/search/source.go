package search

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"

	"pilveturg/models"
)

// visible is what can be found: buyers see it, and it can still be read.
const visible = `o.published IS NOT NULL AND o.life <> 'withdrawn'`

// organisations adds up the revisions of all organisations whose facts are in a
// document.
const organisations = `v.revision + COALESCE((
	SELECT CAST(SUM(g.revision) AS BIGINT) FROM uses u JOIN organisations g ON g.id = u.organisation_id
	WHERE u.offering_id = o.id AND u.phase = 'in_use'), 0)`

// sources gathers what documents are made from, for many offerings at once; after
// a first error it does nothing.
type sources struct {
	ctx   context.Context
	r     db.Reader
	marks string
	args  []any
	all   []*Source
	at    map[int64]*Source
	sums  map[int64]int64 // of the revisions of organisations
	err   error
}

// readSources returns the sources of those of the offerings that can be found.
func readSources(ctx context.Context, r db.Reader, ids []int64) (*sources, error) {
	g := &sources{ctx: ctx, r: r, at: map[int64]*Source{}, sums: map[int64]int64{}}
	g.marks, g.args = db.In(ids)
	g.heads()
	g.words()
	g.lists()
	g.answers()
	g.confirmations(ids)
	g.papers()
	g.plans()
	g.vendors()
	g.users()
	if g.err != nil {
		return nil, fmt.Errorf("what search documents are made from: %w", g.err)
	}
	return g, nil
}

func (g *sources) find(dest any, q string) {
	if g.err == nil {
		g.err = g.r.Select(g.ctx, dest, `/* search.readSources */ `+q, g.args...)
	}
}

// parts reads what belongs to the published versions.
func (g *sources) parts(dest any, columns, table, order string) {
	g.find(dest, g.partsOf(columns, table, order))
}

func (g *sources) partsOf(columns, table, order string) string {
	return `SELECT t.offering_id, ` + columns + ` FROM ` + table + ` t
		JOIN offerings o ON o.id = t.offering_id AND o.published = t.number
		WHERE ` + visible + ` AND o.id IN ` + g.marks + ` ORDER BY t.offering_id, ` + order
}

func (g *sources) heads() {
	var rows []struct {
		catalogue.Offering
		Language  string      `db:"language"`
		DemoPrice bool        `db:"demo_price"`
		Published models.Date `db:"published_on"`
		Checked   models.Date `db:"checked_on"`
		Seller    string      `db:"vendor_slug"`
		Sum       int64       `db:"organisations"`
	}
	g.find(&rows, `SELECT o.id, o.scheme AS "key.scheme", o.code AS "key.code", o.slug, o.vendor_id, o.life, o.life_since,
			COALESCE(o.successor_id, 0) AS successor, o.unclaimed, o.invented, o.published, o.revision,
			n.language, n.demo_price, n.published_on, n.checked_on, v.slug AS vendor_slug, `+organisations+` AS organisations
		FROM offerings o
		JOIN versions n ON n.offering_id = o.id AND n.number = o.published
		JOIN organisations v ON v.id = o.vendor_id
		WHERE `+visible+` AND o.id IN `+g.marks+` ORDER BY o.id`)
	for _, w := range rows {
		s := &Source{Offering: w.Offering, Vendor: Vendor{ID: w.VendorID, Slug: w.Seller}, Stamp: stamp(w.Revision, w.Sum)}
		s.Version = catalogue.Version{State: catalogue.Published, Published: w.Published, Checked: w.Checked}
		s.Version.Language, s.Version.DemoPrice = w.Language, w.DemoPrice
		s.Version.Words = map[string]catalogue.Words{}
		g.all, g.at[w.ID], g.sums[w.ID] = append(g.all, s), s, w.Sum
	}
}

// stamp tells apart what a document can be made from.
func stamp(revision, organisations int64) int64 { return revision<<32 + organisations }

// shortStamp is what an index keeps of a stamp.
func shortStamp(stamp int64) uint32 {
	return uint32(uint64(stamp) * 0x9e3779b97f4a7c15 >> 32)
}

func (g *sources) words() {
	var rows []struct {
		ID          int64  `db:"offering_id"`
		Language    string `db:"language"`
		Name        string `db:"name"`
		Summary     string `db:"summary"`
		Description string `db:"description"`
	}
	g.parts(&rows, `t.language, t.name, t.summary, t.description`, `version_words`, `t.language`)
	for _, w := range rows {
		g.at[w.ID].Version.Words[w.Language] = catalogue.Words{Name: w.Name, Summary: w.Summary, Description: w.Description}
	}
}

func (g *sources) lists() {
	type item struct {
		ID    int64  `db:"offering_id"`
		Value string `db:"value"`
	}
	var categories, cpv []item
	g.parts(&categories, `t.category AS value`, `version_categories`, `t.position`)
	for _, w := range categories {
		v := &g.at[w.ID].Version
		v.Categories = append(v.Categories, w.Value)
	}
	g.parts(&cpv, `t.code AS value`, `version_cpv`, `t.position`)
	for _, w := range cpv {
		v := &g.at[w.ID].Version
		v.CPV = append(v.CPV, w.Value)
	}
}

func (g *sources) answers() {
	var rows []struct {
		ID       int64           `db:"offering_id"`
		Position int             `db:"position"`
		Question string          `db:"question"`
		By       catalogue.Said  `db:"said_by"`
		Proof    catalogue.Proof `db:"proof"`
		Issuer   string          `db:"issuer"`
		Since    models.Date     `db:"since"`
		Until    models.Date     `db:"until"`
	}
	g.parts(&rows, `t.position, t.question, t.said_by, t.proof, t.issuer, t.since, t.until`, `answers`, `t.position`)
	type place struct {
		id       int64
		position int
	}
	at := map[place]int{}
	for _, w := range rows {
		v := &g.at[w.ID].Version
		at[place{w.ID, w.Position}] = len(v.Answers)
		v.Answers = append(v.Answers, catalogue.Answer{Question: w.Question, By: w.By, Proof: w.Proof, Issuer: w.Issuer, Since: w.Since, Until: w.Until})
	}
	var values []struct {
		ID       int64  `db:"offering_id"`
		Answer   int    `db:"answer"`
		Language string `db:"language"`
		Value    string `db:"value"`
	}
	g.parts(&values, `t.answer, t.language, t.value`, `answer_values`, `t.answer, t.language, t.position`)
	for _, w := range values {
		a := &g.at[w.ID].Version.Answers[at[place{w.ID, w.Answer}]]
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

// confirmations reads when what the offerings say was last looked over.
func (g *sources) confirmations(ids []int64) {
	if g.err != nil {
		return
	}
	all, err := catalogue.FindConfirmations(g.ctx, g.r, ids)
	for id, c := range all {
		if src := g.at[id]; src != nil {
			src.Confirmations = c
		}
	}
	g.err = err
}

// What is known of a document t of an offering o. A file that the vendor brought has been
// looked at once and for all listings, and its text is kept with it.
const (
	lookedAt     = `EXISTS (SELECT 1 FROM documents f WHERE f.vendor_id = o.vendor_id AND f.hash = t.file AND f.checked_at IS NOT NULL)`
	proofOfPaper = `CASE WHEN t.proof = 'stated' AND t.file <> '' AND ` + lookedAt + ` THEN 'document' ELSE t.proof END`
	wordsOfPaper = `CASE WHEN t.file = '' THEN CASE WHEN t.proof = 'stated' THEN '' ELSE t.words END
		WHEN t.proof <> 'stated' OR ` + lookedAt + ` THEN COALESCE((SELECT b.words FROM blobs b WHERE b.hash = t.file), t.words)
		ELSE '' END`
)

// papers reads documents. Their texts may be long, and are cut one by one to what is
// searched of them.
func (g *sources) papers() {
	if g.err != nil {
		return
	}
	type row struct {
		ID    int64           `db:"offering_id"`
		Proof catalogue.Proof `db:"proof"`
		Text  string          `db:"words"`
	}
	q := `/* search.readSources */ ` + g.partsOf(proofOfPaper+` AS proof, `+wordsOfPaper+` AS words`, `version_documents`, `t.position`)
	some := false
	for w, err := range db.Each[row](g.ctx, g.r, q, g.args...) {
		if err != nil {
			g.err = err
			return
		}
		text, _ := firstWords(w.Text, mostPaperWords)
		v := &g.at[w.ID].Version
		v.Documents = append(v.Documents, catalogue.Paper{Proof: w.Proof, Text: strings.Clone(text)})
		some = true
	}
	if some {
		g.paperTitles()
	}
}

func (g *sources) paperTitles() {
	var titles []struct {
		ID       int64  `db:"offering_id"`
		Document int    `db:"document"`
		Language string `db:"language"`
		Title    string `db:"title"`
	}
	g.parts(&titles, `t.document, t.language, t.title`, `version_document_titles`, `t.document`)
	for _, w := range titles {
		g.at[w.ID].Version.Documents[w.Document].Titles.Set(w.Language, w.Title)
	}
}

func (g *sources) plans() {
	var rows []struct {
		ID         int64  `db:"offering_id"`
		Definition string `db:"definition"`
	}
	g.parts(&rows, `t.definition`, `plans`, `t.position`)
	for _, w := range rows {
		var p pricing.Plan
		if err := json.Unmarshal([]byte(w.Definition), &p); err != nil {
			g.err = fmt.Errorf("plan of %s: %w", catalogue.Number(w.ID), err)
			return
		}
		v := &g.at[w.ID].Version
		v.Plans = append(v.Plans, p)
	}
}

func (g *sources) vendors() {
	var rows []struct {
		ID       int64  `db:"id"`
		Language string `db:"language"`
		Name     string `db:"name"`
	}
	g.find(&rows, `SELECT o.id, w.language, w.name
		FROM offerings o
		JOIN organisation_words w ON w.organisation_id = o.vendor_id
		WHERE `+visible+` AND o.id IN `+g.marks)
	for _, w := range rows {
		g.at[w.ID].Vendor.Names.Set(w.Language, w.Name)
	}
}

func (g *sources) users() {
	var rows []struct {
		ID   int64         `db:"offering_id"`
		Kind identity.Kind `db:"kind"`
		Size int64         `db:"size"`
	}
	g.find(&rows, `SELECT u.offering_id, g.kind, g.size
		FROM (SELECT DISTINCT u.offering_id, u.organisation_id
			FROM uses u
			JOIN offerings o ON o.id = u.offering_id
			WHERE u.phase = 'in_use' AND `+visible+` AND o.id IN `+g.marks+`) u
		JOIN organisations g ON g.id = u.organisation_id
		ORDER BY u.offering_id, g.id`)
	for _, w := range rows {
		s := g.at[w.ID]
		s.Users = append(s.Users, User{w.Kind, w.Size})
	}
}
