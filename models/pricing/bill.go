package pricing

import "pilveturg/models"

// bill puts the amounts of a charge's periods on invoices, rounds each invoice's
// share once, and adds them up. A charge is billed no more often than its period.
func (w *work) bill(c *Charge, periods [2]stretch, amounts [2]Range, line *Line) {
	per := longer(c.Per, w.billing)
	switch {
	case per == c.Per:
	case c.Per == PerMonth:
		month := amounts[0]
		periods = split(w.months, per)
		for i, s := range periods {
			amounts[i] = w.mulRange(month, models.Whole(int64(s.months)))
		}
	default:
		full := w.mulRange(amounts[0], models.Whole(int64(periods[0].times)))
		short := w.mulRange(amounts[1], models.Whole(int64(periods[1].times)))
		amounts = [2]Range{w.addRange(full, short)}
		periods = split(w.months, per)
	}
	var sum Range
	for i, s := range periods {
		if s.times == 0 {
			continue
		}
		rounded := amounts[i].round(w.places)
		sum = w.addRange(sum, w.mulRange(rounded, models.Whole(int64(s.times))))
		if line != nil {
			line.Bills = append(line.Bills, Bill{per, s.times, s.months, amounts[i], w.span(rounded, w.currency), rounded})
		}
	}
	if c.Per == Once {
		w.once = w.addRange(w.once, sum)
	} else {
		w.year = w.addRange(w.year, sum)
	}
	if line != nil {
		line.Total = w.span(sum, w.currency)
		line.Milestones = w.milestones(c.Milestones, sum)
	}
}

// longer returns the period in which a charge is billed.
func longer(per, billing Period) Period {
	switch {
	case per == Once:
		return Once
	case per == PerYear || billing == PerYear || billing == Once:
		return PerYear
	case per == PerQuarter || billing == PerQuarter:
		return PerQuarter
	}
	return PerMonth
}

// milestones shares an amount out so that the shares add up to it: each is the
// rounded sum up to it less the rounded sum before it.
func (w *work) milestones(percents []models.Decimal, total Range) []Milestone {
	var list []Milestone
	var done models.Decimal
	var before Range
	for _, p := range percents {
		done = w.add(done, p)
		upTo := Range{Low: w.percent(total.Low, done), High: w.percent(total.High, done), Open: total.Open}.round(w.places)
		share := Range{Low: w.sub(upTo.Low, before.Low), High: w.sub(upTo.High, before.High), Open: total.Open}
		list = append(list, Milestone{Percent: p, Amount: w.span(share, w.currency)})
		before = upTo
	}
	return list
}

// recur adds up what the lines put on invoices of the same length.
func (w *work) recur() []Recurring {
	var list []Recurring
	var sums []Range
	for _, line := range w.quote.Lines {
		for _, b := range line.Bills {
			if b.Per == Once {
				continue
			}
			i := 0
			for i < len(list) && (list[i].Per != b.Per || list[i].Months != b.Months) {
				i++
			}
			if i == len(list) {
				list = append(list, Recurring{Per: b.Per, Times: b.Times, Months: b.Months})
				sums = append(sums, Range{})
			}
			sums[i] = w.addRange(sums[i], b.rounded)
		}
	}
	for i := range list {
		list[i].Amount = w.span(sums[i], w.currency)
	}
	return list
}
