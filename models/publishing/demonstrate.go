package publishing

import (
	"context"
	"errors"

	"pilveturg/db"
	"pilveturg/models"
)

// DemonstrateDeclaration signs a declaration of an invented vendor in which every answer passes,
// but for those that are given. The actor has to manage the vendor. It does nothing for
// a vendor that has signed one.
func DemonstrateDeclaration(ctx context.Context, tx *db.Tx, q *Questionnaire, given map[string]Typed) error {
	signed, err := DeclarationsOf(ctx, tx, tx.Actor.OrgID)
	if err != nil || len(signed) > 0 {
		return err
	}
	for _, section := range q.Sections {
		typed := map[string]Typed{}
		for _, one := range q.Questions {
			t, ok := given[one.ID]
			if !ok {
				t = Typed{Value: one.passing()}
			}
			typed[one.ID] = t
		}
		if todo, err := SaveDeclaration(ctx, tx, q, section.ID, 0, typed); err != nil || len(todo) > 0 {
			return firstOf(err, todo.Or())
		}
	}
	_, err = SignDeclaration(ctx, tx, q, Signature{As: "juhatuse liige", Agreed: true})
	return err
}

// passing is the first option that passes; "" when the question asks for words.
func (q *DeclarationQuestion) passing() string {
	for _, o := range q.Options {
		if o.Verdict == Pass {
			return o.ID
		}
	}
	return ""
}

func firstOf(err, or error) error {
	if err != nil {
		return err
	}
	return or
}

// DemonstrateClaim claims a listing for the vendor of the actor, unless the vendor has
// done so.
func DemonstrateClaim(ctx context.Context, tx *db.Tx, offering int64, words string) error {
	if _, err := LastClaim(ctx, tx, tx.Actor.OrgID, offering); !isNotFound(err) {
		return err
	}
	return SendClaim(ctx, tx, &ListingClaim{Offering: offering, Words: words})
}

func isNotFound(err error) bool { return errors.Is(err, models.ErrNotFound) }
