package reports

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
)

// Group puts questions together on the list; its heading is the message
// report.group.GROUP.
type Group string

// The groups, in their order.
const (
	Owned    Group = "owned"
	Spending Group = "spending"
	Prices   Group = "prices"
	Vendors  Group = "vendors"
	Ahead    Group = "ahead"
	Quality  Group = "quality"
)

// Groups are all of them.
func Groups() []Group { return []Group{Owned, Spending, Prices, Vendors, Ahead, Quality} }

// Question is something that analysts ask. Its messages are report.q.CODE (the question),
// report.q_text.CODE (what the answer tells) and report.q_method.CODE (how it is worked
// out).
type Question struct {
	Code   string
	Number int // in the list of what analysts ask
	Group  Group
	Bys    []string // what it can be told apart by, the first unless another is asked for; its message is report.by.BY
	Asks   []string // fields of an [Ask] beside period, basis, VAT, currency and day: "known", "before", "under", "buyer", "vendor", "category"
	Yearly bool     // it is asked of one calendar year
	Bound  bool     // it is about what stands today: neither period nor basis are asked for
	Path   string   // of the page that answers it, without language; then answer is nil

	answer func(context.Context, *asking) (*Answer, error)
}

// asking is a question that is being answered.
type asking struct {
	Ask
	r     db.Reader
	actor models.Actor
	Question
}

// Questions are all the questions, in the order in which they are listed.
func Questions() []Question {
	return slices.Concat(ownedQuestions(), spendingQuestions(), priceQuestions(), vendorQuestions(), aheadQuestions(), qualityQuestions())
}

// Find returns the question of a code, or [models.ErrNotFound].
func Find(code string) (Question, error) {
	for _, q := range Questions() {
		if q.Code == code && q.answer != nil {
			return q, nil
		}
	}
	return Question{}, fmt.Errorf("question %q: %w", code, models.ErrNotFound)
}

// Answer answers the question as far as the actor sees the ledger. It fails with
// [models.ErrForbidden] for who sees nothing of it, with [models.ErrNotFound] for what
// nobody can ask, and with [models.Invalid] for what was asked wrongly.
func (q Question) Answer(ctx context.Context, r db.Reader, a models.Actor, ask Ask) (*Answer, error) {
	if err := ask.Check(); err != nil {
		return nil, err
	}
	if ask.By == "" && len(q.Bys) > 0 {
		ask.By = q.Bys[0]
	}
	if len(q.Bys) > 0 && !slices.Contains(q.Bys, ask.By) || q.answer == nil {
		return nil, fmt.Errorf("question %s by %q: %w", q.Code, ask.By, models.ErrNotFound)
	}
	answer, err := q.answer(ctx, &asking{ask, r, a, q})
	if err != nil {
		return nil, fmt.Errorf("question %s: %w", q.Code, err)
	}
	return answer, nil
}
