package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/market"
	"pilveturg/models/privacy"
	"pilveturg/models/publishing"
)

const tidyHelp = `
The server does the same every hour; this is for who wants it now. What is forgotten:
sessions, links and invitations, after they end; how often somebody tried to sign in;
and network addresses in the audit log, which stays intact and records it. Vendors are
told of what in their listings is to be confirmed.
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
	n, err := tidyOnce(ctx, d, "command tidy", c.keep)
	if err == nil {
		err = remindOnce(ctx, d, "command tidy")
	}
	if err == nil {
		_, err = fmt.Fprintf(e.out, "tidied; %s forgotten\n", addresses(n))
	}
	return err
}

// tidyOnce forgets what is kept no longer, in the name of a program, and returns how
// many network addresses of the audit log those were.
func tidyOnce(ctx context.Context, d *db.DB, program string, keep privacy.Keep) (n int64, err error) {
	actor := models.Actor{Program: program, Roles: []models.Role{models.Administrator}}
	err = d.Write(ctx, actor, func(tx *db.Tx) (err error) {
		if n, err = privacy.Tidy(ctx, tx, keep); err != nil {
			return err
		}
		return market.Sweep(ctx, tx)
	})
	return n, err
}

// remindOnce tells vendors of what grows stale in their listings, in the name of a
// program. It may run as often as one likes: nobody is told twice.
func remindOnce(ctx context.Context, d *db.DB, program string) error {
	_, err := publishing.Remind(ctx, d, models.Actor{Program: program, Roles: []models.Role{models.Administrator}})
	return err
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
