package procurement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/search"
)

// InventedProject is one of the demonstration.
type InventedProject struct {
	Lead         string           `json:"lead"` // mail of the account
	Organisation models.Key       `json:"organisation"`
	Once         string           `json:"once"` // tells it apart from others of the organisation
	Name         string           `json:"name"`
	Kind         Kind             `json:"kind"`
	Category     string           `json:"category"`
	Unit         string           `json:"unit"`
	Volume       string           `json:"volume"`
	Years        int              `json:"years"`
	Value        int64            `json:"value_cents"`
	Needed       models.Date      `json:"needed"`
	Search       string           `json:"search"`
	Requirements []RecordedDemand `json:"requirements"`
	Kept         []models.Key     `json:"kept"` // listings
	Left         []struct {
		Service models.Key `json:"service"`
		Reason  string     `json:"reason"`
	} `json:"left"`
	Story *InventedStory `json:"story"` // nil: it is still open
}

// InventedStory is how far an invented project went, and by what.
type InventedStory struct {
	To         Stage      `json:"to"`
	Question   string     `json:"question"` // asked about all that is kept; "" for none
	Days       int        `json:"days"`     // for the answers
	Outcome    Outcome    `json:"outcome"`
	Chosen     models.Key `json:"chosen"` // listing
	Reason     string     `json:"reason"`
	Exception  string     `json:"exception"`
	Standstill int        `json:"standstill"`
	Approver   string     `json:"approver"` // mail of the account
}

const inventedRemoved audit.Action = "project.removed"

// ReadProjects reads the projects of the demonstration, one JSON object after another.
func ReadProjects(r io.Reader) ([]InventedProject, error) {
	var all []InventedProject
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	for {
		var p InventedProject
		err := d.Decode(&p)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("project %d: %w", len(all)+1, err)
		}
		all = append(all, p)
	}
}

// Actor is who leads the invented project; [models.ErrNotFound] when they or their
// organisation are not there.
func (p *InventedProject) Actor(ctx context.Context, r db.Reader) (models.Actor, error) {
	org, err := identity.FindID(ctx, r, p.Organisation)
	if err != nil {
		return models.Actor{}, err
	}
	a, err := identity.FindAccountByMail(ctx, r, p.Lead)
	if err != nil {
		return models.Actor{}, err
	}
	all, err := identity.Memberships(ctx, r, a.ID)
	if err != nil {
		return models.Actor{}, err
	}
	i := slices.IndexFunc(all, func(m identity.Membership) bool { return m.OrgID == org })
	if i < 0 {
		return models.Actor{}, models.ErrNotFound
	}
	return all[i].Actor(), nil
}

// Put makes the project, led by the actor of tx, unless it was made before, and brings
// it as far as its lead can. Services that are not there are left out.
func (p *InventedProject) Put(ctx context.Context, tx *db.Tx, s *catalogue.Schema, l *search.Layout) error {
	made := Project{Name: p.Name, Kind: p.Kind, Category: p.Category, Unit: p.Unit, Volume: p.Volume, Years: p.Years, Value: p.Value, Needed: p.Needed, Search: p.Search}
	if err := Begin(ctx, tx, s, &made, p.Once, nil); err != nil || made.Revision == 0 {
		return err
	}
	var asked []Requirement
	for _, q := range p.Requirements {
		asked = append(asked, Requirement{Force: q.Force, Words: q.Words, Weight: q.Weight, Way: q.Way, Subject: q.Subject, Operator: Operator(q.Operator), Wanted: q.Wanted, Why: q.Why})
	}
	if _, err := Require(ctx, tx, s, made.ID, p.Once, asked); err != nil {
		return err
	}
	var decided []Decided
	add := func(k models.Key, d Decided) error {
		id, err := catalogue.FindID(ctx, tx, k)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		d.OfferingID = id
		decided = append(decided, d)
		return err
	}
	for _, k := range p.Kept {
		if err := add(k, Decided{Standing: In}); err != nil {
			return err
		}
	}
	for _, l := range p.Left {
		if err := add(l.Service, Decided{Standing: Out, Reason: l.Reason}); err != nil {
			return err
		}
	}
	if err := Decide(ctx, tx, made.ID, decided); err != nil || p.Story == nil {
		return err
	}
	return p.tell(ctx, tx, s, l, made.ID)
}

// tell goes the way of the story up to where an approver is needed.
func (p *InventedProject) tell(ctx context.Context, tx *db.Tx, s *catalogue.Schema, l *search.Layout, id int64) error {
	story := p.Story
	if story.To == Stage(Closed) {
		return Close(ctx, tx, id, story.Reason)
	}
	if story.Question != "" {
		kept, err := keptServices(ctx, tx, id)
		if err != nil {
			return err
		}
		q := Question{Words: story.Question, Due: models.DateOf(tx.Now.Time).AddDays(story.Days)}
		if err := Ask(ctx, tx, id, p.Once, q, kept); err != nil {
			return err
		}
	}
	if err := Lock(ctx, tx, id, nil); err != nil || story.To == Stage(Locked) {
		return err
	}
	asked, err := Requirements(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := SetCriteria(ctx, tx, id, DefaultCriteria(asked)); err != nil {
		return err
	}
	d := Decision{Outcome: story.Outcome, Reason: story.Reason, Exception: story.Exception, Standstill: story.Standstill, Shown: true}
	if story.Outcome == Service {
		if d.OfferingID, err = catalogue.FindID(ctx, tx, story.Chosen); err != nil {
			return err
		}
	}
	if err := Choose(ctx, tx, s, l, id, 0, d); err != nil || story.To == Drafted {
		return err
	}
	to, err := identity.FindAccountByMail(ctx, tx, story.Approver)
	if err != nil {
		return err
	}
	return Send(ctx, tx, id, to.ID)
}

// Finish approves what the story says was approved, as its approver, unless that was
// done.
func (p *InventedProject) Finish(ctx context.Context, d *db.DB, s *catalogue.Schema, l *search.Layout) error {
	if p.Story == nil || !slices.Contains([]Stage{Approved, Awarded, Ended}, p.Story.To) {
		return nil
	}
	approver, err := (&InventedProject{Lead: p.Story.Approver, Organisation: p.Organisation}).Actor(ctx, d)
	if err != nil {
		return err
	}
	return d.Write(ctx, approver, func(tx *db.Tx) error {
		var id int64
		const q = `/* procurement.Finish */ SELECT id FROM projects WHERE organisation_id = ? AND once = ?`
		if err := tx.Get(ctx, &id, q, approver.OrgID, p.Once); err != nil {
			return err
		}
		made, err := FindDecision(ctx, tx, id)
		if err != nil || made.State != Sent {
			return err
		}
		return Approve(ctx, tx, s, l, id, made.Revision, "")
	})
}

// RemoveInvented removes the projects of invented organisations, with all that belongs
// to them. Only administrators do.
func RemoveInvented(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove invented projects: %w", models.ErrForbidden)
	}
	const q = `DELETE FROM projects WHERE organisation_id IN (SELECT id FROM organisations WHERE invented = 1) RETURNING id`
	var gone []int64
	if err := tx.Select(ctx, &gone, q); err != nil {
		return fmt.Errorf("remove invented projects: %w", err)
	}
	for _, id := range gone {
		if err := audit.Record(ctx, tx, inventedRemoved, subject(id)); err != nil {
			return err
		}
	}
	return nil
}
