package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pilveturg/models"
)

// The most characters of a document.
const (
	MaxPaperTitle = 300
	MaxPaperText  = 200_000
)

// PaperKind tells what sort of document a [Paper] is.
type PaperKind string

// The kinds of documents.
const (
	PaperCertificate   PaperKind = "certificate"
	PaperTerms         PaperKind = "terms"
	PaperSecurity      PaperKind = "security"      // a report or description of how safe it is
	PaperAccessibility PaperKind = "accessibility" // a statement or report
	PaperDefinition    PaperKind = "service_definition"
	PaperPrices        PaperKind = "price_list"
	PaperOther         PaperKind = "other"
)

// PaperKinds are all of them, in the order they are offered.
var PaperKinds = []PaperKind{PaperCertificate, PaperTerms, PaperSecurity, PaperAccessibility, PaperDefinition, PaperPrices, PaperOther}

// Paper is a document that a version has: a certificate, its terms, a price list.
// Proof tells who has looked at it: nobody when it is [Stated].
type Paper struct {
	Code       string      `json:"code" db:"code"` // tells it apart from the others of the version
	Titles     models.Text `json:"titles" db:"-"`  // at least one
	Kind       PaperKind   `json:"kind" db:"kind"`
	URL        string      `json:"url,omitempty" db:"url"` // absolute http(s) address of it
	Language   string      `json:"language" db:"language"` // it is written in: BCP 47
	Issued     models.Date `json:"issued,omitzero" db:"issued"`
	ValidUntil models.Date `json:"valid_until,omitzero" db:"valid_until"` // its last day
	Proof      Proof       `json:"proof" db:"proof"`
	Answers    []string    `json:"answers,omitempty" db:"-"`  // the questions whose answers it proves
	Text       string      `json:"text,omitempty" db:"words"` // all of it as plain text; empty when that is not known, or its vendor brought the file
	File       string      `json:"file,omitempty" db:"file"`  // SHA-256 in hexadecimal of the content that its vendor brought; empty: it is elsewhere
}

// Checked reports whether somebody has looked at the document. The text of such a
// one is searched.
func (p *Paper) Checked() bool { return p.Proof == Document || p.Proof == Tested }

var (
	paperCode = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)
	paperFile = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// papers checks the documents of a version.
func (k *checker) papers(papers []Paper) {
	for i := range papers {
		p, path := &papers[i], fmt.Sprintf("documents[%d].", i)
		if len(p.Code) > 64 || !paperCode.MatchString(p.Code) {
			k.add(path+"code", "document.code", p.Code)
		}
		if slices.ContainsFunc(papers[:i], func(o Paper) bool { return o.Code == p.Code }) {
			k.add(path+"code", "content.twice", p.Code)
		}
		if !slices.Contains(PaperKinds, p.Kind) {
			k.add(path+"kind", "document.kind", p.Kind)
		}
		k.paperWords(path, p)
		if p.URL != "" && !webAddress(p.URL) {
			k.add(path+"url", "content.website", p.URL)
		}
		if p.File != "" && !paperFile.MatchString(p.File) {
			k.add(path+"file", "document.content", p.File)
		}
		if !p.Issued.IsZero() && !p.ValidUntil.IsZero() && p.ValidUntil.Before(p.Issued) {
			k.add(path+"valid_until", "answer.until", p.Issued)
		}
		if p.Proof != Stated && !p.Checked() {
			k.add(path+"proof", "answer.proof", p.Proof)
		}
		k.paperAnswers(path, p)
	}
}

func (k *checker) paperWords(path string, p *Paper) {
	if len(models.Languages(p.Titles)) == 0 {
		k.add(path+"titles", "source.title")
	}
	for _, lang := range languages(p.Titles) {
		if !languageShape.MatchString(lang) {
			k.add(path+"titles."+lang, "content.language", lang)
		}
		if strings.TrimSpace(p.Titles[lang]) == "" {
			k.add(path+"titles."+lang, "source.title")
		}
		k.text(path+"titles."+lang, p.Titles[lang], MaxPaperTitle, false)
	}
	if !languageShape.MatchString(p.Language) {
		k.add(path+"language", "content.language", p.Language)
	}
	k.text(path+"text", p.Text, MaxPaperText, true)
}

func (k *checker) paperAnswers(path string, p *Paper) {
	for i, id := range p.Answers {
		at := fmt.Sprintf("%sanswers[%d]", path, i)
		if _, ok := k.schema.Question(id); !ok {
			k.add(at, "answer.question", id)
		}
		if slices.Contains(p.Answers[:i], id) {
			k.add(at, "content.twice", id)
		}
	}
}

// papers adds the documents of a version.
func (w *writer) papers(papers []Paper) {
	var rows, titles, questions [][]any
	for i := range papers {
		p := &papers[i]
		rows = append(rows, []any{i, p.Code, p.Kind, p.URL, p.Language, p.Issued, p.ValidUntil, p.Proof, p.Text, p.File})
		for _, lang := range models.Languages(p.Titles) {
			titles = append(titles, []any{i, lang, p.Titles[lang]})
		}
		for j, id := range p.Answers {
			questions = append(questions, []any{i, j, id})
		}
	}
	w.insert("version_documents", "position code kind url language issued valid_until proof words file", rows)
	w.insert("version_document_titles", "document language title", titles)
	w.insert("version_document_questions", "document position question", questions)
}

// papers reads the documents; most versions have none, and cost one query.
func (g *reading) papers() {
	var rows []struct {
		Number int `db:"number"`
		Paper
	}
	g.find(&rows, `number, code, kind, url, language, issued, valid_until, proof, words, file`, `version_documents`, `number, position`)
	if len(rows) == 0 {
		return
	}
	for _, w := range rows {
		e := &g.all[g.at[w.Number]]
		e.Documents = append(e.Documents, w.Paper)
	}
	type item struct {
		Number   int    `db:"number"`
		Document int    `db:"document"`
		Language string `db:"language"`
		Value    string `db:"value"`
	}
	var titles, questions []item
	g.find(&titles, `number, document, language, title AS value`, `version_document_titles`, `number`)
	for _, w := range titles {
		g.all[g.at[w.Number]].Documents[w.Document].Titles.Set(w.Language, w.Value)
	}
	g.find(&questions, `number, document, question AS value`, `version_document_questions`, `number, document, position`)
	for _, w := range questions {
		p := &g.all[g.at[w.Number]].Documents[w.Document]
		p.Answers = append(p.Answers, w.Value)
	}
}

// papers finds the documents that came, went or changed, by their codes.
func (d *differ) papers(old, new []Paper) {
	o, n := byCode(old), byCode(new)
	for _, code := range union(paperCodes(old), paperCodes(new)) {
		a, b := o[code], n[code]
		at := Difference{Field: FieldDocument, Document: code}
		if a == nil || b == nil {
			d.one(at, a.code(), b.code())
			continue
		}
		for _, lang := range models.Languages(a.Titles, b.Titles) {
			d.one(at.in("title").of(lang), a.Titles[lang], b.Titles[lang])
		}
		d.one(at.in("kind"), string(a.Kind), string(b.Kind))
		d.one(at.in("url"), a.URL, b.URL)
		d.one(at.in("language"), a.Language, b.Language)
		d.one(at.in("issued"), a.Issued.String(), b.Issued.String())
		d.one(at.in("valid_until"), a.ValidUntil.String(), b.ValidUntil.String())
		d.one(at.in("proof"), string(a.Proof), string(b.Proof))
		d.list(at.in("answers"), a.Answers, b.Answers)
		d.one(at.in("text"), a.Text, b.Text)
		d.one(at.in("file"), a.File, b.File)
	}
}

// in is the difference in a member of the document, of in the words of a language.
func (d Difference) in(member string) Difference {
	d.Path = []string{member}
	return d
}

func (d Difference) of(lang string) Difference {
	d.Language = lang
	return d
}

// code is that of a document, "" for none.
func (p *Paper) code() string {
	if p == nil {
		return ""
	}
	return p.Code
}

func byCode(papers []Paper) map[string]*Paper {
	m := make(map[string]*Paper, len(papers))
	for i := range papers {
		m[papers[i].Code] = &papers[i]
	}
	return m
}

func paperCodes(papers []Paper) []string {
	codes := make([]string, len(papers))
	for i := range papers {
		codes[i] = papers[i].Code
	}
	return codes
}
