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
	format := l.String("format", "", "`jsonl` or csv, and of charges csv, xlsx or json; else as the name of the file ends, else jsonl or csv")
	path := l.String("o", "", "write to this `file`, whole or not at all, and not to the standard output")
	out := &takingOut{e: e, path: path, format: format}
	out.flags(l.FlagSet)
	c, words, err := l.config(1, 1)
	if err != nil {
		return err
	}
	if isLedgerExport(words[0]) {
		return out.run(ctx, c, words[0])
	}
	if words[0] != "listings" {
		return wrongUsage("%q cannot be exported: want %s", words[0], exportUsage)
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
	tell, write := destination(e, *path)
	return write(func(w io.Writer) error {
		organisations, listings, err := export(ctx, d, w, *format)
		if err == nil {
			fmt.Fprintf(tell, "%s and %s written\n", count(listings, "listing"), count(organisations, "organisation"))
		}
		return err
	})
}

// destination is where an export goes, and where people are told of it: the file, whole or
// not at all, or the standard output.
func destination(e *env, path string) (tell io.Writer, write func(func(io.Writer) error) error) {
	if path == "" {
		return e.err, func(f func(io.Writer) error) error { return f(e.out) }
	}
	return e.out, func(f func(io.Writer) error) error { return writeFile(path, f) }
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
