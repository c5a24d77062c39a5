package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
	"pilveturg/views"
)

// shownOfHash is how many digits of the hash of a file tell it apart from its other
// editions.
const shownOfHash = 12

// shownOfText is how many characters of the text of a document a page shows.
const shownOfText = 600

// broughtFiles are what vendors brought to a listing: the documents, and the texts in
// them, by content.
type broughtFiles struct {
	documents map[string]documents.Document
	texts     map[string]string
}

// filesOf reads the files of a listing of a vendor.
func (s *Site) filesOf(ctx context.Context, vendor int64, papers []catalogue.Paper) (b broughtFiles, err error) {
	b.documents, b.texts, err = documents.OfListing(ctx, s.DB, vendor, papers)
	return b, err
}

// papers are the documents of a version as its page shows them. A file of the vendor's is
// handed on here; once somebody has looked at it, that holds wherever it is shown.
func (w speaker) papers(papers []catalogue.Paper, files broughtFiles, today models.Date) []views.Paper {
	var list []views.Paper
	for i := range papers {
		p, file := papers[i], files.documents[papers[i].File]
		if file.ID != 0 {
			p.Text = files.texts[p.File]
			if !file.Checked.IsZero() && p.Proof == catalogue.Stated {
				p.Proof = catalogue.Document
			}
		}
		row := views.Paper{Title: views.In(p.Titles, w.Tag), Tags: []views.Tag{w.paperTag(&p)}, Facts: w.paperFacts(&p, today),
			Proves: strings.Join(w.questionNames(p.Answers), "; ")}
		if !p.ValidUntil.IsZero() && p.ValidUntil.Before(today) {
			row.Tags = append(row.Tags, views.Tag{Kind: views.Err, Text: w.T("answer.expired")})
		}
		switch {
		case file.ID != 0:
			row.Link = views.Link{URL: filePath(file), Text: w.T("document.download", w.fileKind(file)), For: row.Title.Text}
		case p.URL != "":
			row.Link = views.Link{URL: p.URL, Text: hostOf(p.URL), For: row.Title.Text}
		}
		for _, text := range startOf(p.Text, shownOfText) {
			row.Beginning = append(row.Beginning, views.Words{Text: text, Lang: p.Language})
		}
		list = append(list, row)
	}
	return list
}

// paperTag tells who has looked at a document.
func (w speaker) paperTag(p *catalogue.Paper) views.Tag {
	if !p.Checked() {
		return views.Tag{Text: w.T("document.unchecked")}
	}
	return w.proofTag(catalogue.Answer{Proof: p.Proof})
}

// paperFacts say in a line what a document is, in which language, since and until when.
func (w speaker) paperFacts(p *catalogue.Paper, today models.Date) string {
	facts := []string{w.T("document.kind." + string(p.Kind)), w.Language(p.Language)}
	if !p.Issued.IsZero() {
		facts = append(facts, w.T("document.issued", w.DateShort(p.Issued)))
	}
	switch {
	case p.ValidUntil.IsZero():
	case p.ValidUntil.Before(today):
		facts = append(facts, w.T("answer.ended", w.DateShort(p.ValidUntil)))
	default:
		facts = append(facts, w.T("answer.until", w.DateShort(p.ValidUntil)))
	}
	return strings.Join(facts, " · ")
}

// questionNames are the labels of questions.
func (w speaker) questionNames(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		if q, ok := w.schema.Question(id); ok {
			names[i] = views.In(q.Label, w.Tag).Text
		}
	}
	return names
}

// startOf returns the paragraphs with the first characters of a text, up to the end of
// a word.
func startOf(text string, most int) []string {
	var paragraphs []string
	for text != "" {
		var p string
		p, text = nextParagraph(text)
		letters := []rune(strings.Join(strings.Fields(p), " "))
		if len(letters) == 0 {
			continue
		}
		if len(letters) <= most {
			paragraphs = append(paragraphs, string(letters))
			most -= len(letters)
			continue
		}
		if letters = letters[:most]; slices.Contains(letters, ' ') {
			letters = letters[:lastSpace(letters)]
		}
		return append(paragraphs, strings.TrimSpace(string(letters)+" …"))
	}
	return paragraphs
}

var emptyLine = regexp.MustCompile(`\n[ \t\r]*\n`)

// nextParagraph cuts a text at its first empty line.
func nextParagraph(text string) (p, rest string) {
	if at := emptyLine.FindStringIndex(text); at != nil {
		return text[:at[0]], text[at[1]:]
	}
	return text, ""
}

func lastSpace(letters []rune) int {
	last := len(letters) - 1
	for letters[last] != ' ' {
		last--
	}
	return last
}

// paperField names a document, or a part of it, among the differences: "Document Terms
// of service, valid until".
func (d differ) paperField(one catalogue.Difference) string {
	p, _ := d.paper(one.Document, d.after, d.before)
	name := d.T("change.document", d.named(p.Titles, one.Document))
	if len(one.Path) == 0 {
		return name
	}
	part := d.T("change.part." + one.Path[0])
	if one.Language != "" {
		part = d.T("change.in_language", part, d.Language(one.Language))
	}
	return name + ", " + part
}

// paper finds a document in the first of the versions that has it.
func (d differ) paper(code string, versions ...catalogue.Content) (catalogue.Paper, bool) {
	for _, c := range versions {
		if i := slices.IndexFunc(c.Documents, func(p catalogue.Paper) bool { return p.Code == code }); i >= 0 {
			return c.Documents[i], true
		}
	}
	return catalogue.Paper{}, false
}

// paperValues words one side of a difference in a document. Of texts only the length
// is told: they may be very long.
func (d differ) paperValues(one catalogue.Difference, list []string) []views.Words {
	if len(list) == 0 {
		return nil
	}
	if len(one.Path) == 0 {
		p, _ := d.paper(one.Document, d.after, d.before)
		return []views.Words{{Text: d.paperFacts(&p, d.today)}, {Text: d.paperTag(&p).Text}}
	}
	var words []views.Words
	for _, v := range list {
		words = append(words, views.Words{Text: d.paperValue(one.Path[0], v), Lang: one.Language})
	}
	return words
}

func (d differ) paperValue(member, v string) string {
	switch member {
	case "kind":
		return d.T("document.kind." + v)
	case "language":
		return d.Language(v)
	case "issued", "valid_until":
		if day, err := models.ParseDate(v); err == nil {
			return d.Date(day)
		}
	case "proof":
		return d.paperTag(&catalogue.Paper{Proof: catalogue.Proof(v)}).Text
	case "answers":
		return d.questionName(v)
	case "file":
		return d.T("change.file", v[:min(len(v), shownOfHash)])
	case "text":
		return d.N("change.characters", int64(utf8.RuneCountInString(v)))
	}
	return v
}
