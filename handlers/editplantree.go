package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pilveturg/models/pricing"
)

// typedPlan, typedCharge and their steps are the fields of plans as they were typed, in
// the order in which they stand on the page. own are the fields without those below.
type typedPlan struct {
	own     url.Values
	charges []*typedCharge
}

type typedCharge struct {
	own   url.Values
	steps []url.Values
}

var planName = regexp.MustCompile(`^p(\d{1,3})\.(?:c(\d{1,3})\.)?(?:s(\d{1,3})\.)?([a-z][a-zA-Z0-9_.-]*)$`)

// planTree finds the plans in a form.
func planTree(v url.Values) []*typedPlan {
	var plans []*typedPlan
	for name, values := range v {
		m := planName.FindStringSubmatch(name)
		if m == nil || m[3] != "" && m[2] == "" {
			continue
		}
		i, _ := strconv.Atoi(m[1])
		if i >= 2*pricing.MaxCharges {
			continue
		}
		plans = grow(plans, i, func() *typedPlan { return &typedPlan{own: url.Values{}} })
		if m[2] == "" {
			plans[i].own[m[4]] = values
			continue
		}
		j, _ := strconv.Atoi(m[2])
		plans[i].charges = grow(plans[i].charges, j, func() *typedCharge { return &typedCharge{own: url.Values{}} })
		c := plans[i].charges[j]
		if m[3] == "" {
			c.own[m[4]] = values
			continue
		}
		k, _ := strconv.Atoi(m[3])
		c.steps = grow(c.steps, k, func() url.Values { return url.Values{} })
		c.steps[k][m[4]] = values
	}
	return plans
}

// grow makes a list reach a place.
func grow[T any](list []T, place int, one func() T) []T {
	for len(list) <= place {
		list = append(list, one())
	}
	return list
}

// writePlans puts plans in the place of those that a form has.
func writePlans(v url.Values, plans []*typedPlan) {
	for name := range v {
		if planName.MatchString(name) {
			delete(v, name)
		}
	}
	put := func(prefix string, own url.Values) {
		for name, values := range own {
			v[prefix+name] = values
		}
	}
	for i, p := range plans {
		put(planPrefix(i), p.own)
		for j, c := range p.charges {
			put(chargePrefix(i, j), c.own)
			for k, s := range c.steps {
				put(stepPrefix(i, j, k), s)
			}
		}
	}
}

// What the buttons in the form of plans do; places follow the word.
const (
	actAddPlan    = "add-plan"
	actCopyPlan   = "copy-plan"
	actDropPlan   = "drop-plan"
	actAddCharge  = "add-charge"
	actDropCharge = "drop-charge"
	actAddTier    = "add-tier"
	actDropTier   = "drop-tier"
	actPutBack    = "put-back"
)

// fieldGone holds what was removed last: the button that did it, and the fields, so that
// it can be put back.
const fieldGone = "gone"

// goneNow notes what a button is about to remove.
func goneNow(v url.Values, act string, part *typedPlan) {
	flat := url.Values{}
	writePlans(flat, []*typedPlan{part})
	v.Set(fieldGone, act+"|"+flat.Encode())
}

// putBack puts what was removed last where it was, or behind what is left there.
func putBack(v url.Values) bool {
	act, flat, ok := strings.Cut(v.Get(fieldGone), "|")
	fields, err := url.ParseQuery(flat)
	word, at := placesIn(act)
	v.Del(fieldGone)
	part := planTree(fields)
	if !ok || err != nil || len(part) != 1 {
		return false
	}
	plans := planTree(v)
	switch {
	case word == actDropPlan && len(at) == 1:
		plans = slices.Insert(plans, min(at[0], len(plans)), part[0])
	case len(at) < 2 || at[0] >= len(plans) || len(part[0].charges) != 1:
		return false
	case word == actDropCharge:
		p := plans[at[0]]
		p.charges = slices.Insert(p.charges, min(at[1], len(p.charges)), part[0].charges[0])
	case word == actDropTier && len(at) == 3 && at[1] < len(plans[at[0]].charges) && len(part[0].charges[0].steps) == 1:
		c := plans[at[0]].charges[at[1]]
		c.steps = slices.Insert(c.steps, min(at[2], len(c.steps)), part[0].charges[0].steps[0])
	default:
		return false
	}
	writePlans(v, plans)
	return true
}

// placesIn are the word of a button and the places after it.
func placesIn(act string) (word string, at []int) {
	word, places, _ := strings.Cut(act, ":")
	for place := range strings.SplitSeq(places, ":") {
		if n, err := strconv.Atoi(place); err == nil && n >= 0 {
			at = append(at, n)
		}
	}
	return word, at
}

// changePlans does what a button asks, and says whether it was one of these.
func changePlans(v url.Values, act string) bool {
	word, at := placesIn(act)
	plans := planTree(v)
	switch word {
	case actAddPlan:
		writePlans(v, append(plans, newPlan()))
		return true
	case actPutBack:
		return putBack(v)
	}
	if len(at) == 0 || at[0] >= len(plans) {
		return false
	}
	p := plans[at[0]]
	switch word {
	case actCopyPlan:
		plans = slices.Insert(plans, at[0]+1, p.copied())
	case actDropPlan:
		goneNow(v, act, p)
		plans = slices.Delete(plans, at[0], at[0]+1)
	case actAddCharge:
		p.charges = append(p.charges, newCharge())
	case actDropCharge, actAddTier, actDropTier:
		if len(at) < 2 || at[1] >= len(p.charges) || !p.change(v, act, word, at) {
			return false
		}
	default:
		return false
	}
	writePlans(v, plans)
	return true
}

// change does what a button of a charge asks.
func (p *typedPlan) change(v url.Values, act, word string, at []int) bool {
	c := p.charges[at[1]]
	switch {
	case word == actDropCharge:
		goneNow(v, act, &typedPlan{charges: []*typedCharge{c}})
		p.charges = slices.Delete(p.charges, at[1], at[1]+1)
	case word == actAddTier:
		c.steps = append(c.steps, url.Values{"to": {""}, "price": {""}})
	case len(at) == 3 && at[2] < len(c.steps):
		goneNow(v, act, &typedPlan{charges: []*typedCharge{{steps: c.steps[at[2] : at[2]+1 : at[2]+1]}}})
		c.steps = slices.Delete(c.steps, at[2], at[2]+1)
	default:
		return false
	}
	return true
}

func newPlan() *typedPlan {
	return &typedPlan{own: url.Values{"kind": {string(pricing.Listed)}, "currency": {"EUR"}, "billing": {string(pricing.PerMonth)}},
		charges: []*typedCharge{newCharge()}}
}

func newCharge() *typedCharge {
	return &typedCharge{own: url.Values{"per": {string(pricing.PerMonth)}}, steps: []url.Values{{"to": {""}, "price": {""}}}}
}

// copied is a plan like p, which gets a code of its own when it is read.
func (p *typedPlan) copied() *typedPlan {
	c := &typedPlan{own: clone(p.own)}
	c.own.Del("code")
	for _, charge := range p.charges {
		next := &typedCharge{own: clone(charge.own)}
		for _, s := range charge.steps {
			next.steps = append(next.steps, clone(s))
		}
		c.charges = append(c.charges, next)
	}
	return c
}

func clone(v url.Values) url.Values {
	next := url.Values{}
	for name, values := range v {
		next[name] = slices.Clone(values)
	}
	return next
}
