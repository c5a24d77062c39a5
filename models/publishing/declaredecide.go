package publishing

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/work"
)

// DeclarationFilter narrows the signed declarations down that are listed.
type DeclarationFilter string

// What can be listed.
const (
	DeclarationsToLook  DeclarationFilter = "look"    // a moderator is to look at them
	DeclarationsDecided DeclarationFilter = "decided" // a moderator has
	DeclarationsFailed  DeclarationFilter = "failed"  // by the rules
	DeclarationsPassed  DeclarationFilter = "passed"  // by the rules
)

// DeclarationFilters lists them in the order in which they are shown.
func DeclarationFilters() []DeclarationFilter {
	return []DeclarationFilter{DeclarationsToLook, DeclarationsDecided, DeclarationsFailed, DeclarationsPassed}
}

// Declarations returns the declarations that count, without their answers, the oldest
// first. They are for those who decide.
func Declarations(ctx context.Context, r db.Reader, f DeclarationFilter) ([]Declaration, error) {
	where := map[DeclarationFilter]string{
		DeclarationsToLook: `verdict = 'look' AND decision = ''`, DeclarationsDecided: `decision <> ''`,
		DeclarationsFailed: `verdict = 'fail'`, DeclarationsPassed: `verdict = 'pass'`,
	}[f]
	if where == "" {
		return nil, nil
	}
	var all []Declaration
	if err := r.Select(ctx, &all, `/* publishing.Declarations */`+declarationSelect+`WHERE state = 'signed' AND `+where+` ORDER BY signed_at, id`); err != nil {
		return nil, fmt.Errorf("declarations: %w", err)
	}
	return all, nil
}

// DeclarationsOf returns the declarations that a vendor has signed, the newest first,
// without their answers. They are for the vendor's people and those who decide.
func DeclarationsOf(ctx context.Context, r db.Reader, vendor int64) ([]Declaration, error) {
	var all []Declaration
	const q = `/* publishing.DeclarationsOf */` + declarationSelect + `WHERE vendor_id = ? AND state <> 'draft' ORDER BY id DESC`
	if err := r.Select(ctx, &all, q, vendor); err != nil {
		return nil, fmt.Errorf("declarations of vendor %d: %w", vendor, err)
	}
	return all, nil
}

// DecideDeclaration says whether a declaration that was to be looked at is accepted,
// and why, and tells the managers of the vendor. It fails with [models.Invalid] under
// "words" without a reason, and with [models.ErrConflict] when it is decided, replaced,
// or not to be looked at. It is for moderators and administrators, but not for whoever
// signed.
func DecideDeclaration(ctx context.Context, tx *db.Tx, id int64, accept bool, words string) error {
	if !Decides(tx.Actor) {
		return fmt.Errorf("decide declaration %d: %w", id, models.ErrForbidden)
	}
	d, err := FindDeclaration(ctx, tx, tx.Actor, id)
	if err != nil {
		return err
	}
	words = strings.TrimSpace(words)
	switch {
	case d.SignedBy != 0 && d.SignedBy == tx.Actor.AccountID:
		return models.Invalid{"decision": "declaration.own"}
	case words == "":
		return models.Invalid{"words": "declaration.reason_missing"}
	case utf8.RuneCountInString(words) > LongestExplanation:
		return models.Invalid{"words": "declaration.words_long"}
	}
	d.Decision, d.Message = "refused", words
	action, kind := declarationRefused, work.DeclarationRefused
	if accept {
		d.Decision, action, kind = "accepted", declarationAccepted, work.DeclarationAccepted
	}
	const q = `
		UPDATE declarations SET decision = ?, decided_by = ?, decided_at = ?, message = ?
		WHERE id = ? AND state = 'signed' AND verdict = 'look' AND decision = ''`
	n, err := tx.Exec(ctx, q, d.Decision, db.NullID(tx.Actor.AccountID), tx.Now, d.Message, id)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("decide declaration %d: %w", id, err)
	}
	if err := declarationChanged(ctx, tx, d, action); err != nil {
		return err
	}
	var to []person
	const who = `/* publishing.DecideDeclaration */` + peopleWith + `m.organisation_id = ? AND x.role = 'vendor_manager' ORDER BY a.id`
	if err := tx.Select(ctx, &to, who, d.Vendor); err != nil {
		return fmt.Errorf("managers of vendor %d: %w", d.Vendor, err)
	}
	return tellDeclaration(ctx, tx, d, to, kind, "/vendor/declaration")
}
