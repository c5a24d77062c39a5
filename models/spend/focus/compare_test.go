package focus

import "testing"

// What a charge has more than another one can be kept apart and put back.
func TestDifferencesMakeTheSameChargeAgain(t *testing.T) {
	h, _ := NewHeading(minimal)
	var full, bare Charge
	h.Read(rowWith("BilledCost", "-1.5"), &full)
	full.PricingQuantity = Number{Known: true}
	back := bare
	n := 0
	full.Differences(&bare, func(name, cell string, null bool) {
		n++
		if known, err := back.Set(name, cell); !known || err != nil || null {
			t.Errorf("%s: %t, %v, %t", name, known, err, null)
		}
	})
	if full.Other = ""; back != full || n < 5 {
		t.Errorf("%d differences make %+v, want %+v", n, back, full)
	}
	back.Differences(&bare, func(name, _ string, _ bool) {
		if known, err := back.Set(name, ""); !known || err != nil {
			t.Errorf("%s: %t, %v", name, known, err)
		}
	})
	if back != bare {
		t.Errorf("without them it is %+v", back)
	}
}

func TestAColumnTakesOnlyWhatItHolds(t *testing.T) {
	var c Charge
	for name, cell := range map[string]string{"BilledCost": "much", "ChargePeriodStart": "soon", "ChargeCategory": "Gift", "BillingCurrency": "euro"} {
		if known, err := c.Set(name, cell); !known || err == nil {
			t.Errorf("%s takes %q", name, cell)
		}
	}
	if known, err := c.Set("Floor", "third"); known || err != nil {
		t.Errorf("a column that FOCUS has not: %t, %v", known, err)
	}
}
