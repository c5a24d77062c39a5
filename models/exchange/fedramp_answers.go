package exchange

import (
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// The words of the marketplace for the options of our questions.
var (
	serviceModels = map[string]string{"SaaS": "saas", "PaaS": "paas", "IaaS": "iaas"}
	deployments   = map[string]string{"Public Cloud": "public", "Government Community Cloud": "community", "Hybrid Cloud": "hybrid", "Private Cloud": "private"}
	statuses      = map[string]string{"FedRAMP Authorized": "authorized", "FedRAMP In Process": "in_process", "FedRAMP Ready": "ready"}
	impactLevels  = map[string]string{"LI-SaaS": "li_saas", "Low": "low", "Moderate": "moderate", "High": "high"}
	paths         = map[string]string{"Agency": "agency", "JAB": "jab", "Program": "program"}
	yesNo         = map[string]string{"Yes": catalogue.Yes, "No": catalogue.No}
)

// answers reads what the questions ask. Of an authorised product the marketplace
// has seen the security package and the authorisation letter before it says so:
// those facts count as proved by a document, all others as stated.
func (b *building) answers() {
	authorised, _ := day(b.text("auth_date"))
	proof := catalogue.Stated
	if b.text("status") == "FedRAMP Authorized" {
		proof = catalogue.Document
	}
	b.options("service_model", "service_model", b.texts("service_model"), serviceModels, catalogue.Answer{Proof: catalogue.Stated})
	b.option("deployment_model", "deployment_model", deployments, catalogue.Answer{Proof: catalogue.Stated})
	b.option("status", "fedramp_status", statuses, catalogue.Answer{Proof: proof, Since: b.statusSince(authorised)})
	b.option("impact_level", "fedramp_impact_level", impactLevels, catalogue.Answer{Proof: proof})
	b.option("auth_type", "fedramp_path", paths, catalogue.Answer{Proof: proof})
	b.option("small_business", "small_business", yesNo, catalogue.Answer{Proof: catalogue.Stated})
	if s := b.text("auth_date"); !saysNothing(s) {
		if authorised.IsZero() {
			b.fault(Partial, "auth_date", "exchange.unclear_date", shorten(s))
		} else {
			b.answer("auth_date", catalogue.Answer{Question: "fedramp_authorized", Values: []string{authorised.String()}, Proof: proof})
		}
	}
	if s := b.text("independent_assessor"); !saysNothing(s) {
		b.answer("independent_assessor", catalogue.Answer{Question: "fedramp_assessor", Words: map[string][]string{"en": {s}}, Proof: catalogue.Stated})
	}
	b.inOrder()
}

// statusSince is the day since which a product has the status it has.
func (b *building) statusSince(authorised models.Date) models.Date {
	days := []string{"ready_status"}
	switch b.text("status") {
	case "FedRAMP Authorized":
		return authorised
	case "FedRAMP In Process":
		days = []string{"ip_jab_status", "ip_prog_status", "ip_agency_status", "ip_pmo_status"}
	}
	var since models.Date
	for _, member := range days {
		d, clear := day(b.text(member))
		if !clear {
			b.fault(Partial, member, "exchange.unclear_date", shorten(b.text(member)))
		}
		if since.IsZero() || !d.IsZero() && d.Before(since) {
			since = d
		}
	}
	return since
}

func (b *building) option(member, question string, ids map[string]string, a catalogue.Answer) {
	if s := b.text(member); !saysNothing(s) {
		b.options(member, question, []string{s}, ids, a)
	}
}

// options answers a question with the options that the words stand for. A word that
// stands for none stays in Extra.
func (b *building) options(member, question string, said []string, ids map[string]string, a catalogue.Answer) {
	a.Question = question
	strange := false
	for _, s := range said {
		id, ok := ids[s]
		if !ok {
			strange = true
			b.fault(Partial, member, "exchange.unknown_value", shorten(s))
			continue
		}
		a.Values = once(a.Values, id)
	}
	if len(a.Values) == 0 {
		return
	}
	if q, ok := b.schema.Question(question); ok {
		slices.SortFunc(a.Values, func(x, y string) int { return q.Rank(x) - q.Rank(y) })
	}
	b.answer(member, a)
	b.taken[member] = b.taken[member] && !strange
}

// inOrder puts the answers into the order of the questions.
func (b *building) inOrder() {
	place := map[string]int{}
	for i, q := range b.schema.Questions {
		place[q.ID] = i
	}
	slices.SortStableFunc(b.c.Answers, func(x, y catalogue.Answer) int { return place[x.Question] - place[y.Question] })
}
