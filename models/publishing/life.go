package publishing

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// ChangeLife closes an offering to new customers, withdraws it for good, suspends it or
// opens it again. Managers of its vendor close, open and withdraw what is open or
// closed; what was suspended or withdrawn only moderators and administrators bring back.
// What waits of a withdrawn offering is taken back.
//
// Whoever may not gets [models.ErrForbidden]; other vendors' people, and everybody when
// buyers never saw the offering, get [models.ErrNotFound]; see [catalogue.SetLife] for
// what is wrong with a reason or a successor. It fails with [models.ErrConflict] when
// the offering stands so already, or otherwise than was seen.
func ChangeLife(ctx context.Context, tx *db.Tx, offering int64, seen catalogue.Life, s catalogue.Standing) error {
	o, err := catalogue.Find(ctx, tx, offering)
	if err == nil && (o.Published == 0 || !Decides(tx.Actor) && !catalogue.Writes(tx.Actor, o.VendorID)) {
		err = notFound(offering)
	}
	if err != nil {
		return err
	}
	switch {
	case !mayEnd(tx.Actor, o, s.Life):
		return fmt.Errorf("make %s %s: %w", catalogue.Number(offering), s.Life, models.ErrForbidden)
	case o.Life != seen, o.Life == s.Life && o.Successor == s.Successor:
		return fmt.Errorf("%s is %s: %w", catalogue.Number(offering), o.Life, models.ErrConflict)
	}
	if err := catalogue.SetLife(ctx, tx, offering, s); err != nil {
		return err
	}
	if s.Life == catalogue.Withdrawn {
		return replaceWaiting(ctx, tx, offering)
	}
	return nil
}

// Lives returns how the actor can make the offering stand.
func Lives(a models.Actor, o catalogue.Offering) []catalogue.Life {
	var lives []catalogue.Life
	for _, l := range []catalogue.Life{catalogue.Open, catalogue.Closed, catalogue.Suspended, catalogue.Withdrawn} {
		if l != o.Life && o.Published != 0 && mayEnd(a, o, l) {
			lives = append(lives, l)
		}
	}
	return lives
}

// mayEnd reports whether the actor may make the offering stand so.
func mayEnd(a models.Actor, o catalogue.Offering, to catalogue.Life) bool {
	ordinary := func(l catalogue.Life) bool { return l == catalogue.Open || l == catalogue.Closed }
	switch {
	case Decides(a):
		return true
	case a.OrgID != o.VendorID || !a.Is(models.VendorManager):
		return false
	}
	return ordinary(o.Life) && (ordinary(to) || to == catalogue.Withdrawn)
}
