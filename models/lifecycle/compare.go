package lifecycle

import (
	"fmt"
	"math/big"
)

// Case is what is compared.
type Case struct {
	Years    int // horizon: years 1 to so many; year 0 is now
	Discount Discount
	Owned    Side
	Service  Side
	Users    string   // code of the number of the service that counts users; "": nobody counts
	Before   *big.Rat // what was spent before and never counts; nil: not known
	Book     *big.Rat // what is left in the books and is written off when the system ends; nil: not known
}

// LineResult is what a line comes to.
type LineResult struct {
	Code, Category string
	Class          Class
	Cash           []*big.Rat // by year from 0 on, each rounded to the cent
	Total          *big.Rat
	Present        *big.Rat // exact
}

// SideResult is what a side comes to.
type SideResult struct {
	Lines    []LineResult
	Cash     []*big.Rat // by year from 0 on
	Together []*big.Rat // cash until a year, with it
	Presents []*big.Rat // present value until a year, with it; exact
	Total    *big.Rat   // cash
	Present  *big.Rat   // exact
	Yearly   *big.Rat   // equivalent annual cost: the present value as equal payments; exact
	EachUser *big.Rat   // present value for a user and year, discounted as well; nil: nobody counts
	Run      *big.Rat   // cash that keeps things alive …
	Changes  *big.Rat   // … and that changes them
	RunShare *big.Rat   // of both, in percent; nil where there is neither
}

// Result is what a comparison comes to.
type Result struct {
	Factors []*big.Rat
	Annuity *big.Rat
	Owned   SideResult
	Service SideResult
	Saving  *big.Rat // present value that subscribing saves; below 0 owning is cheaper
	Percent *big.Rat // of what owning costs; nil where that is nothing

	// The first year at whose end owning has cost less than subscribing, and the other way
	// round, though it had not in the years before; nil: never.
	OwnedBelow, ServiceBelow               *int // by cash
	OwnedPresentBelow, ServicePresentBelow *int // by present value

	Cases     []Varied // how the answer changes with what it stands on
	Undecided bool     // it is another one in one of the cases
}

// Compare reckons a case. It fails with [ErrHorizon], [ErrRate] and [ErrUnknown].
func Compare(c *Case) (*Result, error) {
	r, err := c.result("", "", nil)
	if err != nil {
		return nil, err
	}
	if r.Cases, err = c.vary(); err != nil {
		return nil, err
	}
	for _, v := range r.Cases {
		r.Undecided = r.Undecided || v.Saving.Sign() != r.Saving.Sign()
	}
	return r, nil
}

// The sides, where one of them is named.
const (
	OwnedSide   = "owned"
	ServiceSide = "service"
)

// result reckons a case in which a number of a side is another one.
func (c *Case) result(side, code string, f func(*big.Rat) *big.Rat) (*Result, error) {
	if c.Years < 1 || c.Years > MostYears {
		return nil, fmt.Errorf("%d years: %w", c.Years, ErrHorizon)
	}
	if err := c.Discount.check(); err != nil {
		return nil, err
	}
	r := &Result{Factors: c.Discount.Factors(c.Years)}
	r.Annuity = annuity(r.Factors)
	owned, service := c.Owned.with("", nil), c.Service.with("", nil)
	switch side {
	case OwnedSide:
		owned = c.Owned.with(code, f)
	case ServiceSide:
		service = c.Service.with(code, f)
	}
	users, err := c.users(service)
	if err != nil {
		return nil, err
	}
	for _, one := range []struct {
		of *scaled
		to *SideResult
	}{{owned, &r.Owned}, {service, &r.Service}} {
		if err := one.to.reckon(one.of, r.Factors, r.Annuity, users); err != nil {
			return nil, err
		}
	}
	r.Saving = new(big.Rat).Sub(r.Owned.Present, r.Service.Present)
	if r.Owned.Present.Sign() != 0 {
		r.Percent = percent(r.Saving, r.Owned.Present)
	}
	r.OwnedBelow, r.ServiceBelow = below(r.Owned.Together, r.Service.Together), below(r.Service.Together, r.Owned.Together)
	r.OwnedPresentBelow, r.ServicePresentBelow = below(r.Owned.Presents, r.Service.Presents), below(r.Service.Presents, r.Owned.Presents)
	return r, nil
}

func percent(part, whole *big.Rat) *big.Rat {
	p := new(big.Rat).Quo(part, whole)
	return p.Mul(p, big.NewRat(100, 1))
}

// users are how many use the service in each year, discounted and added up; nil where
// nobody counts.
func (c *Case) users(s *scaled) (*big.Rat, error) {
	if c.Users == "" {
		return nil, nil
	}
	sum := new(big.Rat)
	factors := c.Discount.Factors(c.Years)
	for year := 1; year <= c.Years; year++ {
		n, err := s.value(c.Users, year)
		if err != nil {
			return nil, err
		}
		sum.Add(sum, n.Mul(n, factors[year]))
	}
	return sum, nil
}

// below is the first year at whose end a is below b, though it was not in year 0.
func below(a, b []*big.Rat) *int {
	if a[0].Cmp(b[0]) < 0 {
		return nil
	}
	for year := range a {
		if a[year].Cmp(b[year]) < 0 {
			return &year
		}
	}
	return nil
}

func (s *SideResult) reckon(of *scaled, factors []*big.Rat, annuity, users *big.Rat) error {
	s.Total, s.Present, s.Run, s.Changes = new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	for range factors {
		s.Cash = append(s.Cash, new(big.Rat))
	}
	for i := range of.Lines {
		l := &of.Lines[i]
		line := LineResult{Code: l.Code, Category: l.Category, Class: l.Class, Total: new(big.Rat), Present: new(big.Rat)}
		for year, factor := range factors {
			exact, err := l.of(of, year)
			if err != nil {
				return err
			}
			cash := cent(exact)
			line.Cash = append(line.Cash, cash)
			line.Total.Add(line.Total, cash)
			line.Present.Add(line.Present, new(big.Rat).Mul(cash, factor))
			s.Cash[year].Add(s.Cash[year], cash)
		}
		s.Lines = append(s.Lines, line)
		switch l.Class {
		case Run:
			s.Run.Add(s.Run, line.Total)
		case Change:
			s.Changes.Add(s.Changes, line.Total)
		}
	}
	for year, factor := range factors {
		s.Total = new(big.Rat).Add(s.Total, s.Cash[year])
		s.Present = new(big.Rat).Add(s.Present, new(big.Rat).Mul(s.Cash[year], factor))
		s.Together, s.Presents = append(s.Together, s.Total), append(s.Presents, s.Present)
	}
	if annuity.Sign() > 0 {
		s.Yearly = new(big.Rat).Quo(s.Present, annuity)
	}
	if users != nil && users.Sign() > 0 {
		s.EachUser = new(big.Rat).Quo(s.Present, users)
	}
	if both := new(big.Rat).Add(s.Run, s.Changes); both.Sign() != 0 {
		s.RunShare = percent(s.Run, both)
	}
	return nil
}
