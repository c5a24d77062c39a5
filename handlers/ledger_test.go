package handlers

import (
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/spend/sheet"
	"pilveturg/views/locale"
)

const januaryFile = "Supplier;Invoice date;Invoice number;Amount;VAT;Currency;Floor\n" +
	"Tahvel Näidis OÜ;2026-01-31;IN-1;1 234,50;296,28;EUR;third\n" +
	"Somebody else;2026-02-10;77;0,005;;USD;\n" +
	"Tahvel Näidis OÜ;2026-02-28;IN-2;1O0,00;24,00;EUR;\n" +
	"=HYPERLINK(1);2026-02-28;IN-3;5,5;;EUR;\n"

// From the file of an officer to the total of the body, and back down to the line.
func TestAFileIsBroughtAndFollowedToItsLines(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	f.open("/en/spend", 200, "No charge is found", "Bring a file")
	f.open("/en/imports", 200, "No file was brought yet")
	f.post("/en/imports", 422, "file", "", "", "Choose a file that is not empty")
	f.post("/en/imports", 422, "file", januaryFile, "control", "lots", "", "Enter the sum as a number", `value="lots"`)
	f.post("/en/imports", 200, "file", januaryFile, "control", "1536,285", "", "What the columns mean", "1 234,50 · 0,005", "numbers with “,” before decimals", "utf-8, line ends LF, cells parted by a semicolon, heading on line 1", `value="3" selected`)
	f.post("/en/imports/1/mapping", 422, "amount", "", "vendor", "0", "", "Choose the column of the amount", "Enter the currency")
	f.post("/en/imports/1/mapping", 422, "amount", "3", "currency_code", "EURO", "", "Enter a code of ISO 4217", `value="EURO"`)
	const right = "vendor=0 date=1 reference=2 amount=3 tax=4 currency=5 scale=1 decimal=,"
	f.post("/en/imports/1/mapping", 200, append(pairs(right), "", "Waits to be accepted", "This is not a number: column “Amount” has “1O0,00”", "Perhaps meant: 100.00", "€1,536.28", "USD", "No exchange rate", "Accept the file")...)
	f.open("/en/spend", 200, "No charge is found")
	f.open("/en/spend/lines?batch=1&vat=1", 200, "IN-1", "4 charges", "HYPERLINK")
	f.open("/en/imports/1/rejects.csv", 200, "1O0,00", "100.00")
	f.open("/en/imports/1/file", 200, "Somebody else;2026-02-10")
	f.post("/en/imports/1/acceptance", 200, "", "Counts", "Undo the file")
	f.post("/en/imports/1/acceptance", 200, "", "Somebody did something with the file meanwhile")
	f.post("/en/imports", 200, "file", januaryFile, "", "This file is in your books already")
	p.followsATotal(f)
	p.takesFilesOut(f)
	f.post("/en/imports/1/undo", 200, "", "The charges count no longer")
	f.open("/en/spend", 200, "No charge is found")
	f.open("/et/imports/1", 200, "Tagasi võetud", "!%!")
}

func (p *purchaser) followsATotal(f *browser) {
	p.t.Helper()
	f.open("/en/spend", 200, "All together €1,240.00, without VAT, from 3 charges", "1 charge is not in this sum", "As billed: €1,240.00, $0.01", `href="/en/spend?by=month&vendor=o3"`, "Tahvel Näidis OÜ")
	f.open("/en/spend?vat=1", 200, "€1,536.28", "with VAT")
	f.open("/en/spend.csv?by=vendor", 200, "1234.5", "0.005 USD", "'=HYPERLINK(1)")
	f.open("/en/spend?by=month&vendor=o3", 200, `href="/en/spend/lines?month=2026-01&vendor=o3"`, "All vendors")
	f.open("/en/spend/lines?month=2026-01&vendor=o3", 200, "IN-1", "€1,234.50", "!Somebody else")
	f.open("/en/spend/lines/1", 200, "Charge IN-1", "Floor", "third", "31 January 2026")
	p.approver.open("/en/spend/lines/1", 200, "Charge IN-1")
	p.approver.open("/en/imports", 404)
	p.seller.open("/en/spend", 404)
	f.open("/en/spend?known=2026-01-01", 200, "As it was known at the end of 1 January 2026", "No charge is found")
	for _, wrong := range []string{"by=colour", "basis=x", "year=abc", "vendor=x7", "kind=x", "batch=-1", "known=soon"} {
		f.open("/en/spend?"+wrong, 404)
	}
	f.open("/en/spend/lines?flag=nothing", 404)
	f.open("/en/spend/lines?batch=99", 404)
	f.open("/en/spend/names", 200, "Somebody else", "=HYPERLINK(1)")
	f.open("/en/spend/names/99", 404)
}

// Every table of the ledger is had as CSV, XLSX and JSON, to the last decimal.
func (p *purchaser) takesFilesOut(f *browser) {
	p.t.Helper()
	f.open("/en/spend?by=vendor", 200, `href="/en/spend.json?by=vendor`, `href="/en/spend.xlsx?by=vendor`)
	f.open("/en/spend.json?by=vendor", 200, `"name":"Somebody else","euros":"0","billed":[{"amount":"0.005","currency":"USD"}],"charges":1,"not_in_euros":1,"currency":"EUR","tax_basis":"without_tax","basis":"billed","by":"vendor"`)
	f.open("/en/spend/lines?month=2026-01&vendor=o3", 200, `href="/en/spend/lines.xlsx?month=2026-01&vendor=o3"`)
	f.open("/en/spend/lines.json?vat=1", 200, `"reference":"IN-1"`, `"billed":"1234.5"`, `"billed":"296.28"`, `"tax_basis":"tax"`, `"vendor":"=HYPERLINK(1)"`, `"effective":null`, `"more":{"Floor":"third"}`)
	f.open("/en/spend/lines.csv", 200, "'=HYPERLINK(1)", "2026-02-10", "0.005", "!296.28")
	f.open("/en/spend/lines?month=2026-01", 200, `href="/en/spend/focus.csv?month=2026-01"`)
	f.open("/en/spend/focus.csv?vat=1", 200, "BillingPeriodEnd,BillingPeriodStart", "2026-02-01T00:00:00Z,2026-01-01T00:00:00Z", ",1234.5,", ",296.28,", "'=HYPERLINK(1)")
	f.open("/en/imports", 200, `href="/en/imports.json"`)
	f.open("/en/imports.json", 200, `"billed_with_tax":[{"amount":"1536.28","currency":"EUR"},{"amount":"0.005","currency":"USD"}]`, `"control":"1536.285"`)
	f.open("/en/imports/1", 200, `href="/en/imports/1/rejects.xlsx"`)
	f.open("/en/imports/1/rejects.json", 200, `"code":"number_wrong"`, `"column":"Amount","got":"1O0,00","repair":"100.00"`)
	f.open("/en/spend/names", 200, `href="/en/spend/names.csv"`)
	f.open("/en/spend/names.json", 200, `"kind":"vendor","name":"Tahvel Näidis OÜ","organisation":"`, `"name":"Somebody else","organisation":"","organisation_name":""`)
	for _, path := range []string{"/en/spend", "/en/spend/lines", "/en/spend/names", "/en/imports", "/en/imports/1/rejects"} {
		if body := f.open(path+".xlsx", 200); len(readBook(p.t, []byte(body)).Rows) < 2 {
			p.t.Errorf("%s.xlsx has no rows", path)
		}
	}
	f.open("/en/spend/ocds", 200, "Open contracting data", "The prefix is not registered", "ocds-000000", "Nothing was bought yet")
	f.open("/en/spend/ocds/records.json", 404)
	f.open("/en/spend/ocds?body=99", 404)
	p.approver.open("/en/spend/names.csv", 404)
	f.open("/en/spend/lines.json?batch=99", 404)
}

// pairs cuts "a=b c=d" into fields and values.
func pairs(text string) (all []string) {
	for _, one := range strings.Fields(text) {
		name, value, _ := strings.Cut(one, "=")
		all = append(all, name, value)
	}
	return all
}

// Every code that the ledger gives has words in every language.
func TestEveryCodeOfTheLedgerHasWords(t *testing.T) {
	var keys []string
	add := func(before string, codes ...string) {
		for _, code := range codes {
			keys = append(keys, before+code)
		}
	}
	add("ledger.problem.", append(append(sheet.Problems(), spend.FOCUSProblems()...), sheet.NoNumber, sheet.NoDay, sheet.TotalOff, "amount_missing", "heading_again", "currency_wrong", "currency_differs", "row_longer", "row_shorter")...)
	add("ledger.notice.", append(spend.FOCUSProblems(), "blank_rows", "other_tabs", "other_lists", "same_rows_unknown", "focus_version", "focus_commitment", "focus_tax_quantity", "focus_credit_costs", "focus_list_price", "focus_contracted_price", "focus_usage_purchase")...)
	add("ledger.flag.", spend.Flags()...)
	add("ledger.flag_text.", spend.Flags()...)
	add("ledger.why.", spend.Whys()...)
	add("ledger.scale.", spend.Scales()...)
	for _, s := range spend.States() {
		add("ledger.state.", string(s))
	}
	for _, m := range spend.Measures() {
		add("share.measure.", string(m))
		add("share.version_text.", string(m))
	}
	for _, way := range spend.Ways() {
		add("ledger.way.", string(way))
		add("ledger.way_text.", string(way))
		add("ledger.preview_text.", string(way))
	}
	for _, f := range append(spend.Formats(), spend.ByHand()...) {
		add("ledger.format.", string(f))
	}
	for _, r := range spend.Roles() {
		add("ledger.role.", string(r))
	}
	for _, o := range sheet.Orders() {
		add("ledger.order.", string(o))
	}
	for _, k := range spend.Kinds() {
		add("ledger.kind.", string(k))
	}
	for _, b := range spend.Bases() {
		add("ledger.basis.", string(b))
		add("ledger.basis_text.", string(b))
	}
	for _, b := range spend.Bys() {
		add("ledger.by.", string(b))
	}
	for _, tag := range locale.Tags() {
		l, err := locale.Load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if !l.Has(key) {
				t.Errorf("%s: there is no message %s", tag, key)
			}
		}
	}
}
