package handlers

import (
	"maps"
	"slices"
	"strings"

	"pilveturg/models/catalogue"
	"pilveturg/views"
)

const (
	mostStrange = 5   // unknown names of fields that are said back
	longestKept = 200 // bytes typed for services that are not there, which stay in their field
)

// readVolume takes the volume of a search, "vol=1000&unit=pupil", for the quantity
// of that unit; without a unit, of what the plans count first. A quantity that has a
// field of its own stays.
func (c *comparison) readVolume() {
	volume, unit := c.typed.Get(fieldVolume), c.typed.Get(fieldOf)
	if volume == "" && unit == "" {
		return
	}
	c.typed = maps.Clone(c.typed)
	c.typed.Del(fieldVolume)
	c.typed.Del(fieldOf)
	for i := 0; i < len(c.sides) && unit == ""; i++ {
		for _, in := range allInputs(c.sides[i].edition.Plans) {
			if unit == "" && in.Option == "" {
				unit = in.Unit
			}
		}
	}
	if name := fieldUnit + unit; unit != "" && volume != "" && c.typed.Get(name) == "" {
		c.typed.Set(name, volume)
	}
}

// readUnits says which quantities in the address are of nothing that is counted.
func (c *comparison) readUnits() {
	c.tell("compare.strange_units", c.strange(fieldUnit, func(unit string) bool {
		_, known := c.schema.Unit(unit)
		return known
	}))
}

// strange are the first few fields of the address that go on with a name that
// nobody knows.
func (c *comparison) strange(field string, known func(name string) bool) []string {
	var names []string
	for _, typed := range slices.Sorted(maps.Keys(c.typed)) {
		name, ok := strings.CutPrefix(typed, field)
		if ok && !known(name) && len(names) < mostStrange {
			names = append(names, clip(strings.ToValidUTF8(name, "")))
		}
	}
	return names
}

// keep makes the form send on what it does not ask for now: the services, the
// quantities and weights that do not apply to these services but may to others,
// and all else while there is nothing to compare. What was typed for services that
// are not there stays to be put right.
func (c *comparison) keep(p *views.ComparePage) {
	for _, id := range c.ids(0) {
		p.Kept = append(p.Kept, views.Hidden{Name: fieldService, Value: id})
	}
	asked := map[string]bool{fieldService: true}
	if len(c.sides) >= leastCompared {
		for _, name := range []string{fieldYears, fieldDiffer, fieldKnown} {
			asked[name] = true
		}
	}
	for _, f := range p.Volumes {
		asked[f.Name] = true
	}
	for _, g := range p.Weights {
		for _, s := range g.Rows {
			asked[s.Name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.typed)) {
		if comparing(name) && !asked[name] && c.mayCount(name) {
			p.Kept = append(p.Kept, views.Hidden{Name: name, Value: c.typed.Get(name)})
		}
	}
	if missing := strings.Join(c.missing, ", "); len(missing) <= longestKept {
		p.Add.Value = missing
	}
}

// mayCount reports whether a field that is not asked for now could be, were other
// services compared.
func (c *comparison) mayCount(name string) bool {
	if unit, ok := strings.CutPrefix(name, fieldUnit); ok {
		_, known := c.schema.Unit(unit)
		return known
	}
	id, ok := strings.CutPrefix(name, fieldWeight)
	if !ok || len(c.sides) < leastCompared {
		return true
	}
	row := c.row(id)
	_, right := parseWeight(c.typed.Get(name))
	return row != nil && row.Scale != catalogue.ScaleNone && right
}
