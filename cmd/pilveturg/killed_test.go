package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

const (
	killedRequests = 600 // more than can be approved before the last kill
	killedRounds   = 3
)

// A program that is killed while approvals come in has done each of them wholly or not
// at all: the vote, the order, the money that is reserved and the note in the log. What
// it said was approved is.
func TestKilledInTheMiddleOfApprovals(t *testing.T) {
	if testing.Short() {
		t.Skip("building the program is not short")
	}
	dir := t.TempDir()
	binary, file := filepath.Join(dir, "pilveturg"), filepath.Join(dir, "killed.db")
	if b, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, b)
	}
	var requests []int64
	acknowledged := map[int64]bool{}
	for round := range killedRounds {
		server, at := startBinary(t, binary, file)
		if round == 0 {
			requests = manyRequests(t, file)
		}
		for _, id := range approveUntilKilled(t, server, at, requests, time.Duration(150+100*round)*time.Millisecond) {
			acknowledged[id] = true
		}
		checkWhole(t, file, acknowledged)
	}
	if len(acknowledged) == 0 || len(acknowledged) == killedRequests {
		t.Errorf("%d of %d approvals were answered before the kills, so nothing was tried", len(acknowledged), killedRequests)
	}
	t.Logf("%d of %d approvals were answered before %d kills", len(acknowledged), killedRequests, killedRounds)
	if code := run(t.Context(), &env{in: strings.NewReader(""), out: os.Stderr, err: os.Stderr}, []string{"audit", "-db", file, "verify"}); code != exitDone {
		t.Errorf("the log does not hold together: %d", code)
	}
}

func startBinary(t *testing.T, binary, file string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(binary, "-addr", "127.0.0.1:0", "-db", file)
	cmd.Env, cmd.Stderr = plainEnviron(), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may be gone
	return cmd, told(t, out)
}

func openFile(t *testing.T, file string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// manyRequests adds requests of the demonstration's buyer that wait for approval, once
// all of the demonstration is there: approvals and it would wait for each other.
func manyRequests(t *testing.T, file string) (ids []int64) {
	t.Helper()
	d := openFile(t, file)
	defer d.Close()
	waitForYears(t, d)
	err := d.Write(t.Context(), models.Actor{Program: "test"}, func(tx *db.Tx) error {
		const q = `INSERT INTO subscriptions (organisation_id, once, offering_id, version, plan, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, words, needs, state, requester_id, requested_at)
			SELECT s.organisation_id, ?, s.offering_id, s.version, s.plan, 12, '2026-01-01', 'none', 0, 100, 0, s.budget_id, '', 1, 'requested', s.requester_id, ?
			FROM subscriptions s WHERE s.state = 'active' AND s.budget_id IS NOT NULL ORDER BY s.id LIMIT 1 RETURNING id`
		for i := range killedRequests {
			var id int64
			if err := tx.Get(t.Context(), &id, q, fmt.Sprint("killed ", i), tx.Now); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// approveUntilKilled approves requests, several at a time, and kills the server after a
// while; it returns those that it said are approved.
func approveUntilKilled(t *testing.T, server *exec.Cmd, at string, requests []int64, after time.Duration) (done []int64) {
	t.Helper()
	jar, _ := cookiejar.New(nil) // without options it does not fail
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(path string, form url.Values) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+path, strings.NewReader(form.Encode()))
		if err != nil {
			return 0
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", at)
		answer, err := client.Do(r)
		if err != nil {
			return 0 // it was killed
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	if code := post("/en/sign-in/demo", url.Values{"person": {"2"}}); code != http.StatusSeeOther {
		t.Fatalf("signing in is answered %d", code)
	}
	work := make(chan int64)
	gone := make(chan struct{})
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for id := range work {
				if post(fmt.Sprintf("/en/approvals/sub-%d", id), url.Values{"round": {"1"}, "answer": {"approve"}}) == http.StatusSeeOther {
					mu.Lock()
					done = append(done, id)
					mu.Unlock()
				}
			}
		})
	}
	time.AfterFunc(after, func() {
		_ = server.Process.Kill()
		close(gone)
	})
	for _, id := range requests {
		select {
		case work <- id:
			continue
		case <-gone:
		}
		break
	}
	close(work)
	<-gone
	wg.Wait()
	_ = server.Wait() // it was killed, and says so
	return done
}

// checkWhole complains of anything half-done, and of what was said to be done and is not.
func checkWhole(t *testing.T, file string, acknowledged map[int64]bool) {
	t.Helper()
	d := openFile(t, file)
	defer d.Close()
	for what, q := range map[string]string{
		"lines of the budget that do not hold what is reserved": `SELECT b.id FROM budget_lines b WHERE b.reserved <> (SELECT COALESCE(SUM(s.held), 0) FROM subscriptions s WHERE s.budget_id = b.id)
			+ (SELECT COALESCE(SUM(c.held), 0) FROM amendments c JOIN subscriptions s ON s.id = c.subscription_id WHERE s.budget_id = b.id)`,
		"orders without the vote, the money, the step or the note": `SELECT s.id FROM subscriptions s WHERE s.once LIKE 'killed %' AND s.state = 'ordered' AND (s.held <> 100 OR s.ordered_at IS NULL
			OR NOT EXISTS (SELECT 1 FROM approval_votes v WHERE v.subscription_id = s.id) OR NOT EXISTS (SELECT 1 FROM subscription_steps p WHERE p.subscription_id = s.id AND p.step = 'approve')
			OR NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.subject = 'subscription ' || s.id AND e.action = 'subscription.moved'))`,
		"votes without an order": `SELECT s.id FROM subscriptions s WHERE s.once LIKE 'killed %' AND s.state <> 'ordered' AND (s.held <> 0 OR EXISTS (SELECT 1 FROM approval_votes v WHERE v.subscription_id = s.id))`,
	} {
		var ids []int64
		if err := d.Select(context.Background(), &ids, q); err != nil || len(ids) > 0 {
			t.Errorf("%s: %v, %v", what, ids, err)
		}
	}
	var ordered []int64
	if err := d.Select(context.Background(), &ordered, `SELECT id FROM subscriptions WHERE once LIKE 'killed %' AND state = 'ordered'`); err != nil {
		t.Fatal(err)
	}
	there := map[int64]bool{}
	for _, id := range ordered {
		there[id] = true
	}
	for id := range acknowledged {
		if !there[id] {
			t.Errorf("subscription %d was said to be approved, and is not", id)
		}
	}
}
