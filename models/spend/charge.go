package spend

import (
	"database/sql/driver"
	"math/big"
	"slices"
	"strings"

	"pilveturg/models"
)

// Kind is what a charge is for, in the words of FOCUS.
type Kind string

// The kinds.
const (
	Usage      Kind = "usage"
	Purchase   Kind = "purchase"
	Tax        Kind = "tax"
	Credit     Kind = "credit"
	Adjustment Kind = "adjustment"
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Usage, Purchase, Tax, Credit, Adjustment} }

// Amount is an exact amount that may be unknown.
type Amount struct {
	models.Exact
	Known bool
}

// Known returns an amount that is known.
func Known(e models.Exact) Amount { return Amount{e, true} }

// Value and Scan keep what is unknown as NULL.
func (a Amount) Value() (driver.Value, error) {
	if !a.Known {
		return nil, nil
	}
	return a.Exact.Value()
}

// Scan reads what Value wrote.
func (a *Amount) Scan(src any) error {
	if src == nil {
		*a = Amount{}
		return nil
	}
	a.Known = true
	return a.Exact.Scan(src)
}

// Charge is one row of the ledger.
type Charge struct {
	ID          int64        `db:"id"`
	BatchID     int64        `db:"batch_id"`
	Line        int          `db:"line"` // in the file; of an invoice, which of its charges
	DocumentID  *int64       `db:"document_id"`
	CorrectsID  *int64       `db:"corrects_id"`
	Buyer       string       `db:"buyer"`    // as the file calls it
	Vendor      string       `db:"vendor"`   // as the file calls it
	Category    string       `db:"category"` // as the file calls it
	Kind        Kind         `db:"kind"`
	Frequency   string       `db:"frequency"` // "one_time", "recurring", "usage" or ""
	Correction  bool         `db:"correction"`
	Service     string       `db:"service"`
	Description string       `db:"description"`
	Reference   string       `db:"reference"` // number of the invoice or transaction
	Contract    string       `db:"contract"`  // reference to a contract
	Month       string       `db:"month"`     // "2026-03" in which it was billed; "" when that is unknown
	Invoiced    models.Date  `db:"invoiced"`
	Due         models.Date  `db:"due"`
	From        models.Date  `db:"service_from"`
	To          models.Date  `db:"service_to"` // the first day after it
	Quantity    Amount       `db:"quantity"`
	Unit        string       `db:"unit"`
	UnitPrice   Amount       `db:"unit_price"`
	Billed      models.Exact `db:"billed"` // without VAT; of a tax row the tax
	Effective   Amount       `db:"effective"`
	List        Amount       `db:"list"`
	Contracted  Amount       `db:"contracted"`
	Currency    string       `db:"currency"` // ISO 4217
	Rate        Amount       `db:"rate"`     // so much of the currency was one euro …
	RateDay     models.Date  `db:"rate_day"` // … on this day
	Euros       Amount       `db:"euros"`    // to 12 decimals
	VATCategory string       `db:"vat_category"`
	VATRate     Amount       `db:"vat_rate"` // percent
	FlagText    string       `db:"flags"`
	More        string       `db:"more"` // JSON: the other columns of the source

	BuyerCode, VendorCode string `db:"-"` // registry codes, by which they are known here
	OnDocument            bool   `db:"-"` // it stands on the document that came last
}

// Flags are codes of what somebody should look at.
func (c *Charge) Flags() []string { return strings.Fields(c.FlagText) }

func (c *Charge) flag(code string) {
	if c.FlagText != "" {
		c.FlagText += " "
	}
	c.FlagText += code
}

// toBeLookedAt reports whether a charge has a flag that is not counted by itself, as those
// for charges without a month or a rate are.
func (c *Charge) toBeLookedAt() bool {
	return slices.ContainsFunc(c.Flags(), func(flag string) bool { return flag != FlagUndated && flag != FlagNoRate })
}

func (c *Charge) flagOnce(code string) {
	if !slices.Contains(c.Flags(), code) {
		c.flag(code)
	}
}

// halfCent is by how much an amount may miss price times quantity: it was rounded to cents.
const halfCent = 200

// offPrice reports whether price times quantity is not the amount.
func (c *Charge) offPrice() bool {
	if !c.Quantity.Known || !c.UnitPrice.Known {
		return false
	}
	off := c.UnitPrice.Rat()
	off.Mul(off, c.Quantity.Rat()).Sub(off, c.Billed.Rat())
	return off.Abs(off).Cmp(big.NewRat(1, halfCent)) > 0
}

// The flags.
const (
	FlagSameRow  = "same_row"    // another row of the file is written the same
	FlagFuture   = "future"      // it was invoiced after the day on which it was brought
	FlagUndated  = "undated"     // nothing says when it was billed
	FlagNoVendor = "no_vendor"   // nothing says who is paid
	FlagNoRate   = "no_rate"     // there is no rate of its currency for the day
	FlagGone     = "gone"        // its currency had ended
	FlagMinus    = "minus"       // it is below zero, and neither a credit nor a correction
	FlagBill     = "same_bill"   // another batch has an invoice of this vendor, number and day
	FlagMath     = "math"        // price times quantity is not the amount
	FlagSource   = "source"      // its source bends its own format
	FlagRule     = "rule"        // its invoice breaks a rule of EN 16931 or Peppol
	FlagNoCPV    = "no_cpv"      // the vocabulary has no code such as its category
	FlagTwice    = "minus_minus" // its credit note is below zero, and so takes nothing back
)

// Flags are all the codes.
func Flags() []string {
	return []string{FlagSameRow, FlagFuture, FlagUndated, FlagNoVendor, FlagNoRate, FlagGone, FlagMinus, FlagBill, FlagMath, FlagSource, FlagRule, FlagNoCPV, FlagTwice}
}

// Document is an invoice, a credit note or a return.
type Document struct {
	ID       int64        `db:"id"`
	BatchID  int64        `db:"batch_id"`
	Kind     string       `db:"kind"` // "invoice", "credit_note", "return" or "statement"
	Number   string       `db:"number"`
	Issued   models.Date  `db:"issued"`
	Due      models.Date  `db:"due"`
	Buyer    string       `db:"buyer"`
	Vendor   string       `db:"vendor"`
	VendorID int64        `db:"vendor_id"` // of its name
	Contract string       `db:"contract"`
	Order    string       `db:"orders"`
	Corrects string       `db:"corrects"` // number of the document that it corrects
	Currency string       `db:"currency"`
	Net      models.Exact `db:"net"` // signed: a credit note is minus
	VAT      models.Exact `db:"vat"`
	Gross    models.Exact `db:"gross"`
	Prepaid  models.Exact `db:"prepaid"`
	Rounding models.Exact `db:"rounding"`
	Payable  models.Exact `db:"payable"`
	Findings string       `db:"findings"` // JSON of []Finding

	BuyerCode, VendorCode string `db:"-"` // registry codes, by which they are known here
}

// Finding is a rule that a document breaks.
type Finding struct {
	Rule  string `json:"rule"` // "BR-CO-10"
	Fatal bool   `json:"fatal"`
	Where string `json:"where,omitempty"`
	Got   string `json:"got,omitempty"`
	Want  string `json:"want,omitempty"`
}

// Rules are the rules that the document breaks.
func (d *Document) Rules() (all []Finding) {
	read(d.Findings, &all)
	return all
}

// Problem is why a row is no charge, or what is odd about it.
type Problem struct {
	Code   string `json:"code"`
	Column string `json:"column,omitempty"`
	Got    string `json:"got,omitempty"`
	Repair string `json:"repair,omitempty"` // what it could have meant; "" when nobody can say
}

// Reject is a row that is no charge.
type Reject struct {
	Line    int    `db:"line"`
	Raw     string `db:"raw"`
	Text    string `db:"problem"`
	Problem Problem
}

// Row is what a source says of one of its rows: a charge, why it is none, or that it is
// a total or a note between the charges.
type Row struct {
	Line     int // in the file
	Raw      string
	Hash     uint64    // of the whole row, to find those that are written the same; 0: it is not to be looked for
	Charge   *Charge   // valid until the next row
	Document *Document // that begins with this row
	Problem  *Problem
	LeftOut  string // code of why it counts for nothing
	more     bool   // another charge of the row before
}

// Source yields the rows of a file.
type Source interface {
	// Next returns the next row, or [io.EOF].
	Next() (Row, error)
	// Notices are what is to be said of the whole file, once it was read.
	Notices() []Notice
}
