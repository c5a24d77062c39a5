package handlers

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// organs are all organisations, as lists show them.
type organs struct {
	byID map[int64]*organ
	tops []*organ // public bodies with no other above
	rank map[string]func() map[int64]int
}

// organ is an organisation as lists show it.
type organ struct {
	ID       int64
	Slug     string
	Kind     identity.Kind
	Country  string
	Invented bool
	Names    models.Text
	Parent   *organ   // of a public body; nil at the top
	Below    []*organ // public bodies
}

func (s *Site) gatherOrgans(ctx context.Context, r db.Reader) (*organs, error) {
	all := &organs{byID: map[int64]*organ{}, rank: map[string]func() map[int64]int{}}
	byKey := map[models.Key]*organ{}
	err := identity.All(ctx, r, func(o identity.Organisation) error { // which gives parents first
		g := &organ{ID: o.ID, Slug: o.Slug, Kind: o.Kind, Country: o.Country, Invented: o.Invented, Names: o.Names}
		byKey[o.Key], all.byID[o.ID] = g, g
		if !g.public() {
			return nil
		}
		if parent := byKey[o.Parent]; parent != nil && parent.public() {
			g.Parent = parent
			parent.Below = append(parent.Below, g)
		} else {
			all.tops = append(all.tops, g)
		}
		return nil
	})
	for _, lang := range s.Langs {
		all.rank[lang] = sync.OnceValue(func() map[int64]int { return s.ranked(lang, all.byID) })
	}
	return all, err
}

// ranked gives every organisation its place in the alphabet of a language.
func (s *Site) ranked(lang string, byID map[int64]*organ) map[int64]int {
	type titled struct {
		id   int64
		name string
	}
	list := make([]titled, 0, len(byID))
	for id, g := range byID {
		list = append(list, titled{id, g.name(lang).Text})
	}
	l := s.Views[lang].Locale
	slices.SortFunc(list, func(a, b titled) int {
		if c := l.Compare(a.name, b.name); c != 0 {
			return c
		}
		return cmp.Compare(a.id, b.id)
	})
	rank := make(map[int64]int, len(list))
	for i, n := range list {
		rank[n.id] = i
	}
	return rank
}

// sorted returns the organisations in the order of their names in a language.
func (o *organs) sorted(lang string, list []*organ) []*organ {
	rank := o.rank[lang]()
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b *organ) int { return rank[a.ID] - rank[b.ID] })
	return list
}

// public reports whether the organisation is a public body: those buy, and have
// their pages under /agencies.
func (g *organ) public() bool { return g.Kind != identity.Vendor && g.Kind != identity.Operator }

func (g *organ) name(lang string) views.Words { return views.In(g.Names, lang) }

// path is the path of the organisation's page; "" when it has none.
func (g *organ) path() string {
	switch {
	case g.public():
		return agencyPath(g.ID, g.Slug)
	case g.Kind == identity.Vendor:
		return vendorPath(g.ID, g.Slug)
	default:
		return ""
	}
}

// link leads to the organisation's page.
func (g *organ) link(lang string) views.Link {
	name := g.name(lang)
	l := views.Link{Text: name.Text, Lang: name.Lang}
	if path := g.path(); path != "" {
		l.URL = at(lang, path)
	}
	return l
}

// all returns the ids of the body and of those below it.
func (g *organ) all() []int64 {
	ids := []int64{g.ID}
	for _, b := range g.Below {
		ids = append(ids, b.all()...)
	}
	return ids
}
