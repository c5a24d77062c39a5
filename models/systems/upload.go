package systems

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Upload is a register that was sent, with what would become of it.
type Upload struct {
	ID       int64       `db:"id"`
	OrgID    int64       `db:"organisation_id"` // whose systems only; 0: anybody's
	File     string      `db:"file"`
	Hash     string      `db:"hash"`
	Content  []byte      `db:"content"`
	Preview  string      `db:"preview"`   // JSON
	ImportID int64       `db:"import_id"` // 0: it was not accepted
	Created  models.Time `db:"created_at"`
}

// MostUpload is how large a register that is sent may be, in bytes.
const MostUpload = 60 << 20

const uploadColumns = `id, COALESCE(organisation_id, 0) AS organisation_id, file, hash, preview, COALESCE(import_id, 0) AS import_id, created_at`

// KeepUpload keeps a register that was sent.
func KeepUpload(ctx context.Context, tx *db.Tx, u *Upload) error {
	only, err := bringsFor(tx.Actor)
	if err != nil {
		return err
	}
	u.OrgID, u.Created = only, tx.Now
	const q = `INSERT INTO owned_uploads (organisation_id, file, hash, content, preview, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &u.ID, q, db.NullID(only), u.File, u.Hash, u.Content, u.Preview, tx.Now); err != nil {
		return fmt.Errorf("keep register %s: %w", u.File, err)
	}
	return nil
}

// Uploads are the registers that the actor, or somebody of the same organisation, sent,
// the newest first, without their content.
func Uploads(ctx context.Context, r db.Reader, a models.Actor) (all []Upload, err error) {
	only, err := bringsFor(a)
	if err != nil {
		return nil, err
	}
	if err := r.Select(ctx, &all, `/* systems.Uploads */ SELECT `+uploadColumns+` FROM owned_uploads WHERE COALESCE(organisation_id, 0) = ? ORDER BY id DESC`, only); err != nil {
		return nil, fmt.Errorf("registers that were sent: %w", err)
	}
	return all, nil
}

// FindUpload returns one of them with its content.
func FindUpload(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Upload, error) {
	only, err := bringsFor(a)
	if err != nil {
		return nil, err
	}
	u := &Upload{}
	if err := r.Get(ctx, u, `/* systems.FindUpload */ SELECT `+uploadColumns+`, content FROM owned_uploads WHERE id = ? AND COALESCE(organisation_id, 0) = ?`, id, only); err != nil {
		return nil, fmt.Errorf("register %d: %w", id, err)
	}
	return u, nil
}

// AcceptUpload brings a register that was sent; see [Bring]. It fails with
// [models.ErrConflict] when it was accepted before.
func AcceptUpload(ctx context.Context, tx *db.Tx, id int64, b *Bringing, all []Brought) error {
	only, err := bringsFor(tx.Actor)
	if err != nil {
		return err
	}
	if err := Bring(ctx, tx, b, all); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE owned_uploads SET import_id = ? WHERE id = ? AND import_id IS NULL AND COALESCE(organisation_id, 0) = ?`, b.ID, id, only)
	if err != nil {
		return fmt.Errorf("register %d: %w", id, err)
	}
	if n == 0 {
		return fmt.Errorf("register %d: it was accepted before: %w", id, models.ErrConflict)
	}
	return nil
}
