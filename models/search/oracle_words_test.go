package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// oracleClause holds for a document when one of its ways does.
type oracleClause struct {
	not  bool
	ways []func(*Document) (score uint32, ok bool)
}

func (c *oracleClause) score(d *Document) (best uint32, ok bool) {
	for _, w := range c.ways {
		if s, holds := w(d); holds {
			best, ok = max(best, s), true
		}
	}
	return best, ok
}

func (o *oracle) clauses(q *Query) []oracleClause {
	var all []oracleClause
	for i := 0; i < len(q.Clauses); i++ {
		if n := o.together(q.Clauses[i:], &all); n > 0 {
			i += n - 1
			continue
		}
		c := oracleClause{not: q.Clauses[i].Not}
		for _, w := range q.Clauses[i].Words {
			c.ways = append(c.ways, o.word(w, c.not)...)
		}
		all = append(all, c)
	}
	typed := ""
	for _, c := range q.Clauses {
		if c.Not || len(c.Words) > 1 {
			return all
		}
		typed += strings.Join(c.Words[0].Parts, "")
	}
	if id, ok := typedID(typed); ok && o.there(id) && len(q.Clauses) > 1 && strings.HasPrefix(typed, "sc") {
		return []oracleClause{{ways: []func(*Document) (uint32, bool){isOffering(id)}}}
	}
	return all
}

func (o *oracle) there(id int64) bool {
	return slices.ContainsFunc(o.docs, func(d *Document) bool { return d.Card.ID == id })
}

func isOffering(id int64) func(*Document) (uint32, bool) {
	return func(d *Document) (uint32, bool) { return 1, d.Card.ID == id }
}

// word returns the ways to fulfil a word.
func (o *oracle) word(w Word, not bool) []func(*Document) (uint32, bool) {
	type ways = []func(*Document) (uint32, bool)
	whole := strings.Join(w.Parts, "")
	if w.Phrase {
		return o.phrase(w.Parts)
	}
	var all ways
	worth := map[string]int{}
	switch {
	case w.Prefix:
		o.exact(worth, whole, 256)
		o.most(worth, 256, 256, func(t string) bool { return strings.HasPrefix(t, whole) })
	case not:
		o.family(worth, whole, 256, 200)
	default:
		o.widen(worth, w, whole)
		for _, other := range o.synonyms[whole] {
			all = append(all, o.synonym(other)...)
		}
	}
	if len(worth) > 0 {
		all = append(all, o.anyOf(worth))
	}
	if len(w.Parts) > 1 {
		all = append(all, o.phrase(w.Parts)...)
	}
	if id, ok := typedID(whole); ok && !w.Prefix && o.there(id) {
		all = append(all, isOffering(id))
	}
	if len(all) == 0 && !not && !w.Prefix {
		return o.rescue(whole)
	}
	return all
}

func (o *oracle) widen(worth map[string]int, w Word, whole string) {
	o.family(worth, whole, 256, 200)
	forms := map[string]bool{}
	for t := range worth {
		forms[t] = true
	}
	forms[whole] = true
	for t := range forms {
		if utf8.RuneCountInString(t) < 4 {
			delete(forms, t)
		}
	}
	known := func(t string) bool {
		_, ok := o.dictionary()[t]
		return ok && utf8.RuneCountInString(t) >= 3
	}
	o.most(worth, 90, 32, func(t string) bool {
		for f := range forms {
			if strings.HasSuffix(t, f) && known(strings.TrimSuffix(t, f)) {
				return true
			}
		}
		return false
	})
	o.most(worth, 90, 32, func(t string) bool {
		for f := range forms {
			if strings.HasPrefix(t, f) && known(strings.TrimPrefix(t, f)) {
				return true
			}
		}
		return false
	})
	if s, ok := o.stem.stem(estonian, whole); ok {
		o.most(worth, 120, 64, func(t string) bool {
			other := o.stems[t][estonian]
			short, long := s, other
			if len(short) > len(long) {
				short, long = long, short
			}
			more := utf8.RuneCountInString(long) - utf8.RuneCountInString(short)
			return other != "" && strings.HasPrefix(long, short) && more >= 1 && more <= 2 && utf8.RuneCountInString(short) >= 4
		})
	}
	if w.Last && utf8.RuneCountInString(whole) >= 3 {
		o.most(worth, 110, 32, func(t string) bool { return strings.HasPrefix(t, whole) })
	}
}

// dictionary holds the words that are known: those of documents and all names of
// values.
func (o *oracle) dictionary() map[string]bool {
	if o.known == nil {
		o.known = map[string]bool{}
		for w := range o.frequency {
			o.known[w] = true
		}
		for _, w := range testLayout().labels.words {
			o.known[w] = true
		}
	}
	return o.known
}

func (o *oracle) exact(worth map[string]int, word string, n int) {
	if o.frequency[word] > 0 {
		worth[word] = max(worth[word], n)
	}
}

func (o *oracle) family(worth map[string]int, word string, exact, stem int) {
	o.exact(worth, word, exact)
	for t := range tongues {
		s, ok := o.stem.stem(tongue(t), word)
		if !ok {
			continue
		}
		for w, stems := range o.stems {
			if stems[t] == s {
				worth[w] = max(worth[w], stem)
			}
		}
	}
}

// most adds the words that fulfil a rule, at most so many, the most frequent first.
func (o *oracle) most(worth map[string]int, n, most int, rule func(string) bool) {
	var list []string
	for w := range o.frequency {
		if rule(w) {
			list = append(list, w)
		}
	}
	o.byFrequency(list)
	for _, w := range list[:min(len(list), most)] {
		worth[w] = max(worth[w], n)
	}
}

func (o *oracle) byFrequency(list []string) {
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(o.frequency[b], o.frequency[a]), strings.Compare(a, b))
	})
}

// anyOf holds for documents with one of the words, or a value so called.
func (o *oracle) anyOf(worth map[string]int) func(*Document) (uint32, bool) {
	df := 0
	for w := range worth {
		df = max(df, o.frequency[w])
	}
	rarity := o.rarity(df)
	factor := func(w string) uint32 { return max(1, rarity*uint32(worth[w])/256) }
	return func(d *Document) (best uint32, ok bool) {
		for _, t := range d.Terms {
			if _, asked := worth[t.Text]; asked {
				best, ok = max(best, factor(t.Text)*uint32(t.Impact)), true
			}
		}
		for w, impact := range o.facts[d.Card.ID].labels {
			if _, asked := worth[w]; asked {
				best, ok = max(best, factor(w)*impact), true
			}
		}
		return best, ok
	}
}

func labelImpact(v Value) uint32 {
	if v.Group == GroupCategory {
		return uint32(impactOf(fieldCategory))
	}
	return uint32(impactOf(fieldAnswers))
}

// phrase holds for documents in which the words follow each other, or that have a
// value whose name holds them so.
func (o *oracle) phrase(parts []string) []func(*Document) (uint32, bool) {
	var sum uint32
	for _, p := range parts {
		if o.frequency[p] == 0 {
			return nil
		}
		sum += max(1, o.rarity(o.frequency[p]))
	}
	if len(parts) == 1 {
		return []func(*Document) (uint32, bool){o.anyOf(map[string]int{parts[0]: 256})}
	}
	return []func(*Document) (uint32, bool){func(d *Document) (best uint32, ok bool) {
		if d.holds(parts) {
			ok = true
			for _, p := range parts {
				for _, t := range d.Terms {
					if t.Text == p {
						best += max(1, o.rarity(o.frequency[p])) * uint32(t.Impact)
					}
				}
			}
		}
		for name, impact := range o.facts[d.Card.ID].names {
			if strings.Contains(name, " "+strings.Join(parts, " ")+" ") {
				best, ok = max(best, sum*impact), true
			}
		}
		return best, ok
	}}
}

// holds reports whether the words stand in one text of the document in this order.
func (d *Document) holds(parts []string) bool {
	var text strings.Builder
	text.WriteString(" ")
	for _, t := range d.Tokens {
		if t == 0 {
			text.WriteString("| ")
			continue
		}
		text.WriteString(d.Terms[t-1].Text + " ")
	}
	return strings.Contains(text.String(), " "+strings.Join(parts, " ")+" ")
}

// together takes a phrase that has synonyms for one clause.
func (o *oracle) together(clauses []Clause, into *[]oracleClause) int {
	best, key, bestKey := 0, "", ""
	for i := 0; i < len(clauses) && i < 4; i++ {
		if clauses[i].Not || len(clauses[i].Words) != 1 || clauses[i].Words[0].Prefix {
			break
		}
		key = strings.TrimSpace(key + " " + strings.Join(clauses[i].Words[0].Parts, " "))
		if _, ok := o.synonyms[key]; ok && i > 0 {
			best, bestKey = i+1, key
		}
	}
	if best == 0 {
		return 0
	}
	var c oracleClause
	for _, other := range o.synonyms[bestKey] {
		c.ways = append(c.ways, o.synonym(other)...)
	}
	var atoms []func(*Document) (uint32, bool)
	for _, one := range clauses[:best] {
		worth := map[string]int{}
		o.widen(worth, one.Words[0], strings.Join(one.Words[0].Parts, ""))
		if len(worth) == 0 {
			atoms = nil
			break
		}
		atoms = append(atoms, o.anyOf(worth))
	}
	if len(atoms) > 0 {
		c.ways = append(c.ways, every(atoms))
	}
	*into = append(*into, c)
	return best
}

func (o *oracle) synonym(words []string) []func(*Document) (uint32, bool) {
	var atoms []func(*Document) (uint32, bool)
	for _, w := range words {
		worth := map[string]int{}
		o.family(worth, w, 220, 220*200/256)
		if len(worth) == 0 {
			return nil
		}
		atoms = append(atoms, o.anyOf(worth))
	}
	return []func(*Document) (uint32, bool){every(atoms)}
}

// every holds when all do.
func every(atoms []func(*Document) (uint32, bool)) func(*Document) (uint32, bool) {
	return func(d *Document) (sum uint32, ok bool) {
		for _, a := range atoms {
			score, holds := a(d)
			if !holds {
				return 0, false
			}
			sum += score
		}
		return sum, true
	}
}

// rescue takes an unknown word for two, or for another one.
func (o *oracle) rescue(word string) []func(*Document) (uint32, bool) {
	best, at := 0, 0
	for i := range word {
		if utf8.RuneCountInString(word[:i]) >= 3 && utf8.RuneCountInString(word[i:]) >= 3 {
			if df := min(o.frequency[word[:i]], o.frequency[word[i:]]); df > best {
				best, at = df, i
			}
		}
	}
	if best > 0 {
		head, tail := map[string]int{}, map[string]int{}
		o.family(head, word[:at], 256, 200)
		o.family(tail, word[at:], 256, 200)
		return []func(*Document) (uint32, bool){every([]func(*Document) (uint32, bool){o.anyOf(head), o.anyOf(tail)})}
	}
	meant := o.misspelt(word)
	if len(meant) == 0 {
		return nil
	}
	for _, other := range meant[1:] {
		if o.stem.kin(meant[0], other) {
			continue
		}
		if o.frequency[meant[0]] < 4*o.frequency[other] {
			return nil
		}
		break
	}
	worth := map[string]int{}
	o.family(worth, meant[0], 160, 160*200/256)
	return []func(*Document) (uint32, bool){o.anyOf(worth)}
}

// misspelt returns the words with the fewest typing errors between, when there are
// no more than may be.
func (o *oracle) misspelt(word string) []string {
	most := 0
	switch n := utf8.RuneCountInString(word); {
	case strings.ContainsAny(word, "0123456789") || n < 4:
		return nil
	case n < 8:
		most = 1
	default:
		most = 2
	}
	byErrors := map[int][]string{}
	for w := range o.frequency {
		if !strings.ContainsAny(w, "0123456789") {
			n := typingErrors([]rune(word), []rune(w))
			byErrors[n] = append(byErrors[n], w)
		}
	}
	for n := 1; n <= most; n++ {
		if list := byErrors[n]; len(list) > 0 {
			o.byFrequency(list)
			return list
		}
	}
	return nil
}

// typingErrors counts them by the book.
func typingErrors(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
