package focus

import (
	"strings"
	"time"
)

// Versions of the specification that are known, oldest first. Each has all columns of the
// one before.
var Versions = []string{"1.0", "1.1", "1.2"}

// column is what FOCUS says about a column, and where its value goes. One of text, number
// and moment is set; own reads what only one column has.
type column struct {
	name   string
	since  int  // the place of the version in Versions
	must   bool // mandatory, in each version alike
	cost   bool // one of the four costs
	text   func(*Charge) *string
	number func(*Charge) *Number
	moment func(*Charge) *time.Time
	own    func(h *Heading, name, cell string, c *Charge)
	write  func(*Charge) string
}

func text(name string, since int, must bool, at func(*Charge) *string) column {
	return column{name: name, since: since, must: must, text: at}
}

func number(name string, since int, must bool, at func(*Charge) *Number) column {
	return column{name: name, since: since, must: must, number: at}
}

func cost(name string, at func(*Charge) *Number) column {
	return column{name: name, must: true, cost: true, number: at}
}

func moment(name string, at func(*Charge) *time.Time) column {
	return column{name: name, must: true, moment: at}
}

// columns are the 57 columns of FOCUS 1.2 in the order of its rules, which is that of the
// alphabet. Versions and what is mandatory are those of the specification's columns.
var columns = []column{
	text("AvailabilityZone", 0, false, func(c *Charge) *string { return &c.Zone }),
	cost("BilledCost", func(c *Charge) *Number { return &c.Billed }),
	text("BillingAccountId", 0, true, func(c *Charge) *string { return &c.BillingAccountID }),
	text("BillingAccountName", 0, true, func(c *Charge) *string { return &c.BillingAccount }),
	text("BillingAccountType", 2, false, func(c *Charge) *string { return &c.BillingType }),
	{name: "BillingCurrency", must: true, own: readCurrency, write: func(c *Charge) string { return c.Currency }},
	moment("BillingPeriodEnd", func(c *Charge) *time.Time { return &c.BillingEnd }),
	moment("BillingPeriodStart", func(c *Charge) *time.Time { return &c.BillingStart }),
	text("CapacityReservationId", 1, false, func(c *Charge) *string { return &c.ReservationID }),
	text("CapacityReservationStatus", 1, false, func(c *Charge) *string { return &c.ReservationStatus }),
	{name: "ChargeCategory", must: true, own: readCategory, write: func(c *Charge) string { return categories.word(string(c.Category)) }},
	{name: "ChargeClass", must: true, own: readClass, write: writeClass},
	text("ChargeDescription", 0, true, func(c *Charge) *string { return &c.Description }),
	{name: "ChargeFrequency", own: readFrequency, write: func(c *Charge) string { return frequencies.word(string(c.Frequency)) }},
	moment("ChargePeriodEnd", func(c *Charge) *time.Time { return &c.End }),
	moment("ChargePeriodStart", func(c *Charge) *time.Time { return &c.Start }),
	text("CommitmentDiscountCategory", 0, false, func(c *Charge) *string { return &c.CommitmentCategory }),
	text("CommitmentDiscountId", 0, false, func(c *Charge) *string { return &c.CommitmentID }),
	text("CommitmentDiscountName", 0, false, func(c *Charge) *string { return &c.Commitment }),
	number("CommitmentDiscountQuantity", 1, false, func(c *Charge) *Number { return &c.CommitmentQuantity }),
	text("CommitmentDiscountStatus", 0, false, func(c *Charge) *string { return &c.CommitmentStatus }),
	text("CommitmentDiscountType", 0, false, func(c *Charge) *string { return &c.CommitmentType }),
	text("CommitmentDiscountUnit", 1, false, func(c *Charge) *string { return &c.CommitmentUnit }),
	number("ConsumedQuantity", 0, false, func(c *Charge) *Number { return &c.ConsumedQuantity }),
	text("ConsumedUnit", 0, false, func(c *Charge) *string { return &c.ConsumedUnit }),
	cost("ContractedCost", func(c *Charge) *Number { return &c.Contracted }),
	number("ContractedUnitPrice", 0, false, func(c *Charge) *Number { return &c.ContractedPrice }),
	cost("EffectiveCost", func(c *Charge) *Number { return &c.Effective }),
	text("InvoiceId", 2, false, func(c *Charge) *string { return &c.InvoiceID }),
	text("InvoiceIssuerName", 0, true, func(c *Charge) *string { return &c.Issuer }),
	cost("ListCost", func(c *Charge) *Number { return &c.List }),
	number("ListUnitPrice", 0, false, func(c *Charge) *Number { return &c.ListPrice }),
	text("PricingCategory", 0, false, func(c *Charge) *string { return &c.PricingCategory }),
	text("PricingCurrency", 2, false, func(c *Charge) *string { return &c.PricingCurrency }),
	number("PricingCurrencyContractedUnitPrice", 2, false, func(c *Charge) *Number { return &c.PricingContractedPrice }),
	number("PricingCurrencyEffectiveCost", 2, false, func(c *Charge) *Number { return &c.PricingEffective }),
	number("PricingCurrencyListUnitPrice", 2, false, func(c *Charge) *Number { return &c.PricingListPrice }),
	number("PricingQuantity", 0, true, func(c *Charge) *Number { return &c.PricingQuantity }),
	text("PricingUnit", 0, true, func(c *Charge) *string { return &c.PricingUnit }),
	text("ProviderName", 0, true, func(c *Charge) *string { return &c.Provider }),
	text("PublisherName", 0, true, func(c *Charge) *string { return &c.Publisher }),
	text("RegionId", 0, false, func(c *Charge) *string { return &c.RegionID }),
	text("RegionName", 0, false, func(c *Charge) *string { return &c.Region }),
	text("ResourceId", 0, false, func(c *Charge) *string { return &c.ResourceID }),
	text("ResourceName", 0, false, func(c *Charge) *string { return &c.Resource }),
	text("ResourceType", 0, false, func(c *Charge) *string { return &c.ResourceType }),
	text("ServiceCategory", 0, true, func(c *Charge) *string { return &c.ServiceCategory }),
	text("ServiceName", 0, true, func(c *Charge) *string { return &c.Service }),
	text("ServiceSubcategory", 1, false, func(c *Charge) *string { return &c.ServiceSubcategory }),
	text("SkuId", 0, false, func(c *Charge) *string { return &c.SKU }),
	text("SkuMeter", 1, false, func(c *Charge) *string { return &c.SKUMeter }),
	{name: "SkuPriceDetails", since: 1, own: readDetails, write: func(c *Charge) string { return c.SKUDetails }},
	text("SkuPriceId", 0, false, func(c *Charge) *string { return &c.SKUPrice }),
	text("SubAccountId", 0, false, func(c *Charge) *string { return &c.SubAccountID }),
	text("SubAccountName", 0, false, func(c *Charge) *string { return &c.SubAccount }),
	text("SubAccountType", 2, false, func(c *Charge) *string { return &c.SubAccountType }),
	{name: "Tags", own: readTags, write: func(c *Charge) string { return c.Tags }},
}

// byName finds a column by its name in small letters.
var byName = func() map[string]int {
	m := make(map[string]int, len(columns))
	for i, c := range columns {
		m[strings.ToLower(c.name)] = i
	}
	return m
}()
