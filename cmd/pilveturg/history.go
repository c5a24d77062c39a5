package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"pilveturg/models"
	"pilveturg/models/exchange"
)

const moment = "2006-01-02 15:04 UTC"

// listImports is the command imports.
func listImports(ctx context.Context, e *env, l *line) error {
	asJSON := l.Bool("json", false, "print the list as JSON")
	c, _, err := l.config(0, 0)
	if err != nil {
		return err
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	all, err := exchange.Imports(ctx, d)
	switch {
	case err != nil:
		return err
	case *asJSON && all == nil:
		return writeJSON(e.out, []exchange.Imported{})
	case *asJSON:
		return writeJSON(e.out, all)
	case len(all) == 0:
		if listed, err := listRegisters(ctx, e.out, d); err != nil || listed {
			return err
		}
		_, err = fmt.Fprintln(e.out, "Nothing was imported yet.")
		return err
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "import\tkind\tfile\twhen\tnew\tchanged\tas before\tproblems\tundone")
	for _, i := range all {
		undone := ""
		if !i.UndoneAt.IsZero() {
			undone = i.UndoneAt.UTC().Format(moment)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\n", i.ID, i.Kind, i.File, i.StartedAt.UTC().Format(moment),
			i.Created, i.Changed, i.Unchanged, i.Problems, undone)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = listRegisters(ctx, e.out, d)
	return err
}

// undoImport is the command undo.
func undoImport(ctx context.Context, e *env, l *line) error {
	c, words, err := l.config(1, 2)
	switch {
	case err != nil:
		return err
	case len(words) == 2 && words[0] == systemsKind:
		return undoRegister(ctx, e, c, words[1])
	case len(words) == 2:
		return wrongUsage("want a number, or systems and a number")
	}
	id, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil {
		return wrongUsage("%q is no number of an import; pilveturg imports lists them", words[0])
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	actor := models.Actor{Program: "command undo", Roles: []models.Role{models.Administrator}}
	i, err := exchange.Undo(ctx, d, actor, id)
	if err != nil {
		return cannotUndo(id, err)
	}
	_, err = fmt.Fprintf(e.out, "Import %d of %s is undone: %s removed, %d put back as before.\n",
		i.ID, i.File, count(i.Created, "record"), i.Changed)
	return err
}

func cannotUndo(id int64, err error) error {
	var conflict *exchange.ConflictError
	switch {
	case errors.Is(err, models.ErrNotFound):
		return fmt.Errorf("there is no import %d; pilveturg imports lists them", id)
	case errors.As(err, &conflict):
		return fmt.Errorf("nothing was changed: these were changed after import %d, or are in use: %s; undo what came later first",
			id, strings.Join(conflict.Things, ", "))
	case errors.Is(err, models.ErrConflict):
		return fmt.Errorf("nothing was changed: %w", err)
	}
	return err
}
