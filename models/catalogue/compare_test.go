package catalogue

import (
	"slices"
	"testing"

	"pilveturg/models"
)

var compareDay = models.NewDate(2026, 6, 1)

// comparing is a schema with a question of each kind that is weighed in its own way.
func comparing(t *testing.T) *Schema {
	t.Helper()
	s := &Schema{Questions: []Question{
		{ID: "open_source", Type: TypeYesNo},
		{ID: "licence", Type: TypeChoice, When: &Condition{"open_source", []string{Yes}}, Options: []Option{{ID: "mit"}}},
		{ID: "auto_renewal", Type: TypeYesNo},
		{ID: "support_hours", Type: TypeOrdered, Options: []Option{{ID: "day"}, {ID: "long"}, {ID: "always"}}},
		{ID: "notice_days", Type: TypeDuration, Unit: "day"},
		{ID: "availability", Type: TypePercent},
		{ID: "exit_cost", Type: TypeMoney},
		{ID: "iso_27001", Type: TypeCertificate},
		{ID: "sign_in", Type: TypeMany, Options: []Option{{ID: "a"}, {ID: "b"}}},
		{ID: "features", Type: TypeList},
	}, question: map[string]int{}}
	for i, q := range s.Questions {
		s.question[q.ID] = i
	}
	return s
}

func says(question string, values ...string) Answer {
	return Answer{Question: question, Values: values, By: ByVendor, Proof: Stated}
}

// aligned is the row of a question for versions that each give some answers.
func aligned(t *testing.T, question string, sides ...[]Answer) Aligned {
	t.Helper()
	var contents []Content
	for _, answers := range sides {
		contents = append(contents, Content{Answers: answers})
	}
	rows := comparing(t).Align(contents, compareDay)
	i := slices.IndexFunc(rows, func(a Aligned) bool { return a.ID == question })
	if i < 0 {
		t.Fatalf("no row %s", question)
	}
	return rows[i]
}

func TestAlign(t *testing.T) {
	document := says("iso_27001", "C-1")
	document.Proof = Document
	words := func(en string) Answer {
		return Answer{Question: "features", Words: map[string][]string{"en": {en}}, Proof: Stated}
	}
	cases := []struct {
		name, question string
		a, b           []Answer
		states         []CellState
		differs, known bool
	}{
		{"equal answers do not differ", "open_source", []Answer{says("open_source", Yes)}, []Answer{says("open_source", Yes)},
			[]CellState{CellKnown, CellKnown}, false, true},
		{"the order of options says nothing", "sign_in", []Answer{says("sign_in", "a", "b")}, []Answer{says("sign_in", "b", "a")},
			[]CellState{CellKnown, CellKnown}, false, true},
		{"other options differ", "sign_in", []Answer{says("sign_in", "a", "b")}, []Answer{says("sign_in", "a")},
			[]CellState{CellKnown, CellKnown}, true, true},
		{"unknown differs from an answer", "open_source", []Answer{says("open_source", Yes)}, nil, []CellState{CellKnown, CellUnknown}, true, true},
		{"an answer without values is unknown", "open_source", []Answer{says("open_source")}, nil, []CellState{CellUnknown, CellUnknown}, false, false},
		{"what the other answer rules out is not asked", "licence", []Answer{says("open_source", No)}, []Answer{says("open_source", Yes)},
			[]CellState{CellNotAsked, CellUnknown}, true, false},
		{"what hangs on an unknown answer is unknown", "licence", nil, nil, []CellState{CellUnknown, CellUnknown}, false, false},
		{"a checked document differs from a claim", "iso_27001", []Answer{document}, []Answer{says("iso_27001", "C-1")},
			[]CellState{CellKnown, CellKnown}, true, true},
		{"other words differ", "features", []Answer{words("maps")}, []Answer{words("marks")}, []CellState{CellKnown, CellKnown}, true, true},
		{"the same words do not", "features", []Answer{words("maps")}, []Answer{words("maps")}, []CellState{CellKnown, CellKnown}, false, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			row := aligned(t, c.question, c.a, c.b)
			if got := []CellState{row.Cells[0].State, row.Cells[1].State}; !slices.Equal(got, c.states) {
				t.Errorf("states %v, want %v", got, c.states)
			}
			if row.Differs() != c.differs || row.Known() != c.known {
				t.Errorf("differs %t, known %t; want %t, %t", row.Differs(), row.Known(), c.differs, c.known)
			}
		})
	}
}

func TestScores(t *testing.T) {
	ended := says("iso_27001", "C-1")
	ended.Until = models.NewDate(2026, 5, 31)
	lasting := ended
	lasting.Until = compareDay
	cases := []struct {
		name   string
		weight int
		sides  []Answer // one each
		points []string // "-" for no figure
	}{
		{"yes counts whole, no nothing", 4, []Answer{says("open_source", Yes), says("open_source", No), says("open_source")}, []string{"4", "0", "-"}},
		{"what nobody wants counts for those without it", 4, []Answer{says("auto_renewal", Yes), says("auto_renewal", No)}, []string{"0", "4"}},
		{"a rank counts by its place", 3, []Answer{says("support_hours", "day"), says("support_hours", "long"), says("support_hours", "always")},
			[]string{"0", "1.5", "3"}},
		{"a rank is measured by the best option, not by the best offer", 3, []Answer{says("support_hours", "long"), says("support_hours", "day")},
			[]string{"1.5", "0"}},
		{"the shortest notice counts whole", 5, []Answer{says("notice_days", "30"), says("notice_days", "90"), says("notice_days", "60")},
			[]string{"5", "1.67", "2.5"}},
		{"nothing is endlessly better than something", 2, []Answer{says("notice_days", "0"), says("notice_days", "30"), says("notice_days", "0")},
			[]string{"2", "0", "2"}},
		{"the highest promise counts whole", 2, []Answer{says("availability", "99.5"), says("availability", "90")}, []string{"2", "1.81"}},
		{"equal zeros count whole", 2, []Answer{says("availability", "0"), says("availability", "0")}, []string{"2", "2"}},
		{"money counts by the lowest", 4, []Answer{says("exit_cost", "100.00 EUR"), says("exit_cost", "400.00 EUR")}, []string{"4", "1"}},
		{"a certificate that has run out is none", 3, []Answer{ended, lasting, says("iso_27001", No), says("iso_27001", "C-2")}, []string{"0", "3", "0", "3"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			row := aligned(t, c.sides[0].Question, each(c.sides)...)
			counts := all(len(c.sides))
			if !row.Weighable(counts) {
				t.Fatal("cannot be weighed")
			}
			scores, err := row.Scores(c.weight, counts)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range c.points {
				if got := written(scores[i]); got != want {
					t.Errorf("offering %d gets %s, want %s", i, got, want)
				}
			}
		})
	}
}

func each(answers []Answer) [][]Answer {
	var sides [][]Answer
	for _, a := range answers {
		sides = append(sides, []Answer{a})
	}
	return sides
}

func all(n int) []bool { return slices.Repeat([]bool{true}, n) }

func written(s Score) string {
	if !s.Known {
		return "-"
	}
	return s.Points.String()
}

func TestWeighable(t *testing.T) {
	cases := []struct {
		name   string
		sides  []Answer
		counts []bool
		want   bool
	}{
		{"words cannot be weighed", []Answer{{Question: "features", Words: map[string][]string{"en": {"maps"}}}}, all(1), false},
		{"options without an order cannot be weighed", []Answer{says("sign_in", "a")}, all(1), false},
		{"what nobody answers cannot be weighed", []Answer{says("open_source"), says("open_source")}, all(2), false},
		{"one answer is enough", []Answer{says("open_source", Yes), says("open_source")}, all(2), true},
		{"different currencies are never compared", []Answer{says("exit_cost", "1.00 EUR"), says("exit_cost", "1.00 USD")}, all(2), false},
		{"who does not count may have another currency", []Answer{says("exit_cost", "1.00 EUR"), says("exit_cost", "1.00 USD")}, []bool{true, false}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			row := aligned(t, c.sides[0].Question, each(c.sides)...)
			if got := row.Weighable(c.counts); got != c.want {
				t.Errorf("weighable %t, want %t", got, c.want)
			}
		})
	}
}

func TestWhoDoesNotCountSetsNoMeasure(t *testing.T) {
	row := aligned(t, "notice_days", each([]Answer{says("notice_days", "10"), says("notice_days", "30"), says("notice_days", "60")})...)
	scores, err := row.Scores(3, []bool{false, true, true})
	if err != nil {
		t.Fatal(err)
	}
	if got := []string{written(scores[0]), written(scores[1]), written(scores[2])}; !slices.Equal(got, []string{"-", "3", "1.5"}) {
		t.Errorf("points %v", got)
	}
}

func TestLowest(t *testing.T) {
	cases := []struct {
		name   string
		costs  []string // "" for unknown
		counts []bool
		want   []bool
	}{
		{"the lowest is marked", []string{"2.00 EUR", "1.00 EUR", ""}, all(3), []bool{false, true, false}},
		{"two may be lowest", []string{"1.00 EUR", "1.00 EUR", "3.00 EUR"}, all(3), []bool{true, true, false}},
		{"of equal ones none is", []string{"1.00 EUR", "1.00 EUR"}, all(2), []bool{false, false}},
		{"one alone is not", []string{"1.00 EUR", ""}, all(2), []bool{false, false}},
		{"none is among different currencies", []string{"1.00 EUR", "2.00 USD"}, all(2), []bool{false, false}},
		{"who does not count is not marked", []string{"1.00 EUR", "2.00 EUR", "3.00 EUR"}, []bool{false, true, true}, []bool{false, true, false}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var sides []Answer
			for _, cost := range c.costs {
				a := says("exit_cost")
				if cost != "" {
					a.Values = []string{cost}
				}
				sides = append(sides, a)
			}
			row := aligned(t, "exit_cost", each(sides)...)
			if got := row.Lowest(c.counts); !slices.Equal(got, c.want) {
				t.Errorf("marks %v, want %v", got, c.want)
			}
		})
	}
}
