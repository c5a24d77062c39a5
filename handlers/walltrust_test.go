package handlers

import (
	"net/url"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
)

// What stands in the addresses of claims, declarations and confirmations, for the walls.

// aListing is a published listing of the owner's organisation, whose texts are to be
// confirmed.
func (w *walls) aListing(owner *caller) string {
	return strconv.FormatInt(w.listingOf(owner.org, wordOfOwn+owner.name, false), 10)
}

// listingOf makes a listing of a vendor that is months old.
func (w *walls) listingOf(org int64, summary string, unclaimed bool) (id int64) {
	w.write(func(tx *db.Tx) error {
		o, err := identity.Find(w.t.Context(), tx, org)
		if err != nil {
			return err
		}
		name := w.word()
		v := catalogue.Version{Published: models.DateOf(w.DB.Now().AddDate(0, -5, 0)), Content: catalogue.Content{Language: "en",
			Words: map[string]catalogue.Words{"en": {Name: name, Summary: summary}}}}
		done, err := catalogue.Put(w.t.Context(), tx, &catalogue.Listing{Key: testKey(name), Vendor: o.Key, Unclaimed: unclaimed, Versions: []catalogue.Version{v}}, 0)
		id = done.ID
		return err
	})
	return id
}

// aClaim is one that waits.
func (w *walls) aClaim(*caller) string {
	offering := w.listingOf(3, "Some service", true)
	c := publishing.ListingClaim{Offering: offering, Words: "It is ours."}
	w.as(w.vendorManager(4), func(tx *db.Tx) error { return publishing.SendClaim(w.t.Context(), tx, &c) })
	return strconv.FormatInt(c.ID, 10)
}

// vendorManager is somebody new who manages a vendor.
func (w *walls) vendorManager(org int64) models.Actor {
	account := w.person(w.word() + "@elsewhere.example")
	w.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(w.t.Context(), tx, account, org, identity.Powers{Roles: []models.Role{models.VendorManager}})
		return err
	})
	return models.Actor{AccountID: account, OrgID: org, Roles: []models.Role{models.VendorManager}}
}

func (w *walls) as(a models.Actor, f func(*db.Tx) error) {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), a, f); err != nil {
		w.t.Fatal(err)
	}
}

// aDeclaration is one of a new vendor that is to be looked at.
func (w *walls) aDeclaration(*caller) string {
	o := identity.Organisation{Key: testKey(w.word()), Kind: identity.Vendor, Names: models.Text{"en": "Declaring"}}
	w.write(func(tx *db.Tx) error { _, _, err := identity.Put(w.t.Context(), tx, &o); return err })
	d := w.declare(w.vendorManager(o.ID), map[string]string{"conflict": "yes"})
	return strconv.FormatInt(d.ID, 10)
}

// declare signs a declaration in which every answer passes but those that are given.
func (s *testSite) declare(a models.Actor, but map[string]string) (d publishing.Declaration) {
	s.t.Helper()
	typed := map[string]publishing.Typed{}
	for _, q := range s.declaration.Questions {
		t := publishing.Typed{Words: "Words of " + q.ID}
		for _, o := range q.Options {
			if o.Verdict == publishing.Pass && t.Value == "" {
				t.Value = o.ID
			}
		}
		if value, ok := but[q.ID]; ok {
			t.Value = value
		}
		typed[q.ID] = t
	}
	err := s.DB.Write(s.t.Context(), a, func(tx *db.Tx) error {
		own, err := publishing.OwnDeclaration(s.t.Context(), tx, a)
		if err != nil {
			return err
		}
		for _, section := range s.declaration.Sections {
			todo, err := publishing.SaveDeclaration(s.t.Context(), tx, s.declaration, section.ID, own.Saved[section.ID].Revision, typed)
			if err != nil || len(todo) > 0 {
				s.t.Fatalf("section %s: %v, %v", section.ID, todo, err)
			}
		}
		d, err = publishing.SignDeclaration(s.t.Context(), tx, s.declaration, publishing.Signature{As: "member of the board", Agreed: true})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// declared is a section that is not done, by who has seen it as it is now.
func (w *walls) declared(c *caller, _ string) url.Values {
	d, _ := publishing.OwnDeclaration(w.t.Context(), w.DB, c.actor()) // of others there is none
	return url.Values{"seen": {strconv.FormatInt(d.Saved["crimes"].Revision, 10)}, "a_fraud": {"no"}}
}
