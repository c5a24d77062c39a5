package db_test

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

// files makes a folder of migrations: name, text, name, text …
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m["migrations/"+pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

const (
	makeA = "CREATE TABLE a (\n\tid INTEGER PRIMARY KEY\n) STRICT;\n"
	makeB = `CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id)) STRICT;`
	makeC = `CREATE TABLE c (id INTEGER PRIMARY KEY) STRICT;`
)

func TestMigrate(t *testing.T) {
	d := dbtest.Empty(t)
	d.Now = func() time.Time { return dbtest.Moment }
	both := files("0002_b.sql", makeB, "0001_a.sql", makeA,
		"0001_a.sqlite.sql", `INSERT INTO a (id) VALUES (1); CREATE TABLE runs_on (engine TEXT); INSERT INTO runs_on VALUES ('sqlite');`,
		"0001_a.postgres.sql", `INSERT INTO a (id) VALUES (1); CREATE TABLE runs_on (engine TEXT); INSERT INTO runs_on VALUES ('postgres');`)
	for range 2 { // the second time there is nothing to do
		if err := d.MigrateFiles(t.Context(), both); err != nil {
			t.Fatal(err)
		}
	}
	got, err := all[string](t.Context(), d, `SELECT engine FROM runs_on`)
	if err != nil || !slices.Equal(got, []string{d.Engine()}) {
		t.Errorf("the file for %s left %q, %v", d.Engine(), got, err)
	}
	if !analyzed(t, d, "a") {
		t.Error("the statistics are not fresh")
	}
	type row struct {
		Name, Hash string
		At         models.Time `db:"applied_at"`
	}
	rows, err := all[row](t.Context(), d, `SELECT name, hash, applied_at FROM migrations ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Name)
		if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(r.Hash) || r.At.Time != dbtest.Moment {
			t.Errorf("%s is kept as %+v", r.Name, r)
		}
	}
	want := []string{"0001_a." + d.Engine() + ".sql", "0001_a.sql", "0002_b.sql"}
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("applied %q, want %q", names, want)
	}
}

func TestMigrateAgain(t *testing.T) {
	first := files("0001_a.sql", makeA, "0003_b.sql", makeB)
	for _, tt := range []struct {
		name string
		then fstest.MapFS
		want error
		says string
	}{
		{"a new file is applied", files("0001_a.sql", makeA, "0003_b.sql", makeB, "0004_c.sql", makeC), nil, ""},
		{"a new file between the old ones is applied", files("0001_a.sql", makeA, "0002_c.sql", makeC, "0003_b.sql", makeB), nil, ""},
		{"other line ends are no edit", files("0001_a.sql", strings.ReplaceAll(makeA, "\n", "\r\n"), "0003_b.sql", makeB, "0004_c.sql", makeC), nil, ""},
		{"an edited file is refused", files("0001_a.sql", makeA+" -- edited", "0003_b.sql", makeB), nil, "0001_a.sql was edited"},
		{"a database that is ahead is refused", files("0001_a.sql", makeA), db.ErrNewer, "0003_b.sql"},
		{"a file that has gone is missed", files("0003_b.sql", makeB), nil, "0001_a.sql, which this program does not know"},
		{"a file with another name's number is refused", files("0001_a.sql", makeA, "0001_b.sql", makeB), nil, "same number"},
		{"a file must be numbered", files("0001_a.sql", makeA, "0003_b.sql", makeB, "notes.txt", ""), nil, "notes.txt: want a name like"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := dbtest.Empty(t)
			if err := d.MigrateFiles(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			err := d.MigrateFiles(t.Context(), tt.then)
			if tt.says == "" {
				if err == nil {
					_, err = all[int](t.Context(), d, `SELECT id FROM c`)
				}
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.says) || (tt.want != nil && !errors.Is(err, tt.want)) {
				t.Errorf("error is %v, want one that says %q", err, tt.says)
			}
		})
	}
}

func TestMigrationIsAppliedWhollyOrNotAtAll(t *testing.T) {
	d := dbtest.Empty(t)
	bad := files("0001_a.sql", makeA, "0002_bad.sql", makeC+` CREATE TABLE a (again INTEGER) STRICT;`)
	err := d.MigrateFiles(t.Context(), bad)
	if err == nil || !strings.Contains(err.Error(), "0002_bad.sql") {
		t.Errorf("error is %v, want one that names the file", err)
	}
	if _, err := all[int](t.Context(), d, `SELECT id FROM c`); err == nil {
		t.Error("half of the file that failed is there")
	}
	if _, err := all[int](t.Context(), d, `SELECT id FROM a`); err != nil {
		t.Errorf("the file before it is not: %v", err)
	}
	bad["migrations/0002_bad.sql"].Data = []byte(makeC) // not applied, so it may be put right
	if err := d.MigrateFiles(t.Context(), bad); err != nil {
		t.Error(err)
	}
}

func TestTwoProgramsMigrateAtOnce(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	var g sync.WaitGroup
	start := make(chan bool)
	for range 6 {
		d := openFile(t, dsn)
		g.Go(func() {
			<-start
			if err := d.MigrateFiles(t.Context(), notesSchema); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	g.Wait()
	d := openFile(t, dsn)
	if got, err := all[int](t.Context(), d, `SELECT count(*) FROM migrations`); err != nil || got[0] != 2 {
		t.Errorf("%v migrations are kept, %v; want the two for this engine", got, err)
	}
}

func TestMigrationMayRebuildATable(t *testing.T) {
	d := onlySQLite(t, dbtest.Empty(t)) // PostgreSQL alters tables in place
	old := files("0001_a.sql", makeA, "0002_b.sql", makeB, "0003_rows.sql", `INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1);`)
	rebuilt := maps.Clone(old)
	maps.Copy(rebuilt, files("0004_rebuild.sql", `CREATE TABLE new_a (id INTEGER PRIMARY KEY, words TEXT) STRICT;
		INSERT INTO new_a (id) SELECT id FROM a; DROP TABLE a; ALTER TABLE new_a RENAME TO a;`))
	broken := maps.Clone(rebuilt)
	maps.Copy(broken, files("0005_broken.sql", `DELETE FROM a;`))
	for _, f := range []fs.FS{old, rebuilt} {
		if err := d.MigrateFiles(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.MigrateFiles(t.Context(), broken); err == nil || !strings.Contains(err.Error(), "a row of b that refers to no row of a") {
		t.Errorf("a migration that breaks a reference gets %v", err)
	}
	err := d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), `DELETE FROM a`); return err })
	if !db.Refused(err) {
		t.Errorf("after migrating, foreign keys are not looked at: %v", err)
	}
}

func TestPending(t *testing.T) {
	d := dbtest.Empty(t)
	before, err := d.Pending(t.Context())
	if err != nil || len(before) == 0 {
		t.Fatalf("an empty database lacks %q, %v", before, err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, err := d.Pending(t.Context()); err != nil || len(after) != 0 {
		t.Errorf("a migrated one lacks %q, %v", after, err)
	}
	done, err := all[string](t.Context(), d, `SELECT name FROM migrations`)
	slices.Sort(before)
	slices.Sort(done)
	if err != nil || !slices.Equal(before, done) {
		t.Errorf("it lacked %q and got %q, %v", before, done, err)
	}
	other := map[string]string{db.SQLite: ".postgres.", db.Postgres: ".sqlite."}[d.Engine()]
	if i := slices.IndexFunc(done, func(s string) bool { return strings.Contains(s, other) }); i >= 0 {
		t.Errorf("applied %s on %s", done[i], d.Engine())
	}
}

func TestFilesAreCarried(t *testing.T) {
	for _, pattern := range []string{"migrations/*.sql", "catalogue/*.json", "seed/*.jsonl"} {
		names, err := fs.Glob(db.Files, pattern)
		if err != nil || len(names) == 0 {
			t.Errorf("%s: %q, %v", pattern, names, err)
		}
		on, _ := filepath.Glob(pattern)
		if len(names) != len(on) {
			t.Errorf("%s: %d carried, %d in the folder", pattern, len(names), len(on))
		}
	}
}
