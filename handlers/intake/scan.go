package intake

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	scanWithin = 20 * time.Second
	scanChunk  = 64 << 10
	scanReply  = 4096 // bytes
)

// Scanner asks clamd, the daemon of ClamAV, about files. The zero Scanner asks nobody.
type Scanner struct{ network, address string }

// ParseScanner reads the address of a clamd: "unix:/run/clamav/clamd.ctl", or a host and
// port such as "127.0.0.1:3310"; "" for none.
func ParseScanner(s string) (Scanner, error) {
	if s == "" {
		return Scanner{}, nil
	}
	if path, ok := strings.CutPrefix(s, "unix:"); ok && path != "" {
		return Scanner{"unix", path}, nil
	}
	host, port, err := net.SplitHostPort(strings.TrimPrefix(s, "tcp:"))
	if _, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil || host == "" {
		return Scanner{}, errors.New("want unix:/path or host:port")
	}
	return Scanner{"tcp", strings.TrimPrefix(s, "tcp:")}, nil
}

// Asks reports whether there is a clamd to ask.
func (s Scanner) Asks() bool { return s.address != "" }

// Scan returns [Refused] when clamd knows something evil in the file, or says nothing:
// what was not looked through is not taken in. Without a clamd all is well.
func (s Scanner) Scan(ctx context.Context, b []byte) error {
	if !s.Asks() {
		return nil
	}
	answer, err := s.ask(ctx, b)
	if err != nil {
		return refuse(Unscanned, "clamd at %s: %v", s.address, err)
	}
	what, found := strings.CutSuffix(answer, " FOUND")
	switch {
	case found:
		return refuse(Virus, "%s", strings.TrimPrefix(what, "stream: "))
	case answer == "stream: OK":
		return nil
	default:
		return refuse(Unscanned, "clamd at %s says %q", s.address, answer)
	}
}

// ask sends the file by INSTREAM, as clamd(8) describes it: chunks, each after its length
// in four bytes, and one of no length at the end.
func (s Scanner) ask(ctx context.Context, b []byte) (string, error) {
	ctx, stop := context.WithTimeout(ctx, scanWithin)
	defer stop()
	var d net.Dialer
	c, err := d.DialContext(ctx, s.network, s.address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	until, _ := ctx.Deadline()
	if err := c.SetDeadline(until); err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, func() { c.Close() })()
	w := bufio.NewWriter(c)
	_, _ = w.WriteString("zINSTREAM\x00") // what goes wrong is told by Flush
	for len(b) > 0 {
		chunk := b[:min(len(b), scanChunk)]
		b = b[len(chunk):]
		_ = binary.Write(w, binary.BigEndian, uint32(len(chunk)))
		_, _ = w.Write(chunk)
	}
	_ = binary.Write(w, binary.BigEndian, uint32(0))
	sent := w.Flush() // clamd may answer before it has all, and stop listening
	answer, err := bufio.NewReaderSize(c, scanReply).ReadString(0)
	if err != nil {
		return "", fmt.Errorf("no answer: %w", errors.Join(sent, err))
	}
	return strings.TrimSuffix(answer, "\x00"), nil
}
