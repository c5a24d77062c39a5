package catalogue

import (
	"strings"
	"testing"

	"pilveturg/models"
)

func TestCheckDocuments(t *testing.T) {
	s := realSchema(t)
	for _, tt := range []struct {
		name string
		edit func(*Paper)
		want string
	}{
		{"all is well", func(*Paper) {}, ""},
		{"only code, title, kind, language and proof are needed", func(p *Paper) {
			*p = Paper{Code: "a.1_b-2", Titles: models.Text{"et": "A"}, Kind: PaperOther, Language: "et", Proof: Stated}
		}, ""},
		{"the code is missing", func(p *Paper) { p.Code = "" }, "documents[1].code document.code"},
		{"a code has no spaces", func(p *Paper) { p.Code = "our terms" }, "documents[1].code document.code"},
		{"a code is not endless", func(p *Paper) { p.Code = strings.Repeat("a", 65) }, "documents[1].code document.code"},
		{"a code is there once", func(p *Paper) { p.Code = "terms" }, "documents[1].code content.twice"},
		{"a title is missing", func(p *Paper) { p.Titles = nil }, "documents[1].titles source.title"},
		{"a title is more than spaces", func(p *Paper) { p.Titles["et"] = " " }, "documents[1].titles.et source.title"},
		{"a title is not endless", func(p *Paper) { p.Titles["et"] = strings.Repeat("õ", 301) }, "documents[1].titles.et text.long"},
		{"a title is one line", func(p *Paper) { p.Titles["et"] = "A\nB" }, "documents[1].titles.et text.characters"},
		{"a title is in a language", func(p *Paper) { p.Titles["Estonian"] = "A" }, "documents[1].titles.Estonian content.language"},
		{"a kind that is not known", func(p *Paper) { p.Kind = "invoice" }, "documents[1].kind document.kind"},
		{"an address is absolute", func(p *Paper) { p.URL = "/iso.pdf" }, "documents[1].url content.website"},
		{"an address is not a script", func(p *Paper) { p.URL = "javascript:alert(1)" }, "documents[1].url content.website"},
		{"it is written in a language", func(p *Paper) { p.Language = "" }, "documents[1].language content.language"},
		{"it does not end before it begins", func(p *Paper) { p.ValidUntil = day("2025-01-01") }, "documents[1].valid_until answer.until"},
		{"it is valid on the day it is issued", func(p *Paper) { p.ValidUntil = p.Issued }, ""},
		{"somebody has looked at it, or nobody", func(p *Paper) { p.Proof = "" }, "documents[1].proof answer.proof"},
		{"a question that is not known", func(p *Paper) { p.Answers[1] = "colour" }, "documents[1].answers[1] answer.question"},
		{"a question is there once", func(p *Paper) { p.Answers[1] = "iso_27001" }, "documents[1].answers[1] content.twice"},
		{"a text may be as long as this", func(p *Paper) { p.Text = strings.Repeat("õ\n", MaxPaperText/2) }, ""},
		{"a text is not endless", func(p *Paper) { p.Text = strings.Repeat("õ", MaxPaperText+1) }, "documents[1].text text.long"},
		{"a text has no control characters", func(p *Paper) { p.Text = "page 1\fpage 2" }, "documents[1].text text.characters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Paper{Code: "iso-27001", Titles: models.Text{"en": "Certificate"}, Kind: PaperCertificate, URL: "https://tahvel.example/iso.pdf",
				Language: "en", Issued: day("2026-01-02"), ValidUntil: day("2029-01-01"), Proof: Document,
				Answers: []string{"iso_27001", "data_countries"}, Text: "One.\n\tTwo.\r\n"}
			tt.edit(&p)
			c := Content{Language: "et", Words: map[string]Words{"et": {Name: "Päevik"}}, Documents: []Paper{
				{Code: "terms", Titles: models.Text{"et": "Tingimused"}, Kind: PaperTerms, Language: "et", Proof: Stated}, p}}
			if got := problems(t, s.CheckContent(c)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
