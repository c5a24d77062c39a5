package db_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
)

// BenchmarkWrite writes one row a transaction, durably: in a shared commit
// (Write) and each by itself (WriteAlone).
func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 32} {
		for _, way := range []struct {
			name  string
			write func(*db.DB, func(*db.Tx) error) error
		}{
			{"shared", func(d *db.DB, f func(*db.Tx) error) error { return d.Write(b.Context(), models.Actor{}, f) }},
			{"alone", func(d *db.DB, f func(*db.Tx) error) error { return d.WriteAlone(b.Context(), models.Actor{}, f) }},
		} {
			b.Run(fmt.Sprintf("callers=%d/%s", callers, way.name), func(b *testing.B) {
				d := notes(b)
				b.SetParallelism(max(1, callers/2))
				var n atomic.Int64
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						err := way.write(d, func(tx *db.Tx) error {
							_, err := tx.Exec(b.Context(), `INSERT INTO notes (id, words) VALUES (?, ?)`, n.Add(1), "a few words")
							return err
						})
						if err != nil {
							b.Error(err)
						}
					}
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
			})
		}
	}
}

func BenchmarkGet(b *testing.B) {
	d := notes(b)
	fill(b, d, 1000)
	for i := 0; b.Loop(); i++ {
		var words string
		if err := d.Get(b.Context(), &words, `SELECT words FROM notes WHERE id = ?`, i%1000+1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSelect20(b *testing.B) {
	d := notes(b)
	fill(b, d, 1000)
	for i := 0; b.Loop(); i++ {
		var list []note
		if err := d.Select(b.Context(), &list, `SELECT id, words FROM notes WHERE id > ? ORDER BY id LIMIT 20`, i%900); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEach reads 10,000 rows; its bytes per operation tell the memory.
func BenchmarkEach(b *testing.B) {
	d := notes(b)
	fill(b, d, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range db.Each[note](b.Context(), d, `SELECT id, words FROM notes`) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkInsert adds 10,000 rows in one transaction.
func BenchmarkInsert(b *testing.B) {
	for range b.N {
		b.StopTimer()
		d := notes(b)
		b.StartTimer()
		fill(b, d, 10_000)
	}
	b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
