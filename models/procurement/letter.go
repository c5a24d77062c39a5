package procurement

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Letter is what the vendor of a service was told of a decision.
type Letter struct {
	ProjectID  int64       `db:"project_id"`
	OfferingID int64       `db:"offering_id"`
	Chosen     bool        `db:"chosen"`
	Told       int         `db:"told"` // people of the vendor who were written to
	At         models.Time `db:"sent_at"`
}

// Letters returns those about the decision of a project, by number of the service. Who
// may read the project is for the caller to ask.
func Letters(ctx context.Context, r db.Reader, project int64) ([]Letter, error) {
	const q = `/* procurement.Letters */ SELECT project_id, offering_id, chosen, told, sent_at FROM award_letters WHERE project_id = ? ORDER BY offering_id`
	var all []Letter
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("letters of project %d: %w", project, err)
	}
	return all, nil
}

// VendorLetter is a letter as the vendor reads it, with the decision that it is about.
type VendorLetter struct {
	Letter
	OrgID    int64       `db:"organisation_id"` // that decided
	Project  string      `db:"name"`
	Outcome  Outcome     `db:"outcome"`
	ChosenID int64       `db:"chosen_id"` // the service that was chosen; 0 for none
	Reason   string      `db:"reason"`
	Until    models.Date `db:"until"`
	Record   string      `db:"record"`
}

const vendorLetters = ` SELECT l.project_id, l.offering_id, l.chosen, l.told, l.sent_at, p.organisation_id, p.name, d.outcome, COALESCE(d.offering_id, 0) AS chosen_id, d.reason, d.until, d.record
	FROM award_letters l JOIN decisions d ON d.project_id = l.project_id JOIN projects p ON p.id = l.project_id JOIN offerings o ON o.id = l.offering_id
	WHERE o.vendor_id = ?`

// VendorLetters returns what the actor's organisation was told about its services, the
// newest first.
func VendorLetters(ctx context.Context, r db.Reader, a models.Actor) ([]VendorLetter, error) {
	if !answers(a) {
		return nil, fmt.Errorf("letters to a vendor: %w", models.ErrForbidden)
	}
	var all []VendorLetter
	if err := r.Select(ctx, &all, `/* procurement.VendorLetters */`+vendorLetters+` ORDER BY l.sent_at DESC, l.project_id DESC, l.offering_id`, a.OrgID); err != nil {
		return nil, fmt.Errorf("letters to vendor %d: %w", a.OrgID, err)
	}
	return all, nil
}

// FindVendorLetter returns one of them, or [models.ErrNotFound].
func FindVendorLetter(ctx context.Context, r db.Reader, a models.Actor, project, offering int64) (VendorLetter, error) {
	var l VendorLetter
	if !answers(a) {
		return l, fmt.Errorf("letter of project %d: %w", project, models.ErrForbidden)
	}
	if err := r.Get(ctx, &l, `/* procurement.FindVendorLetter */`+vendorLetters+` AND l.project_id = ? AND l.offering_id = ?`, a.OrgID, project, offering); err != nil {
		return l, fmt.Errorf("letter of project %d about %s: %w", project, catalogue.Number(offering), err)
	}
	return l, nil
}

// Own are the points of the service that the letter is about, and of the one that was
// chosen, with the most that there were; known is false where the first are not.
func (l *VendorLetter) Own() (own, chosen SealedBid, known bool, err error) {
	d := Decision{ProjectID: l.ProjectID, Record: l.Record}
	f, _, err := d.Sealed()
	if err != nil {
		return own, chosen, false, err
	}
	for _, one := range f.Services {
		if one.Service == numberOf(l.OfferingID) {
			own, known = one, one.Complete && len(one.Points) > 0
		}
		if one.Service == numberOf(l.ChosenID) {
			chosen = one
		}
	}
	return own, chosen, known, nil
}
