package views

import (
	"strings"
	"testing"
)

// framed renders a shell around a small main part.
func framed(t *testing.T, v *Views, s Shell) string {
	t.Helper()
	if s.Title == "" {
		s.Title = "Title"
	}
	b, err := v.RenderWith(s, Fragment{"<h1>Main</h1>"})
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, v.Locale.Tag, b)
	return string(b)
}

func TestTheFrameHoldsWhatThePageSays(t *testing.T) {
	v := load(t)["en"]
	bad, err := NewJSONLD(map[string]string{"@context": "https://schema.org", "name": "</script><script>alert(1)</script>"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		shell Shell
		want  []string
		not   []string
	}{
		{"a page that says nothing has only what all have", Shell{},
			[]string{`<html lang="en">`, "<title>Title – Pilveturg</title>", `<a class="skip" href="#main">`, `<main id="main"`,
				`<h1>Main</h1>`, `hreflang="x-default"`, `<link rel="stylesheet" href="/assets/app.`},
			[]string{"data-theme", "crumbs", `role="status"`, "errors", "description", `class="demo"`, "noindex", "atom+xml", "ld+json", "sign-out", "acting", "aria-current", "--slot"}},
		{"the title is escaped", Shell{Title: `<b>"x"`}, []string{"<title>&lt;b&gt;&#34;x&#34; – Pilveturg</title>"}, []string{"<b>\"x\""}},
		{"what a search engine reads", Shell{Description: "What & why"},
			[]string{`<meta name="description" content="What &amp; why">`, `<meta property="og:description" content="What &amp; why">`}, nil},
		{"the addresses of the translations", Shell{Path: "/services/sc-1", Query: "n=5"}, []string{
			`<link rel="canonical" href="https://pilveturg.example/en/services/sc-1">`,
			`<link rel="alternate" hreflang="et" href="https://pilveturg.example/et/services/sc-1">`,
			`<link rel="alternate" hreflang="en" href="https://pilveturg.example/en/services/sc-1">`,
			`<link rel="alternate" hreflang="x-default" href="https://pilveturg.example/et/services/sc-1">`}, nil},
		{"an address the page is better known by", Shell{Path: "/services", Query: "a=1&page=2", Canonical: "/services?page=2"},
			[]string{`<link rel="canonical" href="https://pilveturg.example/en/services?page=2">`}, nil},
		{"the host that the reader came to", Shell{Path: "/a", Origin: "http://127.0.0.1:8080"},
			[]string{`<link rel="canonical" href="http://127.0.0.1:8080/en/a">`}, []string{"pilveturg.example/en/a"}},
		{"a page in one language only", Shell{Path: "/a", Alternates: []string{"en"}}, []string{`hreflang="en" href="https://pilveturg.example/en/a"`},
			[]string{`hreflang="et" href="https://pilveturg.example/et/a"`}},
		{"a page that is not to be listed", Shell{NoIndex: true}, []string{`<meta name="robots" content="noindex,follow">`}, []string{"canonical", "x-default"}},
		{"the other language shows the same page", Shell{Path: "/services/sc-1/price", Query: "n.pupil=1+000&plan=a"},
			[]string{`<a href="/et/services/sc-1/price?n.pupil=1+000&amp;plan=a" lang="et" hreflang="et">Eesti keeles</a>`}, nil},
		{"the reader comes back to the same page", Shell{Path: "/a", Query: `q="x`},
			[]string{`<input type="hidden" name="return" value="/en/a?q=&#34;x">`}, nil},
		{"an address cannot break out", Shell{Path: "/a", Query: `"><script>`}, []string{`href="/et/a?%22%3e%3cscript%3e"`}, []string{`"><script>`}},
		{"the search box keeps what was sought", Shell{Search: `"kool"`}, []string{`name="q" value="&#34;kool&#34;"`}, nil},
		{"the section is marked", Shell{Section: "vendors"}, []string{`<a href="/en/vendors" aria-current="page">Vendors</a>`}, nil},
		{"a section there is not is none", Shell{Section: "nothing", Theme: Dark, Demo: true}, []string{`data-theme="dark"`, `class="demo"`}, []string{"aria-current"}},
		{"another navigation", Shell{Nav: []string{"services", "admin/moderation/listings"}, Section: "admin/moderation/listings"},
			[]string{`<li><a href="/en/services">Catalogue</a></li>`, `<a href="/en/admin/moderation/listings" aria-current="page">Moderation</a>`}, []string{"/en/vendors"}},
		{"the theme", Shell{Theme: Dark}, []string{`<html lang="en" data-theme="dark">`, `value="dark" aria-describedby="theme-label" aria-pressed="true"`}, nil},
		{"a theme there is not is none", Shell{Theme: "pink", Section: "help", Demo: true}, []string{`<html lang="en">`, `class="demo"`, "aria-current"}, []string{"pink"}},
		{"demonstration data say so", Shell{Demo: true}, []string{`<div class="demo">Demonstration data.`, `<a href="/en/demo-data">`}, nil},
		{"a visitor may sign in", Shell{}, []string{`<li><a href="/en/sign-in">Sign in</a></li>`}, []string{"/en/account"}},
		{"who is signed in, for nobody", Shell{Actor: Signed{Name: "Buyer <1>"}},
			[]string{`<a href="/en/account">Buyer &lt;1&gt;</a>`, `<form class="row" method="post" action="/en/sign-out">`}, []string{"/en/sign-in", "Acting for", "acting-as"}},
		{"who acts for one organisation", Shell{Actor: Signed{Name: "B", For: Words{"Amet <1>", "et"}, Roles: "buyer, approver", Choices: []Option{{Value: "3", Text: "x", Chosen: true}}}},
			[]string{`Acting for: <span lang="et">Amet &lt;1&gt;</span> – buyer, approver`}, []string{"acting-as"}},
		{"who acts for one of several", Shell{Path: "/a", Query: "b=1&c", Actor: Signed{Name: "B", For: Words{Text: "Amet"}, Roles: "buyer",
			Choices: []Option{{Value: "3", Text: "Amet – <buyer>", Chosen: true}, {Value: "4", Text: "Board – approver"}}}},
			[]string{`<form class="row" method="post" action="/en/acting-as">`, `<input type="hidden" name="return" value="/en/a?b=1&amp;c">`, `<label for="acting">Acting for:</label>`,
				`<option value="3" selected>Amet – &lt;buyer&gt;</option><option value="4">Board – approver</option>`, `>Switch</button>`}, nil},
		{"who could act for somebody, but does not", Shell{Actor: Signed{Name: "B", Choices: []Option{{Value: "4", Text: "Board – approver"}}}},
			[]string{`action="/en/acting-as"`, `<option value="4">`}, nil},
		{"the pages above", Shell{Crumbs: []Link{{URL: "/en/", Text: "Home"}, {URL: "/en/x", Text: "Haridus", Lang: "et"}, {Text: "Here"}}},
			[]string{`<nav class="crumbs wrap" aria-label="Breadcrumb"><ol class="inline"><li><a href="/en/">Home</a></li><li><a href="/en/x" lang="et">Haridus</a></li><li>Here</li></ol></nav>`}, nil},
		{"what has been done", Shell{Flash: "Saved <it>"}, []string{`<div class="note ok" role="status"><p>Saved &lt;it&gt;</p></div>`}, nil},
		{"a feed", Shell{Feed: Link{URL: "/feeds/new.atom?lang=en", Text: "New"}},
			[]string{`<link rel="alternate" type="application/atom+xml" title="New" href="/feeds/new.atom?lang=en">`}, nil},
		{"the page as JSON", Shell{JSON: "/en/services/sc-1.json"}, []string{`<link rel="alternate" type="application/json" href="/en/services/sc-1.json">`,
			`<li><a href="/en/services/sc-1.json">This page as JSON</a></li>`}, nil},
		{"data for search engines cannot end their element", Shell{Data: bad},
			[]string{`<script type="application/ld+json">{"@context":"https://schema.org","name":"\u003c/script\u003e`}, []string{"<script>alert"}},
		{"the names of our slots are only words", Shell{Title: "--slot-main--", Flash: "--slot-title--"},
			[]string{"<title>--slot-main-- – Pilveturg</title>", "<p>--slot-title--</p>"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := framed(t, v, tt.shell)
			for _, want := range tt.want {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %s", want)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(page, not) && !strings.Contains(tt.shell.Title+tt.shell.Flash, not) {
					t.Errorf("the page holds %s", not)
				}
			}
		})
	}
}

func TestProblemsComeFirstAndLeadToTheirFields(t *testing.T) {
	for tag, v := range load(t) {
		s := Shell{Title: "Price", Errors: []FieldError{{"n-pupil", "Enter <a number>"}, {"", "Choose a plan"}}}
		b, err := v.RenderWith(s, Fragment{`<h1>Price</h1><label for="n-pupil">Pupils</label><input id="n-pupil" name="n">`})
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, tag, b)
		page := string(b)
		list := `<ul><li><a href="#n-pupil">Enter &lt;a number&gt;</a></li><li>Choose a plan</li></ul>`
		if !strings.Contains(page, list) {
			t.Errorf("%s: the page lacks %s", tag, list)
		}
		if want := "<title>" + v.Locale.T("frame.error_title") + " Price – Pilveturg</title>"; !strings.Contains(page, want) {
			t.Errorf("%s: the page lacks %s", tag, want)
		}
		if strings.Index(page, `class="errors"`) > strings.Index(page, "<h1>") {
			t.Errorf("%s: the problems stand below the heading", tag)
		}
	}
}

func TestTheFrameIsTheSameInEveryShape(t *testing.T) {
	for tag, v := range load(t) {
		if got, want := len(v.frames), 3*2; got != want {
			t.Errorf("%s has %d frames; want %d", tag, got, want)
		}
		for s, f := range v.frames {
			slotted := map[string]int{}
			for _, p := range f.pieces {
				slotted[p.slot]++
			}
			for name := range slots {
				if slotted[name] != 1 {
					t.Errorf("%s %+v has the slot %q %d times", tag, s, name, slotted[name])
				}
			}
		}
	}
}

func TestAFaultHasAPageOfItsOwn(t *testing.T) {
	for tag, v := range load(t) {
		checkPage(t, tag, v.Fault())
		if want := v.Locale.T("error.title.500"); !strings.Contains(string(v.Fault()), want) {
			t.Errorf("%s: the page lacks %q", tag, want)
		}
	}
}

func TestOnlyOurFaultsShowAReference(t *testing.T) {
	v := load(t)["en"]
	for status, want := range map[int]bool{404: false, 422: false, 500: true, 503: true, 599: true} {
		b, err := v.Render(v.Error(status, "REF7"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(b), "REF7"); got != want {
			t.Errorf("status %d shows a reference: %t; want %t", status, got, want)
		}
	}
}

func TestDataForSearchEnginesMustHaveJSON(t *testing.T) {
	if _, err := NewJSONLD(func() {}); err == nil {
		t.Error("NewJSONLD took a function")
	}
}

// The frame must cost next to nothing beside writing the page.
func BenchmarkRenderWith(b *testing.B) {
	v := load(b)["en"]
	main := Fragment{strings.Repeat("<p>The quick brown fox.</p>\n", 1000)}
	s := Shell{Title: "Päevik Lite – Service", Description: "Journal for small schools.", Path: "/services/sc-31-paevik-lite",
		Section: "services", Demo: true, Crumbs: []Link{{URL: "/en/", Text: "Home"}, {URL: "/en/categories/education", Text: "Education"}},
		JSON: "/en/services/sc-31.json"}
	b.Run("fresh", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.RenderWith(s, main); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("used again", func(b *testing.B) {
		b.ReportAllocs()
		var page []byte
		for b.Loop() {
			var err error
			if page, err = v.AppendWith(page[:0], s, main); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// The program is to answer soon after it starts.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(Files, Site{}); err != nil {
			b.Fatal(err)
		}
	}
}
