package handlers

import (
	"archive/zip"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
)

// purchaser is a site with a buyer, an evaluator, an approver and a seller.
type purchaser struct {
	*peopleSite
	buyer, evaluator, approver, seller *browser
	judge                              int64 // account of the evaluator
}

// A project goes from a locked shortlist to an award, by everybody who takes part.
func TestFromLockedServicesToAnAward(t *testing.T) {
	p := newPurchaser(t)
	b := p.buyer
	b.post("/en/projects/new", 200, "id", "sc-1", "id", "sc-4", "once", "a", "name", "Journal", "kind", "other", "category", "education", "template", "1", "volume", "1000", "unit", "pupil", "years", "3", "",
		"How the services fit your requirements", "Requirements added: 12")
	b.open("/en/projects/p-1/scores", 200, "The search is not locked yet", `href="/en/projects/p-1/lock"`)
	p.namePeople()
	p.questions()
	b.post("/en/projects/p-1/lock", 200, "sure", "1", "", "The search is locked as evidence", "Nothing is set yet", "Save scores")
	p.criteria()
	p.scores()
	p.decides()
	p.approves()
	p.evidence()
}

func newPurchaser(t *testing.T) *purchaser {
	s := newPeopleSite(t)
	p := &purchaser{peopleSite: s, buyer: s.browser()}
	p.write(func(tx *db.Tx) error {
		return identity.ChangeMember(t.Context(), tx, 1, identity.Powers{Roles: []models.Role{models.Buyer}, Rights: models.Rights})
	})
	p.buyer.signIn()
	p.evaluator, p.judge = p.colleague("judge@lakeside.example", models.Evaluator)
	p.approver, _ = p.colleague("boss@lakeside.example", models.Approver)
	p.seller, _ = s.vendorBrowser("seller@vendor.example", 3, models.VendorManager)
	return p
}

// colleague is somebody else of the buyer's organisation.
func (p *purchaser) colleague(mail string, role models.Role) (*browser, int64) {
	p.t.Helper()
	account := p.person(mail)
	p.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(p.t.Context(), tx, account, 2, identity.Powers{Roles: []models.Role{role}, Limit: 100_000_00})
		return err
	})
	return p.signedIn(mail), account
}

// namePeople names an evaluator beside the lead.
func (p *purchaser) namePeople() {
	p.t.Helper()
	body := p.buyer.open("/en/projects/p-1/people", 200, "Say who takes part", "judge@lakeside.example")
	m := regexp.MustCompile(`name="(person\.\d+)"`).FindAllStringSubmatch(body, -1)
	fields := []string{"seen", hiddenIn(p.t, body, "seen")}
	judge := fieldNamed + strconv.FormatInt(p.judge, 10)
	for _, one := range m {
		part := ""
		switch {
		case one[1] == judge:
			part = "evaluator"
		case strings.Contains(optionsOf(body, one[1]), `value="lead" selected`):
			part = "lead"
		}
		fields = append(fields, one[1], part)
	}
	p.buyer.post("/en/projects/p-1/people", 200, append(fields, "", "The people of the project are changed")...)
}

// optionsOf is the list of options of a field.
func optionsOf(body, name string) string {
	_, rest, _ := strings.Cut(body, `name="`+name+`"`)
	field, _, _ := strings.Cut(rest, "</select>")
	return field
}

// questions asks the vendor, who answers; the answer settles a requirement.
func (p *purchaser) questions() {
	p.t.Helper()
	b := p.buyer
	body := b.open("/en/projects/p-1/questions?requirement=2", 200, "No questions yet", "How does your service meet this")
	once := hiddenIn(p.t, body, "once")
	due := models.DateOf(p.DB.Now()).AddDays(3).String()
	b.post("/en/projects/p-1/questions", 422, "once", once, "words", "Where is it?", "due", "soon", "", "Enter a day from today on", "Choose at least one service", "Where is it?", once)
	for range 2 {
		b.post("/en/projects/p-1/questions", 200, "once", once, "words", "Where is it?", "requirement", "2", "due", due, "services", "sc-1", "services", "sc-4", "", "The question is sent", "Q-1", "No answer yet", "!Q-2")
	}
	p.evaluator.open("/en/projects/p-1/questions", 200, "Where is it?", "Judge by this answer", "!Send the question")
	p.seller.open("/en/vendor/questions", 200, "Where is it?", "Not answered", "Lakeside")
	body = p.seller.open("/en/vendor/questions/q-1/sc-1", 200, "Where is it?", "Send the answer")
	p.seller.post("/en/vendor/questions/q-1/sc-1", 422, "words", " ", "", "Enter the answer")
	p.asksBack(hiddenIn(p.t, body, "once"))
	p.seller.post("/en/vendor/questions/q-1/sc-1", 200, "once", hiddenIn(p.t, body, "once"), "words", "In Tallinn.", "", "Your answer", "In Tallinn.")
	b.open("/en/projects/p-1/questions", 200, "In Tallinn.")
	b.open("/en/projects/p-1/fit/2/sc-1?question=1", 200, "In Tallinn.", "Answer of the vendor to Q-1")
	p.approver.open("/en/vendor/questions", 404)
}

// asksBack asks the buyer something about the question; the answer goes to all who were
// asked, without the name of who asked back.
func (p *purchaser) asksBack(once string) {
	p.t.Helper()
	const question, clarification = "/en/vendor/questions/q-1/sc-1", "/en/projects/p-1/questions/clarifications/1"
	rival, _ := p.vendorBrowser("rival@vendor.example", 4, models.VendorManager)
	p.seller.post(question+"/clarifications", 422, "once", once, "back", " ", "", "Enter the question")
	for range 2 {
		p.seller.post(question+"/clarifications", 200, "once", once, "back", "The data, or the people?", "", "The buyer was told", "The data, or the people?", "not answered yet")
	}
	rival.post("/en/vendor/questions/q-1/sc-1/clarifications", 404, "once", once, "back", "x")
	p.seller.open("/en/vendor/questions/q-1/sc-4", 200, "!The data, or the people?") // for another service it is as another vendor's
	p.buyer.open("/en/projects/p-1/questions", 200, "Asked back about Q-1", "The data, or the people?", "Answer to all")
	p.evaluator.open("/en/projects/p-1/questions", 200, "The data, or the people?", "!Answer to all")
	p.evaluator.post(clarification, 404, "answer1", "Both.")
	p.buyer.post(clarification, 422, "answer1", "", "", "Enter the answer")
	p.buyer.post("/en/projects/p-1/questions/clarifications/2", 404, "answer2", "Both.")
	for range 2 {
		p.buyer.post(clarification, 200, "answer1", "Both.", "", "were told", "Both.")
	}
	p.buyer.post(clarification, 200, "answer1", "Neither.", "", "It is answered already", "!Neither.")
	p.seller.open("/en/vendor/questions/q-1/sc-4", 200, "The data, or the people?", "Both.")
	p.seller.open(question, 200, "Both.")
}

func (p *purchaser) criteria() {
	p.t.Helper()
	b := p.buyer
	b.open("/en/projects/p-1/scores/criteria", 200, `value="60"`, `value="40"`)
	b.post("/en/projects/p-1/scores/criteria", 422, "weight.price", "60", "weight.fit", "30", "", "The weights must add up to 100", `value="30"`)
	b.post("/en/projects/p-1/scores/criteria", 422, "weight.price", "60", "name.0", "Support", "weight.0", "much", "", "Enter a whole number from 1 to 100", "Support", `value="much"`)
	b.post("/en/projects/p-1/scores/criteria", 200, "weight.price", "40", "weight.fit", "20", "name.0", "Support", "weight.0", "40", "", "The criteria are saved", "40 of 100", "weight × lowest price ÷ own price", "Support")
	b.open("/en/projects/p-1/scores/offers/sc-4", 200, "What SC-4")
	b.post("/en/projects/p-1/scores/offers/sc-4", 422, "cost", "12.345", "", "Enter an amount in euros", "Enter where this is known from", "12.345")
	b.post("/en/projects/p-1/scores/offers/sc-4", 200, "once", "o", "cost", "90 000", "source", "Letter of 3 March", "", "€90,000.00", "Letter of 3 March")
}

func (p *purchaser) scores() {
	p.t.Helper()
	e := p.evaluator
	p.buyer.open("/en/projects/p-1/scores", 200, "!Close my scores", "Not closed yet") // an evaluator scores, so the lead does not
	body := e.open("/en/projects/p-1/scores", 200, "Close my scores", "Points from 0 to 10")
	names := regexp.MustCompile(`name="(points\.\d+\.\d+)"`).FindAllStringSubmatch(body, -1)
	if len(names) != 2 {
		p.t.Fatalf("there are %d fields for points, want 2", len(names))
	}
	one, two := names[0][1], names[1][1]
	e.post("/en/projects/p-1/scores", 422, one, "11", two, "7", "", "Enter a whole number from 0 to 10", `value="11"`, `value="7"`)
	e.post("/en/projects/p-1/scores", 422, one, "8", "done", "1", "", "Give points from 0 to 10 before you close")
	e.post("/en/projects/p-1/scores", 200, one, "8", two, "7", "note."+one, "Quick", "", "Your scores are saved", `value="8"`)
	p.buyer.open("/en/projects/p-1/scores", 200, "What each gave is shown once all are closed", "!Quick")
	p.buyer.open("/en/projects/p-1/decision", 200, "Save the decision")
	p.buyer.post("/en/projects/p-1/decision", 422, "outcome", "sc-1", "reason", "It fits.", "standstill", "0", "", "Not all points are known yet", "It fits.")
	e.post("/en/projects/p-1/scores", 200, one, "8", two, "7", "note."+one, "Quick", "done", "1", "", "You have closed your scores", "Quick")
	e.post("/en/projects/p-1/scores", 409, one, "9", two, "7")
	p.buyer.open("/en/projects/p-1/scores", 200, "Quick", "Closed", "× 8 ÷ 10")
}

func (p *purchaser) decides() {
	p.t.Helper()
	b := p.buyer
	body := b.open("/en/projects/p-1/decision", 200, `value="10"`, "A system of our own") // ten days, because it is no small purchase
	b.post("/en/projects/p-1/decision", 422, "outcome", "sc-9", "reason", "", "standstill", "many", "", "Choose what you decide for", "Enter a reason", "Enter a number of days", `value="many"`)
	seen := hiddenIn(p.t, body, "seen")
	b.post("/en/projects/p-1/decision", 200, "seen", seen, "outcome", "sc-1", "reason", "It fits best.", "standstill", "0", "shown", "1", "", "The decision is saved", "It fits best.", "Send for approval")
	b.post("/en/projects/p-1/decision", 409, "seen", seen, "outcome", "none", "reason", "Another.", "standstill", "0", "", "Somebody changed the project meanwhile", "Another.")
	b.open("/en/projects/p-1/decision/letters", 200, "has decided the procurement “Journal” for your service SC-1", "was not chosen", "points, the chosen one")
	b.post("/en/projects/p-1/decision/send", 422, "approver", "99", "", "Choose an approver")
	m := regexp.MustCompile(`(?s)<select[^>]*name="approver".*?<option value="(\d+)"`).FindStringSubmatch(b.open("/en/projects/p-1/decision", 200))
	if m == nil {
		p.t.Fatal("there is no approver to choose")
	}
	b.post("/en/projects/p-1/decision/send", 200, "approver", m[1], "", "The decision is sent for approval", "Take it back", "Waits for")
	b.post("/en/projects/p-1/decision/withdrawal", 200, "", "The decision is taken back", "Save the decision")
	b.post("/en/projects/p-1/decision/send", 200, "approver", m[1], "", "Waits for approval")
}

func (p *purchaser) approves() {
	p.t.Helper()
	a := p.approver
	a.open("/en/approvals", 200, "P-1 Journal", "1 wait")
	p.buyer.open("/en/approvals", 404)
	body := a.open("/en/approvals/p-1", 200, "Approve the decision of Journal?", "It fits best.", "Record the decision")
	seen := hiddenIn(p.t, body, "seen")
	a.post("/en/approvals/p-1", 422, "seen", seen, "reason", "Hm", "", "Choose whether you approve", "Hm")
	a.post("/en/approvals/p-1", 422, "seen", seen, "answer", "return", "", "Enter a reason")
	a.post("/en/approvals/p-1", 409, "seen", "1", "answer", "approve", "", "It was changed or decided meanwhile")
	a.post("/en/approvals/p-1", 200, "seen", seen, "answer", "approve", "", "It is approved", "Nothing waits for you")
	a.post("/en/approvals/p-1", 409, "seen", seen, "answer", "approve")
	p.buyer.open("/en/projects/p-1", 200, "Awarded", "Award evidence", "!Close without award")
	p.seller.open("/en/vendor/questions", 200, "Chosen")
	p.seller.open("/en/vendor/decisions/p-1/sc-1", 200, "It fits best.", "for your service SC-1")
	p.seller.open("/en/vendor/decisions/p-1/sc-9", 404)
}

// evidence reads the evidence as a page and as files.
func (p *purchaser) evidence() {
	p.t.Helper()
	page := p.buyer.open("/en/projects/p-1/evidence", 200, "Verified", "!Altered", "Sealed decision", "In Tallinn.", "Letter of 3 March", "It fits best.", "Log of the project", "Quick")
	if strings.Contains(page, "Overrule<") || strings.Contains(page, "<button type=\"submit\">Save") {
		p.t.Error("the evidence has something to press")
	}
	var file dossierFile
	text := p.buyer.open("/en/projects/p-1/evidence.json", 200)
	if err := json.Unmarshal([]byte(text), &file); err != nil || !file.Intact || file.Decision == nil || file.Decision.Chosen != "SC-1" || file.Stage != procurement.Awarded || len(file.Events) < 20 {
		p.t.Errorf("the evidence is %+v, %v", file, err)
	}
	p.buyer.open("/en/projects/p-1/evidence.csv", 200, "SC-1", "SC-4", "€90,000.00")
	p.buyer.open("/en/projects/p-1/evidence.ods", 200)
	sheet := p.buyer.last.Body.String() // as it came
	z, err := zip.NewReader(strings.NewReader(sheet), int64(len(sheet)))
	if err != nil || z.File[0].Name != "mimetype" || z.File[0].Method != zip.Store {
		p.t.Fatalf("the spreadsheet: %v", err)
	}
	f, err := z.Open("content.xml")
	if err != nil {
		p.t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil || !strings.Contains(string(content), "SC-4") || !strings.Contains(string(content), "A decision was approved") {
		p.t.Errorf("the content is %s, %v", content, err)
	}
	drop := "DROP TRIGGER decisions_sealed"
	if p.DB.Engine() == "postgres" {
		drop += " ON decisions"
	}
	p.write(func(tx *db.Tx) error {
		for _, q := range []string{drop, `UPDATE decisions SET record = replace(record, 'fits best', 'is ours')`} {
			if _, err := tx.Exec(p.t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	})
	p.buyer.open("/en/projects/p-1/evidence", 200, "Altered")
}

// A closed project leads to nothing that can no longer be done.
func TestAClosedProjectOffersNoLock(t *testing.T) {
	p := newPurchaser(t)
	b := p.buyer
	b.post("/en/projects/new", 200, "id", "sc-1", "once", "a", "name", "Journal", "kind", "small", "years", "1")
	b.post("/en/projects/p-1/close", 200, "reason", "No money.")
	for _, page := range []string{"", "/scores", "/decision", "/questions", "/evidence", "/pool", "/reuse"} {
		b.open("/en/projects/p-1"+page, 200, `!href="/en/projects/p-1/lock"`)
	}
}
