package handlers

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/feeds"
	"pilveturg/handlers/fetch"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/releases"
)

// aRelease is one of the last offering of the owner's vendor.
func (w *walls) aRelease(owner *caller) string { return w.releaseOf(owner.org) }

// aReleaseOfAny is one of the last offering of the first vendor.
func (w *walls) aReleaseOfAny(*caller) string { return w.releaseOf(3) }

func (w *walls) releaseOf(vendor int64) string {
	one := releases.Release{Day: models.NewDate(2026, 2, 1), Titles: models.Text{"en": "Release"}}
	if err := w.DB.Get(w.t.Context(), &one.Offering, `SELECT MAX(id) FROM offerings WHERE vendor_id = ?`, vendor); err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *db.Tx) error { return releases.Add(w.t.Context(), tx, &one) })
	return strconv.FormatInt(one.ID, 10)
}

// aFedOffering is one of the owner's vendor whose releases are read in a feed.
func (w *walls) aFedOffering(owner *caller) string {
	text := w.anOfferingOfOwn(owner)
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *db.Tx) error {
		return releases.SetFeed(w.t.Context(), tx, id, "https://vendor.example/feed", "en")
	})
	return text
}

// sellerOf is the browser of somebody of a vendor, signed in.
func (p *peopleSite) sellerOf(vendor int64, role models.Role) *browser {
	p.t.Helper()
	return p.sellerFor(vendor, fmt.Sprintf("seller%d-%s@vendor.example", vendor, role), role)
}

const (
	ownPage  = "/en/vendor/listings/1/releases"
	openPage = "/en/services/sc-1-e-journal-for-classes/releases"
)

func TestAVendorKeepsReleases(t *testing.T) {
	p := newPeopleSite(t)
	p.want("GET", "/en/services/sc-1-e-journal-for-classes", 200, "Last release", "not known")
	p.want("GET", openPage, 200, "No release is known", "Report an error")
	b := p.sellerOf(3, models.VendorEditor)
	b.open(ownPage, 200, "Releases of", "0 releases", "no address was given")
	b.open(ownPage+"/new", 200, "Add a release of", `value="2026-03-02"`)

	b.post(ownPage+"/new", 422, "day", "31.2.2026", "version", "1", "text_et", "Üks", "link", "vendor.example", "", "Enter a title in this language, too", "full web address", "Üks</textarea>", `value="31.2.2026"`, `href="#day"`, `href="#title_et"`, `href="#link"`)
	b.post(ownPage+"/new", 422, "day", "2026-03-03", "", "Enter a day that has come", "Enter a title in one language at least", `href="#title_et"`)
	b.post(ownPage+"/new", 200, "day", "1.3.2026", "version", "2.4.1", "title_et", "Kiirem", "text_et", "* kiirem\n* <script>alert(1)</script>", "link", "https://vendor.example/news/241", "", "The release was added", "1 release<", "2.4.1", "Kiirem", "1 March 2026", "written here")
	p.want("GET", openPage, 200, "The last release was version 2.4.1 on 1 March 2026; 1 release in the last 12 months.", "Kiirem", "<li>kiirem", "!alert", "Read on at vendor.example", `rel="alternate" type="application/atom+xml"`)
	p.want("GET", "/et"+openPage[3:], 200, "1 väljalase viimase 12 kuu jooksul", "kirjutatud siin")
	p.want("GET", "/en/services/sc-1-e-journal-for-classes", 200, "2.4.1, 1 March 2026", "1 release in the last 12 months", openPage) // though the page was kept

	id := strconv.FormatInt(p.release().ID, 10)
	b.open(ownPage+"/"+id, 200, `value="2026-03-01"`, `value="Kiirem"`, `name="seen" value="1"`)
	b.post(ownPage+"/"+id, 200, "seen", "1", "day", "2026-03-01", "version", "2.4.1", "title_et", "Veel kiirem", "title_en", "Faster", "", "The release was changed", "Faster")
	b.post(ownPage+"/"+id, 409, "seen", "1", "day", "2026-02-01", "title_et", "Hoopis muu", "", "Somebody has changed this release meanwhile", "Veel kiirem", `value="Hoopis muu"`, `name="seen" value="2"`)
	b.open(ownPage+"/"+id+"/removal", 200, "Remove this release?", "Faster")
	b.post(ownPage+"/"+id+"/removal", 200, "", "The release was removed", "0 releases")
	b.post(ownPage+"/"+id+"/removal", 200, "", "The release was removed") // by somebody else, which is as good
	b.open(ownPage+"/"+id, 404)

	other := p.sellerOf(4, models.VendorManager)
	for _, page := range []string{ownPage, ownPage + "/new", ownPage + "/feed", ownPage + "/feed/removal"} {
		other.open(page, 404)
	}
	other.post(ownPage+"/new", 404, "day", "2026-03-01", "title_en", "Not theirs")
	if n, err := releases.Count(t.Context(), p.DB, 1); n != 0 || err != nil {
		t.Errorf("%d releases, %v", n, err)
	}
}

// release is the newest one of the first service.
func (p *peopleSite) release() releases.Release {
	p.t.Helper()
	all, err := releases.List(p.t.Context(), p.DB, 1, models.Page{Number: 1, Size: 1})
	if err != nil || len(all) == 0 {
		p.t.Fatal("there is no release", err)
	}
	return all[0]
}

// fed has the first service's feed read as a job does, from a server of the test.
func (p *peopleSite) fed(answer http.HandlerFunc) (address string, turn func()) {
	p.t.Helper()
	server := httptest.NewServer(answer)
	p.t.Cleanup(server.Close)
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	reader := feeds.NewReader(p.DB, fetch.New(fetch.Options{Also: func(a netip.AddrPort) bool { return a == at }}), p.Log)
	return server.URL + "/feed", func() {
		p.t.Helper()
		if err := reader.Turn(context.WithoutCancel(p.t.Context())); err != nil {
			p.t.Fatal(err)
		}
	}
}

func TestAVendorGivesAFeed(t *testing.T) {
	p := newPeopleSite(t)
	b := p.sellerOf(3, models.VendorManager)
	answer := func(w http.ResponseWriter) {
		fmt.Fprint(w, `<rss version="2.0"><channel><item><guid>1</guid><title>2.0</title><pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;New&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;</description></item></channel></rss>`)
	}
	address, turn := p.fed(func(w http.ResponseWriter, _ *http.Request) { answer(w) })
	for typed, want := range map[string]string{"": "Enter the full address of the feed", "ftp://x.example/": "Enter a full web address", "https://user@x.example/": "no user name", "http://0x7f.1/feed": "private network"} {
		b.post(ownPage+"/feed", 422, "address", typed, "language", "en", "", want, `href="#address"`)
	}
	b.post(ownPage+"/feed", 200, "address", " "+address+" ", "language", "et", "", "The feed is read within a minute", address, "is read within a minute")
	turn()
	b.open(ownPage, 200, "Read just now", "it had 1 entry then", "read in the vendor's feed", "!>Change<span")
	p.later(3*time.Hour + 10*time.Minute)
	b.open(ownPage, 200, "Read 3 hours ago")
	p.want("GET", openPage, 200, "version 2.0", "New", "Only in Estonian", "!alert", "read in the vendor's feed")

	answer = func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) }
	p.later(2 * time.Hour)
	turn()
	b.open(ownPage, 200, "Not answering since 2 Mar 2026", "There is nothing at this address (404).", "next try:", "1 release<")
	answer = func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }
	p.later(time.Hour)
	turn()
	b.open(ownPage, 200, "There is no feed at this address that can be read")
	answer = func(w http.ResponseWriter) { w.WriteHeader(http.StatusGone) }
	p.later(2 * time.Hour)
	turn()
	b.open(ownPage, 200, "Not read any more", "has been removed for good", "Save the address again")

	id := strconv.FormatInt(p.release().ID, 10)
	b.open(ownPage+"/"+id, 404) // it is changed in the feed
	b.open(ownPage+"/"+id+"/removal", 200, "does not come back from there")
	b.open(ownPage+"/feed", 200, `value="`+address+`"`, "Stop reading the feed")
	b.open(ownPage+"/feed/removal", 200, address)
	b.post(ownPage+"/feed/removal", 200, "forget", "yes", "", "The feed is not read any more", "0 releases")
	b.post(ownPage+"/feed/removal", 200, "", "The feed is not read any more")
	b.open(ownPage+"/feed/removal", 404)
}

func TestThoseWhoDecideRemoveReleases(t *testing.T) {
	p := newPeopleSite(t)
	one := releases.Release{Offering: 1, Day: models.NewDate(2026, 3, 1), Titles: models.Text{"en": "Best in the world"}}
	p.write(func(tx *db.Tx) error { return releases.Add(t.Context(), tx, &one) })
	p.want("GET", openPage, 200, "Best in the world", "!>Remove<")
	b := p.browser()
	b.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	b.open(openPage, 200, "Best in the world", ">Remove<")
	page := fmt.Sprintf("/en/admin/listings/1/releases/%d/removal", one.ID)
	b.open(page, 200, "Best in the world")
	b.post(page, 200, "", "The release was removed", "No release is known")
	b.open(ownPage, 404)
}

func TestReleasesAsAFeed(t *testing.T) {
	s := newSite(t)
	s.write(func(tx *db.Tx) error {
		for i := range 60 {
			one := releases.Release{Offering: 1, Day: models.NewDate(2026, 1, 1+i%28), Version: fmt.Sprintf("1.%d", i), Titles: models.Text{"en": fmt.Sprintf("Release <%d> & more", i)}}
			if err := releases.Add(t.Context(), tx, &one); err != nil {
				return err
			}
		}
		return nil
	})
	body := s.want("GET", openPage+".atom", 200)
	var f atomFeed
	if err := xml.Unmarshal([]byte(body), &f); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range f.Entries {
		if seen[e.ID] || !strings.HasPrefix(e.ID, f.ID+"#release-") || !strings.HasPrefix(e.Title, "Release <") || e.Updated == "" || e.Link.Href != e.ID {
			t.Errorf("entry %+v", e)
		}
		seen[e.ID] = true
	}
	if len(f.Entries) != 50 || f.Updated != "2026-01-28T00:00:00Z" || f.Author.Name == "" {
		t.Errorf("feed %+v", f)
	}
	s.want("GET", openPage, 200, "Release &lt;55&gt; &amp; more", "60 releases in the last 12 months", "?page=2")
	s.want("GET", openPage+"?page=3", 200)
	s.want("GET", openPage+"?page=4", 404)
	s.want("GET", openPage+"?page=x", 404)
	s.wantTo("/en/services/sc-1-x/releases", 301, openPage)
	s.wantTo("/en/services/sc-1-x/releases.atom", 301, openPage+".atom")
	s.want("GET", "/en/services/sc-99-x/releases", 404)
	var gone catalogue.Offering
	if err := s.DB.Get(t.Context(), &gone.ID, `SELECT id FROM offerings WHERE life = 'withdrawn'`); err != nil {
		t.Fatal(err)
	}
	gone, err := catalogue.Find(t.Context(), s.DB, gone.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.want("GET", at("en", servicePath(gone.ID, gone.Slug)+releasesEnd), 410)
	s.want("GET", at("en", servicePath(gone.ID, gone.Slug)+releasesEnd+".atom"), 410)
}
