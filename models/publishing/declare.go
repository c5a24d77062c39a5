package publishing

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// DeclarationMonths is for how many months a declaration holds after it is signed.
const DeclarationMonths = 12

const (
	declarationSigned   audit.Action = "declaration.signed"
	declarationAccepted audit.Action = "declaration.accepted"
	declarationRefused  audit.Action = "declaration.refused"
)

// Declared is what a vendor answers to one question, as it was typed.
type Declared struct {
	Value  string `db:"value"`  // an option's id; "" when none is chosen
	Words  string `db:"words"`  // the answer in words, or the explanation
	Reused bool   `db:"reused"` // it is of last year, and nobody has confirmed it yet
}

// SectionSaved tells who saved a section last.
type SectionSaved struct {
	Revision int64       `db:"revision"` // counts the times
	By       int64       `db:"saver"`    // account; 0: nobody any more
	At       models.Time `db:"saved_at"`
}

// Declaration is what a vendor declares about itself.
type Declaration struct {
	ID         int64       `db:"id"` // 0: nothing was saved yet
	Vendor     int64       `db:"vendor_id"`
	State      string      `db:"state"` // "draft", "signed", or "replaced" by a later one
	BegunAt    models.Time `db:"begun_at"`
	Verdict    Verdict     `db:"verdict"` // of the rules; "" before it is signed
	SignedBy   int64       `db:"signer"`  // account
	SignedAs   string      `db:"signed_as"`
	SignedAt   models.Time `db:"signed_at"`
	ValidUntil models.Date `db:"valid_until"` // the last day
	Decision   string      `db:"decision"`    // of a moderator: "accepted", "refused" or "" for none
	DecidedBy  int64       `db:"decider"`     // account
	DecidedAt  models.Time `db:"decided_at"`
	Message    string      `db:"message"` // why it was decided so

	Answers map[string]Declared     // by question
	Saved   map[string]SectionSaved // by section
}

// DeclarationSubject is how the log of changes names a declaration.
func DeclarationSubject(id int64) string { return fmt.Sprintf("declaration %d", id) }

const declarationSelect = ` SELECT id, vendor_id, state, begun_at, verdict, COALESCE(signed_by, 0) AS signer, signed_as, signed_at, valid_until,
	decision, COALESCE(decided_by, 0) AS decider, decided_at, message FROM declarations `

// Standing says how a vendor stands with its declaration on a day.
type Standing string

// The standings.
const (
	DeclaredNothing Standing = "missing"  // there is none
	DeclaredExpired Standing = "expired"  // it holds no longer
	DeclaredPassed  Standing = "passed"   // by the rules
	DeclaredLook    Standing = "look"     // a moderator is to look at it
	DeclaredLooked  Standing = "accepted" // a moderator has looked at it
	DeclaredFailed  Standing = "failed"   // by the rules, or a moderator
)

// Good reports whether there is nothing to warn buyers of.
func (s Standing) Good() bool { return s == DeclaredPassed || s == DeclaredLooked }

// Standing says how the declaration stands on a day.
func (d *Declaration) Standing(today models.Date) Standing {
	switch {
	case d.State != "signed":
		return DeclaredNothing
	case d.ValidUntil.Before(today):
		return DeclaredExpired
	case d.Verdict == Fail || d.Decision == "refused":
		return DeclaredFailed
	case d.Decision == "accepted":
		return DeclaredLooked
	case d.Verdict == Look:
		return DeclaredLook
	}
	return DeclaredPassed
}

// DeclarationState says how a vendor stands with its declaration on a day.
func DeclarationState(ctx context.Context, r db.Reader, vendor int64, today models.Date) (Standing, error) {
	d, err := CurrentDeclaration(ctx, r, vendor)
	if errors.Is(err, models.ErrNotFound) {
		return DeclaredNothing, nil
	}
	return d.Standing(today), err
}

// CurrentDeclaration returns the declaration that a vendor signed last, with its
// answers, or [models.ErrNotFound]. Anybody may know of it; explanations are for those
// who decide and the vendor's own people.
func CurrentDeclaration(ctx context.Context, r db.Reader, vendor int64) (Declaration, error) {
	const q = `/* publishing.CurrentDeclaration */` + declarationSelect + `WHERE vendor_id = ? AND state = 'signed'`
	return oneDeclaration(ctx, r, q, vendor)
}

// FindDeclaration returns a signed declaration to those who decide, or
// [models.ErrNotFound].
func FindDeclaration(ctx context.Context, r db.Reader, a models.Actor, id int64) (Declaration, error) {
	if !Decides(a) {
		return Declaration{}, fmt.Errorf("declaration %d: %w", id, models.ErrNotFound)
	}
	return oneDeclaration(ctx, r, `/* publishing.FindDeclaration */`+declarationSelect+`WHERE id = ? AND state <> 'draft'`, id)
}

// OwnDeclaration returns what the vendor of the actor is writing; its ID is 0 when
// nothing was saved yet. It fails with [models.ErrForbidden] for who acts for none.
func OwnDeclaration(ctx context.Context, r db.Reader, a models.Actor) (Declaration, error) {
	if !speaks(a) {
		return Declaration{}, models.ErrForbidden
	}
	const q = `/* publishing.OwnDeclaration */` + declarationSelect + `WHERE vendor_id = ? AND state = 'draft'`
	d, err := oneDeclaration(ctx, r, q, a.OrgID)
	if errors.Is(err, models.ErrNotFound) {
		return Declaration{Vendor: a.OrgID, State: "draft", Answers: map[string]Declared{}, Saved: map[string]SectionSaved{}}, nil
	}
	return d, err
}

func oneDeclaration(ctx context.Context, r db.Reader, q string, id int64) (d Declaration, err error) {
	if err := r.Get(ctx, &d, q, id); err != nil {
		return Declaration{}, fmt.Errorf("declaration: %w", err)
	}
	d.Answers, d.Saved = map[string]Declared{}, map[string]SectionSaved{}
	var answers []struct {
		Question string `db:"question"`
		Declared
	}
	const given = `/* publishing.declaration */ SELECT question, value, words, reused FROM declaration_answers WHERE declaration_id = ?`
	if err := r.Select(ctx, &answers, given, d.ID); err != nil {
		return Declaration{}, fmt.Errorf("answers of declaration %d: %w", d.ID, err)
	}
	for _, a := range answers {
		d.Answers[a.Question] = a.Declared
	}
	var sections []struct {
		Section string `db:"section"`
		SectionSaved
	}
	const saved = `/* publishing.declaration */ SELECT section, revision, COALESCE(saved_by, 0) AS saver, saved_at FROM declaration_sections WHERE declaration_id = ?`
	if err := r.Select(ctx, &sections, saved, d.ID); err != nil {
		return Declaration{}, fmt.Errorf("sections of declaration %d: %w", d.ID, err)
	}
	for _, s := range sections {
		d.Saved[s.Section] = s.SectionSaved
	}
	return d, nil
}

// Typed is what was typed into the fields of one question.
type Typed struct {
	Value, Words string
	Confirmed    bool // last year's answer still holds
}

// SaveDeclaration keeps what was typed in a section, complete or not, and returns what
// is still to be done, by the field of its form. seen is the revision that the writer
// saw. It fails with [models.ErrConflict] when somebody saved the section since, with
// [models.ErrNotFound] when there is no such section, and with [models.Invalid] when a
// text is too long to be kept.
func SaveDeclaration(ctx context.Context, tx *db.Tx, q *Questionnaire, section string, seen int64, typed map[string]Typed) (models.Invalid, error) {
	d, err := openSection(ctx, tx, q, section, seen)
	if err != nil {
		return nil, err
	}
	for _, one := range q.Questions {
		t, ok := typed[one.ID]
		if !ok || one.Section != section {
			continue
		}
		before := d.Answers[one.ID]
		a := Declared{Value: t.Value, Words: strings.TrimSpace(t.Words)}
		a.Reused = before.Reused && !t.Confirmed && a.Value == before.Value && a.Words == before.Words
		if utf8.RuneCountInString(a.Words) > 2*LongestExplanation {
			return models.Invalid{}, models.Invalid{FieldWords + one.ID: "declaration.words_long"}
		}
		if _, known := one.Option(a.Value); !known {
			a.Value = ""
		}
		if err := putAnswer(ctx, tx, d.ID, one.ID, a); err != nil {
			return nil, err
		}
		d.Answers[one.ID] = a
	}
	return q.problems(section, d.Answers), nil
}

// ReuseDeclaration copies the answers to a section from the declaration that was signed
// last; each of them has to be confirmed. It fails like [SaveDeclaration], and with
// [models.ErrNotFound] when none was signed.
func ReuseDeclaration(ctx context.Context, tx *db.Tx, q *Questionnaire, section string, seen int64) error {
	d, err := openSection(ctx, tx, q, section, seen)
	if err != nil {
		return err
	}
	last, err := CurrentDeclaration(ctx, tx, d.Vendor)
	if err != nil {
		return err
	}
	for _, one := range q.Questions {
		a, ok := last.Answers[one.ID]
		if !ok || one.Section != section {
			continue
		}
		a.Reused = true
		if err := putAnswer(ctx, tx, d.ID, one.ID, a); err != nil {
			return err
		}
	}
	return nil
}

func putAnswer(ctx context.Context, tx *db.Tx, declaration int64, question string, a Declared) error {
	const q = `
		INSERT INTO declaration_answers (declaration_id, question, value, words, reused) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (declaration_id, question) DO UPDATE SET value = excluded.value, words = excluded.words, reused = excluded.reused`
	if _, err := tx.Exec(ctx, q, declaration, question, a.Value, a.Words, db.Flag(a.Reused)); err != nil {
		return fmt.Errorf("declaration %d: %s: %w", declaration, question, err)
	}
	return nil
}

// openSection returns the declaration that the actor's vendor is writing, begun if need
// be, with a further revision of the section.
func openSection(ctx context.Context, tx *db.Tx, q *Questionnaire, section string, seen int64) (Declaration, error) {
	if _, ok := q.Section(section); !ok {
		return Declaration{}, fmt.Errorf("declaration section %q: %w", section, models.ErrNotFound)
	}
	if !speaks(tx.Actor) {
		return Declaration{}, fmt.Errorf("declare for a vendor: %w", models.ErrForbidden)
	}
	const begin = `INSERT INTO declarations (vendor_id, state, begun_at) VALUES (?, 'draft', ?) ON CONFLICT (vendor_id) WHERE state = 'draft' DO NOTHING`
	if _, err := tx.Exec(ctx, begin, tx.Actor.OrgID, tx.Now); err != nil {
		return Declaration{}, fmt.Errorf("begin a declaration: %w", err)
	}
	d, err := OwnDeclaration(ctx, tx, tx.Actor)
	if err != nil {
		return Declaration{}, err
	}
	const move = `
		INSERT INTO declaration_sections (declaration_id, section, revision, saved_by, saved_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (declaration_id, section) DO UPDATE SET revision = excluded.revision, saved_by = excluded.saved_by, saved_at = excluded.saved_at
			WHERE declaration_sections.revision = ?`
	n, err := tx.Exec(ctx, move, d.ID, section, seen+1, db.NullID(tx.Actor.AccountID), tx.Now, seen)
	if err == nil && (n == 0 || seen != d.Saved[section].Revision) {
		err = models.ErrConflict
	}
	if err != nil {
		return Declaration{}, fmt.Errorf("declaration %d: section %s: %w", d.ID, section, err)
	}
	return d, nil
}

// Signature is what somebody signs a declaration with.
type Signature struct {
	As     string // the office in the company: "member of the management board"
	Agreed bool   // that all of it is true
}

const longestOffice = 200

// SignDeclaration signs what the vendor of the actor has written; it takes the place of
// the one before and holds for [DeclarationMonths]. Those who decide are told when they
// have to look at it. Only managers of vendors sign. It fails with [models.Invalid]
// under "as", "agreed" or "sections".
func SignDeclaration(ctx context.Context, tx *db.Tx, q *Questionnaire, s Signature) (Declaration, error) {
	if !tx.Actor.Is(models.VendorManager) || tx.Actor.OrgID == 0 {
		return Declaration{}, fmt.Errorf("sign a declaration: %w", models.ErrForbidden)
	}
	d, err := OwnDeclaration(ctx, tx, tx.Actor)
	if err != nil {
		return d, err
	}
	if err := d.mayBeSigned(q, &s); err != nil {
		return d, err
	}
	_, d.Verdict = q.Judge(d.Answers)
	d.State, d.SignedBy, d.SignedAs, d.SignedAt = "signed", tx.Actor.AccountID, s.As, tx.Now
	d.ValidUntil = catalogue.DayBefore(models.DateOf(tx.Now.Time).AddMonths(DeclarationMonths))
	if _, err := tx.Exec(ctx, `UPDATE declarations SET state = 'replaced' WHERE vendor_id = ? AND state = 'signed'`, d.Vendor); err != nil {
		return d, fmt.Errorf("replace a declaration: %w", err)
	}
	const sign = `
		UPDATE declarations SET state = 'signed', verdict = ?, signed_by = ?, signed_as = ?, signed_at = ?, valid_until = ?
		WHERE id = ? AND state = 'draft'`
	n, err := tx.Exec(ctx, sign, d.Verdict, db.NullID(d.SignedBy), d.SignedAs, d.SignedAt, d.ValidUntil, d.ID)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err == nil {
		err = declarationChanged(ctx, tx, d, declarationSigned)
	}
	if err != nil || d.Verdict != Look {
		return d, err
	}
	to, err := deciders(ctx, tx)
	if err != nil {
		return d, err
	}
	return d, tellDeclaration(ctx, tx, d, to, work.DeclarationReceived, declarationQueue+"/"+strconv.FormatInt(d.ID, 10))
}

const declarationQueue = "/admin/moderation/declarations"

// mayBeSigned says what is missing before the declaration can be signed.
func (d *Declaration) mayBeSigned(q *Questionnaire, s *Signature) error {
	wrong := models.Invalid{}
	for _, section := range q.Sections {
		if !q.Done(section.ID, d.Answers) {
			wrong["sections"] = "declaration.unfinished"
		}
	}
	s.As = strings.Join(strings.Fields(s.As), " ")
	if n := utf8.RuneCountInString(s.As); n == 0 || n > longestOffice {
		wrong["as"] = "declaration.office_missing"
	}
	if !s.Agreed {
		wrong["agreed"] = "declaration.not_agreed"
	}
	return wrong.Or()
}

// declarationChanged records what became of a declaration, and lets the pages of the
// vendor's services show it.
func declarationChanged(ctx context.Context, tx *db.Tx, d Declaration, action audit.Action) error {
	if err := identity.Moved(ctx, tx); err != nil {
		return err
	}
	o, err := identity.Find(ctx, tx, d.Vendor)
	if err != nil {
		return err
	}
	var c audit.Changes
	c.Add("vendor", "", o.Key.String())
	c.Add("verdict", "", string(d.Verdict))
	c.Add("valid_until", "", d.ValidUntil.String())
	return audit.Record(ctx, tx, action, DeclarationSubject(d.ID), c...)
}

func tellDeclaration(ctx context.Context, tx *db.Tx, d Declaration, to []person, kind work.Kind, path string) error {
	o, err := identity.Find(ctx, tx, d.Vendor)
	if err != nil {
		return err
	}
	return tell(ctx, tx, to, kind, path, o.Names)
}
