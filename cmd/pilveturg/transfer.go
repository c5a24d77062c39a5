package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
)

// transfer reads files into a database, or tries to.
type transfer struct {
	e        *env
	d        *db.DB
	schema   *catalogue.Schema
	kind     exchange.Kind
	dry      bool
	json     bool
	problems string   // name of a file; "" for none
	names    []string // at most one file of Estonian names
	reports  []exchange.Report
}

func (t *transfer) flags(f *flag.FlagSet) {
	f.BoolVar(&t.json, "json", false, "print the report as JSON")
	f.StringVar(&t.problems, "problems", "", "write all problems to this `file`, a line each")
}

// importFiles is the command import.
func importFiles(ctx context.Context, e *env, l *line) error {
	t := &transfer{e: e}
	t.flags(l.FlagSet)
	l.BoolVar(&t.dry, "dry", false, "only say what would happen")
	books := &bookkeeping{e: e}
	books.flags(l.FlagSet)
	c, words, err := l.config(2, -1)
	if err != nil {
		return err
	}
	if isLedgerKind(words[0]) {
		books.json, books.dry, books.problems = t.json, t.dry, t.problems
		return books.bring(ctx, c, words[0], words[1:])
	}
	if words[0] == systemsKind {
		return (&registrar{e: e, json: t.json, dry: t.dry}).bring(ctx, c, words[1:])
	}
	if err := t.named(words[0]); err != nil {
		return err
	}
	open := openNewest
	if t.dry {
		open = openReady
	}
	if t.d, err = open(ctx, c); err != nil {
		return err
	}
	defer t.d.Close()
	return t.all(ctx, words[1:])
}

// checkFiles is the command check.
func checkFiles(ctx context.Context, e *env, l *line) error {
	t := &transfer{e: e, dry: true}
	t.flags(l.FlagSet)
	c, words, err := l.config(1, -1)
	if err != nil {
		return err
	}
	switch words[0] {
	case filesKind:
		return compareFiles(ctx, e, c, words[1:])
	case ledgerKind:
		return checkLedger(ctx, e, c, words[1:])
	}
	if len(words) < 2 {
		return wrongUsage("want %s", l.c.usage)
	}
	if err := t.named(words[0]); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pilveturg-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if t.d, err = openNewest(ctx, config{db: filepath.Join(dir, "check.db")}); err != nil {
		return err
	}
	defer t.d.Close()
	return t.all(ctx, words[1:])
}

func (t *transfer) named(kind string) error {
	t.kind = exchange.Kind(kind)
	switch t.kind {
	case exchange.FedRAMP, exchange.Listings, exchange.PublicCode, exchange.CPV:
		return nil
	}
	return wrongUsage("there is no kind of file %q: want fedramp, listings, publiccode, cpv, systems or one of the ledger's: %s", kind, strings.Join(ledgerKinds(), ", "))
}

// all reads the files in turn, each whole or not at all, and stops at the first
// that is refused. Of the vocabulary the second file holds Estonian names.
func (t *transfer) all(ctx context.Context, words []string) (err error) {
	if t.schema, err = loadSchema(); err != nil {
		return err
	}
	if t.kind == exchange.CPV {
		if len(words) > 2 {
			return wrongUsage("want the file of codes, and at most one with Estonian names")
		}
		words, t.names = words[:1], words[1:]
	}
	for _, word := range words {
		if err = t.one(ctx, word); err != nil {
			break
		}
	}
	if t.problems != "" {
		err = errors.Join(err, writeAll(t.problems, t.reports))
	}
	return err
}

func (t *transfer) one(ctx context.Context, word string) error {
	in, err := openInput(ctx, t.e, word)
	if err != nil {
		return err
	}
	defer in.close()
	if in.folder && t.kind != exchange.PublicCode {
		return fmt.Errorf("%s is a folder: name a file in it", word)
	}
	p := &progress{e: t.e, name: in.name, total: in.size}
	var r exchange.Report
	err = p.during(func() (err error) {
		r, err = t.read(ctx, in, p)
		return err
	})
	if err != nil && !errors.Is(err, exchange.ErrRefused) {
		return err
	}
	t.reports = append(t.reports, r)
	return errors.Join(t.tell(r), refusal(r, err))
}

func (t *transfer) read(ctx context.Context, in *input, p *progress) (exchange.Report, error) {
	actor := models.Actor{Program: "command import", Roles: []models.Role{models.Administrator}}
	if t.kind == exchange.CPV {
		return exchange.ImportCPV(ctx, t.d, actor, exchange.CPVSource{File: in.name, Open: func() (exchange.CPVReader, error) {
			return t.openCPV(ctx, in, p)
		}}, t.dry)
	}
	return exchange.Import(ctx, t.d, actor, t.schema, exchange.Source{Kind: t.kind, File: in.name, Open: func() (exchange.Reader, error) {
		r, err := t.openRecords(ctx, in, p)
		return p.counted(r), err
	}}, t.dry)
}

func (t *transfer) openRecords(ctx context.Context, in *input, p *progress) (exchange.Reader, error) {
	if t.kind == exchange.PublicCode {
		folder, name := filepath.Split(filepath.Clean(in.path))
		if in.folder {
			folder, name = in.path, "."
		}
		return exchange.NewPublicCode(os.DirFS(cmp.Or(folder, ".")), name, t.schema), nil
	}
	r, err := in.reader(ctx, p)
	switch {
	case err != nil:
		return nil, err
	case t.kind == exchange.FedRAMP:
		return exchange.NewFedRAMP(in.name, r, t.schema), nil
	default:
		return listings(in.name, r, t.schema), nil
	}
}

func (t *transfer) openCPV(ctx context.Context, in *input, p *progress) (exchange.CPVReader, error) {
	r, err := in.reader(ctx, p)
	if err != nil || len(t.names) == 0 {
		return exchange.NewCPV(in.name, r, "", nil), err
	}
	f, err := os.Open(t.names[0])
	if err != nil {
		return nil, err
	}
	in.open = append(in.open, f)
	return exchange.NewCPV(in.name, r, filepath.Base(t.names[0]), f), nil
}

func (t *transfer) tell(r exchange.Report) error {
	if t.json {
		return writeJSON(t.e.out, r)
	}
	return writeReport(t.e.out, r, t.dry)
}

// refusal says how much has to be put right.
func refusal(r exchange.Report, err error) error {
	if err == nil {
		return nil
	}
	n := 0
	for effect, k := range r.Effects {
		if effect.Grave() {
			n += k
		}
	}
	return fmt.Errorf("%s: %w; put %s right first", r.File, err, count(n, "thing"))
}
