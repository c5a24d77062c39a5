package catalogue

import (
	"encoding/json"
	"slices"
	"strings"

	"pilveturg/models"
)

// Aligned is one row of a comparison: what several offerings say to the same thing.
type Aligned struct {
	ID       string   // of the question, or of what else the row shows
	Question Question // zero when the row is none
	Scale    Scale
	Cells    []Cell // one for each offering, in their order
}

// Scale says how the figures of a row become a share of its weight.
type Scale string

// The scales.
const (
	ScaleNone  Scale = ""      // words, which cannot be weighed
	ScaleYes   Scale = "yes"   // yes counts whole
	ScaleNo    Scale = "no"    // no counts whole: buyers would rather not have it
	ScaleGiven Scale = "given" // whoever has one counts whole: a certificate that holds, a document
	ScaleRank  Scale = "rank"  // the place among the options, the best counts whole
	ScaleHigh  Scale = "high"  // own ÷ highest
	ScaleLow   Scale = "low"   // lowest ÷ own
)

// CellState tells what stands in a [Cell].
type CellState int

// The states of a cell.
const (
	CellUnknown  CellState = iota
	CellNotAsked           // another answer says that the question makes no sense
	CellKnown
)

// Cell is what one offering says in a row.
type Cell struct {
	State  CellState
	Answer Answer          // when the row is a question
	Same   string          // equal in cells that say the same
	Figure *models.Decimal // what the row is weighed by: 1 or 0 for yes, no and given, the place from 0 for a rank
	Unit   string          // of the figure; only figures with one unit are compared
}

// Known reports whether any offering says something in the row.
func (a *Aligned) Known() bool {
	return slices.ContainsFunc(a.Cells, func(c Cell) bool { return c.State == CellKnown })
}

// Differs reports whether the offerings do not all say the same, known in the same
// way: a certificate that was seen is not one that is claimed.
func (a *Aligned) Differs() bool {
	return slices.ContainsFunc(a.Cells, func(c Cell) bool {
		return c.State != a.Cells[0].State || c.Same != a.Cells[0].Same
	})
}

// Align lines up the answers of several versions, a row for each question of the
// schema in its order. What has run out on the day counts as not given.
func (s *Schema) Align(sides []Content, day models.Date) []Aligned {
	answers := make([]map[string]Answer, len(sides))
	for i, c := range sides {
		answers[i] = byQuestion(c.Answers)
	}
	rows := make([]Aligned, 0, len(s.Questions))
	for _, q := range s.Questions {
		row := Aligned{ID: q.ID, Question: q, Scale: q.scale()}
		for i := range sides {
			row.Cells = append(row.Cells, s.cell(&q, answers[i], day))
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *Schema) cell(q *Question, answers map[string]Answer, day models.Date) Cell {
	a := answers[q.ID]
	switch {
	case a.Known():
		c := Cell{State: CellKnown, Answer: a, Same: a.same()}
		c.Figure, c.Unit = q.figure(a, day)
		return c
	case !q.asked(answers) && answers[q.When.Question].Known():
		return Cell{State: CellNotAsked}
	}
	return Cell{Answer: a}
}

// same is a text that is equal for answers that say the same.
func (a Answer) same() string {
	values := slices.Sorted(slices.Values(a.Values)) // lists of options have no order
	words, err := json.Marshal(a.Words)
	if err != nil {
		words = nil // maps of strings always have a JSON
	}
	return string(a.Proof) + "\n" + strings.Join(values, "\n") + "\n" + string(words)
}

// scale says how answers to the question are weighed.
func (q *Question) scale() Scale {
	switch q.Type {
	case TypeYesNo:
		if q.ID == "learns_from_data" || q.ID == "auto_renewal" {
			return ScaleNo
		}
		return ScaleYes
	case TypeCertificate, TypeDocument:
		return ScaleGiven
	case TypeOrdered:
		return ScaleRank
	case TypeNumber, TypePercent, TypeDuration, TypeMoney:
		return q.direction()
	}
	return ScaleNone
}

// direction says which way figures are better for a buyer; of those that may be
// either way, such as how often there is a new release, nothing.
func (q *Question) direction() Scale {
	switch q.ID {
	case "log_months", "trial_days", "availability", "availability_credit", "payment_days", "price_notice":
		return ScaleHigh
	case "penetration_interval", "recovery_point", "recovery_time", "incident_notice", "start_days", "minimum_term", "notice_days",
		"exit_days", "exit_cost", "deletion_days", "response_critical", "response_high", "response_normal", "tailoring_price":
		return ScaleLow
	}
	return ScaleNone
}

// Better says which way figures that answer the question are better for a buyer: 1 for
// more, -1 for less, 0 when it may be either.
func (q *Question) Better() int {
	switch q.direction() {
	case ScaleHigh:
		return 1
	case ScaleLow:
		return -1
	}
	return 0
}

// figure is what an answer is weighed by.
func (q *Question) figure(a Answer, day models.Date) (figure *models.Decimal, unit string) {
	if len(a.Values) == 0 {
		return nil, ""
	}
	value, unit := a.Values[0], q.Unit
	switch q.scale() {
	case ScaleNone:
		return nil, ""
	case ScaleYes:
		return oneIf(value == Yes), ""
	case ScaleNo:
		return oneIf(value == No), ""
	case ScaleGiven:
		return oneIf(value != No && (a.Until.IsZero() || !a.Until.Before(day))), ""
	case ScaleRank:
		place := q.Rank(value)
		if place < 0 {
			return nil, ""
		}
		d := models.Whole(int64(place))
		return &d, ""
	}
	if q.Type == TypeMoney {
		value, unit, _ = strings.Cut(value, " ")
	}
	d, err := models.ParseDecimal(value)
	if err != nil {
		return nil, ""
	}
	return &d, unit
}

func oneIf(yes bool) *models.Decimal {
	var d models.Decimal
	if yes {
		d = models.Whole(1)
	}
	return &d
}
