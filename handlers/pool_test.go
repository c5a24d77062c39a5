package handlers

import (
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// A body that needs the same as another is invited, joins with what it needs, and the
// price of both together is shown.
func TestBodiesBuyTogether(t *testing.T) {
	p := newPurchaser(t)
	b := p.buyer
	other := p.bodyElsewhere()
	new := func(b *browser, fields ...string) {
		b.post("/en/projects/new", 200, append([]string{"once", "a", "name", "Journal", "kind", "small", "category", "education", "years", "1"}, append(fields, "", "Journal")...)...)
	}
	new(b, "id", "sc-1")
	b.open("/en/projects/p-1/reuse", 200, "What others use already")
	b.open("/en/projects/p-1/reuse.csv", 200, "Bodies like yours")
	b.open("/en/projects/p-1/pool", 200, "Say first how many of what you need")
	b.post("/en/projects/p-1/edit", 200, "seen", hiddenIn(t, b.open("/en/projects/p-1/edit", 200), "seen"), "name", "Journal", "kind", "small", "category", "education", "years", "1", "volume", "1000", "unit", "pupil")
	b.open("/en/projects/p-1/pool", 200, "Nobody is known who needs the same")
	other.open("/en/pools", 200, "No invitations")
	new(other)
	b.open("/en/projects/p-1/pool", 200, "1 body", "Invite them")
	b.post("/en/projects/p-1/pool", 422, "words", " ", "", "Write something to those whom you invite")
	b.post("/en/projects/p-1/pool", 200, "words", "We decide in March.", "", "New invitations: 1", "1 invited, 0 joined", "!Second body")
	other.open("/en/pools", 200, "Journal", "Lakeside Schools Board", "Not answered")
	other.open("/en/pools/p-1", 200, "We decide in March.", "1,000 pupils", "You have an open project in the same category")
	other.open("/en/projects/p-1", 404)
	other.post("/en/pools/p-1", 422, "answer", "joined", "volume", "many", "", "Enter a number", `value="many"`)
	other.post("/en/pools/p-1", 200, "answer", "joined", "volume", "500", "", "Your answer is saved", "Joined", "Leave")
	body := b.open("/en/projects/p-1/pool", 200, "Second body", "500 pupils", "1,500 pupils", "Together: 1,500 pupils", "for each")
	b.post("/en/projects/p-1/pool/volume", 200, "seen", hiddenIn(t, body, "seen"), "", "The project is changed", "1,500 pupils")
	other.post("/en/pools/p-1", 200, "answer", "declined", "", "Left")
	b.open("/en/projects/p-1/pool", 200, "!Second body", "1 invited, 0 joined, 1 declined or left")
	p.approver.open("/en/pools/p-1", 404)
}

// bodyElsewhere is a browser of a buyer of another public body.
func (p *purchaser) bodyElsewhere() *browser {
	p.t.Helper()
	account := p.person("buyer@second.example")
	p.write(func(tx *db.Tx) error {
		o := identity.Organisation{Key: testKey("second"), Kind: identity.Agency, Names: models.Text{"en": "Second body"}}
		if _, _, err := identity.Put(p.t.Context(), tx, &o); err != nil {
			return err
		}
		_, err := identity.AddMember(p.t.Context(), tx, account, o.ID, identity.Powers{Roles: []models.Role{models.Buyer}, Rights: models.Rights})
		return err
	})
	return p.signedIn("buyer@second.example")
}
