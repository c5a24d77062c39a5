package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// form is the first of the texts that are hashed: which texts follow, and how.
const form = "pilveturg audit 1"

// genesis is what the first event follows.
var genesis = strings.Repeat("0", 2*sha256.Size)

// row is an event as the table holds it.
type row struct {
	ID           int64  `db:"id"`
	Seq          int64  `db:"seq"`
	At           string `db:"at"`
	Actor        string `db:"actor"`
	Action       string `db:"action"`
	Subject      string `db:"subject"`
	Account      int64  `db:"account_id"`
	Organisation int64  `db:"organisation_id"`
	Origin       string `db:"origin"`
	Changes      string `db:"changes"`
	Previous     string `db:"previous"`
	Hash         string `db:"hash"`
}

const columns = `id, COALESCE(seq, 0) AS seq, at, actor, action, subject, account_id, organisation_id, origin, changes, previous, hash`

// sum is the hash that the event should have.
func (r *row) sum() string {
	b := make([]byte, 0, 512+len(r.Changes))
	for _, text := range [...]string{form, r.Previous, r.At, r.Actor, r.Action, r.Subject,
		strconv.FormatInt(r.Account, 10), strconv.FormatInt(r.Organisation, 10), r.Origin, r.Changes} {
		b = strconv.AppendInt(b, int64(len(text)), 10)
		b = append(append(b, ':'), text...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// head is where the chain ends.
type head struct {
	Seq  int64  `db:"seq"`
	Hash string `db:"hash"`
}

// errHeadless says that nothing can be recorded, and so nothing be changed.
var errHeadless = errors.New("the head of the chain is missing: pilveturg audit verify tells more")

// hold returns the head, and lets nobody else have it before the end of the
// transaction.
func hold(ctx context.Context, tx *db.Tx) (h head, err error) {
	const q = `/* audit.hold */ UPDATE audit_head SET one = 1 WHERE one = 1 RETURNING seq, hash`
	if err = tx.Get(ctx, &h, q); errors.Is(err, models.ErrNotFound) {
		err = errHeadless
	}
	return h, err
}

// move makes h the head.
func (h head) move(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `/* audit.move */ UPDATE audit_head SET seq = ?, hash = ? WHERE one = 1`, h.Seq, h.Hash)
	return err
}

// chain gives an event its place behind h, which becomes the event's.
func (h *head) chain(r *row) {
	r.Seq, r.Previous = h.Seq+1, h.Hash
	r.Hash = r.sum()
	h.Seq, h.Hash = r.Seq, r.Hash
}

// block is how many events are written at a time.
const block = 1000

var eventColumns = strings.Fields(`seq at actor action subject account_id organisation_id origin changes previous hash`)

// add puts notes at the end of the chain.
func add(ctx context.Context, tx *db.Tx, all []note) error {
	h, err := hold(ctx, tx)
	if err != nil {
		return err
	}
	for len(all) > 0 {
		n := min(block, len(all))
		if err := h.add(ctx, tx, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return h.move(ctx, tx)
}

func (h *head) add(ctx context.Context, tx *db.Tx, all []note) error {
	events, personal := make([][]any, len(all)), [][]any(nil)
	for i := range all {
		n := &all[i]
		r := row{At: stamp(tx.Now), Actor: tx.Actor.Name(), Action: string(n.action), Subject: n.subject,
			Account: tx.Actor.AccountID, Organisation: tx.Actor.OrgID, Changes: n.changes}
		if tx.Actor.From != "" {
			from := newSecret(0, "new", tx.Actor.AccountID, tx.Actor.From)
			r.Origin, n.secrets = from.commitment(), append(n.secrets, from)
		}
		h.chain(&r)
		events[i] = []any{r.Seq, r.At, r.Actor, r.Action, r.Subject, r.Account, r.Organisation, r.Origin, r.Changes, r.Previous, r.Hash}
		for _, s := range n.secrets {
			personal = append(personal, []any{r.Seq, s.Place, s.Side, s.Account, s.Salt, s.Value})
		}
	}
	if err := tx.Insert(ctx, "audit_events", eventColumns, events); err != nil {
		return err
	}
	return tx.Insert(ctx, "audit_personal", personalColumns, personal)
}

// stamp is the text of a moment in the database.
func stamp(t models.Time) string {
	v, _ := t.Value() // never fails
	text, _ := v.(string)
	return text
}

// Seal takes the events into the chain that were written by a program which knew
// none, in the order they came, and records that it did. It returns how many there
// were; when there are none it writes nothing.
func Seal(ctx context.Context, d *db.DB) (n int, err error) {
	if err := d.Get(ctx, &n, `/* audit.Seal */ SELECT COUNT(*) FROM audit_events WHERE seq IS NULL`); err != nil || n == 0 {
		return 0, sealError(err)
	}
	err = d.WriteAlone(ctx, models.Actor{Program: "pilveturg"}, func(tx *db.Tx) error {
		n, err = seal(ctx, tx)
		return err
	})
	return n, sealError(err)
}

func sealError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("seal the audit log: %w", err)
}

func seal(ctx context.Context, tx *db.Tx) (int, error) {
	h, err := hold(ctx, tx)
	if err != nil {
		return 0, err
	}
	var loose []row
	if err := tx.Select(ctx, &loose, `/* audit.Seal */ SELECT `+columns+` FROM audit_events WHERE seq IS NULL ORDER BY id`); err != nil || len(loose) == 0 {
		return 0, err // somebody else was faster
	}
	const q = `/* audit.Seal */ UPDATE audit_events SET seq = ?, previous = ?, hash = ? WHERE id = ?`
	for i := range loose {
		r := &loose[i]
		h.chain(r)
		if _, err := tx.Exec(ctx, q, r.Seq, r.Previous, r.Hash, r.ID); err != nil {
			return 0, err
		}
	}
	if err := h.move(ctx, tx); err != nil {
		return 0, err
	}
	return len(loose), Record(ctx, tx, Sealed, fmt.Sprintf("%d events", len(loose)))
}
