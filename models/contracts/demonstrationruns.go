package contracts

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Run is a contract of an invented body that ran before today: brought from a file, used
// from month to month, and over where it has a last day.
type Run struct {
	Outside
	Ended models.Date // last day; zero: it runs on
	Why   string      // it ended
	Used  []Month

	Subscription Subscription // that was made of it
}

// PutRuns brings contracts of the actor's organisation, which is invented, as [Import]
// does, ends those that are over and notes how they were used. once tells them apart: put
// again, they are left as they are and made is false. A contract that has something wrong
// is an error, not left out: who wrote it is to know.
func PutRuns(ctx context.Context, tx *db.Tx, once string, runs []*Run) (made bool, err error) {
	var invented int
	if err := tx.Get(ctx, &invented, `/* contracts.PutRuns */ SELECT COUNT(*) FROM organisations WHERE id = ? AND invented = 1`, tx.Actor.OrgID); err != nil {
		return false, fmt.Errorf("contracts of organisation %d: %w", tx.Actor.OrgID, err)
	}
	if invented == 0 {
		return false, fmt.Errorf("contracts of organisation %d, which is not invented: %w", tx.Actor.OrgID, models.ErrForbidden)
	}
	i, lines := Imported{}, []Outside{}
	for _, r := range runs {
		lines = append(lines, r.Outside)
	}
	i.Hash = hashOf(fmt.Sprint(lines))
	if err := Import(ctx, tx, once, &i, lines); err != nil {
		return false, err
	}
	switch {
	case len(i.New) == 0 && i.Added > 0:
		return false, nil // they were put before
	case len(i.New) != len(runs):
		return false, fmt.Errorf("%d of %d invented contracts were taken: %v", len(i.New), len(runs), i.Faults)
	}
	for k, r := range runs {
		if err := i.New[k].runs(ctx, tx, r); err != nil {
			return false, err
		}
		r.Subscription = *i.New[k]
	}
	return true, nil
}

// runs notes how a contract was used, and ends it where it is over.
func (s *Subscription) runs(ctx context.Context, tx *db.Tx, r *Run) error {
	for _, m := range r.Used {
		if err := NoteUsage(ctx, tx, s.ID, m); err != nil {
			return fmt.Errorf("use of %s in %s: %w", s.Code(), m.Month, err)
		}
	}
	if r.Ended.IsZero() {
		return nil
	}
	now, err := Find(ctx, tx, tx.Actor, s.ID)
	if err != nil {
		return err
	}
	*s = now
	s.Ends = r.Ended
	end, _ := move(End, Buying, s.State)
	if err := s.advance(ctx, tx, end, r.Why, `, ends = ?, notice_by = NULL`, r.Ended); err != nil {
		return err
	}
	finish, _ := move(Finish, Buying, s.State)
	return s.advance(ctx, tx, finish, "", `, exported = ?`, r.Ended)
}

// InventedRunning counts the subscriptions of invented bodies that were in use on a day,
// without those that were put under a name by [PutRuns].
func InventedRunning(ctx context.Context, r db.Reader, day models.Date, without string) (n int, err error) {
	const q = `/* contracts.InventedRunning */ SELECT COUNT(*) FROM subscriptions s
		LEFT JOIN contract_imports i ON i.id = s.import_id
		WHERE s.organisation_id IN (SELECT id FROM organisations WHERE invented = 1) AND s.state IN ('active', 'suspended', 'ending', 'ended') AND s.first_use <= ? AND s.ends >= ? AND COALESCE(i.once, '') <> ?`
	if err := r.Get(ctx, &n, q, day, day, without); err != nil {
		return 0, fmt.Errorf("subscriptions that ran on %s: %w", day, err)
	}
	return n, nil
}

// HasRuns reports whether contracts were put under a name by [PutRuns], for anybody.
func HasRuns(ctx context.Context, r db.Reader, once string) (bool, error) {
	var n int
	err := r.Get(ctx, &n, `/* contracts.HasRuns */ SELECT COUNT(*) FROM contract_imports WHERE once = ?`, once)
	return n > 0, err
}
