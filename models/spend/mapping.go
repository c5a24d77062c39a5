package spend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend/currency"
	"pilveturg/models/spend/sheet"
)

// Role is what a column of a table is for.
type Role string

// The roles.
const (
	RoleAmount      Role = "amount"
	RoleDate        Role = "date"
	RoleVendor      Role = "vendor"
	RoleBuyer       Role = "buyer"
	RoleCategory    Role = "category"
	RoleService     Role = "service"
	RoleDescription Role = "description"
	RoleReference   Role = "reference"
	RoleContract    Role = "contract"
	RoleQuantity    Role = "quantity"
	RoleUnit        Role = "unit"
	RoleUnitPrice   Role = "unit_price"
	RoleCurrency    Role = "currency"
	RoleFrom        Role = "from"
	RoleTo          Role = "to"
	RoleDue         Role = "due"
	RoleTax         Role = "tax"
	RoleGross       Role = "gross"  // the amount with VAT
	RoleDebit       Role = "debit"  // with RoleCredit instead of an amount, which is their difference
	RoleCredit      Role = "credit" // what is taken off
)

// Roles are all of them, in the order in which they are asked for. Only the amount has to
// be there, or what it can be worked out from.
func Roles() []Role {
	return []Role{RoleAmount, RoleDate, RoleVendor, RoleBuyer, RoleCategory, RoleService, RoleDescription, RoleReference, RoleContract, RoleQuantity, RoleUnit, RoleUnitPrice, RoleCurrency, RoleFrom, RoleTo, RoleDue, RoleTax, RoleGross, RoleDebit, RoleCredit}
}

// IsNumber and IsDay report what the cells of a column with a role are.
func (r Role) IsNumber() bool {
	return slices.Contains([]Role{RoleAmount, RoleQuantity, RoleUnitPrice, RoleTax, RoleGross, RoleDebit, RoleCredit}, r)
}

// IsDay reports whether the cells of a column with a role are days.
func (r Role) IsDay() bool { return slices.Contains([]Role{RoleDate, RoleFrom, RoleTo, RoleDue}, r) }

// headings are words by which columns are recognised, the better ones first; they are
// compared without signs and in lower case.
var headings = map[Role][]string{
	RoleAmount:      {"amountexvat", "amountexclvat", "amountexcludingvat", "amountwithoutvat", "amountnet", "netamount", "netamounteur", "netvalue", "nettotal", "totalexvat", "totalexclvat", "netamountgbp", "evidencedspend", "amount", "amountgbp", "amounteur", "amountinsterling", "value", "spend", "total", "cost", "net", "summa", "netosumma", "summaeur", "summakmta", "summailmakmta", "summakäibemaksuta", "summailmakäibemaksuta", "maksumus", "maksumuskmta", "maksumusilmakmta", "netosummakmta", "neto"},
	RoleDate:        {"invoicedate", "date", "paymentdate", "transactiondate", "returnmonth", "month", "arvekuupäev", "kuupäev", "kuu", "makseprkuupäev"},
	RoleVendor:      {"suppliername", "supplier", "vendor", "vendorname", "payee", "merchant", "tarnija", "müüja", "teenuseosutaja", "saaja"},
	RoleBuyer:       {"customername", "entity", "buyer", "customer", "organisation", "agency", "agencyname", "body", "payer", "ostja", "asutus", "tellija", "maksja"},
	RoleCategory:    {"cpv", "cpvcode", "cpvkood", "category", "expensetype", "lotdescription", "lot", "accountcodedescription", "servicecategory", "kategooria", "kululiik"},
	RoleService:     {"service", "servicename", "product", "teenus", "toode"},
	RoleDescription: {"projectnameanddescription", "description", "transationdescription", "transactiondescription", "narrative", "additionalnarrative", "kirjeldus", "selgitus"},
	RoleReference:   {"invoicenumber", "invoice", "invoiceno", "transactionnumber", "transactionsnumber", "transactionno", "reference", "arvenumber", "arvenr", "arve"},
	RoleContract:    {"contractnumber", "contract", "contractreference", "lepingunumber", "leping", "lepingunr"},
	RoleQuantity:    {"quantity", "qty", "kogus"},
	RoleUnit:        {"unit", "unitofmeasure", "ühik"},
	RoleUnitPrice:   {"unitprice", "price", "ühikuhind", "hind"},
	RoleCurrency:    {"currency", "billingcurrency", "valuuta"},
	RoleFrom:        {"servicefrom", "periodstart", "startdate", "from", "algus", "perioodialgus"},
	RoleTo:          {"serviceto", "periodend", "enddate", "to", "lõpp", "perioodilõpp"},
	RoleDue:         {"duedate", "due", "maksetähtaeg", "tähtaeg"},
	RoleTax:         {"vat", "vatamount", "vateur", "vatgbp", "tax", "taxamount", "käibemaks", "käibemaksusumma", "km", "kmsumma"},
	RoleGross:       {"grossamount", "grossamounteur", "grossamountgbp", "amountincvat", "amountinclvat", "amountincludingvat", "amountwithvat", "totalincvat", "totalinclvat", "totalwithvat", "gross", "grosstotal", "summakmga", "summakoosmga", "summakooskmga", "summakäibemaksuga", "maksumuskmga", "bruto", "brutosumma"},
	RoleDebit:       {"debit", "debitamount", "dr", "deebet"},
	RoleCredit:      {"credit", "creditamount", "cr", "kreedit"},
}

// Scales are by what the amounts of a table may have to be multiplied.
func Scales() []string { return []string{"1", "1000", "1000000"} }

// Mapping says what the columns of a table mean.
type Mapping struct {
	Heading   string       `json:"heading,omitempty"` // SHA-256 of the heading's cells, hexadecimal
	Publisher string       `json:"publisher,omitempty"`
	Columns   map[Role]int `json:"columns,omitempty"`    // from 0
	Currency  string       `json:"currency,omitempty"`   // of amounts that do not say theirs
	Scale     string       `json:"scale,omitempty"`      // one of Scales; "" is "1"
	Decimal   string       `json:"decimal,omitempty"`    // "." or "," for columns that leave it open
	Order     sheet.Order  `json:"order,omitempty"`      // of days in columns that leave it open
	ToIsLast  bool         `json:"to_is_last,omitempty"` // RoleTo has the last day of the service, not the day after it
}

// check tells what a mapping lacks, as [models.Invalid].
func (m *Mapping) check() error {
	wrong := models.Invalid{}
	if m.Columns != nil {
		m.checkAmount(wrong)
		if _, ok := m.Columns[RoleCurrency]; !ok && m.Currency == "" {
			wrong["currency"] = "ledger.no_currency"
		}
		used := map[int]Role{}
		for _, role := range Roles() {
			i, ok := m.Columns[role]
			if other, twice := used[i]; ok && twice && role != RoleDescription && other != RoleService {
				wrong[string(role)] = "ledger.column_twice"
			}
			if ok {
				used[i] = role
			}
		}
	}
	if _, ok := currency.Lookup(m.Currency); m.Currency != "" && !ok {
		wrong["currency"] = "ledger.currency_wrong"
	}
	if m.Scale != "" && !slices.Contains(Scales(), m.Scale) {
		wrong["scale"] = "ledger.scale_wrong"
	}
	return wrong.Or()
}

// checkAmount tells what is wrong with the columns that an amount can be worked out from.
func (m *Mapping) checkAmount(wrong models.Invalid) {
	has := func(role Role) bool { _, ok := m.Columns[role]; return ok }
	sides := has(RoleDebit) || has(RoleCredit)
	switch {
	case has(RoleAmount) && sides, has(RoleGross) && sides:
		wrong["debit"] = "ledger.amount_or_debit"
	case !has(RoleAmount) && !sides && (!has(RoleGross) || !has(RoleTax)):
		wrong["amount"] = "ledger.no_amount"
	}
}

// fold takes all but letters and digits out of a heading.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// headingHash tells tables with the same heading apart from others.
func headingHash(columns []sheet.Column) string {
	h := sha256.New()
	for _, c := range columns {
		fmt.Fprintf(h, "%s\x00", fold(c.Heading))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// propose says what the columns of a table seem to mean.
func propose(columns []sheet.Column) *Mapping {
	m := &Mapping{Heading: headingHash(columns), Columns: map[Role]int{}}
	used := map[int]bool{}
	for _, role := range Roles() {
		if i, ok := bestColumn(role, columns, used); ok {
			m.Columns[role] = i
			used[i] = true
		}
	}
	m.proposeAmount(columns, used)
	if i, ok := m.Columns[RoleAmount]; ok && sameName(columns, i) {
		delete(m.Columns, RoleAmount) // somebody has to say which
	}
	for _, role := range []Role{RoleAmount, RoleGross, RoleDebit, RoleCredit} {
		if i, ok := m.Columns[role]; ok && m.Currency == "" {
			m.Currency, m.Scale = moneyOf(columns[i])
		}
	}
	return m
}

// proposeAmount leaves either an amount or a debit and a credit. Where nothing names
// either, the last column of numbers with decimals is the amount.
func (m *Mapping) proposeAmount(columns []sheet.Column, used map[int]bool) {
	_, debit := m.Columns[RoleDebit]
	_, credit := m.Columns[RoleCredit]
	_, amount := m.Columns[RoleAmount]
	_, gross := m.Columns[RoleGross]
	_, tax := m.Columns[RoleTax]
	if amount || gross || debit != credit {
		delete(m.Columns, RoleDebit)
		delete(m.Columns, RoleCredit)
	}
	if amount || gross && tax || debit && credit {
		return
	}
	for i, c := range columns {
		if !used[i] && c.IsNumber() && c.Decimal != "" && !isRate(c.Heading) {
			m.Columns[RoleAmount] = i
		}
	}
}

// sameName reports whether another column of numbers has the name of a column.
func sameName(columns []sheet.Column, at int) bool {
	for i, c := range columns {
		if i != at && c.IsNumber() && fold(c.Heading) == fold(columns[at].Heading) {
			return true
		}
	}
	return false
}

// isRate reports whether a heading is of percents: "VAT %", "KM määr".
func isRate(heading string) bool {
	h := strings.ToLower(heading)
	return strings.Contains(h, "%") || strings.Contains(h, "percent") || strings.Contains(h, "määr")
}

// moneyOf is the currency and the scale that a column of amounts names, in its cells or
// in its heading: "Amount (£)", "Funding ($ M)". The dollar alone stands for many.
func moneyOf(c sheet.Column) (code, scale string) {
	code = c.Currency
	for sign, one := range map[string]string{"€": "EUR", "£": "GBP", "EUR": "EUR", "GBP": "GBP", "USD": "USD"} {
		if code == "" && strings.Contains(c.Heading, sign) {
			code = one
		}
	}
	words := strings.FieldsFunc(strings.ToLower(c.Heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words { // amount_gbp; other codes are words too, such as ALL and TOP
		if code == "" && slices.Contains([]string{"eur", "gbp", "usd", "sek", "nok", "dkk", "pln", "chf", "czk", "huf"}, word) {
			code = strings.ToUpper(word)
		}
	}
	switch {
	case slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"m", "mln", "million", "millions", "miljonit", "meur"}, w)
	}):
		scale = "1000000"
	case slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"k", "000", "thousand", "thousands", "tuhat", "tuhandetes"}, w)
	}):
		scale = "1000"
	}
	return code, scale
}

func bestColumn(role Role, columns []sheet.Column, used map[int]bool) (int, bool) {
	for _, word := range headings[role] {
		for i, c := range columns {
			if used[i] || fold(c.Heading) != word || role.IsNumber() && isRate(c.Heading) {
				continue
			}
			if c.Filled > 0 && (role.IsNumber() && !c.IsNumber() || role.IsDay() && !c.IsDay() && c.Order == "" && role != RoleDate) {
				continue
			}
			return i, true
		}
	}
	return 0, false
}

// settle notes how the columns that are used are written, so that the next file of the
// publisher, which may leave it open, is read the same way.
func (m *Mapping) settle(columns []sheet.Column) {
	for _, role := range Roles() {
		i, ok := m.Columns[role]
		if !ok || i >= len(columns) {
			continue
		}
		c := columns[i]
		if role.IsNumber() && c.Decimal != "" && (m.Decimal == "" || !c.AskDecimal) {
			m.Decimal = c.Decimal
		}
		if role.IsDay() && c.Order != "" && c.Order != sheet.Count && (m.Order == "" || !c.AskOrder && m.Order != sheet.Count) {
			m.Order = c.Order
		}
	}
}

// remember keeps a mapping for the next file of the publisher, in the actor's books.
func (m *Mapping) remember(ctx context.Context, tx *db.Tx) error {
	if m.Heading == "" {
		return nil
	}
	const q = `INSERT INTO ledger_mappings (organisation_id, heading, publisher, mapping, changed_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (organisation_id, heading) DO UPDATE SET publisher = excluded.publisher, mapping = excluded.mapping, changed_at = excluded.changed_at`
	if _, err := tx.Exec(ctx, q, tx.Actor.OrgID, m.Heading, clean(m.Publisher, 200), written(m), tx.Now); err != nil {
		return fmt.Errorf("remember a mapping: %w", err)
	}
	return nil
}

// remembered returns the mapping that was kept for tables with a heading; nil for none.
func remembered(ctx context.Context, r db.Reader, org int64, heading string) (*Mapping, error) {
	var texts []string
	if err := r.Select(ctx, &texts, `/* spend.remembered */ SELECT mapping FROM ledger_mappings WHERE organisation_id = ? AND heading = ?`, org, heading); err != nil || len(texts) == 0 {
		return nil, err
	}
	m := &Mapping{}
	read(texts[0], m)
	return m, nil
}
