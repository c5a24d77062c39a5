package ubl

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rulesOf are the rules that a document breaks, each once.
func rulesOf(t *testing.T, file string) string {
	t.Helper()
	var ids []string
	for _, f := range Check(mustRead(t, file)) {
		ids = append(ids, f.Rule)
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}

func TestAllowancesAndChargesAreJudged(t *testing.T) {
	base := discounted("Invoice")
	reason := `<cbc:AllowanceChargeReason>agreed</cbc:AllowanceChargeReason>`
	onLine := `<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>` + money("Amount", "1.000") + money("BaseAmount", "10.000") + `</cac:AllowanceCharge>`
	for _, c := range []struct{ name, from, to, want string }{
		{"an allowance that nobody explains", reason, "", "BR-33 BR-CO-21"},
		{"an amount of a thousandth", ">10.00<", ">10.000<", "BR-DEC-01"},
		{"an allowance of another size", ">10.00<", ">11.50<", "BR-CO-11 BR-S-08"},
		{"a charge of another size", ">7.00</cbc:Amount>", ">7.01</cbc:Amount>", "BR-CO-12"},
		{"a percentage of nothing", reason, reason + `<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>`, "PEPPOL-EN16931-R041"},
		{"a base without a percentage", reason, reason + money("BaseAmount", "100.00"), "PEPPOL-EN16931-R042"},
		{"a percentage that gives another amount", reason, reason + `<cbc:MultiplierFactorNumeric>9</cbc:MultiplierFactorNumeric>` + money("BaseAmount", "100.00"), "PEPPOL-EN16931-R040"},
		{"a percentage that gives the amount within two cents", reason, reason + `<cbc:MultiplierFactorNumeric>10.02</cbc:MultiplierFactorNumeric>` + money("BaseAmount", "100.00"), ""},
		{"one for true", ">true<", ">1<", "PEPPOL-EN16931-R043"},
		{"a charge of a line with all mistakes", `<cac:Item>`, onLine + `<cac:Item>`,
			"BR-44 BR-CO-24 BR-DEC-27 BR-DEC-28 PEPPOL-EN16931-R042 PEPPOL-EN16931-R120"},
		{"a reason of no list", reason, `<cbc:AllowanceChargeReasonCode>1</cbc:AllowanceChargeReasonCode>`, "BR-CL-19 PEPPOL-EN16931-CL002"},
		{"an allowance of no category", vat("TaxCategory", "Z", "0") + `</cac:AllowanceCharge>`, `</cac:AllowanceCharge>`, "BR-32 BR-Z-08"},
		{"a rounding that is not counted", ">64.00<", ">64.23<", "BR-CO-16"},
		{"a price above its gross price", `<cac:Price>`, `<cac:Price><cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>` + money("Amount", "1.00") + money("BaseAmount", "30.00") + `</cac:AllowanceCharge>`,
			"PEPPOL-EN16931-R044 PEPPOL-EN16931-R046"},
		{"a price for no pieces", `<cac:Price>`, `<cac:Price><cbc:BaseQuantity unitCode="XYZ">0</cbc:BaseQuantity>`, "PEPPOL-EN16931-R121 PEPPOL-EN16931-R130"},
		{"a line outside of the document's period", "2026-01-10", "2025-12-31", "PEPPOL-EN16931-R110"},
	} {
		file := strings.Replace(base, c.from, c.to, 1)
		if got := rulesOf(t, file); file == base || got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// of is a document with one line of a category of VAT.
func of(category, rate, tax, reason string) string {
	delivery := `<cac:Delivery><cbc:ActualDeliveryDate>2026-01-15</cbc:ActualDeliveryDate><cac:DeliveryLocation><cac:Address><cac:Country>` +
		`<cbc:IdentificationCode>FI</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>`
	gross := map[string]string{"0": "100.00", "7.00": "107.00"}[tax]
	file := open("Invoice") + delivery + taxed(tax, [4]string{category, rate, "100.00", tax}) + sums("100.00", "100.00", gross, gross) +
		row("Invoice", 1, "100.00", category, rate, "") + `</Invoice>`
	if reason != "" {
		file = strings.Replace(file, `</cbc:Percent><cac:TaxScheme>`, `</cbc:Percent><cbc:TaxExemptionReason>`+reason+`</cbc:TaxExemptionReason><cac:TaxScheme>`, 1)
	}
	if category == "O" { // has no rate, and its parties show no number of VAT
		file = strings.NewReplacer(`<cbc:Percent>0</cbc:Percent>`, "", "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>", "<cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>").Replace(file)
		file = strings.ReplaceAll(file, `</cbc:RegistrationName>`, `</cbc:RegistrationName><cbc:CompanyID>12345678</cbc:CompanyID>`)
	}
	return file
}

func TestEveryCategoryOfVATHasItsRules(t *testing.T) {
	tax := `<cac:PartyTaxScheme><cbc:CompanyID>EE100000002</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`
	for _, c := range []struct{ name, file, from, to, want string }{
		{"zero rated", of("Z", "0", "0", ""), "", "", ""},
		{"zero rated with a reason", of("Z", "0", "0", "because"), "", "", "BR-Z-10"},
		{"exempt", of("E", "0", "0", "teaching"), "", "", ""},
		{"exempt without a reason", of("E", "0", "0", ""), "", "", "BR-E-10"},
		{"reverse charge", of("AE", "0", "0", "reverse charge"), "", "", ""},
		{"reverse charge to nobody known", of("AE", "0", "0", "reverse charge"), tax, "", "BR-AE-02"},
		{"within the Union", of("K", "0", "0", "delivered abroad"), "", "", ""},
		{"within the Union to nobody known", of("K", "0", "0", "delivered abroad"), tax, "", "BR-IC-02"},
		{"within the Union to no country", of("K", "0", "0", "delivered abroad"), ">FI<", "><", "BR-CL-14 BR-IC-12 PEPPOL-EN16931-R008"},
		{"export", of("G", "0", "0", "export"), "", "", ""},
		{"export with tax", of("G", "7", "7.00", "export"), "", "", "BR-G-05 BR-G-09"},
		{"outside of VAT", of("O", "0", "0", "grant"), "", "", ""},
		{"outside of VAT beside what is not", of("O", "0", "0", "grant"), `</Invoice>`, row("Invoice", 2, "0", "Z", "0", "") + `</Invoice>`, "BR-O-12 BR-Z-01"},
		{"the Canaries", of("L", "7", "7.00", ""), "", "", ""},
		{"Ceuta", of("M", "7", "7.00", ""), "", "", ""},
		{"the Canaries with the wrong sum", of("L", "7", "7.00", ""), `<cbc:TaxableAmount currencyID="EUR">100.00`, `<cbc:TaxableAmount currencyID="EUR">140.00`, "BR-AF-08 BR-AF-09 BR-CO-17"},
		{"split payment in Estonia", of("B", "7", "7.00", ""), "", "", "BR-B-01"},
		{"no category there is", of("Q", "7", "7.00", ""), "", "", "BR-CL-17 BR-CL-18"},
		{"a line of another category than the breakdown", of("Z", "0", "0", ""), vat("ClassifiedTaxCategory", "Z", "0"), vat("ClassifiedTaxCategory", "E", "0"), "BR-E-01 BR-Z-08"},
	} {
		if got := rulesOf(t, strings.Replace(c.file, c.from, c.to, 1)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNumbersOfPartiesAreJudgedByTheirScheme(t *testing.T) {
	for _, c := range []struct{ scheme, number, want string }{
		{"0088", "1234567890128", ""},
		{"0088", "1234567890129", "PEPPOL-COMMON-R040"},
		{"0088", "", "PEPPOL-COMMON-R040 PEPPOL-EN16931-R008"},
		{"0192", "123456785", ""},
		{"0192", "123456786", "PEPPOL-COMMON-R041"},
		{"0192", "000000000", "PEPPOL-COMMON-R041"},
		{"0184", "DK12345678", ""},
		{"0184", "SE12345678", "PEPPOL-COMMON-R042"},
		{"0208", "0123456749", ""},
		{"0208", "0123456748", "PEPPOL-COMMON-R043"},
		{"0201", "ABC12", "PEPPOL-COMMON-R044"},
		{"0210", "ABCDEF12G34H567I", ""},
		{"0210", "1BCDEF12G34H567I", "PEPPOL-COMMON-R045"},
		{"9907", "12345678901", "PEPPOL-EN16931-CL008"},
		{"0211", "IT00000000000", ""},
		{"0211", "IT00000000001", "PEPPOL-COMMON-R047"},
		{"0007", "1234567897", ""},
		{"0007", "1234567890", "PEPPOL-COMMON-R049"},
		{"0151", "12345679016", ""},
		{"0151", "12345679017", "PEPPOL-COMMON-R050"},
		{"0191", "anything", ""},
	} {
		file := strings.Replace(simple("Invoice"), `schemeID="0191">12345678<`, `schemeID="`+c.scheme+`">`+c.number+`<`, 1)
		if got := rulesOf(t, file); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.scheme, c.number, got, c.want)
		}
	}
}

func TestEveryRuleIsListed(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`"((?:BR|PEPPOL)-[A-Z0-9-]+[0-9])"`)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(Rules, m[1]) {
				t.Errorf("%s: %s is not among the rules", name, m[1])
			}
		}
	}
	if len(slices.Compact(slices.Clone(Rules))) != len(Rules) {
		t.Error("a rule is listed twice")
	}
}
