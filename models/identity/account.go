package identity

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// State says whether an account may be used.
type State string

// The states of an account.
const (
	Active State = "active"
	Locked State = "locked" // by an administrator, until another word
	Erased State = "erased" // its person is forgotten; what they did stays
)

// Account is a person who can sign in.
type Account struct {
	ID       int64       `db:"id"`
	Mail     string      `db:"mail"` // "" once erased
	Name     string      `db:"name"`
	Language string      `db:"language"` // of letters
	State    State       `db:"state"`
	Invented bool        `db:"invented"` // made up for the demonstration
	Created  models.Time `db:"created_at"`
}

const (
	accountAdded       audit.Action = "account.added"
	accountChanged     audit.Action = "account.changed"
	accountMailChanged audit.Action = "account.mail_changed"
	accountLocked      audit.Action = "account.locked"
	accountUnlocked    audit.Action = "account.unlocked"
	sessionsEnded      audit.Action = "account.sessions_ended"
)

const (
	longestMail = 254 // characters, RFC 5321
	longestName = 100 // characters of a person's name
)

const accountColumns = `id, mail, name, language, state, invented, created_at`

// FoldMail is the form in which two spellings of one mailbox are the same.
func FoldMail(mail string) string { return strings.ToLower(strings.TrimSpace(mail)) }

// FindAccount returns the account with this id, or [models.ErrNotFound].
func FindAccount(ctx context.Context, r db.Reader, id int64) (Account, error) {
	var a Account
	q := `/* identity.FindAccount */ SELECT ` + accountColumns + ` FROM accounts WHERE id = ?`
	if err := r.Get(ctx, &a, q, id); err != nil {
		return Account{}, fmt.Errorf("account %d: %w", id, err)
	}
	return a, nil
}

// FindAccountByMail returns the account with this mail in any spelling, or
// [models.ErrNotFound].
func FindAccountByMail(ctx context.Context, r db.Reader, mail string) (Account, error) {
	var a Account
	q := `/* identity.FindAccountByMail */ SELECT ` + accountColumns + ` FROM accounts WHERE folded = ?`
	if err := r.Get(ctx, &a, q, FoldMail(mail)); err != nil {
		return Account{}, fmt.Errorf("account of a mail: %w", err)
	}
	return a, nil
}

// NamesOf returns what the people with these accounts are called, by account; those
// who are not known any more are left out.
func NamesOf(ctx context.Context, r db.Reader, accounts []int64) (map[int64]string, error) {
	marks, args := db.In(accounts)
	var all []Account
	q := `/* identity.NamesOf */ SELECT ` + accountColumns + ` FROM accounts WHERE name <> '' AND id IN ` + marks
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("names of accounts: %w", err)
	}
	names := make(map[int64]string, len(all))
	for _, a := range all {
		names[a.ID] = a.Name
	}
	return names, nil
}

// Accounts returns all accounts in the order of their mails.
func Accounts(ctx context.Context, r db.Reader) ([]Account, error) {
	var all []Account
	q := `/* identity.Accounts */ SELECT ` + accountColumns + ` FROM accounts ORDER BY folded`
	if err := r.Select(ctx, &all, q); err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return all, nil
}

// HasPeople reports whether anybody has an account who is not invented, nor erased.
func HasPeople(ctx context.Context, r db.Reader) (bool, error) {
	const q = `/* identity.HasPeople */ SELECT count(*) FROM accounts WHERE invented = 0 AND state <> 'erased'`
	var n int
	if err := r.Get(ctx, &n, q); err != nil {
		return false, fmt.Errorf("people: %w", err)
	}
	return n > 0, nil
}

// AddAccount makes an account for a person who can not sign in yet, and sets a.ID.
// Only administrators add accounts; other people come by an invitation.
func AddAccount(ctx context.Context, tx *db.Tx, a *Account) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("add an account: %w", models.ErrForbidden)
	}
	return addAccount(ctx, tx, a)
}

func addAccount(ctx context.Context, tx *db.Tx, a *Account) error {
	if err := a.settle().Or(); err != nil {
		return err
	}
	a.State, a.Created = Active, tx.Now
	if err := endInvention(ctx, tx, *a); err != nil {
		return err
	}
	const q = `
		INSERT INTO accounts (mail, folded, name, language, state, invented, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (folded) DO NOTHING
		RETURNING id`
	err := tx.Get(ctx, &a.ID, q, a.Mail, FoldMail(a.Mail), a.Name, a.Language, a.State, db.Flag(a.Invented), tx.Now)
	if isNotFound(err) {
		return models.Invalid{"mail": "account.mail_taken"}
	}
	if err != nil {
		return fmt.Errorf("add an account: %w", err)
	}
	return audit.Record(ctx, tx, accountAdded, accountSubject(a.ID), a.changes(Account{ID: a.ID})...)
}

// endInvention ends the sessions of invented people when the first real person comes:
// whoever had become one of them would see what is private from then on.
func endInvention(ctx context.Context, tx *db.Tx, a Account) error {
	if a.Invented {
		return nil
	}
	const q = `
		UPDATE accounts SET generation = generation + 1
		WHERE invented = 1 AND NOT EXISTS (SELECT 1 FROM accounts r WHERE r.invented = 0 AND r.state <> 'erased')`
	if _, err := tx.Exec(ctx, q); err != nil {
		return fmt.Errorf("end the sessions of invented people: %w", err)
	}
	return nil
}

// changes are what became of the account, for the audit log.
func (a Account) changes(before Account) audit.Changes {
	var c audit.Changes
	c.Add("mail", before.Mail, a.Mail)
	c.Add("name", before.Name, a.Name)
	for i := range c {
		c[i].Person = a.ID
	}
	c.Add("language", before.Language, a.Language)
	return c
}

func accountSubject(id int64) string { return fmt.Sprintf("account %d", id) }

// settle puts the account into the form it is kept in, and says what is wrong.
func (a *Account) settle() models.Invalid {
	wrong := models.Invalid{}
	a.Mail, a.Name = strings.TrimSpace(a.Mail), strings.Join(strings.Fields(a.Name), " ")
	if !IsMail(a.Mail) {
		wrong["mail"] = "account.mail_unclear"
	}
	if key := nameProblem(a.Name); key != "" {
		wrong["name"] = key
	}
	if len(a.Language) < 2 {
		wrong["language"] = "account.language_missing"
	}
	return wrong
}

// AcceptableName says what is wrong with what a person is to be called, as
// [models.Invalid] under "name", or nil.
func AcceptableName(name string) error {
	if key := nameProblem(strings.Join(strings.Fields(name), " ")); key != "" {
		return models.Invalid{"name": key}
	}
	return nil
}

func nameProblem(name string) string {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "account.name_missing"
	case n > longestName || strings.ContainsFunc(name, unicode.IsControl):
		return "account.name_unclear"
	}
	return ""
}

// IsMail reports whether the text is like the address of a mailbox. Whether there is
// one, only a letter tells.
func IsMail(mail string) bool {
	name, domain, ok := strings.Cut(mail, "@")
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`"(),:;<>[\]@`, r)
	}
	return ok && name != "" && len(mail) <= longestMail && IsDomain(domain) && !strings.ContainsFunc(name, odd)
}

// IsDomain reports whether the text is like the name of a mail domain, in any case.
func IsDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		odd := func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }
		if l == "" || l[0] == '-' || l[len(l)-1] == '-' || strings.ContainsFunc(l, odd) {
			return false
		}
	}
	return true
}

// ChangeProfile sets what a person is called and the language of their letters. It
// is for the person and for administrators. Invented people stay as they are, because
// many become them.
func ChangeProfile(ctx context.Context, tx *db.Tx, id int64, name, language string) error {
	if tx.Actor.AccountID != id && !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("change account %d: %w", id, models.ErrForbidden)
	}
	a, err := FindAccount(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.Invented {
		return models.Invalid{"name": "account.invented"}
	}
	before := a
	a.Name, a.Language = name, language
	if err := a.settle().Or(); err != nil {
		return err
	}
	const q = `UPDATE accounts SET name = ?, language = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, a.Name, a.Language, id); err != nil {
		return fmt.Errorf("change account %d: %w", id, err)
	}
	return audit.Record(ctx, tx, accountChanged, accountSubject(id), a.changes(before)...)
}

// Lock keeps a person out until [Unlock], and ends all their sessions. Only
// administrators lock, and neither themselves nor the last of them: that fails with
// [models.ErrConflict].
func Lock(ctx context.Context, tx *db.Tx, id int64) error { return lock(ctx, tx, id) }

// LockFor is [Lock] with the reason, which is kept in the log. It fails with
// [models.Invalid] when there is none.
func LockFor(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	why, err := because(id, reason)
	if err != nil {
		return err
	}
	return lock(ctx, tx, id, why)
}

func lock(ctx context.Context, tx *db.Tx, id int64, why ...audit.Change) error {
	if tx.Actor.AccountID == id {
		return fmt.Errorf("lock account %d: one's own: %w", id, models.ErrConflict)
	}
	if err := notTheLast(ctx, tx, `a.id = ?`, id); err != nil {
		return fmt.Errorf("lock account %d: %w", id, err)
	}
	return setState(ctx, tx, id, Active, Locked, accountLocked, why...)
}

// Unlock lets a person in again. It fails with [models.ErrConflict] when the account
// is not locked. Only administrators unlock.
func Unlock(ctx context.Context, tx *db.Tx, id int64) error {
	return setState(ctx, tx, id, Locked, Active, accountUnlocked)
}

// UnlockFor is [Unlock] with the reason; see [LockFor].
func UnlockFor(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	why, err := because(id, reason)
	if err != nil {
		return err
	}
	return setState(ctx, tx, id, Locked, Active, accountUnlocked, why)
}

const longestReason = 500 // characters

// because is a reason as the log keeps it: apart from the chain, because it is about a
// person.
func because(account int64, reason string) (audit.Change, error) {
	reason = strings.TrimSpace(reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return audit.Change{}, models.Invalid{"reason": "account.reason_missing"}
	case n > longestReason:
		return audit.Change{}, models.Invalid{"reason": "account.reason_long"}
	}
	return audit.Change{Field: "reason", New: reason, Person: account}, nil
}

func setState(ctx context.Context, tx *db.Tx, id int64, from, to State, action audit.Action, why ...audit.Change) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("%s account %d: %w", to, id, models.ErrForbidden)
	}
	if _, err := FindAccount(ctx, tx, id); err != nil {
		return err
	}
	const q = `UPDATE accounts SET state = ?, generation = generation + 1 WHERE id = ? AND state = ?`
	n, err := tx.Exec(ctx, q, to, id, from)
	if err != nil {
		return fmt.Errorf("%s account %d: %w", to, id, err)
	}
	if n == 0 {
		return fmt.Errorf("%s account %d: it is not %s: %w", to, id, from, models.ErrConflict)
	}
	return audit.Record(ctx, tx, action, accountSubject(id), why...)
}

// EndSessions ends all sessions of a person and makes the links void that were sent
// to them. It is for the person and for administrators.
func EndSessions(ctx context.Context, tx *db.Tx, id int64) error {
	if tx.Actor.AccountID != id && !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("end the sessions of account %d: %w", id, models.ErrForbidden)
	}
	const q = `UPDATE accounts SET generation = generation + 1 WHERE id = ?`
	if _, err := tx.Exec(ctx, q, id); err != nil {
		return fmt.Errorf("end the sessions of account %d: %w", id, err)
	}
	return audit.Record(ctx, tx, sessionsEnded, accountSubject(id))
}
