package spend

import (
	"slices"
	"strings"
)

// totals are what the charges of a file come to, by currency.
type totals map[string]*Total

func (t totals) add(c *Charge) (err error) {
	at := t[c.Currency]
	if at == nil {
		at = &Total{Currency: c.Currency}
		t[c.Currency] = at
	}
	at.Rows++
	if at.Billed, err = at.Billed.Add(c.Billed); err != nil {
		return err
	}
	if c.Kind == Tax {
		if at.Tax, err = at.Tax.Add(c.Billed); err != nil {
			return err
		}
	}
	worth := c.Billed
	if c.Effective.Known {
		worth = c.Effective.Exact
	}
	at.Effective, err = at.Effective.Add(worth)
	return err
}

func (t totals) list() []Total {
	all := make([]Total, 0, len(t))
	for _, one := range t {
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b Total) int { return strings.Compare(a.Currency, b.Currency) })
	return all
}
