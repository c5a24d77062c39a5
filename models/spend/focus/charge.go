package focus

import (
	"time"

	"pilveturg/models"
)

// Number is an amount, a quantity or a price, which may be null: Known is false then and
// Value is 0.
type Number struct {
	Value models.Exact
	Known bool
}

// Category is what a charge is for; "" where the file does not say.
type Category string

// The categories of FOCUS (ChargeCategory).
const (
	Usage      Category = "usage"
	Purchase   Category = "purchase"
	Tax        Category = "tax"
	Credit     Category = "credit"
	Adjustment Category = "adjustment"
)

// Frequency is how often a charge comes; "" where the file does not say.
type Frequency string

// The frequencies of FOCUS (ChargeFrequency).
const (
	OneTime    Frequency = "one-time"
	Recurring  Frequency = "recurring"
	UsageBased Frequency = "usage-based"
)

// Charge is one row of a cost and usage file. Texts are "" where they are null. Costs are
// in Currency and before rounding; the four of them are different questions about one
// charge and must not be added to each other. Two charges may be compared with ==.
type Charge struct {
	Billed     Number // what is on the invoice
	Effective  Number // with what was paid before spread over what it is used for
	List       Number // at the public price
	Contracted Number // at the agreed price, without commitments
	Currency   string // ISO 4217, three capital letters

	// Times are in UTC; ends are exclusive. The zero time is null.
	BillingStart, BillingEnd time.Time
	Start, End               time.Time

	Category    Category
	Correction  bool // of a charge of an earlier billing period, already invoiced
	Frequency   Frequency
	Description string

	Provider, Publisher, Issuer                   string // who offers, makes, and invoices
	Service, ServiceCategory, ServiceSubcategory  string
	InvoiceID                                     string // "" where not yet invoiced
	BillingAccountID, BillingAccount, BillingType string
	SubAccountID, SubAccount, SubAccountType      string
	PricingQuantity                               Number
	PricingUnit, PricingCategory                  string
	ConsumedQuantity                              Number
	ConsumedUnit                                  string
	ListPrice, ContractedPrice                    Number // of one PricingUnit, in Currency
	PricingCurrency                               string // may be one of the vendor's own: "Token"
	PricingListPrice, PricingContractedPrice      Number // in PricingCurrency
	PricingEffective                              Number // the effective cost in PricingCurrency
	CommitmentID, Commitment                      string // what was paid for ahead, and is used here
	CommitmentCategory, CommitmentType            string
	CommitmentStatus                              string // "Used" or "Unused"
	CommitmentQuantity                            Number
	CommitmentUnit                                string
	ReservationID, ReservationStatus              string
	RegionID, Region, Zone                        string
	SKU, SKUPrice, SKUMeter                       string
	ResourceID, Resource, ResourceType            string
	SKUDetails                                    string // the text of a JSON object
	Tags                                          string // the text of a JSON object
	Other                                         string // the text of a JSON object: what FOCUS has no column for, as texts, objects and lists
}
