package db

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

const (
	postgresConns    = 16
	postgresPatience = 10 * time.Second // for the first answer
	postgresTries    = 5                // of a transaction that lost a race
)

func openPostgres(ctx context.Context, address string) (*DB, error) {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err // names the address without its password
	}
	c.RuntimeParams["timezone"] = "UTC"
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "pilveturg"
	}
	pool := sqlx.NewDb(stdlib.OpenDB(*c), "pgx")
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d := &DB{Now: time.Now, engine: Postgres, pool: pool, long: make(chan struct{}, postgresConns/2)}
	if err := d.greet(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("PostgreSQL at %s:%d, database %s: %w", c.Host, c.Port, c.Database, err)
	}
	return d, nil
}

// greet checks that the server answers and that it can hold every letter.
func (d *DB) greet(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, postgresPatience)
	defer stop()
	var encoding string
	if err := d.pool.GetContext(ctx, &encoding, `SHOW server_encoding`); err != nil {
		return fmt.Errorf("no answer; check that the server runs and that the address and password are right: %w", err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("its encoding is %s: make a database with ENCODING 'UTF8'", encoding)
	}
	return nil
}

// writePostgres runs f in a transaction, and again when it lost a race.
func (d *DB) writePostgres(ctx context.Context, f func(*session) error) error {
	for try := 1; ; try++ {
		err := d.tryPostgres(ctx, f)
		if err == nil || try == postgresTries || !lostRace(err) {
			return err
		}
		pause := time.Duration(rand.Int64N(int64(10*time.Millisecond) << try))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

func (d *DB) tryPostgres(ctx context.Context, f func(*session) error) error {
	x, err := d.pool.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer x.Rollback() // no effect once committed
	if err := f(&session{q: x, engine: Postgres}); err != nil {
		return err
	}
	if err := x.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// analyzePostgres leaves the server's own tables alone: they take longer than a
// small database of ours, and are not ours to look at.
func (d *DB) analyzePostgres(ctx context.Context) error {
	var tables string
	const q = `SELECT coalesce(string_agg(quote_ident(tablename), ', '), '') FROM pg_tables WHERE schemaname = current_schema()`
	if err := d.pool.GetContext(ctx, &tables, q); err != nil || tables == "" {
		return err
	}
	_, err := d.pool.ExecContext(ctx, `ANALYZE `+tables)
	return err
}

// lostRace reports a serialization failure or a deadlock.
func lostRace(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01"
}
