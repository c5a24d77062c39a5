package identity_test

import (
	"reflect"
	"testing"

	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
)

func TestBriefs(t *testing.T) {
	d := dbtest.New(t)
	_, m, err := put(t, d, ministry)
	if err != nil {
		t.Fatal(err)
	}
	_, a, err := put(t, d, agency)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		ids  []int64
		want map[int64]identity.Brief
	}{
		{"nobody is asked for", nil, map[int64]identity.Brief{}},
		{"one is asked for, and one that is gone", []int64{a.ID, 99}, map[int64]identity.Brief{
			a.ID: {ID: a.ID, Slug: "board", Kind: identity.Agency, Names: models.Text{"en": "Board"}}}},
		{"two are asked for", []int64{a.ID, m.ID}, map[int64]identity.Brief{
			a.ID: {ID: a.ID, Slug: "board", Kind: identity.Agency, Names: models.Text{"en": "Board"}},
			m.ID: {ID: m.ID, Slug: "ministry-of-learning", Kind: identity.Ministry, Country: "EE", Names: ministry.Names}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := identity.Briefs(t.Context(), d, tt.ids)
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}
