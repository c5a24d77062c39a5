package handlers

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// about is what must be known of what events tell of, to name it.
type about struct {
	services      map[int64]catalogue.Card
	organisations map[int64]identity.Brief
	keys          map[models.Key]int64 // of organisations
	people        map[int64]string
}

// about reads what events tell of, all of them at once.
func (s *Site) about(ctx context.Context, r db.Reader, events []audit.Event) (about, error) {
	b := about{services: map[int64]catalogue.Card{}}
	var offerings, organisations, people []int64
	var keys []models.Key
	for _, e := range events {
		if id, ok := offeringOf(e); ok {
			offerings = append(offerings, id)
		}
		if key, ok := organisationOf(e); ok {
			keys = append(keys, key)
		}
		organisations = append(organisations, e.Organisation)
		people = append(people, accountOf(e), accountIn(e.Subject))
		if m := memberSubject.FindStringSubmatch(e.Subject); m != nil {
			people = append(people, accountIn("account "+m[1]))
		}
	}
	cards, err := catalogue.Cards(ctx, r, offerings)
	if err != nil {
		return b, err
	}
	for _, c := range cards {
		b.services[c.ID] = c
	}
	if b.keys, err = identity.FindIDs(ctx, r, keys); err != nil {
		return b, err
	}
	for _, id := range b.keys {
		organisations = append(organisations, id)
	}
	if b.organisations, err = identity.Briefs(ctx, r, organisations); err != nil || s.People == nil {
		return b, err
	}
	b.people, err = s.People(ctx, people)
	return b, err
}

// offeringOf is the offering that an event is about.
func offeringOf(e audit.Event) (id int64, ok bool) {
	if !strings.HasPrefix(string(e.Action), "offering.") {
		return 0, false
	}
	return catalogue.ParseNumber(e.Subject)
}

// organisationOf is the organisation that an event is about.
func organisationOf(e audit.Event) (key models.Key, ok bool) {
	if !strings.HasPrefix(string(e.Action), "organisation.") {
		return key, false
	}
	key, err := models.ParseKey(e.Subject)
	return key, err == nil
}

// accountOf is the account that did it, 0 for none. Old events tell it in words only.
func accountOf(e audit.Event) int64 {
	if e.Account != 0 {
		return e.Account
	}
	return accountIn(e.Actor)
}

// accountIn reads "account 7".
func accountIn(text string) int64 {
	digits, _ := strings.CutPrefix(text, "account ")
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}

// done words an event. Those who do not administer see nothing of what is personal.
func (w speaker) done(e audit.Event, b about, administers bool) views.Done {
	d := views.Done{Number: w.Number(e.Seq), When: w.Time(e.At), Who: w.who(e, b), What: string(e.Action), Subject: w.subject(e, b)}
	if key := auditActions + string(e.Action); w.Has(key) {
		d.What = w.T(key)
	}
	if o, ok := b.organisations[e.Organisation]; ok {
		d.For = w.briefLink(o)
	} else if e.Organisation != 0 {
		d.For.Text = w.T("audit.organisation_number", w.Number(e.Organisation))
	}
	for _, c := range e.Changes {
		d.Changes = append(d.Changes, w.became(e, c, administers))
	}
	if d.From = e.From; e.FromErased {
		d.From = w.T("audit.erased")
	}
	return d
}

// who names the person, or says what program it was.
func (w speaker) who(e audit.Event, b about) string {
	account := accountOf(e)
	command, isCommand := strings.CutPrefix(e.Actor, "command ")
	token, byToken := strings.CutPrefix(e.Actor, "token ")
	switch {
	case account != 0 && byToken:
		return w.T("audit.who.token", w.person(account, b.people), token)
	case account != 0:
		return w.person(account, b.people)
	case e.Actor == models.Actor{}.Name():
		return w.T("audit.who.visitor")
	case isCommand:
		return w.T("audit.who.command", command)
	default:
		return w.T("audit.who.program", e.Actor)
	}
}

// person is what somebody is called; who is erased has a number only.
func (w speaker) person(account int64, people map[int64]string) string {
	name, known := people[account]
	switch {
	case !known:
		return w.T("audit.who.account", strconv.FormatInt(account, 10))
	case name == "":
		return w.T("audit.who.erased", strconv.FormatInt(account, 10))
	default:
		return name
	}
}

// subject names what was changed, and leads to its page if it has one.
func (w speaker) subject(e audit.Event, b about) views.Link {
	if id, ok := offeringOf(e); ok {
		l := views.Link{Text: e.Subject}
		if c, ok := b.services[id]; ok {
			name, _ := w.nameAndSummary(c.Words)
			l = views.Link{URL: at(w.Tag, servicePath(id, c.Slug)), Text: e.Subject + " " + name.Text, Lang: name.Lang}
		}
		return l
	}
	if key, ok := organisationOf(e); ok {
		if o, ok := b.organisations[b.keys[key]]; ok {
			l := w.briefLink(o)
			l.Text += " (" + e.Subject + ")"
			return l
		}
	}
	if words := w.peopleWords(e.Subject, b.people); words != "" {
		return views.Link{Text: words}
	}
	return views.Link{Text: w.subjectWords(e)}
}

var (
	importSubject     = regexp.MustCompile(`^import (\d+) of (.*)$`)
	memberSubject     = regexp.MustCompile(`^account (\d+) in (\S+)$`)
	invitationSubject = regexp.MustCompile(`^invitation (\d+) (?:to|for) (.+)$`)
	ownedSubject      = regexp.MustCompile(`^(budget|calendar) of organisation \d+$`)
	numberedSubject   = regexp.MustCompile(`^([a-z ]+) (\d+)$`)
)

// numberedSubjects are the messages for what the log names by its kind and its number.
var numberedSubjects = map[string]string{
	"vendor application":     "audit.subject.application",
	"project":                "audit.subject.project",
	"invitation to project":  "audit.subject.pool",
	"subscription":           "audit.subject.subscription",
	"contract import":        "audit.subject.contract_import",
	"ledger batch":           "audit.subject.ledger_batch",
	"ledger name":            "audit.subject.ledger_name",
	"ledger key":             "audit.subject.ledger_key",
	"bill":                   "audit.subject.ledger_bill",
	"ledger of organisation": "audit.subject.ledger_of",
	"saved search":           "audit.subject.saved",
	"system":                 "audit.subject.system",
	"discount rate":          "audit.subject.discount_rate",
	"register import":        "audit.subject.register_import",
	"saved report":           "audit.subject.report",
	"document":               "audit.subject.document",
}

// peopleWords are those for what was done to people; "" for other subjects. The
// person is named where that is known.
func (w speaker) peopleWords(subject string, people map[int64]string) string {
	person := func(digits string) string {
		id, _ := strconv.ParseInt(digits, 10, 64)
		return w.person(id, people)
	}
	if m := memberSubject.FindStringSubmatch(subject); m != nil {
		return w.T("audit.subject.member", person(m[1]), m[2])
	}
	if m := invitationSubject.FindStringSubmatch(subject); m != nil {
		to := m[2]
		if words := w.peopleWords(to, nil); words != "" {
			to = words
		}
		return w.T("audit.subject.invitation", m[1], to)
	}
	if m := numberedSubject.FindStringSubmatch(subject); m != nil && numberedSubjects[m[1]] != "" {
		return w.T(numberedSubjects[m[1]], m[2])
	}
	if m := ownedSubject.FindStringSubmatch(subject); m != nil {
		return w.T("audit.subject." + m[1])
	}
	if id := accountIn(subject); id != 0 {
		return person(strconv.FormatInt(id, 10))
	}
	return ""
}

// subjectWords are those for what has no page.
func (w speaker) subjectWords(e audit.Event) string {
	number, noun, _ := strings.Cut(e.Subject, " ")
	n, err := strconv.ParseInt(number, 10, 64)
	moment, found := strings.CutPrefix(e.Subject, "network addresses before ")
	day, badDay := time.Parse(time.RFC3339, moment)
	m := importSubject.FindStringSubmatch(e.Subject)
	switch {
	case m != nil:
		return w.T("audit.subject.import", m[1], m[2])
	case err == nil && noun == "codes":
		return w.N("audit.subject.codes", n)
	case err == nil && noun == "events":
		return w.N("audit.count", n)
	case found && badDay == nil:
		return w.T("audit.subject.addresses", w.Time(models.Time{Time: day}))
	case e.Subject == identity.SiteSubject:
		return w.T("audit.subject.site_texts")
	case e.Action == audit.Verified:
		return w.T("audit.title")
	default:
		return e.Subject
	}
}

const longValue = 300 // characters of a value that a page shows

// became words a change.
func (w speaker) became(e audit.Event, c audit.Change, administers bool) views.Became {
	name, lang, _ := strings.Cut(c.Field, ".")
	label := name
	if w.Has("audit.field." + name) {
		label = w.T("audit.field." + name)
	}
	if w.Language(lang) == lang { // it is none
		label, lang = strings.TrimSpace(label+" "+lang), ""
	} else {
		label = w.T("change.in_language", label, w.Language(lang))
	}
	v := views.Became{Field: label, Old: views.Words{Text: short(w.held(name, c.Old)), Lang: lang}, New: views.Words{Text: short(w.held(name, c.New)), Lang: lang}}
	switch {
	case c.Person != 0 && !administers:
		v.Hidden = w.T("audit.personal")
	case c.Person != 0 && isErased(e, c.Field):
		v.Hidden = w.T("audit.erased")
	}
	return v
}

func isErased(e audit.Event, field string) bool {
	for _, f := range e.Erased {
		if f == field {
			return true
		}
	}
	return false
}

// short cuts a long text, and shows that it did.
func short(text string) string {
	if utf8.RuneCountInString(text) <= longValue {
		return text
	}
	return string([]rune(text)[:longValue]) + "…"
}
