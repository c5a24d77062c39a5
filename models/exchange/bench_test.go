package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

const benchListings = 20_000

// manyListings are listings as large as those of the demonstration.
func manyListings(b *testing.B) []Record {
	b.Helper()
	records := make([]Record, benchListings)
	for i := range records {
		l := *everything()[1].Listing
		l.Key.Code = fmt.Sprint("l", i)
		l.Successor = models.Key{}
		for range 3 {
			l.Uses = append(l.Uses, catalogue.Use{Organisation: models.Key{Scheme: "demo", Code: fmt.Sprint("a", len(l.Uses)+1)}, Phase: catalogue.InUse})
		}
		records[i] = Record{Listing: &l}
	}
	return records
}

func benchRead(b *testing.B, file []byte, open func(io.Reader) Reader) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r := open(bytes.NewReader(file))
		n := 0
		for {
			_, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != benchListings {
			b.Fatalf("read %d listings", n)
		}
	}
}

func BenchmarkReadJSONL(b *testing.B) {
	var file bytes.Buffer
	writeAll(b, NewJSONLWriter(&file), manyListings(b))
	benchRead(b, file.Bytes(), func(r io.Reader) Reader { return NewJSONL("f", r) })
}

func BenchmarkReadCSV(b *testing.B) {
	schema := testSchema(b)
	var file bytes.Buffer
	writeAll(b, NewCSVWriter(&file, schema, []string{"et", "en"}), manyListings(b))
	benchRead(b, file.Bytes(), func(r io.Reader) Reader { return NewCSV("f", r, schema) })
}

func BenchmarkWriteJSONL(b *testing.B) {
	benchWrite(b, func(w io.Writer) Writer { return NewJSONLWriter(w) })
}

func BenchmarkWriteCSV(b *testing.B) {
	schema := testSchema(b)
	benchWrite(b, func(w io.Writer) Writer { return NewCSVWriter(w, schema, []string{"et", "en"}) })
}

func benchWrite(b *testing.B, open func(io.Writer) Writer) {
	records := manyListings(b)
	b.ReportAllocs()
	for b.Loop() {
		w := open(io.Discard)
		for _, r := range records {
			if err := w.Write(r); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
