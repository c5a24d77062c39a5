package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/documents"
	"pilveturg/models/market"
	"pilveturg/models/matching"
	"pilveturg/models/privacy"
	"pilveturg/models/publishing"
)

const tidyHelp = `
The server does the same every hour; this is for who wants it now. What is forgotten:
sessions, links and invitations, after they end; how often somebody tried to sign in;
network addresses in the audit log, which stays intact and records it; and files that no
document has. Vendors are reminded of documents and declarations that end, and told of what in their
listings is to be confirmed. Subscriptions whose term is over go on or end, and public
bodies are reminded of the days before.
`

// tidy is the command tidy.
func tidy(ctx context.Context, e *env, l *line) error {
	c, _, err := l.config(0, 0)
	if err != nil {
		return err
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	n, err := tidyOnce(ctx, d, "command tidy", c)
	if err == nil {
		err = remindOnce(ctx, d, "command tidy")
	}
	if err == nil {
		_, err = fmt.Fprintf(e.out, "tidied; %s forgotten, %s let go of, %s reminded of\n", addresses(n.addresses), count(n.files, "file"), count(n.reminded, "document"))
	}
	return err
}

// tidied is what came of tidying.
type tidied struct {
	addresses int64 // network addresses of the audit log that were forgotten
	files     int   // contents that were let go of
	reminded  int   // documents that end, of which vendors were told
}

// tidyOnce forgets what is kept no longer, and reminds of what ends, in the name of a
// program. What cannot be done keeps nothing else from being done.
func tidyOnce(ctx context.Context, d *db.DB, program string, c config) (n tidied, err error) {
	actor := models.Actor{Program: program, Roles: []models.Role{models.Administrator}}
	err = d.Write(ctx, actor, func(tx *db.Tx) (err error) {
		if n.addresses, err = privacy.Tidy(ctx, tx, c.keep); err != nil {
			return err
		}
		return market.Sweep(ctx, tx)
	})
	dates, wrong := dateWords()
	if err = errors.Join(err, wrong); err == nil {
		err = d.Write(ctx, actor, func(tx *db.Tx) (err error) {
			if n.reminded, err = documents.Remind(ctx, tx, dates); err != nil {
				return err
			}
			_, err = publishing.RemindDeclarations(ctx, tx, dates)
			return err
		})
	}
	store, wrong := c.openFiles()
	if wrong == nil {
		n.files, wrong = documents.Sweep(ctx, d, actor, store)
	}
	return n, errors.Join(err, wrong)
}

// remindOnce tells vendors of what grows stale in their listings, moves subscriptions on
// whose term is over, and tells public bodies by when something has to be said, in the
// name of a program. It may run as often as one likes: nobody is told twice.
func remindOnce(ctx context.Context, d *db.DB, program string) error {
	actor := models.Actor{Program: program, Roles: []models.Role{models.Administrator}}
	_, err := publishing.Remind(ctx, d, actor)
	dates, wrong := dateWords()
	if wrong != nil {
		return errors.Join(err, wrong)
	}
	return errors.Join(err, d.Write(ctx, actor, func(tx *db.Tx) error {
		if _, err := contracts.Roll(ctx, tx); err != nil {
			return err
		}
		_, err := contracts.Remind(ctx, tx, dates)
		return err
	}), d.Write(ctx, actor, func(tx *db.Tx) error {
		_, err := matching.Alert(ctx, tx)
		return err
	}))
}

// days sets a time that is given in whole days.
func days(to func(*config) *time.Duration, least int) func(*config, string) error {
	const most = 36500 // a hundred years
	return func(c *config, s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < least || n > most {
			return errors.New("want a number of days, " + strconv.Itoa(least) + " or more")
		}
		*to(c) = time.Duration(n) * 24 * time.Hour
		return nil
	}
}
