package db_test

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

func TestTransactionThatLostARaceRunsAgain(t *testing.T) {
	d := notes(t)
	if d.Engine() != db.Postgres {
		t.Skip("SQLite has one writer at a time: nobody races")
	}
	fill(t, d, 2)
	var met, g sync.WaitGroup
	met.Add(2)
	runs, hooks := [2]int{}, [2]int{}
	for i := range 2 { // each takes the row that the other wants next
		g.Go(func() {
			err := d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error {
				tx.AfterCommit(func() { hooks[i]++ })
				runs[i]++
				const q = `UPDATE notes SET words = words || '.' WHERE id = ?`
				if _, err := tx.Exec(t.Context(), q, 1+i); err != nil {
					return err
				}
				if runs[i] == 1 {
					met.Done()
					met.Wait()
				}
				_, err := tx.Exec(t.Context(), q, 2-i)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	g.Wait()
	if runs[0]+runs[1] < 3 {
		t.Errorf("they ran %v times: there was no deadlock", runs)
	}
	if hooks != [2]int{1, 1} {
		t.Errorf("hooks ran %v times, want once each", hooks)
	}
	if got := written(t, d); !slices.Equal(got, []string{"note 1..", "note 2.."}) {
		t.Errorf("the notes are %q: an update is lost or doubled", got)
	}
}

func TestPostgresSpeaksUTC(t *testing.T) {
	d := dbtest.Empty(t)
	if d.Engine() != db.Postgres {
		t.Skip("SQLite knows no other time")
	}
	var zone string
	if err := d.Get(t.Context(), &zone, `SHOW timezone`); err != nil || zone != "UTC" {
		t.Errorf("the time zone is %q, %v; want UTC", zone, err)
	}
}

func TestPostgresMustHoldAllLetters(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	d := openFile(t, dsn)
	if d.Engine() != db.Postgres {
		t.Skip("SQLite always does")
	}
	own, _, _ := strings.Cut(filepath.Base(dsn), "?")
	name := "ascii_" + own
	run := func(q string) {
		if _, err := d.Readers().Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	run(`CREATE DATABASE ` + name + ` TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`)
	defer run(`DROP DATABASE ` + name + ` WITH (FORCE)`)
	_, err := db.Open(t.Context(), strings.Replace(dsn, own, name, 1))
	if err == nil || !strings.Contains(err.Error(), "ENCODING 'UTF8'") {
		t.Errorf("error is %v, want one that says which encoding to use", err)
	}
}
