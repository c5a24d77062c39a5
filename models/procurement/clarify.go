package procurement

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/work"
)

// Clarification is what a vendor asks back about a question, and what the buyer answers.
// All vendors who were asked the question read both, without the name of who asked back.
type Clarification struct {
	ID         int64       `db:"id"`
	QuestionID int64       `db:"question_id"`
	OfferingID int64       `db:"offering_id"` // about which the vendor was asked
	Words      string      `db:"words"`
	AccountID  int64       `db:"account_id"`
	At         models.Time `db:"created_at"`
	Answer     string      `db:"answer"` // "" when there is none yet
	AnsweredAt models.Time `db:"answered_at"`
}

const (
	clarificationAsked    audit.Action = "project.asked_back"
	clarificationAnswered audit.Action = "project.clarified"
)

const clarificationColumns = `c.id, c.question_id, c.offering_id, c.words, c.account_id, c.created_at, c.answer, c.answered_at FROM clarifications c`

// Clarifications returns what vendors asked back about the questions of a project, the
// oldest first. Who may read the project is for the caller to ask.
func Clarifications(ctx context.Context, r db.Reader, project int64) ([]Clarification, error) {
	var all []Clarification
	const q = `/* procurement.Clarifications */ SELECT ` + clarificationColumns + ` JOIN project_questions q ON q.id = c.question_id WHERE q.project_id = ? ORDER BY c.id`
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("what was asked back in project %d: %w", project, err)
	}
	return all, nil
}

// clarified are what a vendor reads of a question: what it asked back itself, and what
// others did once that is answered.
func clarified(ctx context.Context, r db.Reader, question, offering int64) ([]Clarification, error) {
	var all []Clarification
	const q = `/* procurement.clarified */ SELECT ` + clarificationColumns + ` WHERE c.question_id = ? AND (c.offering_id = ? OR c.answer <> '') ORDER BY c.id`
	if err := r.Select(ctx, &all, q, question, offering); err != nil {
		return nil, fmt.Errorf("what was asked back about question %d: %w", question, err)
	}
	return all, nil
}

// AskBack asks the buyer something about a question, for the vendor of a service, and
// tells who leads the project. once tells the form apart: sent again, it asks nothing
// anew.
func AskBack(ctx context.Context, tx *db.Tx, question, offering int64, once, words string) error {
	q, err := FindVendorQuestion(ctx, tx, tx.Actor, question, offering, models.DateOf(tx.Now.Time))
	switch words = strings.TrimSpace(words); {
	case err != nil:
		return err
	case words == "":
		return models.Invalid{"back": "question.words_missing"}
	case utf8.RuneCountInString(words) > MaxReason:
		return models.Invalid{"back": "project.reason_long"}
	case !q.Open(models.DateOf(tx.Now.Time)):
		return fmt.Errorf("ask back about question %d: it was due %s: %w", question, q.Due, models.ErrConflict)
	}
	const insert = `INSERT INTO clarifications (question_id, offering_id, once, words, account_id, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (question_id, offering_id, once) DO NOTHING`
	n, err := tx.Exec(ctx, insert, question, offering, once, words, tx.Actor.AccountID, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	c := audit.Changes{{Field: "question", New: number(question)}, {Field: "service", New: catalogue.Number(offering)}, {Field: "words", New: words}}
	if err := audit.Record(ctx, tx, clarificationAsked, subject(q.ProjectID), c...); err != nil {
		return err
	}
	return tellLead(ctx, tx, q.ProjectID, work.AskedBack, "/questions")
}

// Clarify answers what a vendor asked back, and tells all vendors who were asked the
// question. It is for those who may send ([Project.Sending]); what is answered stays.
func Clarify(ctx context.Context, tx *db.Tx, project, clarification int64, words string) error {
	p, err := held(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Sending(tx.Actor):
		return fmt.Errorf("answer in project %d: %w", project, models.ErrForbidden)
	}
	all, err := Clarifications(ctx, tx, project)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].ID == clarification {
			return p.clarify(ctx, tx, &all[i], strings.TrimSpace(words))
		}
	}
	return fmt.Errorf("what was asked back, %d: %w", clarification, models.ErrNotFound)
}

func (p *Project) clarify(ctx context.Context, tx *db.Tx, c *Clarification, words string) error {
	field := fmt.Sprintf("answer%d", c.ID)
	switch {
	case c.Answer == words && words != "":
		return nil // the same form again
	case c.Answer != "" || p.Settled():
		return fmt.Errorf("answer %d in project %d, which is answered or decided: %w", c.ID, p.ID, models.ErrConflict)
	case words == "":
		return models.Invalid{field: "question.answer_missing"}
	case utf8.RuneCountInString(words) > MaxReason:
		return models.Invalid{field: "project.reason_long"}
	}
	if _, err := tx.Exec(ctx, `UPDATE clarifications SET answer = ?, answered_by = ?, answered_at = ? WHERE id = ?`, words, tx.Actor.AccountID, tx.Now, c.ID); err != nil {
		return fmt.Errorf("answer %d: %w", c.ID, err)
	}
	changes := audit.Changes{{Field: "question", New: number(c.QuestionID)}, {Field: "answer", New: words}}
	if err := audit.Record(ctx, tx, clarificationAnswered, subject(p.ID), changes...); err != nil {
		return err
	}
	var services []int64
	if err := tx.Select(ctx, &services, `SELECT offering_id FROM question_services WHERE question_id = ? ORDER BY offering_id`, c.QuestionID); err != nil {
		return err
	}
	for _, id := range services {
		if _, err := tellVendor(ctx, tx, work.Clarified, p.OrgID, id, questionPath(c.QuestionID, id)); err != nil {
			return err
		}
	}
	return moved(ctx, tx, p.ID, 1)
}
