package focus

import (
	"fmt"
	"strconv"
	"testing"

	"pilveturg/models"
)

func num(t *testing.T, s string) Number {
	t.Helper()
	if s == "" {
		return Number{}
	}
	e, err := models.ParseExact(s)
	if err != nil {
		t.Fatal(err)
	}
	return Number{e, true}
}

func costs(t *testing.T, billed, effective, list, contracted string) Charge {
	t.Helper()
	return Charge{Currency: "EUR", Billed: num(t, billed), Effective: num(t, effective), List: num(t, list), Contracted: num(t, contracted)}
}

func TestTheSumsOfAFileAreToldByInvoiceAndCommitment(t *testing.T) {
	k := NewCheck()
	bought := costs(t, "100", "0", "100", "100")
	bought.Category, bought.CommitmentID, bought.InvoiceID = Purchase, "block", "2024-1"
	used := costs(t, "0", "60.5", "70", "60.5")
	used.Category, used.CommitmentID, used.CommitmentStatus, used.InvoiceID = Usage, "block", "Used", "2024-1"
	unused := costs(t, "0", "30", "30", "")
	unused.Category, unused.CommitmentID, unused.CommitmentStatus = Usage, "block", "Unused"
	dollars := costs(t, "7", "", "", "")
	dollars.Currency, dollars.InvoiceID = "USD", "2024-1"
	for i, c := range []Charge{bought, used, unused, dollars} {
		k.Add(i+2, &c)
	}
	r := k.Result()
	const want = "[{EUR 3 100 90.5 200 160.5 0 0 1} {USD 1 7 0 0 0 1 1 1}] [{2024-1 EUR 2 100} {2024-1 USD 1 7}] [{block EUR 100 90.5 9.5}] 1"
	if got := fmt.Sprint(r.Totals, r.Invoices, r.Commitments, r.NotInvoiced); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWhatARowBreaksIsFound(t *testing.T) {
	priced := func(quantity, list string) Charge {
		c := costs(t, "1", "1", "1", "1")
		c.PricingQuantity, c.ListPrice = num(t, quantity), num(t, list)
		return c
	}
	with := func(c Charge, category Category) Charge {
		c.Category = category
		return c
	}
	correction := priced("3", "7")
	correction.Correction = true
	often := with(costs(t, "1", "1", "1", "1"), Purchase)
	often.Frequency = UsageBased
	for _, c := range []struct {
		what   string
		charge Charge
		want   [5]int // tax, credit, list, contracted, purchase
	}{
		{"a tax with a quantity", with(priced("1", ""), Tax), [5]int{1}},
		{"a tax", with(costs(t, "1", "1", "1", "1"), Tax), [5]int{}},
		{"a credit of four equal costs", with(costs(t, "-1", "-1", "-1", "-1"), Credit), [5]int{}},
		{"a credit at another list cost", with(costs(t, "-1", "-1", "-2", "-1"), Credit), [5]int{0, 1}},
		{"a credit without a list cost", with(costs(t, "-1", "-1", "", "-1"), Credit), [5]int{0, 1}},
		{"a price that multiplies", priced("4", "0.25"), [5]int{}},
		{"a price that a provider has rounded", priced("3", "0.333333333"), [5]int{}},
		{"a price that does not multiply", priced("4", "0.26"), [5]int{0, 0, 1}},
		{"a price of 0", priced("4", "0"), [5]int{0, 0, 1}},
		{"a correction", correction, [5]int{}},
		{"a purchase by use", often, [5]int{0, 0, 0, 0, 1}},
	} {
		k := NewCheck()
		k.Add(7, &c.charge)
		r := k.Result()
		got := [5]int{r.TaxQuantity.Count, r.CreditCosts.Count, r.ListPrice.Count, r.ContractedPrice.Count, r.UsagePurchase.Count}
		if got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestACheckRemembersOnlySoMuch(t *testing.T) {
	k := NewCheck()
	c := costs(t, "1", "1", "1", "1")
	c.Category, c.PricingQuantity = Tax, num(t, "1")
	for i := range MaxGroups + 5 {
		c.InvoiceID = strconv.Itoa(i)
		k.Add(i, &c)
	}
	c.InvoiceID = "3"
	k.Add(0, &c)
	r := k.Result()
	if len(r.Invoices) != MaxGroups || r.NotFollowed != 5 || r.TaxQuantity.Count != MaxGroups+6 || len(r.TaxQuantity.Rows) != MaxExamples {
		t.Errorf("%d invoices, %d not followed, %d rows of %d", len(r.Invoices), r.NotFollowed, len(r.TaxQuantity.Rows), r.TaxQuantity.Count)
	}
}

func TestASumThatDoesNotFitIsCounted(t *testing.T) {
	k := NewCheck()
	c := costs(t, "9223372036854775807", "0", "0", "0")
	k.Add(1, &c)
	k.Add(2, &c)
	if r := k.Result(); r.Overflow != 1 || r.Totals[0].Billed != c.Billed.Value {
		t.Errorf("%+v", r)
	}
}
