package publishing_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
	"pilveturg/models/work"
)

func (h *house) submission(id int64) publishing.Submission {
	h.t.Helper()
	s, err := publishing.FindSubmission(h.t.Context(), h, admin, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *house) approve(a models.Actor, d publishing.Decision) error {
	return h.Write(h.t.Context(), a, func(tx *db.Tx) error { _, err := publishing.Approve(h.t.Context(), tx, d); return err })
}

// told counts the notices of a kind that the person has.
func (h *house) told(a models.Actor, kind work.Kind) (n int) {
	h.t.Helper()
	if err := h.Get(h.t.Context(), &n, `SELECT count(*) FROM notices WHERE account_id = ? AND kind = ?`, a.AccountID, kind); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func contact(to string) func(*catalogue.Content) {
	return func(c *catalogue.Content) { c.Contact = to + "@vendor.example" }
}

func (h *house) dearer(c *catalogue.Content) {
	p := decimal(h.t, "0.99")
	c.Plans[0].Charges[0].Price = &p
}

func TestANewServiceWaitsUntilItIsApproved(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	sent := h.send(h.editor, id)
	if sent.Live || len(sent.Risks) != 1 || sent.Risks[0].Kind != publishing.NewService {
		t.Fatalf("sent: %+v", sent)
	}
	if o := h.offering(id); o.Published != 0 {
		t.Errorf("buyers see version %d", o.Published)
	}
	if h.told(h.moderator, work.ListingWaiting) != 1 || h.told(h.second, work.ListingWaiting) != 1 || h.told(h.other, work.ListingWaiting) != 0 {
		t.Error("moderators were not told, or others were")
	}
	if err := h.approve(h.moderator, h.decision(sent.Submission, "")); err != nil {
		t.Fatal(err)
	}
	if o := h.offering(id); o.Published != 1 || o.Slug != "paevik" {
		t.Errorf("after it was approved: %+v", o)
	}
	if _, err := publishing.FindDraft(t.Context(), h, h.editor, id); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the draft is still there: %v", err)
	}
	if s := h.submission(sent.Submission); s.State != publishing.Published || s.Version != 1 || s.DecidedBy != h.moderator.AccountID {
		t.Errorf("kept: %+v", s)
	}
	if h.told(h.editor, work.ListingPublished) != 1 || h.told(h.manager, work.ListingPublished) != 1 {
		t.Error("the vendor was not told")
	}
}

func TestAHarmlessChangeIsLiveAtOnceAndLookedAtAfterwards(t *testing.T) {
	h := newHouse(t)
	id := h.live("Päevik")
	h.save(h.editor, id, contact("new"))
	sent := h.send(h.editor, id)
	if !sent.Live || sent.Version != 2 || len(sent.Risks) > 0 {
		t.Fatalf("sent: %+v", sent)
	}
	e, err := catalogue.FindEdition(t.Context(), h, id, 2)
	if err != nil || e.State != catalogue.Published || e.Contact != "new@vendor.example" {
		t.Errorf("buyers see %+v, %v", e, err)
	}
	list := func() []publishing.Submission {
		all, err := publishing.Afterwards(t.Context(), h, h.moderator, models.Page{Number: 1, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := list(); len(all) != 1 || all[0].ID != sent.Submission {
		t.Fatalf("afterwards: %+v", all)
	}
	see := func(a models.Actor) error {
		return h.Write(t.Context(), a, func(tx *db.Tx) error { return publishing.See(t.Context(), tx, sent.Submission) })
	}
	if err := see(h.editor); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("the vendor ticks it off: %v", err)
	}
	if err := see(h.moderator); err != nil {
		t.Error(err)
	}
	if err := see(h.second); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a second time: %v", err)
	}
	if all := list(); len(all) != 0 {
		t.Errorf("after it was seen: %+v", all)
	}
}

func TestOnlyWhatWasSeenIsApproved(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	first := h.send(h.editor, id)
	seen := h.decision(first.Submission, "")
	h.save(h.editor, id, contact("second"))
	second := h.send(h.editor, id)
	if err := h.approve(h.moderator, seen); !errors.Is(err, models.ErrConflict) {
		t.Errorf("the first after the second was sent: %v", err)
	}
	newer, ok, err := publishing.Newer(t.Context(), h, h.moderator, h.submission(first.Submission))
	if err != nil || !ok || newer.ID != second.Submission || h.submission(first.Submission).State != publishing.Withdrawn {
		t.Errorf("newer: %+v, %v, %v", newer, ok, err)
	}
	if err := h.approve(h.moderator, publishing.Decision{Submission: second.Submission, Hash: seen.Hash}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("the second with the content of the first: %v", err)
	}
	if o := h.offering(id); o.Published != 0 {
		t.Error("something was published")
	}
	h.save(h.editor, id, contact("third")) // written, but not sent
	if err := h.approve(h.moderator, h.decision(second.Submission, "")); err != nil {
		t.Fatal(err)
	}
	if e, err := catalogue.FindEdition(t.Context(), h, id, 1); err != nil || e.Contact != "second@vendor.example" {
		t.Errorf("published %+v, %v", e, err)
	}
	if d := h.draft(h.editor, id); d.Content.Contact != "third@vendor.example" || d.Base != 1 {
		t.Errorf("what was written since: %+v", d)
	}
}

func TestWhatIsSentBackGoesOn(t *testing.T) {
	h := newHouse(t)
	id := h.begin(h.editor, content(t, "Päevik"))
	sent := h.send(h.editor, id)
	back := func(message string) error {
		return h.Write(t.Context(), h.moderator, func(tx *db.Tx) error {
			return publishing.SendBack(t.Context(), tx, h.decision(sent.Submission, message))
		})
	}
	var wrong models.Invalid
	if err := back(" "); !errors.As(err, &wrong) || wrong["message"] == "" {
		t.Errorf("without reasons: %v", err)
	}
	if err := back("Show the certificate."); err != nil {
		t.Fatal(err)
	}
	if h.told(h.editor, work.ListingSentBack) != 1 {
		t.Error("the vendor was not told")
	}
	last, err := publishing.LastSubmission(t.Context(), h, h.manager, id)
	if err != nil || last.State != publishing.SentBack || last.Message != "Show the certificate." {
		t.Errorf("the vendor sees %+v, %v", last, err)
	}
	h.save(h.manager, id, contact("better"))
	if again := h.send(h.manager, id); again.Live || again.Submission == sent.Submission {
		t.Errorf("sent again: %+v", again)
	}
}

func TestNobodyDecidesAboutTheirOwnWork(t *testing.T) {
	h := newHouse(t)
	var id int64
	h.must(h.staff, func(tx *db.Tx) (err error) {
		id, err = publishing.Begin(t.Context(), tx, h.operator, content(t, "Operaatori teenus"))
		return err
	})
	sent := h.send(h.staff, id)
	if sent.Live {
		t.Fatal("the operator's own service is live at once")
	}
	if err := h.approve(h.staff, h.decision(sent.Submission, "")); !errors.Is(err, publishing.ErrOwnWork) || !errors.Is(err, models.ErrForbidden) {
		t.Errorf("by who sent it: %v", err)
	}
	wrote := h.person("colleague", h.operator, models.Administrator)
	h.save(wrote, id, contact("colleague"))
	sent = h.send(h.staff, id)
	if err := h.approve(wrote, h.decision(sent.Submission, "")); !errors.Is(err, publishing.ErrOwnWork) {
		t.Errorf("by who wrote on it: %v", err)
	}
	if _, ok, err := publishing.Next(t.Context(), h, wrote); ok || err != nil {
		t.Errorf("it is the next one for who wrote on it: %v", err)
	}
	if err := h.approve(h.moderator, h.decision(sent.Submission, "")); err != nil {
		t.Errorf("by somebody else: %v", err)
	}
}

func TestWhatStaffWriteForAVendorDoesNotWait(t *testing.T) {
	h := newHouse(t)
	id := h.live("Päevik")
	h.save(h.staff, id, h.dearer)
	if sent := h.send(h.staff, id); !sent.Live || len(sent.Risks) == 0 {
		t.Errorf("sent: %+v", sent)
	}
	if n, err := publishing.Count(t.Context(), h, models.Time{Time: h.Now()}); err != nil || n.Unseen != 0 || n.Waiting != 0 {
		t.Errorf("to do for moderators: %+v, %v", n, err)
	}
}

func TestWhoUsesAServiceIsToldThatItGetsDearer(t *testing.T) {
	t.Run("as recorded", func(t *testing.T) { newHouse(t).tellsWhoUses((*house).uses) })
	t.Run("by a subscription", func(t *testing.T) { newHouse(t).tellsWhoUses((*house).subscribes) })
}

// tellsWhoUses makes a service dearer that the agency uses.
func (h *house) tellsWhoUses(use func(*house, int64)) {
	t := h.t
	t.Helper()
	id := h.live("Päevik")
	use(h, id)
	h.save(h.editor, id, h.dearer)
	report, err := publishing.Check(t.Context(), h, h.schema, h.editor, id, models.DateOf(h.Now()))
	if err != nil || report.Subscribers != 1 || !report.Ready() {
		t.Errorf("before it is sent: %+v, %v", report, err)
	}
	sent := h.send(h.editor, id)
	if h.told(h.buyer, work.PriceUp) != 0 {
		t.Error("they are told before it is decided")
	}
	if err := h.approve(h.moderator, h.decision(sent.Submission, "")); err != nil {
		t.Fatal(err)
	}
	if n := h.told(h.buyer, work.PriceUp); n != 1 {
		t.Errorf("they were told %d times", n)
	}
	h.save(h.editor, id, contact("new"))
	h.send(h.editor, id)
	if n := h.told(h.buyer, work.PriceUp); n != 1 {
		t.Errorf("they were told %d times, one of them for nothing", n)
	}
}

// subscribes makes the agency subscribe to the offering.
func (h *house) subscribes(id int64) {
	h.t.Helper()
	ctx := h.t.Context()
	h.must(admin, func(tx *db.Tx) error {
		org, err := identity.FindID(ctx, tx, models.Key{Scheme: "test", Code: "agency"})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO budget_lines (organisation_id, code, name, year, cents) VALUES (?, 'it', 'IT', 2026, 1)`, org); err != nil {
			return err
		}
		const q = `INSERT INTO subscriptions (organisation_id, once, offering_id, version, plan, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, words, needs, state, requester_id, requested_at)
			SELECT b.organisation_id, 'a', o.id, o.published, 'p', 12, '2026-01-01', 'none', 0, 0, 0, b.id, '', 1, 'requested', m.account_id, ? FROM offerings o, budget_lines b JOIN memberships m ON m.organisation_id = b.organisation_id WHERE o.id = ?`
		if _, err := tx.Exec(ctx, q, tx.Now, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE subscriptions SET state = 'ordered', ordered_at = ?`, tx.Now); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE subscriptions SET state = 'accepted'`)
		return err
	})
}

// uses makes the agency use the offering.
func (h *house) uses(id int64) {
	h.t.Helper()
	l, err := catalogue.FindListing(h.t.Context(), h, id)
	if err != nil {
		h.t.Fatal(err)
	}
	l.Uses = []catalogue.Use{{Organisation: models.Key{Scheme: "test", Code: "agency"}, Phase: catalogue.InUse}}
	h.must(admin, func(tx *db.Tx) error { _, err := catalogue.Put(h.t.Context(), tx, &l, 0); return err })
}

func TestOfTwoModeratorsAtOnceOneDecides(t *testing.T) {
	h := newHouse(t)
	for range 5 {
		id := h.begin(h.editor, content(t, "Päevik"))
		d := h.decision(h.send(h.editor, id).Submission, "No.")
		errs := make([]error, 2)
		var all sync.WaitGroup
		all.Go(func() { errs[0] = h.approve(h.moderator, d) })
		all.Go(func() {
			errs[1] = h.Write(t.Context(), h.second, func(tx *db.Tx) error { return publishing.Refuse(t.Context(), tx, d) })
		})
		all.Wait()
		failed := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, models.ErrConflict) })
		if failed < 0 || errs[1-failed] != nil {
			t.Fatalf("both at once: %v", errs)
		}
		want := []publishing.State{publishing.Refused, publishing.Published}[failed]
		if s := h.submission(d.Submission); s.State != want || (h.offering(id).Published == 1) != (want == publishing.Published) {
			t.Errorf("%s, version %d; want %s", s.State, h.offering(id).Published, want)
		}
	}
}

func TestAnAnswerIsNotProvedByItsVendor(t *testing.T) {
	h := newHouse(t)
	c := content(t, "Päevik")
	c.Answers[2].By, c.Answers[2].Proof = catalogue.ByAssessor, catalogue.Tested
	c.DemoPrice = true
	id := h.begin(h.editor, c)
	s := h.submission(h.send(h.editor, id).Submission)
	if a := s.Content.Answers[2]; a.By != catalogue.ByVendor || a.Proof != catalogue.Stated || s.Content.DemoPrice {
		t.Errorf("sent: %+v, invented price %v", a, s.Content.DemoPrice)
	}
}

// A vendor that sends again while a moderator decides: either what was seen is
// published and the new one waits, or nothing is decided.
func TestSendingAndDecidingAtOnceLoseNothing(t *testing.T) {
	h := newHouse(t)
	for range 5 {
		id := h.begin(h.editor, content(t, "Päevik"))
		first := h.send(h.editor, id)
		d := h.decision(first.Submission, "")
		h.save(h.editor, id, contact("again"))
		revision := h.draft(h.editor, id).Revision
		var approved, sentErr error
		var sent publishing.Sent
		var all sync.WaitGroup
		all.Go(func() { approved = h.approve(h.moderator, d) })
		all.Go(func() {
			sentErr = h.Write(t.Context(), h.editor, func(tx *db.Tx) (err error) {
				sent, err = publishing.Send(t.Context(), tx, h.schema, id, revision)
				return err
			})
		})
		all.Wait()
		o := h.offering(id)
		switch {
		case approved == nil && sentErr == nil: // the new one was sent before or after, and is not lost
			if o.Published == 0 {
				t.Fatalf("approved, but buyers see nothing")
			}
		case approved == nil && errors.Is(sentErr, models.ErrConflict): // buyers see another version by then
			if d := h.draft(h.editor, id); d.Content.Contact != "again@vendor.example" || d.Base != o.Published {
				t.Fatalf("the draft: %+v", d)
			}
		case errors.Is(approved, models.ErrConflict) && sentErr == nil:
			if o.Published != 0 || h.submission(sent.Submission).State != publishing.Waiting {
				t.Fatalf("version %d, the new one is %s", o.Published, h.submission(sent.Submission).State)
			}
		default:
			t.Fatalf("approved %v, sent %v", approved, sentErr)
		}
	}
}

// A moderator approves while staff publish: one of them is told that the other was
// faster, and every version is there once.
func TestPublishingTwiceAtOnceIsToldAsAConflict(t *testing.T) {
	h := newHouse(t)
	for range 5 {
		id := h.live("Päevik")
		h.save(h.editor, id, h.dearer)
		d := h.decision(h.send(h.editor, id).Submission, "")
		mine := h.draft(h.staff, id)
		errs := make([]error, 2)
		var all sync.WaitGroup
		all.Go(func() { errs[0] = h.approve(h.moderator, d) })
		all.Go(func() {
			errs[1] = h.Write(t.Context(), h.staff, func(tx *db.Tx) error {
				_, err := publishing.Send(t.Context(), tx, h.schema, id, mine.Revision)
				return err
			})
		})
		all.Wait()
		lost := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, models.ErrConflict) || errors.Is(err, models.ErrNotFound) })
		if lost < 0 || errs[1-lost] != nil || h.offering(id).Published != 2 {
			t.Fatalf("both at once: %v, version %d", errs, h.offering(id).Published)
		}
	}
}
