package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pilveturg/db/dbtest"
)

// start serves with these flags until the test ends.
func start(t *testing.T, flags ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var log strings.Builder
	code := make(chan int, 1)
	go func() {
		e := &env{in: strings.NewReader(""), out: in, err: &log}
		code <- run(ctx, e, append([]string{"serve", "-addr", "127.0.0.1:0"}, flags...))
		in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if c := <-code; c != exitDone {
			t.Errorf("serve ended with %d:\n%s", c, log.String())
		}
	})
	at := told(t, out)
	for code, _ := get(t, at+"/readyz"); code != http.StatusOK; code, _ = get(t, at+"/readyz") {
		if code != http.StatusServiceUnavailable {
			t.Fatalf("/readyz answers %d while the index is being built, want 503", code)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return at
}

// told waits until a server tells its address.
func told(t *testing.T, out io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(out)
	var all []string
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "Pilveturg is at "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return strings.TrimSuffix(address, "/")
		}
		all = append(all, lines.Text())
		if !strings.HasPrefix(lines.Text(), "The empty database was filled") {
			t.Errorf("the server says %q", lines.Text())
		}
	}
	t.Fatalf("the server told no address, but %q", all)
	return ""
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestServeFillsAnEmptyDatabaseOnce(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	at := start(t, "-db", dsn)
	if code, body := get(t, at+"/en/services"); code != http.StatusOK || !strings.Contains(body, "/en/services/sc-") {
		t.Errorf("the list of services: %d, want services in it:\n%.400s", code, body)
	}
	var out, wrong strings.Builder
	e := &env{out: &out, err: &wrong, in: strings.NewReader("")}
	if run(t.Context(), e, []string{"undo", "1", "-db", dsn}) != exitDone {
		t.Fatalf("undo: %s", wrong.String())
	}
	at = start(t, "-db", dsn)
	if _, body := get(t, at+"/en/services"); strings.Contains(body, "/en/services/sc-") {
		t.Error("the demonstration came back after it had been undone")
	}
}

func TestServeWithoutDemonstration(t *testing.T) {
	at := start(t, "-demo=false", "-db", dbtest.EmptyDSN(t))
	code, body := get(t, at+"/en/")
	if code != http.StatusOK || strings.Contains(body, "/en/services/sc-") {
		t.Errorf("the home page: %d, want it without services", code)
	}
}

func TestRequestsInFlightFinish(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	arrived := make(chan bool)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond)
		fmt.Fprint(w, "whole")
	})}
	ended := make(chan error, 1)
	go func() { ended <- answer(ctx, s, ln) }()
	go func() {
		<-arrived
		stop()
	}()
	if _, body := get(t, "http://"+ln.Addr().String()); body != "whole" {
		t.Errorf("a request in flight got %q, want the whole answer", body)
	}
	if err := <-ended; err != nil {
		t.Errorf("a gentle stop ended with %v", err)
	}
}

func TestListenTellsWhatToDo(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	for _, c := range []struct{ name, addr, want string }{
		{"a port that is taken", ln.Addr().String(), "the port is taken"},
		{"an address of another machine", "192.0.2.1:8080", "this machine has no such address"},
		{"a host that nobody knows", "nowhere.invalid:8080", "choose another with -addr"},
	} {
		_, err := listen(t.Context(), c.addr)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.addr) {
			t.Errorf("%s: %v; want %q and the address", c.name, err, c.want)
		}
	}
}

// firstPageWithin is three times what is promised, because tests of other packages
// run at the same time.
const firstPageWithin = 3 * 2 * time.Second

// The built program, started on an empty database, is to show a page soon, and to
// end well when it is told to.
func TestFirstPage(t *testing.T) {
	if testing.Short() {
		t.Skip("building the program is not short")
	}
	binary := filepath.Join(t.TempDir(), "pilveturg")
	if b, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, b)
	}
	cmd := exec.Command(binary, "-addr", "127.0.0.1:0", "-db", filepath.Join(t.TempDir(), "new.db"))
	cmd.Env, cmd.Stderr = plainEnviron(), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	at := told(t, out)
	ready := time.Since(begun)
	code, body := get(t, at+"/et/")
	took := time.Since(begun)
	t.Logf("ready after %v, first page (%d bytes) after %v", ready.Round(time.Millisecond), len(body), took.Round(time.Millisecond))
	if code != http.StatusOK || took > firstPageWithin {
		t.Errorf("first page: %d after %v; want 200 within %v", code, took, firstPageWithin)
	}
	if err := errors.Join(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait()); err != nil {
		t.Errorf("told to stop, it ended with %v", err)
	}
}

// plainEnviron is the environment without settings of the program.
func plainEnviron() []string {
	var plain []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, prefix) {
			plain = append(plain, v)
		}
	}
	return plain
}
