package publishing

import (
	"context"
	"errors"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// State says what became of what was sent.
type State string

// The states of a submission.
const (
	Waiting   State = "waiting"
	Published State = "published"
	SentBack  State = "sent_back" // with what is to be put right
	Refused   State = "refused"
	Withdrawn State = "withdrawn" // taken back, or sent anew
)

// Submission is what a vendor sent, as it was sent.
type Submission struct {
	ID        int64
	Offering  int64
	Vendor    int64
	Revision  int64 // of the draft
	Base      int   // number of the version it changes; 0: none
	Content   catalogue.Content
	Hash      string // of the content
	Note      models.Text
	Risks     []Risk // why it waits, or waited; none when it did not have to
	State     State
	SentBy    int64 // account; 0: a command
	SentAt    models.Time
	Version   int   // number of the version that it became; 0: none
	DecidedBy int64 // account; 0: nobody
	DecidedAt models.Time
	Message   string // to the vendor
	SeenBy    int64  // who looked at what went live at once; 0: nobody
	SeenAt    models.Time
}

type submissionRow struct {
	ID        int64       `db:"id"`
	Offering  int64       `db:"offering_id"`
	Vendor    int64       `db:"vendor_id"`
	Revision  int64       `db:"revision"`
	Base      int         `db:"base"`
	Content   string      `db:"content"`
	Hash      string      `db:"hash"`
	Note      string      `db:"note"`
	Risks     string      `db:"risks"`
	State     State       `db:"state"`
	SentBy    int64       `db:"sender"`
	SentAt    models.Time `db:"sent_at"`
	Version   int         `db:"version"`
	DecidedBy int64       `db:"decider"`
	DecidedAt models.Time `db:"decided_at"`
	Message   string      `db:"message"`
	SeenBy    int64       `db:"seer"`
	SeenAt    models.Time `db:"seen_at"`
}

const submissionSelect = `
	SELECT s.id, s.offering_id, o.vendor_id, s.revision, s.base, s.content, s.hash, s.note, s.risks, s.state, COALESCE(s.sent_by, 0) AS sender,
		s.sent_at, COALESCE(s.version, 0) AS version, COALESCE(s.decided_by, 0) AS decider, s.decided_at, s.message,
		COALESCE(s.seen_by, 0) AS seer, s.seen_at
	FROM submissions s
	JOIN offerings o ON o.id = s.offering_id `

func (w submissionRow) submission() (Submission, error) {
	s := Submission{ID: w.ID, Offering: w.Offering, Vendor: w.Vendor, Revision: w.Revision, Base: w.Base, Hash: w.Hash, State: w.State,
		SentBy: w.SentBy, SentAt: w.SentAt, Version: w.Version, DecidedBy: w.DecidedBy, DecidedAt: w.DecidedAt, Message: w.Message,
		SeenBy: w.SeenBy, SeenAt: w.SeenAt}
	err := errors.Join(read(w.Content, &s.Content), read(w.Note, &s.Note), read(w.Risks, &s.Risks))
	if err != nil {
		return Submission{}, fmt.Errorf("submission %d: %w", w.ID, err)
	}
	return s, nil
}

// Decides reports whether the actor decides about what vendors send.
func Decides(a models.Actor) bool { return a.IsAny(models.Moderator, models.Administrator) }

// FindSubmission returns what was sent to those who decide and to those who write the
// vendor's listings. All others get [models.ErrNotFound].
func FindSubmission(ctx context.Context, r db.Reader, a models.Actor, id int64) (Submission, error) {
	return oneSubmission(ctx, r, a, id, `/* publishing.FindSubmission */`+submissionSelect+`WHERE s.id = ?`, id)
}

// LastSubmission returns what was last sent of an offering, to the same people, or
// [models.ErrNotFound].
func LastSubmission(ctx context.Context, r db.Reader, a models.Actor, offering int64) (Submission, error) {
	const q = `/* publishing.LastSubmission */` + submissionSelect + `WHERE s.offering_id = ? ORDER BY s.id DESC LIMIT 1`
	return oneSubmission(ctx, r, a, offering, q, offering)
}

func oneSubmission(ctx context.Context, r db.Reader, a models.Actor, id int64, q string, args ...any) (Submission, error) {
	var w submissionRow
	err := r.Get(ctx, &w, q, args...)
	if err == nil && !Decides(a) && !catalogue.Writes(a, w.Vendor) {
		err = models.ErrNotFound
	}
	if err != nil {
		return Submission{}, fmt.Errorf("submission %d: %w", id, err)
	}
	return w.submission()
}
