package spend

import (
	"context"
	"iter"

	"pilveturg/db"
	"pilveturg/models"
)

// KnownName is a name in files with the organisation that it is here, as registers know
// it; Key is zero where that is not known.
type KnownName struct {
	Name
	Scheme string `db:"scheme"`
	Code   string `db:"code"`
}

// Key is the organisation in its register.
func (n KnownName) Key() models.Key { return models.Key{Scheme: n.Scheme, Code: n.Code} }

// EachName yields all names in the actor's books, in the order in which they came.
func EachName(ctx context.Context, r db.Reader, a models.Actor) (iter.Seq2[KnownName, error], error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	const q = `/* spend.EachName */ SELECT n.id, n.organisation_id, n.kind, n.name, COALESCE(n.is_id, 0) AS is_id, n.category, COALESCE(o.scheme, '') AS scheme, COALESCE(o.code, '') AS code
		FROM ledger_names n LEFT JOIN organisations o ON o.id = n.is_id WHERE n.organisation_id = ? ORDER BY n.id`
	return db.Each[KnownName](ctx, r, q, a.OrgID), nil
}
