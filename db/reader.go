package db

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"reflect"

	"github.com/jmoiron/sqlx"

	"pilveturg/models"
)

// Reader runs queries: a [*DB]; a [*Tx], which sees its own writes; or the moment
// that [DB.Read] holds still. [Each] reads a Reader row by row.
type Reader interface {
	// Get scans the first row of query into dest, or returns [models.ErrNotFound].
	Get(ctx context.Context, dest any, query string, args ...any) error
	// Select scans all rows of query into dest, a pointer to a slice.
	Select(ctx context.Context, dest any, query string, args ...any) error

	rows(ctx context.Context, query string, args []any) (*rows, error)
}

// Each yields the rows of query one at a time, so that memory does not grow with
// their number. T is a struct with db tags, or one value for a single column. An
// error comes last, with the zero T, and ends the loop.
//
//	for o, err := range db.Each[Offering](ctx, r, q, vendor) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// The loop holds a connection until it ends. Do not ask the same Reader anything
// inside it: a Tx refuses, and a DB lends such loops only half of its connections.
func Each[T any](ctx context.Context, r Reader, query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero, v T
		rows, err := r.rows(ctx, query, args)
		if err != nil {
			yield(zero, err)
			return
		}
		defer rows.close()
		scan := scanner(rows.Rows, &v)
		for rows.Next() {
			v = zero
			if err = firstError(ctx.Err(), scan()); err != nil {
				yield(zero, err)
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(zero, err)
		}
	}
}

// rows are the open rows of a query, and what is to be given back after them.
type rows struct {
	*sqlx.Rows
	after func()
}

func (r *rows) close() {
	r.Close()
	r.after()
}

// scanner returns what scans the current row into v.
func scanner[T any](r *sqlx.Rows, v *T) func() error {
	_, whole := any(v).(sql.Scanner)
	if whole || reflect.TypeFor[T]().Kind() != reflect.Struct {
		return func() error { return r.Scan(v) }
	}
	return func() error { return r.StructScan(v) }
}

// Get implements [Reader]. On SQLite it does not stop half-way when ctx is
// cancelled: a point read is over sooner than the cost of watching for it.
func (d *DB) Get(ctx context.Context, dest any, query string, args ...any) error {
	if d.engine == SQLite {
		if err := ctx.Err(); err != nil {
			return err
		}
		ctx = context.WithoutCancel(ctx)
	}
	return found(d.pool.GetContext(ctx, dest, d.bind(query), args...))
}

func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return models.ErrNotFound
	}
	return err
}

// Select implements [Reader].
func (d *DB) Select(ctx context.Context, dest any, query string, args ...any) error {
	return d.pool.SelectContext(ctx, dest, d.bind(query), args...)
}

func (d *DB) rows(ctx context.Context, query string, args []any) (*rows, error) {
	select {
	case d.long <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	free := func() { <-d.long }
	x, err := d.pool.QueryxContext(ctx, d.bind(query), args...)
	if err != nil {
		free()
		return nil, err
	}
	return &rows{x, free}, nil
}

// Read gives f a Reader whose answers all belong to one moment, whatever others
// write meanwhile. It returns the error of f.
func (d *DB) Read(ctx context.Context, f func(Reader) error) error {
	begin := ctx
	if d.engine == SQLite {
		begin = context.WithoutCancel(ctx)
	}
	conn, err := d.pool.Connx(ctx) // may have to wait, so this can be cancelled
	if err != nil {
		return err
	}
	defer conn.Close()
	x, err := conn.BeginTxx(begin, d.snapshot())
	if err != nil {
		return err
	}
	defer x.Rollback()
	s := &session{q: x, engine: d.engine}
	defer s.end()
	return f(s)
}

func (d *DB) snapshot() *sql.TxOptions {
	if d.engine == SQLite {
		return nil // any SQLite transaction that only reads is one
	}
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}
