package spend

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pilveturg/models"
	"pilveturg/models/spend/focus"
)

// mostMore is how many bytes of other columns the ledger keeps of a charge.
const mostMore = 20_000

// otherColumns is under which the columns stand that FOCUS does not have.
const otherColumns = "Other"

// keepMore keeps of a row of a bill what the columns of the ledger do not say of it, so
// that it can be written again as it came. Where that is too much, the columns that
// FOCUS does not have, tags and details are left out, and the charge is flagged.
func (c *Charge) keepMore(f *focus.Charge) {
	c.More = moreOf(f, c)
	if len(c.More) <= mostMore {
		return
	}
	less := *f
	less.Other, less.Tags, less.SKUDetails = "", "", ""
	if c.More = moreOf(&less, c); len(c.More) > mostMore {
		c.More = ""
	}
	c.flagOnce(FlagSource)
}

// moreOf are those columns as JSON. Who provides, makes and is billed is always there.
func moreOf(f *focus.Charge, c *Charge) string {
	base := billOf(c)
	for _, one := range [...]struct{ own, base *string }{{&f.Provider, &base.Provider}, {&f.Publisher, &base.Publisher}, {&f.BillingAccountID, &base.BillingAccountID}} {
		if *one.own != "" {
			*one.base = ""
		}
	}
	b := make([]byte, 1, 512)
	b[0] = '{'
	add := func(name string) {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, name...)
		b = append(b, '"', ':')
	}
	f.Differences(&base, func(name, cell string, null bool) {
		add(name)
		switch {
		case null:
			b = append(b, "null"...)
		case name == "Tags" || name == "SkuPriceDetails":
			b = append(b, cell...)
		default:
			b = appendJSON(b, cell)
		}
	})
	if f.Other != "" {
		add(otherColumns)
		b = append(b, f.Other...)
	}
	if len(b) == 1 {
		return ""
	}
	return string(append(b, '}'))
}

// putBack puts what was kept of a row of a bill into what the ledger makes of it.
func putBack(more string, f *focus.Charge) error {
	if more == "" {
		return nil
	}
	var kept map[string]json.RawMessage
	if err := json.Unmarshal([]byte(more), &kept); err != nil {
		return fmt.Errorf("other columns of a charge: %w", err)
	}
	for name, raw := range kept {
		var cell string
		switch {
		case name == otherColumns:
			f.Other = string(raw)
			continue
		case raw[0] == '{':
			cell = string(raw)
		default:
			if err := json.Unmarshal(raw, &cell); err != nil { // null leaves nothing
				return fmt.Errorf("other columns of a charge: %w", err)
			}
		}
		if _, err := f.Set(name, cell); err != nil {
			return err
		}
	}
	return nil
}

// focusCategories are the values of ServiceCategory.
var focusCategories = []string{"AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools", "Multicloud", "Identity", "Integration", "Internet of Things", "Management and Governance", "Media", "Migration", "Mobile", "Networking", "Security", "Storage", "Web", "Other"}

// notKnown stands where FOCUS wants a name and nobody knows it.
const notKnown = "Unknown"

// billOf is a charge as FOCUS has it, as far as the columns of the ledger say. What FOCUS
// wants and they do not say is said as carefully as it allows: a cost that is not known
// is the billed one. A charge must have a month.
func billOf(c *Charge) focus.Charge {
	vendor := orElse(clean(c.Vendor, maxName), notKnown)
	service := clean(orElse(c.Service, orElse(c.Description, c.Category)), 1000)
	f := focus.Charge{Billed: focus.Number{Value: c.Billed, Known: true}, Currency: c.Currency, Category: focus.Category(c.Kind), Correction: c.Correction, Description: clean(orElse(c.Description, c.Service), 2000),
		Provider: vendor, Publisher: vendor, Issuer: vendor, Service: orElse(service, notKnown), ServiceCategory: "Other", InvoiceID: clean(c.Reference, 300), BillingAccountID: clean(c.Buyer, maxName), BillingAccount: clean(c.Buyer, maxName)}
	if slices.Contains(focusCategories, c.Category) {
		f.ServiceCategory = c.Category
	}
	billed := Known(c.Billed)
	f.Effective, f.Contracted = numberOf(c.Effective, billed), numberOf(c.Contracted, billed)
	f.List = numberOf(c.List, Amount{f.Contracted.Value, true})
	for fq, own := range frequencies {
		if own == c.Frequency && (c.Kind != Purchase || fq != focus.UsageBased) {
			f.Frequency = fq
		}
	}
	if c.Kind != Tax && c.Quantity.Known {
		f.PricingQuantity, f.PricingUnit = focus.Number{Value: c.Quantity.Exact, Known: true}, orElse(clean(c.Unit, 100), "Unit")
		if product, err := models.RoundRat(c.UnitPrice.Rat().Mul(c.UnitPrice.Rat(), c.Quantity.Rat()), models.ExactPlaces); c.UnitPrice.Known && err == nil && product == f.Contracted.Value {
			f.ContractedPrice = focus.Number{Value: c.UnitPrice.Exact, Known: true}
		}
	}
	f.BillingStart, f.BillingEnd = monthAround(c.Invoiced)
	f.Start, f.End = f.BillingStart, f.BillingEnd
	if !c.From.IsZero() && c.From.Before(c.To) {
		f.Start, f.End = c.From.Time(), c.To.Time()
	}
	return f
}

func numberOf(a, instead Amount) focus.Number {
	if !a.Known {
		a = instead
	}
	return focus.Number{Value: a.Exact, Known: a.Known}
}

// monthAround is the month of a day, the end exclusive.
func monthAround(d models.Date) (start, end time.Time) {
	if d.IsZero() {
		return start, end
	}
	start = time.Date(d.Time().Year(), d.Time().Month(), 1, 0, 0, 0, 0, time.UTC)
	return start, start.AddDate(0, 1, 0)
}
