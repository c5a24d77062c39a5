package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// How often the catalogue is looked at.
const (
	pollEvery  = 300 * time.Millisecond
	orgEvery   = 2 * time.Second  // for changes of organisations
	sweepEvery = 10 * time.Minute // for all that was missed
)

// Follow fills the index from the database and keeps it as the database is, its
// synonyms included, until ctx is done; a change is found within a second. ready, which may be nil, is
// called once the index holds everything. When the database fails for a while, the
// index stays as it was and tell, which may be nil, hears of it. Follow returns
// the error for which it could not start, or that of ctx.
func (x *Index) Follow(ctx context.Context, d *db.DB, ready func(), tell func(error)) error {
	f := &follower{index: x, db: d, tell: tell}
	if f.tell == nil {
		f.tell = func(error) {}
	}
	if err := f.start(ctx); err != nil {
		return fmt.Errorf("follow the catalogue: %w", err)
	}
	if ready != nil {
		ready()
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := errors.Join(f.synonymize(ctx), f.poll(ctx)); err != nil && ctx.Err() == nil {
			f.tell(fmt.Errorf("follow the catalogue: %w", err))
		}
	}
}

// follower knows how far the index has followed.
type follower struct {
	index *Index
	db    *db.DB
	tell  func(error)

	trail         trail
	organisations int64 // changes of organisations
	synonyms      int64 // changes of synonyms; -1 before they were read
	looked, swept time.Time
}

// start reads where the changes stand before it reads the documents: what changes
// in between is done twice, which does no harm.
func (f *follower) start(ctx context.Context) error {
	if err := f.trail.start(ctx, f.db); err != nil {
		return err
	}
	if _, err := f.moved(ctx); err != nil {
		return err
	}
	f.synonyms = -1
	if err := f.synonymize(ctx); err != nil {
		return err
	}
	f.looked, f.swept = time.Now(), time.Now()
	f.index.SetDay(models.DateOf(f.db.Now()))
	if _, err := Refresh(ctx, f.db, f.index.layout); err != nil {
		return err
	}
	_, err := f.index.Load(ctx, f.db)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		f.tell(err)
		return f.remake(ctx, damaged.IDs)
	}
	return err
}

// remake makes documents anew and takes them in.
func (f *follower) remake(ctx context.Context, ids []int64) error {
	for some := range slices.Chunk(ids, saveBatch) {
		err := f.db.Write(ctx, models.Actor{Program: "search"}, func(tx *db.Tx) error {
			return Save(ctx, tx, f.index.layout, some)
		})
		if err != nil {
			return err
		}
	}
	return f.apply(ctx, ids)
}

// poll takes in what changed since it was called last.
func (f *follower) poll(ctx context.Context) error {
	changed, next, err := f.trail.read(ctx, f.db)
	if err != nil {
		return err
	}
	now := time.Now()
	if now.Sub(f.looked) >= orgEvery {
		moved, err := f.moved(ctx)
		if err != nil {
			return err
		}
		f.looked = now
		if moved {
			ids, err := stale(ctx, f.db, f.index.layout)
			if err != nil {
				return err
			}
			changed = append(changed, ids...)
		}
	}
	if err := f.apply(ctx, changed); err != nil {
		return err
	}
	f.trail = next // only now: what failed is tried again
	if now.Sub(f.swept) >= sweepEvery {
		f.swept = now
		if err := f.sweep(ctx); err != nil {
			return err
		}
	}
	if today := models.DateOf(f.db.Now()); f.index.current.Load().day != int32(DayNumber(today)) {
		f.index.SetDay(today)
	}
	f.index.Tidy()
	return nil
}

// moved reports whether any organisation changed since it was asked last.
func (f *follower) moved(ctx context.Context) (bool, error) {
	var n int64
	const q = `/* search.Follow */ SELECT value FROM organisation_revision WHERE one = 1`
	if err := f.db.Get(ctx, &n, q); err != nil {
		return false, err
	}
	moved := n != f.organisations
	f.organisations = n
	return moved, nil
}

// synonymize takes in the synonyms when any has changed.
func (f *follower) synonymize(ctx context.Context) error {
	var n int64
	const q = `/* search.Follow */ SELECT value FROM synonym_revision WHERE one = 1`
	if err := f.db.Get(ctx, &n, q); err != nil || n == f.synonyms {
		return err
	}
	if err := f.index.LoadSynonyms(ctx, f.db); err != nil {
		return err
	}
	f.synonyms = n // only now: what failed is tried again
	return nil
}

// apply brings the index up to date with the offerings.
func (f *follower) apply(ctx context.Context, ids []int64) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for some := range slices.Chunk(ids, saveBatch) {
		if err := f.applySome(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (f *follower) applySome(ctx context.Context, ids []int64) error {
	bodies, gone, old, err := f.read(ctx, ids)
	if err != nil {
		return err
	}
	if len(old) > 0 {
		err := f.db.Write(ctx, models.Actor{Program: "search"}, func(tx *db.Tx) error {
			return Save(ctx, tx, f.index.layout, old)
		})
		if err != nil {
			return err
		}
		more, away, _, err := f.read(ctx, old)
		if err != nil {
			return err
		}
		bodies, gone = append(bodies, more...), append(gone, away...)
	}
	if len(bodies)+len(gone) == 0 {
		return nil
	}
	return f.index.Put(bodies, gone)
}

// read returns the bodies of the offerings, which of them are gone, and which have
// no document or an old one.
func (f *follower) read(ctx context.Context, ids []int64) (bodies [][]byte, gone, old []int64, err error) {
	marks, args := db.In(ids)
	q := `/* search.Follow */
		SELECT o.id, d.offering_id IS NOT NULL AND d.revision = o.revision AND d.form = ? AND d.organisations = ` + organisations + ` AS fresh,
			d.body
		FROM offerings o
		JOIN organisations v ON v.id = o.vendor_id
		LEFT JOIN search_documents d ON d.offering_id = o.id
		WHERE ` + visible + ` AND o.id IN ` + marks
	var rows []struct {
		ID    int64  `db:"id"`
		Fresh bool   `db:"fresh"`
		Body  []byte `db:"body"`
	}
	if err := f.db.Select(ctx, &rows, q, append([]any{f.index.layout.form}, args...)...); err != nil {
		return nil, nil, nil, err
	}
	there := map[int64]bool{}
	for _, w := range rows {
		there[w.ID] = true
		if w.Fresh {
			bodies = append(bodies, w.Body)
		} else {
			old = append(old, w.ID)
		}
	}
	for _, id := range ids {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	return bodies, gone, old, nil
}

// sweep compares the whole index with the database, in case a change was missed.
func (f *follower) sweep(ctx context.Context) error {
	const q = `/* search.Follow */
		SELECT o.id, o.revision, ` + organisations + ` AS organisations
		FROM offerings o
		JOIN organisations v ON v.id = o.vendor_id
		WHERE ` + visible
	var rows []struct {
		ID            int64 `db:"id"`
		Revision      int64 `db:"revision"`
		Organisations int64 `db:"organisations"`
	}
	if err := f.db.Select(ctx, &rows, q); err != nil {
		return err
	}
	s := f.index.current.Load()
	there := make(map[int64]bool, len(rows))
	var wrong []int64
	for _, w := range rows {
		there[w.ID] = true
		if v, doc, ok := s.find(w.ID); !ok || v.stamps[doc] != shortStamp(stamp(w.Revision, w.Organisations)) {
			wrong = append(wrong, w.ID)
		}
	}
	for _, v := range s.views {
		for doc := range v.live.all {
			if id := v.ids[doc]; !there[id] {
				wrong = append(wrong, id)
			}
		}
	}
	return f.apply(ctx, wrong)
}

// trail is how far the changes of listings were read. Their numbers are given when
// they are made but seen when their transactions are done, so a number may appear
// after greater ones: those that were passed over are remembered for a while.
type trail struct {
	last int64
	gaps []gap // rising
}

// gap is a run of numbers that were passed over.
type gap struct {
	first, last int64
	since       time.Time
}

const (
	gapLife  = time.Hour // the longest a transaction may take
	mostGaps = 64
	lookBack = 10_000 // numbers that are looked at when starting
	readMost = 10_000 // changes at a time
)

// start goes to the newest change.
func (t *trail) start(ctx context.Context, r db.Reader) error {
	var last int64
	if err := r.Get(ctx, &last, `/* search.trail */ SELECT COALESCE(MAX(id), 0) FROM listing_changes`); err != nil {
		return err
	}
	t.last = max(0, last-lookBack)
	for {
		_, next, err := t.read(ctx, r)
		if err != nil {
			return err
		}
		more := next.last > t.last
		*t = next
		if !more {
			return nil
		}
	}
}

// read returns the offerings that changed, and the trail after that.
func (t *trail) read(ctx context.Context, r db.Reader) ([]int64, trail, error) {
	var rows []struct {
		ID       int64 `db:"id"`
		Offering int64 `db:"offering_id"`
	}
	q := `/* search.trail */ SELECT id, offering_id FROM listing_changes WHERE id > ?`
	args := []any{t.last}
	for _, g := range t.gaps {
		q += ` OR id BETWEEN ? AND ?`
		args = append(args, g.first, g.last)
	}
	args = append(args, readMost)
	if err := r.Select(ctx, &rows, q+` ORDER BY id LIMIT ?`, args...); err != nil {
		return nil, *t, err
	}
	next := trail{last: t.last, gaps: slices.Clone(t.gaps)}
	ids := make([]int64, len(rows))
	for i, w := range rows {
		ids[i] = w.Offering
		next.see(w.ID, time.Now())
	}
	next.forget(time.Now())
	return ids, next, nil
}

// see notes that a number was there.
func (t *trail) see(id int64, now time.Time) {
	if id > t.last {
		if id > t.last+1 {
			t.gaps = append(t.gaps, gap{t.last + 1, id - 1, now})
		}
		t.last = id
		return
	}
	i := slices.IndexFunc(t.gaps, func(g gap) bool { return g.first <= id && id <= g.last })
	if i < 0 {
		return
	}
	g := t.gaps[i]
	var rest []gap
	if g.first < id {
		rest = append(rest, gap{g.first, id - 1, g.since})
	}
	if id < g.last {
		rest = append(rest, gap{id + 1, g.last, g.since})
	}
	t.gaps = slices.Replace(t.gaps, i, i+1, rest...)
}

// forget drops the gaps that will not be filled any more.
func (t *trail) forget(now time.Time) {
	t.gaps = slices.DeleteFunc(t.gaps, func(g gap) bool { return now.Sub(g.since) > gapLife })
	if extra := len(t.gaps) - mostGaps; extra > 0 {
		t.gaps = slices.Delete(t.gaps, 0, extra)
	}
}
