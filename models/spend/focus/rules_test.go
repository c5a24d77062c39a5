package focus

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// checked are the rules of the specification's model whose breach is a problem of this
// package or a finding of its check.
var checked = strings.Fields(`
	CostAndUsage-D-005-M CostAndUsage-D-006-M CostAndUsage-D-008-M CostAndUsage-D-009-M CostAndUsage-D-010-M
	CostAndUsage-D-021-M CostAndUsage-D-023-M CostAndUsage-D-024-M CostAndUsage-D-025-M CostAndUsage-D-026-M
	CostAndUsage-D-028-M CostAndUsage-D-030-M CostAndUsage-D-031-M CostAndUsage-D-032-M CostAndUsage-D-035-M
	CostAndUsage-D-036-M CostAndUsage-D-037-M CostAndUsage-D-038-M CostAndUsage-D-040-M CostAndUsage-D-041-M
	CostAndUsage-D-068-M
	ColumnHandling-A-010-M
	DateTimeFormat-A-002-M DateTimeFormat-A-004-M DateTimeFormat-A-005-M DateTimeFormat-A-006-M
	NumericFormat-A-002-M NumericFormat-A-003-M NumericFormat-A-004-M NumericFormat-A-007-M NumericFormat-A-008-M
	NumericFormat-A-009-M NumericFormat-A-010-M NumericFormat-A-011-M
	CurrencyFormat-A-001-C BillingCurrency-C-003-M BillingCurrency-C-004-M
	KeyValueFormat-A-001-M
	BilledCost-C-003-M BilledCost-C-004-M EffectiveCost-C-004-M ContractedCost-C-004-M ListCost-C-004-M PricingQuantity-C-008-M
	ChargeCategory-C-002-M ChargeCategory-C-003-M ChargeFrequency-C-003-M ChargeFrequency-C-004-C ChargeClass-C-005-C
	PricingQuantity-C-004-C PricingQuantity-C-009-C
	EffectiveCost-C-010-C ContractedCost-C-008-C ListCost-C-008-C
	EffectiveCost-C-012-C
	ContractedCost-C-009-C ListCost-C-009-C ContractedUnitPrice-C-011-C ListUnitPrice-C-010-C
	BillingPeriodStart-C-001-M BillingPeriodEnd-C-001-M ChargePeriodStart-C-001-M ChargePeriodEnd-C-001-M
	BillingPeriodStart-C-002-M BillingPeriodEnd-C-002-M ChargePeriodStart-C-002-M ChargePeriodEnd-C-002-M
	BilledCost-C-001-M EffectiveCost-C-001-M ContractedCost-C-001-M ListCost-C-001-M PricingQuantity-C-001-M
	ConsumedQuantity-C-001-M CommitmentDiscountQuantity-C-001-M ListUnitPrice-C-001-M ContractedUnitPrice-C-002-M
	PricingCurrencyListUnitPrice-C-001-M PricingCurrencyContractedUnitPrice-C-001-M PricingCurrencyEffectiveCost-C-001-M
`)

func TestTheDocumentationCountsTheRulesThatAreChecked(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var model struct{ ModelRules map[string]json.RawMessage }
	if err := json.Unmarshal(shared(t, "focus_model_1.2_rules.json"), &model); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, id := range checked {
		if model.ModelRules[id] == nil || seen[id] {
			t.Errorf("%s is no rule, or twice", id)
		}
		seen[id] = true
	}
	if want := fmt.Sprintf("%d of its %d rules", len(checked), len(model.ModelRules)); !strings.Contains(string(doc), want) {
		t.Errorf("doc.go does not say %q", want)
	}
}
