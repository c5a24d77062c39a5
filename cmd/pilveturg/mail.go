package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"pilveturg/db"
	post "pilveturg/handlers/mail"
	"pilveturg/models"
	"pilveturg/models/work"
	"pilveturg/views"
	"pilveturg/views/locale"
)

const mailUsage = "list|retry|test …"

const mailHelp = `
What there is to do:
  list              print the letters that wait or have gone, the newest first
  retry [NUMBER…]   let letters go out at once; all that failed when none is named
  test ADDRESS      send a letter now, and say what the mail server answered
Letters are sent by the server that is told to serve, while it runs.
`

const lettersShown = 100

// letters is the command mail.
func letters(ctx context.Context, e *env, l *line) error {
	asJSON := l.Bool("json", false, "print the list as JSON")
	state := l.String("state", "", "list only letters in this `state`: failed, waiting, sending, sent or dropped")
	c, words, err := l.config(1, -1)
	if err != nil {
		return err
	}
	switch rest := words[1:]; {
	case words[0] == "list" && len(rest) == 0:
		return listLetters(ctx, e, c, work.State(*state), *asJSON)
	case words[0] == "retry":
		return retryLetters(ctx, e, c, rest)
	case words[0] == "test" && len(rest) == 1:
		return testLetter(ctx, e, c, rest[0])
	case words[0] == "list":
		return wrongUsage("list: want nothing after it")
	case words[0] == "test":
		return wrongUsage("test: want an address")
	}
	return wrongUsage("%q cannot be done to letters: want list, retry or test", words[0])
}

func listLetters(ctx context.Context, e *env, c config, state work.State, asJSON bool) error {
	if state != "" && !slices.Contains(work.States(), state) {
		return wrongUsage("-state %q: want failed, waiting, sending, sent or dropped", state)
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	all, err := work.Queue(ctx, d, state, models.Page{Number: 1, Size: lettersShown})
	switch {
	case err != nil:
		return err
	case asJSON && all == nil:
		return writeJSON(e.out, []work.Entry{})
	case asJSON:
		return writeJSON(e.out, all)
	case len(all) == 0:
		_, err = fmt.Fprintln(e.out, "There are no letters.")
		return err
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "letter\tkind\tto\tstate\ttries\twritten\tnext try\tlast fault")
	for _, l := range all {
		next := ""
		if l.Waits() && !l.Next.IsZero() {
			next = l.Next.UTC().Format(moment)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", l.ID, l.Kind, plain(l.Mail), l.State, l.Tries, l.Created.UTC().Format(moment), next, plain(l.Error))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return moreLetters(ctx, e, d, state, len(all))
}

// moreLetters says how many letters were not shown.
func moreLetters(ctx context.Context, e *env, d *db.DB, state work.State, shown int) error {
	n, err := work.CountQueue(ctx, d)
	if err != nil {
		return err
	}
	rest := -shown
	for s, k := range n {
		if state == "" || s == state {
			rest += k
		}
	}
	if rest > 0 {
		_, err = fmt.Fprintf(e.out, "… and %s that are older\n", count(rest, "letter"))
	}
	return err
}

func retryLetters(ctx context.Context, e *env, c config, words []string) error {
	var ids []int64
	for _, word := range words {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return wrongUsage("%q is no number of a letter; pilveturg mail list prints them", word)
		}
		ids = append(ids, id)
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	n := len(ids)
	actor := models.Actor{Program: "command mail", Roles: []models.Role{models.Administrator}}
	err = d.Write(ctx, actor, func(tx *db.Tx) (err error) {
		if len(ids) == 0 {
			n, err = work.RetryAll(ctx, tx)
			return err
		}
		for _, id := range ids {
			if err := retryLetter(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	verb := "go"
	if n == 1 {
		verb = "goes"
	}
	_, err = fmt.Fprintf(e.out, "%s %s out with the next ones.\n", count(n, "letter"), verb)
	return err
}

func retryLetter(ctx context.Context, tx *db.Tx, id int64) error {
	switch err := work.Retry(ctx, tx, id); {
	case errors.Is(err, models.ErrNotFound):
		return fmt.Errorf("nothing was changed: there is no letter %d; pilveturg mail list prints them", id)
	case errors.Is(err, models.ErrConflict):
		return fmt.Errorf("nothing was changed: letter %d is on its way, has gone, or is forgotten", id)
	default:
		return err
	}
}

// testLetter sends a letter past the outbox, so that whoever sets up a mail server
// sees at once what it says.
func testLetter(ctx context.Context, e *env, c config, to string) error {
	if a, err := mail.ParseAddress(to); err != nil || a.Address != to {
		return wrongUsage("%q is no address", to)
	}
	server, err := c.mailServer()
	if err != nil {
		return err
	}
	if server == nil {
		return errors.New("no mail server is set: name one with -mail-server")
	}
	all, err := views.Load(views.Files, views.Site{Origin: c.origin})
	if err != nil {
		return err
	}
	o := post.Office{Views: all, Server: server, Origin: c.origin}
	l := work.Letter{MessageID: rand.Text(), Mail: to, Kind: work.Test, Language: locale.Tags()[0], Path: "/admin/mail"}
	if err := o.Compose(&l); err != nil {
		return err
	}
	if err := o.Send(ctx, &l); err != nil {
		return fmt.Errorf("the letter was not sent: %w", err)
	}
	_, err = fmt.Fprintf(e.out, "%s took the letter to %s. Whether it arrives, the mailbox shows.\n", server, to)
	return err
}

// mailServer is the server that letters go by, nil when none is set.
func (c config) mailServer() (*post.Server, error) {
	if c.mail == nil {
		return nil, nil
	}
	switch {
	case c.mailFrom.Address == "":
		return nil, wrongUsage("-mail-server needs -mail-from, the sender of all letters")
	case c.origin == "":
		return nil, wrongUsage("-mail-server needs -origin, for the links in letters")
	case c.mail.User != "" && c.mailPassword == "":
		return nil, wrongUsage("-mail-server names a user: put the password into %sMAIL_PASSWORD", prefix)
	}
	s := *c.mail
	s.From, s.Password = c.mailFrom, c.mailPassword
	return &s, nil
}

func setMailServer(c *config, s string) (err error) {
	if s == "" {
		return nil
	}
	c.mail, err = post.ParseServer(s)
	return err
}

func setMailFrom(c *config, s string) error {
	if s == "" {
		return nil
	}
	a, err := mail.ParseAddress(s)
	if err != nil || strings.ContainsAny(s, "\r\n") {
		return errors.New("want an address, such as noreply@pilveturg.example or Pilveturg <noreply@pilveturg.example>")
	}
	c.mailFrom = *a
	return nil
}

func setMailPassword(c *config, s string) error {
	c.mailPassword = s
	return nil
}

func setZone(c *config, s string) (err error) {
	if c.zone, err = time.LoadLocation(s); err != nil || s == "Local" {
		return errors.New("want the name of a time zone, such as Europe/Tallinn")
	}
	return nil
}
