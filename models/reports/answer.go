package reports

import (
	"pilveturg/models"
	"pilveturg/models/spend"
)

// Kind is what stands in a column.
type Kind string

// The kinds.
const (
	Name    Kind = "name"    // of a body, a vendor, a category: words as they are
	Month   Kind = "month"   // "2026-03"; "": not known
	Year    Kind = "year"    // what a financial year is called
	Day     Kind = "day"     // "2026-03-31"
	Money   Kind = "money"   // of the currency of the answer
	Count   Kind = "count"   // a whole number
	Number  Kind = "number"  // any number
	Percent Kind = "percent" // of hundred
)

// IsNumber reports whether what stands there is a number.
func (k Kind) IsNumber() bool {
	return k == Money || k == Count || k == Number || k == Percent
}

// Column is a column of an answer.
type Column struct {
	Code string // in files; its heading is the message report.col.CODE
	Kind Kind
}

// Value is what stands in a row under a column: Text of what is no number, Amount
// otherwise.
type Value struct {
	Text    string
	Code    string // a word of ours instead; its message is report.code.COLUMN.CODE
	Org     int64  // an organisation whose name stands there in the language of the reader
	Slug    string // a category of the catalogue whose name does
	Amount  models.Exact
	Unknown bool // it cannot be said
}

// Row is a row of an answer: a value for each column, and what lies below it.
type Row struct {
	Values []Value
	Below  *Below // nil: nothing
}

// Below is where a row leads: to a question, told apart otherwise, or to the charges.
type Below struct {
	Question string // code of a question; "": the charges
	By       string // of the question
	Under    int64
	Buyer    string
	Vendor   string
	Category string
	Service  string // of charges
	Kind     spend.Kind
	Month    string // instead of the period that was asked for; "-": not known
	Year     int    // instead of it: a financial year
	Minus    bool   // charges below zero only
	Flag     string // charges with it only
	Document int64  // an invoice
	Batch    int64  // a file
	Path     string // of a page that is no question, without language; other fields do not count
}

// Figure is a number beside the table, or the result of a question; its words are the
// message report.figure.CODE.
type Figure struct {
	Code  string
	Kind  Kind
	Value Value
}

// Part is money that stands beside the total.
type Part struct {
	Rows    int64         // charges
	Amounts []spend.Money // what they come to, where it can be said; by currency
}

// Beside is what is not in a total, or cannot be told apart in it.
type Beside struct {
	Unclassified Part // in the total, but of no category of the catalogue
	Undated      Part // of no month, so that no period has it
	Unconverted  Part // without a rate, so that it is not in euros
	Others       Part // billed in other currencies than the one that was asked for
}

// Draw says what of a table is drawn beside it.
type Draw struct {
	As     string // "bars", "stacks" or "lines"; "": nothing
	Label  int    // column
	Values []int  // columns, each a series
}

// Answer is what a question comes to.
type Answer struct {
	Columns  []Column
	Rows     []Row
	Currency string       // of its money
	Total    models.Exact // the sum of the column that is summed
	Sums     int          // that column
	Figures  []Figure
	Beside   Beside
	Draw     Draw
	Need     string   // "vendor": the ledger is large, and has to be asked of one
	Notes    []string // codes of what is to be said; their messages are report.note.CODE
}

// Sum adds up a column. It is the total where the column is the one that is summed.
func (a *Answer) Sum(column int) (sum models.Exact, err error) {
	for _, row := range a.Rows {
		if sum, err = sum.Add(row.Values[column].Amount); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

func code(s string) Value            { return Value{Code: s} }
func text(s string) Value            { return Value{Text: s} }
func amount(e models.Exact) Value    { return Value{Amount: e} }
func count[N int | int64](n N) Value { return Value{Amount: models.ExactOf(models.Whole(int64(n)))} }
