package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"pilveturg/models"
)

// oracle answers requests by looking at every document anew: slow, and as plain as
// the rules are.
type oracle struct {
	docs     []*Document // those that can be found
	held     []*Document // those that count for how frequent words are
	day      models.Date
	synonyms synonyms
	stem     *stemmer

	facts     map[int64]*facts
	frequency map[string]int // of words and names of values
	stems     map[string][tongues]string
	known     map[string]bool
}

// facts are what is asked of a document again and again.
type facts struct {
	values map[Value]bool
	labels map[string]uint32 // words of names of its values, with their impacts
	names  map[string]uint32 // whole names, as " word word "
}

// answer is what is compared with a [Result].
type answer struct {
	total   int
	ids     []int64 // in order
	counts  map[Value]int
	vendors map[int64]int
	widened bool
}

func newOracle(docs []*Document, day models.Date) *oracle {
	stem, err := newStemmer()
	if err != nil {
		panic(err)
	}
	o := &oracle{docs: docs, held: docs, day: day, stem: stem}
	o.count()
	return o
}

// count counts in how many documents each word stands.
func (o *oracle) count() {
	o.frequency, o.stems, o.facts = map[string]int{}, map[string][tongues]string{}, map[int64]*facts{}
	for _, d := range o.held {
		for _, t := range d.Terms {
			o.frequency[t.Text]++
		}
		f := &facts{o.valuesOf(d), map[string]uint32{}, map[string]uint32{}}
		o.facts[d.Card.ID] = f
		for _, v := range o.named(d) {
			for w := range labelWords(v) {
				o.frequency[w]++
				f.labels[w] = max(f.labels[w], labelImpact(v))
			}
			g, _ := testLayout().Group(v.Group)
			for _, name := range testLayout().names(&g, v.Value) {
				key := " " + strings.Join(words(name), " ") + " "
				f.names[key] = max(f.names[key], labelImpact(v))
			}
		}
	}
	for w := range o.frequency {
		var s [tongues]string
		for t := range tongues {
			s[t], _ = o.stem.stem(tongue(t), w)
		}
		o.stems[w] = s
	}
}

func (o *oracle) values(d *Document) map[Value]bool { return o.facts[d.Card.ID].values }

// valuesOf returns the values of a document on the day.
func (o *oracle) valuesOf(d *Document) map[Value]bool {
	all := map[Value]bool{}
	for _, v := range d.Values {
		all[v] = true
	}
	for _, t := range d.Timed {
		if t.Until.Before(o.day) {
			all[Value{t.Group, t.Then}] = true
		} else {
			all[Value{t.Group, t.Now}] = true
		}
	}
	return all
}

// named returns the values of a document by whose names it is found: of ordered
// ones, only the best.
func (o *oracle) named(d *Document) []Value {
	l := testLayout()
	have := o.values(d)
	var all []Value
	for v := range have {
		g, _ := l.Group(v.Group)
		i := slices.Index(g.Values, v.Value)
		if i < 0 || g.Mode == AtLeast && i+1 < len(g.Values) && g.Values[i+1] != Unknown && have[Value{v.Group, g.Values[i+1]}] {
			continue
		}
		if len(l.names(&g, v.Value)) > 0 {
			all = append(all, v)
		}
	}
	return all
}

// labelWords returns the words of the names of a value, with the joined ones.
func labelWords(v Value) map[string]bool {
	l := testLayout()
	g, _ := l.Group(v.Group)
	all := map[string]bool{}
	for _, name := range l.names(&g, v.Value) {
		clusters(name, func(c cluster) bool {
			for _, p := range c {
				all[p.text] = true
			}
			c.joined(func(w string) { all[w] = true })
			return true
		})
	}
	return all
}

func (o *oracle) rarity(df int) uint32 {
	n := float64(len(o.docs))
	f := math.Min(float64(df), n)
	return uint32(math.Round(1024 * math.Log(1+(n-f+0.5)/(f+0.5))))
}

// answer works a request out.
func (o *oracle) answer(req Request) answer {
	q := ParseQuery(req.Text)
	clauses := o.clauses(&q)
	matched := o.matched(clauses, false)
	ans := o.count1(req, &q, matched)
	if ans.total == 0 && q.Positive() && len(matched) == 0 {
		matched = o.matched(clauses, true)
		ans = o.count1(req, &q, matched)
		ans.widened = len(matched) > 0
	}
	return ans
}

// matched returns the scores of the documents that fulfil the clauses.
func (o *oracle) matched(clauses []oracleClause, any bool) map[int64]uint32 {
	all := map[int64]uint32{}
	for _, d := range o.docs {
		total, good, some := uint32(0), true, false
		for _, c := range clauses {
			score, ok := c.score(d)
			switch {
			case c.not:
				good = good && !ok
			case ok && any:
				some = true
				total += covered + min(score, covered/MaxWords)
			case ok:
				total += score
			case !any:
				good = false
			}
		}
		if good && (some || !any) {
			all[d.Card.ID] = total
		}
	}
	return all
}

// count1 narrows, counts and orders what matched.
func (o *oracle) count1(req Request, q *Query, matched map[int64]uint32) answer {
	ans := answer{counts: map[Value]int{}, vendors: map[int64]int{}}
	var left []*Document
	for _, d := range o.docs {
		if _, ok := matched[d.Card.ID]; !ok || !o.inRanges(d, req) {
			continue
		}
		fails := o.fails(d, req)
		if len(fails) == 0 {
			ans.total++
			left = append(left, d)
		}
		for v := range o.values(d) {
			g, _ := testLayout().Group(v.Group)
			own := g.Mode != All && len(fails) == 1 && fails[v.Group]
			if !g.Hidden && (len(fails) == 0 || own) {
				ans.counts[v]++
			}
		}
		if len(fails) == 0 || len(fails) == 1 && fails["vendor"] {
			ans.vendors[d.Card.VendorID]++
		}
	}
	o.order(left, req, q, matched)
	for _, d := range left {
		ans.ids = append(ans.ids, d.Card.ID)
	}
	return ans
}

// fails returns the groups whose filters a document does not pass.
func (o *oracle) fails(d *Document, req Request) map[string]bool {
	have, fails := o.values(d), map[string]bool{}
	chosen := map[string][]string{}
	for _, f := range req.Filters {
		chosen[f.Group] = append(chosen[f.Group], f.Values...)
	}
	if chosen[GroupLife] == nil && !req.Closed {
		chosen[GroupLife] = []string{openLife}
	}
	for group, values := range chosen {
		g, ok := testLayout().Group(group)
		if !ok || g.Hidden || len(values) == 0 {
			continue
		}
		all, some := true, false
		for _, v := range values {
			if g.Mode == All && v == Unknown {
				continue
			}
			all = all && have[Value{group, v}]
			some = some || have[Value{group, v}]
		}
		pass := some
		if g.Mode == All {
			only := !slices.ContainsFunc(values, func(v string) bool { return v != Unknown })
			pass = all && !only || slices.Contains(values, Unknown) && have[Value{group, Unknown}]
		}
		if !pass {
			fails[group] = true
		}
	}
	if len(req.Vendors) > 0 && !slices.Contains(req.Vendors, d.Card.VendorID) {
		fails["vendor"] = true
	}
	return fails
}

func (o *oracle) inRanges(d *Document, req Request) bool {
	for _, r := range req.Ranges {
		c, ok := testLayout().Column(r.Column)
		if !ok {
			continue
		}
		i := slices.IndexFunc(d.Numbers, func(n Number) bool { return n.Column == r.Column })
		if i < 0 {
			if !r.Unknown {
				return false
			}
			continue
		}
		n, _ := models.NewDecimal(d.Numbers[i].N, c.Places)
		if r.Min != nil && n.Cmp(*r.Min) < 0 || r.Max != nil && n.Cmp(*r.Max) > 0 {
			return false
		}
	}
	if req.Volume == nil || req.Price.Min == nil && req.Price.Max == nil {
		return true
	}
	p := Cheapest(d.Card.Plans, *req.Volume)
	if !p.Known || p.Year.Low.Currency != Currency {
		return req.Price.Unknown
	}
	low := p.Year.Low.Minor
	return (req.Price.Min == nil || low >= *req.Price.Min) && (req.Price.Max == nil || low <= *req.Price.Max)
}

// order sorts the documents that are left.
func (o *oracle) order(docs []*Document, req Request, q *Query, scores map[int64]uint32) {
	number := func(d *Document, column string) int64 {
		for _, n := range d.Numbers {
			if n.Column == column {
				return n.N
			}
		}
		return -1
	}
	price := func(d *Document) (class int, low int64) {
		p := Cheapest(d.Card.Plans, *req.Volume)
		switch {
		case p.Known && p.Year.Low.Currency == Currency:
			return 0, p.Year.Low.Minor
		case p.Known:
			return 1, 0
		case p.OnRequest:
			return 2, 0
		}
		return 3, 0
	}
	slices.SortFunc(docs, func(a, b *Document) int {
		var c int
		switch {
		case req.Sort == ByPrice && req.Volume != nil:
			class1, low1 := price(a)
			class2, low2 := price(b)
			c = cmp.Or(cmp.Compare(class1, class2), cmp.Compare(low1, low2))
		case req.Sort == ByUsers:
			c = cmp.Compare(number(b, ColumnUsers), number(a, ColumnUsers))
		case req.Sort == Newest:
			c = cmp.Compare(number(b, ColumnPublished), number(a, ColumnPublished))
		case len(q.Clauses) > 0:
			c = cmp.Or(cmp.Compare(o.tier(b, q), o.tier(a, q)), cmp.Compare(sunk(scores[b.Card.ID], o.stale(b)), sunk(scores[a.Card.ID], o.stale(a))))
		case o.stale(a) != o.stale(b):
			c = 1
			if o.stale(b) {
				c = -1
			}
		}
		day := int32(DayNumber(o.day))
		return cmp.Or(c, cmp.Compare(tieOf(b.Card.ID, day), tieOf(a.Card.ID, day)), cmp.Compare(a.Card.ID, b.Card.ID))
	})
}

// stale reports whether something that the document says was not confirmed in time.
func (o *oracle) stale(d *Document) bool {
	return slices.ContainsFunc(d.Timed, func(t Timed) bool { return t.Group == GroupStale && t.Until.Before(o.day) })
}

// tier is higher for what the query names.
func (o *oracle) tier(d *Document, q *Query) int {
	typed := ""
	for _, c := range q.Clauses {
		if c.Not || len(c.Words) > 1 {
			return 0
		}
		typed += strings.Join(c.Words[0].Parts, "")
	}
	if id, ok := typedID(typed); ok && id == d.Card.ID {
		return 3
	}
	for _, w := range d.Card.Words {
		if nameKey(w.Name) == typed {
			return 2
		}
	}
	for _, name := range d.Card.Vendor {
		if nameKey(name) == typed {
			return 1
		}
	}
	return 0
}
