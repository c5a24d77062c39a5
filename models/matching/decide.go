package matching

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/spend"
)

// MaxWords is how long what somebody writes about a bill may be, in characters.
const MaxWords = 1000

const (
	billMatched audit.Action = "ledger.bill_matched"
	billOutside audit.Action = "ledger.bill_outside"
	billOpened  audit.Action = "ledger.bill_opened"
	billBudget  audit.Action = "ledger.bill_budget"
	billsAgain  audit.Action = "ledger.bills_again"
)

// Decides reports whether the actor may say what a bill is for: who keeps the books that
// it is in, or those of the body that pays.
func Decides(a models.Actor, b *Bill) bool {
	return spend.Keeps(a) && (b.OrgID == a.OrgID || b.BodyID == a.OrgID)
}

// Subject is how the log names a bill.
func (b *Bill) Subject() string { return fmt.Sprintf("bill %d", b.ID) }

// toDecide finds a bill that the actor may decide on, as it was seen.
func toDecide(ctx context.Context, tx *db.Tx, id, seen int64) (*Bill, error) {
	b, err := Find(ctx, tx, tx.Actor, id)
	switch {
	case err != nil:
		return nil, err
	case !Decides(tx.Actor, b):
		return nil, fmt.Errorf("bill %d: %w", id, models.ErrForbidden)
	case b.Revision != seen:
		return nil, fmt.Errorf("bill %d: somebody changed it meanwhile: %w", id, models.ErrConflict)
	case !b.Counts:
		return nil, fmt.Errorf("bill %d: its file was undone: %w", id, models.ErrConflict)
	}
	return b, nil
}

// keep writes what was decided.
func (b *Bill) keep(ctx context.Context, tx *db.Tx, sub int64, outside bool, how, words, differs string) error {
	const q = `UPDATE ledger_bills SET subscription_id = ?, outside = ?, how = ?, words = ?, differs = ?, account_id = ?, decided_at = ?, revision = revision + 1 WHERE id = ? AND revision = ?`
	n, err := tx.Exec(ctx, q, db.NullID(sub), db.Flag(outside), how, words, differs, db.NullID(tx.Actor.AccountID), tx.Now, b.ID, b.Revision)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("bill %d: %w", b.ID, err)
	}
	return nil
}

// Match says that a bill is for a subscription of the body that pays. seen is the
// revision that was looked at.
func Match(ctx context.Context, tx *db.Tx, flows Flows, id, seen, sub int64) error {
	b, err := toDecide(ctx, tx, id, seen)
	if err != nil {
		return err
	}
	all, err := agreements(ctx, tx, []int64{b.BodyID}, flows)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(a Agreement) bool { return a.ID == sub })
	if i < 0 {
		return models.Invalid{"subscription": "matching.subscription_missing"}
	}
	diffs, err := differences(ctx, tx, b, &all[i])
	if err != nil {
		return err
	}
	if err := b.keep(ctx, tx, sub, false, ByHand, "", written(diffs)); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("ledger_bill_for", b.forText(), all[i].Code())
	return audit.Record(ctx, tx, billMatched, b.Subject(), c...)
}

// forText is what a bill is for, as the log has it.
func (b *Bill) forText() string {
	switch b.State() {
	case Matched:
		return fmt.Sprintf("SUB-%d", b.SubID)
	case Outside:
		return string(Outside)
	}
	return ""
}

// SetOutside says that a bill is for nothing that was subscribed to here, and why.
func SetOutside(ctx context.Context, tx *db.Tx, id, seen int64, words string) error {
	b, err := toDecide(ctx, tx, id, seen)
	if err != nil {
		return err
	}
	words = strings.TrimSpace(words)
	if n := utf8.RuneCountInString(words); n == 0 || n > MaxWords {
		return models.Invalid{"reason": "matching.words_missing"}
	}
	if err := b.keep(ctx, tx, 0, true, "", words, ""); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("ledger_bill_for", b.forText(), string(Outside))
	c.Add("words", b.Words, words)
	return audit.Record(ctx, tx, billOutside, b.Subject(), c...)
}

// Reopen takes back what was said of a bill, by whomever.
func Reopen(ctx context.Context, tx *db.Tx, id, seen int64) error {
	b, err := toDecide(ctx, tx, id, seen)
	if err != nil {
		return err
	}
	if b.State() == Open {
		return nil
	}
	if err := b.keep(ctx, tx, 0, false, "", "", ""); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("ledger_bill_for", b.forText(), "")
	return audit.Record(ctx, tx, billOpened, b.Subject(), c...)
}

// SetBudget says on which line of the budget of its year a bill counts; "" leaves it to
// the subscription.
func SetBudget(ctx context.Context, tx *db.Tx, id, seen int64, code string) error {
	b, err := toDecide(ctx, tx, id, seen)
	if err != nil || b.Budget == code {
		return err
	}
	if code != "" {
		var n int
		const q = `/* matching.SetBudget */ SELECT COUNT(*) FROM budget_lines WHERE organisation_id = ? AND code = ?`
		if err := tx.Get(ctx, &n, q, b.BodyID, code); err != nil {
			return fmt.Errorf("bill %d: %w", b.ID, err)
		}
		if n == 0 {
			return models.Invalid{"budget": "matching.budget_missing"}
		}
	}
	n, err := tx.Exec(ctx, `UPDATE ledger_bills SET budget = ?, revision = revision + 1 WHERE id = ? AND revision = ?`, code, b.ID, b.Revision)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("bill %d: %w", b.ID, err)
	}
	var c audit.Changes
	c.Add("budget_line", b.Budget, code)
	return audit.Record(ctx, tx, billBudget, b.Subject(), c...)
}

// Lines are the charges of a bill in their order, up to 2,000 of them.
func (b *Bill) Lines(ctx context.Context, r db.Reader) ([]spend.Charge, error) {
	return b.charges(ctx, r)
}

// mostAgain is how many bills are tried again at once.
const mostAgain = 2000

// Again tries to match the open bills of the actor's books, after names or subscriptions
// have changed: those with the most money first, up to 2,000. It returns how many were
// tried and how many of them are matched now.
func Again(ctx context.Context, tx *db.Tx, flows Flows) (tried, matched int, err error) {
	if !spend.Keeps(tx.Actor) {
		return 0, 0, fmt.Errorf("match again: %w", models.ErrForbidden)
	}
	const from = billFrom + ` WHERE t.state = 'accepted' AND t.organisation_id = ? AND c.subscription_id IS NULL AND c.outside = 0`
	var bills []Bill
	q := `/* matching.Again */ SELECT ` + strings.TrimSuffix(billList, billFrom) + from + ` ORDER BY ABS(c.eur_whole) DESC, c.id LIMIT ?`
	if err := tx.Select(ctx, &bills, q, tx.Actor.OrgID, mostAgain); err != nil {
		return 0, 0, fmt.Errorf("match again: %w", err)
	}
	if err := matchAll(ctx, tx, bills, flows); err != nil {
		return 0, 0, err
	}
	ids := make([]int64, len(bills))
	for i := range bills {
		ids[i] = bills[i].ID
	}
	for part := range slices.Chunk(ids, 500) {
		marks, args := db.In(part)
		n := 0
		if err := tx.Get(ctx, &n, `/* matching.Again */ SELECT COUNT(*) FROM ledger_bills WHERE subscription_id IS NOT NULL AND id IN `+marks, args...); err != nil {
			return 0, 0, err
		}
		matched += n
	}
	if matched == 0 {
		return len(bills), 0, nil
	}
	var c audit.Changes
	c.Add("ledger_bills_matched", "", fmt.Sprint(matched))
	return len(bills), matched, audit.Record(ctx, tx, billsAgain, fmt.Sprintf("ledger of organisation %d", tx.Actor.OrgID), c...)
}

// Suggest returns the subscriptions that a bill may be for, the likeliest first. Only who
// decides on it sees them.
func Suggest(ctx context.Context, r db.Reader, a models.Actor, b *Bill) ([]Suggestion, error) {
	all, err := SuggestEach(ctx, r, a, []Bill{*b})
	return all[b.ID], err
}

// SuggestEach is [Suggest] for several bills, by their ids.
func SuggestEach(ctx context.Context, r db.Reader, a models.Actor, bills []Bill) (map[int64][]Suggestion, error) {
	bills = slices.DeleteFunc(slices.Clone(bills), func(b Bill) bool { return !Decides(a, &b) })
	all, err := agreements(ctx, r, bodiesOf(bills), nil)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := serviceNames(ctx, r, all)
	if err != nil {
		return nil, err
	}
	found := map[int64][]Suggestion{}
	for i := range bills {
		b := &bills[i]
		var subs []int64
		const q = `/* matching.Suggest */ SELECT DISTINCT c.subscription_id FROM ledger_bills c WHERE c.vendor_id = ? AND c.buyer_id = ? AND c.subscription_id IS NOT NULL AND c.how = 'hand'`
		if err := r.Select(ctx, &subs, q, b.VendorID, b.BuyerID); err != nil {
			return nil, fmt.Errorf("suggestions for bill %d: %w", b.ID, err)
		}
		mentions, err := b.mentions(ctx, r, names)
		if err != nil {
			return nil, err
		}
		found[b.ID] = suggest(b, all, subs, mentions)
	}
	return found, nil
}

// Choices are all subscriptions that a bill may be said to be for; none for who does not
// decide on it.
func Choices(ctx context.Context, r db.Reader, a models.Actor, b *Bill) ([]Agreement, error) {
	if !Decides(a, b) {
		return nil, nil
	}
	return agreements(ctx, r, []int64{b.BodyID}, nil)
}

// mentions reports of a subscription whether a charge of the bill names its service.
func (b *Bill) mentions(ctx context.Context, r db.Reader, names map[int64][]string) (func(*Agreement) bool, error) {
	lines, err := b.charges(ctx, r)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for i := range lines {
		text.WriteString(strings.ToLower(lines[i].Service + " " + lines[i].Description + "\n"))
	}
	said := text.String()
	return func(a *Agreement) bool {
		return slices.ContainsFunc(names[a.ID], func(name string) bool { return len(name) > 2 && strings.Contains(said, strings.ToLower(name)) })
	}, nil
}

// serviceNames are what the services of subscriptions are called, in all languages.
func serviceNames(ctx context.Context, r db.Reader, all []Agreement) (map[int64][]string, error) {
	names := map[int64][]string{}
	bySub := map[int64][]int64{}
	var ids []int64
	for i := range all {
		if all[i].OfferingID == 0 {
			names[all[i].ID] = []string{all[i].Service}
			continue
		}
		if len(bySub[all[i].OfferingID]) == 0 {
			ids = append(ids, all[i].OfferingID)
		}
		bySub[all[i].OfferingID] = append(bySub[all[i].OfferingID], all[i].ID)
	}
	cards, err := catalogue.Cards(ctx, r, ids)
	for _, card := range cards {
		for _, words := range card.Words {
			for _, sub := range bySub[card.ID] {
				names[sub] = append(names[sub], words.Name)
			}
		}
	}
	return names, err
}
