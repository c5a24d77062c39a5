package identity

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

const accountErased audit.Action = "account.erased"

// noLanguage is that of who is erased: BCP 47 calls what is not known so.
const noLanguage = "und"

// Erase forgets a person: mail, name and language go, memberships end, invitations to
// the mail are removed, and nobody signs in with the account again. Its number stays,
// so that what the person did stays somebody's. It is for the person and for
// administrators. It fails with [models.ErrConflict] for the last administrator and
// for who is erased already; invented people stay, because many become them.
func Erase(ctx context.Context, tx *db.Tx, id int64) error {
	a, err := FindAccount(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case tx.Actor.AccountID != id && !tx.Actor.Is(models.Administrator):
		err = models.ErrForbidden
	case a.State == Erased:
		err = models.ErrConflict
	case a.Invented:
		return models.Invalid{"mail": "account.invented"}
	default:
		err = notTheLast(ctx, tx, `a.id = ?`, id)
	}
	if err == nil {
		err = endMemberships(ctx, tx, id)
	}
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM invitations WHERE folded = ?`, FoldMail(a.Mail))
	}
	if err == nil {
		const q = `UPDATE accounts SET mail = '', folded = ?, name = '', language = ?, state = ?, generation = generation + 1 WHERE id = ?`
		_, err = tx.Exec(ctx, q, fmt.Sprintf("erased %d", id), noLanguage, Erased, id)
	}
	if err != nil {
		return fmt.Errorf("erase account %d: %w", id, err)
	}
	return audit.Record(ctx, tx, accountErased, accountSubject(id))
}

func endMemberships(ctx context.Context, tx *db.Tx, account int64) error {
	all, err := Memberships(ctx, tx, account)
	for _, m := range all {
		if err == nil {
			err = EndMember(ctx, tx, m.ID)
		}
	}
	return err
}

// Names returns what the people with these accounts are called, by account. Who is
// erased is called "", who never was is absent.
func Names(ctx context.Context, r db.Reader, accounts []int64) (map[int64]string, error) {
	names := map[int64]string{}
	if len(accounts) == 0 {
		return names, nil
	}
	marks, args := db.In(accounts)
	var all []Account
	if err := r.Select(ctx, &all, `/* identity.Names */ SELECT id, name FROM accounts WHERE id IN `+marks, args...); err != nil {
		return nil, fmt.Errorf("names of people: %w", err)
	}
	for _, a := range all {
		names[a.ID] = a.Name
	}
	return names, nil
}

// SweepInvitations removes invitations that have expired before a moment, with the
// mails and names of those who never came, and with the words of applications whose
// letter nobody ever answered: those were nobody's, and nobody has seen them.
func SweepInvitations(ctx context.Context, tx *db.Tx, before models.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM invitations WHERE expires_at < ?`, before); err != nil {
		return fmt.Errorf("sweep invitations: %w", err)
	}
	const nobodys = `
		(SELECT a.id FROM vendor_applications a WHERE a.account_id IS NULL AND a.created_at < ?
		AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.application_id = a.id))`
	for _, q := range []string{
		`DELETE FROM application_messages WHERE application_id IN ` + nobodys,
		`DELETE FROM application_markets WHERE application_id IN ` + nobodys,
		`DELETE FROM vendor_applications WHERE id IN ` + nobodys,
	} {
		if _, err := tx.Exec(ctx, q, before); err != nil {
			return fmt.Errorf("sweep applications that nobody confirmed: %w", err)
		}
	}
	return nil
}
