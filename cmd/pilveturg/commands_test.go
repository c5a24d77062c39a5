package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db/dbtest"
)

// many writes a file of n organisations.
func many(t *testing.T, n int) string {
	t.Helper()
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"organisation":{"key":"test:%d","kind":"agency","names":{"en":"Board %d"}}}`+"\n", i, i)
	}
	path := filepath.Join(t.TempDir(), "many.jsonl")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// quietly runs a command in the background of a test and returns what it says.
func quietly(ctx context.Context, args ...string) (code int, out, wrong string) {
	var o, e strings.Builder
	code = run(ctx, &env{in: strings.NewReader(""), out: &o, err: &e}, args)
	return code, o.String(), e.String()
}

func TestAnInterruptedImportLeavesNothing(t *testing.T) {
	dsn, path := dbtest.EmptyDSN(t), many(t, 50_000)
	if code, _, wrong := quietly(t.Context(), "migrate", "-db", dsn); code != exitDone {
		t.Fatal(wrong)
	}
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, stop)
	code, out, wrong := quietly(ctx, "import", "listings", path, "-db", dsn)
	if code != exitWrong || !strings.Contains(wrong, "stopped; nothing was changed") {
		t.Errorf("interrupted: %d, %q, %q; want it to stop and say so", code, out, wrong)
	}
	if _, out, _ = quietly(t.Context(), "imports", "-db", dsn); !strings.Contains(out, "Nothing was imported yet.") {
		t.Errorf("after the interruption: %s", out)
	}
	if _, out, _ = quietly(t.Context(), "export", "listings", "-db", dsn); out != "" {
		t.Errorf("after the interruption there is %.200s", out)
	}
}

func TestWaitingForTheStandardInputCanBeInterrupted(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dsn, asked := dbtest.EmptyDSN(t), make(chan bool)
	in := readFunc(func([]byte) (int, error) {
		close(asked)
		select {} // nobody types anything
	})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		<-asked
		stop()
	}()
	var wrong strings.Builder
	code := run(ctx, &env{in: in, out: io.Discard, err: &wrong}, []string{"import", "listings", "-", "-db", dsn})
	if code != exitWrong || !strings.Contains(wrong.String(), "stopped") {
		t.Errorf("interrupted: %d, %q; want it to stop", code, wrong.String())
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "pilveturg-*")); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "export.jsonl")
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"what is written well appears", nil, "first"},
		{"what fails half way leaves what was there", errors.New("disk full"), "first"},
	} {
		err := writeFile(path, func(w io.Writer) error {
			fmt.Fprint(w, "first")
			return c.err
		})
		b, _ := os.ReadFile(path)
		if err != c.err || string(b) != c.want {
			t.Errorf("%s: %v, %q; want %v, %q", c.name, err, b, c.err, c.want)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside it are %v, %v", entries, err)
	}
}

func TestProgressLine(t *testing.T) {
	for _, c := range []struct {
		name, file           string
		total, read, records int64
		terminal             bool
		want                 string
	}{
		{"half way on a terminal", "f", 4e6, 2e6, 10, true, "f  [############............]  50 %  1.0 MB/s  10 records  2s left"},
		{"half way elsewhere", "f", 4e6, 2e6, 1, false, "f  50 %  1.0 MB/s  1 record  2s left"},
		{"all is read, and not yet stored", "f", 4e6, 4e6, 20, false, "f  100 %  2.0 MB/s  20 records  storing"},
		{"nothing is read yet", "f", 4e6, 0, 0, false, "f  0 %  0.0 MB/s  0 records"},
		{"a folder has no size", "f", 0, 0, 7, true, "f  0.0 MB/s  7 records"},
		{"a long name is cut, so that the line can be wiped", "a-file-with-a-rather-long-name-2026-11-22.jsonl", 0, 0, 0, true,
			"…ther-long-name-2026-11-22.jsonl  0.0 MB/s  0 records"},
		{"a file that grew meanwhile", "f", 1e6, 2e6, 7, true, "f  [########################]  100 %  1.0 MB/s  7 records  storing"},
	} {
		p := &progress{e: &env{terminal: c.terminal}, name: c.file, total: c.total}
		p.read.Store(c.read)
		p.records.Store(c.records)
		if got := p.line(2 * time.Second); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

// locked is a writer that two goroutines may share.
type locked struct {
	mu sync.Mutex // guards b
	b  strings.Builder
}

// Write implements [io.Writer].
func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func TestProgressIsShownWhileItLasts(t *testing.T) {
	for _, c := range []struct {
		name     string
		terminal bool
		want     string
	}{
		{"a terminal sees a bar, which is wiped away at the end", true, wipe + "f  [............"},
		{"elsewhere a short work says nothing", false, ""},
	} {
		var out locked
		p := &progress{e: &env{err: &out, terminal: c.terminal}, name: "f", total: 100}
		want := errors.New("from inside")
		err := p.during(func() error {
			time.Sleep(redraw + redraw/2)
			return want
		})
		got := out.b.String()
		if err != want || !strings.HasPrefix(got, c.want) || c.terminal != strings.HasSuffix(got, wipe) {
			t.Errorf("%s: %v, %q; want %v, %q", c.name, err, got, want, c.want)
		}
	}
}

// What the program carries has to be what it reads.
func TestAllSeedFilesAreRead(t *testing.T) {
	var known []string
	for _, name := range append(seedFiles(), seedSynonyms, peopleFile, projectFile, contractFile, systemFile, yearsFile, ratesFile) {
		known = append(known, "../../db/"+name)
	}
	there, err := filepath.Glob("../../db/seed/*")
	if err != nil || len(there) != len(known) {
		t.Fatalf("db/seed holds %v, %v; want %v", there, err, known)
	}
	for _, path := range known {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}
