package identity

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// MailMayBe says why an account may not have a mail, as [models.Invalid] under "mail",
// or nil. Whoever acts for an organisation by a mailbox under one of its domains stays
// under them: the mailbox shows that they are with it still. It says nothing of whether
// somebody else has the mail.
func MailMayBe(ctx context.Context, r db.Reader, a Account, mail string) error {
	mail = strings.TrimSpace(mail)
	switch {
	case a.Invented:
		return models.Invalid{"mail": "account.invented"}
	case !IsMail(mail):
		return models.Invalid{"mail": "account.mail_unclear"}
	case mail == a.Mail:
		return models.Invalid{"mail": "mail.same"}
	}
	const q = `/* identity.MailMayBe */
		SELECT count(*) FROM memberships m
		JOIN mail_domains d ON d.organisation_id = m.organisation_id AND d.domain = ?
		WHERE m.account_id = ? AND m.ended_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM mail_domains w WHERE w.organisation_id = m.organisation_id AND w.domain = ?)`
	var n int
	if err := r.Get(ctx, &n, q, domainOf(a.Mail), a.ID, domainOf(mail)); err != nil {
		return fmt.Errorf("mail domains of account %d: %w", a.ID, err)
	}
	if n > 0 {
		return models.Invalid{"mail": "mail.outside"}
	}
	return nil
}

func domainOf(mail string) string {
	_, domain, _ := strings.Cut(FoldMail(mail), "@")
	return domain
}

// ChangeMail gives an account another mail, whose owner has shown that it is theirs. It
// is for the person. It fails with [models.Invalid] when somebody has the mail, or it
// may not be.
func ChangeMail(ctx context.Context, tx *db.Tx, id int64, mail string) error {
	if tx.Actor.AccountID != id {
		return fmt.Errorf("change the mail of account %d: %w", id, models.ErrForbidden)
	}
	a, err := FindAccount(ctx, tx, id)
	if err == nil {
		err = MailMayBe(ctx, tx, a, mail)
	}
	if err != nil {
		return err
	}
	return setMail(ctx, tx, a, mail)
}

// RestoreMail gives an account back a mail that it had. It is for the person, and asks
// nothing of the mail but that nobody else has it.
func RestoreMail(ctx context.Context, tx *db.Tx, id int64, mail string) error {
	if tx.Actor.AccountID != id {
		return fmt.Errorf("restore the mail of account %d: %w", id, models.ErrForbidden)
	}
	a, err := FindAccount(ctx, tx, id)
	if err != nil || a.Mail == mail {
		return err
	}
	return setMail(ctx, tx, a, mail)
}

func setMail(ctx context.Context, tx *db.Tx, a Account, mail string) error {
	before := a
	a.Mail = strings.TrimSpace(mail)
	const q = `UPDATE accounts SET mail = ?, folded = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.folded = ? AND o.id <> ?)`
	n, err := tx.Exec(ctx, q, a.Mail, FoldMail(a.Mail), a.ID, FoldMail(a.Mail), a.ID)
	if db.Taken(err) || err == nil && n == 0 {
		return models.Invalid{"mail": "account.mail_taken"}
	}
	if err != nil {
		return fmt.Errorf("change the mail of account %d: %w", a.ID, err)
	}
	return audit.Record(ctx, tx, accountMailChanged, accountSubject(a.ID), a.changes(before)...)
}
