package handlers

import (
	"html"
	"strconv"
	"strings"
	"testing"

	"pilveturg/handlers/api"
	"pilveturg/models/access"
	"pilveturg/models/publishing"
)

// What help says of publishing by programs and of moderation is what the portal does.
func TestHelpOnPublishingIsTrue(t *testing.T) {
	s := newSite(t)
	for lang, v := range s.Views {
		programs, ok := v.Article("help/publishing")
		rules, also := v.Article("help/moderation")
		if !ok || !also {
			t.Fatalf("%s: a page is missing", lang)
		}
		text, why := html.UnescapeString(string(programs.Body)), html.UnescapeString(string(rules.Body))
		for _, o := range s.api.Operations() {
			if !strings.Contains(text, "<code>"+o.ID+"</code>") {
				t.Errorf("%s: nothing is said of %s", lang, o.ID)
			}
		}
		for _, want := range []string{string(access.ReadsListings), string(access.WritesListings), strconv.Itoa(access.MostTokenDays), api.Path + "/listings/SC-31/draft", "If-Match", "Idempotency-Key", "application/problem+json"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not told", lang, want)
			}
		}
		for _, k := range publishing.RiskKinds() {
			if !strings.Contains(why, ">"+v.Locale.T("risk."+string(k))+"</") {
				t.Errorf("%s: nothing is said of what waits for %s", lang, k)
			}
		}
	}
	s.want("GET", "/en/api", 200, "/en/help/publishing")
}
