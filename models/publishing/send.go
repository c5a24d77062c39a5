package publishing

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

const (
	listingSent      audit.Action = "listing.sent"
	listingPublished audit.Action = "listing.published"
	listingWithdrawn audit.Action = "listing.taken_back" // by the vendor, before it was decided
)

// Sent is what became of what was sent.
type Sent struct {
	Submission  int64
	Live        bool   // buyers see it; otherwise it waits for a moderator
	Version     int    // that it became, when it is live
	Risks       []Risk // why it waits; of what staff sent, what would have had to
	Subscribers int    // bodies that were told that the price rises
}

// Send sends the draft of an offering to the buyers: at once when all that it changes
// is harmless ([Risks]), or else when a moderator approves. What waited of the offering
// before is replaced. A draft that is live is gone; one that waits can be written on.
//
// It is for those who write. What an administrator writes for a vendor does not wait;
// that of the operator's own listings does, for somebody else. Send fails like [Save];
// with [catalogue.Problems] when the content is not as the schema wants it; with
// [models.Invalid] when something is missing or nothing changes, see [Check]; and with
// [models.ErrConflict] when buyers see another version than the draft began from, which
// [Edit] puts right, or the offering is withdrawn.
func Send(ctx context.Context, tx *db.Tx, schema *catalogue.Schema, offering, revision int64) (Sent, error) {
	if err := oneByOne(ctx, tx, offering); err != nil {
		return Sent{}, err
	}
	_, d, err := seen(ctx, tx, offering, revision)
	if err != nil {
		return Sent{}, err
	}
	s, err := prepare(ctx, tx, schema, d, models.DateOf(tx.Now.Time))
	if err != nil {
		return Sent{}, fmt.Errorf("send %s: %w", catalogue.Number(offering), err)
	}
	if err := s.errors(); err != nil {
		return Sent{}, err
	}
	sent, err := s.send(ctx, tx)
	if err != nil {
		return Sent{}, fmt.Errorf("send %s: %w", catalogue.Number(offering), err)
	}
	return sent, nil
}

// oneByOne makes those who send or decide about an offering at once wait for each other,
// where the engine does not do so anyway: what they then read is what the other left.
func oneByOne(ctx context.Context, tx *db.Tx, offering int64) error {
	_, err := tx.Exec(ctx, `UPDATE drafts SET revision = revision WHERE offering_id = ?`, offering)
	return err
}

// sending is a draft on its way.
type sending struct {
	Report
	draft    Draft
	offering catalogue.Offering
	vendor   identity.Organisation
	base     catalogue.Content
	hash     string
	live     bool
}

// prepare puts the draft into the form in which it is sent, and looks at it.
func prepare(ctx context.Context, r db.Reader, schema *catalogue.Schema, d Draft, day models.Date) (s sending, err error) {
	s.draft = d
	if s.offering, err = catalogue.Find(ctx, r, d.Offering); err != nil {
		return s, err
	}
	if s.vendor, err = identity.Find(ctx, r, s.offering.VendorID); err != nil {
		return s, err
	}
	if s.base, err = contentOf(ctx, r, d.Offering, d.Base); err != nil {
		return s, err
	}
	s.draft.Content = settled(s.base, d.Content, s.offering.Invented)
	if s.hash, err = s.draft.Content.Hash(); err != nil {
		return s, err
	}
	return s, s.look(ctx, r, schema, day)
}

// settled takes out what is not the vendor's to say: who else proved an answer or saw a
// document, that prices are invented, as all of an invented vendor's are, and what
// imports kept.
func settled(base, c catalogue.Content, invented bool) catalogue.Content {
	c.DemoPrice = len(c.Plans) > 0 && (invented || base.DemoPrice && reflect.DeepEqual(base.Plans, c.Plans))
	c.Extra = base.Extra
	answers := make([]catalogue.Answer, len(c.Answers))
	for i, a := range c.Answers {
		answers[i] = a
		if j := find(base.Answers, func(b catalogue.Answer) bool { return b.Question == a.Question }); j < 0 || !sameSaid(base.Answers[j], a) {
			answers[i].By, answers[i].Proof = catalogue.ByVendor, catalogue.Stated
		}
	}
	papers := make([]catalogue.Paper, len(c.Documents))
	for i, p := range c.Documents {
		papers[i] = p
		if j := find(base.Documents, func(b catalogue.Paper) bool { return b.Code == p.Code }); j < 0 || !reflect.DeepEqual(base.Documents[j], p) {
			papers[i].Proof = catalogue.Stated
		}
	}
	if len(answers) > 0 {
		c.Answers = answers
	}
	if len(papers) > 0 {
		c.Documents = papers
	}
	return c
}

// sameSaid reports whether b says what a says, whenever it was confirmed last.
func sameSaid(a, b catalogue.Answer) bool {
	a.Since, b.Since = models.Date{}, models.Date{}
	return reflect.DeepEqual(a, b)
}

func find[T any](list []T, is func(T) bool) int {
	for i := range list {
		if is(list[i]) {
			return i
		}
	}
	return -1
}

// waits reports whether the actor's change has to wait for somebody else.
func (s *sending) waits(a models.Actor) bool {
	return len(s.Risks) > 0 && (!a.Is(models.Administrator) || s.vendor.Kind == identity.Operator)
}

func (s *sending) send(ctx context.Context, tx *db.Tx) (Sent, error) {
	s.live = !s.waits(tx.Actor)
	if err := replaceWaiting(ctx, tx, s.draft.Offering); err != nil {
		return Sent{}, err
	}
	out := Sent{Live: s.live, Risks: s.Risks}
	var err error
	if s.live {
		if out.Version, err = publish(ctx, tx, s.draft.Offering, s.draft.Content, s.draft.Note); err != nil {
			return Sent{}, err
		}
		if out.Subscribers, err = tellRise(ctx, tx, s.offering, s.draft.Content, s.Risks); err != nil {
			return Sent{}, err
		}
	}
	if out.Submission, err = s.insert(ctx, tx, out.Version); err != nil {
		return Sent{}, err
	}
	if s.live {
		return out, clearDraft(ctx, tx, s.draft.Offering, s.draft.Revision)
	}
	return out, tellWaiting(ctx, tx, s.vendor, s.draft.Content, out.Submission)
}

// insert keeps what is sent.
func (s *sending) insert(ctx context.Context, tx *db.Tx, version int) (id int64, err error) {
	content, err := contentText(s.draft.Content)
	if err != nil {
		return 0, err
	}
	note, err := written(s.draft.Note)
	if err != nil {
		return 0, err
	}
	risks, err := json.Marshal(append([]Risk{}, s.Risks...))
	if err != nil {
		return 0, err
	}
	state, action, decided := Waiting, listingSent, models.Time{}
	var number any
	if s.live {
		state, action, decided, number = Published, listingPublished, tx.Now, version
	}
	var seenBy any
	var seenAt models.Time
	if s.live && tx.Actor.Is(models.Administrator) { // what staff write, nobody has to look at
		seenBy, seenAt = db.NullID(tx.Actor.AccountID), tx.Now
	}
	const q = `
		INSERT INTO submissions (offering_id, revision, base, content, hash, note, risks, state, sent_by, sent_at, version, decided_at, seen_by, seen_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	d := s.draft
	err = tx.Get(ctx, &id, q, d.Offering, d.Revision, d.Base, content, s.hash, note, string(risks), state, db.NullID(tx.Actor.AccountID), tx.Now, number, decided, seenBy, seenAt)
	if db.Taken(err) { // somebody sent at the same moment
		return 0, models.ErrConflict
	}
	if err != nil {
		return 0, err
	}
	const hands = `INSERT INTO submission_hands (submission_id, account_id) SELECT ?, account_id FROM draft_hands WHERE offering_id = ?`
	if _, err := tx.Exec(ctx, hands, id, d.Offering); err != nil {
		return 0, err
	}
	if tx.Actor.SignedIn() {
		const self = `INSERT INTO submission_hands (submission_id, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING`
		if _, err := tx.Exec(ctx, self, id, tx.Actor.AccountID); err != nil {
			return 0, err
		}
	}
	return id, audit.Record(ctx, tx, action, catalogue.Number(d.Offering), s.changes(id, version)...)
}

// changes tells the audit log what was sent.
func (s *sending) changes(id int64, version int) audit.Changes {
	var c audit.Changes
	c.AddNumber("submission", int(id))
	c.Add("hash", "", s.hash)
	c.Add("risks", "", strings.Join(kindsOf(s.Risks), " "))
	c.AddNumber("version", version)
	return c
}

// publish makes the content the version that buyers see.
func publish(ctx context.Context, tx *db.Tx, offering int64, c catalogue.Content, note models.Text) (int, error) {
	v := catalogue.Version{Published: models.DateOf(tx.Now.Time), Note: note, Content: c}
	if err := carry(ctx, tx, offering, &v); err != nil {
		return 0, err
	}
	return catalogue.Publish(ctx, tx, offering, v)
}

// clearDraft ends the draft that was published, unless it was written on since.
func clearDraft(ctx context.Context, tx *db.Tx, offering, revision int64) error {
	const q = `UPDATE drafts SET content = '', typed = '', note = '', thrown = '', revision = revision + 1 WHERE offering_id = ? AND revision = ?`
	_, err := tx.Exec(ctx, q, offering, revision)
	return err
}

// replaceWaiting withdraws what waits of the offering.
func replaceWaiting(ctx context.Context, tx *db.Tx, offering int64) error {
	const q = `UPDATE submissions SET state = 'withdrawn', decided_at = ? WHERE offering_id = ? AND state = 'waiting'`
	_, err := tx.Exec(ctx, q, tx.Now, offering)
	return err
}

// TakeBack withdraws what waits of an offering, so that nobody decides about it. The
// draft stays. It is for those who write, and fails with [models.ErrConflict] when
// nothing waits.
func TakeBack(ctx context.Context, tx *db.Tx, offering int64) error {
	if _, err := own(ctx, tx, offering); err != nil {
		return err
	}
	const q = `UPDATE submissions SET state = 'withdrawn', decided_at = ?, decided_by = ? WHERE offering_id = ? AND state = 'waiting'`
	n, err := tx.Exec(ctx, q, tx.Now, db.NullID(tx.Actor.AccountID), offering)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("take back what waits of %s: %w", catalogue.Number(offering), err)
	}
	return audit.Record(ctx, tx, listingWithdrawn, catalogue.Number(offering))
}

// errors says why the draft cannot be sent.
func (s *sending) errors() error {
	switch {
	case s.offering.Life == catalogue.Withdrawn:
		return fmt.Errorf("%s is withdrawn: %w", catalogue.Number(s.offering.ID), models.ErrConflict)
	case s.draft.Base != s.offering.Published:
		return fmt.Errorf("%s: buyers see another version: %w", catalogue.Number(s.offering.ID), models.ErrConflict)
	case len(s.Wrong) > 0:
		return s.Wrong
	}
	if len(s.Problems) > 0 {
		return s.Problems
	}
	return nil
}
