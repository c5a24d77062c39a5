package spend

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Measure is what the weights of a key are.
type Measure string

// The measures.
const (
	Users     Measure = "users"   // people who use the service
	UsageOf   Measure = "usage"   // how much of it is used
	Percent   Measure = "percent" // fixed percents, 100 together
	OtherThan Measure = "other"   // something else, in words
)

// Measures are all of them.
func Measures() []Measure { return []Measure{Users, UsageOf, Percent, OtherThan} }

// mostBodies is how many bodies a key may have.
const mostBodies = 500

// Key is by what an organisation shares what it pays for several.
type Key struct {
	ID      int64       `db:"id"`
	OrgID   int64       `db:"organisation_id"`
	Name    string      `db:"name"`
	Measure Measure     `db:"measure"`
	Words   string      `db:"words"` // what the weights are where Measure is [OtherThan]
	Created models.Time `db:"created_at"`
}

// KeyVersion is what a key is from a day on, until the next version.
type KeyVersion struct {
	ID      int64       `db:"id"`
	KeyID   int64       `db:"key_id"`
	Day     models.Date `db:"day"`
	Created models.Time `db:"created_at"`
	Weights []BodyWeight
}

// BodyWeight is how much a body weighs.
type BodyWeight struct {
	VersionID int64        `db:"version_id"`
	OrgID     int64        `db:"organisation_id"`
	Weight    models.Exact `db:"weight"` // above 0
}

const keyColumns = `k.id, k.organisation_id, k.name, k.measure, k.words, k.created_at FROM ledger_keys k`

// The actions.
const (
	keyMade    audit.Action = "ledger.key_made"
	keyChanged audit.Action = "ledger.key_changed"
)

func keySubject(id int64) string { return fmt.Sprintf("ledger key %d", id) }

// Keys returns the keys of the actor's organisation, by name.
func Keys(ctx context.Context, r db.Reader, a models.Actor) (all []Key, err error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	if err := r.Select(ctx, &all, `/* spend.Keys */ SELECT `+keyColumns+` WHERE k.organisation_id = ? ORDER BY k.name, k.id`, a.OrgID); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return all, nil
}

// FindKey returns a key of the actor's organisation.
func FindKey(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Key, error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	k := &Key{}
	if err := r.Get(ctx, k, `/* spend.FindKey */ SELECT `+keyColumns+` WHERE k.id = ? AND k.organisation_id = ?`, id, a.OrgID); err != nil {
		return nil, fmt.Errorf("key %d: %w", id, err)
	}
	return k, nil
}

// MakeKey adds a key without weights. It fails with [models.Invalid] where it has no name,
// or one that another key has.
func MakeKey(ctx context.Context, tx *db.Tx, k Key) (*Key, error) {
	if err := keeps(tx.Actor); err != nil {
		return nil, err
	}
	k.OrgID, k.Name, k.Words, k.Created = tx.Actor.OrgID, clean(k.Name, 200), clean(k.Words, 200), tx.Now
	wrong := models.Invalid{}
	if k.Name == "" {
		wrong["name"] = "share.name_missing"
	}
	if !slices.Contains(Measures(), k.Measure) {
		wrong["measure"] = "share.measure_missing"
	}
	if k.Measure == OtherThan && k.Words == "" {
		wrong["words"] = "share.words_missing"
	}
	if k.Measure != OtherThan {
		k.Words = ""
	}
	if err := wrong.Or(); err != nil {
		return nil, err
	}
	const q = `INSERT INTO ledger_keys (organisation_id, name, measure, words, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id`
	err := tx.Get(ctx, &k.ID, q, k.OrgID, k.Name, string(k.Measure), k.Words, k.Created)
	if db.Taken(err) {
		return nil, models.Invalid{"name": "share.name_taken"}
	}
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", k.Name, err)
	}
	var c audit.Changes
	c.Add("name", "", k.Name)
	c.Add("ledger_measure", "", string(k.Measure))
	return &k, audit.Record(ctx, tx, keyMade, keySubject(k.ID), c...)
}

// ChangeKey says what a key is from a day on; what it was before stays. It fails with
// [models.Invalid]: a key has at least one weight, none is below 0, and percents are 100
// together. Weights of 0 are left out.
func ChangeKey(ctx context.Context, tx *db.Tx, id int64, day models.Date, weights []BodyWeight) (*KeyVersion, error) {
	k, err := FindKey(ctx, tx, tx.Actor, id)
	if err != nil {
		return nil, err
	}
	v := &KeyVersion{KeyID: id, Day: day, Created: tx.Now}
	for _, w := range weights {
		if !w.Weight.IsZero() {
			v.Weights = append(v.Weights, w)
		}
	}
	slices.SortFunc(v.Weights, func(a, b BodyWeight) int { return cmp.Compare(a.OrgID, b.OrgID) })
	if err := v.check(k.Measure); err != nil {
		return nil, err
	}
	if err := v.bodies(ctx, tx); err != nil {
		return nil, err
	}
	const q = `INSERT INTO ledger_key_versions (key_id, day, created_at) VALUES (?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &v.ID, q, id, day.String(), tx.Now); err != nil {
		return nil, fmt.Errorf("key %d: %w", id, err)
	}
	var rows [][]any
	for _, w := range v.Weights {
		rows = append(rows, []any{v.ID, w.OrgID, w.Weight})
	}
	if err := tx.Insert(ctx, "ledger_key_weights", []string{"version_id", "organisation_id", "weight"}, rows); err != nil {
		return nil, err
	}
	var c audit.Changes
	c.Add("ledger_day", "", day.String())
	c.AddNumber("ledger_bodies", len(v.Weights))
	return v, audit.Record(ctx, tx, keyChanged, keySubject(id), c...)
}

// bodies complains where one that has a weight is no body that pays.
func (v *KeyVersion) bodies(ctx context.Context, r db.Reader) error {
	var ids []int64
	for _, w := range v.Weights {
		ids = append(ids, w.OrgID)
	}
	var n int
	marks, args := db.In(ids)
	if err := r.Get(ctx, &n, `/* spend.bodies */ SELECT COUNT(*) FROM organisations WHERE kind <> 'vendor' AND id IN `+marks, args...); err != nil {
		return fmt.Errorf("bodies of key %d: %w", v.KeyID, err)
	}
	if n < len(ids) {
		return models.Invalid{"weights": "share.no_body"}
	}
	return nil
}

func (v *KeyVersion) check(m Measure) error {
	wrong := models.Invalid{}
	if v.Day.IsZero() {
		wrong["day"] = "share.day_missing"
	}
	if len(v.Weights) == 0 || len(v.Weights) > mostBodies {
		wrong["weights"] = "share.weights_missing"
	}
	var sum models.Exact
	for i, w := range v.Weights {
		var err error
		if sum, err = sum.Add(w.Weight); err != nil || w.Weight.Sign() < 0 {
			wrong["weights"] = "share.weight_wrong"
		}
		if i > 0 && v.Weights[i-1].OrgID == w.OrgID {
			wrong["weights"] = "share.weight_twice"
		}
	}
	if m == Percent && wrong["weights"] == "" && sum != models.ExactOf(models.Whole(100)) {
		wrong["weights"] = "share.not_hundred"
	}
	return wrong.Or()
}

const versionColumns = `v.id, v.key_id, v.day, v.created_at FROM ledger_key_versions v`

// Versions returns what a key of the actor's organisation is and was, the latest first.
func Versions(ctx context.Context, r db.Reader, a models.Actor, key int64) (all []KeyVersion, err error) {
	if _, err := FindKey(ctx, r, a, key); err != nil {
		return nil, err
	}
	if err := r.Select(ctx, &all, `/* spend.Versions */ SELECT `+versionColumns+` WHERE v.key_id = ? ORDER BY v.day DESC, v.id DESC`, key); err != nil {
		return nil, fmt.Errorf("versions of key %d: %w", key, err)
	}
	for i := range all {
		if err := all[i].weigh(ctx, r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// weigh reads the weights of a version, in an order that never changes.
func (v *KeyVersion) weigh(ctx context.Context, r db.Reader) error {
	const q = `/* spend.weigh */ SELECT version_id, organisation_id, weight FROM ledger_key_weights WHERE version_id = ? ORDER BY organisation_id`
	if err := r.Select(ctx, &v.Weights, q, v.ID); err != nil {
		return fmt.Errorf("weights of key %d: %w", v.KeyID, err)
	}
	return nil
}

// versionIn returns what a key is at the end of a month. It fails with
// [models.ErrNotFound] where it holds from a later day on only.
func versionIn(ctx context.Context, r db.Reader, key int64, month string) (*KeyVersion, error) {
	first, err := models.ParseDate(month + "-01")
	if err != nil {
		return nil, fmt.Errorf("month %q: %w", month, models.ErrNotFound)
	}
	v := &KeyVersion{}
	q := `/* spend.versionIn */ SELECT ` + versionColumns + ` WHERE v.key_id = ? AND v.day < ? ORDER BY v.day DESC, v.id DESC LIMIT 1`
	if err := r.Get(ctx, v, q, key, firstOfNext(first).String()); err != nil {
		return nil, fmt.Errorf("key %d in %s: %w", key, month, err)
	}
	return v, v.weigh(ctx, r)
}
