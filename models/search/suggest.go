package search

import (
	"cmp"
	"slices"
	"strings"

	"pilveturg/models"
)

// Suggestions are what may be meant while a person types.
type Suggestions struct {
	Services   []Hit
	Vendors    []Vendor
	Categories []string // slugs
}

// Suggest returns at most so many services, vendors and categories whose names hold
// words that begin as those typed do; the words before the last one must be whole
// words. What is used most comes first.
func (x *Index) Suggest(text string, most int) Suggestions {
	typed := words(cut(strings.ToValidUTF8(text, " "), maxQuery))
	if len(typed) == 0 || most <= 0 {
		return Suggestions{}
	}
	typed = typed[:min(len(typed), MaxWords)]
	s := x.current.Load()
	return Suggestions{
		Services:   x.suggestServices(s, typed, most),
		Vendors:    s.suggestVendors(typed, most),
		Categories: x.layout.suggestCategories(typed, most),
	}
}

// suggestServices looks in the names of services. Those that begin with the last
// word come first, then the most used.
func (x *Index) suggestServices(s *snapshot, typed []string, most int) []Hit {
	atoms := make([]atom, len(typed))
	for i, word := range typed {
		e := s.expansion(nil)
		if e.exact(word, worthExact); i == len(typed)-1 {
			e.inNames(word)
		}
		for _, f := range e.found() {
			atoms[i].words = append(atoms[i].words, scored{f.id, 1})
		}
		if len(atoms[i].words) == 0 {
			return nil
		}
	}
	d := x.borrow()
	defer x.desk.Put(d)
	d.best.reset(most)
	for _, v := range s.views {
		d.names(v, atoms)
		open := v.column(x.layout.value[x.layout.group[GroupLife]][openLife])
		for doc := range d.cand.all {
			if open == nil || !open.has(doc) {
				continue
			}
			users := max(0, v.numbers[x.layout.column[ColumnUsers]].at(doc))
			d.best.offer(uint64(d.clause.scores[doc])<<40|uint64(users), v, doc, s.day)
		}
	}
	var hits []Hit
	for _, h := range d.best.from(0) {
		hits = append(hits, Hit{ID: h.id, snapshot: s, view: h.view, doc: h.doc})
	}
	return hits
}

// inNames adds the words of names that begin so. Of a few words it does not matter
// whether they stand in names; of many it does, or those of names are left out for
// others that more documents hold.
func (e *expansion) inNames(start string) {
	n := 0
	for _, x := range e.dict.parts {
		n += len(x.starting(start))
	}
	if n <= mostStarred {
		e.prefix(start, mostStarred, worthExact)
		return
	}
	for _, v := range e.views {
		for w := v.names.walk(0); w.next(); {
			if strings.HasPrefix(e.dict.word(w.term), start) {
				e.add(w.term, worthExact)
			}
		}
	}
}

// names finds the documents in whose names all atoms are, with the place of the
// last one as the score of the clause.
func (d *desk) names(v *view, atoms []atom) {
	d.cand = append(d.cand[:0], v.live...)
	for _, a := range atoms {
		d.clause.clear(v.len())
		next := 0
		for _, t := range a.words {
			var data []byte
			if data, next = v.names.find(t.id, next); data != nil {
				d.list.open(data)
				d.pour(&d.clause, t.factor)
			}
		}
		d.cand.and(d.clause.set)
	}
}

// suggestVendors looks in the names of vendors that have something to offer.
func (s *snapshot) suggestVendors(typed []string, most int) []Vendor {
	type match struct {
		place int
		first bool
	}
	var found []match
	offers := s.offers()
	for place, v := range s.sellers {
		if first, ok := namesMatch(v.words, typed); ok && offers[place] > 0 {
			found = append(found, match{place, first})
		}
	}
	slices.SortFunc(found, func(a, b match) int {
		if a.first != b.first {
			if a.first {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(offers[b.place], offers[a.place]), cmp.Compare(s.sellers[a.place].ID, s.sellers[b.place].ID))
	})
	var list []Vendor
	for _, m := range found[:min(len(found), most)] {
		list = append(list, s.sellers[m.place].Vendor)
	}
	return list
}

// offers returns how many documents each vendor has.
func (s *snapshot) offers() []uint32 {
	s.memo.once.Do(func() {
		s.memo.offers = make([]uint32, len(s.sellers))
		for _, v := range s.views {
			for doc := range v.live.all {
				s.memo.offers[v.vendors[doc]]++
			}
		}
	})
	return s.memo.offers
}

// nameWords returns the words of each name.
func nameWords(names models.Text) [][]string {
	var all [][]string
	for _, lang := range models.Languages(names) {
		all = append(all, words(names[lang]))
	}
	return all
}

// namesMatch reports whether the words stand in one of the names, the last one as
// the beginning of a word, and whether a name begins with the first of them.
func namesMatch(names [][]string, typed []string) (first, ok bool) {
	for _, have := range names {
		all := true
		for i, t := range typed {
			all = all && slices.ContainsFunc(have, func(h string) bool {
				return h == t || i == len(typed)-1 && strings.HasPrefix(h, t)
			})
		}
		if all {
			ok = true
			first = first || strings.HasPrefix(have[0], typed[0])
		}
	}
	return first, ok
}

func (l *Layout) suggestCategories(typed []string, most int) []string {
	var first, other []string
	for _, c := range l.schema.Categories {
		switch begins, ok := namesMatch(nameWords(c.Names), typed); {
		case ok && begins:
			first = append(first, c.Slug)
		case ok:
			other = append(other, c.Slug)
		}
	}
	all := append(first, other...)
	return all[:min(len(all), most)]
}
