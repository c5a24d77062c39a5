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
)

// Score is what one person gives a service by one criterion.
type Score struct {
	CriterionID int64  `db:"criterion_id"`
	OfferingID  int64  `db:"offering_id"`
	AccountID   int64  `db:"account_id"`
	Points      int    `db:"points"` // 0 to [MostPoints]
	Note        string `db:"note"`
}

// Sheet says that a person is done with scoring.
type Sheet struct {
	AccountID int64       `db:"account_id"`
	Closed    models.Time `db:"closed_at"`
}

// Agreed is what people agreed on who had scored differently.
type Agreed struct {
	CriterionID int64  `db:"criterion_id"`
	OfferingID  int64  `db:"offering_id"`
	Points      int    `db:"points"`
	Reason      string `db:"reason"`
	AccountID   int64  `db:"account_id"`
}

const (
	scoresSaved  audit.Action = "project.scored"
	scoresClosed audit.Action = "project.scores_closed"
	scoresAgreed audit.Action = "project.agreed"
)

// Scoring is the scoring of a project as it stands.
type Scoring struct {
	Criteria []Criterion
	Kept     []int64 // services, by number
	Judges   []int64 // accounts that score
	Sheets   []Sheet // that are closed
	Scores   []Score // of everybody: see [Scoring.Visible]
	Agreed   []Agreed
}

// FindScoring reads the scoring of a project. Who may read the project is for the
// caller to ask, and what of it is [Scoring.Visible].
func FindScoring(ctx context.Context, r db.Reader, project int64) (s Scoring, err error) {
	if s.Criteria, err = Criteria(ctx, r, project); err != nil {
		return s, err
	}
	if s.Kept, err = keptServices(ctx, r, project); err != nil {
		return s, err
	}
	people, err := People(ctx, r, project)
	if err != nil {
		return s, err
	}
	s.Judges = judges(people)
	of := ` JOIN criteria c ON c.id = x.criterion_id WHERE c.project_id = ? ORDER BY c.position, x.offering_id`
	const scores = `/* procurement.FindScoring */ SELECT x.criterion_id, x.offering_id, x.account_id, x.points, x.note FROM scores x`
	const agreed = `/* procurement.FindScoring */ SELECT x.criterion_id, x.offering_id, x.points, x.reason, x.account_id FROM consensus x`
	const sheets = `/* procurement.FindScoring */ SELECT account_id, closed_at FROM score_sheets WHERE project_id = ? ORDER BY account_id`
	if err = r.Select(ctx, &s.Scores, scores+of+`, x.account_id`, project); err == nil {
		if err = r.Select(ctx, &s.Agreed, agreed+of, project); err == nil {
			err = r.Select(ctx, &s.Sheets, sheets, project)
		}
	}
	if err != nil {
		return s, fmt.Errorf("scores of project %d: %w", project, err)
	}
	return s, nil
}

// judges are the accounts that score: the evaluators, or the lead where there are none.
func judges(people []Named) (accounts []int64) {
	for _, n := range people {
		if n.Part == Evaluator {
			accounts = append(accounts, n.AccountID)
		}
	}
	if len(accounts) > 0 {
		return accounts
	}
	for _, n := range people {
		if n.Part == Lead {
			accounts = append(accounts, n.AccountID)
		}
	}
	return accounts
}

// Judged are the criteria by which people score.
func (s *Scoring) Judged() []Criterion {
	return slices.DeleteFunc(slices.Clone(s.Criteria), func(c Criterion) bool { return c.Kind != ByPeople })
}

// Closed reports whether an account is done.
func (s *Scoring) Closed(account int64) bool {
	return slices.ContainsFunc(s.Sheets, func(h Sheet) bool { return h.AccountID == account })
}

// AllClosed reports whether everybody is done who scores.
func (s *Scoring) AllClosed() bool {
	return !slices.ContainsFunc(s.Judges, func(a int64) bool { return !s.Closed(a) })
}

// Visible reports whether one account may see the scores of another: its own always,
// others once all are closed.
func (s *Scoring) Visible(reader, of int64) bool { return reader == of || s.AllClosed() }

// Of returns what an account gave, and whether it gave anything.
func (s *Scoring) Of(criterion, offering, account int64) (Score, bool) {
	i := slices.IndexFunc(s.Scores, func(x Score) bool {
		return x.CriterionID == criterion && x.OfferingID == offering && x.AccountID == account
	})
	if i < 0 {
		return Score{}, false
	}
	return s.Scores[i], true
}

// Points are what counts for a service by a criterion that people judge: what they
// agreed on, or what all of them gave alike. It is false while that is open.
func (s *Scoring) Points(criterion, offering int64) (points int, ok bool) {
	if !s.AllClosed() {
		return 0, false
	}
	if i := slices.IndexFunc(s.Agreed, func(a Agreed) bool { return a.CriterionID == criterion && a.OfferingID == offering }); i >= 0 {
		return s.Agreed[i].Points, true
	}
	return s.alike(criterion, offering)
}

// alike is what everybody gave; false where they gave different points, or none.
func (s *Scoring) alike(criterion, offering int64) (points int, ok bool) {
	for i, account := range s.Judges {
		one, given := s.Of(criterion, offering, account)
		if !given || i > 0 && one.Points != points {
			return 0, false
		}
		points, ok = one.Points, true
	}
	return points, ok
}

// Complete reports whether all points that people give are known.
func (s *Scoring) Complete() bool {
	for _, c := range s.Judged() {
		for _, id := range s.Kept {
			if _, ok := s.Points(c.ID, id); !ok {
				return false
			}
		}
	}
	return true
}

// scoring holds a locked project that is not decided yet, with its scoring.
func scoring(ctx context.Context, tx *db.Tx, project int64) (p Project, s Scoring, err error) {
	if p, err = held(ctx, tx, project); err != nil {
		return p, s, err
	}
	if p.Settled() || p.LockedAt.IsZero() {
		return p, s, fmt.Errorf("score in project %d, which is %s: %w", project, p.Stage(), models.ErrConflict)
	}
	s, err = FindScoring(ctx, tx, project)
	return p, s, err
}

// SaveScores keeps what the actor gives, in place of what the actor gave before. It is
// for those who score, until they have closed theirs.
func SaveScores(ctx context.Context, tx *db.Tx, project int64, all []Score) error {
	p, s, err := scoring(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !slices.Contains(s.Judges, tx.Actor.AccountID) || !p.Judging(tx.Actor):
		return fmt.Errorf("score in project %d: %w", project, models.ErrForbidden)
	case s.Closed(tx.Actor.AccountID):
		return fmt.Errorf("score in project %d after closing: %w", project, models.ErrConflict)
	}
	changes := 0
	for _, one := range all {
		if err := one.check(&s); err != nil {
			return err
		}
		before, given := s.Of(one.CriterionID, one.OfferingID, tx.Actor.AccountID)
		if given && before.Points == one.Points && before.Note == one.Note {
			continue
		}
		const q = `INSERT INTO scores (criterion_id, offering_id, account_id, points, note, changed_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (criterion_id, offering_id, account_id) DO UPDATE SET points = excluded.points, note = excluded.note, changed_at = excluded.changed_at`
		if _, err := tx.Exec(ctx, q, one.CriterionID, one.OfferingID, tx.Actor.AccountID, one.Points, one.Note, tx.Now); err != nil {
			return fmt.Errorf("score in project %d: %w", project, err)
		}
		changes++
	}
	if changes == 0 {
		return nil
	}
	// What somebody gives is nobody else's to know yet, so the log says only how much.
	if err := audit.Record(ctx, tx, scoresSaved, subject(project), audit.Change{Field: "scores", New: number(int64(changes))}); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

func (x *Score) check(s *Scoring) error {
	x.Note = strings.TrimSpace(x.Note)
	switch {
	case !slices.ContainsFunc(s.Judged(), func(c Criterion) bool { return c.ID == x.CriterionID }), !slices.Contains(s.Kept, x.OfferingID):
		return fmt.Errorf("score %s by criterion %d: %w", catalogue.Number(x.OfferingID), x.CriterionID, models.ErrNotFound)
	case x.Points < 0 || x.Points > MostPoints:
		return models.Invalid{ScoreField(x.CriterionID, x.OfferingID): "score.points_wrong"}
	case utf8.RuneCountInString(x.Note) > MaxReason:
		return models.Invalid{"note." + ScoreField(x.CriterionID, x.OfferingID): "project.reason_long"}
	}
	return nil
}

// ScoreField names the points of a service by a criterion in what is wrong.
func ScoreField(criterion, offering int64) string {
	return fmt.Sprintf("points.%d.%d", criterion, offering)
}

// CloseScores says that the actor is done. It fails with [models.Invalid] under
// [ScoreField] where points are missing; closing twice is no failure.
func CloseScores(ctx context.Context, tx *db.Tx, project int64) error {
	p, s, err := scoring(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !slices.Contains(s.Judges, tx.Actor.AccountID) || !p.Judging(tx.Actor):
		return fmt.Errorf("close scores of project %d: %w", project, models.ErrForbidden)
	case s.Closed(tx.Actor.AccountID):
		return nil
	}
	missing := models.Invalid{}
	for _, c := range s.Judged() {
		for _, id := range s.Kept {
			if _, ok := s.Of(c.ID, id, tx.Actor.AccountID); !ok {
				missing[ScoreField(c.ID, id)] = "score.points_missing"
			}
		}
	}
	if err := missing.Or(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO score_sheets (project_id, account_id, closed_at) VALUES (?, ?, ?)`, project, tx.Actor.AccountID, tx.Now); err != nil {
		return fmt.Errorf("close scores of project %d: %w", project, err)
	}
	if err := audit.Record(ctx, tx, scoresClosed, subject(project)); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

// Agree keeps what people agreed on, once all have closed their scores. Where they had
// given different points a reason is needed, under "reason." and [ScoreField].
func Agree(ctx context.Context, tx *db.Tx, project int64, all []Agreed) error {
	p, s, err := scoring(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Editable(tx.Actor):
		return fmt.Errorf("agree in project %d: %w", project, models.ErrForbidden)
	case !s.AllClosed():
		return fmt.Errorf("agree in project %d before all have scored: %w", project, models.ErrConflict)
	}
	wrong := models.Invalid{}
	var changed []Agreed
	for _, a := range all {
		if err := a.check(&s, wrong); err != nil {
			return err
		}
		if i := slices.IndexFunc(s.Agreed, func(b Agreed) bool { return b.CriterionID == a.CriterionID && b.OfferingID == a.OfferingID }); i < 0 || s.Agreed[i].Points != a.Points || s.Agreed[i].Reason != a.Reason {
			changed = append(changed, a)
		}
	}
	if err := wrong.Or(); err != nil || len(changed) == 0 {
		return err
	}
	for _, a := range changed {
		const q = `INSERT INTO consensus (criterion_id, offering_id, points, reason, account_id, changed_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (criterion_id, offering_id) DO UPDATE SET points = excluded.points, reason = excluded.reason, account_id = excluded.account_id, changed_at = excluded.changed_at`
		if _, err := tx.Exec(ctx, q, a.CriterionID, a.OfferingID, a.Points, a.Reason, tx.Actor.AccountID, tx.Now); err != nil {
			return fmt.Errorf("agree in project %d: %w", project, err)
		}
		c := audit.Changes{{Field: "service", New: catalogue.Number(a.OfferingID)}, {Field: "criterion", New: s.nameOf(a.CriterionID)}, {Field: "points", New: fmt.Sprint(a.Points)}, {Field: "reason", New: a.Reason}}
		if err := audit.Record(ctx, tx, scoresAgreed, subject(project), c...); err != nil {
			return err
		}
	}
	return moved(ctx, tx, project, 1)
}

func (s *Scoring) nameOf(criterion int64) string {
	for _, c := range s.Criteria {
		if c.ID == criterion {
			return c.Name
		}
	}
	return ""
}

// check says what is wrong with what was agreed on. What all gave alike is not agreed
// on again.
func (a *Agreed) check(s *Scoring, wrong models.Invalid) error {
	a.Reason = strings.TrimSpace(a.Reason)
	field := ScoreField(a.CriterionID, a.OfferingID)
	if _, alike := s.alike(a.CriterionID, a.OfferingID); alike || !slices.Contains(s.Kept, a.OfferingID) || s.nameOf(a.CriterionID) == "" {
		return fmt.Errorf("agree on %s by criterion %d: %w", catalogue.Number(a.OfferingID), a.CriterionID, models.ErrNotFound)
	}
	if a.Points < 0 || a.Points > MostPoints {
		wrong[field] = "score.points_wrong"
	}
	switch n := utf8.RuneCountInString(a.Reason); {
	case n == 0:
		wrong["reason."+field] = "project.reason_missing"
	case n > MaxReason:
		wrong["reason."+field] = "project.reason_long"
	}
	return nil
}
