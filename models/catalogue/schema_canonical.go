package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"pilveturg/models"
)

// Canonical turns what somebody typed into the values of an answer: "jah" into
// "yes", "99,9 %" into "99.9", "2 weeks" into "14" where days are asked for, "ee; FI"
// into "EE" and "FI", "1 200 €" into "1200.00 EUR", "5.03.2026" into "2026-03-05",
// an option's name in any language into its id. Values that are canonical already
// come back as they are, lists of them sorted. "", "unknown" and "teadmata" give no
// values, which means unknown.
//
// It fails with a [Problem] when the text is not clear, the value is not one the
// question takes, or the question is answered in words.
func (s *Schema) Canonical(question, raw string) ([]string, error) {
	q, ok := s.Question(question)
	if !ok {
		return nil, Problem{Key: "answer.question", Args: []any{question}}
	}
	if q.Type == TypeText || q.Type == TypeList {
		return nil, Problem{Key: "answer.words_wanted", Args: []any{q.ID}}
	}
	raw = strings.TrimSpace(raw)
	if slices.Contains([]string{"", "?", "unknown", "teadmata"}, strings.ToLower(raw)) {
		return nil, nil
	}
	values, problem := s.parse(&q, raw)
	for i := 0; i < len(values) && problem == nil; i++ {
		problem = q.wrong(values[i])
	}
	if problem != nil {
		return nil, *problem
	}
	return values, nil
}

// parse reads the values by the type of the question; they may still be out of
// range.
func (s *Schema) parse(q *Question, raw string) ([]string, *Problem) {
	one := func(v string, p *Problem) ([]string, *Problem) { return []string{v}, p }
	switch q.Type {
	case TypeYesNo:
		return one(parseYesNo(raw), nil)
	case TypeChoice, TypeOrdered:
		return one(q.parseOption(raw), nil)
	case TypeMany:
		return q.parseMany(raw)
	case TypeNumber:
		return one(parseNumber(raw))
	case TypePercent:
		return one(parseNumber(trimWord(raw, "%", "percent", "per cent", "protsenti", "protsent")))
	case TypeDuration:
		return one(s.parseDuration(q, raw))
	case TypeMoney:
		return one(parseMoney(raw))
	case TypeCountries:
		return several(codes(raw, strings.ToUpper), nil)
	case TypeLanguages:
		return several(codes(raw, strings.ToLower), nil)
	case TypeDate:
		return one(parseDate(raw), nil)
	case TypeCertificate:
		return one(parseCertificate(raw), nil)
	}
	return one(raw, nil)
}

func parseYesNo(raw string) string {
	switch strings.ToLower(raw) {
	case "yes", "y", "true", "1", "jah":
		return Yes
	case "no", "n", "false", "0", "ei":
		return No
	}
	return raw
}

// parseOption finds an option by its id or its name in any language; what is none
// comes back as it is.
func (q *Question) parseOption(raw string) string {
	for _, o := range q.Options {
		if strings.EqualFold(o.ID, raw) {
			return o.ID
		}
		for _, name := range o.Names {
			if strings.EqualFold(name, raw) {
				return o.ID
			}
		}
	}
	return raw
}

// parseMany reads options with semicolons or line ends between them, or commas
// when none of the names has one.
func (q *Question) parseMany(raw string) ([]string, *Problem) {
	if id := q.parseOption(raw); q.Rank(id) >= 0 {
		return []string{id}, nil
	}
	cut := ",;\n"
	if strings.ContainsAny(raw, ";\n") {
		cut = ";\n"
	}
	var ids []string
	for part := range strings.FieldsFuncSeq(raw, func(r rune) bool { return strings.ContainsRune(cut, r) }) {
		if part = strings.TrimSpace(part); part != "" {
			ids = append(ids, q.parseOption(part))
		}
	}
	return several(ids, func(a, b string) int { return q.Rank(a) - q.Rank(b) })
}

// several puts values in order, and refuses to have none or one of them twice.
func several(values []string, order func(a, b string) int) ([]string, *Problem) {
	if order == nil {
		order = strings.Compare
	}
	slices.SortStableFunc(values, order)
	for i := 1; i < len(values); i++ {
		if values[i] == values[i-1] {
			return nil, &Problem{Key: "content.twice", Args: []any{values[i]}}
		}
	}
	if len(values) == 0 {
		return []string{""}, nil // which is wrong for every type that has several
	}
	return values, nil
}

// codes splits at commas, semicolons and spaces.
func codes(raw string, spell func(string) string) []string {
	return strings.FieldsFunc(spell(raw), func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == ';'
	})
}

var (
	pointNumber = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
	commaNumber = regexp.MustCompile(`^-?\d+,\d+$`)
	unclear     = regexp.MustCompile(`^-?[1-9]\d{0,2},\d{3}$`)
	pointGroups = regexp.MustCompile(`^-?\d{1,3}((,\d{3}){2,}|(,\d{3})+\.\d+)$`)
	commaGroups = regexp.MustCompile(`^-?\d{1,3}((\.\d{3}){2,}|(\.\d{3})+,\d+)$`)
	spaceGroups = regexp.MustCompile(`^-?\d{1,3}( \d{3})+([.,]\d+)?$`)
)

// parseNumber reads a number as people write it in Estonian or English. A point
// stands for decimals, as in canonical numbers; a comma that could also stand for
// thousands is refused.
func parseNumber(raw string) (string, *Problem) {
	s := strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u2009', '\u202f':
			return ' '
		case '\u2212':
			return '-'
		}
		return r
	}, strings.TrimSpace(raw))
	switch {
	case unclear.MatchString(s):
		return "", &Problem{Key: "answer.number_unclear", Args: []any{raw}}
	case pointNumber.MatchString(s):
	case commaNumber.MatchString(s):
		s = strings.Replace(s, ",", ".", 1)
	case pointGroups.MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	case commaGroups.MatchString(s):
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	case spaceGroups.MatchString(s):
		s = strings.Replace(strings.ReplaceAll(s, " ", ""), ",", ".", 1)
	}
	d, err := models.ParseDecimal(s)
	if err != nil {
		return "", &Problem{Key: "answer.number", Args: []any{raw}}
	}
	return d.String(), nil
}

// trimWord takes one of the words off the end.
func trimWord(raw string, words ...string) string {
	for _, w := range words {
		if n := len(raw) - len(w); n >= 0 && strings.EqualFold(raw[n:], w) {
			return strings.TrimSpace(raw[:n])
		}
	}
	return raw
}

// parseDuration reads a whole number with or without a unit of time, and turns it
// into the question's unit when that comes out even.
func (s *Schema) parseDuration(q *Question, raw string) (string, *Problem) {
	digits := strings.TrimRightFunc(raw, func(r rune) bool { return !unicode.IsDigit(r) })
	word := strings.TrimSpace(raw[len(digits):])
	n, problem := parseNumber(digits)
	if problem != nil {
		return "", problem
	}
	if word == "" {
		return n, nil
	}
	from, to := s.timeUnit(word), timeSize(q.Unit)
	size := timeSize(from)
	d, err := models.ParseDecimal(n)
	if err != nil || size.kind != to.kind || size.kind == "" {
		return "", &Problem{Key: "answer.unit", Args: []any{raw, q.Unit}}
	}
	if d, err = d.Mul(models.Whole(size.n)); err == nil {
		d, err = d.Div(models.Whole(to.n), models.MaxPlaces)
	}
	if _, whole := d.Int64(); err != nil || !whole {
		return "", &Problem{Key: "answer.duration", Args: []any{raw, q.Unit}}
	}
	return d.String(), nil
}

// timeUnit returns the id of the unit of time called so in any language.
func (s *Schema) timeUnit(word string) string {
	switch word = strings.ToLower(strings.TrimSuffix(word, ".")); word {
	case "min":
		return "minute"
	case "h", "t":
		return "hour"
	case "d", "p":
		return "day"
	case "week", "weeks", "nädal", "nädalat":
		return "week"
	}
	for _, u := range s.Units {
		if !u.Time {
			continue
		}
		for _, w := range u.Names {
			if word == u.ID || strings.EqualFold(word, w.One) || strings.EqualFold(word, w.Many) {
				return u.ID
			}
		}
	}
	return ""
}

// size tells how long a unit of time is. Months are not so many days.
type size struct {
	kind string
	n    int64 // minutes or months
}

func timeSize(unit string) size {
	switch unit {
	case "minute":
		return size{"minutes", 1}
	case "hour":
		return size{"minutes", 60}
	case "day":
		return size{"minutes", 24 * 60}
	case "week":
		return size{"minutes", 7 * 24 * 60}
	case "month":
		return size{"months", 1}
	case "year":
		return size{"months", 12}
	}
	return size{}
}

var (
	currencyFirst = regexp.MustCompile(`^([A-Za-z]{3}|[€£])\s*(-?[\d\x{2212}].*)$`)
	currencyLast  = regexp.MustCompile(`^(.*\d)\s*([A-Za-z]{3}|[€£])$`)
)

// parseMoney reads an amount with its currency before or behind it.
func parseMoney(raw string) (string, *Problem) {
	var amount, currency string
	if m := currencyLast.FindStringSubmatch(raw); m != nil {
		amount, currency = m[1], m[2]
	} else if m := currencyFirst.FindStringSubmatch(raw); m != nil {
		currency, amount = m[1], m[2]
	} else {
		return "", &Problem{Key: "answer.currency", Args: []any{raw}}
	}
	switch currency {
	case "€":
		currency = "EUR"
	case "£":
		currency = "GBP"
	}
	currency = strings.ToUpper(currency)
	text, problem := parseNumber(amount)
	if problem != nil {
		return "", problem
	}
	d, err := models.ParseDecimal(text)
	if err != nil || d.Places() > models.MinorPlaces(currency) {
		return "", &Problem{Key: "answer.money", Args: []any{raw}}
	}
	return moneyText(d, currency), nil
}

var dayFirst = regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$`)

// parseDate reads "5.03.2026", day first as Estonian has it; other spellings stay
// as they are.
func parseDate(raw string) string {
	m := dayFirst.FindStringSubmatch(raw)
	if m == nil {
		return raw
	}
	two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	return m[3] + "-" + two(m[2]) + "-" + two(m[1])
}

func parseCertificate(raw string) string {
	switch strings.ToLower(raw) {
	case "no", "none", "ei", "puudub":
		return No
	}
	return raw
}
