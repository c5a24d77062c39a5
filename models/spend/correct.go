package spend

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Way is what is wrong with a charge.
type Way string

// The ways in which a charge is wrong.
const (
	NotHere     Way = "removal" // it should not be here
	OtherAmount Way = "amount"  // it should be of another amount
	OtherWords  Way = "details" // it is of somebody or something else
)

// Ways are all of them.
func Ways() []Way { return []Way{NotHere, OtherAmount, OtherWords} }

// Correction says what is wrong with a charge, and what is right.
type Correction struct {
	Charge    int64
	Way       Way
	Amount    models.Exact // of [OtherAmount]: what is right, in the currency of the charge
	Effective Amount       // of [OtherAmount]: the same where the charge says what it is worth
	Vendor    string       // of [OtherWords], like all to To: as files call it
	Buyer     string
	Category  string // a name that is new in the books is the slug of a category
	Contract  string
	From      models.Date
	To        models.Date // the first day after the service
	Month     string      // in which it counts: the charge's, or that of today
	Reason    string
	Seen      string // [Standing.Seen] of the charge when it was said
}

// Plan is what a correction would book.
type Plan struct {
	Standing
	After models.Exact // what the charge comes to then
	Rows  []Charge
	Moved bool // the last of the rows books it anew
}

// What a correction cannot do. Each is a kind of [models.ErrConflict].
var (
	ErrNotCounting = fmt.Errorf("the charge does not count: %w", models.ErrConflict)
	ErrTakenBack   = fmt.Errorf("nothing is left of the charge: %w", models.ErrConflict)
	ErrOtherwise   = fmt.Errorf("somebody corrected the charge meanwhile: %w", models.ErrConflict)
)

// PlanCorrection says what a correction would book, on a day, and books nothing. It fails
// with [ErrNotCounting], [ErrTakenBack], [ErrOtherwise], and with [models.Invalid] where
// what was said is wrong.
func PlanCorrection(ctx context.Context, r db.Reader, a models.Actor, in Correction, today models.Date) (*Plan, error) {
	in.tidy()
	s, err := FindStanding(ctx, r, a, in.Charge)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Batch.State != Accepted:
		return nil, ErrNotCounting
	case s.Gone() && in.Way != OtherAmount:
		return nil, ErrTakenBack
	case in.Seen != s.Seen():
		return nil, ErrOtherwise
	}
	if err := in.check(s, today); err != nil {
		return nil, err
	}
	p := &Plan{Standing: *s, After: s.Billed}
	day := models.Date{}
	if in.Month != s.Charge.Month {
		day = today
	}
	like := s.template(in.Reason, day)
	switch in.Way {
	case NotHere:
		p.After, p.Rows = models.Exact{}, s.takeBack(like)
	case OtherAmount:
		p.After = in.Amount
		p.Rows, err = s.change(like, in)
	case OtherWords:
		p.Moved = true
		p.Rows = append(s.takeBack(like), s.anew(like, in))
	default:
		return nil, fmt.Errorf("way %q: %w", in.Way, models.ErrNotFound)
	}
	return p, err
}

// tidy makes texts such as the ledger keeps.
func (in *Correction) tidy() {
	in.Reason, in.Vendor, in.Buyer = clean(in.Reason, 2000), clean(in.Vendor, maxName), clean(in.Buyer, maxName)
	in.Category, in.Contract = clean(in.Category, maxName), clean(in.Contract, 300)
}

// check complains of what is wrong with what was said.
func (in *Correction) check(s *Standing, today models.Date) error {
	wrong, c := models.Invalid{}, s.Charge
	if in.Reason == "" {
		wrong["reason"] = "ledger.reason_missing"
	}
	if in.Month != c.Month && in.Month != monthOf(today) {
		wrong["month"] = "ledger.month_gone"
	}
	if in.Way == OtherAmount && in.Effective.Known != c.Effective.Known {
		wrong["effective"] = "ledger.effective_missing"
	}
	if in.Way == OtherAmount && in.Amount == s.Billed && in.Effective == s.Effective {
		wrong["amount"] = "ledger.same_amount"
	}
	if in.Way != OtherWords {
		return wrong.Or()
	}
	if in.From.IsZero() != in.To.IsZero() || !in.From.IsZero() && !in.From.Before(in.To) {
		wrong["to"] = "ledger.period_wrong"
	}
	if in.Vendor == c.Vendor && in.Buyer == c.Buyer && in.Category == c.Category && in.Contract == c.Contract && in.From.String() == c.From.String() && in.To.String() == c.To.String() {
		wrong["vendor"] = "ledger.same_words"
	}
	return wrong.Or()
}

// change is the row by which the charge comes to another amount.
func (s *Standing) change(like Charge, in Correction) ([]Charge, error) {
	like.Quantity, like.UnitPrice, like.List, like.Contracted = Amount{}, Amount{}, Amount{}, Amount{}
	var err error
	if like.Billed, err = in.Amount.Sub(s.Billed); err != nil {
		return nil, err
	}
	if like.Effective, err = in.Effective.plus(s.Effective.neg()); err != nil {
		return nil, err
	}
	like.Euros, err = inEuros(in.Amount, like.Rate).plus(s.Euros.neg())
	return []Charge{like}, err
}

// anew is the row that books what is left of the charge as it should be.
func (s *Standing) anew(like Charge, in Correction) Charge {
	like.Line, like.Billed, like.Effective, like.Euros = anewLine, s.Billed, s.Effective, s.Euros
	like.Vendor, like.Buyer, like.Category, like.Contract, like.From, like.To = in.Vendor, in.Buyer, in.Category, in.Contract, in.From, in.To
	return like
}

// Correct books a correction, which counts at once. categories are slugs of the
// catalogue's categories by names in lower case; see [Worker]. It fails as
// [PlanCorrection] does, and with [ErrSame] where the same was said before.
func Correct(ctx context.Context, tx *db.Tx, in Correction, categories map[string]string) (*Batch, error) {
	if err := keeps(tx.Actor); err != nil {
		return nil, err
	}
	in.tidy()
	h := byHand{format: ByCorrection, name: fmt.Sprintf("correction of %d", in.Charge), says: written(in)}
	if err := h.before(ctx, tx); err != nil {
		return nil, err
	}
	p, err := PlanCorrection(ctx, tx, tx.Actor, in, models.DateOf(tx.Now.Time))
	if err != nil {
		return nil, err
	}
	names := newNameBook(tx.Actor.OrgID, categories)
	for i := range p.Rows {
		row := piled{Row: Row{Line: p.Rows[i].Line, Charge: &p.Rows[i]}, buyer: p.buyer, vendor: p.vendor, category: p.category}
		if row.Line == anewLine {
			if err := names.settle(ctx, tx, &row); err != nil {
				return nil, err
			}
		}
		h.rows = append(h.rows, row)
	}
	b, err := h.book(ctx, tx)
	if err != nil {
		return nil, err
	}
	return b, audit.Record(ctx, tx, corrected, subject(b.ID), p.changes(in)...)
}

// settle finds out whose a row is.
func (n *nameBook) settle(ctx context.Context, tx *db.Tx, p *piled) (err error) {
	c := p.Charge
	if p.buyer, err = n.id(ctx, tx, BuyerName, c.Buyer, c.BuyerCode); err != nil {
		return err
	}
	if p.vendor, err = n.id(ctx, tx, VendorName, c.Vendor, c.VendorCode); err != nil {
		return err
	}
	p.category, err = n.id(ctx, tx, CategoryName, c.Category, "")
	return err
}

// changes are what the log says of a correction.
func (p *Plan) changes(in Correction) (all audit.Changes) {
	all.Add("ledger_charge", "", fmt.Sprint(in.Charge))
	all.Add("ledger_way", "", string(in.Way))
	all.Add("ledger_amount", p.Billed.String(), p.After.String())
	if p.Moved {
		c := p.Charge
		all.Add("ledger_vendor", c.Vendor, in.Vendor)
		all.Add("ledger_buyer", c.Buyer, in.Buyer)
		all.Add("ledger_category", c.Category, in.Category)
		all.Add("ledger_contract", c.Contract, in.Contract)
		all.Add("ledger_from", c.From.String(), in.From.String())
		all.Add("ledger_to", c.To.String(), in.To.String())
	}
	all.Add("month", p.Charge.Month, in.Month)
	all.Add("reason", "", in.Reason)
	return all
}

// Fresh are the names of a plan that are new in the actor's books.
func (p *Plan) Fresh(ctx context.Context, r db.Reader, a models.Actor) (all []string, err error) {
	if !p.Moved {
		return nil, nil
	}
	last := p.Rows[len(p.Rows)-1]
	for _, one := range []struct {
		kind NameKind
		name string
	}{{VendorName, last.Vendor}, {BuyerName, last.Buyer}} {
		known, err := HasName(ctx, r, a, one.kind, one.name)
		if err != nil {
			return nil, err
		}
		if !known && !slices.Contains(all, one.name) {
			all = append(all, one.name)
		}
	}
	return all, nil
}
