package ubl

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// discounted is a document with an allowance over three lines of one rate, one of
// another category without a line of its own, a charge, rounding, and something prepaid.
func discounted(kind string) string {
	return open(kind) + adjust(false, "10.00", "S", "24") + adjust(false, "5.00", "Z", "0") + adjust(true, "7.00", "S", "9") +
		taxed("22.23", [4]string{"S", "24", "90.00", "21.60"}, [4]string{"S", "9", "7.00", "0.63"}, [4]string{"Z", "0", "-5.00", "0.00"}) +
		sums("100.00", "92.00", "114.23", "64.00", money("AllowanceTotalAmount", "15.00"), money("ChargeTotalAmount", "7.00"),
			money("PrepaidAmount", "50.00"), money("PayableRoundingAmount", "-0.23")) +
		row(kind, 1, "33.33", "S", "24", "") + row(kind, 2, "33.33", "S", "24", "") +
		row(kind, 3, "33.34", "S", "24", `<cac:InvoicePeriod><cbc:StartDate>2026-01-10</cbc:StartDate></cac:InvoicePeriod>`) + `</` + kind + `>`
}

// booked writes charges as short as a test wants them.
func bookedText(charges []Charge) []string {
	var list []string
	for _, c := range charges {
		list = append(list, fmt.Sprintf("%s %s %s/%s", c.Kind, c.Amount, c.Category, c.Rate))
	}
	return list
}

func TestALedgerGetsEveryCent(t *testing.T) {
	want := map[string][]string{
		"Invoice": {"line 30 S/24", "line 30 S/24", "line 30 S/24", "allowance -5 Z/0", "charge 7 S/9",
			"tax 21.6 S/24", "tax 0.63 S/9", "tax 0 Z/0", "rounding -0.23 /0"},
		"CreditNote": {"line -30 S/24", "line -30 S/24", "line -30 S/24", "allowance 5 Z/0", "charge -7 S/9",
			"tax -21.6 S/24", "tax -0.63 S/9", "tax 0 Z/0", "rounding 0.23 /0"},
	}
	for kind, want := range want {
		d := mustRead(t, discounted(kind))
		if f := Check(d); len(f) > 0 {
			t.Errorf("%s: %v", kind, f)
		}
		charges, err := Charges(d)
		if got := bookedText(charges); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v, want %v", kind, got, err, want)
		}
		all := new(big.Rat)
		for _, c := range charges {
			all.Add(all, c.Amount.Rat())
		}
		if got := shown(all); got != map[string]string{"Invoice": "114", "CreditNote": "-114"}[kind] {
			t.Errorf("%s: all is %s; payable and prepaid are 114", kind, got)
		}
	}
}

func TestALineKeepsItsPeriodOrTakesThatOfTheDocument(t *testing.T) {
	charges, err := Charges(mustRead(t, discounted("Invoice")))
	if err != nil {
		t.Fatal(err)
	}
	got := charges[0].Period.From.String() + " " + charges[2].Period.From.String() + " " + charges[5].Period.To.String()
	if want := "2026-01-01 2026-01-10 2026-01-31"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if c := charges[2]; c.Allowance.String() != "-3.34" || c.Line.ID != "3" || c.Quantity.String() != "1" {
		t.Errorf("got %s, %s, %s", c.Allowance, c.Line.ID, c.Quantity)
	}
}

func TestAllowancesAreSpreadByLargestRemainder(t *testing.T) {
	for _, c := range []struct {
		name, total string
		nets        []string
		want        string // what the lines are charged
	}{
		{"even thirds", "10.00", []string{"100", "100", "100"}, "96.66 96.67 96.67"},
		{"a line that gives back has no share", "10.00", []string{"100", "-50", "100"}, "95 -50 95"},
		{"a negative invoice", "-10.00", []string{"-100", "-300"}, "-97.5 -292.5"},
		{"one line has it all", "0.01", []string{"5"}, "4.99"},
		{"finer than cents", "0.001", []string{"1", "1"}, "0.999 1"},
		{"more than there is", "30.00", []string{"10", "10"}, "-5 -5"},
		{"lines that cancel out have none", "10.00", []string{"10", "-10"}, "10 -10 -10"},
	} {
		file := open("Invoice") + adjust(false, c.total, "S", "24.0")
		for i, net := range c.nets {
			file += row("Invoice", i+1, net, "S", "24", "")
		}
		charges, err := Charges(mustRead(t, file+"</Invoice>"))
		var got []string
		for _, c := range charges {
			got = append(got, c.Amount.String())
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.name, got, err, c.want)
		}
	}
}

func TestANegativeInvoiceAndACreditNoteAreMinusOnce(t *testing.T) {
	negative := strings.NewReplacer(">100.00<", ">-100.00<", ">24.00<", ">-24.00<", ">124.00<", ">-124.00<").Replace(simple("Invoice"))
	for name, file := range map[string]string{"credit note": simple("CreditNote"), "invoice": negative} {
		charges, err := Charges(mustRead(t, file))
		if got := bookedText(charges); err != nil || !slices.Equal(got, []string{"line -100 S/24", "tax -24 S/24"}) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestWhatIsNotClearIsNotBooked(t *testing.T) {
	base := discounted("Invoice")
	for name, change := range map[string][2]string{
		"a net amount with a comma":         {">33.34<", ">33,34<"},
		"a line without an amount":          {money("LineExtensionAmount", "33.34"), ""},
		"a line in dollars":                 {`<cbc:LineExtensionAmount currencyID="EUR">33.34`, `<cbc:LineExtensionAmount currencyID="USD">33.34`},
		"neither allowance nor charge":      {">true<", ">maybe<"},
		"a tax that is a word":              {">21.60<", ">much<"},
		"a rounding that does not fit":      {">-0.23<", ">99999999999999999999<"},
		"a quantity that is not a number":   {`unitCode="C62">1<`, `unitCode="C62">some<`},
		"an allowance with too fine a part": {">10.00<", ">0.0000000000000000000000000001<"},
	} {
		file := strings.Replace(base, change[0], change[1], 1)
		if _, err := Charges(mustRead(t, file)); file == base || !errors.Is(err, ErrUnclear) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestVATIsPerCategoryAndNotPerLine(t *testing.T) {
	file := open("Invoice") + taxed("15.45", [4]string{"S", "22", "70.21", "15.45"}) + sums("70.21", "70.21", "85.66", "85.66")
	for i := range 7 {
		file += row("Invoice", i+1, "10.03", "S", "22", "")
	}
	d := mustRead(t, file+"</Invoice>")
	if f := Check(d); len(f) > 0 {
		t.Error(f)
	}
}
