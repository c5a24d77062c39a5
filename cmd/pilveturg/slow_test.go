package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// short are patiences that a test can wait for.
var short = patiences{head: 300 * time.Millisecond, body: 600 * time.Millisecond, answer: 900 * time.Millisecond, idle: 300 * time.Millisecond}

// hurried serves by h on loopback with short patience until the test ends.
func hurried(t *testing.T, h http.Handler) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- answer(ctx, short.server(h, slog.New(slog.NewTextHandler(io.Discard, nil))), ln) }()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	return ln.Addr().String()
}

// readsForm answers with what a form holds, as all our forms are read.
var readsForm = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusRequestTimeout)
		return
	}
	_, _ = w.Write(b)
})

// drip sends a text byte by byte, and returns after how long the server hung up.
func drip(t *testing.T, at, first, text string, each time.Duration) time.Duration {
	t.Helper()
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	begun := time.Now()
	gone := make(chan time.Duration, 1)
	go func() {
		_, _ = io.Copy(io.Discard, c)
		gone <- time.Since(begun)
	}()
	if _, err := io.WriteString(c, first); err != nil {
		t.Fatal(err)
	}
	for i := range len(text) {
		select {
		case took := <-gone:
			return took
		case <-time.After(each):
			_, _ = io.WriteString(c, text[i:i+1])
		}
	}
	select {
	case took := <-gone:
		return took
	case <-time.After(10 * time.Second):
		t.Fatal("the server never hangs up")
		return 0
	}
}

func TestWhoSendsSlowlyIsCutOff(t *testing.T) {
	at := hurried(t, readsForm)
	const slack = 2 * time.Second // other tests run at the same time
	endless := strings.Repeat("a", 1000)
	for _, tt := range []struct {
		name, first, rest string
		within            time.Duration
	}{
		{"nothing at all", "", "", short.head},
		{"a head that never ends", "GET / HTTP/1.1\r\nHost: x\r\nX-A: ", endless, short.head},
		{"a head of one line", "GET /", endless, short.head},
		{"a body that never ends", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", endless, short.body},
		{"chunks that never end", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n", endless, short.body},
		{"nothing after an answer", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "", short.idle},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if took := drip(t, at, tt.first, tt.rest, 50*time.Millisecond); took > tt.within+slack {
				t.Errorf("the server hung up after %v, want about %v", took, tt.within)
			}
		})
	}
}

func TestWhoTakesTheAnswerSlowlyIsCutOff(t *testing.T) {
	written := make(chan error, 1)
	at := hurried(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(bytes.Repeat([]byte("a"), 64<<20))
		written <- err
	}))
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-written:
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the answer ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server waits for ever")
	}
}

func TestWhileOthersDripThePortalAnswers(t *testing.T) {
	at := hurried(t, readsForm)
	for range 200 {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	if code, _ := get(t, "http://"+at+"/"); code != http.StatusOK {
		t.Errorf("status %d", code)
	}
}

func TestAHeadThatIsTooLargeIsRefused(t *testing.T) {
	at := hurried(t, readsForm)
	long := strings.Repeat("a", maxHead+8<<10)
	for name, head := range map[string]string{
		"a long address":         "GET /?q=" + long + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"a long header":          "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + long + "\r\n\r\n",
		"a host that is no host": "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
		"two hosts":              "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"no host":                "GET / HTTP/1.1\r\n\r\n",
		"two lengths":            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"a folded header":        "GET / HTTP/1.1\r\nHost: x\r\nX-A : b\r\n\r\n",
	} {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = io.WriteString(c, head) }()
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge && answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %v, %v; want it refused", name, answer, err)
		}
		c.Close()
	}
}
