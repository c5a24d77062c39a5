package handlers

import (
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
)

// A service is requested, approved, ordered, used, and ended, by everybody who takes
// part, with what may go wrong on the way.
func TestFromARequestToTheEndOfASubscription(t *testing.T) {
	p := newPurchaser(t)
	b := p.buyer
	money, _ := p.colleague("money@lakeside.example", models.Finance)
	b.open("/en/services/sc-1-e-journal-for-classes", 200, "Request a subscription")
	b.open("/en/requests/new?service=sc-1", 200, "There is no budget line yet")
	money.post("/en/budget/lines/new", 422, "code", "", "name", "IT", "year", "26", "amount", "x", "", "Enter a code", "Enter a year", "Enter an amount in euros", `value="x"`)
	money.post("/en/budget/lines/new", 200, "code", "5525", "name", "IT services", "year", "2026", "amount", "10 000", "", "2026 5525 IT services", "€10,000.00")
	b.open("/en/budget", 200, "IT services", "!Change the line")
	id := p.requests()
	p.approvesRequest(id)
	p.takesUp(id)
	p.usesAndEnds(id)
	money.post("/en/budget/rules", 200, "seen", "0", "free_below", "100000", "two_above", "", "", "€100,000.00", "One is always enough")
	body := b.open("/en/requests/new?service=sc-1&quantity=1000&unit=pupil", 200, ">Order<")
	b.post("/en/requests/new", 422, "service", "sc-1", "once", "z", "price", hiddenIn(t, body, "price"), "plan", planIn(t, body), "quantity", "1000", "unit", "pupil", "months", "12", "starts", p.today(), "renewal", "none", "notice_days", "0", "budget", "99", "", "Choose a budget line")
}

func (p *purchaser) today() string { return models.DateOf(p.DB.Now()).String() }

// planIn is the price plan that is chosen on a page.
func planIn(t testing.TB, body string) string {
	t.Helper()
	_, rest, _ := strings.Cut(body, `name="plan"`)
	_, rest, ok := strings.Cut(rest, `value="`)
	code, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal("there is no plan")
	}
	return code
}

// requests sends a request once the price has been seen, and returns its number in
// addresses.
func (p *purchaser) requests() string {
	p.t.Helper()
	b := p.buyer
	body := b.open("/en/requests/new?service=sc-1", 200, "Work out the price", "IT services")
	once, plan := hiddenIn(p.t, body, "once"), planIn(p.t, body)
	fields := []string{"service", "sc-1", "once", once, "plan", plan, "quantity", "1 000", "unit", "pupil", "months", "12", "starts", p.today(), "renewal", "tacit", "notice_days", "30", "budget", "1", "words", "For two schools."}
	body = b.post("/en/requests/new", 422, append(fields, "", "This is the price", "Send for approval", "For two schools.", once)...)
	price := hiddenIn(p.t, body, "price")
	b.post("/en/requests/new", 422, append(fields, "price", "1", "", "The price has changed", "You saw €0.01")...)
	for range 2 {
		b.post("/en/requests/new", 200, append(fields, "price", price, "", "SUB-1", "Waits for approval", "1,000 pupils", "For two schools.")...)
	}
	b.open("/en/subscriptions", 200, "1 subscription", "SUB-1")
	b.open("/en/subscriptions.csv", 200, "SUB-1")
	b.open("/en/subscriptions/sub-2", 404)
	b.open("/en/subscriptions/SUB-1", 404)
	return "sub-1"
}

func (p *purchaser) approvesRequest(id string) {
	p.t.Helper()
	a := p.approver
	p.seller.open("/en/vendor/orders/"+id, 404) // nothing is ordered yet
	a.open("/en/approvals", 200, "SUB-1", "1,000 pupils")
	a.open("/en/approvals/"+id, 200, "The money is enough", "Record the decision")
	p.buyer.open("/en/approvals/"+id, 404)
	a.post("/en/approvals/"+id, 422, "round", "1", "answer", "return", "", "Enter a reason")
	a.post("/en/approvals/"+id, 200, "round", "1", "answer", "return", "words", "For how long?", "", "It is sent back", "Nothing waits for you")
	p.buyer.open("/en/subscriptions/"+id, 200, "Sent back", "For how long?", "Send again")
	seen := p.seen(id)
	p.buyer.post("/en/subscriptions/"+id+"/steps/resend", 200, "seen", seen, "words", "A year.", "", "It is recorded", "Waits for approval")
	a.post("/en/approvals/"+id, 409, "round", "1", "answer", "approve", "", "It was changed or decided meanwhile")
	a.post("/en/approvals/"+id, 200, "round", "2", "answer", "approve", "", "It is approved")
	a.post("/en/approvals/"+id, 409, "round", "2", "answer", "approve")
	p.buyer.open("/en/budget", 200, "Reserved", "!€10,000.00 €0.00")
}

func (p *purchaser) seen(id string) string {
	p.t.Helper()
	n, _ := parseName(id, contracts.Prefix)
	var revision string
	if err := p.DB.Get(p.t.Context(), &revision, `SELECT CAST(revision AS TEXT) FROM subscriptions WHERE id = ?`, n); err != nil {
		p.t.Fatal(err)
	}
	return revision
}

// takesUp asks, is answered, and accepts.
func (p *purchaser) takesUp(id string) {
	p.t.Helper()
	s := p.seller
	s.open("/en/vendor/orders", 200, "SUB-1", "Lakeside Schools Board")
	s.open("/en/vendor/orders/"+id, 200, "Accept the order", "Ask the body", "!Mari Tamm, ", "!Budget line")
	s.post("/en/vendor/orders/"+id+"/steps/ask", 422, "seen", p.seen(id), "", "Enter a reason")
	s.post("/en/vendor/orders/"+id+"/steps/ask", 200, "seen", p.seen(id), "words", "Which schools?", "", "The vendor asks")
	s.open("/en/vendor/orders/"+id+"/steps/accept", 409)
	p.buyer.open("/en/subscriptions/"+id, 200, "Which schools?", "Answer the vendor")
	p.buyer.post("/en/subscriptions/"+id+"/steps/answer", 200, "seen", p.seen(id), "words", "Both of them.", "", "Ordered")
	s.post("/en/vendor/orders/"+id+"/steps/accept", 409, "seen", "1", "", "Somebody moved the subscription on meanwhile")
	s.post("/en/vendor/orders/"+id+"/steps/accept", 200, "seen", p.seen(id), "", "Being set up", "Both of them.")
}

func (p *purchaser) usesAndEnds(id string) {
	p.t.Helper()
	b := p.buyer
	b.post("/en/subscriptions/"+id+"/steps/begin", 422, "seen", p.seen(id), "day", "2099-01-01", "", "Enter a day between the order and today", `value="2099-01-01"`)
	b.post("/en/subscriptions/"+id+"/steps/begin", 200, "seen", p.seen(id), "day", p.today(), "", "In use", "To be said by", "From the order to the first use", "0 days")
	b.post("/en/subscriptions/"+id+"/usage", 422, "month", p.today()[:7], "assigned", "1001", "used", "2", "", "not more than was bought", `value="1001"`)
	b.post("/en/subscriptions/"+id+"/usage", 200, "month", p.today()[:7], "assigned", "900", "used", "750", "", "750 used, 900 assigned of 1,000 pupils", "unused")
	b.open("/en/calendar", 200, "SUB-1", "Last day to end it")
	p.calendar()
	b.post("/en/subscriptions/"+id+"/steps/renew", 200, "seen", p.seen(id), "", "Renewed")
	b.post("/en/subscriptions/"+id+"/steps/end", 422, "seen", p.seen(id), "words", "Too dear.", "day", p.today(), "", "Enter a day that leaves the notice", "the earliest last day is")
	b.post("/en/subscriptions/"+id+"/steps/end", 200, "seen", p.seen(id), "words", "Too dear.", "day", models.DateOf(p.DB.Now()).AddDays(31).String(), "", "Ending")
	b.post("/en/subscriptions/"+id+"/steps/finish", 422, "seen", p.seen(id), "day", p.today(), "", "The last day is not over yet")
	p.seller.open("/en/vendor/orders/"+id, 200, "Ending", "Too dear.")
}

// calendar reads the calendar as a program does.
func (p *purchaser) calendar() {
	p.t.Helper()
	b := p.buyer
	body := b.post("/en/calendar", 200, "", "It is shown this once only", "End the address")
	_, rest, _ := strings.Cut(body, "/en/calendar/feed/")
	token, _, _ := strings.Cut(rest, "<")
	reader := p.browser()
	text := reader.open("/en/calendar/feed/"+token, 200, "BEGIN:VCALENDAR", "UID:SUB-1-notice@pilveturg", "UID:SUB-1-end@pilveturg", "END:VCALENDAR")
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 {
			p.t.Errorf("a line of %d octets: %s", len(line), line)
		}
	}
	b.open("/en/calendar", 200, "!"+token)
	b.post("/en/calendar/removal", 200, "", "The address no longer works")
	reader.open("/en/calendar/feed/"+token, 404)
}

func TestTwoApproversAreNeededAboveALimit(t *testing.T) {
	p := newPurchaser(t)
	p.write(func(tx *db.Tx) error {
		tx.Actor = models.Actor{Program: "test", OrgID: 2, Roles: []models.Role{models.Finance}}
		if err := contracts.SetRules(t.Context(), tx, 0, contracts.Rules{TwoAbove: 0}); err != nil {
			return err
		}
		return contracts.SaveBudget(t.Context(), tx, contracts.Budget{Code: "1", Name: "IT services", Year: 2026, Cents: 1_000_000_00})
	})
	id := p.requests()
	account := p.person("second@lakeside.example")
	p.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(t.Context(), tx, account, 2, identity.Powers{Roles: []models.Role{models.Approver}, Limit: 100_000_00})
		return err
	})
	second := p.signedIn("second@lakeside.example")
	p.approver.post("/en/approvals/"+id, 200, "round", "1", "answer", "approve", "", "Nothing waits for you")
	p.buyer.open("/en/subscriptions/"+id, 200, "Waits for approval", "Approved")
	p.approver.post("/en/approvals/"+id, 409, "round", "1", "answer", "approve")
	second.post("/en/approvals/"+id, 200, "round", "1", "answer", "approve", "", "It is approved")
	p.buyer.open("/en/subscriptions/"+id, 200, "Ordered")
}
