package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// Every connection of a pool gets these: a PRAGMA run through the pool would
// reach only one of them. The driver's own choice in WAL mode is
// synchronous=NORMAL, which may lose the last commits when the power fails.
// LIKE minds the case of letters, as it does in PostgreSQL. Database/sql uses a
// connection from one goroutine at a time, so SQLite need not lock it at every call.
const (
	sqliteBoth   = "_mutex=no&_foreign_keys=on&_busy_timeout=5000&_stmt_cache_size=64&_synchronous=FULL&_case_sensitive_like=1"
	sqliteWriter = sqliteBoth + "&_journal_mode=WAL&_txlock=immediate&_cache_size=-64000"
	sqliteReader = sqliteBoth + "&_query_only=1&_txlock=deferred&_cache_size=-16000"
	sqliteBytes  = "PRAGMA mmap_size = 268435456; PRAGMA journal_size_limit = 67108864" // the driver has no options for them
)

func openSQLite(ctx context.Context, path string) (*DB, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := checkFile(path); err != nil {
		return nil, err
	}
	readers := max(8, 2*runtime.GOMAXPROCS(0))
	d := &DB{
		Now:    time.Now,
		engine: SQLite,
		pool:   sqlitePool(full, sqliteReader, readers),
		writer: &writer{pool: sqlitePool(full, sqliteWriter, 1)},
		path:   full,
		long:   make(chan struct{}, readers/2),
	}
	// The writer comes first: it is the one that can turn the journal to WAL.
	if err := firstError(d.writer.pool.PingContext(ctx), d.Ping(ctx)); err != nil {
		d.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// checkFile says in a person's words what SQLite would say in its own. It makes
// the file if it is missing, readable to its owner only.
func checkFile(path string) error {
	if path == "" || path == ":memory:" {
		return fmt.Errorf("%q is not a file: name one, such as pilveturg.db", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no folder %s: make it, or name another file", path, filepath.Dir(path))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: this user may not read and write it: %w", path, err)
	case err != nil:
		return err
	}
	defer f.Close()
	head := make([]byte, 16)
	if n, err := io.ReadFull(f, head); err == io.EOF {
		return nil // empty: a new database
	} else if err != nil && err != io.ErrUnexpectedEOF {
		return err
	} else if string(head[:n]) != "SQLite format 3\x00" {
		return fmt.Errorf("%s is not a SQLite database: name another file", path)
	}
	return nil
}

func sqlitePool(path, options string, size int) *sqlx.DB {
	p := filepath.ToSlash(path)
	if p[0] != '/' {
		p = "/" + p
	}
	dsn := (&url.URL{Scheme: "file", Path: p, RawQuery: options}).String()
	pool := sqlx.NewDb(sql.OpenDB(sqliteConnector{dsn}), "sqlite3")
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return pool
}

// sqliteConnector makes connections without a driver registered by name.
type sqliteConnector struct{ dsn string }

func (c sqliteConnector) Driver() driver.Driver {
	return &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		_, err := conn.Exec(sqliteBytes, nil)
		return err
	}}
}

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return c.Driver().Open(c.dsn)
}

// dropIdle closes the connections of pool that nobody uses.
func dropIdle(pool *sqlx.DB) {
	pool.SetMaxIdleConns(-1)
	pool.SetMaxIdleConns(pool.Stats().MaxOpenConnections)
}
