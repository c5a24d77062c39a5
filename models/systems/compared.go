package systems

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Comparison is one of owning a system and subscribing to a service, as somebody kept it.
type Comparison struct {
	ID       int64       `db:"id"`
	SystemID int64       `db:"system_id"`
	OrgID    int64       `db:"organisation_id"`
	Name     string      `db:"name"`
	Query    string      `db:"query"`  // of the address: all that it stands on
	Result   string      `db:"result"` // what it came to, as JSON
	Words    string      `db:"words"`  // what was decided, and why
	SubID    int64       `db:"subscription_id"`
	Created  models.Time `db:"created_at"`
}

// Bounds of what is kept.
const (
	maxComparisonName  = 200
	maxComparisonWords = 5000
	maxComparisonQuery = 8000
)

const (
	comparisonKept   audit.Action = "system.compared"
	comparisonLinked audit.Action = "system.comparison_linked"
)

const comparisonColumns = `c.id, c.system_id, c.organisation_id, c.name, c.query, c.result, c.words, COALESCE(c.subscription_id, 0) AS subscription_id, c.created_at FROM owned_comparisons c JOIN owned_systems s ON s.id = c.system_id WHERE s.removed_at IS NULL`

// KeepComparison keeps a comparison with what it comes to now. It fails with
// [models.Invalid], and with [models.ErrNotFound] where the system is not one of the
// actor's organisation.
func KeepComparison(ctx context.Context, tx *db.Tx, c *Comparison) error {
	if !Manages(tx.Actor) {
		return fmt.Errorf("keep a comparison: %w", models.ErrForbidden)
	}
	s, err := own(ctx, tx, c.SystemID)
	if err != nil {
		return err
	}
	c.OrgID, c.Name, c.Words, c.Created = s.OrgID, strings.TrimSpace(c.Name), strings.TrimSpace(c.Words), tx.Now
	wrong := models.Invalid{}
	if c.Name == "" || utf8.RuneCountInString(c.Name) > maxComparisonName {
		wrong["name"] = "own.name_missing"
	}
	if utf8.RuneCountInString(c.Words) > maxComparisonWords || len(c.Query) > maxComparisonQuery {
		wrong["words"] = "systems.long"
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	const q = `INSERT INTO owned_comparisons (system_id, organisation_id, name, query, result, words, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &c.ID, q, c.SystemID, c.OrgID, c.Name, c.Query, c.Result, c.Words, tx.Now); err != nil {
		return fmt.Errorf("keep a comparison of system %d: %w", c.SystemID, err)
	}
	var changes audit.Changes
	changes.Add("name", "", c.Name)
	changes.Add("system_result", "", c.Result)
	changes.Add("system_words", "", c.Words)
	return audit.Record(ctx, tx, comparisonKept, subject(c.SystemID), changes...)
}

// Comparisons returns the comparisons of a system that the actor may see, the newest
// first.
func Comparisons(ctx context.Context, r db.Reader, a models.Actor, system int64) (all []Comparison, err error) {
	seen, args, err := reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	q := `/* systems.Comparisons */ SELECT ` + comparisonColumns + ` AND c.system_id = ?` + seen + ` ORDER BY c.id DESC`
	if err := r.Select(ctx, &all, q, append([]any{system}, args...)...); err != nil {
		return nil, fmt.Errorf("comparisons of system %d: %w", system, err)
	}
	return all, nil
}

// FindComparison returns a comparison of a system that the actor may see.
func FindComparison(ctx context.Context, r db.Reader, a models.Actor, system, id int64) (*Comparison, error) {
	seen, args, err := reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	c := &Comparison{}
	q := `/* systems.FindComparison */ SELECT ` + comparisonColumns + ` AND c.system_id = ? AND c.id = ?` + seen
	if err := r.Get(ctx, c, q, append([]any{system, id}, args...)...); err != nil {
		return nil, fmt.Errorf("comparison %d: %w", id, err)
	}
	return c, nil
}

// LinkComparison says which subscription of the actor's organisation was made of a
// comparison; 0 takes that back. What was promised is then told beside what is billed.
func LinkComparison(ctx context.Context, tx *db.Tx, system, id, sub int64) error {
	if !Manages(tx.Actor) {
		return fmt.Errorf("link a comparison: %w", models.ErrForbidden)
	}
	if _, err := own(ctx, tx, system); err != nil {
		return err
	}
	var n int
	if err := tx.Get(ctx, &n, `/* systems.LinkComparison */ SELECT COUNT(*) FROM subscriptions WHERE id = ? AND organisation_id = ?`, sub, tx.Actor.OrgID); err != nil {
		return fmt.Errorf("subscription %d: %w", sub, err)
	}
	if n == 0 && sub != 0 {
		return models.Invalid{"subscription": "own.subscription_missing"}
	}
	changed, err := tx.Exec(ctx, `UPDATE owned_comparisons SET subscription_id = ? WHERE id = ? AND system_id = ? AND organisation_id = ?`, db.NullID(sub), id, system, tx.Actor.OrgID)
	if err != nil {
		return fmt.Errorf("comparison %d: %w", id, err)
	}
	if changed == 0 {
		return fmt.Errorf("comparison %d: %w", id, models.ErrNotFound)
	}
	return audit.Record(ctx, tx, comparisonLinked, subject(system), audit.Change{Field: "system_subscription", New: idText(sub)})
}
