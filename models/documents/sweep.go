package documents

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

const (
	keepReplaced = 30 * 24 * time.Hour // documents that no listing shows, after another came in their place
	keepUnused   = 24 * time.Hour      // contents without a document: one may be on its way
	dropPatience = 10 * time.Second    // of a transaction for where files are kept
)

// Sweep lets go of documents that others came in the place of and no listing shows any
// more or waits with, and of contents that no document has. It returns how many contents
// went. Whoever runs it again, or at the same time, does no harm.
func Sweep(ctx context.Context, d *db.DB, actor models.Actor, store Blobs) (n int, err error) {
	var unused []string
	err = d.Write(ctx, actor, func(tx *db.Tx) error {
		const old = `DELETE FROM documents AS d WHERE d.replaced_at < ? AND ` + unneeded
		if _, err := tx.Exec(ctx, old, models.Time{Time: tx.Now.Add(-keepReplaced)}); err != nil {
			return err
		}
		const q = `/* documents.Sweep */ SELECT b.hash FROM blobs b WHERE b.brought_at < ? AND ` + noDocument
		return tx.Select(ctx, &unused, q, models.Time{Time: tx.Now.Add(-keepUnused)})
	})
	for _, hash := range unused {
		if err == nil {
			err = drop(ctx, d, actor, store, hash)
			n++
		}
	}
	if err != nil {
		return n, fmt.Errorf("sweep files: %w", err)
	}
	return n, nil
}

const noDocument = `NOT EXISTS (SELECT 1 FROM documents d WHERE d.hash = b.hash)`

// drop lets go of a content that still has no document. The bytes go before the row does:
// who brings the same content meanwhile waits for the row, and then finds no bytes and
// keeps them anew.
func drop(ctx context.Context, d *db.DB, actor models.Actor, store Blobs, hash string) error {
	return d.WriteAlone(ctx, actor, func(tx *db.Tx) error {
		const q = `DELETE FROM blobs AS b WHERE b.hash = ? AND b.brought_at < ? AND ` + noDocument
		n, err := tx.Exec(ctx, q, hash, models.Time{Time: tx.Now.Add(-keepUnused)})
		if err != nil || n == 0 {
			return err
		}
		ctx, stop := context.WithTimeout(ctx, dropPatience)
		defer stop()
		return store.Delete(ctx, hash)
	})
}

// Flaw is what is wrong with a file that is kept.
type Flaw string

// The flaws.
const (
	Gone     Flaw = "missing"  // there is a row, and no bytes
	Altered  Flaw = "changed"  // the bytes are not as they came
	Orphaned Flaw = "orphaned" // there are bytes, and no row
)

// Finding is a flaw of one content.
type Finding struct {
	Stored
	Flaw      Flaw
	Documents []int64 // that have the content
}

// Compare reads all contents, and tells found of what rows and bytes say differently. It
// returns how many contents there ought to be. What cannot be read at all ends it.
func Compare(ctx context.Context, r db.Reader, store Blobs, found func(Finding)) (n int, err error) {
	var rows []struct {
		Hash string `db:"hash"`
		Size int64  `db:"size"`
	}
	// Those that have no document yet may be on their way.
	const q = `/* documents.Compare */ SELECT b.hash, b.size FROM blobs b WHERE NOT (` + noDocument + `) ORDER BY b.hash`
	if err := r.Select(ctx, &rows, q); err != nil {
		return 0, fmt.Errorf("compare files: %w", err)
	}
	for _, w := range rows {
		f := Finding{Stored: Stored{w.Hash, w.Size}}
		switch c, err := store.Open(ctx, w.Hash); {
		case err == nil:
			c.Close()
			continue
		case errors.Is(err, ErrNoBlob):
			f.Flaw = Gone
		case errors.Is(err, ErrDamaged):
			f.Flaw = Altered
		default:
			return 0, fmt.Errorf("compare file %s: %w", w.Hash, err)
		}
		if err := r.Select(ctx, &f.Documents, `/* documents.Compare */ SELECT id FROM documents WHERE hash = ? ORDER BY id`, w.Hash); err != nil {
			return 0, fmt.Errorf("documents with content %s: %w", w.Hash, err)
		}
		found(f)
	}
	return len(rows), orphans(ctx, r, store, found)
}

// orphans finds bytes that no row knows.
func orphans(ctx context.Context, r db.Reader, store Blobs, found func(Finding)) error {
	for s, err := range store.List(ctx) {
		if err != nil {
			return fmt.Errorf("list files: %w", err)
		}
		var size int64
		err := r.Get(ctx, &size, `/* documents.orphans */ SELECT size FROM blobs WHERE hash = ?`, s.Hash)
		if errors.Is(err, models.ErrNotFound) {
			found(Finding{Stored: s, Flaw: Orphaned})
			continue
		}
		if err != nil {
			return fmt.Errorf("content %s: %w", s.Hash, err)
		}
	}
	return nil
}
