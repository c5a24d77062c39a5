package matching

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/spend/outlook"
	"pilveturg/models/work"
)

// everybody sees the money of all: who works out alerts for those whose it is.
func everybody() models.Actor {
	return models.Actor{Program: "budget alerts", OrgID: 1, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
}

// LinePath is where people read what became of a line of their budget.
func LinePath(id int64) string { return fmt.Sprintf("/spend/forecast/%d", id) }

// Alert tells those who look after the money of a body when what was billed on a line of
// this year's budget, or the forecast for the end of the year, passes a threshold; each
// once. It returns how many thresholds it told of.
func Alert(ctx context.Context, tx *db.Tx) (told int, err error) {
	today := models.DateOf(tx.Now.Time)
	lines, err := Spendings(ctx, tx, everybody(), today.Time().Year(), today)
	if err != nil {
		return 0, err
	}
	for i := range lines {
		s := &lines[i]
		if s.ID == 0 {
			continue
		}
		ahead, err := s.Ahead()
		if err != nil {
			return told, err
		}
		n, err := s.alert(ctx, tx, ahead.Alerts)
		if err != nil {
			return told, err
		}
		told += n
	}
	return told, nil
}

// alert notes all thresholds that are passed, and tells of the highest that is new: first
// of what was billed, else of the forecast.
func (s *Spending) alert(ctx context.Context, tx *db.Tx, passed []outlook.Alert) (n int, err error) {
	var newest *outlook.Alert
	for i := range passed {
		a := &passed[i]
		const q = `INSERT INTO budget_alerts (budget_id, basis, share, told_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
		fresh, err := tx.Exec(ctx, q, s.ID, string(a.On), a.Share, tx.Now)
		if err != nil {
			return n, fmt.Errorf("alert of budget line %d: %w", s.ID, err)
		}
		if fresh == 0 {
			continue
		}
		n++
		if newest == nil || a.On == newest.On && a.Share > newest.Share {
			newest = a
		}
	}
	if newest == nil {
		return 0, nil
	}
	return n, s.tell(ctx, tx, newest)
}

func (s *Spending) tell(ctx context.Context, tx *db.Tx, a *outlook.Alert) error {
	members, err := identity.Members(ctx, tx, s.Body)
	if err != nil {
		return err
	}
	kind := work.BudgetPassed
	if a.On == outlook.OnForecast {
		kind = work.BudgetForecast
	}
	for _, m := range members {
		if m.State != identity.Active || !m.Actor().Is(models.Finance) {
			continue
		}
		who, err := identity.FindAccount(ctx, tx, m.AccountID)
		if err != nil {
			return err
		}
		if who.Invented {
			who.Mail = ""
		}
		message := work.Message{Kind: kind, AccountID: who.ID, Mail: who.Mail, Language: who.Language, Args: []string{s.Code + " " + s.Name, fmt.Sprint(a.Share)}, Path: LinePath(s.ID)}
		if err := work.Tell(ctx, tx, message); err != nil {
			return err
		}
	}
	return nil
}
