package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// What stands in the addresses and forms of the administration, for the walls.

var editor = identity.Powers{Roles: []models.Role{models.VendorEditor}}

func (w *walls) anAccount(*caller) string {
	return strconv.FormatInt(w.person(w.word()+"@elsewhere.example"), 10)
}

// aFactor is somebody who has a passkey.
func (w *walls) aFactor(c *caller) string {
	id := w.anAccount(c)
	account, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	w.rows++
	if err := w.DB.Write(w.t.Context(), models.Actor{AccountID: account}, func(tx *db.Tx) error {
		_, err := access.AddPasskey(w.t.Context(), tx, access.Passkey{Name: "Key", Credential: []byte(w.word()), PublicKey: []byte{1}})
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// mailOfAnother is the form of who is sure whom the address means.
func (w *walls) mailOfAnother(_ *caller, address string) url.Values {
	mail := "nobody@elsewhere.example"
	if id, err := strconv.ParseInt(strings.Split(address, "/")[4], 10, 64); err == nil {
		if a, err := identity.FindAccount(w.t.Context(), w.DB, id); err == nil {
			mail = a.Mail
		}
	}
	return url.Values{"mail": {mail}}
}

func (w *walls) aLocked(c *caller) string {
	account := w.person(w.word() + "@elsewhere.example")
	w.write(func(tx *db.Tx) error { return identity.Lock(w.t.Context(), tx, account) })
	return strconv.FormatInt(account, 10)
}

func (w *walls) aMember(*caller) string { return w.memberOf(3, w.word()) }

// aColleague is somebody else in the owner's organisation.
func (w *walls) aColleague(owner *caller) string {
	return w.memberOf(owner.org, wordOfPerson+owner.name)
}

func (w *walls) memberOf(org int64, name string) string {
	account := w.person(w.word() + "@elsewhere.example")
	var id int64
	w.write(func(tx *db.Tx) (err error) {
		if err := identity.ChangeProfile(w.t.Context(), tx, account, name, "en"); err != nil {
			return err
		}
		id, err = identity.AddMember(w.t.Context(), tx, account, org, editor)
		return err
	})
	return strconv.FormatInt(id, 10)
}

func (w *walls) aGuest(*caller) string { return w.guestOf(3, w.word()) }

// aGuestOfOwn is somebody who is invited to the owner's organisation.
func (w *walls) aGuestOfOwn(owner *caller) string {
	return w.guestOf(owner.org, wordOfPerson+owner.name)
}

func (w *walls) guestOf(org int64, name string) string {
	i := identity.Invitation{OrgID: org, Mail: w.word() + "@elsewhere.example", Name: name, Language: "en", Powers: editor}
	w.write(func(tx *db.Tx) error {
		_, err := identity.Invite(w.t.Context(), tx, &i)
		return err
	})
	return strconv.FormatInt(i.ID, 10)
}

// aPass is a token that the owner made, for the organisation that they act for or for
// one that they act for no more.
func (w *walls) aPass(owner *caller) string {
	var id int64
	w.write(func(tx *db.Tx) error {
		ctx, org, place := w.t.Context(), owner.org, int64(0)
		sells := owner.role == models.VendorManager || owner.role == models.VendorEditor
		var err error
		if !sells {
			shop := identity.Organisation{Key: testKey(w.word()), Kind: identity.Vendor, Names: models.Text{"en": "Shop"}}
			if _, _, err := identity.Put(ctx, tx, &shop); err != nil {
				return err
			}
			org = shop.ID
			if place, err = identity.AddMember(ctx, tx, owner.account, org, editor); err != nil {
				return err
			}
		}
		by := tx.Actor
		tx.Actor = models.Actor{AccountID: owner.account, OrgID: org, Roles: editor.Roles}
		if _, err := access.MakeToken(ctx, tx, wordOfPerson+owner.name, access.ReadsListings, 1); err != nil {
			return err
		}
		if tx.Actor = by; !sells {
			if err := identity.EndMember(ctx, tx, place); err != nil {
				return err
			}
		}
		return tx.Get(ctx, &id, `SELECT max(id) FROM tokens`)
	})
	return strconv.FormatInt(id, 10)
}

func (w *walls) anOrganisation(*caller) string {
	o := identity.Organisation{Key: testKey(w.word()), Kind: identity.School, Names: models.Text{"en": "School"}}
	w.write(func(tx *db.Tx) error { return identity.Add(w.t.Context(), tx, &o) })
	return strconv.FormatInt(o.ID, 10)
}

func (w *walls) aDomain(*caller) string {
	domain := w.word() + ".example"
	w.write(func(tx *db.Tx) error { return identity.AddDomain(w.t.Context(), tx, domain, 2) })
	return domain
}

func (w *walls) guest(*caller, string) url.Values {
	return url.Values{"organisation": {"3"}, "mail": {w.word() + "@elsewhere.example"}, "roles": {"vendor_editor"}, "language": {"en"}}
}

func (w *walls) organisation(*caller, string) url.Values {
	return url.Values{"scheme": {"test"}, "code": {w.word()}, "kind": {"school"}, "name_en": {"School"}}
}

// organisationAgain is the form of who has seen the organisation at the address as it
// is now.
func (w *walls) organisationAgain(c *caller, address string) url.Values {
	form := w.organisation(c, address)
	if id, err := strconv.ParseInt(strings.Split(address, "/")[4], 10, 64); err == nil {
		seen, _ := identity.Revision(w.t.Context(), w.DB, id) // of none there is no form
		form.Set("seen", strconv.FormatInt(seen, 10))
	}
	return form
}

func (w *walls) domain(*caller, string) url.Values {
	return url.Values{"domain": {w.word() + ".example"}, "organisation": {"2"}}
}

func (w *walls) texts(*caller, string) url.Values {
	seen, err := identity.SiteRevision(w.t.Context(), w.DB)
	if err != nil {
		w.t.Fatal(err)
	}
	return url.Values{"seen": {strconv.FormatInt(seen, 10)}, "operator_en": {"Office"}}
}
