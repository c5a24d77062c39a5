package currency

import (
	"strings"

	"pilveturg/models"
)

// Euro is the code of the euro.
const Euro = "EUR"

// NoUnits is what [Currency.Units] is of codes that stand for no money with small change:
// metals, test codes, drawing rights.
const NoUnits = -1

// Currency is an entry of ISO 4217.
type Currency struct {
	Code  string
	Units int         // decimals of its small change; NoUnits: it has none
	Ended models.Date // last day on which it was legal tender; zero: it still is
}

// active are the codes that are in use, with two decimals unless others says so.
const active = `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK
DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST
XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA YER ZAR ZMW ZWG`

// others are the codes that do not have two decimals.
var others = map[int]string{
	0:       "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
	3:       "BHD IQD JOD KWD LYD OMR TND",
	4:       "CLF UYW",
	NoUnits: "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA",
}

// ended are currencies that went after the euro came, with their last day as money. Those
// that the euro replaced in cash in 2002 ended, for sums on paper, with 2001.
var ended = map[string]string{
	"ATS": "2001-12-31", "BEF": "2001-12-31", "DEM": "2001-12-31", "ESP": "2001-12-31", "FIM": "2001-12-31", "FRF": "2001-12-31", "GRD": "2001-12-31", "IEP": "2001-12-31", "ITL": "2001-12-31",
	"LUF": "2001-12-31", "NLG": "2001-12-31", "PTE": "2001-12-31", "SIT": "2006-12-31", "CYP": "2007-12-31", "MTL": "2007-12-31", "SKK": "2008-12-31", "EEK": "2010-12-31", "LVL": "2013-12-31",
	"LTL": "2014-12-31", "HRK": "2022-12-31", "BGN": "2025-12-31", "ROL": "2005-06-30", "TRL": "2004-12-31", "ANG": "2025-03-31", "BYR": "2016-12-31", "CUC": "2021-06-30", "MRO": "2017-12-31",
	"STD": "2017-12-31", "SLL": "2023-12-31", "VEB": "2007-12-31", "VEF": "2018-08-31", "ZMK": "2012-12-31", "ZWL": "2024-08-31", "YUM": "2003-07-31", "CSD": "2006-10-31", "AZM": "2005-12-31", "GHC": "2007-12-31",
	"MZM": "2006-06-30", "TMM": "2008-12-31", "SDD": "2007-07-31", "SRG": "2003-12-31", "MGF": "2004-12-31", "AFA": "2003-01-31", "ZWD": "2008-08-31", "ZWR": "2009-06-30",
}

// whole are those of the ended ones that had no small change.
const whole = "BEF BYR ESP ITL LUF MGF PTE TMM TRL"

var table = newTable()

// noCurrency stands for a transaction without a currency.
const noCurrency = "XX" + "X"

func newTable() map[string]Currency {
	t := map[string]Currency{noCurrency: {Code: noCurrency, Units: NoUnits}}
	for _, code := range strings.Fields(active) {
		t[code] = Currency{Code: code, Units: 2}
	}
	for units, codes := range others {
		for _, code := range strings.Fields(codes) {
			t[code] = Currency{Code: code, Units: units}
		}
	}
	for code, last := range ended {
		day, err := models.ParseDate(last)
		if err != nil {
			panic(err) // of the list above
		}
		units := 2
		if strings.Contains(whole, code) {
			units = 0
		}
		t[code] = Currency{Code: code, Units: units, Ended: day}
	}
	return t
}

// Lookup returns the currency with a code.
func Lookup(code string) (Currency, bool) {
	c, ok := table[code]
	return c, ok
}
