package handlers

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"pilveturg/db"
	"pilveturg/models/catalogue"
)

// nameList keeps in memory what the lists need of the whole catalogue. At every
// use it asks the database whether anything has changed since, and if so it reads
// what has.
type nameList struct {
	mu   sync.Mutex // held while gathering, so that it is done once
	kept *names
}

// lists returns the names as the database holds them now.
func (s *Site) lists(ctx context.Context) (*names, error) {
	stamp, err := catalogue.FindStamp(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	l := s.names
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept != nil && l.kept.stamp == stamp {
		return l.kept, nil
	}
	var fresh *names
	// One moment, so that the stamp belongs to what is read with it.
	err = s.DB.Read(ctx, func(r db.Reader) (err error) {
		fresh, err = s.gather(ctx, r, l.kept)
		return err
	})
	if err != nil {
		return nil, err
	}
	l.kept = fresh
	return fresh, nil
}

// names is the catalogue at one moment. It does not change, so that many requests
// may read it at once.
type names struct {
	stamp    catalogue.Stamp
	services []catalogue.Entry  // the most used first
	in       map[string][]int64 // category to the services in it and below it, in the same order
	offered  map[int64]int      // vendor to the number of its services
	used     map[int64]int      // organisation to the number of services it uses
	organs   *organs
}

// fewChanges is how many listings may have changed for the others to be kept.
const fewChanges = 1000

// gather reads what has changed since before, or all when that is unknown.
func (s *Site) gather(ctx context.Context, r db.Reader, before *names) (*names, error) {
	n := &names{in: map[string][]int64{}, offered: map[int64]int{}}
	var err error
	if n.stamp, err = catalogue.FindStamp(ctx, r); err != nil {
		return nil, err
	}
	if n.used, err = catalogue.CountUsed(ctx, r); err != nil {
		return nil, err
	}
	if before != nil && before.stamp.Organisations == n.stamp.Organisations {
		n.organs = before.organs
	} else if n.organs, err = s.gatherOrgans(ctx, r); err != nil {
		return nil, err
	}
	if n.services, err = gatherServices(ctx, r, before); err != nil {
		return nil, err
	}
	for _, e := range n.services {
		n.offered[e.VendorID]++
		for _, slug := range s.above(e.Categories) {
			n.in[slug] = append(n.in[slug], e.ID)
		}
	}
	return n, nil
}

func gatherServices(ctx context.Context, r db.Reader, before *names) ([]catalogue.Entry, error) {
	var kept, fresh []catalogue.Entry
	ids, few, err := []int64(nil), false, error(nil)
	if before != nil {
		ids, few, err = catalogue.ChangedSince(ctx, r, before.stamp, fewChanges)
	}
	switch {
	case err != nil:
	case few:
		changed := make(map[int64]bool, len(ids))
		for _, id := range ids {
			changed[id] = true
		}
		kept = slices.DeleteFunc(slices.Clone(before.services), func(e catalogue.Entry) bool { return changed[e.ID] })
		fresh, err = catalogue.Entries(ctx, r, ids)
	default:
		fresh, err = catalogue.AllEntries(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	kept = append(kept, fresh...)
	slices.SortFunc(kept, func(a, b catalogue.Entry) int { return cmp.Or(b.Users-a.Users, cmp.Compare(a.ID, b.ID)) })
	return kept, nil
}

// above returns the categories and all that are above them, each once.
func (s *Site) above(categories []string) []string {
	var all []string
	for _, slug := range categories {
		for c, ok := s.Schema.Category(slug); ok && !slices.Contains(all, c.Slug); c, ok = s.Schema.Category(c.Parent) {
			all = append(all, c.Slug)
		}
	}
	return all
}
