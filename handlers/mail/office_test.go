package mail

import (
	"bytes"
	"mime"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"pilveturg/handlers/mail/mailtest"
	"pilveturg/models/work"
	"pilveturg/views"
)

// sent sends letters through a real server and returns them as they arrive, sorted
// by whom they went to.
func sent(t *testing.T, all ...work.Letter) []mailtest.Mail {
	t.Helper()
	exim := mailtest.NewBare(t)
	o := office(t, serverAt(t, "smtp://127.0.0.1:%d", exim.Port))
	for _, l := range all {
		if l.Text == "" {
			if err := o.Compose(&l); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.Send(t.Context(), &l); err != nil {
			t.Fatal(err)
		}
	}
	return exim.Mails()
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	l := work.Letter{MessageID: "TESTID", AccountID: 12, Kind: work.Approval, Mail: "kinnitaja@" + mailtest.Domain, Language: "et",
		Args: []string{"Päevik „Lite“ & õppekava", "Järveääre Koolivalitsus"}, Path: "/approvals/7?from=mail"}
	m := sent(t, l)[0]
	subject := "Kas kinnitada Päevik „Lite“ & õppekava? Taotleja: Järveääre Koolivalitsus"
	if m.Subject() != subject {
		t.Errorf("the subject is %q; want %q", m.Subject(), subject)
	}
	token := url.QueryEscape(work.Token(key, 12, work.Approval))
	end := "https://pilveturg.example/et/unsubscribe?token=" + token
	for name, want := range map[string]string{
		"From":                  `"Pilveturg" <noreply@pilveturg.example>`,
		"To":                    "<kinnitaja@" + mailtest.Domain + ">",
		"Return-Path":           "<noreply@pilveturg.example>",
		"Message-Id":            "<TESTID@pilveturg.example>",
		"Content-Language":      "et",
		"Auto-Submitted":        "auto-generated",
		"List-Unsubscribe":      "<" + end + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Mime-Version":          "1.0",
		"X-Mailer":              "",
		"User-Agent":            "",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q; want %q", name, got, want)
		}
	}
	if at, err := m.Header.Date(); err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("the date is %v, %v", at, err)
	}
	if kind, _, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err != nil || kind != "multipart/alternative" {
		t.Errorf("it is %s, %v", kind, err)
	}
	if len(m.Parts) != 2 || m.Parts[0].Type != "text/plain" || m.Parts[1].Type != "text/html" { // what programs like better comes last
		t.Fatalf("its parts are %+v", m.Parts)
	}
	for _, p := range m.Parts {
		if p.Charset != "UTF-8" || p.Encoding != "quoted-printable" {
			t.Errorf("%s is in %s, sent as %s", p.Type, p.Charset, p.Encoding)
		}
	}
	for _, want := range []string{subject + "\n", "\nAva taotlus:\nhttps://pilveturg.example/et/approvals/7?from=mail\n", "\n-- \nSaite selle kirja, sest kinnitate oma asutuse taotlusi.\n", ":\n" + end + "\n"} {
		if !strings.Contains(m.Parts[0].Text, want) {
			t.Errorf("the text lacks %q:\n%s", want, m.Parts[0].Text)
		}
	}
	for _, want := range []string{`<html lang="et">`, "<h1>Kas kinnitada Päevik „Lite“ &amp; õppekava? Taotleja: Järveääre Koolivalitsus</h1>",
		`href="https://pilveturg.example/et/approvals/7?from=mail">Ava taotlus</a>`, `href="` + end + `">Loobu sellistest kirjadest</a>`} {
		if !strings.Contains(m.Parts[1].Text, want) {
			t.Errorf("the HTML lacks %q:\n%s", want, m.Parts[1].Text)
		}
	}
	if n := strings.Count(m.Parts[1].Text, "href="); n != 2 {
		t.Errorf("there are %d links; want the one thing to do, and the way out", n)
	}
}

// SMTP ends a letter at a line with a dot, and knows no lines over 1,000 bytes.
func TestLinesArriveWhateverTheyAre(t *testing.T) {
	lines := []string{".", "..", ".dot", "From here", "õ=ä", "space ", "", strings.Repeat("pikk sõna ", 300), strings.Repeat("x", 5000), ".", "the end"}
	text := strings.Join(lines, "\n")
	m := sent(t, work.Letter{MessageID: "A", Kind: work.Test, Mail: "a@" + mailtest.Domain, Subject: strings.Repeat("õige ", 60) + "lõpp", Text: text, HTML: "<p>" + text})[0]
	if got := strings.Split(strings.TrimSuffix(m.Parts[0].Text, "\n"), "\n"); !slices.Equal(got, lines) {
		t.Errorf("the lines arrive as\n%.300q", got)
	}
	if m.Subject() != strings.Repeat("õige ", 60)+"lõpp" {
		t.Errorf("a long subject arrives as %q", m.Subject())
	}
	for line := range strings.Lines(m.Raw) {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes went out", len(line))
		}
	}
}

func TestWhatPeopleTypedCannotWriteHeaders(t *testing.T) {
	all := sent(t,
		work.Letter{MessageID: "A", Kind: work.Approval, Mail: "a@" + mailtest.Domain, Language: "en", Args: []string{"x\r\nBcc: b@" + mailtest.Domain + "\r\n\r\n<script>", "y\u2028z"}, Path: "/approvals/7"})
	if len(all) != 1 || all[0].Header.Get("Bcc") != "" || strings.ContainsAny(all[0].Subject(), "\r\n") {
		t.Errorf("%d letters, the first:\n%s", len(all), all[0].Raw)
	}
	if strings.Contains(all[0].Parts[1].Text, "<script>") {
		t.Error("HTML that was typed became a part of the letter")
	}
}

func TestOnlySomeLettersCanBeEnded(t *testing.T) {
	o := office(t, serverAt(t, "smtp://mail.example"))
	for _, k := range work.Kinds() {
		for _, account := range []int64{0, 5} {
			l := work.Letter{MessageID: "A", AccountID: account, Kind: k, Mail: "a@" + mailtest.Domain, Language: "en", Args: slices.Repeat([]string{"x"}, k.Args()), Path: "/x"}
			if err := o.Compose(&l); err != nil {
				t.Fatal(err)
			}
			m, err := o.message(&l)
			if err != nil {
				t.Fatal(err)
			}
			want := account != 0 && k.Optional()
			head := headers(t, m)
			header := head.Get("List-Unsubscribe") != "" && head.Get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
			if inText, inHTML := strings.Contains(l.Text, "/unsubscribe?"), strings.Contains(l.HTML, "/unsubscribe?"); header != want || inText != want || inHTML != want {
				t.Errorf("%s to account %d can be ended by header %t, text %t, HTML %t; want %t", k, account, header, inText, inHTML, want)
			}
		}
	}
}

// Without https there is a link to follow, but no promise that one click is safe.
func TestOneClickIsForSafeAddresses(t *testing.T) {
	o := office(t, serverAt(t, "smtp://mail.example"))
	o.Origin = "http://127.0.0.1:8080"
	m, err := o.message(&work.Letter{AccountID: 5, Kind: work.Approval, Mail: "a@" + mailtest.Domain})
	if err != nil {
		t.Fatal(err)
	}
	if h := headers(t, m); h.Get("List-Unsubscribe") == "" || h.Get("List-Unsubscribe-Post") != "" {
		t.Errorf("%v; want List-Unsubscribe alone", h)
	}
}

// headers are those that the letter would go with.
func headers(t *testing.T, m *gomail.Msg) mail.Header {
	t.Helper()
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	read, err := mail.ReadMessage(&b)
	if err != nil {
		t.Fatal(err)
	}
	return read.Header
}

func TestEveryKindIsWrittenInEveryLanguage(t *testing.T) {
	o := office(t, nil)
	for _, k := range work.Kinds() {
		for _, lang := range []string{"et", "en", "xx"} { // for the last, the first of ours
			var args []string
			for i := range k.Args() {
				args = append(args, "ARG"+string(rune('A'+i)))
			}
			l := work.Letter{Kind: k, AccountID: 1, Language: lang, Args: args, Path: "/x", Notices: []work.Notice{{Kind: work.Approval, Args: []string{"ARGX", "ARGY"}}}}
			if err := o.Compose(&l); err != nil {
				t.Fatal(err)
			}
			all := l.Subject + l.Text + l.HTML
			if strings.Contains(all, "%!") || strings.Contains(all, "mail.") {
				t.Errorf("%s in %s:\n%s", k, lang, all)
			}
			for _, want := range append(args, "ARGX") {
				if !strings.Contains(l.Text, want) || !strings.Contains(l.HTML, want) {
					t.Errorf("%s in %s does not say %s:\n%s", k, lang, want, l.Text)
				}
			}
			if l.Subject == "" || l.Subject != views.OneLine(l.Subject) {
				t.Errorf("%s in %s has the subject %q", k, lang, l.Subject)
			}
		}
	}
}
