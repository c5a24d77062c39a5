package systems

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
	"pilveturg/models/spend/currency"
)

// CostKind is what is paid for.
type CostKind string

// The kinds.
const (
	Capital         CostKind = "capital" // building or buying it
	Running         CostKind = "running" // what is not told apart further
	Staff           CostKind = "staff"   // own people
	Hosting         CostKind = "hosting"
	Licences        CostKind = "licences"
	Maintenance     CostKind = "maintenance"
	Training        CostKind = "training"
	Decommissioning CostKind = "decommissioning"
	Residual        CostKind = "residual" // what it fetches at the end; taken off
)

// CostKinds are all of them.
func CostKinds() []CostKind {
	return []CostKind{Capital, Hosting, Maintenance, Licences, Staff, Running, Training, Decommissioning, Residual}
}

// Changes reports whether money of a kind usually changes a system, instead of keeping it
// alive.
func (k CostKind) Changes() bool {
	return k == Capital || k == Training || k == Decommissioning || k == Residual
}

// Every is how often something is paid.
type Every string

// How often.
const (
	Once      Every = "once"
	Monthly   Every = "month"
	Quarterly Every = "quarter"
	Yearly    Every = "year"
)

// Everies are all of them.
func Everies() []Every { return []Every{Yearly, Quarterly, Monthly, Once} }

// months is how many months a period has; 0 for what is paid once.
func (e Every) months() int {
	switch e {
	case Monthly:
		return 1
	case Quarterly:
		return 3
	case Yearly:
		return 12
	}
	return 0
}

// Cost is a line of what a system costs, without VAT.
type Cost struct {
	ID         int64       `db:"id"`
	SystemID   int64       `db:"system_id"`
	Position   int         `db:"position"`
	Words      string      `db:"words"`
	Kind       CostKind    `db:"kind"`
	Change     bool        `db:"change"` // it changes the system, instead of keeping it alive
	Every      Every       `db:"every"`
	Starts     models.Date `db:"starts"` // day it is paid, or first day of what is paid
	Ends       models.Date `db:"ends"`   // last day; none: it goes on
	Amount     string      `db:"amount"` // decimal, a period; "" for staff
	FTE        string      `db:"fte"`    // decimal, full-time equivalents …
	Pay        string      `db:"pay"`    // … of so much pay a period …
	OnCost     string      `db:"on_cost"`
	Currency   string      `db:"currency"` // ISO 4217
	LifeMonths int         `db:"life_months"`
	UsedFrom   models.Date `db:"used_from"` // first day of the life of capital
	LeftOver   string      `db:"left_over"` // decimal, value at the end of the life
	Pool       string      `db:"pool"`      // cost pool of Technology Business Management
	Source     string      `db:"source"`    // where the number is from
	Assumed    bool        `db:"assumed"`   // nobody knows it; a usual value stands for it
}

const (
	// MaxCosts is how many lines a system may have.
	MaxCosts = 200
	// MaxLife is the longest life of capital, in months.
	MaxLife = 1200
)

// mostCents bounds what a line comes to a period: a billion times more than any system
// cost, so that sums of all fit.
const mostCents = 1_000_000_000_000_000

// Period is what a line comes to a period, in hundredths of its currency, rounded half
// away from zero: amount, or FTE × pay × on-cost. What the system fetches is below 0.
func (c *Cost) Period() (cents int64, err error) {
	r, ok := big.NewRat(1, 1), true
	for _, text := range c.factors() {
		var d models.Exact
		if d, err = models.ParseExact(text); err != nil {
			return 0, fmt.Errorf("cost %q: %w", c.Words, err)
		}
		r.Mul(r, d.Rat())
	}
	if cents, ok = hundredths(r); !ok {
		return 0, fmt.Errorf("cost %q: %w", c.Words, models.ErrOverflow)
	}
	if c.Kind == Residual {
		cents = -cents
	}
	return cents, nil
}

func (c *Cost) factors() []string {
	if c.Kind == Staff {
		return []string{c.FTE, c.Pay, c.OnCost}
	}
	return []string{c.Amount}
}

// hundredths are an amount in hundredths, rounded half away from zero.
func hundredths(r *big.Rat) (n int64, ok bool) {
	num := new(big.Int).Mul(r.Num(), big.NewInt(200))
	num.Abs(num).Add(num, r.Denom())
	num.Quo(num, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if !num.IsInt64() || num.Int64() > mostCents {
		return 0, false
	}
	if n = num.Int64(); r.Sign() < 0 {
		n = -n
	}
	return n, true
}

// tidy makes a line as it is kept: without what its kind does not have.
func (c *Cost) tidy() {
	c.Words, c.Pool, c.Source = strings.Join(strings.Fields(c.Words), " "), strings.TrimSpace(c.Pool), strings.TrimSpace(c.Source)
	c.Currency = cmp.Or(c.Currency, currency.Euro)
	if c.Kind == Staff {
		c.Amount, c.OnCost = "", cmp.Or(c.OnCost, "1")
	} else {
		c.FTE, c.Pay, c.OnCost = "", "", ""
	}
	if c.Kind != Capital {
		c.LifeMonths, c.UsedFrom, c.LeftOver = 0, models.Date{}, ""
	}
	if c.LifeMonths == 0 {
		c.UsedFrom, c.LeftOver = models.Date{}, ""
	} else if c.UsedFrom.IsZero() {
		c.UsedFrom = c.Starts
	}
	if c.Every == Once {
		c.Ends = models.Date{}
	}
}

// check says what is wrong with a line, by its fields.
func (c *Cost) check() models.Invalid {
	wrong := models.Invalid{}
	set := func(field string, bad bool, key string) {
		if bad && wrong[field] == "" {
			wrong[field] = key
		}
	}
	set("words", c.Words == "", "systems.words_missing")
	set("words", utf8.RuneCountInString(c.Words) > 200, "systems.long")
	set("kind", !slices.Contains(CostKinds(), c.Kind), "systems.kind_missing")
	set("every", !slices.Contains(Everies(), c.Every), "systems.every_missing")
	set("starts", c.Starts.IsZero(), "systems.day_missing")
	set("ends", !c.Ends.IsZero() && c.Ends.Before(c.Starts), "systems.ends_before")
	set("life_months", c.LifeMonths < 0 || c.LifeMonths > MaxLife, "systems.life_wrong")
	set("life_months", c.LifeMonths > 0 && c.Every != Once, "systems.life_once")
	set("pool", utf8.RuneCountInString(c.Pool) > 100, "systems.long")
	set("source", utf8.RuneCountInString(c.Source) > 300, "systems.long")
	known, ok := currency.Lookup(c.Currency)
	set("currency", !ok || known.Units < 0 || known.Units > 2, "systems.currency_wrong")
	fields := map[string]string{"amount": c.Amount}
	if c.Kind == Staff {
		fields = map[string]string{"fte": c.FTE, "pay": c.Pay, "on_cost": c.OnCost}
	}
	for field, text := range fields {
		e, err := models.ParseExact(text)
		set(field, text == "", "systems.amount_missing")
		set(field, err != nil || e.Sign() < 0, "systems.amount_wrong")
	}
	if len(wrong) == 0 {
		_, err := c.Period()
		set("amount", err != nil, "systems.amount_large")
	}
	if c.LeftOver != "" {
		left, err := models.ParseExact(c.LeftOver)
		all, other := models.ParseExact(c.Amount)
		set("left_over", err != nil || other == nil && (left.Sign() < 0 || left.Cmp(all) > 0), "systems.left_over_wrong")
	}
	return wrong
}
