package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pilveturg/db"
	"pilveturg/models/catalogue"
)

// nameList keeps in memory what the lists need of the whole catalogue. At every
// use it asks the database whether anything has changed since, and if so it reads
// what has.
type nameList struct {
	mu   sync.Mutex // held while gathering, so that it is done once
	kept *names
}

// lists returns the names as the database holds them now.
func (s *Site) lists(ctx context.Context) (*names, error) {
	stamp, err := catalogue.FindStamp(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	l := s.names
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept != nil && l.kept.stamp == stamp {
		return l.kept, nil
	}
	var fresh *names
	// One moment, so that the stamp belongs to what is read with it.
	err = s.DB.Read(ctx, func(r db.Reader) (err error) {
		fresh, err = s.gather(ctx, r, l.kept)
		return err
	})
	if err != nil {
		return nil, err
	}
	l.kept = fresh
	return fresh, nil
}

// names is the catalogue at one moment. It does not change, so that many requests
// may read it at once.
type names struct {
	stamp    catalogue.Stamp
	services []named            // the most used first
	in       map[string][]int64 // category to the services in it and below it, in the same order
	offered  map[int64]int      // vendor to the number of its services
	used     map[int64]int      // organisation to the number of services it uses
	organs   *organs
}

// named is a service with its names as [fold] writes them.
type named struct {
	catalogue.Entry
	folded string
}

// fewChanges is how many listings may have changed for the others to be kept.
const fewChanges = 1000

// gather reads what has changed since before, or all when that is unknown.
func (s *Site) gather(ctx context.Context, r db.Reader, before *names) (*names, error) {
	n := &names{in: map[string][]int64{}, offered: map[int64]int{}}
	var err error
	if n.stamp, err = catalogue.FindStamp(ctx, r); err != nil {
		return nil, err
	}
	if n.used, err = catalogue.CountUsed(ctx, r); err != nil {
		return nil, err
	}
	if before != nil && before.stamp.Organisations == n.stamp.Organisations {
		n.organs = before.organs
	} else if n.organs, err = s.gatherOrgans(ctx, r); err != nil {
		return nil, err
	}
	if n.services, err = gatherServices(ctx, r, before); err != nil {
		return nil, err
	}
	for _, e := range n.services {
		n.offered[e.VendorID]++
		for _, slug := range s.above(e.Categories) {
			n.in[slug] = append(n.in[slug], e.ID)
		}
	}
	return n, nil
}

func gatherServices(ctx context.Context, r db.Reader, before *names) ([]named, error) {
	var kept []named
	var fresh []catalogue.Entry
	ids, few, err := []int64(nil), false, error(nil)
	if before != nil {
		ids, few, err = catalogue.ChangedSince(ctx, r, before.stamp, fewChanges)
	}
	switch {
	case err != nil:
	case few:
		changed := make(map[int64]bool, len(ids))
		for _, id := range ids {
			changed[id] = true
		}
		kept = slices.DeleteFunc(slices.Clone(before.services), func(e named) bool { return changed[e.ID] })
		fresh, err = catalogue.Entries(ctx, r, ids)
	default:
		fresh, err = catalogue.AllEntries(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	for _, e := range fresh {
		kept = append(kept, named{e, fold(strings.Join(e.Names, "\n"))})
	}
	slices.SortFunc(kept, func(a, b named) int { return cmp.Or(b.Users-a.Users, cmp.Compare(a.ID, b.ID)) })
	return kept, nil
}

// above returns the categories and all that are above them, each once.
func (s *Site) above(categories []string) []string {
	var all []string
	for _, slug := range categories {
		for c, ok := s.Schema.Category(slug); ok && !slices.Contains(all, c.Slug); c, ok = s.Schema.Category(c.Parent) {
			all = append(all, c.Slug)
		}
	}
	return all
}

// match returns the services that have every word of the query in a name of theirs
// or of their vendor, in any language, or as their number. Those that have all of
// it in their own come first; within that the most used do.
func (n *names) match(query string) []int64 {
	words := queryWords(query)
	if len(words) == 0 {
		return nil
	}
	var first, others []int64
	for _, e := range n.services {
		own, found := true, true
		for _, w := range words {
			if strings.Contains(e.folded, w.text) || w.id == e.ID {
				continue
			}
			own = false
			if found = strings.Contains(n.organs.folded[e.VendorID], w.text); !found {
				break
			}
		}
		switch {
		case found && own:
			first = append(first, e.ID)
		case found:
			others = append(others, e.ID)
		}
	}
	return append(first, others...)
}

// queryWord is a word that is looked for.
type queryWord struct {
	text string // see fold
	id   int64  // the offering whose number it is, "sc142" or "142"; 0 when it is no number
}

// queryWords are the words of a query, each once.
func queryWords(query string) []queryWord {
	var words []queryWord
	for _, text := range strings.Fields(fold(query)) {
		w := queryWord{text: text}
		if id, err := strconv.ParseInt(strings.TrimPrefix(text, "sc"), 10, 64); err == nil {
			w.id = id
		}
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// fold makes a text so that it is found however it is typed: lower case, letters
// without their marks, nothing inside words but letters and digits ("e-Kool" is
// found as "ekool"), single characters between words.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if plain, ok := ligatures[r]; ok {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
		case unicode.Is(unicode.Mn, r), strings.ContainsRune("-'’.\u00ad", r):
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// ligatures are letters that have no marks to take away.
var ligatures = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ı': "i", 'þ': "th", 'ð': "d"}
