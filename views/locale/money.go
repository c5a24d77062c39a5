package locale

import (
	"strings"

	"pilveturg/models"
)

// signs are the currency signs every reader here knows; others show their code.
var signs = map[string]string{"EUR": "€", "GBP": "£", "USD": "$"}

// Money writes an amount the way the language does: "12 345,67 €", "€12,345.67".
func (l *Locale) Money(m models.Money) string { return l.UnitPrice(m.Decimal(), m.Currency) }

// UnitPrice writes a price with as many decimals as it has, and no fewer than
// the currency's own: "0,045 €", "29,00 €".
func (l *Locale) UnitPrice(d models.Decimal, currency string) string {
	canonical, negative := strings.CutPrefix(d.String(), "-")
	return l.amount(negative, l.decimal(canonical, models.MinorPlaces(currency)), currency)
}

// amount puts the sign of the currency and the minus where the language has them.
func (l *Locale) amount(negative bool, number, currency string) string {
	sign, known := signs[currency]
	switch {
	case currency == "":
	case !l.format.signFirst && known:
		number += "\u00a0" + sign
	case !l.format.signFirst:
		number += "\u00a0" + currency
	case known:
		number = sign + number
	default:
		number = currency + "\u00a0" + number
	}
	return l.signed(negative, number)
}

// Exact writes an exact amount with all the decimals it has, and no fewer than the
// currency's own: "20,52022672899 USD". Without a currency it is a number: "25".
func (l *Locale) Exact(e models.Exact, currency string) string {
	canonical, negative := strings.CutPrefix(e.String(), "-")
	places := 0
	if currency != "" {
		places = models.MinorPlaces(currency)
	}
	return l.amount(negative, l.decimal(canonical, places), currency)
}

// Rounded writes an exact amount rounded to the small change of its currency, for totals
// whose every decimal is in a file beside them.
func (l *Locale) Rounded(e models.Exact, currency string) string {
	if short, err := e.Round(models.MinorPlaces(currency)); err == nil {
		e = short
	}
	return l.Exact(e, currency)
}
