package procurement

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
	"pilveturg/models/work"
)

// Question is what a project asks vendors. All vendors that were asked read all the
// answers once the day is over on which they were due.
type Question struct {
	ID            int64       `db:"id"`
	ProjectID     int64       `db:"project_id"`
	RequirementID int64       `db:"requirement_id"` // which the answers settle; 0 for none
	Words         string      `db:"words"`
	Due           models.Date `db:"due"` // last day of answers
	AccountID     int64       `db:"account_id"`
	At            models.Time `db:"created_at"`
	Asked         []Asked     // by number of the service
}

// Code is how people name a question: "Q-3".
func (q *Question) Code() string { return fmt.Sprintf("Q-%d", q.ID) }

// Asked is a service that a question is about, with the last answer of its vendor.
type Asked struct {
	QuestionID int64       `db:"question_id"`
	OfferingID int64       `db:"offering_id"`
	Told       int         `db:"told"`  // people of the vendor who were written to
	Words      string      `db:"words"` // "" when there is no answer yet
	AccountID  int64       `db:"account_id"`
	At         models.Time `db:"answered_at"`
}

const (
	questionAsked    audit.Action = "project.asked"
	questionAnswered audit.Action = "project.answered"
)

const askedColumns = `s.question_id, s.offering_id, s.told, COALESCE(a.words, '') AS words, COALESCE(a.account_id, 0) AS account_id, a.created_at AS answered_at
	FROM question_services s LEFT JOIN question_answers a ON a.id =
		(SELECT MAX(x.id) FROM question_answers x WHERE x.question_id = s.question_id AND x.offering_id = s.offering_id)`

// Questions returns what a project asked, in that order. Who may read the project is
// for the caller to ask.
func Questions(ctx context.Context, r db.Reader, project int64) ([]Question, error) {
	const q = `/* procurement.Questions */ SELECT id, project_id, COALESCE(requirement_id, 0) AS requirement_id, words, due, account_id, created_at
		FROM project_questions WHERE project_id = ? ORDER BY id`
	var all []Question
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("questions of project %d: %w", project, err)
	}
	const asked = `/* procurement.Questions */ SELECT ` + askedColumns + ` JOIN project_questions q ON q.id = s.question_id WHERE q.project_id = ? ORDER BY s.offering_id`
	var rows []Asked
	if err := r.Select(ctx, &rows, asked, project); err != nil {
		return nil, fmt.Errorf("answers to questions of project %d: %w", project, err)
	}
	for _, w := range rows {
		i := slices.IndexFunc(all, func(q Question) bool { return q.ID == w.QuestionID })
		all[i].Asked = append(all[i].Asked, w)
	}
	return all, nil
}

// mostDays is how long vendors may be given to answer.
const mostDays = 366

// Ask asks the vendors of services that the project keeps, and writes to them. once
// tells the form apart: sent again, it asks nothing anew. It is for those who may send
// ([Project.Sending]).
func Ask(ctx context.Context, tx *db.Tx, project int64, once string, q Question, services []int64) error {
	p, err := held(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Sending(tx.Actor):
		return fmt.Errorf("ask in project %d: %w", project, models.ErrForbidden)
	case p.Settled():
		return fmt.Errorf("ask in project %d, which is decided: %w", project, models.ErrConflict)
	}
	if err := q.check(ctx, tx, project, services); err != nil {
		return err
	}
	const insert = `INSERT INTO project_questions (project_id, once, requirement_id, words, due, account_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (project_id, once) DO NOTHING RETURNING id`
	var made []int64
	if err := tx.Select(ctx, &made, insert, project, once, orNone(q.RequirementID), q.Words, q.Due, tx.Actor.AccountID, tx.Now); err != nil || len(made) == 0 {
		return err
	}
	var numbers []string
	for _, id := range services {
		told, err := tellVendor(ctx, tx, work.QuestionAsked, p.OrgID, id, questionPath(made[0], id))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO question_services (question_id, offering_id, told) VALUES (?, ?, ?)`, made[0], id, told); err != nil {
			return err
		}
		numbers = append(numbers, catalogue.Number(id))
	}
	c := audit.Changes{{Field: "question", New: number(made[0])}, {Field: "words", New: q.Words}, {Field: "services", New: strings.Join(numbers, " ")}, {Field: "due", New: q.Due.String()}}
	if err := audit.Record(ctx, tx, questionAsked, subject(project), c...); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

// questionPath is where the vendor of a service answers a question.
func questionPath(question, offering int64) string {
	return fmt.Sprintf("/vendor/questions/q-%d/sc-%d", question, offering)
}

func orNone(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func (q *Question) check(ctx context.Context, tx *db.Tx, project int64, services []int64) error {
	wrong := models.Invalid{}
	q.Words = strings.TrimSpace(q.Words)
	switch n := utf8.RuneCountInString(q.Words); {
	case n == 0:
		wrong["words"] = "question.words_missing"
	case n > MaxReason:
		wrong["words"] = "project.reason_long"
	}
	if today := models.DateOf(tx.Now.Time); q.Due.IsZero() || q.Due.Before(today) || today.AddDays(mostDays).Before(q.Due) {
		wrong["due"] = "question.due_wrong"
	}
	if q.RequirementID != 0 {
		if _, err := FindRequirement(ctx, tx, project, q.RequirementID); err != nil {
			return err
		}
	}
	kept, err := keptServices(ctx, tx, project)
	if err != nil {
		return err
	}
	if len(services) == 0 || slices.ContainsFunc(services, func(id int64) bool { return !slices.Contains(kept, id) }) {
		wrong["services"] = "question.services_missing"
	}
	return wrong.Or()
}

// keptServices are those that a project keeps, by number.
func keptServices(ctx context.Context, r db.Reader, project int64) ([]int64, error) {
	all, err := Shortlist(ctx, r, project)
	var kept []int64
	for _, d := range all {
		if d.Standing == In {
			kept = append(kept, d.OfferingID)
		}
	}
	return kept, err
}

// VendorQuestion is a question as a vendor that was asked reads it.
type VendorQuestion struct {
	Asked
	Question  string      `db:"question"`
	Due       models.Date `db:"due"`
	AskedAt   models.Time `db:"asked_at"`
	OrgID     int64       `db:"organisation_id"` // that asks
	ProjectID int64       `db:"project_id"`
	Closed    bool        `db:"closed"` // no more answers are taken, whatever the day
	Others    []string    // answers of the others; nil until the day is over on which they were due
	Clarified []Clarification
}

// Open reports whether the question may be answered on a day.
func (q *VendorQuestion) Open(day models.Date) bool { return !q.Closed && !q.Due.Before(day) }

const vendorQuestions = ` SELECT ` + `q.words AS question, q.due, q.created_at AS asked_at, p.organisation_id, q.project_id,
	CASE WHEN p.state = 'closed' OR COALESCE(d.state, 'drafted') <> 'drafted' THEN 1 ELSE 0 END AS closed, ` + askedColumns + `
	JOIN project_questions q ON q.id = s.question_id JOIN projects p ON p.id = q.project_id LEFT JOIN decisions d ON d.project_id = p.id
	JOIN offerings o ON o.id = s.offering_id WHERE o.vendor_id = ?`

// answers reports whether the actor answers for a vendor.
func answers(a models.Actor) bool { return a.IsAny(models.VendorManager, models.VendorEditor) }

// VendorQuestions returns what the actor's organisation was asked about its services,
// the newest first.
func VendorQuestions(ctx context.Context, r db.Reader, a models.Actor) ([]VendorQuestion, error) {
	if !answers(a) {
		return nil, fmt.Errorf("questions to a vendor: %w", models.ErrForbidden)
	}
	var all []VendorQuestion
	if err := r.Select(ctx, &all, `/* procurement.VendorQuestions */`+vendorQuestions+` ORDER BY q.id DESC, s.offering_id`, a.OrgID); err != nil {
		return nil, fmt.Errorf("questions to vendor %d: %w", a.OrgID, err)
	}
	return all, nil
}

// FindVendorQuestion returns one of them, with what others answered once that may be
// read, or [models.ErrNotFound].
func FindVendorQuestion(ctx context.Context, r db.Reader, a models.Actor, question, offering int64, day models.Date) (VendorQuestion, error) {
	var q VendorQuestion
	if !answers(a) {
		return q, fmt.Errorf("question %d: %w", question, models.ErrForbidden)
	}
	if err := r.Get(ctx, &q, `/* procurement.FindVendorQuestion */`+vendorQuestions+` AND s.question_id = ? AND s.offering_id = ?`, a.OrgID, question, offering); err != nil {
		return q, fmt.Errorf("question %d about %s: %w", question, catalogue.Number(offering), err)
	}
	var err error
	if q.Clarified, err = clarified(ctx, r, question, offering); err != nil || !q.Due.Before(day) {
		return q, err
	}
	var rows []Asked
	if err := r.Select(ctx, &rows, `/* procurement.FindVendorQuestion */ SELECT `+askedColumns+` WHERE s.question_id = ? AND s.offering_id <> ? ORDER BY s.offering_id`, question, offering); err != nil {
		return q, fmt.Errorf("answers to question %d: %w", question, err)
	}
	for _, w := range rows {
		if w.Words != "" {
			q.Others = append(q.Others, w.Words)
		}
	}
	return q, nil
}

// Answer answers a question about a service, for its vendor, and tells who leads the
// project. The same answer again is no new one.
func Answer(ctx context.Context, tx *db.Tx, question, offering int64, once, words string) error {
	q, err := FindVendorQuestion(ctx, tx, tx.Actor, question, offering, models.DateOf(tx.Now.Time))
	switch words = strings.TrimSpace(words); {
	case err != nil:
		return err
	case words == "":
		return models.Invalid{"words": "question.answer_missing"}
	case utf8.RuneCountInString(words) > 2*MaxReason:
		return models.Invalid{"words": "question.answer_long"}
	case q.Words == words:
		return nil
	case !q.Open(models.DateOf(tx.Now.Time)):
		return fmt.Errorf("answer question %d: it was due %s: %w", question, q.Due, models.ErrConflict)
	}
	const insert = `INSERT INTO question_answers (question_id, offering_id, once, words, account_id, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (question_id, once) DO NOTHING`
	n, err := tx.Exec(ctx, insert, question, offering, once, words, tx.Actor.AccountID, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	c := audit.Changes{{Field: "question", New: number(question)}, {Field: "service", New: catalogue.Number(offering)}, {Field: "answer", New: words}}
	if err := audit.Record(ctx, tx, questionAnswered, subject(q.ProjectID), c...); err != nil {
		return err
	}
	return tellLead(ctx, tx, q.ProjectID, work.QuestionAnswered, "/questions")
}
