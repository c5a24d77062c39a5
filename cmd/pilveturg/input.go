package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
)

// input is a file that a command reads, once or more often.
type input struct {
	name   string // without folders; it is what reports call it
	path   string
	size   int64 // bytes; 0 when it is a folder
	folder bool
	spool  bool // path is ours, to be removed
	open   []io.Closer
}

// openInput looks at the file that word names; "-" is the standard input, which is
// kept in a temporary file because a database may ask for it again.
func openInput(ctx context.Context, e *env, word string) (*input, error) {
	if word == "-" {
		return spool(ctx, e.in)
	}
	st, err := os.Stat(word)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s", word)
	case err != nil:
		return nil, err
	}
	in := &input{name: plain(filepath.Base(word)), path: word, size: st.Size(), folder: st.IsDir()}
	if in.folder {
		in.size = 0
	}
	return in, nil
}

func spool(ctx context.Context, from io.Reader) (*input, error) {
	f, err := os.CreateTemp("", "pilveturg-*")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := &input{name: "standard input", path: f.Name(), spool: true}
	type result struct {
		n   int64
		err error
	}
	done := make(chan result, 1)
	go func() { // a read that waits for a person cannot be interrupted
		n, err := io.Copy(f, from)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		in.size, err = r.n, r.err
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		in.close()
		return nil, fmt.Errorf("read the standard input: %w", err)
	}
	return in, nil
}

// reader starts the file anew; what it returns is closed with the input.
func (in *input) reader(ctx context.Context, p *progress) (io.Reader, error) {
	f, err := os.Open(in.path)
	if err != nil {
		return nil, err
	}
	in.open = append(in.open, f)
	return p.bytes(ctx, f), nil
}

func (in *input) close() {
	for _, c := range in.open {
		c.Close()
	}
	if in.spool {
		os.Remove(in.path)
	}
}

// listings recognises our two formats: a line of JSON begins with a brace.
func listings(name string, r io.Reader, s *catalogue.Schema) exchange.Reader {
	b := bufio.NewReader(r)
	head, _ := b.Peek(64)
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	ext := strings.ToLower(filepath.Ext(name))
	if bytes.HasPrefix(head, []byte("{")) || ext == ".jsonl" || ext == ".ndjson" || ext == ".json" {
		return exchange.NewJSONL(name, b)
	}
	return exchange.NewCSV(name, b, s)
}
