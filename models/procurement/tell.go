package procurement

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// tellVendor tells those who write for the vendor of a service something about it that
// comes from an organisation, and returns how many they are: none where the vendor has
// nobody here.
func tellVendor(ctx context.Context, tx *db.Tx, kind work.Kind, org, offering int64, path string) (told int, err error) {
	o, err := catalogue.Find(ctx, tx, offering)
	if err != nil {
		return 0, err
	}
	names, err := serviceNames(ctx, tx, offering)
	if err != nil {
		return 0, err
	}
	body, err := identity.Find(ctx, tx, org)
	if err != nil {
		return 0, err
	}
	to, err := identity.Writers(ctx, tx, o.VendorID)
	if err != nil {
		return 0, err
	}
	for _, who := range to {
		name, _ := names.Pick(who.Language)
		from, _ := body.Names.Pick(who.Language)
		err = work.Tell(ctx, tx, work.Message{Kind: kind, AccountID: who.ID, Mail: who.Mail, Language: who.Language, Args: []string{name, from}, Path: path})
		if err != nil {
			return 0, err
		}
	}
	return len(to), nil
}

// serviceNames are what a service is called, by language.
func serviceNames(ctx context.Context, r db.Reader, offering int64) (models.Text, error) {
	cards, err := catalogue.Cards(ctx, r, []int64{offering})
	names := models.Text{}
	for _, c := range cards {
		for lang, w := range c.Words {
			names.Set(lang, w.Name)
		}
	}
	return names, err
}

// tellLead tells who leads a project something about it, which has the name of the
// project as its only word.
func tellLead(ctx context.Context, tx *db.Tx, project int64, kind work.Kind, end string) error {
	const q = `/* procurement.tellLead */ SELECT x.account_id, p.name FROM project_people x JOIN projects p ON p.id = x.project_id WHERE x.project_id = ? AND x.part = 'lead'`
	var lead struct {
		AccountID int64  `db:"account_id"`
		Name      string `db:"name"`
	}
	if err := tx.Get(ctx, &lead, q, project); err != nil {
		return fmt.Errorf("lead of project %d: %w", project, err)
	}
	return tellAccount(ctx, tx, lead.AccountID, kind, fmt.Sprintf("/projects/p-%d%s", project, end), lead.Name)
}

// tellAccount tells one person something; invented people get no letter.
func tellAccount(ctx context.Context, tx *db.Tx, account int64, kind work.Kind, path string, args ...string) error {
	who, err := identity.FindAccount(ctx, tx, account)
	if err != nil {
		return err
	}
	if who.Invented {
		who.Mail = ""
	}
	return work.Tell(ctx, tx, work.Message{Kind: kind, AccountID: who.ID, Mail: who.Mail, Language: who.Language, Args: args, Path: path})
}
