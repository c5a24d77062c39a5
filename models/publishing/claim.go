package publishing

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// ClaimState says what became of a claim.
type ClaimState string

// The states of a claim.
const (
	ClaimWaiting   ClaimState = "waiting" // for a moderator
	ClaimAccepted  ClaimState = "accepted"
	ClaimRefused   ClaimState = "refused"
	ClaimWithdrawn ClaimState = "withdrawn"
	ClaimOvertaken ClaimState = "overtaken" // another vendor got the listing
)

// ClaimStates lists the states in the order in which they are shown.
func ClaimStates() []ClaimState {
	return []ClaimState{ClaimWaiting, ClaimAccepted, ClaimRefused, ClaimWithdrawn, ClaimOvertaken}
}

// ClaimProof is how a vendor shows that a listing is its own.
type ClaimProof string

// The proofs, the strongest first. A moderator decides about all of them.
const (
	ClaimByDomain   ClaimProof = "domain"   // the mail of the claimant is under the domain of the listing
	ClaimByDocument ClaimProof = "document" // a link to a document
	ClaimByWords    ClaimProof = "words"    // an explanation
)

// MaxClaimWords is how many characters an explanation or a message may have.
const MaxClaimWords = 5000

const (
	claimSent      audit.Action = "claim.sent"
	claimAccepted  audit.Action = "claim.accepted"
	claimRefused   audit.Action = "claim.refused"
	claimWithdrawn audit.Action = "claim.withdrawn"
	claimOvertaken audit.Action = "claim.overtaken"
)

// ListingClaim is a vendor's word that an unclaimed listing is its own.
type ListingClaim struct {
	ID        int64       `db:"id"`
	Offering  int64       `db:"offering_id"`
	Vendor    int64       `db:"organisation_id"` // that claims
	HeldBy    int64       `db:"held_by"`         // the vendor under whose name the listing was then
	AccountID int64       `db:"account_id"`      // who claims for it
	Domain    string      `db:"domain"`          // of that person's mail, which is confirmed
	Proof     ClaimProof  `db:"proof"`
	Link      string      `db:"link"`  // web address of a document; "" for none
	Words     string      `db:"words"` // why it is theirs; may be empty
	State     ClaimState  `db:"state"`
	SentAt    models.Time `db:"sent_at"`
	DecidedBy int64       `db:"decider"` // account; 0: nobody
	DecidedAt models.Time `db:"decided_at"`
	Message   string      `db:"message"` // to the claimant
}

// ClaimSubject is how the log of changes names a claim.
func ClaimSubject(id int64) string { return fmt.Sprintf("claim %d", id) }

const claimSelect = ` SELECT id, offering_id, organisation_id, held_by, account_id, domain, proof, link, words, state, sent_at,
	COALESCE(decided_by, 0) AS decider, decided_at, message FROM claims `

// speaks reports whether the actor speaks for a vendor.
func speaks(a models.Actor) bool {
	return a.OrgID != 0 && a.IsAny(models.VendorManager, models.VendorEditor)
}

// FindClaim returns a claim to those who decide and to the people of the vendor that
// claims. All others get [models.ErrNotFound].
func FindClaim(ctx context.Context, r db.Reader, a models.Actor, id int64) (ListingClaim, error) {
	var c ListingClaim
	err := r.Get(ctx, &c, `/* publishing.FindClaim */`+claimSelect+`WHERE id = ?`, id)
	if err == nil && !Decides(a) && (!speaks(a) || a.OrgID != c.Vendor) {
		err = models.ErrNotFound
	}
	if err != nil {
		return ListingClaim{}, fmt.Errorf("claim %d: %w", id, err)
	}
	return c, nil
}

// Claims returns the claims in the state, the oldest first. They are for those who
// decide.
func Claims(ctx context.Context, r db.Reader, s ClaimState) ([]ListingClaim, error) {
	var all []ListingClaim
	if err := r.Select(ctx, &all, `/* publishing.Claims */`+claimSelect+`WHERE state = ? ORDER BY id`, s); err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return all, nil
}

// ClaimsOf returns the claims to an offering, the newest first. They are for those who
// decide.
func ClaimsOf(ctx context.Context, r db.Reader, offering int64) ([]ListingClaim, error) {
	var all []ListingClaim
	if err := r.Select(ctx, &all, `/* publishing.ClaimsOf */`+claimSelect+`WHERE offering_id = ? ORDER BY id DESC`, offering); err != nil {
		return nil, fmt.Errorf("claims to %s: %w", catalogue.Number(offering), err)
	}
	return all, nil
}

// LastClaim returns the last claim that a vendor made to an offering, or
// [models.ErrNotFound].
func LastClaim(ctx context.Context, r db.Reader, vendor, offering int64) (ListingClaim, error) {
	var c ListingClaim
	const q = `/* publishing.LastClaim */` + claimSelect + `WHERE organisation_id = ? AND offering_id = ? ORDER BY id DESC LIMIT 1`
	if err := r.Get(ctx, &c, q, vendor, offering); err != nil {
		return ListingClaim{}, fmt.Errorf("claim of vendor %d to %s: %w", vendor, catalogue.Number(offering), err)
	}
	return c, nil
}

// SendClaim claims an unclaimed listing for the vendor of the actor, and tells the
// moderators. Whoever's mail is under a domain of the listing needs to say nothing
// more; all others give a link to a document or explain. It sets all of c but Offering,
// Link and Words, and fails with [models.Invalid] under "words", "link" or "claim".
func SendClaim(ctx context.Context, tx *db.Tx, c *ListingClaim) error {
	if !speaks(tx.Actor) {
		return fmt.Errorf("claim %s: %w", catalogue.Number(c.Offering), models.ErrForbidden)
	}
	p, err := ProofOf(ctx, tx, tx.Actor.AccountID, c.Offering)
	if err != nil {
		return err
	}
	if err := c.settle(p); err != nil {
		return err
	}
	c.Vendor, c.AccountID, c.HeldBy = tx.Actor.OrgID, tx.Actor.AccountID, p.offering.VendorID
	c.Domain, c.State, c.SentAt = p.Domain, ClaimWaiting, tx.Now
	const q = `
		INSERT INTO claims (offering_id, organisation_id, held_by, account_id, domain, proof, link, words, state, sent_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?)
		ON CONFLICT DO NOTHING RETURNING id`
	var ids []int64
	err = tx.Select(ctx, &ids, q, c.Offering, c.Vendor, c.HeldBy, c.AccountID, c.Domain, c.Proof, c.Link, c.Words, c.SentAt)
	if err != nil {
		return fmt.Errorf("claim %s: %w", catalogue.Number(c.Offering), err)
	}
	if len(ids) == 0 {
		return models.Invalid{"claim": "claim.waits_already"}
	}
	c.ID = ids[0]
	if err := tellClaim(ctx, tx, *c); err != nil {
		return err
	}
	return audit.Record(ctx, tx, claimSent, ClaimSubject(c.ID), c.changes()...)
}

// settle decides how the claim is proved, or says what is wrong with it.
func (c *ListingClaim) settle(p Proved) error {
	c.Words, c.Link = strings.TrimSpace(c.Words), strings.TrimSpace(c.Link)
	wrong := models.Invalid{}
	switch {
	case !p.offering.Unclaimed:
		return models.Invalid{"claim": "claim.taken"}
	case p.By != "":
		c.Proof = ClaimByDomain
	case c.Link != "":
		c.Proof = ClaimByDocument
	case c.Words != "":
		c.Proof = ClaimByWords
	default:
		wrong["words"] = "claim.words_missing"
	}
	if utf8.RuneCountInString(c.Words) > MaxClaimWords {
		wrong["words"] = "claim.words_long"
	}
	if c.Link != "" && (hostOf(c.Link) == "" || len(c.Link) > 2000) {
		wrong["link"] = "claim.link_unclear"
	}
	return wrong.Or()
}

// changes tells the audit log what was claimed and how.
func (c *ListingClaim) changes() audit.Changes {
	var list audit.Changes
	list.Add("offering", "", catalogue.Number(c.Offering))
	list.Add("proof", "", string(c.Proof))
	return list
}

// WithdrawClaim takes a claim back that waits. It is for the people of the vendor that
// claims, and fails with [models.ErrConflict] when it is decided.
func WithdrawClaim(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := FindClaim(ctx, tx, tx.Actor, id)
	if err == nil && (!speaks(tx.Actor) || c.Vendor != tx.Actor.OrgID) {
		err = fmt.Errorf("withdraw claim %d: %w", id, models.ErrForbidden)
	}
	if err == nil {
		err = endClaim(ctx, tx, c, ClaimWithdrawn, "")
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, claimWithdrawn, ClaimSubject(id), c.changes()...)
}

// AcceptClaim gives the listing to the vendor that claims it, and tells it so; others
// who claim it are told that it is gone. What is said of it stays, with its history.
// It fails with [models.ErrConflict] when the claim is decided, or another vendor got
// the listing. It is for moderators and administrators, but not for whoever claims.
func AcceptClaim(ctx context.Context, tx *db.Tx, id int64, words string) error {
	c, err := decideClaim(ctx, tx, id, ClaimAccepted, words, false)
	if err == nil {
		err = catalogue.HandOver(ctx, tx, c.Offering, c.Vendor)
	}
	if err == nil {
		err = tellClaimant(ctx, tx, c, work.ClaimAccepted, fmt.Sprintf("%s/%d", vendorListings, c.Offering))
	}
	if err == nil {
		err = overtake(ctx, tx, c)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, claimAccepted, ClaimSubject(id), c.changes()...)
}

// RefuseClaim ends a claim with the reason, and tells the vendor. It fails with
// [models.Invalid] without one, and else like [AcceptClaim].
func RefuseClaim(ctx context.Context, tx *db.Tx, id int64, words string) error {
	c, err := decideClaim(ctx, tx, id, ClaimRefused, words, true)
	if err == nil {
		err = tellClaimant(ctx, tx, c, work.ClaimRefused, "")
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, claimRefused, ClaimSubject(id), c.changes()...)
}

// decideClaim ends a claim as who decides wants it.
func decideClaim(ctx context.Context, tx *db.Tx, id int64, to ClaimState, words string, needed bool) (ListingClaim, error) {
	if !Decides(tx.Actor) {
		return ListingClaim{}, fmt.Errorf("decide claim %d: %w", id, models.ErrForbidden)
	}
	c, err := FindClaim(ctx, tx, tx.Actor, id)
	if err != nil {
		return ListingClaim{}, err
	}
	words = strings.TrimSpace(words)
	switch {
	case c.AccountID == tx.Actor.AccountID:
		return ListingClaim{}, models.Invalid{"decision": "claim.own"}
	case needed && words == "":
		return ListingClaim{}, models.Invalid{"words": "claim.reason_missing"}
	case utf8.RuneCountInString(words) > MaxClaimWords:
		return ListingClaim{}, models.Invalid{"words": "claim.words_long"}
	}
	return c, endClaim(ctx, tx, c, to, words)
}

// endClaim moves a claim that waits to its last state.
func endClaim(ctx context.Context, tx *db.Tx, c ListingClaim, to ClaimState, words string) error {
	const q = `UPDATE claims SET state = ?, decided_by = ?, decided_at = ?, message = ? WHERE id = ? AND state = 'waiting'`
	n, err := tx.Exec(ctx, q, to, db.NullID(tx.Actor.AccountID), tx.Now, words, c.ID)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("claim %d: %s: %w", c.ID, to, err)
	}
	return nil
}

// overtake ends the other claims to a listing that was given to a vendor.
func overtake(ctx context.Context, tx *db.Tx, won ListingClaim) error {
	var others []ListingClaim
	const q = `/* publishing.overtake */` + claimSelect + `WHERE offering_id = ? AND state = 'waiting' ORDER BY id`
	if err := tx.Select(ctx, &others, q, won.Offering); err != nil {
		return fmt.Errorf("other claims to %s: %w", catalogue.Number(won.Offering), err)
	}
	for _, c := range others {
		err := endClaim(ctx, tx, c, ClaimOvertaken, "")
		if err == nil {
			err = tellClaimant(ctx, tx, c, work.ClaimOvertaken, "")
		}
		if err == nil {
			err = audit.Record(ctx, tx, claimOvertaken, ClaimSubject(c.ID), c.changes()...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Where the links of messages lead, after the language.
const (
	claimQueue     = "/admin/moderation/claims"
	vendorListings = "/vendor/listings"
)

// tellClaim tells those who decide that a claim waits.
func tellClaim(ctx context.Context, tx *db.Tx, c ListingClaim) error {
	names, _, err := listingNames(ctx, tx, c.Offering)
	if err != nil {
		return err
	}
	o, err := identity.Find(ctx, tx, c.Vendor)
	if err != nil {
		return err
	}
	to, err := deciders(ctx, tx)
	if err != nil {
		return err
	}
	return tell(ctx, tx, to, work.ClaimReceived, fmt.Sprintf("%s/%d", claimQueue, c.ID), names, o.Names)
}

// tellClaimant tells whoever claimed, and the managers of that vendor, what became of
// it; an empty path leads to the claim.
func tellClaimant(ctx context.Context, tx *db.Tx, c ListingClaim, kind work.Kind, path string) error {
	names, slug, err := listingNames(ctx, tx, c.Offering)
	if err != nil {
		return err
	}
	if path == "" {
		path = fmt.Sprintf("/services/sc-%d-%s/claim", c.Offering, slug)
	}
	var to []person
	const q = `/* publishing.tellClaimant */` + peopleWith + `m.organisation_id = ? AND (x.role = 'vendor_manager' OR a.id = ?) ORDER BY a.id`
	if err := tx.Select(ctx, &to, q, c.Vendor, c.AccountID); err != nil {
		return fmt.Errorf("who claims %s: %w", catalogue.Number(c.Offering), err)
	}
	return tell(ctx, tx, to, kind, path, names)
}

// deciders are those who are told that something waits: the moderators, or the
// administrators where there are none; not whoever sent it.
func deciders(ctx context.Context, tx *db.Tx) (to []person, err error) {
	for _, role := range []models.Role{models.Moderator, models.Administrator} {
		const q = `/* publishing.deciders */` + peopleWith + `x.role = ? AND a.id <> ? ORDER BY a.id`
		if err = tx.Select(ctx, &to, q, role, tx.Actor.AccountID); err != nil || len(to) > 0 {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("who decides: %w", err)
	}
	return to, nil
}

// listingNames returns what an offering is called, and its words in addresses.
func listingNames(ctx context.Context, r db.Reader, offering int64) (models.Text, string, error) {
	o, err := catalogue.Find(ctx, r, offering)
	if err != nil {
		return nil, "", err
	}
	names := models.Text{}
	var rows []struct {
		Language string `db:"language"`
		Name     string `db:"name"`
	}
	const q = `/* publishing.listingNames */ SELECT language, name FROM version_words WHERE offering_id = ? AND number = ?`
	if err := r.Select(ctx, &rows, q, offering, o.Published); err != nil {
		return nil, "", fmt.Errorf("names of %s: %w", catalogue.Number(offering), err)
	}
	for _, w := range rows {
		names.Set(w.Language, w.Name)
	}
	return names, o.Slug, nil
}
