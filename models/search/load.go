package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"pilveturg/db"
)

// Load makes the index hold exactly the documents that are stored. Documents made
// by another program version are left out, as [Refresh] makes them anew. It returns
// how many there are; bodies that cannot be read are told of in the error, and the
// others stand all the same.
func (x *Index) Load(ctx context.Context, d *db.DB) (int, error) {
	x.tidying.Lock()
	defer x.tidying.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	segments, err := x.readAll(ctx, d)
	var damaged *DamagedError
	if err != nil && !errors.As(err, &damaged) {
		return 0, fmt.Errorf("load search index: %w", err)
	}
	x.replace(segments)
	return x.current.Load().count, err
}

// DamagedError names the offerings whose documents could not be read.
type DamagedError struct{ IDs []int64 }

// Error implements error.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("%d search documents are damaged, the first of offering %d: they have to be saved anew", len(e.IDs), e.IDs[0])
}

// readAll makes segments of all stored documents, on all processors. Held: mu.
func (x *Index) readAll(ctx context.Context, d *db.DB) ([]*segment, error) {
	starts, err := rangeStarts(ctx, d)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var segments []*segment
	var lost DamagedError
	var mu sync.Mutex // guards both
	todo := make(chan int)
	var all sync.WaitGroup
	for range min(len(starts), runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			r := reading{db: d, builder: newBuilder(x.layout, x.reg, x.seed, x.current.Load().day), starts: starts}
			for i := range todo {
				if err := r.read(ctx, i); err != nil {
					stop(err)
				}
			}
			r.flush()
			mu.Lock()
			defer mu.Unlock()
			segments, lost.IDs = append(segments, r.made...), append(lost.IDs, r.damaged...)
		})
	}
	for i := range starts {
		todo <- i
	}
	close(todo)
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if len(lost.IDs) > 0 {
		slices.Sort(lost.IDs)
		return segments, &lost
	}
	return segments, nil
}

// rangeSize is how many offerings are read at a time.
const rangeSize = segmentSize / 8

// rangeStarts cuts the offerings into ranges of ids.
func rangeStarts(ctx context.Context, r db.Reader) (starts []int64, err error) {
	const q = `/* search.rangeStarts */
		SELECT id
		FROM (SELECT o.id, ROW_NUMBER() OVER (ORDER BY o.id) AS n FROM offerings o WHERE ` + visible + `) o
		WHERE n % ? = 1
		ORDER BY id`
	if err := r.Select(ctx, &starts, q, rangeSize); err != nil {
		return nil, err
	}
	if len(starts) == 0 {
		return []int64{math.MinInt64}, nil
	}
	starts[0] = math.MinInt64
	return starts, nil
}

// reading makes segments of ranges, one after the other.
type reading struct {
	db      *db.DB
	builder *builder
	starts  []int64
	made    []*segment
	damaged []int64
}

// read takes in the documents of the i'th range.
func (r *reading) read(ctx context.Context, i int) error {
	end := int64(math.MaxInt64)
	if i+1 < len(r.starts) {
		end = r.starts[i+1] - 1
		r.builder.expect(segmentSize - len(r.builder.ids))
	}
	const q = `/* search.Load */
		SELECT offering_id, body FROM search_documents WHERE offering_id BETWEEN ? AND ? AND form = ? ORDER BY offering_id`
	type row struct {
		ID   int64  `db:"offering_id"`
		Body []byte `db:"body"`
	}
	var x raw
	for w, err := range db.Each[row](ctx, r.db, q, r.starts[i], end, r.builder.layout.form) {
		if err != nil {
			return err
		}
		if err := x.read(r.builder.layout, w.Body); err != nil || x.id != w.ID || r.builder.add(&x) != nil {
			r.damaged = append(r.damaged, w.ID)
			continue
		}
		if len(r.builder.ids) == segmentSize {
			r.flush()
		}
	}
	return nil
}

func (r *reading) flush() {
	if len(r.builder.ids) > 0 {
		r.made = append(r.made, r.builder.segment())
	}
}

// replace publishes a snapshot of nothing but these segments. Held: mu.
func (x *Index) replace(segments []*segment) {
	next := x.current.Load().next()
	old := next.views
	next.settle(x)
	next.views = nil
	for _, v := range old {
		v.countTerms(next.dict, -1)
	}
	for _, s := range segments {
		next.views = append(next.views, newView(s))
		s.countTerms(next.dict, 1)
	}
	next.recount()
	x.current.Store(next)
}
