package search

import (
	"iter"
	"math/bits"
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Sort is the order of results. What is equal comes in an order that is another one
// every day.
type Sort string

// The orders.
const (
	BestMatch Sort = ""       // what fits the words best; what is stale counts less, see [GroupStale]
	ByPrice   Sort = "price"  // the least yearly price first; on request after those with a price
	ByUsers   Sort = "users"  // the most used first
	Newest    Sort = "newest" // the last published first
)

// MostResults is how far into the results a page may be.
const MostResults = 50_000

// Request is a question to the index.
type Request struct {
	Text    string // as it was typed, see [ParseQuery]
	Filters []Filter
	Vendors []int64 // ids; any of them
	Ranges  []Range
	Volume  *Volume // what yearly prices are asked for
	Price   PriceRange
	Closed  bool // also offerings that are closed to new customers or suspended
	Sort    Sort
	Offset  int
	Limit   int // 0: only the total is wanted
}

// Result is what the index answers. It does not change: others may hold the same.
type Result struct {
	Total   int
	Hits    []Hit
	Vendors []VendorCount // those with most results, then those chosen
	Ignored []string      // keys of filters that do not exist
	Query   Query

	Widened     bool         // nothing has all words; these have some of them
	Corrections []Correction // of words that nothing was found for
	DidYouMean  string       // what may have been meant; "" for nothing
	Gain        *Gain        // when nothing is found: what to leave out

	snapshot *snapshot
	counts   []uint32 // by ordinal
	filters  []chosen
	compiled plan // only while it is worked out
	marker   *Marker
}

// GroupCounts tells how many results there would be with each value of a group:
// for one that is not chosen yet, with it in place of those chosen, or besides
// them in an [All] group.
type GroupCounts struct {
	Group
	Counts []ValueCount
}

// ValueCount is a value and how many results have it.
type ValueCount struct {
	Value  string
	Count  int
	Chosen bool
}

// VendorCount is a vendor and how many results are its.
type VendorCount struct {
	*Vendor
	Count  int
	Chosen bool
}

// Gain names the filter without which most would be found.
type Gain struct {
	Group string // key of a group or column, or one of the Gain constants
	Value string // which of its values; "" for all of it
	Total int    // results without it
}

// What a [Gain] may name besides groups and columns.
const (
	GainVendors = "vendors"
	GainPrice   = "price"
)

const openLife = string(catalogue.Open)

// Search answers a request. What it returns is not to be changed.
func (x *Index) Search(req Request) *Result {
	req.Offset = min(max(req.Offset, 0), MostResults)
	req.Limit = min(max(req.Limit, 0), MostResults)
	s := x.current.Load()
	d := x.borrow()
	defer x.desk.Put(d)
	d.key = req.key(d.key[:0])
	if res := s.memo.answers.get(d.key); res != nil {
		return res
	}
	res := x.answer(d, s, &req)
	if len(res.Hits) <= mostKept {
		s.memo.answers.put(d.key, res)
	}
	return res
}

// answer works out the answer to a request.
func (x *Index) answer(d *desk, s *snapshot, req *Request) *Result {
	res := &Result{Query: ParseQuery(req.Text), snapshot: s}
	x.pool.use(func(stem *stemmer) { res.compiled = s.compile(stem, &res.Query) })
	res.Corrections = res.compiled.corrections
	n, ignored := s.narrow(x.layout, req)
	res.Ignored, res.filters = ignored, n.filters
	x.run(d, s, res, req, &n)
	if res.Total == 0 {
		x.help(d, s, res, req, &n)
	}
	x.suggestWords(s, res)
	res.marker = newMarker(s, &res.compiled)
	res.compiled = plan{}
	return res
}

func (x *Index) borrow() *desk {
	if d, ok := x.desk.Get().(*desk); ok {
		return d
	}
	return newDesk()
}

// run finds, counts and orders the results.
func (x *Index) run(d *desk, s *snapshot, res *Result, req *Request, n *narrowing) {
	d.tally.reset(x.layout, s.codes.len())
	d.sellers.reset(len(s.sellers))
	d.best.reset(req.Offset + req.Limit)
	res.Total = 0
	for _, v := range s.views {
		if v.count == 0 {
			continue
		}
		d.match(v, &res.compiled, res.Widened)
		n.limit(x.layout, v, d.cand)
		res.Total += x.count(d, v, n, req.Limit > 0)
		if req.Limit > 0 {
			x.rank(d, s, v, res, req)
		}
	}
	d.tally.settle(n.skip)
	if req.Limit > 0 {
		x.collect(d, s, res, req, n)
	}
}

// collect puts what was found into the result.
func (x *Index) collect(d *desk, s *snapshot, res *Result, req *Request, n *narrowing) {
	res.counts = slices.Clone(d.tally.counts)
	res.Vendors = d.sellers.most(s, n)
	found := d.best.from(req.Offset)
	res.Hits = make([]Hit, 0, len(found))
	for _, h := range found {
		res.Hits = append(res.Hits, Hit{ID: h.id, snapshot: s, view: h.view, doc: h.doc, price: h.view.price(h.doc, n.volume)})
	}
}

// rank offers the documents that are left to the best ones.
func (x *Index) rank(d *desk, s *snapshot, v *view, res *Result, req *Request) {
	key := x.sortKey(d, v, res, req)
	for i, w := range d.left {
		for ; w != 0; w &= w - 1 {
			doc := uint16(i<<6 + bits.TrailingZeros64(w))
			k := key(doc)
			if !d.best.full || k >= d.best.least.key {
				d.best.offer(k, v, doc, s.day)
			}
		}
	}
}

// sortKey returns what gives each document its rank, the higher the better.
func (x *Index) sortKey(d *desk, v *view, res *Result, req *Request) func(doc uint16) uint64 {
	p := &res.compiled
	switch {
	case req.Sort == ByPrice && req.Volume != nil:
		prices := v.priced(x.layout, *req.Volume)
		return func(doc uint16) uint64 { return priceRank(prices.at(doc)) }
	case req.Sort == ByUsers, req.Sort == Newest:
		column := &v.numbers[x.layout.column[ColumnUsers]]
		if req.Sort == Newest {
			column = &v.numbers[x.layout.column[ColumnPublished]]
		}
		return func(doc uint16) uint64 { return numberRank(column.at(doc)) }
	case len(p.clauses) == 0:
		return v.fresh(x.layout)
	}
	var named []uint16
	if p.name != 0 {
		named = v.exact.find(uint32(p.name))
	}
	stale := v.columns[x.layout.stale()]
	if stale == nil {
		return func(doc uint16) uint64 { return uint64(d.total[doc]) | p.tier(v, doc, named)<<32 }
	}
	return func(doc uint16) uint64 { return sunk(d.total[doc], stale.has(doc)) | p.tier(v, doc, named)<<32 }
}

// sunk is the score of a document. What was not confirmed in time counts an eighth less:
// enough to let the fresher of two that fit alike go first, and too little to put what
// hardly fits before what fits.
func sunk(score uint32, stale bool) uint64 {
	if stale {
		score -= score / 8
	}
	return uint64(score)
}

// fresh returns what puts the fresh before the stale where nothing else does.
func (s *segment) fresh(l *Layout) func(doc uint16) uint64 {
	stale := s.columns[l.stale()]
	return func(doc uint16) uint64 {
		if stale != nil && stale.has(doc) {
			return 0
		}
		return 1
	}
}

// numberRank orders numbers, the greatest first and unknown ones last.
func numberRank(n int64) uint64 {
	if n == unknownNumber {
		return 0
	}
	return uint64(n) + 1<<63
}

// tier puts first what the query names: an offering by number or name, or a vendor.
func (p *plan) tier(v *view, doc uint16, named []uint16) uint64 {
	switch {
	case p.id != 0 && v.ids[doc] == p.id:
		return 3
	case slices.Contains(named, doc):
		return 2
	case p.seller >= 0 && v.vendors[doc] == uint32(p.seller):
		return 1
	}
	return 0
}

// Groups returns the counts of every group of the layout that is not hidden, in
// its order.
func (r *Result) Groups() []GroupCounts {
	l := r.snapshot.layout
	all := make([]GroupCounts, 0, len(l.Groups))
	for i, g := range l.Groups {
		if !g.Hidden {
			all = append(all, GroupCounts{g, slices.Collect(r.Counts(i))})
		}
	}
	return all
}

// Counts yields the values of a group, which is named by its place in the layout,
// with their counts.
func (r *Result) Counts(group int) iter.Seq[ValueCount] {
	return func(yield func(ValueCount) bool) {
		if r.counts == nil {
			return
		}
		at := slices.IndexFunc(r.filters, func(f chosen) bool { return f.group == group })
		for _, o := range r.snapshot.codes.groups[group] {
			v := ValueCount{r.snapshot.codes.value(group, o), int(r.counts[o]), at >= 0 && r.filters[at].chose(o)}
			if !yield(v) {
				return
			}
		}
	}
}

// Marker returns what marks the words for which the results were found.
func (r *Result) Marker() *Marker { return r.marker }

// Hit is a result.
type Hit struct {
	ID int64

	snapshot *snapshot
	view     *view
	doc      uint16
	price    Price
}

// Stamp changes whenever anything does that the document is made from.
func (h *Hit) Stamp() uint32 { return h.view.stamps[h.doc] }

// Card returns what a list shows of the result. Its texts are those of the moment
// of the search.
func (h *Hit) Card() catalogue.Card {
	c, _ := h.CardAndPapers()
	return c
}

// CardAndPapers returns it together with the documents that the offering has.
func (h *Hit) CardAndPapers() (catalogue.Card, []Paper) {
	c, more, err := readCard(h.view.card(h.doc))
	if err != nil {
		return catalogue.Card{Offering: catalogue.Offering{ID: h.ID}}, nil
	}
	v := h.snapshot.sellers[h.view.vendors[h.doc]]
	c.ID, c.VendorID, c.VendorURL, c.Vendor = h.ID, v.ID, v.Slug, v.Names
	return c, more.papers
}

// Checked returns the day all of the offering was last confirmed.
func (h *Hit) Checked() models.Date {
	_, more, _ := readCard(h.view.card(h.doc))
	return more.checked
}

// Price returns the price of the plan that costs least at the volume of the
// request.
func (h *Hit) Price() Price { return h.price }

// price returns what a document costs at a volume, which may be nil.
func (s *segment) price(doc uint16, v *Volume) Price {
	if v == nil {
		return Price{}
	}
	return Cheapest(readPlans(s.card(doc)), *v)
}

// Hits returns the offerings with these ids that can be found, in the order of the
// ids.
func (x *Index) Hits(ids []int64, volume *Volume) []Hit {
	s := x.current.Load()
	var hits []Hit
	for _, id := range ids {
		if v, doc, ok := s.find(id); ok {
			hits = append(hits, Hit{ID: id, snapshot: s, view: v, doc: doc, price: v.price(doc, volume)})
		}
	}
	return hits
}
