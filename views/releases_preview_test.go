package views

import (
	"strings"
	"testing"
)

// releasePreviews are release notes: many, and none.
func releasePreviews(_ testing.TB, v *Views) []Page {
	shell := Shell{Title: "x", Crumbs: []Link{v.homeLink()}, Feed: Link{URL: v.url("/services/sc-1-x/releases.atom"), Text: "Releases"}}
	service := Link{URL: v.url("/services/sc-1-x"), Text: "Päevik <Lite>", Lang: "et"}
	return []Page{
		ReleaseNotesPage{Shell: shell, Service: service, Heading: "Releases of Päevik Lite", Rhythm: "The last one was on 1 March 2026.", Text: "As the vendor tells.",
			Links: []Link{{URL: v.url("/services/sc-1-x/releases.atom"), Text: "Atom"}}, Pager: NewPager(1, 3, func(int) string { return "/en/x" }),
			Notes: []ReleaseNote{
				{ID: "release-2", Title: Words{"Kaks <b>", "et"}, Facts: "1 March 2026 · version 2.0", Text: Prose{"# Suur\n\n* üks\n* kaks <script>alert(1)</script>\n\n[x](https://x.example/)", "et"},
					Links: []Link{{URL: "https://vendor.example/2", Text: "More", For: "Two"}, {URL: v.url("/x"), Text: "Remove", For: "Two"}}},
				{ID: "release-1", Title: Words{Text: "One"}, Facts: "1 February 2026", Text: Prose{Text: "## A\n\n#### B"}},
				{ID: "release-0", Title: Words{Text: strings.Repeat("long", 50)}, Facts: "1 January 2026"},
			}},
		ReleaseNotesPage{Shell: Shell{Title: "x"}, Service: service, Heading: "Releases", Rhythm: "No release is known.", Text: "As the vendor tells.", Empty: Empty{Title: "None", Text: "There is none."}},
	}
}
