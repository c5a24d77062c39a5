package pricing

import (
	"time"

	"pilveturg/models"
)

// Plan is one way to buy an offering. All its prices are without VAT.
type Plan struct {
	Code     string          `json:"code"` // unique within the version
	Name     models.Text     `json:"name,omitempty"`
	Kind     Kind            `json:"kind,omitempty"`    // Listed when empty
	Currency string          `json:"currency"`          // ISO 4217
	VAT      *models.Decimal `json:"vat,omitempty"`     // percent; nil when not known
	Billing  Period          `json:"billing,omitempty"` // how often there is an invoice; PerMonth when empty
	Year     Year            `json:"year,omitzero"`
	Terms    Terms           `json:"terms,omitzero"`
	Payers   Payers          `json:"payers,omitzero"`
	Charges  []Charge        `json:"charges,omitempty"`
	Note     models.Text     `json:"note,omitempty"`
}

// Kind says how much of a plan's price is told.
type Kind string

// The kinds of plan.
const (
	Listed  Kind = "listed"  // the charges are the price
	Request Kind = "request" // the vendor names the price; charges may tell its range
	Free    Kind = "free"    // nothing to pay
)

// Period is how often something is charged or billed.
type Period string

// The periods. As billing, Once means one invoice a year.
const (
	PerMonth   Period = "month"
	PerQuarter Period = "quarter"
	PerYear    Period = "year"
	Once       Period = "once"
)

// Year says which months of a year are charged: a school year is ten months from
// September. The zero Year is all twelve.
type Year struct {
	Months int        `json:"months,omitempty"` // 1 to 12; 12 when 0
	Start  time.Month `json:"start,omitempty"`  // the first charged month; 0 when it does not matter
}

// Terms are what a buyer binds herself to. nil is "not known", which is not 0.
type Terms struct {
	MinimumMonths *int            `json:"minimum_months,omitempty"`
	NoticeDays    *int            `json:"notice_days,omitempty"`
	RenewalMonths *int            `json:"renewal_months,omitempty"` // it renews for so long unless notice is given; 0 when it does not
	RiseCap       *models.Decimal `json:"rise_cap,omitempty"`       // most percent a year that prices may rise
}

// Payers says who pays the vendor besides the buyer.
type Payers struct {
	Who  Who         `json:"who,omitempty"` // Unknown when empty
	Note models.Text `json:"note,omitempty"`
}

// Who is a group that pays besides the buyer.
type Who string

// The groups that may pay.
const (
	Nobody   Who = "none"
	Families Who = "families"
	Users    Who = "users"
	Unknown  Who = "unknown"
)

// Charge is one thing that is paid for.
//
// The price is Price, or Steps when it depends on the quantity, or a range From–To
// when the vendor settles it later (To nil: no upper end is told), or Rate for a
// [Percent]. Without Unit it is paid once a period whatever the quantity.
type Charge struct {
	Code string      `json:"code"` // unique within the plan
	Name models.Text `json:"name,omitempty"`
	Kind ChargeKind  `json:"kind,omitempty"` // Priced when empty
	Unit string      `json:"unit,omitempty"` // id of the unit that is counted
	Per  Period      `json:"per"`

	// Each names a unit for every one of which the charge is worked out apart, the
	// quantity being spread evenly: 29 € for each school that has up to 200 pupils.
	Each string `json:"each,omitempty"`

	Mode     Mode            `json:"mode,omitempty"` // Graduated when empty
	Price    *models.Decimal `json:"price,omitempty"`
	Steps    []Step          `json:"steps,omitempty"`   // rising
	Batch    models.Decimal  `json:"batch,omitzero"`    // the prices are for so many units; 1 when 0
	Begun    bool            `json:"begun,omitempty"`   // a batch that is begun is paid whole
	Included models.Decimal  `json:"included,omitzero"` // the first so many units of a period cost nothing

	From *models.Decimal `json:"from,omitempty"`
	To   *models.Decimal `json:"to,omitempty"`
	Rate *models.Decimal `json:"rate,omitempty"` // percent of the quantity, which is money

	Minimum     models.Decimal `json:"minimum,omitzero"`       // least amount in one period
	MinimumUnit string         `json:"minimum_unit,omitempty"` // the minimum is for each of these
	Maximum     models.Decimal `json:"maximum,omitzero"`       // greatest amount in one period; none when 0

	Milestones []models.Decimal `json:"milestones,omitempty"` // percents of the amount, paid one after the other
	Optional   bool             `json:"optional,omitempty"`   // an add-on: only when the buyer chooses it
	Note       models.Text      `json:"note,omitempty"`
}

// ChargeKind tells charges apart that are worked out differently.
type ChargeKind string

// The kinds of charge.
const (
	Priced      ChargeKind = ""             // quantity × price
	Percent     ChargeKind = "percent"      // of an amount, such as turnover
	Project     ChargeKind = "project"      // work done once, fixed or a range, paid by milestones
	PassThrough ChargeKind = "pass_through" // paid to somebody else: shown, never counted
)

// Mode says how steps make an amount.
type Mode string

// The modes.
const (
	Graduated Mode = "graduated" // each part of the quantity at the price of its own step
	Volume    Mode = "volume"    // all of it at the price of the step reached
	Band      Mode = "band"      // the step reached is itself the price
)

// Step is a price up to a quantity in one period, that quantity included. Only
// the last step may have no end. Above an end the price is on request.
type Step struct {
	To    *models.Decimal `json:"to,omitempty"` // nil: no end
	Price models.Decimal  `json:"price"`
}
