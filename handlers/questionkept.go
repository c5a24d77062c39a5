package handlers

import (
	"context"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
)

// answerKey names an answer: it is another one when the ledger or an organisation changes,
// and for others who see other money.
type answerKey struct {
	revision int64
	question string
	ask      reports.Ask
	org      int64
	analyst  bool
	others   bool // the actor has a role beside that of an analyst
	reach    models.Reach
}

// keptAnswers is how many bytes of answers are kept.
const keptAnswers = 32 << 20

// keptRows is an answer on a shelf.
type keptRows struct{ *reports.Answer }

// room is about how many bytes an answer takes.
func (k keptRows) room() int {
	const value, row = 96, 200
	return 1000 + len(k.Rows)*(row+value*len(k.Columns))
}

// keptAnswer answers a question, or gives the answer that was worked out before. What is
// asked of subscriptions is asked each time: these change without the ledger.
func (s *Site) keptAnswer(ctx context.Context, who models.Actor, a *questionAsk) (answer *reports.Answer, err error) {
	if a.Bound {
		return a.Answer(ctx, s.DB, who, a.ask)
	}
	key := answerKey{question: a.Code, ask: a.ask, org: who.OrgID, analyst: who.Is(models.Analyst), others: who.IsAny(models.Finance, models.Approver, models.Buyer), reach: who.Reach}
	if key.revision, err = spend.Revision(ctx, s.DB); err != nil {
		return nil, err
	}
	if kept, ok := s.answers.get(key); ok {
		return kept.Answer, nil
	}
	// One moment, so that the revision belongs to what is read with it.
	err = s.DB.Read(ctx, func(r db.Reader) error {
		if key.revision, err = spend.Revision(ctx, r); err != nil {
			return err
		}
		answer, err = a.Answer(ctx, r, who, a.ask)
		return err
	})
	if err == nil {
		s.answers.put(key, keptRows{answer})
	}
	return answer, err
}
