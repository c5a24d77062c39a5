package views

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
	"golang.org/x/net/html"
)

// mailPreviews are examples of letters.
func mailPreviews(v *Views) []Mail {
	button := Link{URL: "https://pilveturg.example" + v.url("/approvals/7?a=1&b=2"), Text: "Open the request"}
	return []Mail{
		{Subject: "Choose a new password", Text: []string{"Somebody asked for it."}, Button: button, Why: "You get this because …"},
		{Subject: "Approve „Päevik“ <Lite> & more?", Text: []string{"First.", "Second <b>."}, Items: []string{"One", "Two & <three>"}, Button: button,
			Why: "You get this because …", Unsubscribe: Link{URL: "https://pilveturg.example" + v.url("/unsubscribe?token=1.digest.x-_"), Text: "No more"}},
	}
}

func TestLettersMatchTheirTemplates(t *testing.T) {
	v := load(t)["en"]
	if err := templatecheck.CheckHTML(v.mails.html, mailData{}); err != nil {
		t.Error(err)
	}
	if err := templatecheck.CheckText(v.mails.text, mailData{}); err != nil {
		t.Error(err)
	}
}

func TestLettersAreWhole(t *testing.T) {
	for tag, v := range load(t) {
		for i, m := range mailPreviews(v) {
			t.Run(fmt.Sprint(tag, i), func(t *testing.T) {
				text, page, err := v.Mail(m)
				if err != nil {
					t.Fatal(err)
				}
				checkPage(t, tag, []byte(page))
				links := []string{m.Button.URL}
				if m.Unsubscribe.URL != "" {
					links = append(links, m.Unsubscribe.URL)
				}
				if got := fromElsewhere(t, page); fmt.Sprint(got) != fmt.Sprint(links) {
					t.Errorf("the HTML leads to %v; want %v", got, links)
				}
				if got := regexp.MustCompile(`https?:\S+`).FindAllString(text, -1); fmt.Sprint(got) != fmt.Sprint(links) {
					t.Errorf("the text leads to %v; want %v", got, links)
				}
				for _, want := range append(append([]string{m.Subject, m.Why, m.Button.Text, m.Unsubscribe.Text}, m.Text...), m.Items...) {
					if !strings.Contains(text, want) || !strings.Contains(html.UnescapeString(page), want) {
						t.Errorf("a form does not say %q:\n%s\n%s", want, text, page)
					}
				}
			})
		}
	}
}

// fromElsewhere lists what links of a letter lead to, and complains of all that a
// program would fetch or run by itself.
func fromElsewhere(t *testing.T, page string) (links []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch {
			case n.Data == "a" && a.Key == "href":
				links = append(links, a.Val)
			case a.Key == "src" || a.Key == "href" || a.Key == "background" || a.Key == "srcset" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s %s=%q> is fetched or run", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "script" || n.Data == "link" || n.Data == "form" || n.Data == "style" && strings.Contains(words(n), "url(") {
			t.Errorf("there is a <%s> in it: %s", n.Data, words(n))
		}
	}
	return links
}

func TestTheTextOfALetter(t *testing.T) {
	v := load(t)["en"]
	all := mailPreviews(v)
	for i, want := range []string{
		"Choose a new password\n\nSomebody asked for it.\n\nOpen the request:\nhttps://pilveturg.example/en/approvals/7?a=1&b=2\n\n-- \nYou get this because …\n",
		"Approve „Päevik“ <Lite> & more?\n\nFirst.\n\nSecond <b>.\n\n- One\n- Two & <three>\n\nOpen the request:\nhttps://pilveturg.example/en/approvals/7?a=1&b=2\n\n-- \nYou get this because …\n\nNo more:\nhttps://pilveturg.example/en/unsubscribe?token=1.digest.x-_\n",
	} {
		text, _, err := v.Mail(all[i])
		if err != nil || text != want {
			t.Errorf("%v, the text is\n%s\nwant\n%s", err, text, want)
		}
	}
}

func TestWordsInALetterStayOnTheirLine(t *testing.T) {
	v := load(t)["en"]
	text, page, err := v.Mail(Mail{Subject: "a\r\nb", Text: []string{"c\n\n-- \nd"}, Items: []string{"e\x00f\u2028g"}, Why: "h\ti", Button: Link{URL: "https://x.example/", Text: "x"}})
	if err != nil || !strings.HasPrefix(text, "a  b\n\nc  --  d\n\n- e f g\n") || !strings.Contains(text, "\n-- \nh i\n") || strings.ContainsAny(page, "\x00\r") {
		t.Errorf("%v\n%q\n%q", err, text, page)
	}
}
