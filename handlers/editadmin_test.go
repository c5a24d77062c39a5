package handlers

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
)

var anyLink = regexp.MustCompile(`href="(/en/[^"#]*)`)

// Whoever may open a page of a listing may go wherever it leads: vendors and
// administrators alike.
func TestPagesOfAListingLeadNobodyAstray(t *testing.T) {
	p := newPeopleSite(t)
	admin, _ := p.vendorBrowser("second@office.example", p.admin.OrgID, models.Administrator)
	seller, _ := p.vendorBrowser("manager@vendor.example", 3, models.VendorManager)
	seller.open("/en/vendor/listings/new", 200)
	seller.post("/en/vendor/listings", 200)
	begun := strings.TrimSuffix(strings.TrimPrefix(seller.at, "/en/vendor/listings/"), "/edit/basics")
	for who, b := range map[string]*browser{"an administrator": admin, "a vendor": seller} {
		var tried []string
		for _, page := range []string{"1", "1/edit/basics", "1/edit/prices", "1/edit/documents", "1/preview", "1/submit", "1/history", begun, begun + "/preview", begun + "/submit"} {
			from := "/en/vendor/listings/" + page
			body := b.open(from, 200)
			for _, m := range anyLink.FindAllStringSubmatch(body, -1) {
				to := strings.ReplaceAll(m[1], "&amp;", "&")
				if slices.Contains(tried, to) {
					continue
				}
				tried = append(tried, to)
				if code := b.send("GET", to, nil).Code; code != 200 && code != 303 && code != 301 && code != 302 {
					t.Errorf("%s goes from %s to %s and gets %d", who, from, to, code)
				}
			}
		}
	}
}
