package procurement

import (
	"context"
	"encoding/json"
	"fmt"

	"pilveturg/db"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/work"
)

// Dossier is all by which a decision was made. Its JSON is sealed, so its fields never
// change.
type Dossier struct {
	Project   string            `json:"project"` // "P-14"
	Name      string            `json:"name"`
	Kind      Kind              `json:"kind"`
	Years     int               `json:"years"`
	Locked    string            `json:"locked_hash"` // of the [Record]
	Criteria  []SealedCriterion `json:"criteria"`
	Services  []SealedBid       `json:"services"` // the best first
	Scores    []SealedScore     `json:"scores"`
	Questions []SealedQuestion  `json:"questions"`
	Overrules []SealedOverrule  `json:"overrules"`
	Outcome   Outcome           `json:"outcome"`
	Chosen    string            `json:"chosen,omitempty"` // "SC-31"
	Reason    string            `json:"reason"`
	Exception string            `json:"exception,omitempty"`
	Shared    string            `json:"shared,omitempty"`
	SharedFit int               `json:"shared_fit,omitempty"` // percent
	Decided   string            `json:"decided_at"`           // RFC 3339, UTC
	By        int64             `json:"decided_by"`           // account
	Approved  string            `json:"approved_at"`
	Approver  int64             `json:"approved_by"`
	Days      int               `json:"standstill_days"`
}

// SealedCriterion is a criterion in a [Dossier].
type SealedCriterion struct {
	Kind   CriterionKind `json:"kind"`
	Name   string        `json:"name,omitempty"`
	Weight int           `json:"weight"`
}

// SealedBid is a service in a [Dossier].
type SealedBid struct {
	Service  string  `json:"service"`
	Cents    *int64  `json:"cents"`                // for all the years, euro cents without VAT; null when not known
	Source   string  `json:"cents_from,omitempty"` // where it is known from, besides the listing
	Points   []Centi `json:"points"`               // by criterion, hundredths
	Total    Centi   `json:"total"`
	Complete bool    `json:"complete"`
}

// SealedScore is what one person gave, or what all agreed on, in a [Dossier].
type SealedScore struct {
	Criterion string `json:"criterion"`
	Service   string `json:"service"`
	Account   int64  `json:"account"`
	Points    int    `json:"points"`
	Note      string `json:"note,omitempty"`
	Agreed    bool   `json:"agreed,omitempty"`
}

// SealedQuestion is a question with its answers in a [Dossier].
type SealedQuestion struct {
	Words   string         `json:"words"`
	Due     string         `json:"due"`
	Answers []SealedAnswer `json:"answers"`

	AskedBack []SealedClarification `json:"asked_back,omitempty"`
}

// SealedClarification is what a vendor asked back in a [Dossier].
type SealedClarification struct {
	Service string `json:"service"`
	Words   string `json:"words"`
	Answer  string `json:"answer"` // "" for none
}

// SealedAnswer is an answer in a [Dossier].
type SealedAnswer struct {
	Service string `json:"service"`
	Words   string `json:"words"` // "" for none
}

// SealedOverrule is what people found out, in a [Dossier].
type SealedOverrule struct {
	Requirement int64   `json:"requirement"`
	Service     string  `json:"service"`
	Verdict     Verdict `json:"verdict"`
	Reason      string  `json:"reason"`
	Source      string  `json:"source"`
	Account     int64   `json:"account"`
}

// seal writes down all by which a decision was made.
func seal(ctx context.Context, tx *db.Tx, p *Project, d *Decision, w *Assessment) (string, error) {
	e, err := FindEvidence(ctx, tx, p.ID)
	if err != nil {
		return "", err
	}
	f := Dossier{Project: p.Code(), Name: p.Name, Kind: p.Kind, Years: p.Years, Locked: e.Hash, Outcome: d.Outcome, Chosen: numberOf(d.OfferingID), Reason: d.Reason, Exception: d.Exception,
		Shared: numberOf(d.SharedID), SharedFit: d.SharedFit, Decided: d.At.UTC().Format(rfc3339), By: d.AccountID, Approved: tx.Now.UTC().Format(rfc3339), Approver: tx.Actor.AccountID, Days: d.Standstill}
	f.scoring(w)
	questions, err := Questions(ctx, tx, p.ID)
	if err != nil {
		return "", err
	}
	back, err := Clarifications(ctx, tx, p.ID)
	if err != nil {
		return "", err
	}
	for _, q := range questions {
		one := SealedQuestion{Words: q.Words, Due: q.Due.String()}
		for _, a := range q.Asked {
			one.Answers = append(one.Answers, SealedAnswer{numberOf(a.OfferingID), a.Words})
		}
		for _, c := range back {
			if c.QuestionID == q.ID {
				one.AskedBack = append(one.AskedBack, SealedClarification{numberOf(c.OfferingID), c.Words, c.Answer})
			}
		}
		f.Questions = append(f.Questions, one)
	}
	overruled, err := Overrules(ctx, tx, p.ID)
	if err != nil {
		return "", err
	}
	for _, o := range overruled {
		f.Overrules = append(f.Overrules, SealedOverrule{o.RequirementID, numberOf(o.OfferingID), o.Verdict, o.Reason, o.Source, o.AccountID})
	}
	text, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("dossier of project %d: %w", p.ID, err)
	}
	return string(text), nil
}

const rfc3339 = "2006-01-02T15:04:05Z"

// numberOf is the number of a service, "" for none.
func numberOf(id int64) string {
	if id == 0 {
		return ""
	}
	return catalogue.Number(id)
}

func (f *Dossier) scoring(w *Assessment) {
	for _, c := range w.Scoring.Criteria {
		f.Criteria = append(f.Criteria, SealedCriterion{c.Kind, c.Name, c.Weight})
	}
	for _, r := range w.Ranking {
		one := SealedBid{Service: numberOf(r.OfferingID), Total: r.Total, Complete: r.Complete}
		if r.Cents >= 0 {
			one.Cents = &r.Cents
		}
		if o, ok := w.Offer(r.OfferingID); ok {
			one.Source = o.Source
		}
		for _, p := range r.Points {
			one.Points = append(one.Points, p.Got)
		}
		f.Services = append(f.Services, one)
	}
	for _, x := range w.Scoring.Scores {
		f.Scores = append(f.Scores, SealedScore{Criterion: w.Scoring.nameOf(x.CriterionID), Service: numberOf(x.OfferingID), Account: x.AccountID, Points: x.Points, Note: x.Note})
	}
	for _, a := range w.Scoring.Agreed {
		f.Scores = append(f.Scores, SealedScore{Criterion: w.Scoring.nameOf(a.CriterionID), Service: numberOf(a.OfferingID), Account: a.AccountID, Points: a.Points, Note: a.Reason, Agreed: true})
	}
}

// Sealed reads the dossier of an approved decision, and whether it is as it was sealed.
func (d *Decision) Sealed() (f Dossier, intact bool, err error) {
	if err := json.Unmarshal([]byte(d.Record), &f); err != nil {
		return f, false, fmt.Errorf("dossier of project %d: %w", d.ProjectID, err)
	}
	return f, hashOf(d.Record) == d.Hash, nil
}

const letterSent audit.Action = "decision.letter"

// sendLetters tells the vendors of all services that were kept what was decided.
func sendLetters(ctx context.Context, tx *db.Tx, p *Project, d *Decision, w *Assessment) error {
	for _, id := range w.Scoring.Kept {
		chosen := d.Outcome == Service && d.OfferingID == id
		kind := work.NotChosen
		if chosen {
			kind = work.Chosen
		}
		told, err := tellVendor(ctx, tx, kind, p.OrgID, id, letterPath(p.ID, id))
		if err != nil {
			return err
		}
		const insert = `INSERT INTO award_letters (project_id, offering_id, chosen, told, sent_at) VALUES (?, ?, ?, ?, ?)`
		if _, err := tx.Exec(ctx, insert, p.ID, id, db.Flag(chosen), told, tx.Now); err != nil {
			return fmt.Errorf("letter about %s in project %d: %w", catalogue.Number(id), p.ID, err)
		}
		if err := audit.Record(ctx, tx, letterSent, subject(p.ID), audit.Change{Field: "service", New: catalogue.Number(id)}, audit.Change{Field: "told", New: fmt.Sprint(told)}); err != nil {
			return err
		}
	}
	return nil
}

// letterPath is where the vendor of a service reads what was decided.
func letterPath(project, offering int64) string {
	return fmt.Sprintf("/vendor/decisions/p-%d/sc-%d", project, offering)
}
