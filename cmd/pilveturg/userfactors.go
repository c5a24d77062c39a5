package main

import (
	"context"
	"errors"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
)

// resetFactors removes what a person has besides a password.
func (u *userTask) resetFactors(ctx context.Context) error {
	a, err := u.find(ctx, u.d)
	if err != nil {
		return err
	}
	err = u.write(ctx, func(tx *db.Tx) error { return access.RemoveFactors(ctx, tx, a.ID) })
	if errors.Is(err, models.ErrConflict) {
		err = fmt.Errorf("%s has nothing but a password", a.Mail)
	}
	if err == nil {
		fmt.Fprintf(u.e.out, "The second factors of %s are removed, and all their sessions have ended.\n", a.Mail)
	}
	return err
}
