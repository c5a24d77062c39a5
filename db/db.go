package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// The engines, as [DB.Engine] names them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// DB is an open database. It may be used by many goroutines at once.
type DB struct {
	Now func() time.Time // the clock; tests set it before they use the database

	engine string
	pool   *sqlx.DB      // reads; on PostgreSQL writes as well
	writer *writer       // writes on SQLite; nil on PostgreSQL
	path   string        // of the SQLite file
	long   chan struct{} // one token for each connection that an Each may hold
}

// Open opens the database that dsn names: an address that starts with postgres://
// or postgresql://, or else the path of a SQLite file, made if it is missing. It
// does not migrate it.
//
// Its error tells an operator what to do. It is [ErrNewer] when a newer program
// has already changed the schema.
func Open(ctx context.Context, dsn string) (*DB, error) {
	d, err := open(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if _, err := d.Pending(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return d, nil
}

func open(ctx context.Context, dsn string) (*DB, error) {
	scheme, _, found := strings.Cut(dsn, "://")
	switch {
	case !found:
		return openSQLite(ctx, dsn)
	case scheme == "postgres" || scheme == "postgresql":
		return openPostgres(ctx, dsn)
	default:
		return nil, fmt.Errorf("%s:// is no database this program knows: want the path of a SQLite file, or postgres://", scheme)
	}
}

// Engine returns [SQLite] or [Postgres].
func (d *DB) Engine() string { return d.engine }

// Ping asks the database for an answer.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	if err := d.pool.GetContext(ctx, &one, `SELECT 1`); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Analyze refreshes the statistics by which the engine chooses its plans. It is
// due after a migration and after an import of many rows.
func (d *DB) Analyze(ctx context.Context) error {
	if err := d.analyze(ctx); err != nil {
		return fmt.Errorf("analyze database: %w", err)
	}
	return nil
}

func (d *DB) analyze(ctx context.Context) error {
	if d.engine == Postgres {
		return d.analyzePostgres(ctx)
	}
	if err := d.writer.write(ctx, alone, func(s *session) error {
		return s.exec(ctx, `PRAGMA analysis_limit = 1000; ANALYZE`) // rows of each index to look at
	}); err != nil {
		return err
	}
	dropIdle(d.pool) // a connection reads the statistics only once
	return nil
}

// Close closes all connections. What runs is waited for.
func (d *DB) Close() error {
	err := d.pool.Close()
	if d.writer != nil {
		err = firstError(err, d.writer.pool.Close()) // last, so that it tidies the write-ahead log
	}
	return err
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
