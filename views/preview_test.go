package views

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pilveturg/models"
)

// previews are examples of every page; each is drawn in every language. A page in
// a new file gives its own examples in a function that is added here.
func previews(t testing.TB, v *Views) []Page {
	var pages []Page
	for _, more := range []func(testing.TB, *Views) []Page{
		errorPreviews, articlePreviews, listPreviews, servicePreviews, comparePreviews, accountPreviews, synonymPreviews, auditPreviews,
		releasePreviews,
		noticePreviews, queuePreviews, recordPreviews, moderationPreviews, projectPreviews, editPreviews,
	} {
		pages = append(pages, more(t, v)...)
	}
	return pages
}

func TestEveryPageHasAPreview(t *testing.T) {
	for tag, v := range load(t) {
		shown := map[reflect.Type]bool{}
		for i, p := range previews(t, v) {
			shown[reflect.TypeOf(p)] = true
			t.Run(fmt.Sprintf("%s %T %d", tag, p, i), func(t *testing.T) {
				b, err := v.Render(p)
				if err != nil {
					t.Fatal(err)
				}
				checkPage(t, tag, b)
			})
		}
		for _, p := range Pages {
			if !shown[reflect.TypeOf(p)] {
				t.Errorf("%T has no preview", p)
			}
		}
	}
}

func errorPreviews(_ testing.TB, v *Views) []Page {
	var pages []Page
	for _, status := range []int{400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503, 418, 599} {
		pages = append(pages, v.Error(status, "ABC123"))
	}
	busy := v.Error(429, "ABC123")
	busy.Retry = 30
	return append(pages, busy,
		GonePage{Shell: Shell{Title: "x"}, Name: Words{Text: "Kioskijuht"}},
		GonePage{
			Shell:     Shell{Title: "Kioskijuht", NoIndex: true, Path: "/services/sc-9"},
			Name:      Words{"Kioskijuht", "et"},
			Vendor:    Link{URL: v.url("/vendors/v-1"), Text: "Teejuht Näidis OÜ", Lang: "et"},
			Since:     models.NewDate(2026, time.March, 5),
			Reason:    Words{"Pakkuja lõpetas teenuse.", "et"},
			Successor: Link{URL: v.url("/services/sc-10"), Text: "Teejuht QR"},
			Changes:   Link{URL: v.url("/services/sc-9/changes"), Text: "Changes"},
		})
}

func articlePreviews(t testing.TB, v *Views) []Page {
	pages := []Page{v.HelpPage()}
	for _, slug := range v.Articles() {
		p, ok := v.ArticlePage(slug)
		if !ok {
			t.Errorf("no page for %s", slug)
		}
		pages = append(pages, p)
	}
	return pages
}
