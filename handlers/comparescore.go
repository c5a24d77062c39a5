package handlers

import (
	"strconv"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// readWeights reads how much each row weighs. What cannot be weighed is said.
func (c *comparison) readWeights() {
	c.weights = map[string]int{}
	var words []string
	for _, part := range c.parts {
		for i := range part.rows {
			row := &part.rows[i]
			typed := c.typed[fieldWeight+row.ID]
			if len(typed) == 0 {
				continue
			}
			switch n, ok := parseWeight(typed[0]); {
			case !ok:
				c.calc.wrong = append(c.calc.wrong, views.FieldError{Field: c.weightField(row),
					Message: c.T("price.wrong.field", row.label.Text, c.T("compare.wrong_weight", c.Number(catalogue.MaxWeight)))})
			case n > 0 && !row.Weighable(c.counts):
				words = append(words, row.label.Text)
			case n > 0:
				c.weights[row.ID] = n
			}
		}
	}
	c.tell("compare.strange_rows", c.strange(fieldWeight, func(id string) bool { return c.row(id) != nil }))
	c.tell("compare.unweighable", words)
}

func parseWeight(typed string) (n int, ok bool) {
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	return n, err == nil && n >= 0 && n <= catalogue.MaxWeight
}

// weightID is the id of the element that asks for the weight of a row.
func weightID(row string) string { return "w-" + row }

func isWeightID(id string) bool { return strings.HasPrefix(id, "w-") }

// weightField is where a wrong weight is put right; the sum of the page when the
// row has no field because it cannot be weighed.
func (c *comparison) weightField(row *comparedRow) string {
	if row.Weighable(c.counts) {
		return weightID(row.ID)
	}
	return ""
}

// weightForm asks for the weight of every row that can be weighed.
func (c *comparison) weightForm() []views.WeightGroup {
	var groups []views.WeightGroup
	for _, part := range c.parts {
		g := views.WeightGroup{Title: part.title}
		for i := range part.rows {
			if row := &part.rows[i]; row.Weighable(c.counts) {
				g.Rows = append(g.Rows, c.weightSelect(row))
			}
		}
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (c *comparison) weightSelect(row *comparedRow) views.Select {
	s := views.Select{ID: weightID(row.ID), Name: fieldWeight + row.ID, Label: row.label.Text,
		Hint: c.T("compare.scale." + string(row.Scale)), Error: c.weightProblem(row.ID)}
	for n := 0; n <= catalogue.MaxWeight; n++ {
		o := views.Option{Value: strconv.Itoa(n), Text: c.Number(int64(n)), Chosen: n == c.weights[row.ID]}
		if n == 0 {
			o.Value = "" // so that it does not stand in the address
		}
		s.Options = append(s.Options, o)
	}
	return s
}

// weightProblem is what is wrong with the weight of a row, "" when nothing is.
func (c *comparison) weightProblem(row string) string {
	for _, e := range c.calc.wrong {
		if e.Field == weightID(row) {
			return e.Message
		}
	}
	return ""
}

// weighed is what weights make of the comparison.
type weighed struct {
	rows   []weighedRow
	totals []models.Decimal // of each service
	most   int              // points that can be had
	large  []string         // rows whose numbers are too large
}

// weighedRow is a row that weighs something, with what each service gets in it.
type weighedRow struct {
	*comparedRow
	weight int
	scores []catalogue.Score
}

// weigh works out the points; nil when nothing weighs anything.
func (c *comparison) weigh() *weighed {
	if len(c.weights) == 0 {
		return nil
	}
	t := &weighed{totals: make([]models.Decimal, len(c.sides))}
	for _, part := range c.parts {
		for i := range part.rows {
			row := &part.rows[i]
			weight := c.weights[row.ID]
			if weight == 0 {
				continue
			}
			scores, err := row.Scores(weight, c.counts)
			if err != nil {
				t.large = append(t.large, row.label.Text)
				continue
			}
			t.most += weight
			t.rows = append(t.rows, weighedRow{row, weight, scores})
			addPoints(t.totals, scores)
		}
	}
	return t
}

// addPoints adds the points of a row. A few dozen numbers of at most three digits
// cannot overflow.
func addPoints(totals []models.Decimal, scores []catalogue.Score) {
	for i, s := range scores {
		if sum, err := totals[i].Add(s.Points); err == nil {
			totals[i] = sum
		}
	}
}

// scores words the totals; nil when nothing weighs anything.
func (c *comparison) scores() *views.ScoreTable {
	w := c.weigh()
	if w == nil {
		return nil
	}
	t := &views.ScoreTable{Head: views.Head{ID: "score-caption", Caption: c.T("compare.score_caption"),
		Columns: []views.Column{{Text: c.T("compare.row"), Hidden: true}}}}
	for i := range c.sides {
		t.Head.Columns = append(t.Head.Columns, views.Column{Text: c.heading(&c.sides[i])})
	}
	for i := range w.rows {
		t.Rows = append(t.Rows, c.scoreRow(&w.rows[i]))
	}
	for _, row := range w.large {
		t.Notes = append(t.Notes, c.T("compare.too_large", row))
	}
	t.Foot = c.totals(w)
	t.Notes = append(t.Notes, c.T("compare.score_note"))
	return t
}

func (c *comparison) scoreRow(row *weighedRow) views.ScoreRow {
	out := views.ScoreRow{Name: row.label, Scale: c.T("compare.weight_of", c.Number(int64(row.weight)), c.T("compare.scale."+string(row.Scale)))}
	for i, s := range row.scores {
		switch {
		case !c.counts[i]:
			out.Cells = append(out.Cells, "–")
		case !s.Known:
			out.Cells = append(out.Cells, c.T("compare.unknown_score"))
		default:
			out.Cells = append(out.Cells, c.formula(row.Scale, row.weight, s))
		}
	}
	return out
}

// formula writes how points come about: "5 × 30 ÷ 90 = 1.67".
func (c *comparison) formula(scale catalogue.Scale, weight int, s catalogue.Score) string {
	w, points := c.Number(int64(weight)), c.Decimal(s.Points)
	part, whole := s.Own, s.Best
	switch {
	case scale == catalogue.ScaleLow:
		part, whole = s.Best, s.Own
	case scale == catalogue.ScaleYes, scale == catalogue.ScaleNo, scale == catalogue.ScaleGiven:
		return c.T("compare.formula_whole", w, c.Decimal(s.Own), points)
	}
	if whole.IsZero() { // both are
		return c.T("compare.formula_whole", w, c.Number(1), points)
	}
	return c.T("compare.formula", w, c.Decimal(part), c.Decimal(whole), points)
}

// totals words the sums, and names the highest.
func (c *comparison) totals(w *weighed) []views.ScoreTotal {
	sums := w.totals
	var highest, lowest *models.Decimal
	for i := range sums {
		if !c.counts[i] {
			continue
		}
		if highest == nil || sums[i].Cmp(*highest) > 0 {
			highest = &sums[i]
		}
		if lowest == nil || sums[i].Cmp(*lowest) < 0 {
			lowest = &sums[i]
		}
	}
	var list []views.ScoreTotal
	for i, sum := range sums {
		if !c.counts[i] {
			list = append(list, views.ScoreTotal{Text: c.T("compare.not_scored")})
			continue
		}
		one := views.ScoreTotal{Text: c.T("compare.points", c.Decimal(sum), c.Number(int64(w.most)))}
		if sum.Cmp(*highest) == 0 && sum.Cmp(*lowest) != 0 {
			one.Tag = views.Tag{Kind: views.OK, Text: c.T("compare.highest")}
		}
		list = append(list, one)
	}
	return list
}
