package sheet

import (
	"slices"
	"strings"
	"unicode"

	"pilveturg/models"
)

// Why a row is taken for a total; Total.Reason is one of them.
const (
	TotalWord  = "total_word"  // it says so, and comes to what it says
	TotalBare  = "total_bare"  // it has hardly more than the amount, which is the sum
	TotalApart = "total_apart" // the same behind blank rows, with some cells more
	TotalOff   = "total_off"   // it says so, but its amount is no sum of the rows above
)

// TotalReasons are all of them.
func TotalReasons() []string { return []string{TotalWord, TotalBare, TotalApart, TotalOff} }

// Total is a row that is, or says that it is, what rows above it come to.
type Total struct {
	Line   int          // of the file, from 1
	Amount models.Exact // in the unit of the column, not rounded
	Reason string
}

// Totals find the rows of a table that sum up others, so that nothing is counted twice.
// They remember sums and no rows.
type Totals struct {
	sum, since models.Exact   // of all rows; of the rows behind the last total
	parts      []models.Exact // what the groups of rows between totals came to
	rows, some int            // rows counted, of all and behind the last total
	filled     int            // cells with something in them, of all rows counted
	blank      int            // blank rows right above
	lost       bool           // the sums do not fit any more
}

// apart is how many blank rows part a total from what it sums up.
const apart = 2

// Blank counts a blank row.
func (t *Totals) Blank() { t.blank++ }

// Add counts a row and its amount, and says whether it is a total: then it is not counted.
// A total is the exact sum of all rows that are none, or of those behind the last total;
// one that says so may also sum up several of the groups right above, as totals of totals
// do.
// A row with [TotalOff] is counted neither: somebody has to say what it is.
func (t *Totals) Add(line int, cells []string, amount models.Exact) (total Total, found bool) {
	filled := 0
	for _, cell := range cells {
		if trimSpaces(cell) != "" {
			filled++
		}
	}
	reason := t.reason(cells, filled, amount)
	t.blank = 0
	if reason == "" {
		t.count(filled, amount)
		return Total{}, false
	}
	if at, ok := t.groups(amount); ok && reason != TotalOff {
		t.parts = append(t.parts[:at], amount)
	} else {
		t.parts = append(t.parts, t.since)
	}
	if len(t.parts) > mostGroups {
		t.parts = t.parts[1:]
	}
	t.since, t.some = models.Exact{}, 0
	return Total{line, amount, reason}, true
}

// mostGroups are remembered for totals of totals.
const mostGroups = 500

// groups reports whether the rows behind the last total and some of the groups before
// them, the last ones, come to an amount, and which group is the first of those.
func (t *Totals) groups(amount models.Exact) (at int, ok bool) {
	if t.some > 0 && t.since == amount {
		return len(t.parts), true
	}
	all := t.since
	for at := len(t.parts) - 1; at >= 0; at-- {
		var err error
		if all, err = all.Add(t.parts[at]); err != nil {
			return 0, false
		}
		if all == amount {
			return at, true
		}
	}
	return 0, false
}

// reason says why a row is a total; "" when it is none.
func (t *Totals) reason(cells []string, filled int, amount models.Exact) string {
	sums := !t.lost && (amount == t.sum || t.some > 0 && amount == t.since)
	few := filled <= 2 || filled*3*t.rows <= t.filled
	half := filled*2*t.rows <= t.filled
	says, named := saysTotal(cells)
	switch {
	case t.rows == 0:
		return ""
	case says && sums:
		return TotalWord
	case (says || named) && few && half:
		if _, ok := t.groups(amount); ok && !t.lost || sums {
			return TotalWord
		}
		return TotalOff
	case !sums || amount.IsZero() || t.rows == 1: // the same payment once more
		return ""
	case few:
		return TotalBare
	case t.blank >= apart && half:
		return TotalApart
	}
	return ""
}

func (t *Totals) count(filled int, amount models.Exact) {
	t.rows, t.some, t.filled = t.rows+1, t.some+1, t.filled+filled
	sum, err1 := t.sum.Add(amount)
	since, err2 := t.since.Add(amount)
	if t.sum, t.since = sum, since; err1 != nil || err2 != nil {
		t.lost = true
	}
}

// totalWords make up a cell that says that its row is a total. A cell with other words in
// it may be the name of a company.
var totalWords = []string{"total", "totals", "grand", "sub", "subtotal", "sum", "overall", "net", "gross", "spend", "amount",
	"kokku", "summa", "vahesumma", "üldsumma", "kogusumma", "kõik"}

// saysTotal reports whether a cell has words for totals only, and more than "net"; named
// whether one begins or ends with such a word, as "Sample Maps Ltd Total" does, which may
// be the name of a company too.
func saysTotal(cells []string) (says, named bool) {
	sure := func(word string) bool {
		return strings.HasSuffix(word, "total") || word == "totals" || word == "sum" || word == "kokku" || strings.HasSuffix(word, "summa")
	}
	other := func(word string) bool { return !slices.Contains(totalWords, word) }
	for _, cell := range cells {
		if len(cell) > 100 {
			continue
		}
		words := strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return !unicode.IsLetter(r) })
		if len(words) == 0 {
			continue
		}
		if len(cell) <= 40 && slices.ContainsFunc(words, sure) && !slices.ContainsFunc(words, other) {
			return true, true
		}
		named = named || sure(words[0]) || sure(words[len(words)-1])
	}
	return false, named
}
