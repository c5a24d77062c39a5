package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// Outcome tells what [Put] did.
type Outcome int

// The outcomes of a [Put].
const (
	Unchanged Outcome = iota
	Created
	Changed
)

// Done is the result of a [Put].
type Done struct {
	ID        int64
	Outcome   Outcome
	Before    Snapshot // what stood there; zero unless Changed
	Revision  int64    // of the offering, after the change
	Successor bool     // the successor is not known yet; see [Link]
}

// Put makes the offering with l's key be as l says: new when the key is new, with
// a further version when what is said of it differs from the newest one, and not
// touched when all is the same. Versions are never rewritten. importID marks the
// versions it adds.
//
// It fails with [models.Invalid] when the vendor or a using organisation is not
// known or the states make no sense; the content must have passed
// [Schema.CheckContent]. Of an offering that a vendor has claimed since, an unclaimed
// l changes only who uses it. Only administrators put listings.
func Put(ctx context.Context, tx *db.Tx, l *Listing, importID int64) (Done, error) {
	if !tx.Actor.Is(models.Administrator) {
		return Done{}, fmt.Errorf("put listing %s: %w", l.Key, models.ErrForbidden)
	}
	l, err := asClaimed(ctx, tx, l)
	if err != nil {
		return Done{}, err
	}
	if err := l.settle(); err != nil {
		return Done{}, err
	}
	p := put{tx: tx, l: l, importID: importID}
	if err := p.resolve(ctx); err != nil {
		return Done{}, err
	}
	done, err := p.run(ctx)
	if err != nil {
		return Done{}, fmt.Errorf("put listing %s: %w", l.Key, err)
	}
	return done, nil
}

// settle puts l into the form it is kept in, or says what is wrong with it.
func (l *Listing) settle() error {
	wrong := models.Invalid{}
	if l.Key.IsZero() {
		wrong["key"] = "listing.key_missing"
	}
	if len(l.Versions) == 0 {
		wrong["versions"] = "listing.version_missing"
		return wrong
	}
	if l.Life == "" {
		l.Life = Open
	}
	if l.Life != Open && len(l.Reason) == 0 {
		wrong["reason"] = "listing.reason_missing"
	}
	if l.Slug == "" {
		l.Slug = models.Slug(l.Versions[len(l.Versions)-1].name())
	}
	published := 0
	for i := range l.Versions {
		v := &l.Versions[i]
		if v.State == "" {
			v.State = Published
			if i < len(l.Versions)-1 {
				v.State = Superseded
			}
		}
		switch {
		case v.State == Published:
			published++
		case v.State == Superseded && i == len(l.Versions)-1:
			wrong[fmt.Sprintf("versions[%d].state", i)] = "listing.superseded_by_nothing"
		}
	}
	if published > 1 {
		wrong["versions"] = "listing.two_published"
	}
	return wrong.Or()
}

// name is what the version is called in English or whatever it is written in.
func (v Version) name() string {
	names := models.Text{}
	for lang, w := range v.Words {
		names.Set(lang, w.Name)
	}
	name, _ := names.Pick("en")
	return name
}

// Hash is the SHA-256 of the content, by which versions are told apart.
func (c Content) Hash() (string, error) { return hash(c) }

func hash(v any) (string, error) {
	b, err := json.Marshal(v) // maps come out sorted
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// put is one Put under way.
type put struct {
	tx        *db.Tx
	l         *Listing
	importID  int64
	vendor    int64
	successor any // id, or nil
	pending   bool
	users     []int64 // of l.Uses
	facts     string  // hash of all but the versions
}

// resolve turns the keys of other things into ids.
func (p *put) resolve(ctx context.Context) (err error) {
	wrong := models.Invalid{}
	if p.vendor, err = identity.FindID(ctx, p.tx, p.l.Vendor); errors.Is(err, models.ErrNotFound) {
		wrong["vendor"] = "listing.vendor_unknown"
	} else if err != nil {
		return err
	}
	p.users = make([]int64, len(p.l.Uses))
	for i, u := range p.l.Uses {
		if p.users[i], err = identity.FindID(ctx, p.tx, u.Organisation); errors.Is(err, models.ErrNotFound) {
			wrong[fmt.Sprintf("uses[%d].organisation", i)] = "listing.user_unknown"
		} else if err != nil {
			return err
		}
	}
	if !p.l.Successor.IsZero() {
		id, err := FindID(ctx, p.tx, p.l.Successor)
		switch {
		case errors.Is(err, models.ErrNotFound):
			p.pending = true
		case err != nil:
			return err
		default:
			p.successor = id
		}
	}
	return wrong.Or()
}

func (p *put) run(ctx context.Context) (Done, error) {
	bare := *p.l
	bare.Versions = nil
	var err error
	if p.facts, err = hash(bare); err != nil {
		return Done{}, err
	}
	var old struct {
		ID        int64  `db:"id"`
		Facts     string `db:"facts"`
		Revision  int64  `db:"revision"`
		Published int    `db:"published"`
	}
	const find = `SELECT id, facts, revision, COALESCE(published, 0) AS published FROM offerings WHERE scheme = ? AND code = ?`
	err = p.tx.Get(ctx, &old, find, p.l.Key.Scheme, p.l.Key.Code)
	if errors.Is(err, models.ErrNotFound) {
		return p.create(ctx)
	}
	if err != nil {
		return Done{}, err
	}
	kept, err := versionMarks(ctx, p.tx, old.ID)
	if err != nil {
		return Done{}, err
	}
	fresh, err := p.fresh(kept)
	if err != nil {
		return Done{}, err
	}
	if len(fresh) == 0 && old.Facts == p.facts {
		return Done{ID: old.ID, Revision: old.Revision}, nil
	}
	return p.change(ctx, old.ID, kept, fresh, old.Facts != p.facts)
}

func (p *put) create(ctx context.Context) (Done, error) {
	const q = `
		INSERT INTO offerings (scheme, code, slug, vendor_id, life, life_since, successor_id, unclaimed, invented, facts, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`
	var id int64
	l := p.l
	err := p.tx.Get(ctx, &id, q, l.Key.Scheme, l.Key.Code, l.Slug, p.vendor, l.Life, l.LifeSince, p.successor,
		db.Flag(l.Unclaimed), db.Flag(l.Invented), p.facts, p.tx.Now)
	if err != nil {
		return Done{}, err
	}
	if err := p.writeReasons(ctx, id); err != nil {
		return Done{}, err
	}
	if err := p.writeUses(ctx, id); err != nil {
		return Done{}, err
	}
	for i := range l.Versions {
		if err := appendVersion(ctx, p.tx, id, i+1, &l.Versions[i], p.importID); err != nil {
			return Done{}, err
		}
	}
	if err := settlePublished(ctx, p.tx, id); err != nil {
		return Done{}, err
	}
	if err := p.note(ctx, id, audit.OfferingAdded, p.changesFrom(Snapshot{}, len(l.Versions))); err != nil {
		return Done{}, err
	}
	return Done{ID: id, Outcome: Created, Revision: 1, Successor: p.pending}, nil
}

// fresh returns the versions of l that are not kept yet: those after a common
// beginning, or else just the newest one when it says something new.
func (p *put) fresh(kept []mark) ([]Version, error) {
	hashes := make([]string, len(p.l.Versions))
	for i, v := range p.l.Versions {
		h, err := v.Hash()
		if err != nil {
			return nil, err
		}
		hashes[i] = h
	}
	if common := commonStart(kept, hashes); common == len(kept) {
		return p.l.Versions[common:], nil
	}
	last := len(hashes) - 1
	if len(kept) > 0 && kept[len(kept)-1].Hash == hashes[last] {
		return nil, nil
	}
	return p.l.Versions[last:], nil
}

func commonStart(kept []mark, hashes []string) int {
	n := 0
	for n < len(kept) && n < len(hashes) && kept[n].Hash == hashes[n] {
		n++
	}
	return n
}

func (p *put) change(ctx context.Context, id int64, kept []mark, fresh []Version, facts bool) (Done, error) {
	before, err := snapshot(ctx, p.tx, id, kept)
	if err != nil {
		return Done{}, err
	}
	if facts {
		if err := p.writeFacts(ctx, id); err != nil {
			return Done{}, err
		}
	}
	for i := range fresh {
		if err := supersede(ctx, p.tx, id, fresh[i].State); err != nil {
			return Done{}, err
		}
		if err := appendVersion(ctx, p.tx, id, len(kept)+i+1, &fresh[i], p.importID); err != nil {
			return Done{}, err
		}
	}
	if err := settlePublished(ctx, p.tx, id); err != nil {
		return Done{}, err
	}
	revision, err := touch(ctx, p.tx, id)
	if err != nil {
		return Done{}, err
	}
	if err := p.note(ctx, id, audit.OfferingChanged, p.changesFrom(before, len(kept)+len(fresh))); err != nil {
		return Done{}, err
	}
	return Done{ID: id, Outcome: Changed, Before: before, Revision: revision, Successor: p.pending}, nil
}

func (p *put) writeFacts(ctx context.Context, id int64) error {
	const q = `
		UPDATE offerings
		SET slug = ?, vendor_id = ?, life = ?, life_since = ?, successor_id = ?, unclaimed = ?, invented = ?, facts = ?
		WHERE id = ?`
	l := p.l
	_, err := p.tx.Exec(ctx, q, l.Slug, p.vendor, l.Life, l.LifeSince, p.successor, db.Flag(l.Unclaimed),
		db.Flag(l.Invented), p.facts, id)
	if err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM offering_reasons WHERE offering_id = ?`, `DELETE FROM uses WHERE offering_id = ?`} {
		if _, err := p.tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	if err := p.writeReasons(ctx, id); err != nil {
		return err
	}
	return p.writeUses(ctx, id)
}

func (p *put) writeReasons(ctx context.Context, id int64) error {
	var rows [][]any
	for _, lang := range models.Languages(p.l.Reason) {
		rows = append(rows, []any{id, lang, p.l.Reason[lang]})
	}
	return p.tx.Insert(ctx, "offering_reasons", []string{"offering_id", "language", "words"}, rows)
}

var useColumns = strings.Fields(`offering_id organisation_id part position phase since until quantity unit source_title source_url source_seen`)

func (p *put) writeUses(ctx context.Context, id int64) error {
	rows := make([][]any, len(p.l.Uses))
	for i, u := range p.l.Uses {
		rows[i] = []any{id, p.users[i], u.Part, i, u.Phase, u.Since, u.Until, u.Quantity, u.Unit,
			u.Source.Title, u.Source.URL, u.Source.Seen}
	}
	err := p.tx.Insert(ctx, "uses", useColumns, rows)
	if db.Taken(err) {
		return models.Invalid{"uses": "listing.user_twice"}
	}
	return err
}

// note records the change for the audit trail and for whoever follows listings.
func (p *put) note(ctx context.Context, id int64, action audit.Action, changes audit.Changes) error {
	if err := changed(ctx, p.tx, id); err != nil {
		return err
	}
	return audit.Record(ctx, p.tx, action, Number(id), changes...)
}
