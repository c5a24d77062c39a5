package access

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// placeLife is how long after the last sign-in from a place it is new again.
const placeLife = 90 * 24 * time.Hour

// How much of a network address tells a place: what one network has, not one machine.
const (
	placeBits4 = 24
	placeBits6 = 48
)

// IsNewPlace reports whether the person who just signed in did so from where they had
// not for 90 days: with another kind of browser, or on another network. It remembers
// the place. The first of all is not new: there is nobody yet to be warned. Places are
// kept as hashes, in which each account has its own.
func IsNewPlace(ctx context.Context, tx *db.Tx, account int64, d Device) (bool, error) {
	family, _, _ := strings.Cut(d.Agent, ",")
	hash := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s\x00%s", account, family, network(d.From)))
	var known struct {
		All  int `db:"places"`
		Here int `db:"here"`
	}
	const q = `/* access.IsNewPlace */
		SELECT count(*) AS places, COALESCE(SUM(CASE WHEN hash = ? THEN 1 ELSE 0 END), 0) AS here
		FROM places WHERE account_id = ? AND seen_at >= ?`
	since := models.Time{Time: tx.Now.Add(-placeLife)}
	if err := tx.Get(ctx, &known, q, hash[:], account, since); err != nil {
		return false, fmt.Errorf("places of account %d: %w", account, err)
	}
	const keep = `
		INSERT INTO places (account_id, hash, seen_at) VALUES (?, ?, ?)
		ON CONFLICT (account_id, hash) DO UPDATE SET seen_at = excluded.seen_at`
	if _, err := tx.Exec(ctx, keep, account, hash[:], tx.Now); err != nil {
		return false, fmt.Errorf("place of account %d: %w", account, err)
	}
	return known.All > 0 && known.Here == 0, nil
}

// network is the network that an address belongs to; what is no address is its own.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	bits := placeBits6
	if ip = ip.Unmap(); ip.Is4() {
		bits = placeBits4
	}
	return netip.PrefixFrom(ip, bits).Masked().String()
}
