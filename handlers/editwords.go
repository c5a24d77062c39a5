package handlers

import (
	"fmt"
	"regexp"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// mistakes words what is wrong, by field; of several things the first.
func (w speaker) mistakes(wrong []mistake) map[string]string {
	words := map[string]string{}
	for _, m := range wrong {
		if words[m.field] == "" {
			words[m.field] = w.mistake(m)
		}
	}
	return words
}

// mistake says what to do about what is wrong with a field.
func (w speaker) mistake(m mistake) string {
	if m.number != nil {
		return w.NumberProblem(m.number)
	}
	return w.complaint(m.Problem)
}

// problemKeys is where the words for the problems of [catalogue.Problem] begin, as people
// at a form need them; those of handlers/api name members of the JSON.
const problemKeys = "editor.wrong."

func (w speaker) complaint(p catalogue.Problem) string {
	key := problemKeys + p.Key
	if !w.Has(key) {
		key = problemKeys + "other"
	}
	if !strings.Contains(w.T(key), "%") {
		return w.T(key)
	}
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		args[i] = w.argument(a)
	}
	return w.T(key, args...)
}

// argument writes a part of a problem as people read it.
func (w speaker) argument(a any) string {
	switch v := a.(type) {
	case int:
		return w.Number(int64(v))
	case models.Decimal:
		return w.Decimal(v)
	case models.Date:
		return w.Date(v)
	case string:
		if q, ok := w.schema.Question(v); ok {
			return views.In(q.Label, w.Tag).Text
		}
		if d, err := models.ParseDecimal(v); err == nil {
			return w.Decimal(d)
		}
		return shortened(v)
	default:
		return fmt.Sprint(a)
	}
}

var (
	bareImage = regexp.MustCompile(`!\[\s*\]\(`)
	bareLink  = regexp.MustCompile(`(?i)\[\s*(here|click here|read more|link|more|siin|siit|vaata siit|loe edasi|loe rohkem|https?://\S+)\s*\]\(`)
	heading   = regexp.MustCompile(`(?m)^(#{1,6})\s`)
)

// advice tells an author what would keep some readers from what is written: pictures
// without words, links that do not say where they lead, headings that skip a level (EN
// 301 549, 11.8).
func (w speaker) advice(c catalogue.Content) []views.Notice {
	var all []views.Notice
	say := func(key string) {
		all = append(all, views.Notice{Kind: views.Info, Title: w.T("editor.advice"), Text: w.T("editor.advice." + key)})
	}
	text := ""
	for _, words := range c.Words {
		text += words.Description + "\n"
	}
	if bareImage.MatchString(text) {
		say("image")
	}
	if bareLink.MatchString(text) {
		say("link")
	}
	for _, words := range c.Words {
		if skipsLevel(words.Description) {
			say("heading")
			break
		}
	}
	return all
}

// skipsLevel reports whether headings of a text go down by more than one level.
func skipsLevel(text string) bool {
	last := 0
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		level := len(m[1])
		if last > 0 && level > last+1 {
			return true
		}
		last = level
	}
	return false
}
