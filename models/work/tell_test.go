package work_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/work"
)

func TestPeopleAreToldAsTheyPrefer(t *testing.T) {
	noMail, noAccount := message(work.Approval, 1), message(work.Invitation, 0)
	noMail.Mail = ""
	for _, tt := range []struct {
		name  string
		often work.Frequency // of approvals; "" when nothing was chosen
		tell  []work.Message
		inbox string
		queue string
	}{
		{"nothing was chosen", "", []work.Message{message(work.Approval, 1)}, "approval", "approval waiting 0"},
		{"at once", work.AtOnce, []work.Message{message(work.Approval, 1)}, "approval", "approval waiting 0"},
		{"never by letter", work.Never, []work.Message{message(work.Approval, 1)}, "approval", ""},
		{"daily, once", work.Daily, []work.Message{message(work.Approval, 1)}, "approval", "digest waiting gathering"},
		{"daily, twice, in one letter", work.Daily, []work.Message{message(work.Approval, 1), message(work.Approval, 1)}, "approval, approval", "digest waiting gathering"},
		{"daily, and what is told at once", work.Daily, []work.Message{message(work.ApplicationAsked, 1), message(work.Approval, 1)}, "approval, application_asked", "application_asked waiting 0, digest waiting gathering"},
		{"daily, but two people", work.Daily, []work.Message{message(work.Approval, 1), message(work.Approval, 2)}, "approval", "digest waiting gathering, approval waiting 0"},
		{"what is for the safety of an account", work.Never, []work.Message{message(work.Password, 1), message(work.Place, 1)}, "place, password", "password waiting 0, place waiting 0"},
		{"what holds a secret is in no inbox", "", []work.Message{message(work.Reset, 1), message(work.Invitation, 1)}, "", "reset waiting 0, invitation waiting 0"},
		{"somebody without an account", "", []work.Message{noAccount}, "", "invitation waiting 0"},
		{"an account without a mail", "", []work.Message{noMail}, "approval", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			if tt.often != "" {
				r.prefer(1, work.Approval, tt.often)
			}
			r.tell(tt.tell...)
			if got := r.inbox(1); got != tt.inbox {
				t.Errorf("the inbox holds %q; want %q", got, tt.inbox)
			}
			if got := r.queue(); got != tt.queue {
				t.Errorf("the outbox holds %q; want %q", got, tt.queue)
			}
		})
	}
}

func TestWhatDidNotHappenIsNotTold(t *testing.T) {
	r, undone := newRoom(t), errors.New("undone")
	err := r.try(1, func(tx *db.Tx) error {
		return errors.Join(work.Tell(t.Context(), tx, message(work.Approval, 1)), undone)
	})
	if !errors.Is(err, undone) || r.inbox(1)+r.queue() != "" {
		t.Errorf("%v; the inbox holds %q, the outbox %q; want nothing", err, r.inbox(1), r.queue())
	}
}

func TestWhatIsNoMessageIsNotTold(t *testing.T) {
	change := func(f func(*work.Message)) work.Message {
		m := message(work.Approval, 1)
		f(&m)
		return m
	}
	for _, tt := range []struct {
		name string
		work.Message
	}{
		{"a kind there is not", change(func(m *work.Message) { m.Kind = "news" })},
		{"a digest, which nobody writes", change(func(m *work.Message) { m.Kind, m.Args = work.Digest, nil })},
		{"too few words", change(func(m *work.Message) { m.Args = m.Args[:1] })},
		{"too many words", change(func(m *work.Message) { m.Args = append(m.Args, "x") })},
		{"a link elsewhere", change(func(m *work.Message) { m.Path = "https://elsewhere.example/" })},
		{"nobody", change(func(m *work.Message) { m.AccountID, m.Mail = 0, "" })},
		{"a secret without a letter", change(func(m *work.Message) { m.Kind, m.Args, m.Mail = work.Reset, nil, "" })},
	} {
		r := newRoom(t)
		err := r.try(0, func(tx *db.Tx) error { return work.Tell(t.Context(), tx, tt.Message) })
		if err == nil || r.inbox(1)+r.queue() != "" {
			t.Errorf("%s: %v; the inbox holds %q, the outbox %q", tt.name, err, r.inbox(1), r.queue())
		}
	}
}

func TestWordsComeBackAsTheyWereSaid(t *testing.T) {
	r, m := newRoom(t), message(work.Approval, 1)
	m.Args = []string{"Õpe \"A\"\n<b>", ""}
	r.tell(m)
	l := r.claim("w", 1)[0]
	if !slices.Equal(l.Args, m.Args) || l.Path != m.Path || l.Language != "et" || l.Mail != m.Mail || l.AccountID != 1 || l.Kind != m.Kind || l.MessageID == "" {
		t.Errorf("the letter is %+v; want what %+v says", l, m)
	}
	notices, err := work.Inbox(t.Context(), r.DB, 1, models.Page{Number: 1, Size: 1})
	if err != nil || !slices.Equal(notices[0].Args, m.Args) || notices[0].Path != m.Path || !notices[0].Created.Equal(noon) {
		t.Errorf("the notice is %+v, %v", notices, err)
	}
}

func TestADayHasOneDigest(t *testing.T) {
	r := newRoom(t)
	r.prefer(1, work.Approval, work.Daily)
	var telling sync.WaitGroup
	const times = 12
	for range times {
		telling.Go(func() {
			if err := r.try(0, func(tx *db.Tx) error { return work.Tell(t.Context(), tx, message(work.Approval, 1)) }); err != nil {
				t.Error(err)
			}
		})
	}
	telling.Wait()
	if n := r.count(`SELECT COUNT(*) FROM notices WHERE outbox_id IS NOT NULL`); n != times || r.queue() != "digest waiting gathering" {
		t.Errorf("%d notices of %d are in %q; want all in one", n, times, r.queue())
	}
}

func TestTheInboxShowsTheUnreadFirst(t *testing.T) {
	r := newRoom(t)
	r.tell(message(work.Place, 1), message(work.Password, 1), message(work.Approval, 1), message(work.Approval, 2))
	notices, err := work.Inbox(t.Context(), r.DB, 1, models.Page{Number: 1, Size: 10})
	if err != nil {
		t.Fatal(err)
	}
	newest := notices[0].ID
	r.write(1, func(tx *db.Tx) error { return work.MarkRead(t.Context(), tx, newest) })
	if got := r.inbox(1); got != "password, place, [approval]" {
		t.Errorf("the inbox holds %q", got)
	}
	r.now = noon.Add(time.Hour)
	r.write(1, func(tx *db.Tx) error { return work.MarkRead(t.Context(), tx, newest) })
	second, err := work.Inbox(t.Context(), r.DB, 1, models.Page{Number: 2, Size: 2})
	if err != nil || len(second) != 1 || second[0].ID != newest || !second[0].Read.Equal(noon) {
		t.Errorf("the second page holds %+v, %v; want the one that was read, at noon", second, err)
	}
	if err := r.try(2, func(tx *db.Tx) error { return work.MarkRead(t.Context(), tx, newest) }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody else's notice: %v; want ErrNotFound", err)
	}
	r.write(1, func(tx *db.Tx) error { return work.MarkAllRead(t.Context(), tx, notices[2].ID) })
	if got := r.inbox(1); got != "password, [approval], [place]" {
		t.Errorf("what was not shown is read: %q", got)
	}
	all, unread, err := work.CountInbox(t.Context(), r.DB, 1)
	if all != 3 || unread != 1 || err != nil {
		t.Errorf("counted %d and %d unread, %v; want 3 and 1", all, unread, err)
	}
	if got := r.inbox(2); got != "approval" {
		t.Errorf("somebody else's inbox holds %q", got)
	}
}
