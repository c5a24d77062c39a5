package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// Export writes every organisation and every listing, with all its versions and
// uses, as they all stood at one moment. It returns how many of each there were.
func Export(ctx context.Context, d *db.DB, w Writer) (organisations, listings int, err error) {
	err = d.Read(ctx, func(r db.Reader) error {
		err := identity.All(ctx, r, func(o identity.Organisation) error {
			organisations++
			return w.Write(Record{Organisation: &o})
		})
		if err != nil {
			return err
		}
		ids, err := catalogue.AllIDs(ctx, r)
		if err != nil {
			return err
		}
		for _, id := range ids {
			l, err := catalogue.FindListing(ctx, r, id)
			if err != nil {
				return err
			}
			listings++
			if err := w.Write(Record{Listing: &l}); err != nil {
				return err
			}
		}
		return w.Close()
	})
	if err != nil {
		return 0, 0, fmt.Errorf("export: %w", err)
	}
	return organisations, listings, nil
}

// CPVSource is a file with the Common Procurement Vocabulary.
type CPVSource struct {
	File string
	Open func() (CPVReader, error)
}

// CPVReader gives the codes of a vocabulary; see [Reader] for its errors.
type CPVReader interface {
	Next() (catalogue.CPV, error)
	Counts() []Count
}

// ImportCPV makes the vocabulary be what the file says, all of it or, with
// [ErrRefused], nothing. Only administrators import.
func ImportCPV(ctx context.Context, d *db.DB, actor models.Actor, src CPVSource, dry bool) (Report, error) {
	var done Report
	err := d.WriteAlone(ctx, actor, func(tx *db.Tx) error {
		r, err := src.Open()
		if err != nil {
			return err
		}
		im := &importing{tx: tx, report: Report{Kind: CPV, File: src.File, Effects: map[Effect]int{}}}
		err = im.codes(ctx, r)
		im.report.Counts = r.Counts()
		done = im.report
		if err == nil && dry {
			return errDry
		}
		return err
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	if done.Applied = err == nil && !dry; !done.Applied {
		done.ID = 0
	}
	if err != nil && !errors.Is(err, ErrRefused) {
		err = fmt.Errorf("import %s: %w", src.File, err)
	}
	return done, err
}

func (im *importing) codes(ctx context.Context, r CPVReader) error {
	var codes []catalogue.CPV
	for {
		c, err := r.Next()
		var p *Problem
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.As(err, &p) {
			im.problem(p)
			continue
		}
		if err != nil {
			return err
		}
		codes = append(codes, c)
	}
	if im.grave {
		return ErrRefused
	}
	before, err := catalogue.AllCPV(ctx, im.tx)
	if err != nil {
		return err
	}
	id, err := startImport(ctx, im.tx, CPV, im.report.File)
	if err != nil {
		return err
	}
	im.report.ID = id
	added, changed, removed, err := catalogue.ReplaceCPV(ctx, im.tx, codes)
	if err != nil {
		return err
	}
	im.report.Codes = Tally{Created: added, Changed: changed + removed, Unchanged: len(codes) - added - changed}
	if added+changed+removed > 0 {
		if before == nil {
			before = []catalogue.CPV{}
		}
		if err := im.note(ctx, change{"cpv", id, 1, before}); err != nil {
			return err
		}
	}
	return im.finish(ctx)
}
