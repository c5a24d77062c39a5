package work

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

const (
	preferencesChanged audit.Action = "notifications.changed"
	lettersEnded       audit.Action = "notifications.ended"
)

// Preferences tells for each kind of [Choices] how often a person wants letters.
func Preferences(ctx context.Context, r db.Reader, account int64) (map[Kind]Frequency, error) {
	var rows []struct {
		Kind      Kind      `db:"kind"`
		Frequency Frequency `db:"frequency"`
	}
	const q = `/* work.Preferences */ SELECT kind, frequency FROM notice_preferences WHERE account_id = ?`
	if err := r.Select(ctx, &rows, q, account); err != nil {
		return nil, fmt.Errorf("preferences of account %d: %w", account, err)
	}
	all := map[Kind]Frequency{}
	for _, k := range Choices() {
		all[k] = AtOnce
	}
	for _, w := range rows {
		if _, ok := all[w.Kind]; ok {
			all[w.Kind] = w.Frequency
		}
	}
	return all, nil
}

// Prefer sets how often the actor wants letters of some kinds. It fails with
// [models.Invalid] for a kind or a frequency that is none.
func Prefer(ctx context.Context, tx *db.Tx, wanted map[Kind]Frequency) error {
	if tx.Actor.AccountID == 0 {
		return fmt.Errorf("prefer: %w", models.ErrSignIn)
	}
	before, err := Preferences(ctx, tx, tx.Actor.AccountID)
	if err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(wanted)) {
		often := wanted[k]
		switch was, ok := before[k]; {
		case !ok || !slices.Contains(Frequencies(), often):
			return models.Invalid{string(k): "notifications.unknown"}
		case was == often:
			continue
		}
		if err := prefer(ctx, tx, tx.Actor.AccountID, k, often); err != nil {
			return err
		}
		if err := record(ctx, tx, preferencesChanged, tx.Actor.AccountID, k, before[k], often); err != nil {
			return err
		}
	}
	return nil
}

func record(ctx context.Context, tx *db.Tx, action audit.Action, account int64, k Kind, before, after Frequency) error {
	return audit.Record(ctx, tx, action, fmt.Sprintf("account %d", account), audit.Change{Field: "letters." + string(k), Old: string(before), New: string(after)})
}

// prefer keeps a preference, and lets it count for what has not gone out yet.
func prefer(ctx context.Context, tx *db.Tx, account int64, k Kind, often Frequency) error {
	const q = `
		INSERT INTO notice_preferences (account_id, kind, frequency) VALUES (?, ?, ?)
		ON CONFLICT (account_id, kind) DO UPDATE SET frequency = excluded.frequency`
	if _, err := tx.Exec(ctx, q, account, k, often); err != nil {
		return fmt.Errorf("prefer %s %s: %w", k, often, err)
	}
	if often != Never {
		return nil
	}
	const digest = `
		UPDATE notices SET outbox_id = NULL
		WHERE account_id = ? AND kind = ? AND outbox_id IN (SELECT id FROM outbox WHERE account_id = ? AND kind = ? AND state = 'waiting' AND tries = 0)`
	if _, err := tx.Exec(ctx, digest, account, k, account, Digest); err != nil {
		return fmt.Errorf("leave %s out of the digest: %w", k, err)
	}
	const letters = `UPDATE outbox SET state = 'dropped', ended_at = ? WHERE account_id = ? AND kind = ? AND state = 'waiting'`
	if _, err := tx.Exec(ctx, letters, tx.Now, account, k); err != nil {
		return fmt.Errorf("drop letters of %s: %w", k, err)
	}
	return forget(ctx, tx, `state = 'dropped' AND account_id = ? AND kind = ?`, account, k) // so that nobody retries them
}

// Unsubscribe ends the letters that the link in a letter names; those of a digest are
// all that the person wants daily. No sign-in is needed: who has the letter may end
// them, once or again. It fails with [models.ErrNotFound] when the token is not one
// that key signed. Of who is erased nothing is written, though their links go on.
func Unsubscribe(ctx context.Context, tx *db.Tx, key []byte, token string) error {
	account, k, err := ReadToken(key, token)
	if err != nil {
		return err
	}
	state, err := stateOf(ctx, tx, account)
	switch {
	case errors.Is(err, models.ErrNotFound), state == "erased":
		return nil
	case err != nil:
		return err
	}
	before, err := Preferences(ctx, tx, account)
	if err != nil {
		return err
	}
	for _, kind := range Choices() {
		was := before[kind]
		if was == Never || kind != k && (k != Digest || was != Daily) {
			continue
		}
		if err := prefer(ctx, tx, account, kind, Never); err != nil {
			return err
		}
		if err := record(ctx, tx, lettersEnded, account, kind, was, Never); err != nil {
			return err
		}
	}
	return nil
}
