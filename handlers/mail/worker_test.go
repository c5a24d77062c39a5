package mail

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/mail/mailtest"
	"pilveturg/models"
	"pilveturg/models/work"
)

func TestAServerThatIsDownGetsEachLetterOnce(t *testing.T) {
	exim, o := mailtest.NewBare(t), newOutbox(t)
	w := o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
	exim.Stop()
	o.tell(approval(1, "a@"+mailtest.Domain), approval(2, "b@"+mailtest.Domain))
	w.turn(t.Context())
	for _, l := range o.queue() {
		if l.State != "waiting" || l.Tries != 1 || !l.Next.Equal(noon.Add(time.Minute)) || !strings.Contains(l.Error, "connection refused") {
			t.Errorf("after a try: %+v; want it to wait a minute, with what went wrong", l)
		}
	}
	exim.Start()
	w.turn(t.Context())
	if n := exim.Taken(); n != 0 {
		t.Errorf("%d letters went before their time", n)
	}
	o.now = noon.Add(time.Minute)
	w.turn(t.Context())
	w.turn(t.Context())
	for _, l := range o.queue() {
		if l.State != "sent" || l.Tries != 2 || l.Error != "" || !l.Ended.Equal(o.now) {
			t.Errorf("after the second try: %+v; want it sent", l)
		}
	}
	if all := exim.Mails(); len(all) != 2 || all[0].Header.Get("Envelope-To") != "a@"+mailtest.Domain {
		t.Errorf("%d letters arrived; want 2", len(all))
	}
}

func TestAServerThatStaysDownIsGivenUp(t *testing.T) {
	o := newOutbox(t)
	w := o.worker(serverAt(t, "smtp://127.0.0.1:1"))
	o.tell(approval(1, "a@"+mailtest.Domain))
	var waits []time.Duration
	for range 10 {
		w.turn(t.Context())
		l := o.queue()[0]
		if l.State != "waiting" {
			break
		}
		waits = append(waits, l.Next.Sub(o.now))
		o.now = l.Next.Time
	}
	if l := o.queue()[0]; l.State != "failed" || l.Tries != 6 || l.Error == "" {
		t.Errorf("in the end: %+v; want it given up after 6 tries", l)
	}
	if got, want := fmt.Sprint(waits), "[1m0s 5m0s 30m0s 2h0m0s 12h0m0s]"; got != want {
		t.Errorf("it waited %s; want %s", got, want)
	}
}

func TestWhatTheServerRefusesIsToldInItsWords(t *testing.T) {
	exim, o := mailtest.NewBare(t), newOutbox(t)
	w := o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
	o.tell(approval(1, mailtest.Nobody), approval(2, mailtest.Later), approval(3, "c@elsewhere.example"), approval(4, "d@"+mailtest.Domain),
		approval(5, "not an address@x"))
	w.turn(t.Context())
	for i, want := range []struct {
		state work.State
		error string
	}{
		{"failed", "there is no such mailbox"},
		{"waiting", "come again later"},
		{"failed", "mail for others is not taken"},
		{"sent", ""}, // whatever became of those before it
		{"failed", "mail: "},
	} {
		l := o.queue()[i]
		if l.State != want.state || !strings.Contains(l.Error, want.error) || (l.Error == "") != (want.error == "") || l.Tries != 1 {
			t.Errorf("to %s: %+v; want %s, %q", l.Mail, l, want.state, want.error)
		}
	}
	if n := exim.Taken(); n != 1 {
		t.Errorf("%d letters were taken, want 1", n)
	}
}

func TestSeveralWorkersSendEachLetterOnce(t *testing.T) {
	exim, o := mailtest.NewBare(t), newOutbox(t)
	const letters = 40
	for i := range letters {
		o.tell(approval(0, fmt.Sprintf("m%02d@%s", i, mailtest.Domain)))
	}
	var working sync.WaitGroup
	for range 3 {
		w := o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
		working.Go(func() { w.turn(t.Context()) })
	}
	working.Wait()
	got := map[string]int{}
	for _, m := range exim.Mails() {
		got[m.Header.Get("Envelope-To")]++
	}
	if len(got) != letters || exim.Taken() != letters {
		t.Errorf("%d letters to %d mailboxes; want %d to each its own: %v", exim.Taken(), len(got), letters, got)
	}
	for _, l := range o.queue() {
		if l.State != "sent" || l.Tries != 1 {
			t.Errorf("%+v; want it sent at the first try", l)
		}
	}
}

// A program that dies between the claim and the end leaves a letter that others take
// over, under the name it had.
func TestALetterOfADeadWorkerIsTakenOver(t *testing.T) {
	exim, o := mailtest.NewBare(t), newOutbox(t)
	dead, w := o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port)), o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
	o.tell(approval(1, "a@"+mailtest.Domain), approval(2, "b@"+mailtest.Domain))
	letters, err := dead.claim(t.Context())
	if err != nil || len(letters) != 2 {
		t.Fatalf("claimed %d, %v", len(letters), err)
	}
	if err := dead.Send(t.Context(), &letters[0]); err != nil { // of which it tells nobody
		t.Fatal(err)
	}
	w.turn(t.Context())
	o.now = noon.Add(work.Lease - time.Second)
	w.turn(t.Context())
	if n := exim.Taken(); n != 1 {
		t.Errorf("%d letters went while the first worker had them; want its own", n)
	}
	o.now = noon.Add(work.Lease)
	w.turn(t.Context())
	names, bodies := map[string]int{}, map[string]bool{}
	for _, m := range exim.Mails() {
		names[m.Header.Get("Message-Id")]++
		bodies[m.Parts[0].Text] = true
	}
	if len(names) != 2 || exim.Taken() != 3 || len(bodies) != 2 {
		t.Errorf("%d letters under the names %v with %d texts; want one twice, and both times the same", exim.Taken(), names, len(bodies))
	}
	for _, l := range o.queue() {
		if l.State != "sent" || l.Tries != 2 {
			t.Errorf("%+v; want it sent at the second try", l)
		}
	}
	err = o.Write(t.Context(), models.Actor{Program: "test"}, func(tx *db.Tx) error { return work.Sent(t.Context(), tx, letters[1], dead.name) })
	if err == nil {
		t.Error("the dead worker may still say what became of its letters")
	}
}

func TestAWorkerWorksUntilItIsToldToStop(t *testing.T) {
	exim, o := mailtest.NewBare(t), newOutbox(t)
	w := o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() {
		w.Run(ctx)
		close(ended)
	}()
	o.tell(approval(1, "a@"+mailtest.Domain))
	for end := time.Now().Add(time.Minute); o.queue()[0].State != "sent"; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it is not sent: %+v", o.queue())
		}
	}
	stop()
	<-ended
	o.tell(approval(2, "b@"+mailtest.Domain))
	w.turn(ctx)
	if l := o.queue()[1]; l.State != "waiting" || l.Tries != 0 {
		t.Errorf("after the end: %+v; want it untouched", l)
	}
}

// What a worker claimed and could not begin is there for others at once.
func TestAWorkerGivesBackWhatItCannotSend(t *testing.T) {
	exim, o := mailtest.NewBare(t), newOutbox(t)
	w := o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
	o.tell(approval(1, "a@"+mailtest.Domain), approval(2, "b@"+mailtest.Domain))
	o.Now = func() time.Time { // a machine so slow that the lease is nearly over after one letter
		if exim.Taken() > 0 {
			return noon.Add(work.Lease - time.Second)
		}
		return noon
	}
	if more, err := w.deliver(t.Context()); more || err != nil {
		t.Errorf("deliver: more %t, %v; want it to stop", more, err)
	}
	if l := o.queue(); l[0].State != "sent" || l[1].State != "waiting" || l[1].Tries != 0 {
		t.Errorf("%+v; want one sent and one given back untried", l)
	}
}

func TestWithoutAServerLettersAreNotSaved(t *testing.T) {
	o := newOutbox(t)
	w := o.worker(nil)
	o.tell(approval(1, "a@"+mailtest.Domain))
	w.turn(t.Context())
	if l := o.queue()[0]; l.State != "waiting" || l.Tries != 0 {
		t.Errorf("%+v; want it to wait for a server", l)
	}
	o.now = noon.Add(3 * 24 * time.Hour)
	w.turn(t.Context())
	if l := o.queue()[0]; l.State != "dropped" {
		t.Errorf("three days later: %+v; want it dropped", l)
	}
	if notices, err := work.Inbox(t.Context(), o.DB, 1, models.Page{Number: 1, Size: 10}); err != nil || len(notices) != 1 {
		t.Errorf("the inbox holds %d notices, %v; want what was told", len(notices), err)
	}
}

func TestADigestGoesAtItsHour(t *testing.T) {
	exim, o := mailtest.NewBare(t), newOutbox(t)
	w := o.worker(serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
	err := o.Write(t.Context(), models.Actor{AccountID: 1}, func(tx *db.Tx) error {
		return work.Prefer(t.Context(), tx, map[work.Kind]work.Frequency{work.Approval: work.Daily})
	})
	if err != nil {
		t.Fatal(err)
	}
	m := approval(1, "a@"+mailtest.Domain)
	second := m
	second.Args = []string{"Kaart", "Õppeministeerium"}
	o.tell(m, second)
	seven := time.Date(2026, 3, 3, 5, 0, 0, 0, time.UTC) // in Tallinn, in winter
	for _, tt := range []struct {
		at   time.Time
		want int
	}{{noon.Add(time.Hour), 0}, {seven.Add(-time.Second), 0}, {seven, 1}, {seven.Add(time.Hour), 1}, {seven.Add(24 * time.Hour), 1}} {
		o.now = tt.at
		w.turn(t.Context())
		if n := exim.Taken(); n != tt.want {
			t.Errorf("at %v %d letters have gone; want %d", tt.at, n, tt.want)
		}
	}
	text := exim.Mails()[0].Parts[0].Text
	for _, want := range []string{"Päeva lugemata teated\n", "- Kas kinnitada Päevik Lite? Taotleja: Järveääre Koolivalitsus\n- Kas kinnitada Kaart? Taotleja: Õppeministeerium\n",
		"https://pilveturg.example/et/inbox\n", "token=1.digest."} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest lacks %q:\n%s", want, text)
		}
	}
}
