package spend

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

const shared audit.Action = "ledger.shared"

// Book books a share-out, which counts at once: for each group a row for every other body
// with its part, and rows for who pays that take the same away. So no sum of all bodies
// changes, in any view and month. It fails as [PlanShare] does, and with [ErrSame] where
// the same was booked before.
func (in ShareOut) Book(ctx context.Context, tx *db.Tx) (*Batch, error) {
	says := func(seen string) string { return fmt.Sprintf("share by key %d what was seen as %s", in.Key, seen) }
	h := byHand{format: ByShare, says: says(in.Seen)}
	if err := h.before(ctx, tx); err != nil {
		return nil, err
	}
	p, err := PlanShare(ctx, tx, tx.Actor, in)
	if err != nil {
		return nil, err
	}
	h.name, h.says = p.Month+" "+p.Key.Name, says(p.Seen())
	bodies := map[int64]int64{}
	for _, w := range p.Version.Weights {
		if bodies[w.OrgID], err = nameOfBody(ctx, tx, w.OrgID); err != nil {
			return nil, err
		}
	}
	for i := range p.Groups {
		rows, err := p.rows(&p.Groups[i], tx.Actor.OrgID, bodies)
		if err != nil {
			return nil, err
		}
		h.rows = append(h.rows, rows...)
	}
	if len(h.rows) == 0 {
		return nil, models.Invalid{"key": "share.nobody_else"}
	}
	b, err := h.book(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := p.keep(ctx, tx, b.ID, in.Document); err != nil {
		return nil, err
	}
	var c audit.Changes
	c.Add("ledger_key", "", p.Key.Name)
	c.Add("month", "", p.Month)
	c.AddNumber("ledger_bodies", len(bodies))
	c.AddNumber("ledger_charges", p.Charges)
	return b, audit.Record(ctx, tx, shared, subject(b.ID), c...)
}

// keep remembers by which key what was shared.
func (p *SharePlan) keep(ctx context.Context, tx *db.Tx, batch, document int64) error {
	const q = `INSERT INTO ledger_shares (batch_id, version_id, month, document_id) VALUES (?, ?, ?, ?)`
	if _, err := tx.Exec(ctx, q, batch, p.Version.ID, p.Month, db.NullID(document)); err != nil {
		return fmt.Errorf("share-out %d: %w", batch, err)
	}
	var rows [][]any
	for _, g := range p.Groups {
		for _, id := range g.ids {
			rows = append(rows, []any{batch, id, g.Line})
		}
	}
	err := tx.Insert(ctx, "ledger_shared", []string{"batch_id", "charge_id", "part"}, rows)
	if db.Taken(err) {
		return fmt.Errorf("share-out %d: somebody was faster: %w", batch, models.ErrConflict)
	}
	return err
}

// nameOfBody is the name of a body in the actor's books.
func nameOfBody(ctx context.Context, tx *db.Tx, org int64) (id int64, err error) {
	var ids []int64
	const find = `/* spend.nameOfBody */ SELECT id FROM ledger_names WHERE organisation_id = ? AND kind = 'buyer' AND is_id = ? AND name <> '' ORDER BY id LIMIT 1`
	if err := tx.Select(ctx, &ids, find, tx.Actor.OrgID, org); err != nil || len(ids) > 0 {
		return slices.Max(append(ids, 0)), err
	}
	var names []string
	if err := tx.Select(ctx, &names, `/* spend.nameOfBody */ SELECT name FROM organisation_words WHERE organisation_id = ? AND name <> '' ORDER BY language`, org); err != nil {
		return 0, fmt.Errorf("organisation %d: %w", org, err)
	}
	for _, name := range append(names, fmt.Sprintf("organisation %d", org)) {
		const q = `INSERT INTO ledger_names (organisation_id, kind, name, is_id) VALUES (?, 'buyer', ?, ?) ON CONFLICT (organisation_id, kind, name) DO NOTHING RETURNING id`
		if err := tx.Select(ctx, &ids, q, tx.Actor.OrgID, clean(name, maxName), org); err != nil {
			return 0, fmt.Errorf("name of organisation %d: %w", org, err)
		}
		if len(ids) > 0 {
			return ids[0], nil
		}
	}
	return 0, fmt.Errorf("organisation %d: all its names are those of others in these books: %w", org, models.ErrConflict)
}

// rows are those that share a group. What is spread over months, or is worth something
// else than was billed, is taken from who pays by a row for each body: then every month
// comes to the same as before. Else one row takes all of it.
func (p *SharePlan) rows(g *ShareGroup, payer int64, bodies map[int64]int64) (all []piled, err error) {
	like, first := g.Charge, g.ids[0]
	like.ID, like.BatchID, like.Line, like.DocumentID, like.CorrectsID, like.Correction, like.More = 0, 0, g.Line, nil, &first, false, ""
	like.Description, like.FlagText = p.Key.Name+", "+p.Version.Day.String(), ""
	like.Quantity, like.List, like.Contracted = Amount{}, Amount{}, Amount{}
	for _, flag := range g.Charge.Flags() {
		if flag == FlagNoRate || flag == FlagGone {
			like.flag(flag)
		}
	}
	each := like.overMonths() || like.Effective.Known
	taken := like
	taken.Billed, taken.Euros = models.Exact{}, Amount{Known: like.Euros.Known}
	others := 0
	for i, w := range p.Version.Weights {
		plus := like
		plus.Billed = g.Parts[i].Amount
		if plus.Effective = (Amount{}); g.Effective.Known {
			plus.Effective = Known(g.Worth[i].Amount)
		}
		if w.OrgID == payer || plus.Billed.IsZero() && plus.Effective.IsZero() {
			continue
		}
		if plus.Euros = inEuros(plus.Billed, plus.Rate); plus.Euros.Known != like.Euros.Known {
			return nil, fmt.Errorf("share %s: %w", plus.Billed, models.ErrOverflow)
		}
		minus := plus
		minus.Billed, minus.Effective, minus.Euros = plus.Billed.Neg(), plus.Effective.neg(), plus.Euros.neg()
		others++
		all = append(all, piled{Row: Row{Line: g.Line, Charge: &plus}, buyer: bodies[w.OrgID], vendor: g.vendor, category: g.category})
		if each {
			all = append(all, piled{Row: Row{Line: g.Line, Charge: &minus}, buyer: g.buyer, vendor: g.vendor, category: g.category})
			continue
		}
		if taken.Billed, err = taken.Billed.Add(minus.Billed); err != nil {
			return nil, err
		}
		if taken.Euros, err = taken.Euros.plus(minus.Euros); err != nil {
			return nil, err
		}
	}
	if others > 0 && !each {
		all = append(all, piled{Row: Row{Line: g.Line, Charge: &taken}, buyer: g.buyer, vendor: g.vendor, category: g.category})
	}
	return all, nil
}

// Working is a share-out that was booked.
type Working struct {
	SharePlan
	Batch    int64
	State    State
	Document int64 // 0: the charges were chosen otherwise
	Payer    int64 // organisation
	Booked   models.Time
	Undone   models.Time
}

// FindWorking returns how a share-out was worked out: for who keeps the books of who pays,
// and for whoever sees a row of it.
func FindWorking(ctx context.Context, r db.Reader, a models.Actor, batch int64) (*Working, error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, err
	}
	w.and(`c.batch_id = b.id`)
	var row struct {
		Version  int64       `db:"version_id"`
		Month    string      `db:"month"`
		Document int64       `db:"document_id"`
		Payer    int64       `db:"organisation_id"`
		State    State       `db:"state"`
		Booked   models.Time `db:"accepted_at"`
		Undone   models.Time `db:"undone_at"`
	}
	q := `/* spend.FindWorking */ SELECT s.version_id, s.month, COALESCE(s.document_id, 0) AS document_id, b.organisation_id, b.state, b.accepted_at, b.undone_at FROM ledger_shares s JOIN ledger_batches b ON b.id = s.batch_id
		WHERE s.batch_id = ? AND EXISTS (SELECT 1 FROM ledger_charges c` + w.String() + `)`
	if err := r.Get(ctx, &row, q, append([]any{batch}, w.args...)...); err != nil {
		return nil, fmt.Errorf("share-out %d: %w", batch, err)
	}
	out := &Working{Batch: batch, State: row.State, Document: row.Document, Payer: row.Payer, Booked: row.Booked, Undone: row.Undone}
	out.Month = row.Month
	if err := r.Get(ctx, &out.Version, `/* spend.FindWorking */ SELECT `+versionColumns+` WHERE v.id = ?`, row.Version); err != nil {
		return nil, fmt.Errorf("key of share-out %d: %w", batch, err)
	}
	if err := r.Get(ctx, &out.Key, `/* spend.FindWorking */ SELECT `+keyColumns+` WHERE k.id = ?`, out.Version.KeyID); err != nil {
		return nil, fmt.Errorf("key of share-out %d: %w", batch, err)
	}
	if err := out.Version.weigh(ctx, r); err != nil {
		return nil, err
	}
	var rows []shareRow
	const charges = `/* spend.FindWorking */ SELECT ` + shareColumns + chargeList + ` JOIN ledger_shared h ON h.charge_id = c.id AND h.batch_id = ? ORDER BY h.part, c.id`
	if err := r.Select(ctx, &rows, charges, batch); err != nil {
		return nil, fmt.Errorf("charges of share-out %d: %w", batch, err)
	}
	for i := range rows {
		out.put(rows[i].Part-1, &rows[i])
	}
	return out, out.split()
}

// ShareOuts returns the share-outs that the actor's organisation booked, the newest first.
func ShareOuts(ctx context.Context, r db.Reader, a models.Actor, p models.Page) (all []Batch, err error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	q := `/* spend.ShareOuts */ SELECT ` + batchColumns + ` WHERE b.organisation_id = ? AND b.format = 'share' ORDER BY b.id DESC LIMIT ? OFFSET ?`
	if err := r.Select(ctx, &all, q, a.OrgID, p.Size, p.Offset()); err != nil {
		return nil, fmt.Errorf("share-outs: %w", err)
	}
	return all, nil
}

// CountShareOuts returns how many share-outs the actor's organisation booked.
func CountShareOuts(ctx context.Context, r db.Reader, a models.Actor) (n int, err error) {
	if err := keeps(a); err != nil {
		return 0, err
	}
	const q = `/* spend.CountShareOuts */ SELECT COUNT(*) FROM ledger_batches WHERE organisation_id = ? AND format = 'share'`
	if err := r.Get(ctx, &n, q, a.OrgID); err != nil {
		return 0, fmt.Errorf("share-outs: %w", err)
	}
	return n, nil
}

// SharedBy returns the share-out that has a charge now, or that a charge is a row of; 0
// where there is none.
func SharedBy(ctx context.Context, r db.Reader, c *Charge) (batch int64, err error) {
	var ids []int64
	const q = `/* spend.SharedBy */ SELECT batch_id FROM ledger_shared WHERE charge_id = ? AND undone = 0 UNION SELECT batch_id FROM ledger_shares WHERE batch_id = ?`
	if err := r.Select(ctx, &ids, q, c.ID, c.BatchID); err != nil {
		return 0, fmt.Errorf("share-out of charge %d: %w", c.ID, err)
	}
	return slices.Max(append(ids, 0)), nil
}
