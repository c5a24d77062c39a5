package handlers

import (
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/market"
	"pilveturg/models/search"
)

// counts counts that whoever asks meets offerings, when they may become their buyer.
// What is the same of them counts once.
func (s *Site) counts(r *web.Request, k market.Kind, same string, offerings ...int64) {
	if s.Market == nil || !buys(r) {
		return
	}
	s.Market.Count(market.Visit{From: r.Actor.From, Agent: r.Header("User-Agent")}, k, same, offerings...)
}

// buys reports whether a page is for somebody who reads it, and sells nothing and does
// not run the portal.
func buys(r *web.Request) bool {
	ahead := strings.Contains(r.Header("Sec-Purpose"), "prefetch") || r.Header("Purpose") == "prefetch"
	return !ahead && r.IsGet() && !r.Actor.IsAny(models.VendorManager, models.VendorEditor, models.Moderator, models.Administrator)
}

// opens counts that the page of an offering is opened.
func (s *Site) opens(r *web.Request, k market.Kind, offering int64) {
	s.counts(r, k, strconv.FormatInt(offering, 10), offering)
}

// finds counts the services in results, or that there are none.
func (s *Site) finds(r *web.Request, a *ask, res *search.Result) {
	if s.Market == nil || !buys(r) {
		return
	}
	if res.Total > 0 {
		ids := make([]int64, len(res.Hits))
		for i := range res.Hits {
			ids[i] = res.Hits[i].ID
		}
		s.counts(r, market.Shown, a.encoded+"#"+r.Query(fieldPage), ids...)
		return
	}
	if len(a.wrong) > 0 || len(a.ignored) > 0 || len(a.vendors) > 0 { // nobody was looking for that
		return
	}
	s.Market.Miss(market.Visit{From: r.Actor.From, Agent: r.Header("User-Agent")}, a.miss())
}

// miss is the question as it is counted when nothing is found.
func (a *ask) miss() market.Search {
	var filters []string
	category := ""
	for _, f := range a.req.Filters {
		for _, v := range f.Values {
			if f.Group == search.GroupCategory {
				category = v
				continue
			}
			filters = append(filters, query(fieldFilter+f.Group, v))
		}
	}
	for field, values := range a.kept {
		if strings.HasPrefix(field, fieldMin) || strings.HasPrefix(field, fieldMax) {
			filters = append(filters, query(field, values[0]))
		}
	}
	return market.NewSearch(a.kept.Get(fieldWords), filters, category)
}
