package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"pilveturg/models"
)

// migration is one file of the migrations folder.
type migration struct {
	name string // 0001_organisations.sql
	hash string // SHA-256 of text, hexadecimal
	text string
}

// applied is a row of the table migrations.
type applied struct {
	Name string `db:"name"`
	Hash string `db:"hash"`
}

var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+(\.sqlite|\.postgres)?\.sql$`)

// Migrate brings the schema to the version this program knows. When two programs
// do so at once, one waits for the other. It fails with [ErrNewer] when the
// database is ahead, and when an applied file has been edited since.
func (d *DB) Migrate(ctx context.Context) error {
	if err := d.migrate(ctx, Files); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return nil
}

func (d *DB) migrate(ctx context.Context, files fs.FS) error {
	pending, err := d.pending(ctx, files)
	if err != nil || len(pending) == 0 {
		return err
	}
	if err := d.makeMigrations(ctx); err != nil {
		return err
	}
	for _, m := range pending {
		if err := d.apply(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return d.Analyze(ctx)
}

func (d *DB) makeMigrations(ctx context.Context) error {
	text := `CREATE TABLE IF NOT EXISTS migrations (
		name       TEXT NOT NULL PRIMARY KEY,
		hash       TEXT NOT NULL,
		applied_at TEXT NOT NULL
	) STRICT`
	if d.engine == Postgres {
		text = postgresSchema(text)
	}
	return d.changeSchema(ctx, func(tx *Tx) error { return tx.exec(ctx, text) })
}

// changeSchema runs f in a transaction while no other program changes the schema.
func (d *DB) changeSchema(ctx context.Context, f func(*Tx) error) error {
	for {
		err := d.write(ctx, models.Actor{}, schema, func(tx *Tx) error {
			if d.engine == Postgres { // on SQLite the transaction itself locks
				if err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(7305808869230897473)`); err != nil {
					return err
				}
			}
			return f(tx)
		})
		if !errors.Is(err, ErrBusy) || ctx.Err() != nil {
			return err
		}
	}
}

func (d *DB) apply(ctx context.Context, m migration) error {
	return d.changeSchema(ctx, func(tx *Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO migrations (name, hash, applied_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			m.name, m.hash, tx.Now)
		if err != nil || n == 0 { // another program was faster
			return err
		}
		if err := tx.exec(ctx, m.text); err != nil {
			return err
		}
		return tx.checkReferences(ctx)
	})
}

// checkReferences makes up for the foreign keys that SQLite did not look at, so
// that a migration could rebuild a table that others refer to.
func (t *Tx) checkReferences(ctx context.Context) error {
	if t.engine != SQLite {
		return nil
	}
	var bad struct{ Child, Parent string }
	err := t.Get(ctx, &bad, `SELECT "table" AS child, parent FROM pragma_foreign_key_check LIMIT 1`)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("it leaves a row of %s that refers to no row of %s", bad.Child, bad.Parent)
}

// Pending returns the names of the migrations that the database still lacks, in
// order. It fails like [DB.Migrate].
func (d *DB) Pending(ctx context.Context) ([]string, error) {
	ahead, err := d.pending(ctx, Files)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range ahead {
		names = append(names, m.name)
	}
	return names, nil
}

func (d *DB) pending(ctx context.Context, files fs.FS) ([]migration, error) {
	known, err := readMigrations(files, d.engine)
	if err != nil {
		return nil, err
	}
	done, err := d.applied(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range done {
		if err := a.check(known); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(known, func(m migration) bool {
		return slices.Contains(done, applied{m.name, m.hash})
	}), nil
}

// check compares what was applied with what this program knows.
func (a applied) check(known []migration) error {
	newest := ""
	for _, m := range known {
		switch {
		case m.name == a.Name && m.hash == a.Hash:
			return nil
		case m.name == a.Name:
			return fmt.Errorf("%s was edited after it had been applied: restore it, and write the change as a new file", a.Name)
		}
		newest = order(m.name)
	}
	if order(a.Name) > newest {
		return fmt.Errorf("%w (it has %s)", ErrNewer, a.Name)
	}
	return fmt.Errorf("the database has %s, which this program does not know: run the program that made it", a.Name)
}

// readMigrations returns the migrations for engine in the order they are due.
func readMigrations(files fs.FS, engine string) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*")
	if err != nil {
		return nil, err
	}
	var list []migration
	for _, path := range names {
		name := strings.TrimPrefix(path, "migrations/")
		parts := migrationName.FindStringSubmatch(name)
		if parts == nil {
			return nil, fmt.Errorf("migration %s: want a name like 0001_words.sql or 0001_words.%s.sql", name, engine)
		}
		if parts[2] != "" && parts[2] != "."+engine {
			continue
		}
		b, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		list = append(list, newMigration(name, b, engine == Postgres && parts[2] == ""))
	}
	slices.SortFunc(list, func(a, b migration) int { return strings.Compare(order(a.name), order(b.name)) })
	return list, checkNumbers(list)
}

func newMigration(name string, file []byte, translate bool) migration {
	text := strings.ReplaceAll(string(file), "\r\n", "\n") // as some checkouts have it
	hash := sha256.Sum256([]byte(text))
	if translate {
		text = postgresSchema(text)
	}
	return migration{name, hex.EncodeToString(hash[:]), text}
}

// order puts the file for one engine after the one for both.
func order(name string) string {
	number, rest, _ := strings.Cut(name, "_")
	if strings.Count(rest, ".") > 1 {
		return number + " engine " + rest
	}
	return number + " both " + rest
}

// checkNumbers refuses two files for both engines with one number: which comes
// first would be an accident.
func checkNumbers(list []migration) error {
	for i := 1; i < len(list); i++ {
		a, b := list[i-1].name, list[i].name
		if a[:4] == b[:4] && strings.Count(a, ".") == strings.Count(b, ".") {
			return fmt.Errorf("migrations %s and %s have the same number", a, b)
		}
	}
	return nil
}

func (d *DB) applied(ctx context.Context) ([]applied, error) {
	const sqlite = `SELECT count(*) FROM sqlite_schema WHERE name = 'migrations'`
	const postgres = `SELECT count(to_regclass('migrations'))`
	there := sqlite
	if d.engine == Postgres {
		there = postgres
	}
	var n int
	if err := d.Get(ctx, &n, there); err != nil || n == 0 {
		return nil, err
	}
	var list []applied
	err := d.Select(ctx, &list, `SELECT name, hash FROM migrations ORDER BY name`)
	return list, err
}
