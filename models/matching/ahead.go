package matching

import (
	"fmt"

	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/spend/outlook"
)

// Shares are the thresholds of alerts, in percent of a line.
func Shares() []int { return []int{80, 100} }

// Ahead is where a line of a budget is heading.
type Ahead struct {
	Linear, Seasonal       outlook.Forecast
	LinearEnd, SeasonalEnd outlook.Crossing // of no use where the forecast has a code
	Alerts                 []outlook.Alert
}

// Forecast is the one to go by: the seasonal one, where there are years enough for it.
func (a *Ahead) Forecast() (outlook.Forecast, outlook.Crossing) {
	if a.Seasonal.Code == "" {
		return a.Seasonal, a.SeasonalEnd
	}
	return a.Linear, a.LinearEnd
}

// Ahead works out where a line is heading: by what was billed so far, to the end of its
// year. A line without bills is heading nowhere: its forecasts say why.
func (s *Spending) Ahead() (a Ahead, err error) {
	year := outlook.Budget{Amount: ofCents(s.Cents), First: fmt.Sprintf("%04d-01", s.Budget.Year), Months: 12}
	through, err := s.through()
	if err != nil {
		return a, err
	}
	a.Linear, a.Seasonal = outlook.Linear(s.Months, through), outlook.Seasonal(s.Months, through)
	for _, one := range []struct {
		f  *outlook.Forecast
		to *outlook.Crossing
	}{{&a.Linear, &a.LinearEnd}, {&a.Seasonal, &a.SeasonalEnd}} {
		if one.f.Code != "" {
			continue
		}
		if *one.to, err = outlook.Overrun(year, s.Months, one.f.Rest()); err != nil {
			return a, err
		}
	}
	end := s.Actual
	if f, crossing := a.Forecast(); f.Code == "" {
		end = crossing.YearEnd
	}
	if s.ID != 0 {
		a.Alerts = outlook.Alerts(year.Amount, s.Actual, end, Shares())
	}
	return a, nil
}

// through is how many months the series goes through to the end of the year.
func (s *Spending) through() (int, error) {
	if len(s.Months.Amounts) == 0 {
		return 0, nil
	}
	return outlook.Months(s.Months.First, fmt.Sprintf("%04d-12", s.Budget.Year))
}

// Month is what a month of a line's year came to, or may come to.
type Month struct {
	Month            string
	Actual, Accrued  models.Exact
	Linear, Seasonal models.Exact // of the whole month
	Over             bool         // it is over: there is no forecast for it
}

// Year are the months of the line's year.
func (s *Spending) Year(a *Ahead) (all []Month) {
	points := func(f outlook.Forecast) map[string]models.Exact {
		of := map[string]models.Exact{}
		for _, p := range f.Points {
			of[p.Month] = p.Amount
		}
		return of
	}
	linear, seasonal := points(a.Linear), points(a.Seasonal)
	actual := map[string]models.Exact{}
	for i, month := 0, s.Months.First; i < len(s.Months.Amounts); i, month = i+1, spend.MonthAfter(month) {
		actual[month] = s.Months.Amounts[i]
	}
	for m := 1; m <= 12; m++ {
		month := fmt.Sprintf("%04d-%02d", s.Budget.Year, m)
		one := Month{Month: month, Actual: actual[month], Accrued: s.AccruedMonths[month], Over: true}
		if amount, ok := linear[month]; ok {
			one.Linear, one.Over = amount, false
		}
		if amount, ok := seasonal[month]; ok {
			one.Seasonal, one.Over = amount, false
		}
		all = append(all, one)
	}
	return all
}
