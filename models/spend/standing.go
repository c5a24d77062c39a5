package spend

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
)

// Standing is what a charge comes to with all its corrections that count.
type Standing struct {
	Charge    *Charge
	Batch     *Batch       // of the charge
	Billed    models.Exact // with the corrections
	Effective Amount
	Euros     Amount

	live, ever              int // corrections that count, and those that did
	takes                   []Charge
	buyer, vendor, category int64
}

// Seen tells this standing from every earlier and later one of the same charge.
func (s *Standing) Seen() string { return fmt.Sprintf("%d.%d", s.ever, s.live) }

// Gone reports whether nothing is left of the charge.
func (s *Standing) Gone() bool { return s.Billed.IsZero() && s.Effective.IsZero() }

// Corrected reports whether a correction of the charge counts.
func (s *Standing) Corrected() bool { return s.live > 0 }

type standingRow struct {
	checkRow
	State State `db:"state"`
}

const standingColumns = `c.buyer_id, c.vendor_id, c.category_id, s.state, `

const fromStanding = ` JOIN ledger_batches s ON s.id = c.batch_id`

// The rows of a correction stand on line 1 where they change what a charge comes to, and
// on line 2 where they book it anew.
const (
	takesLine = 1
	anewLine  = 2
)

// FindStanding returns what a charge in the actor's books comes to.
func FindStanding(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Standing, error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	row := standingRow{}
	const q = `/* spend.FindStanding */ SELECT ` + standingColumns + chargeList + fromStanding + ` WHERE c.id = ? AND s.organisation_id = ? AND (s.accepted_at IS NOT NULL OR s.state = 'staged')`
	if err := r.Get(ctx, &row, q, id, a.OrgID); err != nil {
		return nil, fmt.Errorf("charge %d: %w", id, err)
	}
	b, err := FindBatch(ctx, r, a, row.BatchID)
	if err != nil {
		return nil, err
	}
	s := &Standing{Charge: &row.Charge, Batch: b, Billed: row.Billed, Effective: row.Effective, Euros: row.Euros, buyer: row.BuyerID, vendor: row.VendorID, category: row.CategoryID}
	return s, s.follow(ctx, r)
}

// follow adds the corrections of a charge, those of the corrections, and so on. What was
// booked anew is a charge of its own, and so are its corrections.
func (s *Standing) follow(ctx context.Context, r db.Reader) error {
	const q = `/* spend.follow */ WITH RECURSIVE down (id) AS (
			SELECT CAST(? AS BIGINT)
			UNION SELECT k.id FROM down d JOIN ledger_charges k ON k.corrects_id = d.id AND k.line = 1 JOIN ledger_batches b ON b.id = k.batch_id AND b.format = 'correction')
		SELECT ` + standingColumns + chargeList + fromStanding + ` WHERE c.corrects_id IN (SELECT id FROM down) AND s.format = 'correction' ORDER BY c.id`
	var rows []standingRow
	if err := r.Select(ctx, &rows, q, s.Charge.ID); err != nil {
		return fmt.Errorf("corrections of charge %d: %w", s.Charge.ID, err)
	}
	for _, row := range rows {
		s.ever++
		if row.State != Accepted {
			continue
		}
		s.live++
		if row.Line != takesLine {
			continue
		}
		s.takes = append(s.takes, row.Charge)
		if err := s.add(&row.Charge); err != nil {
			return err
		}
	}
	return nil
}

func (s *Standing) add(c *Charge) (err error) {
	if s.Billed, err = s.Billed.Add(c.Billed); err != nil {
		return err
	}
	if s.Effective, err = s.Effective.plus(c.Effective); err != nil {
		return err
	}
	s.Euros, err = s.Euros.plus(c.Euros)
	return err
}

// plus adds amounts; what is unknown stays so.
func (a Amount) plus(b Amount) (Amount, error) {
	if !a.Known || !b.Known {
		return a, nil
	}
	sum, err := a.Exact.Add(b.Exact)
	return Known(sum), err
}

// neg is the amount below zero that takes it back.
func (a Amount) neg() Amount { return Amount{a.Exact.Neg(), a.Known} }

// CorrectionsOf returns the charges that correct a charge and count, and that the actor
// sees, the oldest first.
func CorrectionsOf(ctx context.Context, r db.Reader, a models.Actor, id int64) (all []Charge, err error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, err
	}
	w.and(`c.corrects_id = ?`, id)
	w.and(`c.batch_id IN (SELECT id FROM ledger_batches WHERE state = 'accepted' AND format = 'correction')`)
	if err := r.Select(ctx, &all, `/* spend.CorrectionsOf */ SELECT `+chargeList+w.String()+` ORDER BY c.id`, w.args...); err != nil {
		return nil, fmt.Errorf("corrections of charge %d: %w", id, err)
	}
	return all, nil
}

// SameLine returns the other charges that came from the same line of a file, such as its
// VAT, as far as the actor sees them. Charges on a document have lines of their own.
func SameLine(ctx context.Context, r db.Reader, a models.Actor, c *Charge) (all []Charge, err error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil || c.DocumentID != nil || c.CorrectsID != nil {
		return nil, err
	}
	w.and(`c.batch_id = ?`, c.BatchID)
	w.and(`c.line = ?`, c.Line)
	w.and(`c.id <> ?`, c.ID)
	if err := r.Select(ctx, &all, `/* spend.SameLine */ SELECT `+chargeList+w.String()+` ORDER BY c.id`, w.args...); err != nil {
		return nil, fmt.Errorf("charges beside charge %d: %w", c.ID, err)
	}
	return all, nil
}

// overMonths reports whether the charge is spread over several months.
func (c *Charge) overMonths() bool {
	return spreads(c.From, c.To) && monthOf(c.From) != monthOf(c.To.AddDays(-1))
}

// template is a row that corrects the charge: all of it but the amounts. It counts in the
// month of the charge, or on a day.
func (s *Standing) template(reason string, on models.Date) Charge {
	c := *s.Charge
	c.CorrectsID, c.ID, c.BatchID, c.Line, c.DocumentID, c.Correction, c.More = &s.Charge.ID, 0, 0, takesLine, nil, true, ""
	c.Service, c.Description, c.FlagText = cmp.Or(c.Service, c.Description), reason, ""
	if !on.IsZero() {
		c.Invoiced, c.Due, c.Month = on, models.Date{}, monthOf(on)
	}
	for _, flag := range s.Charge.Flags() {
		if flag == FlagNoRate || flag == FlagGone || flag == FlagUndated && c.Month == "" {
			c.flag(flag)
		}
	}
	if !s.Corrected() {
		return c
	}
	c.Quantity, c.List, c.Contracted = Amount{}, Amount{}, Amount{} // they no longer make the amount
	return c
}

// takeBack are the rows that take all back that is left of the charge. Where it is spread
// over months each row is taken back by one of its own, so that every month comes to
// nothing.
func (s *Standing) takeBack(like Charge) []Charge {
	minus := func(billed models.Exact, effective, euros Amount) Charge {
		c := like
		c.Billed, c.Effective, c.Euros = billed.Neg(), effective.neg(), euros.neg()
		c.Quantity, c.List, c.Contracted = c.Quantity.neg(), c.List.neg(), c.Contracted.neg()
		return c
	}
	if len(s.takes) == 0 || !s.Charge.overMonths() {
		return []Charge{minus(s.Billed, s.Effective, s.Euros)}
	}
	var rows []Charge
	for _, c := range slices.Concat([]Charge{*s.Charge}, s.takes) {
		rows = append(rows, minus(c.Billed, c.Effective, c.Euros))
	}
	return rows
}
