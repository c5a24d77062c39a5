package access

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

const (
	recoveryMade audit.Action = "recovery_codes.made"
	recoveryUsed audit.Action = "recovery_codes.used"
)

// Recovery codes are long enough not to be guessed by who has their hashes, too.
const (
	recoveryCodes = 10
	recoverySize  = 15 // random bytes, 24 letters
	recoveryGroup = 4  // letters between dashes
)

// MakeRecovery makes new recovery codes for the actor, in place of those before, and
// returns them as they are shown, once. It fails with [models.ErrConflict] for who has
// no second factor that they could stand in for.
func MakeRecovery(ctx context.Context, tx *db.Tx) (codes []string, err error) {
	has, err := HasFactor(ctx, tx, tx.Actor.AccountID)
	if err == nil && !has {
		err = models.ErrConflict
	}
	if err != nil {
		return nil, fmt.Errorf("make recovery codes of account %d: %w", tx.Actor.AccountID, err)
	}
	return makeRecovery(ctx, tx)
}

func makeRecovery(ctx context.Context, tx *db.Tx) (codes []string, err error) {
	account := tx.Actor.AccountID
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE account_id = ?`, account); err != nil {
		return nil, fmt.Errorf("make recovery codes of account %d: %w", account, err)
	}
	var rows [][]any
	for range recoveryCodes {
		letters := strings.ToLower(base32.StdEncoding.EncodeToString(random(recoverySize)))
		codes = append(codes, grouped(letters))
		rows = append(rows, []any{account, identity.HashSecret(letters)})
	}
	if err := tx.Insert(ctx, "recovery_codes", []string{"account_id", "hash"}, rows); err != nil {
		return nil, fmt.Errorf("make recovery codes of account %d: %w", account, err)
	}
	return codes, audit.Record(ctx, tx, recoveryMade, accountSubject(account))
}

// grouped puts dashes between groups of letters, so that they can be typed.
func grouped(letters string) string {
	var b strings.Builder
	for i, c := range letters {
		if i > 0 && i%recoveryGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// plainCode is a code without what people type between its letters.
func plainCode(typed string) string {
	return strings.Map(func(c rune) rune {
		if c == '-' || c == ' ' || c == '\u00a0' || c == '\t' {
			return -1
		}
		return c
	}, strings.ToLower(typed))
}

// useRecovery uses up a recovery code. It reports false when it is not one of the
// account, or used.
func useRecovery(ctx context.Context, tx *db.Tx, account int64, code string) (bool, error) {
	const q = `UPDATE recovery_codes SET used_at = ? WHERE account_id = ? AND hash = ? AND used_at IS NULL`
	n, err := tx.Exec(ctx, q, tx.Now, account, identity.HashSecret(code))
	if err != nil {
		return false, fmt.Errorf("recovery code of account %d: %w", account, err)
	}
	if n == 0 {
		return false, nil
	}
	return true, audit.Record(ctx, tx, recoveryUsed, accountSubject(account))
}
