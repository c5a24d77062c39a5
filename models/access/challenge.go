package access

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// ChallengePurpose says what a device is asked for.
type ChallengePurpose string

// The purposes.
const (
	Registers ChallengePurpose = "register"
	SignsIn   ChallengePurpose = "sign_in"
)

// challengeLife is how long a device and its owner may take to answer.
const challengeLife = 5 * time.Minute

// Challenge is what a device was asked to sign.
type Challenge struct {
	AccountID int64  `db:"account_id"` // whose device; 0: whoever's it turns out to be
	Asked     []byte `db:"asked"`      // what the answer is compared with
}

// GiveChallenge keeps a challenge until it is answered, and returns the secret that
// the browser holds meanwhile. It fails with a [*WaitError] when too many were asked
// for from the network address of the actor.
func GiveChallenge(ctx context.Context, tx *db.Tx, p ChallengePurpose, c Challenge) (secret string, err error) {
	if _, err := challenged.attempt(ctx, tx, tx.Actor.From); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM challenges WHERE expires_at <= ?`, tx.Now); err != nil {
		return "", fmt.Errorf("sweep challenges: %w", err)
	}
	secret, hash := identity.NewSecret()
	const q = `INSERT INTO challenges (hash, purpose, account_id, asked, expires_at) VALUES (?, ?, ?, ?, ?)`
	if _, err := tx.Exec(ctx, q, hash, string(p), nullID(c.AccountID), c.Asked, models.Time{Time: tx.Now.Add(challengeLife)}); err != nil {
		return "", fmt.Errorf("give a challenge: %w", err)
	}
	return secret, nil
}

func nullID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// TakeChallenge returns the challenge whose secret a browser holds, once. It fails
// with [models.ErrNotFound] when there is none for the purpose any more.
func TakeChallenge(ctx context.Context, tx *db.Tx, p ChallengePurpose, secret string) (c Challenge, err error) {
	const q = `DELETE FROM challenges WHERE hash = ? AND purpose = ? AND expires_at > ? RETURNING COALESCE(account_id, 0) AS account_id, asked`
	if err := tx.Get(ctx, &c, q, identity.HashSecret(secret), string(p), tx.Now); err != nil {
		return Challenge{}, fmt.Errorf("challenge: %w", err)
	}
	return c, nil
}
