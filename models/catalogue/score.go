package catalogue

import (
	"fmt"

	"pilveturg/models"
)

// MaxWeight is the most a row of a comparison can weigh.
const MaxWeight = 5

// scorePlaces are the decimals that points are rounded to, so that what a reader
// adds up is what the page says.
const scorePlaces = 2

// Score is what one offering gets in one row.
type Score struct {
	Known  bool           // it has a figure; without one it gets nothing
	Own    models.Decimal // its figure
	Best   models.Decimal // the figure that counts whole; of a rank, the highest place there is
	Points models.Decimal // weight × share, rounded to two decimals
}

// Weighable reports whether the row can be weighed for those offerings that count:
// it has a scale, one of them has a figure, and all figures have the same unit.
func (a *Aligned) Weighable(counts []bool) bool {
	if a.Scale == ScaleNone {
		return false
	}
	figures, same := a.figures(counts)
	return len(figures) > 0 && same
}

// figures lists the figures of those that count, and reports whether they have the
// same unit.
func (a *Aligned) figures(counts []bool) (list []models.Decimal, same bool) {
	unit := ""
	for i, c := range a.Cells {
		if c.Figure == nil || !counts[i] {
			continue
		}
		if len(list) > 0 && c.Unit != unit {
			return list, false
		}
		list, unit = append(list, *c.Figure), c.Unit
	}
	return list, true
}

// Scores weighs a row that is [Aligned.Weighable]; offerings that do not count get
// an empty score. It fails with [models.ErrOverflow] only.
func (a *Aligned) Scores(weight int, counts []bool) ([]Score, error) {
	figures, _ := a.figures(counts)
	best := a.best(figures)
	scores := make([]Score, len(a.Cells))
	for i, c := range a.Cells {
		if c.Figure == nil || !counts[i] {
			continue
		}
		points, err := a.points(weight, *c.Figure, best)
		if err != nil {
			return nil, fmt.Errorf("score of row %s: %w", a.ID, err)
		}
		scores[i] = Score{Known: true, Own: *c.Figure, Best: best, Points: points}
	}
	return scores, nil
}

// best is the figure that counts whole.
func (a *Aligned) best(figures []models.Decimal) models.Decimal {
	switch a.Scale {
	case ScaleYes, ScaleNo, ScaleGiven:
		return models.Whole(1)
	case ScaleRank:
		return models.Whole(int64(len(a.Question.Options) - 1))
	}
	var best models.Decimal
	for i, f := range figures {
		if i == 0 || a.Scale == ScaleLow && f.Cmp(best) < 0 || a.Scale == ScaleHigh && f.Cmp(best) > 0 {
			best = f
		}
	}
	return best
}

// points is the share of the weight that a figure gets.
func (a *Aligned) points(weight int, own, best models.Decimal) (models.Decimal, error) {
	w := models.Whole(int64(weight))
	part, whole := own, best
	if a.Scale == ScaleLow {
		part, whole = best, own
	}
	if own.Cmp(best) == 0 {
		return w, nil // also where both are 0
	}
	product, err := w.Mul(part)
	if err != nil {
		return models.Decimal{}, err
	}
	return product.Div(whole, scorePlaces)
}

// Lowest marks the least figures of a row among those that count. Nobody is marked
// when there is nothing to be lower than: fewer than two figures, all of them
// equal, or different units.
func (a *Aligned) Lowest(counts []bool) []bool {
	marks := make([]bool, len(a.Cells))
	figures, same := a.figures(counts)
	if !same || len(figures) < 2 {
		return marks
	}
	least, most := figures[0], figures[0]
	for _, f := range figures {
		if f.Cmp(least) < 0 {
			least = f
		}
		if f.Cmp(most) > 0 {
			most = f
		}
	}
	for i, c := range a.Cells {
		marks[i] = least != most && counts[i] && c.Figure != nil && c.Figure.Cmp(least) == 0
	}
	return marks
}
