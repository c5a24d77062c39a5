package releases

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// toldAt is how many failures of a feed, one after the other, its vendor is told of:
// about four days of them.
const toldAt = 7

// tellFailing tells those who write for the vendor that the feed of an offering does not
// answer, or is given up.
func tellFailing(ctx context.Context, tx *db.Tx, offering int64) error {
	cards, err := catalogue.Cards(ctx, tx, []int64{offering})
	if err != nil {
		return err
	}
	names := models.Text{}
	for _, c := range cards {
		for lang, w := range c.Words {
			names.Set(lang, w.Name)
		}
	}
	o, err := catalogue.Find(ctx, tx, offering)
	if err != nil {
		return err
	}
	to, err := identity.Writers(ctx, tx, o.VendorID)
	if err != nil {
		return err
	}
	for _, who := range to {
		name, _ := names.Pick(who.Language)
		if name == "" { // it was never published
			name = catalogue.Number(offering)
		}
		err = work.Tell(ctx, tx, work.Message{Kind: work.FeedFailing, AccountID: who.ID, Mail: who.Mail, Language: who.Language, Args: []string{name},
			Path: fmt.Sprintf("/vendor/listings/%d/releases", offering)})
		if err != nil {
			return err
		}
	}
	return nil
}
