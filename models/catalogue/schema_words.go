package catalogue

import "strings"

// problemWords words a problem in English, for the command line and the log; those
// of plans have their words in pricing. The pages have their own for every key.
func problemWords(key string) (format string, ok bool) {
	format, ok = map[string]string{
		"answer.by":                "nobody called %q can give answers; want vendor, operator, public, assessor or agency",
		"answer.certificate":       "certificate number %q: want 1 to 100 characters, or no for none",
		"answer.certificate_until": "say until when the certificate is valid",
		"answer.country":           "there is no country %q; want ISO 3166-1 codes like EE",
		"answer.currency":          "%q: name the currency, like 1200 EUR",
		"answer.date":              "%q is no day; want one like 2026-03-05",
		"answer.duration":          "%q: want a whole number of %s",
		"answer.issuer":            "say who issued the certificate",
		"answer.issuer_unwanted":   "only a certificate has an issuer",
		"answer.item_empty":        "the text is empty",
		"answer.item_words":        "%d words; want at most %d",
		"answer.items":             "%d entries; want 1 to %d",
		"answer.language":          "there is no language %q; want ISO 639-1 codes like et",
		"answer.max":               "%s is above %s",
		"answer.min":               "%s is below %s",
		"answer.money":             "%q is no amount; want one like 1200.00 EUR",
		"answer.number":            "%q is no number; want digits with a point, like 99.9",
		"answer.number_unclear":    "%q: the comma may stand for thousands or for decimals; write it with a point, or without",
		"answer.one_value":         "question %q takes one value",
		"answer.option":            "there is no answer %q; want one of %s",
		"answer.places":            "%s has more than %d decimals",
		"answer.proof":             "there is no proof %q; want stated, document or tested",
		"answer.question":          "there is no question %q",
		"answer.unit":              "%q cannot be given in %s",
		"answer.until":             "it ends before it begins on %s",
		"answer.values_unwanted":   "question %q is answered in words, by language, and has no values",
		"answer.when":              "question %q is asked only when %s is %s",
		"answer.words_unwanted":    "question %q is answered with values, not in words",
		"answer.words_wanted":      "question %q is answered in words, by language",
		"answer.yes_no":            "want yes or no, not %q",
		"content.category":         "there is no category %q",
		"content.contact":          "%q is no e-mail address",
		"content.cpv":              "%q is no CPV code; want one like 48190000-6",
		"content.demo_price":       "there is no price that could be a demonstration",
		"content.extra":            "this is not JSON",
		"content.language":         "%q is no language tag; want one like et",
		"content.name":             "the name is missing",
		"content.twice":            "%q is there twice",
		"content.website":          "%q is no web address; want one that begins with https:// or http://",
		"content.words":            "there are no words in the listing's own language %q",
		"document.code":            "%q is no code; want small letters and digits with a hyphen, point or _ between, like iso-27001",
		"document.kind":            "there is no kind of document %q; want certificate, terms, security, accessibility, service_definition, price_list or other",
		"document.content":         "%q is no SHA-256; want 64 hexadecimal digits in small letters",
		"listing.life":             "there is no state %q; want open, closed, suspended or withdrawn",
		"source.title":             "the title is missing",
		"text.characters":          "there are control characters, or it is not UTF-8",
		"text.long":                "%d characters; want at most %d",
		"unit.unknown":             "there is no unit %q",
		"use.phase":                "there is no phase %q; want planned, in_use or ended",
		"use.quantity":             "a quantity is not below 0 and has a unit",
		"use.until":                "it ends before it begins on %s",
	}[key]
	return format, ok
}

// isCountry reports whether code is an ISO 3166-1 alpha-2 code in use.
func isCountry(code string) bool { return inList(code, countryCodes) }

// isLanguage reports whether code is an ISO 639-1 code.
func isLanguage(code string) bool { return inList(code, languageCodes) }

func inList(code, list string) bool {
	return len(code) == 2 && strings.Contains(list, " "+code+" ")
}

const countryCodes = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE" +
	" GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP" +
	" KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF" +
	" NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN" +
	" SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

const languageCodes = " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee" +
	" el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg" +
	" ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv" +
	" ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl" +
	" tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
