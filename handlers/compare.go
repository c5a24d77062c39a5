package handlers

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/market"
	"pilveturg/models/saved"
	"pilveturg/views"
)

// The fields of a comparison in an address; quantities stand in fields like
// "n.pupil", weights in fields like "w.notice_days".
const (
	comparePath  = "/compare"
	fieldService = "id"
	fieldDiffer  = "diff"
	fieldKnown   = "known"
	fieldWeight  = "w."
)

const (
	leastCompared = 2
	mostCompared  = 8
	mostNamed     = 40 // numbers that are looked at, lest an address costs more than a page
	comparedYears = 3  // unless the address says otherwise
	clipped       = 40 // characters of a wrong number that are said back
)

// showCompare sets the services that the address names side by side.
func (s *Site) showCompare(r *web.Request) (web.Reply, error) {
	if clean, yes := withoutEmpty(r.Values()); yes {
		return web.SeeOther(at(r.Lang, withQuery(comparePath, clean.Encode()))), nil
	}
	c, err := s.compare(r)
	if err != nil {
		return web.Reply{}, err
	}
	p := c.page()
	for _, v := range c.sides {
		if len(c.sides) >= leastCompared {
			s.opens(r, market.Compared, v.ID)
		}
	}
	if r.Actor.May(models.Draft) && len(c.sides) >= leastCompared {
		p.Files = append(p.Files, views.Link{URL: at(r.Lang, withQuery(addPath, c.query(c.ids(0)).Encode())), Text: c.T("project.add")})
	}
	if link, ok := saveLink(c.speaker, r.Actor, saved.Comparison, r.Values().Encode()); ok && len(c.sides) >= leastCompared {
		p.Files = append(p.Files, link)
	}
	if len(c.sides) < leastCompared {
		if p.Pick, err = s.pickServices(r, c); err != nil {
			return web.Reply{}, err
		}
	}
	return web.Status(statusOf(p.Errors), p), nil
}

// withoutEmpty drops what a form sends for the fields that nobody filled in, so
// that the address of the page can be passed on.
func withoutEmpty(typed url.Values) (clean url.Values, dropped bool) {
	clean = url.Values{}
	for name, values := range typed {
		for _, v := range values {
			if strings.TrimSpace(v) == "" {
				dropped = true
			} else if comparing(name) {
				clean.Add(name, v)
			}
		}
	}
	return clean, dropped
}

// comparing reports whether a field of the address belongs to a comparison.
func comparing(name string) bool {
	switch name {
	case fieldService, fieldYears, fieldDiffer, fieldKnown, fieldVolume, fieldOf:
		return true
	}
	return strings.HasPrefix(name, fieldUnit) || strings.HasPrefix(name, fieldWeight)
}

// comparison is services set side by side, as an address asks.
type comparison struct {
	speaker
	typed   url.Values
	today   models.Date
	sides   []service
	counts  []bool // which of them can be had, and so are measured against each other
	notices []views.Notice
	missing []string     // what was typed for services that are not there
	calc    *calculation // of all plans; years and quantities are the same for all
	offers  []offer
	parts   []comparedPart
	weights map[string]int // by row; only rows that weigh something
}

// compare reads what an address asks to compare, and works it out.
func (s *Site) compare(r *web.Request) (*comparison, error) {
	c := &comparison{speaker: s.speaker(r.Lang), typed: r.Values(), today: models.DateOf(s.today())}
	if err := s.readSides(r.Context(), c); err != nil {
		return nil, err
	}
	c.readVolume()
	c.readUnits()
	for _, v := range c.sides {
		c.counts = append(c.counts, v.Life == catalogue.Open)
	}
	if len(c.sides) < leastCompared {
		c.calc = &calculation{speaker: c.speaker, typed: c.typed}
		return c, nil
	}
	if err := c.priceAll(); err != nil {
		return nil, err
	}
	c.align()
	c.readWeights()
	return c, nil
}

// readSides finds the services that the address names, and says which it does not
// find.
func (s *Site) readSides(ctx context.Context, c *comparison) error {
	var unknown, doubled, left []string
	names := namedServices(c.typed[fieldService])
	if len(names) > mostNamed {
		left, names = append(left, c.T("compare.and_more", c.Number(int64(len(names)-mostNamed)))), names[:mostNamed]
	}
	for _, typed := range names {
		id, ok := parseService(typed)
		there := slices.ContainsFunc(c.sides, func(v service) bool { return v.ID == id })
		switch {
		case !ok:
			unknown = append(unknown, clip(typed))
			c.missing = append(c.missing, typed)
			continue
		case there:
			doubled = append(doubled, catalogue.Number(id))
			continue
		case len(c.sides) == mostCompared:
			left = append(left, catalogue.Number(id))
			continue
		}
		switch m, err := catalogue.Mark(ctx, s.DB, id); {
		case errors.Is(err, models.ErrNotFound), err == nil && m.Published == 0:
			unknown = append(unknown, catalogue.Number(id))
			c.missing = append(c.missing, typed)
			continue
		case err != nil:
			return err
		}
		v, err := s.readService(ctx, id)
		if err != nil {
			return err
		}
		c.sides = append(c.sides, v)
	}
	c.tell("compare.unknown", unknown)
	c.tell("compare.doubled", doubled)
	c.tell("compare.too_many", left)
	return nil
}

// namedServices are the services that the fields name, several in one when a
// reader has typed "31, 40".
func namedServices(fields []string) []string {
	var names []string
	for _, field := range fields {
		for name := range strings.FieldsFuncSeq(field, func(r rune) bool { return r == ',' || r == ';' }) {
			if name = strings.TrimSpace(strings.ToValidUTF8(name, "")); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// parseService reads the number of a service however it is written: "SC-31",
// "sc 31", "31", the last part of its address, or the whole address.
func parseService(typed string) (id int64, ok bool) {
	if _, rest, found := strings.Cut(typed, "/services/"); found {
		typed, _, _ = strings.Cut(rest, "?")
		typed, _, _ = strings.Cut(typed, "#")
		typed, _, _ = strings.Cut(typed, "/")
	}
	rest, named := strings.CutPrefix(strings.ToLower(typed), "sc")
	if named {
		rest = strings.TrimLeft(rest, " \u00a0-–_.:")
	}
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	after := rest[len(digits):]
	if digits == "" || after != "" && (after[0] != '-' || !named) {
		return 0, false
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil && id > 0
}

func clip(s string) string {
	if r := []rune(s); len(r) > clipped {
		return string(r[:clipped]) + "…"
	}
	return s
}

// tell says that something the address names was left out.
func (c *comparison) tell(key string, names []string) {
	if len(names) > 0 {
		slices.Sort(names)
		c.notices = append(c.notices, views.Notice{Kind: views.Warn, Text: c.T(key, strings.Join(slices.Compact(names), ", "))})
	}
}

// ids are the fields of an address that name the services, without one of them.
func (c *comparison) ids(without int64) []string {
	var ids []string
	for _, v := range c.sides {
		if v.ID != without {
			ids = append(ids, lowerNumber(v.ID))
		}
	}
	return ids
}

// query is what the address asks, with other services.
func (c *comparison) query(ids []string) url.Values {
	q := url.Values{}
	for name, values := range c.typed {
		if comparing(name) && name != fieldService {
			q[name] = values[:1]
		}
	}
	if len(ids) > 0 {
		q[fieldService] = ids
	}
	return q
}

// address is that of the comparison of other services, all else being the same.
func (c *comparison) address(end string, ids []string) string {
	return at(c.Tag, withQuery(comparePath+end, c.query(ids).Encode()))
}

// compareLink is the address that sets one service on the way to be compared.
func (w speaker) compareLink(id int64) string {
	return at(w.Tag, comparePath+"?"+fieldService+"="+lowerNumber(id))
}

// lowerNumber is how the number of a service stands in addresses: "sc-31".
func lowerNumber(id int64) string { return strings.ToLower(catalogue.Number(id)) }
