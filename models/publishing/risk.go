package publishing

import (
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
)

// RiskKind names why a change waits for a moderator.
type RiskKind string

// The kinds of risk.
const (
	NewService   RiskKind = "new_service"
	PriceUp      RiskKind = "price_up"      // some buyer would pay more, or be bound more
	DataLocation RiskKind = "data_location" // where data are, and who reaches them
	Certificate  RiskKind = "certificate"   // one that is new, or says something else
	Claim        RiskKind = "claim"         // what buyers decide by, and nobody has shown yet
	Suspended    RiskKind = "suspended"     // the operator suspended the offering
)

// RiskKinds are all of them, in the order in which they are shown.
func RiskKinds() []RiskKind {
	return []RiskKind{NewService, Suspended, PriceUp, DataLocation, Certificate, Claim}
}

// Risk is one reason why a change waits. What it is about is told by one of the fields
// after the kind; none of them for the listing as a whole.
type Risk struct {
	Kind     RiskKind       `json:"kind"`
	Plan     string         `json:"plan,omitempty"`     // code of a price plan
	Charge   string         `json:"charge,omitempty"`   // code of one of its charges
	What     pricing.RiseOf `json:"what,omitempty"`     // of the plan or charge is worse
	Question string         `json:"question,omitempty"` // of an answer
	Document string         `json:"document,omitempty"` // code of a document
	Word     string         `json:"word,omitempty"`     // that claims something, as it is written …
	Language string         `json:"language,omitempty"` // … in this language
}

// Risks returns why the change from base to content waits; none: it is harmless. A base
// without words is no listing: the service is new.
//
// Harmless are texts, contacts, categories, lower prices and whatever says less than
// before. What waits is a price that rises
// for any quantity ([pricing.Rises]) and what binds a buyer more; where data are;
// certificates; and claims: an answer that is new or better to a question about
// security, accessibility or standards, to one that every vendor answers or whose
// answer buyers want to see proved, and words such as "best".
func Risks(base, content catalogue.Content, schema *catalogue.Schema) []Risk {
	if len(base.Words) == 0 {
		return []Risk{{Kind: NewService}}
	}
	var risks []Risk
	for _, r := range pricing.Rises(base.Plans, content.Plans) {
		risks = append(risks, Risk{Kind: PriceUp, Plan: r.Plan, Charge: r.Charge, What: r.What})
	}
	for _, q := range schema.Questions {
		if kind := answerRisk(&q, answerTo(base, q.ID), answerTo(content, q.ID)); kind != "" {
			risks = append(risks, Risk{Kind: kind, Question: q.ID})
		}
	}
	for _, p := range content.Documents {
		if newCertificate(base, p) {
			risks = append(risks, Risk{Kind: Certificate, Document: p.Code})
		}
	}
	for _, w := range newClaims(base, content) {
		risks = append(risks, Risk{Kind: Claim, Word: w.Word, Language: w.Language, Question: w.Question})
	}
	return risks
}

func answerTo(c catalogue.Content, question string) catalogue.Answer {
	i := find(c.Answers, func(a catalogue.Answer) bool { return a.Question == question })
	if i < 0 {
		return catalogue.Answer{}
	}
	return c.Answers[i]
}

// newCertificate reports whether a document is a certificate that base does not have
// just so.
func newCertificate(base catalogue.Content, p catalogue.Paper) bool {
	if p.Kind != catalogue.PaperCertificate {
		return false
	}
	i := find(base.Documents, func(b catalogue.Paper) bool { return b.Code == p.Code })
	return i < 0 || base.Documents[i].URL != p.URL || base.Documents[i].File != p.File || base.Documents[i].ValidUntil != p.ValidUntil || base.Documents[i].Issued != p.Issued ||
		base.Documents[i].Kind != p.Kind || base.Documents[i].Text != p.Text || !slices.Equal(base.Documents[i].Answers, p.Answers)
}

// answerRisk says why it waits that an answer becomes another one; "" when it does not.
func answerRisk(q *catalogue.Question, old, new catalogue.Answer) RiskKind {
	same := slices.Equal(old.Values, new.Values) && sameWords(old.Words, new.Words)
	switch {
	case q.Type == catalogue.TypeCertificate:
		held := new.Known() && new.Values[0] != catalogue.No
		if held && (!same || old.Issuer != new.Issuer || old.Until != new.Until) {
			return Certificate
		}
		return ""
	case same:
		return ""
	case dataQuestion(q.ID):
		return DataLocation
	case binds(q.ID) != 0:
		if worse(q, old, new) {
			return PriceUp
		}
		return ""
	case new.Known() && claims(q) && better(q, old, new):
		return Claim
	}
	return ""
}

func sameWords(a, b map[string][]string) bool {
	if len(a) != len(b) {
		return false
	}
	for lang := range a {
		if !slices.Equal(a[lang], b[lang]) {
			return false
		}
	}
	return true
}

// dataQuestion reports whether a question asks where data are, or who reaches them.
func dataQuestion(id string) bool {
	return id == "data_countries" || id == "access_countries" || id == "sub_processors"
}

// binds says which way an answer binds a buyer more: 1 for more of it, -1 for less, 0
// when it is none of the conditions of a purchase.
func binds(id string) int {
	switch id {
	case "minimum_term", "notice_days", "auto_renewal", "exit_cost", "exit_days", "start_days", "tailoring_price":
		return 1
	case "price_notice", "payment_days":
		return -1
	}
	return 0
}

// worse reports whether a condition of a purchase binds a buyer more than before. What
// was not known was no promise; what is not known any more is one that is taken back.
func worse(q *catalogue.Question, old, new catalogue.Answer) bool {
	if !new.Known() {
		return old.Known()
	}
	if q.Type == catalogue.TypeYesNo {
		return new.Values[0] == catalogue.Yes
	}
	a, b := figure(old), figure(new)
	if a == nil || b == nil || currency(old) != currency(new) {
		return old.Known()
	}
	return b.Cmp(*a)*binds(q.ID) > 0
}

// figure is the number of an answer, with which a currency may stand.
func figure(a catalogue.Answer) *models.Decimal {
	if len(a.Values) == 0 {
		return nil
	}
	amount, _, _ := strings.Cut(a.Values[0], " ")
	d, err := models.ParseDecimal(amount)
	if err != nil {
		return nil
	}
	return &d
}

// currency is that of an amount of money, "" for other answers.
func currency(a catalogue.Answer) string {
	if len(a.Values) == 0 {
		return ""
	}
	_, code, _ := strings.Cut(a.Values[0], " ")
	return code
}

// claims reports whether buyers decide by answers to the question.
func claims(q *catalogue.Question) bool {
	switch q.Section {
	case "security", "accessibility", "standards":
		return q.Type != catalogue.TypeText
	}
	return q.Required || q.Proof != ""
}

// better reports whether a known answer says more for the service than before.
func better(q *catalogue.Question, old, new catalogue.Answer) bool {
	switch q.Type {
	case catalogue.TypeYesNo:
		return old.Known() || new.Values[0] == catalogue.Yes || q.ID == "learns_from_data"
	case catalogue.TypeOrdered:
		was := 0 // the lowest claims nothing
		if old.Known() {
			was = q.Rank(old.Values[0])
		}
		return q.Rank(new.Values[0]) > was
	case catalogue.TypeMany, catalogue.TypeCountries, catalogue.TypeLanguages:
		return slices.ContainsFunc(new.Values, func(v string) bool { return !slices.Contains(old.Values, v) })
	case catalogue.TypeNumber, catalogue.TypePercent, catalogue.TypeDuration, catalogue.TypeMoney:
		a, b := figure(old), figure(new)
		if a == nil || b == nil || currency(old) != currency(new) {
			return true
		}
		return b.Cmp(*a)*q.Better() >= 0
	}
	return true
}

// kindsOf lists the kinds of risks, each once.
func kindsOf(risks []Risk) []string {
	var kinds []string
	for _, r := range risks {
		if !slices.Contains(kinds, string(r.Kind)) {
			kinds = append(kinds, string(r.Kind))
		}
	}
	return kinds
}

func hasKind(risks []Risk, k RiskKind) bool {
	return slices.ContainsFunc(risks, func(r Risk) bool { return r.Kind == k })
}
