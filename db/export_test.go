package db

import (
	"context"
	"io/fs"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// OpenAny is Open without a look at the migrations.
func OpenAny(ctx context.Context, dsn string) (*DB, error) { return open(ctx, dsn) }

// What tests of this room may see of its inside.
var (
	Bind           = bind
	PostgresSchema = postgresSchema
)

// BatchWrites is how many writes share a commit at most.
const BatchWrites = batchWrites

// MigrateFiles is Migrate with other files than the program's own.
func (d *DB) MigrateFiles(ctx context.Context, files fs.FS) error { return d.migrate(ctx, files) }

// Readers returns the pool that reads.
func (d *DB) Readers() *sqlx.DB { return d.pool }

// Writer returns the pool that writes on SQLite.
func (d *DB) Writer() *sqlx.DB { return d.writer.pool }

// Waiting returns how many wait for their turn to write on SQLite.
func (d *DB) Waiting() int {
	d.writer.mu.Lock()
	defer d.writer.mu.Unlock()
	return len(d.writer.queue)
}

// OnCommit has f called at each commit on SQLite; the commit fails when f is false.
func (d *DB) OnCommit(f func() bool) error {
	c, err := d.writer.pool.Connx(context.Background())
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Raw(func(driver any) error {
		driver.(*sqlite3.SQLiteConn).RegisterCommitHook(func() int {
			if f() {
				return 0
			}
			return 1
		})
		return nil
	})
}
