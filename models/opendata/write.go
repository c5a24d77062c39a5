package opendata

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/spend/ocds"
)

// Counted is what was written.
type Counted struct {
	Processes, Releases, Transactions int
	Unnamed                           int // charges whose contract is not here, or of which there are several: they are in no release
}

// Each yields the processes that the actor sees, each with its releases in the order in
// which they happened.
func Each(ctx context.Context, r db.Reader, a models.Actor, o Options, f func(ocid string, releases []ocds.Release) error) (n Counted, err error) {
	g := &gatherer{r: r, o: o, parties: map[int64]identity.Organisation{}, services: map[[2]int64]service{}}
	all, err := g.processes(ctx, a)
	if err != nil {
		return n, err
	}
	n.Unnamed = g.unnamed
	for _, p := range all {
		h, err := g.releases(ctx, p)
		if err != nil {
			return n, err
		}
		n.Processes++
		n.Releases += len(h.releases)
		n.Transactions += h.paid
		if err := f(h.ocid, h.releases); err != nil {
			return n, err
		}
	}
	return n, nil
}

// WriteReleases writes all releases that the actor sees as a release package. It fails
// with [models.ErrNotFound] where there are none: the standard has no empty package. uri
// is where the package is found, now when it is written.
func WriteReleases(ctx context.Context, w io.Writer, r db.Reader, a models.Actor, o Options, uri string, now time.Time) (Counted, error) {
	return write(ctx, w, r, a, o, uri, now, func(p *ocds.PackageWriter, releases []ocds.Release) error {
		for _, one := range releases {
			if err := p.Release(one); err != nil {
				return err
			}
		}
		return nil
	})
}

// WriteRecords writes the records of all processes that the actor sees, each with its
// releases and the compiled one, as a record package. It fails as [WriteReleases] does.
func WriteRecords(ctx context.Context, w io.Writer, r db.Reader, a models.Actor, o Options, uri string, now time.Time) (Counted, error) {
	return write(ctx, w, r, a, o, uri, now, func(p *ocds.PackageWriter, releases []ocds.Release) error {
		record, err := ocds.NewRecord(releases, false)
		if err != nil {
			return err
		}
		return p.Record(record)
	})
}

func write(ctx context.Context, w io.Writer, r db.Reader, a models.Actor, o Options, uri string, now time.Time, each func(*ocds.PackageWriter, []ocds.Release) error) (Counted, error) {
	meta := ocds.Meta{URI: uri, PublishedDate: now.UTC().Format(time.RFC3339), Publisher: ocds.Publisher{Name: "Pilveturg"}}
	if id, err := identity.OperatorID(ctx, r); err == nil {
		operator, err := identity.Find(ctx, r, id)
		if err != nil {
			return Counted{}, err
		}
		meta.Publisher.Name, _ = operator.Names.Pick(o.Language)
	}
	if meta.URI == "" {
		meta.URI = "urn:pilveturg:ocds"
	}
	p := ocds.NewPackageWriter(w, meta)
	n, err := Each(ctx, r, a, o, func(_ string, releases []ocds.Release) error { return each(p, releases) })
	if err != nil {
		return n, err
	}
	err = p.Close()
	if errors.Is(err, ocds.ErrEmpty) {
		err = fmt.Errorf("nothing was bought: %w", models.ErrNotFound)
	}
	return n, err
}
