package spend

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
)

// cube is a question that packs answer: of bodies and what tells them apart further.
type cube struct {
	bys        []By
	q          Query
	categories map[int64]bool // only these; nil: all
	packs      []packRow
	axes       [mostBys]axis
	size       [mostBys + 1]uint64 // how many labels each axis has, and how many currencies
	currencies []string
	at         []uint32 // where in sums the sum of a place is, and one more; 0: nowhere
	sums       []partsSum
}

// fromPacks answers from packs where those tell it the soonest, and are made.
func fromPacks(ctx context.Context, r db.Reader, a models.Actor, q Query, bys []By) (all []Cross, ok bool, err error) {
	limited := !(a.Is(models.Analyst) && a.Reach == models.ReachAll)
	if !q.asksPacks(q.need(limited, bys)) {
		return nil, false, nil
	}
	c := cube{bys: bys, q: q}
	return c.answer(ctx, r, a)
}

// mostPlaces is of how many places a cube is held; a larger one is asked of the rows.
const mostPlaces = 1 << 24

// bytesOfSum is what a sum takes in a pack, as a rule.
const bytesOfSum = 8

// asksPacks reports whether packs are the soonest answer.
func (q *Query) asksPacks(need level) bool {
	return q.Known.IsZero() && need&byVendor == 0 && need&byBuyer != 0 && need != byBuyer && (len(q.Month) < 2 || monthSlot(q.Month) > 0)
}

// byMonths reports whether the sums of months are needed, and not only those of years.
func (c *cube) byMonths() bool {
	return len(c.q.Month) > 1 || c.q.parts() || slices.Contains(c.bys, ByMonth)
}

// answer returns the sums; ok is false where they are to be asked of the rows: packs that
// are needed wait to be made, or there are too many places.
func (c *cube) answer(ctx context.Context, r db.Reader, a models.Actor) (all []Cross, ok bool, err error) {
	if ok, err = c.read(ctx, r, a); err != nil || !ok {
		return nil, ok, err
	}
	if err := c.find(ctx, r); err != nil {
		return nil, false, err
	}
	places := uint64(1)
	for n := range len(c.bys) + 1 {
		places *= c.size[n]
		if places > mostPlaces {
			return nil, false, nil
		}
	}
	bytes := 0
	for i := range c.packs {
		bytes += len(c.packs[i].Months)
	}
	c.at, c.sums = make([]uint32, places), make([]partsSum, 0, min(int(places), bytes/bytesOfSum))
	for i := range c.packs {
		if err := c.count(&c.packs[i]); err != nil {
			return nil, false, err
		}
	}
	all, err = c.crosses()
	return all, true, err
}

// read reads the packs, and which categories are asked for.
func (c *cube) read(ctx context.Context, r db.Reader, a models.Actor) (ok bool, err error) {
	w := where{}
	w.and(`c.basis IN (?, 'all')`, string(cmp.Or(c.q.Basis, Billed)))
	if err := w.seen(ctx, r, a); err != nil {
		return false, err
	}
	if err := w.name("buyer_id", c.q.Buyer); err != nil {
		return false, err
	}
	w.under(c.q.Under)
	switch {
	case c.q.Month == "-":
		w.and(`c.year = ''`)
	case c.q.Month != "":
		w.and(`c.year = ?`, c.q.Month[:4])
	case c.q.From != "":
		w.and(`c.year BETWEEN ? AND ?`, c.q.From[:4], c.q.Until[:4])
	case c.q.Year != 0:
		w.and(`c.year = ?`, fmt.Sprintf("%04d", c.q.Year))
	}
	content := `c.years`
	if c.byMonths() {
		content = `c.months`
	}
	for row, err := range db.Each[packRow](ctx, r, `/* spend.cube */ SELECT c.basis, c.buyer_id, c.year, `+content+` AS months FROM ledger_packs c`+w.String(), w.args...) {
		if err != nil {
			return false, fmt.Errorf("sums by %s: %w", c.bys, err)
		}
		if row.Months == nil {
			return false, nil
		}
		c.packs = append(c.packs, row)
	}
	return true, c.only(ctx, r)
}

// only finds the names of the category that is asked for.
func (c *cube) only(ctx context.Context, r db.Reader) error {
	if c.q.Category == "" {
		return nil
	}
	w := where{}
	if err := w.name("id", c.q.Category); err != nil {
		return err
	}
	var ids []int64
	if err := r.Select(ctx, &ids, `/* spend.cube */ SELECT c.id FROM ledger_names c`+w.String(), w.args...); err != nil {
		return fmt.Errorf("names of %q: %w", c.q.Category, err)
	}
	c.categories = map[int64]bool{}
	for _, id := range ids {
		c.categories[id] = true
	}
	return nil
}

// wants reports whether a section of a pack is asked for.
func (c *cube) wants(u *unpacking) bool {
	switch {
	case c.q.Kind != "" && string(u.kind) != string(c.q.Kind), c.q.Currency != "" && string(u.currency) != c.q.Currency:
		return false
	}
	return c.q.WithTax || c.q.Kind == Tax || string(u.kind) != string(Tax)
}

// find makes the axes of all that the packs tell apart.
func (c *cube) find(ctx context.Context, r db.Reader) error {
	seen := map[By]map[string]Label{}
	for _, by := range append(Bys(), c.bys...) {
		seen[by] = map[string]Label{}
	}
	note := func(by By, label string) { seen[by][label] = Label{Key: label, Name: label} }
	byCategory, categories := slices.Contains(c.bys, ByCategory), map[int64]bool{}
	for i := range c.packs {
		p := &c.packs[i]
		note(ByBuyer, strconv.FormatInt(p.Buyer, 10))
		for slot := range 13 {
			note(ByMonth, slotMonth(p.Year, slot))
		}
		u := unpack(p.Months)
		for u.nextSection() {
			if !c.wants(&u) {
				continue
			}
			note(ByKind, string(u.kind))
			note(ByCurrency, string(u.currency))
			for byCategory && u.nextCategory() {
				categories[u.category] = true
			}
		}
		if u.isBroken {
			return fmt.Errorf("pack of body %d in %q: %w", p.Buyer, p.Year, errPack)
		}
	}
	for id := range categories {
		note(ByCategory, strconv.FormatInt(id, 10))
	}
	for label := range seen[ByCurrency] {
		c.currencies = append(c.currencies, label)
	}
	slices.Sort(c.currencies)
	c.size[len(c.bys)] = uint64(len(c.currencies))
	for n, by := range c.bys {
		axis, err := axisOf(ctx, r, by, seen[by])
		if err != nil {
			return err
		}
		c.axes[n], c.size[n] = axis, uint64(len(axis.labels))
	}
	return nil
}

// step is how far from the first place those of a label of an axis are.
func (c *cube) step(by By, label string) (to uint64) {
	for n, one := range c.bys {
		if one == by {
			at := uint64(c.axes[n].of[label])
			for _, size := range c.size[n+1 : len(c.bys)+1] {
				at *= size
			}
			to += at
		}
	}
	return to
}

// slots are the first and the last slot of a year that are asked for.
func (c *cube) slots(year string) (first, last int) {
	const months = 12
	last = months
	switch {
	case len(c.q.Month) > 1:
		first = monthSlot(c.q.Month)
		return first, first
	case !c.q.parts():
		return first, last
	}
	if c.q.From[:4] == year {
		first = monthSlot(c.q.From)
	}
	if c.q.Until[:4] == year {
		last = monthSlot(c.q.Until)
	}
	return max(first, 1), last
}

// count adds the sums of a pack to their places.
func (c *cube) count(p *packRow) error {
	var month [13]uint64
	for slot := range month {
		month[slot] = c.step(ByMonth, slotMonth(p.Year, slot))
	}
	first, last := c.slots(p.Year)
	body := c.step(ByBuyer, strconv.FormatInt(p.Buyer, 10))
	u := unpack(p.Months)
	for u.nextSection() {
		if !c.wants(&u) {
			continue
		}
		currency, _ := slices.BinarySearch(c.currencies, string(u.currency))
		section := body + uint64(currency) + c.step(ByKind, string(u.kind)) + c.step(ByCurrency, string(u.currency))
		for u.nextCategory() {
			if c.categories != nil && !c.categories[u.category] {
				continue
			}
			place := section + c.step(ByCategory, strconv.FormatInt(u.category, 10))
			var s partsSum
			for slot, ok := u.nextSum(&s); ok; slot, ok = u.nextSum(&s) {
				if slot < first || slot > last {
					continue
				}
				if err := c.put(place+month[slot], &s); err != nil {
					return err
				}
			}
		}
	}
	if u.isBroken {
		return fmt.Errorf("pack of body %d in %q: %w", p.Buyer, p.Year, errPack)
	}
	return nil
}

func (c *cube) put(place uint64, s *partsSum) error {
	if at := c.at[place]; at != 0 {
		return c.sums[at-1].add(s)
	}
	c.sums = append(c.sums, *s)
	c.at[place] = uint32(len(c.sums))
	return nil
}

// crosses are the sums in the order of their places.
func (c *cube) crosses() ([]Cross, error) {
	all := make([]Cross, 0, len(c.sums))
	labels := make([]Label, 0, len(c.sums)*len(c.bys))
	money := make([]Money, 0, len(c.sums))
	width := len(c.currencies)
	for from := 0; from < len(c.at); from += width {
		first, s := len(money), Sum{}
		for i, at := range c.at[from : from+width] {
			if at == 0 {
				continue
			}
			sum := &c.sums[at-1]
			amount, euros, err := sum.Amounts()
			if err != nil {
				return nil, err
			}
			s.Rows += sum.rows
			s.Unconverted += sum.unconverted
			if s.Euros, err = s.Euros.Add(euros); err != nil {
				return nil, err
			}
			money = append(money, Money{c.currencies[i], amount})
		}
		if first == len(money) {
			continue
		}
		s.Amounts = money[first:len(money):len(money)]
		labels = c.labels(labels, uint64(from/width))
		all = append(all, Cross{labels[len(labels)-len(c.bys) : len(labels) : len(labels)], s})
	}
	return all, nil
}

// labels appends the labels of a place.
func (c *cube) labels(to []Label, place uint64) []Label {
	first := len(to)
	to = to[:first+len(c.bys)]
	for n := len(c.bys) - 1; n >= 0; n-- {
		to[first+n] = c.axes[n].labels[place%c.size[n]]
		place /= c.size[n]
	}
	return to
}
