package handlers

import (
	"regexp"
	"testing"

	"pilveturg/models"
	"pilveturg/models/identity"

	"pilveturg/db"
)

// From a key to what each body gets, and back again.
func TestWhatIsPaidForSeveralIsSharedFromItsPage(t *testing.T) {
	p := newPurchaser(t)
	f, _ := p.colleague("money@lakeside.example", models.Finance)
	other := identity.Organisation{Key: testKey("hillside"), Kind: identity.Agency, Names: models.Text{"en": "Hillside Schools"}}
	p.write(func(tx *db.Tx) error { _, _, err := identity.Put(t.Context(), tx, &other); return err })
	p.bringsAndAccepts(f, chargesFile, "1")
	f.open("/en/spend/shares", 200, "Nothing was shared yet")
	f.open("/en/spend/keys", 200, "There is no key yet")
	f.post("/en/spend/keys", 422, "name", "", "", "Enter a name", "Choose what it is measured by")
	f.post("/en/spend/keys", 422, "name", "Area", "measure", "other", "", "Enter what it is measured by", `value="Area"`)
	f.post("/en/spend/keys", 200, "name", "Users of mail", "measure", "users", "", "The key is made", "Lakeside")
	f.post("/en/spend/keys", 422, "name", "Users of mail", "measure", "users", "", "You have a key of this name")
	f.open("/en/spend/keys/1", 200, "Nobody has a weight yet")
	f.post("/en/spend/keys/1/version", 422, "body", "2", "weight.2", "two", "day", "2026-01-01", "organisation", "nobody at all", "", "two")
	f.post("/en/spend/keys/1/version", 422, "body", "2", "weight.2", "2", "day", "2026-01-01", "organisation", "v-3", "", "This is a vendor")
	body := f.post("/en/spend/keys/1/version", 200, "body", "2", "weight.2", "2", "day", "2026-01-01", "organisation", "Hillside Schools", "", "Hillside Schools", `value="2"`)
	field := regexp.MustCompile(`name="(weight\.\d+)" value=""`).FindStringSubmatch(body)
	if field == nil {
		t.Fatal("the form does not ask about the body that was named")
	}
	id := field[1][len("weight."):]
	f.post("/en/spend/keys/1/version", 422, "body", "2", "weight.2", "many", "day", "2026-01-01", "", "many")
	f.post("/en/spend/keys/1/version", 422, "body", "2", "weight.2", "", "day", "2026-01-01", "", "Enter the weight of at least one body")
	f.post("/en/spend/keys/1/version", 200, "body", "2", "body", id, "weight.2", "2", "weight."+id, "1", "day", "2026-01-01", "", "The key is changed", "From 1 January 2026", "Hillside Schools")
	p.sharesIt(f)
}

func (p *purchaser) sharesIt(f *browser) {
	p.t.Helper()
	f.open("/en/spend/shares/new?month=soon", 422, "Enter a month")
	f.open("/en/spend/shares/new?document=99", 404)
	body := f.open("/en/spend/shares/new?month=2026-01", 200, "What you paid in January 2026, by vendor", "Tahvel Näidis OÜ")
	if !regexp.MustCompile(`/en/spend/shares/new\?month=2026-01&(amp;)?vendor=o3`).MatchString(body) {
		p.t.Error("no vendor leads on")
	}
	f.open("/en/spend/shares/new?month=2026-01&vendor=o3", 200, "Chosen of January 2026", "Users of mail")
	f.post("/en/spend/shares/new", 404, "month", "2026-01", "vendor", "o3", "key", "9", "")
	f.post("/en/spend/shares/new", 422, "month", "2026-02", "vendor", "o3", "key", "1", "", "There is nothing of yours to share")
	body = f.post("/en/spend/shares/new", 200, "month", "2026-01", "vendor", "o3", "key", "1", "", "What each body gets", "€67.00", "€33.50", "€16.08", "€8.04", "The working", "Share it")
	said := []string{"month", "2026-01", "vendor", "o3", "key", "1", "seen", hiddenIn(p.t, body, fieldSeen), ""}
	f.post("/en/spend/shares", 409, "month", "2026-01", "vendor", "o3", "key", "1", "seen", "otherwise", "", "The charges or the key changed meanwhile", "Share it")
	f.post("/en/spend/shares", 200, append(said, "It is shared, and counts now", "January 2026 shared by “Users of mail”", "Who paid", "€33.50")...)
	f.post("/en/spend/shares", 200, append(said, "This was shared already. Nothing was added.")...)
	f.post("/en/spend/shares/new", 409, "month", "2026-01", "vendor", "o3", "key", "1", "", "All of it is shared already", "2 of the chosen charges are shared already", `href="/en/spend/shares/2"`)
	f.open("/en/spend?by=buyer&vat=1", 200, "€164.62", "Hillside Schools", "€41.54")
	f.open("/en/spend/lines/1", 200, "Shared among bodies", `href="/en/spend/shares/2"`)
	f.open("/en/spend/shares/2/working.csv", 200, "33.5", "Hillside Schools", "IN-1")
	f.open("/et/spend/shares/2", 200, "Arvutuskäik", "!%!")
	p.approver.open("/en/spend/shares/2", 200, "The working", "!how to undo it")
	p.seller.open("/en/spend/shares/2", 404)
	f.open("/en/imports", 200, "Share-out of 2026-01 Users of mail")
	f.post("/en/imports/1/undo", 200, "", "It cannot be undone before what stands on it", "Share-out of 2026-01")
	f.post("/en/imports/2/undo", 200, "", "The charges count no longer")
	f.open("/en/spend/shares/2", 200, "Undone")
	f.open("/en/spend?by=buyer&vat=1", 200, "€164.62", "!Hillside Schools")
}
