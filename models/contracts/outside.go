package contracts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// UndoDays is how many days an import of contracts can be undone.
const UndoDays = 30

// MaxLines is how many contracts a file may have.
const MaxLines = 2000

// Outside is a line of a file of contracts.
type Outside struct {
	Line       int   // in the file
	OfferingID int64 // 0 for what is not in the catalogue
	Service    string
	Vendor     string
	Reference  string // number of the contract
	Plan       string
	Unit       string
	Quantity   string
	Year       int64 // euro cents without VAT
	Starts     models.Date
	Ends       models.Date
	Renewal    Renewal
	NoticeDays int
	Budget     string // "2026 5525": the year and the code of a line
	Words      string
	Wrong      models.Invalid // what could not be read
}

// LineFault is what is wrong with a line of a file.
type LineFault struct {
	Line  int
	Field string
	Key   string // message
}

// Imported says what became of a file.
type Imported struct {
	ID      int64       `db:"id"`
	Hash    string      `db:"hash"` // SHA-256, hexadecimal
	Lines   int         `db:"lines"`
	Added   int         `db:"added"`
	Known   int         `db:"known"`   // that were there already
	Refused int         `db:"refused"` // that have something wrong
	Account int64       `db:"account_id"`
	At      models.Time `db:"created_at"`
	Undone  models.Time `db:"undone_at"`
	Faults  []LineFault `db:"-"`
	Year    int64       `db:"-"` // what is added costs a year, in euro cents

	New []*Subscription `db:"-"` // that are added
}

// Undoable reports whether an import can be undone at a time.
func (i *Imported) Undoable(now time.Time) bool {
	return i.Undone.IsZero() && now.Before(i.At.AddDate(0, 0, UndoDays))
}

const (
	contractsImported audit.Action = "contracts.imported"
	contractsUndone   audit.Action = "contracts.undone"
	brought           audit.Action = "subscription.brought"
)

const importColumns = `i.id, i.hash, i.lines, i.added, i.known, i.refused, i.account_id, i.created_at, i.undone_at FROM contract_imports i WHERE i.organisation_id = ?`

// Imports returns what was imported for the actor's organisation, the newest first.
func Imports(ctx context.Context, r db.Reader, a models.Actor) ([]Imported, error) {
	if !Reads(a) {
		return nil, fmt.Errorf("imports of contracts: %w", models.ErrForbidden)
	}
	var all []Imported
	if err := r.Select(ctx, &all, `/* contracts.Imports */ SELECT `+importColumns+` ORDER BY i.id DESC`, a.OrgID); err != nil {
		return nil, fmt.Errorf("imports of contracts: %w", err)
	}
	return all, nil
}

// Import takes contracts over that run already. once tells the form apart: sent again,
// it finds the import that it made. A line that says what is there already, and one that
// has something wrong, is left out and counted. Where the line names a budget the yearly
// price is reserved on it.
func Import(ctx context.Context, tx *db.Tx, once string, i *Imported, lines []Outside) error {
	if !Manages(tx.Actor) || tx.Actor.OrgID == 0 || once == "" {
		return fmt.Errorf("import contracts: %w", models.ErrForbidden)
	}
	if len(lines) > MaxLines {
		return models.Invalid{"file": "contracts.too_many"}
	}
	var made []Imported
	if err := tx.Select(ctx, &made, `/* contracts.Import */ SELECT `+importColumns+` AND i.once = ?`, tx.Actor.OrgID, once); err != nil || len(made) > 0 {
		if err == nil {
			*i = made[0]
		}
		return err
	}
	i.Lines = len(lines)
	before, err := All(ctx, tx, tx.Actor)
	if err != nil {
		return err
	}
	budgets, err := Budgets(ctx, tx, tx.Actor.OrgID)
	if err != nil {
		return err
	}
	for k := range lines {
		s, fault, err := lines[k].subscription(ctx, tx, budgets)
		switch {
		case err != nil:
			return err
		case fault.Key != "":
			i.Faults = append(i.Faults, fault)
			i.Refused++
		case slices.ContainsFunc(before, s.same) || slices.ContainsFunc(i.New, func(b *Subscription) bool { return s.same(*b) }):
			i.Known++
		default:
			i.New = append(i.New, s)
			i.Added++
			i.Year += s.Year
		}
	}
	return i.write(ctx, tx, once)
}

// same reports whether two subscriptions are the same contract: by its number and
// service, or, without a number, by the service, its vendor, begin and price.
func (s *Subscription) same(t Subscription) bool {
	if s.OfferingID != t.OfferingID || s.Service != t.Service || s.Reference != t.Reference {
		return false
	}
	return s.Reference != "" || s.Vendor == t.Vendor && s.Starts == t.Starts && s.Year == t.Year
}

// subscription makes a subscription of a line, or says what is wrong with it.
func (o *Outside) subscription(ctx context.Context, tx *db.Tx, budgets []Budget) (*Subscription, LineFault, error) {
	s := &Subscription{OrgID: tx.Actor.OrgID, OfferingID: o.OfferingID, Plan: o.Plan, Unit: o.Unit, Quantity: o.Quantity, Starts: o.Starts, Renewal: o.Renewal, NoticeDays: o.NoticeDays, Year: o.Year,
		Words: o.Words, Requester: tx.Actor.AccountID, Ends: o.Ends, Reference: o.Reference, State: Active, Round: 1}
	if o.OfferingID == 0 {
		s.Service, s.Vendor = o.Service, o.Vendor
	}
	today := models.DateOf(tx.Now.Time)
	wrong := o.check(today)
	if o.OfferingID != 0 && len(wrong) == 0 {
		found, err := catalogue.Find(ctx, tx, o.OfferingID)
		switch {
		case errors.Is(err, models.ErrNotFound), err == nil && found.Published == 0:
			wrong["service"] = "contracts.service_unknown"
		case err != nil:
			return nil, LineFault{}, err
		}
		s.Version = found.Published
	}
	if o.Budget != "" {
		i := slices.IndexFunc(budgets, func(b Budget) bool { return o.Budget == fmt.Sprintf("%d %s", b.Year, b.Code) })
		switch {
		case i < 0:
			wrong["budget"] = "contracts.budget_unknown"
		case budgets[i].Left() < o.Year && len(wrong) == 0:
			wrong["budget"] = "request.no_money"
		case len(wrong) == 0:
			s.BudgetID, s.Held = budgets[i].ID, o.Year
			budgets[i].Reserved += o.Year
		}
	}
	if len(wrong) > 0 {
		field := wrong.Fields()[0]
		return nil, LineFault{Line: o.Line, Field: field, Key: wrong[field]}, nil
	}
	s.settle(today)
	return s, LineFault{}, nil
}

// check says what is wrong with a line by itself.
func (o *Outside) check(today models.Date) models.Invalid {
	wrong := models.Invalid{}
	for field, key := range o.Wrong {
		wrong[field] = key
	}
	set := func(field string, bad bool, key string) {
		if bad && wrong[field] == "" {
			wrong[field] = key
		}
	}
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	set("service", o.Service == "" && o.OfferingID == 0, "contracts.service_missing")
	set("service", long(o.Service, 200), "contracts.long")
	set("vendor", o.Vendor == "" && o.OfferingID == 0, "contracts.vendor_missing")
	set("vendor", long(o.Vendor, 200), "contracts.long")
	set("reference", long(o.Reference, 100), "contracts.long")
	set("plan", long(o.Plan, 200), "contracts.long")
	set("unit", long(o.Unit, 60) || (o.Unit == "") != (o.Quantity == ""), "contracts.unit_wrong")
	set("words", long(o.Words, MaxWords), "project.reason_long")
	set("year", o.Year < 0 || o.Year > MaxCents, "project.value_wrong")
	set("starts", o.Starts.IsZero(), "contracts.day_missing")
	set("ends", o.Ends.IsZero(), "contracts.day_missing")
	set("ends", o.Ends.Before(o.Starts), "contracts.ends_before")
	set("ends", !o.Starts.IsZero() && o.Starts.AddMonths(120).AddDays(-1).Before(o.Ends), "contracts.too_long")
	set("ends", o.Ends.Before(today) && o.Renewal != Tacit, "contracts.over")
	set("renewal", !slices.Contains(Renewals(), o.Renewal), "request.renewal_missing")
	set("notice_days", o.NoticeDays < 0 || o.NoticeDays > 730, "request.notice_wrong")
	return wrong
}

// settle sets how long a term is, and where the contract stands today. What goes on
// tacitly has gone on by as many terms as are over.
func (s *Subscription) settle(today models.Date) {
	for s.Months = 1; s.Starts.AddMonths(s.Months).AddDays(-1).Before(s.Ends); s.Months++ {
	}
	for s.Ends.Before(today) {
		s.Ends = s.Ends.AddDays(1).AddMonths(s.Months).AddDays(-1)
	}
	s.NoticeBy = s.noticeFor()
	if s.FirstUse = s.Starts; today.Before(s.Starts) {
		s.State, s.FirstUse = Accepted, models.Date{}
	}
}

// write keeps an import with what it adds.
func (i *Imported) write(ctx context.Context, tx *db.Tx, once string) error {
	const q = `INSERT INTO contract_imports (organisation_id, once, hash, lines, added, known, refused, account_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &i.ID, q, tx.Actor.OrgID, once, i.Hash, i.Lines, i.Added, i.Known, i.Refused, tx.Actor.AccountID, tx.Now); err != nil {
		return fmt.Errorf("import contracts: %w", err)
	}
	for n, s := range i.New {
		if s.Held > 0 {
			if err := reserve(ctx, tx, s.BudgetID, s.Held); err != nil {
				return err
			}
		}
		s.ImportID = i.ID
		if err := s.writeImported(ctx, tx, fmt.Sprintf("import-%d-%d", i.ID, n)); err != nil {
			return err
		}
	}
	var c audit.Changes
	c.Add("hash", "", i.Hash)
	c.Add("added", "", fmt.Sprint(i.Added))
	c.Add("known", "", fmt.Sprint(i.Known))
	c.Add("refused", "", fmt.Sprint(i.Refused))
	return audit.Record(ctx, tx, contractsImported, importOf(i.ID), c...)
}

func importOf(id int64) string { return fmt.Sprintf("contract import %d", id) }

func (s *Subscription) writeImported(ctx context.Context, tx *db.Tx, once string) error {
	const q = `INSERT INTO subscriptions (organisation_id, once, offering_id, version, plan, unit, quantity, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, held,
		words, needs, state, requester_id, requested_at, first_use, ends, notice_by, import_id, service, vendor, reference) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	err := tx.Get(ctx, &s.ID, q, s.OrgID, once, db.NullID(s.OfferingID), db.NullID(int64(s.Version)), s.Plan, s.Unit, s.Quantity, s.Months, s.Starts, s.Renewal, s.NoticeDays, s.Year, db.NullID(s.BudgetID), s.Held,
		strings.TrimSpace(s.Words), s.State, s.Requester, tx.Now, s.FirstUse, s.Ends, s.NoticeBy, s.ImportID, s.Service, s.Vendor, s.Reference)
	if err != nil {
		return fmt.Errorf("import contract: %w", err)
	}
	return audit.Record(ctx, tx, brought, subject(s.ID), s.facts()...)
}

// Undo takes an import back within [UndoDays]: its contracts go with whatever was noted
// of them since, and what was reserved for them is free again.
func Undo(ctx context.Context, tx *db.Tx, id int64) (gone int, err error) {
	if !Manages(tx.Actor) || tx.Actor.OrgID == 0 {
		return 0, fmt.Errorf("undo import %d: %w", id, models.ErrForbidden)
	}
	var i Imported
	if err := tx.Get(ctx, &i, `/* contracts.Undo */ SELECT `+importColumns+` AND i.id = ?`, tx.Actor.OrgID, id); err != nil {
		return 0, fmt.Errorf("import %d: %w", id, err)
	}
	n, err := tx.Exec(ctx, `UPDATE contract_imports SET undone_at = ?, undone_by = ? WHERE id = ? AND undone_at IS NULL AND organisation_id = ?`, tx.Now, tx.Actor.AccountID, id, tx.Actor.OrgID)
	switch {
	case err != nil:
		return 0, fmt.Errorf("undo import %d: %w", id, err)
	case n == 0 || !i.Undoable(tx.Now.Time):
		return 0, fmt.Errorf("undo import %d: it is undone, or too old: %w", id, models.ErrConflict)
	}
	all, err := list(ctx, tx, `/* contracts.Undo */ SELECT `+columns+` WHERE s.organisation_id = ? AND s.import_id = ?`, tx.Actor.OrgID, id)
	if err != nil {
		return 0, err
	}
	for k := range all {
		s := &all[k]
		if err := s.dropChanges(ctx, tx); err != nil {
			return 0, err
		}
		if err := release(ctx, tx, s.BudgetID, s.Held); err != nil {
			return 0, err
		}
		if err := audit.Record(ctx, tx, removed, subject(s.ID)); err != nil {
			return 0, err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM subscriptions WHERE import_id = ? AND organisation_id = ?`, id, tx.Actor.OrgID); err != nil {
		return 0, fmt.Errorf("undo import %d: %w", id, err)
	}
	return len(all), audit.Record(ctx, tx, contractsUndone, importOf(id), audit.Change{Field: "removed", New: fmt.Sprint(len(all))})
}
