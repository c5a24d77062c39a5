package outlook

import "math/big"

// fewestForLine is how many months make a line.
const fewestForLine = 3

// Linear goes on with a series as it went, through so many months counted from its first:
// a series that begins in January goes through 12 to the end of its year. It is the line of
// ordinary least squares over the months x = 0, 1, 2 … that are known and complete, of which
// there must be three (Hyndman and Athanasopoulos, Forecasting: principles and practice,
// 3rd edition, 7.2, with time as the predictor):
//
//	slope = (n Σxy − Σx Σy) / (n Σx² − (Σx)²)
//	level = (Σy − slope Σx) / n
//	y(x)  = level + slope × x
//
// Of two months it is the mean, of one the same amount again. Where no month was below 0,
// none to come is. All is exact until a month is rounded to the cent. The forecast has a
// code, and no points, when no month is complete ([CodeNoMonths]), for what is no series or
// no number of months ([CodeSeries]), and for amounts beyond a ledger ([CodeTooLarge]).
func Linear(s Series, through int) Forecast {
	f, h := begin(s, through, MethodLinear)
	if f.Code != "" {
		return f
	}
	used := h.known(0, len(h.got))
	f.Used = h.names(used)
	switch {
	case len(used) >= fewestForLine:
		f.Slope, f.Level = line(used, h.values(used))
	case len(used) > 1:
		f.Method, f.Slope, f.Level = MethodMean, new(big.Rat), mean(h.values(used))
	default:
		f.Method, f.Slope, f.Level = MethodSingle, new(big.Rat), mean(h.values(used))
	}
	f.fill(h, func(i int) *big.Rat { return plus(f.Level, times(f.Slope, whole(i))) })
	return f
}

// line is that of least squares through at least two places.
func line(places []int, values []*big.Rat) (slope, level *big.Rat) {
	n := whole(len(places))
	sx, sxx, sxy := new(big.Rat), new(big.Rat), new(big.Rat)
	for i, x := range places {
		sx.Add(sx, whole(x))
		sxx.Add(sxx, whole(x*x))
		sxy.Add(sxy, times(whole(x), values[i]))
	}
	sy := sum(values)
	slope = over(minus(times(n, sxy), times(sx, sy)), minus(times(n, sxx), times(sx, sx)))
	return slope, over(minus(sy, times(slope, sx)), n)
}
