package systems

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/spend"
)

// The actions.
const (
	added        audit.Action = "system.added"
	changed      audit.Action = "system.changed"
	costsChanged audit.Action = "system.costs"
	removed      audit.Action = "system.removed"
)

func subject(id int64) string { return fmt.Sprintf("system %d", id) }

// subsystemForm is how the identifier of a subsystem of X-Road is written.
var subsystemForm = regexp.MustCompile(`^[A-Z]{2,}[A-Za-z0-9.-]*/[A-Z]+/[^/\s]+/[^/\s]+$`)

// check says what is wrong with a system.
func (s *System) check() models.Invalid {
	wrong := models.Invalid{}
	set := func(field string, bad bool, key string) {
		if bad && wrong[field] == "" {
			wrong[field] = key
		}
	}
	long := func(text string, most int) bool { return utf8.RuneCountInString(text) > most }
	set("name", s.Name == "", "systems.name_missing")
	for field, text := range map[string]string{"name": s.Name, "name_en": s.NameEn, "short_name": s.ShortName, "department": s.Department, "homepage": s.Homepage, "security_standard": s.SecurityStandard, "security_class": s.SecurityClass, "contact": s.Contact} {
		set(field, long(text, 500), "systems.long")
	}
	set("purpose", long(s.Purpose, 20_000), "systems.long")
	set("stands_on", long(s.StandsOn, 2_000), "systems.long")
	set("state", !slices.Contains(States(), s.State), "systems.state_missing")
	n, err := models.ParseDecimal(s.Served)
	set("served", s.Served != "" && (err != nil || n.Sign() < 0), "systems.amount_wrong")
	set("unit", (s.Served == "") != (s.Unit == ""), "systems.unit_missing")
	set("planned_end", !s.PlannedEnd.IsZero() && s.PlannedEnd.Before(s.InUseSince), "systems.ends_before")
	set("closed_on", !s.ClosedOn.IsZero() && s.State != Closed, "systems.not_closed")
	set("closed_on", !s.ClosedOn.IsZero() && s.ClosedOn.Before(s.InUseSince), "systems.ends_before")
	set("rating", s.Rating != "" && !slices.Contains(Ratings(), s.Rating), "systems.state_missing")
	set("security_level", s.SecurityLevel != "" && !slices.Contains(SecurityLevels(), s.SecurityLevel), "systems.state_missing")
	for _, one := range s.Subsystems {
		set("subsystems", !subsystemForm.MatchString(one), "systems.subsystem_wrong")
	}
	if s.Homepage != "" && s.Source == "" {
		u, err := url.Parse(s.Homepage)
		set("homepage", err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http", "systems.homepage_wrong")
	}
	return wrong
}

func (s *System) tidy() {
	for _, text := range []*string{&s.Name, &s.NameEn, &s.ShortName, &s.Department, &s.Contact, &s.Homepage, &s.SecurityStandard, &s.SecurityClass} {
		*text = strings.Join(strings.Fields(*text), " ")
	}
	s.Purpose, s.StandsOn = strings.TrimSpace(s.Purpose), strings.TrimSpace(s.StandsOn)
	slices.Sort(s.Subsystems)
	s.Subsystems = slices.Compact(s.Subsystems)
}

// Save adds a system to those of the actor's organisation, or changes one: s.Revision is
// the revision that was looked at. It fails with [models.Invalid] for what is wrong, with
// [models.ErrConflict] when somebody changed it meanwhile, and with
// [models.ErrForbidden] and [models.ErrNotFound].
func Save(ctx context.Context, tx *db.Tx, s *System) error {
	if !Manages(tx.Actor) {
		return fmt.Errorf("save a system: %w", models.ErrForbidden)
	}
	if s.ID == 0 {
		s.OrgID = tx.Actor.OrgID
		return insert(ctx, tx, s)
	}
	before, err := own(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	s.OrgID, s.Source, s.External, s.Created = before.OrgID, before.Source, before.External, before.Created
	return update(ctx, tx, before, s)
}

// own is a system of the actor's organisation.
func own(ctx context.Context, tx *db.Tx, id int64) (*System, error) {
	all, err := list(ctx, tx, `/* systems.own */ SELECT `+columns+` AND s.id = ? AND s.organisation_id = ?`, id, tx.Actor.OrgID)
	if err == nil && len(all) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("system %d: %w", id, err)
	}
	return &all[0], nil
}

var saved = []string{"organisation_id", "department", "name", "name_en", "short_name", "purpose", "category", "state", "served", "unit", "in_use_since", "planned_end", "support_end", "closed_on", "last_release", "shareable", "rating",
	"security_standard", "security_class", "security_level", "stands_on", "contact", "homepage", "product_id", "product_by"}

func (s *System) values() []any {
	return []any{s.OrgID, s.Department, s.Name, s.NameEn, s.ShortName, s.Purpose, s.Category, string(s.State), s.Served, s.Unit, s.InUseSince, s.PlannedEnd, s.SupportEnd, s.ClosedOn, s.LastRelease, db.Flag(s.Shareable), string(s.Rating),
		s.SecurityStandard, s.SecurityClass, s.SecurityLevel, s.StandsOn, s.Contact, s.Homepage, db.NullID(s.ProductID), s.ProductBy}
}

// insert adds a system to its owner's. Who may is for the caller to know.
func insert(ctx context.Context, tx *db.Tx, s *System) error {
	s.tidy()
	if err := s.check().Or(); err != nil {
		return err
	}
	s.Created, s.Revision = tx.Now, 1
	q := `INSERT INTO owned_systems (` + strings.Join(saved, `, `) + `, source, external, created_at) VALUES (?` + strings.Repeat(`, ?`, len(saved)+2) + `) RETURNING id`
	if err := tx.Get(ctx, &s.ID, q, append(s.values(), s.Source, s.External, tx.Now)...); err != nil {
		return fmt.Errorf("add system %s: %w", s.Name, err)
	}
	if err := s.keepSubsystems(ctx, tx); err != nil {
		return err
	}
	if err := spend.Moved(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, added, subject(s.ID), s.changes(&System{})...)
}

// update changes a system. Who may is for the caller to know.
func update(ctx context.Context, tx *db.Tx, before, s *System) error {
	s.tidy()
	if err := s.check().Or(); err != nil {
		return err
	}
	c := s.changes(before)
	if len(c) == 0 {
		return nil
	}
	q := `UPDATE owned_systems SET ` + strings.Join(saved, ` = ?, `) + ` = ?, revision = revision + 1 WHERE id = ? AND revision = ?`
	n, err := tx.Exec(ctx, q, append(s.values(), s.ID, s.Revision)...)
	if err != nil {
		return fmt.Errorf("system %d: %w", s.ID, err)
	}
	if n == 0 {
		return fmt.Errorf("system %d: somebody changed it meanwhile: %w", s.ID, models.ErrConflict)
	}
	s.Revision++
	if !slices.Equal(before.Subsystems, s.Subsystems) {
		if err := s.keepSubsystems(ctx, tx); err != nil {
			return err
		}
	}
	if before.ClosedOn != s.ClosedOn || before.OrgID != s.OrgID {
		if err := reckon(ctx, tx, s); err != nil {
			return err
		}
	}
	if err := spend.Moved(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, changed, subject(s.ID), c...)
}

func (s *System) keepSubsystems(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM owned_subsystems WHERE system_id = ?`, s.ID); err != nil {
		return fmt.Errorf("subsystems of system %d: %w", s.ID, err)
	}
	var rows [][]any
	for _, one := range s.Subsystems {
		rows = append(rows, []any{s.ID, one})
	}
	return tx.Insert(ctx, "owned_subsystems", []string{"system_id", "subsystem"}, rows)
}

// changes tell two states of a system apart.
func (s *System) changes(before *System) (c audit.Changes) {
	day := func(field string, a, b models.Date) { c.Add(field, dayText(a), dayText(b)) }
	c.Add("system_department", before.Department, s.Department)
	c.Add("name", before.Name, s.Name)
	c.Add("system_name_en", before.NameEn, s.NameEn)
	c.Add("system_short_name", before.ShortName, s.ShortName)
	c.Add("system_purpose", before.Purpose, s.Purpose)
	c.Add("system_category", before.Category, s.Category)
	c.Add("system_state", string(before.State), string(s.State))
	c.Add("system_served", strings.TrimSpace(before.Served+" "+before.Unit), strings.TrimSpace(s.Served+" "+s.Unit))
	day("system_in_use_since", before.InUseSince, s.InUseSince)
	day("system_planned_end", before.PlannedEnd, s.PlannedEnd)
	day("system_support_end", before.SupportEnd, s.SupportEnd)
	day("system_closed_on", before.ClosedOn, s.ClosedOn)
	day("system_last_release", before.LastRelease, s.LastRelease)
	c.AddFlag("system_shareable", before.Shareable, s.Shareable)
	c.Add("system_rating", string(before.Rating), string(s.Rating))
	c.Add("system_security", strings.TrimSpace(before.SecurityStandard+" "+before.SecurityClass+" "+before.SecurityLevel), strings.TrimSpace(s.SecurityStandard+" "+s.SecurityClass+" "+s.SecurityLevel))
	c.Add("system_stands_on", before.StandsOn, s.StandsOn)
	c.Add("system_contact", before.Contact, s.Contact)
	c.Add("system_homepage", before.Homepage, s.Homepage)
	c.Add("system_product", idText(before.ProductID), idText(s.ProductID))
	c.Add("system_subsystems", strings.Join(before.Subsystems, " "), strings.Join(s.Subsystems, " "))
	return c
}

func dayText(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return fmt.Sprint(id)
}
