package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

func TestEventsAreFound(t *testing.T) {
	d := filled(t)
	d.Now = func() time.Time { return dbtest.Moment.AddDate(0, 0, 1) }
	record(t, d, models.Actor{AccountID: 8, OrgID: 4}, audit.OrganisationRemoved, "test:b")
	at := func(hours int) models.Time {
		return models.Time{Time: dbtest.Moment.Add(time.Duration(hours) * time.Hour)}
	}
	for _, tt := range []struct {
		name string
		f    audit.Filter
		want []int64
	}{
		{"all, the newest first", audit.Filter{}, []int64{9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{"by the account", audit.Filter{Account: 8}, []int64{9}},
		{"by the organisation that it was done for", audit.Filter{Organisation: 3}, []int64{6, 5, 4, 3, 2, 1}},
		{"by a group of actions", audit.Filter{Group: "organisation"}, []int64{9, 2, 1}},
		{"a group is a whole word", audit.Filter{Group: "o%"}, nil},
		{"by an action", audit.Filter{Action: audit.CPVReplaced}, []int64{8}},
		{"from a moment on", audit.Filter{Since: at(24)}, []int64{9}},
		{"up to a moment", audit.Filter{Before: at(24), Group: "cpv"}, []int64{8}},
		{"by the subject", audit.Filter{Subjects: []string{"SC-12", "test:b"}}, []int64{9, 6, 5, 4, 3}},
		{"by a part of the subject, in any case", audit.Filter{Words: []audit.Word{{Text: "sc-1"}}}, []int64{6, 5, 4, 3}},
		{"by a part of the action", audit.Filter{Words: []audit.Word{{Text: "Removed"}}}, []int64{9, 6}},
		{"by what people call an action", audit.Filter{Words: []audit.Word{{Text: "eemaldati", Actions: []audit.Action{audit.OfferingRemoved}}}}, []int64{6}},
		{"by all of the words", audit.Filter{Words: []audit.Word{{Text: "removed"}, {Text: "12"}}}, []int64{6}},
		{"signs of patterns mean themselves", audit.Filter{Words: []audit.Word{{Text: "Å_100%"}}}, []int64{7}},
		{"a sign that nothing has finds nothing", audit.Filter{Words: []audit.Word{{Text: `_1_`}}}, nil},
		{"by everything at once", audit.Filter{Account: 7, Organisation: 3, Group: "offering", Since: at(0), Before: at(1), Words: []audit.Word{{Text: "chang"}}}, []int64{5, 4}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := audit.Find(t.Context(), d, tt.f, models.Page{Number: 1, Size: 50})
			if err != nil || !slices.Equal(seqs(got), tt.want) {
				t.Errorf("found %v, %v; want %v", seqs(got), err, tt.want)
			}
			if n, err := audit.Count(t.Context(), d, tt.f); err != nil || n != len(tt.want) {
				t.Errorf("counted %d, %v; want %d", n, err, len(tt.want))
			}
		})
	}
}

func TestEventsAreFoundPageByPage(t *testing.T) {
	d := filled(t)
	got, err := audit.Find(t.Context(), d, audit.Filter{}, models.Page{Number: 2, Size: 3})
	if err != nil || !slices.Equal(seqs(got), []int64{5, 4, 3}) || got[1].Changes[1].New != "me@a.example" {
		t.Errorf("the second page is %+v, %v", got, err)
	}
	last, err := audit.Of(t.Context(), d, 2, "SC-12")
	if err != nil || !slices.Equal(seqs(last), []int64{6, 5}) {
		t.Errorf("the last two events of a thing are %v, %v", seqs(last), err)
	}
	if none, err := audit.Of(t.Context(), d, 2); err != nil || len(none) > 0 {
		t.Errorf("of no thing there are %v, %v", seqs(none), err)
	}
}

func TestManyEventsAreReadInTheirOrder(t *testing.T) {
	const n = 2500
	d := dbtest.New(t)
	dbtest.Write(t, d, person, func(tx *db.Tx) error {
		for range n {
			if err := audit.Record(t.Context(), tx, audit.OfferingAdded, "SC-1", audit.Change{Field: "mail", New: "a", Person: 7}); err != nil {
				return err
			}
		}
		return nil
	})
	all := events(t, d)
	for i, e := range all {
		if e.Seq != int64(i+1) || e.Changes[0].New != "a" || e.From != person.From {
			t.Fatalf("event %d is %+v", i+1, e)
		}
	}
	if r := verify(t, d, ""); len(all) != n || !r.OK() || r.Events != n {
		t.Errorf("%d events; found %+v", len(all), r)
	}
}
