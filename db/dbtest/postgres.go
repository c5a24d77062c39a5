package dbtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pilveturg/db"
)

// Test databases carry the second of their making in their names, so that those
// left behind by a run that was killed can be found. A migrated template is
// shared by all test binaries with the same migrations.
const (
	prefix        = "pilveturg_test_"
	templateFresh = time.Hour
	leftBehind    = 2 * time.Hour
)

// serial tells databases of one process apart.
var serial atomic.Int64

// fromTemplate makes a migrated database and returns its address.
func fromTemplate(t testing.TB, address string) string {
	t.Helper()
	name, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return create(t, address, name)
}

func create(t testing.TB, address, template string) string {
	t.Helper()
	name := fmt.Sprintf("%s%d_%d_%d", prefix, time.Now().Unix(), os.Getpid(), serial.Add(1))
	if err := onServer(`CREATE DATABASE ` + name + ` TEMPLATE ` + template + encoding(template)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := onServer(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return rename(address, name)
}

// encoding makes a new database hold all letters, whatever the server's default.
func encoding(template string) string {
	if template != "template0" {
		return ""
	}
	return ` ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`
}

// onServer runs a statement outside any test database.
func onServer(statement string) error {
	pool, err := admin()
	if err != nil {
		return err
	}
	if _, err := pool.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// admin is where databases are made and dropped, until the test binary ends.
var admin = sync.OnceValues(func() (*sql.DB, error) {
	return sql.Open("pgx", os.Getenv("PILVETURG_TEST_POSTGRES"))
})

// rename returns address with another database in it.
func rename(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}

// postgresTemplate returns the name of a migrated database to copy.
var postgresTemplate = sync.OnceValues(func() (string, error) {
	pool, err := admin()
	if err != nil {
		return "", err
	}
	conn, err := pool.Conn(context.Background())
	if err != nil {
		return "", err
	}
	defer conn.Close() // gives the lock back
	if _, err := conn.ExecContext(context.Background(), `SELECT pg_advisory_lock(7305808869230897474)`); err != nil {
		return "", err
	}
	return findTemplate(conn)
})

func findTemplate(conn *sql.Conn) (string, error) {
	hash, err := schemaHash()
	if err != nil {
		return "", err
	}
	names, err := testDatabases(conn)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		age := time.Since(made(name))
		if age < templateFresh && strings.HasSuffix(name, hash) {
			return name, nil
		}
		if age > leftBehind { // one in use stays
			conn.ExecContext(context.Background(), `DROP DATABASE IF EXISTS `+name)
		}
	}
	name := fmt.Sprintf("%s%d_%s", prefix, time.Now().Unix(), hash)
	half := name + "_half"
	err = onServer(`CREATE DATABASE ` + half + ` TEMPLATE template0` + encoding("template0"))
	if err = errors.Join(err, migrate(rename(os.Getenv("PILVETURG_TEST_POSTGRES"), half))); err != nil {
		return "", err
	}
	return name, onServer(`ALTER DATABASE ` + half + ` RENAME TO ` + name)
}

// schemaHash stands for the text of all migrations.
func schemaHash() (string, error) {
	names, err := fs.Glob(db.Files, "migrations/*")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, name := range names {
		b, err := db.Files.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(b), b)
	}
	return fmt.Sprintf("t%x", h.Sum(nil)[:8]), nil
}

func testDatabases(conn *sql.Conn) (names []string, err error) {
	rows, err := conn.QueryContext(context.Background(),
		`SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname`, prefix)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// made tells when a test database was made.
func made(name string) time.Time {
	second, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "_")
	n, err := strconv.ParseInt(second, 10, 64)
	if err != nil {
		return time.Now()
	}
	return time.Unix(n, 0)
}

func migrate(dsn string) error {
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(context.Background()), d.Close())
}
