package ubl

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

const head = `xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
	xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"`

// open is everything before the sums of a valid document; close is what ends it.
func open(kind string) string {
	code := map[string]string{"Invoice": "380", "CreditNote": "381"}[kind]
	return `<` + kind + ` xmlns="urn:oasis:names:specification:ubl:schema:xsd:` + kind + `-2" ` + head + `>
	<cbc:CustomizationID>` + specification + `</cbc:CustomizationID>
	<cbc:ProfileID>` + processStart + "01" + processEnd + `</cbc:ProfileID>
	<cbc:ID>N-1</cbc:ID><cbc:IssueDate>2026-02-01</cbc:IssueDate>
	<cbc:` + kind + `TypeCode>` + code + `</cbc:` + kind + `TypeCode>
	<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
	<cbc:BuyerReference>unit 7</cbc:BuyerReference>
	<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-01-31</cbc:EndDate></cac:InvoicePeriod>
	<cac:AccountingSupplierParty>` + side("Seller OÜ", "EE100000001") + `</cac:AccountingSupplierParty>
	<cac:AccountingCustomerParty>` + side("Buyer Amet", "EE100000002") + `</cac:AccountingCustomerParty>`
}

func side(name, vat string) string {
	return `<cac:Party><cbc:EndpointID schemeID="0191">12345678</cbc:EndpointID>
	<cac:PostalAddress><cac:Country><cbc:IdentificationCode>EE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
	<cac:PartyTaxScheme><cbc:CompanyID>` + vat + `</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
	<cac:PartyLegalEntity><cbc:RegistrationName>` + name + `</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>`
}

func money(name, amount string) string {
	return `<cbc:` + name + ` currencyID="EUR">` + amount + `</cbc:` + name + `>`
}

func vat(name, category, rate string) string {
	return `<cac:` + name + `><cbc:ID>` + category + `</cbc:ID><cbc:Percent>` + rate +
		`</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:` + name + `>`
}

func adjust(charge bool, amount, category, rate string) string {
	return fmt.Sprintf(`<cac:AllowanceCharge><cbc:ChargeIndicator>%t</cbc:ChargeIndicator><cbc:AllowanceChargeReason>agreed</cbc:AllowanceChargeReason>`, charge) +
		money("Amount", amount) + vat("TaxCategory", category, rate) + `</cac:AllowanceCharge>`
}

// taxed is the breakdown of VAT, of entries of category, rate, taxable and tax.
func taxed(total string, entries ...[4]string) string {
	s := `<cac:TaxTotal>` + money("TaxAmount", total)
	for _, e := range entries {
		s += `<cac:TaxSubtotal>` + money("TaxableAmount", e[2]) + money("TaxAmount", e[3]) + vat("TaxCategory", e[0], e[1]) + `</cac:TaxSubtotal>`
	}
	return s + `</cac:TaxTotal>`
}

// sums are lines, exclusive, inclusive and payable, and then any further ones.
func sums(lines, exclusive, inclusive, payable string, more ...string) string {
	return `<cac:LegalMonetaryTotal>` + money("LineExtensionAmount", lines) + money("TaxExclusiveAmount", exclusive) +
		money("TaxInclusiveAmount", inclusive) + strings.Join(more, "") + money("PayableAmount", payable) + `</cac:LegalMonetaryTotal>`
}

// row is a line of one piece for its price.
func row(kind string, id int, net, category, rate, more string) string {
	quantity := map[string]string{"Invoice": "Invoiced", "CreditNote": "Credited"}[kind]
	return fmt.Sprintf(`<cac:%sLine><cbc:ID>%d</cbc:ID><cbc:%sQuantity unitCode="C62">1</cbc:%[3]sQuantity>`, kind, id, quantity) +
		money("LineExtensionAmount", net) + more + `<cac:Item><cbc:Name>server hours</cbc:Name>` + vat("ClassifiedTaxCategory", category, rate) +
		`</cac:Item><cac:Price>` + money("PriceAmount", net) + `</cac:Price></cac:` + kind + `Line>`
}

func simple(kind string) string {
	return open(kind) + taxed("24.00", [4]string{"S", "24", "100.00", "24.00"}) + sums("100.00", "100.00", "124.00", "124.00") +
		row(kind, 1, "100.00", "S", "24", "") + `</` + kind + `>`
}

func mustRead(t testing.TB, file string) *Document {
	t.Helper()
	d, err := Read(strings.NewReader(file))
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	return d
}

func TestAValidDocumentHasNoFindings(t *testing.T) {
	for _, kind := range []string{"Invoice", "CreditNote"} {
		if f := Check(mustRead(t, simple(kind))); len(f) > 0 {
			t.Errorf("%s: %v", kind, f)
		}
	}
}

func TestOneMistakeIsOneFinding(t *testing.T) {
	base := simple("Invoice")
	for _, c := range []struct {
		name, from, to string
		want           []string
	}{
		{"a cent too much in the lines", `<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.00`,
			`<cbc:LineExtensionAmount currencyID="EUR">100.01</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.01`, []string{"BR-CO-10", "BR-CO-15"}},
		{"payable is not what is due", `<cbc:PayableAmount currencyID="EUR">124.00`, `<cbc:PayableAmount currencyID="EUR">125.00`, []string{"BR-CO-16"}},
		{"no line", row("Invoice", 1, "100.00", "S", "24", ""), "", []string{"BR-16", "BR-CO-10", "BR-S-01", "BR-S-08"}},
		{"a rate of nothing at the standard rate", `<cbc:Percent>24</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory>`,
			`<cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory>`, []string{"BR-S-05", "BR-S-08"}},
		{"three decimals", `<cbc:PayableAmount currencyID="EUR">124.00`, `<cbc:PayableAmount currencyID="EUR">124.000`, []string{"BR-DEC-18"}},
		{"a word for a number", `<cbc:InvoicedQuantity unitCode="C62">1<`, `<cbc:InvoicedQuantity unitCode="C62">one<`, []string{"PEPPOL-EN16931-R120", RuleNumber}},
		{"a comma in a number", `<cbc:PriceAmount currencyID="EUR">100.00`, `<cbc:PriceAmount currencyID="EUR">100,00`, []string{"BR-27", "PEPPOL-EN16931-R120", RuleNumber}},
		{"an empty element", `<cbc:BuyerReference>unit 7<`, `<cbc:BuyerReference> <`, []string{"PEPPOL-EN16931-R008"}},
		{"a period that ends before it starts", `<cbc:EndDate>2026-01-31`, `<cbc:EndDate>2025-01-31`, []string{"BR-29"}},
		{"a day that is none", `<cbc:IssueDate>2026-02-01`, `<cbc:IssueDate>2026-02-30`, []string{"PEPPOL-EN16931-F001"}},
		{"a currency that is none", `<cbc:DocumentCurrencyCode>EUR`, `<cbc:DocumentCurrencyCode>EURO`, []string{"BR-CL-04", "BR-CO-15", "PEPPOL-EN16931-R051"}},
		{"another currency in one amount", `<cbc:PriceAmount currencyID="EUR"`, `<cbc:PriceAmount currencyID="USD"`, []string{"PEPPOL-EN16931-R051"}},
		{"a corrected invoice of two who are not German", `>380<`, `>384<`, []string{"PEPPOL-EN16931-P0112"}},
		{"no seller number at all", `<cac:PartyTaxScheme><cbc:CompanyID>EE100000001</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`, "", []string{"BR-CO-26", "BR-S-02"}},
		{"a tax that is not the rate's", `<cbc:TaxAmount currencyID="EUR">24.00</cbc:TaxAmount><cac:TaxCategory>`, `<cbc:TaxAmount currencyID="EUR">22.00</cbc:TaxAmount><cac:TaxCategory>`,
			[]string{"BR-CO-14", "BR-CO-17", "BR-S-09"}},
	} {
		file := strings.Replace(base, c.from, c.to, 1)
		if file == base {
			t.Errorf("%s: nothing was changed", c.name)
			continue
		}
		var got []string
		for _, f := range Check(mustRead(t, file)) {
			got = append(got, f.Rule)
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAFindingSaysWhereAndWhat(t *testing.T) {
	file := open("Invoice") + taxed("48.00", [4]string{"S", "24", "200.00", "48.00"}) + sums("200.00", "200.00", "248.00", "248.00") +
		row("Invoice", 1, "100.00", "S", "24", "") +
		strings.Replace(row("Invoice", 2, "100.00", "S", "24", ""), `<cbc:PriceAmount currencyID="EUR">100.00`, `<cbc:PriceAmount currencyID="EUR">33.335`, 1) + `</Invoice>`
	want := []Finding{{"PEPPOL-EN16931-R120", Fatal, "Invoice/InvoiceLine[2]", "100", "33.335"}}
	if got := Check(mustRead(t, file)); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRoundingIsThatOfTheOfficialRules(t *testing.T) {
	for text, want := range map[string]string{"0.125": "0.13", "-0.125": "-0.12", "-0.126": "-0.13", "2": "2", "1.005": "1.01", "-1.005": "-1"} {
		n := &node{text: text}
		if got := shown(cents(n.number())); got != want {
			t.Errorf("%s rounds to %s, want %s", text, got, want)
		}
	}
}

func TestNumbersAreThoseOfXMLSchema(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", " +1.50 ": "1.5", ".5": "0.5", "-.5": "-0.5", "3.": "3", "-0": "0", "0012.0": "12",
		"1e3": "", "--1": "", "+-1": "", "": "", ".": "", "1 000": "", "1,5": "", "NaN": "", "99999999999999999999": "", "1/2": "", "0x1": "", "1_0": "",
	} {
		got := ""
		n := &node{text: text}
		if r := n.number(); r != nil {
			got = shown(r)
		}
		up := &node{kids: []*node{{name: "cbc:Amount", text: text}}}
		if a := up.amount("cbc:Amount"); got != want || want != "" && a.Value.String() != want || want == "" && a.readable() {
			t.Errorf("%q is %q (%s), want %q", text, got, a.Value, want)
		}
	}
}

func TestEncodingsAreTakenByTheirMark(t *testing.T) {
	file := simple("Invoice")
	wide := func(order func(u uint16) []byte, mark []byte) []byte {
		for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="UTF-16"?>` + file)) {
			mark = append(mark, order(u)...)
		}
		return mark
	}
	for name, b := range map[string][]byte{
		"UTF-8":                []byte(file),
		"UTF-8 with a mark":    []byte("\xef\xbb\xbf" + `<?xml version="1.0" encoding="utf-8"?>` + file),
		"UTF-16 little-endian": wide(func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} }, []byte{0xff, 0xfe}),
		"UTF-16 big-endian":    wide(func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} }, []byte{0xfe, 0xff}),
	} {
		d, err := Read(bytes.NewReader(b))
		if err != nil || d.Seller.Name != "Seller OÜ" || len(d.Lines) != 1 {
			t.Errorf("%s: %v %v", name, d, err)
		}
	}
}

func TestEncodingsInSingleBytesAreTakenByTheirName(t *testing.T) {
	for name, m := range map[string]*charmap.Charmap{"ISO-8859-1": charmap.ISO8859_1, "iso-8859-15": charmap.ISO8859_15, "windows-1257": charmap.Windows1257, "Windows-1252": charmap.Windows1252} {
		file, err := m.NewEncoder().String(`<?xml version="1.0" encoding="` + name + `"?>` + simple("Invoice"))
		if err != nil {
			t.Fatal(err)
		}
		if d, err := Read(strings.NewReader(file)); err != nil || d.Seller.Name != "Seller OÜ" {
			t.Errorf("%s: %v %v", name, d, err)
		}
	}
}

// enveloped is a document as Peppol carries it.
func enveloped(document string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><StandardBusinessDocument xmlns="` + nsEnvelope + `"><StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion>
	<Sender><Identifier Authority="iso6523-actorid-upis">0191:12345678</Identifier></Sender><BusinessScope><Scope><Type>DOCUMENTID</Type></Scope></BusinessScope></StandardBusinessDocumentHeader>` + document + `</StandardBusinessDocument>`
}

func TestAnEnvelopeIsOpened(t *testing.T) {
	for _, kind := range []string{"Invoice", "CreditNote"} {
		d, err := Read(strings.NewReader(enveloped("\n" + simple(kind) + "\n")))
		if err != nil || d.Number != "N-1" || len(d.Lines) != 1 || len(Check(d)) > 0 {
			t.Errorf("%s: %+v, %v", kind, d, err)
		}
	}
}

func TestWhatIsNoInvoiceIsRefused(t *testing.T) {
	deep := open("Invoice") + strings.Repeat("<cac:Item>", 100) + strings.Repeat("</cac:Item>", 100) + "</Invoice>"
	many := open("Invoice") + strings.Repeat("<cac:Item/>", MaxElements) + "</Invoice>"
	for _, c := range []struct {
		name string
		file io.Reader
		want error
	}{
		{"nothing", strings.NewReader(""), ErrNotUBL},
		{"no XML", strings.NewReader("%PDF-1.7"), ErrNotUBL},
		{"half a document", strings.NewReader(simple("Invoice")[:900]), ErrNotUBL},
		{"an order", strings.NewReader(`<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>`), ErrNotUBL},
		{"an invoice of nobody's", strings.NewReader(`<Invoice/>`), ErrNotUBL},
		{"a credit note that says it is an invoice", strings.NewReader(`<CreditNote xmlns="` + nsInvoice + `"/>`), ErrNotUBL},
		{"two documents", strings.NewReader(simple("Invoice") + simple("Invoice")), ErrNotUBL},
		{"words after the document", strings.NewReader(simple("Invoice") + "hello"), ErrNotUBL},
		{"an encoding that is not taken", strings.NewReader(`<?xml version="1.0" encoding="ISO-2022-JP"?>` + simple("Invoice")), ErrNotUBL},
		{"a mark that says otherwise", strings.NewReader("\xef\xbb\xbf" + `<?xml version="1.0" encoding="ISO-8859-1"?>` + simple("Invoice")), ErrNotUBL},
		{"an envelope with nothing in it", strings.NewReader(enveloped("")), ErrNotUBL},
		{"an envelope with two documents", strings.NewReader(enveloped(simple("Invoice") + simple("Invoice"))), ErrNotUBL},
		{"an envelope with an order", strings.NewReader(enveloped(`<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>`)), ErrNotUBL},
		{"a document behind its envelope", strings.NewReader(enveloped(simple("Invoice")) + simple("Invoice")), ErrNotUBL},
		{"an envelope that does not end", strings.NewReader(strings.TrimSuffix(enveloped(simple("Invoice")), "</StandardBusinessDocument>")), ErrNotUBL},
		{"a deep envelope", strings.NewReader(`<StandardBusinessDocument xmlns="` + nsEnvelope + `">` + strings.Repeat("<StandardBusinessDocumentHeader>", 100)), ErrHostile},
		{"bytes that are not UTF-8", strings.NewReader(strings.Replace(simple("Invoice"), "OÜ", "O\xdc", 1)), ErrNotUBL},
		{"an entity of its own", strings.NewReader(`<!DOCTYPE Invoice [<!ENTITY a "b">]>` + strings.Replace(simple("Invoice"), "N-1", "&a;", 1)), ErrHostile},
		{"an entity of nobody's", strings.NewReader(strings.Replace(simple("Invoice"), "N-1", "&a;", 1)), ErrNotUBL},
		{"too deep", strings.NewReader(deep), ErrHostile},
		{"too many elements", strings.NewReader(many), ErrTooBig},
		{"too many bytes", io.MultiReader(strings.NewReader(open("Invoice")), strings.NewReader(strings.Repeat(" ", MaxBytes))), ErrTooBig},
	} {
		if _, err := Read(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := Read(io.MultiReader(strings.NewReader("<Invoice "), cutLine{})); !errors.Is(err, errBroken) || errors.Is(err, ErrNotUBL) {
		t.Errorf("a reader that fails: got %v", err)
	}
}

var errBroken = errors.New("the line is cut")

type cutLine struct{}

func (cutLine) Read([]byte) (int, error) { return 0, errBroken }

func TestPrefixesMayBeAny(t *testing.T) {
	file := strings.NewReplacer("cac:", "a:", "cbc:", "", "xmlns:cac", "xmlns:a", `xmlns:cbc=`, `xmlns=`).Replace(simple("Invoice"))
	file = strings.Replace(file, `<Invoice xmlns="`+nsInvoice+`"`, `<u:Invoice xmlns:u="`+nsInvoice+`"`, 1)
	file = strings.Replace(file, `</Invoice>`, `</u:Invoice>`, 1)
	d := mustRead(t, file)
	if f := Check(d); d.Number != "N-1" || len(f) > 0 {
		t.Errorf("%s: %v", d.Number, f)
	}
}

func TestMistakesWithoutEndAreCut(t *testing.T) {
	file := open("Invoice") + strings.Repeat("<cac:InvoiceLine/>", 3*MaxFindings) + "</Invoice>"
	if got := len(Check(mustRead(t, file))); got != MaxFindings {
		t.Errorf("got %d findings, want %d", got, MaxFindings)
	}
}

func FuzzRead(f *testing.F) {
	for _, kind := range []string{"Invoice", "CreditNote"} {
		f.Add([]byte(simple(kind)))
	}
	f.Add([]byte(discounted("Invoice")))
	f.Add([]byte("\xff\xfe<\x00I\x00\x00\xd8a\x00"))
	f.Add([]byte(`<Invoice xmlns="` + nsInvoice + `"/>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, finding := range Check(d) {
			if _, known := slices.BinarySearch(Rules, finding.Rule); !known {
				t.Errorf("%s is not among the rules", finding.Rule)
			}
		}
		if charges, err := Charges(d); err == nil && len(charges) < len(d.Lines) {
			t.Errorf("got %d charges of %d lines", len(charges), len(d.Lines))
		}
	})
}

func BenchmarkReadAndCheck(b *testing.B) {
	const lines = 1000
	var s strings.Builder
	s.WriteString(open("Invoice") + taxed("24000.00", [4]string{"S", "24", "100000.00", "24000.00"}) + sums("100000.00", "100000.00", "124000.00", "124000.00"))
	for i := range lines {
		s.WriteString(row("Invoice", i+1, "100.00", "S", "24", ""))
	}
	file := s.String() + "</Invoice>"
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		d, err := Read(strings.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		if f := Check(d); len(f) > 0 {
			b.Fatal(f)
		}
		if _, err := Charges(d); err != nil {
			b.Fatal(err)
		}
	}
}

func TestManyElementsAreJudgedInTimeThatGrowsWithThem(t *testing.T) {
	const many = 60_000
	period := `<cac:InvoicePeriod><cbc:EndDate>2026-01-31</cbc:EndDate></cac:InvoicePeriod>`
	for name, file := range map[string]string{
		"lines with periods":    strings.Repeat("<cac:InvoiceLine>"+period+"</cac:InvoiceLine>", many),
		"sums":                  strings.Repeat("<cac:LegalMonetaryTotal/>", many) + strings.Repeat(adjust(true, "1", "S", "24"), many/2),
		"payees":                strings.Repeat("<cac:PayeeParty/>", many),
		"taxes of one total":    "<cac:TaxTotal>" + strings.Repeat(money("TaxAmount", "1"), many) + "</cac:TaxTotal>",
		"discounts of a price":  "<cac:InvoiceLine><cac:Price>" + strings.Repeat(money("BaseAmount", "2"), 10) + strings.Repeat("<cac:AllowanceCharge><cbc:BaseAmount>1</cbc:BaseAmount></cac:AllowanceCharge>", many) + "</cac:Price></cac:InvoiceLine>",
		"entries of categories": "<cac:TaxTotal>" + strings.Repeat("<cac:TaxSubtotal>"+vat("TaxCategory", "S", "24")+"</cac:TaxSubtotal>", many) + "</cac:TaxTotal>",
	} {
		d := mustRead(t, `<Invoice xmlns="`+nsInvoice+`" `+head+`>`+file+`</Invoice>`)
		start := time.Now()
		Check(d)
		Charges(d)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}
