package blobs_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pilveturg/handlers/blobs"
	"pilveturg/models/documents"
)

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// place is where contents are kept, with a way to spoil one from outside.
type place struct {
	documents.Blobs
	spoil func(hash string)
}

// places are a folder and a bucket, both empty.
func places(t *testing.T) map[string]place {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "below", "files")
	folder := place{blobs.NewFolder(dir), func(hash string) {
		if err := os.WriteFile(filepath.Join(dir, hash[:2], hash), []byte("spoiled"), 0o600); err != nil {
			t.Fatal(err)
		}
	}}
	server := newS3(t)
	bucket, err := blobs.NewBucket(server.config())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]place{"folder": folder, "bucket": {bucket, func(hash string) { server.put("kept/in/"+hash, []byte("spoiled")) }}}
}

func TestContentsAreKept(t *testing.T) {
	for name, p := range places(t) {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			content := bytes.Repeat([]byte("sisu "), 100_000)
			hash := hashOf(content)
			if _, err := p.Open(ctx, hash); !errors.Is(err, documents.ErrNoBlob) {
				t.Errorf("before it comes: %v", err)
			}
			for range 2 {
				s, err := p.Put(ctx, bytes.NewReader(content), int64(len(content)))
				if err != nil || s.Hash != hash || s.Size != int64(len(content)) {
					t.Fatalf("put: %+v, %v", s, err)
				}
			}
			c, err := p.Open(ctx, hash)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := c.Seek(5, io.SeekStart); err != nil {
				t.Error(err)
			}
			if got, err := io.ReadAll(c); err != nil || !bytes.Equal(got, content[5:]) {
				t.Errorf("read %d bytes, %v", len(got), err)
			}
			if got := listed(t, p); got != hash {
				t.Errorf("listed %q", got)
			}
			p.spoil(hash)
			if _, err := p.Open(ctx, hash); !errors.Is(err, documents.ErrDamaged) {
				t.Errorf("once it is spoiled: %v", err)
			}
			if _, err := p.Put(ctx, bytes.NewReader(content), int64(len(content))); err != nil {
				t.Errorf("put again: %v", err)
			}
			if c, err := p.Open(ctx, hash); err != nil {
				t.Errorf("once it came again: %v", err)
			} else {
				c.Close()
			}
			for range 2 {
				if err := p.Delete(ctx, hash); err != nil {
					t.Error(err)
				}
			}
			if _, err := p.Open(ctx, hash); !errors.Is(err, documents.ErrNoBlob) {
				t.Errorf("once it has gone: %v", err)
			}
			for _, odd := range []string{"", "../../etc/passwd", strings.ToUpper(hash), hash + "0"} {
				if _, err := p.Open(ctx, odd); !errors.Is(err, documents.ErrNoBlob) {
					t.Errorf("%q: %v", odd, err)
				}
			}
		})
	}
}

func listed(t *testing.T, b documents.Blobs) string {
	t.Helper()
	var all []string
	for s, err := range b.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s.Hash)
	}
	return strings.Join(all, " ")
}

func TestWhatDoesNotComeWholeIsNotKept(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, p := range places(t) {
		for _, c := range []struct {
			name string
			ctx  context.Context
			r    io.Reader
			most int64
			want error
		}{
			{"a byte too many", t.Context(), strings.NewReader("12345"), 4, documents.ErrTooLarge},
			{"it breaks off", t.Context(), io.MultiReader(strings.NewReader("12"), iotest.ErrReader(io.ErrUnexpectedEOF)), 4, io.ErrUnexpectedEOF},
			{"nobody waits for it", stopped, strings.NewReader("1234"), 4, context.Canceled},
		} {
			if _, err := p.Put(c.ctx, c.r, c.most); !errors.Is(err, c.want) {
				t.Errorf("%s: %s: %v; want %v", name, c.name, err, c.want)
			}
		}
		if got := listed(t, p); got != "" {
			t.Errorf("%s keeps %q", name, got)
		}
	}
}

func TestManyBringTheSameAtOnce(t *testing.T) {
	for name, p := range places(t) {
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				s, err := p.Put(t.Context(), strings.NewReader("the same"), 100)
				if err == nil {
					var c documents.Content
					if c, err = p.Open(t.Context(), s.Hash); err == nil {
						c.Close()
					}
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
	}
}

func TestAFolderClearsAwayWhatWasLeft(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	for name, at := range map[string]time.Time{"new-old": now.Add(-25 * time.Hour), "new-young": now, "notes.txt": now.Add(-time.Hour * 1000)} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	if got := listed(t, blobs.NewFolder(dir)); got != "" {
		t.Errorf("listed %q", got)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("%v, %v; want what is young, and what is not ours", left, err)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := blobs.NewFolder(filepath.Join(file, "below"))
	if _, err := f.Put(t.Context(), strings.NewReader("x"), 1); err == nil {
		t.Error("it keeps files in a file")
	}
	if _, err := f.Open(t.Context(), hashOf(nil)); err == nil {
		t.Error("it finds files in a file")
	}
}

func TestABucketThatCannotBeReached(t *testing.T) {
	server := httptest.NewServer(nil)
	at, err := url.Parse(server.URL)
	server.Close()
	if err != nil {
		t.Fatal(err)
	}
	b, err := blobs.NewBucket(blobs.BucketConfig{Endpoint: *at, Region: "r", Name: "bucket", Key: "k", Secret: "s"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Second)
	defer stop()
	if _, err := b.Put(ctx, strings.NewReader("x"), 1); err == nil || errors.Is(err, documents.ErrTooLarge) {
		t.Errorf("put: %v", err)
	}
	if _, err := b.Open(ctx, hashOf(nil)); err == nil || errors.Is(err, documents.ErrNoBlob) {
		t.Errorf("open: %v", err)
	}
}

func TestABucketOpensToItsKeyOnly(t *testing.T) {
	c := newS3(t).config()
	c.Secret = "another"
	b, err := blobs.NewBucket(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(t.Context(), strings.NewReader("x"), 1); err == nil {
		t.Error("another secret opens it")
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		name, address, key string
		ok                 bool
	}{
		{"a folder", "var/files", "", true},
		{"a bucket", "s3://bucket/prefix?endpoint=https://s3.example:9000&region=eu", "key", true},
		{"a bucket of Amazon's", "s3://bucket?region=eu-north-1", "key", true},
		{"a bucket without a key", "s3://bucket", "", false},
		{"nothing", "", "", false},
		{"another scheme", "ftp://host/files", "", false},
		{"no bucket", "s3:///prefix", "key", false},
		{"a key in the address", "s3://key:secret@bucket", "key", false},
		{"an endpoint with a path", "s3://bucket?endpoint=https://host/path", "key", false},
		{"a word too many", "s3://bucket?zone=1", "key", false},
	} {
		if _, err := blobs.Open(c.address, c.key, "secret"); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
