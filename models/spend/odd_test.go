package spend_test

import (
	"fmt"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/spend/outlook"
)

// A month far from those before is found, with what it was compared with; the month of
// today is not judged, and nobody sees the months of others.
func TestAMonthThatIsNotAsBeforeIsFound(t *testing.T) {
	o := newOffice(t)
	var rows strings.Builder
	rows.WriteString("Body,Supplier,Invoice date,Invoice number,Amount,VAT,Currency\n")
	for m := 1; m <= 10; m++ {
		amount := "200.00"
		if m == 9 {
			amount = "900.00"
		}
		fmt.Fprintf(&rows, "Office of Samples,Sample Maps Ltd,2025-%02d-05,A-%d,%s,20.00,EUR\n", m, m, amount)
		fmt.Fprintf(&rows, "Office of Samples,Steady Ltd,2025-%02d-05,B-%d,50.00,,EUR\n", m, m)
	}
	b := o.staged("year.csv", []byte(rows.String()))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	odd, err := spend.OddMonths(t.Context(), o.DB, o.finance, 2025, models.NewDate(2025, 11, 3))
	if err != nil {
		t.Fatal(err)
	}
	if odd.Pairs != 2 || odd.LeftOut != 0 || len(odd.Months) != 1 {
		t.Fatalf("%+v", odd)
	}
	if m := odd.Months[0]; m.Month != "2025-09" || m.Rule != outlook.RuleJump || m.VendorName != "Sample Maps Ltd" || m.Got.String() != "900" || m.Figure(outlook.FigureMedian).FloatString(0) != "200" {
		t.Errorf("%+v", m)
	}
	if odd, err := spend.OddMonths(t.Context(), o.DB, o.finance, 2025, models.NewDate(2025, 9, 20)); err != nil || len(odd.Months) != 0 {
		t.Errorf("before the month was over: %+v, %v", odd, err)
	}
	if odd, err := spend.OddMonths(t.Context(), o.DB, o.stranger, 2025, models.NewDate(2025, 11, 3)); err != nil || odd.Pairs != 0 {
		t.Errorf("a stranger: %+v, %v", odd, err)
	}
}
