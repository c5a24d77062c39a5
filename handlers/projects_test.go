package handlers

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
)

// hiddenIn is the value of a hidden field on a page.
func hiddenIn(t testing.TB, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page has no field %q:\n%s", name, body)
	}
	return m[1]
}

// An officer goes from a search to a locked shortlist, with everything that may go
// wrong on the way.
func TestFromASearchToLockedEvidence(t *testing.T) {
	b := newPeopleSite(t).browser()
	b.open("/en/projects/new?from=search&q=journal", 200, "Sign in") // and comes back
	if !strings.Contains(b.at, url.QueryEscape("/en/projects/new?from=search&q=journal")) {
		t.Errorf("who is asked to sign in will not come back to the search: %s", b.at)
	}
	b.signIn()
	b.open("/en/projects", 200, "No projects", "Begin a project")
	b.open("/en/services?q=journal&unit=pupil&vol=1000", 200, "/en/projects/add?from=search&q=journal&unit=pupil&vol=1000")
	b.open("/en/projects/add?from=search&q=journal&unit=pupil&vol=1000", 200, "Begin a project", `value="journal"`) // there is no other project to choose
	body := b.open("/en/projects/new?from=search&q=journal&f.category=education&unit=pupil&vol=1000", 200, `value="education" selected`, `value="1000"`, `value="pupil" selected`)
	once := hiddenIn(t, body, "once")
	fields := []string{"from", "search", "q", "journal", "f.category", "education", "once", once, "name", "School journal 2027", "kind", "small", "category", "education", "volume", "1 000", "unit", "pupil", "years", "3"}
	b.post("/en/projects/new", 422, append(fields, "value", "much", "", "Enter an amount in euros", `value="much"`, "School journal 2027", once)...)
	for range 2 { // sent twice, there is one
		b.post("/en/projects/new", 200, append(fields, "value", "25 350", "", "School journal 2027", "€25,350.00", "Draft", "Write your requirements", "P-1")...)
	}
	b.open("/en/projects", 200, "1 project", "P-1 School journal 2027", "Lead")

	body = b.open("/en/projects/p-1/requirements", 200, "No requirements yet", "Take the template")
	b.post("/en/projects/p-1/requirements/template", 200, "once", hiddenIn(t, body, "once"), "", "Requirements added: 12", "The interface is in Estonian", "Only you")
	body = b.open("/en/projects/p-1/requirements/new?subject=price", 200, "Yearly price for your volume", "without VAT")
	once = hiddenIn(t, body, "once")
	b.post("/en/projects/p-1/requirements/new", 422, "subject", "price", "operator", "at_most", "wanted", "little", "force", "must", "once", once, "", "This is not an answer", `value="little"`, once)
	b.post("/en/projects/p-1/requirements/new", 200, "subject", "price", "operator", "at_most", "wanted", "9 000", "force", "must", "weight", "40", "once", once, "", "Yearly price for your volume: at most €9,000 a year", "13 requirements")
	b.open("/en/projects/p-1/requirements/new?subject=fax", 404)
	b.post("/en/projects/p-1/requirements/import", 422, "table", "requirement;force\nTrial;perhaps\n", "", "2", "Choose how much it binds", "Trial;perhaps", "Nothing was added")
	b.post("/en/projects/p-1/requirements/import", 200, "once", "t", "table", "requirement;force\nTrial;wish\n", "", "14 requirements")

	b.conflictOfRequirements()
	b.fitAndShortlist()
	b.lockAndReplay()
}

// conflictOfRequirements changes a requirement that somebody else changed meanwhile.
func (b *browser) conflictOfRequirements() {
	b.t.Helper()
	body := b.open("/en/projects/p-1/requirements/13", 200, "9000")
	seen := hiddenIn(b.t, body, "seen")
	change := func(wanted string) []string {
		return []string{"subject", "price", "operator", "at_most", "words", "Cheap", "wanted", wanted, "force", "must", "weight", "40", "seen", seen}
	}
	b.post("/en/projects/p-1/requirements/13", 200, append(change("8000"), "", "The requirement is changed", "€8,000")...)
	b.post("/en/projects/p-1/requirements/13", 200, append(change("8000"), "", "The requirement is changed")...) // the same again
	body = b.post("/en/projects/p-1/requirements/13", 409, append(change("7000"), "", "Somebody changed the project meanwhile", `value="7000"`, "It now reads: “Cheap”")...)
	seen = hiddenIn(b.t, body, "seen")
	b.post("/en/projects/p-1/requirements/13", 200, append(change("700000"), "", "€700,000")...)
}

// fitAndShortlist checks the fit, keeps what fits and explains the rest.
func (b *browser) fitAndShortlist() {
	b.t.Helper()
	b.open("/en/projects/p-1/shortlist", 200, "Saved search", "Undecided", "journal")
	b.open("/en/projects/p-1/fit", 200, "“One size fits all” check", "Must", "Keep services that meet all musts", "Overrule")
	b.open("/en/projects/p-1/fit?page=9", 404)
	b.open("/en/projects/p-1/fit/13/sc-1", 200, "Overrule an answer", "Cheap")
	b.post("/en/projects/p-1/fit/13/sc-1", 422, "verdict", "met", "reason", "They said so", "", "Enter where this is known from", "They said so")
	for range 2 {
		b.post("/en/projects/p-1/fit/13/sc-1", 200, "once", "o", "verdict", "tailoring", "reason", "They said so", "source", "Letter of 3 March", "", "Met by paid tailoring", "They said so (source: Letter of 3 March)", "Mari Tamm")
	}
	b.post("/en/projects/p-1/shortlist", 422, "id", "fax", "", "There is no such service", `value="fax"`)
	b.post("/en/projects/p-1/shortlist", 422, "id", "SC-999", "", "There is no such service")
	b.post("/en/projects/p-1/fit/keep", 200, "", "Undecided") // it is not known whether it meets all
	b.post("/en/projects/p-1/fit/1/sc-1", 200, "once", "n", "verdict", "not_met", "reason", "In America", "source", "Contract", "", "1 must missing")
	b.post("/en/projects/p-1/fit/keep", 200, "", "Left out", "Does not meet: All data is kept in the European Union")
	b.post("/en/projects/p-1/shortlist", 200, "id", "SC-1", "", "Kept")
}

// lockAndReplay locks the project, and reads it again after a listing has changed.
func (b *browser) lockAndReplay() {
	b.t.Helper()
	b.decideAll("p-1")
	b.open("/en/projects/p-1", 200, "Lock as evidence", "To do")
	b.post("/en/projects/p-1/lock", 422, "", "Confirm that you understand")
	b.post("/en/projects/p-1/lock", 200, "sure", "1", "", "The search is locked as evidence", "Save scores")
	b.open("/en/projects/p-1/search", 200, "Verified", "SHA-256")
	record := b.open("/en/projects/p-1/search.json", 200)
	var locked procurement.Record
	if err := json.Unmarshal([]byte(record), &locked); err != nil || locked.Project != "P-1" || len(locked.Results) == 0 || locked.Requirements[0].Words == "" {
		b.t.Errorf("the record is %s (%v)", record, err)
	}
	b.changeListing(1)
	b.open("/en/projects/p-1/search", 200, "Verified", "The listing has changed since", "What changed", "!Altered")
	if again := b.open("/en/projects/p-1/search.json", 200); again != record {
		b.t.Errorf("the record is another one: %s", again)
	}
	b.open("/en/projects/p-1/lock", 200, "Locked search") // leads to what is locked
	b.open("/en/projects/p-1/requirements", 200, "locked as evidence", "!Take the template", "!/requirements/13")
	b.open("/en/projects/p-1/edit", 409)
	b.post("/en/projects/p-1/close", 422, "reason", " ", "", "Enter a reason")
	for range 2 {
		b.post("/en/projects/p-1/close", 200, "reason", "No money.", "", "Closed without award", "No money.")
	}
	b.post("/en/projects/p-1/close", 409, "reason", "Another.")
}

// decideAll leaves out everything that nobody has decided about.
func (b *browser) decideAll(project string) {
	b.t.Helper()
	body := b.open("/en/projects/"+project+"/shortlist", 200)
	for _, m := range regexp.MustCompile(`href="(/en/projects/p-1/shortlist/sc-\d+/removal)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(m[1], "/sc-1/") {
			b.open(m[1], 200, "Leave a service out")
			b.post(m[1], 200, "reason", "Not for schools.", "", "Left out", "Not for schools.")
		}
	}
}

// changeListing publishes another version of a service.
func (p *peopleSite) changeListing(id int64) {
	p.t.Helper()
	p.write(func(tx *db.Tx) error {
		l, err := catalogue.FindListing(p.t.Context(), tx, id)
		if err != nil {
			return err
		}
		last := l.Versions[len(l.Versions)-1]
		last.Website = "https://changed.example/"
		last.Published = last.Published.AddMonths(1)
		l.Versions[len(l.Versions)-1].State = catalogue.Superseded
		l.Versions = append(l.Versions, last)
		_, err = catalogue.Put(p.t.Context(), tx, &l, 0)
		return err
	})
	p.follow()
}

func TestBuyersTakeServicesAlongIntoProjects(t *testing.T) {
	b := newPeopleSite(t).browser()
	b.open("/en/services/sc-1-e-journal-for-classes", 200, "!Add to a project")
	b.open("/en/compare?id=sc-1&id=sc-4", 200, "!Add to a project")
	b.signIn()
	b.open("/en/services/sc-1-e-journal-for-classes", 200, `href="/en/projects/add?id=sc-1"`)
	b.open("/en/compare?id=sc-1&id=sc-4", 200, `href="/en/projects/add?id=sc-1&id=sc-4"`)
	b.post("/en/projects/new", 200, "id", "sc-1", "id", "sc-4", "once", "a", "name", "Two", "kind", "other", "years", "1", "", "Shortlisted", "2 services kept")
	b.open("/en/projects/p-1/shortlist", 200, "added by number", "SC-1", "SC-4")
	b.post("/en/projects/new", 200, "once", "b", "name", "None", "kind", "other", "years", "1", "", "Draft")
	b.open("/en/projects/add?id=sc-1", 200, "P-1 Two", "P-2 None", "SC-1")
	b.post("/en/projects/add", 422, "id", "sc-1", "", "Choose a project")
	b.post("/en/projects/add", 200, "id", "sc-1", "project", "p-2", "", "The services are on the shortlist", "SC-1")
	b.post("/en/projects/add", 200, "from", "search", "q", "journal", "project", "p-2", "", "The search is saved to the project", "journal")
	b.post("/en/projects/add", 200, "from", "search", "q", "maps", "project", "p-2", "", "maps") // overwrites it
	b.open("/en/projects/add", 200, "There is nothing to add")
	b.open("/en/projects/p-2/requirements/copy", 200, "P-1 Two")
	b.open("/en/projects/p-7", 404)
	b.open("/en/projects/P-1", 404)
}
