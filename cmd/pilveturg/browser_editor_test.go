package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// clicker counts what somebody has to press; typing does not count.
type clicker struct {
	*browser
	clicks int
}

// sellerAt is a vendor who looks at an address.
func sellerAt(t *testing.T, address string) *clicker {
	t.Helper()
	b := newBrowser(t)
	b.become("en", "vendor")
	b.open(address, 1280, "light")
	return &clicker{browser: b}
}

// press presses the button or follows the link with these words, and waits for the page
// that comes of it, which has the heading.
func (c *clicker) press(words, heading string) {
	c.t.Helper()
	c.clicks++
	found := eval[bool](c.browser, fmt.Sprintf(`(e => { window.left = true; e?.click(); return !!e })(
		[...document.querySelectorAll("main a, main button:not(.vh)")].find(e => e.textContent.trim() === %q))`, words))
	if !found {
		c.t.Fatalf("there is nothing called %q to press at %s", words, eval[string](c.browser, "location.pathname"))
	}
	c.until("after "+words, fmt.Sprintf(`!window.left && document.readyState === "complete" && document.querySelector("h1")?.textContent.includes(%q)`, heading))
}

// types fills in fields, and chooses from lists, by the keys of their names.
func (c *clicker) types(values ...string) {
	c.t.Helper()
	for i := 0; i+1 < len(values); i += 2 {
		ok := eval[bool](c.browser, fmt.Sprintf(`((name, value) => {
			const all = [...document.getElementsByName(name)], box = all.find(e => e.type === "checkbox" && e.value === value);
			const e = box ?? all.find(e => e.type !== "hidden");
			if (!e) return false;
			if (box) box.checked = true; else e.value = value;
			e.dispatchEvent(new Event("input", {bubbles: true}));
			return !!box || e.value === value;
		})(%q, %q)`, values[i], values[i+1]))
		if !ok {
			c.t.Fatalf("the field %s does not take %q", values[i], values[i+1])
		}
	}
}

// A vendor lists a service with nine presses: one to begin, six to go on, the preview,
// and sending.
func TestAVendorListsAServiceInNineClicks(t *testing.T) {
	c := sellerAt(t, "/en/vendor/listings")
	c.press("List a new service", "Basics")
	c.types("name", "Class journal", "summary", "Marks and absences for schools.", "category0", "school-journals", "a.service_model", "saas", "a.interface_languages", "et")
	c.press("Save and continue", "Price plans")
	c.types("p0.name.en", "Basic", "p0.c0.unit", "pupil", "p0.c0.s0.price", "0.60")
	c.press("Save and continue", "Data and security")
	c.types("a.data_countries", "EE", "a.personal_data", "children", "a.sign_in", "id_card")
	c.press("Save and continue", "Accessibility")
	c.types("a.accessibility_level", "partly")
	c.press("Save and continue", "Starting and leaving")
	c.types("a.start_days", "5", "a.minimum_term", "12", "a.notice_days", "30", "a.export_formats", "csv", "a.support_channels", "email", "a.availability", "99.5")
	c.press("Save and continue", "Documents")
	c.press("Save and continue", "Languages")
	c.press("Preview", "Class journal")
	c.press("Send to a moderator", "Class journal")
	if c.clicks != 9 {
		t.Errorf("it takes %d clicks, want 9", c.clicks)
	}
	if text := eval[string](c.browser, `document.querySelector("main").textContent`); !strings.Contains(text, "Waiting for a moderator") || !strings.Contains(text, "12 of 12 needed answers") {
		t.Errorf("it does not wait for a moderator:\n%s", text)
	}
}

// A price is changed with five: the services, the service, its prices, saving, sending.
func TestAVendorChangesAPriceInFiveClicks(t *testing.T) {
	c := sellerAt(t, "/en/vendor")
	c.press("Your services", "Your services")
	c.press("Päevik Lite", "Päevik Lite")
	c.press("Price plans", "Price plans")
	c.types("p0.c0.s0.price", "0.11")
	c.press("Save and check", "Check and send")
	c.press("Publish now", "Päevik Lite")
	if c.clicks != 5 {
		t.Errorf("it takes %d clicks, want 5", c.clicks)
	}
}

const quiet = 4 * time.Second // that the script waits after the last key

// What is typed is saved by itself; who has been signed out is told that it was not.
func TestADraftIsSavedByItself(t *testing.T) {
	c := sellerAt(t, "/en/vendor/listings")
	c.press("List a new service", "Basics")
	c.types("name", "Half a name")
	time.Sleep(quiet)
	said := `[...document.querySelectorAll("form[data-autosave] > [role=status]")].at(-1).textContent`
	c.until("it is saved", `document.getElementsByName("seen")[0].value === "2" && `+said+`.includes("Draft saved")`)
	c.types("name", "Half a name more")
	time.Sleep(quiet)
	c.until("it is saved again", `document.getElementsByName("seen")[0].value === "3"`)
	eval[bool](c.browser, `fetch("/en/sign-out", {method: "POST"}).then(() => true)`)
	c.types("name", "A whole name")
	time.Sleep(quiet)
	c.until("it is not saved", said+`.includes("was not saved")`)
	if seen := eval[string](c.browser, `document.getElementsByName("seen")[0].value`); seen != "3" {
		t.Errorf("the page takes the revision for %q", seen)
	}
	if stays := eval[bool](c.browser, `(e => { dispatchEvent(e); return e.defaultPrevented })(new Event("beforeunload", {cancelable: true}))`); !stays {
		t.Error("nobody is warned who leaves what was not saved")
	}
}
