package spend

import (
	"errors"
	"io"
	"strings"

	"pilveturg/models"
	"pilveturg/models/spend/currency"
	"pilveturg/models/spend/ocds"
)

// mostPayments is how many payments a file of open contracting may have: they are held in
// memory, because later releases repeat and correct earlier ones.
const mostPayments = 500_000

// contracting is a source of the payments in releases of open contracting. What was only
// signed or awarded is counted as left out: it is promised, not spent.
type contracting struct {
	charges []ocds.Charge
	next    int
	charge  Charge
}

// readContracting reads a file of open contracting. Of what several releases say alike
// the latest counts.
func readContracting(r io.Reader) (*contracting, error) {
	c := &contracting{}
	at := map[[5]string]int{}
	_, err := ocds.Read(r, func(release ocds.Release) error {
		for _, charge := range ocds.Charges(release) {
			key := charge.Key()
			if i, ok := at[key]; ok {
				c.charges[i] = charge
				continue
			}
			if len(c.charges) == mostPayments {
				return errWhy(WhyHostile)
			}
			at[key] = len(c.charges)
			c.charges = append(c.charges, charge)
		}
		return nil
	})
	switch {
	case errors.Is(err, ocds.ErrNotOCDS):
		return nil, errWhy(WhyUnknown)
	case errors.Is(err, ocds.ErrBroken):
		return nil, errWhy(WhyBroken)
	case errors.Is(err, ocds.ErrTooBig):
		return nil, errWhy(WhyHostile)
	}
	return c, err
}

// Notices has nothing to say.
func (c *contracting) Notices() []Notice { return nil }

// Next returns the next payment.
func (c *contracting) Next() (Row, error) {
	if c.next == len(c.charges) {
		return Row{}, io.EOF
	}
	from := &c.charges[c.next]
	c.next++
	row := Row{Line: c.next, Raw: from.OCID + " " + string(from.ContractID) + " " + string(from.ID)}
	if from.Kind != ocds.Spent {
		row.LeftOut = "commitment"
		return row, nil
	}
	if _, ok := currency.Lookup(from.Currency); !ok {
		row.Problem = &Problem{Code: "currency_wrong", Column: "value.currency", Got: clean(from.Currency, 40)}
		return row, nil
	}
	c.charge = Charge{Buyer: from.Payer.Name, BuyerCode: codeOf(from.Payer), Vendor: from.Payee.Name, VendorCode: codeOf(from.Payee), Kind: Purchase, Reference: string(from.ID), Contract: string(from.ContractID), Description: from.OCID, Billed: from.Amount, Currency: from.Currency}
	if from.Amount.Sign() < 0 {
		c.charge.Kind = Credit
	}
	if len(from.Date) >= 10 {
		if day, err := models.ParseDate(from.Date[:10]); err == nil {
			c.charge.Invoiced = day
		}
	}
	if from.Old {
		c.charge.flag(FlagSource)
	}
	row.Charge = &c.charge
	return row, nil
}

// codeOf is the number in a register that the id of an organization ends in, such as
// "EE-RIK-12345678".
func codeOf(o ocds.OrganizationReference) string {
	id := string(o.ID)
	return id[strings.LastIndex(id, "-")+1:]
}
