package search

import (
	"slices"
	"strings"
)

// help says what can be done when nothing is found: words of which some are enough,
// or a filter to leave out.
func (x *Index) help(d *desk, s *snapshot, res *Result, req *Request, n *narrowing) {
	if res.Query.Positive() && !x.any(d, s, res) {
		res.Widened = true
		x.run(d, s, res, req, n)
		if res.Total > 0 {
			return
		}
		res.Widened = x.any(d, s, res)
	}
	res.Gain = x.gain(d, s, res, req)
}

// any reports whether anything matches the words when nothing else is asked.
func (x *Index) any(d *desk, s *snapshot, res *Result) bool {
	for _, v := range s.views {
		if d.match(v, &res.compiled, res.Widened); d.cand.count() > 0 {
			return true
		}
	}
	return false
}

// mostGains is how many filters are tried.
const mostGains = 64

// gain finds the filter without which most is found; nil when none helps.
func (x *Index) gain(d *desk, s *snapshot, res *Result, req *Request) *Gain {
	var best *Gain
	tried := 0
	try := func(g Gain, without Request) {
		if tried++; tried > mostGains {
			return
		}
		without.Limit, without.Offset = 0, 0
		n, _ := s.narrow(x.layout, &without)
		other := Result{compiled: res.compiled, Widened: res.Widened}
		x.run(d, s, &other, &without, &n)
		if g.Total = other.Total; g.Total > 0 && (best == nil || g.Total > best.Total) {
			best = &g
		}
	}
	for _, f := range together(req.Filters) {
		x.tryFilter(f, req, try)
	}
	if !req.Closed && !slices.ContainsFunc(req.Filters, func(f Filter) bool { return f.Group == GroupLife }) {
		without := *req
		without.Closed = true
		try(Gain{Group: GroupLife}, without)
	}
	for i, r := range req.Ranges {
		without := *req
		without.Ranges = slices.Delete(slices.Clone(req.Ranges), i, i+1)
		try(Gain{Group: r.Column}, without)
	}
	if req.Price.set() {
		without := *req
		without.Price = PriceRange{}
		try(Gain{Group: GainPrice}, without)
	}
	if len(req.Vendors) > 0 {
		without := *req
		without.Vendors = nil
		try(Gain{Group: GainVendors}, without)
	}
	return best
}

// tryFilter leaves out a group, or one of the values that must all hold.
func (x *Index) tryFilter(f Filter, req *Request, try func(Gain, Request)) {
	g, ok := x.layout.Group(f.Group)
	if !ok {
		return
	}
	rest := slices.DeleteFunc(together(req.Filters), func(o Filter) bool { return o.Group == f.Group })
	if g.Mode != All || len(f.Values) == 1 {
		without := *req
		without.Filters = rest
		without.Closed = req.Closed || f.Group == GroupLife
		gain := Gain{Group: f.Group}
		if len(f.Values) == 1 {
			gain.Value = f.Values[0]
		}
		try(gain, without)
		return
	}
	for i, value := range f.Values {
		without := *req
		fewer := Filter{f.Group, slices.Delete(slices.Clone(f.Values), i, i+1)}
		without.Filters = append(slices.Clone(rest), fewer)
		try(Gain{Group: f.Group, Value: value}, without)
	}
}

// When a known word is offered another one: it is in so few documents, and the
// other one in so many times more.
const (
	rareWord   = 2
	muchMore   = 20
	fewResults = 5
)

// suggestWords says what may have been meant: the query with words exchanged for
// those that are likelier.
func (x *Index) suggestWords(s *snapshot, res *Result) {
	if res.Total > fewResults && len(res.Corrections) == 0 {
		return
	}
	meant := res.Query.Text
	for _, c := range res.Corrections {
		meant = exchange(meant, c.Word, c.By[0])
	}
	for i := range res.Query.Clauses {
		c := &res.Query.Clauses[i]
		for j := range c.Words {
			if by := s.likelier(&c.Words[j]); by != "" && !c.Not && res.Total <= fewResults {
				meant = exchange(meant, c.Words[j].Text, by)
			}
		}
	}
	if meant != res.Query.Text {
		res.DidYouMean = meant
	}
}

// likelier returns a word of many documents for one of few that it differs from by
// a typing error; "" for none.
func (s *snapshot) likelier(w *Word) string {
	if len(w.Parts) != 1 || w.Prefix {
		return ""
	}
	id, ok := s.dict.find(w.Parts[0])
	if !ok || s.df(id) > rareWord {
		return ""
	}
	others, _ := s.misspelt(w.Parts[0])
	if len(others) == 0 || s.df(others[0]) < muchMore*max(1, s.df(id)) {
		return ""
	}
	return s.dict.word(others[0])
}

// exchange puts a word in the place of another one.
func exchange(text, word, by string) string {
	found := ""
	clusters(text, func(c cluster) bool {
		start, end := c[0].start, c[len(c)-1].end
		if text[start:end] != word {
			return true
		}
		found = text[:start] + by + text[end:]
		return false
	})
	if found == "" {
		return strings.Replace(text, word, by, 1)
	}
	return found
}
