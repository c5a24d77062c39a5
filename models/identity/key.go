package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// keySize is the size of a key in bytes.
const keySize = 32

const keyAdded audit.Action = "key.added"

// Key returns the key of that name, 32 random bytes that stay the same for the
// life of the database. It is made on first use; those who ask at once get the
// same one.
func Key(ctx context.Context, d *db.DB, name string) ([]byte, error) {
	key, err := findKey(ctx, d, name)
	if errors.Is(err, models.ErrNotFound) {
		err = d.Write(ctx, models.Actor{Program: "pilveturg"}, func(tx *db.Tx) error {
			key, err = addKey(ctx, tx, name)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", name, err)
	}
	return key, nil
}

func findKey(ctx context.Context, r db.Reader, name string) (key []byte, err error) {
	const q = `/* identity.Key */ SELECT value FROM keys WHERE name = ?`
	err = r.Get(ctx, &key, q, name)
	return key, err
}

// addKey makes the key unless somebody else was faster.
func addKey(ctx context.Context, tx *db.Tx, name string) ([]byte, error) {
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	const q = `INSERT INTO keys (name, value, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
	n, err := tx.Exec(ctx, q, name, key, tx.Now)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return findKey(ctx, tx, name)
	}
	return key, audit.Record(ctx, tx, keyAdded, name)
}
