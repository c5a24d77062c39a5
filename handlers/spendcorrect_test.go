package handlers

import (
	"testing"

	"pilveturg/models"
)

const chargesFile = "Supplier,Invoice date,Invoice number,Category,Amount,VAT,Currency\n" +
	"Tahvel Näidis OÜ,2026-01-31,IN-1,Education,100.50,24.12,EUR\n" +
	"Somebody else,2026-01-31,IN-2,Education,40,,EUR\n"

// bringsAndAccepts brings a table of charges, says that its columns are as they were
// understood, and accepts it.
func (p *purchaser) bringsAndAccepts(f *browser, text, batch string) {
	p.t.Helper()
	f.post("/en/imports", 200, "file", text, "")
	f.post("/en/imports/"+batch+"/mapping", 200, append(pairs("vendor=0 date=1 reference=2 category=3 amount=4 tax=5 currency=6 scale=1 decimal=."), "")...)
	f.post("/en/imports/"+batch+"/acceptance", 200, "", "Counts")
}

// From the page of a charge to the row that takes it back, and back again.
func TestAChargeIsCorrectedFromItsPage(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	p.bringsAndAccepts(f, chargesFile, "1")
	f.open("/en/spend/lines/1", 200, "Correct this charge", "Of the same line", `href="/en/spend/lines/2"`, "!Corrections")
	p.approver.open("/en/spend/lines/1", 200, "!Correct this charge")
	p.approver.open("/en/spend/lines/1/correction", 404)
	f.open("/en/spend/lines/1/correction", 200, "It should not be here", "It should be another amount", "of another vendor")
	body := f.open("/en/spend/lines/1/correction?way=amount", 200, "Now it is €100.50", "restates the past")
	seen := hiddenIn(t, body, fieldSeen)
	f.post("/en/spend/lines/1/correction", 422, "way", "amount", "seen", seen, "month", "2026-01", "amount", "lots", "", "Write why it is wrong")
	f.post("/en/spend/lines/1/correction", 422, "way", "amount", "seen", seen, "month", "2026-01", "amount", "100,50", "reason", "x", "", "Enter another amount")
	f.post("/en/spend/lines/1/correction", 422, "way", "amount", "seen", seen, "month", "2020-01", "amount", "1", "reason", "x", "", "Choose one of the months")
	f.post("/en/spend/lines/1/correction", 404, "way", "magic", "seen", seen, "month", "2026-01", "reason", "x", "")
	said := []string{"way", "amount", "seen", seen, "month", "2026-01", "amount", "90,25", "reason", "The price list of <January>", ""}
	f.post("/en/spend/lines/1/correction", 200, append(said, "Rows that are booked", "-€10.25", "€164.62", "€154.37", "The price list of <January>")...)
	f.post("/en/spend/lines/1/correction", 200, append([]string{"change", "1"}, append(said, `value="90,25"`, "The price list of <January></textarea>")...)...)
	f.open("/en/spend?vat=1", 200, "€164.62")
	f.post("/en/spend/lines/1/correction/confirmation", 200, append(said, "The correction counts now", "Corrections", "The price list of <January>")...)
	f.post("/en/spend/lines/1/correction/confirmation", 200, append(said, "The same correction was booked already")...)
	f.open("/en/spend?vat=1", 200, "€154.37")
	f.post("/en/spend/lines/1/correction/confirmation", 409, "way", "removal", "seen", seen, "month", "2026-01", "reason", "Late", "", "Somebody corrected this charge meanwhile", "With its corrections it comes to", "Late</textarea>")
	p.takesItBack(f)
}

func (p *purchaser) takesItBack(f *browser) {
	p.t.Helper()
	f.open("/en/spend/lines/4", 200, "The charge that it corrects", `href="/en/spend/lines/1"`, "Correct this charge")
	p.approver.open("/en/spend/lines/1", 200, "Corrections", "The price list of")
	f.open("/en/imports", 200, "Correction of charge 1", "Correction by hand")
	f.open("/en/imports/1", 200, "Charges of it were corrected", `href="/en/imports/2"`, "!Take the file back")
	f.post("/en/imports/1/undo", 200, "", "It cannot be undone before what stands on it")
	body := f.open("/en/spend/lines/1/correction?way=removal", 200, "€90.25")
	f.post("/en/spend/lines/1/correction/confirmation", 200, "way", "removal", "seen", hiddenIn(p.t, body, fieldSeen), "month", "2026-01", "reason", "Twice", "", "The correction counts now")
	f.open("/en/spend/lines/1/correction?way=removal", 409, "Nothing is left of this charge")
	f.open("/en/spend/lines/1/correction", 200, "!It should not be here", "It should be another amount")
	f.open("/et/spend/lines/1/correction?way=amount", 200, "Õige summa", "!%!")
	f.post("/en/imports/3/undo", 200, "", "The charges count no longer")
	f.open("/en/imports/2", 200, "Undo it")
	f.post("/en/imports/2/undo", 200, "", "The charges count no longer")
	f.open("/en/spend/lines/4/correction?way=removal", 409, "This charge does not count")
	f.post("/en/imports/1/undo", 200, "", "The charges count no longer")
	f.open("/en/spend/lines/1", 200, "!Correct this charge")
}

func TestAChargeIsBookedAnewForSomebodyElse(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	p.bringsAndAccepts(f, chargesFile, "1")
	body := f.open("/en/spend/lines/3/correction?way=details", 200, `value="Somebody else"`, `<option value="Education" selected>`)
	said := []string{"way", "details", "seen", hiddenIn(t, body, fieldSeen), "month", "2026-01", "reason", "Wrong supplier", "category", "Education", "contract", "C-7", "buyer", ""}
	f.post("/en/spend/lines/3/correction", 422, append(said, "vendor", "v-3", "from", "2026-02-01", "", "Enter both days")...)
	f.post("/en/spend/lines/3/correction", 422, append(said, "vendor", "v-3", "from", "soon", "", "Enter a day")...)
	f.post("/en/spend/lines/3/correction", 422, "way", "details", "seen", "0.0", "month", "2026-01", "reason", "x", "category", "magic", "vendor", "v-3", "", "Choose a category")
	f.post("/en/spend/lines/3/correction", 200, append(said, "vendor", "Brand new", "", "“Brand new” is a new name in your books")...)
	said = append(said, "vendor", "v-3", "from", "2026-02-01", "to", "2026-02-28", "")
	f.post("/en/spend/lines/3/correction", 200, append(said, "Somebody else → Tahvel Näidis OÜ", "1 Feb 2026–28 Feb 2026", "!is a new name", "-€40.00")...)
	f.post("/en/spend/lines/3/correction/confirmation", 200, append(said, "The correction counts now")...)
	f.open("/en/spend?by=vendor", 200, "€140.50", "Tahvel Näidis OÜ")
	f.open("/en/spend?basis=effective&by=month", 200, "2026-02", "€40.00")
}
