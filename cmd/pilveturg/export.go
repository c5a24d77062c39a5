package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"pilveturg/db"
	"pilveturg/models/exchange"
	"pilveturg/views/locale"
)

// exportListings is the command export.
func exportListings(ctx context.Context, e *env, l *line) error {
	format := l.String("format", "", "`jsonl` or csv; else as the name of the file ends, else jsonl")
	path := l.String("o", "", "write to this `file`, whole or not at all, and not to the standard output")
	c, words, err := l.config(1, 1)
	if err != nil {
		return err
	}
	if words[0] != "listings" {
		return wrongUsage("%q cannot be exported: want listings", words[0])
	}
	if *format == "" && strings.EqualFold(filepath.Ext(*path), ".csv") {
		*format = "csv"
	}
	if *format != "" && *format != "jsonl" && *format != "csv" {
		return wrongUsage("-format %q: want jsonl or csv", *format)
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	tell, write := e.err, func(f func(io.Writer) error) error { return f(e.out) }
	if *path != "" {
		tell, write = e.out, func(f func(io.Writer) error) error { return writeFile(*path, f) }
	}
	return write(func(w io.Writer) error {
		organisations, listings, err := export(ctx, d, w, *format)
		if err == nil {
			fmt.Fprintf(tell, "%s and %s written\n", count(listings, "listing"), count(organisations, "organisation"))
		}
		return err
	})
}

func export(ctx context.Context, d *db.DB, to io.Writer, format string) (organisations, listings int, err error) {
	var w exchange.Writer = exchange.NewJSONLWriter(to)
	if format == "csv" {
		schema, err := loadSchema()
		if err != nil {
			return 0, 0, err
		}
		w = exchange.NewCSVWriter(to, schema, locale.Tags())
	}
	return exchange.Export(ctx, d, w)
}
