package contracts_test

import (
	"context"
	"errors"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
)

// runs are two contracts of the body: one runs on, one is over.
func (o *office) runs() []*contracts.Run {
	today := models.DateOf(o.Now())
	on, over := o.outside("On"), o.outside("Over")
	on.Renewal, on.Starts, on.Ends = contracts.Tacit, today.AddMonths(-14), today.AddMonths(-2).AddDays(-1)
	on.Budget = "2026 5525"
	month := today.AddMonths(-1).String()[:7]
	return []*contracts.Run{
		{Outside: on, Used: []contracts.Month{{Month: month, Assigned: 50, Used: 6}}},
		{Outside: over, Ended: today.AddDays(-5), Why: "Nobody used it."},
	}
}

func (o *office) put(once string, runs []*contracts.Run) (made bool, err error) {
	err = o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		made, err = contracts.PutRuns(ctx, tx, once, runs)
		return err
	})
	return made, err
}

// invent makes the body an invented one.
func (o *office) invent() {
	o.does(admin, func(ctx context.Context, tx *db.Tx) error {
		org, err := identity.FindByKey(ctx, tx, key("body"))
		if err == nil {
			org.Invented = true
			_, _, err = identity.Put(ctx, tx, &org)
		}
		return err
	})
}

func TestContractsThatRanArePutForInventedBodiesOnly(t *testing.T) {
	o := newOffice(t)
	if _, err := o.put("years", o.runs()); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("for a body that is not invented: %v", err)
	}
	o.invent()
	if has, err := contracts.HasRuns(t.Context(), o, "years"); has || err != nil {
		t.Errorf("they are there before they are put: %v", err)
	}
	runs := o.runs()
	if made, err := o.put("years", runs); !made || err != nil {
		t.Fatal(made, err)
	}
	if made, err := o.put("years", o.runs()); made || err != nil {
		t.Errorf("put again: %v, %v", made, err)
	}
	on, over := runs[0].Subscription, runs[1].Subscription
	today := models.DateOf(o.Now())
	if on.State != contracts.Active || on.Ends != today.AddMonths(10).AddDays(-1) || on.Held != 100_00 {
		t.Errorf("what runs on is %+v", on)
	}
	if over.State != contracts.Ended || over.Ends != today.AddDays(-5) {
		t.Errorf("what is over is %+v", over)
	}
	if used, err := contracts.Usage(t.Context(), o, on.ID); err != nil || len(used) != 1 || used[0].Used != 6 {
		t.Errorf("use: %+v, %v", used, err)
	}
	for day, want := range map[models.Date]int{today.AddDays(-6): 2, today.AddDays(-4): 1, today.AddMonths(-15): 0} {
		if n, err := contracts.InventedRunning(t.Context(), o, day, ""); n != want || err != nil {
			t.Errorf("%d ran on %s, want %d, %v", n, day, want, err)
		}
	}
	if n, err := contracts.InventedRunning(t.Context(), o, today, "years"); n != 0 || err != nil {
		t.Errorf("%d run besides, %v", n, err)
	}
}

func TestAnInventedContractWithAMistakeIsNotLeftOut(t *testing.T) {
	o := newOffice(t)
	o.invent()
	for name, change := range map[string]func([]*contracts.Run){
		"no budget": func(r []*contracts.Run) { r[0].Budget = "2026 none" },
		"use before it began": func(r []*contracts.Run) {
			r[1].Used = []contracts.Month{{Month: "2020-01", Assigned: 1, Used: 1}}
		},
	} {
		runs := o.runs()
		change(runs)
		if made, err := o.put(name, runs); err == nil || made {
			t.Errorf("%s: it was put", name)
		}
	}
	if has, err := contracts.HasRuns(t.Context(), o, "no budget"); has || err != nil {
		t.Errorf("something of it stayed, %v", err)
	}
}
