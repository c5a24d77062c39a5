package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	maxRecord = 4 << 20  // bytes of a line, row or element; a longer one is not read
	buffer    = 64 << 10 // bytes read from a file at a time
)

// openText makes r ready to be read as UTF-8: it steps over a byte order mark and
// refuses what its first bytes show to be something else.
func openText(file string, r io.Reader) (*bufio.Reader, *Problem) {
	b := bufio.NewReaderSize(r, buffer)
	head, _ := b.Peek(16)
	stop := func(key string, args ...any) *Problem {
		return &Problem{File: file, Effect: Stopped, Key: key, Args: args}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, _ = b.Discard(3)
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")), everyOtherNUL(head):
		return nil, stop("exchange.utf16")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil, stop("exchange.workbook")
	case bytes.HasPrefix(head, []byte("\x1F\x8B")):
		return nil, stop("exchange.compressed")
	}
	return b, nil
}

// everyOtherNUL recognises UTF-16 without a byte order mark: ASCII written in it
// is NUL in every even or every odd place.
func everyOtherNUL(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	for i, c := range head {
		if (c == 0) != (head[i%2] == 0) {
			return false
		}
	}
	return (head[0] == 0) != (head[1] == 0)
}

// notText returns the fault that keeps b from being text: bytes that are not
// UTF-8, or a NUL. at is where in the file b begins, in bytes.
func notText(b []byte, at int64) *fault {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return &fault{key: "exchange.nul", args: []any{at + int64(i)}}
	}
	if utf8.Valid(b) {
		return nil
	}
	i := firstInvalid(b)
	return &fault{key: "exchange.not_utf8", args: []any{at + int64(i), fmt.Sprintf("0x%02X", b[i]), guessEncoding(b)}}
}

func firstInvalid(b []byte) int {
	i := 0
	for i < len(b) {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

// guessEncoding names the encoding that text with letters of Estonian and its
// neighbours is most likely in, when it is not UTF-8.
func guessEncoding(b []byte) string {
	windows, mac := 0, 0
	for _, c := range b {
		switch c {
		case 0xE4, 0xF5, 0xF6, 0xFC, 0xC4, 0xD5, 0xD6, 0xDC, 0xE5, 0xE9, 0x92, 0x93, 0x94, 0x96: // äõöüÄÕÖÜåé ’“”–
			windows++
		case 0x8A, 0x9A, 0x9B, 0x9F, 0x80, 0x85, 0x86, 0xCD, 0x8E, 0xD0, 0xD2, 0xD3: // the same letters of the Macintosh
			mac++
		}
	}
	if mac > windows {
		return "Mac Roman"
	}
	return "Windows-1252"
}

// lines reads a file line by line within bounded memory.
type lines struct {
	r      *bufio.Reader
	number int64 // of the line last read, from 1
	start  int64 // where in the file it begins, in bytes
	next   int64
	buf    []byte
}

// read returns the next line without its end, and how it ended: whole is false for
// a last line that no line end closes, long for one over the limit, whose text is
// lost. The bytes are good until the next call.
func (l *lines) read() (line []byte, whole, long bool, err error) {
	l.buf, l.start = l.buf[:0], l.next
	l.number++
	for {
		part, err := l.r.ReadSlice('\n')
		l.next += int64(len(part))
		long = long || len(l.buf)+len(part) > maxRecord+2
		if !long {
			l.buf = append(l.buf, part...)
		}
		switch {
		case err == nil:
			return bytes.TrimSuffix(bytes.TrimSuffix(l.buf, []byte("\n")), []byte("\r")), true, long, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && l.next > l.start:
			return l.buf, false, long, nil
		default:
			return nil, false, false, err
		}
	}
}
