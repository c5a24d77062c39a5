package intake

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
)

// enough ends reading: there is as much text as is kept.
var errEnough = errors.New("there is enough text")

// prose gathers text up to a number of characters. Words are told apart by single
// spaces and lines, paragraphs by empty lines.
type prose struct {
	b     strings.Builder
	left  int // characters
	gap   int // what stands before the next word: 0 nothing, 1 a space, 2 a line, 3 an empty line
	until time.Time
}

func newProse(until time.Time) *prose { return &prose{left: catalogue.MaxPaperText, until: until} }

const (
	wordGap = 1 + iota
	lineGap
	paragraphGap
)

func (p *prose) separate(gap int) { p.gap = max(p.gap, gap) }

// write adds a text, of which what cannot be seen or read is left out.
func (p *prose) write(s string) error {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			p.separate(wordGap)
			continue
		case r == utf8.RuneError, r == '\u00ad', unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			continue
		}
		if err := p.put(r); err != nil {
			return err
		}
	}
	if time.Now().After(p.until) {
		return errEnough
	}
	return nil
}

func (p *prose) put(r rune) error {
	letters := string(r)
	if l, ok := ligatures[r]; ok {
		letters = l
	}
	before := [...]string{"", " ", "\n", "\n\n"}[p.gap]
	if p.b.Len() == 0 {
		before = ""
	}
	n := len(before) + utf8.RuneCountInString(letters)
	if p.left -= n; p.left < 0 {
		return errEnough
	}
	p.b.WriteString(before)
	p.b.WriteString(letters)
	p.gap = 0
	return nil
}

// ligatures are letters that were drawn as one.
var ligatures = map[rune]string{'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st"}

// ReadText returns the text of a file that [Inspect] has let pass, as much as is kept of
// it, or read in time. It panics for nothing that a file can do, but may use more memory
// and stack than there is: see [Reader], which calls it in a process of its own.
func ReadText(m documents.Media, b []byte, within time.Duration) (text string, err error) {
	p := newProse(time.Now().Add(within))
	defer func() {
		if wrong := recover(); wrong != nil {
			err = fmt.Errorf("read text: %v", wrong)
		}
		text = joined(p.b.String())
		if errors.Is(err, errEnough) || text != "" {
			err = nil // what was read is better than nothing
		}
	}()
	if m == documents.PDF {
		return "", readPDF(b, p)
	}
	return "", readODF(b, p)
}

// joined puts words together that were cut at the ends of lines. A single letter before
// the hyphen, as in e-service, keeps it.
func joined(s string) string {
	const shortest = 3 // letters
	lines := strings.Split(s, "\n")
	for i := 0; i+1 < len(lines); i++ {
		cut, ok := strings.CutSuffix(lines[i], "-")
		next, _ := utf8.DecodeRuneInString(lines[i+1])
		last := strings.LastIndexFunc(cut, func(r rune) bool { return !unicode.IsLetter(r) })
		if !ok || !unicode.IsLower(next) || utf8.RuneCountInString(cut[last+1:]) < shortest {
			continue
		}
		word, rest, _ := strings.Cut(lines[i+1], " ")
		lines[i], lines[i+1] = cut+word, rest
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
