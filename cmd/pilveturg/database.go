package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"pilveturg/db"
	"pilveturg/models/audit"
)

// openNewest opens the database, makes it if it is not there, and migrates it.
func openNewest(ctx context.Context, c config) (*db.DB, error) {
	d, err := db.Open(ctx, c.db)
	if err != nil {
		return nil, err
	}
	if _, err := renew(ctx, d); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// renew migrates a database, and takes what an older program recorded into the chain
// of the audit log. It returns how many events those were.
func renew(ctx context.Context, d *db.DB) (sealed int, err error) {
	if err := d.Migrate(ctx); err != nil {
		return 0, err
	}
	return audit.Seal(ctx, d)
}

// openThere opens a database that is there already, and changes nothing about it.
func openThere(ctx context.Context, c config) (*db.DB, error) {
	if !strings.Contains(c.db, "://") {
		if _, err := os.Stat(c.db); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database %s: name the right one with -db, or make it with pilveturg migrate", c.db)
		}
	}
	return db.Open(ctx, c.db)
}

// openReady is openThere for commands that need the newest schema.
func openReady(ctx context.Context, c config) (*db.DB, error) {
	d, err := openThere(ctx, c)
	if err != nil {
		return nil, err
	}
	ahead, err := d.Pending(ctx)
	if err == nil && len(ahead) > 0 {
		err = errors.New("the database is older than this program: run pilveturg migrate first")
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// migrate is the command migrate.
func migrate(ctx context.Context, e *env, l *line) error {
	c, _, err := l.config(0, 0)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, c.db)
	if err != nil {
		return err
	}
	defer d.Close()
	ahead, err := d.Pending(ctx)
	if err != nil {
		return err
	}
	sealed, err := renew(ctx, d)
	if err != nil {
		return err
	}
	for _, name := range ahead {
		fmt.Fprintln(e.out, name)
	}
	if sealed > 0 {
		fmt.Fprintf(e.out, "%s taken into the chain of the audit log\n", count(sealed, "event"))
	}
	fmt.Fprintf(e.out, "%s is up to date\n", masked(c.db))
	return nil
}

// backup is the command backup.
func backup(ctx context.Context, e *env, l *line) error {
	c, words, err := l.config(1, 1)
	if err != nil {
		return err
	}
	d, err := openThere(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Copy(ctx, words[0]); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s is a copy of %s\n", words[0], c.db)
	return nil
}

// printVersion is the command version.
func printVersion(_ context.Context, e *env, l *line) error {
	if _, err := l.parse(0, 0); err != nil {
		return err
	}
	info, ok := debug.ReadBuildInfo()
	version, revision := "(unknown)", ""
	if ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	_, err := fmt.Fprintf(e.out, "pilveturg %s%s, %s %s/%s\n", version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
