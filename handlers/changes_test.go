package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
)

// runningSubscription is one for 1,000 pupils that is in use.
func (p *purchaser) runningSubscription() string {
	p.t.Helper()
	p.write(func(tx *db.Tx) error {
		tx.Actor = models.Actor{Program: "test", OrgID: 2, Roles: []models.Role{models.Finance}}
		return contracts.SaveBudget(p.t.Context(), tx, contracts.Budget{Code: "1", Name: "IT services", Year: 2026, Cents: 1_000_000_00})
	})
	id := p.requests()
	p.approver.post("/en/approvals/"+id, 200, "round", "1", "answer", "approve")
	p.seller.open("/en/vendor/orders/"+id+"/steps/accept", 200, "Set up the environment", "Sign the data processing agreement")
	p.seller.post("/en/vendor/orders/"+id+"/steps/accept", 200, "seen", p.seen(id), "ours", "Import the classes", "theirs", "Name a contact\nSend the list", "", "Being set up", "0 of 3 done", "Import the classes")
	p.buyer.post("/en/subscriptions/"+id+"/steps/begin", 200, "seen", p.seen(id), "day", p.today(), "", "In use")
	return id
}

// A body asks for more, the approver and the vendor answer, and each sees what is theirs
// to see.
func TestFromAChangeToItsAnswer(t *testing.T) {
	p := newPurchaser(t)
	id := p.runningSubscription()
	b, here := p.buyer, "/en/subscriptions/"+id
	body := b.open(here+"/changes/new", 200, "1,000 pupils", "Work out the price")
	fields := []string{"once", hiddenIn(t, body, "once"), "plan", planIn(t, body), "unit", "pupil", "starts", p.today()}
	b.post(here+"/changes/new", 422, append(fields, "quantity", "x", "", "Enter a number, for example 1000", `value="x"`, "Enter a reason")...)
	b.post(here+"/changes/new", 422, append(fields, "quantity", "1 000", "words", "Why.", "", "Enter something that differs")...)
	fields = append(fields, "quantity", "1 500", "words", "A school more.")
	body = b.post(here+"/changes/new", 422, append(fields, "", "This is the price", "1,500 pupils", "To be reserved besides", "A school more.")...)
	fields = append(fields, "price_seen", hiddenIn(t, body, "price_seen"))
	for range 2 { // the same form makes one change
		b.post(here+"/changes/new", 200, append(fields, "", "CH-1", "Waits for approval", "1,500 pupils", "A school more.", "Withdraw change CH-1", "!CH-2")...)
	}
	p.seller.open("/en/vendor/orders/"+id, 200, "!CH-1", "!A school more.")
	p.seller.open("/en/vendor/orders/"+id+"/changes/1", 404)
	a := p.approver
	a.open("/en/approvals", 200, "CH-1", "1,000 pupils → 1,500 pupils")
	a.open("/en/approvals/ch-1", 200, "The money is enough", "Approve the change")
	a.open("/en/approvals/CH-1", 404)
	b.open("/en/approvals/ch-1", 404)
	a.post("/en/approvals/ch-1", 422, "seen", "1", "answer", "refuse", "", "Enter a reason")
	a.post("/en/approvals/ch-1", 422, "seen", "1", "", "Choose whether you approve")
	a.post("/en/approvals/ch-1", 200, "seen", "1", "answer", "approve", "", "It is approved", "Nothing waits for you")
	a.post("/en/approvals/ch-1", 409, "seen", "1", "answer", "approve", "", "It was changed or decided meanwhile")
	s := p.seller
	s.open("/en/vendor/orders/"+id, 200, "Answer CH-1")
	s.post("/en/vendor/orders/"+id+"/changes/1", 422, "seen", "2", "answer", "decline", "", "Enter a reason")
	s.post("/en/vendor/orders/"+id+"/changes/1", 409, "seen", "1", "answer", "accept", "", "It was changed or decided meanwhile")
	s.post("/en/vendor/orders/"+id+"/changes/1", 200, "seen", "2", "answer", "accept", "words", "Gladly.", "", "It is recorded", "Gladly.")
	b.open(here, 200, "Holds", "1,500 pupils", "Gladly.", "Changed")
	s.open("/en/vendor/orders/sub-99/changes/1", 404)
}

// Both sides work through what is to be done, and the vendor says how much is used.
func TestBothSidesSetAServiceUp(t *testing.T) {
	p := newPurchaser(t)
	id := p.runningSubscription()
	b, s := p.buyer, p.seller
	b.open("/en/subscriptions/"+id+"/onboarding", 200, "Done: Name a contact", "Done: Send the list", "!Done: Import")
	b.post("/en/subscriptions/"+id+"/onboarding/2", 200, "done", "1", "", "It is noted", "Not done after all: Name a contact")
	b.post("/en/subscriptions/"+id+"/onboarding/1", 403, "done", "1")
	b.post("/en/subscriptions/"+id+"/onboarding/77", 404, "done", "1")
	b.post("/en/subscriptions/"+id+"/onboarding", 422, "tasks", "Tell the teachers", "", "Choose who does it", "Tell the teachers")
	b.post("/en/subscriptions/"+id+"/onboarding", 422, "side", "buyer", "tasks", "Tell the teachers", "due", "soon", "", `value="soon"`, "!Done: Tell the teachers") // nothing is half-done
	b.post("/en/subscriptions/"+id+"/onboarding", 200, "side", "vendor", "tasks", "Train the teachers", "due", p.today(), "", "It is added")
	s.open("/en/vendor/orders/"+id, 200, "1 of 4 done", "wanted by")
	s.post("/en/vendor/orders/"+id+"/onboarding/4", 200, "done", "1", "", "Not done after all: Train the teachers")
	s.post("/en/vendor/orders/"+id+"/usage", 422, "month", p.today()[:7], "assigned", "5000", "used", "1", "", "not more than was bought")
	s.post("/en/vendor/orders/"+id+"/usage", 200, "month", p.today()[:7], "assigned", "800", "used", "640", "", "640 used, 800 assigned")
	b.open("/en/subscriptions/"+id, 200, "640 used, 800 assigned of 1,000 pupils", "said by the vendor", "2 of 4 done")
	b.post("/en/subscriptions/"+id+"/usage", 200, "month", p.today()[:7], "assigned", "900", "used", "750", "", "750 used", "640 used")
	s.open("/en/vendor/orders/"+id, 200, "640 used", "!750 used") // what the body says is the body's
}

// Contracts come from a file as spreadsheets save it; what is wrong is said line by line
// before anything is kept, and the import is undone as a whole.
func TestContractsComeFromAFile(t *testing.T) {
	p := newPurchaser(t)
	b := p.buyer
	b.open("/en/subscriptions/import/template.csv", 200, "Contract number", "7-1/26-12")
	b.post("/en/subscriptions/import", 422, "lines", " ", "", "Choose a file, or paste lines")
	b.post("/en/subscriptions/import", 422, "lines", "service;price\nMail;1", "", "The first line has to name the columns")
	b.post("/en/subscriptions/import", 422, "lines", "service;year;starts;ends\n\"Mail;1;2026-01-01;2030-01-01", "", "The quotation marks of a line do not fit together")
	estonian := "Teenus;Pakkuja;Aastahind;Esimene päev;Viimane päev;Pikenemine;Kogus;Ühik;Etteteatamise päevi;Lepingu number;Värv\r\n" +
		"Postkast;Näidis OÜ;1 234,50;1.01.2026;31.12.2030;Tellimus pikeneb;;;60;7-1;roheline\r\n" +
		";Näidis OÜ;5;1.01.2026;31.12.2030;;;;;;\r\n" +
		"Failid;Näidis OÜ;palju;1.01.2026;31.12.2030;;;;;;\r\n\r\n" +
		"SC-1;;100;2026-01-01;2030-12-31;none;10;õpilast;;;\r\n"
	b.post("/en/subscriptions/import", 200, "lines", estonian, "", "Line 3, Service", "Write what the service is called", "Line 4, Price of a year", "there stands: palju", "Some columns are not read", "Värv", "Line 2, Renewal")
	body := b.post("/en/subscriptions/import", 200, "lines", string(bytes.ReplaceAll([]byte(estonian), []byte("Tellimus pikeneb"), []byte("tacit"))), "", "!Line 2", "€1,334.50", "Import (2)", "Postkast, Näidis OÜ", "from 1 January 2026 to 31 December 2030; to be said by 1 November 2030", "10 pupils")
	text, once := hiddenIn(t, body, "lines"), hiddenIn(t, body, "once")
	b.open("/en/subscriptions", 200, "No subscriptions")
	for range 2 {
		b.post("/en/subscriptions/import", 200, "lines", text, "once", once, "confirm", "1", "", "Undo this import")
	}
	b.open("/en/subscriptions", 200, "2 subscriptions", "Postkast", "€1,234.50")
	last := func(query string) string { // numbers that a look has used up are not given again
		var id string
		if err := p.DB.Get(t.Context(), &id, query); err != nil {
			t.Fatal(err)
		}
		return id
	}
	mail, listed := last(`SELECT 'sub-' || min(id) FROM subscriptions`), last(`SELECT 'sub-' || max(id) FROM subscriptions`)
	undo := "/en/subscriptions/import/" + last(`SELECT '' || max(id) FROM contract_imports`) + "/undo"
	b.open("/en/subscriptions/"+mail, 200, "Näidis OÜ", "not in the catalogue", "7-1", "It goes on unless somebody ends it")
	b.open("/en/subscriptions/"+listed, 200, "10 pupils", "SC-1")
	b.open("/en/subscriptions/"+mail+"/changes/new", 200, "Agreed price of a year")
	b.open("/et/subscriptions/import", 200, "Too olemasolevad lepingud")
	p.approver.open("/en/subscriptions/import", 404)
	b.post("/en/subscriptions/usage", 200, "lines", "contract,month,assigned,used\n7-1,"+p.today()[:7]+",9,8\n"+listed+","+p.today()[5:7]+"."+p.today()[:4]+",7,6\n"+listed+",2020-01,1,1\n", "", "Note (2)", "Line 4, Month")
	b.open("/en/subscriptions/"+listed, 200, "No month was noted yet")
	b.post("/en/subscriptions/usage", 200, "confirm", "1", "lines", "contract,month,assigned,used\n7-1,"+p.today()[:7]+",9,8\n"+listed+","+p.today()[5:7]+"."+p.today()[:4]+",7,6\n", "", "Months noted: 2")
	b.open("/en/subscriptions/"+listed, 200, "6 used, 7 assigned")
	p.approver.post(undo, 404)
	b.post(undo, 200, "", "Contracts taken back: 2")
	b.open("/en/subscriptions", 200, "No subscriptions")
	b.post(undo, 200, "", "was undone already")
}

func TestAFileOfLinesIsReadAsItWasWritten(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"UTF-8":             {"õpilane š", "õpilane š"},
		"UTF-8 with a mark": {"\xef\xbb\xbfõ", "õ"},
		"UTF-16":            {"\xff\xfe\xf5\x00a\x00", "õa"},
		"UTF-16 backwards":  {"\xfe\xff\x00\xf5\x00a", "õa"},
		"Windows, Baltic":   {"\xf5pilane \xf0", "õpilane š"},
		"Windows, western":  {"\xf5pilane \x9a", "õpilane š"},
	} {
		if got := decodedLines([]byte(c.in)); got != c.want {
			t.Errorf("%s: %q; want %q", name, got, c.want)
		}
	}
}

func FuzzLinesFile(f *testing.F) {
	for _, seed := range []string{"service;year\na;1", "contract\tmonth\tassigned\tused\n1\t2\t3\t4", "\"", "\xff\xfe", "a,b\r\rc"} {
		f.Add([]byte(seed))
	}
	s := newSite(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, columns := range [][]linesColumn{contractColumns, usageColumns} {
			file, err := s.readLines(decodedLines(b), columns)
			if err != nil {
				continue
			}
			s.contractLines(file)
			usageLines(file)
		}
	})
}

// elsewhere posts a form to a server, as often at once as one likes, and returns the
// status of the answer.
func (b *browser) elsewhere(server *httptest.Server, address, form string) int {
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, server.URL+address, strings.NewReader(form))
	if err != nil {
		b.t.Error(err)
		return 0
	}
	r.Host = "example.com"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", "http://example.com"+address)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer, err := http.DefaultTransport.RoundTrip(r) // without following
	if err != nil {
		b.t.Error(err)
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

// Two hundred approvals of a hundred requests come at once over HTTP, for money that is
// enough for three: three are ordered, and not a cent more than there is is reserved.
func TestApprovalsAtOnceOverHTTPNeverSpendMoneyTwice(t *testing.T) {
	p := newPurchaser(t)
	const requests, enough = 100, 3
	second, _ := p.colleague("second@lakeside.example", models.Approver)
	var budget int64
	p.write(func(tx *db.Tx) error {
		tx.Actor = models.Actor{Program: "test", OrgID: 2, Roles: []models.Role{models.Finance}}
		if err := contracts.SaveBudget(t.Context(), tx, contracts.Budget{Code: "1", Name: "IT services", Year: 2026, Cents: enough*100_00 + 99_99}); err != nil {
			return err
		}
		if err := tx.Get(t.Context(), &budget, `SELECT max(id) FROM budget_lines`); err != nil {
			return err
		}
		const q = `INSERT INTO subscriptions (organisation_id, once, offering_id, version, plan, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, words, needs, state, requester_id, requested_at)
			SELECT 2, ?, o.id, o.published, 'p', 12, '2026-01-01', 'none', 0, 10000, 0, ?, '', 1, 'requested', 1, ? FROM offerings o WHERE o.id = 1`
		for i := range requests {
			if _, err := tx.Exec(t.Context(), q, fmt.Sprint("request ", i), budget, tx.Now); err != nil {
				return err
			}
		}
		return nil
	})
	server := httptest.NewServer(p.handler)
	defer server.Close()
	codes := map[int]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range requests {
		for _, who := range []*browser{p.approver, second} {
			wg.Go(func() {
				code := who.elsewhere(server, "/en/approvals/"+contracts.Prefix+fmt.Sprint(i+1), "round=1&answer=approve")
				mu.Lock()
				codes[code]++
				mu.Unlock()
			})
		}
	}
	wg.Wait()
	var got struct {
		Reserved int64 `db:"reserved"`
		Ordered  int   `db:"ordered"`
		Held     int64 `db:"held"`
	}
	const q = `SELECT b.reserved, (SELECT COUNT(*) FROM subscriptions WHERE state = 'ordered') AS ordered, (SELECT SUM(held) FROM subscriptions) AS held FROM budget_lines b WHERE b.id = ?`
	if err := p.DB.Get(t.Context(), &got, q, budget); err != nil || got.Ordered != enough || got.Reserved != enough*100_00 || got.Held != got.Reserved {
		t.Errorf("%+v, %v; want %d ordered", got, err, enough)
	}
	if codes[http.StatusSeeOther] != enough || codes[http.StatusSeeOther]+codes[http.StatusConflict]+codes[http.StatusUnprocessableEntity] != 2*requests {
		t.Errorf("they were answered %v", codes)
	}
}
