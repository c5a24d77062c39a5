package reports

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// Ask is what of the ledger a question is asked of. The zero Ask asks for all, as it was
// billed, without VAT, in euros, as known now.
type Ask struct {
	Year     int         // a financial year, by the calendar year in which it begins; 0: none
	First    time.Month  // the month in which financial years begin; 0: January
	From     string      // the first month of a period that is no financial year: "2026-03" …
	Until    string      // … and its last month
	Basis    spend.Basis // "": billed
	WithTax  bool
	Currency string      // what was billed in it, in it; "": euros
	Known    models.Time // as it was known then; zero: as it is known now
	Before   models.Time // of what changed since: as it was known then
	Under    int64       // an organisation: what it and the bodies below it pay
	Buyer    string      // keys, as [spend.Label] has them
	Vendor   string
	Category string
	Service  string // as [spend.Fold] has it
	By       string // one of what the question tells apart
}

// first is the month in which financial years begin.
func (a *Ask) first() time.Month { return cmp.Or(a.First, time.January) }

// Months are the first and the last month of the period; both are "" where all is asked
// for.
func (a *Ask) Months() (from, until string) {
	if a.Year == 0 {
		return a.From, a.Until
	}
	return a.yearMonths(a.Year)
}

func (a *Ask) yearMonths(year int) (from, until string) {
	first := models.NewDate(year, a.first(), 1)
	return first.String()[:7], first.AddMonths(11).String()[:7]
}

// yearOf is the financial year of a month.
func (a *Ask) yearOf(month string) int {
	year, m := split(month)
	if time.Month(m) < a.first() {
		return year - 1
	}
	return year
}

// split takes a month apart. A month of the ledger has the form of one.
func split(month string) (year, m int) {
	if len(month) != len("2026-03") {
		return 0, 0
	}
	year, _ = strconv.Atoi(month[:4])
	m, _ = strconv.Atoi(month[5:])
	return year, m
}

// YearName is what a financial year is called: "2026", or "2026/27" where it is no
// calendar year.
func (a *Ask) YearName(year int) string {
	if a.first() == time.January {
		return strconv.Itoa(year)
	}
	return fmt.Sprintf("%d/%02d", year, (year+1)%100)
}

// before is the same question of the period before; ok is false where there is none.
func (a *Ask) before() (b Ask, ok bool) {
	b = *a
	switch {
	case a.Year != 0:
		b.Year--
		return b, true
	case a.From == "" || a.Until == "":
		return b, false
	}
	year, month := split(a.From)
	toYear, toMonth := split(a.Until)
	long := (toYear-year)*12 + toMonth - month + 1
	b.From, b.Until = MonthOn(a.From, -long), MonthOn(a.From, -1)
	return b, true
}

// MonthOn is the month so many months after another; before it for less than zero.
func MonthOn(month string, by int) string {
	year, m := split(month)
	return models.NewDate(year, time.Month(m), 1).AddMonths(by).String()[:7]
}

// Query is the same as the ledger is asked.
func (a *Ask) Query() spend.Query {
	q := spend.Query{Basis: cmp.Or(a.Basis, spend.Billed), WithTax: a.WithTax, Currency: a.Currency, Known: a.Known, Under: a.Under, Buyer: a.Buyer, Vendor: a.Vendor, Category: a.Category}
	q.From, q.Until = a.Months()
	return q
}

// Check tells what of the question nobody can ask, as [models.Invalid].
func (a *Ask) Check() error {
	wrong := models.Invalid{}
	switch {
	case a.Year != 0 && a.From+a.Until != "":
		wrong["from"] = "report.period_twice"
	case (a.From == "") != (a.Until == ""):
		wrong["until"] = "report.period_half"
	case a.From > a.Until:
		wrong["until"] = "report.period_wrong"
	}
	if !a.Before.IsZero() && !a.Known.IsZero() && a.Known.Before(a.Before.Time) {
		wrong["before"] = "report.before_wrong"
	}
	return wrong.Or()
}
