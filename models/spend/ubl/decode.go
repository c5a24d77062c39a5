package ubl

import "strings"

// newDocument takes from a tree what the fields of a Document are. The paths are those of
// CEN/TS 16931-3-2 (binding to UBL 2.1).
func newDocument(root *node) *Document {
	d := &Document{
		Kind:          Invoice,
		Customization: root.val("cbc:CustomizationID"),
		Profile:       root.val("cbc:ProfileID"),
		Number:        root.val("cbc:ID"),
		Issued:        date(root.val("cbc:IssueDate")),
		Due:           date(root.val("cbc:DueDate")),
		TaxPoint:      date(root.val("cbc:TaxPointDate")),
		TaxPointCode:  root.val("cac:InvoicePeriod/cbc:DescriptionCode"),
		TypeCode:      root.val("cbc:InvoiceTypeCode"),
		Currency:      root.val("cbc:DocumentCurrencyCode"),
		TaxCurrency:   root.val("cbc:TaxCurrencyCode"),
		Cost:          root.val("cbc:AccountingCost"),
		BuyerRef:      root.val("cbc:BuyerReference"),
		Contract:      root.val("cac:ContractDocumentReference/cbc:ID"),
		Order:         root.val("cac:OrderReference/cbc:ID"),
		SalesOrder:    root.val("cac:OrderReference/cbc:SalesOrderID"),
		Project:       root.val("cac:ProjectReference/cbc:ID"),
		Seller:        party(root.first("cac:AccountingSupplierParty/cac:Party")),
		Buyer:         party(root.first("cac:AccountingCustomerParty/cac:Party")),
		Payee:         party(root.first("cac:PayeeParty")),
		Period:        period(root.first("cac:InvoicePeriod")),
		Terms:         root.prose("cac:PaymentTerms/cbc:Note"),
		Adjustments:   adjustments(root),
		Totals:        totals(root.first("cac:LegalMonetaryTotal")),
		root:          root,
	}
	lines := "cac:InvoiceLine"
	if root.name == "CreditNote" {
		d.creditNote(root)
		lines = "cac:CreditNoteLine"
	}
	for _, n := range root.all("cbc:Note") {
		d.Notes = append(d.Notes, strings.Trim(n.text, xmlSpace))
	}
	for _, n := range root.all("cac:BillingReference/cac:InvoiceDocumentReference") {
		d.Preceding = append(d.Preceding, Reference{Number: n.val("cbc:ID"), Issued: date(n.val("cbc:IssueDate"))})
	}
	d.taxes(root)
	for _, n := range root.all(lines) {
		d.Lines = append(d.Lines, line(n))
	}
	return d
}

// creditNote reads what the two documents call by different names. A credit note has no
// element for its own due date; that of its payment means stands for it.
func (d *Document) creditNote(root *node) {
	d.Kind = CreditNote
	d.TypeCode = root.val("cbc:CreditNoteTypeCode")
	if d.Due.IsZero() {
		d.Due = date(root.val("cac:PaymentMeans/cbc:PaymentDueDate"))
	}
	if d.Project == "" {
		for _, n := range root.all("cac:AdditionalDocumentReference") {
			if n.val("cbc:DocumentTypeCode") == "50" {
				d.Project = n.val("cbc:ID")
			}
		}
	}
}

func party(n *node) Party {
	p := Party{
		Name:           n.val("cac:PartyLegalEntity/cbc:RegistrationName"),
		TradingName:    n.val("cac:PartyName/cbc:Name"),
		Endpoint:       n.val("cbc:EndpointID"),
		EndpointScheme: n.first("cbc:EndpointID").attr("schemeID"),
		Legal:          n.val("cac:PartyLegalEntity/cbc:CompanyID"),
		LegalScheme:    n.first("cac:PartyLegalEntity/cbc:CompanyID").attr("schemeID"),
		Country:        n.val("cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
	}
	if p.Name == "" {
		p.Name = p.TradingName
	}
	for _, t := range n.all("cac:PartyTaxScheme") {
		if isVAT(t) && p.VAT == "" {
			p.VAT = t.val("cbc:CompanyID")
		}
	}
	return p
}

// isVAT reports whether a tax scheme or category is one of VAT, as all official rules ask.
func isVAT(n *node) bool {
	for _, id := range n.all("cac:TaxScheme/cbc:ID") {
		if strings.EqualFold(id.value(), "VAT") {
			return true
		}
	}
	return false
}

func period(n *node) Period {
	return Period{From: date(n.val("cbc:StartDate")), To: date(n.val("cbc:EndDate"))}
}

func adjustments(n *node) []Adjustment {
	var list []Adjustment
	for _, a := range n.all("cac:AllowanceCharge") {
		list = append(list, Adjustment{
			Charge:     indicator(a) == yes,
			Amount:     a.amount("cbc:Amount"),
			Base:       a.amount("cbc:BaseAmount"),
			Percent:    a.amount("cbc:MultiplierFactorNumeric"),
			Category:   a.val("cac:TaxCategory/cbc:ID"),
			Rate:       a.amount("cac:TaxCategory/cbc:Percent"),
			Reason:     a.prose("cbc:AllowanceChargeReason"),
			ReasonCode: a.val("cbc:AllowanceChargeReasonCode"),
			unclear:    indicator(a) == neither,
		})
	}
	return list
}

// answer is what a boolean of XML Schema says.
type answer int

const (
	neither answer = iota
	no
	yes
)

// indicator tells an allowance (no) from a charge (yes); 0 and 1 are written as well.
func indicator(n *node) answer {
	switch n.val("cbc:ChargeIndicator") {
	case "true", "1":
		return yes
	case "false", "0":
		return no
	}
	return neither
}

func totals(n *node) Totals {
	return Totals{
		Lines:        n.amount("cbc:LineExtensionAmount"),
		Allowances:   n.amount("cbc:AllowanceTotalAmount"),
		Charges:      n.amount("cbc:ChargeTotalAmount"),
		TaxExclusive: n.amount("cbc:TaxExclusiveAmount"),
		TaxInclusive: n.amount("cbc:TaxInclusiveAmount"),
		Prepaid:      n.amount("cbc:PrepaidAmount"),
		Rounding:     n.amount("cbc:PayableRoundingAmount"),
		Payable:      n.amount("cbc:PayableAmount"),
	}
}

// taxes reads the total of VAT with its breakdown, and the total in the other currency.
func (d *Document) taxes(root *node) {
	for _, n := range root.all("cac:TaxTotal") {
		total := n.amount("cbc:TaxAmount")
		if total.Currency != "" && total.Currency != d.Currency {
			if total.Currency == d.TaxCurrency && !d.TaxElsewhere.Given() {
				d.TaxElsewhere = total
			}
			continue
		}
		if !d.Tax.Given() {
			d.Tax = total
		}
		for _, s := range n.all("cac:TaxSubtotal") {
			d.Taxes = append(d.Taxes, Tax{
				Category:   s.val("cac:TaxCategory/cbc:ID"),
				Rate:       s.amount("cac:TaxCategory/cbc:Percent"),
				Taxable:    s.amount("cbc:TaxableAmount"),
				Amount:     s.amount("cbc:TaxAmount"),
				Reason:     s.prose("cac:TaxCategory/cbc:TaxExemptionReason"),
				ReasonCode: s.val("cac:TaxCategory/cbc:TaxExemptionReasonCode"),
			})
		}
	}
}

func line(n *node) Line {
	quantity := "cbc:InvoicedQuantity"
	if n.name == "cac:CreditNoteLine" {
		quantity = "cbc:CreditedQuantity"
	}
	item := n.first("cac:Item")
	l := Line{
		ID:          n.val("cbc:ID"),
		Note:        n.prose("cbc:Note"),
		Quantity:    n.amount(quantity),
		Unit:        n.first(quantity).attr("unitCode"),
		Net:         n.amount("cbc:LineExtensionAmount"),
		Period:      period(n.first("cac:InvoicePeriod")),
		OrderLine:   n.val("cac:OrderLineReference/cbc:LineID"),
		Cost:        n.val("cbc:AccountingCost"),
		Name:        item.val("cbc:Name"),
		Description: item.prose("cbc:Description"),
		SellerCode:  item.val("cac:SellersItemIdentification/cbc:ID"),
		BuyerCode:   item.val("cac:BuyersItemIdentification/cbc:ID"),
		Price:       n.amount("cac:Price/cbc:PriceAmount"),
		Base:        n.amount("cac:Price/cbc:BaseQuantity"),
		Gross:       n.amount("cac:Price/cac:AllowanceCharge/cbc:BaseAmount"),
		Discount:    n.amount("cac:Price/cac:AllowanceCharge/cbc:Amount"),
		Category:    item.val("cac:ClassifiedTaxCategory/cbc:ID"),
		Rate:        item.amount("cac:ClassifiedTaxCategory/cbc:Percent"),
		Adjustments: adjustments(n),
	}
	if s := item.first("cac:StandardItemIdentification/cbc:ID"); s != nil {
		l.Standard = Code{List: s.attr("schemeID"), Value: s.value()}
	}
	for _, c := range item.all("cac:CommodityClassification/cbc:ItemClassificationCode") {
		l.Classes = append(l.Classes, Code{List: c.attr("listID"), Value: c.value()})
	}
	return l
}
