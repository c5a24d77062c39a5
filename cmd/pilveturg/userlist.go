package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/models/privacy"
)

func (u *userTask) inviteLink(ctx context.Context) error {
	open, err := identity.InvitationsOf(ctx, u.d, u.mail)
	if err == nil && len(open) == 0 {
		err = fmt.Errorf("%s has no open invitation", u.mail)
	}
	if err != nil {
		return err
	}
	i := open[0] // the newest
	secret := ""
	err = u.write(ctx, func(tx *db.Tx) (err error) {
		secret, err = identity.Renew(ctx, tx, i.ID)
		return err
	})
	if err != nil {
		return err
	}
	to, _ := i.Org.Pick("en")
	if i.ApplicationID != 0 {
		to = "an application to become a vendor"
	}
	_, err = fmt.Fprintf(u.e.out, "The invitation of %s to %s has a new link, which works once, within 7 days:\n%s/%s/invite/%s\n", i.Mail, to, u.origin, i.Language, secret)
	return err
}

func (u *userTask) reset(ctx context.Context) error {
	a, err := u.find(ctx, u.d)
	switch {
	case err != nil:
		return err
	case a.State == identity.Locked:
		return fmt.Errorf("%s is locked: pilveturg user unlock comes first", a.Mail)
	case a.Invented:
		return fmt.Errorf("%s is invented and has no password", a.Mail)
	}
	secret := ""
	err = u.write(ctx, func(tx *db.Tx) (err error) {
		secret, err = access.Give(ctx, tx, access.SetsPassword, a.ID, linkLife)
		return err
	})
	if err == nil {
		u.printLink(a.Language, "/reset/"+secret, "choose a new password")
	}
	return err
}

func (u *userTask) lock(ctx context.Context) error {
	return u.set(ctx, identity.Lock, "is locked, and all their sessions have ended", "is locked already, or is the last administrator")
}

func (u *userTask) unlock(ctx context.Context) error {
	return u.set(ctx, identity.Unlock, "may sign in again", "is not locked")
}

func (u *userTask) erase(ctx context.Context) error {
	return u.set(ctx, privacy.Erase, "is erased", "is the last administrator")
}

func (u *userTask) set(ctx context.Context, f func(context.Context, *db.Tx, int64) error, done, not string) error {
	err := u.write(ctx, func(tx *db.Tx) error {
		a, err := u.find(ctx, tx)
		if err == nil {
			err = f(ctx, tx, a.ID)
		}
		return err
	})
	if errors.Is(err, models.ErrConflict) {
		err = fmt.Errorf("%s %s", u.mail, not)
	}
	if err == nil {
		_, err = fmt.Fprintf(u.e.out, "%s %s.\n", u.mail, done)
	}
	return err
}

// listedUser is an account as the list tells it.
type listedUser struct {
	Mail     string       `json:"mail"`
	Name     string       `json:"name"`
	State    string       `json:"state"`
	Invented bool         `json:"invented,omitempty"`
	Created  string       `json:"created"`
	Acts     []listedActs `json:"acts"`
}

type listedActs struct {
	For   string        `json:"for"`
	Roles []models.Role `json:"roles"`
}

func (u *userTask) list(ctx context.Context) error {
	accounts, err := identity.Accounts(ctx, u.d)
	if err != nil {
		return err
	}
	all := []listedUser{}
	for _, a := range accounts {
		one := listedUser{Mail: a.Mail, Name: a.Name, State: string(a.State), Invented: a.Invented, Created: a.Created.UTC().Format(moment), Acts: []listedActs{}}
		memberships, err := identity.Memberships(ctx, u.d, a.ID)
		if err != nil {
			return err
		}
		for _, m := range memberships {
			name, _ := m.Org.Pick("en")
			one.Acts = append(one.Acts, listedActs{name, m.Roles})
		}
		all = append(all, one)
	}
	if u.asJSON {
		return writeJSON(u.e.out, all)
	}
	return u.printList(all)
}

func (u *userTask) printList(all []listedUser) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(u.e.out, "Nobody has an account yet.")
		return err
	}
	w := tabwriter.NewWriter(u.e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "mail\tname\tstate\tsince\tacts for")
	for _, one := range all {
		acts := ""
		for i, a := range one.Acts {
			if i > 0 {
				acts += "; "
			}
			acts += a.For + " (" + names(a.Roles) + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", one.Mail, one.Name, one.State, one.Created, acts)
	}
	return w.Flush()
}
