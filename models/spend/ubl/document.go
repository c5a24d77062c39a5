package ubl

import (
	"strings"

	"pilveturg/models"
)

// Kind says which of the two documents of UBL one is.
type Kind string

// The kinds of documents.
const (
	Invoice    Kind = "invoice"
	CreditNote Kind = "credit_note"
)

// Document is an invoice or a credit note, as written: nothing is rounded, completed or
// turned around. The terms are those of EN 16931-1:2017 (BT: business term, BG: group).
// Texts that are missing are "", days that are missing or no days are zero.
type Document struct {
	Kind          Kind
	Customization string      // BT-24: which rules the seller says it follows
	Profile       string      // BT-23: the process
	Number        string      // BT-1
	Issued        models.Date // BT-2
	Due           models.Date // BT-9
	TaxPoint      models.Date // BT-7: when the VAT is due
	TaxPointCode  string      // BT-8: the same as a code of UNTDID 2005
	TypeCode      string      // BT-3: a code of UNTDID 1001, 380 or 381 mostly
	Currency      string      // BT-5
	TaxCurrency   string      // BT-6: the seller's, where VAT is also told in that
	Notes         []string    // BT-22
	Cost          string      // BT-19: the buyer's account
	BuyerRef      string      // BT-10
	Contract      string      // BT-12
	Order         string      // BT-13
	SalesOrder    string      // BT-14
	Project       string      // BT-11
	Preceding     []Reference // BG-3
	Seller        Party       // BG-4
	Buyer         Party       // BG-7
	Payee         Party       // BG-10: who is paid, where that is not the seller
	Period        Period      // BG-14
	Terms         string      // BT-20
	Adjustments   []Adjustment
	Taxes         []Tax  // BG-23, in Currency
	Tax           Amount // BT-110, in Currency
	TaxElsewhere  Amount // BT-111, in TaxCurrency
	Totals        Totals
	Lines         []Line

	root *node
}

// Sign returns -1 for a credit note, whose amounts are positive and mean minus, and 1 for
// an invoice, which is already negative where it takes something back.
func (d *Document) Sign() int {
	if d.Kind == CreditNote {
		return -1
	}
	return 1
}

// Reference is an earlier document that this one corrects or goes on from.
type Reference struct {
	Number string      // BT-25
	Issued models.Date // BT-26
}

// Party is who sells, buys or is paid.
type Party struct {
	Name           string // BT-27, BT-44, BT-59; the trading name where no other is given
	TradingName    string // BT-28, BT-45
	Endpoint       string // BT-34, BT-49: the electronic address
	EndpointScheme string
	Legal          string // BT-30, BT-47, BT-61: number in the register
	LegalScheme    string // of ISO 6523
	VAT            string // BT-31, BT-48
	Country        string // BT-40, BT-55
}

// Period is when something was delivered, both days included; either may be missing.
type Period struct {
	From models.Date // BT-73, BT-134
	To   models.Date // BT-74, BT-135
}

// IsZero reports whether neither day is known.
func (p Period) IsZero() bool { return p.From.IsZero() && p.To.IsZero() }

// Adjustment is an allowance or a charge, of the document (BG-20, BG-21) or of a line
// (BG-27, BG-28).
type Adjustment struct {
	Charge     bool
	Amount     Amount // BT-92, BT-99, BT-136, BT-141
	Base       Amount // BT-93, BT-100, BT-137, BT-142
	Percent    Amount // BT-94, BT-101, BT-138, BT-143
	Category   string // BT-95, BT-102; "" on lines
	Rate       Amount // BT-96, BT-103
	Reason     string // BT-97, BT-104, BT-139, BT-144
	ReasonCode string // BT-98, BT-105, BT-140, BT-145

	unclear bool // whether it is a charge
}

// Tax is an entry of the VAT breakdown.
type Tax struct {
	Category   string // BT-118: a code of UNCL 5305
	Rate       Amount // BT-119, percent
	Taxable    Amount // BT-116
	Amount     Amount // BT-117
	Reason     string // BT-120: why nothing is due
	ReasonCode string // BT-121
}

// Totals are the sums as the document states them (BG-22).
type Totals struct {
	Lines        Amount // BT-106
	Allowances   Amount // BT-107
	Charges      Amount // BT-108
	TaxExclusive Amount // BT-109
	TaxInclusive Amount // BT-112
	Prepaid      Amount // BT-113
	Rounding     Amount // BT-114
	Payable      Amount // BT-115
}

// Line is a line (BG-25).
type Line struct {
	ID          string // BT-126
	Note        string // BT-127
	Quantity    Amount // BT-129
	Unit        string // BT-130: a code of UN/ECE Recommendation 20 or 21
	Net         Amount // BT-131
	Period      Period // BG-26
	OrderLine   string // BT-132
	Cost        string // BT-133: the buyer's account
	Name        string // BT-153
	Description string // BT-154
	SellerCode  string // BT-155
	BuyerCode   string // BT-156
	Standard    Code   // BT-157, with its scheme of ISO 6523
	Classes     []Code // BT-158, with their lists of UNTDID 7143
	Price       Amount // BT-146
	Base        Amount // BT-149: for how many the price is
	Gross       Amount // BT-148: the price before its discount
	Discount    Amount // BT-147
	Category    string // BT-151
	Rate        Amount // BT-152, percent
	Adjustments []Adjustment
}

// Code is what an item is in a list of codes.
type Code struct{ List, Value string }

// listCPV is the Common Procurement Vocabulary in UNTDID 7143.
const listCPV = "STI"

// CPV returns the first code of the Common Procurement Vocabulary, as written, or "".
// Documents have codes that do not exist; that is no reason to refuse them.
func (l Line) CPV() string {
	for _, c := range l.Classes {
		if strings.EqualFold(c.List, listCPV) {
			return c.Value
		}
	}
	return ""
}
