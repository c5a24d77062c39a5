package publishing

import (
	"context"
	"net/url"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

// LinkChecker asks for the addresses and returns what is wrong with those that do not
// answer, by address.
type LinkChecker func(ctx context.Context, urls []string) map[string]error

// Checks is what is found about a listing without anybody looking at it.
type Checks struct {
	Links     []string     // addresses that buyers are led to
	Prices    []PriceGap   // what its price plans do not tell
	Claims    []ClaimWord  // words that claim something, in all texts
	Languages []Untold     // texts that only one language has
	Expired   []Expired    // certificates and documents that have run out
	Contact   ContactCheck // whose the mail address for buyers is
}

// PriceGap is something that a plan does not tell.
type PriceGap struct {
	Plan string // its code; "" when there is no plan
	Key  string // a message: "checks.price.vat"
}

// Untold is a text that is there in one language but not in the other.
type Untold struct {
	Field    catalogue.Field
	Question string // of an answer
	Language string // that is missing
}

// Expired is a certificate or a document that has run out.
type Expired struct {
	Question string // of an answer, or
	Document string // code of a document
	Until    models.Date
}

// ContactCheck says how the mail address for buyers goes with the vendor.
type ContactCheck string

// The results of the check.
const (
	ContactNone  ContactCheck = "none"  // there is no address
	ContactOwn   ContactCheck = "own"   // under the vendor's domain
	ContactOther ContactCheck = "other" // under another one
	ContactOpen  ContactCheck = "open"  // nobody knows the vendor's domain
)

// languages that buyers read.
func languagesWanted() []string { return []string{"et", "en"} }

// Automatic looks at the content on the day, without asking for any address. website is
// the vendor's.
func Automatic(schema *catalogue.Schema, c catalogue.Content, website string, day models.Date) Checks {
	return Checks{Links: linksOf(schema, c), Prices: priceGaps(c.Plans), Claims: claimWords(c), Languages: untold(schema, c),
		Expired: expired(schema, c, day), Contact: contactCheck(c.Contact, website)}
}

// linksOf lists the addresses that buyers are led to, each once.
func linksOf(schema *catalogue.Schema, c catalogue.Content) []string {
	var links []string
	add := func(u string) {
		if u != "" && find(links, func(l string) bool { return l == u }) < 0 {
			links = append(links, u)
		}
	}
	add(c.Website)
	for _, p := range c.Documents {
		add(p.URL)
	}
	for _, a := range c.Answers {
		if q, ok := schema.Question(a.Question); ok && q.Type == catalogue.TypeDocument && len(a.Values) == 1 {
			add(a.Values[0])
		}
	}
	for _, s := range c.Sources {
		add(s.URL)
	}
	return links
}

// priceGaps lists what plans do not tell.
func priceGaps(plans []pricing.Plan) []PriceGap {
	if len(plans) == 0 {
		return []PriceGap{{Key: "checks.price.none"}}
	}
	var gaps []PriceGap
	for _, p := range plans {
		add := func(is bool, key string) {
			if is {
				gaps = append(gaps, PriceGap{p.Code, "checks.price." + key})
			}
		}
		paid := p.Kind != pricing.Free
		add(p.Kind == pricing.Request, "request")
		add(paid && p.Kind != pricing.Request && len(p.Charges) == 0, "charges")
		add(paid && p.VAT == nil, "vat")
		add(paid && p.Terms.MinimumMonths == nil, "minimum")
		add(paid && p.Terms.NoticeDays == nil, "notice")
	}
	return gaps
}

// untold lists texts that one of the languages has, and the other not.
func untold(schema *catalogue.Schema, c catalogue.Content) []Untold {
	var list []Untold
	add := func(u Untold, has func(lang string) bool) {
		for i, lang := range languagesWanted() {
			if other := languagesWanted()[1-i]; !has(lang) && has(other) {
				u.Language = lang
				list = append(list, u)
			}
		}
	}
	add(Untold{Field: catalogue.FieldName}, func(l string) bool { return c.Words[l].Name != "" })
	add(Untold{Field: catalogue.FieldSummary}, func(l string) bool { return c.Words[l].Summary != "" })
	add(Untold{Field: catalogue.FieldDescription}, func(l string) bool { return c.Words[l].Description != "" })
	for _, a := range c.Answers {
		if len(a.Words) > 0 {
			add(Untold{Field: catalogue.FieldAnswer, Question: a.Question}, func(l string) bool { return len(a.Words[l]) > 0 })
		}
	}
	return list
}

// expired lists the certificates and documents that have run out before the day.
func expired(schema *catalogue.Schema, c catalogue.Content, day models.Date) []Expired {
	var list []Expired
	for _, a := range c.Answers {
		q, _ := schema.Question(a.Question)
		if q.Type == catalogue.TypeCertificate && a.Known() && !a.Until.IsZero() && a.Until.Before(day) {
			list = append(list, Expired{Question: a.Question, Until: a.Until})
		}
	}
	for _, p := range c.Documents {
		if !p.ValidUntil.IsZero() && p.ValidUntil.Before(day) {
			list = append(list, Expired{Document: p.Code, Until: p.ValidUntil})
		}
	}
	return list
}

// contactCheck compares the domain of a mail address with that of the vendor's website.
func contactCheck(mail, website string) ContactCheck {
	if mail == "" {
		return ContactNone
	}
	u, err := url.Parse(website)
	if err != nil || u.Hostname() == "" {
		return ContactOpen
	}
	_, domain, _ := strings.Cut(identity.FoldMail(mail), "@")
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if domain == host || strings.HasSuffix(domain, "."+host) || strings.HasSuffix(host, "."+domain) {
		return ContactOwn
	}
	return ContactOther
}
