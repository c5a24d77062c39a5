package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

func TestListsShowTheirPages(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, address string
		code          int
		texts         []string
	}{
		{"home counts what buyers can see", "/en/", 200, []string{"<title>Find cloud e-services for the public sector – Pilveturg</title>",
			`<span class="stat">4</span> <a href="/en/services">`, `<span class="stat">1</span> <a href="/en/agencies">`, `<span class="stat">2</span> <a href="/en/vendors">`,
			`<a href="/en/categories/education">Education</a></strong><br><span class="muted">3 services`, "SearchAction", "/en/services?q={search_term_string}"}},
		{"home names the newest and what has just changed", "/en/", 200, []string{"Newest services</h2>\n<ul class=\"results\">\n<li><a href=\"/en/services/sc-5-", "Just changed", "e-Journal for classes",
			"/en/services/sc-1-e-journal-for-classes/changes", "!Kiosk guide"}},
		{"home in Estonian", "/et/", 200, []string{"<html lang=\"et\"", "Uusimad teenused", "Õpilaste söökla", "3 teenust", "Haridus", "!Newest"}},

		{"the tree counts sub-categories in", "/en/categories", 200, []string{`<a href="/en/categories/education">Education</a> <span class="muted small">3 services`,
			`<a href="/en/categories/school-journals">School journals</a>`, "48190000-6"}},
		{"a category without services is no link", "/en/categories", 200, []string{"!/en/categories/backup", "Backup"}},
		{"a category shows its services, those below included, and who uses them", "/en/categories/education", 200, []string{"<title>Education – Pilveturg</title>",
			"<h2>3 services</h2>", "e-Journal", "Acme Platform", "!Old maps kit", "School journals", `<a href="/en/agencies/a-2-lakeside-schools-board">Lakeside Schools Board</a>`}},
		{"a sub-category stands under the one above it", "/et/categories/school-journals", 200, []string{`<a href="/et/categories/education">Haridus</a>`, "1 teenus", "BreadcrumbList"}},
		{"a category without services says so", "/en/categories/backup", 200, []string{"No services here yet", "0 services"}},
		{"a category that is not there", "/en/categories/nothing", 404, nil},

		{"vendors stand in the order of the alphabet", "/en/vendors", 200, []string{"2 vendors", `<a href="/en/vendors/v-4-acme-cloud-inc">Acme Cloud, Inc.</a>`, `letter=A`, `letter=T`, "Unknown", "Estonia"}},
		{"vendors of one letter", "/en/vendors?letter=t", 200, []string{"Tahvel", "!Acme", "1 vendor", `<b aria-current="page">T</b>`}},
		{"a letter that nobody's name begins with", "/en/vendors?letter=Q", 200, []string{"No vendor’s name begins with Q"}},
		{"a vendor's page has facts, services and certificates", "/en/vendors/v-3-tahvel-naidis-ou", 200, []string{"<title>Tahvel Näidis OÜ – Pilveturg</title>", "00000012",
			"invented; in no business register", "https://tahvel.example/", "Estonia, Finland", "<h2>3 services</h2>", "Used by 1 organisation",
			"ISO/IEC 27001", "C-1", "Certifier", "1 January 2026", "Expired", "Document checked", `"Organization"`, "!Kiosk guide"}},
		{"an unclaimed vendor is explained, and what is not known is said", "/en/vendors/v-4-acme-cloud-inc", 200, []string{"Nobody at the vendor has confirmed",
			"FedRAMP", "Unknown", "Marketplace", "read on 1 August 2025"}},
		{"the same in Estonian", "/et/vendors/v-4-acme-cloud-inc", 200, []string{"Teenusepakkuja kinnitamata", "Teadmata", "loetud 1. august 2025"}},
		{"a vendor that is not there", "/en/vendors/v-99-nobody", 404, nil},
		{"a vendor's name that is none", "/en/vendors/tahvel", 404, nil},
		{"a public body is no vendor", "/en/vendors/v-2-lakeside-schools-board", 404, nil},

		{"bodies stand under their ministry", "/en/agencies", 200, []string{`<a href="/en/agencies/a-1-ministry-of-learning">Ministry of Learning</a>`,
			"uses 1 service", "1 body belongs to it", "2 bodies in all"}},
		{"a body's page keeps use, plans and what has ended apart", "/en/agencies/a-2-lakeside-schools-board", 200, []string{"2,100 pupils", "In use now: 1. Ended: 1.",
			"In use (1)", "Ended (1)", "!Planned", "1 Sep 2025", "1 Feb 2026", "Annual report", `<a href="/en/agencies/a-1-ministry-of-learning">Ministry of Learning</a>`, "Peab <em>koole</em>"}},
		{"a ministry shows what its bodies use", "/en/agencies/a-1-ministry-of-learning", 200, []string{"Bodies that belong to it", "Planned (1)", "In use (1)", "Used by", "Lakeside"}},
		{"the same in Estonian", "/et/agencies/a-1-ministry-of-learning", 200, []string{"Õppeministeerium", "Järveääre Koolivalitsus", "Praegu kasutusel: 1. Kavandatud: 1."}},
		{"a vendor is no public body", "/en/agencies/a-3-tahvel-naidis-ou", 404, nil},
		{"a body that is not there", "/en/agencies/a-99-x", 404, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			sub.want("GET", tt.address, tt.code, tt.texts...)
		})
	}
}

// ticks are the boxes on a page and the form that they belong to, in their order.
var ticks = regexp.MustCompile(`<input type="checkbox" form="ticks" name="id" value="([^"]*)"><span>([^<]*<span class="vh">[^/]*)</span>|<form class="noprint" id="ticks" method="get" action="([^"]*)">`)

func TestListsLeadToAComparison(t *testing.T) {
	s := newSite(t)
	s.write(func(tx *db.Tx) error { // the ministry now uses what its agency does, and two more
		all := testListings(t)
		for _, i := range []int{0, 3, 4} {
			all[i].Uses = append(all[i].Uses, catalogue.Use{Organisation: testKey("m"), Phase: catalogue.InUse, Part: "north"})
			if _, err := catalogue.Put(t.Context(), tx, &all[i], 0); err != nil {
				return err
			}
		}
		return nil
	})
	for _, tt := range []struct {
		name, address string
		want          []string // values of the boxes; the last is the address of the form
	}{
		{"what an agency uses now, but not what it used", "/en/agencies/a-2-lakeside-schools-board", []string{"sc-1", "/en/compare"}},
		{"what several bodies use is ticked once", "/en/agencies/a-1-ministry-of-learning", []string{"sc-5", "sc-1", "sc-4", "/en/compare"}},
		{"the services of a vendor", "/et/vendors/v-3-tahvel-naidis-ou", []string{"sc-1", "sc-4", "sc-2", "/et/compare"}},
		{"those of a category", "/en/categories/education", []string{"sc-5", "sc-1", "sc-4", "/en/compare"}},
		{"an empty category has nothing to tick", "/en/categories/backup", nil},
		{"nor has the home page", "/en/", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			var got []string
			q := url.Values{}
			for _, m := range ticks.FindAllStringSubmatch(sub.want("GET", tt.address, 200), -1) {
				if m[1] != "" {
					q.Add("id", m[1])
				}
				got = append(got, m[1]+m[3])
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Fatalf("ticks %q, want %q", got, tt.want)
			}
			for _, id := range q["id"] {
				sub.want("GET", got[0]+"?"+q.Encode(), 200, "/services/"+id+"-")
			}
		})
	}
	s.want("GET", "/et/agencies/a-1-ministry-of-learning", 200, `<th scope="col"><span class="vh">Võrdle</span></th>`, "Võrdle märgitud teenuseid",
		`<span>Võrdle<span class="vh">: Klassipäevik</span></span></label></td></tr>`, "<td></td></tr>")
}

func TestAddressesThatMeanAnotherPageLeadThere(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, address string
		code          int
		to            string
	}{
		{"a page that is no number", "/en/categories/education?page=x", 303, "/en/categories/education"},
		{"a page too large to be a number", "/en/vendors?letter=T&page=99999999999999999999", 303, "/en/vendors?letter=T"},
		{"agencies past the end", "/et/agencies?page=2", 303, "/et/agencies"},
		{"a vendor's services past the end", "/en/vendors/v-3-tahvel-naidis-ou?page=2", 303, "/en/vendors/v-3-tahvel-naidis-ou"},
		{"a body's uses past the end", "/en/agencies/a-2-lakeside-schools-board?page=2", 303, "/en/agencies/a-2-lakeside-schools-board"},
		{"other words in a vendor's address", "/en/vendors/v-3-old-name?page=1", 301, "/en/vendors/v-3-tahvel-naidis-ou?page=1"},
		{"no words in a vendor's address", "/en/vendors/v-3", 301, "/en/vendors/v-3-tahvel-naidis-ou"},
		{"capital letters", "/en/vendors/V-3-tahvel-naidis-ou", 301, "/en/vendors/v-3-tahvel-naidis-ou"},
		{"other words in a body's address", "/et/agencies/a-2-x", 301, "/et/agencies/a-2-lakeside-schools-board"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			sub.wantTo(tt.address, tt.code, tt.to)
		})
	}
}

func TestListsFollowEveryChange(t *testing.T) {
	s := newSite(t)
	l := catalogue.Listing{Key: testKey("new"), Vendor: testBodies()[2].Key, Versions: []catalogue.Version{testVersion("forms", "en", "Newcomer", "")}}
	put := func() {
		s.write(func(tx *db.Tx) error { _, err := catalogue.Put(t.Context(), tx, &l, 0); return err })
	}
	put()
	s.want("GET", "/en/categories/forms", 200, "<h2>1 service</h2>")
	l.Life, l.Reason = catalogue.Withdrawn, models.Text{"en": "Enough"}
	put()
	s.want("GET", "/en/categories/forms", 200, "0 services")
	s.write(func(tx *db.Tx) error {
		o := testBodies()[2]
		o.Names = models.Text{"et": "Ümbernimetatud OÜ"}
		_, _, err := identity.Put(t.Context(), tx, &o)
		return err
	})
	s.want("GET", "/et/vendors?letter=Ü", 200, "Ümbernimetatud OÜ")
	s.want("GET", "/en/vendors?letter=U", 200, "Ümbernimetatud OÜ")
}

func TestListsAreKeptWhileNothingChanges(t *testing.T) {
	s := newSite(t)
	first, err := s.lists(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if second, err := s.lists(t.Context()); err != nil || second != first {
		t.Errorf("they were gathered again, %v", err)
	}
}

// Of 200 services by 120 vendors, and 150 bodies in three ministries that use some
// of them.
func TestLongListsAreCut(t *testing.T) {
	s := emptySite(t)
	s.fill(200, 120, 150)
	for _, tt := range []struct {
		name, address string
		texts         []string
	}{
		{"vendors have pages of 100", "/et/vendors?page=2", []string{"(leht 2/2)", "120 teenusepakkujat", "Vendor 99"}},
		{"a letter keeps its pages", "/et/vendors?letter=V&page=2", []string{"Teenusepakkujad: V (leht 2/2)", "letter=V"}},
		{"bodies are cut between ministries", "/en/agencies", []string{"(page 1 of 2)", "150 bodies in all", "Body 0<", "Body 100<", "!Body 50<"}},
		{"the last ministry by name is on the second page, with its bodies", "/en/agencies?page=2", []string{"Body 50<", "Body 99<", "!Body 100<"}},
		{"the uses of a ministry have pages of 100", "/en/agencies/a-1-body-0?page=2", []string{"(page 2 of 2)", "In use (", "Quantities are not known. Sources are not known.", "!>Source<"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			sub.want("GET", tt.address, 200, tt.texts...)
		})
	}
}

// Whatever a file says of who belongs to whom, every public body is in the list or
// at least has its page.
func TestBodiesThatBelongNowhere(t *testing.T) {
	s := newSite(t)
	put := func(o identity.Organisation) {
		s.write(func(tx *db.Tx) error { _, _, err := identity.Put(t.Context(), tx, &o); return err })
	}
	school := identity.Organisation{Key: testKey("school"), Kind: identity.School, Parent: testBodies()[2].Key, Names: models.Text{"en": "Vendor's school"}}
	first := identity.Organisation{Key: testKey("x"), Kind: identity.Agency, Names: models.Text{"en": "First in a circle"}}
	second := identity.Organisation{Key: testKey("y"), Kind: identity.Agency, Parent: first.Key, Names: models.Text{"en": "Second in a circle"}}
	put(school)
	put(first)
	put(second)
	first.Parent = second.Key
	put(first)
	s.want("GET", "/en/agencies", 200, "Vendor's school")
	s.want("GET", "/en/agencies/a-6-first-in-a-circle", 200, "First in a circle", "No known use")
}

// Readers and a writer at once: whoever asks after a change is done sees it.
func TestListsMayBeAskedWhileTheyChange(t *testing.T) {
	s := newSite(t)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 25 {
				all, err := s.lists(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				all.vendors("et")
			}
		})
	}
	for n := range 10 {
		l := catalogue.Listing{Key: testKey(fmt.Sprint("n", n)), Vendor: testBodies()[2].Key, Versions: []catalogue.Version{testVersion("forms", "en", fmt.Sprint("Number ", n), "")}}
		s.write(func(tx *db.Tx) error { _, err := catalogue.Put(t.Context(), tx, &l, 0); return err })
		all, err := s.lists(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := len(all.in["forms"]); got != n+1 {
			t.Errorf("after %d changes there are %d services", n+1, got)
		}
	}
	wait.Wait()
}
