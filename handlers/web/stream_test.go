package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func streams(write func(io.Writer) error) Handler {
	return func(*Request) (Reply, error) { return Stream("text/plain", write), nil }
}

func TestAStreamIsSentAsItComes(t *testing.T) {
	sent := make(chan struct{})
	h, _ := portal(t, streams(func(w io.Writer) error {
		if _, err := w.Write(bytes.Repeat([]byte("a"), 2*streamPiece)); err != nil {
			return err
		}
		<-sent // the reader has the beginning before there is an end
		_, err := io.WriteString(w, "end")
		return err
	}))
	server := httptest.NewServer(h)
	defer server.Close()
	a, err := http.Get(server.URL + "/en/page")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	first := make([]byte, streamPiece)
	if _, err := io.ReadFull(a.Body, first); err != nil {
		t.Fatal(err)
	}
	close(sent)
	rest, err := io.ReadAll(a.Body)
	if err != nil || len(rest) != streamPiece+3 || !bytes.HasSuffix(rest, []byte("aend")) {
		t.Errorf("the rest has %d bytes, %v", len(rest), err)
	}
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/plain" || a.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("it says %d, %v", a.StatusCode, a.Header)
	}
}

// What breaks off in the middle must not look like a whole file.
func TestAStreamThatFailsInTheMiddleBreaksTheConnection(t *testing.T) {
	h, log := portal(t, streams(func(w io.Writer) error {
		if _, err := w.Write(bytes.Repeat([]byte("a"), 2*streamPiece)); err != nil {
			return err
		}
		return errors.New("the disk is gone")
	}))
	server := httptest.NewServer(h)
	defer server.Close()
	a, err := http.Get(server.URL + "/en/page")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if got, err := io.ReadAll(a.Body); err == nil {
		t.Errorf("the reader got %d bytes and no error", len(got))
	}
	if !strings.Contains(log.String(), "the disk is gone") {
		t.Errorf("the log says %q", log)
	}
}

func TestAStreamThatFailsAtOnceBecomesAPage(t *testing.T) {
	h, _ := portal(t, streams(func(w io.Writer) error {
		_, _ = io.WriteString(w, "little") // which is not sent yet
		return errors.New("the disk is gone")
	}))
	if a := get(h); a.Code != 500 || strings.Contains(a.Body.String(), "little") || !strings.Contains(a.Header().Get("Content-Type"), "html") {
		t.Errorf("it answers %d: %s", a.Code, a.Body)
	}
}

func TestAStreamOfNothingIsAnEmptyAnswer(t *testing.T) {
	h, _ := portal(t, streams(func(io.Writer) error { return nil }))
	if a := get(h); a.Code != 200 || a.Body.Len() > 0 || a.Header().Get("Content-Type") != "text/plain" {
		t.Errorf("it answers %d: %v", a.Code, a.Header())
	}
}
