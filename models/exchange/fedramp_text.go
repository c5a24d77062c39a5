package exchange

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// nothing are the words with which the marketplace says that there is nothing.
var nothing = []string{"", "N/A", "Not Active", "Not In Process", "No FRR Date"}

func saysNothing(s string) bool { return slices.Contains(nothing, s) }

// day reads a moment like "2024-06-20T20:00:00.000Z" as its day; clear is false
// for what is no moment of the time in which there have been cloud services.
func day(s string) (d models.Date, clear bool) {
	if saysNothing(s) {
		return models.Date{}, true
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return models.Date{}, false
	}
	return models.DateOf(t), true
}

// site makes a web address of what somebody wrote as one; "" when it is none.
func site(s string) string {
	s = strings.TrimSpace(s)
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		s = strings.ToLower(scheme) + "://" + rest
	} else if s != "" {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") || strings.ContainsFunc(s, unicode.IsSpace) {
		return ""
	}
	u.Host = strings.ToLower(u.Host)
	return u.String()
}

// takes reports whether the schema takes an address in a content. One that it does
// not take must not keep the rest of a record out.
func takes(schema *catalogue.Schema, c catalogue.Content) bool {
	c.Language = "en"
	c.Words = map[string]catalogue.Words{"en": {Name: "x"}}
	return schema.CheckContent(c) == nil
}

// legalForms are the words at the end of a company's name that people leave out.
var legalForms = []string{"inc", "incorporated", "llc", "corp", "corporation", "co", "company", "ltd", "limited", "lp", "llp", "plc", "gmbh"}

// sameName makes one text of the spellings of a company's name: "Cisco Systems,
// Inc." and "cisco systems inc" are both "cisco systems".
func sameName(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for len(words) > 1 && slices.Contains(legalForms, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// code makes a part of a key from a name.
func code(name string) string { return strings.ReplaceAll(sameName(name), " ", "-") }

// clean puts a text of the marketplace into plain lines: LF at their ends, single
// spaces, nothing that cannot be seen. It returns which unusual characters it
// replaced or removed, and which it left although they look damaged.
func clean(s string) (text string, changed, odd []string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == ' ':
			return r
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Zs, r):
			changed = once(changed, codePoint(r))
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			changed = once(changed, codePoint(r))
			return -1
		case r == '¬' || r == utf8.RuneError || r == 'Ã' || r == 'Â':
			odd = once(odd, codePoint(r))
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n")), changed, odd
}

func codePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }

func once(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// visible removes from a text what cannot be seen and is no space or line end, and
// returns which characters these were.
func visible(s string) (text string, removed []string) {
	text = strings.Map(func(r rune) rune {
		if (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) && r != '\n' && r != '\t' && r != '\u200d' {
			removed = once(removed, codePoint(r))
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return text, removed
}

// oneLine is clean for names.
func oneLine(s string) string {
	text, _, _ := clean(s)
	return strings.ReplaceAll(text, "\n", " ")
}

// markdown makes Markdown of cleaned plain lines: every line a paragraph or, when
// it begins with a bullet, an entry of a list; what would mean something to
// Markdown is escaped.
func markdown(plain string) string {
	var b strings.Builder
	inList := false
	for line := range strings.SplitSeq(plain, "\n") {
		if line == "" {
			continue
		}
		entry, bullet := bulleted(line)
		switch {
		case b.Len() == 0:
		case bullet && inList:
			b.WriteString("\n")
		default:
			b.WriteString("\n\n")
		}
		if bullet {
			b.WriteString("- ")
		}
		b.WriteString(escape(entry))
		inList = bullet
	}
	return b.String()
}

// bulleted removes the bullet of a line that has one.
func bulleted(line string) (rest string, ok bool) {
	r, n := utf8.DecodeRuneInString(line)
	rest = strings.TrimSpace(line[n:])
	if rest == "" || !strings.ContainsRune("-*•·●", r) {
		return line, false
	}
	first, _ := utf8.DecodeRuneInString(rest)
	if strings.ContainsRune("-*", r) && line[n] != ' ' && (r == '*' || !unicode.IsLetter(first)) {
		return line, false
	}
	return rest, true
}

var markdownSigns = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "&", "&amp;")

func escape(line string) string {
	line = markdownSigns.Replace(line)
	if strings.IndexByte("#>+-=~", line[0]) >= 0 {
		return `\` + line
	}
	return line
}

const (
	longSummary  = 300 // characters
	shortSummary = 80  // a first sentence below it is joined by the second
)

// firstSentences returns the beginning of cleaned plain lines that fits a summary.
func firstSentences(plain string) string {
	paragraph, _, _ := strings.Cut(plain, "\n")
	end := 0
	for end < len(paragraph) {
		next := end + sentence(paragraph[end:])
		if utf8.RuneCountInString(strings.TrimSpace(paragraph[:next])) > longSummary {
			break
		}
		end = next
		if utf8.RuneCountInString(paragraph[:end]) >= shortSummary {
			break
		}
	}
	if end > 0 {
		return strings.TrimSpace(paragraph[:end])
	}
	return cut(paragraph, longSummary)
}

// sentence returns the length of the first sentence of s and the space behind it.
func sentence(s string) int {
	for i := 0; i+2 < len(s); i++ {
		if strings.IndexByte(".!?", s[i]) < 0 || s[i+1] != ' ' {
			continue
		}
		after, _ := utf8.DecodeRuneInString(s[i+2:])
		word := strings.TrimLeft(s[strings.LastIndexByte(s[:i], ' ')+1:i], `("`)
		short := len(word) < 2 || strings.Contains(word, ".") || slices.Contains(legalForms, strings.ToLower(word)) || word == "vs"
		if !unicode.IsLower(after) && !(short && s[i] == '.') {
			return i + 2
		}
	}
	return len(s)
}

// cut shortens a text to so many characters, between words.
func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	s = string(r[:most-1])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, " ,;:") + "…"
}
