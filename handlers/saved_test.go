package handlers

import (
	"net/url"
	"strings"
	"testing"

	"pilveturg/db"
)

// A visitor who wants to keep a search signs in and comes back to it; what is kept under
// a name is overwritten only when asked for.
func TestSearchesAreKeptAndTellWhatIsNew(t *testing.T) {
	p := newPurchaser(t)
	visitor := p.browser()
	body := visitor.open("/en/services?q=journal&unit=pupil&vol=1000", 200, "Save this search")
	_, rest, _ := strings.Cut(body, "/en/saved/new?")
	link, _, _ := strings.Cut(rest, `"`)
	visitor.open("/en/saved/new?"+link, 200, "Sign in")
	if !strings.Contains(visitor.at, url.QueryEscape("/en/saved/new?"+link)) {
		t.Errorf("the sign-in leads back to %s", visitor.at)
	}
	b := p.buyer
	b.open("/en/saved", 200, "Nothing is saved yet")
	b.open("/en/saved/new?"+link, 200, "Save this search", "q=journal")
	search := []string{"kind", "search", "query", "q=journal"}
	b.post("/en/saved/new", 422, append(search, "name", " ", "", "Enter a name")...)
	for range 2 {
		b.post("/en/saved/new", 200, append(search, "name", "Journals", "", "Journals", "0 new")...)
	}
	b.post("/en/saved/new", 422, "kind", "search", "query", "q=kool", "name", "Journals", "", "Something is kept under this name")
	b.post("/en/saved/new", 200, "kind", "search", "query", "q=kool", "name", "Gyms", "", "Gyms", "Journals")
	b.open("/en/saved/new?kind=search&query=", 200, "Instead of", "Journals")
	b.post("/en/saved/new", 200, "kind", "search", "query", "", "over", "Journals", "", "0 new")
	b.open("/en/saved/new?kind=nothing&query=", 404)
	b.open("/en/compare?id=sc-1&id=sc-4", 200, "Save this comparison")
	b.post("/en/saved/new", 200, "kind", "comparison", "query", "id=sc-1&id=sc-4", "name", "Two", "", "Two")
	p.write(func(tx *db.Tx) error { // one was found that is gone, and one is found that was not
		_, err := tx.Exec(t.Context(), `UPDATE saved_items SET found = '1 99999', total = 2 WHERE id = 1`)
		return err
	})
	b.open("/en/saved", 200, "1 gone")
	b.post("/en/saved/1", 200, "", "services found")
	b.post("/en/saved/3", 200, "", "Compare")
	p.evaluator.open("/en/saved", 404)
	p.approver.post("/en/saved/1", 404)
	b.post("/en/saved/2/removal", 200, "", "It is removed", "!Gyms")
	b.post("/en/saved/2/removal", 404)
}
