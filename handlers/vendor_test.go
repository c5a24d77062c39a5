package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/market"
	"pilveturg/models/publishing"
)

const someBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// visits asks for pages as a visitor with a browser does.
func (p *peopleSite) visits(addresses ...string) {
	p.t.Helper()
	for _, address := range addresses {
		if w := p.do("GET", address, "User-Agent", someBrowser); w.Code != http.StatusOK {
			p.t.Errorf("GET %s: status %d", address, w.Code)
		}
	}
}

func TestAVendorSeesHowOftenBuyersMeetIt(t *testing.T) {
	p := newPeopleSite(t)
	service := "/en/services/sc-1-e-journal-for-classes"
	p.visits("/en/services", "/en/services?q=journal", service, service, "/et/services/sc-1-e-journal-for-classes", service+"/price?n.pupil=1000", "/en/compare?id=sc-1&id=sc-4")
	p.do("HEAD", service, "User-Agent", someBrowser+" other")
	p.do("GET", service, "User-Agent", "Googlebot/2.1")
	p.do("GET", service, "User-Agent", someBrowser+" ahead", "Sec-Purpose", "prefetch")
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	b.open(service, 200) // the vendor's own people buy nothing
	if err := p.Market.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var f market.Figures
	if err := p.DB.Get(t.Context(), &f, `SELECT offering_id, shown, opened, compared, asked FROM market_days WHERE offering_id = 1`); err != nil {
		t.Fatal(err)
	}
	if want := (market.Figures{Offering: 1, Shown: 2, Opened: 1, Compared: 1, Asked: 1}); f != want {
		t.Errorf("figures %+v, want %+v", f, want)
	}
	b.open("/en/vendor", 200, "<h1>Your offerings and the market</h1>", "Do next", "e-Journal for classes", "Shown", "Price asked", `aria-current="page"`)
}

func TestAVendorIsToldWhatToDo(t *testing.T) {
	p := newPeopleSite(t)
	p.DB.Now = func() time.Time { return time.Date(2025, 12, 1, 12, 0, 0, 0, time.UTC) }
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	b.open("/en/vendor", 200, "ISO/IEC 27001", "ends in 31 days")
	p.DB.Now = func() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }
	b.post("/en/sign-in", 200, "mail", "editor@tahvel.example", "password", rightPassword)
	b.open("/en/vendor", 200, "ISO/IEC 27001", "ended on", "Confirm that all of it is still so", "/en/vendor/listings/4/confirm")
	p.confirmAll(4)
	b.open("/en/vendor", 200, "ISO/IEC 27001", "!/en/vendor/listings/4/confirm")
	p.write(func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE offerings SET vendor_id = 4`)
		return err
	})
	b.open("/en/vendor", 200, "List your first service", "12 answers, about 15 minutes", `href="/en/vendor/listings/new"`, "!Do next")
}

// confirmAll says today that all that a listing says still holds.
func (p *peopleSite) confirmAll(offering int64) {
	p.t.Helper()
	a := models.Actor{AccountID: p.person("confirms@tahvel.example"), OrgID: 3, Roles: []models.Role{models.VendorEditor}}
	if err := p.DB.Write(p.t.Context(), a, func(tx *db.Tx) error {
		l, err := publishing.LookOver(p.t.Context(), tx, a, offering)
		if err != nil {
			return err
		}
		sections := []string{catalogue.OfTexts, catalogue.OfPrices}
		for _, one := range p.Schema.Sections {
			sections = append(sections, one.ID)
		}
		for _, section := range sections {
			if _, err := publishing.Confirm(p.t.Context(), tx, p.Schema, offering, l.Offering.Published, section); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
}

func TestSearchesThatFoundNothing(t *testing.T) {
	p := newPeopleSite(t)
	for i, agent := range []string{"a", "b", "c", "d"} {
		for _, address := range []string{"/en/services?q=submarine+rental&f.category=education", "/en/services?q=mari%40agency.example", "/en/services?q=zzzz&vendor=v-3", "/en/services?q=38001085718"} {
			if i < 3 || strings.Contains(address, "submarine") {
				p.do("GET", address, "User-Agent", someBrowser+agent)
			}
		}
		if i == 1 {
			if err := p.Market.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if rows := dbtest.Dump(t, p.DB)["search_misses"]; strings.Contains(rows, "submarine") {
				t.Error("two visitors are enough for a search to be kept")
			}
		}
	}
	if err := p.Market.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	b.open("/en/vendor/market", 200, "1 search", "submarine rental", "4", `href="/en/services?f.category=education&q=submarine+rental"`, "!mari@", "!zzzz", "!38001085718")
	b.open("/en/vendor/market?category=education", 200, "submarine rental")
	b.open("/en/vendor/market?category=maps", 200, "No such searches", "!submarine")
	b.open("/en/vendor/market.csv", 200, "submarine rental")
}

func TestWhatIsMissingForAnotherCountry(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	b.open("/en/vendor/export", 200, "Used now in: Estonia.", "Standards: ISO/IEC 27001", "No country is chosen")
	b.open("/en/vendor/export?market=FI", 200, "Asked in: Finland", "Finnish", "A price in EUR", "European Economic Area", "Met", "Not told", `href="/en/vendor/listings/1/edit/`)
	b.open("/en/vendor/export?market=XX", 200, "No country is chosen")
	b.open("/et/vendor/export?market=FI", 200, "Mida küsitakse: Soome")
}
