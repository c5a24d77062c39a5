package publishing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
)

// unclaimed puts a listing that was gathered from public sources under the name of an
// organisation that nobody acts for.
func (h *house) unclaimed(name, website string) (offering int64) {
	h.t.Helper()
	l := h.gathered(name, website)
	h.must(admin, func(tx *db.Tx) error {
		done, err := catalogue.Put(h.t.Context(), tx, &l, 0)
		offering = done.ID
		return err
	})
	return offering
}

func (h *house) gathered(name, website string) catalogue.Listing {
	c := content(h.t, name)
	c.Website, c.Contact = website, ""
	for i := range c.Answers {
		c.Answers[i].By = catalogue.ByPublic
	}
	return catalogue.Listing{Key: models.Key{Scheme: "fedramp", Code: models.Slug(name)}, Vendor: models.Key{Scheme: "test", Code: "agency"}, Unclaimed: true,
		Versions: []catalogue.Version{{State: catalogue.Published, Published: models.DateOf(h.Now()), Content: c}}}
}

func (h *house) claim(a models.Actor, c publishing.ListingClaim) (publishing.ListingClaim, error) {
	h.t.Helper()
	err := h.Write(h.t.Context(), a, func(tx *db.Tx) error { return publishing.SendClaim(h.t.Context(), tx, &c) })
	return c, err
}

// toldKinds returns the kinds of what a person was told, the newest first.
func (h *house) toldKinds(a models.Actor) (kinds []string) {
	h.t.Helper()
	if err := h.Select(h.t.Context(), &kinds, `SELECT kind FROM notices WHERE account_id = ? ORDER BY id DESC`, a.AccountID); err != nil {
		h.t.Fatal(err)
	}
	return kinds
}

func TestHowAListingIsShownToBeOnesOwn(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		name, website string
		mail          string // of the claimant
		link, words   string
		want          publishing.ClaimProof
		wrong         models.Invalid
	}{
		{"the mail is under the domain of the website", "https://test.example/x", "a@test.example", "", "", publishing.ClaimByDomain, nil},
		{"the website has www", "https://www.firm.example", "b@firm.example", "", "", publishing.ClaimByDomain, nil},
		{"the website is a host below the domain", "https://developer.firm.example", "c@firm.example", "", "", publishing.ClaimByDomain, nil},
		{"the mail is below the domain", "https://firm.example", "d@mail.firm.example", "", "", publishing.ClaimByDomain, nil},
		{"another domain that ends alike", "https://firm.example", "e@myfirm.example", "", "", "", models.Invalid{"words": "claim.words_missing"}},
		{"a public provider proves nothing", "https://gmail.com", "f@gmail.com", "", "", "", models.Invalid{"words": "claim.words_missing"}},
		{"a host with pages of many proves nothing", "https://github.com/firm", "g@github.com", "", "", "", models.Invalid{"words": "claim.words_missing"}},
		{"a document", "https://firm.example", "h@else.example", "https://register.example/1", "See page 2.", publishing.ClaimByDocument, nil},
		{"an explanation", "https://firm.example", "i@else.example", "", "We bought it.", publishing.ClaimByWords, nil},
		{"a link that is none", "https://firm.example", "j@else.example", "javascript:alert(1)", "We bought it.", "", models.Invalid{"link": "claim.link_unclear"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h.t = t
			o := h.unclaimed(tt.name, tt.website)
			a := h.person(tt.mail[:1]+"-claims", h.vendor, models.VendorEditor)
			h.must(admin, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE accounts SET mail = ?, folded = ? WHERE id = ?`, tt.mail, tt.mail, a.AccountID)
				return err
			})
			c, err := h.claim(a, publishing.ListingClaim{Offering: o, Link: tt.link, Words: tt.words})
			var wrong models.Invalid
			if errors.As(err, &wrong); err != nil && wrong == nil {
				t.Fatal(err)
			}
			if tt.wrong == nil && c.Proof != tt.want || len(wrong) != len(tt.wrong) {
				t.Fatalf("proof %q, wrong %v; want %q, %v", c.Proof, wrong, tt.want, tt.wrong)
			}
			for field, key := range tt.wrong {
				if wrong[field] != key {
					t.Errorf("%s: %q, want %q", field, wrong[field], key)
				}
			}
		})
	}
}

func TestAListingGoesToTheVendorWhoseClaimIsAccepted(t *testing.T) {
	h := newHouse(t)
	o := h.unclaimed("Journal", "https://test.example")
	mine, err := h.claim(h.manager, publishing.ListingClaim{Offering: o})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := h.claim(h.other, publishing.ListingClaim{Offering: o, Words: "It is ours."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.claim(h.editor, publishing.ListingClaim{Offering: o}); err == nil {
		t.Error("a vendor may claim the same twice")
	}
	if got := h.toldKinds(h.moderator); len(got) != 2 || got[0] != "claim_received" {
		t.Errorf("the moderator was told %v", got)
	}
	h.must(h.moderator, func(tx *db.Tx) error { return publishing.AcceptClaim(t.Context(), tx, mine.ID, "Welcome.") })
	if got := h.offering(o); got.VendorID != h.vendor || got.Unclaimed || got.Published != 1 {
		t.Errorf("the listing is %+v", got)
	}
	if got := h.toldKinds(h.manager); len(got) == 0 || got[0] != "claim_accepted" {
		t.Errorf("the winner was told %v", got)
	}
	if got := h.toldKinds(h.other); len(got) == 0 || got[0] != "claim_overtaken" {
		t.Errorf("the other was told %v", got)
	}
	for id, want := range map[int64]publishing.ClaimState{mine.ID: publishing.ClaimAccepted, theirs.ID: publishing.ClaimOvertaken} {
		if c, err := publishing.FindClaim(t.Context(), h, h.moderator, id); err != nil || c.State != want {
			t.Errorf("claim %d is %q (%v), want %q", id, c.State, err, want)
		}
	}
	if err := h.Write(t.Context(), h.second, func(tx *db.Tx) error { return publishing.AcceptClaim(t.Context(), tx, theirs.ID, "") }); !errors.Is(err, models.ErrConflict) {
		t.Errorf("the other claim can still be accepted: %v", err)
	}
	if _, err := h.claim(h.other, publishing.ListingClaim{Offering: o, Words: "It is ours."}); err == nil {
		t.Error("what is claimed can be claimed again")
	}
	h.save(h.editor, o, func(c *catalogue.Content) { c.Website = "https://new.example" }) // the vendor writes it now
	events, err := audit.Of(t.Context(), h, 10, catalogue.Number(o))
	if err != nil || !slices.ContainsFunc(events, func(e audit.Event) bool { return e.New("vendor") == "test:vendor" && e.New("unclaimed") == "no" }) {
		t.Errorf("the log does not tell whose it was: %+v, %v", events, err)
	}
}

func TestTwoModeratorsAcceptTwoClaimsAtOnce(t *testing.T) {
	h := newHouse(t)
	o := h.unclaimed("Journal", "https://test.example")
	var claims []int64
	for _, a := range []models.Actor{h.manager, h.other} {
		c, err := h.claim(a, publishing.ListingClaim{Offering: o, Words: "Ours."})
		if err != nil {
			t.Fatal(err)
		}
		claims = append(claims, c.ID)
	}
	results := make(chan error, 2)
	for i, who := range []models.Actor{h.moderator, h.second} {
		go func() {
			results <- h.Write(t.Context(), who, func(tx *db.Tx) error { return publishing.AcceptClaim(t.Context(), tx, claims[i], "") })
		}()
	}
	won := 0
	for range 2 {
		switch err := <-results; {
		case err == nil:
			won++
		case !errors.Is(err, models.ErrConflict):
			t.Errorf("the second moderator gets %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d vendors got the listing", won)
	}
	var accepted int
	if err := h.Get(t.Context(), &accepted, `SELECT count(*) FROM claims WHERE state = 'accepted'`); err != nil || accepted != 1 {
		t.Errorf("%d claims are accepted (%v)", accepted, err)
	}
}

func TestAClaimIsRefusedWithAReasonOrTakenBack(t *testing.T) {
	h := newHouse(t)
	o := h.unclaimed("Journal", "https://test.example")
	c, err := h.claim(h.manager, publishing.ListingClaim{Offering: o})
	if err != nil {
		t.Fatal(err)
	}
	var wrong models.Invalid
	err = h.Write(t.Context(), h.moderator, func(tx *db.Tx) error { return publishing.RefuseClaim(t.Context(), tx, c.ID, " ") })
	if !errors.As(err, &wrong) || wrong["words"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	h.must(h.moderator, func(tx *db.Tx) error { return publishing.RefuseClaim(t.Context(), tx, c.ID, "It is another firm's.") })
	if got := h.toldKinds(h.manager); len(got) == 0 || got[0] != "claim_refused" || !h.offering(o).Unclaimed {
		t.Errorf("told %v", got)
	}
	again, err := h.claim(h.manager, publishing.ListingClaim{Offering: o})
	if err != nil {
		t.Fatal(err)
	}
	h.must(h.editor, func(tx *db.Tx) error { return publishing.WithdrawClaim(t.Context(), tx, again.ID) })
	if last, err := publishing.LastClaim(t.Context(), h, h.vendor, o); err != nil || last.State != publishing.ClaimWithdrawn {
		t.Errorf("the last claim is %+v, %v", last, err)
	}
}

func TestWhoClaimsAndWhoDecides(t *testing.T) {
	h := newHouse(t)
	o := h.unclaimed("Journal", "https://test.example")
	for name, a := range map[string]models.Actor{"a visitor": {}, "a buyer": h.buyer, "a moderator": h.moderator} {
		if _, err := h.claim(a, publishing.ListingClaim{Offering: o, Words: "x"}); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s claims: %v", name, err)
		}
	}
	c, err := h.claim(h.manager, publishing.ListingClaim{Offering: o})
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]models.Actor{"a visitor": {}, "a buyer": h.buyer, "the vendor": h.manager} {
		if err := h.Write(t.Context(), a, func(tx *db.Tx) error { return publishing.AcceptClaim(t.Context(), tx, c.ID, "") }); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s decides: %v", name, err)
		}
	}
	if _, err := publishing.FindClaim(t.Context(), h, h.other, c.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another vendor reads it: %v", err)
	}
	if err := h.Write(t.Context(), h.other, func(tx *db.Tx) error { return publishing.WithdrawClaim(t.Context(), tx, c.ID) }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another vendor takes it back: %v", err)
	}
}

// A listing that a vendor claimed is not taken away from it by the next import.
func TestImportsLeaveClaimedListingsAlone(t *testing.T) {
	h := newHouse(t)
	o := h.unclaimed("Journal", "https://test.example")
	c, err := h.claim(h.manager, publishing.ListingClaim{Offering: o})
	if err != nil {
		t.Fatal(err)
	}
	h.must(h.moderator, func(tx *db.Tx) error { return publishing.AcceptClaim(t.Context(), tx, c.ID, "") })
	now := h.Now()
	h.DB.Now = func() time.Time { return now.AddDate(0, 0, 1) }
	l := h.gathered("Journal", "https://other.example")
	l.Uses = []catalogue.Use{{Organisation: models.Key{Scheme: "test", Code: "agency"}, Phase: catalogue.InUse}}
	for range 2 {
		h.must(admin, func(tx *db.Tx) error { one := l; _, err := catalogue.Put(t.Context(), tx, &one, 0); return err })
	}
	if got := h.offering(o); got.VendorID != h.vendor || got.Unclaimed || got.Published != 1 {
		t.Errorf("the import made of it %+v", got)
	}
	if users, err := catalogue.Users(t.Context(), h, o); err != nil || len(users) != 1 {
		t.Errorf("who uses it is not taken in: %v, %v", users, err)
	}
	if day, err := catalogue.ClaimedOn(t.Context(), h, o); err != nil || day != models.DateOf(now) {
		t.Errorf("claimed on %v, %v", day, err)
	}
}
