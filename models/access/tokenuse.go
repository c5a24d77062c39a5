package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/crc32"
	"math/big"
	"net/netip"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// TokenPrefix begins every token, so that people and programs that look for secrets
// where none should be recognise it. After it come [tokenDigits] letters and digits of
// 256 random bits, and then [tokenCheck] of their CRC-32 (IEEE), both as numbers to the
// base 62, so that a token that was cut or mistyped is known for one without a look at
// what is kept.
const TokenPrefix = "pvt_"

const (
	tokenDigits = 43
	tokenCheck  = 6
	hintDigits  = 4
	base62      = 62
)

// newToken makes a token, and what it is told apart by.
func newToken() (token, hint string) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	digits := inBase62(new(big.Int).SetBytes(b[:]), tokenDigits)
	token = TokenPrefix + digits + checkOf(digits)
	return token, token[len(token)-hintDigits:]
}

// inBase62 writes a number to the base 62 with so many digits: 0–9, a–z and A–Z.
func inBase62(n *big.Int, digits int) string {
	text := n.Text(base62)
	return strings.Repeat("0", digits-len(text)) + text
}

func checkOf(digits string) string {
	return inBase62(new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(digits)))), tokenCheck)
}

// isToken reports whether the text can be a token at all.
func isToken(s string) bool {
	digits, ok := strings.CutPrefix(s, TokenPrefix)
	return ok && len(digits) == tokenDigits+tokenCheck && checkOf(digits[:tokenDigits]) == digits[tokenDigits:]
}

// Holder is who acts by a token.
type Holder struct {
	Token
	Roles []models.Role // of the maker, as far as tokens hold them
}

// Actor is who acts by the token; what they do comes from the network address, and is
// told of in the log as done by the token of the person.
func (h Holder) Actor(from string) models.Actor {
	return models.Actor{AccountID: h.AccountID, OrgID: h.OrgID, Program: fmt.Sprintf("token %d", h.ID), Roles: h.Roles, From: from}
}

// IsUnseen reports whether the use of the token is to be written down by [SeeToken]:
// the first on a day, and from another network.
func (h Holder) IsUnseen(now models.Time, from string) bool {
	return h.Used != models.DateOf(now.Time) || h.UsedFrom != networkOf(from)
}

// ByToken returns who acts by a token. It fails with [models.ErrNotFound] when there is
// no such token, when it has expired by now or was revoked, and when its maker may no
// longer do what it is for, for whatever reason: nobody is told which. It is one query by
// one index, and none for what can be no token.
func ByToken(ctx context.Context, r db.Reader, token string, now models.Time) (Holder, error) {
	if !isToken(token) {
		return Holder{}, fmt.Errorf("token: %w", models.ErrNotFound)
	}
	const q = `/* access.ByToken */ SELECT ` + tokenColumns + `,
		COALESCE((SELECT string_agg(x.role, ' ') FROM membership_roles x WHERE x.membership_id = m.id), '') AS roles` + tokenTables + `
		WHERE t.hash = ? AND t.expires_at > ? AND t.revoked_at IS NULL AND ` + tokenPower
	var row struct {
		Token
		Roles string `db:"roles"`
	}
	if err := r.Get(ctx, &row, q, identity.HashSecret(token), now); err != nil {
		return Holder{}, fmt.Errorf("token: %w", err)
	}
	h := Holder{Token: row.Token}
	for _, role := range strings.Fields(row.Roles) {
		if slices.Contains(rolesOfTokens, models.Role(role)) {
			h.Roles = append(h.Roles, models.Role(role))
		}
	}
	return h, nil
}

// SeeToken writes down that a token is used: the day, and from which network.
func SeeToken(ctx context.Context, tx *db.Tx, id int64, from string) error {
	if _, err := tx.Exec(ctx, `UPDATE tokens SET used_on = ?, used_from = ? WHERE id = ?`, models.DateOf(tx.Now.Time), networkOf(from), id); err != nil {
		return fmt.Errorf("token %d is seen: %w", id, err)
	}
	return nil
}

// networkOf is the part of a network address that many share: the first three of the four
// numbers of an old one, and 48 bits of a new one; "" of what is none.
func networkOf(from string) string {
	const old, young = 24, 48
	a, err := netip.ParseAddr(from)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	bits := young
	if a.Is4() {
		bits = old
	}
	p, _ := a.Prefix(bits) // there are enough bits
	return p.String()
}
