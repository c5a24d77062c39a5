package demonstration

import (
	"encoding/json"
	"fmt"
	"io"

	"pilveturg/models"
	"pilveturg/models/contracts"
)

// Story is what invented bodies subscribed to, as it stands in its file.
type Story struct {
	Targets     [3]int64   `json:"targets_cents"` // that are billed in each year, without VAT
	Running     [2]int     `json:"running"`       // subscriptions at the end of the first two years
	Unconfirmed models.Key `json:"unconfirmed"`   // body that has not brought its last month
	Bodies      []Body     `json:"bodies"`
	Runs        []Run      `json:"runs"`  // in the order in which they began
	Loose       []Loose    `json:"loose"` // bills that name no contract
}

// Body is an invented body, and who acts for it: mails of accounts.
type Body struct {
	Organisation models.Key `json:"organisation"`
	Buyer        string     `json:"buyer"`
	Finance      string     `json:"finance"`
}

// Mark says what is to be found about a subscription.
type Mark string

// The marks.
const (
	Ceiling Mark = "ceiling" // more is billed than its budget line has
	Notice  Mark = "notice"  // it goes on by itself, and the day to say no is over
	Dollars Mark = "dollars" // one of its invoices is in dollars
	Idle    Mark = "idle"    // hardly anybody uses what is paid
)

// Run is a subscription from its begin on.
type Run struct {
	Body     models.Key                `json:"body"`
	Service  models.Key                `json:"service"`
	Plan     string                    `json:"plan,omitempty"` // code; "" for the first with a price
	Unit     string                    `json:"unit,omitempty"`
	Quantity models.Decimal            `json:"quantity,omitzero"` // that was agreed
	More     map[string]models.Decimal `json:"more,omitempty"`    // quantities of other units
	Flow     models.Decimal            `json:"flow,omitzero"`     // that is used in a usual month; 0: what was agreed
	Elastic  bool                      `json:"elastic,omitempty"` // use goes up and down with the year's money
	Season   season                    `json:"season,omitempty"`
	Month    int                       `json:"month,omitempty"` // of its first year; 0: it began before the three years
	Months   int                       `json:"months"`          // of a term
	Renewal  contracts.Renewal         `json:"renewal"`
	Notice   int                       `json:"notice_days"`
	Seats    []int64                   `json:"seats,omitempty"` // given out and used in a month, where nothing is counted
	Mark     Mark                      `json:"mark,omitempty"`
	Words    string                    `json:"words,omitempty"`
	Ended    *struct {
		Year  int `json:"year"` // 0 for the last one, -1 for the one before
		Month int `json:"month"`
	} `json:"ended,omitempty"`
	Why string `json:"why,omitempty"` // it ended
}

// Loose is a bill that names no contract.
type Loose struct {
	Body    models.Key `json:"body"`
	Service models.Key `json:"service"` // whose vendor billed it
	Back    int        `json:"back"`    // months before the last one
	Cents   int64      `json:"cents"`   // euro cents without VAT
	Text    string     `json:"text"`
}

// ReadStory reads a story.
func ReadStory(r io.Reader) (*Story, error) {
	s := &Story{}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("three years of the demonstration: %w", err)
	}
	return s, nil
}

// month counts months from the year 0 on.
type month int

func monthOf(d models.Date) month { return month(d.Time().Year()*12 + int(d.Time().Month()) - 1) }

func (m month) year() int { return int(m) / 12 }

// of is the month of its year, from 1.
func (m month) of() int { return int(m)%12 + 1 }

func (m month) first() models.Date { return models.NewDate(m.year(), 1, 1).AddMonths(m.of() - 1) }

func (m month) last() models.Date { return (m + 1).first().AddDays(-1) }

func (m month) String() string { return m.first().String()[:7] }

// calendar are the three years: the last one is that of the month before today.
type calendar struct {
	today models.Date
	last  month // the month before today's: up to it there are invoices
}

func newCalendar(today models.Date) calendar { return calendar{today, monthOf(today) - 1} }

// january is the first month of a year: -2, -1 or 0.
func (c calendar) january(year int) month { return month((c.last.year() + year) * 12) }

// at is a month of a year. Of the last year, which is not over, the months so far stand
// for all twelve.
func (c calendar) at(year, of int) month {
	if year == 0 {
		of = 1 + (of-1)*c.last.of()/12
	}
	return c.january(year) + month(of-1)
}

// season says how much of a service is used in which month.
type season string

// share is how much of a usual month there is in a month of the year, in percent, and
// whether there is anything to pay.
func (s season) share(of int) (percent int64, pays bool) {
	summer := of >= 5 && of <= 9
	switch {
	case s == "school":
		return 100, of != 7 && of != 8
	case s == "maps" && of == 7:
		return 160, true
	case s == "invoices" && of == 1:
		return 170, true
	case s == "invoices":
		return 94, true
	case s == "summer" && summer:
		return 200, true
	case s == "summer":
		return 30, true
	case s == "kiosks" && !summer:
		return 25, true
	}
	return 100, true
}

// exams share a year's sittings between May and June, in percent.
func exams(of int) int64 { return map[int]int64{5: 45, 6: 55}[of] }

// wobble is a number from -most to most that looks like chance and is none: the same for
// the same three numbers.
func wobble(most, a, b, c int64) int64 {
	x := uint64(a)*0x9e3779b97f4a7c15 ^ uint64(b)*0xbf58476d1ce4e5b9 ^ uint64(c)*0x94d049bb133111eb
	for range 2 {
		x = (x ^ x>>31) * 0xd6e8feb86659fd93
	}
	return int64((x>>33)%uint64(2*most+1)) - most
}
