package views

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"strings"
	"text/template"
	"unicode"
)

// Mail is a letter. Its templates, mail/mail.html and mail/mail.txt, say the same;
// what they show stands in the letter itself, for programs that read mail load
// nothing from elsewhere.
type Mail struct {
	Subject     string   // the title of the page that it leads to; its heading as well
	Text        []string // paragraphs
	Items       []string // what a digest gathers; may be empty
	Button      Link     // the one thing to do; an absolute address, as in all its links
	Why         string   // why the reader gets it
	Unsubscribe Link     // how to get no more; without address when that cannot be chosen
}

// About says in a line what a message of the kind is about: the subject of its
// letter, and its words in the inbox. Kinds and what their words are given are those
// of work.
func (v *Views) About(kind string, args []string) string {
	return v.Locale.T("mail.subject."+kind, values(args)...)
}

// NewMail returns a letter with the words of the kind; where its links lead is for
// the caller to add. Unsubscribe has words as well.
func (v *Views) NewMail(kind string, args []string) Mail {
	return Mail{
		Subject:     v.About(kind, args),
		Text:        []string{v.Locale.T("mail.text."+kind, values(args)...)},
		Button:      Link{Text: v.Locale.T("mail.button." + kind)},
		Why:         v.Locale.T("mail.why." + kind),
		Unsubscribe: Link{Text: v.Locale.T("mail.unsubscribe")},
	}
}

func values(args []string) (all []any) {
	for _, a := range args {
		all = append(all, a)
	}
	return all
}

// mailData is what the templates of letters are given.
type mailData struct {
	Mail
	Lang string
}

// mails are the templates of letters.
type mails struct {
	html *htmltemplate.Template
	text *template.Template
}

func (v *Views) readMails(fsys fs.FS) (err error) {
	if v.mails.html, err = htmltemplate.ParseFS(fsys, "mail/mail.html"); err != nil {
		return err
	}
	v.mails.text, err = template.ParseFS(fsys, "mail/mail.txt")
	return err
}

// Mail returns the letter in both of its forms. Nothing in it breaks a line that
// the templates do not break. It fails when a template does.
func (v *Views) Mail(m Mail) (text, html string, err error) {
	data := mailData{m.inLines(), v.Locale.Tag}
	var t, h bytes.Buffer
	if err := v.mails.text.Execute(&t, data); err != nil {
		return "", "", fmt.Errorf("letter in text: %w", err)
	}
	if err := v.mails.html.Execute(&h, data); err != nil {
		return "", "", fmt.Errorf("letter in HTML: %w", err)
	}
	return t.String(), h.String(), nil
}

// inLines makes every part of the letter one line.
func (m Mail) inLines() Mail {
	m.Subject, m.Why = OneLine(m.Subject), OneLine(m.Why)
	m.Text, m.Items = oneLines(m.Text), oneLines(m.Items)
	return m
}

func oneLines(texts []string) (lines []string) {
	for _, s := range texts {
		lines = append(lines, OneLine(s))
	}
	return lines
}

// OneLine puts spaces where lines would break, or where a character cannot be seen.
func OneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}
