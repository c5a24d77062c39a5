package db

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Copy writes a consistent copy of a SQLite database to a new file at path while
// it is in use. The copy appears under that name only when it is whole and on
// disk. PostgreSQL has its own tool for this, pg_dump.
func (d *DB) Copy(ctx context.Context, path string) error {
	if err := d.copy(ctx, path); err != nil {
		return fmt.Errorf("copy database to %s: %w", path, err)
	}
	return nil
}

func (d *DB) copy(ctx context.Context, path string) error {
	if d.engine != SQLite {
		return fmt.Errorf("%w for PostgreSQL: use pg_dump", errors.ErrUnsupported)
	}
	if _, err := os.Lstat(path); err == nil {
		return errors.New("the file is there already: name another")
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(part)
	defer f.Close()
	if err := d.vacuumInto(ctx, part); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// vacuumInto uses a connection of its own: a reader may not, and the writer is to
// go on meanwhile.
func (d *DB) vacuumInto(ctx context.Context, path string) error {
	pool := sqlitePool(d.path, sqliteBoth, 1)
	defer pool.Close()
	_, err := pool.ExecContext(ctx, `VACUUM INTO ?`, path)
	return err
}
