package handlers

import (
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// papers are a certificate that has run out, terms that nobody has looked at, and
// a report that was checked.
func papers() []catalogue.Paper {
	return []catalogue.Paper{
		{Code: "iso", Titles: models.Text{"en": "Certificate <b>", "et": "Sertifikaat"}, Kind: catalogue.PaperCertificate, URL: "https://www.cert.example/iso.pdf?a=1&b=2",
			Language: "en", Issued: models.NewDate(2023, 1, 1), ValidUntil: models.NewDate(2026, 1, 1), Proof: catalogue.Tested, Answers: []string{"iso_27001", "data_countries"}},
		{Code: "terms", Titles: models.Text{"et": "Üldtingimused"}, Kind: catalogue.PaperTerms, Language: "et", Proof: catalogue.Stated, Text: "Lähtekood on hoiul.\n\nMuu <i>"},
		{Code: "report", Titles: models.Text{"en": "Penetration report", "et": "Läbistustesti aruanne"}, Kind: catalogue.PaperSecurity, Language: "en",
			ValidUntil: models.NewDate(2199, 1, 1), Proof: catalogue.Document, Text: strings.Repeat("The lighthouse keeper looked at it. ", 40)},
	}
}

// papered adds a service with documents and returns its address.
func (s *testSite) papered(edit func(*catalogue.Listing)) string {
	s.t.Helper()
	l := s.listing("papered", func(l *catalogue.Listing, v *catalogue.Version) {
		v.Documents = papers()
		if edit != nil {
			edit(l)
		}
	})
	id := s.put(l)
	s.follow()
	return servicePath(id, "papered")
}

func TestAServiceShowsItsDocuments(t *testing.T) {
	s := newSite(t)
	path := s.papered(nil)
	s.want("GET", "/en"+path, 200, `<a href="#documents">Documents</a>`, `<h2 id="documents">Documents</h2>`, "<h3>Certificate &lt;b&gt;</h3>",
		`<span class="tag ok">Tested</span> <span class="tag err">Expired</span> Certificate · English · issued on 1 Jan 2023 · ended on 1 Jan 2026`,
		"Given as proof of: ISO/IEC 27001; Where data is kept", `<a rel="nofollow" href="https://www.cert.example/iso.pdf?a=1&amp;b=2">cert.example<span class="vh"> Certificate &lt;b&gt;</span></a>`,
		`<h3><span lang="et">Üldtingimused</span> <span class="muted small">(Only in Estonian)</span></h3>`, `<span class="tag">Not checked</span> Terms of service · Estonian</p>`,
		"<p><span lang=\"et\">Lähtekood on hoiul.</span></p>\n<p><span lang=\"et\">Muu &lt;i&gt;</span></p>", `<span class="tag ok">Document checked</span> Security document · English · valid until 1 Jan 2199`,
		"<summary>How the text begins<span class=\"vh\"> Penetration report</span></summary>", "looked at it. The lighthouse keeper …", "!document.")
	s.want("GET", "/et"+path, 200, `<h2 id="documents">Dokumendid</h2>`, "<h3>Sertifikaat</h3>", "Järele proovitud", "Aegunud", "Sertifikaat · inglise keel · välja antud", "Kontrollimata",
		"Teenuse tingimused · eesti keel", "Turvadokument · inglise keel · kehtib kuni", "Esitatud tõendina vastuste kohta: ISO/IEC 27001", "Teksti algus", `<p><span lang="en">The lighthouse`)
	s.want("GET", "/en"+journalPath, 200, "!Documents", "!documents")
}

func TestBeginningsOfTextsEndWithAWord(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"spaces alone", " \n\t \n\n ", ""},
		{"a short text is whole", " one\ntwo ", "one two"},
		{"paragraphs stay apart", "\n\none\n \r\n\ntwo\nthree", "one|two …"},
		{"as long as may be", "one two th", "one two th"},
		{"and nothing more", "one two th\n\nx", "one two th|…"},
		{"a word that does not fit is left out", "one two three", "one two …"},
		{"letters count, not bytes", "õõõ õõõ õõõ", "õõõ õõõ …"},
		{"a word without end is cut", strings.Repeat("a", 50), strings.Repeat("a", 10) + " …"},
		{"spaces do not count", "one" + strings.Repeat(" ", 500) + "two", "one two"},
	} {
		if got := strings.Join(startOf(tt.text, 10), "|"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestChangesOfDocumentsAreShown(t *testing.T) {
	s := newSite(t)
	path := s.papered(func(l *catalogue.Listing) {
		l.Versions[0].State = catalogue.Superseded
		next := l.Versions[0]
		next.State, next.Documents = catalogue.Published, papers()[1:]
		p := &next.Documents[0]
		p.Titles, p.Kind, p.URL, p.Language, p.Proof = models.Text{"et": "Uued tingimused", "en": "New terms"}, catalogue.PaperOther, "https://new.example/", "en", catalogue.Document
		p.Issued, p.ValidUntil, p.Answers, p.Text = models.NewDate(2026, 2, 1), models.NewDate(2027, 2, 1), []string{"exit_cost"}, strings.Repeat("New. ", 300)
		next.Documents = append(next.Documents, catalogue.Paper{Code: "prices", Titles: models.Text{"en": "Prices"}, Kind: catalogue.PaperPrices, Language: "en", Proof: catalogue.Stated})
		l.Versions = append(l.Versions, next)
	})
	s.want("GET", "/en"+path+"/changes", 200,
		`<th scope="row">Document Certificate &lt;b&gt;</th><td><del>Certificate · English · issued on 1 Jan 2023 · ended on 1 Jan 2026</del><br><del>Tested</del>`,
		`<th scope="row">Document Prices</th><td><span class="muted">Was not there</span></td><td><ins>Price list · English</ins><br><ins>Not checked</ins>`,
		"Document New terms, title (Estonian)", "Document New terms, kind", "Terms of service", "Other document", "Document New terms, address", "https://new.example/",
		"Document New terms, language", "Document New terms, issued on", "1 February 2026", "Document New terms, last day", "Document New terms, how it was checked", "Document checked",
		"Document New terms, answers it is given for", "Cost of leaving",
		`<th scope="row">Document New terms, text</th><td><del>28 characters</del><br></td><td><ins>1,500 characters</ins>`, "!Penetration report", "!change.", "!New. New.")
	s.want("GET", "/et"+path+"/changes", 200, "Dokument Uued tingimused, tekst", "28 märki", "1 500 märki", "Dokument Sertifikaat", "Dokument Uued tingimused, viimane kehtivuspäev", "1. veebruar 2027", "!change.")
}

func TestResultsNameTheDocumentThatHasTheWords(t *testing.T) {
	s := newSite(t)
	path := s.papered(nil)
	for _, tt := range []struct {
		name, query string
		texts       []string
	}{
		{"that was checked", "/en/services?q=lighthouse", []string{"1 service found", `<p class="small">Found in: <a href="/en` + path + `#documents"><mark>Penetration report</mark></a></p>`}},
		{"in the language of the page", "/et/services?q=lighthouse", []string{`Leiti dokumendist: <a href="/et` + path + `#documents"><mark>Läbistustesti aruanne</mark></a>`}},
		{"by its title", "/en/services?q=%C3%BCldtingimused", []string{`<mark><span lang="et">Üldtingimused</span></mark>`}},
		{"not what nobody has looked at", "/en/services?q=%22hoiul%22", []string{"0 services found", "!Found in"}},
		{"nor when words are marked", "/en/services?q=lighthouse+journal", []string{"1 service found", "<mark>Journal</mark>", "!Found in"}},
		{"nor for the words of others", "/en/services?q=journal", []string{"!Found in"}},
		{"nor without words", "/en/services", []string{"!Found in"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			sub.want("GET", tt.query, 200, tt.texts...)
		})
	}
}
