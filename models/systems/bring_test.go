package systems_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/systems"
)

// brought is a register of one system of the body and one of somebody who is not known.
func brought() []systems.Brought {
	row := func(line int, owner, external, name string) systems.Brought {
		return systems.Brought{Line: line, Owner: models.Key{Scheme: "test", Code: owner}, OwnerName: "Owner " + owner, OwnerKind: identity.Agency, Product: "851",
			System: systems.System{Source: "riha", External: external, Name: name, State: systems.InUse}, Costs: []systems.Cost{hosting()}}
	}
	return []systems.Brought{row(1, "body", "a", "Register"), row(2, "new", "b", "Diary")}
}

func (o *office) bring(all []systems.Brought) *systems.Bringing {
	o.t.Helper()
	b := &systems.Bringing{Kind: "riha", File: "r.json", Hash: "0123456789012345678901234567890123456789012345678901234567890123", Rows: len(all)}
	o.must(admin, func(ctx context.Context, tx *db.Tx) error { return systems.Bring(ctx, tx, b, all) })
	return b
}

func (o *office) names() (names []string) {
	o.t.Helper()
	all, err := systems.List(o.t.Context(), o, o.everywhere, systems.Query{})
	if err != nil {
		o.t.Fatal(err)
	}
	for i := range all {
		names = append(names, all[i].Name)
	}
	return names
}

func TestARegisterAddsNothingTwice(t *testing.T) {
	o := newOffice(t)
	first, again := o.bring(brought()), o.bring(brought())
	if first.Added != 2 || first.Bodies != 1 || again.Added+again.Changed+again.Bodies != 0 || again.Same != 2 || len(o.names()) != 2 {
		t.Errorf("first %+v, then %+v, %q", first, again, o.names())
	}
	all, err := systems.List(t.Context(), o, o.buyer, systems.Query{})
	if err != nil || len(all) != 1 || all[0].ProductID == 0 || all[0].ProductBy != systems.ByFile {
		t.Errorf("the body has %+v, %v", all, err)
	}
}

func TestWhatARegisterDoesNotSayStays(t *testing.T) {
	o := newOffice(t)
	o.bring(brought())
	all, err := systems.List(t.Context(), o, o.buyer, systems.Query{})
	if err != nil {
		t.Fatal(err)
	}
	s := all[0]
	s.Category, s.Served, s.Unit, s.PlannedEnd = "education", "12", "pupil", date("2030-01-01")
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error { return systems.Save(ctx, tx, &s) })
	later := brought()
	later[0].System.Name = "Register 2"
	if b := o.bring(later); b.Changed != 1 || b.Same != 1 {
		t.Errorf("%+v", b)
	}
	now, err := systems.Find(t.Context(), o, o.buyer, s.ID)
	if err != nil || now.Name != "Register 2" || now.Category != "education" || now.Served != "12" || now.PlannedEnd != s.PlannedEnd {
		t.Errorf("%+v, %v", now, err)
	}
}

func TestAnImportIsUndoneButForWhatSomebodyChanged(t *testing.T) {
	o := newOffice(t)
	o.bring(brought())
	later := append(brought(), brought()[0])
	later[0].System.Name = "Changed"
	later[2].System.External, later[2].System.Name, later[2].Line = "c", "Third", 3
	second := o.bring(later)
	undo := func(id int64) (undone, left int, err error) {
		err = o.try(admin, func(ctx context.Context, tx *db.Tx) (err error) {
			undone, left, err = systems.UndoBringing(ctx, tx, id)
			return err
		})
		return undone, left, err
	}
	third := o.names()[2]
	if undone, left, err := undo(second.ID); undone != 2 || left != 0 || err != nil || third == "" {
		t.Errorf("undone %d, left %d, %v", undone, left, err)
	}
	if names := o.names(); len(names) != 2 || names[0] != "Register" {
		t.Errorf("after it %q", names)
	}
	if _, _, err := undo(second.ID); !errors.Is(err, models.ErrConflict) {
		t.Errorf("undone twice: %v", err)
	}
	all, err := systems.List(t.Context(), o, o.buyer, systems.Query{})
	if err != nil {
		t.Fatal(err)
	}
	s := all[0]
	s.Purpose = "Ours"
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error { return systems.Save(ctx, tx, &s) })
	if undone, left, err := undo(1); undone != 1 || left != 1 || err != nil {
		t.Errorf("the first: undone %d, left %d, %v", undone, left, err)
	}
	now := o.Now()
	last := o.bring(brought())
	o.Now = func() time.Time { return now.AddDate(0, 0, systems.UndoDays+1) }
	if _, _, err := undo(last.ID); !errors.Is(err, models.ErrConflict) {
		t.Errorf("after a month: %v", err)
	}
}

func TestWrongRowsAreRefusedAndSaid(t *testing.T) {
	o := newOffice(t)
	all := brought()
	all[1].Costs[0].Amount = "many"
	if b := o.bring(all); b.Added != 1 || b.Refused != 1 || len(b.Faults) != 1 || b.Faults[0].Line != 2 {
		t.Errorf("%+v", b)
	}
}

func TestABodyBringsItsOwnSystemsOnly(t *testing.T) {
	o := newOffice(t)
	b := &systems.Bringing{Kind: "table", File: "t.csv", Hash: "0123456789012345678901234567890123456789012345678901234567890123", Rows: 2}
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error { return systems.Bring(ctx, tx, b, brought()) })
	if b.Added != 1 || b.Refused != 1 || b.Bodies != 0 || b.Faults[0].Key != "systems.not_own" {
		t.Errorf("%+v", b)
	}
	for name, who := range map[string]models.Actor{"an approver": o.approver, "an analyst": o.analyst, "a visitor": {}} {
		if err := o.try(who, func(ctx context.Context, tx *db.Tx) error { return systems.Bring(ctx, tx, b, brought()) }); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := o.try(o.stranger, func(ctx context.Context, tx *db.Tx) error {
		_, _, err := systems.UndoBringing(ctx, tx, b.ID)
		return err
	}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("another body undoes it: %v", err)
	}
}

func TestARegisterIsAcceptedOnce(t *testing.T) {
	o := newOffice(t)
	u := systems.Upload{File: "t.csv", Hash: "0123456789012345678901234567890123456789012345678901234567890123", Content: []byte("x"), Preview: "{}"}
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error { return systems.KeepUpload(ctx, tx, &u) })
	accept := func(who models.Actor) error {
		return o.try(who, func(ctx context.Context, tx *db.Tx) error {
			return systems.AcceptUpload(ctx, tx, u.ID, &systems.Bringing{Kind: "table", File: u.File, Hash: u.Hash, Rows: 2}, brought())
		})
	}
	if err := accept(o.buyer); err != nil {
		t.Fatal(err)
	}
	if err := accept(o.buyer); !errors.Is(err, models.ErrConflict) {
		t.Errorf("accepted twice: %v", err)
	}
	if _, err := systems.FindUpload(t.Context(), o, o.stranger, u.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another body sees it: %v", err)
	}
	if len(o.names()) != 1 {
		t.Errorf("there are %q", o.names())
	}
}
