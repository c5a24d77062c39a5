package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"pilveturg/handlers"
	"pilveturg/handlers/blobs"
	"pilveturg/handlers/intake"
	"pilveturg/models"
	"pilveturg/models/documents"
	"pilveturg/views/locale"
)

const (
	filesKind  = "files"
	filesEnd   = "-files" // after the name of the database
	checkUsage = "fedramp|listings|publiccode|cpv FILE… | " + filesKind + " | " + ledgerKind
	checkHelp  = kindsHelp + `
check files reads all files that vendors brought, and tells which are missing, which are
not as they came, and which no document knows; then the exit code is 1. Files are no part
of a copy that backup makes: copy the folder as well, after the database.

check ledger adds up all charges and tells where the sums that reports are made of are
not theirs; then the exit code is 1. check ledger rebuild makes those sums anew first.
`
	textHelp = `
It reads a PDF or OpenDocument file, the standard input when none is named, in a process
that may use half a gigabyte of memory and eight seconds. The server starts it
for each file that vendors bring.
`
)

// filesAt is where files are kept that vendors bring.
func (c config) filesAt() string {
	switch {
	case c.files != "":
		return c.files
	case strings.Contains(c.db, "://"):
		return "pilveturg.db" + filesEnd
	default:
		return c.db + filesEnd
	}
}

func (c config) openFiles() (documents.Blobs, error) {
	store, err := blobs.Open(c.filesAt(), c.filesKey, c.filesSecret)
	if err != nil {
		return nil, wrongUsage("where files are kept: %w", err)
	}
	return store, nil
}

// handling is how files of vendors are kept and looked through. Their texts are read by
// this program, in processes of its own.
func (c config) handling() (f handlers.Files, err error) {
	if f.Blobs, err = c.openFiles(); err != nil {
		return f, err
	}
	f.Scanner = c.scanner
	program, err := os.Executable()
	if err != nil {
		return f, fmt.Errorf("find this program: %w", err)
	}
	f.Text = intake.NewReader(program, "text").Text
	return f, nil
}

// printText is the command text.
func printText(_ context.Context, e *env, l *line) error {
	words, err := l.parse(0, 1)
	if err != nil {
		return err
	}
	in := e.in
	if len(words) == 1 {
		f, err := os.Open(words[0])
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return intake.Serve(in, e.out)
}

// compareFiles tells what is amiss with the files that vendors brought.
func compareFiles(ctx context.Context, e *env, c config, words []string) error {
	if len(words) > 0 {
		return wrongUsage("%q is one word too many", words[0])
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	store, err := c.openFiles()
	if err != nil {
		return err
	}
	wrong := 0
	n, err := documents.Compare(ctx, d, store, func(f documents.Finding) {
		wrong++
		fmt.Fprintf(e.out, "%s %s, %d bytes", f.Flaw, f.Hash, f.Size)
		for _, id := range f.Documents {
			fmt.Fprintf(e.out, ", %s", documents.Subject(id))
		}
		fmt.Fprintln(e.out)
	})
	if err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%s amiss, of %d in %s", count(wrong, "file"), n, c.filesAt())
	}
	_, err = fmt.Fprintf(e.out, "%s in %s: all there, and as they came\n", count(n, "file"), c.filesAt())
	return err
}

// dateWords writes days in the language of a letter.
func dateWords() (func(language string, day models.Date) string, error) {
	all := map[string]*locale.Locale{}
	for _, tag := range locale.Tags() {
		l, err := locale.Load(tag)
		if err != nil {
			return nil, err
		}
		all[tag] = l
	}
	return func(language string, day models.Date) string {
		if l := all[language]; l != nil {
			return l.Date(day)
		}
		return all[locale.Tags()[0]].Date(day)
	}, nil
}
