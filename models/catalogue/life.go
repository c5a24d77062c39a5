package catalogue

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Standing says whether an offering can be had, and why not.
type Standing struct {
	Life      Life
	Reason    models.Text // needed unless Open
	Successor int64       // offering to go to instead; 0: none
}

// SetLife makes the offering stand so from today. It fails with [models.Invalid] under
// "reason" or "successor"; a successor is another offering that buyers see. It is for
// those who write (see [Writes]) and for moderators; who may end what is not asked here.
func SetLife(ctx context.Context, tx *db.Tx, offering int64, s Standing) error {
	o, err := Find(ctx, tx, offering)
	if err != nil {
		return err
	}
	if !Writes(tx.Actor, o.VendorID) && !tx.Actor.Is(models.Moderator) {
		return fmt.Errorf("end %s: %w", Number(offering), models.ErrForbidden)
	}
	if err := s.check(ctx, tx, offering); err != nil {
		return err
	}
	if err := s.set(ctx, tx, o); err != nil {
		return fmt.Errorf("end %s: %w", Number(offering), err)
	}
	return nil
}

// check says what is wrong with the standing of an offering.
func (s *Standing) check(ctx context.Context, r db.Reader, offering int64) error {
	if s.Life == Open {
		s.Reason, s.Successor = nil, 0
		return nil
	}
	wrong := models.Invalid{}
	if len(s.Reason) == 0 {
		wrong["reason"] = "listing.reason_missing"
	}
	for _, words := range s.Reason {
		if len(words) > MaxSummary*4 || !readable(words, true) {
			wrong["reason"] = "standing.reason_long"
		}
	}
	if s.Successor == offering {
		wrong["successor"] = "listing.successor_itself"
	} else if s.Successor != 0 {
		const q = `/* catalogue.SetLife */ SELECT count(*) FROM offerings o WHERE o.id = ? AND ` + visible
		var n int
		if err := r.Get(ctx, &n, q, s.Successor); err != nil {
			return fmt.Errorf("successor of %s: %w", Number(offering), err)
		}
		if n == 0 {
			wrong["successor"] = "listing.successor_unknown"
		}
	}
	return wrong.Or()
}

func (s *Standing) set(ctx context.Context, tx *db.Tx, o Offering) error {
	before, err := facts(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	var since models.Date
	var successor any
	if s.Life != Open {
		since = models.DateOf(tx.Now.Time)
	}
	if s.Successor != 0 {
		successor = s.Successor
	}
	const q = `UPDATE offerings SET life = ?, life_since = ?, successor_id = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, s.Life, since, successor, o.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM offering_reasons WHERE offering_id = ?`, o.ID); err != nil {
		return err
	}
	p := put{tx: tx, l: &Listing{Reason: s.Reason}}
	if err := p.writeReasons(ctx, o.ID); err != nil {
		return err
	}
	if err := writeHash(ctx, tx, o.ID); err != nil {
		return err
	}
	if _, err := touch(ctx, tx, o.ID); err != nil {
		return err
	}
	after, err := facts(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	var c audit.Changes
	c.Add("life", string(before.Life), string(after.Life))
	c.Add("life_since", before.LifeSince.String(), after.LifeSince.String())
	c.AddText("reason", before.Reason, after.Reason)
	c.Add("successor", before.Successor.String(), after.Successor.String())
	p.l = &after
	return p.note(ctx, o.ID, audit.OfferingChanged, c)
}
