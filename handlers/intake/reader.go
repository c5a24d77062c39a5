package intake

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
)

// What reading a text may cost, in a process of its own.
const (
	readWithin = 4 * time.Second // then it ends with what it has
	killAfter  = 8 * time.Second // what does not end by itself
	readMemory = 512 << 20       // bytes
	readStack  = 64 << 20        // bytes
	readers    = 2               // at once
)

// Reader reads texts in processes of their own: one that a hostile file wears out ends,
// and nothing else does.
type Reader struct {
	command []string
	turns   chan struct{}
}

// NewReader starts the command for each text, which is to call [Serve].
func NewReader(command ...string) *Reader {
	return &Reader{command, make(chan struct{}, readers)}
}

// Text returns the text of a file that [Inspect] has let pass, and what came of reading
// it. An error says why it cannot be read; the file is no worse for that.
func (r *Reader) Text(ctx context.Context, b []byte) (string, documents.Reading, error) {
	select {
	case r.turns <- struct{}{}:
		defer func() { <-r.turns }()
	case <-ctx.Done():
		return "", documents.Failed, ctx.Err()
	}
	ctx, stop := context.WithTimeout(ctx, killAfter)
	defer stop()
	c := exec.CommandContext(ctx, r.command[0], r.command[1:]...)
	c.Env = []string{"GOMAXPROCS=1", "GOTRACEBACK=none"} // no secret of ours is in it
	c.Dir, c.WaitDelay = "/", time.Second
	c.Stdin = bytes.NewReader(b)
	out, complaint := sink{left: catalogue.MaxPaperText * utf8.UTFMax}, sink{left: 500}
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		return "", documents.Failed, fmt.Errorf("read text: %w: %s", err, strings.TrimSpace(strings.ToValidUTF8(complaint.String(), "")))
	}
	text := strings.ToValidUTF8(out.String(), "")
	if text == "" {
		return "", documents.Silent, nil
	}
	return text, documents.Read, nil
}

// sink keeps the first bytes of what is written to it.
type sink struct {
	bytes.Buffer
	left int
}

// Write implements [io.Writer].
func (s *sink) Write(p []byte) (int, error) {
	n := min(len(p), s.left)
	s.left -= n
	s.Buffer.Write(p[:n])
	return len(p), nil
}

// Serve writes the text of the file that in holds to out, within limits that it sets for
// the whole process: it is for one that does nothing else.
func Serve(in io.Reader, out io.Writer) error {
	debug.SetMaxStack(readStack)
	debug.SetMemoryLimit(readMemory / 2)
	if err := confine(); err != nil {
		return fmt.Errorf("limits of the process: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(in, documents.MaxSize+1))
	if err != nil {
		return err
	}
	m, err := Inspect(b)
	if err != nil {
		return err
	}
	text, err := ReadText(m, b, readWithin)
	if err == nil {
		_, err = io.WriteString(out, text)
	}
	return err
}
