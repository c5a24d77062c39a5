package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
)

// CheckAnswer returns [Problems] when a is not a canonical answer to its question,
// or says too little of where it comes from. Whether the question is asked at all
// depends on other answers, and is for [Schema.CheckContent] to say.
func (s *Schema) CheckAnswer(a Answer) error {
	k := checker{schema: s}
	k.answer("", a)
	return k.err()
}

func (k *checker) answer(path string, a Answer) {
	q, ok := k.schema.Question(a.Question)
	if !ok {
		k.add(join(path, "q"), "answer.question", a.Question)
		return
	}
	k.origin(path, a)
	if q.Type == TypeText || q.Type == TypeList {
		k.writing(path, &q, a)
		return
	}
	if len(a.Words) > 0 {
		k.add(join(path, "words"), "answer.words_unwanted", q.ID)
	}
	k.values(path, &q, a.Values)
	k.certificate(path, &q, a)
}

// join puts a field behind a path, which may be empty.
func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

// origin checks who says an answer and how it is proved.
func (k *checker) origin(path string, a Answer) {
	if !slices.Contains([]Said{ByVendor, ByOperator, ByPublic, ByAssessor, ByAgency}, a.By) {
		k.add(join(path, "by"), "answer.by", a.By)
	}
	if !a.Proof.valid() {
		k.add(join(path, "proof"), "answer.proof", a.Proof)
	}
	k.text(join(path, "source"), a.Source, 1000, false)
	k.text(join(path, "issuer"), a.Issuer, 200, false)
	if !a.Since.IsZero() && !a.Until.IsZero() && a.Until.Before(a.Since) {
		k.add(join(path, "until"), "answer.until", a.Since)
	}
}

// writing checks an answer in free words.
func (k *checker) writing(path string, q *Question, a Answer) {
	if len(a.Values) > 0 {
		k.add(join(path, "values"), "answer.values_unwanted", q.ID)
	}
	most := max(q.Items, 1) // a text is one item
	for _, lang := range languages(a.Words) {
		in, items := join(path, "words."+lang), a.Words[lang]
		if !languageShape.MatchString(lang) {
			k.add(in, "content.language", lang)
		}
		if n := len(items); n == 0 || n > most {
			k.add(in, "answer.items", n, most)
		}
		for i, item := range items {
			k.item(fmt.Sprintf("%s[%d]", in, i), q, item)
		}
	}
	if a.Issuer != "" {
		k.add(join(path, "issuer"), "answer.issuer_unwanted")
	}
}

func (k *checker) item(path string, q *Question, item string) {
	n := len(strings.Fields(item))
	if n == 0 {
		k.add(path, "answer.item_empty")
	}
	if n > q.Words {
		k.add(path, "answer.item_words", n, q.Words)
	}
	k.text(path, item, q.Chars, q.Type == TypeText)
}

// values checks the canonical values of an answer; none at all is "unknown".
func (k *checker) values(path string, q *Question, values []string) {
	several := q.Type == TypeMany || q.Type == TypeCountries || q.Type == TypeLanguages
	if len(values) > 1 && !several {
		k.add(join(path, "values"), "answer.one_value", q.ID)
		return
	}
	for i, v := range values {
		at := fmt.Sprintf("values[%d]", i)
		if p := q.wrong(v); p != nil {
			k.add(join(path, at), p.Key, p.Args...)
		}
		if slices.Contains(values[:i], v) {
			k.add(join(path, at), "content.twice", v)
		}
	}
}

// wrong says what is wrong with one canonical value; nil when nothing is.
func (q *Question) wrong(v string) *Problem {
	bad := func(key string, args ...any) *Problem { return &Problem{Key: key, Args: args} }
	switch q.Type {
	case TypeYesNo:
		if v != Yes && v != No {
			return bad("answer.yes_no", v)
		}
	case TypeChoice, TypeOrdered, TypeMany:
		if q.Rank(v) < 0 {
			return bad("answer.option", v, q.optionIDs())
		}
	case TypeNumber, TypePercent, TypeDuration:
		return q.wrongNumber(v)
	case TypeMoney:
		return q.wrongMoney(v)
	case TypeCountries:
		if !isCountry(v) {
			return bad("answer.country", v)
		}
	case TypeLanguages:
		if !isLanguage(v) {
			return bad("answer.language", v)
		}
	case TypeDate:
		if d, err := models.ParseDate(v); err != nil || d.String() != v || v < "1900" || v >= "2200" {
			return bad("answer.date", v)
		}
	case TypeCertificate:
		if strings.TrimSpace(v) != v || v == "" || utf8.RuneCountInString(v) > 100 || !readable(v, false) {
			return bad("answer.certificate", v)
		}
	case TypeDocument:
		if !webAddress(v) {
			return bad("content.website", v)
		}
	}
	return nil
}

func (q *Question) optionIDs() string {
	ids := make([]string, len(q.Options))
	for i, o := range q.Options {
		ids[i] = o.ID
	}
	return strings.Join(ids, ", ")
}

// wrongNumber checks a number, percentage or duration.
func (q *Question) wrongNumber(v string) *Problem {
	d, err := models.ParseDecimal(v)
	if err != nil || d.String() != v {
		return &Problem{Key: "answer.number", Args: []any{v}}
	}
	if d.Places() > q.Places {
		return &Problem{Key: "answer.places", Args: []any{v, q.Places}}
	}
	if q.Type == TypeDuration && d.Sign() < 0 {
		return &Problem{Key: "answer.min", Args: []any{v, "0"}}
	}
	return q.outside(d, v)
}

// outside says that a number is out of the question's range. A percentage is
// between 0 and 100 when the question says nothing else.
func (q *Question) outside(d models.Decimal, v string) *Problem {
	least, most := q.Min, q.Max
	if q.Type == TypePercent {
		zero, hundred := models.Whole(0), models.Whole(100)
		least, most = orDecimal(least, &zero), orDecimal(most, &hundred)
	}
	if least != nil && d.Cmp(*least) < 0 {
		return &Problem{Key: "answer.min", Args: []any{v, *least}}
	}
	if most != nil && d.Cmp(*most) > 0 {
		return &Problem{Key: "answer.max", Args: []any{v, *most}}
	}
	return nil
}

func orDecimal(d, otherwise *models.Decimal) *models.Decimal {
	if d != nil {
		return d
	}
	return otherwise
}

var currencyShape = regexp.MustCompile(`^[A-Z]{3}$`)

// wrongMoney checks an amount like "1200.00 EUR": all decimals of the currency,
// one space, its code.
func (q *Question) wrongMoney(v string) *Problem {
	amount, currency, _ := strings.Cut(v, " ")
	d, err := models.ParseDecimal(amount)
	exact := err == nil && d.Places() <= models.MinorPlaces(currency)
	if !exact || !currencyShape.MatchString(currency) || moneyText(d, currency) != v {
		return &Problem{Key: "answer.money", Args: []any{v}}
	}
	return q.outside(d, v)
}

// moneyText writes an amount the canonical way. It has no more decimals than the
// currency.
func moneyText(d models.Decimal, currency string) string {
	text := d.String()
	if missing := models.MinorPlaces(currency) - d.Places(); missing > 0 {
		if d.Places() == 0 {
			text += "."
		}
		text += strings.Repeat("0", missing)
	}
	return text + " " + currency
}

// certificate checks what only certificates have: who issued them, until when.
func (k *checker) certificate(path string, q *Question, a Answer) {
	held := q.Type == TypeCertificate && a.Known() && !slices.Contains(a.Values, No)
	switch {
	case held && strings.TrimSpace(a.Issuer) == "":
		k.add(join(path, "issuer"), "answer.issuer")
	case !held && a.Issuer != "":
		k.add(join(path, "issuer"), "answer.issuer_unwanted")
	}
	if held && a.Until.IsZero() {
		k.add(join(path, "until"), "answer.certificate_until")
	}
}
