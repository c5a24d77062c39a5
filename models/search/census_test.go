package search_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
)

// census is a second opinion on what every service that can be found has in every
// group and column: SQL over the tables of the catalogue, which knows nothing of
// search documents.
type census struct {
	t      testing.TB
	db     *db.DB
	schema *catalogue.Schema
}

// censusTables hold the schema and the plans as rows, without any decision, and
// below them what the statements of the census make.
var censusTables = []string{
	`CREATE TABLE asked (question TEXT PRIMARY KEY, type TEXT NOT NULL)`,
	`CREATE TABLE choices (question TEXT NOT NULL, place BIGINT NOT NULL, choice TEXT NOT NULL, weak BIGINT NOT NULL)`,
	`CREATE TABLE above (category TEXT NOT NULL, parent TEXT NOT NULL)`, // a category is above itself too
	`CREATE TABLE flows (unit TEXT PRIMARY KEY)`,
	`CREATE TABLE europe (country TEXT PRIMARY KEY, member BIGINT NOT NULL)`,
	`CREATE TABLE bought (id BIGINT NOT NULL, plan BIGINT NOT NULL, kind TEXT NOT NULL, months BIGINT, notice BIGINT)`,
	`CREATE TABLE charged (id BIGINT NOT NULL, plan BIGINT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, optional BIGINT NOT NULL)`,
	`CREATE INDEX bought_id ON bought (id, plan)`,
	`CREATE INDEX charged_id ON charged (id, plan)`,
	`CREATE VIEW shown AS
		SELECT o.id, o.published AS number, o.vendor_id, o.life, o.unclaimed, o.invented, n.published_on, n.checked_on, n.demo_price
		FROM offerings o JOIN versions n ON n.offering_id = o.id AND n.number = o.published
		WHERE o.life IN ('open', 'closed', 'suspended')`,
	`CREATE VIEW said AS
		SELECT s.id, a.question, a.proof, a.until, v.value
		FROM shown s
		JOIN answers a ON a.offering_id = s.id AND a.number = s.number
		JOIN answer_values v ON v.offering_id = a.offering_id AND v.number = a.number AND v.answer = a.position`,
	`CREATE VIEW needed AS SELECT id, plan, unit FROM charged WHERE optional = 0 AND kind <> 'pass_through' AND unit <> ''`,
	`CREATE VIEW users AS
		SELECT DISTINCT s.id, u.organisation_id, g.kind, g.size
		FROM shown s JOIN uses u ON u.offering_id = s.id JOIN organisations g ON g.id = u.organisation_id
		WHERE u.phase = 'in_use'`,
}

// dailyTables hold the census of a day; what is noted is put in order at the end.
var dailyTables = []string{
	`CREATE TABLE today (day TEXT NOT NULL, confirmed TEXT NOT NULL)`, // the first day of which a confirmation still counts
	`CREATE TABLE noted (id BIGINT NOT NULL, grp TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, value, id))`,
	`CREATE TABLE facts (id BIGINT NOT NULL, grp TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (id, grp, value))`,
	`CREATE TABLE numbers (id BIGINT NOT NULL, col TEXT NOT NULL, n DOUBLE PRECISION NOT NULL, PRIMARY KEY (id, col))`,
}

// factsSQL say which values a service has in which group.
var factsSQL = []string{
	`SELECT id, 'all', '' FROM shown`,
	`SELECT id, 'vendor', CAST(vendor_id AS TEXT) FROM shown`,
	`SELECT DISTINCT s.id, s.question, s.value FROM said s JOIN asked a ON a.question = s.question
		WHERE a.type IN ('countries', 'languages') OR a.type = 'yes_no' AND s.value IN ('yes', 'no')`,
	`SELECT DISTINCT s.id, s.question, s.value FROM said s JOIN asked a ON a.question = s.question
		JOIN choices c ON c.question = s.question AND c.choice = s.value
		WHERE a.type IN ('choice', 'many') AND c.weak = 0`,
	`SELECT DISTINCT s.id, s.question, worse.choice FROM said s JOIN asked a ON a.question = s.question
		JOIN choices c ON c.question = s.question AND c.choice = s.value
		JOIN choices worse ON worse.question = c.question AND worse.place <= c.place
		WHERE a.type = 'ordered'`,
	`SELECT DISTINCT s.id, s.question, 'yes' FROM said s JOIN asked a ON a.question = s.question WHERE a.type IN ('document', 'text', 'list', 'date')`,
	`SELECT s.id, s.question, CASE WHEN s.value = 'no' THEN 'no' WHEN s.until < t.day THEN 'expired' ELSE 'valid' END
		FROM said s JOIN asked a ON a.question = s.question CROSS JOIN today t WHERE a.type = 'certificate'`,
	`SELECT DISTINCT s.id, 'category', a.parent FROM shown s
		JOIN version_categories c ON c.offering_id = s.id AND c.number = s.number JOIN above a ON a.category = c.category`,
	`SELECT DISTINCT b.id, 'price_model', CASE
			WHEN b.kind IN ('free', 'request') THEN b.kind
			WHEN EXISTS (SELECT 1 FROM needed n JOIN flows f ON f.unit = n.unit WHERE n.id = b.id AND n.plan = b.plan) THEN 'usage'
			WHEN EXISTS (SELECT 1 FROM needed n WHERE n.id = b.id AND n.plan = b.plan) THEN 'per_unit'
			ELSE 'flat' END
		FROM bought b`,
	`SELECT DISTINCT b.id, 'price_unit', COALESCE((SELECT MIN(n.unit) FROM needed n WHERE n.id = b.id AND n.plan = b.plan), 'flat')
		FROM bought b WHERE (SELECT COUNT(DISTINCT n.unit) FROM needed n WHERE n.id = b.id AND n.plan = b.plan) < 2`,
	`SELECT DISTINCT id, 'x_road_ready', CASE WHEN value = 'none' THEN 'no' ELSE 'yes' END FROM said WHERE question = 'x_road'`,
	`SELECT DISTINCT id, 'data_area', 'eu' FROM said s WHERE question = 'data_countries' AND NOT EXISTS (SELECT 1 FROM said o
		WHERE o.id = s.id AND o.question = s.question AND o.value NOT IN (SELECT country FROM europe WHERE member = 1))`,
	`SELECT DISTINCT id, 'data_area', 'eea' FROM said s WHERE question = 'data_countries' AND NOT EXISTS (SELECT 1 FROM said o
		WHERE o.id = s.id AND o.question = s.question AND o.value NOT IN (SELECT country FROM europe))`,
	`SELECT id, 'data_area', 'unknown' FROM shown s WHERE NOT EXISTS (SELECT 1 FROM said o WHERE o.id = s.id AND o.question = 'data_countries')`,
	`SELECT DISTINCT id, 'proof', 'stated' FROM said`,
	`SELECT DISTINCT id, 'proof', 'document' FROM said WHERE proof IN ('document', 'tested')`,
	`SELECT DISTINCT id, 'proof', 'tested' FROM said WHERE proof = 'tested'`,
	`SELECT id, 'confirmed', CASE WHEN checked_on >= t.confirmed OR unclaimed = 0 AND published_on >= t.confirmed THEN 'yes' ELSE 'no' END
		FROM shown CROSS JOIN today t`,
	`SELECT id, 'life', life FROM shown`,
	`SELECT DISTINCT id, 'used_by', kind FROM users`,
	`SELECT id, 'used_by', 'none' FROM shown s WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = s.id)`,
	`SELECT DISTINCT id, 'used_by_size', kind || CASE WHEN size >= 1000 THEN '_1000' WHEN size >= 250 THEN '_250' WHEN size >= 50 THEN '_50' ELSE '_1' END
		FROM users WHERE size > 0`,
	`SELECT id, 'origin', CASE WHEN invented = 1 THEN 'invented' WHEN unclaimed = 1 THEN 'unclaimed' ELSE 'claimed' END FROM shown`,
	`SELECT id, 'origin', 'demo_price' FROM shown WHERE demo_price = 1`,
}

// numbersSQL say what stands in the columns.
var numbersSQL = []string{
	`SELECT s.id, s.question, CAST(s.value AS DOUBLE PRECISION) FROM said s JOIN asked a ON a.question = s.question
		WHERE a.type IN ('number', 'percent', 'duration')`,
	`SELECT s.id, s.question, CAST(REPLACE(s.value, ' EUR', '') AS DOUBLE PRECISION) FROM said s JOIN asked a ON a.question = s.question
		WHERE a.type = 'money' AND s.value LIKE '% EUR'`,
	`SELECT b.id, 'minimum_term', MIN(b.months) FROM bought b
		WHERE b.months IS NOT NULL AND NOT EXISTS (SELECT 1 FROM said s WHERE s.id = b.id AND s.question = 'minimum_term') GROUP BY b.id`,
	`SELECT b.id, 'notice_days', MIN(b.notice) FROM bought b
		WHERE b.notice IS NOT NULL AND NOT EXISTS (SELECT 1 FROM said s WHERE s.id = b.id AND s.question = 'notice_days') GROUP BY b.id`,
	`SELECT s.id, 'users', COUNT(u.organisation_id) FROM shown s LEFT JOIN users u ON u.id = s.id GROUP BY s.id`,
}

// withoutUnknown are the groups of which the statements say all: something is always
// known, or what has no value is not unknown for that.
var withoutUnknown = map[string]bool{"life": true, "origin": true, "used_by": true, "confirmed": true, "used_by_size": true, "data_area": true}

// groupsOf are the groups of the census with how their values work together.
func groupsOf(s *catalogue.Schema) map[string]string {
	groups := map[string]string{"category": "any", "price_model": "any", "price_unit": "any", "x_road_ready": "any", "data_area": "any", "proof": "any",
		"confirmed": "any", "life": "any", "used_by": "all", "used_by_size": "all", "origin": "any"}
	for _, q := range s.Questions {
		switch {
		case !q.Filter:
		case q.Type == catalogue.TypeMany, q.Type == catalogue.TypeCountries, q.Type == catalogue.TypeLanguages:
			groups[q.ID] = "all"
		case !isNumber(q.Type):
			groups[q.ID] = "any"
		}
	}
	return groups
}

func isNumber(t catalogue.AnswerType) bool {
	return t == catalogue.TypeNumber || t == catalogue.TypePercent || t == catalogue.TypeDuration || t == catalogue.TypeMoney
}

// prepare makes the tables.
func (c *census) prepare() {
	c.t.Helper()
	dbtest.Write(c.t, c.db, admin, func(tx *db.Tx) error {
		for _, q := range censusTables {
			if _, err := tx.Exec(c.t.Context(), q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		c.askSchema(tx)
		c.unpackPlans(tx)
		return nil
	})
}

// put writes rows of a table of the census.
func (c *census) put(tx *db.Tx, table string, columns []string, rows [][]any) {
	c.t.Helper()
	if err := tx.Insert(c.t.Context(), table, columns, rows); err != nil {
		c.t.Fatal(err)
	}
}

// askSchema writes down the questions that are filters, the tree of categories and
// the members of two unions of states.
func (c *census) askSchema(tx *db.Tx) {
	var asked, choices, above, flows, europe [][]any
	for _, q := range c.schema.Questions {
		if !q.Filter {
			continue
		}
		asked = append(asked, []any{q.ID, string(q.Type)})
		for place, o := range q.Options {
			choices = append(choices, []any{q.ID, place, o.ID, number(o.Weak)})
		}
	}
	parents := map[string]string{}
	for _, k := range c.schema.Categories {
		parents[k.Slug] = k.Parent
	}
	for slug := range parents {
		for up := slug; up != ""; up = parents[up] {
			above = append(above, []any{slug, up})
		}
	}
	for _, u := range c.schema.Units {
		if u.Flow {
			flows = append(flows, []any{u.ID})
		}
	}
	for i, country := range memberStates {
		europe = append(europe, []any{country, number(i < 27)})
	}
	c.put(tx, "asked", []string{"question", "type"}, asked)
	c.put(tx, "choices", []string{"question", "place", "choice", "weak"}, choices)
	c.put(tx, "above", []string{"category", "parent"}, above)
	c.put(tx, "flows", []string{"unit"}, flows)
	c.put(tx, "europe", []string{"country", "member"}, europe)
}

// memberStates are those of the European Union, then the others of the European
// Economic Area.
var memberStates = []string{
	"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
	"IS", "LI", "NO",
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// unpackPlans makes rows of the plans of the versions that are shown, and of their
// charges.
func (c *census) unpackPlans(tx *db.Tx) {
	c.t.Helper()
	var bought, charged [][]any
	for _, p := range c.plans(tx) {
		bought = append(bought, []any{p.id, p.place, string(p.Kind), p.Terms.MinimumMonths, p.Terms.NoticeDays})
		for _, x := range p.Charges {
			charged = append(charged, []any{p.id, p.place, string(x.Kind), x.Unit, number(x.Optional)})
		}
	}
	c.put(tx, "bought", []string{"id", "plan", "kind", "months", "notice"}, bought)
	c.put(tx, "charged", []string{"id", "plan", "kind", "unit", "optional"}, charged)
}

// plan is one of a service that is shown.
type plan struct {
	pricing.Plan
	id    int64
	place int
}

func (c *census) plans(r db.Reader) []plan {
	c.t.Helper()
	var rows []struct {
		ID         int64  `db:"offering_id"`
		Position   int    `db:"position"`
		Definition string `db:"definition"`
	}
	const q = `SELECT p.offering_id, p.position, p.definition FROM plans p JOIN shown s ON s.id = p.offering_id AND s.number = p.number ORDER BY 1, 2`
	if err := r.Select(c.t.Context(), &rows, q); err != nil {
		c.t.Fatal(err)
	}
	plans := make([]plan, len(rows))
	for i, row := range rows {
		plans[i] = plan{id: row.ID, place: row.Position}
		if err := json.Unmarshal([]byte(row.Definition), &plans[i].Plan); err != nil {
			c.t.Fatal(err)
		}
	}
	return plans
}

// take takes the census of a day, in place of that of another one.
func (c *census) take(today models.Date) {
	c.t.Helper()
	dbtest.Write(c.t, c.db, admin, func(tx *db.Tx) error {
		run := func(q string, args ...any) {
			if _, err := tx.Exec(c.t.Context(), q, args...); err != nil {
				c.t.Fatalf("%s: %v", q, err)
			}
		}
		for _, q := range dailyTables {
			run(`DROP TABLE IF EXISTS ` + strings.Fields(q)[2])
			run(q)
		}
		run(`INSERT INTO today (day, confirmed) VALUES (?, ?)`, today, models.DateOf(today.Time().AddDate(0, -6, 0)))
		for _, q := range factsSQL {
			run(`INSERT INTO noted (id, grp, value) ` + q)
		}
		for group := range groupsOf(c.schema) {
			if !withoutUnknown[group] {
				run(`INSERT INTO noted (id, grp, value) SELECT s.id, CAST(? AS TEXT), 'unknown' FROM shown s
					WHERE s.id NOT IN (SELECT id FROM noted WHERE grp = ?)`, group, group)
			}
		}
		run(`INSERT INTO facts (id, grp, value) SELECT id, grp, value FROM noted ORDER BY id, grp, value`)
		for _, q := range numbersSQL {
			run(`INSERT INTO numbers (id, col, n) ` + q)
		}
		run(`ANALYZE`) // or PostgreSQL takes the tables for empty
		return nil
	})
}
