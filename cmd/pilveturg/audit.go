package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// auditFlags are the flags of the command audit.
type auditFlags struct {
	expect, from, to, path string
	days                   int
}

// auditLog is the command audit.
func auditLog(ctx context.Context, e *env, l *line) error {
	var f auditFlags
	l.StringVar(&f.expect, "expect", "", "verify: a `hash` noted down earlier, which has to be in the chain")
	l.StringVar(&f.from, "from", "", "export: the first `day`, such as 2026-03-31")
	l.StringVar(&f.to, "to", "", "export: the last `day`")
	l.StringVar(&f.path, "o", "", "export: write to this `file`, whole or not at all, and not to the standard output")
	l.IntVar(&f.days, "days", 0, "forget: keep network addresses for this many `days`")
	c, words, err := l.config(1, 1)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name  string
		flags []string
		run   func(context.Context, *env, config, auditFlags) error
	}{
		{"verify", []string{"db", "expect"}, verifyAudit},
		{"export", []string{"db", "from", "to", "o"}, exportAudit},
		{"forget", []string{"db", "days"}, forgetAudit},
	} {
		if part.name != words[0] {
			continue
		}
		l.Visit(func(given *flag.Flag) {
			if err == nil && !slices.Contains(part.flags, given.Name) {
				err = wrongUsage("-%s is not for %s", given.Name, part.name)
			}
		})
		if err != nil {
			return err
		}
		return part.run(ctx, e, c, f)
	}
	return wrongUsage("%q is nothing to do with the audit log: want %s", words[0], strings.ReplaceAll(auditUsage, "|", ", "))
}

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func verifyAudit(ctx context.Context, e *env, c config, f auditFlags) error {
	noted := strings.ToLower(strings.TrimSpace(f.expect))
	if noted != "" && !hashForm.MatchString(noted) {
		return wrongUsage("-expect %q: want a hash of 64 digits and letters a to f, as verify prints it", f.expect)
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	var r audit.Report
	err = d.Read(ctx, func(moment db.Reader) (err error) {
		r, err = audit.Verify(ctx, moment, noted)
		return err
	})
	if err != nil {
		return err
	}
	erased := ""
	if r.Erased > 0 {
		erased = fmt.Sprintf(" (%s erased)", count(int(r.Erased), "personal value"))
	}
	if r.OK() {
		_, err := fmt.Fprintf(e.out, "%s, chain intact up to %s%s\n", count(int(r.Events), "event"), r.Hash, erased)
		return err
	}
	for _, one := range r.Findings {
		fmt.Fprintf(e.out, "%s: %s\n", one.Fault, faultWords(one))
	}
	fmt.Fprintf(e.out, "%s, chain intact up to event %d, %s%s\n", count(int(r.Events), "event"), r.Intact, r.Hash, erased)
	return errors.New("the audit log is not as it was written")
}

// faultWords say what a finding means.
func faultWords(f audit.Finding) string {
	words := map[audit.Fault]string{
		audit.Altered:   "it says something else than what was recorded",
		audit.Missing:   "there is no event with the number",
		audit.Reordered: "it does not follow the one before it, but another",
		audit.Unlinked:  "it follows one that is not there: that was altered or removed",
		audit.End:       "the chain does not end where its head says: events were removed or altered there",
		audit.Unnoted:   "the hash that was noted down is not in the chain",
		audit.Personal:  "a personal value was altered, removed or put in",
		audit.Blanked:   "a personal value was erased, or came back, without a record of it",
		audit.Outside:   "it stands beside the chain; pilveturg migrate takes in those of an older program",
	}[f.Fault]
	if f.First == 0 {
		return fmt.Sprintf("%s: %s", count(int(f.Count), "time"), words)
	}
	return fmt.Sprintf("%s, first at event %d: %s", count(int(f.Count), "time"), f.First, words)
}

func exportAudit(ctx context.Context, e *env, c config, f auditFlags) error {
	filter, err := f.filter()
	if err != nil {
		return err
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	tell, write := e.err, func(f func(io.Writer) error) error { return f(e.out) }
	if f.path != "" {
		tell, write = e.out, func(w func(io.Writer) error) error { return writeFile(f.path, w) }
	}
	return write(func(w io.Writer) error {
		n, err := writeEvents(ctx, d, w, filter)
		if err == nil {
			fmt.Fprintf(tell, "%s written\n", count(n, "event"))
		}
		return err
	})
}

// filter is what the days ask for.
func (f auditFlags) filter() (filter audit.Filter, err error) {
	day := func(name, text string, later int) (models.Time, error) {
		if text == "" {
			return models.Time{}, nil
		}
		d, err := models.ParseDate(text)
		if err != nil {
			return models.Time{}, wrongUsage("-%s: %w", name, err)
		}
		return models.Time{Time: d.Time().AddDate(0, 0, later)}, nil
	}
	if filter.Since, err = day("from", f.from, 0); err != nil {
		return filter, err
	}
	filter.Before, err = day("to", f.to, 1)
	return filter, err
}

func writeEvents(ctx context.Context, d *db.DB, w io.Writer, filter audit.Filter) (n int, err error) {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	err = d.Read(ctx, func(r db.Reader) error {
		return audit.All(ctx, r, filter, func(ev audit.Event) error {
			n++
			return lines.Encode(ev)
		})
	})
	return n, err
}

func forgetAudit(ctx context.Context, e *env, c config, f auditFlags) error {
	if f.days < 1 {
		return wrongUsage("want -days: for how many days network addresses are kept")
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	actor := models.Actor{Program: "command audit", Roles: []models.Role{models.Administrator}}
	var n int64
	err = d.Write(ctx, actor, func(tx *db.Tx) (err error) {
		n, err = audit.Forget(ctx, tx, models.Time{Time: tx.Now.AddDate(0, 0, -f.days)})
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s forgotten\n", addresses(n))
	return err
}

func addresses(n int64) string {
	if n == 1 {
		return "1 network address"
	}
	return fmt.Sprintf("%d network addresses", n)
}
