package main

import (
	"fmt"
	"strings"
	"testing"
)

// ticks ticks the box with these words in its label.
func (c *clicker) ticks(words string) {
	c.t.Helper()
	c.clicks++
	if !eval[bool](c.browser, fmt.Sprintf(`(e => { e?.querySelector("input").click(); return !!e })([...document.querySelectorAll("main label")].find(e => e.querySelector("input") && e.textContent.includes(%q)))`, words)) {
		c.t.Fatalf("there is no box for %q at %s", words, eval[string](c.browser, "location.pathname"))
	}
}

// An officer gets from a search to a decision that waits for approval with twelve
// presses; the evidence of it wrote itself on the way.
func TestABuyerDecidesInTwelveClicks(t *testing.T) {
	b := newBrowser(t)
	b.become("en", "buyer")
	b.open("/en/", 1280, "light")
	c := &clicker{browser: b}
	eval[bool](b, `(document.querySelector("main [name=q]").value = "journal", true)`)
	c.press("Search", "Catalogue")
	c.ticks("e-Kool class journal")
	c.ticks("Päevik Lite")
	c.ticks("SchoolDesk Core")
	c.press("Add to a project", "Add to a project")
	c.types("name", "Class journal 2028", "volume", "600", "unit", "pupil")
	c.press("Begin the project", "How the services fit your requirements")
	c.press("Keep services that meet all musts", "Lock the search as evidence")
	c.ticks("I understand that I cannot edit after this")
	c.press("Lock", "Scores")
	c.press("Save scores", "Decision")
	c.ticks("Päevik Lite")
	c.types("reason", "The lowest price of what fits.")
	c.press("Save the decision", "Decision")
	if c.clicks != 12 {
		t.Errorf("it takes %d clicks, want 12", c.clicks)
	}
	if text := eval[string](b, `document.querySelector("main").textContent`); !strings.Contains(text, "Waits for approval") || !strings.Contains(text, "Kinnitaja Näidis") {
		t.Errorf("the decision does not wait for the approver:\n%s", text)
	}
	address := eval[string](b, `location.pathname.match(/p-\d+/)[0]`)
	c.approves(address)
	b.open("/en/projects/"+address+"/evidence", 320, "dark")
	b.check("the evidence")
}

// approves opens what a letter leads to and decides with two more presses.
func (c *clicker) approves(project string) {
	c.t.Helper()
	c.become("en", "approver")
	c.open("/en/approvals/"+project, 1280, "light")
	c.clicks = 1 // the link in the letter
	c.ticks("Approve")
	c.press("Record the decision", "Approvals")
	if c.clicks != 3 {
		c.t.Errorf("approving takes %d clicks, want 3", c.clicks)
	}
}
