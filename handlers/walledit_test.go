package handlers

import (
	"net/url"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/publishing"
)

// hand is somebody who writes for the owner's vendor; for who has none, and may write for
// all, for the one vendor.
func (w *walls) hand(owner *caller) models.Actor {
	if owner.role != models.VendorEditor && owner.role != models.VendorManager {
		return w.writer()
	}
	return models.Actor{AccountID: owner.account, OrgID: owner.org, Roles: []models.Role{models.VendorManager}}
}

// drafted is a new listing of which there is no more than a draft.
func (w *walls) drafted(owner *caller) (id int64) {
	a := w.hand(owner)
	if err := w.DB.Write(w.t.Context(), a, func(tx *db.Tx) (err error) {
		id, err = publishing.Begin(w.t.Context(), tx, a.OrgID, testContent(w.t, w.word()))
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *walls) aDraft(owner *caller) string { return strconv.FormatInt(w.drafted(owner), 10) }

// aThrownDraft was thrown away just now.
func (w *walls) aThrownDraft(owner *caller) string {
	id := w.drafted(owner)
	if err := w.DB.Write(w.t.Context(), w.hand(owner), func(tx *db.Tx) error { return publishing.Discard(w.t.Context(), tx, id) }); err != nil {
		w.t.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

// aWaitingOffering was sent, and nobody has decided.
func (w *walls) aWaitingOffering(owner *caller) string {
	a := w.hand(owner)
	id, _ := w.sent(a, a.OrgID, testContent(w.t, w.word()))
	return strconv.FormatInt(id, 10)
}

// aPublished is live, in its first version.
func (w *walls) aPublished(owner *caller) string {
	id, _ := w.sent(w.admin, w.hand(owner).OrgID, testContent(w.t, w.word()))
	return strconv.FormatInt(id, 10)
}

// basics is the form of the first section of a draft that nobody has changed.
func (w *walls) basics(*caller, string) url.Values {
	return url.Values{"seen": {"1"}, "act": {"save"}, "language": {"en"}, "name": {w.word()}, "category0": {"education"}}
}
