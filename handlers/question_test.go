package handlers

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/reports"
)

// Every question has an answer, as a page and as every kind of file, in both languages.
func TestEveryQuestionIsAnswered(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	list := f.open("/en/spend/questions", 200, "What do we spend on services", "Who should pay what")
	for _, full := range []bool{false, true} {
		if full {
			p.bringsAndAccepts(f, chargesFile+"Somebody else,2025-02-28,IN-3,Maps,-5.25,,USD\nSomebody else,,IN-4,Maps,7,,EUR\n", "1")
		}
		for _, q := range reports.Questions() {
			if !strings.Contains(list, `href="`+at("en", questionAddress(&q))+`"`) {
				if q.Path != calendarPath { // which is for those who look after subscriptions
					t.Errorf("nothing leads to %s", q.Code)
				}
				continue
			}
			if q.Path != "" {
				f.open("/en"+q.Path, 200)
				continue
			}
			for _, by := range append([]string{""}, q.Bys...) {
				address := "/spend/questions/" + q.Code
				if by != "" {
					address += "?by=" + by
				}
				f.open("/en"+address, 200, "Method:")
				f.open("/et"+address, 200, "Meetod:")
			}
			for _, kind := range fileKinds() {
				f.open("/en/spend/questions/"+q.Code+"/rows."+kind, 200)
			}
		}
	}
}

// From all that is spent an analyst clicks down to the charge, without a script.
func TestSpendLeadsDownToTheCharge(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	p.bringsAndAccepts(f, chargesFile, "1")
	body := f.open("/en/spend", 200, "Questions")
	for _, step := range []struct{ link, want string }{
		{`/en/spend/questions`, "What do we spend on services"},
		{`/en/spend/questions/spent`, "€140.50"},
		{`/en/spend/questions/spent\?by=buyer&under=\d+`, "€140.50"},
		{`/en/spend/questions/spent\?buyer=o2&by=vendor[^"]*`, "Somebody else"},
		{`/en/spend/questions/spent\?buyer=o2&by=invoice[^"]*vendor=o3`, "IN-1"},
		{`/en/spend/lines\?buyer=o2&month=2026-01[^"]*vendor=o3`, "IN-1"},
		{`/en/spend/lines/\d+`, "Charge IN-1"},
	} {
		link := regexp.MustCompile(`href="(` + step.link + `)"`).FindStringSubmatch(body)
		if link == nil {
			t.Fatalf("nothing leads to %s in %s", step.link, body)
		}
		body = f.open(link[1], 200, step.want)
	}
}

// What is asked wrongly is said where it can be put right, and what nobody can ask is not
// found.
func TestAQuestionThatIsAskedWronglySaysSo(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	for address, want := range map[string]string{
		"spent?from=2026-01":                         "Enter both the first and the last month",
		"spent?from=2026-03&until=2026-01":           "The last month comes before the first",
		"spent?from=march&until=2026-01":             "Enter a month such as 2026-03",
		"spent?year=2026&from=2026-01&until=2026-02": "Choose either a year or months",
		"spent?known=today":                          "Enter a day such as 2026-03-31",
	} {
		f.open("/en/spend/questions/"+address, 422, want)
	}
	for _, address := range []string{"nothing", "spent?by=colour", "spent?basis=x", "spent?year=1", "spent?first=13", "spent?under=999999", "spent?vendor=x7", "spent/rows.csv?from=2026-01", "shares"} {
		f.open("/en/spend/questions/"+address, 404)
	}
}

// Files have exactly the rows that a page shows, with every decimal.
func TestFilesOfAQuestionHaveItsRows(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	p.bringsAndAccepts(f, chargesFile, "1")
	f.open("/en/spend/questions/spent?by=vendor&year=2026&vat=1", 200, "€164.62", "with VAT", "rows.csv?by=vendor&vat=1&year=2026")
	f.open("/en/spend/questions/spent/rows.csv?by=vendor&year=2026&vat=1", 200, "Tahvel Näidis OÜ,124.62,75.7016,2,0,,EUR")
	f.open("/en/spend/questions/spent/rows.json?by=vendor&vendor=o3", 200, `"amount"`, "100.5", "!Somebody")
	f.open("/en/spend/questions/spent?by=vendor&sort=amount", 200, "Somebody else")
}

// A report is kept for oneself, told on its day, and told no more once it is removed.
func TestReportsAreKeptAndSent(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	p.bringsAndAccepts(f, chargesFile, "1")
	f.open("/en/reports", 200, "No report is kept yet")
	f.open("/en/spend/questions/spent?by=vendor", 200, "/en/reports/new?query=by%3Dvendor&question=spent")
	kept := []string{"question", "spent", "query", "by=vendor", "schedule", "weekly"}
	f.post("/en/reports/new", 422, append(kept, "name", " ", "", "Enter a name")...)
	for range 2 {
		f.post("/en/reports/new", 200, append(kept, "name", "Whom we pay", "", "The report is kept", "Whom we pay", "Every Monday")...)
	}
	f.post("/en/reports/new", 422, "question", "spent", "query", "", "name", "Whom we pay", "", "A report is kept under this name")
	f.post("/en/reports/new", 404, "question", "nothing", "query", "", "name", "x", "")
	f.open("/en/reports/1", 200, "What do we spend on services", "€140.50")
	p.buyer.open("/en/reports/1", 404)
	p.buyer.open("/en/reports", 200, "!Whom we pay")
	p.sends(0)
	now := p.DB.Now()
	p.DB.Now = func() time.Time { return now.AddDate(0, 0, 7) }
	p.sends(1)
	p.sends(0)
	f = p.signedIn("money@lakeside.example")
	f.open("/en/inbox", 200, "Whom we pay: your report")
	var letters []string
	if err := p.DB.Select(t.Context(), &letters, `SELECT args FROM outbox WHERE kind = 'report'`); err != nil || len(letters) != 1 || !strings.Contains(letters[0], "Amount in all: €140.50.") {
		t.Errorf("letters say %q, %v", letters, err)
	}
	f.post("/en/reports/1/schedule", 404, "schedule", "hourly", "")
	f.post("/en/reports/1/schedule", 200, "schedule", "", "", "It is noted", "Not sent")
	p.DB.Now = func() time.Time { return now.AddDate(0, 0, 70) }
	p.sends(0)
	f = p.signedIn("money@lakeside.example")
	f.post("/en/reports/1/removal", 200, "", "The report is removed", "No report is kept yet")
	f.post("/en/reports/1/removal", 404)
}

// A report of somebody who no longer sees the ledger is not sent.
func TestReportsOfThoseWhoLeftAreNotSent(t *testing.T) {
	p := newPurchaser(t)
	f, who := p.colleague("money@lakeside.example", models.Finance)
	f.post("/en/reports/new", 200, "question", "spent", "query", "", "schedule", "monthly", "name", "All", "")
	p.write(func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE memberships SET ended_at = ? WHERE account_id = ?`, tx.Now, who)
		return err
	})
	now := p.DB.Now()
	p.DB.Now = func() time.Time { return now.AddDate(0, 2, 0) }
	p.sends(0)
}

// sends sends the reports that are due.
func (p *purchaser) sends(want int) {
	p.t.Helper()
	if sent, err := p.SendReports(context.Background()); err != nil || sent != want {
		p.t.Errorf("%d reports are sent, %v; want %d", sent, err, want)
	}
}

// What was worked out is kept, for who sees the same money, until the ledger changes.
func TestAnswersAreKeptUntilTheLedgerChanges(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	f.open("/en/spend/questions/spent?by=vendor", 200, "€0.00")
	p.bringsAndAccepts(f, chargesFile, "1")
	for range 2 {
		f.open("/en/spend/questions/spent?by=vendor", 200, "€140.50", "Tahvel Näidis OÜ")
		f.open("/en/spend/questions/spent?by=vendor&sort=-amount", 200, "€140.50")
	}
	p.seller.open("/en/spend/questions/spent?by=vendor", 404)
	f.post("/en/imports/1/undo", 200, "")
	f.open("/en/spend/questions/spent?by=vendor", 200, "!€140.50", "!Tahvel")
}
