package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/opendata"
	"pilveturg/models/spend"
	"pilveturg/views/locale"
)

// The kinds of export that come from the ledger.
const (
	chargesExport = "charges"
	focusExport   = "focus"
	ocdsExport    = "ocds"
)

func isLedgerExport(kind string) bool {
	return slices.Contains([]string{chargesExport, focusExport, ocdsExport}, kind)
}

// takingOut writes the ledger to files.
type takingOut struct {
	e            *env
	path, format *string
	org          string // whose; "" for everybody's
	year         int    // 0: all
	records      bool
}

func (t *takingOut) flags(f *flag.FlagSet) {
	f.StringVar(&t.org, "org", "", "ledger: of one organisation only, by its `key`, number or slug; else of all")
	f.IntVar(&t.year, "year", 0, "charges and focus: of one `year` only; else of all")
	f.BoolVar(&t.records, "records", false, "ocds: records instead of releases")
}

// kind is the kind of file that charges are written as.
func (t *takingOut) kind() (string, error) {
	kinds := []string{"csv", "xlsx", "json"}
	end := strings.ToLower(strings.TrimPrefix(filepath.Ext(*t.path), "."))
	switch {
	case slices.Contains(kinds, *t.format):
		return *t.format, nil
	case *t.format != "":
		return "", wrongUsage("-format %q: want csv, xlsx or json", *t.format)
	case slices.Contains(kinds, end):
		return end, nil
	}
	return "csv", nil
}

func (t *takingOut) run(ctx context.Context, c config, what string) error {
	kind, err := t.kind()
	if err != nil {
		return err
	}
	d, err := openReady(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	actor, err := t.actor(ctx, d)
	if err != nil {
		return err
	}
	q := spend.Query{Year: t.year, WithTax: true}
	tell, write := destination(t.e, *t.path)
	return write(func(w io.Writer) error {
		switch what {
		case focusExport:
			done, err := spend.WriteBill(ctx, w, d, actor, q)
			if err == nil {
				fmt.Fprintf(tell, "%s written\n", count(done.Rows, "charge"))
				t.left(done)
			}
			return err
		case ocdsExport:
			return t.contracting(ctx, c, d, actor, w, tell)
		}
		n, err := handlers.WriteCharges(ctx, w, d, actor, q, kind)
		if err == nil {
			fmt.Fprintf(tell, "%s written\n", count(int(n), "charge"))
		}
		return err
	})
}

// contracting writes what was bought as open contracting data.
func (t *takingOut) contracting(ctx context.Context, c config, d *db.DB, a models.Actor, w, tell io.Writer) error {
	o := opendata.Options{Prefix: c.ocidPrefix, Origin: c.origin, Language: locale.Tags()[0]}
	write, uri, what := opendata.WriteReleases, "/spend/ocds/releases.json", "release"
	if t.records {
		write, uri, what = opendata.WriteRecords, "/spend/ocds/records.json", "record"
	}
	if uri = "/" + o.Language + uri; c.origin == "" {
		uri = ""
	} else {
		uri = c.origin + uri
	}
	n, err := write(ctx, w, d, a, o, uri, d.Now())
	if errors.Is(err, models.ErrNotFound) {
		return errors.New("nothing was bought that could be told; open contracting has no empty package")
	}
	if err != nil {
		return err
	}
	written := n.Releases
	if t.records {
		written = n.Processes
	}
	fmt.Fprintf(tell, "%s written, with %s\n", count(written, what), count(n.Transactions, "payment"))
	if n.Unnamed > 0 {
		fmt.Fprintf(t.e.err, "%s left out: the contract that they name is not here, or there are several\n", count(n.Unnamed, "charge"))
	}
	if c.ocidPrefix == "" {
		fmt.Fprintf(t.e.err, "no prefix is registered for this portal, so its numbers begin with %s: see -ocid-prefix\n", opendata.NoPrefix)
	}
	return nil
}

// left tells what a bill does not say.
func (t *takingOut) left(done spend.BillWritten) {
	if done.Undated > 0 {
		fmt.Fprintf(t.e.err, "%s without a month left out: FOCUS cannot say them\n", count(done.Undated, "charge"))
	}
	if done.Unread > 0 {
		fmt.Fprintf(t.e.err, "of %s the other columns cannot be read; the rest of them is written\n", count(done.Unread, "charge"))
	}
}

// actor is who sees what is asked for: the books of one organisation, or all.
func (t *takingOut) actor(ctx context.Context, d *db.DB) (models.Actor, error) {
	a := models.Actor{Program: "command export", Roles: []models.Role{models.Analyst}, Reach: models.ReachAll, OrgID: everybody}
	if t.org == "" {
		return a, nil
	}
	id, err := findOrganisation(ctx, d, t.org)
	a.OrgID, a.Roles, a.Reach = id, []models.Role{models.Finance}, ""
	return a, err
}

// everybody is no organisation; who acts for it sees those of all.
const everybody = -1

// findOrganisation finds an organisation by its number, its slug or its key in a register.
func findOrganisation(ctx context.Context, d *db.DB, word string) (int64, error) {
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		o, err := identity.Find(ctx, d, n)
		return o.ID, err
	}
	if key, err := models.ParseKey(word); err == nil {
		return identity.FindID(ctx, d, key)
	}
	all, err := identity.BySlug(ctx, d, word)
	switch {
	case err != nil:
		return 0, err
	case len(all) == 1:
		return all[0], nil
	case len(all) > 1:
		return 0, wrongUsage("-org %q: %s are called so; name one by its number: %v", word, count(len(all), "organisation"), all)
	}
	return 0, fmt.Errorf("organisation %q: %w", word, models.ErrNotFound)
}
