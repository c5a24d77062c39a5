package saved_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/saved"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// house is a database with two people of a body.
func house(t *testing.T) (d *db.DB, one, other models.Actor) {
	t.Helper()
	d = dbtest.New(t)
	org := identity.Organisation{Key: models.Key{Scheme: "test", Code: "a"}, Kind: identity.Agency, Names: models.Text{"en": "A"}}
	people := []*models.Actor{&one, &other}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		if _, _, err := identity.Put(t.Context(), tx, &org); err != nil {
			return err
		}
		for i, p := range people {
			a := identity.Account{Mail: string(rune('a'+i)) + "@a.example", Name: "Person", Language: "en"}
			if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
				return err
			}
			*p = models.Actor{AccountID: a.ID, OrgID: org.ID, Roles: []models.Role{models.Buyer}}
		}
		return nil
	})
	return d, one, other
}

func TestWhatIsNewIsToldFromWhatWasFound(t *testing.T) {
	d, one, other := house(t)
	keep := func(i *saved.Item, found []int64, replace bool) error {
		return d.Write(t.Context(), one, func(tx *db.Tx) error { return saved.Keep(t.Context(), tx, i, found, replace) })
	}
	many := make([]int64, saved.MaxFound+1)
	for i := range many {
		many[i] = int64(i + 1)
	}
	for name, c := range map[string]struct {
		before, now []int64
		more, fewer int
		ok          bool
	}{
		"nothing":        {nil, nil, 0, 0, true},
		"the same":       {[]int64{1, 2}, []int64{2, 1}, 0, 0, true},
		"one more":       {[]int64{1}, []int64{1, 12}, 1, 0, true},
		"one for one":    {[]int64{1, 2}, []int64{2, 3}, 1, 1, true},
		"all gone":       {[]int64{1, 2}, nil, 0, 2, true},
		"too many then":  {many, []int64{1}, 0, 0, false},
		"too many now":   {[]int64{1}, many, 0, 0, false},
		"as many as fit": {many[1:], many[:saved.MaxFound], 1, 1, true},
	} {
		i := saved.Item{Kind: saved.Search, Name: name, Query: "q=" + name}
		if err := keep(&i, c.before, false); err != nil {
			t.Fatal(err)
		}
		kept, err := saved.Find(t.Context(), d, one, i.ID)
		if err != nil {
			t.Fatal(err)
		}
		if more, fewer, ok := kept.New(c.now); more != c.more || fewer != c.fewer || ok != c.ok {
			t.Errorf("%s: %d new, %d gone, %t", name, more, fewer, ok)
		}
		if _, err := saved.Find(t.Context(), d, other, i.ID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: a colleague finds it: %v", name, err)
		}
		for what, f := range map[string]func(context.Context, *db.Tx) error{
			"looks":   func(ctx context.Context, tx *db.Tx) error { return saved.Look(ctx, tx, i.ID, nil) },
			"removes": func(ctx context.Context, tx *db.Tx) error { return saved.Remove(ctx, tx, i.ID) },
		} {
			if err := d.Write(t.Context(), other, func(tx *db.Tx) error { return f(t.Context(), tx) }); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("%s: a colleague %s: %v", name, what, err)
			}
		}
	}
}

func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	d, one, _ := house(t)
	for name, i := range map[string]saved.Item{
		"no name":        {Kind: saved.Search, Name: "  "},
		"a long name":    {Kind: saved.Search, Name: strings.Repeat("õ", saved.MaxName+1)},
		"a long query":   {Kind: saved.Search, Name: "x", Query: strings.Repeat("x", saved.MaxQuery+1)},
		"an odd kind":    {Kind: "list", Name: "x"},
		"one more of it": {Kind: saved.Search, Name: "one too many"},
	} {
		if name == "one more of it" {
			for n := range saved.MaxItems {
				filler := saved.Item{Kind: saved.Comparison, Name: strings.Repeat("x", n+1)}
				dbtest.Write(t, d, one, func(tx *db.Tx) error { return saved.Keep(t.Context(), tx, &filler, nil, false) })
			}
		}
		var wrong models.Invalid
		if err := d.Write(t.Context(), one, func(tx *db.Tx) error { return saved.Keep(t.Context(), tx, &i, nil, false) }); !errors.As(err, &wrong) || wrong["name"] == "" {
			t.Errorf("%s: %v", name, err)
		}
		if name == "one more of it" {
			dbtest.Write(t, d, one, func(tx *db.Tx) error { return saved.Forget(t.Context(), tx, one.AccountID) })
		}
	}
	if all, err := saved.All(t.Context(), d, one); err != nil || len(all) != 0 {
		t.Errorf("%d are kept: %v", len(all), err)
	}
	if err := d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error {
		return saved.Keep(t.Context(), tx, &saved.Item{Kind: saved.Search, Name: "x"}, nil, false)
	}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a visitor keeps one: %v", err)
	}
}
