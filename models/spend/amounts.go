package spend

import (
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/spend/currency"
	"pilveturg/models/spend/sheet"
)

// amountRole is the column that says what a row comes to.
func (t *table) amountRole() Role {
	for _, role := range []Role{RoleAmount, RoleGross, RoleDebit, RoleCredit} {
		if _, ok := t.m.Columns[role]; ok {
			return role
		}
	}
	return RoleAmount
}

// amount is what a row comes to without VAT: its amount, what it comes to with VAT less
// that, or its debit less its credit.
func (t *table) amount(cells []string) (n models.Exact, known bool, problem *Problem) {
	switch t.amountRole() {
	case RoleAmount:
		return t.number(cells, RoleAmount)
	case RoleGross:
		return t.difference(cells, RoleGross, RoleTax)
	}
	return t.difference(cells, RoleDebit, RoleCredit)
}

// difference is one column less another one; either may be empty.
func (t *table) difference(cells []string, from, less Role) (n models.Exact, known bool, problem *Problem) {
	a, knownA, problem := t.number(cells, from)
	if problem != nil {
		return n, false, problem
	}
	b, knownB, problem := t.number(cells, less)
	if problem != nil || !knownA && !knownB || !knownA && from == RoleGross {
		return n, false, problem
	}
	if n, err := a.Sub(b); err == nil {
		return n, true, nil
	}
	return n, false, &Problem{Code: sheet.NoNumber, Column: t.column(from).Heading, Got: clean(t.cell(cells, from), 200)}
}

// kind is what a row is: a credit where it stands in the column for them.
func (t *table) kind(cells []string, amount models.Exact) Kind {
	if t.amountRole() == RoleDebit || t.amountRole() == RoleCredit {
		if amount.Sign() < 0 && t.cell(cells, RoleCredit) != "" {
			return Credit
		}
	}
	return Purchase
}

// tax is the VAT of a row whose amount without it is known.
func (t *table) tax(cells []string, net models.Exact) (tax models.Exact, known bool, problem *Problem) {
	_, hasTax := t.m.Columns[RoleTax]
	_, hasGross := t.m.Columns[RoleGross]
	if hasTax || !hasGross {
		return t.number(cells, RoleTax)
	}
	gross, known, problem := t.number(cells, RoleGross)
	if problem != nil || !known {
		return tax, false, problem
	}
	tax, err := gross.Sub(net)
	return tax, err == nil, nil
}

// currencyOf finds the currency of a row: in its column, in the cell of its amount, or
// what was said of the whole table. A cell that names another one than its row is not
// believed.
func (t *table) currencyOf(cells []string, c *Charge) *Problem {
	role := t.amountRole()
	if role == RoleDebit && t.cell(cells, RoleDebit) == "" {
		role = RoleCredit
	}
	said, sign := t.cell(cells, RoleCurrency), sheet.Currency(t.cell(cells, role))
	if code, ok := signed(said); ok {
		said = code
	}
	c.Currency = strings.ToUpper(said)
	named, sure := signed(sign)
	switch {
	case c.Currency == "" && sure:
		c.Currency = named
	case c.Currency == "":
		c.Currency = t.m.Currency
	}
	if _, ok := currency.Lookup(c.Currency); !ok {
		return &Problem{Code: "currency_wrong", Column: t.column(RoleCurrency).Heading, Got: clean(c.Currency, 40)}
	}
	if sign != "" && !fitsSign(sign, c.Currency) {
		return &Problem{Code: "currency_differs", Column: t.column(role).Heading, Got: clean(t.cell(cells, role), 40)}
	}
	return nil
}

// signed is the one currency that a code or a sign stands for.
func signed(sign string) (code string, ok bool) {
	if code = map[string]string{"€": "EUR", "£": "GBP", "US$": "USD", "₹": "INR", "zł": "PLN", "Kč": "CZK", "Euro": "EUR", "euro": "EUR", "eurot": "EUR"}[sign]; code != "" {
		return code, true
	}
	_, ok = currency.Lookup(sign)
	return sign, ok
}

// fitsSign reports whether a code or a sign can stand for a currency.
func fitsSign(sign, code string) bool {
	if one, ok := signed(sign); ok {
		return one == code
	}
	many := map[string][]string{"$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD"}, "kr": {"SEK", "NOK", "DKK", "ISK", "EEK"}, "¥": {"JPY", "CNY"}}[sign]
	return slices.Contains(many, code)
}

// shifted says why the cells of a row may stand under wrong names: there are more of them
// than names, or fewer and one is not what its column has.
func (t *table) shifted(cells []string) *Problem {
	if t.width == 0 {
		return nil
	}
	for i := t.width; i < len(cells); i++ {
		if strings.TrimSpace(cells[i]) != "" && !t.usual(i) {
			return &Problem{Code: "row_longer"}
		}
	}
	if len(cells) >= t.width {
		return nil
	}
	for role, i := range t.m.Columns {
		if i >= len(cells) || strings.TrimSpace(cells[i]) == "" {
			continue
		}
		wrong := false
		switch {
		case role.IsNumber():
			_, _, problem := t.number(cells, role)
			wrong = problem != nil
		case role.IsDay():
			_, problem := t.day(cells, role)
			wrong = problem != nil && t.column(role).Days > 0
		}
		if wrong {
			return &Problem{Code: "row_shorter"}
		}
	}
	return nil
}

// usual reports whether most rows have something behind the heading in a column: then the
// column lacks a name, and no row is shifted.
func (t *table) usual(i int) bool {
	return i < len(t.columns) && t.columns[i].Filled*2 > t.column(t.amountRole()).Filled
}
