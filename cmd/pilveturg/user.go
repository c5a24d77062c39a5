package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views/locale"
)

const userUsage = "add|invite-link|reset|reset-factors|lock|unlock|erase MAIL, or list"

const userHelp = `
What there is to do:
  add MAIL          make an account, if there is none, and let it act for an organisation:
                    as an administrator of the operator unless -role and -org say otherwise
  invite-link MAIL  print a new link for the open invitation of a mail
  reset MAIL        print a link with which the person chooses a new password
  reset-factors MAIL
                    remove the authenticator app, passkeys and recovery codes of who has
                    lost them; administrators set up new ones at their next sign-in
  lock MAIL         keep a person out and end all their sessions
  unlock MAIL       let them in again
  erase MAIL        forget a person for good: mail, name, password, sessions; what they
                    did stays in the audit log, under a number
  list              print all accounts
A link works once: those of add and reset for 24 hours, those of invitations for 7 days.
Whoever has it can act as the person; give it to nobody else.
`

// linkLife is how long the links of this command work, but for invitations.
const linkLife = 24 * time.Hour

// user is the command user.
func user(ctx context.Context, e *env, l *line) error {
	u := &userTask{e: e}
	l.StringVar(&u.name, "name", "", "what the person is called; the mail without its domain when empty")
	l.StringVar(&u.language, "language", locale.Tags()[0], "`tag` of the language of the person's letters: "+strings.Join(locale.Tags(), " or "))
	l.StringVar(&u.org, "org", "", "`key` of the organisation to act for, like ee-reg:10000018")
	l.StringVar(&u.roles, "role", string(models.Administrator), "`roles` in the organisation, with commas between: "+names(models.Roles))
	l.StringVar(&u.rights, "right", "", "`rights` of a buyer, with commas between: "+names(models.Rights))
	l.Int64Var(&u.limit, "limit", 0, "up to how many `euros` an approver approves")
	l.StringVar(&u.reach, "reach", string(models.ReachAll), "whose spending an analyst sees: own or all")
	l.BoolVar(&u.asJSON, "json", false, "print the list as JSON")
	c, words, err := l.config(1, 2)
	if err != nil {
		return err
	}
	do, err := u.read(words)
	if err != nil {
		return err
	}
	if u.d, err = openReady(ctx, c); err != nil {
		return err
	}
	defer u.d.Close()
	u.origin = c.origin
	if u.origin == "" {
		u.origin = "http://" + c.addr
	}
	return do(ctx)
}

func names[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	return strings.Join(words, ", ")
}

// userTask does one thing to the accounts of a database.
type userTask struct {
	e                                         *env
	d                                         *db.DB
	origin                                    string // before the paths of links
	mail                                      string
	name, language, org, roles, rights, reach string
	limit                                     int64 // euros
	asJSON                                    bool
}

// read is what the words of the command line ask for.
func (u *userTask) read(words []string) (do func(context.Context) error, err error) {
	if words[0] == "list" {
		if len(words) > 1 {
			return nil, wrongUsage("%q is one word too many", words[1])
		}
		return u.list, nil
	}
	tasks := map[string]func(context.Context) error{"add": u.add, "invite-link": u.inviteLink, "reset": u.reset, "reset-factors": u.resetFactors, "lock": u.lock, "unlock": u.unlock, "erase": u.erase}
	do, ok := tasks[words[0]]
	switch {
	case !ok:
		return nil, wrongUsage("%q cannot be done to accounts: want add, invite-link, reset, reset-factors, lock, unlock, erase or list", words[0])
	case len(words) < 2:
		return nil, wrongUsage("%s: want the mail of the person", words[0])
	case !identity.IsMail(words[1]):
		return nil, wrongUsage("%s %q: want an e-mail address", words[0], words[1])
	case !slices.Contains(locale.Tags(), u.language):
		return nil, wrongUsage("-language %q: want %s", u.language, strings.Join(locale.Tags(), " or "))
	}
	u.mail = words[1]
	return do, nil
}

// actor is who this command acts as.
func (u *userTask) actor() models.Actor {
	return models.Actor{Program: "command user", Roles: []models.Role{models.Administrator}}
}

func (u *userTask) write(ctx context.Context, f func(*db.Tx) error) error {
	return u.d.Write(ctx, u.actor(), f)
}

// find finds the account, and says so when there is none.
func (u *userTask) find(ctx context.Context, r db.Reader) (identity.Account, error) {
	a, err := identity.FindAccountByMail(ctx, r, u.mail)
	if errors.Is(err, models.ErrNotFound) {
		err = fmt.Errorf("%s has no account; pilveturg user list prints those that have", u.mail)
	}
	return a, err
}

func (u *userTask) add(ctx context.Context) error {
	var a identity.Account
	var org identity.Organisation
	secret := ""
	err := u.write(ctx, func(tx *db.Tx) (err error) {
		if org, err = u.organisation(ctx, tx); err != nil {
			return err
		}
		known, err := u.account(ctx, tx, &a)
		if err != nil {
			return err
		}
		if _, err = identity.AddMember(ctx, tx, a.ID, org.ID, u.powers()); err != nil || known {
			return err
		}
		secret, err = access.Give(ctx, tx, access.SetsPassword, a.ID, linkLife)
		return err
	})
	if errors.Is(err, models.ErrConflict) {
		err = fmt.Errorf("%s acts for %s already", u.mail, org.Key)
	}
	if err != nil {
		return u.said(err)
	}
	name, _ := org.Names.Pick("en")
	fmt.Fprintf(u.e.out, "%s acts for %s: %s.\n", a.Mail, name, strings.ReplaceAll(u.roles, ",", ", "))
	if secret != "" {
		u.printLink(a.Language, "/reset/"+secret, "choose a password")
	}
	return nil
}

// account finds the account of the mail, or makes it.
func (u *userTask) account(ctx context.Context, tx *db.Tx, a *identity.Account) (known bool, err error) {
	*a, err = identity.FindAccountByMail(ctx, tx, u.mail)
	if !errors.Is(err, models.ErrNotFound) {
		return true, err
	}
	*a = identity.Account{Mail: u.mail, Name: u.name, Language: u.language}
	if a.Name == "" {
		a.Name, _, _ = strings.Cut(u.mail, "@")
	}
	return false, identity.AddAccount(ctx, tx, a)
}

func (u *userTask) powers() identity.Powers {
	const cents = 100
	return identity.Powers{Roles: listOf[models.Role](u.roles), Rights: listOf[models.Right](u.rights), Limit: u.limit * cents, Reach: models.Reach(u.reach)}
}

func listOf[T ~string](s string) (all []T) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		all = append(all, T(one))
	}
	return all
}

// operatorKey is the key of the operator where nobody has put one into the database.
var operatorKey = models.Key{Scheme: "local", Code: "operator"}

// organisation is the one to act for: that of -org or else the operator, which is made
// when there is none.
func (u *userTask) organisation(ctx context.Context, tx *db.Tx) (o identity.Organisation, err error) {
	if u.org != "" {
		key, err := models.ParseKey(u.org)
		if err != nil {
			return o, fmt.Errorf("-org: %w", err)
		}
		if o, err = identity.FindByKey(ctx, tx, key); errors.Is(err, models.ErrNotFound) {
			err = fmt.Errorf("-org %s: there is no such organisation", key)
		}
		return o, err
	}
	var all []identity.Organisation
	err = identity.All(ctx, tx, func(o identity.Organisation) error {
		if o.Kind == identity.Operator {
			all = append(all, o)
		}
		return nil
	})
	switch {
	case err != nil || len(all) == 1:
		return append(all, o)[0], err
	case len(all) > 1:
		return o, errors.New("there are several operators: name one with -org")
	}
	o = identity.Organisation{Key: operatorKey, Kind: identity.Operator, Names: models.Text{"en": "Operator of the catalogue", "et": "Kataloogi pidaja"}}
	_, _, err = identity.Put(ctx, tx, &o)
	return o, err
}

// said puts what is wrong with the flags into words.
func (u *userTask) said(err error) error {
	var wrong models.Invalid
	if !errors.As(err, &wrong) {
		return err
	}
	l, loaded := locale.Load("en")
	if loaded != nil {
		return loaded
	}
	var words []string
	for _, field := range wrong.Fields() {
		words = append(words, field+": "+l.T(wrong[field]))
	}
	return errors.New(strings.Join(words, "; "))
}

func (u *userTask) printLink(lang, path, what string) {
	fmt.Fprintf(u.e.out, "This link works once, within %d hours, to %s:\n%s/%s%s\n", int(linkLife.Hours()), what, u.origin, lang, path)
}
