package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/search"
	"pilveturg/views/locale"
)

const synonymsUsage = "list|add|change|remove|import …"

const synonymsHelp = `
What there is to do:
  list                   print all lists and their numbers
  add WORD WORD…         keep a new list; a phrase stands in quotes: "class journal"
  change NUMBER WORD…    make a list hold these words instead
  remove NUMBER          remove a list
  import FILE            keep a list for each line of a file; - is the standard input
A list holds from 2 to 20 words or phrases, of at most 4 words and 100 characters
each. In a file commas stand between them, and lines that begin with # are comments.
A file is taken whole or not at all; lists that are there already stay as they are.
A server that is running takes changes in within a second.
`

// synonyms is the command synonyms.
func synonyms(ctx context.Context, e *env, l *line) error {
	asJSON := l.Bool("json", false, "print the list as JSON")
	c, words, err := l.config(1, -1)
	if err != nil {
		return err
	}
	do, rest, err := synonymTask(words)
	if err != nil {
		return err
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	t := &thesaurus{e, d, *asJSON}
	return do(t, ctx, rest)
}

// thesaurus does one thing to the synonyms of a database.
type thesaurus struct {
	e      *env
	d      *db.DB
	asJSON bool
}

// synonymTask is what the words of the command line ask for, and the rest of them.
func synonymTask(words []string) (do func(*thesaurus, context.Context, []string) error, rest []string, err error) {
	for _, task := range []struct {
		name, usage string
		least, most int // words after it; a negative most is no limit
		do          func(*thesaurus, context.Context, []string) error
	}{
		{"list", "nothing after it", 0, 0, (*thesaurus).list},
		{"add", "2 words or phrases at least", 2, -1, (*thesaurus).add},
		{"change", "the number of a list, and 2 words or phrases at least", 3, -1, (*thesaurus).change},
		{"remove", "the number of a list", 1, 1, (*thesaurus).remove},
		{"import", "a file, or - for the standard input", 1, 1, (*thesaurus).load},
	} {
		if rest = words[1:]; task.name != words[0] {
			continue
		}
		if len(rest) < task.least || task.most >= 0 && len(rest) > task.most {
			return nil, nil, wrongUsage("%s: want %s", task.name, task.usage)
		}
		return task.do, rest, nil
	}
	return nil, nil, wrongUsage("%q cannot be done to synonyms: want list, add, change, remove or import", words[0])
}

func (t *thesaurus) list(ctx context.Context, _ []string) error {
	all, err := search.Synonyms(ctx, t.d)
	switch {
	case err != nil:
		return err
	case t.asJSON && all == nil:
		return writeJSON(t.e.out, []search.SynonymList{})
	case t.asJSON:
		return writeJSON(t.e.out, all)
	case len(all) == 0:
		_, err = fmt.Fprintln(t.e.out, "No synonyms are kept yet.")
		return err
	}
	w := tabwriter.NewWriter(t.e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "list\tchanged\twords")
	for _, l := range all {
		fmt.Fprintf(w, "%d\t%s\t%s\n", l.ID, l.Changed.UTC().Format(moment), l)
	}
	return w.Flush()
}

func (t *thesaurus) add(ctx context.Context, words []string) error {
	var l search.SynonymList
	err := t.write(ctx, func(tx *db.Tx) error {
		id, err := search.AddSynonyms(ctx, tx, words)
		if err == nil {
			l, err = search.FindSynonyms(ctx, tx, id)
		}
		return err
	})
	return t.tell(err, words, "List %d is added: %s\n", &l)
}

func (t *thesaurus) change(ctx context.Context, words []string) error {
	id, err := listNumber(words[0])
	if err != nil {
		return err
	}
	var l search.SynonymList
	err = t.write(ctx, func(tx *db.Tx) error {
		if err := search.ChangeSynonyms(ctx, tx, id, 0, words[1:]); err != nil {
			return err
		}
		l, err = search.FindSynonyms(ctx, tx, id)
		return err
	})
	return t.tell(noList(id, err), words[1:], "List %d is now: %s\n", &l)
}

func (t *thesaurus) remove(ctx context.Context, words []string) error {
	id, err := listNumber(words[0])
	if err != nil {
		return err
	}
	var l search.SynonymList
	err = t.write(ctx, func(tx *db.Tx) error {
		if l, err = search.FindSynonyms(ctx, tx, id); err != nil {
			return err
		}
		return search.RemoveSynonyms(ctx, tx, id, 0)
	})
	return t.tell(noList(id, err), nil, "List %d is removed: %s\n", &l)
}

func (t *thesaurus) write(ctx context.Context, f func(*db.Tx) error) error {
	return t.d.Write(ctx, models.Actor{Program: "command synonyms", Roles: []models.Role{models.Administrator}}, f)
}

// tell says what was done to a list, or what is wrong with the words.
func (t *thesaurus) tell(err error, words []string, done string, l *search.SynonymList) error {
	var wrong models.Invalid
	switch {
	case errors.As(err, &wrong):
		sentences, err := wrongSynonyms(wrong, words, 0)
		if err != nil {
			return err
		}
		return errors.New("nothing was changed: " + sentences)
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(t.e.out, done, l.ID, l)
	return err
}

func (t *thesaurus) load(ctx context.Context, words []string) error {
	in, err := openInput(ctx, t.e, words[0])
	if err != nil {
		return err
	}
	defer in.close()
	if in.folder {
		return fmt.Errorf("%s is a folder: name a file in it", words[0])
	}
	r, err := in.reader(ctx, &progress{})
	if err != nil {
		return err
	}
	lines, err := search.ReadSynonyms(r)
	if err != nil {
		return fmt.Errorf("%s: nothing was changed: %w", in.name, err)
	}
	added := 0
	err = t.write(ctx, func(tx *db.Tx) (err error) {
		added, err = search.ImportSynonyms(ctx, tx, lines)
		return err
	})
	var problems search.SynonymProblems
	if errors.As(err, &problems) {
		return refuseLines(t.e.out, in.name, problems)
	}
	if err == nil {
		_, err = fmt.Fprintf(t.e.out, "%s: %s added, %d as before.\n", in.name, count(added, "list"), len(lines)-added)
		return err
	}
	return t.tell(err, nil, "", nil)
}

// refuseLines tells what is wrong with the lines of a file.
func refuseLines(w io.Writer, file string, problems search.SynonymProblems) error {
	fmt.Fprintf(w, "%s: Nothing was changed.\n", file)
	for i, p := range problems {
		if i == problemsShown {
			fmt.Fprintf(w, "… and %d more\n", len(problems)-i)
			break
		}
		sentences, err := wrongSynonyms(p.Wrong, p.Words, p.Same)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  line %d: %s\n", p.Number, sentences)
	}
	return fmt.Errorf("%s: not imported; put %s right first", file, count(len(problems), "line"))
}

// wrongSynonyms says in English what is to be done about words; same is the line that
// holds the same list.
func wrongSynonyms(wrong models.Invalid, words []string, same int) (string, error) {
	l, err := locale.Load("en")
	if err != nil {
		return "", err
	}
	var all string
	add := func(key string, args ...any) {
		if key == "" {
			return
		}
		if all != "" {
			all += "; "
		}
		all += l.T(key, args...)
	}
	if same != 0 {
		add(wrong["words"], strconv.Itoa(same))
	} else {
		add(wrong["words"])
	}
	for i, word := range words {
		add(wrong[fmt.Sprintf("words.%d", i)], beginning(word))
	}
	return plain(all), nil
}

// beginning cuts a word that is too long to be said back.
func beginning(word string) string {
	const most = 40
	r := []rune(word)
	if len(r) <= most {
		return word
	}
	return string(r[:most]) + "…"
}

func listNumber(word string) (int64, error) {
	id, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return 0, wrongUsage("%q is no number of a list; pilveturg synonyms list prints them", word)
	}
	return id, nil
}

func noList(id int64, err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("there is no list %d; pilveturg synonyms list prints them", id)
	}
	return err
}
