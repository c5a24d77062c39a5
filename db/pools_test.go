package db_test

import (
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

func TestPoolsTellWhatIsAtWork(t *testing.T) {
	d := dbtest.New(t)
	names, writes := []string{"read", "write"}, 1
	if d.Engine() == db.Postgres {
		names, writes = []string{"all"}, 0
	}
	err := d.Write(t.Context(), models.Actor{Program: "test"}, func(*db.Tx) error {
		pools := d.Pools()
		if len(pools) != len(names) {
			t.Fatalf("the pools are %+v, want %v", pools, names)
		}
		for i, p := range pools {
			if p.Name != names[i] || p.Most < 1 || p.InUse > p.Open || p.Open > p.Most {
				t.Errorf("the pool %s tells %+v", names[i], p)
			}
		}
		if pools[writes].InUse != 1 {
			t.Errorf("while something is written, %d connections are at work", pools[writes].InUse)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
