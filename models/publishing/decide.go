package publishing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/work"
)

const (
	listingSentBack audit.Action = "listing.sent_back"
	listingRefused  audit.Action = "listing.refused"
	listingSeen     audit.Action = "listing.seen"
)

// MaxMessage is the most characters of a message to a vendor.
const MaxMessage = 5000

// ErrOwnWork says that somebody wanted to decide about what they sent or had a hand in:
// that is for four eyes. It is [models.ErrForbidden].
var ErrOwnWork = fmt.Errorf("own work: %w", models.ErrForbidden)

// Decision is what a moderator decides about a submission, and which one: what was sent
// meanwhile is not decided about.
type Decision struct {
	Submission int64
	Hash       string   // of the content that was seen
	Message    string   // to the vendor
	Checked    []string // what the moderator says to have looked at: see [ToCheck]
}

// ToCheck lists what a moderator has to look at before what waits for these reasons is
// approved: "claims", that they have a source or a document; and "price", that it is
// complete and without VAT.
func ToCheck(risks []Risk) []string {
	list := []string{}
	if hasKind(risks, NewService) || hasKind(risks, Claim) || hasKind(risks, Certificate) || hasKind(risks, DataLocation) {
		list = append(list, "claims")
	}
	if hasKind(risks, NewService) || hasKind(risks, PriceUp) {
		list = append(list, "price")
	}
	return list
}

// Approve publishes what a vendor sent, and returns the number of the version. What is
// published is exactly what was seen: Approve fails with [models.ErrConflict] when the
// submission is decided, was replaced by another one, says something else than was
// seen, or buyers see another version than it began from; see [Newer].
//
// It fails with [models.Invalid] under "checked" when not all of [ToCheck] is. It is for
// moderators and administrators, except for those who had a hand in what was
// sent: they get [ErrOwnWork].
func Approve(ctx context.Context, tx *db.Tx, d Decision) (version int, err error) {
	s, o, err := deciding(ctx, tx, d)
	if err != nil {
		return 0, err
	}
	for _, one := range ToCheck(s.Risks) {
		if !slices.Contains(d.Checked, one) {
			return 0, models.Invalid{"checked": "moderation.check_missing"}
		}
	}
	if o.Life == catalogue.Withdrawn || o.Published != s.Base {
		return 0, fmt.Errorf("approve submission %d: buyers see another version: %w", s.ID, models.ErrConflict)
	}
	version, err = publish(ctx, tx, s.Offering, s.Content, s.Note)
	if err != nil {
		return 0, err
	}
	if err := s.decide(ctx, tx, Published, version, d); err != nil {
		return 0, err
	}
	if err := afterApproval(ctx, tx, s, version); err != nil {
		return 0, fmt.Errorf("approve submission %d: %w", s.ID, err)
	}
	if _, err := tellRise(ctx, tx, o, s.Content, s.Risks); err != nil {
		return 0, fmt.Errorf("approve submission %d: %w", s.ID, err)
	}
	return version, tellVendor(ctx, tx, s, work.ListingPublished)
}

// afterApproval ends the draft that was published; one that was written on since goes
// on from what buyers see now.
func afterApproval(ctx context.Context, tx *db.Tx, s Submission, version int) error {
	if err := clearDraft(ctx, tx, s.Offering, s.Revision); err != nil {
		return err
	}
	const q = `UPDATE drafts SET base = ?, revision = revision + 1 WHERE offering_id = ? AND content <> '' AND base = ?`
	_, err := tx.Exec(ctx, q, version, s.Offering, s.Base)
	return err
}

// SendBack tells the vendor what to put right. It fails like [Approve], and with
// [models.Invalid] under "message" when there is none.
func SendBack(ctx context.Context, tx *db.Tx, d Decision) error {
	return refuse(ctx, tx, d, SentBack, work.ListingSentBack)
}

// Refuse tells the vendor that this does not come to the buyers, and why. It fails like
// [SendBack].
func Refuse(ctx context.Context, tx *db.Tx, d Decision) error {
	return refuse(ctx, tx, d, Refused, work.ListingRefused)
}

func refuse(ctx context.Context, tx *db.Tx, d Decision, to State, kind work.Kind) error {
	s, _, err := deciding(ctx, tx, d)
	if err != nil {
		return err
	}
	if strings.TrimSpace(d.Message) == "" {
		return models.Invalid{"message": "moderation.message_missing"}
	}
	if err := s.decide(ctx, tx, to, 0, d); err != nil {
		return err
	}
	return tellVendor(ctx, tx, s, kind)
}

// deciding returns what is decided about, if the actor may and saw it as it is.
func deciding(ctx context.Context, tx *db.Tx, d Decision) (s Submission, o catalogue.Offering, err error) {
	if !Decides(tx.Actor) {
		return s, o, fmt.Errorf("decide about submission %d: %w", d.Submission, models.ErrForbidden)
	}
	if s, err = FindSubmission(ctx, tx, tx.Actor, d.Submission); err != nil {
		return s, o, err
	}
	if err := oneByOne(ctx, tx, s.Offering); err != nil {
		return s, o, err
	}
	if s, err = FindSubmission(ctx, tx, tx.Actor, d.Submission); err != nil {
		return s, o, err
	}
	mine, err := HadHand(ctx, tx, s.ID, tx.Actor.AccountID)
	switch {
	case err != nil:
		return s, o, err
	case mine:
		return s, o, fmt.Errorf("decide about submission %d: %w", s.ID, ErrOwnWork)
	case s.State != Waiting || s.Hash != d.Hash:
		return s, o, fmt.Errorf("submission %d is %s: %w", s.ID, s.State, models.ErrConflict)
	case utf8.RuneCountInString(d.Message) > MaxMessage:
		return s, o, models.Invalid{"message": "moderation.message_long"}
	}
	o, err = catalogue.Find(ctx, tx, s.Offering)
	return s, o, err
}

// HadHand reports whether the account sent a submission or wrote on it.
func HadHand(ctx context.Context, r db.Reader, submission, account int64) (bool, error) {
	if account == 0 {
		return false, nil
	}
	const q = `/* publishing.HadHand */ SELECT count(*) FROM submission_hands WHERE submission_id = ? AND account_id = ?`
	var n int
	err := r.Get(ctx, &n, q, submission, account)
	return n > 0, err
}

// decide notes what was decided. Of two who decide at once, the second gets
// [models.ErrConflict].
func (s *Submission) decide(ctx context.Context, tx *db.Tx, to State, version int, d Decision) error {
	var number any
	if version != 0 {
		number = version
	}
	message := strings.TrimSpace(d.Message)
	const q = `UPDATE submissions SET state = ?, version = ?, decided_by = ?, decided_at = ?, message = ? WHERE id = ? AND state = 'waiting'`
	n, err := tx.Exec(ctx, q, to, number, db.NullID(tx.Actor.AccountID), tx.Now, message, s.ID)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("decide about submission %d: %w", s.ID, err)
	}
	var c audit.Changes
	c.AddNumber("submission", int(s.ID))
	c.Add("hash", "", s.Hash)
	c.AddNumber("version", version)
	c.Add("message", "", message)
	c.Add("checked", "", strings.Join(d.Checked, " "))
	actions := map[State]audit.Action{Published: listingPublished, SentBack: listingSentBack, Refused: listingRefused}
	return audit.Record(ctx, tx, actions[to], catalogue.Number(s.Offering), c...)
}

// Newer returns what waits of the same offering now, when the submission was replaced;
// false when nothing does.
func Newer(ctx context.Context, r db.Reader, a models.Actor, s Submission) (Submission, bool, error) {
	const q = `/* publishing.Newer */` + submissionSelect + `WHERE s.offering_id = ? AND s.id > ? AND s.state = 'waiting'`
	n, err := oneSubmission(ctx, r, a, s.ID, q, s.Offering, s.ID)
	if errors.Is(err, models.ErrNotFound) {
		return Submission{}, false, nil
	}
	return n, err == nil, err
}

// See notes that a moderator looked at what went live at once. It fails with
// [models.ErrConflict] when somebody did, and is for those who decide, except for those
// who had a hand in it: they get [ErrOwnWork].
func See(ctx context.Context, tx *db.Tx, submission int64) error {
	if !Decides(tx.Actor) {
		return fmt.Errorf("look at submission %d: %w", submission, models.ErrForbidden)
	}
	s, err := FindSubmission(ctx, tx, tx.Actor, submission)
	if err != nil {
		return err
	}
	mine, err := HadHand(ctx, tx, submission, tx.Actor.AccountID)
	if err == nil && mine {
		err = ErrOwnWork
	}
	var n int64
	if err == nil {
		const q = `UPDATE submissions SET seen_by = ?, seen_at = ? WHERE id = ? AND state = 'published' AND decided_by IS NULL AND seen_at IS NULL`
		n, err = tx.Exec(ctx, q, db.NullID(tx.Actor.AccountID), tx.Now, submission)
	}
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("look at submission %d: %w", submission, err)
	}
	var c audit.Changes
	c.AddNumber("submission", int(s.ID))
	return audit.Record(ctx, tx, listingSeen, catalogue.Number(s.Offering), c...)
}
